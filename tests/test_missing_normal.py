"""A table with holes: what only it has to keep to."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import multivariate_normal

import em
from em.model import named as arrays
from em.models import missing_normal
from em.models.missing_normal import Normal, Table

GAP = np.nan

HALF = Normal([1, -2, 0], [[4, 2, 1], [2, 3, 0.5], [1, 0.5, 1]])


def test_one_hole_is_filled_as_numerical_integration_fills_it():
    mean, covariance = HALF.mean, HALF.covariance
    expected, _ = missing_normal.e_step(Table([[2.5, GAP, -1.0]]), HALF)

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
    others = expected.spread.copy()
    others[1, 1] = 0
    assert not others.any()


def test_holes_in_one_column_leave_the_line_of_the_whole_rows():
    """Anderson (1957): then the limit has a closed form."""
    truth = Normal([1, -2], [[4, 2], [2, 3]])
    _, table = missing_normal.sample(truth, 80, np.random.default_rng(6))
    table[table[:, 0] > 1.5, 1] = GAP
    fit = em.fit(missing_normal, table, Normal([0, 0], np.eye(2)), tol=1e-12)
    x, y = table[~np.isnan(table[:, 1])].T
    slope, intercept = np.polyfit(x, y, 1)
    left = np.mean((y - intercept - slope * x) ** 2)
    mean_x, mean_y = fit.params.mean
    (var_x, across), (_, var_y) = fit.params.covariance
    assert mean_x == pytest.approx(table[:, 0].mean(), rel=1e-10)
    assert var_x == pytest.approx(table[:, 0].var(), rel=1e-10)
    assert across / var_x == pytest.approx(slope, rel=1e-8)
    assert mean_y == pytest.approx(intercept + slope * mean_x, rel=1e-8)
    assert var_y == pytest.approx(left + slope**2 * var_x, rel=1e-8)


def test_without_holes_one_step_is_all():
    _, table = missing_normal.sample(HALF, 50, np.random.default_rng(7))
    fit = em.fit(missing_normal, table, Normal([9, 9, 9], np.eye(3)))
    assert len(fit.steps) <= 3
    np.testing.assert_allclose(fit.params.mean, table.mean(axis=0))
    covariance = np.cov(table.T, bias=True)
    np.testing.assert_allclose(fit.params.covariance, covariance)


def test_rows_that_are_all_holes_change_only_how_many_steps_it_takes():
    drawn, _ = missing_normal.sample(HALF, 50, np.random.default_rng(7), 0.2)
    table = drawn.values
    table = table[~np.isnan(table).all(axis=1)]
    more = np.vstack([table, np.full((25, 3), GAP)])
    start = Normal([0, 0, 0], np.eye(3))
    fit, slow = (
        em.fit(missing_normal, rows, start, tol=1e-12) for rows in (table, more)
    )
    assert len(slow.steps) > len(fit.steps)
    assert slow.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-12)
    theirs = arrays(slow.params)
    for name, ours in arrays(fit.params).items():
        np.testing.assert_allclose(ours, theirs[name], rtol=1e-9)


def test_the_order_of_columns_and_rows_does_not_matter():
    drawn, _ = missing_normal.sample(HALF, 50, np.random.default_rng(7), 0.3)
    table = drawn.values
    order = [2, 0, 1]
    fit = em.fit(missing_normal, table, Normal([0, 0, 0], np.eye(3)))
    turned = em.fit(
        missing_normal, table[::-1, order], Normal([0, 0, 0], np.eye(3))
    )
    np.testing.assert_allclose(
        turned.params.mean, fit.params.mean[order], rtol=1e-9
    )
    np.testing.assert_allclose(
        turned.params.covariance,
        fit.params.covariance[np.ix_(order, order)],
        rtol=1e-9,
    )


START = Normal([0, 0], np.eye(2))
ROWS = [[1, 2], [2, GAP], [4, 3], [3, 5], [GAP, 4.0]]
MASKED = np.ma.masked_equal([[1, 2], [2, 999], [4, 3], [3, 5], [999, 4]], 999)
FRAME = pd.DataFrame(ROWS, columns=["a", "b"])


class OtherFrame:
    """A data frame of a library whose `to_numpy` takes no arguments."""

    def to_numpy(self):
        return np.array(ROWS)


@pytest.mark.parametrize(
    "table",
    [
        [[None if value is GAP else value for value in row] for row in ROWS],
        [[Fraction(1), 2], [2, None], [4, 3], [3, np.True_ + 4], [GAP, 4]],
        MASKED,
        MASKED.astype("float32"),
        MASKED.astype(object),
        list(MASKED),
        np.ma.masked_invalid(ROWS),
        np.array(ROWS, "float32"),
        np.asfortranarray(ROWS),
        FRAME,
        FRAME.astype("Float64"),
        FRAME.astype("Int64"),
        FRAME.astype({"b": "Int64"}),
        FRAME.astype(object).where(FRAME.notna(), None),
        OtherFrame(),
        Table(ROWS),
    ],
)
def test_a_hole_is_a_hole_however_it_is_written(table):
    fit = em.fit(missing_normal, table, START)
    plain = em.fit(missing_normal, np.array(ROWS), START)
    np.testing.assert_array_equal(fit.posterior.filled, plain.posterior.filled)
    np.testing.assert_array_equal(fit.params.mean, plain.params.mean)
    assert fit.log_likelihood == plain.log_likelihood
    assert not np.isclose(fit.params.mean, 999, atol=900).any()


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": ["1", "2"], "b": [1.0, 2.0]}),
        pd.DataFrame({"a": pd.to_datetime(["2020-01-01", None]), "b": [1, 2]}),
        pd.DataFrame({"a": [1j, 2], "b": [1.0, 2.0]}),
        [[1, pd.NaT], [2, 3]],
    ],
)
def test_a_frame_of_other_things_than_numbers_is_refused(frame):
    with pytest.raises(TypeError, match="table: expected numbers"):
        em.fit(missing_normal, frame, START)


def test_a_table_keeps_nothing_of_the_callers():
    rows, masked = np.array(ROWS), MASKED.astype(float)
    tables = [Table(rows), Table(masked), Table(np.ma.masked_array(rows))]
    kept = [table.values.copy() for table in tables]
    rows[:], masked[:] = 7, 7
    for table, before in zip(tables, kept, strict=True):
        np.testing.assert_array_equal(table.values, before)
    np.testing.assert_array_equal(Table(MASKED).weights, np.ones(5))


def test_a_weight_is_a_number_of_rows():
    """Those of weight 0 might hold anything that is a number."""
    rng = np.random.default_rng(3)
    drawn, _ = missing_normal.sample(HALF, 60, rng, 0.3)
    times = rng.integers(0, 4, 60)
    rows = np.repeat(drawn.values, times, axis=0)
    start = Normal([0, 0, 0], np.eye(3))
    ways = [
        em.fit(missing_normal, drawn, start, sample_weights=times, tol=1e-12),
        em.fit(missing_normal, Table(drawn.values, times), start, tol=1e-12),
        em.fit(
            missing_normal,
            Table(drawn.values, times / 4),
            start,
            sample_weights=np.full(60, 4),
            tol=1e-12,
        ),
    ]
    plain = em.fit(missing_normal, rows, start, tol=1e-12)
    for fit in ways:
        assert len(fit.steps) == len(plain.steps)
        np.testing.assert_allclose(
            fit.log_likelihoods, plain.log_likelihoods, rtol=1e-10
        )
        for name, value in arrays(fit.params).items():
            np.testing.assert_allclose(
                value, getattr(plain.params, name), rtol=1e-10
            )
    at = Normal([1, 1, 1], np.diag([1.0, 2, 3]))
    bounds = [
        em.lower_bound(missing_normal, table, step, at)
        for table, step in (
            (Table(drawn.values, times), ways[0].steps[0]),
            (rows, plain.steps[0]),
        )
    ]
    assert bounds[0] == pytest.approx(bounds[1], rel=1e-10)


def test_units_of_columns_do_not_matter():
    """Nor does what all values of a column have in common."""
    drawn, _ = missing_normal.sample(HALF, 60, np.random.default_rng(1), 0.3)
    units, origin = np.array([1e-70, 1e90, 1e3]), np.array([0, 1e91, -1e9])
    fit = em.fit(missing_normal, drawn, Normal([0, 0, 0], np.eye(3)))
    start = Normal(origin, np.diag(units**2))
    far = em.fit(missing_normal, drawn.values * units + origin, start)
    np.testing.assert_allclose(
        (far.params.mean - origin) / units, fit.params.mean, atol=1e-6
    )
    np.testing.assert_allclose(
        far.params.covariance / np.outer(units, units),
        fit.params.covariance,
        rtol=1e-6,
    )
    shift = 60 * np.nanmean(~np.isnan(drawn.values), axis=0) @ np.log(units)
    assert far.log_likelihood + shift == pytest.approx(
        fit.log_likelihood, abs=1e-5
    )


@pytest.mark.parametrize("seed", range(200))
def test_a_constant_column_with_holes_never_passes_for_a_fit(seed):
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(int(rng.integers(8, 80)), 3)).round(2)
    table[:, 1] = rng.choice([0, 7, -2.5])
    table[rng.random(table.shape) < 0.2] = GAP
    with pytest.raises(ValueError, match=r"column 1 of the table is .* where"):
        em.fit(missing_normal, table, Normal([0, 0, 0], np.eye(3)))


@pytest.mark.parametrize("slope", [2, -1e6, 1e-9])
def test_a_column_that_follows_from_another_never_passes_for_a_fit(slope):
    rng = np.random.default_rng(4)
    x = rng.normal(size=30)
    table = np.column_stack([x, slope * (3 + x)])
    table[rng.random(table.shape) < 0.2] = GAP
    start = Normal([0, 3 * slope], np.diag([1.0, slope**2]))
    with pytest.raises(em.CollapsedError, match="one column follows from the"):
        em.fit(missing_normal, table, start)


def far_and_narrow(origin):
    """Give two columns that differ by a thousandth of their width."""
    rng = np.random.default_rng(8)
    x = rng.normal(size=60)
    table = np.column_stack([x, x + 1e-3 * rng.normal(size=60)])
    table[rng.random(table.shape) < 0.2] = GAP
    return table + origin


def test_columns_too_far_from_0_for_their_digits_are_told_what_to_do():
    start = np.array([[1, 0.5], [0.5, 1]])
    near = em.fit(missing_normal, far_and_narrow(0), Normal([0, 0], start))
    far = em.fit(missing_normal, far_and_narrow(1e6), Normal([1e6, 1e6], start))
    assert far.log_likelihood == pytest.approx(near.log_likelihood, abs=1e-3)
    with pytest.raises(em.CollapsedError, match="Take off what all values of"):
        em.fit(missing_normal, far_and_narrow(1e9), Normal([1e9, 1e9], start))


def test_a_row_of_weight_0_takes_no_digits_from_the_others():
    table = np.vstack([far_and_narrow(0), [1e20, 1e20]])
    weights = np.append(np.ones(60), 0)
    start = Normal([0, 0], [[1, 0.5], [0.5, 1]])
    fit = em.fit(missing_normal, table, start, sample_weights=weights)
    plain = em.fit(missing_normal, table[:60], start)
    assert fit.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-10)


def test_a_start_of_no_width_for_such_numbers_is_told_to_be_nearer():
    table, covariance = far_and_narrow(1e5), np.diag([1e-150, 1])
    with pytest.raises(ValueError, match="1e40 of the start's standard dev"):
        em.fit(missing_normal, table, Normal([0, 0], covariance))
    rows = [[1e90, 3], [2e90, 4], [GAP, 9], [3e90, 7]]
    start = Normal([0, 0], [[1e102, 0.9e101], [0.9e101, 1e100]])
    for fit in (
        em.fit(missing_normal, rows, start),
        em.fit(missing_normal, rows, Normal([0, 0], np.diag([1e180, 1]))),
    ):
        assert fit.converged
        assert np.isfinite(fit.log_likelihoods).all()
