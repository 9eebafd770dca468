"""A mixture of multivariate normals: groups of points, of several shapes."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.special import xlogy

from em import _validation, mixture
from em.covariances import flat, shaped, widened
from em.errors import refuse_collapse

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("covariances", "weights")


class _Gaussians(NamedTuple):
    means: np.ndarray
    covariances: np.ndarray
    weights: np.ndarray


class Gaussians(_Gaussians):
    """The groups: means μ (k, d), covariances Σ (k, d, d), weights π (k,).

    `means` are in the units of the data, `covariances` in those squared. The
    mixing weights are equal unless given. Raises ValueError for a value out of
    range, shapes that do not fit, and a matrix that is no covariance.
    """

    __slots__ = ()

    def __new__(
        cls, means: Any, covariances: Any, weights: Any = None
    ) -> "Gaussians":
        means = _validation.array(means, "means", 2)
        covariances = _validation.array(covariances, "covariances", 3)
        weights = _validation.mixing_weights(weights, len(means))
        _validation.same_length(
            means=means, covariances=covariances, weights=weights
        )
        _validation.covariances(covariances, "covariances", means.shape[1])
        return super().__new__(cls, means, covariances, weights)


def check(x: Any, gaussians: Any) -> tuple[np.ndarray, Gaussians]:
    """Refuse what is not a table of points, shape (n, d), and Gaussians.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(gaussians, Gaussians, "start")
    x, gaussians = _validation.array(x, "x", 2), Gaussians(*gaussians)
    _validation.require(
        np.abs(x) < 1e100, x, "x", "a number that can be squared"
    )
    if x.shape[1] != gaussians.means.shape[1]:
        raise ValueError(
            f"x has {x.shape[1]} columns and the means have "
            f"{gaussians.means.shape[1]}: expected as many of each"
        )
    return x, gaussians


def blocks(n: int) -> Iterator[slice]:
    """Cut `n` rows into blocks that fit a processor's cache: twice as fast."""
    return (slice(begin, begin + 2_000) for begin in range(0, n, 2_000))


def log_density(x: np.ndarray, gaussians: Gaussians) -> np.ndarray:
    """Give log N(x_i | μ_k, Σ_k), shape (n, k); Bishop 2006, eq. 2.43.

    With Σ = L Lᵀ (Cholesky), z = L⁻¹ (x − μ) has independent entries of
    variance 1, so that (x − μ)ᵀ Σ⁻¹ (x − μ) = zᵀ z.
    """
    cholesky = np.linalg.cholesky(gaussians.covariances)
    whiten = np.linalg.inv(cholesky)
    squares = np.empty((len(whiten), len(x)))
    for rows in blocks(len(x)):
        z = whiten @ (x[rows].T - gaussians.means[:, :, None])
        np.einsum("kdn,kdn->kn", z, z, out=squares[:, rows])
    # log √|2πΣ| is the sum of the logarithms on the diagonal of √(2π) L.
    diagonals = np.diagonal(cholesky, axis1=1, axis2=2)
    log_volumes = np.log(np.sqrt(2 * np.pi) * diagonals).sum(axis=1)
    squares *= -0.5
    squares -= log_volumes[:, None]
    return squares.T


def log_joint(x: np.ndarray, gaussians: Gaussians) -> np.ndarray:
    """Give log(π_k N(x_i | μ_k, Σ_k)), shape (n, k)."""
    log_densities = log_density(x, gaussians)
    log_densities += xlogy(1, gaussians.weights)
    return log_densities


def e_step(x: np.ndarray, gaussians: Gaussians) -> tuple[np.ndarray, float]:
    """Share each point out among the groups.

    Gives the responsibilities, (n, k), and the log-likelihood of `gaussians`.
    """
    return mixture.share_out(log_joint(x, gaussians), "point")


def m_step(
    x: np.ndarray,
    responsibilities: np.ndarray,
    shape: str = "full",
    min_std: float = 0.0,
) -> Gaussians:
    """Estimate each group from its share of every point.

    (Bishop 2006, eq. 9.24 to 9.26.) `shape` is what `shaped` takes. No
    standard deviation, in any direction, is let below `min_std`. Raises
    CollapsedError for a group that takes no data or has shrunk flat.
    """
    sizes = mixture.sizes(responsibilities)
    means = responsibilities.T @ x / sizes[:, None]
    scatters = scatter(x, responsibilities, means)
    covariances = shaped(scatters, sizes, shape)
    if min_std > 0:
        covariances = widened(covariances, min_std)
    refuse_collapse(
        flat(covariances, np.abs(x).max(axis=0)),
        "it shrank flat: onto a point, a line or a plane of the data. Start "
        "elsewhere, use fewer groups or a plainer shape, or set a (higher) "
        "floor: em.fit(..., min_std=0.1)",
    )
    return Gaussians(means, covariances, sizes / len(x))


def scatter(
    x: np.ndarray, responsibilities: np.ndarray, means: np.ndarray
) -> np.ndarray:
    """Give Σ_i r_ik (x_i − μ_k)(x_i − μ_k)ᵀ, shape (k, d, d)."""
    roots = np.sqrt(responsibilities.T)
    totals = np.zeros((*means.shape, x.shape[1]))
    for rows in blocks(len(x)):
        away = (x[rows].T - means[:, :, None]) * roots[:, None, rows]
        totals += away @ away.swapaxes(1, 2)
    return totals


def sample(
    gaussians: Gaussians, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw `n` points, (n, d), and which group made each, (n,)."""
    means, covariances, weights = gaussians
    made_by = rng.choice(len(means), size=n, p=weights)
    z = rng.standard_normal((n, means.shape[1]))
    away = np.linalg.cholesky(covariances)[made_by] @ z[:, :, None]
    return means[made_by] + away[:, :, 0], made_by
