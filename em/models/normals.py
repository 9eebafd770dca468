"""A mixture of normals on a line: which bell did each point come from?"""

from collections.abc import Iterator

import numpy as np
from attrs import evolve, field, frozen

from em import _validation
from em._arrays import Array, floats, last_digits, numbers
from em._blocks import blockwise
from em._defaults import equal_weights
from em.mixture import NO_DATA, empty, posterior

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("stds", "weights")
# What each of the parameters can be: see em.ranges.
RANGES = {"means": "real", "stds": "positive", "weights": "shares"}


@frozen(eq=False)
class Normals:
    """Means μ, standard deviations σ, mixing weights π; each of shape (k,).

    The weights are equal unless given.
    """

    means: Array = field(converter=floats, validator=numbers)
    stds: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=floats, validator=numbers
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


def m_step(
    x: Array,
    responsibilities: Array,
    min_std: float = 0.0,
    equal_stds: bool = False,
) -> Normals:
    """Return weighted means and standard deviations (Bishop 2006, eq. 9.24-26).

    `min_std` is a floor; with `equal_stds`, all bells are equally wide.
    """
    sizes = responsibilities.sum(axis=0)
    means = x @ responsibilities / sizes
    squares = [
        r @ (x - mean) ** 2
        for r, mean in zip(responsibilities.T, means, strict=True)
    ]
    variances = np.array(squares) / sizes
    if equal_stds:
        variances[:] = sizes @ variances / sizes.sum()
    stds = np.maximum(np.sqrt(variances), min_std)
    return Normals(means, stds, sizes / sizes.sum())


# What the two steps need not care about: what goes in, and what went wrong.


def check(
    x: object,
    normals: object,
    min_std: float = 0.0,
    equal_stds: bool = False,
) -> tuple[Array, Normals]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    normals = _validation.kind(normals, Normals, "start")
    points = _validation.small(_validation.array(x, "x"), "x")
    _validation.small(_validation.array(normals.means, "means"), "means")
    stds = _validation.array(normals.stds, "stds")
    good = (stds > 1e-100) & (stds < 1e100)
    _validation.require(good, stds, "stds", "a standard deviation above 0")
    _validation.probabilities(normals.weights, "weights")
    _validation.same_length(
        means=normals.means, stds=stds, weights=normals.weights
    )
    _validation.floor(min_std)
    return points, normals


def collapsed(x: Array, normals: Normals) -> Iterator[tuple[Array, str]]:
    """Yield which bells have nothing left, shape (k,), and what to do."""
    return nothing_left(normals, last_digits(x))


def nothing_left(
    normals: Normals, rounding: Array
) -> Iterator[tuple[Array, str]]:
    """Yield the same, from how far the last digits of the points reach."""
    yield empty(normals.weights), NO_DATA
    yield (
        ~(normals.stds > rounding),
        "its standard deviation shrank to 0, onto one value of the data. "
        "Start elsewhere, or set a floor: em.fit(..., min_std=0.1)",
    )


def within(
    normals: Normals, min_std: float = 0.0, equal_stds: bool = False
) -> Normals:
    """Return bells that keep to the floor, where a jump led below it."""
    return evolve(normals, stds=np.maximum(normals.stds, min_std))


def sample(
    normals: Normals, n: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw `n` points, and which bell made each; both of shape (n,)."""
    made_by = rng.choice(len(normals.means), size=n, p=normals.weights)
    return rng.normal(normals.means[made_by], normals.stds[made_by]), made_by
