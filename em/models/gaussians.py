"""A mixture of multivariate normals: groups of points, of several shapes."""

from collections.abc import Iterator

import numpy as np
from attrs import evolve, field, frozen

from em import _validation
from em._arrays import Array, floats, last_digits, numbers
from em._blocks import blocks, blockwise
from em._defaults import equal_weights
from em.covariances import TYPES, flat, shaped, widened
from em.mixture import NO_DATA, empty, posterior

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("covariances", "weights")
# What each of the parameters can be: see em.ranges.
RANGES = {"means": "real", "covariances": "covariance", "weights": "shares"}


@frozen(eq=False)
class Gaussians:
    """Means μ (k, d), covariances Σ (k, d, d), mixing weights π (k,).

    The weights are equal unless given.
    """

    means: Array = field(converter=floats, validator=numbers)
    covariances: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=floats, validator=numbers
    )


def log_density(x: Array, gaussians: Gaussians) -> Array:
    """Return log N(x_i | μ_k, Σ_k), shape (n, k); Bishop 2006, eq. 2.43.

    With Σ = L Lᵀ (Cholesky), z = L⁻¹ (x − μ) has independent entries of
    variance 1, so that (x − μ)ᵀ Σ⁻¹ (x − μ) = zᵀ z.
    """
    root = np.linalg.cholesky(gaussians.covariances)
    z = np.linalg.inv(root) @ (x.T - gaussians.means[:, :, None])
    diagonals = np.diagonal(root, axis1=1, axis2=2)
    log_peaks = -np.log(np.sqrt(2 * np.pi) * diagonals).sum(axis=1)
    log_densities: Array = log_peaks[:, None] - (z * z).sum(axis=1) / 2
    return log_densities.T


def log_joint(x: Array, gaussians: Gaussians) -> Array:
    """Return log(π_k N(x_i | μ_k, Σ_k)), shape (n, k)."""
    return log_density(x, gaussians) + np.log(gaussians.weights)


@blockwise
def e_step(x: Array, gaussians: Gaussians) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(x, gaussians))


def m_step(
    x: Array,
    responsibilities: Array,
    covariance_type: str = "full",
    min_std: float = 0.0,
) -> Gaussians:
    """Return weighted means and covariances (Bishop 2006, eq. 9.24 to 9.26).

    `covariance_type` is full, tied, diagonal or spherical; `min_std` a floor
    for the standard deviation in any direction.
    """
    sizes = responsibilities.sum(axis=0)
    means = responsibilities.T @ x / sizes[:, None]
    scatters = scatter(x, responsibilities, means)
    covariances = widened(shaped(scatters, sizes, covariance_type), min_std)
    return Gaussians(means, covariances, sizes / sizes.sum())


def scatter(x: Array, responsibilities: Array, means: Array) -> Array:
    """Return Σ_i r_ik (x_i − μ_k)(x_i − μ_k)ᵀ, shape (k, d, d)."""
    total = np.zeros((*means.shape, x.shape[1]))
    for rows in blocks(len(x)):
        away = x[rows].T - means[:, :, None]
        shares = responsibilities[rows].T[:, None]
        total += shares * away @ away.swapaxes(1, 2)
    return total


# What the two steps need not care about: what goes in, and what went wrong.


def check(
    x: object,
    gaussians: object,
    covariance_type: str = "full",
    min_std: float = 0.0,
) -> tuple[Array, Gaussians]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    gaussians = _validation.kind(gaussians, Gaussians, "start")
    points = _validation.small(_validation.array(x, "x", 2), "x")
    means = _validation.array(gaussians.means, "means", 2)
    _validation.small(means, "means")
    matrices = _validation.array(gaussians.covariances, "covariances", 3)
    _validation.same_length(
        means=means, covariances=matrices, weights=gaussians.weights
    )
    _validation.covariances(matrices, "covariances", means.shape[1])
    _validation.probabilities(gaussians.weights, "weights")
    if points.shape[1] != means.shape[1]:
        raise ValueError(
            f"x has {points.shape[1]} columns and the means have "
            f"{means.shape[1]}: expected as many of each"
        )
    _validation.one_of(TYPES, covariance_type, "covariance_type")
    _validation.floor(min_std)
    return points, gaussians


def collapsed(x: Array, gaussians: Gaussians) -> Iterator[tuple[Array, str]]:
    """Yield which groups have nothing left, shape (k,), and what to do."""
    return nothing_left(gaussians, last_digits(x))


def nothing_left(
    gaussians: Gaussians, rounding: Array
) -> Iterator[tuple[Array, str]]:
    """Yield the same, from how far the last digits of each column reach."""
    yield empty(gaussians.weights), NO_DATA
    yield (
        flat(gaussians.covariances, rounding),
        "it shrank flat: onto a point, a line or a plane of the data. Start "
        "elsewhere, use fewer groups or a plainer covariance_type, or set a "
        "(higher) floor: em.fit(..., min_std=0.1)",
    )


def within(
    gaussians: Gaussians, covariance_type: str = "full", min_std: float = 0.0
) -> Gaussians:
    """Return groups that keep to the floor, where a jump led below it."""
    return evolve(
        gaussians, covariances=widened(gaussians.covariances, min_std)
    )


def sample(
    gaussians: Gaussians, n: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw `n` points, (n, d), and which group made each, (n,)."""
    means, roots = gaussians.means, np.linalg.cholesky(gaussians.covariances)
    made_by = rng.choice(len(means), size=n, p=gaussians.weights)
    z = rng.standard_normal((n, means.shape[1]))
    return means[made_by] + (roots[made_by] @ z[:, :, None])[:, :, 0], made_by
