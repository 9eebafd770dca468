"""Every option goes with every other, in every model; faults of before."""

import pickle
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
import pytest
from rows import MODELS, PRIORS, named
from rows.kinds import arrays

import em
from em.door.admit import admit
from em.models import (
    censored_regression,
    coins,
    deconvolution,
    gaussians,
    missing_normal,
    normal_hmm,
    normals,
    poisson_hmm,
    poissons,
    raters,
    transcripts,
)
from em.models.coins import Coins, CoinsPrior, Flips
from em.models.missing_normal import Normal, Table
from em.models.normals import Normals
from em.numbers.parameters import Parameters
from em.offers import Offers

N = 60
# What a model does not take, since it has no such thing.
LABELLED = tuple(row.model for row in MODELS if hasattr(row.model, "log_joint"))
WEIGHTED = (*LABELLED, missing_normal, censored_regression)
ADDING = tuple(PRIORS)
# Not to be cut.
WHOLE = (normal_hmm, poisson_hmm, deconvolution, raters, transcripts)
OPTIONS = (
    "map", "sample_weights", "prior", "labels", "fixed", "accelerate", "online",
)  # fmt: skip
PAIRS = [
    *combinations(OPTIONS, 2),
    ("map", "prior", "sample_weights", "labels"),
]


def n_of(row, data):
    """Give how many observations there are to be labelled or weighted."""
    if row.model in LABELLED:
        return len(row.model.log_joint(data, row.start))
    return len(next(iter(arrays(data).values())))


def taken(model, options):
    """Say whether a model takes all of these."""
    return all(
        {
            "labels": model in LABELLED,
            "sample_weights": model in WEIGHTED,
            "map": model in ADDING,
            "online": model in ADDING,
            "prior": model in ADDING,
        }.get(one, True)
        for one in options
    )


@pytest.fixture(params=MODELS, ids=named)
def row(request):
    return request.param


def given(row, options, lots):
    """Give the options, of data in one piece or of as many lots."""
    rng = np.random.default_rng(3)
    many, each = {}, {}
    for name in options:
        if name in ("sample_weights", "labels"):
            n = [
                n_of(row, one) if taken(row.model, [name]) else 9
                for one in lots
            ]
            each[name] = [
                rng.integers(1, 4, k).astype(float)
                if name == "sample_weights"
                else np.where(np.arange(k) % 9, -1, 0)
                for k in n
            ]
    if "prior" in options:
        many["prior"] = PRIORS.get(row.model, CoinsPrior())
    if "fixed" in options:
        can = getattr(row.model, "CAN_BE_FIXED", tuple(arrays(row.start)))
        many["fixed"] = can[-1]
    if "accelerate" in options:
        many["accelerate"] = "squarem"
    return many, each


@pytest.mark.parametrize("options", PAIRS, ids="+".join)
def test_every_pair_of_options_goes_together(row, options):
    """The same as the data in one piece, and never down."""
    rng = np.random.default_rng(1)
    lots = [row.sample(row.truth, N, rng)[0] for _ in range(2)]
    many, each = given(row, options, lots)
    call = called(row, lots, options, many, each)
    if "online" in options and {"map", "accelerate"} & set(options):
        words = "takes no option" if taken(row.model, ["map"]) else "takes no"
        with pytest.raises(TypeError, match=words):
            call()
        return
    if not taken(row.model, options):
        with pytest.raises(TypeError, match=r"does not add up|takes no"):
            call()
        return
    found = call()
    for name, values in arrays(found.params).items():
        assert np.isfinite(values).all()
        if name == many.get("fixed"):
            np.testing.assert_array_equal(values, arrays(row.start)[name])
    if isinstance(found, em.Fit):
        assert len(found.steps) > 1
        kept = pickle.loads(pickle.dumps(found))
        np.testing.assert_array_equal(kept.heights, found.heights)
        rows = found.steps[1].posterior
        if "map" not in options and row.model in LABELLED:
            np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-15)


def called(row, lots, options, many, each):
    """Give the call: of all lots as pieces, of one, or of a stream."""
    one = {name: values[0] for name, values in each.items()}
    start = row.start
    if "online" in options:
        if "map" in options:
            many = {**many, "map": map}
        passing = lambda: em.online(  # noqa: E731
            row.model, iter(lots * 3), start, hold=0, **many,
            **{name: values * 3 for name, values in each.items()},
        )  # fmt: skip
        return lambda: list(passing())[-1]
    if "map" in options:
        return lambda: em.fit(
            row.model, lots, start, map=map, tol=1e-3, **many, **each
        )
    return lambda: em.fit(row.model, lots[0], start, tol=1e-3, **many, **one)


