"""EM's relatives, as their page has them: against SciPy, scikit-learn, closed forms."""

import runpy

import numpy as np
import pytest
from conftest import ROOT
from scipy import stats
from scipy.optimize import approx_fprime, minimize
from scipy.special import gammaln
from sklearn.cluster import KMeans
from sklearn.mixture import BayesianGaussianMixture

import em
from em.models import normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals

PRIOR = {"m": 5, "kappa": 0.1, "shape": 2, "scale": 2}  # of Gibbs, on the page


def left_by(name):
    """Give what a page's cells leave behind."""
    return runpy.run_path(str(ROOT / f"docs/{name}.py"))


@pytest.fixture(scope="session")
def overview():
    return left_by("relatives")


@pytest.fixture(scope="session")
def priors():
    return left_by("priors")


@pytest.fixture(scope="session")
def hard():
    return left_by("hard")


@pytest.fixture(scope="session")
def sampling():
    return left_by("gibbs")


@pytest.fixture(scope="session")
def faster():
    return left_by("faster")


@pytest.fixture(scope="session")
def x(hard):
    assert len(hard["x"]) == 40
    return hard["x"]


def test_the_pictures_show_what_the_pages_of_the_families_find(
    overview, priors, hard, sampling, faster
):
    mean, std, odds = np.split(faster["climbed"].x, [2, 4])
    assert len(odds) == 1
    for title, means, stds in (
        ("EM", priors["fit"].params.means, priors["fit"].params.stds),
        (
            "MAP: a prior",
            priors["best"].params.means,
            priors["best"].params.stds,
        ),
        (
            "Ten labels known",
            priors["some"].params.means,
            priors["some"].params.stds,
        ),
        ("Hard EM", hard["chosen"].means, hard["chosen"].stds),
        ("ECM: four apart", hard["tied"].means, hard["tied"].stds),
        ("Gradients", mean, np.exp(std)),
    ):
        (bells,), _ = overview["pictured"][title]
        room = 1e-3 if title == "Gradients" else 1e-7
        np.testing.assert_allclose(bells.means, means, room)
        np.testing.assert_allclose(bells.stds, stds, room)
    (centres,), owners = overview["pictured"]["k-means"]
    np.testing.assert_allclose(centres.means, hard["centres"])
    np.testing.assert_array_equal(owners.argmax(axis=1), hard["label"])
    thrown = [[*one.means, *one.stds] for one in overview["thrown"]]
    np.testing.assert_array_equal(thrown, hard["trembling"])
    np.testing.assert_array_equal(overview["draws"], sampling["chain"])
    for there, now in zip(overview["belief"], sampling["two"][-1], strict=True):
        np.testing.assert_array_equal(there, now)


START = Normals([1.1, 9], [2, 1.7])


def test_hard_em_climbs_to_labels_that_no_single_change_makes_better(hard, x):
    """Its height is the complete-data log-likelihood at the best labels."""
    bells, climbed = hard["hard_em"](x, START, 30)
    assert np.diff(climbed).min() >= -1e-12
    joint = bells.weights * stats.norm.pdf(x[:, None], bells.means, bells.stds)
    assert climbed[-1] == pytest.approx(np.log(joint.max(axis=1)).sum())
    label = joint.argmax(axis=1)
    for k in (0, 1):
        assert bells.means[k] == pytest.approx(x[label == k].mean())
        assert bells.stds[k] == pytest.approx(x[label == k].std())


def test_k_means_is_scikit_learns(hard, x):
    first = np.array([1.1, 9.0])
    centres, label = hard["k_means"](x, first, 50)
    theirs = KMeans(2, init=first[:, None], n_init=1, tol=0).fit(x[:, None])
    np.testing.assert_allclose(centres, theirs.cluster_centers_.ravel())
    np.testing.assert_array_equal(label, theirs.labels_)


