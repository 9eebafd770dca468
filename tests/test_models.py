"""What must hold for every model: one row each in MODELS, one test for all.

A mixture, whose hidden part is a label, has its row in MIXTURES; any other model
in OTHERS. Some tests are for all, some for one of the two kinds.
"""

from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import approx_fprime, minimize
from scipy.stats import binom, multivariate_normal, norm, poisson

import em
from em import coins, gaussians, holes, lifetimes, markov, normals, poissons
from em.coins import Coins, Flips
from em.gaussians import Gaussians
from em.holes import Gaussian
from em.lifetimes import Lifetimes, Line
from em.markov import Markov
from em.normals import Normals
from em.poissons import Poissons

# Parameters whose rows are chances that sum to 1.
CHANCES = ("weights", "initial", "transitions")


def in_any_order(params: Any, labels: tuple[int, ...]) -> float:
    """Give log p(labels) where labels are drawn one by one, by weight."""
    return float(np.log(params.weights[list(labels)]).sum())


def along_a_chain(chain: Markov, labels: tuple[int, ...]) -> float:
    moves = chain.transitions[labels[:-1], labels[1:]]
    return float(np.log(chain.initial[labels[0]]) + np.log(moves).sum())


def expected_in_any_order(params: Any, responsibilities: Any) -> float:
    """Give the expectation of log p(labels)."""
    return float((responsibilities * np.log(params.weights)).sum())


def expected_along_a_chain(chain: Markov, shares: Any) -> float:
    first = shares.states[0] @ np.log(chain.initial)
    return float(first + (shares.moves * np.log(chain.transitions)).sum())


def long_run(chain: Markov) -> np.ndarray:
    return np.linalg.matrix_power(chain.transitions, 1000)[0]


def evenly(field: np.ndarray) -> np.ndarray:
    """Give the field as it is, or symmetric where it holds matrices."""
    return (field + field.swapaxes(1, 2)) / 2 if field.ndim == 3 else field


class Row(NamedTuple):
    """A mixture, and what the tests need to know of it."""

    model: ModuleType
    truth: Any  # parameters to sample from
    start: Any
    sample: Any  # (truth, n, rng) -> data, labels
    chance: Any  # (data, i, truth, k) -> log p(x_i | k), by another library
    near: float  # how far an estimate from 2,000 observations may be off
    refused: list[tuple[Any, type, str]]  # what is called, the error, its words
    options: dict[str, Any]  # for fits from starts that may collapse
    # What differs where the labels are not drawn one by one.
    states: Any = lambda responsibilities: responsibilities  # shape (n, k)
    prior: Any = in_any_order
    expected_prior: Any = expected_in_any_order
    shares: Any = lambda truth: truth.weights  # of each component, in the end
    not_to_be_found: tuple[str, ...] = ()  # however long the series is

    def anywhere(self, rng: np.random.Generator) -> Any:
        """Give a start that has nothing to do with the data, or nearly so."""
        return self.truth._replace(
            **{
                name: rng.dirichlet(np.ones(3), field.shape[:-1])
                if name in CHANCES
                else rng.choice(field, len(field))
                + 0.05 * evenly(rng.random(field.shape))
                for name, field in self.truth._asdict().items()
            }
        )


class Other(NamedTuple):
    """A model whose hidden part is not a label: its E-step expects numbers."""

    model: ModuleType
    truth: Any
    start: Any
    sample: Any  # (truth, n, rng) -> data, what was hidden
    anywhere: Any  # rng -> a start
    near: float
    refused: list[tuple[Any, type, str]]
    log_likelihood: Any  # (data, params), by another library
    expected: (
        Any  # (data, what the E-step gave, params) -> E[complete log-lik.]
    )
    free: Any  # params -> numbers without bounds, shape (m,)
    bound: Any  # the way back
    options: dict[str, Any]
    not_to_be_found: tuple[str, ...] = ()


def flips_chance(flips: Flips, i: int, coins: Coins, k: int) -> float:
    heads, flipped = flips.heads[i], flips.heads[i] + flips.tails[i]
    counts = binom.logpmf(heads, flipped, coins.theta[k])
    orders = binom.logpmf(heads, flipped, 0.5) + flipped * np.log(2)
    return counts - orders  # without the binomial coefficient


ROUNDS = Flips([5, 9, 8], [5, 1, 2])
ONE, TWO = np.eye(1), np.eye(2)

