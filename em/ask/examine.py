"""Is my EM right? What a right one does, looked for in any model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np

from em.model import Data, Model, Params, Posterior
from em.numbers.arrays import described

if TYPE_CHECKING:
    from em.ask.checks.report import Examination


def examine(
    model: Model[Data, Params, Posterior],
    data: object,  # what the model's `check` makes Data of
    start: Params,
    *,
    sample: Callable[[Params, np.random.Generator], Data] | None = None,
    fixed: str | Iterable[str] = (),
    seed: int = 0,
    **options: object,
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
    if sample is not None and not callable(sample):
        raise TypeError(
            f"sample is {described(sample)}: expected a function that draws "
            "data, sample(params, rng)"
        )
    # Only who examines pays for it: `import em` stays light.
    from em.ask.checks import CHECKS, climbs, steps
    from em.ask.checks.report import Examination
    from em.ask.checks.subject import Subject

    subject = Subject(model, data, start, fixed, options, seed, sample)
    subject.touched = steps.touched(subject)
    if subject.touched:
        subject.be_careful()
    subject.answers = subject.first_answers()
    checks = CHECKS
    if any(steps.unlike(subject.start, one) for one in subject.answers):
        checks = [steps.overwrites, steps.same_kind]  # what else can be asked?
    else:
        subject.climbs = climbs.climb_all(subject)
    return Examination([one.finding(subject) for one in checks])
