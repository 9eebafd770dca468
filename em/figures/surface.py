"""The log-likelihood of two coins as a map, with paths on it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import INK, Drawing, draw, finish, style
from em.models import coins
from em.models.coins import Coins, Flips

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


def trail(axes: Axes, path: np.ndarray, component: int, marker: str) -> None:
    """Draw a path of (θA, θB), shape (steps, 2), from a hollow start."""
    axes.plot(
        *path.T,
        marker=marker,
        markersize=3.5,
        linewidth=1.2,
        **style(component),
    )


def landscape(
    flips: Flips,
    path: np.ndarray,
    labelled: np.ndarray,
    saddle: float,
    caption: str,
) -> Drawing:
    """Draw the whole map with one path, and the surroundings of its end."""
    figure, (whole, near) = draw(3.1, 1, 2)
    contours(whole, flips, (-120, -97, -90))
    trail(whole, path, 0, "o")
    end = path[-1]
    for peak in (end, end[::-1]):
        whole.plot(*peak, "*", color=INK, markersize=9)
    whole.plot([saddle], [saddle], "X", color=INK, markersize=7)
    whole.plot([0, 1], [0, 1], color=INK, linewidth=0.6, linestyle=":")
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
    near.plot(*end, "*", color=INK, markersize=10)
    near.plot(*labelled, "D", color=style(1)["color"], markersize=6)
    near.annotate("EM", end, (-6, 6), textcoords="offset points", ha="right")
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
        (stars) at ({end[0]:.3f}, {end[1]:.3f}) and mirrored, a saddle (cross) between
        them on the diagonal at {saddle:.3f}, and a path of EM from
        ({path[0, 0]:.3f}, {path[0, 1]:.3f}) to a peak. Right, close up: the labelled
        estimate (diamond) lies on a lower line, {below:.4f}, than EM's peak,
        {top:.4f}."""
    return finish(figure, alt, caption)
