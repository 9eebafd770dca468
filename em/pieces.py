"""Data in pieces: what the M-step needs of them is a sum.

So pieces can lie in a file that is larger than the memory, and be worked
through by several threads, processes or machines. Who does what, and when, is
the affair of the `map` that is given: there is no scheduler here.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count, islice, repeat
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from em._arrays import described
from em.adding import Addable, total
from em.offers import Function, Offers
from em.problem import Problem, pair
from em.whole import whole


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

    def results(self, one: Callable[..., Part]) -> Iterator[Part]:
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


def in_pieces(
    offers: Offers, options: dict[str, object], pieces: Pieces
) -> Offers:
    """Return a model of data in pieces: its posterior is what they add up to.

    Raises TypeError for a model that does not add up, or takes no labels or
    weights where these are given.
    """
    _, answer = offers.sums()
    return replace(
        offers,
        e_step=partial(sums_of_all, offers, options),
        m_step=partial(answer_to, answer),
        credited=the_sums,
        extent=extent_of_all,
    )


def sums_of_all(
    offers: Offers, options: dict[str, object], pieces: Pieces, params: object
) -> tuple[Addable, float]:
    """Return the sums over all pieces, and the log-likelihood."""
    part = total(pieces.results(partial(of_piece, offers, options, params)))
    if pieces.extent is None and part.extent is not None:
        offers.enough(part.extent)
        pieces.extent = part.extent
    return part.sums, part.log_likelihood


def the_sums(_: object, sums: Addable) -> Addable:
    """Return the sums: pieces are credited where they are worked on."""
    return sums


def answer_to(
    answer: Function, _: object, sums: Addable, **options: object
) -> object:
    """Return the parameters that are the best answer to these sums."""
    return answer(sums, **options)


def extent_of_all(pieces: Pieces) -> object:
    """Return how far all pieces reach."""
    return pieces.extent


def of_piece(
    offers: Offers,
    options: dict[str, object],
    params: object,
    piece: object,
    place: object,
) -> Part:
    """Return what a piece adds.

    This is what runs elsewhere. Raises what the model raises, with the number
    of the piece, the first being 0.
    """
    number, labels, weights = (
        place if isinstance(place, tuple) else (place, None, None)
    )
    try:
        with np.errstate(all="ignore"):  # no thread takes it from another
            here: Problem[object, object] = whole(
                offers, piece, params, options, labels, weights, of_many=True
            )
            posterior, height = pair(here.model.e_step(here.data, here.start))
            credited, _ = here.model.sums()
            sums = credited(here.data, posterior)
            extent = None if offers.extent is None else here.extent
            return Part(sums, float(height), extent)
    except Exception as error:
        if type(error) in (TypeError, ValueError):
            raise type(error)(f"piece {number}: {error}") from error
        error.add_note(f"in piece {number}")
        raise


def handed_out(
    map: Map,
    one: Callable[..., Part],
    pieces: Iterable[object],
    places: Iterator[object],
) -> Iterator[Part]:
    """Yield what `one` returns for each piece, in order."""
    from concurrent.futures import Executor  # who has a pool, has this already

    if not isinstance(getattr(map, "__self__", None), Executor):
        yield from map(one, pieces, places)
        return
    left = iter(pieces)
    while some := list(islice(left, AHEAD)):
        yield from map(one, some, islice(places, len(some)))


def again(given: object) -> Iterable[object]:
    """Return pieces from the first one on, or None for each of them."""
    if given is None:
        return repeat(None)
    found = given() if callable(given) else given
    return cast("Iterable[object]", found)


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
