"""The loop: what a step is, when a fit stops, what it refuses."""

from itertools import islice, pairwise
from types import SimpleNamespace

import attrs
import numpy as np
import pytest

import em
from em.model import named as arrays
from em.models import coins, normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals

ROUNDS = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
START = Coins([0.6, 0.5])
FIVE = Flips([21, 9, 10, 32, 7], [7, 10, 17, 10, 13])


def model(**changed):
    """Give the coins with some of their functions changed."""
    return SimpleNamespace(**{**vars(coins), **changed})


def test_a_step_belongs_to_one_theta():
    for step in islice(em.run(coins, ROUNDS, START), 5):
        responsibilities, log_likelihood = coins.e_step(ROUNDS, step.params)
        assert step.log_likelihood == log_likelihood
        np.testing.assert_array_equal(step.posterior, responsibilities)


def test_the_first_step_is_the_start_and_the_next_an_m_step_on():
    first, second = islice(em.run(coins, ROUNDS, START), 2)
    np.testing.assert_array_equal(first.params.theta, START.theta)
    expected = coins.m_step(ROUNDS, first.posterior)
    np.testing.assert_array_equal(second.params.theta, expected.theta)


def test_a_fit_keeps_every_step_and_gives_the_last():
    fit = em.fit(coins, ROUNDS, START)
    assert fit.converged
    np.testing.assert_array_equal(fit.steps[0].params.theta, START.theta)
    assert fit.params is fit.steps[-1].params
    assert fit.log_likelihood == fit.steps[-1].log_likelihood
    assert fit.posterior is fit.steps[-1].posterior
    assert "converged after" in repr(fit)
    assert len(repr(fit)) < 300


@pytest.mark.parametrize("fixed", ["weights", ["weights"], ("theta",), []])
def test_fixed_parameters_stay(fixed):
    start = Coins([0.6, 0.5], [0.3, 0.7])
    fit = em.fit(coins, ROUNDS, start, fixed=fixed)
    names = [fixed] if isinstance(fixed, str) else list(fixed)
    for name in ("theta", "weights"):
        same = np.array_equal(getattr(fit.params, name), getattr(start, name))
        assert same == (name in names)


def still(fit, i, tol):
    """Say whether step i was small, by the words of `em.fit`."""
    three = [arrays(step.params) for step in fit.steps[max(i - 2, 0) : i + 1]]
    moved = max(
        np.abs(three[-1][name] - three[-2][name]).max()
        / np.abs(three[-1][name]).max()
        for name in three[-1]
    )
    grown = max(
        np.min(
            [new[name] / old[name] - 1 for old, new in pairwise(three)], axis=0
        ).max()
        for name in three[-1]
    )
    gained = np.diff(fit.log_likelihoods)[i - 1]
    return max(moved, grown, gained) <= tol


@pytest.mark.parametrize("tol", [1e-2, 1e-3, 1e-6, 1e-10])
def test_tol_is_met_and_no_earlier(tol):
    fit = em.fit(coins, ROUNDS, START, tol=tol)
    when = [still(fit, i, tol) for i in range(1, len(fit.steps))]
    assert when == [False] * (len(when) - 1) + [True]


def test_a_tighter_tol_takes_more_steps():
    loose, tight = (
        em.fit(coins, ROUNDS, START, tol=tol) for tol in (1e-3, 1e-10)
    )
    assert len(loose.steps) < len(tight.steps)


def test_a_tiny_weight_that_grows_is_on_its_way():
    """From 2e-16, four times as much a step, while the rest stands still."""
    start = Coins([0.51, 0.001])
    fit = em.fit(coins, FIVE, start)
    grown = [step.params.weights[1] for step in fit.steps[3:9]]
    np.testing.assert_allclose(np.diff(np.log(grown)), np.log(4.152), rtol=1e-3)
    assert abs(np.diff(fit.log_likelihoods)[6]) < 1e-8
    assert fit.log_likelihood == pytest.approx(-86.39337735, abs=1e-8)
    np.testing.assert_allclose(
        fit.params.theta, [0.75500865, 0.39346886], atol=1e-6
    )
    assert fit.params.weights[0] == pytest.approx(0.40533348, abs=1e-6)
    held = em.fit(coins, FIVE, start, fixed="weights")
    assert held.log_likelihood == pytest.approx(-86.48103273, abs=1e-8)
    np.testing.assert_allclose(
        held.params.theta, [0.75395974, 0.39311164], atol=1e-7
    )