@pytest.mark.parametrize(
    "row",
    [r for r in MODELS if r.model in PRIORS and r.model not in WHOLE],
    ids=named,
)
def test_pieces_with_a_prior_weights_and_labels_are_the_whole(row):
    """Where the whole can be cut: the same steps, to the last digits."""
    rng = np.random.default_rng(2)
    data, _ = row.sample(row.truth, N, rng)
    cut = lambda field: np.array_split(field, 3)  # noqa: E731
    pieces = (
        [
            type(data)(*parts)
            for parts in zip(*map(cut, arrays(data).values()), strict=True)
        ]
        if not isinstance(data, np.ndarray)
        else cut(data)
    )
    many, each = given(row, OPTIONS[1:4], [data])
    if row.model not in LABELLED:
        each.pop("labels")
    one = {name: values[0] for name, values in each.items()}
    parts = {name: cut(values) for name, values in one.items()}
    whole = em.fit(row.model, data, row.start, tol=1e-6, **many, **one)
    found = em.fit(
        row.model, pieces, row.start, tol=1e-6, map=map, **many, **parts
    )
    np.testing.assert_allclose(found.heights, whole.heights, rtol=1e-12)
    for name, values in arrays(found.params).items():
        expected = arrays(whole.params)[name]
        np.testing.assert_allclose(
            values, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max()
        )


@pytest.mark.parametrize("model", PRIORS, ids=lambda model: model.__name__)
def test_a_prior_counts_and_its_answer_is_the_top(model):
    """Of expected log-likelihood + log prior: no small move raises it."""
    row = next(row for row in MODELS if row.model is model)
    data, _ = row.sample(row.truth, N, np.random.default_rng(4))
    prior = PRIORS[model]
    fit = em.fit(model, data, row.start, prior=prior, tol=1e-12, max_iter=9_000)
    assert np.diff(fit.heights).min() > -1e-8
    to = Parameters(model, fit.params)
    here = to.vector(fit.params)

    def height(vector):
        there = to.params(vector)
        return model.e_step(data, there)[1] + prior.log_density(there)

    inside = to.inside(here)
    for direction in to.directions().T:
        if inside[direction != 0].all():
            for h in (1e-3, -1e-3):
                assert height(here + h * direction) <= height(here) + 1e-7
    plain = em.fit(model, data, row.start, max_iter=9_000, **row.options)
    moved = [
        np.abs(arrays(plain.params)[name] - values).max()
        for name, values in arrays(fit.params).items()
    ]
    assert max(moved) > 1e-3


def test_online_with_a_prior_and_a_power_of_1_is_a_step_from_all_lots():
    lots = [np.array([1.0, 3]), np.array([0.0, 2])]
    start, prior = poissons.Poissons([2]), poissons.PoissonsPrior(6, 2)
    *_, last = em.online(poissons, lots, start, power=1, prior=prior, hold=0)
    assert last.params.rates[0] == pytest.approx((6 + 6) / (4 + 2))


# Faults of before.


def test_weights_of_one_do_not_forget_what_rounding_may_be():
    """A log-likelihood that the model says is rounded to a tenth."""
    rounded = SimpleNamespace(
        e_step=lambda x, p: (
            normals.e_step(x, p)[0],
            round(normals.e_step(x, p)[1], 1)
            - 0.05 * (float(p.means[0]) % 0.1),
        ),
        m_step=normals.m_step,
        rounding=lambda x: 1.0,
    )
    x = np.r_[np.linspace(0, 2, 30), np.linspace(4, 9, 30)]
    start = Normals([0, 5], [1, 1])
    em.fit(rounded, x, start, until=lambda steps: len(steps) > 30)
    offers = Offers.of(normals)
    problem = admit(
        SimpleNamespace(**{**vars(normals), "rounding": lambda _: 7.0}),
        x, start, {}, sample_weights=np.ones(60), labels=np.full(60, -1),
    )  # fmt: skip
    assert problem.model.rounding(problem.extent) == 7.0
    assert offers.rounding(None) == 0.0


