"""Where EM ends, the log-likelihood is level: no small move raises it."""

from collections.abc import Callable

import numpy as np

from em.ask.checks.climbs import BUDGET, climb
from em.ask.checks.moves import Move
from em.ask.checks.report import NO, SADDLE, UNKNOWN, YES
from em.ask.checks.slopes import best_gain
from em.ask.checks.subject import NO_WAY, Climb, Subject
from em.ask.checks.table import Verdict, check, verdict
from em.model import Data, Params, Posterior, named
from em.numbers.ranges import Covariance, Shares

# Less than a millionth is no mistake that anybody would notice, and it is
# far above what differences of log-likelihoods are good to.
GAIN = 1e-6


def largest_gain(
    subject: Subject[Data, Params, Posterior],
    params: Params,
    height: Callable[[Params], float],
) -> tuple[float, str]:
    """Return the most that a small move adds to a height, and what it moves.

    It is 0 unless rounding does not explain it, and no move counts that leads
    to parameters which the model's `check` refuses.
    """
    noise, row = subject.noise(params, height), subject.to.row(params)
    most, name = 0.0, ""
    for move in subject.directions:
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


@check(
    "The limit stays where it is",
    "components that change places at every step",
)
def stays(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether a step from the limit leads nowhere.

    (A component with no weight left may wander; what it does is nobody's
    affair. So we ask for the log-likelihood half-way, too.)
    """
    ended = [run for run in subject.runs if run.remaining < 1e-3]
    if not ended:
        detail = f"after {BUDGET:,} steps the log-likelihood was still rising"
        return Verdict(UNKNOWN, None, detail)
    worst = 0.0
    for run in ended:
        if run.change > max(worst, 1e-3) and not idle(subject, run.params):
            worst = run.change
    detail = "the log-likelihood has stopped rising, but each step still "
    detail += f"changes a parameter by {worst:.2g} of its size"
    return verdict(worst, detail if worst else "")


@check(
    "At the limit, no small move raises it",
    "a formula of the M-step that is off, a parameter that is never updated, "
    "hard assignment, responsibilities that are none",
)
def level(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether no small move from a limit raises the log-likelihood.

    What EM itself had still to climb, when its steps were spent, is no
    mistake. Nor is a saddle, but it is none to end at.
    """
    worst, where, runs = 0.0, "", different(subject.runs)
    if not runs:
        return Verdict(
            UNKNOWN, None, f"no run reached a limit in {BUDGET:,} steps"
        )
    for run in runs:
        gain, name = largest_gain(subject, run.params, subject.log_likelihood)
        if gain > max(worst, 10 * run.remaining):
            worst, where = gain, name
    if where and keeps_to_more(subject, where):
        detail = f"it cannot be told: answers of the M-step keep `{where}` to "
        detail += "something that RANGES, or named parameters, should say"
        return Verdict(UNKNOWN, worst, detail)
    if where:
        detail = f"the limit is not stationary in `{where}`: a small move gains"
        detail += f" {worst:.2g}" + no_longer_whole(subject, runs[0], where)
        return Verdict(NO, worst, detail)
    own = subject.climbs[0]
    if own in runs and (higher := higher_nearby(subject, own)):
        detail = "from your start EM ends on a saddle, as it does where "
        detail += "components are alike: a little aside, it climbs "
        detail += f"{higher:.2g} higher"
        return Verdict(SADDLE, worst, detail)
    return Verdict(YES, worst)


def higher_nearby(
    subject: Subject[Data, Params, Posterior], run: Climb[Params]
) -> float:
    """Return how much higher EM comes from a little beside a limit, or 0."""
    rng = np.random.default_rng(subject.seed)
    top = float(run.log_likelihoods[-1])
    least = max(1e-3, 10 * run.remaining, 1e-6 * abs(top))
    for _ in range(3):
        beside = subject.elsewhere(run.params, subject.directions, 0.02, rng)
        if not subject.refusal(beside):
            found = climb(subject, beside, 100).log_likelihoods
            if found.size and found[-1] - top > least:
                return float(found[-1]) - top
    return 0.0


def keeps_to_more(subject: Subject[Data, Params, Posterior], name: str) -> bool:
    """Return whether answers of the M-step keep to a sum that none declares.

    Of numbers that vary, each counted once, which belong to no known whole.
    """
    to = subject.to
    matrices = [g.name for g in to.groups if g.range is Covariance]
    if to.declared or name not in to.places or name in matrices:
        return False
    known = [g.places.ravel() for g in to.groups if g.range is Shares]
    places = np.setdiff1d(to.places[name], [i for all in known for i in all])
    rows = [to.row(one) for one in (subject.start, *subject.all_answers)]
    values = np.unique(np.array(rows)[:, places], axis=1)
    values = values[:, np.ptp(values, axis=0) > 1e-9]
    if not values.shape[1] or len(values) < values.shape[1] + 2:
        return False
    values = (values - values.mean(axis=0)) / np.abs(values).max(axis=0)
    sizes = np.linalg.svd(values)[1]
    return bool(sizes[-1] < 1e-10 * sizes[0])


def idle(subject: Subject[Data, Params, Posterior], params: Params) -> bool:
    """Return whether half a step leaves the log-likelihood as it is."""
    to = subject.to
    try:
        after = subject.update(params)
    except NO_WAY:  # it collapses after all
        return True
    rows = [to.row(one) for one in (params, after)]
    half_way = to.of_row((rows[0] + rows[1]) / 2)
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
