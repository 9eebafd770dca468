"""The model under examination: its two steps, called with care."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Generic

import numpy as np
from attrs import frozen

from em.ask.checks.moves import Move, moves
from em.convergence import noise
from em.door.admit import admit
from em.errors import CollapsedError
from em.model import Data, Model, Params, Posterior, with_values
from em.numbers.arrays import Array, generator
from em.numbers.parameters import Parameters
from em.offers import Function, Offers
from em.problem import Problem, pair

# What steps raise for parameters, or a start, that they cannot work with.
# (LinAlgError is a ValueError, and so is CollapsedError.)
NO_WAY = (ValueError, ArithmeticError)

# What rounding may take off a log-likelihood, as a share of it: sums of a
# million terms are good to 13 digits.
DIGITS = 1e-13


@frozen(eq=False)
class Climb(Generic[Params]):
    """A run of EM, and how it ended.

    `answers` are the parameters after the first updates, `params` the last.
    `change` is the last change of a parameter, relative to its kind;
    `remaining` what the log-likelihood has still to climb, by the look of the
    last gains: infinite if they do not become smaller. `trouble` is the error
    that stopped it, if one did: a collapse, for instance, which is no mistake.
    """

    log_likelihoods: Array
    answers: list[Params]
    params: Params
    change: float
    remaining: float
    trouble: str


def careful(step: Function) -> Function:
    """Return a step that overwrites what it is given, and gets copies."""
    return lambda *given, **options: step(*copy.deepcopy(given), **options)


class Subject(Generic[Data, Params, Posterior]):
    """A model, data, a start, and what `em.fit` would be told of them."""

    def __init__(
        self,
        model: Model[Data, Params, Posterior],
        data: object,
        start: Params,
        fixed: str | Iterable[str],
        options: dict[str, object],
        seed: int,
        sample: Callable[[Params, np.random.Generator], Data] | None = None,
    ):
        self.given = copy.deepcopy(data)  # what `check` can be asked again
        self.problem: Problem[Params, Posterior] = admit(
            model, self.given, start, options, fixed=fixed
        )
        self.start, self.options = self.problem.start, options
        self.held, self.sample = self.problem.held, sample
        self.seed, self.rng = seed, generator(seed)
        self.to = Parameters(self.model, self.start)
        self.touched = list[str]()
        self.answers, self.climbs = list[Params](), list[Climb[Params]]()

    @property
    def model(self) -> Offers:
        """What the model offers."""
        return self.problem.model

    @property
    def data(self) -> object:
        """The data, as the steps take them."""
        return self.problem.data

    def be_careful(self) -> None:
        """Keep what the steps are given: they get copies from now on."""
        offers = replace(
            self.model,
            e_step=careful(self.model.e_step),
            m_step=careful(self.model.m_step),
        )
        self.problem = replace(self.problem, model=offers)

    def e_step(self, params: Params) -> tuple[Posterior, float]:
        """Return what the model's own does, without NumPy's warnings."""
        with np.errstate(all="ignore"):
            posterior, log_likelihood = pair(
                self.model.e_step(self.data, params)
            )
        return posterior, float(log_likelihood)

    def m_step(self, posterior: Posterior) -> Params:
        """Return what the model's own does, but for what is held."""
        with np.errstate(all="ignore"):
            params: Params = self.model.m_step(
                self.data, posterior, **self.options
            )
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

    def refusal(self, params: Params, collapse: bool = True) -> str:
        """Return what the model's `check` has against parameters, or "".

        A collapse is held against them, unless it is not to be.
        """
        given = copy.deepcopy(self.given)
        try:
            self.model.check(given, params, **self.options)
        except (TypeError, ValueError) as error:
            collapsed = isinstance(error, CollapsedError)
            return str(error) if collapse or not collapsed else ""
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
        size = max(1.0, float(np.nan_to_num(abs(height(params)))))
        most = noise(height, params)
        its_own = self.model.rounding(self.problem.extent)
        return float(max(DIGITS * size, 2 * most, its_own))

    def with_data(self, data: object) -> Subject[Data, Params, Posterior]:
        """Return the same with other data."""
        other = copy.copy(self)
        other.given = data
        checked, _ = self.model.check(data, self.start, **self.options)
        other.problem = replace(self.problem, data=checked)
        return other

    @property
    def runs(self) -> list[Climb[Params]]:
        """The climbs that came to an end."""
        return [run for run in self.climbs if not run.trouble]

    @property
    def tried(self) -> list[Params]:
        """The start, and the first answers that have a log-likelihood."""
        return [self.start, *filter(self.is_some, self.answers)]

    @cached_property
    def all_answers(self) -> list[Params]:
        """Return all answers of the M-step that have been kept."""
        return self.answers + [one for run in self.runs for one in run.answers]

    @cached_property
    def directions(self) -> list[Move]:
        """Return what can be moved, in view of all answers of the M-step."""
        return self.moves(self.all_answers)

    @property
    def points(self) -> list[Params]:
        """Some parameters at which to look."""
        return [
            *self.tried[:3],
            *(run.answers[0] for run in self.runs[1:4]),
        ]

    def moves(self, answers: list[Params], ties: bool = True) -> list[Move]:
        """Return what can be moved, in view of answers of the M-step."""
        like = [self.start, *answers]
        self.to = Parameters(self.model, self.start, (), like)
        rows = np.array([self.to.row(one) for one in like])
        found = moves(self.to, rows, self.rng, ties)
        return [one for one in found if one.name not in self.held]

    def moved(self, params: Params, move: Move, h: float) -> Params:
        """Return the parameters after a move."""
        return self.to.of_row(move(self.to.row(params), h))

    def elsewhere(
        self,
        params: Params,
        directions: list[Move],
        far: float,
        rng: np.random.Generator,
    ) -> Params:
        """Return other parameters: every number moved, by `far` or so."""
        row = self.to.row(params)
        for move in directions:
            if move.far:
                row = move(row, far * rng.standard_normal())
        return self.to.of_row(row)
