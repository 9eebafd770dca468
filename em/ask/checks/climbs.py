"""Runs from several starts: does the log-likelihood fall, do they end?"""

from dataclasses import replace
from itertools import islice

import numpy as np

from em.algorithm import alternate
from em.ask.checks.report import NO, UNKNOWN
from em.ask.checks.subject import DIGITS, NO_WAY, Climb, Subject
from em.ask.checks.table import Verdict, check, verdict
from em.convergence import ROUNDING, last_change
from em.fits import Step
from em.model import Data, Params, Posterior
from em.numbers.arrays import Array

STARTS = 5
BUDGET = 3_000  # steps of a run
ENOUGH = 300  # of one that fell: it is wrong, and may go on for ever
STILL = 20  # after so many steps without a gain, it has arrived


def climb(
    subject: Subject[Data, Params, Posterior],
    start: Params,
    budget: int = BUDGET,
) -> Climb[Params]:
    """Return a run until nothing moves, or its steps are spent."""
    steps: list[Step[Params, Posterior]] = []
    heights: list[float] = []
    answers: list[Params] = []
    trouble = ""
    run = alternate(replace(subject.problem, start=start))
    try:
        for step in islice(run, budget + 1):
            steps = [*steps[-1:], step]
            heights.append(float(step.log_likelihood))
            if 2 <= len(heights) <= 5:
                answers.append(step.params)
            if still(heights) or (len(heights) > ENOUGH and fell(heights)):
                break
    except NO_WAY as error:
        trouble = f"{type(error).__name__}: {error}"
    return Climb(
        np.array(heights),
        answers,
        steps[-1].params if steps else start,
        last_change(steps) if len(steps) > 1 else np.inf,
        np.inf if trouble else remaining(np.diff(heights)),
        trouble,
    )


def fell(heights: list[float]) -> bool:
    """Return whether the last is clearly not the highest."""
    highest = max(heights)
    return heights[-1] < highest - 1e-6 * max(1.0, abs(highest))


def still(heights: list[float]) -> bool:
    """Return whether the last steps changed nothing but the last digits."""
    last = heights[-STILL - 1 :]
    digits = DIGITS * max(1.0, abs(last[-1]))
    return len(last) > STILL and max(last) - min(last) <= STILL * digits


def remaining(gains: Array) -> float:
    """Return the sum of all gains to come, if they go on shrinking as now.

    (Each is ρ² times the one before, where ρ is the rate of EM.)
    """
    last = gains[-STILL:]
    if len(last) < 2 or not last[-1] > 0:
        return 0.0
    if last[0] <= last[-1]:
        return np.inf
    shrinks = (last[-1] / last[0]) ** (1 / (len(last) - 1))
    return float(last[-1] * shrinks / (1 - shrinks))


def climb_all(
    subject: Subject[Data, Params, Posterior],
) -> list[Climb[Params]]:
    """Return a run from the start, and some from elsewhere."""
    directions = subject.moves(subject.answers, ties=False)
    climbs = [climb(subject, subject.start)]
    for _ in range(3 * STARTS):
        other = subject.elsewhere(subject.start, directions, 0.5, subject.rng)
        if not subject.refusal(other):
            climbs.append(climb(subject, other))
        if sum(not run.trouble for run in climbs) == STARTS:
            break
    return climbs


@check(
    "The log-likelihood never falls",
    "a wrong E-step or M-step, or the log-likelihood of something else",
)
def never_falls(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the log-likelihood ever falls."""
    climbs = subject.climbs
    worst = max(fall(subject, run) for run in climbs)
    detail = f"it fell by {worst:.2g} in one step" if worst else ""
    if subject.runs:
        return verdict(worst, detail)
    ended = f"no run came to an end. The first: {climbs[0].trouble}"
    # A collapse is no fault of the steps: many right models can.
    collapsed = all(one.trouble.startswith("CollapsedError") for one in climbs)
    word = UNKNOWN if collapsed and not worst else NO
    return Verdict(word, worst, f"{detail}; {ended}" if detail else ended)


def fall(
    subject: Subject[Data, Params, Posterior], run: Climb[Params]
) -> float:
    """Return the largest fall that rounding does not explain, or 0."""
    # A start need not keep to what the M-step keeps to (its options, a sum
    # that nobody told us of): the first step may pay for that.
    own = run is subject.climbs[0]
    unsure = bool(subject.options) or not (own or subject.to.declared)
    heights = run.log_likelihoods[1 if unsure else 0 :]
    if len(heights) < 2:
        return 0.0
    worst = -float(np.diff(heights).min())
    size = max(1.0, float(np.abs(heights).max()))
    explained = max(ROUNDING * size, 8 * subject.noise(run.params))
    return worst if worst > explained else 0.0
