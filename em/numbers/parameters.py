"""Parameters as numbers: all in one row, and free of all bounds.

A step of any size in free numbers leads to parameters that are allowed: a
standard deviation above 0, weights that add up to 1. A model says in RANGES
what each of its parameters is. Where it says nothing, numbers that sum to 1
in all answers of its M-step are taken for shares, and symmetric matrices for
covariances; what is left is taken as it is.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Generic, NamedTuple

import numpy as np

from em.model import Params, named, with_values
from em.numbers.arrays import Array
from em.numbers.ranges import (
    RANGES,
    Covariance,
    Real,
    Shares,
    are_symmetric,
    declared_ranges,
    wholes_of,
)


class Group(NamedTuple):
    """Numbers of one kind: where they stand in the row, and free ones."""

    name: str
    range: type[Real]
    declared: bool
    places: Array
    free: slice

    def edges(self, row: Array, place: int) -> Iterator[Array]:
        """Yield the row with one of these numbers at each end of its range."""
        for end in self.range.ends:
            moved = row.copy()
            moved[place] = end
            if self.range is Shares:
                whole = self.places[(self.places == place).any(axis=-1)]
                moved[whole] *= row[whole].sum() / moved[whole].sum()
            yield moved


class Parameters(Generic[Params]):
    """The way between parameters like `like`, a row of numbers, and free ones.

    Parameters
    ----------
    model
        Its RANGES, if it has any, say what each parameter may be.
    like
        Parameters, for the shapes and for the sums that are kept.
    held
        The names of parameters that stay as they are.
    answers
        Of the M-step: from these it is read off what a parameter may be, if
        the model does not say.
    """

    def __init__(
        self,
        model: object,
        like: Params,
        held: Collection[str] = (),
        answers: Sequence[Params] = (),
    ):
        self.like, self.fields, self.held = like, named(like), held
        self.all = self.row(like)
        ends = np.cumsum([v.size for v in self.fields.values()])
        everything = np.split(np.arange(self.all.size), ends[:-1])
        self.places = {
            name: i.reshape(v.shape)
            for i, (name, v) in zip(
                everything, self.fields.items(), strict=True
            )
        }
        ranges = declared_ranges(model, list(self.fields))
        rows = np.array([self.row(one) for one in answers])
        self.groups, last = list[Group](), 0
        for name, kind, places in self.kinds(ranges, rows):
            free = slice(last, last + kind.size(places))
            last = free.stop
            self.groups.append(Group(name, kind, bool(ranges), places, free))

    def kinds(
        self, ranges: dict[str, str], rows: Array
    ) -> Iterator[tuple[str, type[Real], Array]]:
        """Yield what stands where, but for what is held."""
        known = bool(ranges) or not len(rows)
        whole = np.arange(self.all.size)
        scalars = all(v.ndim == 0 for v in self.fields.values())
        shared = whole[:0]
        if scalars and not (known or self.held):  # each share has a name
            lines = wholes_of(rows, whole)
            shared = lines.ravel()
            if shared.size:
                yield "parameters", Shares, lines
        for name, places in self.places.items():
            if name in self.held or np.isin(places, shared).all():
                continue
            if known:
                yield name, RANGES[ranges.get(name, "real")], places
            elif (lines := wholes_of(rows, places)).size:
                yield name, Shares, lines
                if (rest := np.setdiff1d(places, lines)).size:
                    yield name, Real, rest
            elif are_symmetric(rows[:, places]):
                yield name, Covariance, places
            else:
                yield name, Real, places

    def names(self) -> list[str]:
        """Return what each number of the row is called: `means[0]`."""
        return [
            name + (f"[{', '.join(map(str, at))}]" if at else "")
            for name, values in self.fields.items()
            for at in np.ndindex(values.shape)
        ]

    def row(self, params: Params) -> Array:
        """Return all numbers of the parameters, shape (q,)."""
        return np.concatenate([v.ravel() for v in named(params).values()])

    def of_row(self, row: Array) -> Params:
        """Return parameters that hold these numbers."""
        return with_values(
            self.like, {name: row[i][()] for name, i in self.places.items()}
        )

    def vector(self, params: Params) -> Array:
        """Return the free numbers, (p,); infinite at the edge of a range."""
        row = self.row(params)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [g.range.free(row[g.places]) for g in self.groups]
        return np.concatenate([np.zeros(0), *parts])

    def params(self, vector: Array) -> Params:
        """Return the parameters that free numbers stand for."""
        row = self.all.copy()
        for _, kind, _, places, free in self.groups:
            row[places] = kind.back(vector[free], self.all[places])
        return self.of_row(row)

    def directions(self) -> Array:
        """Return what can be chosen freely, a column for each, (p, m)."""
        columns = [np.zeros((0, 0))]
        columns += [g.range.directions(g.places) for g in self.groups]
        size = np.cumsum([one.shape for one in columns], axis=0)
        found: Array = np.zeros(size[-1])
        for one, (row, column) in zip(columns, size, strict=True):
            n, m = one.shape
            found[row - n : row, column - m : column] = one
        return found

    def inside(self, vector: Array) -> Array:
        """Return which numbers of a vector, (..., p), are not at an edge."""
        good = np.isfinite(vector)
        for group in self.groups:
            here = vector[..., group.free]
            good[..., group.free] &= np.abs(here) < group.range.edge
        return good

    @property
    def declared(self) -> bool:
        """Whether the model says what its parameters are."""
        return any(group.declared for group in self.groups)

    @property
    def inferred(self) -> list[str]:
        """The parameters of which only the answers say what they may be."""
        found = [g.name for g in self.groups if g.range is not Real]
        return [] if self.declared else found
