"""Sums that add, and that are not worn down by adding them."""

from collections.abc import Iterable
from typing import Protocol, Self, TypeVar

from em._arrays import Array


class Addable(Protocol):
    """Anything with a plus."""

    def __add__(self, other: Self, /) -> Self: ...


Sums = TypeVar("Sums", bound=Addable)


class Adds:
    """Sums that add field by field: an attrs class of arrays."""

    def __add__(self, other: Self) -> Self:
        pairs = zip(values(self), values(other), strict=True)
        return type(self)(*(one + two for one, two in pairs))

    def __mul__(self, share: float) -> Self:
        return type(self)(*(share * one for one in values(self)))


def values(sums: Adds) -> list[Array]:
    """Return the fields of an attrs class."""
    names = [one.name for one in getattr(sums, "__attrs_attrs__", ())]
    return [getattr(sums, name) for name in names]


def total(found: Iterable[tuple[Sums, float]]) -> tuple[Sums, float]:
    """Return the sum of sums, and of log-likelihoods, two and two.

    As in a knock-out cup: each is added up log2 of their number times, not
    once for every one that follows; no more than that many are kept at once.

    Raises ValueError where there are none.
    """
    kept: list[tuple[int, Sums, float]] = []
    for sums, log_likelihood in found:
        kept.append((1, sums, log_likelihood))
        while len(kept) > 1 and kept[-2][0] == kept[-1][0]:
            join_last(kept)
    if not kept:
        raise ValueError("there are no pieces: expected at least one")
    while len(kept) > 1:
        join_last(kept)
    return kept[0][1:]


def join_last(kept: list[tuple[int, Sums, float]]) -> None:
    """Keep the sum of the last two in their place."""
    (n, one, height), (m, two, higher) = kept[-2:]
    kept[-2:] = [(n + m, one + two, height + higher)]
