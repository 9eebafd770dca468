"""The hidden chain, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.stats import poisson

import em
from em.models import poisson_hmm
from em.models.poisson_hmm import Markov
from em.models.poissons import Poissons
from rows.kinds import Mixture


def along_a_chain(chain: Markov, labels: tuple[int, ...]) -> float:
    moves = chain.transitions[labels[:-1], labels[1:]]
    return float(np.log(chain.initial[labels[0]]) + np.log(moves).sum())


def expected_along_a_chain(chain: Markov, shares: Any) -> float:
    first = shares.states[0] @ np.log(chain.initial)
    return float(first + (shares.moves * np.log(chain.transitions)).sum())


def long_run(chain: Markov) -> np.ndarray:
    return np.linalg.matrix_power(chain.transitions, 1000)[0]


ROW = Mixture(
    poisson_hmm,
    Markov(
        [0.5, 0.3, 0.2],
        [[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.25, 0.7]],
        [3, 12, 30],
    ),
    Markov([0.3, 0.4, 0.3], np.full((3, 3), 1 / 3), [1, 10, 40]),
    poisson_hmm.sample,
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
            lambda: em.fit(poisson_hmm, [1, -1], Markov([1], [[1]], [1])),
            ValueError,
            r"counts\[1\] is -1",
        ),
        (
            lambda: em.fit(poisson_hmm, [0.5, 1], Markov([1], [[1]], [1])),
            ValueError,
            r"counts\[0\] is 0.5",
        ),
        (
            lambda: em.fit(poisson_hmm, [4], Markov([1], [[1]], [1])),
            ValueError,
            r"counts has 1 value: expected a series",
        ),
        (
            lambda: em.fit(poisson_hmm, [1, 2], Poissons([1])),
            TypeError,
            r"the start is a em.models.poissons.Poissons: expected "
            r"em.models.poisson_hmm.Markov\(initial, transitions, rates\)",
        ),
        (
            # From state 0, where all counts are 0, there is no way out.
            lambda: em.fit(
                poisson_hmm, [0, 0, 5], Markov([1, 0], np.eye(2), [0, 5])
            ),
            ValueError,
            r"count 2 is impossible in every state that can be reached",
        ),
        (
            lambda: em.fit(
                poisson_hmm, [1, 2, 3], Markov([1, 0], np.eye(2), [2, 3])
            ),
            em.CollapsedError,
            r"component 1 collapsed at step 1: it takes no data. Start",
        ),
        (
            lambda: em.fit(
                poisson_hmm,
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
)
