"""Jumps: to the same place, in fewer evaluations, and never down.

`python tests/test_acceleration.py 10000` runs so many random fits.
"""

import sys
import warnings
from dataclasses import replace
from types import ModuleType

import attrs
import fuzz
import numpy as np
import pytest
from rows import MODELS, named
from rows.kinds import arrays

import em
from em.further import acceleration
from em.kinds.read_classes import Classes
from em.models import coins, gaussians, normals, poissons, transcripts
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normals import Normals, NormalsPrior
from em.models.poissons import Poissons
from em.models.transcripts import Abundances
from em.numbers.parameters import Parameters

SCHEMES = ("anderson", "squarem")
LONDON = np.loadtxt(em.data("london_deaths.csv"), delimiter=",", skiprows=1)
TOP = -1989.945859883  # an exact value: see em/data/README.md for the data


def london(start, accelerate=None, **options):
    values, days = LONDON.T
    return em.fit(
        poissons,
        values,
        start,
        sample_weights=days,
        accelerate=accelerate,
        **options,
    )


def evaluations_to(fit, height):
    """Give how many it took to come within 1e-8 of a height."""
    near = fit.log_likelihoods >= height - 1e-8
    assert near.any(), fit
    return int(fit.evaluations[near.argmax()])


@pytest.fixture(params=MODELS, ids=named)
def row(request):
    return request.param


# Free numbers.


def test_there_and_back_is_where_one_was(row):
    rng = np.random.default_rng(1)
    for params in (row.truth, row.start, row.anywhere(rng)):
        to = Parameters(row.model, params)
        back = arrays(to.params(to.vector(params)))
        for name, values in arrays(params).items():
            np.testing.assert_allclose(back[name], values, rtol=1e-12)
        assert set(row.model.RANGES) == set(back)


def test_a_step_of_any_size_leads_to_parameters_that_are_allowed(row):
    rng = np.random.default_rng(2)
    data, _ = row.sample(row.truth, 50, rng)
    to = Parameters(row.model, row.truth)
    here = to.vector(row.truth)
    for size in (0.1, 1, 5):
        away = to.params(here + size * rng.standard_normal(here.shape))
        row.model.check(data, away)  # raises nothing
        for name in ("weights", "initial", "transitions", "alpha"):
            if name in arrays(away):
                whole = arrays(row.truth)[name].sum(axis=-1)
                found = arrays(away)[name].sum(axis=-1)
                np.testing.assert_allclose(found, whole, rtol=1e-14)


def test_directions_are_as_many_as_can_be_chosen(row):
    to = Parameters(row.model, row.truth)
    for name, kind, _, places, _ in to.groups:
        directions = kind.directions(places)
        size = places.size
        k = places.shape[-1] if places.ndim else 1
        expected = {
            "shares": size - size // k,
            "covariance": size * (k + 1) // (2 * k),
        }.get(row.model.RANGES[name], size)
        assert np.linalg.matrix_rank(directions) == expected, name
        assert directions.shape == (kind.size(places), expected)


def test_what_is_at_an_edge_is_not_inside():
    to = Parameters(coins, Coins([0.5, 0], [1 - 1e-9, 1e-9]))
    vector = to.vector(to.like)
    assert to.inside(vector).tolist() == [True, False, True, False]


# The race.


def test_london_in_thirty_evaluations():
    fit = london(Poissons([1, 3], [0.5, 0.5]), "anderson")
    assert evaluations_to(fit, TOP) <= 30
    assert fit.converged
    np.testing.assert_allclose(fit.params.rates, [1.2560951, 2.6634044], 1e-6)
    np.testing.assert_allclose(fit.params.weights[0], 0.359885397, 1e-6)
    squarem = london(Poissons([1, 3], [0.5, 0.5]), "squarem")
    assert evaluations_to(squarem, TOP) <= 100


