"""A table with holes, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.stats import multivariate_normal

import em
from em.models import missing_normal
from em.models.censored_regression import Line
from em.models.missing_normal import Gaussian
from rows.kinds import Other


def holes_log_likelihood(table: np.ndarray, gaussian: Gaussian) -> float:
    total = 0.0
    for row in table:
        seen = ~np.isnan(row)
        if seen.any():
            mean, covariance = gaussian.mean[seen], gaussian.covariance[seen]
            total += multivariate_normal.logpdf(
                row[seen], mean, covariance[:, seen]
            )
    return total


def holes_expected(table: np.ndarray, given: Any, gaussian: Gaussian) -> float:
    """Sum E[log N(x | μ, Σ)]: at the expected x, less what its spread takes."""
    filled, spread = given
    inverse = np.linalg.inv(gaussian.covariance)
    at = multivariate_normal.logpdf(filled, *gaussian).sum()
    return at - np.trace(inverse @ spread) / 2


def triangle(numbers: np.ndarray) -> np.ndarray:
    root = np.zeros((3, 3))
    root[np.tril_indices(3)] = numbers
    return root @ root.T


def refused_table(table: Any, words: str, error: type = ValueError) -> Any:
    start = Gaussian([0, 0], [[1, 0], [0, 1]])
    return lambda: em.fit(missing_normal, table, start), error, words


GAP = np.nan


HALF = Gaussian([1, -2, 0], [[4, 2, 1], [2, 3, 0.5], [1, 0.5, 1]])


ROW = Other(
    missing_normal,
    HALF,
    Gaussian([0, 0, 0], np.eye(3)),
    lambda truth, n, rng: missing_normal.sample(truth, n, rng, [0.2, 0.3, 0.1]),
    lambda rng: Gaussian(
        rng.normal(0, 5, 3), triangle(rng.normal(0, 2, 6)) + np.eye(3) / 9
    ),
    0.25,
    [
        refused_table([[1, 2], [GAP, np.inf]], r"table\[1, 1\] is inf"),
        refused_table([[1, 2], [1e200, 1]], r"table\[1, 0\] is 1e\+200"),
        refused_table([1, 2], r"table: .*rows and columns, got shape \(2,"),
        refused_table([], r"table: .*rows and columns"),
        refused_table([[1, 2], [3]], r"table: .*one length", TypeError),
        refused_table([["a", 2]], r"table: .*rows of numbers", TypeError),
        refused_table([[1, 2, 3]], r"table has 3 columns, .*mean 2"),
        refused_table([[1, GAP], [2, None]], r"column 1 .*is all holes"),
        refused_table([[GAP, 1], [GAP, 2]], r"column 0 .*is all holes"),
        refused_table([[GAP, GAP]], r"column 0 .*is all holes"),
        refused_table(
            [[1, GAP], [2, GAP], [GAP, 3]],
            r"no row .* both column 0 and column 1: nothing tells",
        ),
        refused_table(
            [[1, 2], [2, 4], [5, GAP]],
            r"collapsed at step \d+: its covariance shrank until one",
            em.CollapsedError,
        ),
        refused_table(
            [[1, 7], [2, 7], [GAP, 7]],
            r"collapsed at step 1: its covariance",
            em.CollapsedError,
        ),
        (
            lambda: em.fit(missing_normal, [[1, 2]], Line([1, 2], 1)),
            TypeError,
            r"start is a em.models.censored_regression.Line: expected em.models.missing_normal.Gaussian\(",
        ),
        (
            lambda: Gaussian([0, np.nan], np.eye(2)),
            ValueError,
            r"mean\[1\] is nan",
        ),
        (
            lambda: Gaussian([0, 0], np.eye(3)),
            ValueError,
            r"covariance: expected shape \(2, 2\), got \(3, 3\)",
        ),
        (
            lambda: Gaussian([0, 0], [[1, 0.5], [0.4, 1]]),
            ValueError,
            r"covariance: expected a symmetric one",
        ),
        (
            lambda: Gaussian([0, 0], [[1, np.nan], [np.nan, 1]]),
            ValueError,
            r"covariance: expected a symmetric one, no NaN",
        ),
        (
            lambda: Gaussian([0, 0], [[1, 2], [2, 1]]),
            ValueError,
            r"covariance has an eigenvalue -1: expected all above 0",
        ),
        (
            lambda: Gaussian([0, 0], [[1, 0], [0, 0]]),
            ValueError,
            r"covariance has an eigenvalue 0: expected all above 0",
        ),
    ],
    holes_log_likelihood,
    holes_expected,
    lambda gaussian: np.concatenate(
        [
            gaussian.mean,
            np.linalg.cholesky(gaussian.covariance)[np.tril_indices(3)],
        ]
    ),
    lambda free: Gaussian(free[:3], triangle(free[3:])),
    {},
)
