"""The loop: what a step is, when a fit stops, what it refuses."""

import subprocess
import sys
from itertools import islice
from types import SimpleNamespace

import numpy as np
import pytest

import em
from em.models import coins, normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals

ROUNDS = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
START = Coins([0.6, 0.5])


def model(**changed):
    """Give the coins with some of their functions changed."""
    return SimpleNamespace(**{**vars(coins), **changed})


def test_a_step_belongs_to_one_theta():
    for step in islice(em.run(coins, ROUNDS, START), 5):
        responsibilities, log_likelihood = coins.e_step(ROUNDS, step.params)
        assert step.log_likelihood == log_likelihood
        np.testing.assert_array_equal(step.responsibilities, responsibilities)


def test_the_first_step_is_the_start_and_the_next_an_m_step_on():
    first, second = islice(em.run(coins, ROUNDS, START), 2)
    np.testing.assert_array_equal(first.params.theta, START.theta)
    expected = coins.m_step(ROUNDS, first.responsibilities)
    np.testing.assert_array_equal(second.params.theta, expected.theta)


def test_a_fit_keeps_every_step_and_gives_the_last():
    fit = em.fit(coins, ROUNDS, START)
    assert fit.converged
    np.testing.assert_array_equal(fit.steps[0].params.theta, START.theta)
    assert fit.params is fit.steps[-1].params
    assert fit.log_likelihood == fit.steps[-1].log_likelihood
    assert fit.responsibilities is fit.steps[-1].responsibilities
    assert "settled after" in repr(fit)
    assert len(repr(fit)) < 300


@pytest.mark.parametrize("fixed", ["weights", ["weights"], ("theta",), []])
def test_fixed_parameters_stay(fixed):
    start = Coins([0.6, 0.5], [0.3, 0.7])
    fit = em.fit(coins, ROUNDS, start, fixed=fixed)
    names = [fixed] if isinstance(fixed, str) else list(fixed)
    for name in ("theta", "weights"):
        same = np.array_equal(getattr(fit.params, name), getattr(start, name))
        assert same == (name in names)


def test_tol_is_met_and_not_much_earlier():
    loose, tight = (
        em.fit(coins, ROUNDS, START, tol=tol) for tol in (1e-3, 1e-10)
    )
    assert len(loose.steps) < len(tight.steps)
    for fit, tol in ((loose, 1e-3), (tight, 1e-10)):
        moved = [
            max(
                np.abs(after - before).max() / np.abs(after).max()
                for before, after in zip(old.params, new.params, strict=True)
            )
            for old, new in zip(fit.steps, fit.steps[1:], strict=False)
        ]
        assert moved[-1] <= tol < min(moved[:-1])


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
        em.NotConvergedWarning, match=r"not settled after 3 steps"
    ) as w:
        fit = em.fit(coins, ROUNDS, START, max_iter=3)
    assert not fit.converged
    assert len(fit.steps) == 4
    assert "tol = 1e-08" in str(w[0].message)
    assert w[0].filename == __file__
    assert "still moving" in repr(fit)


def test_a_falling_likelihood_is_an_error_with_step_and_amount():
    def swapped(flips, responsibilities):
        theta, weights = coins.m_step(flips, responsibilities)
        return Coins(theta, weights[::-1])

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


def test_a_likelihood_that_is_not_a_number_is_an_error():
    def broken(flips, params):
        return coins.e_step(flips, params)[0], float("nan")

    with pytest.raises(em.FellError):
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
        ((coins, [1, 2], START), {}, TypeError, r"the data is a builtins.list"),
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
        ((np, ROUNDS, START), {}, TypeError, r"check, e_step and m_step"),
        ((coins, ROUNDS, START), {"fixed": "pi"}, ValueError, r"'pi'.*'theta'"),
        ((coins, ROUNDS, START), {"tol": -1}, ValueError, r"tol is -1"),
        ((coins, ROUNDS, START), {"tol": np.nan}, ValueError, r"tol is nan"),
        ((coins, ROUNDS, START), {"max_iter": 0}, ValueError, r"max_iter is 0"),
        ((coins, ROUNDS, START), {"min_std": 1}, TypeError, r"min_std"),
    ],
)
def test_wrong_arguments_are_refused_by_name(
    arguments, options, error, message
):
    with pytest.raises(error, match=message):
        em.fit(*arguments, **options)


def test_what_was_replaced_past_the_constructor_is_checked_at_the_door():
    with pytest.raises(ValueError, match=r"weights sum to 1.5"):
        em.fit(coins, ROUNDS, START._replace(weights=[0.9, 0.6]))
    with pytest.raises(ValueError, match=r"heads\[1\] is nan"):
        em.fit(coins, ROUNDS._replace(heads=[5, np.nan, 8, 4, 7]), START)


def test_importing_em_leaves_matplotlib_alone():
    code = "import em, em.models.normals, sys; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_source_is_shown_as_it_runs():
    source = em.show(coins.e_step)
    assert source.startswith("def e_step(flips: Flips")
    assert source.path == "em/models/coins.py"
    assert repr(source) == source
    assert source._repr_markdown_() == (
        f'```python title="em/models/coins.py"\n{source}```\n'
    )
    with pytest.raises(TypeError):
        em.show(np.exp)
