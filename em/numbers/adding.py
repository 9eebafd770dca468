"""Sums that add, and that are not worn down by adding them."""

from collections.abc import Iterable
from typing import Protocol, Self, TypeVar

from em.numbers.arrays import Array
from em.numbers.blocks import fields


class Addable(Protocol):
    """Anything with a plus."""

    def __add__(self, other: Self, /) -> Self: ...


Sum = TypeVar("Sum", bound=Addable)


class Adds:
    """Sums that add field by field: an attrs class of arrays."""

    sizes: Array

    @property
    def n(self) -> float:
        """How many observations they are of."""
        return float(self.sizes.sum())

    def __add__(self, other: Self) -> Self:
        pairs = zip(fields(self), fields(other), strict=True)
        return type(self)(*(one + two for one, two in pairs))

    def __mul__(self, share: float) -> Self:
        return type(self)(*(one * share for one in fields(self)))


def total(found: Iterable[Sum]) -> Sum:
    """Return the sum of sums, two and two.

    As in a knock-out cup: each is added up log2 of their number times, not
    once for every one that follows; no more than that many are kept at once.

    Raises ValueError where there are none.
    """
    kept: list[tuple[int, Sum]] = []
    for one in found:
        kept.append((1, one))
        while len(kept) > 1 and kept[-2][0] == kept[-1][0]:
            join_last(kept)
    if not kept:
        raise ValueError("there are no pieces: expected at least one")
    while len(kept) > 1:
        join_last(kept)
    return kept[0][1]


def join_last(kept: list[tuple[int, Sum]]) -> None:
    """Keep the sum of the last two in their place."""
    (n, one), (m, two) = kept[-2:]
    kept[-2:] = [(n + m, one + two)]
