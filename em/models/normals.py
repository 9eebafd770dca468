"""A mixture of normals on a line: which bell did each point come from?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import xlogy

from em import _validation, mixture
from em.errors import refuse_collapse

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("stds", "weights")


class _Normals(NamedTuple):
    means: np.ndarray
    stds: np.ndarray
    weights: np.ndarray


class Normals(_Normals):
    """The bells: means μ, standard deviations σ, mixing weights π, each (k,).

    `means` and `stds` are in the units of the data, `stds` above 0. `weights`
    are equal unless given. Raises ValueError for a value out of range or
    lengths that differ.
    """

    __slots__ = ()

    def __new__(cls, means: Any, stds: Any, weights: Any = None) -> "Normals":
        means, stds = (
            _validation.vector(means, "means"),
            _validation.vector(stds, "stds"),
        )
        _validation.require(
            stds > 0, stds, "stds", "a standard deviation above 0"
        )
        weights = _validation.mixing_weights(weights, len(means))
        _validation.same_length(means=means, stds=stds, weights=weights)
        return super().__new__(cls, means, stds, weights)


def check(x: Any, normals: Any) -> tuple[np.ndarray, Normals]:
    """Refuse what is not points on a line and Normals.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(normals, Normals, "start")
    x = _validation.vector(x, "x")
    _validation.require(
        np.abs(x) < 1e100, x, "x", "a number that can be squared"
    )
    return x, Normals(*normals)


def log_density(x: np.ndarray, normals: Normals) -> np.ndarray:
    """Give log N(x_i | μ_k, σ_k²), shape (n, k)."""
    z = x - normals.means[:, None]
    z *= 1 / (normals.stds[:, None] * np.sqrt(2))
    z *= z  # in place, like the rest: new memory costs more than the sums
    log_peaks = -np.log(normals.stds * np.sqrt(2 * np.pi))
    log_densities: np.ndarray = np.subtract(log_peaks[:, None], z, out=z)
    return log_densities.T


def log_joint(x: np.ndarray, normals: Normals) -> np.ndarray:
    """Give log(π_k N(x_i | μ_k, σ_k²)), shape (n, k)."""
    log_densities = log_density(x, normals)
    log_densities += xlogy(1, normals.weights)
    return log_densities


def e_step(x: np.ndarray, normals: Normals) -> tuple[np.ndarray, float]:
    """Share each point out among the bells.

    Gives the responsibilities, (n, k), and the log-likelihood of `normals`.
    """
    return mixture.share_out(log_joint(x, normals), "point")


def m_step(
    x: np.ndarray,
    responsibilities: np.ndarray,
    min_std: float = 0.0,
    equal_stds: bool = False,
) -> Normals:
    """Estimate each bell from its share of every point.

    (Bishop 2006, eq. 9.24 to 9.26.) No standard deviation is let below
    `min_std`; with `equal_stds`, all are the same. Raises CollapsedError for
    a bell that takes no data, or that has shrunk onto a single value.
    """
    sizes = mixture.sizes(responsibilities)
    means = x @ responsibilities / sizes
    away = x - means[:, None]
    away *= away
    variances = np.einsum("kn,nk->k", away, responsibilities) / sizes
    if equal_stds:
        variances[:] = sizes @ variances / len(x)
    stds = np.maximum(np.sqrt(variances), min_std)
    refuse_collapse(
        stds <= 4 * np.spacing(max(x.max(), -x.min())),  # only rounding
        "its standard deviation shrank to 0, onto one value of the data. "
        "Start elsewhere, or set a floor: em.fit(..., min_std=0.1)",
    )
    return Normals(means, stds, sizes / len(x))


def sample(
    normals: Normals, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw `n` points, and which bell made each; both of shape (n,)."""
    made_by = rng.choice(len(normals.means), size=n, p=normals.weights)
    return rng.normal(normals.means[made_by], normals.stds[made_by]), made_by
