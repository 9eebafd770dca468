"""Hidden PoissonHMM chains against sums over all paths, and against hmmlearn."""

import logging
from itertools import islice, product

import numpy as np
import pytest
from scipy.stats import poisson

import em
from em.densities import log_poisson
from em.hmm import blocked
from em.hmm.forward_backward import step_by_step
from em.models import poisson_hmm
from em.models.poisson_hmm import PoissonHMM

COUNTS = np.array([4.0, 0, 11, 3, 25, 7, 2])
TWO = PoissonHMM([0.7, 0.3], [[0.9, 0.1], [0.4, 0.6]], [3, 12])
THREE = PoissonHMM(
    [0.2, 0.5, 0.3],
    [[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.25, 0.7]],
    [2, 9, 20],
)
ONE_WAY = PoissonHMM(
    [1, 0, 0], [[0.6, 0.4, 0], [0, 0.7, 0.3], [0, 0, 1]], [2, 9, 20]
)


def every_path(counts, params):
    """Give every path of states, and the logarithm of its joint probability."""
    log_chances = poisson.logpmf(counts[:, None], params.rates)
    with np.errstate(divide="ignore"):
        log_initial = np.log(params.initial)
        log_moves = np.log(params.transitions)
    paths = np.array(
        list(product(range(len(params.rates)), repeat=len(counts)))
    )
    logs = log_initial[paths[:, 0]]
    logs = logs + log_moves[paths[:, :-1], paths[:, 1:]].sum(axis=1)
    return paths, logs + log_chances[range(len(counts)), paths].sum(axis=1)


def brute_force(counts, params):
    """Give states, moves and log-likelihood by summing over every path."""
    paths, logs = every_path(counts, params)
    chances = np.exp(logs - logs.max())
    total = chances.sum()
    k = len(params.rates)
    states, moves = np.zeros((len(counts), k)), np.zeros((k, k))
    for path, chance in zip(paths, chances / total, strict=True):
        states[range(len(counts)), path] += chance
        np.add.at(moves, (path[:-1], path[1:]), chance)
    return states, moves, np.log(total) + logs.max()


def by_steps(counts, params):
    with np.errstate(divide="ignore"):  # log 0 is −∞
        return step_by_step(
            log_poisson(counts, params.rates),
            params.initial,
            params.transitions,
        )


def by_blocks(counts, params):
    with np.errstate(all="ignore"):  # what a float loses is looked for
        return blocked.in_blocks(
            log_poisson(counts, params.rates),
            params.initial,
            params.transitions,
        )


@pytest.mark.parametrize("params", [TWO, THREE, ONE_WAY])
@pytest.mark.parametrize("n", [2, 3, 4, 5, 7])
@pytest.mark.parametrize("steps", [poisson_hmm.e_step, by_steps])
def test_the_e_step_is_the_sum_over_all_paths(params, n, steps):
    states, moves, total = brute_force(COUNTS[:n], params)
    found, log_likelihood = steps(COUNTS[:n], params)
    assert log_likelihood == pytest.approx(total, rel=1e-13)
    near = {"rtol": 1e-11, "atol": 1e-300}
    np.testing.assert_allclose(found.smoothed, states, **near)
    np.testing.assert_allclose(found.expected_transitions, moves, **near)


@pytest.mark.parametrize("n", [*range(2, 40), 107, 1000, 3001])
def test_blocks_of_any_length_say_what_step_by_step_says(n):
    counts, _ = poisson_hmm.sample(THREE, n, np.random.default_rng(n))
    found = by_blocks(counts, THREE)
    assert found is not None
    smoothed, moves, log_likelihood = found
    expected, total = by_steps(counts, THREE)
    assert log_likelihood == pytest.approx(total, rel=1e-13)
    near = {"rtol": 1e-10, "atol": 1e-300}
    np.testing.assert_allclose(smoothed, expected.smoothed, **near)
    np.testing.assert_allclose(moves, expected.expected_transitions, **near)
    assert moves.sum() == pytest.approx(n - 1)


@pytest.mark.parametrize(
    ("counts", "params"),
    [
        # State 0 loses 5,900 units of log-likelihood at the first count, and
        # wins 7,000 later: a float forgets it before that.
        (
            [1000, 0, 0, 0, 0, 0, 0, 0],
            PoissonHMM([0.5, 0.5], np.eye(2), [1, 1000]),
        ),
        # Both are left with so little that a float keeps two digits of it.
        ([224, 0], PoissonHMM([0.5, 0.5], np.eye(2), [1, 740])),
        ([0, 0, 9000], PoissonHMM([1, 0], np.eye(2), [1, 5000])),
        ([0, 9000, 0], PoissonHMM([0.5, 0.5], [[0, 1], [0, 1]], [5000, 1])),
        ([5, 5, 5], PoissonHMM([1e-300, 1], [[1, 0], [1e-300, 1]], [5, 2000])),
    ],
)
def test_chances_that_a_float_cannot_hold(counts, params):
    counts = np.array(counts, dtype=float)
    states, moves, total = brute_force(counts, params)
    found, log_likelihood = poisson_hmm.e_step(counts, params)
    assert log_likelihood == pytest.approx(total, rel=1e-13)
    np.testing.assert_allclose(found.smoothed, states, atol=1e-10)
    np.testing.assert_allclose(found.expected_transitions, moves, atol=1e-10)


