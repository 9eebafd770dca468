"""Raters: the anaesthetists of Dawid and Skene, sparse tables, brute force."""

from itertools import product
from math import prod

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_array

import em
from em.kinds.ratings import Ratings, table
from em.models import raters
from em.models.raters import Raters


@pytest.fixture(scope="module")
def anaesthetists():
    rows = np.loadtxt(
        em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
    )
    return table(rows.tolist())


@pytest.fixture(scope="module")
def fit(anaesthetists):
    ratings, _ = anaesthetists
    start = raters.m_step(ratings, raters.vote_shares(ratings))
    return em.fit(raters, ratings, start)


def test_the_data_are_those_of_the_paper(anaesthetists):
    ratings, names = anaesthetists
    assert len(ratings.items) == 315
    assert names == (list(range(1, 46)), [1, 2, 3, 4, 5], [1, 2, 3, 4])
    assert (ratings.votes.sum(axis=1) == 7).all()
    by_rater = np.bincount(ratings.raters.astype(int))
    np.testing.assert_array_equal(by_rater, [135, 45, 45, 45, 45])


def test_it_ends_where_the_paper_and_an_independent_program_end(fit):
    assert fit.converged
    np.testing.assert_allclose(
        fit.params.weights, [0.3996, 0.4220, 0.1118, 0.0667], atol=5e-5
    )
    np.testing.assert_allclose(
        fit.log_likelihoods[:4],
        [-205.0911, -194.5510, -193.1594, -192.9424],
        atol=6e-5,
    )
    assert fit.log_likelihood == pytest.approx(-192.8908812142, abs=1e-7)
    first = [
        [0.889, 0.111, 0, 0],
        [0.071, 0.876, 0.053, 0],
        [0, 0.339, 0.661, 0],
        [0, 0, 0.556, 0.444],
    ]
    np.testing.assert_allclose(fit.params.confusion[:, 0], first, atol=5e-4)


def test_em_and_the_majority_differ_for_three_patients(anaesthetists, fit):
    ratings, names = anaesthetists
    majority = raters.vote_shares(ratings).argmax(axis=1)
    found = fit.posterior.argmax(axis=1)
    differ = np.flatnonzero(majority != found)
    assert {
        names.items[i]: (names.labels[majority[i]], names.labels[found[i]])
        for i in differ
    } == {2: (3, 4), 12: (2, 3), 36: (3, 4)}
    unsure = np.flatnonzero(fit.posterior.max(axis=1) < 0.99)
    sure = dict(
        zip(
            [names.items[i] for i in unsure],
            fit.posterior.max(axis=1)[unsure].round(3),
            strict=True,
        )
    )
    assert sure == {7: 0.981, 35: 0.948, 38: 0.979}


# Three items, two raters, two labels; rater 0 rated item 0 twice, rater 1 not
# item 2.
TINY = Ratings([0, 0, 0, 1, 1, 2], [0, 0, 1, 0, 1, 0], [0, 1, 0, 1, 1, 0])
PARAMS = Raters(
    [[[0.8, 0.2], [0.7, 0.3]], [[0.4, 0.6], [0.1, 0.9]]], [0.6, 0.4]
)


def probability(params: Raters, classes: tuple[int, ...]) -> float:
    """Give the probability of these classes and all the ratings of TINY."""
    rated = zip(TINY.items, TINY.raters, TINY.labels, strict=True)
    return prod(params.weights[k] for k in classes) * prod(
        params.confusion[classes[int(i)], int(j), int(label)]
        for i, j, label in rated
    )


def test_a_tiny_table_against_every_way_of_classing_it():
    total, share = 0.0, np.zeros((3, 2))
    for classes in product(range(2), repeat=3):
        joint = probability(PARAMS, classes)
        total += joint
        share[range(3), classes] += joint
    posterior, log_likelihood = raters.e_step(TINY, PARAMS)
    np.testing.assert_allclose(posterior, share / total, rtol=1e-12)
    assert log_likelihood == pytest.approx(np.log(total), rel=1e-12)


def test_the_m_step_counts_by_hand():
    r = np.array([[0.5, 0.5], [0.25, 0.75], [1, 0]])
    found = raters.m_step(TINY, r)
    np.testing.assert_allclose(found.weights, [1.75 / 3, 1.25 / 3])
    # Rater 0: item 0 said 0 and 1, item 1 said 1, item 2 said 0.
    zero, one = [0.5 + 1, 0.5 + 0.25], [0.5, 0.5 + 0.75]
    np.testing.assert_allclose(found.confusion[0, 0], np.divide(zero, 2.25))
    np.testing.assert_allclose(found.confusion[1, 0], np.divide(one, 1.75))
    # Rater 1: item 0 said 0, item 1 said 1.
    np.testing.assert_allclose(found.confusion[0, 1], [0.5 / 0.75, 0.25 / 0.75])
    np.testing.assert_allclose(found.confusion[1, 1], [0.5 / 1.25, 0.75 / 1.25])


