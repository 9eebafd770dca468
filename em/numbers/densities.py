"""Densities of an observation that more than one model needs."""

from collections.abc import Callable
from functools import wraps

import numpy as np
from scipy import special
from scipy.special import gammaln, rel_entr

from em.numbers.arrays import Array

Density = Callable[[Array, Array], Array]


def once_each(log_density: Density) -> Density:
    """Return the same, worked out once for each count, where counts are small.

    A hundred thousand counts from 0 to 60 have 61 different densities.
    """

    @wraps(log_density)
    def looked_up(counts: Array, rates: Array) -> Array:
        if not 0 <= counts.min() <= counts.max() < len(counts):
            return log_density(counts, rates)
        rows = counts.astype(int)
        if np.any(rows != counts):
            return log_density(counts, rates)
        table = log_density(np.arange(rows.max() + 1.0), rates)
        return np.take(table.T, rows, axis=1).T

    return looked_up


@once_each
def log_poisson(counts: Array, rates: Array) -> Array:
    """Return log(e^−λ_k λ_k^x_i / x_i!), shape (n, k).

    As log(e^−x x^x / x!) − (x log(x/λ) − x + λ): where x is near λ, none of
    these is large, as x log λ is. (The deviance; Loader 2000)
    """
    rates = rates[:, None]
    deviances = rel_entr(counts, rates) - (counts - rates)
    log_densities: Array = log_poisson_at_mean(counts) - deviances
    return log_densities.T


def log_poisson_at_mean(counts: Array) -> Array:
    """Return log(e^−x x^x / x!), shape (n,).

    From 100 up by Stirling's series, whose next term is below 1e-17.
    """
    exact = special.xlogy(counts, counts) - counts - gammaln(counts + 1)
    x = np.maximum(counts, 100)
    correction = (1 / 12 - (1 / 360 - 1 / (1260 * x * x)) / (x * x)) / x
    series = -np.log(2 * np.pi * x) / 2 - correction
    return np.where(counts < 100, exact, series)


# As those of scipy.special, for many x and few y: one logarithm for each y, not
# one for each pair. 0 log 0 is 0.


@np.errstate(divide="ignore", invalid="ignore")
def xlogy(x: Array, y: Array) -> Array:
    """Return x log y, and 0 where x is 0."""
    return np.where(x == 0, 0, x * np.log(y))


@np.errstate(divide="ignore", invalid="ignore")
def xlog1py(x: Array, y: Array) -> Array:
    """Return x log(1 + y), and 0 where x is 0."""
    return np.where(x == 0, 0, x * np.log1p(y))
