"""Hidden PoissonHMM chains against sums over all paths, and against hmmlearn."""

import logging
from itertools import islice, product

import numpy as np
import pytest
from scipy.stats import poisson

import em
from em.hmm import blocked
from em.hmm.forward_backward import forward_backward, step_by_step
from em.models import poisson_hmm
from em.models.poisson_hmm import PoissonHMM
from em.numbers.densities import log_poisson

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
    log_densities = poisson.logpmf(counts[:, None], params.rates)
    with np.errstate(divide="ignore"):
        log_initial = np.log(params.initial)
        log_moves = np.log(params.transitions)
    paths = np.array(
        list(product(range(len(params.rates)), repeat=len(counts)))
    )
    logs = log_initial[paths[:, 0]]
    logs = logs + log_moves[paths[:, :-1], paths[:, 1:]].sum(axis=1)
    return paths, logs + log_densities[range(len(counts)), paths].sum(axis=1)


def brute_force(counts, params):
    """Give states, moves and log-likelihood by summing over every path."""
    paths, logs = every_path(counts, params)
    probabilities = np.exp(logs - logs.max())
    total = probabilities.sum()
    k = len(params.rates)
    states, moves = np.zeros((len(counts), k)), np.zeros((k, k))
    for path, share in zip(paths, probabilities / total, strict=True):
        states[range(len(counts)), path] += share
        np.add.at(moves, (path[:-1], path[1:]), share)
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
def test_probabilities_that_a_float_cannot_hold(counts, params):
    counts = np.array(counts, dtype=float)
    states, moves, total = brute_force(counts, params)
    found, log_likelihood = poisson_hmm.e_step(counts, params)
    assert log_likelihood == pytest.approx(total, rel=1e-13)
    np.testing.assert_allclose(found.smoothed, states, atol=1e-10)
    np.testing.assert_allclose(found.expected_transitions, moves, atol=1e-10)


# In each of these the blocks would come out finite, normalised, and wrong: a
# float below 1e-308 keeps some digits, and is soon divided by one as small.


def quiet(times, **loud):
    """Give log-densities of 0, but for some times: t60=[-363, 0] at time 60."""
    log_densities = np.zeros((times, len(next(iter(loud.values())))))
    for time, values in loud.items():
        log_densities[int(time[1:])] = values
    return log_densities


SPLIT = [[0.5, 0.5 - 1e-12, 1e-12, 0], *np.eye(4)[1:]]
# (log p(x_t | state), initial, transitions), by what is lost there. 64 times
# are in blocks of 5; 102 in blocks of 6.
LOST = {
    "a density": ([[-740.3, 0], [0, 0], [0, 0]], [1, 0], np.eye(2)),
    "two densities, and the other states are impossible later": (
        [[0, 0, 0, 0], [-738.86, -738.66, 0, 0], [0, 0, -2000, -2000]],
        [0.3, 0.7, 1e-160, 0],
        np.eye(4),
    ),
    "two states at times 96 and 97, and the third at the next three": (
        quiet(
            102,
            t96=[-367, -367, 0],
            t97=[-367, -367, 0],
            t98=[0, 0, -400],
            t99=[0, 0, -400],
            t100=[0, 0, -2000],
        ),
        [0.15, 0.35, 0.5],
        np.eye(3),
    ),
    "a move from 0 to 2 in the first block, which matters in the second": (
        quiet(
            64,
            t1=[-353, -353, -353, 0],
            t2=[-353, -353, -353, 0],
            t3=[-27.6, -27.6, 0, -900],
        ),
        [1, 0, 0, 0],
        SPLIT,
    ),
    "a move from 0 to 2 in the second block, which matters in the first": (
        quiet(
            64,
            t6=[-353, -353, -353, 0],
            t7=[-353, -353, -353, 0],
            t8=[0, 0, 0, -900],
            t10=[-2000, -27.6, 0, -900],
        ),
        [1e-15, 0, 1 - 1e-15, 0],
        SPLIT,
    ),
}


