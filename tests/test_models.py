"""What must hold for every model: one row each in MODELS, one test for all."""

from itertools import product
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.stats import binom, norm

import em
from em import coins, normals
from em.coins import Coins, Flips
from em.normals import Normals


class Row(NamedTuple):
    """A model, and what the tests need to know of it."""

    model: ModuleType
    truth: Any  # parameters to sample from
    start: Any
    sample: Any  # (truth, n, rng) -> data, labels
    chance: Any  # (data, i, truth, k) -> log p(x_i | k), by another library
    near: float  # how far an estimate from 2,000 observations may be off
    refused: list[tuple[Any, type, str]]  # what is called, the error, its words
    options: dict[str, Any]  # for fits from starts that may collapse


def flips_chance(flips: Flips, i: int, coins: Coins, k: int) -> float:
    heads, flipped = flips.heads[i], flips.heads[i] + flips.tails[i]
    counts = binom.logpmf(heads, flipped, coins.theta[k])
    orders = binom.logpmf(heads, flipped, 0.5) + flipped * np.log(2)
    return counts - orders  # without the binomial coefficient


ROUNDS = Flips([5, 9, 8], [5, 1, 2])

MODELS = [
    Row(
        coins,
        Coins([0.2, 0.7, 0.45], [0.2, 0.5, 0.3]),
        Coins([0.1, 0.9, 0.5]),
        lambda truth, n, rng: coins.sample(
            truth, n, rng.integers(30, 60, n), rng
        ),
        flips_chance,
        0.06,
        [
            (
                lambda: Flips([1, np.nan], [1, 1]),
                ValueError,
                r"heads\[1\] is nan",
            ),
            (
                lambda: Flips([1, 1], [np.inf, 1]),
                ValueError,
                r"tails\[0\] is inf",
            ),
            (lambda: Flips([1, 1], [1, -2]), ValueError, r"tails\[1\] is -2"),
            (lambda: Flips([1, 1], [1]), ValueError, r"2 heads, 1 tails"),
            (lambda: Flips([], []), ValueError, r"heads is empty"),
            (lambda: Flips([[1]], [1]), ValueError, r"heads: .*shape \(1, 1\)"),
            (lambda: Flips("ab", [1]), TypeError, r"heads: expected a list"),
            (lambda: Coins([0.5, 1.1]), ValueError, r"theta\[1\] is 1.1"),
            (lambda: Coins([-0.1]), ValueError, r"theta\[0\] is -0.1"),
            (lambda: Coins([np.nan]), ValueError, r"theta\[0\] is nan"),
            (lambda: Coins([0.5], [0.9]), ValueError, r"weights sum to 0.9"),
            (
                lambda: Coins([0.5, 0.5], [1.5, -0.5]),
                ValueError,
                r"weights\[1\] is -0.5",
            ),
            (
                lambda: Coins([0.5, 0.4], [1]),
                ValueError,
                r"2 theta, 1 weights",
            ),
            (
                lambda: em.fit(coins, ROUNDS, Coins([0, 1])),
                ValueError,
                r"sequence 0 is impossible",
            ),
            (
                lambda: em.fit(coins, ROUNDS, Coins([0, 0.5])),
                em.CollapsedError,
                r"component 0 collapsed at step 1: it takes no data. Start",
            ),
            (
                lambda: em.fit(coins, Flips([0, 0], [0, 0]), Coins([0.1, 0.5])),
                em.CollapsedError,
                r"component 0 collapsed at step 1: it takes no flips. Leave",
            ),
        ],
        {},
    ),
    Row(
        normals,
        Normals([-2, 1, 6], [0.5, 1, 2], [0.3, 0.3, 0.4]),
        Normals([-3, 0, 5], [1, 1, 1]),
        normals.sample,
        lambda x, i, truth, k: norm.logpdf(x[i], truth.means[k], truth.stds[k]),
        0.25,
        [
            (lambda: Normals([1], [0]), ValueError, r"stds\[0\] is 0"),
            (lambda: Normals([1, 2], [1, -1]), ValueError, r"stds\[1\] is -1"),
            (
                lambda: Normals([1, np.inf], [1, 1]),
                ValueError,
                r"means\[1\] is inf",
            ),
            (lambda: Normals([1, 2], [1]), ValueError, r"2 means, 1 stds"),
            (
                lambda: Normals([1], [1], [0.5]),
                ValueError,
                r"weights sum to 0.5",
            ),
            (
                lambda: em.fit(normals, [1, np.nan], Normals([1], [1])),
                ValueError,
                r"x\[1\] is nan",
            ),
            (
                lambda: em.fit(normals, [], Normals([1], [1])),
                ValueError,
                r"x is empty",
            ),
            (
                lambda: em.fit(normals, [1, 2, 1e200], Normals([1], [1])),
                ValueError,
                r"x\[2\] is 1e\+200: expected a number that can be squared",
            ),
            (
                lambda: em.fit(normals, [1, 2, 9], Normals([1, 9], [1, 0.1])),
                em.CollapsedError,
                r"component 1 collapsed at step 1: its standard .* min_std",
            ),
            (
                lambda: em.fit(normals, [1, 2, 9], Normals([1, 9e9], [1, 0.1])),
                em.CollapsedError,
                r"component 1 collapsed at step 1: it takes no data. Start",
            ),
        ],
        {"min_std": 1e-3},
    ),
]


