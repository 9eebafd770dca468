"""Published and independently recomputed results, to the digits they print."""

import runpy
from itertools import islice
from types import SimpleNamespace
from typing import NamedTuple

import jupytext
import numpy as np
import pytest
from attrs import astuple, evolve
from conftest import ROOT
from scipy.optimize import approx_fprime, minimize
from scipy.special import logit
from scipy.stats import norm, poisson
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

import em
from em.kinds.ratings import table
from em.models import (
    censored_regression,
    coins,
    gaussians,
    missing_normal,
    normals,
    poisson_hmm,
    poissons,
    raters,
)
from em.models.censored_regression import Lifetimes, Line, Moments
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.missing_normal import Normal
from em.models.normals import Normals
from em.models.poisson_hmm import PoissonHMM
from em.models.poissons import Poissons
from em.numbers.covariances import n_parameters

ROUNDS = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
FIVE = Flips([21, 9, 10, 32, 7], [7, 10, 17, 10, 13])


@pytest.fixture
def forty():
    state = np.random.RandomState(110)
    return np.concatenate([state.normal(3, 0.8, 20), state.normal(7, 2, 20)])


def close(found, expected, digits):
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.6 * 10**-digits)


def test_do_and_batzoglou_step_by_step():
    """Every number of figure 1 of doi 10.1038/nbt1406, and more digits."""
    fit = em.fit(coins, ROUNDS, Coins([0.6, 0.5]), fixed="weights")
    first = fit.steps[0]
    close(first.log_likelihood, -33.093863, 6)
    close(
        first.posterior[:, 0],
        [0.4491489, 0.8049855, 0.7334672, 0.3521561, 0.6472151],
        7,
    )
    close(ROUNDS.heads @ first.posterior, [21.297482, 11.702518], 6)
    close(ROUNDS.tails @ first.posterior, [8.572247, 8.427753], 6)
    close(fit.steps[1].params.theta, [0.71301224, 0.58133931], 8)
    close(fit.steps[2].params.theta, [0.74529204, 0.56925575], 8)
    close(fit.steps[10].params.theta, [0.79674415, 0.51965866], 8)
    close(fit.params.theta, [0.79678907, 0.51958312], 7)
    close(fit.log_likelihood, -31.5702, 5)
    close(fit.posterior[:, 0], [0.103, 0.952, 0.845, 0.031, 0.601], 3)
    close(coins.e_step(ROUNDS, Coins([0.8, 0.45]))[1], -31.707113, 6)


def test_do_and_batzoglou_with_free_mixing_weights():
    fit = em.fit(coins, ROUNDS, Coins([0.6, 0.5]), tol=1e-10)
    close(fit.params.weights[0], 0.5227513, 6)
    close(fit.params.theta, [0.7933676, 0.5139166], 6)
    close(fit.log_likelihood, -31.568695, 6)


def test_the_five_sequences():
    fit = em.fit(coins, FIVE, Coins([0.51, 0.001]), fixed="weights")
    close(fit.steps[10].params.theta, [0.75396, 0.39311], 5)
    close(fit.params.theta, [0.75395974, 0.39311164], 8)
    close(fit.log_likelihood, -86.48103273, 8)
    labelled = Coins([53 / 70, 26 / 66])
    close(coins.e_step(FIVE, labelled)[1], -86.48288175, 8)
    assert fit.log_likelihood > coins.e_step(FIVE, labelled)[1]


def test_the_five_sequences_with_free_mixing_weights():
    fit = em.fit(coins, FIVE, Coins([0.6, 0.4]), tol=1e-10)
    close(fit.params.weights[0], 0.40533348, 7)
    close(fit.params.theta, [0.75500865, 0.39346886], 7)
    close(fit.log_likelihood, -86.39337735, 8)


def test_coins_that_start_alike_stay_at_the_saddle():
    fit = em.fit(coins, FIVE, Coins([0.3, 0.3]), fixed="weights")
    close(fit.params.theta, [0.58088235, 0.58088235], 8)
    close(fit.log_likelihood, -92.48076185, 8)


