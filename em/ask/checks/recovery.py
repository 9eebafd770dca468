"""Does it find the parameters that data were drawn from?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from em.ask.checks.climbs import climb
from em.ask.checks.joint import joint
from em.ask.checks.report import UNKNOWN
from em.ask.checks.subject import Subject
from em.ask.checks.table import Verdict, check, verdict
from em.model import Data, Params, Posterior
from em.numbers.arrays import Array

REPEATS = 20
STEPS = 200  # of each run, from the truth


def rows_of(
    subject: Subject[Data, Params, Posterior], data: object
) -> int | None:
    """Return how many observations there are, or None if unsure."""
    if subject.model.log_joint:
        other = subject.with_data(data)
        return len(joint(other, subject.start))
    parts = data if isinstance(data, tuple) else (data,)
    lengths = {np.shape(part)[:1] for part in parts}
    alike = len(lengths) == 1 and lengths != {()}
    return int(*lengths.pop()) if alike else None


def own_sample(
    subject: Subject[Data, Params, Posterior],
) -> Callable[[Params, np.random.Generator], Any] | None:
    """Return the model's `sample(params, n, rng)`, for as many as there are."""
    sample = subject.model.sample
    if sample is None:
        return None
    asked = inspect.signature(sample).parameters.values()
    needed = [one for one in asked if one.default is inspect.Parameter.empty]
    n = rows_of(subject, subject.given) if len(needed) == 3 else None
    if n is None:
        return None
    try:  # does it take n for what we do?
        drawn = sample(subject.start, n, np.random.default_rng(0))[0]
        if rows_of(subject, drawn) != n:
            return None
    except (TypeError, ValueError, LookupError):
        return None
    return lambda params, rng: sample(params, n, rng)[0]


@check(
    "It finds the parameters that data are drawn from",
    "an E-step of another model: a length, a weight, a factor left out",
)
def recovers(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether fits of drawn data scatter about what they are drawn from.

    Drawn from the limit of the first run, and fitted from there.
    """
    sample = subject.sample or own_sample(subject)
    if sample is None:
        detail = "pass sample=, a function of parameters and a generator"
        return Verdict(UNKNOWN, None, detail)
    if not subject.runs:
        return Verdict(UNKNOWN, None, "no run came to an end")
    truth = subject.runs[0].params
    found: list[Array] = []
    for _ in range(REPEATS):
        there = subject.with_data(sample(truth, subject.rng))
        run = climb(there, truth, STEPS)
        if not run.trouble:  # a collapse, for instance
            found.append(subject.to.row(run.params))
    if len(found) < 0.9 * REPEATS:  # those that are left are no fair draw
        detail = f"only {len(found)} of {REPEATS} fits came to an end: draw "
        return Verdict(UNKNOWN, None, detail + "more data")
    name, worst = farthest(subject, truth, np.array(found))
    detail = f"the mean of {len(found)} fits misses `{name}` by "
    detail += f"{worst:.2g} times what their spread allows"
    return verdict(worst, "" if worst <= 1 else detail)


def farthest(
    subject: Subject[Data, Params, Posterior], truth: Params, found: Array
) -> tuple[str, float]:
    """Return the parameter that the fits miss by most, and by how much.

    1 is what is allowed: half the spread of a fit, for likelihood estimates
    are a little off where data are few, and five standard errors of the mean.
    """
    row = subject.to.row(truth)
    spread = found.std(axis=0, ddof=1)
    allowed = spread * (0.5 + 5 / np.sqrt(len(found)))
    missed, named = np.zeros(len(row)), np.empty(len(row), dtype=object)
    for name, places in subject.to.places.items():
        named[places] = name
        digits = 1e-6 * (np.abs(row[places]).max() or 1.0)
        off = np.abs(found[:, places].mean(axis=0) - row[places])
        missed[places] = off / (allowed[places] + digits)
    worst = int(missed.argmax())
    return str(named[worst]), float(missed[worst])
