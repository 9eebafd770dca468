"""A table with holes: what only it has to keep to."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal

import em
from em.models import missing_normal
from em.models.missing_normal import Gaussian

GAP = np.nan

HALF = Gaussian([1, -2, 0], [[4, 2, 1], [2, 3, 0.5], [1, 0.5, 1]])


def test_one_hole_is_filled_as_numerical_integration_fills_it():
    mean, covariance = HALF
    table = np.array([[2.5, GAP, -1.0]])
    expected, _ = missing_normal.e_step(table, HALF)

    def moment(power):
        def joint(y):
            density = multivariate_normal.pdf([2.5, y, -1.0], mean, covariance)
            return y**power * density

        return quad(joint, -20, 20, points=[-2], epsabs=1e-13)[0]

    middle = moment(1) / moment(0)
    assert expected.filled[0, 1] == pytest.approx(middle, rel=1e-8)
    assert expected.spread[1, 1] == pytest.approx(
        moment(2) / moment(0) - middle**2, rel=1e-8
    )
    expected.spread[1, 1] = 0
    assert not expected.spread.any()


def test_holes_in_one_column_leave_the_line_of_the_whole_rows():
    """Anderson (1957): then the limit has a closed form."""
    truth = Gaussian([1, -2], [[4, 2], [2, 3]])
    _, table = missing_normal.sample(truth, 80, np.random.default_rng(6))
    table[table[:, 0] > 1.5, 1] = GAP
    fit = em.fit(missing_normal, table, Gaussian([0, 0], np.eye(2)), tol=1e-12)
    x, y = table[~np.isnan(table[:, 1])].T
    slope, intercept = np.polyfit(x, y, 1)
    left = np.mean((y - intercept - slope * x) ** 2)
    (mean_x, mean_y), ((var_x, across), (_, var_y)) = fit.params
    assert mean_x == pytest.approx(table[:, 0].mean(), rel=1e-10)
    assert var_x == pytest.approx(table[:, 0].var(), rel=1e-10)
    assert across / var_x == pytest.approx(slope, rel=1e-8)
    assert mean_y == pytest.approx(intercept + slope * mean_x, rel=1e-8)
    assert var_y == pytest.approx(left + slope**2 * var_x, rel=1e-8)


def test_without_holes_one_step_is_all():
    _, table = missing_normal.sample(HALF, 50, np.random.default_rng(7))
    fit = em.fit(missing_normal, table, Gaussian([9, 9, 9], np.eye(3)))
    assert len(fit.steps) <= 3
    np.testing.assert_allclose(fit.params.mean, table.mean(axis=0))
    covariance = np.cov(table.T, bias=True)
    np.testing.assert_allclose(fit.params.covariance, covariance)


def test_rows_that_are_all_holes_change_only_how_many_steps_it_takes():
    table, _ = missing_normal.sample(HALF, 50, np.random.default_rng(7), 0.2)
    table = table[~np.isnan(table).all(axis=1)]
    more = np.vstack([table, np.full((25, 3), GAP)])
    start = Gaussian([0, 0, 0], np.eye(3))
    fit, slow = (
        em.fit(missing_normal, rows, start, tol=1e-12) for rows in (table, more)
    )
    assert len(slow.steps) > len(fit.steps)
    assert slow.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-12)
    for ours, theirs in zip(fit.params, slow.params, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_the_order_of_columns_and_rows_does_not_matter():
    table, _ = missing_normal.sample(HALF, 50, np.random.default_rng(7), 0.3)
    order = [2, 0, 1]
    fit = em.fit(missing_normal, table, Gaussian([0, 0, 0], np.eye(3)))
    turned = em.fit(
        missing_normal, table[::-1, order], Gaussian([0, 0, 0], np.eye(3))
    )
    np.testing.assert_allclose(
        turned.params.mean, fit.params.mean[order], rtol=1e-9
    )
    np.testing.assert_allclose(
        turned.params.covariance,
        fit.params.covariance[np.ix_(order, order)],
        rtol=1e-9,
    )