def moving(path, heights=None):
    """Give a model whose parameters go along a path, whatever the data."""
    steps = iter(path)
    heights = iter(heights or np.linspace(-1, -0.5, len(path) + 1))
    return SimpleNamespace(
        e_step=lambda data, params: (None, float(next(heights))),
        m_step=lambda data, posterior: np.array(next(steps)),
    )


@pytest.mark.parametrize(
    "path",
    [
        [[9.0], [8.0], [7.0], [6.0]],  # down only
        [[-9.0], [-8.0], [-7.0], [-6.0]],  # nothing above 0
        [[-9.0, 1e-9], [-8.0, 1e-9], [-7.0, 1e-9], [-6.0, 1e-9]],
        [[5.0, -9.0], [5.0, -9.1], [5.0, -9.2], [5.0, -9.3]],
    ],
)
def test_what_moves_has_not_converged_whichever_way_it_goes(path):
    """The likelihood hardly rises: parameters are what is looked at."""
    level = [-1.0] * 9
    with pytest.warns(em.NotConvergedWarning):
        em.fit(moving(path, level), [], np.array(path[0]) + 1, max_iter=4)


def test_while_the_likelihood_rises_it_has_not_converged():
    """Though no parameter moves any more."""
    path = [[1.0]] * 4
    with pytest.warns(em.NotConvergedWarning):
        em.fit(moving(path, [-9.0, -8, -7, -6, -5]), [], np.ones(1), max_iter=4)
    assert em.fit(moving(path, [-9.0, -8, -7, -7]), [], np.ones(1)).converged


def test_the_last_change_is_told_as_a_share_of_the_largest():
    path = [[-8.0, 1.0], [-8.0, 1.5], [-8.0, 2.0]]
    with pytest.warns(em.NotConvergedWarning, match=r"by 0.0625 of its size"):
        em.fit(moving(path), [], np.array([-8.0, 0.5]), max_iter=3)


def test_a_rule_of_ones_own_stops_the_fit():
    seen = []

    def three(steps):
        seen.append(len(steps))
        return len(steps) == 4

    fit = em.fit(coins, ROUNDS, START, until=three)
    assert fit.converged
    assert seen == [2, 3, 4] == list(range(2, len(fit.steps) + 1))
    with pytest.warns(em.NotConvergedWarning):
        em.fit(coins, ROUNDS, START, until=lambda steps: False, max_iter=5)


def test_the_units_of_the_data_do_not_matter_to_the_stopping_rule():
    x, _ = normals.sample(
        Normals([3, 7], [0.8, 2]), 60, np.random.default_rng(1)
    )
    counts = {
        len(
            em.fit(
                normals, x * unit, Normals([unit, 9 * unit], [unit] * 2)
            ).steps
        )
        for unit in (1e-9, 1, 1e9)
    }
    assert len(counts) == 1


def test_steps_that_run_out_are_a_warning_with_the_last_change():
    with pytest.warns(
        em.NotConvergedWarning, match=r"not converged after 3 steps"
    ) as w:
        fit = em.fit(coins, ROUNDS, START, max_iter=3)
    assert not fit.converged
    assert len(fit.steps) == 4
    assert "tol = 1e-08" in str(w[0].message)
    assert w[0].filename == __file__
    assert "still moving" in repr(fit)