MIXTURES = [
    Row(
        coins,
        Coins([0.2, 0.7, 0.45], [0.2, 0.5, 0.3]),
        Coins([0.1, 0.9, 0.5]),
        lambda truth, n, rng: coins.sample(
            truth, n, rng.integers(30, 60, n), rng
        ),
        flips_chance,
        0.06,
        [
            (
                lambda: Flips([1, np.nan], [1, 1]),
                ValueError,
                r"heads\[1\] is nan",
            ),
            (
                lambda: Flips([1, 1], [np.inf, 1]),
                ValueError,
                r"tails\[0\] is inf",
            ),
            (lambda: Flips([1, 1], [1, -2]), ValueError, r"tails\[1\] is -2"),
            (lambda: Flips([1, 1], [1]), ValueError, r"2 heads, 1 tails"),
            (lambda: Flips([], []), ValueError, r"heads is empty"),
            (lambda: Flips([[1]], [1]), ValueError, r"heads: .*shape \(1, 1\)"),
            (lambda: Flips("ab", [1]), TypeError, r"heads: expected a list"),
            (lambda: Coins([0.5, 1.1]), ValueError, r"theta\[1\] is 1.1"),
            (lambda: Coins([-0.1]), ValueError, r"theta\[0\] is -0.1"),
            (lambda: Coins([np.nan]), ValueError, r"theta\[0\] is nan"),
            (lambda: Coins([0.5], [0.9]), ValueError, r"weights sum to 0.9"),
            (
                lambda: Coins([0.5, 0.5], [1.5, -0.5]),
                ValueError,
                r"weights\[1\] is -0.5",
            ),
            (
                lambda: Coins([0.5, 0.4], [1]),
                ValueError,
                r"2 theta, 1 weights",
            ),
            (
                lambda: em.fit(coins, ROUNDS, Coins([0, 1])),
                ValueError,
                r"sequence 0 is impossible",
            ),
            (
                lambda: em.fit(coins, ROUNDS, Coins([0, 0.5])),
                em.CollapsedError,
                r"component 0 collapsed at step 1: it takes no data. Start",
            ),
            (
                lambda: em.fit(coins, Flips([0, 0], [0, 0]), Coins([0.1, 0.5])),
                em.CollapsedError,
                r"component 0 collapsed at step 1: it takes no flips. Leave",
            ),
        ],
        {},
    ),
    Row(
        normals,
        Normals([-2, 1, 6], [0.5, 1, 2], [0.3, 0.3, 0.4]),
        Normals([-3, 0, 5], [1, 1, 1]),
        normals.sample,
        lambda x, i, truth, k: norm.logpdf(x[i], truth.means[k], truth.stds[k]),
        0.25,
        [
            (lambda: Normals([1], [0]), ValueError, r"stds\[0\] is 0"),
            (lambda: Normals([1, 2], [1, -1]), ValueError, r"stds\[1\] is -1"),
            (
                lambda: Normals([1, np.inf], [1, 1]),
                ValueError,
                r"means\[1\] is inf",
            ),
            (lambda: Normals([1, 2], [1]), ValueError, r"2 means, 1 stds"),
            (
                lambda: Normals([1], [1], [0.5]),
                ValueError,
                r"weights sum to 0.5",
            ),
            (
                lambda: em.fit(normals, [1, np.nan], Normals([1], [1])),
                ValueError,
                r"x\[1\] is nan",
            ),
            (
                lambda: em.fit(normals, [], Normals([1], [1])),
                ValueError,
                r"x is empty",
            ),
            (
                lambda: em.fit(normals, [1, 2, 1e200], Normals([1], [1])),
                ValueError,
                r"x\[2\] is 1e\+200: expected a number that can be squared",
            ),
            (
                lambda: em.fit(normals, [1, 2, 9], Normals([1, 9], [1, 0.1])),
                em.CollapsedError,
                r"component 1 collapsed at step 1: its standard .* min_std",
            ),
            (
                lambda: em.fit(normals, [1, 2, 9], Normals([1, 9e9], [1, 0.1])),
                em.CollapsedError,
                r"component 1 collapsed at step 1: it takes no data. Start",
            ),
        ],
        {"min_std": 1e-3},
    ),
    Row(
        poissons,
        Poissons([3, 12, 30], [0.3, 0.5, 0.2]),
        Poissons([1, 10, 40]),
        poissons.sample,
        lambda x, i, truth, k: poisson.logpmf(x[i], truth.rates[k]),
        0.6,
        [
            (lambda: Poissons([1, -2]), ValueError, r"rates\[1\] is -2"),
            (lambda: Poissons([np.nan]), ValueError, r"rates\[0\] is nan"),
            (lambda: Poissons([1, 2], [1]), ValueError, r"2 rates, 1 weights"),
            (lambda: Poissons([1], [2]), ValueError, r"weights sum to 2"),
            (
                lambda: em.fit(poissons, [1, -1], Poissons([1])),
                ValueError,
                r"counts\[1\] is -1: expected a whole number, not below 0",
            ),
            (
                lambda: em.fit(poissons, [1, 2, 2.5], Poissons([1])),
                ValueError,
                r"counts\[2\] is 2.5: expected a whole number",
            ),
            (
                lambda: em.fit(poissons, [np.nan, 1], Poissons([1])),
                ValueError,
                r"counts\[0\] is nan",
            ),
            (
                lambda: em.fit(poissons, [], Poissons([1])),
                ValueError,
                r"counts is empty",
            ),
            (
                lambda: em.fit(poissons, [1, 2], [1, 2]),
                TypeError,
                r"the start is a builtins.list: expected em.poissons.Poissons",
            ),
            (
                lambda: em.fit(poissons, [0, 3], Poissons([0, 0])),
                ValueError,
                r"count 1 is impossible under every component",
            ),
            (
                lambda: em.fit(poissons, [1, 3], Poissons([0, 2])),
                em.CollapsedError,
                r"component 0 collapsed at step 1: it takes no data. Start",
            ),
        ],
        {},
    ),
    Row(
        markov,
        Markov(
            [0.5, 0.3, 0.2],
            [[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.25, 0.7]],
            [3, 12, 30],
        ),
        Markov([0.3, 0.4, 0.3], np.full((3, 3), 1 / 3), [1, 10, 40]),
        markov.sample,
        lambda x, i, truth, k: poisson.logpmf(x[i], truth.rates[k]),
        0.6,
        [
            (
                lambda: Markov([0.5, 0.4], np.eye(2), [1, 2]),
                ValueError,
                r"initial sum to 0.9: expected 1",
            ),
            (
                lambda: Markov([0.5, 0.5], [[1, 0], [0.5, 0.4]], [1, 2]),
                ValueError,
                r"transitions\[1\] sum to 0.9: expected 1",
            ),
            (
                lambda: Markov([0.5, 0.5], [[1.5, -0.5], [0, 1]], [1, 2]),
                ValueError,
                r"transitions\[0\]\[1\] is -0.5",
            ),
            (
                lambda: Markov([0.5, 0.5], [[1, np.nan], [0, 1]], [1, 2]),
                ValueError,
                r"transitions\[0\]\[1\] is nan",
            ),
            (
                lambda: Markov([0.5, 0.5], [[1, 0]], [1, 2]),
                ValueError,
                r"transitions: expected 2 rows of 2, .* got rows of \[2\]",
            ),
            (
                lambda: Markov([0.5, 0.5], [[1, 0], [1]], [1, 2]),
                ValueError,
                r"transitions: .* got rows of \[2, 1\]",
            ),
            (
                lambda: Markov([0.5, 0.5], 0.5, [1, 2]),
                TypeError,
                r"transitions: expected a list of rows",
            ),
            (
                lambda: Markov([0.5, 0.5], np.eye(2), [1, 2, 3]),
                ValueError,
                r"2 initial, 3 rates",
            ),
            (
                lambda: Markov([1], [[1]], [-3]),
                ValueError,
                r"rates\[0\] is -3",
            ),
            (
                lambda: em.fit(markov, [1, -1], Markov([1], [[1]], [1])),
                ValueError,
                r"counts\[1\] is -1",
            ),
            (
                lambda: em.fit(markov, [0.5, 1], Markov([1], [[1]], [1])),
                ValueError,
                r"counts\[0\] is 0.5",
            ),
            (
                lambda: em.fit(markov, [4], Markov([1], [[1]], [1])),
                ValueError,
                r"counts has 1 value: expected a series",
            ),
            (
                lambda: em.fit(markov, [1, 2], Poissons([1])),
                TypeError,
                r"the start is a em.poissons.Poissons: expected "
                r"em.markov.Markov\(initial, transitions, rates\)",
            ),
            (
                # From state 0, where all counts are 0, there is no way out.
                lambda: em.fit(
                    markov, [0, 0, 5], Markov([1, 0], np.eye(2), [0, 5])
                ),
                ValueError,
                r"count 2 is impossible in every state that can be reached",
            ),
            (
                lambda: em.fit(
                    markov, [1, 2, 3], Markov([1, 0], np.eye(2), [2, 3])
                ),
                em.CollapsedError,
                r"component 1 collapsed at step 1: it takes no data. Start",
            ),
            (
                lambda: em.fit(
                    markov,
                    [0, 0, 5],
                    Markov([1, 0], [[0.9, 0.1], [1, 0]], [0, 5]),
                ),
                em.CollapsedError,
                r"component 1 collapsed at step 1: nothing follows it",
            ),
        ],
        {},
        lambda shares: shares.states,
        along_a_chain,
        expected_along_a_chain,
        long_run,
        ("initial",),  # a series has only one first time
    ),
    Row(
        gaussians,
        Gaussians(
            [[-3, 0], [1, 3], [5, -1]],
            [[[1, 0.5], [0.5, 0.8]], [[0.6, -0.3], [-0.3, 1]], 0.5 * TWO],
            [0.3, 0.3, 0.4],
        ),
        Gaussians([[-4, 0], [0, 2], [5, 0]], [TWO, 2 * TWO, TWO]),
        gaussians.sample,
        lambda x, i, truth, k: multivariate_normal.logpdf(
            x[i], truth.means[k], truth.covariances[k]
        ),
        0.25,
        [
            (lambda: Gaussians([1], [ONE]), ValueError, r"means: .*two dim"),
            (
                lambda: Gaussians([[1]], [[1]]),
                ValueError,
                r"covariances: .*thr",
            ),
            (
                lambda: Gaussians([[1, 2], [3, np.nan]], [TWO, TWO]),
                ValueError,
                r"means\[1, 1\] is nan",
            ),
            (
                lambda: Gaussians(
                    [[1, 2], [3, 4]], [TWO, np.full((2, 2), np.inf)]
                ),
                ValueError,
                r"covariances\[1, 0, 0\] is inf",
            ),
            (
                lambda: Gaussians([[1, 2], [3, 4]], [TWO]),
                ValueError,
                r"2 means, 1 covariances, 2 weights",
            ),
            (
                lambda: Gaussians([[1, 2]], [np.eye(3)]),
                ValueError,
                r"covariances\[0\] has shape \(3, 3\): expected \(2, 2\)",
            ),
            (
                lambda: Gaussians([[1, 2]], [[[2, 1], [0, 2]]]),
                ValueError,
                r"covariances\[0\] is not symmetric",
            ),
            (
                lambda: Gaussians([[1, 2]] * 2, [TWO, [[1, 2], [2, 1]]]),
                ValueError,
                r"covariances\[1\] is not positive definite",
            ),
            (
                lambda: Gaussians([[1, 2]], [0 * TWO]),
                ValueError,
                r"covariances\[0\] is not positive definite",
            ),
            (
                lambda: Gaussians([[1, 2]], [TWO], [0.5]),
                ValueError,
                r"weights sum to 0.5",
            ),
            (
                lambda: em.fit(gaussians, [1, 2], Gaussians([[1]], [ONE])),
                ValueError,
                r"x: expected two dimensions, got shape \(2,\)",
            ),
            (
                lambda: em.fit(
                    gaussians, [[1], [np.nan]], Gaussians([[1]], [ONE])
                ),
                ValueError,
                r"x\[1, 0\] is nan",
            ),
            (
                lambda: em.fit(
                    gaussians, [[1], [-1e200]], Gaussians([[1]], [ONE])
                ),
                ValueError,
                r"x\[1, 0\] is -1e\+200: expected a number that can be squared",
            ),
            (
                lambda: em.fit(gaussians, [[1, 2]], Gaussians([[1]], [ONE])),
                ValueError,
                r"x has 2 columns and the means have 1",
            ),
            (
                lambda: em.fit(
                    gaussians,
                    [[1], [2]],
                    Gaussians([[1]], [ONE]),
                    shape="round",
                ),
                ValueError,
                r"shape is 'round': expected full, tied, diagonal or spherical",
            ),
            (
                lambda: em.fit(
                    gaussians,
                    [[1, 1], [2, 2], [9, 9], [3, 3]],
                    Gaussians([[1, 1]], [TWO]),
                ),
                em.CollapsedError,
                r"component 0 collapsed at step 1: it shrank flat: .* min_std",
            ),
            (
                lambda: em.fit(
                    gaussians,
                    [[1, 5], [2, 7], [4, 5], [9, 9]],
                    Gaussians([[2, 6], [9, 9]], [TWO, 0.01 * TWO]),
                    shape="spherical",
                ),
                em.CollapsedError,
                r"component 1 collapsed at step 1: it shrank flat",
            ),
            (
                lambda: em.fit(
                    gaussians,
                    [[1, 1], [2, 3]],
                    Gaussians([[1, 1], [9e9, 9]], [TWO, TWO]),
                ),
                em.CollapsedError,
                r"component 1 collapsed at step 1: it takes no data",
            ),
        ],
        {"min_std": 1e-2},
    ),
]


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


