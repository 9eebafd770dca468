"""A line through lifetimes, some of which were longer than the test."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from em.door import validation
from em.kinds.lifetimes import (
    check_lifetimes,
    check_line,
    narrowest,
    refuse_no_line,
)
from em.kinds.weights import times
from em.numbers.arrays import Array, Seed, floats, numbers
from em.numbers.defaults import once_each
from em.numbers.truncated import above

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("std",)
# What each of the parameters can be: see em.numbers.ranges.
RANGES = {"coefficients": "real", "std": "positive"}


@frozen(eq=False)
class Lifetimes:
    """For each item x, hours, and whether it failed; each of shape (n,).

    Where `failed` is 1, the item failed at `hours`; where it is 0, it was
    still running then, and nobody waited. `x` is what the lifetime depends
    on, in any unit. Each item counts `weights` times: once unless given.
    """

    x: Array = field(converter=floats, validator=numbers)
    hours: Array = field(converter=floats, validator=numbers)
    failed: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=once_each, converter=floats, validator=numbers
    )


@frozen(eq=False)
class Line:
    """log10 hours = a + b x, with normal errors of standard deviation σ.

    `coefficients` are a and b, shape (2,); `std` is σ in log10 hours, ().
    """

    coefficients: Array = field(converter=floats, validator=numbers)
    std: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Moments:
    """What is expected of log10 lifetimes: mean and variance, each (n,).

    The variance of one that was seen is 0, and the expected square of any is
    mean² + variance.
    """

    mean: Array = field(converter=floats, validator=numbers)
    variance: Array = field(converter=floats, validator=numbers)


def residuals(y: Array, lifetimes: Lifetimes, line: Line) -> Array:
    """Return y − a − b x, shape (n,), as seen from the middle of the failures.

    (From afar, from 1970 in seconds, say, the digits of y are lost.)
    """
    a, b = line.coefficients
    failures = lifetimes.weights * lifetimes.failed
    middle = np.average(lifetimes.x, weights=failures)
    away: Array = y - (a + b * middle) - b * (lifetimes.x - middle)
    return away


def log_density(away: Array, std: Array) -> Array:
    """Return log N(y_i | a + b x_i, σ²) from `away`, the residuals, (n,)."""
    log_densities: Array = -((away / std) ** 2) / 2 - np.log(
        std * np.sqrt(2 * np.pi)
    )
    return log_densities


def e_step(lifetimes: Lifetimes, line: Line) -> tuple[Moments, float]:
    """Return what is expected of each lifetime, and the log-likelihood.

    That is the log-density of each log10 lifetime seen, and the
    log-probability that each other one is longer than the test. (Schmee &
    Hahn 1979 fit lines to these means in turn; Aitkin 1981 makes it EM.)
    """
    y, failed = np.log10(lifetimes.hours), lifetimes.failed == 1
    away = residuals(y, lifetimes, line)
    z = away / line.std
    beyond, variance = above(z)
    moments = Moments(
        np.where(failed, y, y - away + line.std * beyond),
        np.where(failed, 0, line.std**2 * variance),
    )
    log_p = np.where(failed, log_density(away, line.std), log_ndtr(-z))
    return moments, float(lifetimes.weights @ log_p)


def expected_log_joint(
    lifetimes: Lifetimes, moments: Moments, line: Line
) -> float:
    """Return the average of Σ_i log N(y_i | a + b x_i, σ²), y being hidden."""
    away = residuals(moments.mean, lifetimes, line)
    taken_off = moments.variance / (2 * line.std**2)
    return float(lifetimes.weights @ (log_density(away, line.std) - taken_off))


def m_step(lifetimes: Lifetimes, moments: Moments) -> Line:
    """Return the least-squares line, and σ from residuals and variances.

    (Aitkin 1981.) Seen from the middle of the points, b is their covariance
    over the variance of x, in whatever unit x is measured.
    """
    average = partial(np.average, weights=lifetimes.weights)
    x, y = average(lifetimes.x), average(moments.mean)
    from_x, from_y = lifetimes.x - x, moments.mean - y
    b = average(from_x * from_y) / average(from_x**2)
    variance = average((from_y - b * from_x) ** 2 + moments.variance)
    return Line([y - b * x, b], np.sqrt(variance))


# What the two steps need not care about: what goes in, and what went wrong.


def check(lifetimes: object, line: object) -> tuple[Lifetimes, Line]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    lifetimes = validation.kind(lifetimes, Lifetimes, "data")
    line = validation.kind(line, Line, "start")
    x, hours, failed = lifetimes.x, lifetimes.hours, lifetimes.failed
    check_lifetimes(x, hours, failed)
    validation.same_length(x=x, weights=lifetimes.weights)
    refuse_no_line(x, failed, lifetimes.weights)
    least = narrowest(hours, lifetimes.weights)
    failures = x[failed * lifetimes.weights > 0]
    check_line(line.coefficients, line.std, x, failures, least)
    return lifetimes, line


def weigh(lifetimes: Lifetimes, sample_weights: Array) -> Lifetimes:
    """Return lifetimes that count so often, or raise ValueError."""
    weights = times(lifetimes.weights, sample_weights)
    refuse_no_line(lifetimes.x, lifetimes.failed, weights)
    return evolve(lifetimes, weights=weights)


def collapsed(lifetimes: Lifetimes, line: Line) -> Iterator[tuple[Array, str]]:
    """Yield whether the line has no width left, (1,), and what to do."""
    least = narrowest(lifetimes.hours, lifetimes.weights)
    yield (
        np.atleast_1d(line.std <= least),
        "its standard deviation shrank to 0: the line runs through every "
        "failure. It takes more of them",
    )
    last_digit = np.spacing(np.abs(line.coefficients[0]))
    yield (
        np.atleast_1d(line.std <= 1e4 * last_digit),
        "a + b x has no digits left for a standard deviation so small. "
        "Measure x from an origin nearer to its values",
    )


def sample(
    line: Line, x: ArrayLike, until: ArrayLike, rng: Seed
) -> tuple[Lifetimes, Array]:
    """Draw a test of items at `x`, (n,), and all the lifetimes in hours, (n,).

    It stops after `until` hours: one time for all items, or one for each.
    """
    rng = np.random.default_rng(rng)
    a, b = line.coefficients
    whole = 10 ** rng.normal(a + b * np.asarray(x, dtype=float), line.std)
    failed = whole <= np.asarray(until, dtype=float)
    return Lifetimes(x, np.minimum(whole, until), failed), whole
