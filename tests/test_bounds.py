"""The bound: below the log-likelihood, touching it, for every model of ours."""

from itertools import islice

import numpy as np
import pytest
from rows import MODELS, OTHERS, named
from rows.kinds import arrays
from scipy.special import xlogy

import em
from em.models import (
    coins,
    normals,
    poisson_hmm,
)
from em.models.coins import Coins, Flips
from em.models.normals import Normals

ROUNDS = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
HALVES = np.full((5, 2), 0.5)
COIN, COINS = Coins([0.5]), Coins([0.6, 0.5])
# A step of another model, for as many observations and components.
OF_BELLS = next(em.run(normals, np.arange(5.0), Normals([1, 3], [1, 1])))


LABELLED = [row for row in MODELS if hasattr(row.model, "log_joint")]


@pytest.fixture(params=LABELLED, ids=named)
def row(request):
    """Give a model whose hidden part is a label for each observation."""
    return request.param


@pytest.fixture(params=MODELS, ids=named)
def model(request):
    """Give any model."""
    return request.param


def sampled(row):
    return row.sample(row.truth, 60, np.random.default_rng(21))[0]


@pytest.fixture
def data(row):
    return sampled(row)


def test_from_a_step_it_touches_there_and_lies_below_elsewhere(model):
    rng = np.random.default_rng(24)
    data = sampled(model)
    for step in islice(em.run(model.model, data, model.start), 5):
        there = em.lower_bound(model.model, data, step, step.params)
        height = model.model.e_step(data, step.params)[1]
        assert there == pytest.approx(height, rel=1e-12)
        for _ in range(20):
            params = model.anywhere(rng)
            height = model.model.e_step(data, params)[1]
            assert em.lower_bound(model.model, data, step, params) < height


def test_where_it_touches_it_does_not_cross(model):
    """Nearer to that step, the gap falls as the square of the distance."""
    data = sampled(model)
    one, two = islice(em.run(model.model, data, model.start), 2)

    def gap(part):
        params = type(one.params)(
            **{
                name: (1 - part) * old + part * arrays(two.params)[name]
                for name, old in arrays(one.params).items()
            }
        )
        height = model.model.e_step(data, params)[1]
        return height - em.lower_bound(model.model, data, one, params)

    climbed = em.lower_bound(model.model, data, one, two.params)
    assert one.log_likelihood < climbed < two.log_likelihood
    assert gap(0.002) / gap(0.001) == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("other", OTHERS, ids=named)
def test_the_average_is_that_of_another_library(other):
    """Up to what does not depend on the parameters."""
    data = sampled(other)
    given, _ = other.model.e_step(data, other.start)
    ours, theirs = (
        [of(data, given, params) for params in (other.truth, other.start)]
        for of in (other.model.expected_log_joint, other.expected)
    )
    assert np.diff(ours) == pytest.approx(np.diff(theirs), rel=1e-9)


def test_with_the_e_steps_shares_the_bound_is_the_log_likelihood(row, data):
    for params in (row.truth, row.start):
        shares, log_likelihood = row.model.e_step(data, params)
        bound = em.lower_bound(row.model, data, shares, params)
        assert bound == pytest.approx(log_likelihood, rel=1e-12)


def test_with_any_other_shares_it_lies_below_by_their_divergence(row, data):
    rng = np.random.default_rng(22)
    best, log_likelihood = row.model.e_step(data, row.truth)
    logs = row.model.log_joint(data, row.truth)  # best may be too small
    logs -= np.logaddexp.reduce(logs, axis=1)[:, None]
    for _ in range(20):
        shares = rng.dirichlet(np.full(3, rng.uniform(0.2, 5)), len(best))
        gap = log_likelihood - em.lower_bound(
            row.model, data, shares, row.truth
        )
        assert gap > 0
        apart = (xlogy(shares, shares) - shares * logs).sum()
        assert gap == pytest.approx(apart, rel=1e-9)