def test_london_from_two_hundred_starts():
    """All of them reach the maximum, as EM does."""
    for scheme, bar in (("anderson", 45), ("squarem", 120)):
        rng, took = np.random.default_rng(0), []
        for _ in range(200):
            weight, rates = rng.uniform(), rng.uniform(0, 4, 2)
            start = Poissons(rates, [weight, 1 - weight])
            fit = london(start, scheme)
            assert np.diff(fit.log_likelihoods).min() > -1e-10
            took.append(evaluations_to(fit, TOP))
        assert np.median(took) <= bar


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_limit_is_that_of_em_and_comes_no_later(row, scheme):
    data, _ = row.sample(row.truth, 300, np.random.default_rng(3))
    slow, fast = (
        em.fit(
            row.model,
            data,
            row.start,
            tol=1e-10,
            max_iter=10_000,
            accelerate=accelerate,
            **row.options,
        )
        for accelerate in (None, scheme)
    )
    assert fast.log_likelihood == pytest.approx(slow.log_likelihood, abs=1e-6)
    assert len(slow.steps) == slow.evaluations[-1]
    assert fast.evaluations[-1] <= 1.1 * slow.evaluations[-1]
    for name, values in arrays(slow.params).items():
        np.testing.assert_allclose(
            arrays(fast.params)[name],
            values,
            rtol=1e-5,
            atol=1e-6 * np.abs(values).max(),
        )


def test_where_steps_become_longer_it_jumps_ahead_and_not_back():
    """Near a saddle, the fixed point that a few steps point to is behind."""
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 1, 500), rng.normal(1.5, 1, 500)])
    slow, fast = (
        em.fit(
            normals, x, Normals([-1, 2], [1, 1]), max_iter=5_000, accelerate=how
        )
        for how in (None, "anderson")
    )
    top = slow.log_likelihood
    assert fast.log_likelihood == pytest.approx(top, abs=1e-6)
    assert evaluations_to(fast, top) < evaluations_to(slow, top) / 20


# What it may not do.


def random_fit(model, seed):
    """Give what the jumps of a random fit of `fuzz` gained, if it has any."""
    rng = np.random.default_rng([list(fuzz.FAMILIES).index(model), seed])
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", em.NotConvergedWarning)
        try:
            case = fuzz.FAMILIES[model](rng)
            if fuzz.extreme(case):
                return None
            can_be = getattr(model, "CAN_BE_FIXED", tuple(arrays(case.start)))
            fixed = [name for name in can_be if rng.random() < 0.1]
            fit = em.fit(
                model,
                case.data,
                case.start,
                max_iter=fuzz.STEPS,
                accelerate=SCHEMES[seed % 2],
                fixed=fixed,
                sample_weights=fuzz.some_weights(rng, model, case),
                **case.options,
            )
        except (ValueError, TypeError):  # refused, or collapsed
            return None
    for name in fixed:
        assert np.array_equal(
            arrays(fit.params)[name], arrays(case.start)[name]
        )
    assert all(
        np.isfinite(values).all()
        for step in fit.steps
        for values in arrays(step.params).values()
    )
    # (em.fit itself raises FellError for what is more than the last digits of
    # the parameters make.) A jump may not even fall by that.
    jumps = np.array([step.jumped for step in fit.steps[1:]], dtype=bool)
    return np.diff(fit.log_likelihoods)[jumps]


def tally(model, n):
    """Give how many had jumps, and the seeds of those that fell."""
    jumped, fell = 0, []
    for seed in range(n):
        try:
            rises = random_fit(model, seed)
        except em.FellError:
            fell.append(seed)
            continue
        if rises is not None and len(rises):
            jumped += 1
            if rises.min() < 0:
                fell.append(seed)
    return jumped, fell


@pytest.mark.parametrize(
    "model", fuzz.FAMILIES, ids=lambda model: model.__name__
)
def test_the_likelihood_never_falls_in_random_fits(model):
    jumped, fell = tally(model, 120)
    assert fell == []
    assert jumped > 5


