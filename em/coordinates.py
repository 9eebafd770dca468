"""Parameters as one vector of numbers without bounds, and the way back.

A step of any size in these coordinates leads to parameters that are allowed:
a standard deviation above 0, weights that add up to 1. A model says in RANGES
what each of its parameters is; what it does not name is taken as it is.
"""

from collections.abc import Collection
from typing import Generic, NamedTuple

import numpy as np

from em._arrays import Array
from em.model import Params, named, with_values

# How large are the logarithm of a millionth, and its log-odds.
MILLIONTH = 6 * np.log(10)


class Real:
    """Any number: a mean, a slope."""

    edge = np.inf  # where what is free is larger, there is no telling

    @staticmethod
    def free(values: Array) -> Array:
        return values.ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        return free.reshape(like.shape)

    @staticmethod
    def size(like: Array) -> int:
        """Return how many numbers `free` gives."""
        return like.size

    @staticmethod
    def directions(like: Array) -> Array:
        """Return what can be chosen freely: a column for each, (p, m)."""
        return np.eye(like.size)


class Positive(Real):
    """Above 0: a standard deviation, a rate. Its logarithm is free."""

    @staticmethod
    def free(values: Array) -> Array:
        return np.asarray(np.log(values)).ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        values: Array = np.exp(free).reshape(like.shape)
        return values


class Probability(Real):
    """Between 0 and 1: its log-odds are free."""

    edge = MILLIONTH

    @staticmethod
    def free(values: Array) -> Array:
        log_odds: Array = np.log(values) - np.log1p(-values)
        return log_odds.ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        odds = np.exp(-np.abs(free))  # of the less probable
        values: Array = np.where(free < 0, odds, 1.0) / (1 + odds)
        return values.reshape(like.shape)


class Shares(Real):
    """Rows of shares: their logarithms, what each row adds up to is kept.

    To add the same to all logarithms of a row changes nothing: k shares have
    k − 1 directions.
    """

    edge = MILLIONTH

    @staticmethod
    def free(values: Array) -> Array:
        logs: Array = np.log(values / values.sum(axis=-1, keepdims=True))
        return logs.ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        logs = free.reshape(like.shape)
        shares = np.exp(logs - logs.max(axis=-1, keepdims=True))
        wholes = like.sum(axis=-1, keepdims=True)
        rows: Array = shares / shares.sum(axis=-1, keepdims=True) * wholes
        return rows

    @staticmethod
    def directions(like: Array) -> Array:
        k = like.shape[-1]
        one_row = (np.eye(k) - 1 / k)[:, :-1]
        return np.kron(np.eye(like.size // k), one_row)


class Covariance(Real):
    """Symmetric and positive definite: its Cholesky factor L, row by row.

    Logarithms on the diagonal.
    """

    @staticmethod
    def free(values: Array) -> Array:
        roots = np.linalg.cholesky(values)
        d = roots.shape[-1]
        i = np.arange(d)
        roots[..., i, i] = np.log(roots[..., i, i])
        lower: Array = roots[..., *np.tril_indices(d)]
        return lower.ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        d = like.shape[-1]
        i = np.arange(d)
        roots = np.zeros(like.shape)
        below = free.reshape(*like.shape[:-2], -1)
        roots[..., *np.tril_indices(d)] = below
        roots[..., i, i] = np.exp(roots[..., i, i])
        covariances: Array = roots @ roots.swapaxes(-1, -2)
        return covariances

    @staticmethod
    def size(like: Array) -> int:
        d = like.shape[-1]
        return int(like.size // d * (d + 1) // 2)

    @staticmethod
    def directions(like: Array) -> Array:
        return np.eye(Covariance.size(like))


RANGES: dict[str, type[Real]] = {
    "real": Real,
    "positive": Positive,
    "probability": Probability,
    "shares": Shares,
    "covariance": Covariance,
}


class Field(NamedTuple):
    """One parameter: what it may be, its values, and where they stand."""

    range: type[Real]
    like: Array
    places: slice


class Coordinates(Generic[Params]):
    """The way between parameters like `like` and a vector, shape (p,).

    Parameters
    ----------
    model
        Its RANGES, if it has any, say what each parameter may be.
    like
        Parameters, for the shapes and for the sums that are kept.
    held
        The names of parameters that stay as they are.
    """

    def __init__(self, model: object, like: Params, held: Collection[str] = ()):
        self.like, self.fields, first = like, dict[str, Field](), 0
        ranges: dict[str, str] = getattr(model, "RANGES", {})
        for name, values in named(like).items():
            if name not in held:
                kind = RANGES[ranges.get(name, "real")]
                last = first + kind.size(values)
                self.fields[name] = Field(kind, values, slice(first, last))
                first = last

    def vector(self, params: Params) -> Array:
        """Return the vector; infinite where a parameter is at its edge."""
        values = named(params)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [f.range.free(values[n]) for n, f in self.fields.items()]
        return np.concatenate([np.zeros(0), *parts])

    def directions(self) -> Array:
        """Return what can be chosen freely, a column for each, (p, m)."""
        columns = [np.zeros((0, 0))]
        columns += [f.range.directions(f.like) for f in self.fields.values()]
        size = np.cumsum([one.shape for one in columns], axis=0)
        found: Array = np.zeros(size[-1])
        for one, (row, column) in zip(columns, size, strict=True):
            n, m = one.shape
            found[row - n : row, column - m : column] = one
        return found

    def inside(self, vector: Array) -> Array:
        """Return which numbers of a vector, (..., p), are not at an edge."""
        good = np.isfinite(vector)
        for field in self.fields.values():
            here = vector[..., field.places]
            good[..., field.places] &= np.abs(here) < field.range.edge
        return good

    def params(self, vector: Array) -> Params:
        """Return the parameters that a vector stands for."""
        return with_values(
            self.like,
            {
                name: field.range.back(vector[field.places], field.like)
                for name, field in self.fields.items()
            },
        )
