"""Chances of an observation that more than one model needs."""

import numpy as np
from scipy.special import gammaln


def log_poisson(counts: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Give log(e^−λ_k λ_k^x_i / x_i!), shape (n, k)."""
    never = rates == 0  # such a component makes no count but 0
    log_chances: np.ndarray = np.log(rates + never)[:, None] * counts
    log_chances[np.ix_(never, counts > 0)] = -np.inf
    log_chances -= rates[:, None]
    log_chances -= gammaln(counts + 1)
    return log_chances.T
