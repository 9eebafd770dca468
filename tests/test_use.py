"""A fit at work: new data, draws, criteria, and how it prints."""

import re

import attrs
import numpy as np
import pytest
from bs4 import BeautifulSoup
from hmmlearn.hmm import PoissonHMM as Theirs
from rows import MIXTURES, MODELS, OTHERS, named
from rows.kinds import arrays
from rows.poisson_hmm import ROW as HMM
from sklearn.mixture import GaussianMixture

import em
from em.further.starts import kmeans
from em.models import (
    censored_regression,
    coins,
    gaussians,
    normals,
    poisson_hmm,
)
from em.models.coins import Coins
from em.models.gaussians import Gaussians
from em.models.normals import Normals

X = np.r_[
    np.random.default_rng(1).normal(0, 1, (60, 2)),
    np.random.default_rng(2).normal(4, 1, (40, 2)),
]
START = Gaussians([[0, 0], [4, 4]], [np.eye(2)] * 2)
NEW = np.array([[0.5, 0.1], [2.0, 2.2], [5.0, 3.0]])


@pytest.fixture(scope="module")
def fit():
    return em.fit(gaussians, X, START, tol=1e-10)


@pytest.fixture(scope="module")
def theirs(fit):
    """Give scikit-learn's mixture with the same parameters."""
    found = GaussianMixture(2)
    found.weights_, found.means_ = fit.params.weights, fit.params.means
    found.covariances_ = fit.params.covariances
    precision = np.linalg.inv(fit.params.covariances)
    found.precisions_cholesky_ = np.linalg.cholesky(precision)
    return found


def test_new_data_are_told_apart_as_scikit_learn_does(fit, theirs):
    np.testing.assert_allclose(
        em.predict_proba(gaussians, NEW, fit), theirs.predict_proba(NEW)
    )
    np.testing.assert_array_equal(
        em.predict(gaussians, NEW.tolist(), fit), theirs.predict(NEW)
    )
    np.testing.assert_allclose(
        em.score_samples(gaussians, NEW, fit.params), theirs.score_samples(NEW)
    )


def test_the_criteria_are_scikit_learn_s(fit, theirs):
    assert em.n_parameters(gaussians, X, fit) == theirs._n_parameters() == 11
    assert em.aic(gaussians, X, fit) == pytest.approx(theirs.aic(X), rel=1e-9)
    assert em.bic(gaussians, X, fit) == pytest.approx(theirs.bic(X), rel=1e-9)


@pytest.mark.parametrize("kind", ["full", "tied", "diagonal", "spherical"])
def test_numbers_that_an_option_ties_count_once(kind):
    fit = em.fit(gaussians, X, START, covariance_type=kind)
    theirs = GaussianMixture(2, covariance_type=kind.removesuffix("onal"))
    theirs.means_ = fit.params.means
    own = em.n_parameters(gaussians, X, fit, covariance_type=kind)
    assert own == theirs._n_parameters()


@pytest.mark.parametrize("row", MODELS, ids=named)
def test_every_model_counts_its_parameters(row):
    data, _ = row.sample(row.truth, 60, np.random.default_rng(21))
    fit = em.fit(row.model, data, row.start, max_iter=20_000, **row.options)
    expected = 0
    for name, values in arrays(fit.params).items():
        kind, k = row.model.RANGES[name], np.shape(values)[-1:]
        expected += {
            "shares": lambda v=values, k=k: v.size - v.size // k[0],
            "covariance": lambda v=values, k=k: (
                v.size * (k[0] + 1) // 2 // k[0]
            ),
        }.get(kind, lambda v=values: np.size(v))()
    assert em.n_parameters(row.model, data, fit, **row.options) == expected
    told = em.aic(row.model, data, fit, **row.options)
    assert told == pytest.approx(2 * expected - 2 * fit.log_likelihood)
    n = {"deconvolution": 25, "transcripts": 60}.get(
        row.model.__name__.split(".")[-1]
    )
    if n:
        with pytest.raises(ValueError, match=r"^n: expected how many"):
            em.bic(row.model, data, fit, **row.options)
    found = em.bic(row.model, data, fit, n=n, **row.options)
    assert found - told == pytest.approx(expected * (np.log(n or 60) - 2))


def test_states_of_a_series_are_hmmlearn_s():
    counts, _ = HMM.sample(HMM.truth, 100, np.random.default_rng(3))
    theirs = Theirs(3)
    theirs.startprob_, theirs.transmat_ = (
        HMM.truth.initial,
        HMM.truth.transitions,
    )
    theirs.lambdas_ = HMM.truth.rates[:, None]
    np.testing.assert_allclose(
        em.predict_proba(poisson_hmm, counts, HMM.truth),
        theirs.predict_proba(counts[:, None].astype(int)),
        atol=1e-9,
    )


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        ([0.0, np.nan], ValueError, r"x\[1\] is nan: expected a finite number"),
        ([[0.0, 1]], ValueError, r"x: expected one dimension"),
        ("ab", TypeError, r"x: expected numbers"),
        ([], ValueError, r"x is empty"),
    ],
)
@pytest.mark.parametrize(
    "use", [em.predict_proba, em.predict, em.score_samples]
)
def test_new_data_are_checked_at_the_door(use, data, error, words):
    with pytest.raises(error, match=words):
        use(normals, data, Normals([0, 5], [1, 1]))


