"""When kallisto 0.48 stops, and what it does then."""

from collections.abc import Sequence

import numpy as np

from em.fits import Step
from em.kinds.read_classes import Classes
from em.models.transcripts import Abundances, check, e_step, m_step


def calm(before: Abundances, after: Abundances) -> bool:
    """Return whether no α that is now above 0.01 reads changed by over 1 %."""
    new, old = after.alpha, before.alpha
    moved = np.abs(new - old) > 0.01 * new
    return not moved[new > 0.01].any()


def converged(steps: Sequence[Step[Abundances, object]]) -> bool:
    """Return whether there were 52 steps, and the last was calm.

    For `em.fit(..., until=converged, max_iter=10_000)`.
    """
    return len(steps) > 52 and calm(steps[-2].params, steps[-1].params)


def last_round(classes: Classes, abundances: Abundances) -> Abundances:
    """Return what one more step makes of it, once any α below 1e-8 is 0.

    Raises ValueError for reads that no transcript is left for: they count for
    less than 1e-8 of a read, and kallisto has no such.
    """
    alpha = abundances.alpha
    cut = Abundances(np.where(alpha < 1e-8, 0, alpha))
    reads, _ = e_step(*check(classes, cut))
    return m_step(classes, reads)