def test_a_model_may_have_a_map_of_its_own():
    """MAP, say. It is told nothing of data in pieces."""
    own = SimpleNamespace(**vars(coins), map="maximum a posteriori")
    rounds = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
    prior, start = CoinsPrior.beta(2, 2), Coins([0.6, 0.5])
    fit = em.fit(own, rounds, start, prior=prior)
    same = em.fit(coins, rounds, start, prior=prior)
    assert fit.log_likelihood == same.log_likelihood


def test_a_changed_m_step_is_the_one_that_runs():
    """Though the model still has what the old one was made of."""
    changed = SimpleNamespace(
        **{**vars(normals), "m_step": lambda *_: Normals([1, 2], [3, 4])}
    )
    steps = em.run(changed, [0.0, 5, 6], Normals([0, 5], [1, 1]))
    next(steps)
    np.testing.assert_array_equal(next(steps).params.stds, [3, 4])


def fit_of(start):
    x = np.r_[np.linspace(0, 2, 30), np.linspace(4, 9, 30)]
    return em.fit(normals, x, start, accelerate="anderson")


def test_fits_come_back_from_other_processes():
    starts = [Normals([0, 5], [1, 1]), Normals([1, 9], [2, 2])]
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        fits = list(pool.map(fit_of, starts))
    for fit, start in zip(fits, starts, strict=True):
        same = fit_of(start)
        np.testing.assert_array_equal(fit.posterior, same.posterior)
        np.testing.assert_array_equal(
            fit.steps[1].posterior, same.steps[1].posterior
        )
    best = em.best_of(normals, [0.0, 1, 2, 8, 9, 10], starts)
    again = pickle.loads(pickle.dumps(best))
    np.testing.assert_array_equal(again.fit.heights, best.fit.heights)
    errors = em.standard_errors(normals, np.arange(40.0), em.fit(
        normals, np.arange(40.0), Normals([20], [9])
    ))  # fmt: skip
    kept = pickle.loads(pickle.dumps(errors))
    np.testing.assert_array_equal(kept.covariance, errors.covariance)


def test_steps_and_fits_cannot_be_changed():
    fit = fit_of(Normals([0, 5], [1, 1]))
    for thing, name in ((fit, "converged"), (fit.steps[0], "log_prior")):
        with pytest.raises(AttributeError):
            setattr(thing, name, 3)


@pytest.mark.parametrize("scheme", ["anderson", "squarem"])
def test_what_is_fixed_stays_though_a_jump_meets_a_floor(scheme):
    noise = np.random.default_rng(0).normal([-10, 0, 10], 1, (20, 3))
    start = Normals([-2, 2], [2.8, 1.2])
    options = {"fixed": "stds", "min_std": 3.7, "max_iter": 200}
    fit = em.fit(normals, noise.ravel(), start, **options, accelerate=scheme)
    np.testing.assert_array_equal(fit.params.stds, [2.8, 1.2])


def test_weighted_responsibilities_are_shares():
    rng = np.random.default_rng(0)
    n = np.floor(10.0 ** rng.uniform(13, 15, 30))
    flips = Flips(n, np.floor(n * rng.uniform(1, 9, 30)))
    weights = rng.uniform(0.5, 2, 30)
    fit = em.fit(coins, flips, Coins([0.5, 0.5]), sample_weights=weights)
    for step in fit.steps:
        np.testing.assert_allclose(step.posterior.sum(axis=1), 1, atol=1e-15)


def test_a_prior_that_excludes_the_start_is_named_with_the_zero():
    start = poisson_hmm.PoissonHMM([0.5, 0.5], [[0.9, 0.1], [0, 1]], [1, 5])
    prior = poisson_hmm.PoissonHMMPrior.dirichlet(moves=2)
    words = r"prior excludes that transitions\[1, 0\] is 0"
    with pytest.raises(em.NotFiniteError, match=words):
        em.fit(poisson_hmm, [1, 0, 2, 6, 5, 7], start, prior=prior)


