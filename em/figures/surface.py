"""The log-likelihood of two coins as a map, with paths on it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import INK, Drawing, draw, finish, style
from em.models import coins
from em.models.coins import Coins, Flips

# The signs of the live map: docs/assets/live/map.js.
PEAK, SADDLE, LABELLED = "^", "P", "D"
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
    climb: np.ndarray,
    labelled: np.ndarray,
    saddle: float,
    caption: str,
) -> Drawing:
    """Draw the whole map with EM's path and a climb, and the peak where EM ends."""
    figure, (whole, near) = draw(3.1, 1, 2)
    contours(whole, flips, (-120, -97, -90))
    whole.plot([0, 1], [0, 1], color=INK, linewidth=1.2, linestyle=":")
    whole.annotate("θA = θB", (0.86, 0.93), ha="center", va="center")
    trail(whole, climb, color=style(2)["color"], linestyle="--")
    trail(whole, path, color=INK)
    end = path[-1]
    for peak in (end, end[::-1]):
        sign(whole, peak, PEAK)
    sign(whole, np.array([saddle, saddle]), SADDLE)
    whole.set_title("the whole map")
    middle = (end + labelled) / 2
    width = 0.008
    grid_a = np.linspace(middle[0] - width, middle[0] + width, 31)
    grid_b = np.linspace(middle[1] - width, middle[1] + width, 31)
    top = coins.e_step(flips, Coins(end))[1]
    below = coins.e_step(flips, Coins(labelled))[1]
    lines = near.contour(
        grid_a,
        grid_b,
        heights(flips, grid_a, grid_b),
        levels=[top - 0.015, below - 0.004, below, top - 0.0005],
        colors=INK,
        linewidths=0.7,
        linestyles="-",
        alpha=0.55,
    )
    near.clabel(lines, fmt="%.4f", fontsize=8.5, colors=INK)
    sign(near, end, PEAK)
    sign(near, labelled, LABELLED)
    near.annotate("EM", end, (-8, 6), textcoords="offset points", ha="right")
    near.annotate(
        "labelled",
        labelled,
        (labelled[0] + 0.0002, middle[1] + 0.85 * width),
        ha="center",
        va="center",
        arrowprops={"arrowstyle": "-", "linewidth": 0.8, "edgecolor": INK},
    )
    near.set(xlabel="θA", aspect="equal", title="around the peak")
    near.locator_params(nbins=4)
    alt = f"""Left, a map of the log-likelihood over theta A and theta B, with two peaks
        (triangles) at ({end[0]:.3f}, {end[1]:.3f}) and mirrored, a saddle (plus)
        between them on the diagonal (dotted) at {saddle:.3f}, and from
        ({path[0, 0]:.3f}, {path[0, 1]:.3f}) two paths to a peak: of EM (solid) and of
        gradient ascent (dashed). Right, close up: the labelled estimate (diamond)
        lies on a lower line, {below:.4f}, than EM's peak, {top:.4f}."""
    return finish(figure, alt, caption)
