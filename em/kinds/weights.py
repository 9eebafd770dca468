"""Weights that data carry: how often each observation counts."""

from em.door import validation
from em.numbers.arrays import Array


def counted(weights: Array) -> Array:
    """Return which observations count at all, shape (n,).

    Raises ValueError for a weight that is negative or not finite, and where
    all are 0.
    """
    found = validation.array(weights, "weights")
    good = (found == 0) | ((found > 1e-100) & (found < 1e100))
    validation.require(good, found, "weights", "0, or 1e-100 to 1e100")
    if not found.any():
        raise ValueError("weights are all 0: expected one above 0")
    return found > 0


def times(weights: Array, sample_weights: Array) -> Array:
    """Return weights of observations that count w_i times as often, (n,).

    Raises ValueError for another number of them.
    """
    validation.same_length(observations=weights, sample_weights=sample_weights)
    product: Array = weights * sample_weights
    return product
