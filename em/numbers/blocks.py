"""Speed, in one place: what fits a processor's cache needs no tricks."""

import functools
from collections.abc import Callable, Iterator
from typing import TypeVar, cast

import numpy as np

from em.model import field_names
from em.numbers.arrays import Array, as_floats

Data = TypeVar("Data")
Params = TypeVar("Params")
# A block has so many rows at least, and more where these are narrow: each call
# of NumPy costs some microseconds, and threads hand over Python's lock in it.
ROWS, FLOATS = 8_192, 131_072


def blockwise(
    e_step: Callable[[Data, Params], tuple[Array, float]],
) -> Callable[[Data, Params], tuple[Array, float]]:
    """Run a mixture's E-step some rows at a time, and join what it returns.

    Raises ValueError for an observation that no component can have made.
    """

    @functools.wraps(e_step)
    def over_blocks(data: Data, params: Params) -> tuple[Array, float]:
        data, shares, total = in_arrays(data), [], 0.0
        with np.errstate(all="ignore"):  # log 0 is −∞, and 0/0 is looked for
            wide = width(data) * n_rows(params)  # floats × components
            for rows in blocks(n_rows(data), wide):
                responsibilities, log_likelihood = e_step(
                    cut(data, rows), params
                )
                shares.append(responsibilities.T)
                total += log_likelihood
        joined = np.concatenate(shares, axis=1).T
        if np.isnan(total):
            refuse_impossible(joined, data)
        return joined, float(total)

    return over_blocks


def in_arrays(data: Data) -> Data:
    """Return data as it is, or as an array if it is a list of numbers."""
    if isinstance(data, np.ndarray) or field_names(data):
        return data
    return cast("Data", np.atleast_1d(as_floats(data, "data")))


def blocks(n: int, wide: int = FLOATS) -> Iterator[slice]:
    """Yield slices that cut `n` rows, of so many floats, to fit a cache."""
    size = max(ROWS, FLOATS // wide)
    return (slice(begin, begin + size) for begin in range(0, n, size))


def n_rows(data: object) -> int:
    """Return the number of rows of an array, or of an attrs class of them."""
    return len(fields(data)[0])


def width(data: object) -> int:
    """Return how many floats a row has, over all arrays of an attrs class."""
    return sum(max(1, field[:1].size) for field in fields(data))


def cut(data: Data, rows: slice) -> Data:
    """Return some rows of an array, or of each field of an attrs class."""
    parts = [field[rows] for field in fields(data)]
    return cast("Data", type(data)(*parts) if field_names(data) else parts[0])


def fields(data: object) -> list[Array]:
    """Return the arrays of an attrs class, or the one array that it is."""
    names = field_names(data)  # (quickly: this is asked in every step)
    return [getattr(data, name) for name in names] or [cast("Array", data)]


def refuse_impossible(responsibilities: Array, data: object) -> None:
    """Raise ValueError for the first row that is 0/0, or holds a NaN."""
    row = int(np.isnan(responsibilities).any(axis=1).argmax())
    if isinstance(data, np.ndarray) and np.isnan(data[row]).any():
        raise ValueError(f"observation {row} holds a nan: expected numbers")
    raise ValueError(f"observation {row} is impossible under every component")


def sum_of_logs(values: Array) -> float:
    """Return Σ log v_i, for values from 1 to a billion.

    One logarithm for the product of 32: logarithms are slow, products not.
    """
    first_of_32 = np.arange(0, values.size, 32)
    return float(
        np.log(np.multiply.reduceat(values.ravel(), first_of_32)).sum()
    )
