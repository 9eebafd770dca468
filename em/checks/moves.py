"""Small moves of parameters that keep to what parameters have to keep to.

What that is (shares sum to 1, matrices are symmetric, …) nobody tells us: it
is read off the answers of the M-step, for none of them breaks it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from em._arrays import Array
from em.checks.numbers import Numbers
from em.checks.patterns import (
    adds_up,
    is_symmetric,
    scale_of,
    together,
    wholes_of,
)
from em.model import Params

MOST = 60  # moves: of a million parameters, as many are drawn


@frozen(eq=False)
class Move:
    """One direction: x → x exp(h · grow) + h · shift, and sums kept.

    `whole` are the places of numbers that go on summing to 1; `capped` those
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
        moved[self.whole] /= moved[self.whole].sum()
        odds = moved[self.capped] / (1 - row[self.capped] + moved[self.capped])
        moved[self.capped] = odds
        return moved

    def changes(self, row: Array) -> bool:
        """Return whether it leads anywhere: a share of 0 stays 0."""
        return not np.allclose(self(row, 0.1), row, rtol=1e-9, atol=0)


def moves(
    numbers: Numbers[Params],
    rows: Array,
    rng: np.random.Generator,
    ties: bool = True,
) -> list[Move]:
    """Return the moves that keep to what all rows, (m, p), keep to.

    The first row is the start, the others are answers of the M-step.
    """
    found = list(all_moves(numbers, rows, ties))
    if len(found) > MOST:
        found = [found[i] for i in rng.permutation(len(found))[:MOST]]
    return found


def all_moves(
    numbers: Numbers[Params], rows: Array, ties: bool
) -> Iterator[Move]:
    """Yield the moves, field by field."""
    scalars = all(v.ndim == 0 for v in numbers.fields.values())
    everything = np.arange(rows.shape[1])
    one_whole = scalars and bool(adds_up(rows[:, everything]).all())
    for name, places in numbers.places():
        shape, values = numbers.fields[name].shape, rows[:, places]
        wholes = wholes_of(values, shape)
        if one_whole:
            yield share(name, rows.shape[1], places[0], everything)
        elif wholes is not None:
            for whole in places[wholes]:
                for place in whole[: 1 if len(whole) == 2 else None]:
                    yield share(name, rows.shape[1], place, whole)
        elif is_symmetric(values, shape):
            yield from of_matrices(name, rows, places, shape, ties)
        else:
            yield from of_numbers(name, rows, places, ties)


def share(name: str, size: int, place: int, whole: Array) -> Move:
    """Return the move that makes one share larger, and all others smaller."""
    return Move(name, at(size, place), np.zeros(size), whole, whole[:0])


def of_numbers(
    name: str, rows: Array, places: Array, ties: bool
) -> Iterator[Move]:
    """Yield moves of numbers with no sum to keep: equal ones go together."""
    size, values = rows.shape[1], rows[:, places]
    none, scale = places[:0], scale_of(values)
    # A standard deviation of 1 may be where somebody starts; a probability
    # that is 1 once stays so.
    left = (values[0] == 1) & ~(values[1:] == 1).all(axis=0)
    between = bool(((values > 0) & (values < 1)).any()) and not left.any()
    within_one = between and values.min() >= 0 and values.max() <= 1
    for group in together(rows, places, ties):
        if values.min() < 0:
            yield Move(
                name, np.zeros(size), scale * at(size, group), none, none
            )
        else:
            capped = group if within_one else none
            yield Move(name, at(size, group), np.zeros(size), none, capped)


def of_matrices(
    name: str, rows: Array, places: Array, shape: tuple[int, ...], ties: bool
) -> Iterator[Move]:
    """Yield moves of covariances: widths along an axis, and off-diagonals."""
    size, none, d = rows.shape[1], places[:0], shape[-1]
    boxes = places.reshape(-1, d, d)
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


def elsewhere(
    row: Array, directions: list[Move], rng: np.random.Generator
) -> Array:
    """Return another start: every number moved, by half its size or so."""
    for move in directions:
        if move.far:
            row = move(row, 0.5 * rng.standard_normal())
    return row