@pytest.mark.parametrize("lost", LOST)
def test_digits_that_a_float_loses_are_missed(lost):
    log_densities, initial, transitions = map(np.array, LOST[lost])
    found, log_likelihood = forward_backward(
        log_densities, initial, transitions
    )
    with np.errstate(divide="ignore"):
        expected, total = step_by_step(log_densities, initial, transitions)
    assert log_likelihood == pytest.approx(total, rel=1e-12)
    near = {"rtol": 1e-10, "atol": 1e-300}
    np.testing.assert_allclose(found.smoothed, expected.smoothed, **near)
    np.testing.assert_allclose(
        found.expected_transitions, expected.expected_transitions, **near
    )


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


def test_200_000_counts_are_shared_out_to_the_last_digits():
    counts, _ = poisson_hmm.sample(THREE, 200_000, np.random.default_rng(2))
    found, _ = poisson_hmm.e_step(counts, THREE)
    np.testing.assert_allclose(found.smoothed.sum(axis=1), 1, atol=1e-13)
    moves = found.expected_transitions
    assert moves.sum() == pytest.approx(199_999, rel=1e-13)
    np.testing.assert_allclose(
        moves.sum(axis=1), found.smoothed[:-1].sum(axis=0), rtol=1e-12
    )
    np.testing.assert_allclose(
        moves.sum(axis=0), found.smoothed[1:].sum(axis=0), rtol=1e-12
    )


def test_step_by_step_does_not_drift():
    counts, _ = poisson_hmm.sample(THREE, 20_000, np.random.default_rng(3))
    found, log_likelihood = by_steps(counts, THREE)
    np.testing.assert_allclose(found.smoothed.sum(axis=1), 1, atol=1e-13)
    smoothed, moves, total = by_blocks(counts, THREE)
    assert log_likelihood == pytest.approx(total, rel=1e-13)
    np.testing.assert_allclose(found.smoothed, smoothed, atol=1e-12)
    np.testing.assert_allclose(found.expected_transitions, moves, rtol=1e-12)


def test_a_circle_of_states_among_which_nothing_decides():
    """Logarithms of 4e8 once left an `initial` that summed to 0.99999998."""
    circle = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    start = PoissonHMM([1 / 3] * 3, circle, [1e-5, 4e8, 1e-5])
    fit = em.fit(poisson_hmm, [5, 5, 5], start)
    for step in fit.steps:
        assert step.params.initial.sum() == pytest.approx(1, abs=1e-14)
        np.testing.assert_allclose(step.params.transitions.sum(axis=1), 1)
    np.testing.assert_allclose(fit.params.initial, 1 / 3)
    np.testing.assert_allclose(fit.params.transitions, circle, atol=1e-14)
    np.testing.assert_allclose(fit.params.rates, 5)


def test_what_tells_states_apart_is_kept_where_all_are_unlikely():
    """Every density is e^−1e14: beside that, a float does not see log 2."""
    both = PoissonHMM([1 / 3, 2 / 3], np.eye(2), [1e14, 1e14])
    found, _ = by_steps(np.array([3.0, 4, 5]), both)
    np.testing.assert_allclose(found.smoothed, [[1 / 3, 2 / 3]] * 3)
    found, _ = poisson_hmm.e_step(np.array([3.0, 4, 5]), both)
    np.testing.assert_allclose(found.smoothed, [[1 / 3, 2 / 3]] * 3)


def test_what_cannot_be_adds_nothing_to_the_expectation():
    """0 × log 0 is 0: a state that makes no 5, a move that is never made."""
    params = PoissonHMM([1, 0], [[0.5, 0.5], [1, 0]], [4, 0])
    counts = np.array([5.0, 0, 5])
    step = next(iter(em.run(poisson_hmm, counts, params)))
    _, logs = every_path(counts, params)
    share = np.exp(logs - np.logaddexp.reduce(logs))
    possible = share > 0
    assert poisson_hmm.expected_log_joint(
        counts, step.posterior, params
    ) == pytest.approx(share[possible] @ logs[possible])


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