def test_a_falling_likelihood_is_an_error_with_step_and_amount():
    def swapped(flips, responsibilities):
        found = coins.m_step(flips, responsibilities)
        return Coins(found.theta, found.weights[::-1])

    with pytest.raises(em.FellError, match=r"fell by \d.* at step 1") as error:
        em.fit(model(m_step=swapped), ROUNDS, Coins([0.6, 0.5], [0.9, 0.1]))
    before, after = islice(
        em.run(model(m_step=swapped), ROUNDS, Coins([0.6, 0.5], [0.9, 0.1])), 2
    )
    assert error.value.step == 1
    assert (
        error.value.amount == before.log_likelihood - after.log_likelihood > 0
    )
    assert isinstance(error.value, ArithmeticError)


def test_a_fall_is_told_from_the_step_before_not_from_the_start():
    heights = [-9.0, -5.0, -6.25, -4.0]
    up_and_down = SimpleNamespace(
        e_step=lambda x, at: (at, np.interp(at[0], range(4), heights)),
        m_step=lambda x, at: at + 1,
    )
    with pytest.raises(em.FellError, match=r"fell by 1.25 at step 2"):
        em.fit(up_and_down, [], np.array([0.0]))


def test_a_fall_at_the_edge_of_what_parameters_can_be_is_one_too():
    """There, what rounding makes cannot be tried out to both sides."""
    flips = Flips([5, 5, 5, 3], [0, 0, 0, 1])
    wrong = model(m_step=lambda flips, r: Coins([1.0, 0.5], [0.2, 0.8]))
    with pytest.raises(em.FellError, match=r"fell by \d.* at step 1"):
        em.fit(wrong, flips, Coins([1.0, 0.5], [0.9, 0.1]))


def test_an_option_that_the_start_does_not_keep_to_is_no_fall():
    """But from the second step on, every start keeps to it."""
    x = np.array([0.0, 0.1, 5, 5.1])
    fit = em.fit(normals, x, Normals([0, 5], [0.05, 0.05]), min_std=1)
    assert fit.log_likelihoods[1] < fit.log_likelihoods[0] - 1
    assert fit.log_likelihoods[2] >= fit.log_likelihoods[1]
    assert fit.converged

    def worse(x, responsibilities, min_std):
        found = normals.m_step(x, responsibilities)
        return attrs.evolve(found, means=found.means + next(further))

    further = iter([0, 1, 2])
    wrong = SimpleNamespace(**{**vars(normals), "m_step": worse})
    with pytest.raises(em.FellError, match=r"at step 2"):
        em.fit(wrong, [0.0, 1, 5, 7], Normals([0, 5], [1, 1]), min_std=1)


def test_a_likelihood_that_is_not_a_number_is_an_error():
    def broken(flips, params):
        return coins.e_step(flips, params)[0], float("nan")

    with pytest.raises(em.NotFiniteError, match=r"is nan after step 0"):
        em.fit(model(e_step=broken), ROUNDS, START)


