"""The mixture of Bernoullis: by hand, by brute force, by an optimiser; the digits."""

from itertools import product
from math import prod

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, logsumexp
from sklearn.datasets import load_digits

import em
from em.models import bernoullis
from em.models.bernoullis import Bernoullis

X = np.array([[1, 0, 1], [0, 0, 1]])
START = Bernoullis([[0.5, 0.25, 0.5], [0.25, 0.5, 0.5]], [0.5, 0.5])


def test_one_step_on_two_rows_and_three_columns_by_hand():
    """Row 0: 1/2 3/4 1/2 against 1/4 1/2 1/2; row 1: 3/16 against 3/16."""
    r, log_likelihood = bernoullis.e_step(X, START)
    np.testing.assert_allclose(r, [[3 / 4, 1 / 4], [1 / 2, 1 / 2]], rtol=1e-15)
    assert log_likelihood == pytest.approx(np.log(1 / 8) + np.log(3 / 16))
    found = bernoullis.m_step(X, r)
    np.testing.assert_allclose(
        found.probabilities, [[3 / 5, 0, 1], [1 / 3, 0, 1]], rtol=1e-14
    )
    np.testing.assert_allclose(found.weights, [5 / 8, 3 / 8], rtol=1e-15)


@pytest.mark.parametrize(
    "p", [START.probabilities, [[0, 0.25, 1], [0.25, 0, 1]]]
)
def test_against_every_labelling_also_with_zeros_and_ones(p):
    total, share = 0.0, np.zeros((2, 2))
    for labels in product(range(2), repeat=2):
        joint = prod(
            0.5
            * prod(
                q if one else 1 - q for one, q in zip(row, p[k], strict=True)
            )
            for row, k in zip(X, labels, strict=True)
        )
        total += joint
        share[range(2), labels] += joint
    r, log_likelihood = bernoullis.e_step(X, Bernoullis(p))
    assert log_likelihood == pytest.approx(np.log(total), rel=1e-13)
    np.testing.assert_allclose(r, share / total, rtol=1e-13, atol=1e-300)


def test_direct_maximisation_ends_at_the_same_place():
    truth = Bernoullis(
        [[0.8, 0.7, 0.3, 0.2, 0.4], [0.3, 0.2, 0.7, 0.8, 0.6]], [0.4, 0.6]
    )
    x, _ = bernoullis.sample(truth, 300, np.random.default_rng(2))

    def height(free):
        p, weight = expit(free[:10].reshape(2, 5)), expit(free[10])
        logs = [
            np.where(x, np.log(p[k]), np.log1p(-p[k])).sum(axis=1)
            + np.log([weight, 1 - weight][k])
            for k in range(2)
        ]
        return logsumexp(logs, axis=0).sum()

    start = np.array([1.0, 1, -1, -1, 0, -1, -1, 1, 1, 0, 0])
    found = minimize(lambda free: -height(free), start, method="BFGS")
    fit = em.fit(bernoullis, x, truth)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-6)
    np.testing.assert_allclose(
        fit.params.probabilities,
        expit(found.x[:10].reshape(2, 5)),
        atol=2e-3,
    )


def test_what_a_component_never_shows_rules_it_out():
    p = [[0, 0.5], [0.5, 0.5]]
    r, _ = bernoullis.e_step(np.array([[1, 1], [0, 1]]), Bernoullis(p))
    assert r[0, 0] == 0
    assert r[0, 1] == 1
    np.testing.assert_allclose(r[1], [2 / 3, 1 / 3], rtol=1e-14)


@pytest.fixture(scope="module")
def digits():
    """Give the digits and their pixels, (1797, 64)."""
    lines = em.data("digits.csv").read_text("utf-8").split()[1:]
    which, pixels = zip(*(line.split(",") for line in lines), strict=True)
    packed = np.frombuffer(bytes.fromhex("".join(pixels)), np.uint8)
    x = np.unpackbits(packed).reshape(-1, 64).astype(float)
    return np.array(which, int), x


def test_the_digits_are_those_of_scikit_learn(digits):
    theirs = load_digits()
    which, x = digits
    np.testing.assert_array_equal(which, theirs.target)
    np.testing.assert_array_equal(x, theirs.data >= 8)


def test_ten_components_of_digits_climb_to_a_level_place(digits):
    """Pixels that are never on: 0 log 0 is 0, and nothing is lost by it."""
    _, x = digits
    shares = em.further.starts.kmeans(x, 10, np.random.default_rng(0))
    fit = em.fit(bernoullis, x, bernoullis.m_step(x, shares), tol=1e-6)
    p, weights = fit.params.probabilities, fit.params.weights
    assert (p == 0).any()
    assert p.max() <= 1
    em.fit(bernoullis, x, fit.params, max_iter=20, tol=1e-3)  # not refused
    assert np.diff(fit.log_likelihoods).min() > -1e-6
    with np.errstate(divide="ignore"):
        logs = [
            np.where(x, np.log(p[k]), np.log1p(-p[k])).sum(axis=1)
            + np.log(weights[k])
            for k in range(10)
        ]
    assert fit.log_likelihood == pytest.approx(
        logsumexp(logs, axis=0).sum(), rel=1e-12
    )
    np.testing.assert_allclose(
        fit.posterior.sum(axis=0) / len(x), weights, atol=1e-6
    )


def test_the_order_of_the_rows_decides_nothing(digits):
    """Nor does the last digit of a sum, where a share is next to 1."""
    _, x = digits
    p = np.random.default_rng(10).uniform(0.25, 0.75, (10, 64))
    options = {"until": lambda steps: len(steps) == 34}
    one, other = (
        em.fit(bernoullis, rows, Bernoullis(p), **options)
        for rows in (x, x[::-1])
    )
    np.testing.assert_allclose(
        one.log_likelihoods, other.log_likelihoods, rtol=1e-8
    )
