"""Small moves of parameters that keep to what parameters have to keep to.

What that is (shares sum to 1, matrices are symmetric, …) the model's RANGES
say; else it is read off the answers of the M-step, for none of them breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from em.model import Params
from em.numbers.arrays import Array
from em.numbers.parameters import Parameters
from em.numbers.ranges import Covariance, Positive, Probability, Real, Shares

MOST = 60  # moves: of a million parameters, as many are drawn


@frozen(eq=False)
class Move:
    """One direction: x → x exp(h · grow) + h · shift, and sums kept.

    `whole` are the places of numbers whose sum is kept; `capped` those
    of numbers that stay between 0 and 1: their odds grow in place of them.
    `far` tells whether a long move is as possible as a short one.
    """

    name: str
    grow: Array
    shift: Array
    whole: Array
    capped: Array
    far: bool = True

    def __call__(self, row: Array, h: float) -> Array:
        moved: Array = row * np.exp(h * self.grow) + h * self.shift
        if whole := moved[self.whole].sum():
            moved[self.whole] *= row[self.whole].sum() / whole
        odds = moved[self.capped] / (1 - row[self.capped] + moved[self.capped])
        moved[self.capped] = odds
        return moved

    def changes(self, row: Array) -> bool:
        """Return whether it leads anywhere: a share of 0 stays 0."""
        return not np.allclose(self(row, 0.1), row, rtol=1e-9, atol=0)


def moves(
    to: Parameters[Params],
    rows: Array,
    rng: np.random.Generator,
    ties: bool = True,
) -> list[Move]:
    """Return the moves that keep to what all rows, (m, p), keep to.

    The first row is the start, the others are answers of the M-step.
    """
    found = list(all_moves(to, rows, ties))
    if len(found) > MOST:
        found = [found[i] for i in rng.permutation(len(found))[:MOST]]
    return found


def all_moves(
    to: Parameters[Params], rows: Array, ties: bool
) -> Iterator[Move]:
    """Yield the moves of each kind of numbers."""
    owner = {i: n for n, all in to.places.items() for i in all.ravel()}
    for name, kind, declared, places, _ in to.groups:
        if kind is Shares:
            for whole in places.reshape(-1, places.shape[-1]):
                for i in whole[: 1 if len(whole) == 2 else None]:
                    size = rows.shape[1]
                    yield Move(
                        owner[i], at(size, i), np.zeros(size), whole, whole[:0]
                    )
        elif kind is Covariance and places.shape[-1] > 1:
            yield from of_matrices(name, rows, places, ties)
        else:
            # In one array of all, there may be numbers of every kind.
            each = len(to.fields) == 1 and not declared
            for part in places.reshape(-1, 1 if each else places.size):
                own = kind if declared else kind_of(rows[:, part])
                yield from of_numbers(name, rows, part, own, ties)


def kind_of(values: Array) -> type[Real]:
    """Return what numbers seem to be, (m, p)."""
    # A standard deviation of 1 may be where somebody starts; a probability
    # that is 1 once stays so.
    left = (values[0] == 1) & ~(values[1:] == 1).all(axis=0)
    between = bool(((values > 0) & (values < 1)).any()) and not left.any()
    if values.min() < 0:
        return Real
    return Probability if between and values.max() <= 1 else Positive


def of_numbers(
    name: str, rows: Array, places: Array, kind: type[Real], ties: bool
) -> Iterator[Move]:
    """Yield moves of numbers with no sum to keep: equal ones go together."""
    size, none = rows.shape[1], places[:0]
    scale = scale_of(rows[:, places])
    for group in together(rows, places, ties):
        if kind is Real:
            yield Move(
                name, np.zeros(size), scale * at(size, group), none, none
            )
        else:
            capped = group if kind is Probability else none
            yield Move(name, at(size, group), np.zeros(size), none, capped)


def of_matrices(
    name: str, rows: Array, places: Array, ties: bool
) -> Iterator[Move]:
    """Yield moves of covariances: widths along an axis, and off-diagonals."""
    size, d = rows.shape[1], places.shape[-1]
    boxes, places = places.reshape(-1, d, d), places.ravel()
    none = places[:0]
    box, down, across = (i.ravel() for i in np.indices(boxes.shape))
    first = places[0]
    for group in together(rows, places, ties):
        here = group - first
        diagonal = down[here] == across[here]
        if diagonal.all():
            grow = np.zeros(size)
            for b, a in zip(box[here], down[here], strict=True):
                np.add.at(grow, [*boxes[b, a], *boxes[b, :, a]], 0.5)
            yield Move(name, grow, np.zeros(size), none, none)
        elif not diagonal.any():
            there = boxes[box[here], across[here], down[here]]
            widths = rows[-1][boxes[box[here], down[here], down[here]]]
            widths = (
                widths * rows[-1][boxes[box[here], across[here], across[here]]]
            )
            shift = np.zeros(size)
            shift[group] = shift[there] = np.sqrt(widths.min())
            yield Move(name, np.zeros(size), shift, none, none, far=False)


def at(size: int, places: Array | int) -> Array:
    """Return zeros, and ones at the places, shape (size,)."""
    ones = np.zeros(size)
    ones[places] = 1.0
    return ones


def together(rows: Array, places: Array, ties: bool) -> Iterator[Array]:
    """Yield places of numbers that are equal in every answer, and vary.

    (One standard deviation for all bells, say.) Numbers that are 0 in all of
    them are left where they are; the two halves of a matrix count once.
    """
    answers = rows[1:, places]
    size = np.abs(answers).max(axis=0)
    varies = np.ptp(answers, axis=0) > 1e-9 * size
    left = {int(i) for i in np.flatnonzero(size > 0)}
    for i in sorted(left):
        if i not in left:
            continue
        group = np.array([i])
        if varies[i] and ties:
            apart = np.abs(answers - answers[:, [i]]).max(axis=0)
            group = np.flatnonzero((apart <= 1e-12 * size[i]) & (size > 0))
        left -= {int(j) for j in group}
        yield places[group]


def scale_of(values: Array) -> float:
    """Return how far numbers of a kind lie apart, or how large they are."""
    apart = float(np.ptp(values))
    return apart or float(np.abs(values).max()) or 1.0
