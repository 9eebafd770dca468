"""Lifetimes cut off by the end of a test, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.stats import norm

import em
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Line
from rows.kinds import Other


def lifetimes_log_likelihood(data: Lifetimes, line: Line) -> float:
    at = line.coefficients[0] + line.coefficients[1] * data.x
    y, failed = np.log10(data.hours), data.failed == 1
    seen = norm.logpdf(y[failed], at[failed], line.std).sum()
    return seen + norm.logsf(y[~failed], at[~failed], line.std).sum()


def lifetimes_expected(data: Lifetimes, given: Any, line: Line) -> float:
    at = line.coefficients[0] + line.coefficients[1] * data.x
    means = norm.logpdf(given.mean, at, line.std).sum()
    return means - given.variance.sum() / (2 * line.std**2)


ROW = Other(
    censored_regression,
    Line([-2, 1.5], 0.4),
    Line([0, 0], 1),
    lambda truth, n, rng: censored_regression.sample(
        truth, rng.uniform(2, 4, n), rng.choice([300, 3000, 30000], n), rng
    ),
    lambda rng: Line(rng.normal(0, 5, 2), np.exp(rng.normal(0, 2))),
    0.15,
    [
        (
            lambda: Lifetimes([1, 2], [5, np.nan], [1, 1]),
            ValueError,
            r"hours\[1\] is nan",
        ),
        (
            lambda: Lifetimes([1, 2], [0, 5], [1, 1]),
            ValueError,
            r"hours\[0\] is 0: expected a time above 0",
        ),
        (
            lambda: Lifetimes([1, 2], [5, 5], [1, 0.5]),
            ValueError,
            r"failed\[1\] is 0.5: expected 1, or 0 for still running",
        ),
        (
            lambda: Lifetimes([1, np.inf], [5, 5], [1, 1]),
            ValueError,
            r"x\[1\] is inf",
        ),
        (
            lambda: Lifetimes([1, 1e200], [5, 5], [1, 1]),
            ValueError,
            r"x\[1\] is 1e\+200: expected a number that can be squared",
        ),
        (
            lambda: Lifetimes([1, 2], [5, 5], [1]),
            ValueError,
            r"2 x, 2 hours, 1 failed",
        ),
        (lambda: Lifetimes([], [], []), ValueError, r"x is empty"),
        (lambda: Lifetimes("ab", [1], [1]), TypeError, r"x: expected a li"),
        (
            lambda: Lifetimes([1, 2], [5, 5], [0, 0]),
            ValueError,
            r"0 of 2 failed, .* expected failures at two or more",
        ),
        (
            lambda: Lifetimes([1, 1, 2], [5, 6, 7], [1, 1, 0]),
            ValueError,
            r"2 of 3 failed, at fewer than two different x",
        ),
        (lambda: Line([1, 2], 0), ValueError, r"std\[0\] is 0: expected"),
        (lambda: Line([1, 2], np.nan), ValueError, r"std\[0\] is nan"),
        (lambda: Line([1, 2, 3], 1), ValueError, r"expected 2, a and b, "),
        (lambda: Line([1, np.inf], 1), ValueError, r"coefficients\[1\] is"),
        (
            lambda: em.fit(
                censored_regression,
                Lifetimes([1, 2], [10, 100], [1, 1]),
                Line([1, 1], 1),
            ),
            em.CollapsedError,
            r"collapsed at step 1: its standard deviation shrank to 0",
        ),
        (
            lambda: em.fit(censored_regression, [1, 2], Line([1, 1], 1)),
            TypeError,
            r"data is a builtins.list: expected em.models.censored_regression.Lifetimes\(",
        ),
    ],
    lifetimes_log_likelihood,
    lifetimes_expected,
    lambda line: np.array([*line.coefficients, np.log(line.std)]),
    lambda free: Line(free[:2], np.exp(free[2])),
    {},
)