def lifetimes_log_likelihood(data: Lifetimes, line: Line) -> float:
    at = line.coefficients[0] + line.coefficients[1] * data.x
    y, failed = np.log10(data.hours), data.failed == 1
    seen = norm.logpdf(y[failed], at[failed], line.std).sum()
    return seen + norm.logsf(y[~failed], at[~failed], line.std).sum()


def lifetimes_expected(data: Lifetimes, given: Any, line: Line) -> float:
    at = line.coefficients[0] + line.coefficients[1] * data.x
    means = norm.logpdf(given.mean, at, line.std).sum()
    return means - given.variance.sum() / (2 * line.std**2)


def refused_table(table: Any, words: str, error: type = ValueError) -> Any:
    start = Gaussian([0, 0], [[1, 0], [0, 1]])
    return lambda: em.fit(holes, table, start), error, words


GAP = np.nan
HALF = Gaussian([1, -2, 0], [[4, 2, 1], [2, 3, 0.5], [1, 0.5, 1]])

OTHERS = [
    Other(
        holes,
        HALF,
        Gaussian([0, 0, 0], np.eye(3)),
        lambda truth, n, rng: holes.sample(truth, n, rng, [0.2, 0.3, 0.1]),
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
                lambda: em.fit(holes, [[1, 2]], Line([1, 2], 1)),
                TypeError,
                r"start is a em.lifetimes.Line: expected em.holes.Gaussian\(",
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
    ),
    Other(
        lifetimes,
        Line([-2, 1.5], 0.4),
        Line([0, 0], 1),
        lambda truth, n, rng: lifetimes.sample(
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
                    lifetimes,
                    Lifetimes([1, 2], [10, 100], [1, 1]),
                    Line([1, 1], 1),
                ),
                em.CollapsedError,
                r"collapsed at step 1: its standard deviation shrank to 0",
            ),
            (
                lambda: em.fit(lifetimes, [1, 2], Line([1, 1], 1)),
                TypeError,
                r"data is a builtins.list: expected em.lifetimes.Lifetimes\(",
            ),
        ],
        lifetimes_log_likelihood,
        lifetimes_expected,
        lambda line: np.array([*line.coefficients, np.log(line.std)]),
        lambda free: Line(free[:2], np.exp(free[2])),
        {},
    ),
]


