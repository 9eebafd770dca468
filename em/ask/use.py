"""What a fit is good for: new data, draws, and criteria to choose by.

The names are those of scikit-learn and hmmlearn. Where a fit is expected,
parameters do as well, unless its log-likelihood is asked for.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

from em.ask.free import free_directions
from em.door import validation
from em.door.admit import admit
from em.door.passes import Map
from em.door.whole import whole
from em.fits import Fit, expect_fit
from em.model import Data, Model, Params, Posterior
from em.numbers.arrays import Array, generator
from em.numbers.parameters import Parameters
from em.offers import Offers
from em.problem import Problem


def predict_proba(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior] | Params,
) -> Array:
    """Return the responsibilities for new data, shape (n, k).

    Of a hidden Markov model, the probability of each state at each time.
    Raises what the model's `check` raises, TypeError for a model whose hidden
    part is no label, and ValueError for what no component can have made.
    """
    problem = of_new_data(model, data, fit)
    posterior = problem.e_step(problem.start).posterior
    smoothed = getattr(posterior, "smoothed", None)
    if problem.model.log_joint is None and smoothed is None:
        raise TypeError(
            f"{problem.model.name} has no components: expected a model with a "
            "log_joint, such as em.models.normals, or with states"
        )
    return np.asarray(posterior if smoothed is None else smoothed)


def predict(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior] | Params,
) -> Array:
    """Return the most probable component of each observation, shape (n,).

    Of a hidden Markov model, the most probable state at each time; the most
    probable path is `em.hmm.viterbi`'s. Raises what `predict_proba` raises.
    """
    found: Array = predict_proba(model, data, fit).argmax(axis=1)
    return found


def score_samples(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior] | Params,
) -> Array:
    """Return the log-density of each new observation, shape (n,), in nats.

    −∞ for what no component can have made. Raises what the model's `check`
    raises, and TypeError for a model without a `log_joint`.
    """
    problem = of_new_data(model, data, fit)
    if problem.model.log_joint is None:
        raise TypeError(
            f"{problem.model.name} has no density for each observation: "
            "expected a model with a log_joint, such as em.models.normals"
        )
    with np.errstate(all="ignore"):  # log 0 is −∞
        logs = problem.model.log_joint(problem.data, problem.start)
        found: Array = np.logaddexp.reduce(logs, axis=1)
    return found


def sample(
    model: Model[Data, Params, Posterior],
    fit: Fit[Params, Posterior] | Params,
    *how_many: object,
    seed: int | np.random.Generator = 0,
) -> tuple[object, object]:
    """Return data drawn from a fit, and what was hidden.

    `how_many` is what the model's own `sample` takes between parameters and
    generator: for most models, a number. Raises TypeError for a model without
    a `sample`, and ValueError for a number that is not whole, or below 0.
    """
    draw = Offers.of(model).sample
    if draw is None:
        raise TypeError(f"{Offers.of(model).name} has no sample")
    if how_many and isinstance(how_many[0], numbers.Real):
        validation.counts(how_many[:1], "how_many")
    drawn: tuple[object, object] = draw(
        params_of(fit), *how_many, generator(seed)
    )
    return drawn


def n_parameters(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior],
    *,
    fixed: str | Iterable[str] = (),
    map: Map | None = None,
    **options: object,
) -> int:
    """Return how many numbers a fit chose.

    Of shares that sum to 1 all but one, of a covariance one half, of those
    that an option ties one, and none that is held, or at a floor. Takes what
    `em.fit` was given.
    """
    expect_fit(fit)
    problem: Problem[Params, Posterior] = admit(
        model, data, fit.params, options, fixed=fixed, map=map
    )
    answers = [step.params for step in fit.steps[1:]] or [problem.start]
    to = Parameters(model, problem.start, problem.held, answers)
    return int(free_directions(problem, to).shape[1])


def aic(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior],
    **given: Any,
) -> float:
    """Return Akaike's criterion, 2 p − 2 log L: the smaller, the better.

    p is that of `n_parameters`, which takes the same.
    """
    p = n_parameters(model, data, fit, **given)
    return 2 * p - 2 * fit.log_likelihood


def bic(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior],
    *,
    n: float | None = None,
    **given: Any,
) -> float:
    """Return Schwarz's criterion, p log n − 2 log L: the smaller, the better.

    p is that of `n_parameters`, which takes the same; n, how many observations
    there are, has to be said where data do not tell: with sample_weights, of
    reads, pixels, pieces. (mclust's BIC is this with the sign changed.)
    """
    p = n_parameters(model, data, fit, **given)
    n = n_observations(model, data, fit) if n is None else n
    return p * float(np.log(n)) - 2 * fit.log_likelihood


def n_observations(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior],
) -> float:
    """Return how many observations there are, or raise ValueError."""
    problem = of_new_data(model, data, fit)
    if problem.model.log_joint is not None:
        return len(score_samples(model, data, fit))
    if isinstance(problem.data, np.ndarray):
        return len(problem.data)
    weights = getattr(problem.data, "weights", None)
    if weights is None:
        raise ValueError("n: expected how many observations there are")
    return float(weights.sum())


def of_new_data(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior] | Params,
) -> Problem[Params, Posterior]:
    """Return new data beside what was found, both checked at the door."""
    return whole(Offers.of(model), data, params_of(fit), {}, of_many=True)


def params_of(fit: Fit[Params, Any] | Params) -> Params:
    """Return the parameters of a fit, or those that were given."""
    return fit.params if isinstance(fit, Fit) else fit