def test_what_has_no_components_says_so():
    for row in OTHERS:
        if row.model is poisson_hmm:
            continue
        data, _ = row.sample(row.truth, 20, np.random.default_rng(1))
        with pytest.raises(TypeError, match="has no components"):
            em.predict_proba(row.model, data, row.truth)
        with pytest.raises(TypeError, match="no density for each"):
            em.score_samples(row.model, data, row.truth)


def test_an_int_is_a_seed():
    truth = Normals([0, 5], [1, 1])
    one, other = (em.sample(normals, truth, 50, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one[0], other[0])
    x, labels = normals.sample(truth, 50, np.random.default_rng(3))
    np.testing.assert_array_equal(one[0], x)
    np.testing.assert_array_equal(one[1], labels)
    flips, _ = em.sample(coins, Coins([0.2, 0.7]), 5, 10, seed=1)
    np.testing.assert_array_equal(flips.heads + flips.tails, 10)
    own = type("Own", (), {"e_step": len, "m_step": len})
    with pytest.raises(TypeError, match="has no sample"):
        em.sample(own, truth, 5)


def test_estimates_print_as_a_table(fit):
    text = str(fit)
    assert text.startswith(f"Converged after {len(fit.steps) - 1} steps, log-")
    assert re.search(r"^means\[1, 0\] +[\d.]+$", text, re.MULTILINE)
    sure = em.standard_errors(gaussians, X, fit)
    assert str(sure) == repr(sure)
    low, high = sure.interval()
    row = re.search(r"^means\[1, 0\] +(.*)$", str(sure), re.MULTILINE)
    np.testing.assert_allclose(
        [float(number) for number in row[1].split()],
        [
            fit.params.means[1, 0],
            sure.errors.means[1, 0],
            low.means[1, 0],
            high.means[1, 0],
        ],
        rtol=1e-3,
    )
    assert max(map(len, str(sure).splitlines())) <= 80
    width = high.means - low.means
    np.testing.assert_allclose(width, 2 * 1.959963984540054 * sure.errors.means)


@pytest.mark.parametrize("n", [-5, 2.5, np.nan])
def test_how_many_to_draw_is_a_count(n):
    for model, params, more in (
        (normals, Normals([0, 1], [1, 1]), []),
        (coins, Coins([0.2, 0.7]), [10]),
    ):
        with pytest.raises(ValueError, match=r"how_many\[0\] is .*: expected"):
            em.sample(model, params, n, *more)


def test_what_was_held_has_no_interval(fit):
    sure = em.standard_errors(gaussians, X, fit, fixed="weights")
    rows = {line.split()[0]: line.split()[1:] for line in f"{sure}".split("\n")}
    for k, weight in enumerate(fit.params.weights):
        assert rows[f"weights[{k}]"] == [f"{weight:.4g}", "held"]
    assert f"{sure}" == "\n".join(map(str.rstrip, f"{sure}".split("\n")))
    soup = BeautifulSoup(sure._repr_html_(), "html.parser")
    cells = [td.text for td in soup.select("tbody tr")[-1].select("td")]
    assert cells[1:] == ["held", "", ""]


def test_they_show_as_tables_in_a_notebook(fit):
    for shown in (fit, em.standard_errors(gaussians, X, fit)):
        soup = BeautifulSoup(shown._repr_html_(), "html.parser")
        names = [th.text for th in soup.select("tbody th[scope=row]")]
        assert names[:2] == ["means[0, 0]", "means[0, 1]"]
        assert len(names) == 14
        assert len(soup.select("thead th")) == 1 + len(soup.tr.select("th")) - 1


def test_a_long_table_is_cut():
    row = next(row for row in MIXTURES if row.model is normals)
    x, _ = normals.sample(row.truth, 30, np.random.default_rng(0))
    many = Normals(np.linspace(0, 1, 50), np.ones(50))
    step = next(em.run(normals, x, many))
    shown = em.Fit([step], converged=False)
    assert str(shown).splitlines()[-1] == "110 more"
    soup = BeautifulSoup(shown._repr_html_(), "html.parser")
    assert len(soup.select("tbody tr")) == 40
    assert soup.caption.text.endswith("; 110 more")


@pytest.mark.parametrize("row", MODELS, ids=named)
def test_an_int_is_a_seed_for_every_model(row):
    own = {  # whose rows draw lengths, too, or places
        coins: lambda _, n, rng: coins.sample(row.truth, n, 10, rng),
        censored_regression: lambda _, n, rng: censored_regression.sample(
            row.truth, np.arange(n), 5, rng
        ),
    }.get(row.model, row.sample)
    one, _ = own(row.truth, 20, 7)
    other, _ = own(row.truth, 20, np.random.default_rng(7))
    for a, b in zip(contents(one), contents(other), strict=True):
        np.testing.assert_array_equal(a, b)


def test_an_int_is_a_seed_for_k_means():
    np.testing.assert_array_equal(
        kmeans(X, 3, 4), kmeans(X, 3, np.random.default_rng(4))
    )


def contents(data):
    """Give the arrays of data, also of sparse tables."""
    if not attrs.has(type(data)):
        return [data.toarray() if hasattr(data, "toarray") else data]
    return [
        one
        for field in attrs.astuple(data, recurse=False)
        for one in contents(field)
    ]
