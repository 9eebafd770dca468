"""kallisto 0.48's effective lengths: at how many places can a read start?"""

import numpy as np
from numpy.typing import ArrayLike

from em.door import validation
from em.numbers.arrays import Array, as_floats


def normal_fragments(mean: float, sd: float) -> Array:
    """Return what kallisto takes for a histogram, given `-l mean -s sd`.

    The lengths 0 to 999 of a bell, (1000,). Raises ValueError for a mean or a
    standard deviation not above 0, and where nothing of the bell is there.
    """
    mean, sd = float(as_floats(mean, "mean")), float(as_floats(sd, "sd"))
    if not (0 < mean < 1e9 and 1e-9 < sd < 1e9):
        raise ValueError(
            f"mean {mean:g}, sd {sd:g}: expected both above 0, in bases"
        )
    bell: Array = np.exp(-(((np.arange(1000) - mean) / sd) ** 2) / 2)
    if not bell.any():
        raise ValueError(
            f"mean {mean:g}, sd {sd:g}: expected some fragments of 0 to 999 "
            "bases"
        )
    return bell


def effective_lengths(lengths: ArrayLike, histogram: ArrayLike) -> Array:
    """Return at how many places of each transcript a fragment can start, (n,).

    That is length − m + 1, where m is the mean length of the fragments that
    are no longer than the transcript; or the plain length, where that is
    below 1. `histogram` counts the fragments of length 0, 1, 2 and so on.
    Raises ValueError for what `checked` refuses.
    """
    lengths, histogram = checked(lengths, histogram)
    fragments = np.cumsum(histogram)
    bases = np.cumsum(histogram * np.arange(len(histogram)))
    mean: Array = bases / np.where(fragments > 0, fragments, 1)
    longest = np.minimum(lengths, len(histogram) - 1).astype(int)
    effective: Array = lengths - mean[longest] + 1
    return np.where(effective < 1, lengths, effective)


def checked(lengths: ArrayLike, histogram: ArrayLike) -> tuple[Array, Array]:
    """Return both as arrays.

    Raises ValueError for a length below 1, a count that is negative, and
    counts that are all 0.
    """
    bases = validation.array(lengths, "lengths")
    good = (bases >= 1) & (bases < 1e100)
    validation.require(good, bases, "lengths", "at least one base")
    counts = validation.array(histogram, "histogram")
    good = (counts >= 0) & (counts < 1e100)
    validation.require(good, counts, "histogram", "a count, not below 0")
    if not counts.any():
        raise ValueError("histogram is 0 throughout: expected some fragments")
    return bases, counts
