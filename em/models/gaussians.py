"""A mixture of multivariate normals: groups of points, of several shapes."""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ONE, ZERO, less_one, log_power
from em.mixture import NO_DATA, empty, posterior
from em.numbers.arrays import Array, Seed, as_floats, floats, fractions, numbers
from em.numbers.blocks import blockwise
from em.numbers.covariances import TYPES, flat, not_flat, shaped, widened
from em.numbers.defaults import equal_weights
from em.numbers.moments import Extent, Moments, beside, outer, scatter

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("covariances", "weights")
# What each of the parameters can be: see em.numbers.ranges.
RANGES = {"means": "real", "covariances": "covariance", "weights": "shares"}


@frozen(eq=False)
class Gaussians:
    """Means μ (k, d), covariances Σ (k, d, d), mixing weights π (k,).

    The weights are equal unless given.
    """

    means: Array = field(converter=floats, validator=numbers)
    covariances: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=fractions, validator=numbers
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


def credited(x: Array, responsibilities: Array) -> Moments:
    """Return size, mean and scatter of what each group is given."""
    sizes = responsibilities.sum(axis=0)
    means = responsibilities.T @ x / np.where(sizes > 0, sizes, 1)[:, None]
    return Moments(sizes, means, scatter(x, responsibilities, means))


def answer(
    moments: Moments, covariance_type: str = "full", min_std: float = 0.0
) -> Gaussians:
    """Return means, covariances and weights (Bishop 2006, eq. 9.24 to 9.26).

    `covariance_type` is full, tied, diagonal or spherical; `min_std` a floor
    for the standard deviation in any direction.
    """
    sizes = moments.sizes
    covariances = shaped(moments.scatters, sizes, covariance_type)
    weights = sizes / sizes.sum()
    return Gaussians(moments.means, widened(covariances, min_std), weights)


def m_step(
    x: Array,
    responsibilities: Array,
    covariance_type: str = "full",
    min_std: float = 0.0,
) -> Gaussians:
    """Return the best answer to what each group is given."""
    return answer(credited(x, responsibilities), covariance_type, min_std)


@frozen(eq=False)
class GaussiansPrior:
    """Imaginary points of each group: of mean, covariance and weight.

    `mean_count` of them say that its mean is `mean`, `covariance_count` that
    its covariance is `covariance` (one number: in every direction), `points`
    how common it is.
    """

    mean: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    covariance: Array = field(default=ONE, converter=floats, validator=numbers)
    covariance_count: Array = field(
        default=ZERO, converter=floats, validator=numbers
    )
    points: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def normal_inverse_wishart(
        cls,
        mean: ArrayLike,
        kappa: ArrayLike,
        nu: ArrayLike,
        scale: ArrayLike,
        alpha: ArrayLike = 1,
    ) -> Self:
        """Return μ, Σ ~ normal-inverse-Wishart, and π ~ Dirichlet(α).

        Σ ~ InvWishart(ν, scale), (d, d), and μ given Σ ~ N(mean, Σ/κ).
        """
        matrix = as_floats(scale, "scale")
        counted = as_floats(nu, "nu") + matrix.shape[-1] + 2
        return cls(
            as_floats(mean, "mean"),
            as_floats(kappa, "kappa"),
            matrix / counted[..., None, None],
            counted,
            less_one(alpha, "alpha"),
        )

    def scatters(self, d: int) -> Array:
        """Return the scatter that is imagined about each mean, (…, d, d)."""
        counts = self.covariance_count[..., None, None]
        scatters: Array = counts * imagined.matrices(self.covariance, d)
        return scatters

    def answer(
        self,
        moments: Moments,
        covariance_type: str = "full",
        min_std: float = 0.0,
    ) -> Gaussians:
        """Return groups from what was seen and what is imagined.

        (Three counts may differ, so they are not just added.)
        """
        both = beside(
            moments,
            self.mean,
            self.mean_count,
            self.scatters(moments.means.shape[1]),
            self.covariance_count,
        )
        weights = moments.sizes + self.points
        return evolve(
            answer(both, covariance_type, min_std),
            weights=weights / weights.sum(),
        )

    def log_density(self, groups: Gaussians) -> float:
        """Return log p(μ, Σ, π), up to a constant."""
        away = groups.means - self.mean
        off = self.mean_count[..., None, None] * outer(away, away)
        scatters = off + self.scatters(away.shape[1])
        return imagined.log_wishart(
            groups.covariances, scatters, self.covariance_count
        ) + log_power(groups.weights, self.points)

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        groups = validation.kind(start, Gaussians, "start")
        k, d = groups.means.shape
        imagined.check(self, k, mean=(k, d), covariance=(k, d, d))


# What the two steps need not care about: what goes in, and what went wrong.


def check(
    x: object,
    gaussians: object,
    covariance_type: str = "full",
    min_std: float = 0.0,
) -> tuple[Array, Gaussians]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    gaussians = validation.kind(gaussians, Gaussians, "start")
    points = validation.small(validation.array(x, "x", 2), "x")
    means = validation.array(gaussians.means, "means", 2)
    validation.small(means, "means")
    matrices = validation.array(gaussians.covariances, "covariances", 3)
    validation.same_length(
        means=means, covariances=matrices, weights=gaussians.weights
    )
    validation.floor(min_std)
    matrices = not_flat(matrices, min_std)
    validation.covariances(matrices, "covariances", means.shape[1])
    validation.probabilities(gaussians.weights, "weights")
    if points.shape[1] != means.shape[1]:
        raise ValueError(
            f"x has {points.shape[1]} columns and the means have "
            f"{means.shape[1]}: expected as many of each"
        )
    validation.one_of(TYPES, covariance_type, "covariance_type")
    return points, evolve(gaussians, covariances=matrices)


def extent(x: Array) -> Extent:
    """Return how far each column reaches, and how many points there are."""
    return Extent.of(x)


def collapsed(
    extent: Extent, gaussians: Gaussians
) -> Iterator[tuple[Array, str]]:
    """Yield which groups have nothing left, shape (k,), and what to do."""
    yield empty(gaussians.weights), NO_DATA
    yield (
        flat(gaussians.covariances, extent.last_digits),
        "it shrank flat: onto a point, a line or a plane of the data. Start "
        "elsewhere, use fewer groups or a plainer covariance_type, or set a "
        "(higher) floor: em.fit(..., min_std=0.01 * x.std(axis=0).min())",
    )


def within(
    gaussians: Gaussians, covariance_type: str = "full", min_std: float = 0.0
) -> Gaussians:
    """Return groups that keep to the floor, where a jump led below it."""
    return evolve(
        gaussians, covariances=widened(gaussians.covariances, min_std)
    )


def sample(gaussians: Gaussians, n: int, rng: Seed) -> tuple[Array, Array]:
    """Draw `n` points, (n, d), and which group made each, (n,)."""
    rng = np.random.default_rng(rng)
    means, roots = gaussians.means, np.linalg.cholesky(gaussians.covariances)
    made_by = rng.choice(len(means), size=n, p=gaussians.weights)
    z = rng.standard_normal((n, means.shape[1]))
    return means[made_by] + (roots[made_by] @ z[:, :, None])[:, :, 0], made_by
