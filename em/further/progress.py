"""A bar that tells how far a long search is."""

import sys
import time
from collections.abc import Collection, Iterator
from typing import TextIO, TypeVar

Item = TypeVar("Item")


def bar(items: Collection[Item], out: TextIO | None = None) -> Iterator[Item]:
    """Yield the items one by one; after a second, draw how many are done.

    Draws on `out`, or on the standard error where that is a terminal, and
    wipes the bar away at the end.
    """
    if out is None and sys.stderr.isatty():
        out = sys.stderr
    begin, drawn = time.monotonic(), 0.0
    for done, item in enumerate(items):
        now = time.monotonic() - begin
        if out and now - drawn >= (0.2 if drawn else 1.0):
            drawn = now
            full = 30 * done // len(items)
            line = f"{'█' * full:░<30} {done:,} of {len(items):,} starts"
            print(f"\r{line}", end="", file=out, flush=True)
        yield item
    if out and drawn:
        print(f"\r{'':60}\r", end="", file=out, flush=True)
