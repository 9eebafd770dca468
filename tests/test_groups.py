"""Multivariate normals: their shapes, the floor, units, and blocks of rows."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import em
from em.models import gaussians, normals
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.numbers.blocks import ROWS
from em.numbers.covariances import n_parameters, shaped, widened

ONE, TWO = np.eye(1), np.eye(2)
TRUTH = Gaussians(
    [[-3, 0], [1, 3], [5, -1]],
    [[[1, 0.5], [0.5, 0.8]], [[0.6, -0.3], [-0.3, 1]], 0.5 * TWO],
    [0.3, 0.3, 0.4],
)
START = Gaussians([[-4, 0], [0, 2], [5, 0]], [TWO] * 3)


def test_the_four_shapes_are_what_they_are_called():
    x, _ = gaussians.sample(TRUTH, 200, np.random.default_rng(8))
    full, tied, diagonal, spherical = (
        em.fit(gaussians, x, START, covariance_type=word).params.covariances
        for word in ("full", "tied", "diagonal", "spherical")
    )
    assert np.ptp(full, axis=0).min() > 0.1
    assert (tied == tied[0]).all()
    assert tied[0, 0, 1] != 0
    assert (diagonal[:, 0, 1] == 0).all()
    assert (diagonal[:, 0, 0] != diagonal[:, 1, 1]).all()
    np.testing.assert_array_equal(spherical, spherical[:, :1, :1] * np.eye(2))


def test_the_likeliest_of_each_shape_by_hand():
    """Two groups of 10 and 30 points, with these sums of squares."""
    scatters = np.array([[[40.0, 10], [10, 20]], [[30, 0], [0, 90]]])
    sizes = np.array([10.0, 30])
    for word, expected in {
        "full": [[[4, 1], [1, 2]], [[1, 0], [0, 3]]],
        "tied": [[[1.75, 0.25], [0.25, 2.75]]] * 2,
        "diagonal": [[[4, 0], [0, 2]], [[1, 0], [0, 3]]],
        "spherical": [[[3, 0], [0, 3]], [[2, 0], [0, 2]]],
    }.items():
        np.testing.assert_allclose(shaped(scatters, sizes, word), expected)


def test_a_floor_holds_in_every_direction_and_the_likelihood_still_climbs():
    """A group on a slanted line: without a floor it collapses."""
    rng = np.random.default_rng(9)
    along = rng.standard_normal(30)
    line = np.column_stack([20 + along, 2 * along])
    x = np.concatenate([rng.standard_normal((40, 2)), line])
    start = Gaussians([[0, 0], [20, 0]], [TWO, TWO])
    with pytest.raises(em.CollapsedError) as error:
        em.fit(gaussians, x, start)
    assert error.value.component == 1
    fit = em.fit(gaussians, x, start, min_std=0.2)
    np.testing.assert_allclose(
        np.linalg.eigvalsh(fit.params.covariances[1])[0], 0.04, rtol=1e-9
    )
    # The other direction, and the other group, are as they would have been.
    away = np.linalg.eigvalsh(np.cov(line.T, bias=True))[1]
    np.testing.assert_allclose(
        np.linalg.eigvalsh(fit.params.covariances[1])[1], away, rtol=1e-6
    )
    np.testing.assert_allclose(
        fit.params.covariances[0], np.cov(x[:40].T, bias=True), rtol=1e-6
    )


@pytest.mark.parametrize(
    "scales", [[1, 1, 1], [1, 1, 1e6], [1, 1e7, 1], [1e-1, 1e9, 1e3]]
)
def test_a_floor_that_does_not_bind_changes_nothing_whatever_the_units(scales):
    rng = np.random.default_rng(0)
    mixed = [[1, 0.6, 0.3], [0, 0.8, 0.2], [0, 0, 0.7]]
    x = rng.normal(size=(200, 3)) @ mixed * scales
    true = np.cov(x.T, bias=True)
    start = Gaussians([x.mean(axis=0)], [true])
    fit = em.fit(gaussians, x, start, min_std=1e-3)
    np.testing.assert_allclose(fit.params.covariances[0], true, rtol=1e-12)


def test_a_floor_binds_in_the_small_unit_next_to_a_large_one():
    """No width at all but in seconds, next to a column in nanoseconds."""
    for unit in (1, 1e7, 1e9):
        narrow = np.array([[[0.01, 0.05 * unit], [0.05 * unit, unit**2]]])
        wide = widened(narrow, 1.0)[0]
        # But for what is as small as 1 / unit², the narrow direction is that
        # of the first axis, where all but 0.0025 of 0.01 goes with the other.
        if unit > 1:
            np.testing.assert_allclose(wide[0, 0], 1.0025, rtol=1e-12)
            np.testing.assert_allclose(wide[0, 1], 0.05 * unit, rtol=1e-12)
            np.testing.assert_allclose(wide[1, 1], unit**2, rtol=1e-12)
        else:
            least = np.linalg.eigvalsh(wide)
            np.testing.assert_allclose(
                least, [1, max(1, np.linalg.eigvalsh(narrow)[0, 1])]
            )


def test_the_floor_is_the_likeliest_of_all_covariances_that_keep_to_it():
    """Against every covariance that lies a little further from the floor."""
    rng = np.random.default_rng(14)
    root = rng.normal(size=(3, 3)) * [1, 0.2, 0.05]
    scatter = root @ root.T
    best = widened(scatter[None], 0.3)[0]
    values = np.linalg.eigvalsh(scatter)
    np.testing.assert_allclose(
        np.linalg.eigvalsh(best), np.maximum(values, 0.09), rtol=1e-12
    )

    def height(covariance):
        return (
            -np.linalg.slogdet(covariance)[1]
            - np.linalg.solve(covariance, scatter).trace()
        )

    for _ in range(200):
        nudge = 1e-3 * rng.normal(size=(3, 3))
        moved = widened((best + nudge + nudge.T)[None], 0.3)[0]
        assert height(moved) < height(best)


def test_how_many_numbers_a_fit_chooses():
    """Two groups in three columns: 6 means and 1 weight beside the widths."""
    counts = {"full": 12, "tied": 6, "diagonal": 6, "spherical": 2}
    for word, count in counts.items():
        assert n_parameters(2, 3, word) == count + 7


def test_units_and_distance_from_the_origin_do_not_make_a_group_flat():
    x, _ = gaussians.sample(TRUTH, 300, np.random.default_rng(10))
    plain = em.fit(gaussians, x, START)
    unit = np.array([1e-9, 1e6])
    moved = em.fit(
        gaussians,
        x * unit + 1e3 * unit,
        Gaussians(
            START.means * unit + 1e3 * unit,
            START.covariances * unit * unit[:, None],
        ),
    )
    np.testing.assert_allclose(
        moved.params.means, plain.params.means * unit + 1e3 * unit, rtol=1e-9
    )
    np.testing.assert_allclose(moved.posterior, plain.posterior, atol=1e-6)


def test_blocks_of_rows_change_nothing():
    """More points than a block holds, against one density at a time."""
    x, _ = gaussians.sample(TRUTH, ROWS + 321, np.random.default_rng(12))
    expected = np.transpose(
        [
            multivariate_normal.logpdf(x, mean, covariance)
            for mean, covariance in zip(
                TRUTH.means, TRUTH.covariances, strict=True
            )
        ]
    )
    np.testing.assert_allclose(
        gaussians.log_density(x, TRUTH), expected, rtol=1e-10
    )
    responsibilities, _ = gaussians.e_step(x, TRUTH)
    found = gaussians.m_step(x, responsibilities)
    for k, share in enumerate(responsibilities.T):
        np.testing.assert_allclose(
            found.covariances[k], np.cov(x.T, aweights=share, bias=True)
        )


def test_equal_stds_are_equal_and_the_best_of_that_kind():
    """In one dimension they are the tied covariance of the gaussians."""
    truth = Normals([-2, 1, 6], [1, 1, 1])
    x, _ = normals.sample(truth, 200, np.random.default_rng(13))
    start = Normals([-3, 0, 5], [2, 2, 2])
    fit = em.fit(normals, x, start, equal_stds=True)
    tied = em.fit(
        gaussians,
        x[:, None],
        Gaussians(start.means[:, None], [4 * ONE] * 3),
        covariance_type="tied",
    )
    assert np.ptp(fit.params.stds) == 0
    assert fit.log_likelihood == pytest.approx(tied.log_likelihood, rel=1e-12)
    np.testing.assert_allclose(
        fit.params.stds**2, tied.params.covariances[:, 0, 0], rtol=1e-9
    )
