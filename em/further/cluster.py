"""Pieces that are worked on by a cluster: `em.fit(…, map=over(client))`.

Needs the extra `cluster`. Dask does all of it: which worker takes which piece,
and what happens when one dies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from em.door.passes import Map, Part
from em.numbers.arrays import described

if TYPE_CHECKING:
    from distributed import Client


def over(client: Client) -> Map:
    """Return a map that hands pieces to the workers of a Dask client.

    Pieces may be the client's own futures, whose data stay where they are:
    `client.map(load, names)`. Made so, and not by `scatter`, they can be made
    again when a worker dies. Raises TypeError for what is no client.
    """
    if not (hasattr(client, "gather") and hasattr(client, "map")):
        raise TypeError(
            f"client is {described(client)}: expected a dask.distributed.Client"
        )
    gather: Callable[..., list[Part]] = client.gather

    def map_over(
        one: Callable[..., Part],
        pieces: Iterable[object],
        numbers: Iterable[int],
    ) -> Iterator[Part]:
        parts = list(pieces)
        first = list(islice(numbers, len(parts)))
        futures = client.map(one, parts, first, pure=False)
        sums = gather(futures, errors="skip")
        if len(sums) == len(futures):
            yield from sums
        else:  # the first that failed raises its error here
            yield from (future.result() for future in futures)

    return map_over
