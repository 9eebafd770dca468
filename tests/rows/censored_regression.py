"""Lifetimes cut off by the end of a test, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.stats import norm

import em
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Line
from rows.kinds import Other, refused


def lifetimes_log_likelihood(data: Lifetimes, line: Line) -> float:
    at = line.coefficients[0] + line.coefficients[1] * data.x
    y, failed = np.log10(data.hours), data.failed == 1
    seen = norm.logpdf(y[failed], at[failed], line.std)
    longer = norm.logsf(y[~failed], at[~failed], line.std)
    return data.weights[failed] @ seen + data.weights[~failed] @ longer


def lifetimes_expected(data: Lifetimes, given: Any, line: Line) -> float:
    at = line.coefficients[0] + line.coefficients[1] * data.x
    means = norm.logpdf(given.mean, at, line.std)
    return data.weights @ (means - given.variance / (2 * line.std**2))


def refused_data(
    words: str, x: Any, hours: Any, failed: Any, weights: Any = None
) -> Any:
    """Give lifetimes that the door refuses."""
    weighed = () if weights is None else (weights,)
    data = Lifetimes(x, hours, failed, *weighed)
    return refused(
        censored_regression, data, Line([1, 1], 1), ValueError, words
    )


def refused_start(words: str, coefficients: Any, std: Any) -> Any:
    """Give a start that the door refuses, for lifetimes that it does not."""
    data, start = (
        Lifetimes([1, 2, 3], [5, 6, 9], [1, 1, 0]),
        Line(coefficients, std),
    )
    return refused(censored_regression, data, start, ValueError, words)


def no_numbers(words: str, *lifetimes: Any) -> Any:
    return lambda: Lifetimes(*lifetimes), TypeError, words


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
        refused_data(r"hours\[1\] is nan", [1, 2], [5, np.nan], [1, 1]),
        refused_data(
            r"hours\[0\] is 0: expected a time above 0", [1, 2], [0, 5], [1, 1]
        ),
        refused_data(r"hours\[1\] is inf", [1, 2], [5, np.inf], [1, 0]),
        refused_data(
            r"failed\[1\] is 0.5: expected 1, or 0 for still running",
            [1, 2],
            [5, 5],
            [1, 0.5],
        ),
        refused_data(r"x\[1\] is inf", [1, np.inf], [5, 5], [1, 1]),
        refused_data(
            r"x\[1\] is 1e\+200: expected a number below 1e100",
            [1, 1e200],
            [5, 5],
            [1, 1],
        ),
        refused_data(r"2 x, 2 hours, 1 failed", [1, 2], [5, 5], [1]),
        refused_data(r"2 x, 1 weights", [1, 2], [5, 5], [1, 1], [1]),
        refused_data(r"x is empty", [], [], []),
        refused_data(r"x: expected one dimension", [[1, 2]], [1, 2], [1, 1]),
        refused_data(
            r"weights\[1\] is -1: expected 0, or",
            [1, 2],
            [5, 6],
            [1, 1],
            [1, -1],
        ),
        refused_data(r"weights are all 0", [1, 2], [5, 6], [1, 1], [0, 0]),
        no_numbers(r"x: expected numbers, got str 'ab'", "ab", [1], [1]),
        no_numbers(r"x: expected numbers", ["1", "2"], [5, 6], [1, 1]),
        no_numbers(r"hours: expected numbers", [1, 2], [5j, 6], [1, 1]),
        no_numbers(r"failed: expected numbers", [1, 2], [5, 6], [1, None]),
        no_numbers(
            r"x: expected numbers",
            np.array(["2020-01-01", "2020-01-02"], "datetime64[D]"),
            [5, 6],
            [1, 1],
        ),
        no_numbers(
            r"hours is a masked array: expected plain numbers",
            [1, 2],
            np.ma.masked_equal([5, 6], 6),
            [1, 1],
        ),
        no_numbers(r"x: expected floats", [1, 10**400], [5, 6], [1, 1]),
        refused_data(
            r"0 of 2 failed, .* expected failures at two or more",
            [1, 2],
            [5, 5],
            [0, 0],
        ),
        refused_data(
            r"2 of 3 failed, at fewer than two different x",
            [1, 1, 2],
            [5, 6, 7],
            [1, 1, 0],
        ),
        refused_data(
            r"2 of 3 failed, at fewer than two different x",
            [1, 1, 2, 2],
            [5, 6, 7, 8],
            [1, 1, 0, 1],
            [1, 1, 1, 0],
        ),
        refused_data(
            r"x lies between 1000000000000.0 and 1000000000002.0: .*other origin",
            [1e12, 1e12 + 1, 1e12 + 2],
            [5, 6, 7],
            [1, 1, 0],
        ),
        refused_data(
            r"x lies between 1e-200 and 3e-200: .* another unit",
            [1e-200, 2e-200, 3e-200],
            [5, 6, 7],
            [1, 1, 0],
        ),
        refused_start(r"std is 0: expected", [1, 2], 0),
        refused_start(r"std is nan", [1, 2], np.nan),
        refused_start(r"std: expected one number", [1, 2], [1]),
        refused_start(r"std is 1e\+60: expected one from", [1, 2], 1e60),
        refused_start(r"std is 1e-60: expected one from", [1, 2], 1e-60),
        refused(
            censored_regression,
            Lifetimes(1e9 + np.arange(3), [1, 10, 200], [1, 1, 1]),
            Line([1, 0], 1e-3),
            ValueError,
            r"std is 0.001: expected one from 0.00115 to 1e50",
        ),
        refused_start(r"expected 2, a and b, ", [1, 2, 3], 1),
        refused_start(r"coefficients\[1\] is", [1, np.inf], 1),
        refused_start(
            r"start's log10 hours, a \+ b x\[0\] is 1e\+60: expected less",
            [0, 1e60],
            1,
        ),
        refused_start(
            r"start's log10 hours, a \+ b x\[0\] is -1e\+60: expected less",
            [0, -1e60],
            1,
        ),
        refused_start(
            r"start's log10 hours, a \+ b x\[0\] is inf", [1e308, 1e308], 1
        ),
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
            lambda: em.fit(
                censored_regression,
                Lifetimes(
                    np.array([0, 1, 2, 3, 4]) + 1e9,
                    10.0 ** np.array([0, 1 + 1e-5, 2, 3 + 1e-5, 4]),
                    [1] * 5,
                ),
                Line([1, 0], 1),
            ),
            em.CollapsedError,
            r"at step 1: a \+ b x has no digits left .* Measure x from an origin",
        ),
        (
            lambda: em.fit(censored_regression, [1, 2], Line([1, 1], 1)),
            TypeError,
            r"data is a list \[1, 2\]: expected em.models.censored_regression.Lifetimes\(x, hours, failed, weights\)",
        ),
        (
            lambda: em.fit(
                censored_regression,
                Lifetimes([1, 2, 2], [10, 100, 200], [1, 1, 1]),
                (1, 2),
            ),
            TypeError,
            r"start is a tuple \(1, 2\): expected em.models.censored_regression.Line\(coefficients, std\)",
        ),
        (
            lambda: em.fit(
                censored_regression,
                Lifetimes([1, 2, 2], [10, 100, 200], [1, 1, 1]),
                Line([1, 1], 1),
                sample_weights=[0, 1, 1],
            ),
            ValueError,
            r"2 of 2 failed, at fewer than two different x",
        ),
        (
            lambda: em.fit(
                censored_regression,
                Lifetimes([1, 2, 2], [10, 100, 200], [1, 1, 1]),
                Line([1, 1], 1),
                sample_weights=[1, 1],
            ),
            ValueError,
            r"got 3 observations, 2 sample_weights",
        ),
        (
            lambda: em.fit(
                censored_regression,
                censored_regression.sample(
                    Line([1, 1], 1), [], 100, np.random.default_rng(0)
                )[0],
                Line([1, 1], 1),
            ),
            ValueError,
            r"x is empty: expected at least one number",
        ),
    ],
    lifetimes_log_likelihood,
    lifetimes_expected,
    lambda line: np.array([*line.coefficients, np.log(line.std)]),
    lambda free: Line(free[:2], np.exp(free[2])),
    {},
)
