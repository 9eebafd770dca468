"""The whole algorithm, once: E-step and M-step in turn, until they settle."""

import warnings
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import Any, NamedTuple

import numpy as np

from em.errors import FellError, NotConvergedWarning, named_step

# What rounding may take off a log-likelihood, as a share of it.
ROUNDING = 1e-9


class Step(NamedTuple):
    """Parameters, and what the E-step says of them: all at one θ."""

    params: Any
    responsibilities: np.ndarray
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
    def responsibilities(self) -> np.ndarray:
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

    The parameters named in `fixed` stay as they are in `start`; `options` go
    to the model's `m_step`. Raises TypeError or ValueError for input that the
    model refuses, CollapsedError for a component that has nothing left.
    """
    data, params = admit(model, data, start)
    held = hold(params, fixed)
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
    fixed: str | Iterable[str] = (),
    **options: Any,
) -> Fit:
    """Run until the parameters settle, and keep every step.

    Stops after the step that changed no parameter by more than `tol`, as a
    share of the largest number of its kind (the largest mean, the largest
    mixing weight ...). Takes what `run` takes, and raises what it raises;
    besides, FellError where the log-likelihood falls by more than rounding.
    Warns (NotConvergedWarning) where `max_iter` steps are not enough. Every
    step holds its responsibilities: for long runs on large data, use `run`
    and keep what you need.
    """
    if not tol >= 0:
        raise ValueError(f"tol is {tol}: expected a number, not below 0")
    if max_iter < 1:
        raise ValueError(f"max_iter is {max_iter}: expected at least 1")
    steps: list[Step] = []
    moved = np.inf
    for step in islice(
        run(model, data, start, fixed=fixed, **options), int(max_iter) + 1
    ):
        if steps:
            refuse_fall(
                len(steps), steps[-1].log_likelihood, step.log_likelihood
            )
            moved = change(steps[-1].params, step.params)
        steps.append(step)
        if moved <= tol:
            return Fit(steps, converged=True)
    warnings.warn(
        f"not settled after {max_iter} steps: the last one changed a "
        f"parameter by {moved:.3g} of its size, more than tol = {tol:.3g}",
        NotConvergedWarning,
        stacklevel=2,
    )
    return Fit(steps, converged=False)


def change(before: Any, after: Any) -> float:
    """Give the largest change, as a share of the largest number of its kind."""
    return max(
        float(np.abs(new - old).max() / (np.abs(new).max() or 1.0))
        for old, new in zip(before, after, strict=True)
    )


def refuse_fall(step: int, before: float, after: float) -> None:
    """Raise FellError where `after` is lower than rounding explains."""
    # Written so that a NaN is refused as well.
    if not after >= before - ROUNDING * max(1.0, abs(before)):
        raise FellError(step, before - after)


def admit(model: Any, data: Any, start: Any) -> tuple[Any, Any]:
    """Let the model check data and start; TypeError for what is no model."""
    if not all(hasattr(model, name) for name in ("check", "e_step", "m_step")):
        raise TypeError(
            f"the model is a {type(model).__name__}: expected a module with "
            "check, e_step and m_step, such as em.coins"
        )
    checked: tuple[Any, Any] = model.check(data, start)
    return checked


def hold(params: Any, fixed: str | Iterable[str]) -> dict[str, Any]:
    """Give the parameters that stay as they are, by name."""
    names = {fixed} if isinstance(fixed, str) else set(fixed)
    if unknown := names - set(params._fields):
        raise ValueError(
            f"fixed names {unknown}: expected some of {params._fields}"
        )
    return {name: getattr(params, name) for name in names}
