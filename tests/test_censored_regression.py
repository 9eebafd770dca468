"""Lifetimes, some of them cut off: what only they have to keep to."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

import em
from em.model import named as arrays
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Line
from em.numbers.truncated import above


@pytest.mark.parametrize(
    "z", [-30.0, -5, 0, 1, 7, 30, 49.9, 50.1, 200, 1e4, 1e8]
)
def test_the_tail_of_a_normal_by_numerical_integration(z):
    """In units of its own width, what exceeds z has a density to integrate."""
    unit = 1 / max(z, 1)
    low = min(0.0, -z - 9)

    def moment(power, about=0.0):
        return quad(
            lambda t: (
                (t - about) ** power
                * np.exp(
                    -t * unit * z - (t * unit) ** 2 / 2 - min(z, 0) ** 2 / 2
                )
            ),
            max(low, 0.0),
            45 if z > 0 else (9 - z) / unit,
            epsabs=0,
            epsrel=1e-12,
            limit=500,
            points=None if z > 0 else [-z],
        )[0]

    beyond = moment(1) / moment(0)
    mean, variance = (part.item() for part in above(np.array([z])))
    assert mean == pytest.approx(z + unit * beyond, rel=1e-9, abs=1e-12)
    about = moment(2, beyond) / moment(0)
    assert variance == pytest.approx(unit**2 * about, rel=2e-9)


def test_nobody_censored_is_least_squares_in_one_step():
    rng = np.random.default_rng(1)
    data, whole = censored_regression.sample(
        Line([1, 0.5], 0.3), rng.random(30), np.inf, rng
    )
    assert data.failed.all()
    fit = em.fit(censored_regression, data, Line([-50, 3], 0.01))
    assert len(fit.steps) <= 3
    np.testing.assert_allclose(
        fit.params.coefficients[::-1], np.polyfit(data.x, np.log10(whole), 1)
    )


def test_a_start_far_from_all_lifetimes_finds_the_way():
    data, _ = censored_regression.sample(
        Line([1, 0.5], 0.3),
        np.linspace(0, 4, 60),
        100,
        np.random.default_rng(1),
    )
    ends = [
        em.fit(censored_regression, data, start).params
        for start in (
            Line([1, 0.5], 0.3),
            Line([-1e4, 0], 1e-3),
            Line([1e4, -7], 1e3),
        )
    ]
    for end in ends[1:]:
        np.testing.assert_allclose(
            end.coefficients, ends[0].coefficients, rtol=1e-6
        )
        assert end.std == pytest.approx(ends[0].std, rel=1e-6)


LINE = Line([2, 1], 0.3)


def a_test(n=400):
    rng = np.random.default_rng(0)
    x = rng.random(n)
    data, _ = censored_regression.sample(LINE, x, 500, rng)
    return data


@pytest.mark.parametrize(
    ("origin", "unit", "rel"),
    [
        (0, 1, 1e-9),
        (1.7e9, 604_800, 1e-7),  # a week of Unix time, in seconds
        (1.7e18, 3.6e12, 1e-4),  # an hour of it, in nanoseconds
        (0, 1e-90, 1e-9),
        (0, 1e90, 1e-9),
        (-1e93, 1e90, 1e-7),
        (1e8, 1, 1e-4),
    ],
)
def test_a_line_is_the_same_in_every_unit_of_x(origin, unit, rel):
    data = a_test()
    near = em.fit(censored_regression, data, Line([2, 0], 1), tol=1e-8)
    x = origin + unit * data.x
    far = em.fit(
        censored_regression,
        Lifetimes(x, data.hours, data.failed),
        Line([2, 0], 1),
        tol=1e-8,
    )
    assert far.converged
    a, b = far.params.coefficients
    assert b * unit == pytest.approx(0.9958798, abs=1e-6 + rel)
    assert b * unit == pytest.approx(near.params.coefficients[1], rel=rel)
    assert far.params.std == pytest.approx(near.params.std, rel=rel)
    assert far.log_likelihood == pytest.approx(near.log_likelihood, abs=1e-4)
    a_here = near.params.coefficients[0] - b * origin
    assert a == pytest.approx(a_here, rel=1e-6)


def test_a_weight_is_a_number_of_items():
    """Those of weight 0 might be anywhere."""
    data, rng = a_test(40), np.random.default_rng(5)
    times = rng.integers(0, 4, 40)
    lost = [np.append(part, 1e6) for part in (data.x, data.hours)]
    more = Lifetimes(*lost, np.append(data.failed, 1))
    fields = (data.x, data.hours, data.failed)
    rows = Lifetimes(*(np.repeat(field, times) for field in fields))
    ways = [
        (data, times),
        (Lifetimes(*fields, times), None),
        (Lifetimes(*fields, times / 4), np.full(40, 4)),
        (more, np.append(times, 0)),
    ]
    start = Line([2, 0], 1)
    plain = em.fit(censored_regression, rows, start, tol=1e-12)
    for lifetimes, weights in ways:
        fit = em.fit(
            censored_regression,
            lifetimes,
            start,
            sample_weights=weights,
            tol=1e-12,
        )
        assert fit.converged
        np.testing.assert_allclose(
            fit.log_likelihoods[:20], plain.log_likelihoods[:20], rtol=1e-10
        )
        assert fit.log_likelihood == pytest.approx(
            plain.log_likelihood, rel=1e-10
        )
        for name, value in arrays(fit.params).items():
            np.testing.assert_allclose(
                value, getattr(plain.params, name), rtol=1e-10
            )
    at, weighed = Line([1, 1], 0.5), Lifetimes(*fields, times)
    step = em.fit(censored_regression, weighed, start).steps[0]
    assert em.lower_bound(
        censored_regression, weighed, step, at
    ) == pytest.approx(
        em.lower_bound(censored_regression, rows, plain.steps[0], at), rel=1e-10
    )


@pytest.mark.parametrize("std", [1e-7, 1, 1e49])
@pytest.mark.parametrize("a", [-9e49, -1e5, 9e49])
def test_the_log_likelihood_is_a_number_up_to_the_limits(a, std):
    data = a_test(20)
    fit = em.fit(censored_regression, data, Line([a, 0], std), max_iter=3_000)
    assert np.isfinite(fit.log_likelihoods).all()
    near = em.fit(censored_regression, data, Line([2, 0], 1))
    assert fit.log_likelihood == pytest.approx(near.log_likelihood, abs=1e-5)


@pytest.mark.parametrize("exponent", [-307, -300, 0, 300, 307])
def test_hours_may_be_as_small_or_large_as_numbers_are(exponent):
    hours = np.array([2.0, 3, 5, 8, 9]) * 10.0**exponent
    data = Lifetimes([1, 2, 3, 4, 5], hours, [1, 1, 0, 1, 0])
    fit = em.fit(censored_regression, data, Line([exponent, 0], 1))
    near = em.fit(
        censored_regression,
        Lifetimes(data.x, [2, 3, 5, 8, 9], data.failed),
        Line([0, 0], 1),
    )
    assert fit.log_likelihood == pytest.approx(near.log_likelihood, abs=1e-6)
    np.testing.assert_allclose(
        fit.params.coefficients - [exponent, 0],
        near.params.coefficients,
        atol=1e-6,
    )


def test_hours_that_are_the_same_but_for_the_last_digits_make_no_line():
    data = Lifetimes([1, 2, 3], 1000 + np.array([0, 1e-10, 0]), [1, 1, 1])
    with pytest.raises(em.CollapsedError, match="shrank to 0"):
        em.fit(censored_regression, data, Line([3, 0], 1))


def test_a_line_through_every_failure_to_eight_digits_is_no_fit():
    y = np.array([0, 100 + 1e-7, 200, 300 - 1e-7])
    data = Lifetimes([0, 1, 2, 3], 10**y, [1, 1, 1, 1])
    with pytest.raises(em.CollapsedError, match="shrank to 0"):
        em.fit(censored_regression, data, Line([0, 100], 1))


def test_one_item_far_away_takes_no_digits_from_the_failures():
    """It was still running where it should by far, and tells nothing."""
    data = Lifetimes([0, 1, 2, 1e14], [1e5, 1e6, 3e6, 1], [1, 1, 1, 0])
    _, log_likelihood = censored_regression.e_step(data, Line([5, 1], 0.1))
    failures = norm.logpdf(np.log10(data.hours[:3]), [5, 6, 7], 0.1)
    assert log_likelihood == pytest.approx(failures.sum(), rel=1e-12)


def test_items_running_on_both_sides_hold_a_line_by_failures_at_one_x():
    """Against the likelihood, written again, and a general maximiser."""
    x = np.array([0, 0, 0, 0, -1, -1, 1, 1])
    y = np.array([1, 1.2, 0.9, 1.1, 1, 1, 1, 1])
    failed = np.array([1, 1, 1, 1, 0, 0, 0, 0])

    def loss(line):
        z = (y - line[0] - line[1] * x) / np.exp(line[2])
        return -np.where(failed, norm.logpdf(z) - line[2], norm.logsf(z)).sum()

    best = minimize(loss, [1, 0.1, -1], method="Nelder-Mead", tol=1e-12)
    fit = em.fit(
        censored_regression,
        Lifetimes(x, 10**y, failed),
        Line([1, 0.1], 0.2),
        tol=1e-10,
    )
    np.testing.assert_allclose(fit.params.coefficients, best.x[:2], atol=1e-6)
    np.testing.assert_allclose(fit.params.std, np.exp(best.x[2]), rtol=1e-6)
    np.testing.assert_allclose(fit.log_likelihood, -best.fun, rtol=1e-10)
    with pytest.raises(ValueError, match="running on both sides"):
        em.fit(
            censored_regression,
            Lifetimes(x[:6], 10 ** y[:6], failed[:6]),
            Line([1, 0.1], 0.2),
        )
