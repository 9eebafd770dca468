"""Profile intervals: against a search by hand, and where there is an edge."""

import numpy as np
import pytest
from scipy.optimize import brentq, minimize
from scipy.special import gammaln

import em
from em.models import gaussians, normals, poissons
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.models.poissons import Poissons

CHOLERA = np.repeat([0.0, 1, 2, 3, 4], [168, 32, 16, 6, 1])  # McKendrick 1926
DROP = 1.920729410347062  # half the 95 % quantile of χ² with one degree


def log_likelihood(rate, other, weight):
    with np.errstate(all="ignore"):
        logs = [
            np.log(share) + CHOLERA * np.log(one) - one - gammaln(CHOLERA + 1)
            for one, share in ((rate, 1 - weight), (other, weight))
        ]
    return float(np.logaddexp(*logs).sum())


def highest(rate):
    """Give the best log-likelihood with one rate held, by a plain search."""

    def depth(v):
        return -log_likelihood(rate, np.exp(v[0]), 1 / (1 + np.exp(-v[1])))

    how = {"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000}
    return -minimize(depth, [0, 0], method="Nelder-Mead", options=how).fun


def test_a_rate_whose_best_value_is_zero_has_an_interval():
    fit = em.fit(poissons, CHOLERA, Poissons([0.1, 1]), max_iter=5000)
    low, high = em.profile(poissons, CHOLERA, fit, "rates[0]")
    least = fit.log_likelihood - DROP
    assert low == 0
    expected = brentq(lambda rate: highest(rate) - least, 0.01, 0.5)
    assert high == pytest.approx(expected, rel=1e-5)


def test_where_data_are_many_it_is_that_of_the_standard_error():
    rng = np.random.default_rng(5)
    x, _ = normals.sample(Normals([0, 5], [1, 1.5]), 2000, rng)
    fit = em.fit(normals, x, Normals([0, 5], [1, 1]), tol=1e-10)
    errors = em.standard_errors(normals, x, fit).errors
    for name, at, error in (
        ("means[1]", fit.params.means[1], errors.means[1]),
        ("weights[0]", fit.params.weights[0], errors.weights[0]),
    ):
        low, high = em.profile(normals, x, fit, name, level=0.6827)
        assert at - low == pytest.approx(error, rel=0.05)
        assert high - at == pytest.approx(error, rel=0.05)


def test_what_is_no_number_of_it_is_refused():
    fit = em.fit(poissons, CHOLERA, Poissons([0.1, 1]), max_iter=5000)
    with pytest.raises(ValueError, match=r"number is 'rate': .*rates\[0\]"):
        em.profile(poissons, CHOLERA, fit, "rate")
    with pytest.raises(ValueError, match=r"expected one that is free"):
        em.profile(poissons, CHOLERA, fit, "rates[0]", fixed="rates")
    x = np.random.default_rng(0).normal(size=(40, 2))
    one = em.fit(gaussians, x, Gaussians([[0, 0]], [np.eye(2)]))
    with pytest.raises(ValueError, match=r"no entry of a covariance"):
        em.profile(gaussians, x, one, "covariances[0, 0, 0]")


def test_without_a_top_there_is_no_end():
    silent = type(
        "Silent",
        (),
        {
            "e_step": staticmethod(lambda x, p: (None, -((x - p["a"]) ** 2))),
            "m_step": staticmethod(lambda x, _: {"a": x, "b": np.array(1.0)}),
        },
    )
    start = {"a": np.array(0.0), "b": np.array(1.0)}
    fit = em.fit(silent, 3.0, start)
    with pytest.raises(em.NotDeterminedError, match="no end was found"):
        em.profile(silent, 3.0, fit, "b")
