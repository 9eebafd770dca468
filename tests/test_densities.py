"""Poisson densities to the last digits, and mixtures of very large counts."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import special
from scipy.stats import poisson

import em
from em.models import poissons
from em.models.poissons import Poissons
from em.numbers import densities
from em.numbers.densities import log_poisson


def exact(count: float, rate: float) -> float:
    """Give log(e^−λ λ^x / x!) from 60 digits."""
    with localcontext(prec=60):
        x, mean = Decimal(int(count)), Decimal(float(rate))
        log_factorial, y = Decimal(0), x + 1
        while y < 300:  # x! = Γ(x + 1) = Γ(y + 1) / y for the next y
            log_factorial -= y.ln()
            y += 1
        pi = Decimal("3.14159265358979323846264338327950288419716939937511")
        log_factorial += (y - Decimal("0.5")) * y.ln() - y + (2 * pi).ln() / 2
        log_factorial += 1 / (12 * y) - 1 / (360 * y**3) + 1 / (1260 * y**5)
        return float(x * mean.ln() - mean - log_factorial)


COUNTS = [0, 1, 2, 7, 50, 99, 100, 101, 180, 1000, 10**5, 10**7, 10**12, 10**15]


@pytest.mark.parametrize("count", COUNTS)
def test_densities_are_exact_however_large_the_count(count):
    """Near the mean, no digit is lost but what rounding λ itself would cost."""
    near = count + np.array([-3, -0.3, 0, 0.1, 4]) * np.sqrt(count)
    far = np.array([1e-300, 1e-5, 0.3, 12, 3000, 1e9, 1e17, 1e20])
    rates = np.concatenate([near[near > 0], far])
    found = log_poisson(np.array([float(count)]), rates)[0]
    for one, rate in zip(found, rates, strict=True):
        expected = exact(count, rate)
        rounding = 4e-16 * abs(count - rate) + 1e-15 * abs(expected)
        assert abs(one - expected) < rounding + (
            1e-13 if count < 100 else 5e-15
        )


def test_densities_are_those_of_scipy():
    rates = np.array([0.2, 4, 33, 250])
    for counts in (np.arange(60.0), np.arange(60.0, 120), np.array([3.0])):
        np.testing.assert_allclose(
            log_poisson(counts, rates),
            poisson.logpmf(counts[:, None], rates),
            rtol=1e-11,
        )


def test_densities_at_the_edges():
    counts = np.array([0, 1, 1e15, 9e99])
    found = log_poisson(counts, np.array([0, 5e-324, 9e99]))
    assert found[0].tolist() == [0, -5e-324, -9e99]
    assert found[1:, 0].tolist() == [-np.inf] * 3
    assert np.isfinite(found[:, 1:]).all()
    assert found[1, 1] == pytest.approx(np.log(5e-324))
    assert found[3, 2] == pytest.approx(-np.log(2 * np.pi * 9e99) / 2)


def test_a_table_of_small_counts_says_what_the_formula_says():
    """And what is no whole number, or below 0, is not looked up in it."""
    rates = np.array([0, 0.5, 7, 30])
    rng = np.random.default_rng(0)
    for counts in (
        rng.poisson(9, 200).astype(float),
        np.array([0.0, 2, 2, 1]),
        np.array([0.0, 3, 3]),  # as many counts as the largest says
        np.array([0.5, 1, 1, 2, 0]),
        np.array([-1.0, 1, 1, 2, 0]),
    ):
        found = log_poisson(counts, rates)
        np.testing.assert_array_equal(
            found, log_poisson.__wrapped__(counts, rates)
        )
        assert found.shape == (len(counts), 4)


VIEWS = [
    10_000_000,
    10_004_000,
    10_009_000,
    9_996_000,
    10_013_000,
    9_989_000,
]


def test_page_views_of_ten_million_a_day():
    """x log λ is 1.6e8 for each: subtracted, it left eight digits of nothing."""
    fit = em.fit(poissons, VIEWS, Poissons([9.995e6, 1.0005e7]))
    assert fit.converged
    assert np.diff(fit.log_likelihoods).min() > -1e-10
    assert fit.log_likelihood == pytest.approx(
        np.logaddexp.reduce(
            [
                [exact(x, rate) + np.log(weight) for x in VIEWS]
                for rate, weight in zip(
                    fit.params.rates, fit.params.weights, strict=True
                )
            ],
            axis=0,
        ).sum(),
        abs=1e-9,
    )


@pytest.mark.parametrize("size", [1e3, 1e6, 1e9, 1e12, 1e15])
def test_overlapping_components_climb_whatever_the_size(size):
    for seed in range(10):
        rng = np.random.default_rng(seed)
        means = size + np.sqrt(size) * rng.choice([0, 3], 50)
        start = size + np.sqrt(size) * np.array([0, 1, 2.5])
        fit = em.fit(
            poissons,
            rng.poisson(means),
            Poissons(start),
            tol=1e-3,
            max_iter=999,
        )
        fall = -np.diff(fit.log_likelihoods).min()
        assert fall < 50 * 4e-16 * np.sqrt(size) * 10 + 1e-10


def test_weighed_counts_are_repeated_counts():
    start = Poissons([2, 9], [0.4, 0.6])
    once = em.fit(poissons, [1, 3, 8, 12], start, sample_weights=[3, 1, 2, 0])
    often = em.fit(poissons, [1, 1, 1, 3, 8, 8], start)
    np.testing.assert_allclose(once.params.rates, often.params.rates, 1e-10)
    np.testing.assert_allclose(once.params.weights, often.params.weights, 1e-10)
    assert once.log_likelihood == pytest.approx(often.log_likelihood, rel=1e-12)


def test_one_logarithm_a_parameter_is_what_scipy_does_at_each_entry():
    """Also at the edges, without a warning: 0 log 0 is 0, 1 log 0 is −∞."""
    x = np.array([0, 1e-300, 1, 7, 1e99])
    y = np.array([0, 1e-300, 1e-17, 0.5, 1 - 1e-16, 1])[:, None]
    np.testing.assert_allclose(
        densities.xlogy(x, y), special.xlogy(x, y), rtol=1e-15
    )
    np.testing.assert_allclose(
        densities.xlog1py(x, -y), special.xlog1py(x, -y), rtol=1e-15
    )
