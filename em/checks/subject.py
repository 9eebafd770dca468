"""The model under examination: its two steps, called with care."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any, Generic

import numpy as np

from em._admission import Guarded, admit, pair
from em.checks.moves import Move, elsewhere, moves
from em.checks.numbers import Numbers
from em.model import Data, Model, Params, Posterior, with_values
from em.offers import Offers

# What steps raise for parameters, or a start, that they cannot work with.
# (LinAlgError is a ValueError, and so is CollapsedError.)
NO_WAY = (ValueError, ArithmeticError)

# What rounding may take off a log-likelihood, as a share of it: sums of a
# million terms are good to 13 digits.
DIGITS = 1e-13


class Careful(Generic[Data, Params, Posterior]):
    """A model that overwrites what it is given, and gets copies instead."""

    def __init__(self, model: Model[Data, Params, Posterior]):
        self.model = model
        self.collapsed = getattr(model, "collapsed", lambda *_: ())

    def e_step(self, data: Data, params: Params) -> tuple[Posterior, float]:
        return self.model.e_step(*copy.deepcopy((data, params)))

    def m_step(
        self, data: Data, posterior: Posterior, **options: Any
    ) -> Params:
        return self.model.m_step(*copy.deepcopy((data, posterior)), **options)


class Subject(Generic[Data, Params, Posterior]):
    """A model, data, a start, and what `em.fit` would be told of them."""

    def __init__(
        self,
        model: Model[Data, Params, Posterior],
        data: Any,
        start: Params,
        fixed: str | Iterable[str],
        options: dict[str, Any],
        rng: np.random.Generator,
    ):
        self.given = copy.deepcopy(data)  # what `check` can be asked again
        admitted = admit(model, self.given, start, fixed, None, options)
        _, self.data, self.start, self.held, self.options = admitted
        self.model, self.rng = model, rng
        self.steps: Model[Data, Params, Posterior] = model
        self.numbers = Numbers(self.start)

    def be_careful(self) -> None:
        """Keep what the steps are given: they get copies from now on."""
        self.steps = Careful(self.model)

    @property
    def rounding(self) -> float:
        """What the model says that rounding may take off: 0 as a rule."""
        offers = Offers.of(self.model)
        extent = offers.extent or (lambda data: data)
        return offers.rounding(extent(self.data))

    @property
    def guarded(self) -> Model[Data, Params, Posterior]:
        """The steps, which raise an error where they return nonsense."""
        return Guarded(self.steps)

    def e_step(self, params: Params) -> tuple[Posterior, float]:
        """Return what the model's own does, without NumPy's warnings."""
        with np.errstate(all="ignore"):
            posterior, log_likelihood = pair(
                self.steps.e_step(self.data, params)
            )
        return posterior, float(log_likelihood)

    def m_step(self, posterior: Posterior) -> Params:
        """Return what the model's own does, but for what is held."""
        with np.errstate(all="ignore"):
            params = self.steps.m_step(self.data, posterior, **self.options)
        return with_values(params, self.held)

    def update(self, params: Params) -> Params:
        """Return the parameters after one step from these."""
        return self.m_step(self.e_step(params)[0])

    def first_answers(self, many: int = 3) -> list[Params]:
        """Return the parameters after the first steps, while there are some.

        The first in any case; but a run may collapse at any later step.
        """
        found = [self.update(self.start)]
        while len(found) < many:
            try:
                answer = self.update(found[-1])
            except (*NO_WAY, TypeError, LookupError):  # of another shape
                break
            if not self.is_some(answer):
                break
            found.append(answer)
        return found

    def is_some(self, params: Params) -> bool:
        """Return whether parameters have a log-likelihood."""
        return bool(np.isfinite(self.log_likelihood(params)))

    def log_likelihood(self, params: Params) -> float:
        """Return it, or NaN where the model has no answer."""
        try:
            found = self.e_step(params)[1]
        except NO_WAY:
            return np.nan
        return found if np.isfinite(found) else np.nan

    def refusal(self, params: Params) -> str:
        """Return what the model's `check` has against parameters, or ""."""
        check: Callable[..., object] | None = getattr(self.model, "check", None)
        if check is not None:
            try:
                check(copy.deepcopy(self.given), params, **self.options)
            except (TypeError, ValueError) as error:
                return str(error)
        return ""

    def noise(
        self, params: Params, height: Callable[[Params], float] | None = None
    ) -> float:
        """Return what rounding may make in the log-likelihood of these.

        A share of it; or what the last digits of the parameters make, or what
        the model itself says, where that is more. `height` may be asked for
        in place of it.
        """
        height = height or self.log_likelihood
        here, row = height(params), self.numbers.row(params)
        digits = 4 * np.finfo(float).eps
        changes = [
            height(self.numbers.params(row * (1 + part))) - here
            for part in (digits, -digits)
        ]
        most = np.nan_to_num(np.abs(changes), nan=0.0).max()
        size = max(1.0, float(np.nan_to_num(abs(here))))
        return float(max(DIGITS * size, 2 * most, self.rounding))

    def with_data(self, data: Any) -> Subject[Data, Params, Posterior]:
        """Return the same with other data."""
        other = copy.copy(self)
        other.given = data
        other.data = admit(
            self.model, data, self.start, (), None, self.options
        )[1]
        return other

    def moves(self, answers: list[Params], ties: bool = True) -> list[Move]:
        """Return what can be moved, in view of answers of the M-step."""
        rows = [self.numbers.row(one) for one in (self.start, *answers)]
        found = moves(self.numbers, np.array(rows), self.rng, ties)
        return [one for one in found if one.name not in self.held]

    def moved(self, params: Params, move: Move, h: float) -> Params:
        """Return the parameters after a move."""
        return self.numbers.params(move(self.numbers.row(params), h))

    def other_start(self, directions: list[Move]) -> Params:
        """Return a start that has not much to do with the given one."""
        row = self.numbers.row(self.start)
        return self.numbers.params(elsewhere(row, directions, self.rng))
