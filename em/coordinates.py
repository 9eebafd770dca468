"""Parameters as one vector of numbers without bounds, and the way back.

A step of any size in these coordinates leads to parameters that are allowed:
a standard deviation above 0, weights that add up to 1. A model says in RANGES
what each of its parameters is; what it does not name is taken as it is.
"""

from collections.abc import Callable
from typing import Generic, NamedTuple

import numpy as np
from scipy.special import expit, logit, softmax

from em._arrays import Array
from em.model import Params, named, with_values


class Range(NamedTuple):
    """What a parameter may be: the way to numbers without bounds, and back.

    `back(free, like)` returns an array of the shape of `like`.
    """

    free: Callable[[Array], Array]
    back: Callable[[Array, Array], Array]


def log_ratios(weights: Array) -> Array:
    """Return log(p_j / p_last) for all but the last of each row."""
    logs = np.log(weights / weights.sum(axis=-1, keepdims=True))
    ratios: Array = logs[..., :-1] - logs[..., -1:]
    return ratios.ravel()


def from_log_ratios(free: Array, like: Array) -> Array:
    """Return rows that add up to what those of `like` add up to."""
    ratios = free.reshape(*like.shape[:-1], -1)
    last = np.zeros((*like.shape[:-1], 1))
    shares = softmax(np.concatenate([ratios, last], axis=-1), axis=-1)
    rows: Array = shares * like.sum(axis=-1, keepdims=True)
    return rows


def roots(covariances: Array) -> Array:
    """Return the Cholesky factors, row by row, logarithms on the diagonal."""
    factors = np.linalg.cholesky(covariances)
    d = factors.shape[-1]
    diagonal = np.arange(d)
    factors[..., diagonal, diagonal] = np.log(factors[..., diagonal, diagonal])
    lower: Array = factors[..., *np.tril_indices(d)]
    return lower.ravel()


def from_roots(free: Array, like: Array) -> Array:
    """Return covariances of the shape of `like`."""
    d = like.shape[-1]
    diagonal = np.arange(d)
    factors = np.zeros(like.shape)
    factors[..., *np.tril_indices(d)] = free.reshape(*like.shape[:-2], -1)
    factors[..., diagonal, diagonal] = np.exp(factors[..., diagonal, diagonal])
    covariances: Array = factors @ factors.swapaxes(-1, -2)
    return covariances


RANGES = {
    "real": Range(np.ravel, lambda free, like: free.reshape(like.shape)),
    "positive": Range(
        lambda values: np.log(values).ravel(),
        lambda free, like: np.exp(free).reshape(like.shape),
    ),
    "probability": Range(
        lambda values: logit(values).ravel(),
        lambda free, like: expit(free).reshape(like.shape),
    ),
    "shares": Range(log_ratios, from_log_ratios),
    "covariance": Range(roots, from_roots),
}


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

    def __init__(
        self, model: object, like: Params, held: frozenset[str] = frozenset()
    ):
        self.like, values = like, named(like)
        ranges: dict[str, str] = getattr(model, "RANGES", {})
        self.fields = {
            name: (RANGES[ranges.get(name, "real")], values[name])
            for name in values
            if name not in held
        }

    def free(self, params: Params) -> Array:
        """Return the vector; infinite where a parameter is at its edge."""
        values = named(params)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [
                kind.free(values[n]) for n, (kind, _) in self.fields.items()
            ]
        return np.concatenate(parts)

    def params(self, vector: Array) -> Params:
        """Return the parameters that a vector stands for."""
        ends = np.cumsum(
            [kind.free(v).size for kind, v in self.fields.values()]
        )
        parts = np.split(vector, ends[:-1])
        return with_values(
            self.like,
            {
                name: kind.back(part, like)
                for part, (name, (kind, like)) in zip(
                    parts, self.fields.items(), strict=True
                )
            },
        )
