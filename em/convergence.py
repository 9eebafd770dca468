"""When to stop: the rule of `em.fit`, and what it takes for a fall."""

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import numpy as np

from em.door import validation
from em.errors import FellError
from em.fits import Step
from em.model import Params, Posterior, named, with_values
from em.numbers.arrays import Array
from em.problem import Problem

# What rounding may take off a log-likelihood, as a share of it.
ROUNDING = 1e-9


def converged(steps: list[Step[Params, Posterior]], tol: float) -> bool:
    """Return whether the last step was small, in every way that `fit` asks."""
    before, after = steps[-2:]
    gain = after.height - before.height
    return (
        not after.jumped  # how long a jump is tells nothing
        and gain <= tol + 1e-14 * abs(after.height)
        and last_change(steps) <= tol
        and not growing(steps, tol)
    )


def last_change(steps: list[Step[Params, Posterior]]) -> float:
    """Return the largest change in the last step, relative to its kind."""
    before, after = steps[-2:]
    return relative_change(before.params, after.params)


def relative_change(before: Params, after: Params) -> float:
    """Return the largest change of a parameter, relative to its kind."""
    old, new = named(before), named(after)
    return max(
        float(np.max(np.abs(new[name] - old[name])) / (largest(new[name]) or 1))
        for name in new
    )


def largest(values: Array) -> float:
    """Return the largest absolute value."""
    return float(np.max(np.abs(values)))


def growing(steps: list[Step[Params, Posterior]], tol: float) -> bool:
    """Return whether a number, however small, grew in each of two last steps.

    A mixing weight of 1e-16 that doubles at every step is on its way, though
    it hardly moves. (Numbers that can be negative may be rounding about 0.)
    """
    three = [named(step.params) for step in steps[-3:]]
    return any(
        all(values[name].min() >= 0 for values in three)
        and bool(grown(three, name, tol).any())
        for name in three[0]
    )


def grown(params: list[dict[str, Array]], name: str, tol: float) -> Array:
    """Return which numbers rose each time, by more than a share of each."""
    rose = [new[name] > old[name] * (1 + tol) for old, new in pairwise(params)]
    every: Array = np.all(rose, axis=0)
    return every


def refuse_fall(
    number: int,
    problem: Problem[Params, Posterior],
    before: Step[Params, Posterior],
    after: Step[Params, Posterior],
) -> None:
    """Raise FellError where `after` is lower than rounding explains."""
    amount = before.height - after.height
    its_own = problem.model.rounding(problem.extent)
    rounding = max(its_own, ROUNDING * max(1.0, abs(before.height)))
    if amount > rounding and amount > 8 * noise(
        lambda params: problem.e_step(params).height, after.params
    ):
        raise FellError(number, amount, problem.prior is not None)


def noise(height: Callable[[Params], float], params: Params) -> float:
    """Return what the last digits of parameters make in a height.

    A computer rounds each parameter to 16 digits, and no fall smaller than
    what that changes tells anything.
    """
    here, changes = height(params), [0.0]
    for digit in (np.finfo(float).eps, -np.finfo(float).eps):
        # At an edge of what they can be, parameters can go one way only.
        with suppress(ValueError, ArithmeticError):
            changes.append(height(nudged(params, 4 * digit)) - here)
    return largest(np.nan_to_num(changes, nan=0.0))


def nudged(params: Params, share: float) -> Params:
    """Return parameters, each of them larger by a share of itself."""
    values = {name: v * (1 + share) for name, v in named(params).items()}
    return with_values(params, values)


def check_rule(tol: float, max_iter: int) -> None:
    """Raise TypeError or ValueError for a rule that nothing could meet."""
    found = validation.array(tol, "tol", 0)
    validation.require(found >= 0, found, "tol", "a number, not below 0")
    validation.whole(max_iter, "max_iter")
    if max_iter < 1:
        raise ValueError(f"max_iter is {max_iter}: expected at least 1")
