"""Chances of an observation that more than one model needs."""

import numpy as np
from scipy.special import gammaln, xlogy


def log_poisson(counts: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Give log(e^−λ_k λ_k^x_i / x_i!), shape (n, k)."""
    log_chances: np.ndarray = xlogy(counts, rates[:, None])
    log_chances -= rates[:, None]
    log_chances -= gammaln(counts + 1)
    return log_chances.T
