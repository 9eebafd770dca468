"""Labels that are known in part: what they do to both steps, and what is refused."""

from itertools import product

import numpy as np
import pytest
from rows import MIXTURES, named
from scipy.optimize import minimize
from scipy.stats import norm

import em
from em.models import coins, normals, poisson_hmm
from em.models.coins import Coins, Flips
from em.models.normals import Normals, NormalsPrior

OLD = np.random.RandomState(110)  # the forty points of the pages
X = np.r_[OLD.normal(3, 0.8, 20), OLD.normal(7, 2, 20)]
TRUE = np.repeat([0, 1], 20)
START = Normals([1.1, 9], [2, 1.7])
TEN = np.full(40, -1)
TEN[::4] = TRUE[::4]

# (A hidden Markov model's states are no labels of observations by themselves.)
LABELLED = [row for row in MIXTURES if hasattr(row.model, "log_joint")]


def test_known_labels_are_certain_and_the_others_follow_bayes():
    fit = em.fit(normals, X, START, labels=TEN)
    known = TEN >= 0
    np.testing.assert_array_equal(fit.posterior[known], np.eye(2)[TEN[known]])
    free, _ = normals.e_step(X, fit.params)
    np.testing.assert_allclose(fit.posterior[~known], free[~known], rtol=1e-12)


@pytest.mark.parametrize("row", LABELLED, ids=named)
def test_the_log_likelihood_sums_over_what_the_labels_leave_open(row):
    """Brute force: every way to label three of five, the other two being known."""
    data, _ = row.sample(row.truth, 5, np.random.default_rng(2))
    labels = np.array([-1, 2, -1, 0, -1])
    total, share = 0.0, np.zeros((5, 3))
    for others in product(range(3), repeat=3):
        full = labels.copy()
        full[labels < 0] = others
        logs = [row.log_density(data, i, row.truth, k)
                for i, k in enumerate(full)]  # fmt: skip
        joint = np.exp(row.prior(row.truth, tuple(full)) + sum(logs))
        total += joint
        share[range(5), full] += joint
    step = next(em.run(row.model, data, row.truth, labels=labels))
    assert step.log_likelihood == pytest.approx(np.log(total), rel=1e-12)
    np.testing.assert_allclose(
        step.posterior, share / total, rtol=1e-10, atol=1e-300
    )


def test_it_ends_where_an_optimiser_finds_the_top():
    def log_likelihood(free):
        weights = np.array([1, np.exp(free[4])]) / (1 + np.exp(free[4]))
        joint = weights * norm.pdf(X[:, None], free[:2], np.exp(free[2:4]))
        known = TEN >= 0
        return (
            np.log(joint[~known].sum(axis=1)).sum()
            + np.log(joint[known, TEN[known]]).sum()
        )

    found = minimize(
        lambda free: -log_likelihood(free), [3, 7, 0, 0.5, 0], method="BFGS"
    )
    fit = em.fit(normals, X, START, labels=TEN, tol=1e-12)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-8)
    np.testing.assert_allclose(fit.params.means, found.x[:2], atol=1e-4)
    np.testing.assert_allclose(fit.params.stds, np.exp(found.x[2:4]), atol=1e-4)
    assert np.diff(fit.log_likelihoods).min() > -1e-12


def test_all_labels_known_is_the_labelled_estimate_after_one_step():
    fit = em.fit(normals, X, START, labels=TRUE)
    red, blue = X[:20], X[20:]
    for step in fit.steps[1:]:
        np.testing.assert_allclose(step.params.means, [red.mean(), blue.mean()])
        np.testing.assert_allclose(step.params.stds, [red.std(), blue.std()])


def test_no_label_known_is_no_change():
    none = em.fit(normals, X, START, labels=np.full(40, -1))
    plain = em.fit(normals, X, START)
    np.testing.assert_allclose(none.params.means, plain.params.means, rtol=1e-9)
    assert none.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)


def test_labels_give_the_components_their_names():
    """From a start with the names swapped, and from bells that are alike."""
    for start in (Normals([9, 1.1], [1.7, 2]), Normals([5, 5], [2, 2])):
        fit = em.fit(normals, X, start, labels=TEN)
        assert fit.params.means[0] < fit.params.means[1]
    assert not np.isclose(*em.fit(normals, X, START, labels=TEN).params.means)


def test_labels_and_weights_and_a_prior_go_together():
    times = np.tile([1, 2], 20)
    prior = NormalsPrior(std_count=3, points=2)
    counted = em.fit(
        normals, X, START, labels=TEN, sample_weights=times, prior=prior
    )
    repeated = em.fit(
        normals, np.repeat(X, times), START, labels=np.repeat(TEN, times),
        prior=prior,
    )  # fmt: skip
    np.testing.assert_allclose(
        counted.params.means, repeated.params.means, rtol=1e-7
    )
    np.testing.assert_allclose(counted.heights, repeated.heights, rtol=1e-12)


def test_a_model_of_the_readers_own_takes_labels_if_it_has_a_log_joint():
    class Own:
        log_joint = staticmethod(normals.log_joint)
        e_step = staticmethod(normals.e_step)
        m_step = staticmethod(normals.m_step)

    own = em.fit(Own(), X, START, labels=TEN)
    ours = em.fit(normals, X, START, labels=TEN)
    np.testing.assert_array_equal(own.params.means, ours.params.means)


FLIPS = Flips([5, 9, 8], [5, 1, 2])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: em.fit(coins, FLIPS, Coins([0.6, 0.5]), labels=[0, 2, -1]),
            ValueError, r"labels\[1\] is 2: expected a component, 0 to 1, or -1",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.6, 0.5]), labels=[0, 1, -2]),
            ValueError, r"labels\[2\] is -2",
        ),
        (
            lambda: em.run(coins, FLIPS, Coins([0.6, 0.5]), labels=[0, 0.5, 1]),
            ValueError, r"labels\[1\] is 0.5",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.6, 0.5]),
                           labels=[0, np.nan, 1]),
            ValueError, r"labels\[1\] is nan",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.6, 0.5]), labels=[0, 1]),
            ValueError, r"got 3 observations, 2 labels",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.6, 0.5]), labels="abc"),
            TypeError, r"labels: expected numbers",
        ),
        (
            lambda: em.fit(poisson_hmm, [1, 2, 3],
                           poisson_hmm.PoissonHMM([1], [[1]], [2]),
                           labels=[0, 0, 0]),
            TypeError, r"poisson_hmm takes no labels: expected a model with",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0, 0.5]), labels=[0, 1, -1]),
            ValueError, r"observation 0 is impossible under component 0, its",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0, 0]), labels=[-1, -1, -1]),
            ValueError, r"observation 0 is impossible under every component",
        ),
    ],
)  # fmt: skip
def test_bad_labels_are_refused_at_the_door(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_there_are_mixtures_to_be_labelled():
    assert len(LABELLED) >= 4
