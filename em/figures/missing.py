"""Figures of a table with holes: what was seen, what is filled in, what line it gives."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from scipy.stats import norm

from em import Step
from em.figures.drawing import (
    COLOURS,
    INK,
    MARKERS,
    Drawing,
    draw,
    finish,
    plain,
    style,
)
from em.models.missing_normal import Expected, Normal, given

FIRST = np.array([True, False])  # the first of two columns is seen
GREY = "#808080"


def regression(normal: Normal) -> tuple[float, float, float]:
    """Give intercept and slope of the second column on the first, and the std left."""
    slopes, left = given(normal.covariance, FIRST)
    intercept = normal.mean[1] - slopes.item() * normal.mean[0]
    return float(intercept), slopes.item(), float(np.sqrt(left.item()))


def across(axes: Axes, normal: Normal, **look: Any) -> None:
    """Draw the regression line of the second column on the first, from side to side."""
    intercept, slope, _ = regression(normal)
    ends = np.array(axes.get_xlim())
    axes.plot(ends, intercept + slope * ends, **look)


def window(axes: Axes, table: np.ndarray, names: Sequence[str]) -> None:
    """Set the frame around all that was seen."""
    low, high = np.nanmin(table, axis=0), np.nanmax(table, axis=0)
    room = 0.12 * (high - low)
    axes.set(xlim=(low[0] - room[0], high[0] + room[0]), xlabel=names[0])
    axes.set(ylim=(low[1] - room[1], high[1] + room[1]), ylabel=names[1])
    axes.locator_params(nbins=5, steps=[1, 2, 5, 10])


def dots(axes: Axes, points: np.ndarray, **look: Any) -> None:
    """Put a dot for each row."""
    usual: dict[str, Any] = {"s": 26, "c": GREY, "linewidth": 0, "zorder": 3}
    axes.scatter(*points.T, **(usual | look))


def rings(axes: Axes, points: np.ndarray, k: int, **look: Any) -> None:
    """Put a hollow mark for each row, in the manner of component k."""
    usual = {"facecolor": "none", "edgecolor": COLOURS[k], "linewidth": 1.1}
    dots(axes, points, c=None, marker=MARKERS[k], **(usual | look))


def column(
    values: np.ndarray, taken: Sequence[Step[Normal, Expected]]
) -> list[Drawing]:
    """Draw one column with holes and the normal of each step, for a figure that steps."""
    seen, n_holes = values[~np.isnan(values)], int(np.isnan(values).sum())
    stds = [float(np.sqrt(step.params.covariance.item())) for step in taken]
    means = [step.params.mean.item() for step in taken]
    reach = np.array([-2.4, 2.4]) * max(stds)
    low, high = min(means) + reach[0], max(means) + reach[1]
    x = np.linspace(low, high, 160)
    top = max(norm.pdf(0, 0, std) for std in stds)
    drawings = []
    for number, (mean, std) in enumerate(zip(means, stds, strict=True)):
        figure, axes = draw(2.4)
        axes.plot(x, norm.pdf(x, mean, std), **style(0))
        axes.scatter(seen, np.full(len(seen), -0.1 * top), c=INK, s=34)
        # The holes: where they are expected, and one std to either side.
        rows = -top * (0.24 + 0.13 * np.arange(n_holes))
        axes.hlines(rows, mean - std, mean + std, color=COLOURS[1], lw=1.4)
        axes.scatter(
            np.full(n_holes, mean),
            rows,
            s=34,
            marker=MARKERS[1],
            facecolor="none",
            edgecolor=COLOURS[1],
            linewidth=1.4,
        )
        axes.set(xlim=(low, high), ylim=(-0.5 * top, 1.1 * top), xlabel="°C")
        axes.axhline(0, color=GREY, linewidth=0.8)
        plain(axes, "left")
        alt = f"""Step {number}: a bell around {mean:.2f} with standard deviation {std:.2f}. Below
            it {len(seen)} dots, the values seen, and {n_holes} hollow squares, the holes, at
            {mean:.2f}, each with a bar from {mean - std:.2f} to {mean + std:.2f}."""
        drawings.append(finish(figure, alt, f"Step {number}"))
    return drawings


def holes(table: np.ndarray, names: Sequence[str], caption: str) -> Drawing:
    """Draw a table of two columns: dots for whole rows, strokes for half ones."""
    figure, axes = draw(3.2)
    window(axes, table, names)
    lost = np.isnan(table)
    dots(axes, table[~lost.any(axis=1)])
    x_only, y_only = (table[~lost[:, k] & lost[:, 1 - k], k] for k in (0, 1))
    bottom, left = axes.get_xaxis_transform(), axes.get_yaxis_transform()
    axes.vlines(x_only, 0, 0.06, color=GREY, linewidth=1.8, transform=bottom)
    axes.hlines(y_only, 0, 0.04, color=GREY, linewidth=1.8, transform=left)
    alt = f"""{(~lost).all(axis=1).sum()} grey dots that rise from the lower left to the upper
        right, {names[1]} over {names[0]}. {len(x_only)} strokes on the horizontal axis:
        only {names[0]} is known. {len(y_only)} strokes on the vertical axis: only
        {names[1]} is known. {lost.all(axis=1).sum()} rows cannot be drawn at all."""
    return finish(figure, alt, caption)


def fills(
    table: np.ndarray,
    fillings: Mapping[str, tuple[np.ndarray, Normal]],
    names: Sequence[str],
    caption: str,
) -> Drawing:
    """Draw ways of filling the table side by side, each with its regression line."""
    figure, panels = draw(3.1, 1, len(fillings), sharey=True)
    had, told = np.isnan(table).any(axis=1), []
    for k, (axes, (name, (filled, normal))) in enumerate(
        zip(panels, fillings.items(), strict=True)
    ):
        window(axes, table, names if k == 0 else (names[0], ""))
        dots(axes, table[~had], s=16)
        rings(axes, filled[had], k, s=22)
        across(axes, normal, **style(k))
        axes.set_title(name)
        _, slope, left = regression(normal)
        told.append(
            f"{name}: a line of slope {slope:.3f}, standard deviation {left:.3f} around it"
        )
    alt = f"""{len(told)} panels of {names[1]} over {names[0]}: grey dots for the rows that
        were whole, hollow marks for those that were filled in. {"; ".join(told)}."""
    return finish(figure, alt, caption)


def expected(
    normal: Normal, at: float, names: Sequence[str], caption: str
) -> Drawing:
    """Draw what is expected of the second column where the first is `at`."""
    figure, axes = draw(3.2)
    intercept, slope, left = regression(normal)
    mean, stds = normal.mean, np.sqrt(np.diag(normal.covariance))
    window(axes, np.array([mean - 2.4 * stds, mean + 2.4 * stds]), names)
    turn = np.linspace(0, 2 * np.pi, 90)
    circle = np.array([np.cos(turn), np.sin(turn)])
    ellipse = np.linalg.cholesky(normal.covariance) @ circle
    for radius in (1, 2):  # standard deviations from the mean
        axes.plot(*(mean[:, None] + radius * ellipse), color=GREY, linewidth=1)
    across(axes, normal, **style(0))
    middle = intercept + slope * at
    y = np.linspace(middle - 3 * left, middle + 3 * left, 90)
    height = norm.pdf(y, middle, left) * left * 3.2
    axes.fill_betweenx(y, at, at + height, color=COLOURS[1], alpha=0.3, lw=0)
    axes.plot(at + height, y, color=COLOURS[1])
    axes.axvline(at, color=COLOURS[1], linewidth=0.9)
    axes.plot([at], [middle], "o", color=COLOURS[1])
    axes.annotate(
        f"expected {middle:.2f}\nstd {left:.2f}",
        (at, middle),
        (-150, 26),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "linewidth": 0.8, "edgecolor": INK},
    )
    alt = f"""Two slanting ellipses, the normal of {names[0]} and {names[1]}, and its
        regression line. On the vertical line where {names[0]} is {at:.1f} stands a
        sideways bell around {middle:.2f}, with standard deviation {left:.2f}."""
    return finish(figure, alt, caption)


def frames(
    table: np.ndarray,
    taken: Sequence[Step[Normal, Expected]],
    names: Sequence[str],
) -> list[Drawing]:
    """Draw the table as filled at each step, and the line, for a figure that steps."""
    had = np.isnan(table).any(axis=1)
    drawings = []
    for number, step in enumerate(taken):
        figure, axes = draw(3.2)
        window(axes, table, names)
        dots(axes, table[~had])
        rings(axes, step.posterior.filled[had], 0)
        across(axes, step.params, **style(0))
        _, slope, left = regression(step.params)
        alt = f"""Step {number}: grey dots for whole rows, hollow ones for rows as filled at this
            step, and a line of slope {slope:.3f} with standard deviation {left:.3f} around it."""
        drawings.append(finish(figure, alt, f"Step {number}"))
    return drawings


def shrinking(paths: Mapping[str, Sequence[Normal]], caption: str) -> Drawing:
    """Draw over the steps the standard deviation around the regression line."""
    figure, axes = draw(2.5)
    told = []
    for k, (name, path) in enumerate(paths.items()):
        lefts = [regression(normal)[2] for normal in path]
        axes.plot(lefts, marker=MARKERS[k], markersize=4, **style(k))
        axes.annotate(
            f"{name} {lefts[-1]:.2f}",
            (len(lefts) - 1, lefts[-1]),
            (0, 8 if k == 0 else -16),
            textcoords="offset points",
            ha="right",
        )
        told.append(f"{name} from {lefts[0]:.2f} to {lefts[-1]:.2f}")
    axes.set(xlabel="step", ylabel="std around the line", ylim=(0, None))
    alt = f"The standard deviation around the line over the steps: {'; '.join(told)}."
    return finish(figure, alt, caption)


def lines(
    table: np.ndarray,
    whole: np.ndarray,
    fits: Mapping[str, Normal],
    names: Sequence[str],
    caption: str,
) -> Drawing:
    """Draw regression lines over all rows, those that had a hole hollow."""
    figure, axes = draw(3.4)
    window(axes, whole, names)
    had = np.isnan(table).any(axis=1)
    dots(axes, whole[~had])
    rings(axes, whole[had], 0, edgecolor=GREY)
    for k, (name, normal) in enumerate(fits.items()):
        across(axes, normal, label=name, **style(k))
    axes.legend(loc="upper left", frameon=False)
    told = "; ".join(
        f"{name} slope {regression(normal)[1]:.3f}"
        for name, normal in fits.items()
    )
    alt = f"""{len(whole)} dots of {names[1]} over {names[0]}, hollow where a value had been
        lost, and {len(fits)} lines through them: {told}."""
    return finish(figure, alt, caption)
