"""A race of two programs over the same steps: in turn, and by their medians."""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from threadpoolctl import threadpool_limits


@threadpool_limits.wrap(limits=1)
def race(
    ours: Callable[[], Any],
    theirs: Callable[[], Any],
    pairs: int,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, float, float, Any, Any]:
    """Give the median time of each, in seconds; that of the ratio; and the
    answers. NumPy's libraries run on one thread. The time is the processor's,
    unless another clock is given.

    Each pair runs one right after the other, so that other work on the machine
    hits both.
    """
    times = []
    for _ in range(pairs):
        begin = clock()
        mine = ours()
        between = clock()
        other = theirs()
        times.append((between - begin, clock() - between))
    ratio = statistics.median(a / b for a, b in times)
    a, b = (statistics.median(column) for column in zip(*times, strict=True))
    return a, b, ratio, mine, other


def judge(what: str, ratio: float, bar: float, off: float, near: float) -> None:
    """Exit with an error where answers differ or the bar is missed."""
    if off > near:
        sys.exit(f"{what}: the answers differ by {off:.0e}, more than {near}")
    if ratio > bar:
        sys.exit(f"{what}: the ratio is {ratio:.3f}, above {bar}")
