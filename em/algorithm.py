"""The whole algorithm, once: E-step and M-step in turn, until they settle."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from em.errors import FellError, NotConvergedWarning, named_step

# What rounding may take off a log-likelihood, as a share of it.
ROUNDING = 1e-9


class Step(NamedTuple):
    """Parameters, and what the E-step says of them: all at one θ.

    `responsibilities` are what the E-step expects of what is hidden. For a
    mixture, they are shares; other models put other expectations there.
    """

    params: Any
    responsibilities: Any
    log_likelihood: float


class Fit(NamedTuple):
    """Every step of a run, from `steps[0]`, the start; and did it settle?"""

    steps: list[Step]
    converged: bool

    def __repr__(self) -> str:
        how = "settled" if self.converged else "still moving"
        return (
            f"Fit({how} after {len(self.steps) - 1} steps, "
            f"log-likelihood {self.log_likelihood:.8g}, {self.params})"
        )

    @property
    def params(self) -> Any:
        """The parameters of the last step."""
        return self.steps[-1].params

    @property
    def responsibilities(self) -> Any:
        """The responsibilities of the last step."""
        return self.steps[-1].responsibilities

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood of the last step."""
        return self.steps[-1].log_likelihood


def run(
    model: Any,
    data: Any,
    start: Any,
    *,
    fixed: str | Iterable[str] = (),
    **options: Any,
) -> Iterator[Step]:
    """Give the step at `start`, then one step after another, without end.

    The parameters named in `fixed` stay as they are in `start` (a model says
    in CAN_BE_FIXED which it can do without estimating); `options` go to the
    model's `m_step`. Raises TypeError or ValueError for input that the
    model refuses, CollapsedError for a component that has nothing left.
    """
    data, params, held = admit(model, data, start, fixed)
    for number in count(1):
        responsibilities, log_likelihood = model.e_step(data, params)
        yield Step(params, responsibilities, log_likelihood)
        with named_step(number):
            params = model.m_step(data, responsibilities, **options)
        params = params._replace(**held)


def fit(
    model: Any,
    data: Any,
    start: Any,
    *,
    tol: float = 1e-8,
    max_iter: int = 1_000,
    until: Callable[[list[Step]], bool] | None = None,
    fixed: str | Iterable[str] = (),
    **options: Any,
) -> Fit:
    """Run until the parameters settle, and keep every step.

    Stops after the step that changed no parameter by more than `tol`, as a
    share of the largest number of its kind (the largest mean, the largest
    mixing weight ...), or by a rule of your own: `until` is given all steps
    so far. Takes what `run` takes, and raises what it raises; besides,
    FellError where the log-likelihood falls by more than rounding. Warns
    (NotConvergedWarning) where `max_iter` steps are not enough. Every step
    holds its responsibilities: for long runs on large data, use `run` and
    keep what you need.
    """
    if not tol >= 0:
        raise ValueError(f"tol is {tol}: expected a number, not below 0")
    if max_iter < 1:
        raise ValueError(f"max_iter is {max_iter}: expected at least 1")
    done = until or (lambda steps: last_change(steps) <= tol)
    steps: list[Step] = []
    for step in run(model, data, start, fixed=fixed, **options):
        if steps:
            refuse_fall(len(steps), steps[-1], step)
        steps.append(step)
        if len(steps) > 1 and done(steps):
            return Fit(steps, converged=True)
        if len(steps) > max_iter:
            break
    warnings.warn(
        f"not settled after {max_iter} steps: the last one changed a "
        f"parameter by {last_change(steps):.3g} of its size (tol = {tol:.3g})",
        NotConvergedWarning,
        stacklevel=2,
    )
    return Fit(steps, converged=False)


def last_change(steps: list[Step]) -> float:
    """Give the largest change in the last step, relative to its kind."""
    return max(
        float(np.max(np.abs(new - old)) / (np.max(np.abs(new)) or 1.0))
        for old, new in zip(steps[-2].params, steps[-1].params, strict=True)
    )


def refuse_fall(number: int, before: Step, after: Step) -> None:
    """Raise FellError where `after` is lower than rounding explains."""
    rounding = ROUNDING * max(1.0, abs(before.log_likelihood))
    # Written so that a NaN is refused as well.
    if not after.log_likelihood >= before.log_likelihood - rounding:
        raise FellError(number, before.log_likelihood - after.log_likelihood)


def admit(
    model: Any, data: Any, start: Any, fixed: str | Iterable[str]
) -> tuple[Any, Any, dict[str, Any]]:
    """Give data and start as the model checked them, and what stays fixed."""
    if not all(hasattr(model, name) for name in ("check", "e_step", "m_step")):
        raise TypeError(
            f"the model is a {type(model).__name__}: expected a module with "
            "check, e_step and m_step, such as em.models.coins"
        )
    data, params = model.check(data, start)
    names = {fixed} if isinstance(fixed, str) else set(fixed)
    can_be = getattr(model, "CAN_BE_FIXED", params._fields)
    if unknown := names - set(can_be):
        raise ValueError(
            f"fixed names {sorted(unknown)}: expected some of {can_be} (what "
            "the estimates of other parameters rest on cannot be fixed)"
        )
    return data, params, {name: getattr(params, name) for name in names}
