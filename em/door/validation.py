"""Checks at the door: bad input is refused once, by name, before any step."""

from numbers import Integral
from typing import TypeVar

import numpy as np

from em.model import names_of
from em.numbers.arrays import Array, as_floats, described

T = TypeVar("T")


def array(values: object, name: str, dimensions: int = 1) -> Array:
    """Return `values` as an array of finite floats with so many dimensions.

    Raises TypeError for what is not numbers, ValueError for anything that is
    empty, has another shape, or holds a NaN or an infinity.
    """
    if hasattr(values, "__attrs_attrs__") or hasattr(values, "_fields"):
        raise TypeError(f"{name}: expected numbers, got {described(values)}")
    found = as_floats(values, name)
    if found.ndim != dimensions:
        expected = ("one number", "one dimension", "two dimensions", "three")
        raise ValueError(
            f"{name}: expected {expected[dimensions]}, got shape {found.shape}"
        )
    if found.size == 0:
        raise ValueError(f"{name} is empty: expected at least one number")
    require(np.isfinite(found), found, name, "a finite number")
    return found


def require(good: Array, values: Array, name: str, expected: str) -> None:
    """Raise a ValueError that names the first value that is not `good`."""
    if not np.all(good):
        first = np.unravel_index(np.argmin(good), np.shape(good))
        where = f"[{', '.join(map(str, first))}]" if first else ""
        # All digits: 1.0000001 is not in [0, 1], but prints as 1.
        value = repr(float(values[first])).removesuffix(".0")
        raise ValueError(f"{name}{where} is {value}: expected {expected}")


def small(values: Array, name: str) -> Array:
    """Return the values, if each of them can be squared."""
    require(np.abs(values) < 1e100, values, name, "a number below 1e100")
    return values


def same_length(**arrays: Array) -> None:
    """Raise a ValueError that gives the lengths, unless all are equal."""
    if len({len(array) for array in arrays.values()}) > 1:
        lengths = ", ".join(
            f"{len(array)} {name}" for name, array in arrays.items()
        )
        raise ValueError(f"expected as many of each, got {lengths}")


def probabilities(values: object, name: str) -> Array:
    """Return probabilities, shape (k,), none negative, that sum to 1.

    Raises ValueError for anything else.
    """
    found = array(values, name)
    require(found >= 0, found, name, "a probability, not below 0")
    if abs(found.sum() - 1) > 1e-9:
        divide = ". Divide by the sum" if abs(found.sum() - 1) < 0.01 else ""
        raise ValueError(
            f"{name} sum to {found.sum():.12g}: expected 1{divide}"
        )
    return found


def transitions(values: object, states: int) -> Array:
    """Return a matrix of probabilities, (k, k), each row of which sums to 1.

    Raises TypeError or ValueError, naming the row, for anything else.
    """
    found = array(values, "transitions", 2)
    if found.shape != (states, states):
        raise ValueError(
            f"transitions: expected {states} rows of {states}, as there are "
            f"states, got shape {found.shape}"
        )
    for i, row in enumerate(found):
        probabilities(row, f"transitions[{i}]")
    return found


def rates(values: object) -> Array:
    """Return mean counts, shape (k,), none negative, or raise ValueError."""
    found = array(values, "rates")
    in_range = (found >= 0) & (found < 1e100)
    require(in_range, found, "rates", "a mean count, from 0 to 1e100")
    return found


def counts(values: object, name: str = "counts") -> Array:
    """Return counts, shape (n,): whole numbers, none negative.

    Raises ValueError for anything else.
    """
    found = array(values, name)
    whole = (found >= 0) & (found == np.floor(found)) & (found < 1e100)
    require(whole, found, name, "a whole number, not below 0")
    return found


def covariances(matrices: Array, name: str, d: int) -> None:
    """Raise a ValueError that names the first that is no (d, d) covariance."""
    if matrices.shape[1:] != (d, d):
        shape = matrices.shape[1:]
        raise ValueError(f"{name}[0] has shape {shape}: expected {(d, d)}")
    for number, matrix in enumerate(matrices):
        covariance(matrix, f"{name}[{number}]")


def covariance(matrix: Array, name: str) -> None:
    """Raise a ValueError for a matrix, (d, d), that is no covariance.

    Columns may have very different units: each is measured by its own.
    """
    variances = np.diagonal(matrix)
    require(
        variances > 0, variances, f"{name}'s diagonal", "a variance above 0"
    )
    stds = np.sqrt(variances)
    correlations = matrix / stds / stds[:, None]
    if np.abs(correlations - correlations.T).max() > 1e-9:
        raise ValueError(f"{name} is not symmetric")
    try:
        np.linalg.cholesky(correlations)
    except np.linalg.LinAlgError:
        raise ValueError(
            f"{name} is not positive definite: expected some width in every "
            "direction"
        ) from None


def floor(min_std: object) -> None:
    """Raise ValueError or TypeError for a floor below 0, or no number."""
    found = array(min_std, "min_std", 0)
    require(found >= 0, found, "min_std", "a standard deviation, not below 0")


def whole(value: object, name: str) -> None:
    """Raise TypeError for what is not a whole number (True is none)."""
    if type(value) is bool or not isinstance(value, Integral):
        raise TypeError(
            f"{name} is {described(value)}: expected a whole number"
        )


def one_of(words: tuple[str, ...], word: object, name: str) -> None:
    """Raise ValueError for a word that is none of those."""
    if not isinstance(word, str) or word not in words:
        raise ValueError(
            f"{name} is {word!r}: expected {', '.join(words[:-1])} or "
            f"{words[-1]}"
        )


def kind(thing: object, expected: type[T], what: str) -> T:
    """Return the thing, or raise TypeError if it is no `expected`."""
    if not isinstance(thing, expected):
        name = f"{expected.__module__}.{expected.__name__}"
        names = ", ".join(names_of(expected))
        raise TypeError(
            f"the {what} is a {described(thing)}: expected {name}({names})"
        )
    return thing
