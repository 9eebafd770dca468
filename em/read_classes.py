"""Classes of reads: which transcripts a read fits, and how many reads do.

Reads that fit the same transcripts say the same, so a class and its count are
all that the steps need.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from em import _validation


class _Classes(NamedTuple):
    members: csr_array
    counts: np.ndarray
    lengths: np.ndarray


class Classes(_Classes):
    """The data: c classes of reads, and n transcripts.

    - `members`: the transcripts of each class, numbered from 0. Given as a
      list of lists, kept as compressed rows of ones, shape (c, n);
    - `counts`: how many reads fit exactly those, (c,);
    - `lengths`: effective lengths, (n,), in bases, at least 1.

    Classes without reads say nothing and are left out. The others are put in
    the order of their size: a processor works through rows of equal length
    about twice as fast.

    Raises ValueError for a class that has no transcripts, names one twice or
    names one that does not exist, for values out of range and lengths that
    differ.
    """

    __slots__ = ()

    def __new__(cls, members: Any, counts: Any, lengths: Any) -> "Classes":
        counts = _validation.vector(counts, "counts")
        lengths = _validation.vector(lengths, "lengths")
        _validation.require(
            counts >= 0, counts, "counts", "a count, not below 0"
        )
        _validation.require(
            lengths >= 1, lengths, "lengths", "at least one base"
        )
        rows = compressed(members, len(lengths))
        if rows.shape[0] != len(counts):
            raise ValueError(
                f"expected as many of each, got {rows.shape[0]} members, "
                f"{len(counts)} counts"
            )
        if not counts.any():
            raise ValueError("counts are all 0: expected at least one read")
        order = np.argsort(np.diff(rows.indptr), kind="stable")
        order = order[counts[order] > 0]
        return super().__new__(cls, rows[order], counts[order], lengths)


def compressed(members: Any, transcripts: int) -> csr_array:
    """Give the members of classes as compressed rows of ones, (c, n).

    Raises ValueError for a class that is not a set of transcripts.
    """
    sizes, listed = flat(members)
    of_class = np.repeat(np.arange(len(sizes)), sizes)
    unknown = (listed < 0) | (listed >= transcripts) | (listed % 1 != 0)
    if unknown.any():
        first = int(unknown.argmax())
        raise ValueError(
            f"class {of_class[first]} names transcript {listed[first]}: "
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


def flat(members: Any) -> tuple[np.ndarray, np.ndarray]:
    """Give the number of transcripts in each class, (c,), and all in a row."""
    if isinstance(members, csr_array):
        return np.diff(members.indptr), members.indices
    sizes = np.array([len(row) for row in members], dtype=np.int64)
    return sizes, np.array([one for row in members for one in row])