def test_ecm_ends_where_an_optimiser_finds_the_top_of_tied_bells(hard, x):
    def log_likelihood(free):
        weights = np.array([1, np.exp(free[3])]) / (1 + np.exp(free[3]))
        means, stds = free[0] + np.array([0, 4]), np.exp(free[1:3])
        joint = weights * stats.norm.pdf(x[:, None], means, stds)
        return np.log(joint.sum(axis=1)).sum()

    found = minimize(lambda free: -log_likelihood(free), [3, 0, 0.5, 0])
    bells, heights = hard["ecm"](x, START, 4, 500)
    assert heights[-1] == pytest.approx(-found.fun, abs=1e-8)
    assert np.diff(heights)[1:].min() > -1e-12
    assert bells.means[0] == pytest.approx(found.x[0], abs=1e-4)
    assert bells.means[1] - bells.means[0] == pytest.approx(4)


def test_the_e_step_gives_the_slope(faster, x):
    for free in ([1.1, 9, 0.5, 0.4, 0], [2, 7, -0.3, 1, 0.7]):
        _, slope = faster["downhill"](np.array(free))
        theirs = approx_fprime(free, lambda at: faster["downhill"](at)[0], 1e-7)
        np.testing.assert_allclose(slope, theirs, rtol=1e-4, atol=1e-4)
    best = em.fit(normals, x, START, tol=1e-10)
    assert -faster["climbed"].fun == pytest.approx(
        best.log_likelihood, abs=1e-6
    )
    np.testing.assert_allclose(
        faster["climbed"].x[:2], best.params.means, atol=1e-3
    )


def test_stochastic_em_hovers_about_em(hard):
    """Within two of its own standard deviations, and it never stands still."""
    after = hard["trembling"][100:]
    map_ = hard["best"].params
    level = np.r_[map_.means, map_.stds]
    assert (np.abs(after.mean(axis=0) - level) < 2 * after.std(axis=0)).all()
    assert (after.std(axis=0) > 0.05).all()


