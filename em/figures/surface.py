"""The log-likelihood of two coins as a map, with paths on it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import INK, Drawing, draw, finish, style
from em.models import coins
from em.models.coins import Coins, Flips

# The signs of the live map: docs/assets/live/map.js.
PEAK, SADDLE = "^", "P"
TICKS = (0.2, 0.4, 0.6, 0.8)
LEVELS = (-150, -120, -105, -97, -92.48, -90, -88.5, -87.5, -86.8)


def heights(flips: Flips, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Give the log-likelihood at each (a_i, b_j), equal mixing weights."""
    return np.array(
        [[coins.e_step(flips, Coins([i, j]))[1] for i in a] for j in b]
    )


def contours(
    axes: Axes, flips: Flips, labelled: Sequence[float] = LEVELS
) -> None:
    """Draw lines of equal log-likelihood over the square of (θA, θB); label some."""
    low, high = 0.005, 0.995
    grid = np.linspace(low, high, 81)
    lines = axes.contour(
        grid,
        grid,
        heights(flips, grid, grid),
        levels=LEVELS,
        colors=INK,
        linewidths=0.7,
        linestyles="-",
        alpha=0.55,
    )
    axes.clabel(lines, labelled, fmt="%g", fontsize=8.5, colors=INK)
    axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    axes.set(xlabel="θA", ylabel="θB", xticks=TICKS, yticks=TICKS)


def trail(axes: Axes, path: np.ndarray, **look: Any) -> None:
    """Draw a path of (θA, θB), shape (steps, 2), with a dot for each step."""
    axes.plot(*path.T, marker="o", markersize=3.5, linewidth=1.4, **look)


def sign(axes: Axes, at: np.ndarray, marker: str) -> None:
    """Put a hollow sign on the map, as the live map has it."""
    axes.plot(
        *at,
        marker,
        markersize=9,
        color=INK,
        markerfacecolor="none",
        markeredgewidth=1.6,
    )


def landscape(
    flips: Flips,
    path: np.ndarray,
    saddle: float,
    caption: str,
    climb: np.ndarray | None = None,
) -> Drawing:
    """Draw the whole map with EM's path to a peak, and a climb beside it."""
    figure, axes = draw(4.4)
    contours(axes, flips, (-120, -97, -90))
    axes.plot([0, 1], [0, 1], color=INK, linewidth=1.2, linestyle=":")
    axes.annotate("θA = θB", (0.86, 0.93), ha="center", va="center")
    if climb is not None:
        trail(axes, climb, color=style(2)["color"], linestyle="--")
    trail(axes, path, color=INK)
    end = path[-1]
    for peak in (end, end[::-1]):
        sign(axes, peak, PEAK)
    sign(axes, np.array([saddle, saddle]), SADDLE)
    beside = "" if climb is None else ", and that of gradient ascent (dashed)"
    alt = f"""A map of the log-likelihood over theta A and theta B, with two peaks
        (triangles) at ({end[0]:.3f}, {end[1]:.3f}) and mirrored, a saddle (plus)
        between them on the diagonal (dotted) at {saddle:.3f}, and from
        ({path[0, 0]:.3f}, {path[0, 1]:.3f}) EM's path to a peak (solid){beside}."""
    return finish(figure, alt, caption)
