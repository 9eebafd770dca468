"""Figures of the bound: below the likelihood, climbed step by step; animals, an average."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import COLOURS, INK, Drawing, draw, finish

Curve = Callable[[Any], Any]
Surface = Callable[[Any, Any], Any]
GRID = np.linspace(0.01, 0.99, 99)


def kinds(animals: Sequence[int], share: float, caption: str) -> Drawing:
    """Draw how many animals there are of each kind, and what they say of θ.

    `share` of the first kind are of its second, hidden sort.
    """
    figure, axes = draw(2.3)
    hidden = animals[0] * share
    bars = [
        (0, 0, animals[0] - hidden, "say nothing of θ", "#8a8a8a"),
        (0, animals[0] - hidden, hidden, "for", COLOURS[0]),
        (1, 0, animals[1], "against", COLOURS[1]),
        (2, 0, animals[2], "against", COLOURS[1]),
        (3, 0, animals[3], "for a large θ", COLOURS[0]),
    ]
    for row, left, width, says, colour in bars:
        axes.barh(
            row,
            width,
            left=left,
            height=0.66,
            facecolor=mpl.colors.to_rgba(colour, 0.35),
            edgecolor=colour,
        )
        if row == 0:
            axes.text(left + width / 2, row, says, ha="center", va="center")
        else:
            axes.text(width + 2, row, f"{width}, {says}", va="center")
    axes.text(animals[0] + 2, 0, f"{animals[0]}", va="center")
    axes.set(xlabel="animals", xlim=(0, max(animals) * 1.1))
    axes.set_yticks(range(4), [f"kind {row + 1}" for row in range(4)])
    axes.invert_yaxis()
    alt = f"""Four bars: {", ".join(map(str, animals))} animals. The first is divided:
        {animals[0] - hidden:.0f} say nothing of theta, {hidden:.0f} speak for a large one.
        The second and the third speak against it, the fourth for it."""
    return finish(figure, alt, caption)


def touches(
    height: Curve, bound: Surface, share: Curve, path: Sequence[float]
) -> list[Drawing]:
    """Draw one frame for the start, then two for each θ of the path: E, then M.

    `height` is the log-likelihood over θ, `bound` its bound over (share, θ), and
    `share` the E-step's share at a θ.
    """
    theta = np.array(path)
    limits = height(theta[:1])[0] - 22, height(GRID).max() + 5
    drawn = [frame(height, limits, theta[0], [], "Start", "")]
    curves: list[np.ndarray] = []
    for number, (now, after) in enumerate(pairwise(theta), start=1):
        here = share(now)
        curves = [*curves[-1:], bound(here, GRID)]
        top = bound(here, after)
        drawn.append(
            frame(
                height,
                limits,
                now,
                curves,
                f"Step {number}, E: the bound touches",
                f"""A curve below the log-likelihood touches it at theta {now:.4f}, at a
                height of {height(now):.3f}.""",
            )
        )
        drawn.append(
            frame(
                height,
                limits,
                after,
                curves[-1:],
                f"Step {number}, M: climb the bound",
                f"""The point moves to the top of the lower curve, theta {after:.4f}, height
                {top:.3f}; the log-likelihood is above it there, at {height(after):.3f}.""",
                (now, after, float(top)),
            )
        )
    return drawn


def frame(
    height: Curve,
    limits: tuple[float, float],
    at: float,
    bounds: Sequence[np.ndarray],
    title: str,
    told: str,
    climbed: tuple[float, float, float] | None = None,
) -> Drawing:
    """Draw the log-likelihood, the bounds so far, and where we stand."""
    figure, axes = draw(2.9)
    axes.plot(GRID, height(GRID), color=INK, linewidth=2)
    axes.annotate("log-likelihood", (0.97, limits[1] - 1), ha="right", va="top")
    for number, curve in enumerate(bounds):
        newest = number == len(bounds) - 1
        axes.plot(
            GRID,
            curve,
            color=COLOURS[1],
            linestyle=(0, (5, 2)),
            alpha=1 if newest else 0.3,
        )
    stand = float(height(at))
    if climbed:
        before, _, top = climbed
        axes.plot([at, at], [top, stand], color=COLOURS[0], linewidth=1.5)
        axes.plot([at], [top], "s", color=COLOURS[1], markersize=7)
        axes.plot([before], [height(before)], "o", mfc="none", color=COLOURS[0])
    axes.plot([at], [stand], "o", color=COLOURS[0], markersize=8)
    axes.set(xlim=(0, 1), ylim=limits, xlabel="θ")
    axes.set_title(title, loc="left")
    alt = f"""{title}. The log-likelihood over theta from 0 to 1, one hump, and a point on it
        at theta {at:.4f}, log-likelihood {stand:.3f}. {told}"""
    return finish(figure, alt, title)


def averages(values: np.ndarray, expected: float, caption: str) -> Drawing:
    """Draw the running mean of `values`, and how far off chance may put it."""
    counts = np.unique(np.geomspace(1, len(values), 90).astype(int))
    means = np.cumsum(values)[counts - 1] / counts
    room = 2 * values.std() / np.sqrt(counts)
    figure, axes = draw(2.5)
    corridor(axes, counts, expected, room)
    axes.plot(counts, means, color=COLOURS[0])
    axes.set(
        xscale="log",
        xlim=(1, len(values)),
        ylim=(expected - room[2], expected + room[2]),
        xlabel="completions",
        ylabel="average so far",
    )
    alt = f"""The average over 1 to {len(values):,} sampled completions. It wanders within a
        corridor that narrows around {expected:.3f}, and ends at {means[-1]:.3f}."""
    return finish(figure, alt, caption)


def corridor(
    axes: Axes, counts: np.ndarray, middle: float, room: np.ndarray
) -> None:
    """Draw the level at `middle`, and twice the standard error around it."""
    axes.fill_between(
        counts,
        middle - room,
        middle + room,
        color="#888888",
        alpha=0.25,
        linewidth=0,
    )
    axes.axhline(middle, color=INK, linewidth=1, linestyle=(0, (5, 2)))
