"""What lifetimes and a line through them must keep to."""

import numpy as np

from em.door import validation
from em.kinds.weights import counted
from em.numbers.arrays import Array


def check_lifetimes(x: Array, hours: Array, failed: Array) -> None:
    """Raise ValueError for what is no lifetimes, each (n,)."""
    validation.small(validation.array(x, "x"), "x")
    validation.array(hours, "hours")
    validation.require(hours > 0, hours, "hours", "a time above 0")
    validation.array(failed, "failed")
    known = (failed == 0) | (failed == 1)
    validation.require(known, failed, "failed", "1, or 0 for still running")
    validation.same_length(x=x, hours=hours, failed=failed)


def refuse_no_line(x: Array, failed: Array, weights: Array) -> None:
    """Raise ValueError where those that count do not tell of a line.

    Failures at two x do; or at one, where items that still run on both sides
    of it keep the line from turning either way.
    """
    counts = counted(weights)
    x, failed = x[counts], failed[counts] == 1
    at = np.unique(x[failed])
    held = len(at) == 1 and x.min() < at[0] < x.max()
    if len(at) < 2 and not held:
        raise ValueError(
            f"{failed.sum()} of {len(x)} failed, at fewer than two different "
            "x: expected failures at two or more, for a line, or items still "
            "running on both sides of the one"
        )
    if not np.ptp(x) > max(1e-100, 1e-10 * np.abs(x).max()):
        raise ValueError(
            f"x lies between {x.min()} and {x.max()}: a line needs more digits "
            "than are left. Measure x from another origin, or in another unit"
        )


def narrowest(hours: Array, weights: Array) -> float:
    """Return how narrow a line 8 digits of log10 hours can tell from one."""
    return max(1e-12, 1e-8 * float(np.ptp(np.log10(hours[weights > 0]))))


def check_line(
    coefficients: Array, std: Array, x: Array, failures: Array, least: float
) -> None:
    """Raise ValueError for what is no line, or out of a computer's sight.

    `least` is the narrowest standard deviation. The farther the `failures`,
    some of x, are from 0, for what they span, the fewer digits has a + b x.
    """
    a_and_b = validation.array(coefficients, "coefficients")
    if len(a_and_b) != 2:
        raise ValueError(
            f"coefficients: expected 2, a and b, got {len(a_and_b)}"
        )
    span = np.ptp(failures) or np.ptp(x)
    least *= max(1, 1e-4 * np.abs(failures).max() / span)
    std = validation.array(std, "std", 0)
    validation.require(std > 0, std, "std", "a standard deviation above 0")
    good, expected = (
        (std > least) & (std < 1e50),
        f"one from {least:.3g} to 1e50",
    )
    validation.require(good, std, "std", expected)
    with np.errstate(all="ignore"):  # infinite, or ∞ − ∞
        fitted = a_and_b[0] + a_and_b[1] * x
    where, expected = "the start's log10 hours, a + b x", "less than 1e50"
    validation.require(np.abs(fitted) < 1e50, fitted, where, expected)