def test_the_forty_points(forty):
    fit = em.fit(normals, forty, Normals([1.1, 9], [2, 1.7]), fixed="weights")
    close(fit.params.means, [2.909593, 6.837952], 6)
    close(fit.params.stds, [0.854149, 2.227356], 6)
    close(fit.log_likelihood, -88.45253165, 8)
    a = fit.posterior[:, 0]
    assert ((a > 0.01) & (a < 0.99)).sum() == 28
    assert ((a > 0.5) != (np.arange(40) < 20)).sum() == 2
    red, blue = forty[:20], forty[20:]
    labelled = Normals([red.mean(), blue.mean()], [red.std(), blue.std()])
    close(normals.e_step(forty, labelled)[1], -88.69881411, 8)
    close(normals.e_step(forty, Normals([3, 7], [0.8, 2]))[1], -88.81212005, 8)


def test_the_limit_of_the_coins_is_what_direct_maximisation_finds():
    """An optimiser that knows nothing of EM, on the likelihood written out."""

    def minus_log_likelihood(theta):
        return -sum(
            np.log(0.5 * (theta**h * (1 - theta) ** t).sum())
            for h, t in zip(FIVE.heads, FIVE.tails, strict=True)
        )

    found = minimize(
        minus_log_likelihood, [0.7, 0.4], bounds=[(0.01, 0.99)] * 2, tol=1e-14
    )
    fit = em.fit(coins, FIVE, Coins([0.6, 0.5]), fixed="weights")
    close(fit.params.theta, found.x, 5)
    close(fit.log_likelihood, -found.fun, 9)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("steps", [1, 5, 25])
def test_the_normals_agree_with_scikit_learn_step_for_step(forty, steps):
    theirs = GaussianMixture(
        2,
        covariance_type="spherical",
        means_init=[[1.1], [9]],
        precisions_init=[1 / 2**2, 1 / 1.7**2],
        weights_init=[0.5, 0.5],
        reg_covar=0,
        tol=0,
        max_iter=steps,
    ).fit(forty[:, None])
    ours = em.fit(normals, forty, Normals([1.1, 9], [2, 1.7])).steps[steps]
    close(ours.params.means, theirs.means_[:, 0], 9)
    close(ours.params.stds, np.sqrt(theirs.covariances_), 9)
    close(ours.params.weights, theirs.weights_, 9)
    close(ours.log_likelihood / 40, theirs.score(forty[:, None]), 9)


@pytest.fixture
def motorettes():
    rows = np.genfromtxt(em.data("motorettes.csv"), delimiter=",", names=True)
    assert len(rows) == 40
    assert rows["hours"].sum() == 140654
    assert rows["failed"].sum() == 17
    x = 1000 / (rows["temperature_c"] + 273.2)
    return Lifetimes(x, rows["hours"], rows["failed"])


def test_the_motorettes(motorettes):
    """Schmee and Hahn's data: EM, means alone, and censoring ignored."""
    ignored = censored_regression.m_step(
        motorettes, Moments(np.log10(motorettes.hours), np.zeros(40))
    )
    close(
        [*ignored.coefficients, ignored.std], [-4.930507, 3.747043, 0.153237], 6
    )
    fit = em.fit(censored_regression, motorettes, ignored)
    close(
        [*fit.params.coefficients, fit.params.std],
        [-6.01925, 4.311247, 0.259183],
        6,
    )
    alone = ignored
    for _ in range(300):
        expected, _ = censored_regression.e_step(motorettes, alone)
        alone = censored_regression.m_step(
            motorettes, evolve(expected, variance=np.zeros(40))
        )
    close([*alone.coefficients, alone.std], [-5.788909, 4.188641, 0.196342], 6)