def test_100_000_counts_neither_underflow_nor_drift():
    counts, states = poisson_hmm.sample(
        THREE, 100_000, np.random.default_rng(1)
    )
    found, log_likelihood = poisson_hmm.e_step(counts, THREE)
    assert -3.5e5 < log_likelihood < -2.5e5
    np.testing.assert_allclose(found.smoothed.sum(axis=1), 1, atol=1e-12)
    assert found.expected_transitions.sum() == pytest.approx(99_999)
    assert (found.smoothed.argmax(axis=1) == states).mean() > 0.9
    again = poisson_hmm.m_step(counts, found)
    np.testing.assert_allclose(again.rates, THREE.rates, atol=0.1)
    np.testing.assert_allclose(again.transitions, THREE.transitions, atol=0.01)
    assert (poisson_hmm.viterbi(counts, THREE) == states).mean() > 0.9


@pytest.mark.parametrize("params", [TWO, THREE, ONE_WAY])
def test_viterbi_finds_the_best_of_all_paths(params):
    for seed in range(5):
        counts, _ = poisson_hmm.sample(params, 7, np.random.default_rng(seed))
        paths, logs = every_path(counts, params)
        best = paths[logs.argmax()]
        np.testing.assert_array_equal(poisson_hmm.viterbi(counts, params), best)


def test_viterbi_refuses_what_the_e_step_refuses():
    stuck = PoissonHMM([1, 0], np.eye(2), [0, 5])
    with pytest.raises(
        ValueError, match="observation 1 is impossible in every"
    ):
        poisson_hmm.viterbi([0, 3], stuck)
    with pytest.raises(ValueError, match=r"counts\[0\] is -1"):
        poisson_hmm.viterbi([-1, 3], TWO)


def test_a_sampled_chain_moves_as_it_is_told():
    _, states = poisson_hmm.sample(THREE, 50_000, np.random.default_rng(3))
    moves = np.zeros((3, 3))
    np.add.at(moves, (states[:-1], states[1:]), 1)
    np.testing.assert_allclose(
        moves / moves.sum(axis=1, keepdims=True), THREE.transitions, atol=0.01
    )
    first = [
        poisson_hmm.sample(THREE, 1, np.random.default_rng(seed))[1][0]
        for seed in range(2000)
    ]
    np.testing.assert_allclose(
        np.bincount(first) / 2000, THREE.initial, atol=0.04
    )


def test_the_steps_agree_with_hmmlearn():
    """Baum–Welch by another program, step for step, and its Viterbi path."""
    hmm = pytest.importorskip("hmmlearn.hmm")
    logging.getLogger("hmmlearn").setLevel(logging.CRITICAL)
    counts, _ = poisson_hmm.sample(THREE, 500, np.random.default_rng(8))
    start = PoissonHMM([0.3, 0.4, 0.3], np.full((3, 3), 1 / 3), [1, 10, 30])
    ours = list(islice(em.run(poisson_hmm, counts, start), 26))
    for steps in (1, 5, 25):
        theirs = hmm.PoissonHMM(
            3, params="stl", init_params="", n_iter=steps, tol=-np.inf
        )
        theirs.lambdas_prior = theirs.lambdas_weight = 0
        theirs.startprob_, theirs.transmat_ = start.initial, start.transitions
        theirs.lambdas_ = start.rates[:, None]
        table = counts.astype(int)[:, None]
        theirs.fit(table)
        found = ours[steps].params
        np.testing.assert_allclose(found.initial, theirs.startprob_, atol=1e-9)
        np.testing.assert_allclose(
            found.transitions, theirs.transmat_, atol=1e-9
        )
        np.testing.assert_allclose(
            found.rates, theirs.lambdas_[:, 0], rtol=1e-9
        )
        assert ours[steps].log_likelihood == pytest.approx(
            theirs.score(table), rel=1e-11
        )
        np.testing.assert_allclose(
            ours[steps].posterior.smoothed,
            theirs.predict_proba(table),
            atol=1e-9,
        )
        np.testing.assert_array_equal(
            poisson_hmm.viterbi(counts, found), theirs.predict(table)
        )
