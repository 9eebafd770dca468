"""A mixture of normals on a line: which bell did each point come from?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ONE, ZERO, less_one, log_power
from em.errors import CollapsedError
from em.mixture import NO_DATA, empty, posterior
from em.numbers.arrays import Array, Seed, as_floats, floats, fractions, numbers
from em.numbers.blocks import blockwise
from em.numbers.defaults import equal_weights
from em.numbers.moments import Extent, Moments, beside

NARROW = (
    "its standard deviation shrank to 0, onto one value of the data. Start "
    "elsewhere, or set a floor: em.fit(..., min_std=0.01 * np.std(x))"
)
# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("stds", "weights")
# What each of the parameters can be: see em.numbers.ranges.
RANGES = {"means": "real", "stds": "positive", "weights": "shares"}


@frozen(eq=False)
class Normals:
    """Means μ, standard deviations σ, mixing weights π; each of shape (k,).

    The weights are equal unless given.
    """

    means: Array = field(converter=floats, validator=numbers)
    stds: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=fractions, validator=numbers
    )


def log_density(x: Array, normals: Normals) -> Array:
    """Return log N(x_i | μ_k, σ_k²), shape (n, k)."""
    z = (x - normals.means[:, None]) / normals.stds[:, None]
    log_peaks = -np.log(np.sqrt(2 * np.pi) * normals.stds)
    log_densities: Array = log_peaks[:, None] - z * z / 2
    return log_densities.T


def log_joint(x: Array, normals: Normals) -> Array:
    """Return log(π_k N(x_i | μ_k, σ_k²)), shape (n, k)."""
    return log_density(x, normals) + np.log(normals.weights)


@blockwise
def e_step(x: Array, normals: Normals) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(x, normals))


def credited(x: Array, responsibilities: Array) -> Moments:
    """Return size, mean and squares of what each bell is given."""
    sizes = responsibilities.sum(axis=0)
    means = x @ responsibilities / np.where(sizes > 0, sizes, 1)
    squares = [
        r @ (x - mean) ** 2
        for r, mean in zip(responsibilities.T, means, strict=True)
    ]
    return Moments(sizes, means, np.array(squares))


def answer(
    moments: Moments, min_std: float = 0.0, equal_stds: bool = False
) -> Normals:
    """Return means, standard deviations, weights (Bishop 2006, eq. 9.24-26).

    `min_std` is a floor; with `equal_stds`, all bells are equally wide.
    """
    sizes, variances = moments.sizes, moments.scatters / moments.sizes
    if equal_stds:
        variances[:] = sizes @ variances / sizes.sum()
    stds = np.maximum(np.sqrt(variances), min_std)
    return Normals(moments.means, stds, sizes / sizes.sum())


def m_step(
    x: Array,
    responsibilities: Array,
    min_std: float = 0.0,
    equal_stds: bool = False,
) -> Normals:
    """Return the best answer to what each bell is given."""
    return answer(credited(x, responsibilities), min_std, equal_stds)


@frozen(eq=False)
class NormalsPrior:
    """Imaginary points of each bell: what they say of mean, width and weight.

    `mean_count` of them say that its mean is `mean`, `std_count` that its
    standard deviation is `std`, `points` how common it is.
    """

    mean: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    std: Array = field(default=ONE, converter=floats, validator=numbers)
    std_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    points: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def normal_inverse_gamma(
        cls,
        mean: ArrayLike,
        kappa: ArrayLike,
        shape: ArrayLike,
        scale: ArrayLike,
        alpha: ArrayLike = 1,
    ) -> Self:
        """Return μ, σ² ~ normal-inverse-gamma, and π ~ Dirichlet(α).

        σ² ~ InvGamma(shape, scale), and μ given σ² ~ N(mean, σ²/κ). The
        density is that of (μ, σ²): of (μ, σ) it would have another peak.
        """
        counted = 2 * as_floats(shape, "shape") + 3
        std = np.sqrt(2 * as_floats(scale, "scale") / counted)
        return cls(
            as_floats(mean, "mean"),
            as_floats(kappa, "kappa"),
            std,
            counted,
            less_one(alpha, "alpha"),
        )

    def answer(
        self, moments: Moments, min_std: float = 0.0, equal_stds: bool = False
    ) -> Normals:
        """Return bells from what was seen and what is imagined.

        (Three counts may differ, so they are not just added.)
        """
        squares = self.std_count * self.std**2
        both = beside(
            moments, self.mean, self.mean_count, squares, self.std_count
        )
        weights = moments.sizes + self.points
        return evolve(
            answer(both, min_std, equal_stds), weights=weights / weights.sum()
        )

    def log_density(self, bells: Normals) -> float:
        """Return log p(μ, σ², π), up to a constant."""
        off = self.mean_count * (bells.means - self.mean) ** 2
        away = (off + self.std_count * self.std**2) / bells.stds**2
        return (
            log_power(bells.stds, -self.std_count)
            - float(away.sum()) / 2
            + log_power(bells.weights, self.points)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        bells = validation.kind(start, Normals, "start")
        imagined.check(self, len(bells.means))


# What the two steps need not care about: what goes in, and what went wrong.


def check(
    x: object,
    normals: object,
    min_std: float = 0.0,
    equal_stds: bool = False,
) -> tuple[Array, Normals]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    normals = validation.kind(normals, Normals, "start")
    points = validation.small(validation.array(x, "x"), "x")
    validation.small(validation.array(normals.means, "means"), "means")
    validation.floor(min_std)
    normals = evolve(normals, stds=widened(normals.stds, min_std))
    stds = validation.array(normals.stds, "stds")
    good = (stds > 1e-100) & (stds < 1e100)
    validation.require(good, stds, "stds", "a standard deviation above 0")
    validation.probabilities(normals.weights, "weights")
    validation.same_length(
        means=normals.means, stds=stds, weights=normals.weights
    )
    return points, normals


def widened(stds: Array, min_std: float) -> Array:
    """Return standard deviations, the floor in place of one that is 0.

    Raises CollapsedError for the first that is, if there is no floor.
    """
    point = stds == 0
    if point.any() and min_std == 0:
        k = int(point.argmax())
        words = f"stds[{k}] is 0: expected a standard deviation above 0"
        raise CollapsedError(k, words, 0)
    return np.where(point, min_std, stds)


def extent(x: Array) -> Extent:
    """Return how far the points reach, and how many there are."""
    return Extent.of(x)


def collapsed(extent: Extent, normals: Normals) -> Iterator[tuple[Array, str]]:
    """Yield which bells have nothing left, shape (k,), and what to do."""
    yield empty(normals.weights), NO_DATA
    yield ~(normals.stds > extent.last_digits), NARROW


def within(
    normals: Normals, min_std: float = 0.0, equal_stds: bool = False
) -> Normals:
    """Return bells that keep to the floor, where a jump led below it."""
    return evolve(normals, stds=np.maximum(normals.stds, min_std))


def sample(normals: Normals, n: int, rng: Seed) -> tuple[Array, Array]:
    """Draw `n` points, and which bell made each; both of shape (n,)."""
    rng = np.random.default_rng(rng)
    made_by = rng.choice(len(normals.means), size=n, p=normals.weights)
    return rng.normal(normals.means[made_by], normals.stds[made_by]), made_by