MODELS = [*MIXTURES, *OTHERS]


def named(row: Any) -> str:
    return row.model.__name__


@pytest.fixture(params=MODELS, ids=named)
def model(request):
    """Give any model."""
    return request.param


@pytest.fixture(params=MIXTURES, ids=named)
def row(request):
    """Give a mixture: a model whose hidden part is a label."""
    return request.param


@pytest.fixture(params=OTHERS, ids=named)
def other(request):
    """Give a model whose hidden part is not a label."""
    return request.param


def component(params, order):
    """Give the parameters with their components in another order."""
    return type(params)(
        *(
            field[np.ix_(order, order)]
            if name == "transitions"
            else field[order]
            for name, field in params._asdict().items()
        )
    )


def test_the_likelihood_never_falls_whatever_the_start(model):
    rng = np.random.default_rng(11)
    data, _ = model.sample(model.truth, 80, rng)
    for _ in range(20):
        start = model.anywhere(rng)
        fit = em.fit(
            model.model, data, start, tol=1e-5, max_iter=5000, **model.options
        )
        climbed = np.diff([step.log_likelihood for step in fit.steps])
        assert climbed.min() > -1e-10 * abs(fit.log_likelihood)
        assert all(np.isfinite(field).all() for field in fit.params)


def test_a_fit_recovers_what_sample_made(model):
    data, _ = model.sample(model.truth, 2000, np.random.default_rng(5))
    fit = em.fit(model.model, data, model.start)
    for name, true in model.truth._asdict().items():
        if name not in model.not_to_be_found:
            near = min(model.near, 0.06) if name in CHANCES else model.near
            found = getattr(fit.params, name)
            np.testing.assert_allclose(found, true, atol=near)


