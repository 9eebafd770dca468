"""The bound that both steps of EM climb, for every model of ours."""

from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from em.ask.expectation import entropy, over, q
from em.fits import Step
from em.model import Params, Posterior
from em.numbers.arrays import Array, as_floats, described
from em.offers import Offers


def lower_bound(
    model: object,
    data: object,
    responsibilities: ArrayLike | Step[Params, Posterior],
    params: Params,
) -> float:
    """Return F(r, θ) = Σ_i Σ_k r_ik (log p(x_i, k | θ) − log r_ik).

    It is never above the log-likelihood of θ, whatever the responsibilities,
    and equals it where they are the E-step's (Neal & Hinton 1998, where
    F = −free energy). Given a step of any model, it is the bound that touches
    the log-likelihood at θ', the parameters of the step: F(θ) = log L(θ') +
    Q(θ | θ') − Q(θ' | θ'). (Dempster, Laird & Rubin 1977, section 3: the
    entropy of z does not depend on θ.)

    Parameters
    ----------
    model
        A mixture (it has a `log_joint`), or a model with an
        `expected_log_joint`.
    data, params
        What the model takes.
    responsibilities
        Shape (n, k), each row adding up to 1; or, for any model, the
        `em.Step` at which the bound is to touch.

    Returns
    -------
    float
        In nats; −∞ where a share is given to a component that cannot have
        made the observation.

    Raises
    ------
    TypeError
        For what is no such model, or data that it refuses.
    ValueError
        For bad values, or shares that do not sum to 1.
    """
    offers = Offers.read(model)
    q(offers, data)  # raises TypeError for a model that has none
    log_joint = offers.log_joint
    step = responsibilities if isinstance(responsibilities, Step) else None
    if not (step or log_joint):
        raise TypeError(
            f"the responsibilities are a {described(responsibilities)}: where "
            "a model has no log_joint, expected a whole em.Step"
        )
    if step:
        # Of this model, or its parameters are not what `check` expects.
        offers.check(data, step.params)
    data, params = offers.check(data, params)
    if log_joint:
        with np.errstate(all="ignore"):  # log 0 is −∞
            logs = log_joint(data, params)
        r = shared_out(step.posterior if step else responsibilities, logs.shape)
        return over(r, logs) + entropy(r)
    expected = q(offers, data)
    at = cast("Step[Params, Posterior]", step)
    gain = expected(at.posterior, params) - expected(at.posterior, at.params)
    return at.log_likelihood + gain


def shared_out(responsibilities: object, shape: tuple[int, ...]) -> Array:
    """Return shares, if each row of them is one whole.

    Raises ValueError for another shape, a share below 0 (or NaN), and for a
    row that does not sum to 1.
    """
    shares = as_floats(responsibilities, "responsibilities")
    if shares.shape != shape:
        raise ValueError(
            f"responsibilities have shape {shares.shape}: expected {shape}"
        )
    good = (shares >= 0).all(axis=1)
    if not good.all():
        row = int(np.argmin(good))
        raise ValueError(
            f"responsibilities[{row}] is {shares[row]}: expected shares, "
            "none below 0"
        )
    sums = shares.sum(axis=1)
    whole = np.abs(sums - 1) <= 1e-9
    if not whole.all():
        row = int(np.argmin(whole))
        raise ValueError(
            f"responsibilities[{row}] sum to {sums[row]:.12g}: expected 1"
        )
    return shares
