"""Where to begin: many starts, the best of their ends, better guesses."""

import sys
import time
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, TextIO

import numpy as np

from em.algorithm import fit
from em.errors import CollapsedError
from em.fits import Fit, Step


class Best(NamedTuple):
    """The fit that climbed highest, and where every start ended.

    `ends` has one entry for each start, in order: the last step of its run,
    or the CollapsedError that stopped it.
    """

    fit: Fit
    ends: list[Step | CollapsedError]


def best_of(
    model: Any,
    data: Any,
    starts: Collection[Any],
    *,
    progress: TextIO | None = None,
    **options: Any,
) -> Best:
    """Fit from each of `starts`, and keep the fit of highest log-likelihood.

    `options` go to `em.fit`, which raises what it raises there; only a start
    that collapses is passed over. Where it takes longer than a second, a bar
    tells how far it is: on `progress`, or on a terminal. Raises ValueError
    where there is no start, and the last CollapsedError if all collapse.
    """
    if len(starts) == 0:
        raise ValueError("starts is empty: expected at least one start")
    best: Fit | None = None
    ends: list[Step | CollapsedError] = []
    for start in bar(starts, progress):
        try:
            found = fit(model, data, start, **options)
        except CollapsedError as error:
            ends.append(error)
            continue
        ends.append(found.steps[-1])
        if best is None or found.log_likelihood > best.log_likelihood:
            best = found
    if best is None:
        raise next(end for end in ends if isinstance(end, CollapsedError))
    return Best(best, ends)


def bar(items: Collection[Any], out: TextIO | None = None) -> Iterator[Any]:
    """Give the items one by one; after a second, draw how many are done.

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


def nearest(points: Any, k: int, rng: np.random.Generator) -> np.ndarray:
    """Share points out among `k` groups, each to its nearest centre.

    Points have shape (n,) or (n, d); the shares, (n, k), are 0 or 1. Give
    them to an M-step, and you have a start. (k-means: Lloyd 1982, from the
    centres of `spread`.) Raises ValueError for values that are not finite,
    and for fewer than `k` different points.
    """
    points = np.asarray(points, dtype=float)
    points = points.reshape(len(points), -1)
    if not np.isfinite(points).all():
        raise ValueError("points hold a value that is not a finite number")
    different = len(np.unique(points, axis=0))
    if not 1 <= k <= different:
        raise ValueError(
            f"k is {k}: expected 1 to {different}, as many as there are "
            "different points"
        )
    centres = spread(points, k, rng)
    shares: np.ndarray = np.zeros((len(points), k))
    while True:
        before, shares = shares, np.eye(k)[away(points, centres).argmin(axis=1)]
        if np.array_equal(before, shares):
            return shares
        taken = np.maximum(shares.sum(axis=0), 1)
        centres = shares.T @ points / taken[:, None]


def spread(points: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Draw `k` of the points, (n, d), far apart, to be centres, (k, d).

    Each is drawn with a chance in proportion to its squared distance from
    the nearest of those before (Arthur & Vassilvitskii 2007, section 2.2).
    """
    centres = points[[rng.integers(len(points))]]
    while len(centres) < k:
        far = away(points, centres).min(axis=1)
        drawn = rng.choice(len(points), p=far / far.sum())
        centres = np.vstack([centres, points[drawn]])
    return centres


def away(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Give the squared distance of each point from each centre, (n, k)."""
    squares: np.ndarray = ((points[:, None] - centres) ** 2).sum(axis=2)
    return squares
