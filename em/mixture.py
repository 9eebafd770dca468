"""What every mixture shares: Bayes' rule."""

import numpy as np

from em.numbers.arrays import Array
from em.numbers.blocks import sum_of_logs


def posterior(log_joint: Array) -> tuple[Array, float]:
    """Return r_ik = p(k | x_i), shape (n, k), and the log-likelihood.

    log_joint[i, k] is log p(x_i, k). Each row is divided by its largest entry
    before exp, so that none is 0/0, however small. (Bishop 2006, eq. 9.13)
    """
    largest = log_joint.max(axis=1, keepdims=True)
    joint = np.exp(log_joint - largest)
    evidence = joint.sum(axis=1, keepdims=True)
    return joint / evidence, sum_of_logs(evidence) + float(largest.sum())


# What the formulas need not care about.

NO_DATA = "it takes no data. Start it nearer the data, or use fewer components"


def empty(weights: Array) -> Array:
    """Return which components have no mixing weight left, shape (k,)."""
    gone: Array = ~(weights > np.finfo(float).tiny)  # NaN: none has any
    return gone
