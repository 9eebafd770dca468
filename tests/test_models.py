"""What must hold for every model: a row each in rows/, one test for all.

Some tests are for all models, some for mixtures, whose hidden part is a label,
some for the others.
"""

from itertools import product

import numpy as np
import pytest
from rows import MIXTURES, MODELS, OTHERS, named
from rows.kinds import PROBABILITIES, arrays, evenly, mapped
from scipy.optimize import approx_fprime, minimize
from scipy.sparse import issparse

import em
from em.model import with_values
from em.models import coins, normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals
from em.numbers.ranges import RANGES


@pytest.fixture(params=MODELS, ids=named)
def model(request):
    """Give any model."""
    return request.param


@pytest.fixture(params=MIXTURES, ids=named)
def row(request):
    """Give a mixture: a model whose hidden part is a label."""
    return request.param


@pytest.fixture(params=OTHERS, ids=named)
def other(request):
    """Give a model whose hidden part is not a label."""
    return request.param


def component(params, order):
    """Give the parameters with their components in another order."""
    return with_values(
        params,
        {
            name: field[np.ix_(order, order)]
            if name == "transitions"
            else field[order]
            for name, field in arrays(params).items()
        },
    )


def test_the_likelihood_never_falls_whatever_the_start(model):
    rng = np.random.default_rng(11)
    data, _ = model.sample(model.truth, 80, rng)
    for _ in range(20):
        start = model.anywhere(rng)
        fit = em.fit(
            model.model, data, start, tol=1e-5, max_iter=5000, **model.options
        )
        climbed = np.diff(fit.log_likelihoods)
        assert climbed.min() > -1e-10 * abs(fit.log_likelihood)
        assert all(
            np.isfinite(field).all() for field in arrays(fit.params).values()
        )


def test_a_fit_recovers_what_sample_made(model):
    data, _ = model.sample(model.truth, 2000, np.random.default_rng(5))
    fit = em.fit(model.model, data, model.start)
    for name, true in arrays(model.truth).items():
        if name not in model.not_to_be_found:
            near = (
                min(model.near, 0.06) if name in PROBABILITIES else model.near
            )
            found = getattr(fit.params, name)
            np.testing.assert_allclose(found, true, atol=near)


def test_sample_draws_labels_as_often_as_it_is_told(row):
    _, made_by = row.sample(row.truth, 2000, np.random.default_rng(5))
    assert np.bincount(made_by, minlength=3) / 2000 == pytest.approx(
        row.shares(row.truth), abs=0.05
    )


def test_the_log_likelihood_is_that_of_another_library(other):
    rng = np.random.default_rng(2)
    data, _ = other.sample(other.truth, 60, rng)
    for params in (other.truth, other.start, other.anywhere(rng)):
        _, log_likelihood = other.model.e_step(data, params)
        assert log_likelihood == pytest.approx(
            other.log_likelihood(data, params), rel=1e-9
        )


def test_the_e_step_gives_the_slope_of_the_log_likelihood(other):
    """Fisher's identity: at θ, E[complete] and log-likelihood rise alike."""
    data, _ = other.sample(other.truth, 40, np.random.default_rng(8))
    for params in (other.truth, other.start):
        given, _ = other.model.e_step(data, params)
        at = other.free(params)
        slope = approx_fprime(
            at, lambda free: other.log_likelihood(data, other.bound(free)), 1e-6
        )
        expected = approx_fprime(
            at,
            lambda free, g=given: other.expected(data, g, other.bound(free)),
            1e-6,
        )
        np.testing.assert_allclose(expected, slope, rtol=1e-3, atol=0.01)


def test_the_m_step_is_the_best_answer_to_its_expectations(other):
    rng = np.random.default_rng(3)
    data, _ = other.sample(other.truth, 50, rng)
    given, _ = other.model.e_step(data, other.start)
    best = other.free(other.model.m_step(data, given))
    top = other.expected(data, given, other.bound(best))
    for nudge in 1e-3 * rng.standard_normal((20, len(best))):
        assert other.expected(data, given, other.bound(best + nudge)) < top
    for one in 1e-3 * np.eye(len(best)):
        for nudge in (one, -one):
            assert other.expected(data, given, other.bound(best + nudge)) < top


def test_direct_maximisation_ends_at_the_same_place(other):
    """An optimiser that knows nothing of EM, on another library's likelihood."""
    data, _ = other.sample(other.truth, 60, np.random.default_rng(9))
    found = minimize(
        lambda free: -other.log_likelihood(data, other.bound(free)),
        other.free(other.truth),
        method="BFGS",
        options={"gtol": 1e-4},
    )
    fit = em.fit(other.model, data, other.start)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-7)
    theirs = arrays(other.bound(found.x))
    for name, ours in arrays(fit.params).items():
        np.testing.assert_allclose(ours, theirs[name], rtol=1e-4, atol=1e-4)


def test_the_e_step_agrees_with_brute_force_over_all_labellings(row):
    """Sum the joint probability over every way of labelling four."""
    data, _ = row.sample(row.truth, 4, np.random.default_rng(2))
    total, share = 0.0, np.zeros((4, 3))
    for labels in product(range(3), repeat=4):
        log_densities = [
            row.log_density(data, i, row.truth, k) for i, k in enumerate(labels)
        ]
        joint = np.exp(row.prior(row.truth, labels) + sum(log_densities))
        total += joint
        share[range(4), labels] += joint
    responsibilities, log_likelihood = row.model.e_step(data, row.truth)
    assert log_likelihood == pytest.approx(np.log(total), rel=1e-12)
    np.testing.assert_allclose(
        row.states(responsibilities), share / total, rtol=1e-10
    )


