"""The whole algorithm, once: E-step and M-step in turn, until they converge."""

import warnings
from collections.abc import Callable, Iterable, Iterator

from numpy.typing import ArrayLike

from em._admission import Guarded, admit
from em._arrays import Array
from em._prior import Prior
from em.acceleration import check_scheme, jumping
from em.convergence import check_rule, converged, last_change, refuse_fall
from em.errors import NotConvergedWarning
from em.fits import Fit, Step
from em.model import Data, Model, Params, Posterior, with_values
from em.pieces import Map, in_pieces


def alternate(
    model: Model[Data, Params, Posterior],
    data: Data,
    params: Params,
    held: dict[str, Array],
    options: dict[str, object],
) -> Iterator[Step[Params, Posterior]]:
    """Yield the step at `params`, then one step after another, without end."""
    while True:
        posterior, log_likelihood = model.e_step(data, params)
        yield Step(params, posterior, log_likelihood)
        params = model.m_step(data, posterior, **options)
        params = with_values(params, held)


def run(
    model: Model[Data, Params, Posterior],
    data: object,  # what the model's `check` makes Data of
    start: Params,
    *,
    fixed: str | Iterable[str] = (),
    sample_weights: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    prior: Prior | None = None,
    map: Map | None = None,
    **options: object,
) -> Iterator[Step[Params, Posterior]]:
    """Return an iterator over the steps of EM, from the start, without end.

    Takes what `fit` takes, and raises what `fit` raises, but for FellError.
    """
    model = in_pieces(model, map)
    admitted = admit(
        model, data, start, fixed, sample_weights, options, labels, prior
    )
    return (priced(admitted[0], step) for step in alternate(*admitted))


def priced(
    model: Guarded[Data, Params, Posterior], step: Step[Params, Posterior]
) -> Step[Params, Posterior]:
    """Return the step, told how much of its height is the prior's."""
    step.log_prior = model.log_prior(step.params)
    return step


def fit(
    model: Model[Data, Params, Posterior],
    data: object,  # what the model's `check` makes Data of
    start: Params,
    *,
    tol: float = 1e-8,
    max_iter: int = 1_000,
    until: Callable[[list[Step[Params, Posterior]]], bool] | None = None,
    fixed: str | Iterable[str] = (),
    sample_weights: ArrayLike | None = None,
    labels: ArrayLike | None = None,
    prior: Prior | None = None,
    map: Map | None = None,
    accelerate: str | None = None,
    **options: object,
) -> Fit[Params, Posterior]:
    """Run until the parameters and the log-likelihood stop moving.

    Parameters
    ----------
    model
        A module such as `em.models.coins`, or anything else with an `e_step`
        and an `m_step`: see `em.Model`.
    data, start
        What the model takes.
    tol
        Stop after a step that raised the log-likelihood by no more than
        `tol`, moved no parameter by more than this share of the largest of
        its kind, and in which none that cannot be negative went on growing
        by more than this share of itself. It says that the steps have become
        small, not how far the limit is: with a rate of 0.99, a hundred times
        the last step.
    max_iter
        Warn, and return, after so many steps.
    until
        A rule of your own in place of `tol`, given all steps so far.
    fixed
        Names of parameters to leave as they are in `start`.
    sample_weights
        How often each observation counts, shape (n,), not below 0: once
        unless given. The same as repeating observations.
    labels
        For a mixture: which component made each observation, shape (n,),
        counted from 0, and -1 where that is unknown. What is climbed is then
        log p(data, known labels).
    prior
        What to count beside the data, such as `em.priors.CoinsPrior`. EM
        climbs to the maximum of log-likelihood + log prior then (MAP): the
        heights of the steps never fall, and the rule is about them.
    map
        How to go through data in pieces, and the sign that `data` are pieces:
        Python's own `map`, that of an executor, or `em.cluster.over(client)`.
        Pieces are a list of arrays, for instance, or a function that yields
        them; every step goes through them all. The posterior of each step is
        then what they add up to.
    accelerate
        "anderson" or "squarem": after each step of EM, or every two, try a
        jump to where they seem to lead. One that would lower the likelihood
        is refused. `Fit.evaluations` counts those, too.
    **options
        Passed to the model's `m_step`: `min_std=0.1`, for instance.

    Returns
    -------
    Fit
        Every step, and whether the last of them met the rule.

    Raises
    ------
    TypeError, ValueError
        For input that the model refuses.
    CollapsedError
        If a component has nothing left to be estimated from.
    FellError
        If the log-likelihood (+ log prior) falls by more than rounding.
    NotFiniteError
        If it, or a parameter, stops being a finite number.

    Warns
    -----
    NotConvergedWarning
        If `max_iter` steps are not enough.
    """
    check_rule(tol, max_iter)
    check_scheme(accelerate)
    done = until or (lambda steps: converged(steps, tol))
    model = in_pieces(model, map)
    admitted = admit(
        model, data, start, fixed, sample_weights, options, labels, prior
    )
    guarded, checked, *_ = admitted
    if accelerate is None:
        steps_of = alternate(*admitted)
    else:
        steps_of = jumping(accelerate, tol, *admitted)

    def again(params: Params) -> Posterior:
        return guarded.e_step(checked, params)[0]

    steps: list[Step[Params, Posterior]] = []
    for step in steps_of:
        priced(guarded, step).again = again
        # A start need not keep to the options, such as a floor; later steps do.
        if len(steps) > bool(options):
            refuse_fall(len(steps), guarded, checked, steps[-1], step)
        if steps:
            steps[-1].forget()
        steps.append(step)
        if len(steps) > 1 and done(steps):
            return Fit(steps, converged=True)
        if len(steps) > max_iter:
            break
    warnings.warn(
        f"not converged after {max_iter} steps: the last one changed a "
        f"parameter by {last_change(steps):.3g} of its size (tol = {tol:.3g})",
        NotConvergedWarning,
        stacklevel=2,
    )
    return Fit(steps, converged=False)