def test_direct_maximisation_ends_no_higher():
    truth = Raters(
        [
            [[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.9, 0.1]],
            [[0.2, 0.8], [0.1, 0.9], [0.3, 0.7], [0.2, 0.8]],
        ],
        [0.4, 0.6],
    )
    ratings, _ = raters.sample(truth, 200, np.random.default_rng(3))
    table_of = np.zeros((200, 4), int)
    table_of[ratings.items.astype(int), ratings.raters.astype(int)] = (
        ratings.labels
    )

    def height(free):
        p, weight = 1 / (1 + np.exp(-free[:8].reshape(2, 4))), free[8]
        weights = np.array([1, np.exp(weight)]) / (1 + np.exp(weight))
        each = np.where(table_of[:, None], p, 1 - p).prod(axis=2)
        return np.log(each @ weights).sum()

    start = np.array([-1.0] * 4 + [1.0] * 4 + [0.0])
    found = minimize(lambda free: -height(free), start, method="BFGS")
    fit = em.fit(raters, ratings, truth)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-6)
    np.testing.assert_allclose(
        fit.params.confusion[..., 1],
        1 / (1 + np.exp(-found.x[:8].reshape(2, 4))),
        atol=1e-3,
    )


def test_names_are_numbered_in_their_order():
    rows = [
        ["cat.png", "Zoe", "yes"],
        ("dog.png", "Ada", "no"),
        ["cat.png", "Ada", "no"],
    ]
    ratings, names = table(iter(rows))
    assert names.items == ["cat.png", "dog.png"]
    assert names.raters == ["Ada", "Zoe"]
    assert names.labels == ["no", "yes"]
    np.testing.assert_array_equal(ratings.items, [0, 1, 0])
    np.testing.assert_array_equal(ratings.raters, [1, 0, 0])
    np.testing.assert_array_equal(ratings.labels, [1, 0, 0])
    np.testing.assert_array_equal(ratings.shape, [2, 2, 2])


def test_votes_are_counted_and_stored_only_where_there_are_some():
    votes = TINY.votes
    assert isinstance(votes, csr_array)
    np.testing.assert_array_equal(
        votes.toarray(), [[1, 1, 1, 0], [0, 1, 0, 1], [1, 0, 0, 0]]
    )
    assert votes.nnz == 6


def test_a_rater_who_never_met_a_class_is_no_trouble():
    """Nothing is known of him there, so nothing hangs on what is written."""
    rows = [
        ["a", "x", "0"], ["a", "y", "0"], ["b", "x", "1"], ["b", "y", "1"],
        ["c", "z", "0"], ["c", "y", "0"],
    ]  # fmt: skip
    ratings, _ = table(rows)
    start = raters.m_step(ratings, raters.vote_shares(ratings))
    np.testing.assert_array_equal(start.confusion[1, 2], [0.5, 0.5])
    fit = em.fit(raters, ratings, start)
    assert fit.converged
    assert np.diff(fit.log_likelihoods).min() >= -1e-12


def test_a_label_that_nobody_gave_can_still_be_one():
    ratings = Ratings([0, 1, 1], [0, 0, 1], [0, 1, 1], [2, 2, 3])
    assert raters.vote_shares(ratings).shape == (2, 3)
    start = Raters(np.full((2, 2, 3), 1 / 3))
    fit = em.fit(raters, ratings, start)
    assert (fit.params.confusion[:, :, 2] == 0).all()


def test_the_mirror_fits_as_well():
    """Classes with their names changed: nothing in the ratings tells."""
    ratings, _ = raters.sample(PARAMS, 50, np.random.default_rng(5))
    mirrored = Raters(PARAMS.confusion[::-1], PARAMS.weights[::-1])
    one, other = (raters.e_step(ratings, each) for each in (PARAMS, mirrored))
    assert one[1] == pytest.approx(other[1], rel=1e-13)
    np.testing.assert_allclose(one[0], other[0][:, ::-1], rtol=1e-12)


def test_a_table_of_many_is_worked_through_by_its_ratings():
    """100,000 items by 1,000 raters: as a full table it would not fit."""
    rng = np.random.default_rng(4)
    n, m = 100_000, 300_000
    items = np.concatenate([np.arange(n), rng.integers(0, n, m - n)])
    by = np.concatenate([np.arange(1000), rng.integers(0, 1000, m - 1000)])
    ratings = Ratings(items, by, rng.integers(0, 4, m))
    assert ratings.votes.nnz <= m
    r, height = raters.e_step(
        ratings, raters.m_step(ratings, raters.vote_shares(ratings))
    )
    assert r.shape == (n, 4)
    assert np.isfinite(height)
