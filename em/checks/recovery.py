"""Does it find the parameters that data were drawn from?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from em._arrays import Array
from em.checks.climbs import Climb, climb
from em.checks.report import NO, UNKNOWN, YES, Finding
from em.checks.subject import Subject
from em.model import Data, Params, Posterior

REPEATS = 20
STEPS = 200  # of each run, from the truth


def own_sample(
    model: object, data: object
) -> Callable[[Any, np.random.Generator], Any] | None:
    """Return the model's `sample(params, n, rng)`, for as many as there are."""
    sample: Callable[..., Any] | None = getattr(model, "sample", None)
    if sample is None or not hasattr(data, "__len__"):
        return None
    asked = inspect.signature(sample).parameters.values()
    needed = [one for one in asked if one.default is inspect.Parameter.empty]
    n = len(data)
    if len(needed) != 3:
        return None
    return lambda params, rng: sample(params, n, rng)[0]


def recovers(
    subject: Subject[Data, Params, Posterior],
    sample: Callable[[Params, np.random.Generator], Data] | None,
    runs: list[Climb[Params]],
) -> Finding:
    """Return whether fits of drawn data scatter about what they are drawn from.

    Drawn from the limit of the first run, and fitted from there.
    """
    verdict, worst, detail = UNKNOWN, None, ""
    if sample is None:
        detail = "pass sample=, a function of parameters and a generator"
    elif not runs:
        detail = "no run came to an end"
    else:
        truth = runs[0].params
        found: list[Array] = []
        for _ in range(REPEATS):
            there = subject.with_data(sample(truth, subject.rng))
            run = climb(there, truth, STEPS)
            if not run.trouble:  # a collapse, for instance
                found.append(subject.numbers.row(run.params))
        if len(found) < 0.9 * REPEATS:  # those that are left are no fair draw
            detail = (
                f"only {len(found)} of {REPEATS} fits came to an end: draw "
            )
            detail += "more data"
        else:
            name, worst = farthest(subject, truth, np.array(found))
            verdict = YES if worst <= 1 else NO
            if verdict == NO:
                detail = f"the mean of {len(found)} fits misses `{name}` by "
                detail += f"{worst:.2g} times what their spread allows"
    return Finding(
        "It finds the parameters that data are drawn from",
        verdict,
        worst,
        "an E-step of another model: a length, a weight, a factor left out",
        detail,
    )


def farthest(
    subject: Subject[Data, Params, Posterior], truth: Params, found: Array
) -> tuple[str, float]:
    """Return the parameter that the fits miss by most, and by how much.

    1 is what is allowed: half the spread of a fit, for likelihood estimates
    are a little off where data are few, and five standard errors of the mean.
    """
    row = subject.numbers.row(truth)
    spread = found.std(axis=0, ddof=1)
    allowed = spread * (0.5 + 5 / np.sqrt(len(found)))
    missed, named = np.zeros(len(row)), np.empty(len(row), dtype=object)
    for name, places in subject.numbers.places():
        named[places] = name
        digits = 1e-6 * (np.abs(row[places]).max() or 1.0)
        off = np.abs(found[:, places].mean(axis=0) - row[places])
        missed[places] = off / (allowed[places] + digits)
    worst = int(missed.argmax())
    return str(named[worst]), float(missed[worst])
