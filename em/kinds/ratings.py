"""Ratings: which rater gave which item which label."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attrs import Factory, field, frozen
from scipy.sparse import csr_array

from em.door import validation
from em.model import values_of
from em.numbers.arrays import Array, described, floats, numbers

Name = str | float  # of an item, a rater or a label


def as_many_as_occur(ratings: "Ratings") -> Array:
    """Return how many items, raters and labels are numbered, (3,)."""
    columns = ratings.items, ratings.raters, ratings.labels
    # What is no column of numbers is refused elsewhere, by its name.
    return np.array([np.max(c, initial=0) + 1 for c in columns if is_some(c)])


def is_some(column: object) -> bool:
    """Return whether this is an array of numbers."""
    return isinstance(column, np.ndarray) and column.dtype.kind in "biuf"


@frozen(eq=False)
class Ratings:
    """The item, the rater and the label of each rating, each of shape (m,).

    All three are numbered from 0; `table` numbers names. `shape` tells how
    many items, raters and labels there are, (3,): unless given, as many as
    occur. A rater may rate an item several times, or not at all.
    """

    items: Array = field(converter=floats, validator=numbers)
    raters: Array = field(converter=floats, validator=numbers)
    labels: Array = field(converter=floats, validator=numbers)
    shape: Array = field(
        default=Factory(as_many_as_occur, takes_self=True),
        converter=floats,
        validator=numbers,
    )

    @cached_property
    def votes(self) -> csr_array:
        """Return how often each rater gave each item each label, sparse.

        Shape (items, raters × labels). Only what was given is stored, so
        that working through it costs as much as there are ratings.
        """
        items, raters, labels = (int(n) for n in self.shape)
        rows = self.items.astype(int)
        columns = self.raters.astype(int) * labels + self.labels.astype(int)
        return csr_array(
            (np.ones(len(rows)), (rows, columns)),
            shape=(items, raters * labels),
        )


class Names(NamedTuple):
    """What the numbers stand for: `names.labels[2]` is label 2."""

    items: list[Name]
    raters: list[Name]
    labels: list[Name]


def table(rows: Iterable[Sequence[Name]]) -> tuple[Ratings, Names]:
    """Return ratings from rows of [item, rater, label], and their names.

    Names are strings, or numbers, or anything else that can be sorted: they
    are numbered in that order. Raises ValueError for rows of another length
    and for what is missing, TypeError for names that cannot be sorted.
    """
    try:
        found = [tuple(row) for row in rows]
    except TypeError:
        raise TypeError(
            f"rows is {described(rows)}: expected rows of [item, rater, label]"
        ) from None
    for number, row in enumerate(found):
        if len(row) != 3:
            raise ValueError(
                f"rows[{number}] is {row}: expected [item, rater, label]"
            )
        if any(one is None or one == "" or one != one for one in row):
            raise ValueError(
                f"rows[{number}] is {row}: expected an item, a rater and a "
                "label (leave out what was not rated)"
            )
    if not found:
        raise ValueError("rows is empty: expected at least one rating")
    columns = list(zip(*found, strict=True))
    names = Names(*(in_order(column) for column in columns))
    items, raters, labels = (
        numbered(each, column)
        for each, column in zip(names, columns, strict=True)
    )
    return Ratings(items, raters, labels), names


def numbered(names: Sequence[Name], column: Iterable[Name]) -> list[int]:
    """Return the place among the names of each entry of a column."""
    place = {name: i for i, name in enumerate(names)}
    return [place[one] for one in column]


def in_order(column: Sequence[Name]) -> list[Name]:
    """Return the different names in a column, sorted, or raise TypeError."""
    try:
        return sorted(set(column))
    except TypeError as error:
        raise TypeError(
            f"names of one kind are expected in a column ({error})"
        ) from None


def check_ratings(ratings: object) -> Ratings:
    """Return the ratings, or raise TypeError or ValueError for what is not."""
    ratings = validation.kind(ratings, Ratings, "data")
    given = values_of(ratings, ("items", "raters", "labels"))
    columns = {
        name: validation.counts(values, name) for name, values in given.items()
    }
    validation.same_length(**columns)
    sizes = validation.counts(ratings.shape, "shape")
    if len(sizes) != 3:
        raise ValueError(
            f"shape has {len(sizes)} numbers: expected how many items, raters "
            "and labels there are"
        )
    for size, (name, column) in zip(sizes, columns.items(), strict=True):
        expected = f"a number below {size:.0f}, as shape says"
        validation.require(column < size, column, name, expected)
    for size, name in zip(sizes, ("items", "raters"), strict=False):
        refuse_unrated(columns[name], int(size), name)
    return ratings


def refuse_unrated(column: Array, size: int, name: str) -> None:
    """Raise ValueError for a number below `size` that has no rating.

    Most often it is 0, where somebody counted from 1.
    """
    there = np.unique(column)
    if len(there) < size:
        gaps = there != np.arange(len(there))
        first = int(gaps.argmax()) if gaps.any() else len(there)
        raise ValueError(
            f"{name}: {first} has no rating: expected numbers from 0 without "
            "a gap (em.kinds.ratings.table makes them of names)"
        )