def test_rounding_is_no_fall():
    noise = iter([0.0, -1e-12, 1e-12, -1e-12])

    def noisy(flips, params):
        responsibilities, log_likelihood = coins.e_step(flips, params)
        return responsibilities, log_likelihood + next(noise, 0.0)

    limit = em.fit(coins, ROUNDS, START).params
    assert em.fit(model(e_step=noisy), ROUNDS, limit).converged


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((coins, [1, 2], START), {}, TypeError, r"the data is a list"),
        (
            (coins, ROUNDS, [0.6, 0.5]),
            {},
            TypeError,
            r"expected em.models.coins.Coins\(",
        ),
        (
            (coins, ROUNDS, Normals([1], [1])),
            {},
            TypeError,
            r"em.models.normals.Normals",
        ),
        (
            (normals, [1, 2], START),
            {},
            TypeError,
            r"expected em.models.normals.Normals",
        ),
        (
            (normals, ROUNDS, Normals([1], [1])),
            {},
            TypeError,
            r"x: .*em.models.coins.Flips",
        ),
        (
            (np, ROUNDS, START),
            {},
            TypeError,
            r"module .*no e_step: .*such as em.models.coins",
        ),
        ((coins, ROUNDS, START), {"fixed": "pi"}, ValueError, r"'pi'.*'theta'"),
        ((coins, ROUNDS, START), {"tol": -1}, ValueError, r"tol is -1"),
        ((coins, ROUNDS, START), {"tol": np.nan}, ValueError, r"tol is nan"),
        ((coins, ROUNDS, START), {"max_iter": 0}, ValueError, r"max_iter is 0"),
        ((coins, ROUNDS, START), {"tol": np.inf}, ValueError, r"tol is inf"),
        ((coins, ROUNDS, START), {"tol": None}, TypeError, r"tol: .*None"),
        ((coins, ROUNDS, START), {"tol": "1"}, TypeError, r"tol: .*str '1'"),
        ((coins, ROUNDS, START), {"tol": [1]}, ValueError, r"tol: .*one num"),
        ((coins, ROUNDS, START), {"tol": 1j}, TypeError, r"tol: .*complex"),
        (
            (coins, ROUNDS, START),
            {"max_iter": 2.5},
            TypeError,
            r"max_iter is float 2.5: expected a whole number",
        ),
        (
            (coins, ROUNDS, START),
            {"max_iter": np.nan},
            TypeError,
            r"max_iter is float nan",
        ),
        (
            (coins, ROUNDS, START),
            {"max_iter": True},
            TypeError,
            r"max_iter is bool True",
        ),
        (
            (coins, ROUNDS, START),
            {"max_iter": None},
            TypeError,
            r"max_iter is NoneType",
        ),
        ((coins, ROUNDS, START), {"min_std": 1}, TypeError, r"min_std"),
        ((3, None, "x"), {}, TypeError, r"model is a int 3, which has no e_st"),
        (
            (SimpleNamespace(e_step=1, m_step=1), None, "x"),
            {},
            TypeError,
            r"which has no e_step",
        ),
        (
            (SimpleNamespace(e_step=len), None, "x"),
            {},
            TypeError,
            r"which has no m_step",
        ),
        (
            (SimpleNamespace(e_step=len, m_step=len), None, "x"),
            {},
            TypeError,
            r"parameters: expected numbers, got str 'x'",
        ),
    ],
)
def test_wrong_arguments_are_refused_by_name(
    arguments, options, error, message
):
    with pytest.raises(error, match=message):
        em.fit(*arguments, **options)


def test_what_was_replaced_is_checked_at_the_door():
    with pytest.raises(ValueError, match=r"weights sum to 1.5"):
        em.fit(coins, ROUNDS, attrs.evolve(START, weights=[0.9, 0.6]))
    with pytest.raises(ValueError, match=r"heads\[1\] is nan"):
        em.fit(coins, attrs.evolve(ROUNDS, heads=[5, np.nan, 8, 4, 7]), START)


def test_source_is_shown_as_it_runs():
    source = em.show(coins.e_step)
    assert source.startswith("@blockwise\ndef e_step(flips: Flips")
    assert source.path == "em/models/coins.py"
    assert repr(source) == source
    assert source._repr_markdown_() == (
        f'```python title="em/models/coins.py"\n{source}```\n'
    )
    assert em.show(Flips).startswith("@frozen(eq=False)\nclass Flips:")


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (np.exp, r"expected a function or class with a name, got numpy.ufunc"),
        (coins, r"expected a function or class with a name, got module"),
        (lambda: 0, r"expected a function or class with a name, got function"),
        (START, r"expected a function or class with a name, got em.models"),
        (None, r"expected a function or class with a name, got NoneType"),
        (len, r"len has no Python source"),
        (int, r"int has no Python source"),
    ],
)
def test_what_has_no_source_is_refused_by_name(thing, words):
    with pytest.raises(TypeError, match=words):
        em.show(thing)


def test_a_function_outside_of_any_package_is_shown_under_its_files_name():
    assert em.show(still).path == "test_loop.py"
