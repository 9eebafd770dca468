"""Q(θ' | θ), the expected complete-data log-likelihood, once for all."""

from collections.abc import Callable

import numpy as np

from em.model import Data, Params
from em.numbers.arrays import Array
from em.offers import Offers

Expected = Callable[[object, Params], float]


def q(
    model: object, data: Data, weights: Array | None = None
) -> Expected[Params]:
    """Return Q: the average of log p(x, z | θ) over z, given its posterior.

    For a mixture it is Σ_i Σ_k w_i r_ik log p(x_i, k | θ). Raises TypeError
    for a model that has neither a `log_joint` nor an `expected_log_joint`.
    """
    offers = Offers.read(model)
    log_joint, average = offers.log_joint, offers.expected_log_joint
    if log_joint is None and average is None:
        raise TypeError(
            f"the model is {offers.name}: expected one with a log_joint, such "
            "as em.models.coins, or an expected_log_joint"
        )

    def expected(posterior: object, params: Params) -> float:
        with np.errstate(all="ignore"):
            if log_joint is not None:
                shares = counted(posterior, weights)
                return over(shares, log_joint(data, params))
            assert average is not None
            return float(average(data, posterior, params))

    return expected


def counted(responsibilities: object, weights: Array | None) -> Array:
    """Return w_i r_ik; r_ik itself unless there are weights."""
    r: Array = np.asarray(responsibilities, float)
    return r if weights is None else weights[:, None] * r


def over(shares: Array, logs: Array) -> float:
    """Return Σ shares · logs; a share of 0 adds 0, also where a log is −∞."""
    with np.errstate(all="ignore"):
        return float(np.where(shares != 0, shares * logs, 0.0).sum())


def entropy(r: Array) -> float:
    """Return −Σ r log r."""
    return -over(r, np.log(r, where=r > 0, out=np.zeros_like(r)))
