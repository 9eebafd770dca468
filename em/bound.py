"""The bound that both steps of EM climb, for every model of ours."""

from typing import Any

import numpy as np
from scipy.special import xlogy

from em.algorithm import Step


def bound(model: Any, data: Any, responsibilities: Any, params: Any) -> float:
    """Give the bound F(r, θ) = Σ_i Σ_k r_ik (log(π_k p(x_i | θ_k)) − log r_ik).

    It is never above the log-likelihood of θ, whatever the responsibilities,
    shape (n, k), and equals it where they are the E-step's (Neal & Hinton
    1998, section 3, where F = −free energy). It is −∞ where a share is given
    to a component that cannot have made the observation. Where what is hidden
    is no label, give the step at which it is to touch: see `touching`.

    Raises TypeError for what is no model, for data that the model refuses,
    ValueError for bad values or shares that do not sum to 1.
    """
    if not hasattr(model, "log_joint"):
        return touching(model, data, responsibilities, params)
    log_joint = model.log_joint(*model.check(data, params))
    shares = shared_out(responsibilities, log_joint.shape)
    # A share of 0 adds 0, also where its logarithm is −∞.
    possible = np.where(shares > 0, log_joint, 0)
    return float((shares * possible - xlogy(shares, shares)).sum())


def touching(model: Any, data: Any, step: Any, params: Any) -> float:
    """Give the bound that touches the log-likelihood at `step`, for any model.

    F(θ) = log L(θ') + Q(θ | θ') − Q(θ' | θ'), where θ' are the parameters of
    the step, and Q(θ | θ') is the average of log p(x, z | θ) over what is
    hidden, z, given x and θ'. (Dempster, Laird & Rubin 1977, section 3: the
    entropy of z does not depend on θ.) Raises what `bound` raises.
    """
    if not hasattr(model, "expected_log_joint"):
        raise TypeError(
            f"the model is {getattr(model, '__name__', repr(model))}: expected "
            "one with log_joint, such as em.models.coins, or expected_log_joint"
        )
    if not isinstance(step, Step):
        raise TypeError(
            f"the responsibilities are a {type(step).__name__}: for "
            f"{model.__name__}, expected a whole em.Step"
        )
    data, params = model.check(data, params)
    before, after = (
        model.expected_log_joint(data, step.responsibilities, at)
        for at in (step.params, params)
    )
    return float(step.log_likelihood + after - before)


def shared_out(responsibilities: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Give shares, or those of a step, if each row of them is one whole.

    Raises ValueError for another shape, a share below 0 (or NaN), and for a
    row that does not sum to 1.
    """
    if isinstance(responsibilities, Step):
        responsibilities = responsibilities.responsibilities
    shares = np.asarray(responsibilities, dtype=float)
    if shares.shape != shape:
        raise ValueError(
            f"responsibilities have shape {shares.shape}: expected {shape}"
        )
    if not (shares >= 0).all():
        row = int(np.argmin((shares >= 0).all(axis=1)))
        raise ValueError(
            f"responsibilities[{row}] is {shares[row]}: expected shares, "
            "none below 0"
        )
    sums = shares.sum(axis=1)
    if not (off := np.abs(sums - 1) <= 1e-9).all():
        row = int(np.argmin(off))
        raise ValueError(
            f"responsibilities[{row}] sum to {sums[row]:.12g}: expected 1"
        )
    return shares