def test_it_would_be_seen_if_falls_were_not_refused(monkeypatch):
    def any_step(problem, params, before):
        return replace(problem.e_step(params), jumped=True)

    monkeypatch.setattr(acceleration, "attempt", any_step)
    starts = [Poissons([low, 3.5], [0.9, 0.1]) for low in (0.1, 0.5, 1, 2)]
    with pytest.raises(em.FellError):
        em.best_of(
            poissons,
            np.repeat(*LONDON.T.astype(int)),
            starts,
            accelerate="squarem",
        )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_floor_holds_in_every_step(scheme):
    rng = np.random.default_rng(4)
    x = np.concatenate([rng.normal(3, 0.8, 40), rng.normal(6, 2, 40)])
    for floor in (1.0, 1.5):
        start = Normals([2, 8], [3, 3])
        fit = em.fit(normals, x, start, min_std=floor, accelerate=scheme)
        assert min(step.params.stds.min() for step in fit.steps) >= floor
        assert fit.params.stds[0] == floor
    points = np.column_stack([x, x**2])
    matrices = [[[0.1, 0], [0, 10]], [[4, 0], [0, 400]]]
    wide = em.fit(
        gaussians,
        points,
        Gaussians([[3, 9], [6, 36]], matrices),
        min_std=0.5,
        accelerate=scheme,
    )
    for step in wide.steps[1:]:
        least = np.linalg.eigvalsh(step.params.covariances).min()
        assert least >= 0.25 * (1 - 1e-9)


@pytest.mark.parametrize("covariance_type", ["tied", "diagonal", "spherical"])
def test_a_type_of_covariance_holds_in_every_step(covariance_type):
    x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
    start = Gaussians([[2, 55], [4, 75], [4.5, 85]], [np.diag([1, 100])] * 3)
    fit = em.fit(
        gaussians,
        x,
        start,
        covariance_type=covariance_type,
        accelerate="anderson",
    )
    assert any(step.jumped for step in fit.steps)
    for step in fit.steps[1:]:
        found = step.params.covariances
        if covariance_type == "tied":
            np.testing.assert_allclose(found, found[[0, 0, 0]], rtol=1e-9)
        else:
            assert not found[:, 0, 1].any()
        if covariance_type == "spherical":
            np.testing.assert_allclose(found[:, 0, 0], found[:, 1, 1], 1e-9)


def test_what_is_fixed_stays_and_jumps_go_on():
    start = Poissons([1, 3], [0.3, 0.7])
    fit = london(start, "anderson", fixed="weights")
    assert any(step.jumped for step in fit.steps)
    for step in fit.steps:
        np.testing.assert_array_equal(step.params.weights, [0.3, 0.7])
    all_fixed = london(start, "anderson", fixed=["weights", "rates"])
    assert len(all_fixed.steps) == 2


def test_what_is_0_stays_0_and_the_rest_jumps():
    classes = Classes(
        [[0, 1, 2], [0, 1], [0, 2], [1, 2], [0, 3]],
        [10, 5, 8, 9, 4],
        [100, 150, 90, 120],
    )
    fit = em.fit(
        transcripts, classes, Abundances([1, 1, 1, 0]), accelerate="anderson"
    )
    slow = em.fit(transcripts, classes, Abundances([1, 1, 1, 0]))
    assert any(step.jumped for step in fit.steps)
    assert fit.params.alpha[3] == 0
    np.testing.assert_allclose(fit.params.alpha, slow.params.alpha, atol=1e-5)
    whole = [step.params.alpha.sum() for step in fit.steps[1:]]
    np.testing.assert_allclose(whole, 36, rtol=1e-12)
    certain = em.fit(
        coins,
        Flips([9, 8, 0, 3, 0], [1, 2, 10, 7, 10]),
        Coins([0.5, 0], [0.9, 0.1]),
        accelerate="anderson",
    )
    assert certain.params.theta[1] == 0


