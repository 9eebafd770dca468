"""Is my EM right? What a right one does, looked for in any model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from em.model import Data, Model, Params, Posterior

if TYPE_CHECKING:
    from em.checks.report import Examination


def examine(
    model: Model[Data, Params, Posterior],
    data: Any,  # what the model's `check` makes Data of
    start: Params,
    *,
    sample: Callable[[Params, np.random.Generator], Data] | None = None,
    fixed: str | Iterable[str] = (),
    seed: int = 0,
    **options: Any,
) -> Examination:
    """Return a table of checks, which a right EM passes.

    (Unless it collapses, or a floor binds: then it looks wrong, or cannot be
    told.)

    Parameters
    ----------
    model
        Anything with an `e_step` and an `m_step`: see `em.Model`. With a
        `log_joint`, or an `expected_log_joint`, more can be checked.
    data, start
        What the model takes: a few dozen observations will do. The start
        should not be one at which components are alike.
    sample
        `sample(params, rng)` draws data like yours. Unless given, the
        model's own `sample(params, n, rng)`, if it has one.
    fixed
        Names of parameters to leave as they are in `start`.
    seed
        Of the other starts, and of what is drawn.
    **options
        Passed to the model's `m_step`. One that binds at the limit (a floor)
        looks like a mistake: leave it out.

    Returns
    -------
    Examination
        Print it. `passed` tells whether no check failed, `failures` which.

    Raises
    ------
    TypeError, ValueError
        For input that the model refuses, and whatever else its steps raise
        at the start.

    Notes
    -----
    What parameters keep to (shares sum to 1, covariances are symmetric,
    numbers stay positive) is read off what the M-step returns. A condition
    of another kind belongs in the model's `check`: what it refuses is not
    tried.

    A pass is no proof. It says that none of the usual mistakes was seen.

    Examples
    --------
    >>> import em
    >>> from em.models import coins
    >>> rounds = coins.Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
    >>> em.examine(coins, rounds, coins.Coins([0.6, 0.5])).passed
    True
    """
    if "prior" in options:
        raise TypeError(
            "examine takes no prior: what it measures is the log-likelihood. "
            "Examine the model without; em.fit itself looks for falls"
        )
    # Only who examines pays for it: `import em` stays light.
    from em.checks import bounds, climbs, joint, limits, recovery, steps
    from em.checks.report import Examination
    from em.checks.subject import Subject

    rng = np.random.default_rng(seed)
    subject = Subject(model, data, start, fixed, options, rng)
    untouched = steps.overwrites(subject)
    if not untouched.passed:
        subject.be_careful()
    answers = subject.first_answers()
    kind = steps.same_kind(subject, answers)
    if any(steps.unlike(subject.start, one) for one in answers):
        return Examination([untouched, kind])  # nothing else can be asked
    tried = [subject.start, *filter(subject.is_some, answers)]
    own = steps.of_these(subject, tried)
    same = steps.depends(subject, tried)
    climbing, runs = climbs.never_falls(subject, answers)
    answers += [one for run in runs for one in run.answers]
    directions = subject.moves(answers)
    points = [*tried[:3], *(run.answers[0] for run in runs[1:4])]
    level = limits.level(subject, directions, runs)
    return Examination(
        [
            climbing,
            own,
            same,
            untouched,
            kind,
            steps.all_count(subject, directions, points),
            limits.stays(subject, runs),
            level,
            joint.shares(subject, points),
            joint.adds_up(subject, points),
            bounds.touches(subject, directions, points[1:]),
            bounds.maximises(
                subject,
                directions,
                points[1:],
                level.passed and climbing.passed,
            ),
            recovery.recovers(
                subject, sample or recovery.own_sample(model, data), runs
            ),
        ]
    )