def test_sample_draws_labels_as_often_as_it_is_told(row):
    _, made_by = row.sample(row.truth, 2000, np.random.default_rng(5))
    assert np.bincount(made_by, minlength=3) / 2000 == pytest.approx(
        row.shares(row.truth), abs=0.05
    )


def test_the_log_likelihood_is_that_of_another_library(other):
    rng = np.random.default_rng(2)
    data, _ = other.sample(other.truth, 60, rng)
    for params in (other.truth, other.start, other.anywhere(rng)):
        _, log_likelihood = other.model.e_step(data, params)
        assert log_likelihood == pytest.approx(
            other.log_likelihood(data, params), rel=1e-9
        )


def test_the_e_step_gives_the_slope_of_the_log_likelihood(other):
    """Fisher's identity: at θ, E[complete] and log-likelihood rise alike."""
    data, _ = other.sample(other.truth, 40, np.random.default_rng(8))
    for params in (other.truth, other.start):
        given, _ = other.model.e_step(data, params)
        at = other.free(params)
        slope = approx_fprime(
            at, lambda free: other.log_likelihood(data, other.bound(free)), 1e-6
        )
        expected = approx_fprime(
            at,
            lambda free, g=given: other.expected(data, g, other.bound(free)),
            1e-6,
        )
        np.testing.assert_allclose(expected, slope, rtol=1e-3, atol=0.01)


