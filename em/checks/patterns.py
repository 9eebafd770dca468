"""What the answers of an M-step keep to: shares, symmetry, ties, scale."""

from collections.abc import Iterator

import numpy as np

from em._arrays import Array


def adds_up(values: Array) -> Array:
    """Return whether shares, along the last axis, are several and sum to 1."""
    several = values.shape[-1] > 1
    whole = np.abs(values.sum(axis=-1) - 1) <= 1e-9
    good: Array = several & whole & (values >= 0).all(axis=-1)
    return good


def wholes_of(values: Array, shape: tuple[int, ...]) -> Array | None:
    """Return the places of numbers that sum to 1: in rows, columns, or all."""
    if not shape:
        return None
    places = np.arange(values.shape[1]).reshape(shape)
    for axis in (-1, 0):
        lines = np.moveaxis(places, axis, -1).reshape(-1, shape[axis])
        if adds_up(values[:, lines]).all():
            return lines
    everything = places.reshape(1, -1)
    return everything if adds_up(values[:, everything]).all() else None


def is_symmetric(values: Array, shape: tuple[int, ...]) -> bool:
    """Return whether the field holds matrices that can be covariances."""
    if len(shape) < 2 or shape[-1] != shape[-2] or shape[-1] == 1:
        return False
    matrices = values.reshape(-1, *shape[-2:])
    diagonals = np.diagonal(matrices, axis1=1, axis2=2)
    uneven = np.abs(matrices - matrices.swapaxes(1, 2)).max()
    return bool(diagonals.min() > 0 and uneven <= 1e-9 * np.abs(matrices).max())


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
