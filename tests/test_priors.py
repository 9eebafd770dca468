"""Priors: imaginary data in the M-step, and the top of the posterior density."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import beta, binom, dirichlet, gamma, invgamma, norm, poisson

import em
from em.models import coins, normals, poisson_hmm, poissons
from em.models.coins import Coins, CoinsPrior, Flips
from em.models.normals import Normals, NormalsPrior
from em.models.poisson_hmm import PoissonHMM, PoissonHMMPrior

FLIPS = Flips([21, 9, 10, 32, 7], [7, 10, 17, 10, 13])
RNG = np.random.default_rng(3)
X = np.r_[RNG.normal(3, 0.8, 20), RNG.normal(7, 2, 20)]
HMM = PoissonHMM([0.6, 0.4], [[0.8, 0.2], [0.3, 0.7]], [2, 9])
SERIES, _ = poisson_hmm.sample(HMM, 60, RNG)


def shares(free):
    """Give probabilities from one number fewer, or rows of them."""
    free = np.asarray(free)
    logs = np.concatenate([free, np.zeros((*free.shape[:-1], 1))], axis=-1)
    odds = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def top(height, free):
    """Give where the height is largest, by an optimiser that knows no EM."""
    best = minimize(
        lambda f: -height(f),
        free,
        method="Nelder-Mead",
        options={
            "maxiter": 40_000,
            "maxfev": 40_000,
            "xatol": 1e-9,
            "fatol": 1e-12,
            "adaptive": True,
        },
    )
    return minimize(lambda f: -height(f), best.x, method="BFGS").x  # fmt: skip


def test_coins_end_where_an_optimiser_finds_the_top_of_the_posterior():
    a, b, alpha = [3, 2], [2, 5], [4, 2]

    def height(free):
        theta, weights = 1 / (1 + np.exp(-free[:2])), shares(free[2:])
        n = FLIPS.heads + FLIPS.tails
        joint = weights * binom.pmf(FLIPS.heads[:, None], n[:, None], theta)
        prior = beta.logpdf(theta, a, b).sum() + dirichlet.logpdf(
            weights, alpha
        )
        return np.log(joint.sum(axis=1)).sum() + prior

    found = top(height, [1.0, -0.5, 0.0])
    fit = em.fit(
        coins, FLIPS, Coins([0.7, 0.4]), tol=1e-12,
        prior=CoinsPrior.beta(a, b, alpha),
    )  # fmt: skip
    theta = 1 / (1 + np.exp(-found[:2]))
    np.testing.assert_allclose(fit.params.theta, theta, atol=1e-6)
    np.testing.assert_allclose(fit.params.weights, shares(found[2:]), atol=1e-6)
    without = em.fit(coins, FLIPS, Coins([0.7, 0.4])).params
    assert abs(fit.params.theta - without.theta).min() > 0.005


def inverse_gamma(means, stds, m, kappa, shape, scale):
    """Give the log-density of (μ, σ²), by SciPy's own."""
    variances = invgamma.logpdf(stds**2, shape, scale=scale)
    return variances + norm.logpdf(means, m, stds / np.sqrt(kappa))


@pytest.mark.parametrize("equal_stds", [False, True])
def test_normals_end_where_an_optimiser_finds_the_top(equal_stds):
    m, kappa, shape, scale = np.array([2.0, 8.0]), 3.0, 2.0, np.array([1, 4.0])
    alpha = [2, 5]

    def bells(free):
        stds = np.exp(free[[2, 2]] if equal_stds else free[2:4])
        return free[:2], stds, shares(free[4:])

    def height(free):
        means, stds, weights = bells(free)
        joint = weights * norm.pdf(X[:, None], means, stds)
        prior = inverse_gamma(means, stds, m, kappa, shape, scale).sum()
        prior += dirichlet.logpdf(weights, alpha)
        return np.log(joint.sum(axis=1)).sum() + prior

    found = bells(top(height, np.array([3, 7, 0, 0.5, 0.0])))
    prior = NormalsPrior.normal_inverse_gamma(m, kappa, shape, scale, alpha)
    fit = em.fit(
        normals, X, Normals([3, 7], [1, 2]), tol=1e-12, prior=prior,
        equal_stds=equal_stds,
    )  # fmt: skip
    for name, values in zip(("means", "stds", "weights"), found, strict=True):
        np.testing.assert_allclose(getattr(fit.params, name), values, atol=1e-5)


