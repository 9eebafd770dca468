"""Where to begin: many starts, the best of their ends, better guesses."""

# Without this, the hints below would import numpy.random along with em.
from __future__ import annotations

import warnings
from collections.abc import Callable, Collection
from typing import Any, Generic, NamedTuple, TextIO

import numpy as np
from numpy.typing import ArrayLike

from em.algorithm import fit
from em.door import validation
from em.errors import CollapsedError, NotConvergedWarning
from em.fits import Fit, Step
from em.further.progress import bar
from em.model import Data, Model, Params, Posterior
from em.numbers.arrays import Array, Seed, as_floats, described


class Best(NamedTuple, Generic[Params, Posterior]):
    """The fit that climbed highest, and where every start ended.

    Attributes
    ----------
    fit : Fit
    ends : list of Step or CollapsedError
        For each start, in order: the last step of its run, or the error that
        stopped it.
    """

    fit: Fit[Params, Posterior]
    ends: list[Step[Params, Posterior] | CollapsedError]


def best_of(
    model: Model[Data, Params, Posterior],
    data: object,  # what the model's `check` makes Data of
    starts: Collection[Params],
    *,
    progress: TextIO | None = None,
    **options: Any,
) -> Best[Params, Posterior]:
    """Return the fit that climbed highest, of one from each of the starts.

    Parameters
    ----------
    model, data
        What `em.fit` takes.
    starts
        Parameters to begin from. A start that collapses is passed over.
    progress
        Where to draw a bar, once it takes longer than a second: on a
        terminal, unless given.
    **options
        Passed to `em.fit`.

    Returns
    -------
    Best
        The best fit, and where every start ended.

    Raises
    ------
    ValueError
        If there is no start.
    CollapsedError
        If all of them collapse: that of the first.

    Also what `em.fit` raises, other than CollapsedError.
    """
    if not isinstance(starts, Collection):
        raise TypeError(
            f"starts is {described(starts)}: expected a list of starts"
        )
    if len(starts) == 0:
        raise ValueError("starts is empty: expected at least one start")
    best: Fit[Params, Posterior] | None = None
    ends: list[Step[Params, Posterior] | CollapsedError] = []
    moving = 0  # of how many fits the last step was not small
    for start in bar(starts, progress):
        try:
            found = quietly(fit, model, data, start, **options)
        except CollapsedError as error:
            ends.append(error)
            continue
        moving += not found.converged
        end = found.steps[-1]
        if best is not None:
            # One copy of the data for all, and the posterior of the best alone.
            again, before = best.steps[0].again, best.steps[-1]
            if end.height > before.height:
                ends[ends.index(before)] = before.without_posterior(again)
            else:
                end, found = end.without_posterior(again), best
        ends.append(end)
        best = found
    if best is None:
        raise next(end for end in ends if isinstance(end, CollapsedError))
    if moving:
        which = "among them" if not best.converged else "not among them"
        warnings.warn(
            f"{moving} of {len(starts)} starts had not converged when their "
            f"steps ran out, the best {which}",
            NotConvergedWarning,
            stacklevel=2,
        )
    return Best(best, ends)


def quietly(
    climb: Callable[..., Fit[Params, Posterior]],
    *given: object,
    **options: object,
) -> Fit[Params, Posterior]:
    """Return the fit, without a warning of each that has not converged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotConvergedWarning)
        return climb(*given, **options)


def kmeans(points: ArrayLike, k: int, rng: Seed) -> Array:
    """Return which of `k` groups each point belongs to, shape (n, k).

    The entries are 0 or 1: responsibilities, for an M-step to make a start
    of. (k-means: Lloyd 1982, from the centres of `kmeans_plus_plus`.)

    Parameters
    ----------
    points
        Shape (n,) or (n, d).
    k
        How many groups.
    rng
        Draws the first centres.

    Raises
    ------
    TypeError
        For what is not numbers, or a `k` that is not whole.
    ValueError
        For values that are not finite or cannot be squared, and for fewer
        than `k` different points.
    """
    rng = np.random.default_rng(rng)
    table = checked(points, k)
    centres = kmeans_plus_plus(table, k, rng)
    shares: Array = np.zeros((len(table), k))
    while True:
        before = shares
        owners = squared_distances(table, centres).argmin(axis=1)
        shares = np.eye(k)[owners]
        if np.array_equal(before, shares):
            return shares
        sizes = np.maximum(shares.sum(axis=0), 1)
        centres = shares.T @ table / sizes[:, None]


def kmeans_plus_plus(points: Array, k: int, rng: Seed) -> Array:
    """Draw `k` of the points, (n, d), far apart, to be centres, (k, d).

    The probability of each is in proportion to its squared distance from the
    nearest of those before (Arthur & Vassilvitskii 2007, section 2.2).
    """
    rng = np.random.default_rng(rng)
    centres = points[[rng.integers(len(points))]]
    while len(centres) < k:
        far = squared_distances(points, centres).min(axis=1)
        drawn = rng.choice(len(points), p=far / far.sum())
        centres = np.vstack([centres, points[drawn]])
    return centres


def squared_distances(points: Array, centres: Array) -> Array:
    """Return the squared distance of each point from each centre, (n, k)."""
    squares: Array = ((points[:, None] - centres) ** 2).sum(axis=2)
    return squares


def checked(points: ArrayLike, k: int) -> Array:
    """Return the points as a table, (n, d), or raise what `kmeans` raises."""
    dimensions = 1 if as_floats(points, "points").ndim == 1 else 2
    found = validation.array(points, "points", dimensions)
    table = validation.small(found, "points").reshape(len(found), -1)
    validation.whole(k, "k")
    different = len(np.unique(table, axis=0))
    if not 1 <= k <= different:
        raise ValueError(
            f"k is {k}: expected 1 to {different}, as many as there are "
            "different points"
        )
    return table
