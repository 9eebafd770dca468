"""Published and independently recomputed results, to the digits they print."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.mixture import GaussianMixture

import em
from em import coins, normals
from em.coins import Coins, Flips
from em.normals import Normals

ROUNDS = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
FIVE = Flips([21, 9, 10, 32, 7], [7, 10, 17, 10, 13])


@pytest.fixture
def forty():
    state = np.random.RandomState(110)
    return np.concatenate([state.normal(3, 0.8, 20), state.normal(7, 2, 20)])


def close(found, expected, digits):
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.6 * 10**-digits)


def test_do_and_batzoglou_step_by_step():
    """Every number of figure 1 of doi 10.1038/nbt1406, and more digits."""
    fit = em.fit(coins, ROUNDS, Coins([0.6, 0.5]), fixed="weights")
    first = fit.steps[0]
    close(first.log_likelihood, -33.093863, 6)
    close(
        first.responsibilities[:, 0],
        [0.4491489, 0.8049855, 0.7334672, 0.3521561, 0.6472151],
        7,
    )
    close(ROUNDS.heads @ first.responsibilities, [21.297482, 11.702518], 6)
    close(ROUNDS.tails @ first.responsibilities, [8.572247, 8.427753], 6)
    close(fit.steps[1].params.theta, [0.71301224, 0.58133931], 8)
    close(fit.steps[2].params.theta, [0.74529204, 0.56925575], 8)
    close(fit.steps[10].params.theta, [0.79674415, 0.51965866], 8)
    close(fit.params.theta, [0.79678907, 0.51958312], 7)
    close(fit.log_likelihood, -31.5702, 5)
    close(fit.responsibilities[:, 0], [0.103, 0.952, 0.845, 0.031, 0.601], 3)
    close(coins.e_step(ROUNDS, Coins([0.8, 0.45]))[1], -31.707113, 6)


def test_do_and_batzoglou_with_free_mixing_weights():
    fit = em.fit(coins, ROUNDS, Coins([0.6, 0.5]), tol=1e-10)
    close(fit.params.weights[0], 0.5227513, 6)
    close(fit.params.theta, [0.7933676, 0.5139166], 6)
    close(fit.log_likelihood, -31.568695, 6)


def test_the_five_sequences():
    fit = em.fit(coins, FIVE, Coins([0.51, 0.001]), fixed="weights")
    close(fit.steps[10].params.theta, [0.75396, 0.39311], 5)
    close(fit.params.theta, [0.75395974, 0.39311164], 8)
    close(fit.log_likelihood, -86.48103273, 8)
    labelled = Coins([53 / 70, 26 / 66])
    close(coins.e_step(FIVE, labelled)[1], -86.48288175, 8)
    assert fit.log_likelihood > coins.e_step(FIVE, labelled)[1]


def test_the_five_sequences_with_free_mixing_weights():
    fit = em.fit(coins, FIVE, Coins([0.6, 0.4]), tol=1e-10)
    close(fit.params.weights[0], 0.40533348, 7)
    close(fit.params.theta, [0.75500865, 0.39346886], 7)
    close(fit.log_likelihood, -86.39337735, 8)


def test_coins_that_start_alike_stay_at_the_saddle():
    fit = em.fit(coins, FIVE, Coins([0.3, 0.3]), fixed="weights")
    close(fit.params.theta, [0.58088235, 0.58088235], 8)
    close(fit.log_likelihood, -92.48076185, 8)


def test_the_forty_points(forty):
    fit = em.fit(normals, forty, Normals([1.1, 9], [2, 1.7]), fixed="weights")
    close(fit.params.means, [2.909593, 6.837952], 6)
    close(fit.params.stds, [0.854149, 2.227356], 6)
    close(fit.log_likelihood, -88.45253165, 8)
    a = fit.responsibilities[:, 0]
    assert ((a > 0.01) & (a < 0.99)).sum() == 28
    assert ((a > 0.5) != (np.arange(40) < 20)).sum() == 2
    red, blue = forty[:20], forty[20:]
    labelled = Normals([red.mean(), blue.mean()], [red.std(), blue.std()])
    close(normals.e_step(forty, labelled)[1], -88.69881411, 8)
    close(normals.e_step(forty, Normals([3, 7], [0.8, 2]))[1], -88.81212005, 8)


def test_the_limit_of_the_coins_is_what_direct_maximisation_finds():
    """An optimiser that knows nothing of EM, on the likelihood written out."""

    def minus_log_likelihood(theta):
        return -sum(
            np.log(0.5 * (theta**h * (1 - theta) ** t).sum())
            for h, t in zip(*FIVE, strict=True)
        )

    found = minimize(
        minus_log_likelihood, [0.7, 0.4], bounds=[(0.01, 0.99)] * 2, tol=1e-14
    )
    fit = em.fit(coins, FIVE, Coins([0.6, 0.5]), fixed="weights")
    close(fit.params.theta, found.x, 5)
    close(fit.log_likelihood, -found.fun, 9)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("steps", [1, 5, 25])
def test_the_normals_agree_with_scikit_learn_step_for_step(forty, steps):
    theirs = GaussianMixture(
        2,
        covariance_type="spherical",
        means_init=[[1.1], [9]],
        precisions_init=[1 / 2**2, 1 / 1.7**2],
        weights_init=[0.5, 0.5],
        reg_covar=0,
        tol=0,
        max_iter=steps,
    ).fit(forty[:, None])
    ours = em.fit(normals, forty, Normals([1.1, 9], [2, 1.7])).steps[steps]
    close(ours.params.means, theirs.means_[:, 0], 9)
    close(ours.params.stds, np.sqrt(theirs.covariances_), 9)
    close(ours.params.weights, theirs.weights_, 9)
    close(ours.log_likelihood / 40, theirs.score(forty[:, None]), 9)
