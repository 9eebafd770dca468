"""Checks at the door: bad input is refused once, by name, before any step."""

from typing import Any

import numpy as np


def vector(values: Any, name: str) -> np.ndarray:
    """Give `values` as a one-dimensional array of finite floats, shape (n,)."""
    return array(values, name, 1)


def array(values: Any, name: str, dimensions: int) -> np.ndarray:
    """Give `values` as an array of finite floats with so many dimensions.

    Raises TypeError for what is not numbers, ValueError for anything that is
    empty, has another shape, or holds a NaN or an infinity.
    """
    if hasattr(values, "_fields"):
        raise TypeError(
            f"{name}: expected a list of numbers, got {kind_of(values)}"
        )
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{name}: expected a list of numbers ({error})"
        ) from None
    if found.ndim != dimensions:
        expected = ("no", "one dimension", "two dimensions", "three dimensions")
        raise ValueError(
            f"{name}: expected {expected[dimensions]}, got shape {found.shape}"
        )
    if found.size == 0:
        raise ValueError(f"{name} is empty: expected at least one number")
    require(np.isfinite(found), found, name, "a finite number")
    return found


def require(
    good: np.ndarray, values: np.ndarray, name: str, expected: str
) -> None:
    """Raise a ValueError that names the first value that is not `good`."""
    if not good.all():
        first = np.unravel_index(np.argmin(good), good.shape)
        where = ", ".join(map(str, first))
        raise ValueError(
            f"{name}[{where}] is {values[first]:g}: expected {expected}"
        )


def same_length(**arrays: np.ndarray) -> None:
    """Raise a ValueError that gives the lengths, unless all are equal."""
    if len({len(array) for array in arrays.values()}) > 1:
        lengths = ", ".join(
            f"{len(array)} {name}" for name, array in arrays.items()
        )
        raise ValueError(f"expected as many of each, got {lengths}")


def mixing_weights(weights: Any, components: int) -> np.ndarray:
    """Give mixing weights, shape (k,), none negative, that sum to 1.

    None means equal. Raises ValueError for anything else.
    """
    if weights is None:
        return np.full(components, 1 / components)
    return chances(weights, "weights")


def chances(values: Any, name: str) -> np.ndarray:
    """Give chances, shape (k,), none negative, that sum to 1.

    Raises ValueError for anything else.
    """
    array = vector(values, name)
    require(array >= 0, array, name, "a share, not below 0")
    if abs(array.sum() - 1) > 1e-9:
        raise ValueError(f"{name} sum to {array.sum():.12g}: expected 1")
    return array


def transitions(values: Any, states: int) -> np.ndarray:
    """Give a matrix of chances, (k, k), every row of which sums to 1.

    Raises TypeError or ValueError, naming the row, for anything else.
    """
    if not np.iterable(values):
        raise TypeError("transitions: expected a list of rows")
    rows = [chances(row, f"transitions[{i}]") for i, row in enumerate(values)]
    lengths = [len(row) for row in rows]
    if lengths != [states] * states:
        raise ValueError(
            f"transitions: expected {states} rows of {states}, as there are "
            f"states, got rows of {lengths}"
        )
    return np.array(rows)


def rates(values: Any) -> np.ndarray:
    """Give mean counts, shape (k,), none negative.

    Raises ValueError for anything else.
    """
    array = vector(values, "rates")
    require(array >= 0, array, "rates", "a mean count, not below 0")
    return array


def counts(values: Any) -> np.ndarray:
    """Give counts, shape (n,): whole numbers, none negative.

    Raises ValueError for anything else.
    """
    array = vector(values, "counts")
    whole = (array >= 0) & (array == np.floor(array))
    require(whole, array, "counts", "a whole number, not below 0")
    return array


def covariances(matrices: np.ndarray, name: str, d: int) -> None:
    """Raise a ValueError that names the first that is no (d, d) covariance."""
    if matrices.shape[1:] != (d, d):
        shape = matrices.shape[1:]
        raise ValueError(f"{name}[0] has shape {shape}: expected {(d, d)}")
    uneven = np.abs(matrices - matrices.swapaxes(1, 2)) > 1e-9 * np.abs(
        matrices
    ).max(axis=(1, 2), keepdims=True)
    if uneven.any():
        first = uneven.any(axis=(1, 2)).argmax()
        raise ValueError(f"{name}[{first}] is not symmetric")
    for first in range(len(matrices)):
        try:
            np.linalg.cholesky(matrices[first])
        except np.linalg.LinAlgError:
            raise ValueError(
                f"{name}[{first}] is not positive definite: expected some "
                "width in every direction"
            ) from None


def kind(thing: Any, expected: type, what: str) -> None:
    """Raise a TypeError, unless `thing` is an instance of `expected`."""
    if not isinstance(thing, expected):
        name = f"{expected.__module__}.{expected.__name__}"
        fields = ", ".join(getattr(expected, "_fields", ()))
        raise TypeError(
            f"the {what} is a {kind_of(thing)}: expected {name}({fields})"
        )


def kind_of(thing: Any) -> str:
    """Give the full name of a thing's type."""
    return f"{type(thing).__module__}.{type(thing).__qualname__}"
