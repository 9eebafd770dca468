"""The bound that both steps of EM climb, for every model of ours."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from em._arrays import Array, as_floats, described
from em.fits import Step


def lower_bound(
    model: Any,
    data: Any,
    responsibilities: ArrayLike | Step[Any, Any],
    params: Any,
) -> float:
    """Return F(r, θ) = Σ_i Σ_k r_ik (log p(x_i, k | θ) − log r_ik).

    It is never above the log-likelihood of θ, whatever the responsibilities,
    and equals it where they are the E-step's (Neal & Hinton 1998, where
    F = −free energy).

    Parameters
    ----------
    model
        A mixture (it has a `log_joint`), or a model with an
        `expected_log_joint`.
    data, params
        What the model takes.
    responsibilities
        Shape (n, k), each row adding up to 1; or, for any model, the
        `em.Step` at which the bound is to touch: see `touching`.

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
    if not hasattr(model, "log_joint"):
        return touching(model, data, responsibilities, params)
    if isinstance(responsibilities, Step):
        responsibilities = responsibilities.posterior
    data, params = checked(model, data, params)
    with np.errstate(divide="ignore"):  # log 0 is −∞
        log_joint = model.log_joint(data, params)
    r = shared_out(responsibilities, log_joint.shape)
    given = r > 0  # a share of 0 adds 0, also where its logarithm is −∞
    return float((r[given] * (log_joint[given] - np.log(r[given]))).sum())


def touching(model: Any, data: Any, step: object, params: Any) -> float:
    """Return the bound that touches the log-likelihood at `step`.

    F(θ) = log L(θ') + Q(θ | θ') − Q(θ' | θ'), where θ' are the parameters of
    the step, and Q(θ | θ') is the average of log p(x, z | θ) over what is
    hidden, z, given x and θ'. (Dempster, Laird & Rubin 1977, section 3: the
    entropy of z does not depend on θ.) Raises what `lower_bound` raises.
    """
    if not hasattr(model, "expected_log_joint"):
        raise TypeError(
            f"the model is {getattr(model, '__name__', repr(model))}: expected "
            "one with a log_joint, such as em.models.coins, or an "
            "expected_log_joint"
        )
    if not isinstance(step, Step):
        raise TypeError(
            f"the responsibilities are a {described(step)}: where a model has "
            "no log_joint, expected a whole em.Step"
        )
    data, params = checked(model, data, params)
    before, after = (
        model.expected_log_joint(data, step.posterior, at)
        for at in (step.params, params)
    )
    return float(step.log_likelihood + after - before)


def checked(model: Any, data: Any, params: Any) -> tuple[Any, Any]:
    """Return data and parameters, checked if the model has a `check`."""
    check = getattr(model, "check", lambda *both: both)
    found: tuple[Any, Any] = check(data, params)
    return found


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
