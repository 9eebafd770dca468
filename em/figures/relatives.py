"""Figures of EM's relatives: bells of several methods, and how their numbers wander."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

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
from em.figures.normals import dots, heights, name, over
from em.models.normals import Normals
from em.numbers.arrays import Array

Taken = tuple[Normals, Array]  # bells, and the shares that they were made of


def frames(
    x: Array, runs: Mapping[str, Sequence[Taken]], highest: float = 0.27
) -> list[Drawing]:
    """Draw the methods under each other, at their first step and their last."""
    room = over(x)
    drawn = []
    steps = list(enumerate(zip(*runs.values(), strict=True)))
    for number, states in (steps[0], steps[-1]):
        figure, rows = draw(4.6, len(runs), 1, sharex=True)
        told = []
        for axes, title, (params, shares) in zip(
            rows, runs, states, strict=True
        ):
            outlines(axes, params)
            dots(axes, x, shares)
            axes.set(ylim=(0, highest), xlim=(room[0], room[-1]))
            axes.set_title(title)
            plain(axes, "left")
            told.append(f"{title}: means {words(params.means)}")
        alt = f"""Step {number}, {len(runs)} pictures of the same points under two bells.
            {"; ".join(told)}."""
        drawn.append(finish(figure, alt, f"Step {number}"))
    return drawn


def gallery(
    x: Array,
    found: Mapping[str, tuple[Sequence[Normals], Array]],
    caption: str,
) -> Drawing:
    """Draw one small picture a method: its bells, pale where there are many."""
    lines = (len(found) + 1) // 2
    figure, rows = draw(1.4 * lines, lines, 2, sharex=True, sharey=True)
    told = []
    for axes, (title, (several, shares)) in zip(
        rows.ravel(), found.items(), strict=True
    ):
        look = {"alpha": 0.4, "linewidth": 1.2} if len(several) > 1 else {}
        for one in several:
            outlines(axes, one, **look)
        under(axes, x, shares)
        axes.set(ylim=(-0.095, 0.29), xlim=(x.min() - 2, x.max() + 2))
        axes.set_title(title, pad=3)
        plain(axes, "left")
        axes.set_xticks([0, 5, 10])
        axes.spines["bottom"].set_position("zero")
        axes.tick_params(pad=26)  # their numbers stand below the points
        means = np.mean([one.means for one in several], axis=0)
        told.append(f"{title}: {len(several)} pairs, means {words(means)}")
    alt = f"""Small pictures of the same {len(x)} points, each under the bells of
        one method. {"; ".join(told).replace(": 1 pairs, ", ": ")}."""
    return finish(figure, alt, caption)


def outlines(axes: Axes, params: Normals, **look: Any) -> None:
    """Draw each bell as far as it can be told from the axis."""
    at = np.linspace(-3.2, 3.2, 41)
    for k, (mean, std) in enumerate(
        zip(params.means, params.stds, strict=True)
    ):
        grid = mean + std * at
        axes.plot(grid, heights(grid, params)[:, k], **(style(k) | look))


def under(axes: Axes, x: Array, shares: Array) -> None:
    """Put the points below the axis, in three rows, so that few lie on another."""
    row = np.argsort(np.argsort(x)) % 3
    axes.scatter(
        x,
        -0.025 * (1 + row),
        c=blend((8 * shares).round() / 8),  # few colours are few paths
        s=13,
        linewidth=0,
        zorder=3,
    )


def beside(
    x: Array,
    ours: Normals,
    theirs: Normals,
    shares: Array,
    told: str,
    caption: str,
    known: Array | None = None,
) -> Drawing:
    """Draw `ours` as lines, `theirs` broad and pale; `known` points with shapes.

    `told` says in words what the two are.
    """
    figure, axes = draw(2.4)
    outlines(axes, theirs, linewidth=5, alpha=0.3, linestyle="-")
    outlines(axes, ours)
    name(axes, ours)
    dots(axes, x, shares)
    if known is not None:
        mark(axes, x, known)
    top = heights(over(x), ours).max()
    axes.set(ylim=(0, 1.25 * top), xlim=(over(x)[0], over(x)[-1]), xlabel="x")
    plain(axes, "left")
    alt = f"""Two pairs of bells over the points. {told} Lines: means
        {words(ours.means)}, standard deviations {words(ours.stds)}. Broad and pale:
        means {words(theirs.means)}, standard deviations {words(theirs.stds)}."""
    return finish(figure, alt, caption)


def mark(axes: Axes, x: Array, labels: Array) -> None:
    """Put the labelled points above the axis, in the shape of their component."""
    for k in range(int(labels.max()) + 1):
        mine = labels == k
        axes.scatter(
            x[mine],
            np.full(mine.sum(), 0.012),
            marker=MARKERS[k],
            s=64,
            facecolor="none",
            edgecolor=COLOURS[k],
            linewidth=1.6,
            clip_on=False,
            zorder=4,
        )


def wander(
    values: Array,
    what: str,
    steps: str,
    caption: str,
    levels: Array | None = None,
    first: int = 0,
) -> Drawing:
    """Draw numbers step by step, (steps, k), and the levels of EM, dashed."""
    figure, axes = draw(2.4)
    every = max(1, len(values) // 200)
    at = np.arange(first, first + len(values))[::every]
    thin = {"linewidth": 1} if len(at) > 100 else {}
    room = 0.05 * (values.max() - values.min())
    for k, series in enumerate(values[::every].T):
        axes.plot(at, series, **(style(k) | thin | {"linestyle": "-"}))
        alone = np.abs(np.delete(values[-1], k) - series[-1]).min() > room
        if alone:  # no letter is written over another
            axes.annotate(
                NAMES[k],
                (at[-1], series[-1]),
                (5, 0),
                textcoords="offset points",
                va="center",
            )
    for level in [] if levels is None else levels:
        axes.axhline(level, color=INK, linewidth=1, linestyle=(0, (5, 2)))
    axes.set(xlabel=steps, ylabel=what, xlim=(first, at[-1]))
    ends = words(values[-1])
    alt = f"""The {what} of {values.shape[1]} bells over {len(values):,} {steps}. They begin at
        {words(values[0])} and are at {ends} in the last, having been as low as
        {words(values.min(axis=0))} and as high as {words(values.max(axis=0))}."""
    return finish(figure, alt, caption)


def interval(
    grid: Array, exact: Array, drawn: Array, what: str, caption: str
) -> Drawing:
    """Draw a density that is known over a histogram of draws from it."""
    figure, axes = draw(2.3)
    axes.hist(
        drawn,
        bins=40,
        density=True,
        color=blend(np.array([[0.5, 0.5]]))[0],
        alpha=0.4,
    )
    axes.plot(grid, exact, color=INK)
    axes.set(xlabel=what, xlim=(grid[0], grid[-1]))
    plain(axes, "left")
    peak = grid[int(exact.argmax())]
    alt = f"""A histogram of {len(drawn):,} draws of {what}, mean {drawn.mean():.4f}, under
        the exact density, which is highest at {peak:.3f}."""
    return finish(figure, alt, caption)


def sweeps(x: Array, taken: Mapping[int, Taken]) -> list[Drawing]:
    """Draw some sweeps of a sampler: the bells it drew, and the labels before."""
    room, drawn = over(x), []
    for number, (params, labels) in taken.items():
        figure, axes = draw(2.6)
        outlines(axes, params)
        name(axes, params)
        dots(axes, x, labels)
        axes.set(ylim=(0, 0.36), xlim=(room[0], room[-1]), xlabel="x")
        plain(axes, "left")
        alt = f"""Sweep {number:,d}: the points in the colours of their labels, under the bells
            that were drawn, means {words(params.means)}, standard deviations {words(params.stds)}."""
        drawn.append(finish(figure, alt, f"Sweep {number:,d}"))
    return drawn
