"""The bound that both steps of EM climb, for any mixture of ours."""

from typing import Any

import numpy as np
from scipy.special import xlogy


def bound(model: Any, data: Any, responsibilities: Any, params: Any) -> float:
    """Give the bound F(r, θ) = Σ_i Σ_k r_ik (log(π_k p(x_i | θ_k)) − log r_ik).

    It is never above the log-likelihood of θ, whatever the responsibilities,
    shape (n, k), and equals it where they are the E-step's (Neal & Hinton
    1998, section 3, where F = −free energy). It is −∞ where a share is given
    to a component that cannot have made the observation.

    Raises TypeError for a model that has no `log_joint` or for data that the
    model refuses, ValueError for bad values or shares that do not sum to 1.
    """
    if not (hasattr(model, "check") and hasattr(model, "log_joint")):
        raise TypeError(
            f"the model is {getattr(model, '__name__', repr(model))}: expected "
            "a mixture with check and log_joint, such as em.coins"
        )
    log_joint = model.log_joint(*model.check(data, params))
    shares = shared_out(responsibilities, log_joint.shape)
    # A share of 0 adds 0, also where its logarithm is −∞.
    possible = np.where(shares > 0, log_joint, 0)
    return float((shares * possible - xlogy(shares, shares)).sum())


def shared_out(responsibilities: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Give responsibilities as an array, if each row shares out one whole.

    Raises ValueError for another shape, a share below 0 (or NaN), and for a
    row that does not sum to 1.
    """
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