def test_the_m_step_is_the_best_answer_to_its_responsibilities(row):
    """No nearby parameters have a higher expected complete log-likelihood."""
    rng = np.random.default_rng(3)
    data, _ = row.sample(row.truth, 50, rng)
    responsibilities, _ = row.model.e_step(data, row.start)

    def expected(params):
        return row.expected_prior(params, responsibilities) + sum(
            r * row.log_density(data, i, params, k)
            for (i, k), r in np.ndenumerate(row.states(responsibilities))
        )

    best = row.model.m_step(data, responsibilities)
    top = expected(best)
    for name, field in arrays(best).items():
        for nudge in 1e-3 * rng.standard_normal((5, *field.shape)):
            moved = field + evenly(nudge)
            if name in PROBABILITIES:
                moved = field * np.exp(nudge)
                moved /= moved.sum(axis=-1, keepdims=True)
            assert expected(with_values(best, {name: moved})) < top


def test_the_order_of_components_does_not_matter(row):
    data, _ = row.sample(row.truth, 100, np.random.default_rng(4))
    order = [2, 0, 1]
    fit = em.fit(row.model, data, row.start)
    other = em.fit(row.model, data, component(row.start, order))
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-10)
    expected = arrays(component(fit.params, order))
    for name, found in arrays(other.params).items():
        np.testing.assert_allclose(found, expected[name], rtol=1e-6)


def as_list(field):
    """Give an array as a list, compressed rows as a list of their columns."""
    if issparse(field):
        return [
            columns.tolist()
            for columns in np.split(field.indices, field.indptr[1:-1])
        ]
    return field.tolist()


def test_lists_do_as_well_as_arrays(model):
    data, _ = model.sample(model.truth, 50, np.random.default_rng(6))
    start = mapped(model.start, as_list)
    fit = em.fit(model.model, mapped(data, as_list), start)
    assert (
        fit.log_likelihood
        == em.fit(model.model, data, model.start).log_likelihood
    )


def test_one_component_has_nothing_hidden(row):
    data, _ = row.sample(row.truth, 50, np.random.default_rng(7))
    start = with_values(
        row.start,
        {
            name: np.ones((1,) * field.ndim)
            if name in PROBABILITIES
            else field[:1]
            for name, field in arrays(row.start).items()
        },
    )
    fit = em.fit(row.model, data, start)
    assert len(fit.steps) <= 3
    np.testing.assert_array_equal(row.states(fit.posterior), np.ones((50, 1)))


def test_what_is_fixed_stays_and_the_rest_still_climbs(model):
    """Or it is refused, where the rest would not be the best there is."""
    rng = np.random.default_rng(12)
    data, _ = model.sample(model.truth, 80, rng)
    can_be = getattr(model.model, "CAN_BE_FIXED", tuple(arrays(model.truth)))
    for name in tuple(arrays(model.truth)):
        for start in [model.start] + [model.anywhere(rng) for _ in range(5)]:
            if name not in can_be:
                with pytest.raises(ValueError, match=rf"'{name}'.*cannot be"):
                    em.fit(model.model, data, start, fixed=name)
                continue
            fit = em.fit(
                model.model,
                data,
                start,
                fixed=name,
                tol=1e-3,
                max_iter=20_000,
                **model.options,
            )
            np.testing.assert_array_equal(
                getattr(fit.params, name), getattr(start, name)
            )
            climbed = np.diff(fit.log_likelihoods)
            assert climbed.min() > -1e-10 * abs(fit.log_likelihood)
            assert fit.converged


REFUSED = [
    pytest.param(*entry, id=f"{named(row)}: {entry[2]}")
    for row in MODELS
    for entry in row.refused
]


@pytest.mark.parametrize(("call", "error", "words"), REFUSED)
def test_bad_input_is_refused_by_name(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_the_equal_weights_are_the_default(row):
    if "weights" in arrays(row.start):
        np.testing.assert_array_equal(row.start.weights, np.full(3, 1 / 3))


def test_100_000_flips_in_one_sequence():
    flips = Flips([70_000, 30_100, 29_900], [30_000, 69_900, 70_100])
    fit = em.fit(coins, flips, Coins([0.6, 0.5]), fixed="weights")
    np.testing.assert_allclose(fit.params.theta, [0.7, 0.3], rtol=1e-12)
    assert np.isfinite(fit.log_likelihood)


def test_a_collapsed_error_names_component_and_step():
    x = np.array([0.0, 1, 2, 3, 10])
    with pytest.raises(em.CollapsedError) as error:
        em.fit(normals, x, Normals([1, 9.5], [1, 0.4]))
    assert isinstance(error.value, ValueError)
    assert (error.value.component, error.value.step) == (1, 1)
    fit = em.fit(normals, x, Normals([1, 9.5], [1, 0.4]), min_std=0.2)
    assert fit.converged
    assert fit.params.stds[1] == 0.2


def test_points_far_from_every_bell_are_still_shared_out():
    shares, log_likelihood = normals.e_step(
        np.array([1e6]), Normals([0, 1], [1, 1])
    )
    assert np.isfinite(log_likelihood)
    np.testing.assert_array_equal(shares, [[0.0, 1.0]])


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_a_model_says_what_each_of_its_parameters_can_be(model):
    ranges = model.model.RANGES
    assert set(ranges) == set(arrays(model.start))
    assert set(ranges.values()) <= set(RANGES)
