"""Figures of the bells: points on a line, densities, responsibilities, steps."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from em import Step
from em.figures.drawing import (
    COLOURS,
    INK,
    MARKERS,
    NAMES,
    Drawing,
    blend,
    draw,
    finish,
    plain,
    style,
    words,
)
from em.models.normals import Normals, e_step, log_density
from em.numbers.arrays import Array


def heights(x: np.ndarray, normals: Normals) -> np.ndarray:
    """Give how high each bell stands over `x`, mixing weight included, (n, k)."""
    bells: np.ndarray = np.exp(log_density(x, normals)) * normals.weights
    return bells


def over(x: np.ndarray) -> np.ndarray:
    """Give a fine grid over the points and somewhat beyond."""
    room = 0.3 * (x.max() - x.min())
    return np.linspace(x.min() - room, x.max() + room, 160)


def dots(axes: Axes, x: np.ndarray, shares: np.ndarray) -> None:
    """Put the points on the axis, coloured by their shares."""
    axes.scatter(
        x,
        np.zeros(len(x)),
        c=blend(shares),
        marker=MARKERS[0],
        s=34,
        alpha=0.75,
        linewidth=0,
        clip_on=False,
        zorder=3,
    )


def bells(axes: Axes, grid: np.ndarray, normals: Normals, **look: Any) -> None:
    """Draw each bell in its colour and dashes."""
    for k, curve in enumerate(heights(grid, normals).T):
        axes.plot(grid, curve, **(style(k) | look))


def name(axes: Axes, normals: Normals) -> None:
    """Write each bell's letter over its top."""
    for k, mean in enumerate(normals.means):
        top = heights(np.array([mean]), normals)[0, k]
        axes.annotate(
            NAMES[k],
            (mean, top),
            (0, 3),
            textcoords="offset points",
            ha="center",
        )


def density(
    x: np.ndarray, normals: Normals, at: float, caption: str
) -> Drawing:
    """Draw the bells, and how high each stands over one point."""
    figure, axes = draw(2.7)
    bells(axes, over(x), normals)
    high = heights(np.array([at]), normals)[0]
    for k, height in enumerate(high):
        axes.plot([at], [height], MARKERS[k], color=COLOURS[k], markersize=6)
        axes.annotate(
            f"{NAMES[k]} {height:.4f}",
            (at, height),
            (-12, 22) if k % 2 == 0 else (12, 22),
            textcoords="offset points",
            ha="right" if k % 2 == 0 else "left",
            arrowprops={"arrowstyle": "-", "linewidth": 0.8, "edgecolor": INK},
        )
    axes.plot(
        [at, at],
        [0, high.max()],
        color=COLOURS[int(high.argmax())],
        linewidth=0.8,
    )
    name(axes, normals)
    dots(axes, x, np.full((len(x), len(high)), 1 / len(high)))
    axes.set(ylim=(0, None), xlabel="x", ylabel="density × mixing weight")
    alt = f"""Two bells over the points. At x = {at:.2f} their heights are
        {words(high, 4)}."""
    return finish(figure, alt, caption)


def responsibilities(x: np.ndarray, normals: Normals, caption: str) -> Drawing:
    """Draw the points under the bells in mixed colours, and each one's share below."""
    shares, _ = e_step(x, normals)
    grid = over(x)
    figure, (top, bottom) = draw(3.6, 2, 1, sharex=True)
    bells(top, grid, normals)
    name(top, normals)
    dots(top, x, shares)
    top.set(ylim=(0, None))
    plain(top, "left")
    bottom.plot(
        grid, e_step(grid, normals)[0][:, 1], color="#888888", linewidth=0.9
    )
    bottom.scatter(
        x, shares[:, 1], c=blend(shares), s=26, linewidth=0, zorder=3
    )
    bottom.set(ylim=(-0.05, 1.05), xlabel="x", title="responsibility of B")
    undecided = ((shares[:, 0] > 0.05) & (shares[:, 0] < 0.95)).sum()
    alt = f"""Above, {len(x)} points under two bells with means {words(normals.means)}; red
        points belong to A, blue to B, purple ones are shared. Below, the responsibility
        of B for each point, from 0 to 1 along a curve; {undecided} points lie
        between 0.05 and 0.95."""
    return finish(figure, alt, caption)


def frames(
    x: np.ndarray,
    taken: Sequence[Step[Normals, Array]],
    numbers: Sequence[int] = (0, 20),
) -> list[Drawing]:
    """Draw each step by itself, all to one scale: what stands for a figure."""
    grid = over(x)
    top = max(heights(grid, step.params).max() for step in taken)
    drawn = []
    for number, step in zip(numbers, taken, strict=True):
        figure, axes = draw(2.4)
        bells(axes, grid[::2], step.params)
        name(axes, step.params)
        dots(axes, x, step.posterior)
        axes.set(ylim=(0, 1.12 * top), xlim=(grid[0], grid[-1]))
        plain(axes, "left")
        alt = f"""Step {number}: points coloured by responsibility under two bells
            with means {words(step.params.means)} and standard deviations
            {words(step.params.stds)}."""
        drawn.append(finish(figure, alt, f"Step {number}"))
    return drawn


def twenty(
    x: np.ndarray, taken: Sequence[Step[Normals, Array]], caption: str
) -> Drawing:
    """Draw the bells of every step over each other, the latest the strongest."""
    figure, axes = draw(2.7)
    grid = over(x)[::2]
    for step in taken[:-1]:
        for k, curve in enumerate(heights(grid, step.params).T):
            # As long as the dashes of the bold line, which stay visible so.
            dashes = "-" if k == 0 else (0, (16.25, 6.5))
            look = {"alpha": 0.45, "linewidth": 0.8, "linestyle": dashes}
            axes.plot(grid, curve, color=COLOURS[k], **look)
    bells(axes, over(x), taken[-1].params, linewidth=2.6)
    dots(axes, x, taken[-1].posterior)
    name(axes, taken[-1].params)
    axes.set(ylim=(0, None))
    plain(axes, "left")
    first, last = taken[0].params, taken[-1].params
    alt = f"""Two bell curves, one red, one blue and dashed, drawn thinly for each of
        {len(taken) - 1} steps and boldly after the last, over {len(x)} points. Their means move
        from {words(first.means)} to {words(last.means)}; the points below are red, blue
        or, between the bells, purple."""
    return finish(figure, alt, caption)