@pytest.fixture(params=MODELS, ids=lambda row: row.model.__name__)
def row(request):
    return request.param


def component(params, order):
    """Give the parameters with their components in another order."""
    return type(params)(*(field[order] for field in params))


def test_the_likelihood_never_falls_whatever_the_start(row):
    rng = np.random.default_rng(11)
    data, _ = row.sample(row.truth, 80, rng)
    for _ in range(20):
        start = row.truth._replace(
            **{
                name: np.sort(
                    rng.choice(field, len(field)) + 0.05 * rng.random(3)
                )
                for name, field in row.truth._asdict().items()
                if name != "weights"
            },
            weights=rng.dirichlet(np.ones(3)),
        )
        fit = em.fit(
            row.model, data, start, tol=1e-5, max_iter=5000, **row.options
        )
        climbed = np.diff([step.log_likelihood for step in fit.steps])
        assert climbed.min() > -1e-10 * abs(fit.log_likelihood)
        assert all(np.isfinite(field).all() for field in fit.params)


def test_a_fit_recovers_what_sample_made(row):
    data, made_by = row.sample(row.truth, 2000, np.random.default_rng(5))
    fit = em.fit(row.model, data, row.start)
    for found, true in zip(fit.params, row.truth, strict=True):
        np.testing.assert_allclose(found, true, atol=row.near)
    assert np.bincount(made_by, minlength=3) / 2000 == pytest.approx(
        row.truth.weights, abs=0.05
    )


def test_the_e_step_agrees_with_brute_force_over_all_labellings(row):
    """Sum the joint probability over every way of labelling four."""
    data, _ = row.sample(row.truth, 4, np.random.default_rng(2))
    total, share = 0.0, np.zeros((4, 3))
    for labels in product(range(3), repeat=4):
        joint = np.prod(
            [
                row.truth.weights[k] * np.exp(row.chance(data, i, row.truth, k))
                for i, k in enumerate(labels)
            ]
        )
        total += joint
        share[range(4), labels] += joint
    responsibilities, log_likelihood = row.model.e_step(data, row.truth)
    assert log_likelihood == pytest.approx(np.log(total), rel=1e-12)
    np.testing.assert_allclose(responsibilities, share / total, rtol=1e-10)


def test_the_m_step_is_the_best_answer_to_its_responsibilities(row):
    """No nearby parameters have a higher expected complete log-likelihood."""
    rng = np.random.default_rng(3)
    data, _ = row.sample(row.truth, 50, rng)
    responsibilities, _ = row.model.e_step(data, row.start)

    def expected(params):
        return sum(
            r * (np.log(params.weights[k]) + row.chance(data, i, params, k))
            for (i, k), r in np.ndenumerate(responsibilities)
        )

    best = row.model.m_step(data, responsibilities)
    top = expected(best)
    for name, field in best._asdict().items():
        for nudge in 1e-3 * rng.standard_normal((5, 3)):
            moved = field + (
                nudge - nudge.mean() if name == "weights" else nudge
            )
            assert expected(best._replace(**{name: moved})) < top


def test_the_order_of_components_does_not_matter(row):
    data, _ = row.sample(row.truth, 100, np.random.default_rng(4))
    order = [2, 0, 1]
    fit = em.fit(row.model, data, row.start)
    other = em.fit(row.model, data, component(row.start, order))
    assert other.log_likelihood == pytest.approx(fit.log_likelihood, rel=1e-10)
    for found, expected in zip(
        other.params, component(fit.params, order), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_lists_do_as_well_as_arrays(row):
    data, _ = row.sample(row.truth, 50, np.random.default_rng(6))
    fields = data if isinstance(data, tuple) else (data,)
    lists = [field.tolist() for field in fields]
    listed = type(data)(*lists) if isinstance(data, tuple) else lists[0]
    start = type(row.start)(*(field.tolist() for field in row.start))
    fit = em.fit(row.model, listed, start)
    assert (
        fit.log_likelihood == em.fit(row.model, data, row.start).log_likelihood
    )


def test_one_component_has_nothing_hidden(row):
    data, _ = row.sample(row.truth, 50, np.random.default_rng(7))
    start = type(row.start)(
        *(field[:1] for field in row.start._replace(weights=np.ones(1)))
    )
    fit = em.fit(row.model, data, start)
    assert len(fit.steps) <= 3
    np.testing.assert_array_equal(fit.responsibilities, np.ones((50, 1)))


def test_bad_input_is_refused_by_name(row):
    for call, error, words in row.refused:
        with pytest.raises(error, match=words):
            call()


def test_the_equal_weights_are_the_default(row):
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
