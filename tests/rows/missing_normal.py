"""A table with holes, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.stats import multivariate_normal

import em
from em.models import missing_normal
from em.models.censored_regression import Line
from em.models.missing_normal import Normal, Table
from rows.kinds import Other, refused


def holes_log_likelihood(table: Table, normal: Normal) -> float:
    total = 0.0
    for row, weight in zip(table.values, table.weights, strict=True):
        seen = ~np.isnan(row)
        if seen.any():
            mean, covariance = normal.mean[seen], normal.covariance[seen]
            total += weight * multivariate_normal.logpdf(
                row[seen], mean, covariance[:, seen]
            )
    return total


def holes_expected(table: Table, given: Any, normal: Normal) -> float:
    """Sum E[log N(x | μ, Σ)]: at the expected x, less what its spread takes."""
    inverse = np.linalg.inv(normal.covariance)
    at = table.weights @ multivariate_normal.logpdf(
        given.filled, normal.mean, normal.covariance
    )
    return at - np.trace(inverse @ given.spread) / 2


def triangle(numbers: np.ndarray) -> np.ndarray:
    root = np.zeros((3, 3))
    root[np.tril_indices(3)] = numbers
    return root @ root.T


def refused_table(table: Any, words: str, error: type = ValueError) -> Any:
    start = Normal([0, 0], [[1, 0], [0, 1]])
    return refused(missing_normal, table, start, error, words)


def refused_start(mean: Any, covariance: Any, words: str) -> Any:
    """Give a start that the door refuses, for a table that it does not."""
    table, start = [[1, 2], [2, 5], [GAP, 3]], Normal(mean, covariance)
    return refused(missing_normal, table, start, ValueError, words)


GAP = np.nan


HALF = Normal([1, -2, 0], [[4, 2, 1], [2, 3, 0.5], [1, 0.5, 1]])


ROW = Other(
    missing_normal,
    HALF,
    Normal([0, 0, 0], np.eye(3)),
    lambda truth, n, rng: missing_normal.sample(truth, n, rng, [0.2, 0.3, 0.1]),
    lambda rng: Normal(
        rng.normal(0, 5, 3), triangle(rng.normal(0, 2, 6)) + np.eye(3) / 9
    ),
    0.25,
    [
        refused_table([[1, 2], [GAP, np.inf]], r"table\[1, 1\] is inf"),
        refused_table([[1, 2], [1e200, 1]], r"table\[1, 0\] is 1e\+200"),
        refused_table([1, 2], r"table: .*rows and columns, got shape \(2,"),
        refused_table([], r"table: .*rows and columns"),
        refused_table(np.empty((0, 2)), r"table: .*columns, got shape \(0, 2"),
        refused_table(np.empty((2, 0)), r"table: .*columns, got shape \(2, 0"),
        refused_table([[[1, 2]]], r"table: .*columns, got shape \(1, 1, 2\)"),
        refused_table([[1, 2], [3]], r"table: .*one length", TypeError),
        refused_table([["a", 2]], r"table: expected numbers", TypeError),
        refused_table([["1", "2"]], r"table: expected numbers", TypeError),
        refused_table([[1j, 2]], r"table: expected numbers", TypeError),
        refused_table([[10**400, 2]], r"table: expected floats", TypeError),
        refused_table("ab", r"table: expected numbers", TypeError),
        refused_table(None, r"table: .*columns, got shape \(\)"),
        refused_table(
            np.array([["2020-01-01", "2020-01-02"]], "datetime64[D]"),
            r"table: expected numbers",
            TypeError,
        ),
        refused_table(
            np.ma.masked_equal([["1", "2"], ["3", "4"]], "1"),
            r"table: expected numbers",
            TypeError,
        ),
        refused_table([[1, 2, 3], [4, 5, 7]], r"table has 3 columns, .*mean 2"),
        refused_table([[1, GAP], [2, None]], r"column 1 .*is all holes"),
        refused_table([[GAP, 1], [GAP, 2]], r"column 0 .*is all holes"),
        refused_table([[GAP, GAP]], r"column 0 .*is all holes"),
        refused_table(
            [[1, GAP], [2, GAP], [GAP, 3], [GAP, 4]],
            r"no row .* both column 0 and column 1: nothing tells",
        ),
        refused_table(
            Table([[1, 3], [2, GAP], [5, GAP], [GAP, 4]], [0, 1, 1, 2]),
            r"column 1 of the table is 4.0 wherever",
        ),
        refused_table(
            Table(
                [[1, 3], [2, GAP], [5, GAP], [GAP, 4], [GAP, 5]], [0] + [1] * 4
            ),
            r"no row .* both column 0 and column 1: nothing tells",
        ),
        refused_table(
            Table([[1, 3], [2, 4]], [1]), r"as many .*, got 2 rows, 1 weights"
        ),
        refused_table(
            Table([[1, 3], [2, 4]], [1, -1]),
            r"weights\[1\] is -1: expected 0, or",
        ),
        refused_table(
            Table([[1, 3], [2, 4]], [1, GAP]), r"weights\[1\] is nan: expected"
        ),
        refused_table(
            Table([[1, 3], [2, 4]], [0, 0]), r"weights are all 0: expected one"
        ),
        refused_table(
            [[1, 2], [2, 4], [5, GAP]],
            r"collapsed at step \d+: its covariance shrank until one",
            em.CollapsedError,
        ),
        refused_table(
            [[1, 7], [2, 7], [GAP, 7]],
            r"column 1 of the table is 7.0 wherever it is seen: expected two",
        ),
        refused_table(
            [[1, 7], [2, 7], [4, GAP], [3, 7]],
            r"column 1 of the table is 7.0 wherever it is seen",
        ),
        refused_table(
            [[1, 0], [2, 0], [4, GAP], [3, 0], [GAP, 0], [9, 0]],
            r"column 1 of the table is 0.0 wherever it is seen",
        ),
        refused_table(
            [[1e14, 1], [1e14 + 1, 2], [1e14 + 2, 4]],
            r"column 0 of the table lies between 1\d+\.0 and .* Take off what",
        ),
        refused_table(
            [[1e-200, 1], [2e-200, 2], [3e-200, 4]],
            r"column 0 of the table lies between 1e-200 and .* another unit",
        ),
        refused_table(
            [[-1e14, 1], [-1e14 - 1, 2], [-1e14 - 2, 4]],
            r"column 0 of the table lies between -1\d+\.0 and .* Take off what",
        ),
        refused_table(
            Table([[1, 3], [2, 4]], [1, 1e200]), r"weights\[1\] is 1e\+200: exp"
        ),
        refused_table(
            Table([[1, 3], [2, 4]], [1, 1e-200]), r"weights\[1\] is 1e-200: exp"
        ),
        refused(
            missing_normal,
            [[1e50, 2], [2e50, 3], [1, 5]],
            Normal([0, 0], [[1e-110, 0], [0, 1]]),
            ValueError,
            r"table\[0, 0\] is more than 1e40 of the start's standard deviat",
        ),
        (
            lambda: em.fit(missing_normal, [[1, 2]], Line([1, 2], 1)),
            TypeError,
            r"start is a em.models.censored_regression.Line .*: expected em.models.missing_normal.Normal\(mean, covariance\)",
        ),
        (
            lambda: Normal([0, 0], [[1, 2], [3]]),
            TypeError,
            r"covariance: expected numbers",
        ),
        refused_start([0, GAP], np.eye(2), r"mean\[1\] is nan"),
        refused_start([0, 1e200], np.eye(2), r"mean\[1\] is 1e\+200"),
        refused_start(
            [0, 0],
            np.eye(3),
            r"covariance: expected shape \(2, 2\), got \(3, 3\)",
        ),
        refused_start([0, 0], [1, 1], r"covariance: expected two dimensions"),
        refused_start(
            [0, 0], [[1, 0.5], [0.4, 1]], r"covariance is not symmetric"
        ),
        refused_start(
            [0, 0], [[1, GAP], [GAP, 1]], r"covariance\[0, 1\] is nan"
        ),
        refused_start(
            [0, 0], [[1, 2], [2, 1]], r"covariance is not positive definite"
        ),
        refused_start(
            [0, 0],
            [[1, 0], [0, 0]],
            r"covariance's diagonal\[1\] is 0: expected",
        ),
        refused_start(
            [0, 0],
            [[1, 1 - 1e-13], [1 - 1e-13, 1]],
            r"covariance: but for rounding, one column follows from the others",
        ),
        refused_start(
            [0, 0],
            [[1, 0], [0, 1e-220]],
            r"the start's standard deviations\[1\] is 1e-110: expected one, 1e-100",
        ),
        refused_start(
            [0, 0],
            [[1, 0], [0, 1e220]],
            r"the start's standard deviations\[1\] is 1e\+110: expected one, 1e",
        ),
        (
            lambda: em.fit(
                missing_normal,
                [[1, 3], [2, 4], [5, 5], [GAP, 7]],
                Normal([0, 0], np.eye(2)),
                sample_weights=[0, 1, 0, 1],
            ),
            ValueError,
            r"column 0 of the table is 2.0 wherever it is seen",
        ),
        (
            lambda: em.fit(
                missing_normal,
                [[1, 3], [2, 4], [5, 7]],
                Normal([0, 0], np.eye(2)),
                sample_weights=[1, 1],
            ),
            ValueError,
            r"got 3 observations, 2 sample_weights",
        ),
        (
            lambda: em.fit(
                missing_normal,
                missing_normal.sample(HALF, 0, np.random.default_rng(0))[0],
                HALF,
            ),
            ValueError,
            r"table: expected rows and columns, got shape \(0, 3\)",
        ),
    ],
    holes_log_likelihood,
    holes_expected,
    lambda normal: np.concatenate(
        [
            normal.mean,
            np.linalg.cholesky(normal.covariance)[np.tril_indices(3)],
        ]
    ),
    lambda free: Normal(free[:3], triangle(free[3:])),
    {},
)
PRIOR = missing_normal.NormalPrior(0, 1, 2, 3)