def test_pieces_refuse_what_the_whole_refuses():
    nan = np.nan
    table = np.array(
        [[1, nan], [2, nan], [4, nan], [nan, 3], [nan, 5], [nan, 9.0]]
    )
    start = Normal([0, 0], np.eye(2))
    words = r"no row of the table holds both column 0 and column 1"
    for data, options in (
        (table, {}),
        (np.array_split(table, 2), {"map": map}),
    ):
        with pytest.raises(ValueError, match=words):
            em.fit(missing_normal, data, start, **options)
    with pytest.raises(ValueError, match=r"column 1 of the table is all holes"):
        em.fit(missing_normal, [table[:3], table[:3]], start, map=map)
    with pytest.raises(ValueError, match=r"column 1 of the table is 3.0 where"):
        em.fit(missing_normal, [table[:3], [[1, 3], [2, 3]]], start, map=map)
    assert Table(table).values.shape == (6, 2)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("min_sd", r"did you mean min_std\? it takes equal_stds, min_std"),
        ("max_iterations", r"did you mean max_iter\?"),
        ("random_state", r"takes no option 'random_state'.* em.fit tol"),
    ],
)
def test_a_misspelt_option_is_told_what_there_is(option, words):
    with pytest.raises(TypeError, match=words):
        em.fit(normals, [0.0, 1, 5, 6], Normals([0, 5], [1, 1]), **{option: 1})


def test_a_search_warns_once_where_it_was_called_and_says_how_many():
    x = np.random.default_rng(0).normal(size=100)
    starts = [Normals([-1, 0, 1], [1, 1, 1])] * 2
    words = r"2 of 2 starts had not converged .*the best among them"
    with pytest.warns(em.NotConvergedWarning, match=words) as caught:
        em.best_of(normals, x, starts, max_iter=5)
    assert [one.filename for one in caught] == [__file__]


def test_a_group_of_one_point_stops_no_search():
    """A start that k-means made, say: one group is one point."""
    rng = np.random.default_rng(1)
    x = np.r_[rng.normal(10, 1, 60), rng.normal(15, 2, 90)]
    one = np.eye(3)[np.r_[np.repeat([0, 1], [60, 89]), 2]]
    point, good = normals.m_step(x, one), Normals([10, 15, 20], [1, 2, 5])
    assert point.stds[2] == 0
    best = em.best_of(normals, x, [point, good])
    assert isinstance(best.ends[0], em.CollapsedError)
    assert best.fit.steps[-1] is best.ends[1]
    floor = em.fit(normals, x, point, min_std=0.2)
    assert floor.steps[0].params.stds[2] == 0.2
    words = r"component 2 collapsed at step 0: stds\[2\] is 0"
    with pytest.raises(em.CollapsedError, match=words):
        em.fit(normals, x, point)


def test_nor_does_one_in_several_dimensions():
    rng = np.random.default_rng(0)
    x = np.vstack([rng.normal(0, 1, (40, 2)), rng.normal(6, 1, (40, 2))])
    point = gaussians.m_step(x, np.eye(3)[np.r_[np.repeat([0, 1], 40)[1:], 2]])
    good = gaussians.Gaussians([[0, 0], [6, 6], [3, 3]], [np.eye(2)] * 3)
    best = em.best_of(gaussians, x, [point, good])
    assert isinstance(best.ends[0], em.CollapsedError)
    floor = em.fit(gaussians, x, point, min_std=0.1)
    np.testing.assert_allclose(
        floor.steps[0].params.covariances[2], 0.01 * np.eye(2), atol=1e-15
    )


def test_what_sums_to_1_in_single_precision_is_divided_by_its_sum():
    weights = np.float32([0.1, 0.9])
    assert weights.astype(float).sum() != 1
    assert Normals([2, 9], [1, 1], weights).weights.sum() == 1
    psf = np.exp(-(np.arange(-7, 8) ** 2) / 8.0).astype(np.float32)
    photo = deconvolution.Photograph(np.ones(30), psf / psf.sum())
    assert abs(photo.psf.sum() - 1) < 1e-15
    hmm = poisson_hmm.PoissonHMM(
        [1, 0], np.float32([[0.9, 0.1], [0.3, 0.7]]), [1, 2]
    )
    np.testing.assert_allclose(hmm.transitions.sum(axis=1), 1, atol=1e-15)
    with pytest.raises(ValueError, match=r"sum to 0.999: .* Divide by the sum"):
        em.fit(normals, [1.0, 2], Normals([1, 2, 3], [1, 1, 1], [0.333] * 3))


def test_a_deconvolution_takes_its_own_fit_as_a_start():
    photo = deconvolution.Photograph([2, 3, 10**12, 4, 2], [1.0])
    fit = em.fit(deconvolution, photo, deconvolution.Scene(np.ones(5)))
    again = em.fit(deconvolution, photo, fit.params)
    np.testing.assert_allclose(again.params.light, fit.params.light, rtol=1e-2)
