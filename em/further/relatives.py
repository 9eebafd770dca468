"""Two relatives of EM for bells on a line: Gibbs sampling, variational Bayes.

Both call the E-step of `em.models.normals`. The prior of each bell is a
normal-inverse-gamma: σ² ~ InvGamma(shape, scale), μ given σ² ~ N(m, σ²/κ); that
of the weights a Dirichlet. Formulas: Bishop (2006), sections 10.2 and 11.3.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import digamma

from em.models import normals
from em.models.normals import Normals
from em.numbers.arrays import Array


def gibbs(
    x: Array,
    bells: Normals,
    sweeps: int,
    dice: np.random.Generator,
    m: float = 5,
    kappa: float = 0.1,
    shape: float = 2,
    scale: float = 2,
) -> Array:
    """Return draws of means and stds from the posterior, (sweeps, 2 k)."""
    taken = []
    for _ in range(sweeps):
        share, _ = normals.e_step(x, bells)
        label = dice.multinomial(1, share)
        n = label.sum(axis=0)
        centre = (kappa * m + x @ label) / (kappa + n)
        squares = x**2 @ label + kappa * m**2 - (kappa + n) * centre**2
        precision = dice.gamma(shape + n / 2) / (scale + squares / 2)
        std = 1 / np.sqrt(precision)
        mean = dice.normal(centre, std / np.sqrt(kappa + n))
        bells = Normals(mean, std, dice.dirichlet(1 + n))
        taken.append([*mean, *std])
    return np.array(taken)


class Belief(NamedTuple):
    """What is believed of k bells after a sweep, and its E-step's height."""

    alpha: Array
    mean: Array
    kappa: Array
    a: Array
    b: Array
    height: float


def variational(
    x: Array,
    share: Array,
    sweeps: int,
    alpha0: float,
    m: float = 5,
    kappa0: float = 0.1,
    shape: float = 2,
    scale: float = 2,
) -> list[Belief]:
    """Return the beliefs after each sweep, from first shares (n, k)."""
    taken = []
    for _ in range(sweeps):
        # What is believed of the parameters, given the shares
        n = share.sum(axis=0)
        alpha, kappa, a = alpha0 + n, kappa0 + n, shape + n / 2
        mean = (kappa0 * m + x @ share) / kappa
        b = scale + (x**2 @ share + kappa0 * m**2 - kappa * mean**2) / 2
        # Bells whose heights are what the heights are in the (log) average
        weight = np.exp(digamma(alpha) - digamma(alpha.sum()))
        weight *= np.exp((digamma(a) - np.log(a) - 1 / kappa) / 2)
        bells = Normals(mean, np.sqrt(b / a), weight)
        share, height = normals.e_step(x, bells)
        taken.append(Belief(alpha, mean, kappa, a, b, height))
    return taken
