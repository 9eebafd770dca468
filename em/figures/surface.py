"""The log-likelihood of two coins as a map, with paths on it."""

import html
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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


class Run(NamedTuple):
    """Paths of (θA, θB) from one start, each (steps, 2), and what to tell."""

    em: np.ndarray
    gradient: np.ndarray
    told: str


class Picker(NamedTuple):
    """A map on which a reader picks a start; the runs are all there."""

    drawing: Drawing
    places: list[tuple[float, float]]  # of the starts, in percent of the figure
    told: list[str]

    def _repr_html_(self) -> str:
        choices = "".join(
            f'<input type="radio" name="start" value="{number}" '
            f"{'checked ' if number == 0 else ''}"
            f'style="left:{left:.2f}%;top:{top:.2f}%" '
            f'aria-label="{html.escape(line)}">'
            for number, ((left, top), line) in enumerate(
                zip(self.places, self.told, strict=True)
            )
        )
        caption = html.escape(self.drawing.caption, quote=False)
        return (
            f'<figure class="picker"><div class="plot">{self.drawing.svg(digits=1)}'
            f'<fieldset><legend class="hidden-words">Pick a start</legend>'
            f"{choices}</fieldset></div>"
            f'<p class="told" aria-live="polite">{html.escape(self.told[0])}</p>'
            f"<figcaption>{caption}</figcaption></figure>"
        )


def picker(flips: Flips, runs: Sequence[Run], caption: str) -> Picker:
    """Draw the map with every run on it; the page shows the one picked."""
    figure, axes = draw(4.6)
    contours(axes, flips)
    for a, b in sorted({tuple(run.em[-1].round(3)) for run in runs}):
        axes.plot(a, b, "X" if a == b else "*", color=INK, markersize=8)
    for number, run in enumerate(runs):
        for path, component, marker in (
            (run.em, 0, "o"),
            (run.gradient, 1, ""),
        ):
            trail(axes, path, component, marker)
            axes.lines[-1].set_gid(f"run-{number}")
    alt = f"""A map of the log-likelihood with two mirrored peaks and a choice of
        {len(runs)} starts. From the chosen one, EM's path is a solid red line with a dot
        for each step, gradient ascent's a dashed blue line."""
    drawing = finish(figure, alt, caption)
    drawing.svg()  # lays the figure out: only now do places have their coordinates
    return Picker(
        drawing, places(figure, axes, runs), [run.told for run in runs]
    )


def places(
    figure: Figure, axes: Axes, runs: Sequence[Run]
) -> list[tuple[float, float]]:
    """Give where each start lies, in percent of the figure from its top left."""
    starts = np.array([run.em[0] for run in runs])
    at = figure.transFigure.inverted().transform(
        axes.transData.transform(starts)
    )
    return [(100 * left, 100 * (1 - top)) for left, top in at]