def test_every_e_step_is_counted():
    counting = ModuleType("counting")
    vars(counting).update(vars(normals))
    calls = 0

    def e_step(x, params):
        nonlocal calls
        calls += 1
        return normals.e_step(x, params)

    counting.e_step = e_step
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 1, 100), rng.normal(2, 1, 100)])
    for how in (None, *SCHEMES):
        calls = 0
        fit = em.fit(
            counting,
            x,
            Normals([-1, 2], [1, 1]),
            accelerate=how,
            max_iter=10_000,
        )
        assert fit.evaluations[-1] == calls
        assert len(fit.evaluations) == len(fit.steps)
        refused = sum(step.refused for step in fit.steps)
        assert (refused > 0) == (how is not None)


def test_a_model_without_ranges_jumps_as_well():
    """A reader's own: a dictionary of numbers, and no more than two steps."""
    own = ModuleType("own")
    own.e_step = lambda x, p: poissons.e_step(x, Poissons(**p))
    own.m_step = lambda x, r: attrs.asdict(poissons.m_step(x, r))
    x = np.repeat(*LONDON.T.astype(int))
    start = {"rates": np.array([1.0, 3]), "weights": np.array([0.5, 0.5])}
    fit = em.fit(own, x, start, accelerate="anderson")
    assert evaluations_to(fit, TOP) < 60
    assert fit.params["weights"].sum() == pytest.approx(1, abs=1e-9)


def test_a_last_step_is_em_s_own():
    for scheme in SCHEMES:
        fit = london(Poissons([1, 3], [0.5, 0.5]), scheme)
        assert not fit.steps[-1].jumped
        assert fit.steps[-1].params.rates == pytest.approx(
            poissons.m_step(
                np.repeat(*LONDON.T.astype(int)),
                poissons.e_step(
                    np.repeat(*LONDON.T.astype(int)), fit.steps[-2].params
                )[0],
            ).rates,
            rel=1e-12,
        )


def test_best_of_passes_it_on():
    starts = [Poissons([1, 3]), Poissons([0.5, 2])]
    best = em.best_of(
        poissons,
        np.repeat(*LONDON.T.astype(int)),
        starts,
        accelerate="anderson",
    )
    assert len(best.fit.steps) < 60


def test_another_scheme_is_refused():
    for wrong in ("newton", True, 1, ["anderson"]):
        with pytest.raises(ValueError, match=r"accelerate is .*: expected"):
            london(Poissons([1, 3]), wrong)


if __name__ == "__main__":
    each = int(sys.argv[1]) // len(fuzz.FAMILIES)
    failed = 0
    for one in fuzz.FAMILIES:
        with_jumps, falls = tally(one, each)
        print(f"{one.__name__}: {with_jumps} of {each} jumped, fell: {falls}")
        failed += len(falls)
    sys.exit(failed)


OVERLAP = np.random.default_rng(5).normal([0, 2], 1, (60, 2)).ravel()


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("data", "options"),
    [
        (OVERLAP, {"prior": NormalsPrior(std_count=4, points=2)}),
        (OVERLAP, {"labels": np.r_[0, 1, 0, 1, np.full(116, -1)]}),
        (np.array_split(OVERLAP, 5), {"map": map}),
    ],
    ids=["prior", "labels", "pieces"],
)
def test_jumps_go_with_a_prior_with_labels_and_with_pieces(
    scheme, data, options
):
    start = Normals([-1, 3], [1, 1])
    options = {**options, "tol": 1e-10, "max_iter": 20_000}
    plain = em.fit(normals, data, start, **options)
    fast = em.fit(normals, data, start, accelerate=scheme, **options)
    assert fast.heights[-1] == pytest.approx(plain.heights[-1], abs=1e-7)
    assert (np.diff(fast.heights) >= -1e-9).all()
    assert fast.evaluations[-1] < plain.evaluations[-1] / 2
    np.testing.assert_allclose(fast.params.means, plain.params.means, atol=1e-4)
