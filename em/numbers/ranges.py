"""What numbers can be: any, above 0, probabilities, shares, covariances.

Each kind has a way to numbers without bounds, and back. A model says in RANGES
of which kind its parameters are; else it is read off the M-step's answers.
"""

from collections.abc import Collection, Iterator
from functools import cache

import numpy as np

from em.numbers.arrays import Array
from em.offers import Offers

# How large are the logarithm of a millionth, and its log-odds.
MILLIONTH = 6 * np.log(10)
LINE = 50  # in a longer line, no part is looked for that sums to 1


class Real:
    """Any number: a mean, a slope."""

    edge = np.inf  # where what is free is larger, there is no telling
    ends: tuple[float, ...] = ()

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

    ends = (0.0,)

    @staticmethod
    def free(values: Array) -> Array:
        return np.asarray(np.log(values)).ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        values: Array = np.exp(free).reshape(like.shape)
        return values


class Probability(Real):
    """Between 0 and 1: its log-odds are free."""

    edge, ends = MILLIONTH, (0.0, 1.0)

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

    edge, ends = MILLIONTH, (0.0,)

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


@cache
def lower_half(d: int) -> tuple[Array, Array]:
    """Return where the lower half of a (d, d) matrix stands."""
    return np.tril_indices(d)


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
        lower: Array = roots[..., *lower_half(d)]
        return lower.ravel()

    @staticmethod
    def back(free: Array, like: Array) -> Array:
        d = like.shape[-1]
        i = np.arange(d)
        roots = np.zeros(like.shape)
        below = free.reshape(*like.shape[:-2], -1)
        roots[..., *lower_half(d)] = below
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


def declared_ranges(model: object, names: Collection[str]) -> dict[str, str]:
    """Return RANGES, or raise ValueError for a word that is misspelt."""
    found = Offers.read(model).RANGES
    for what, expected in ((found, names), (found.values(), list(RANGES))):
        for word in what:
            if word not in expected:
                from difflib import get_close_matches  # only where needed

                near = get_close_matches(str(word), list(expected), 1)
                raise ValueError(
                    f"RANGES says {word!r}: expected one of "
                    f"{', '.join(expected)}"
                    + (f" (did you mean {near[0]!r}?)" if near else "")
                )
    return found


def wholes_of(rows: Array, places: Array) -> Array:
    """Return places of numbers that sum to 1 in all rows, (wholes, k).

    Looked for along the last axis, along the first, among all, and, of
    numbers in one line, one after another or at equal distances. All lines of
    an axis do, or those whose numbers vary.
    """
    for lines in lines_of(places):
        values = rows[:, lines]
        sums = np.abs(values.sum(axis=-1) - 1) <= 1e-9
        good = (sums & (values >= 0).all(axis=-1)).all(axis=0)
        if not good.all():
            good &= np.ptp(values, axis=0).max(axis=-1) > 1e-9
        if good.any():
            found: Array = lines[good]
            return found
    return places.reshape(-1)[:0].reshape(0, 1)


def lines_of(places: Array) -> Iterator[Array]:
    """Yield where numbers may stand that sum to 1, each time (lines, k)."""
    size = places.size
    for axis in (-1, 0) if places.ndim else ():
        if (k := places.shape[axis]) > 1:
            yield np.moveaxis(places, axis, -1).reshape(-1, k)
    if size > 1:
        yield places.reshape(1, size)
    if places.ndim == 1 and 2 < size <= LINE:
        for k in range(2, size):
            yield np.lib.stride_tricks.sliding_window_view(places, k)
            if size % k == 0 and k < size:
                yield places.reshape(k, size // k).T


def are_symmetric(values: Array) -> bool:
    """Return whether a field, (m, ...), holds what can be covariances."""
    if (
        values.ndim < 3
        or values.shape[-1] != values.shape[-2]
        or (values.shape[-1] == 1)
    ):
        return False
    diagonals = np.diagonal(values, axis1=-2, axis2=-1)
    uneven = np.abs(values - values.swapaxes(-1, -2)).max()
    return bool(diagonals.min() > 0 and uneven <= 1e-9 * np.abs(values).max())
