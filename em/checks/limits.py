"""Where EM ends, the log-likelihood is level: no small move raises it."""

from collections.abc import Callable

import numpy as np

from em.checks.climbs import BUDGET, Climb
from em.checks.moves import Move
from em.checks.report import NO, UNKNOWN, YES, Finding
from em.checks.slopes import best_gain
from em.checks.subject import NO_WAY, Subject
from em.model import Data, Params, Posterior, named

# Less than a millionth is no mistake that anybody would notice, and it is
# far above what differences of log-likelihoods are good to.
GAIN = 1e-6


def largest_gain(
    subject: Subject[Data, Params, Posterior],
    directions: list[Move],
    params: Params,
    height: Callable[[Params], float],
) -> tuple[float, str]:
    """Return the most that a small move adds to a height, and what it moves.

    It is 0 unless rounding does not explain it, and no move counts that leads
    to parameters which the model's `check` refuses.
    """
    noise, row = subject.noise(params, height), subject.numbers.row(params)
    most, name = 0.0, ""
    for move in directions:
        if not move.changes(row):
            continue

        def moved(h: float, move: Move = move) -> float:
            return height(subject.moved(params, move, h))

        gain, h = best_gain(moved, noise)
        if gain > max(most, GAIN + 100 * noise) and not subject.refusal(
            subject.moved(params, move, h)
        ):
            most, name = gain, move.name
    return most, name


def level(
    subject: Subject[Data, Params, Posterior],
    directions: list[Move],
    runs: list[Climb[Params]],
) -> Finding:
    """Return whether no small move from a limit raises the log-likelihood.

    What EM itself had still to climb, when its steps were spent, is no
    mistake.
    """
    worst, where, looked = 0.0, "", 0
    for run in different(runs):
        gain, name = largest_gain(
            subject, directions, run.params, subject.log_likelihood
        )
        looked += 1
        if gain > max(worst, 10 * run.remaining):
            worst, where = gain, name
    detail = ""
    if not looked:
        detail = f"no run reached a limit in {BUDGET:,} steps"
    elif where:
        detail = f"the limit is not stationary in `{where}`: a small move gains"
        detail += f" {worst:.2g}" + no_longer_whole(subject, runs[0], where)
    return Finding(
        "At the limit, no small move raises it",
        (NO if where else YES) if looked else UNKNOWN,
        worst if looked else None,
        "a formula of the M-step that is off, a parameter that is never "
        "updated, hard assignment, responsibilities that are none",
        detail,
    )


def stays(
    subject: Subject[Data, Params, Posterior], runs: list[Climb[Params]]
) -> Finding:
    """Return whether a step from the limit leads nowhere.

    (A component with no weight left may wander; what it does is nobody's
    affair. So we ask for the log-likelihood half-way, too.)
    """
    ended = [run for run in runs if run.remaining < 1e-3]
    worst = 0.0
    for run in ended:
        if run.change > max(worst, 1e-3) and not idle(subject, run.params):
            worst = run.change
    verdict, detail = NO if worst else YES, ""
    if worst:
        detail = "the log-likelihood has stopped rising, but each step still "
        detail += f"changes a parameter by {worst:.2g} of its size"
    elif not ended:
        verdict = UNKNOWN
        detail = f"after {BUDGET:,} steps the log-likelihood was still rising"
    return Finding(
        "The limit stays where it is",
        verdict,
        worst if ended else None,
        "components that change places at every step",
        detail,
    )


def idle(subject: Subject[Data, Params, Posterior], params: Params) -> bool:
    """Return whether half a step leaves the log-likelihood as it is."""
    numbers = subject.numbers
    try:
        after = subject.update(params)
    except NO_WAY:  # it collapses after all
        return True
    rows = [numbers.row(one) for one in (params, after)]
    half_way = numbers.params((rows[0] + rows[1]) / 2)
    changed = abs(
        subject.log_likelihood(half_way) - subject.log_likelihood(params)
    )
    return bool(changed <= GAIN + 100 * subject.noise(params))


def different(runs: list[Climb[Params]]) -> list[Climb[Params]]:
    """Return up to three runs that ended, at different heights."""
    found: list[Climb[Params]] = []
    for run in runs:
        height = run.log_likelihoods[-1]
        others = [one.log_likelihoods[-1] for one in found]
        if (
            np.isfinite(run.remaining)
            and not np.isclose(height, others, rtol=1e-9).any()
        ):
            found.append(run)
    return found[:3]


def no_longer_whole(
    subject: Subject[Data, Params, Posterior], run: Climb[Params], name: str
) -> str:
    """Return a hint, where rows of a table summed to 1 at the start alone."""
    before, after = (named(one)[name] for one in (subject.start, run.params))
    if before.ndim != 2 or np.array_equal(before, np.eye(*before.shape)):
        return ""
    whole, still = (np.abs(v.sum(axis=1) - 1).max() for v in (before, after))
    if whole > 1e-9 or still < 1e-6:
        return ""
    return ". (Its rows sum to 1 in the start, and not in the limit)"