def test_it_is_what_its_formula_says_by_another_library(row, data):
    rng = np.random.default_rng(23)
    shares = rng.dirichlet(
        np.ones(3), len(row.model.e_step(data, row.truth)[0])
    )
    expected = sum(
        share
        * (
            np.log(row.truth.weights[k] / share)
            + row.log_density(data, i, row.truth, k)
        )
        for (i, k), share in np.ndenumerate(shares)
    )
    bound = em.lower_bound(row.model, data, shares, row.truth)
    assert bound == pytest.approx(expected, rel=1e-10)


def test_each_half_of_a_step_climbs_it(row, data):
    params = row.start
    shares = np.full((60, 3), 1 / 3)
    for _ in range(10):
        before = em.lower_bound(row.model, data, shares, params)
        shares, _ = row.model.e_step(data, params)
        touching = em.lower_bound(row.model, data, shares, params)
        params = row.model.m_step(data, shares)
        climbed = em.lower_bound(row.model, data, shares, params)
        assert before <= touching <= climbed


def test_a_share_of_nothing_costs_nothing_and_of_the_impossible_all():
    sure = np.tile([1.0, 0.0], (5, 1))
    coins_there = Coins([0.6, 0.0], [1.0, 0.0])
    assert em.lower_bound(coins, ROUNDS, sure, coins_there) == pytest.approx(
        coins.e_step(ROUNDS, coins_there)[1], rel=1e-12
    )
    assert em.lower_bound(coins, ROUNDS, HALVES, coins_there) == -np.inf


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            (np, ROUNDS, HALVES, Coins([0.6, 0.5])),
            TypeError,
            r"is numpy.*log_joint",
        ),
        (
            (poisson_hmm, [1, 2], HALVES, None),
            TypeError,
            r"are a numpy.ndarray .*no log_joint, expected a whole em.Step",
        ),
        ((coins, [1], HALVES, Coins([0.6, 0.5])), TypeError, r"the data is a"),
        (
            (coins, ROUNDS, HALVES, [0.6, 0.5]),
            TypeError,
            r"em.models.coins.Coins\(",
        ),
        (
            (coins, ROUNDS, HALVES[:4], Coins([0.6, 0.5])),
            ValueError,
            r"shape \(4, 2\): expected \(5, 2\)",
        ),
        (
            (coins, ROUNDS, HALVES * 1.1, Coins([0.6, 0.5])),
            ValueError,
            r"responsibilities\[0\] sum to 1.1: expected 1",
        ),
        (
            (coins, ROUNDS, HALVES + np.array([1, -1]), Coins([0.6, 0.5])),
            ValueError,
            r"responsibilities\[0\] is \[ ?1.5 -0.5\]: .*none below 0",
        ),
        (
            (coins, ROUNDS, HALVES * np.nan, Coins([0.6, 0.5])),
            ValueError,
            r"responsibilities\[0\] is \[nan nan\]",
        ),
        (
            (coins, ROUNDS, OF_BELLS, Coins([0.6, 0.5])),
            TypeError,
            r"start is a em.models.normals.Normals.*: expected em.models.coins",
        ),
        (
            (poisson_hmm, [1, 2], OF_BELLS, None),
            TypeError,
            r"start is a em.models.normals.Normals.*: expected em.models.pois",
        ),
        (
            (coins, ROUNDS, next(em.run(coins, ROUNDS, COIN)), COINS),
            ValueError,
            r"shape \(5, 1\): expected \(5, 2\)",
        ),
        (
            (coins, ROUNDS, [*HALVES[:2], [0.7, 0.2], [1, 1], [0, 0]], COINS),
            ValueError,
            r"responsibilities\[2\] sum to 0.9: expected 1",
        ),
        (
            (coins, ROUNDS, [*HALVES[:3], [1.5, -0.5], [-1, 2]], COINS),
            ValueError,
            r"responsibilities\[3\] is \[ ?1.5 -0.5\]",
        ),
        (
            (coins, ROUNDS, ["ab"] * 5, COINS),
            TypeError,
            r"responsibilities: expected numbers",
        ),
        (
            (normals, [np.nan], [[1.0]], Normals([0], [1])),
            ValueError,
            r"x\[0\] is nan",
        ),
    ],
)
def test_wrong_arguments_are_refused_by_name(arguments, error, message):
    with pytest.raises(error, match=message):
        em.lower_bound(*arguments)
