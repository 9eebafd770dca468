"""Regimes of a series: the hidden chain with normal states, beside others' numbers."""

import logging
from itertools import islice

import numpy as np
import pytest

import em
from em.models import normal_hmm, normals
from em.models.normal_hmm import NormalHMM

THREE = NormalHMM(
    [0.5, 0.3, 0.2],
    [[0.9, 0.08, 0.02], [0.1, 0.85, 0.05], [0.05, 0.15, 0.8]],
    [-2, 0, 3],
    [0.5, 1, 2],
)
CALM = NormalHMM([0.5, 0.5], [[0.95, 0.05], [0.05, 0.95]], [0, 0], [0.7, 1.5])


@pytest.fixture(scope="module")
def returns():
    """Give the daily log returns of the DAX, in per cent."""
    prices = np.loadtxt(
        em.data("dax.csv"), delimiter=",", skiprows=1, usecols=1
    )
    return 100 * np.diff(np.log(prices))


def test_the_steps_agree_with_hmmlearn():
    """Baum–Welch by another program, step for step, and its Viterbi path."""
    hmm = pytest.importorskip("hmmlearn.hmm")
    logging.getLogger("hmmlearn").setLevel(logging.CRITICAL)
    x, _ = normal_hmm.sample(THREE, 500, np.random.default_rng(8))
    start = NormalHMM(
        [0.3, 0.4, 0.3], np.full((3, 3), 1 / 3), [-3, 0, 4], [1, 1, 1]
    )
    ours = list(islice(em.run(normal_hmm, x, start), 26))
    for steps in (1, 5, 25):
        theirs = hmm.GaussianHMM(
            3,
            covariance_type="diag",
            params="stmc",
            init_params="",
            n_iter=steps,
            tol=-np.inf,
            min_covar=0,
            covars_prior=0,
            covars_weight=0,
        )
        theirs.startprob_, theirs.transmat_ = start.initial, start.transitions
        theirs.means_ = start.means[:, None]
        theirs.covars_ = start.stds[:, None] ** 2
        theirs.fit(x[:, None])
        found = ours[steps].params
        for name, value in {
            "initial": theirs.startprob_,
            "transitions": theirs.transmat_,
            "means": theirs.means_[:, 0],
            "stds": np.sqrt(theirs.covars_.ravel()),
        }.items():
            np.testing.assert_allclose(
                getattr(found, name), value, atol=1e-8, err_msg=name
            )
        assert ours[steps].log_likelihood == pytest.approx(
            theirs.score(x[:, None]), rel=1e-10
        )
        np.testing.assert_array_equal(
            normal_hmm.viterbi(x, found), theirs.predict(x[:, None])
        )


def test_calm_and_turbulent_days_of_the_dax(returns):
    """As hmmlearn 0.3 finds them, without a prior, from many starts."""
    fit = em.fit(normal_hmm, returns, CALM, tol=1e-10, max_iter=5_000)
    assert fit.log_likelihood == pytest.approx(-2518.3218, abs=1e-3)
    found = fit.params
    np.testing.assert_allclose(found.means, [0.1074, -0.0537], atol=1e-4)
    np.testing.assert_allclose(found.stds, [0.7423, 1.5738], atol=1e-4)
    staying = np.diag(found.transitions)
    np.testing.assert_allclose(staying, [0.9875, 0.9666], atol=1e-4)
    assert found.initial[0] == pytest.approx(1)


def test_one_state_is_one_normal(returns):
    one = em.fit(normal_hmm, returns, NormalHMM([1], [[1]], [0], [1]))
    assert one.log_likelihood == pytest.approx(-2692.4074, abs=1e-4)
    assert one.params.stds[0] == pytest.approx(returns.std())


def test_a_chain_without_memory_is_a_mixture():
    """Where each state follows each other alike, the past says nothing."""
    weights = [0.3, 0.7]
    x, _ = normals.sample(normals.Normals([0, 4], [1, 2], weights), 50, 3)
    chain = NormalHMM(weights, [weights, weights], [0, 4], [1, 2])
    found, height = normal_hmm.e_step(x, chain)
    shares, expected = normals.e_step(
        x, normals.Normals([0, 4], [1, 2], weights)
    )
    np.testing.assert_allclose(found.smoothed, shares, atol=1e-12)
    assert height == pytest.approx(expected)


def test_several_series_are_pooled_as_by_hand():
    rng = np.random.default_rng(4)
    several = [normal_hmm.sample(THREE, n, rng)[0] for n in (30, 2, 75, 12)]
    _, second = islice(em.run(normal_hmm, several, THREE, map=map), 2)
    chains = [normal_hmm.e_step(x, THREE)[0] for x in several]
    smoothed = np.concatenate([chain.smoothed for chain in chains])
    x = np.concatenate(several)
    sizes = smoothed.sum(axis=0)
    means = x @ smoothed / sizes
    found = second.params
    np.testing.assert_allclose(
        found.initial, np.mean([c.smoothed[0] for c in chains], axis=0)
    )
    np.testing.assert_allclose(found.means, means)
    np.testing.assert_allclose(
        found.stds,
        np.sqrt((smoothed * (x[:, None] - means) ** 2).sum(axis=0) / sizes),
    )


def test_regimes_are_found_again():
    x, states = normal_hmm.sample(THREE, 20_000, np.random.default_rng(3))
    found, _ = normal_hmm.e_step(x, THREE)
    assert (normal_hmm.viterbi(x, THREE) == states).mean() > 0.9
    again = normal_hmm.m_step(x, found)
    np.testing.assert_allclose(again.transitions, THREE.transitions, atol=0.02)
    np.testing.assert_allclose(again.means, THREE.means, atol=0.1)
    np.testing.assert_allclose(again.stds, THREE.stds, rtol=0.05)


def test_the_first_states_come_as_often_as_told():
    firsts = [
        normal_hmm.sample(THREE, 1, np.random.default_rng(seed))[1][0]
        for seed in range(2_000)
    ]
    shares = np.bincount(firsts, minlength=3) / 2_000
    np.testing.assert_allclose(shares, THREE.initial, atol=0.03)


def test_states_of_one_width_and_no_narrower_than_a_floor():
    x, _ = normal_hmm.sample(THREE, 200, np.random.default_rng(1))
    alike = em.fit(normal_hmm, x, THREE, equal_stds=True).params
    assert len(set(alike.stds)) == 1
    floored = em.fit(normal_hmm, x, THREE, min_std=0.9).params
    assert floored.stds.min() == pytest.approx(0.9)


def test_a_path_that_cannot_be_is_refused():
    stuck = NormalHMM([1, 0], np.eye(2), [0, 1e99], [1e-99, 1e-99])
    with pytest.raises(ValueError, match="observation 1 is impossible"):
        normal_hmm.viterbi([0, 1e99], stuck)
