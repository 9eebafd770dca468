"""Figures of lifetimes: a test that ended too early, and the lines through it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from scipy.stats import norm

from em import Step
from em.figures.drawing import COLOURS, INK, Drawing, draw, finish, plain, style
from em.models.censored_regression import Lifetimes, Line, Moments
from em.numbers.truncated import above

GREY = "#808080"


def lifetimes(
    data: Lifetimes,
    fits: Mapping[str, Line],
    celsius: Sequence[float],
    caption: str,
) -> Drawing:
    """Draw failures as dots, what was still running as triangles, and lines through them.

    `celsius` are the temperatures of the different x, in the order of x.
    """
    figure, axes = draw(3.6)
    x, y, failed = beside(data), np.log10(data.hours), data.failed == 1
    marks(axes, x, y, failed)
    ends = np.array([data.x.min() - 0.05, data.x.max() + 0.05])
    for k, (name, line) in enumerate(fits.items()):
        a, b = line.coefficients
        axes.plot(ends, a + b * ends, label=name, **style(k))
    if fits:
        axes.legend(loc="upper left", frameon=False)
    scales(axes, data, celsius, (2.2, 4.6))
    told = "; ".join(
        f"{name} {line.coefficients[0]:.3f} + {line.coefficients[1]:.3f} x, "
        f"standard deviation {line.std:.3f}"
        for name, line in fits.items()
    )
    alt = f"""Hours, in powers of ten, at {len(np.unique(data.x))} temperatures; the cooler, the further right
        and the longer: {failed.sum()} dots for failures, {(~failed).sum()} hollow
        triangles for motorettes that were still running."""
    return finish(figure, alt + (f" Lines: {told}." if told else ""), caption)


def frames(
    data: Lifetimes,
    taken: Sequence[Step[Line, Moments]],
    celsius: Sequence[float],
) -> list[Drawing]:
    """Draw at each step the line, and where it expects what was still running.

    `celsius` are the temperatures of the different x, in the order of x.
    """
    x, y, failed = beside(data), np.log10(data.hours), data.failed == 1
    ends = np.array([data.x.min() - 0.05, data.x.max() + 0.05])
    highest = max(step.posterior.mean.max() for step in taken)
    drawings = []
    for number, step in enumerate(taken):
        figure, axes = draw(3.4)
        marks(axes, x, y, failed)
        hidden, running = step.posterior.mean[~failed], x[~failed]
        axes.vlines(
            running, y[~failed], hidden, color=COLOURS[1], lw=0.8, alpha=0.6
        )
        axes.scatter(
            running, hidden, s=20, marker="s", color=COLOURS[1], zorder=4
        )
        a, b = step.params.coefficients
        axes.plot(ends, a + b * ends, **style(0))
        scales(axes, data, celsius, (2.2, highest + 0.1))
        alt = f"""Step {number}: the line {a:.3f} + {b:.3f} x through {failed.sum()} dots, the
            failures, and {(~failed).sum()} squares, each as far above its triangle as this
            step expects the motorette to last, up to {hidden.max():.3f} in log10 hours."""
        drawings.append(finish(figure, alt, f"Step {number}"))
    return drawings


def beside(data: Lifetimes) -> np.ndarray:
    """Give x, (n,), moved a little so that what falls together stands side by side."""
    tests = np.column_stack([data.x, data.hours, data.failed])
    spots, which = np.unique(tests, axis=0, return_inverse=True)
    moved = data.x.copy()
    for spot in range(len(spots)):
        mine = which.ravel() == spot
        moved[mine] += 0.016 * (np.arange(mine.sum()) - (mine.sum() - 1) / 2)
    return moved


def marks(axes: Axes, x: np.ndarray, y: np.ndarray, failed: np.ndarray) -> None:
    """Put a dot for each failure, a hollow triangle for what was still running."""
    axes.scatter(x[failed], y[failed], s=24, color=GREY, linewidth=0, zorder=3)
    axes.scatter(
        x[~failed],
        y[~failed],
        s=28,
        marker="^",
        facecolor="none",
        edgecolor=GREY,
        linewidth=1,
        zorder=3,
    )


def scales(
    axes: Axes,
    data: Lifetimes,
    celsius: Sequence[float],
    ylim: tuple[float, float],
) -> None:
    """Name both axes: temperatures below, hours on the left."""
    axes.set(xlabel="x = 1000 / (°C + 273.2)", ylabel="hours", ylim=ylim)
    at = np.unique(data.x)
    labels = [f"{x:.3f}\n{c:g} °C" for x, c in zip(at, celsius, strict=True)]
    axes.set_xticks(at, labels)
    axes.set_yticks([3, 4], ["1,000", "10,000"])


def cut(line: Line, x: float, hours: float, caption: str) -> Drawing:
    """Draw the bell of log10 lifetimes at `x`, and the part of it above `hours`."""
    figure, axes = draw(2.6)
    fitted = line.coefficients @ [1, x]
    limit = np.log10(hours)
    beyond, variance = (
        part.item() for part in above(np.array([(limit - fitted) / line.std]))
    )
    mean, std = fitted + line.std * beyond, line.std * np.sqrt(variance)
    grid = np.linspace(fitted - 3.2 * line.std, fitted + 3.6 * line.std, 160)
    bell = norm.pdf(grid, fitted, line.std)
    tail, top = grid >= limit, bell.max()
    axes.plot(grid, bell, color=GREY)
    axes.fill_between(grid[tail], bell[tail], color=COLOURS[1], alpha=0.3, lw=0)
    axes.axvline(limit, color=INK, linewidth=0.9)
    axes.annotate(
        "end of the test",
        (limit, 1.08 * top),
        (-6, 0),
        textcoords="offset points",
        ha="right",
    )
    axes.plot([mean - std, mean + std], [0.12 * top] * 2, color=COLOURS[1])
    axes.plot([mean], [0.12 * top], "o", color=COLOURS[1])
    axes.annotate(
        f"expected {mean:.3f}\nstd {std:.3f}",
        (mean, 0.12 * top),
        (56, 56),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "linewidth": 0.8, "edgecolor": INK},
    )
    axes.set(xlabel="log10 hours", ylim=(0, 1.2 * top))
    plain(axes, "left")
    alt = f"""A bell around {fitted:.3f}. The part of it to the right of {limit:.3f}, the end of
        the test, is shaded; its mean is {mean:.3f}, its standard deviation {std:.3f}."""
    return finish(figure, alt, caption)
