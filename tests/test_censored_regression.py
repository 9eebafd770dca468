"""Lifetimes, some of them cut off: what only they have to keep to."""

import numpy as np
import pytest
from scipy.integrate import quad

import em
from em.models import censored_regression
from em.models.censored_regression import Line


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
    mean, variance = (
        part.item() for part in censored_regression.above(np.array([z]))
    )
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