def test_the_motorettes_by_direct_maximisation(motorettes):
    y, failed = np.log10(motorettes.hours), motorettes.failed == 1

    def minus_log_likelihood(free):
        a, b, log_std = free
        z = (y - a - b * motorettes.x) / np.exp(log_std)
        return (
            -(norm.logpdf(z) - log_std)[failed].sum()
            - norm.logsf(z[~failed]).sum()
        )

    found = minimize(
        minus_log_likelihood,
        [-4, 4, -1],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000},
    )
    fit = em.fit(censored_regression, motorettes, Line([-4, 4], 0.3), tol=1e-10)
    close(fit.params.coefficients, found.x[:2], 5)
    close(fit.params.std, np.exp(found.x[2]), 6)
    close(fit.log_likelihood, -found.fun, 8)


def test_murrays_twelve_rows_have_two_peaks_and_a_saddle():
    """Murray (1977), in the discussion of Dempster, Laird and Rubin."""
    rows = [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    rows += [[value, None] for value in (2, 2, -2, -2)]
    rows += [[None, value] for value in (2, 2, -2, -2)]
    for start, variance, correlation in (
        (0.1, 8 / 3, 0.5),
        (-0.1, 8 / 3, -0.5),
        (0, 5 / 2, 0),
    ):
        begin = Normal([0, 0], [[2, start], [start, 2]])
        found = em.fit(missing_normal, rows, begin, tol=1e-10).params
        covariance = found.covariance
        close(found.mean, [0, 0], 8)
        close(np.diag(covariance), [variance, variance], 6)
        close(covariance[0, 1] / variance, correlation, 6)


def names_of(page, *wanted, change=("", "")):
    """Run what a page shows until it has all these names; give what it has.

    With some text changed, where less would do.
    """
    names = {}
    for cell in jupytext.read(ROOT / f"docs/{page}.py").cells:
        if "hide" in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "code":
            exec(cell.source.replace(*change), names)
        if names.keys() >= {*wanted}:
            return names
    raise KeyError(wanted)


def program_of(page):
    """Give the program of a page, as text."""
    (program,) = (
        cell.source
        for cell in jupytext.read(ROOT / f"docs/{page}.py").cells
        if "program" in cell.metadata.get("tags", [])
    )
    return program


def test_the_page_copies_the_motorettes_right(motorettes):
    names = names_of("censored", "running")
    hours = names["failures"] + names["still"]
    copied = Lifetimes(names["x"], hours, ~names["running"])
    page = np.column_stack(astuple(copied))
    file = np.column_stack(astuple(motorettes))
    np.testing.assert_array_equal(np.sort(page, axis=0), np.sort(file, axis=0))
    np.testing.assert_array_equal(
        np.unique(page, axis=0), np.unique(file, axis=0)
    )


def test_the_blood_groups_by_direct_maximisation():
    """The model that the page `derive` writes, against a grid and an optimiser."""
    names = names_of("derive", "fit", "wrong")
    fit = names["fit"]
    close(fit.params, [0.213591, 0.050145, 0.736264], 6)
    close(sum(fit.params), 1, 12)

    def log_likelihood(a, b):
        o = 1 - a - b
        chances = [a**2 + 2 * a * o, b**2 + 2 * b * o, 2 * a * b, o**2]
        return np.dot([186, 38, 13, 284], np.log(chances))

    close(fit.log_likelihood, log_likelihood(*fit.params[:2]), 9)
    found = minimize(
        lambda free: -log_likelihood(*free),
        [0.3, 0.2],
        method="Nelder-Mead",
        bounds=[(0.01, 0.45)] * 2,
        options={"xatol": 1e-9, "fatol": 1e-12},
    )
    close(fit.params[:2], found.x, 6)
    wrong = names["wrong"].m_step(None, fit.posterior)
    assert abs(wrong.a - fit.params.a) > 0.01


def test_the_votes_do_not_lead_to_the_highest_peak_of_the_anaesthetists():
    """Put patient 12 into class 2 at the start, and EM ends higher, and leaves it there."""
    rows = np.loadtxt(
        em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
    )
    ratings, names = table(rows.tolist())
    twelve = list(names.items).index(12)
    votes = raters.vote_shares(ratings)
    told = em.fit(raters, ratings, raters.m_step(ratings, votes))
    close(told.log_likelihood, -192.8909, 4)
    assert told.posterior[twelve].argmax() == 2
    votes[twelve] = [0, 1, 0, 0]
    higher = em.fit(raters, ratings, raters.m_step(ratings, votes))
    close(higher.log_likelihood, -191.568856, 6)
    close(higher.posterior[twelve, 1], 1, 2)


@pytest.fixture
def earthquakes():
    table = np.loadtxt(em.data("earthquakes.csv"), delimiter=",", skiprows=1)
    np.testing.assert_array_equal(table[:, 0], np.arange(1900, 2007))
    return table[:, 1]


def test_the_page_shows_the_earthquakes_of_the_file(earthquakes):
    page = (ROOT / "docs/counts.py").read_text(encoding="utf-8")
    table = page.split('table = """')[1].split('"""')[0]
    np.testing.assert_array_equal(np.array(table.split(), float), earthquakes)


def test_the_earthquakes_as_a_mixture_of_three(earthquakes):
    """Zucchini, MacDonald & Langrock give these to three digits."""
    fit = em.fit(poissons, earthquakes, Poissons([10, 20, 25]), tol=1e-9)
    close(fit.params.rates, [12.7361, 19.7855, 31.6298], 4)
    close(fit.params.weights, [0.27756, 0.59278, 0.12965], 4)
    close(fit.log_likelihood, -356.84894, 5)
    # More digits than that are those of a fit that stopped a little early.
    told = Poissons(
        [12.73606, 19.785503, 31.629792], [0.277565, 0.592781, 0.129654]
    )
    assert (
        0 <= fit.log_likelihood - poissons.e_step(earthquakes, told)[1] < 1e-8
    )


def test_the_earthquakes_as_a_hidden_chain_of_three(earthquakes):
    start = PoissonHMM(np.full(3, 1 / 3), 0.7 * np.eye(3) + 0.1, [10, 20, 25])
    fit = em.fit(poisson_hmm, earthquakes, start)
    close(fit.params.rates, [13.133761, 19.713166, 29.70973], 4)
    close(
        fit.params.transitions,
        [
            [0.939294, 0.032099, 0.028608],
            [0.040402, 0.906436, 0.053162],
            [0, 0.190256, 0.809744],
        ],
        5,
    )
    close(fit.params.initial, [1, 0, 0], 8)
    close(fit.log_likelihood, -328.527483, 6)


def test_other_ends_of_the_earthquakes(earthquakes):
    """Two that 200 random starts meet: an edge where EM stays, a lower peak."""
    barred = [[0.94, 0.06, 0], [0.04, 0.91, 0.05], [0.01, 0.19, 0.8]]
    edge = em.fit(
        poisson_hmm, earthquakes, PoissonHMM([1, 0, 0], barred, [13, 20, 30])
    )
    close(edge.log_likelihood, -329.095, 3)
    assert edge.params.transitions[0, 2] == 0
    opened = edge.params.transitions.copy()
    opened[0] += [-1e-6, 0, 1e-6]
    _, above = poisson_hmm.e_step(
        earthquakes, evolve(edge.params, transitions=opened)
    )
    close((above - edge.log_likelihood) / 1e-6, 39.6, 1)  # it stands on a slope
    lower = PoissonHMM(
        [0, 1, 0],
        [[0.02, 0.96, 0.02], [0.85, 0.01, 0.14], [0.13, 0.01, 0.86]],
        [16, 15, 26],
    )
    close(em.fit(poisson_hmm, earthquakes, lower).log_likelihood, -340.778, 3)


def test_the_chain_is_what_direct_maximisation_finds(earthquakes):
    """An optimiser that knows nothing of EM, on the product of matrices."""

    def rows_of(logits):
        chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return chances / chances.sum(axis=-1, keepdims=True)

    def minus_log_likelihood(numbers):
        rates, moves = np.exp(numbers[:3]), rows_of(numbers[3:].reshape(3, 3))
        chances = poisson.pmf(earthquakes[:, None], rates)
        state, total = np.array([1.0, 0, 0]), 0.0
        for chance in chances:
            state = state * chance
            total += np.log(state.sum())
            state = state / state.sum() @ moves
        return -total

    start = PoissonHMM([1, 0, 0], 0.7 * np.eye(3) + 0.1, [10, 20, 25])
    found = minimize(
        minus_log_likelihood,
        np.concatenate(
            [np.log(start.rates), np.log(start.transitions).ravel()]
        ),
    )
    fit = em.fit(poisson_hmm, earthquakes, start, fixed="initial")
    close(fit.params.rates, np.exp(found.x[:3]), 2)
    close(fit.log_likelihood, -found.fun, 4)


def linkage():
    """Rao's 197 animals as a model: r is how the first kind is shared out."""

    def e_step(animals, params):
        joint = np.array([1 / 2, params.theta[0] / 4])
        chances = [joint.sum(), *[(1 - params.theta[0]) / 4] * 2, joint[1]]
        return joint / joint.sum(), float(animals @ np.log(chances))

    def m_step(animals, shares):
        for_it = animals[0] * shares[1] + animals[3]
        return Theta(np.array([for_it / (for_it + animals[1] + animals[2])]))

    return SimpleNamespace(
        check=lambda animals, params: (np.array(animals), params),
        e_step=e_step,
        m_step=m_step,
    )


class Theta(NamedTuple):
    theta: np.ndarray


def test_the_linkage_example_of_rao():
    """Dempster, Laird & Rubin 1977, section 1; the limit in closed form."""
    fit = em.fit(
        linkage(), [125, 18, 20, 34], Theta(np.array([0.5])), tol=1e-14
    )
    theta = np.array([step.params.theta[0] for step in fit.steps])
    first = [0.6082474227, 0.6243210504, 0.6264888791, 0.6267773223]
    close(theta[1:5], first, 10)
    limit = (15 + np.sqrt(53809)) / 394
    close(theta[-1], limit, 12)
    errors = limit - theta[:8]
    close(errors[7] / errors[6], 0.132778734, 5)
    x = 125 * limit / (2 + limit)
    complete = (x + 34) / limit**2 + 38 / (1 - limit) ** 2
    seen = 125 / (2 + limit) ** 2 + 34 / limit**2 + 38 / (1 - limit) ** 2
    close([complete, seen], [435.317854, 377.5169004], 5)
    close(1 - seen / complete, 0.132778734, 8)
    close(1 / np.sqrt(seen), 0.0515, 4)


LONDON = np.loadtxt(
    em.data("london_deaths.csv"), delimiter=",", skiprows=1, dtype=int
)


def test_the_page_has_the_deaths_of_the_data_file():
    assert LONDON[:, 1].sum() == 1096
    np.testing.assert_array_equal(LONDON[:, 0], np.arange(10))
    page = (ROOT / "docs/stopping.py").read_text("utf-8")
    assert f"days = {LONDON[:, 1].tolist()}" in page


def test_london_stops_2586_steps_in_and_is_not_there_yet():
    """Hasselblad 1969: two Poissons, a rate of 0.9956662."""

    def vector(step):
        return np.array([step.params.weights[0], *step.params.rates])

    def moved(steps):
        return np.linalg.norm(vector(steps[-1]) - vector(steps[-2]))

    fit = em.fit(
        poissons,
        np.repeat(LONDON[:, 0].astype(float), LONDON[:, 1]),
        Poissons([1, 2.5], [0.3, 0.7]),
        until=lambda steps: moved(steps) <= 1e-8,
        max_iter=10_000,
    )
    assert len(fit.steps) - 1 == 2586
    close(fit.log_likelihood, -1989.9458599, 7)
    rate = (moved(fit.steps) / moved(fit.steps[:-500])) ** (1 / 500)
    close(rate, 0.9956662, 6)
    limit = np.array([0.3598854, 1.2560951, 2.6634044])
    far = np.linalg.norm(vector(fit.steps[-1]) - limit)
    assert 100 * moved(fit.steps) < far < 1e-5


def test_starts_of_the_forty_points_end_in_other_places(forty):
    """One bell for all of them; and a narrow peak, as an optimiser finds it."""
    saddle = em.fit(normals, forty, Normals([5, 5], [2, 2]), fixed="weights")
    close(
        saddle.log_likelihood,
        norm.logpdf(forty, forty.mean(), forty.std()).sum(),
        9,
    )
    spurious = em.fit(
        normals, forty, Normals([10.15, 5], [0.3, 2.5]), fixed="weights"
    )
    close(spurious.log_likelihood, -102.52, 2)
    found = minimize(
        lambda p: -normals.e_step(forty, Normals(p[:2], np.exp(p[2:])))[1],
        [*spurious.params.means + 0.01, *np.log(spurious.params.stds)],
        tol=1e-10,
    )
    close(spurious.log_likelihood, -found.fun, 6)


@pytest.mark.parametrize("weights", ["held", "free"])
def test_the_deviation_about_the_old_mean_ends_in_the_same_place(
    forty, weights
):
    old = {}

    def e_step(x, bells):
        old["means"] = bells.means
        return normals.e_step(x, bells)

    def m_step(x, r):
        squares = (x[:, None] - old["means"]) ** 2
        stds = np.sqrt((r * squares).sum(axis=0) / r.sum(axis=0))
        return evolve(normals.m_step(x, r), stds=stds)

    other = SimpleNamespace(check=normals.check, e_step=e_step, m_step=m_step)
    fixed = "weights" if weights == "held" else ()
    start = Normals([1.1, 9], [2, 1.7])
    fits = [
        em.fit(model, forty, start, fixed=fixed, tol=1e-10)
        for model in (normals, other)
    ]
    close(fits[1].params.means, fits[0].params.means, 7)
    close(fits[1].params.stds, fits[0].params.stds, 7)
    assert (
        abs(fits[0].steps[1].params.stds - fits[1].steps[1].params.stds).max()
        > 0.1
    )


def test_the_race_is_run_with_right_slopes():
    """The slopes by finite differences; and who needs how many E-steps."""
    names = names_of(
        "gradients", "two_coins", "two_poissons", "downhill", "race"
    )
    rng = np.random.default_rng(0)
    for downhill, size in (
        (names["two_coins"], 2),
        (names["two_poissons"], 3),
    ):
        free = rng.normal(size=size)
        found = approx_fprime(free, lambda at, f=downhill: f(at, [])[0], 1e-7)
        slope = downhill(free, [])[1]
        np.testing.assert_allclose(slope, found, rtol=1e-6, atol=1e-4)
    at = logit([0.3, 0.6])  # the one to copy, and that of the race
    close(names["downhill"](at)[0], names["two_coins"](at, [])[0], 9)
    close(names["downhill"](at)[1], names["two_coins"](at, [])[1], 9)
    race = names["race"]
    for start in ((0.3, 0.6), (0.9, 0.95)):
        line_search, bfgs, ours, jumps = race[start]
        assert ours < bfgs < line_search
        assert jumps == ours
    assert race["deaths"][0] is None
    assert 20 * race["deaths"][1] < race["deaths"][2]
    assert race["deaths"][1] < race["deaths"][3] < 100


def test_five_rounds_that_one_coin_explains_have_no_peak_off_the_diagonal():
    """What the map of `surface` is said to be with the flips "five rows alike"."""
    alike = Flips(heads=[5, 6, 5, 4, 5], tails=[5, 4, 5, 6, 5])
    grid = np.linspace(0.01, 0.99, 99)
    square = [
        [coins.e_step(alike, Coins([a, b]))[1] for a in grid] for b in grid
    ]
    assert np.unravel_index(np.argmax(square), (99, 99)) == (49, 49)


@pytest.mark.parametrize(
    ("power", "told"),
    [(1, [-4.389, -3.549, -3.487]), (2, [-4.389, -3.676, -6.195])],
)
def test_a_variance_passed_as_a_standard_deviation_by_scipy(power, told):
    """Bells at 1 and 3 on the points 1, 2, 3, as the page on tests has them."""
    x, means, stds = np.array([1.0, 2, 3]), np.array([1.0, 3]), np.ones(2)
    for height in told:
        bells = 0.5 * norm.pdf(x[:, None], means, stds)
        close(np.log(bells.sum(axis=1)).sum(), height, 3)
        means, stds = zip(
            *[
                (
                    np.average(x, weights=w),
                    np.sqrt(np.cov(x, aweights=w, bias=True)) ** power,
                )
                for w in (bells / bells.sum(axis=1, keepdims=True)).T
            ],
            strict=True,
        )


# --- Old Faithful


@pytest.fixture
def geyser():
    path = em.data("old_faithful.csv")
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    assert table.shape == (272, 2)
    close(table.sum(axis=0), [948.677, 19284], 6)  # as R gives them
    return table


def test_old_faithful_waiting_times_with_equal_stds(geyser):
    start = Normals([55, 80], [5, 5])
    fit = em.fit(normals, geyser[:, 1], start, equal_stds=True)
    close(fit.params.weights[0], 0.360849, 6)
    close(fit.params.means, [54.613626, 80.090304], 6)
    close(fit.params.stds, [5.869091] * 2, 6)
    close(fit.log_likelihood, -1034.00176036, 7)


TWO_GROUPS = Gaussians([[2, 55], [4.3, 80]], [np.diag([0.2, 36])] * 2)


def test_old_faithful_two_full_covariances(geyser):
    fit = em.fit(gaussians, geyser, TWO_GROUPS)
    close(fit.log_likelihood, -1130.26396018, 7)
    close(fit.params.weights, [0.355873, 0.644127], 6)
    close(fit.params.means, [[2.036388, 54.478517], [4.289662, 79.968115]], 5)
    bic = n_parameters(2, 2, "full") * np.log(272)
    close(2 * fit.log_likelihood - bic, -2322.19174, 5)


# How mclust 6.0.0 groups the 272 before its first step: hclass(hc(faithful,
# modelName = "VVV", use = "SVD"), 3), which is what Mclust(faithful, G = 3) starts from.
MCLUST_START = """
12323231232132322323221231233333333223213232313232312323323323232133
23123323233133323333212123233323212332323132332323212332112321232123
23213233323212332333312121233323212233333213233123123232313313232312
32312323233321232323333333321212233232333123232333113323332322332123
"""


def relative_change_below(tol):
    """mclust's rule: the last step raised log L by less than tol (1 + |log L|)."""

    def rule(steps):
        before, after = (step.log_likelihood for step in steps[-2:])
        return after - before < tol * (1 + abs(after))

    return rule


def test_the_published_eee_3_was_stopped_early(geyser):
    """From mclust's own start: what it prints by default, and what it would have.

    R, mclust 6.0.0: Mclust(faithful, G = 3, modelNames = "EEE") gives
    -1126.32623647; with control = emControl(tol = 1e-12) -1126.31592783.
    """
    labels = np.array([int(c) - 1 for c in "".join(MCLUST_START.split())])
    start = gaussians.m_step(geyser, np.eye(3)[labels], covariance_type="tied")
    early = em.fit(
        gaussians,
        geyser,
        start,
        covariance_type="tied",
        until=relative_change_below(1e-5),
    )
    settled = em.fit(gaussians, geyser, start, covariance_type="tied")
    close(early.log_likelihood, -1126.32623647, 7)
    close(settled.log_likelihood, -1126.31592783, 7)


def test_a_better_bic_sits_on_waits_of_one_whole_minute(geyser):
    """Five diagonal groups: 2293.14, as 400 starts find it, and by scipy."""
    starts = ("starts=100, keep=5", "starts=4, keep=2")
    names = names_of("howmany", "on_83", "bic", change=starts)
    found = names["on_83"].params
    joint = [
        np.log(weight)
        + norm.logpdf(geyser, mean, np.sqrt(np.diag(covariance))).sum(axis=1)
        for weight, mean, covariance in zip(
            found.weights, found.means, found.covariances, strict=True
        )
    ]
    height = np.logaddexp.reduce(joint).sum()
    close(24 * np.log(272) - 2 * height, 2293.14, 2)
    close(2 * 24 - 2 * height, 2206.60, 2)
    on_it = names["on_83"].posterior[:, 4] > 0.5
    assert set(geyser[on_it, 1]) == {83}
    close(np.sqrt(found.covariances[4, 1, 1]), 0.02, 6)
    tied = {
        k: bic for (k, shape), bic in names["bic"].items() if shape == "tied"
    }
    assert min(tied, key=tied.get) == 3
    close(tied[3], 2314.30, 2)


@pytest.mark.parametrize("far", [200.0, 450, 4500])
def test_the_program_on_groups_bears_a_row_far_from_all_others(far):
    """Three steps of it, in logarithms, are those of the package."""
    names = {}
    exec(program_of("groups").replace("range(30)", "range(0)"), names)
    x = np.append(names["x"], [[4, far]], axis=0)
    start = Gaussians(names["mean"], names["cov"])
    source = program_of("groups").split("for _ in range")[1]
    names["x"] = x
    exec(f"for _ in range{source.replace('(30)', '(3)')}", names)
    *_, ours = islice(em.run(gaussians, x, start), 4)
    np.testing.assert_allclose(names["weight"], ours.params.weights, rtol=1e-9)
    np.testing.assert_allclose(names["mean"], ours.params.means, rtol=1e-9)
    np.testing.assert_allclose(names["cov"], ours.params.covariances, rtol=1e-9)


def test_the_k_means_of_its_page_is_that_of_scikit_learn(geyser):
    names = runpy.run_path(str(ROOT / "docs/kmeans.py"))
    z = (geyser - geyser.mean(axis=0)) / geyser.std(axis=0)
    theirs = KMeans(2, init=names["centres"], n_init=1, tol=0).fit(z)
    close(names["hard"][-1], theirs.cluster_centers_, 9)


SHAPES = {  # ours, scikit-learn's word, and what it calls a covariance
    "full": ("full", lambda c: c),
    "tied": ("tied", lambda c: c[0]),
    "diagonal": ("diag", lambda c: np.diagonal(c, axis1=1, axis2=2)),
    "spherical": ("spherical", lambda c: c[:, 0, 0]),
}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("steps", [1, 2, 7, 40])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gaussians_agree_with_scikit_learn_step_for_step(
    geyser, shape, steps
):
    word, theirs_of = SHAPES[shape]
    start = Gaussians(
        [[2, 60], [3, 85], [4.5, 70]], [30 * np.eye(2)] * 3, [0.2, 0.3, 0.5]
    )
    theirs = GaussianMixture(
        3,
        covariance_type=word,
        means_init=start.means,
        precisions_init=theirs_of(np.linalg.inv(start.covariances)),
        weights_init=start.weights,
        reg_covar=0,
        tol=0,
        max_iter=steps,
    ).fit(geyser)
    run = em.run(gaussians, geyser, start, covariance_type=shape)
    *_, ours = islice(run, steps + 1)
    close(ours.params.means, theirs.means_, 8)
    close(theirs_of(ours.params.covariances), theirs.covariances_, 8)
    close(ours.params.weights, theirs.weights_, 8)
    close(ours.posterior, theirs.predict_proba(geyser), 8)
    close(ours.log_likelihood / 272, theirs.score(geyser), 8)
    numbers = n_parameters(3, 2, shape)
    assert numbers == theirs._n_parameters()
    bic = numbers * np.log(272) - 2 * ours.log_likelihood
    assert bic == pytest.approx(theirs.bic(geyser), abs=1e-6)
