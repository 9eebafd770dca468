"""A normal of which only a tail is left."""

import numpy as np
from scipy.special import erfcx

from em.numbers.arrays import Array


def above(z: Array) -> tuple[Array, Array]:
    """Return mean and variance of a standard normal known to exceed z, (n,).

    The mean is λ = φ(z) / Φ(−z), the variance 1 − λ (λ − z). (Johnson, Kotz
    & Balakrishnan 1994, chapter 13, section 10.1.) φ and Φ underflow far
    out, but not their quotient, which `erfcx` gives; and beyond z = 50, where
    the variance is a small difference of large numbers, its series is better.
    """
    mean = np.sqrt(2 / np.pi) / erfcx(z / np.sqrt(2))
    t = np.maximum(z, 50.0) ** -2
    series = t * (1 - 6 * t + 50 * t**2 - 518 * t**3)
    return mean, np.where(z > 50, series, 1 - mean * (mean - z))
