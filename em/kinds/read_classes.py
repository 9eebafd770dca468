"""Classes of reads: which transcripts a read fits, and how many reads do.

Reads that fit the same transcripts say the same, so a class and its count are
all that the steps need.
"""

from collections.abc import Collection, Iterable
from itertools import chain

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from em.door import validation
from em.numbers.arrays import Array, as_floats, described, floats, numbers

# The transcripts of each class: a list for each, or compressed rows of ones.
Members = Iterable[Collection[float]] | csr_array


@frozen(eq=False, init=False)
class Classes:
    """The data: c classes of reads, and n transcripts.

    Classes without reads say nothing and are left out. The others are put in
    the order of their size: a processor works through rows of equal length
    about twice as fast. So all is checked here, while an error can still say
    which class the reader called by that number.

    Parameters
    ----------
    members
        The transcripts of each class, numbered from 0: a list of lists, or
        compressed rows of ones. Kept as such rows, shape (c, n).
    counts
        How many reads fit exactly those, (c,).
    lengths
        Effective lengths, (n,), in bases, at least 1.

    Raises
    ------
    TypeError
        For what is not numbers.
    ValueError
        For a class that has no transcripts, names one twice or names one that
        does not exist, for values out of range and lengths that differ.
    """

    members: csr_array
    counts: Array = field(converter=floats, validator=numbers)
    lengths: Array = field(converter=floats, validator=numbers)

    def __init__(
        self, members: Members, counts: ArrayLike, lengths: ArrayLike
    ) -> None:
        reads = validation.array(counts, "counts")
        good = (reads == 0) | ((reads >= 1e-100) & (reads < 1e100))
        validation.require(
            good, reads, "counts", "a count, not below 0, from 1e-100 to 1e100"
        )
        bases = validation.array(lengths, "lengths")
        good = (bases >= 1) & (bases < 1e100)
        validation.require(good, bases, "lengths", "at least one base")
        rows = compressed(members, len(bases))
        if rows.shape[0] != len(reads):
            raise ValueError(
                f"expected as many of each, got {rows.shape[0]} members, "
                f"{len(reads)} counts"
            )
        if not reads.any():
            raise ValueError("counts are all 0: expected at least one read")
        order = np.argsort(np.diff(rows.indptr), kind="stable")
        order = order[reads[order] > 0]
        self.__attrs_init__(rows[order], reads[order], bases)


def compressed(members: Members, transcripts: int) -> csr_array:
    """Return the members of classes as compressed rows of ones, (c, n).

    Raises TypeError or ValueError for a class that is not a set of
    transcripts.
    """
    sizes, listed = flat(members, transcripts)
    of_class = np.repeat(np.arange(len(sizes)), sizes)
    known = (listed >= 0) & (listed < transcripts)
    known &= listed == np.floor(listed)
    if not known.all():
        first = int(known.argmin())
        raise ValueError(
            f"class {of_class[first]} names transcript {listed[first]:.15g}: "
            f"expected a whole number from 0 to {transcripts - 1}"
        )
    if not sizes.all():
        raise ValueError(f"class {sizes.argmin()} has no transcripts")
    ones = np.ones(len(listed))
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    shape = len(sizes), transcripts
    rows = csr_array((ones, listed.astype(np.int32), starts), shape=shape)
    rows.sum_duplicates()
    if (twice := np.diff(rows.indptr) < sizes).any():
        raise ValueError(f"class {twice.argmax()} names a transcript twice")
    return rows


def flat(members: Members, transcripts: int) -> tuple[Array, Array]:
    """Return the number of transcripts in each class, (c,), and all in a row.

    Raises TypeError for what is no list of lists of numbers, ValueError for a
    table of another width, or of other values than ones.
    """
    if isinstance(members, csr_array):
        return flat_table(members, transcripts)
    try:
        rows = list(members)
        sizes = np.array([len(row) for row in rows], dtype=np.int64)
    except TypeError:
        raise TypeError(
            "members: expected a list of transcripts for each class, or a "
            f"csr_array of ones, got {described(members)}"
        ) from None
    if masked := [row for row in rows if isinstance(row, np.ma.MaskedArray)]:
        as_floats(masked[0], "members")
    listed = as_floats(list(chain.from_iterable(rows)), "members")
    if listed.ndim != 1:
        raise ValueError("members: expected lists of numbers, got deeper ones")
    return sizes, listed


def flat_table(rows: csr_array, transcripts: int) -> tuple[Array, Array]:
    """Return what `flat` does, or raise ValueError for no table of ones."""
    if rows.shape[1:] != (transcripts,):
        raise ValueError(
            f"members have shape {rows.shape}: expected {transcripts} columns, "
            "as there are transcripts"
        )
    sizes = np.diff(rows.indptr)
    if (odd := rows.data != 1).any():
        first = int(odd.argmax())
        of_class = np.repeat(np.arange(len(sizes)), sizes)[first]
        raise ValueError(
            f"members[{of_class}, {rows.indices[first]}] is stored as "
            f"{rows.data[first]:g}: expected 1, or nothing stored"
        )
    return sizes, rows.indices