def test_the_m_step_is_the_best_answer_to_its_expectations(other):
    rng = np.random.default_rng(3)
    data, _ = other.sample(other.truth, 50, rng)
    given, _ = other.model.e_step(data, other.start)
    best = other.free(other.model.m_step(data, given))
    top = other.expected(data, given, other.bound(best))
    for nudge in 1e-3 * rng.standard_normal((20, len(best))):
        assert other.expected(data, given, other.bound(best + nudge)) < top
    for one in 1e-3 * np.eye(len(best)):
        for nudge in (one, -one):
            assert other.expected(data, given, other.bound(best + nudge)) < top


def test_direct_maximisation_ends_at_the_same_place(other):
    """An optimiser that knows nothing of EM, on another library's likelihood."""
    data, _ = other.sample(other.truth, 60, np.random.default_rng(9))
    found = minimize(
        lambda free: -other.log_likelihood(data, other.bound(free)),
        other.free(other.truth),
        method="BFGS",
        options={"gtol": 1e-4},
    )
    fit = em.fit(other.model, data, other.start)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-7)
    for ours, theirs in zip(fit.params, other.bound(found.x), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_the_e_step_agrees_with_brute_force_over_all_labellings(row):
    """Sum the joint probability over every way of labelling four."""
    data, _ = row.sample(row.truth, 4, np.random.default_rng(2))
    total, share = 0.0, np.zeros((4, 3))
    for labels in product(range(3), repeat=4):
        chances = [
            row.chance(data, i, row.truth, k) for i, k in enumerate(labels)
        ]
        joint = np.exp(row.prior(row.truth, labels) + sum(chances))
        total += joint
        share[range(4), labels] += joint
    responsibilities, log_likelihood = row.model.e_step(data, row.truth)
    assert log_likelihood == pytest.approx(np.log(total), rel=1e-12)
    np.testing.assert_allclose(
        row.states(responsibilities), share / total, rtol=1e-10
    )


def test_the_m_step_is_the_best_answer_to_its_responsibilities(row):
    """No nearby parameters have a higher expected complete log-likelihood."""
    rng = np.random.default_rng(3)
    data, _ = row.sample(row.truth, 50, rng)
    responsibilities, _ = row.model.e_step(data, row.start)

    def expected(params):
        return row.expected_prior(params, responsibilities) + sum(
            r * row.chance(data, i, params, k)
            for (i, k), r in np.ndenumerate(row.states(responsibilities))
        )

    best = row.model.m_step(data, responsibilities)
    top = expected(best)
    for name, field in best._asdict().items():
        for nudge in 1e-3 * rng.standard_normal((5, *field.shape)):
            moved = field + evenly(nudge)
            if name in CHANCES:
                moved = field * np.exp(nudge)
                moved /= moved.sum(axis=-1, keepdims=True)
            assert expected(best._replace(**{name: moved})) < top


def test_the_order_of_components_does_not_matter(row):
    data, _ = row.sample(row.truth, 100, np.random.default_rng(4))
    order = [2, 0, 1]
    fit = em.fit(row.model, data, row.start)
    other = em.fit(row.model, data, component(row.start, order))
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-10)
    for found, expected in zip(
        other.params, component(fit.params, order), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_lists_do_as_well_as_arrays(model):
    data, _ = model.sample(model.truth, 50, np.random.default_rng(6))
    fields = data if isinstance(data, tuple) else (data,)
    lists = [field.tolist() for field in fields]
    listed = type(data)(*lists) if isinstance(data, tuple) else lists[0]
    start = type(model.start)(*(field.tolist() for field in model.start))
    fit = em.fit(model.model, listed, start)
    assert (
        fit.log_likelihood
        == em.fit(model.model, data, model.start).log_likelihood
    )


def test_one_component_has_nothing_hidden(row):
    data, _ = row.sample(row.truth, 50, np.random.default_rng(7))
    start = type(row.start)(
        *(
            np.ones((1,) * field.ndim) if name in CHANCES else field[:1]
            for name, field in row.start._asdict().items()
        )
    )
    fit = em.fit(row.model, data, start)
    assert len(fit.steps) <= 3
    np.testing.assert_array_equal(
        row.states(fit.responsibilities), np.ones((50, 1))
    )


def test_bad_input_is_refused_by_name(model):
    for call, error, words in model.refused:
        with pytest.raises(error, match=words):
            call()


def test_the_equal_weights_are_the_default(row):
    if "weights" in row.start._fields:
        np.testing.assert_array_equal(row.start.weights, np.full(3, 1 / 3))


def test_100_000_flips_in_one_sequence():
    flips = Flips([70_000, 30_100, 29_900], [30_000, 69_900, 70_100])
    fit = em.fit(coins, flips, Coins([0.6, 0.5]), fixed="weights")
    np.testing.assert_allclose(fit.params.theta, [0.7, 0.3], rtol=1e-12)
    assert np.isfinite(fit.log_likelihood)


def test_a_collapsed_error_names_component_and_step():
    x = np.array([0.0, 1, 2, 3, 10])
    with pytest.raises(em.CollapsedError) as error:
        em.fit(normals, x, Normals([1, 9.5], [1, 0.4]))
    assert isinstance(error.value, ValueError)
    assert (error.value.component, error.value.step) == (1, 1)
    fit = em.fit(normals, x, Normals([1, 9.5], [1, 0.4]), min_std=0.2)
    assert fit.converged
    assert fit.params.stds[1] == 0.2


def test_points_far_from_every_bell_are_still_shared_out():
    shares, log_likelihood = normals.e_step(
        np.array([1e6]), Normals([0, 1], [1, 1])
    )
    assert np.isfinite(log_likelihood)
    np.testing.assert_array_equal(shares, [[0.0, 1.0]])


def test_one_hole_is_filled_as_numerical_integration_fills_it():
    mean, covariance = HALF
    table = np.array([[2.5, GAP, -1.0]])
    expected, _ = holes.e_step(table, HALF)

    def moment(power):
        def joint(y):
            density = multivariate_normal.pdf([2.5, y, -1.0], mean, covariance)
            return y**power * density

        return quad(joint, -20, 20, points=[-2], epsabs=1e-13)[0]

    middle = moment(1) / moment(0)
    assert expected.filled[0, 1] == pytest.approx(middle, rel=1e-8)
    assert expected.spread[1, 1] == pytest.approx(
        moment(2) / moment(0) - middle**2, rel=1e-8
    )
    expected.spread[1, 1] = 0
    assert not expected.spread.any()


def test_holes_in_one_column_leave_the_line_of_the_whole_rows():
    """Anderson (1957): then the limit has a closed form."""
    truth = Gaussian([1, -2], [[4, 2], [2, 3]])
    _, table = holes.sample(truth, 80, np.random.default_rng(6))
    table[table[:, 0] > 1.5, 1] = GAP
    fit = em.fit(holes, table, Gaussian([0, 0], np.eye(2)), tol=1e-12)
    x, y = table[~np.isnan(table[:, 1])].T
    slope, intercept = np.polyfit(x, y, 1)
    left = np.mean((y - intercept - slope * x) ** 2)
    (mean_x, mean_y), ((var_x, across), (_, var_y)) = fit.params
    assert mean_x == pytest.approx(table[:, 0].mean(), rel=1e-10)
    assert var_x == pytest.approx(table[:, 0].var(), rel=1e-10)
    assert across / var_x == pytest.approx(slope, rel=1e-8)
    assert mean_y == pytest.approx(intercept + slope * mean_x, rel=1e-8)
    assert var_y == pytest.approx(left + slope**2 * var_x, rel=1e-8)


def test_without_holes_one_step_is_all():
    _, table = holes.sample(HALF, 50, np.random.default_rng(7))
    fit = em.fit(holes, table, Gaussian([9, 9, 9], np.eye(3)))
    assert len(fit.steps) <= 3
    np.testing.assert_allclose(fit.params.mean, table.mean(axis=0))
    covariance = np.cov(table.T, bias=True)
    np.testing.assert_allclose(fit.params.covariance, covariance)


def test_rows_that_are_all_holes_change_only_how_many_steps_it_takes():
    table, _ = holes.sample(HALF, 50, np.random.default_rng(7), 0.2)
    table = table[~np.isnan(table).all(axis=1)]
    more = np.vstack([table, np.full((25, 3), GAP)])
    start = Gaussian([0, 0, 0], np.eye(3))
    fit, slow = (
        em.fit(holes, rows, start, tol=1e-12) for rows in (table, more)
    )
    assert len(slow.steps) > len(fit.steps)
    assert slow.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-12)
    for ours, theirs in zip(fit.params, slow.params, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_the_order_of_columns_and_rows_does_not_matter():
    table, _ = holes.sample(HALF, 50, np.random.default_rng(7), 0.3)
    order = [2, 0, 1]
    fit = em.fit(holes, table, Gaussian([0, 0, 0], np.eye(3)))
    turned = em.fit(holes, table[::-1, order], Gaussian([0, 0, 0], np.eye(3)))
    np.testing.assert_allclose(
        turned.params.mean, fit.params.mean[order], rtol=1e-9
    )
    np.testing.assert_allclose(
        turned.params.covariance,
        fit.params.covariance[np.ix_(order, order)],
        rtol=1e-9,
    )


@pytest.mark.parametrize(
    "z", [-30.0, -5, 0, 1, 7, 30, 49.9, 50.1, 200, 1e4, 1e8]
)
def test_the_tail_of_a_normal_by_numerical_integration(z):
    """In units of its own width, what exceeds z has a density to integrate."""
    unit = 1 / max(z, 1)
    low = min(0.0, -z - 9)

    def moment(power, about=0.0):
        return quad(
            lambda t: (
                (t - about) ** power
                * np.exp(
                    -t * unit * z - (t * unit) ** 2 / 2 - min(z, 0) ** 2 / 2
                )
            ),
            max(low, 0.0),
            45 if z > 0 else (9 - z) / unit,
            epsabs=0,
            epsrel=1e-12,
            limit=500,
            points=None if z > 0 else [-z],
        )[0]

    beyond = moment(1) / moment(0)
    mean, variance = (part.item() for part in lifetimes.above(np.array([z])))
    assert mean == pytest.approx(z + unit * beyond, rel=1e-9, abs=1e-12)
    about = moment(2, beyond) / moment(0)
    assert variance == pytest.approx(unit**2 * about, rel=2e-9)


def test_nobody_censored_is_least_squares_in_one_step():
    rng = np.random.default_rng(1)
    data, whole = lifetimes.sample(
        Line([1, 0.5], 0.3), rng.random(30), np.inf, rng
    )
    assert data.failed.all()
    fit = em.fit(lifetimes, data, Line([-50, 3], 0.01))
    assert len(fit.steps) <= 3
    np.testing.assert_allclose(
        fit.params.coefficients[::-1], np.polyfit(data.x, np.log10(whole), 1)
    )


def test_a_start_far_from_all_lifetimes_finds_the_way():
    data, _ = lifetimes.sample(
        Line([1, 0.5], 0.3),
        np.linspace(0, 4, 60),
        100,
        np.random.default_rng(1),
    )
    ends = [
        em.fit(lifetimes, data, start).params
        for start in (
            Line([1, 0.5], 0.3),
            Line([-1e4, 0], 1e-3),
            Line([1e4, -7], 1e3),
        )
    ]
    for end in ends[1:]:
        np.testing.assert_allclose(
            end.coefficients, ends[0].coefficients, rtol=1e-6
        )
        assert end.std == pytest.approx(ends[0].std, rel=1e-6)
