"""Going through pieces: how often, in which order, and who works on them."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, repeat
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from em.numbers.arrays import described

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Part:
    """What a piece adds: sums, a log-likelihood, and how far it reaches."""

    sums: Any  # these two add up, or are None
    log_likelihood: float
    extent: Any

    def __add__(self, other: Part) -> Part:
        return Part(
            self.sums + other.sums,
            self.log_likelihood + other.log_likelihood,
            None if self.extent is None else self.extent + other.extent,
        )


Map = Callable[..., Iterable[Part]]  # map(function, pieces, numbers)

# An array, or one for each of some pieces.
Each = ArrayLike | Callable[[], Iterable[ArrayLike]]

# An executor takes all it is given at once. So it is given so many pieces, and
# the next when these are done: a generator's pieces are not all in memory.
AHEAD = 32


class Pieces:
    """Pieces, with their labels and weights, and who works through them."""

    def __init__(
        self, given: object, map: Map, labels: object, weights: object
    ):
        """Raise TypeError for what is no pieces, or can be had only once."""
        if not callable(map):
            raise TypeError(
                f"map is {described(map)}: expected Python's own map, or "
                "that of an executor"
            )
        for what, name in (
            (given, "the pieces are"),
            (labels, "labels are"),
            (weights, "sample_weights are"),
        ):
            if what is not None:
                refuse_once(what, name)
        self.given, self.map = given, map
        self.labels, self.weights = labels, weights
        self.extent: Any = None  # known once all have been gone through

    def __getstate__(self) -> dict[str, object]:
        """Return what can be sent elsewhere: there, Python's own map."""
        return {**vars(self), "map": builtins.map}

    def reach(self, extent: object) -> None:
        """Keep how far all reach that were gone through so far."""
        if extent is not None:
            self.extent = (
                extent if self.extent is None else self.extent + extent
            )

    def results(self, one: Callable[..., Found]) -> Iterator[Found]:
        """Yield what `one` returns for each piece, in order.

        Raises ValueError where labels, weights or results are not as many.
        """
        pieces = Counted(again(self.given))
        labels, weights = iter(again(self.labels)), iter(again(self.weights))
        places: Iterator[object] = count()
        if self.labels is not None or self.weights is not None:
            places = zip(
                count(),
                one_each(labels, "labels"),
                one_each(weights, "sample_weights"),
                strict=False,
            )
        found = 0
        for part in handed_out(self.map, one, pieces.of(), places):
            found += 1
            yield part
        if found != pieces.n:
            raise ValueError(
                f"map returned {found} results for {pieces.n} pieces: expected "
                "one for each"
            )
        for given, left, name in (
            (self.labels, labels, "labels"),
            (self.weights, weights, "sample_weights"),
        ):
            if given is not None and next(left, None) is not None:
                raise ValueError(f"{name} are for more than {found} pieces")


class Counted:
    """Pieces, and how many of them there were once they are gone through."""

    def __init__(self, pieces: Iterable[object]):
        self.pieces = pieces
        self.n = len(pieces) if isinstance(pieces, Sequence) else 0

    def of(self) -> Iterable[object]:
        """Return the pieces, which are counted unless their number is known."""
        return self.pieces if isinstance(self.pieces, Sequence) else self.each()

    def each(self) -> Iterator[object]:
        """Yield the pieces."""
        for piece in self.pieces:
            self.n += 1
            yield piece


def one_each(values: Iterator[object], name: str) -> Iterator[object]:
    """Yield the values; ValueError where there are fewer than are asked for."""
    number = 0
    for value in values:
        yield value
        number += 1
    raise ValueError(f"{name} are for {number} pieces, and there are more")


def handed_out(
    map: Map,
    one: Callable[..., Found],
    pieces: Iterable[object],
    places: Iterator[object],
) -> Iterator[Found]:
    """Yield what `one` returns for each piece, in order."""
    from concurrent.futures import Executor  # who has a pool, has this already

    each = cast("Callable[..., Iterable[Found]]", map)
    if not isinstance(getattr(map, "__self__", None), Executor):
        yield from each(one, pieces, places)
        return
    left = iter(pieces)
    while some := list(islice(left, AHEAD)):
        yield from each(one, some, islice(places, len(some)))


def again(given: object) -> Iterable[object]:
    """Return pieces from the first one on, or None for each of them."""
    if given is None:
        return repeat(None)
    return cast("Iterable[object]", given() if callable(given) else given)


def refuse_once(pieces: object, name: str) -> None:
    """Raise TypeError for one array, and for what can be gone through once."""
    if callable(pieces):
        return
    if isinstance(pieces, np.ndarray) or not isinstance(pieces, Iterable):
        raise TypeError(
            f"{name} a {described(pieces)}: expected several, such as "
            "np.array_split(x, 8)"
        )
    if isinstance(pieces, Iterator):
        raise TypeError(
            f"{name} a {described(pieces)}, which can be gone through "
            "once, and every step of EM goes through them: expected a list, or "
            "the generator function, not called"
        )
