"""Figures of k-means: its centres, EM's paths beside its own, and a bad cut."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import (
    COLOURS,
    INK,
    MARKERS,
    NAMES,
    Drawing,
    draw,
    finish,
    style,
)

STDS = {"xlabel": "eruption, in stds", "ylabel": "waiting, in stds"}


def owned(axes: Axes, points: np.ndarray, owner: np.ndarray) -> None:
    """Draw the points in the colour and shape of whom each belongs to."""
    for k in np.unique(owner):
        axes.scatter(
            points[owner == k, 0],
            points[owner == k, 1],
            color=COLOURS[k],
            marker=MARKERS[k],
            s=12,
            alpha=0.55,
            linewidth=0,
        )


def named(axes: Axes, centres: np.ndarray) -> None:
    """Draw the centres, each with its letter."""
    for k, centre in enumerate(centres):
        axes.plot(*centre, MARKERS[k], color=COLOURS[k], mec=INK, markersize=15)
        axes.annotate(
            NAMES[k], centre, ha="center", va="center_baseline", weight="bold"
        )


def stills(
    points: np.ndarray,
    centres: Sequence[np.ndarray],
    owners: Sequence[np.ndarray],
) -> list[Drawing]:
    """Draw some moments of k-means: the centres, and whom each point belongs to."""
    drawn = []
    for number, (now, owner) in enumerate(zip(centres, owners, strict=True)):
        figure, axes = draw(3.4)
        owned(axes, points, owner)
        named(axes, now)
        axes.set(aspect="equal")
        there = " and ".join(f"({a:.2f}, {b:.2f})" for a, b in now)
        alt = f"""{len(points)} points in the colours of their nearest centres, which are at
            {there}."""
        drawn.append(finish(figure, alt, f"Moment {number}"))
    return drawn


def paths(
    z: np.ndarray,
    hard: np.ndarray,
    others: Mapping[float, np.ndarray],
    caption: str,
) -> Drawing:
    """Draw how means move, (steps, k, 2): by k-means, and by EM with circles."""
    figure, axes = draw(3.6)
    axes.scatter(z[:, 0], z[:, 1], color="#888888", s=8, linewidth=0)
    for k in range(hard.shape[1]):
        axes.plot(*hard[:, k].T, color=INK, linewidth=5, alpha=0.25)
        axes.plot(*hard[0, k], MARKERS[k], color=INK, markersize=7)
    told = []
    for line, (std, path) in enumerate(others.items()):
        for k in range(path.shape[1]):
            axes.plot(
                *path[:, k].T,
                marker=MARKERS[line],
                markersize=4,
                linewidth=1.3,
                label=f"EM, std {std:g}" if k == 0 else None,
                **style(line),
            )
        ends = ", ".join(f"({a:.2f}, {b:.2f})" for a, b in path[-1])
        told.append(f"EM with std {std:g} ends at {ends}")
    axes.plot([], [], color=INK, linewidth=5, alpha=0.25, label="k-means")
    axes.legend(loc="lower right", fontsize=9.5, frameon=False)
    axes.set(**STDS)
    ends = ", ".join(f"({a:.2f}, {b:.2f})" for a, b in hard[-1])
    alt = f"""Paths of two means from one start. {"; ".join(told)}; k-means, a broad pale
        line, at {ends}. The narrower the circles, the nearer EM keeps to k-means."""
    return finish(figure, alt, caption)


def cuts(
    points: np.ndarray,
    owners: Mapping[str, np.ndarray],
    truth: np.ndarray,
    caption: str,
) -> Drawing:
    """Draw the same points, each time in the colours of another method."""
    figure, panels = draw(2.9, 1, len(owners), sharex=True, sharey=True)
    told = []
    for axes, (name, owner) in zip(panels, owners.items(), strict=True):
        owned(axes, points, owner)
        wrong = int((owner != truth).sum())
        axes.set(title=f"{name}: {wrong} astray", aspect="equal")
        told.append(f"{name}, {wrong} of {len(points)} in the wrong group")
    alt = f"""{len(owners)} panels of one wide cloud of points and a small dense one at its
        side: {"; ".join(told)}. k-means cuts the wide cloud in two halves."""
    return finish(figure, alt, caption)