def likelihood_of_a_series(initial, transitions, rates):
    """Give it by the plain forward recursion, for 60 counts of no great size."""
    densities = poisson.pmf(SERIES[:, None], rates)
    state, total = initial * densities[0], 0.0
    for density in densities[1:]:
        total += np.log(state.sum())
        state = state / state.sum() @ transitions * density
    return total + np.log(state.sum())


def test_a_hidden_markov_model_ends_where_an_optimiser_finds_the_top():
    rows = np.array([[4.0, 2], [1.5, 6]])
    first, a, b = [3, 2], 5.0, 0.8

    def hmm(free):
        rows = shares(free[2:4].reshape(2, 1))
        return shares(free[4:]), rows, np.exp(free[:2])

    def height(free):
        initial, moves, rates = hmm(free)
        prior = dirichlet.logpdf(initial, first)
        prior += gamma.logpdf(rates, a, scale=1 / b).sum()
        for row, alpha in zip(moves, rows, strict=True):
            prior += dirichlet.logpdf(row, alpha)
        return likelihood_of_a_series(initial, moves, rates) + prior

    found = hmm(top(height, np.array([0.7, 2.2, 1, -1, 0.0])))
    fit = em.fit(
        poisson_hmm, SERIES, HMM, tol=1e-12,
        prior=PoissonHMMPrior.dirichlet(rows, first, a, b),
    )  # fmt: skip
    for name, values in zip(
        ("initial", "transitions", "rates"), found, strict=True
    ):
        np.testing.assert_allclose(getattr(fit.params, name), values, atol=1e-5)


def test_the_densities_are_those_of_scipy_up_to_a_constant():
    rng = np.random.default_rng(1)
    drawn = [(rng.normal(size=2), rng.gamma(2, size=2)) for _ in range(2)]
    weights = rng.dirichlet([2, 2], 4)
    prior = NormalsPrior.normal_inverse_gamma([1, 2], [3, 1], 2.5, 4, 3)
    ours = [
        prior.log_density(Normals(*bells, w))
        for bells, w in zip(drawn, weights, strict=False)
    ]
    theirs = [
        inverse_gamma(*bells, [1, 2], np.array([3, 1]), 2.5, 4).sum()
        + dirichlet.logpdf(w, [3, 3])
        for bells, w in zip(drawn, weights, strict=False)
    ]
    assert ours[0] - ours[1] == pytest.approx(theirs[0] - theirs[1], rel=1e-10)


def test_imaginary_flips_count_as_flips_that_were_seen():
    """What is imagined of a coin, credited to it beside the real ones."""
    prior = CoinsPrior(heads=[4, 1], tails=[2, 3], sequences=1)
    r, _ = coins.e_step(FLIPS, Coins([0.7, 0.4]))
    more = Flips(np.r_[FLIPS.heads, 4, 1], np.r_[FLIPS.tails, 2, 3])
    theirs = coins.m_step(more, np.vstack([r, np.eye(2)]))
    ours = prior.answer(coins.credited(FLIPS, r))
    np.testing.assert_allclose(ours.theta, theirs.theta, rtol=1e-14)
    np.testing.assert_allclose(ours.weights, theirs.weights, rtol=1e-14)


def test_imaginary_points_count_as_points_that_were_seen():
    """Four for each bell, two a width to the left of its mean, two to the right."""
    prior = NormalsPrior([2, 8], 4, std=[1, 3], std_count=4, points=4)
    r, _ = normals.e_step(X, Normals([3, 7], [1, 2]))
    more = np.r_[X, 1, 1, 3, 3, 5, 5, 11, 11]
    theirs = normals.m_step(more, np.vstack([r, np.repeat(np.eye(2), 4, 0)]))
    ours = prior.answer(normals.credited(X, r))
    for name in ("means", "stds", "weights"):
        np.testing.assert_allclose(
            getattr(ours, name), getattr(theirs, name), rtol=1e-12
        )


