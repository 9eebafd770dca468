"""A line through lifetimes, some of which were longer than the test."""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import erfcx, log_ndtr

from em import _validation
from em.errors import refuse_collapse

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("std",)


class _Lifetimes(NamedTuple):
    x: np.ndarray
    hours: np.ndarray
    failed: np.ndarray


class Lifetimes(_Lifetimes):
    """The data: for each item x, hours, and whether it failed; each (n,).

    Where `failed` is 1, the item failed at `hours`; where it is 0, it was
    still running then, and nobody waited. `x` is what the lifetime depends
    on, in any unit. Raises ValueError for a value that is not finite, hours
    not above 0, a `failed` other than 0 or 1, lengths that differ, and where
    the failures do not have two different x: they tell of no line.
    """

    __slots__ = ()

    def __new__(cls, x: Any, hours: Any, failed: Any) -> "Lifetimes":
        x, hours = (
            _validation.vector(x, "x"),
            _validation.vector(hours, "hours"),
        )
        failed = _validation.vector(failed, "failed")
        small = np.abs(x) < 1e100
        _validation.require(small, x, "x", "a number that can be squared")
        _validation.require(hours > 0, hours, "hours", "a time above 0")
        known = (failed == 0) | (failed == 1)
        _validation.require(
            known, failed, "failed", "1, or 0 for still running"
        )
        _validation.same_length(x=x, hours=hours, failed=failed)
        if len(np.unique(x[failed == 1])) < 2:
            raise ValueError(
                f"{int(failed.sum())} of {len(x)} failed, at fewer than two "
                "different x: expected failures at two or more, for a line"
            )
        return super().__new__(cls, x, hours, failed)


class _Line(NamedTuple):
    coefficients: np.ndarray
    std: np.ndarray


class Line(_Line):
    """log10 hours = a + b x, with normal errors of standard deviation σ.

    `coefficients` are a and b, shape (2,); `std` is σ, above 0, in log10
    hours, shape (). Raises ValueError for a value out of range.
    """

    __slots__ = ()

    def __new__(cls, coefficients: Any, std: Any) -> "Line":
        coefficients = _validation.vector(coefficients, "coefficients")
        if len(coefficients) != 2:
            raise ValueError(
                f"coefficients: expected 2, a and b, got {len(coefficients)}"
            )
        std = _validation.vector([std], "std")
        _validation.require(std > 0, std, "std", "a standard deviation above 0")
        return super().__new__(cls, coefficients, std[0])


class Moments(NamedTuple):
    """What is expected of log10 lifetimes, in place of responsibilities.

    Their means and variances, each (n,): the variance of one that was seen
    is 0, and the expected square of any is mean² + variance.
    """

    mean: np.ndarray
    variance: np.ndarray


def check(lifetimes: Any, line: Any) -> tuple[Lifetimes, Line]:
    """Refuse what is not Lifetimes and a Line.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(lifetimes, Lifetimes, "data")
    _validation.kind(line, Line, "start")
    return Lifetimes(*lifetimes), Line(*line)


def above(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give mean and variance of a standard normal known to exceed z, (n,).

    The mean is λ = φ(z) / Φ(−z), the variance 1 − λ (λ − z). (Johnson, Kotz
    & Balakrishnan 1994, chapter 13, section 10.1.) φ and Φ underflow far
    out, but not their quotient, which `erfcx` gives; and beyond z = 50, where
    the variance is a small difference of large numbers, its series is better.
    """
    mean = np.sqrt(2 / np.pi) / erfcx(z / np.sqrt(2))
    t = np.maximum(z, 50.0) ** -2
    series = t * (1 - 6 * t + 50 * t**2 - 518 * t**3)
    return mean, np.where(z > 50, series, 1 - mean * (mean - z))


def e_step(lifetimes: Lifetimes, line: Line) -> tuple[Moments, float]:
    """Say what is expected of each lifetime, given that it was not shorter.

    Gives the Moments, and the log-likelihood of `line`: the log-density of
    each log10 lifetime seen, the log-probability that each other one is
    longer than the test. (Schmee & Hahn 1979 fit lines to these means in
    turn; Aitkin 1981 makes it EM.)
    """
    (a, b), std = line
    fitted = a + b * lifetimes.x
    log_hours = np.log10(lifetimes.hours)
    z = (log_hours - fitted) / std
    failed = lifetimes.failed == 1
    beyond, variance = above(z)
    log_density = -(z**2) / 2 - np.log(std * np.sqrt(2 * np.pi))
    expected = Moments(
        np.where(failed, log_hours, fitted + std * beyond),
        np.where(failed, 0.0, std**2 * variance),
    )
    return expected, float(np.where(failed, log_density, log_ndtr(-z)).sum())


def expected_log_joint(
    lifetimes: Lifetimes, expected: Moments, line: Line
) -> float:
    """Give the average of Σ_i log N(y_i | a + b x_i, σ²) over all lifetimes."""
    (a, b), std = line
    squares = (expected.mean - a - b * lifetimes.x) ** 2 + expected.variance
    log_peak = -np.log(std * np.sqrt(2 * np.pi))
    return float((log_peak - squares / (2 * std**2)).sum())


def m_step(lifetimes: Lifetimes, expected: Moments) -> Line:
    """Draw the least-squares line, and take σ from residuals and variances.

    (Aitkin 1981.) Raises CollapsedError where the line fits exactly.
    """
    mean, variance = expected
    columns = np.column_stack([np.ones_like(lifetimes.x), lifetimes.x])
    coefficients = np.linalg.lstsq(columns, mean, rcond=None)[0]
    residuals = mean - columns @ coefficients
    std = np.sqrt((residuals**2 + variance).mean())
    refuse_collapse(
        np.array([std <= 1e-12]),
        "its standard deviation shrank to 0: the line runs through every "
        "failure. It takes more of them",
    )
    return Line(coefficients, std)


def sample(
    line: Line, x: Any, until: Any, rng: np.random.Generator
) -> tuple[Lifetimes, np.ndarray]:
    """Draw a test of items at `x`, (n,), that stops after `until` hours.

    Gives what is seen of it, and all the lifetimes in hours, (n,). `until`
    is one time for all items, or one for each.
    """
    x = np.asarray(x, dtype=float)
    (a, b), std = line
    whole = 10 ** rng.normal(a + b * x, std)
    failed = (whole <= until).astype(float)
    return Lifetimes(x, np.minimum(whole, until), failed), whole
