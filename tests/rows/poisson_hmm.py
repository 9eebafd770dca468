"""The hidden chain, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.stats import poisson

import em
from em.models import poisson_hmm
from em.models.poisson_hmm import PoissonHMM
from em.models.poissons import Poissons
from rows.kinds import Mixture, refused


def along_a_chain(hmm: PoissonHMM, labels: tuple[int, ...]) -> float:
    moves = hmm.transitions[labels[:-1], labels[1:]]
    return float(np.log(hmm.initial[labels[0]]) + np.log(moves).sum())


def expected_along_a_chain(hmm: PoissonHMM, posterior: Any) -> float:
    first = posterior.smoothed[0] @ np.log(hmm.initial)
    moves = posterior.expected_transitions
    return float(first + (moves * np.log(hmm.transitions)).sum())


def long_run(hmm: PoissonHMM) -> np.ndarray:
    return np.linalg.matrix_power(hmm.transitions, 1000)[0]


def refused_start(hmm, words, error=ValueError, counts=(1, 2, 3), **options):
    return refused(poisson_hmm, counts, hmm, error, words, **options)


def refused_data(counts, words, error=ValueError):
    return refused_start(PoissonHMM([1], [[1]], [1]), words, error, counts)


HALVES = [[0.5, 0.5], [0.5, 0.5]]

ROW = Mixture(
    poisson_hmm,
    PoissonHMM(
        [0.5, 0.3, 0.2],
        [[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.25, 0.7]],
        [3, 12, 30],
    ),
    PoissonHMM([0.3, 0.4, 0.3], np.full((3, 3), 1 / 3), [1, 10, 40]),
    poisson_hmm.sample,
    lambda x, i, truth, k: poisson.logpmf(x[i], truth.rates[k]),
    0.6,
    [
        refused_start(
            PoissonHMM([0.5, 0.4], np.eye(2), [1, 2]),
            r"initial sum to 0.9: expected 1",
        ),
        refused_start(
            PoissonHMM([1.5, -0.5], np.eye(2), [1, 2]),
            r"initial\[1\] is -0.5: expected a probability",
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], [[1, 0], [0.5, 0.4]], [1, 2]),
            r"transitions\[1\] sum to 0.9: expected 1",
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], [[1.5, -0.5], [0, 1]], [1, 2]),
            r"transitions\[0\]\[1\] is -0.5",
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], [[1, np.nan], [0, 1]], [1, 2]),
            r"transitions.*\[0.*1\] is nan",
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], [[1, 0]], [1, 2]),
            r"transitions: expected 2 rows of 2, .* got shape \(1, 2\)",
        ),
        (
            lambda: PoissonHMM([0.5, 0.5], [[1, 0], [1]], [1, 2]),
            TypeError,
            r"transitions: expected numbers",
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], 0.5, [1, 2]),
            r"transitions: expected two dimensions, got shape \(\)",
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], np.eye(2), [1, 2, 3]),
            r"2 initial, 3 rates",
        ),
        refused_start(PoissonHMM([1], [[1]], [-3]), r"rates\[0\] is -3"),
        refused_start(PoissonHMM([1], [[1]], [np.inf]), r"rates\[0\] is inf"),
        refused_start(PoissonHMM([1], [[1]], [1e200]), r"rates\[0\] is 1e\+20"),
        refused_start(PoissonHMM([], [], []), r"initial is empty"),
        (
            lambda: PoissonHMM([1], [[1]], ["a"]),
            TypeError,
            r"rates: expected numbers",
        ),
        refused_data([1, -1], r"counts\[1\] is -1"),
        refused_data([0.5, 1], r"counts\[0\] is 0.5"),
        refused_data([1, np.nan], r"counts\[1\] is nan"),
        refused_data([4], r"counts has 1 value: expected a series"),
        refused_data([], r"counts is empty"),
        refused_data("45", r"counts: expected numbers", TypeError),
        refused_start(
            Poissons([1]),
            r"the start is a em.models.poissons.Poissons.*: expected "
            r"em.models.poisson_hmm.PoissonHMM\(initial, transitions, rates\)",
            TypeError,
        ),
        refused_start(
            PoissonHMM([0.5, 0.5], HALVES, [2, 3]),
            r"poisson_hmm takes no sample_weights: expected a model with a "
            r"log_joint",
            TypeError,
            sample_weights=[1, 2, 1],
        ),
        # From state 0, where all counts are 0, there is no way out.
        refused_start(
            PoissonHMM([1, 0], np.eye(2), [0, 5]),
            r"observation 2 is impossible in every state that can be reached",
            counts=[0, 0, 5],
        ),
        refused_start(
            PoissonHMM([1, 0], np.eye(2), [2, 3]),
            r"component 1 collapsed at step 1: it takes no data. Start",
            em.CollapsedError,
        ),
        refused_start(
            PoissonHMM([1, 0], [[0.9, 0.1], [1, 0]], [0, 5]),
            r"component 1 collapsed at step 1: nothing follows it",
            em.CollapsedError,
            counts=[0, 0, 5],
        ),
    ],
    {},
    lambda posterior: posterior.smoothed,
    along_a_chain,
    expected_along_a_chain,
    long_run,
    ("initial",),  # a series has only one first time
    None,  # an observation belongs to its place in the series
)
PRIOR = poisson_hmm.PoissonHMMPrior(1, 2, 3, 1)