def test_imaginary_moves_and_times_count_as_those_that_were_seen():
    posterior, _ = poisson_hmm.e_step(SERIES, HMM)
    prior = PoissonHMMPrior(first=1, moves=[[1, 2], [3, 4]], total=6, times=2)
    found = prior.answer(poisson_hmm.credited(SERIES, posterior))
    moves = posterior.expected_transitions + np.array([[1, 2], [3, 4]])
    np.testing.assert_allclose(
        found.transitions, moves / moves.sum(axis=1)[:, None]
    )
    spent = posterior.smoothed.sum(axis=0) + 2
    counted = SERIES @ posterior.smoothed + 6
    np.testing.assert_allclose(found.rates, counted / spent)
    np.testing.assert_allclose(found.initial, (posterior.smoothed[0] + 1) / 3)


def test_nothing_imagined_changes_no_bit():
    pairs = [
        (coins, FLIPS, Coins([0.7, 0.4]), CoinsPrior()),
        (normals, X, Normals([3, 7], [1, 2]), NormalsPrior()),
        (poisson_hmm, SERIES, HMM, PoissonHMMPrior()),
    ]
    for model, data, start, prior in pairs:
        flat = em.fit(model, data, start, prior=prior)
        plain = em.fit(model, data, start)
        np.testing.assert_array_equal(flat.log_likelihoods, plain.heights)
        assert len(flat.steps) == len(plain.steps)
        assert flat.steps[-1].log_prior == 0


OLD = np.random.RandomState(110)  # the forty points of the pages
FORTY = np.r_[OLD.normal(3, 0.8, 20), OLD.normal(7, 2, 20)]
NEEDLE = Normals([8.075, 6], [0.001, 2])
WIDE = NormalsPrior(std=1, std_count=2)


def test_a_bell_can_collapse_no_more():
    with pytest.raises(em.CollapsedError):
        em.fit(normals, FORTY, NEEDLE)
    fit = em.fit(normals, FORTY, NEEDLE, prior=WIDE)
    assert fit.converged
    assert fit.params.stds.min() > 0.1
    rng = np.random.default_rng(0)
    for _ in range(30):  # needles on points: each with a width of its own
        start = Normals(rng.choice(FORTY, 3), rng.uniform(1e-9, 2, 3))
        prior = NormalsPrior(mean=5, mean_count=0.1, std_count=2, points=1)
        fit = em.fit(normals, FORTY, start, prior=prior, max_iter=5000)
        # Of n points and 2 imagined ones, of width 1: no less than 2/(n + 2).
        assert fit.params.stds.min() > np.sqrt(2 / (40 + 2)) - 1e-12


def test_the_height_never_falls_where_the_log_likelihood_does():
    start = em.fit(normals, FORTY, Normals([1.1, 9], [2, 1.7])).params
    fit = em.fit(normals, FORTY, start, prior=NormalsPrior(std_count=20))
    assert np.diff(fit.log_likelihoods).min() < -0.01
    assert np.diff(fit.heights).min() >= -1e-12
    last = fit.steps[-1]
    _, log_likelihood = normals.e_step(FORTY, fit.params)
    assert last.log_likelihood == pytest.approx(log_likelihood, rel=1e-12)
    assert last.log_prior == NormalsPrior(std_count=20).log_density(fit.params)
    assert fit.log_likelihood + last.log_prior == pytest.approx(last.height)
    ran = em.run(normals, FORTY, start, prior=NormalsPrior(std_count=20))
    step = [next(ran) for _ in range(3)][-1]
    assert step.log_prior == fit.steps[2].log_prior
    assert step.height == fit.steps[2].height


