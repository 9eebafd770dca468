"""kallisto's effective lengths, and its rule for when to stop.

The numbers are those of kallisto 0.48.
"""

from typing import Any

import numpy as np

from em import _validation
from em.models.transcripts import Abundances, e_step, m_step
from em.read_classes import Classes


def normal_fragments(mean: float, sd: float) -> np.ndarray:
    """Give what kallisto takes for a histogram, given `-l mean -s sd`.

    Raises ValueError for a mean or a standard deviation not above 0.
    """
    if not (mean > 0 and sd > 0):
        raise ValueError(f"mean {mean}, sd {sd}: expected both above 0")
    bell: np.ndarray = np.exp(-(((np.arange(1000) - mean) / sd) ** 2) / 2)
    return bell


def effective_lengths(lengths: Any, histogram: Any) -> np.ndarray:
    """Give at how many places of each transcript a fragment can start, (n,).

    That is length − m + 1, where m is the mean length of the fragments that
    are no longer than the transcript; or the plain length, where that is
    below 1. `histogram` counts the fragments of length 0, 1, 2 and so on.
    Raises ValueError for a length below 1 and a negative count.
    """
    lengths = _validation.vector(lengths, "lengths")
    _validation.require(lengths >= 1, lengths, "lengths", "at least one base")
    histogram = _validation.vector(histogram, "histogram")
    _validation.require(histogram >= 0, histogram, "histogram", "a count")
    fragments = np.cumsum(histogram)
    bases = np.cumsum(histogram * np.arange(len(histogram)))
    mean: np.ndarray = bases / np.where(fragments > 0, fragments, 1)
    longest = np.minimum(lengths, len(histogram) - 1).astype(int)
    effective: np.ndarray = lengths - mean[longest] + 1
    return np.where(effective < 1, lengths, effective)


def calm(before: Abundances, after: Abundances) -> bool:
    """Did no α that is now above 0.01 reads change by more than 1 %?"""
    new, old = after.alpha, before.alpha
    moved = np.abs(new - old) > 0.01 * new
    moved &= new > 0.01
    return not moved.any()


def settled(steps: list[Any]) -> bool:
    """Has a run settled by kallisto's rule? 52 steps, and the last was calm.

    For `em.fit(..., until=settled, max_iter=10_000)`.
    """
    return len(steps) > 52 and calm(steps[-2].params, steps[-1].params)


def last_round(classes: Classes, abundances: Abundances) -> Abundances:
    """Do as kallisto does in the end: α below 1e-8 to 0, then one more step."""
    alpha = abundances.alpha
    cut = Abundances(np.where(alpha < 1e-8, 0, alpha))
    reads, _ = e_step(classes, cut)
    return m_step(classes, reads)