def error_of_mean(draws):
    """Give the standard error of a mean of draws that depend, from 20 batches."""
    batches = draws[: len(draws) // 20 * 20].reshape(20, -1).mean(axis=1)
    return batches.std(ddof=1) / np.sqrt(20)


def test_gibbs_with_one_bell_draws_from_the_closed_form(sampling, x):
    draws = sampling["gibbs"](
        x, Normals([5], [2]), 4_000, np.random.default_rng(0)
    )
    n, m, kappa, shape, scale = len(x), *PRIOR.values()
    centre = (kappa * m + x.sum()) / (kappa + n)
    squares = (x**2).sum() + kappa * m**2 - (kappa + n) * centre**2
    a, b = shape + n / 2, scale + squares / 2
    exact = stats.t(2 * a, centre, np.sqrt(b / (a * (kappa + n))))
    assert stats.kstest(draws[:, 0], exact.cdf).pvalue > 0.01
    variance = stats.invgamma(a, scale=b)
    assert stats.kstest(draws[:, 1] ** 2, variance.cdf).pvalue > 0.01


def test_gibbs_with_one_coin_draws_from_the_closed_form(sampling):
    draws = sampling["gibbs_of_coins"](
        Flips([9], [3]), Coins([0.5]), 4_000, np.random.default_rng(1)
    )
    assert stats.kstest(draws[:, 0], stats.beta(11, 5).cdf).pvalue > 0.01


def test_gibbs_with_two_coins_draws_from_the_posterior_by_quadrature(sampling):
    """Two rounds, two coins: the posterior on a grid, mixing weight summed out."""
    flips = Flips([9, 2], [1, 8])
    grid = (np.arange(200) + 0.5) / 200
    one, two = np.meshgrid(grid, grid, indexing="ij")
    density = 0.0
    for first in (0, 1):
        for second in (0, 1):
            ways = 1 / 3 if first == second else 1 / 6  # Dirichlet(1, 1)
            theta = (one, two)
            a, b = theta[first], theta[second]
            density = density + ways * a**9 * (1 - a) * b**2 * (1 - b) ** 8
    density = density * one * (1 - one) * two * (1 - two)
    density /= density.sum()
    exact = (np.abs(one - two) * density).sum()
    drawn = sampling["gibbs_of_coins"](
        flips, Coins([0.7, 0.4]), 8_000, np.random.default_rng(2)
    )
    gaps = np.abs(drawn[:, 0] - drawn[:, 1])
    assert abs(gaps.mean() - exact) < 4 * error_of_mean(gaps)
    assert drawn.mean() == pytest.approx((one * density).sum(), abs=0.02)


def test_gibbs_visits_both_namings_and_agrees_with_a_long_run(sampling, x):
    """The labels swap on the page; sorted, the means are those of a long run."""
    draws = sampling["chain"]
    order = np.argsort(draws[:, :2], axis=1)[:, 0]
    assert 0.1 < order.mean() < 0.9
    long = sampling["gibbs"](x, START, 12_000, np.random.default_rng(99))
    for k in (0, 1):
        here, there = (
            np.sort(d[100:, :2], axis=1)[:, k] for d in (draws, long)
        )
        room = np.hypot(error_of_mean(here), error_of_mean(there))
        assert abs(here.mean() - there.mean()) < 4 * room


@pytest.mark.parametrize("alpha0", [0.01, 1])
def test_variational_bayes_is_scikit_learns(sampling, x, alpha0):
    """Same prior, same first shares: same posterior, six components or three."""
    k = 3
    shares = np.random.default_rng(8).dirichlet(np.ones(k), len(x))

    class Theirs(BayesianGaussianMixture):
        def _initialize_parameters(self, table, random_state, xp=None):
            self._initialize(table, shares)

    theirs = Theirs(
        n_components=k, weight_concentration_prior_type="dirichlet_distribution",
        weight_concentration_prior=alpha0, mean_prior=[5],
        mean_precision_prior=0.1, degrees_of_freedom_prior=4,
        covariance_prior=[[4.0]], reg_covar=0, tol=1e-14, max_iter=20_000,
    ).fit(x[:, None])  # fmt: skip
    alpha, mean, kappa, a, b, _ = sampling["variational"](
        x, shares, 5_000, alpha0
    )[-1]
    np.testing.assert_allclose(
        alpha, theirs.weight_concentration_, rtol=1e-4, atol=1e-5
    )
    np.testing.assert_allclose(mean, theirs.means_.ravel(), rtol=1e-4)
    np.testing.assert_allclose(kappa, theirs.mean_precision_, rtol=1e-4)
    np.testing.assert_allclose(2 * a, theirs.degrees_of_freedom_, rtol=1e-4)
    np.testing.assert_allclose(b / a, theirs.covariances_.ravel(), rtol=1e-4)


def test_the_bound_of_one_bell_is_the_evidence_in_closed_form(sampling, x):
    last = sampling["variational"](x, np.ones((40, 1)), 2, alpha0=1)[-1]
    _, _, kappa, a, b, _ = last
    evidence = (
        gammaln(a) - gammaln(2) + 2 * np.log(2) - a * np.log(b)
        + np.log(0.1 / kappa) / 2 - 20 * np.log(2 * np.pi)
    )  # fmt: skip
    assert sampling["bound"](*last, alpha0=1) == pytest.approx(
        evidence[0], rel=1e-12
    )


@pytest.mark.parametrize("alpha0", [0.01, 1])
def test_the_bound_never_falls_and_is_below_the_evidence(sampling, x, alpha0):
    shares = np.random.default_rng(1).dirichlet(np.ones(4), len(x))
    taken = sampling["variational"](x, shares, 300, alpha0)
    bounds = np.array([sampling["bound"](*one, alpha0=alpha0) for one in taken])
    assert np.diff(bounds).min() > -1e-10


def test_surplus_components_die(sampling):
    weights = sampling["weights"]
    assert (weights[0] > 0.05).all()
    assert (weights[-1] > 0.01).sum() == 2
    assert weights.shape[1] == 6


def test_the_prior_pulls_and_labels_help(priors):
    assert priors["saved"].heights[-1] == pytest.approx(
        priors["best"].heights[-1]
    )
    assert len(priors["some"].steps) < len(priors["fit"].steps)
    assert (priors["labels"] >= 0).sum() == 10