def test_the_best_of_many_is_the_one_whose_posterior_is_highest():
    """By the log-likelihood alone, the bell on three points would win."""
    starts = [Normals([1.1, 9], [2, 1.7]), Normals([10.14, 6], [0.02, 2])]
    prior = NormalsPrior(points=10)
    best = em.best_of(normals, FORTY, starts, prior=prior)
    bells, three = best.ends
    assert three.log_likelihood > bells.log_likelihood + 1
    assert three.height < bells.height - 1
    assert best.fit.steps[-1] is bells


def test_a_wrong_step_is_told_by_the_sum_of_both():
    """A prior that the M-step does not count is a fall, and named as one."""

    start = em.fit(
        normals, X, Normals([3, 7], [1, 2]), prior=NormalsPrior(std_count=20)
    ).params
    wrong = SimpleNamespace(
        answer=normals.answer,
        log_density=NormalsPrior(std_count=20).log_density,
    )
    with pytest.raises(em.FellError, match=r"log-likelihood \+ log prior fell"):
        em.fit(normals, X, start, prior=wrong)


def test_an_edge_that_the_prior_excludes_is_refused():
    with pytest.raises(
        em.NotFiniteError, match=r"log prior is -inf after step 0"
    ):
        em.fit(coins, FLIPS, Coins([0, 0.4]), prior=CoinsPrior.beta(2, 2))


def test_observations_count_beside_what_is_imagined():
    prior = CoinsPrior.beta(3, 2, 2)
    twice = Flips(np.tile(FLIPS.heads, 2), np.tile(FLIPS.tails, 2))
    weighted = em.fit(
        coins, FLIPS, Coins([0.7, 0.4]), prior=prior, sample_weights=[2] * 5
    )
    repeated = em.fit(coins, twice, Coins([0.7, 0.4]), prior=prior)
    np.testing.assert_allclose(
        weighted.params.theta, repeated.params.theta, rtol=1e-9
    )
    np.testing.assert_allclose(weighted.heights, repeated.heights, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: em.fit(coins, FLIPS, Coins([0.7, 0.4]),
                           prior=CoinsPrior(heads=-1)),
            ValueError, r"prior.heads is -1: expected an imaginary count",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.7, 0.4]),
                           prior=CoinsPrior.beta(2, [2, 0.5])),
            ValueError, r"prior.tails\[1\] is -0.5",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.7, 0.4]),
                           prior=CoinsPrior(heads=[1, 2, 3])),
            ValueError, r"prior.heads has shape \(3,\): .* shape \(2,\)",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.7, 0.4]), prior=(2, 2)),
            TypeError, r"the prior is a tuple .*expected one such as coins.CoinsPrior",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.7, 0.4]),
                           prior=NormalsPrior()),
            TypeError, r"the start is .*expected em.models.normals.Normals",
        ),
        (
            lambda: em.fit(normals, X, NEEDLE, prior=NormalsPrior(std=0)),
            ValueError, r"prior.std is 0: expected a standard deviation",
        ),
        (
            lambda: em.fit(normals, X, NEEDLE,
                           prior=NormalsPrior(mean=[1, np.nan])),
            ValueError, r"prior.mean\[1\] is nan: expected a number",
        ),
        (
            lambda: em.fit(poisson_hmm, SERIES, HMM,
                           prior=PoissonHMMPrior(moves=[1, 2])),
            ValueError, r"prior.moves has shape \(2,\): .*\(2, 2\)",
        ),
        (
            lambda: em.fit(poissons, SERIES, poissons.Poissons([2, 9]),
                           prior=CoinsPrior()),
            TypeError, r"expected em.models.coins.Coins",
        ),
        (
            lambda: em.fit(coins, FLIPS, Coins([0.7, 0.4]), prior=CoinsPrior),
            TypeError, r"the prior is a class",
        ),
        (lambda: CoinsPrior(heads="two"), TypeError, r"heads: expected numbers"),
        (
            lambda: em.examine(coins, FLIPS, Coins([0.7, 0.4]),
                               prior=CoinsPrior()),
            TypeError, r"examine takes no prior",
        ),
    ],
)  # fmt: skip
def test_a_prior_that_is_none_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
