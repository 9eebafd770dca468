"""Figures of what goes wrong: where starts end, a collapse, a slow end, other paths."""

from collections.abc import Mapping, Sequence

import numpy as np

from em import Step
from em.figures.drawing import (
    COLOURS,
    INK,
    MARKERS,
    NAMES,
    Drawing,
    draw,
    finish,
    plain,
    style,
    words,
)
from em.figures.normals import bells, dots, heights
from em.figures.transcripts import power
from em.models.normals import Normals
from em.numbers.arrays import Array

# How an end is drawn: colour, marker, size.
ENDS = {
    "best": (COLOURS[0], "o", 7),
    "mirror": (COLOURS[1], "s", 7),
    "spurious": (COLOURS[2], "^", 14),
    "saddle": (INK, "D", 42),
    "collapsed": (COLOURS[3], "X", 48),
}


def basins(
    starts: Sequence[Normals], ends: Sequence[str], caption: str
) -> Drawing:
    """Draw each start, in the colour and shape of where it ended.

    Two bells are told by how far A starts from B, and by how much wider it is.
    """
    apart = np.array([start.means[0] - start.means[1] for start in starts])
    wider = np.array([start.stds[0] / start.stds[1] for start in starts])
    figure, axes = draw(4.4)
    kinds = np.array(ends)
    for kind, (colour, marker, size) in ENDS.items():
        mine = kinds == kind
        axes.scatter(
            apart[mine],
            wider[mine],
            s=size,
            c=colour,
            marker=marker,
            linewidth=0,
            label=f"{kind} ({mine.sum():,})",
        )
    axes.set_yscale("log", base=2)
    axes.set(
        xlabel="mean of A − mean of B, at the start",
        ylabel="std of A / std of B, at the start",
    )
    axes.set_yticks([1 / 16, 1 / 4, 1, 4, 16], ["1/16", "1/4", "1", "4", "16"])
    figure.legend(
        loc="outside upper left",
        frameon=False,
        ncols=3,
        handletextpad=0.2,
        columnspacing=1,
        markerscale=1.4,
    )
    told = ", ".join(f"{(kinds == kind).sum():,} {kind}" for kind in ENDS)
    alt = f"""{len(starts):,} starts of two bells, placed by how far A lies from B and how much
        wider it is, each marked by where it ended: {told}. Left of the middle most reach
        the best fit, right of it its mirror. Spurious ends lie at the top and at the
        bottom, where one bell starts much narrower than the other."""
    return finish(figure, alt, caption)


def collapse(
    x: np.ndarray, taken: Sequence[Step[Normals, Array]], at: float
) -> list[Drawing]:
    """Draw the bells around one point, step by step, as one shrinks onto it."""
    drawn = []
    for number, step in enumerate(taken):
        figure, axes = draw(2.4)
        for k, (mean, std) in enumerate(
            zip(step.params.means, step.params.stds, strict=True)
        ):
            # As far as a needle of height 10⁷ is still to be seen.
            near = mean + std * np.linspace(-8, 8, 97)
            grid = np.sort(np.r_[np.linspace(at - 1.2, at + 1.2, 41), near])
            grid = grid[np.abs(grid - at) <= 1.2]
            axes.plot(grid, heights(grid, step.params)[:, k], **style(k))
        near = np.abs(x - at) <= 1.2
        dots(axes, x[near], step.posterior[near])
        std, peak = step.params.stds[0], heights(step.params.means, step.params)
        axes.set(ylim=(0, 5.5), xlim=(at - 1.2, at + 1.2), xlabel="x")
        axes.set_title(f"A: std {std:.3g}, height {peak[0, 0]:.3g}", loc="left")
        plain(axes, "left")
        alt = f"""Step {number}: the points near {at:.2f} under a bell with mean
            {step.params.means[0]:.4f}, standard deviation {std:.3g} and height
            {peak[0, 0]:.3g}, and the edge of a broad one."""
        drawn.append(finish(figure, alt, f"Step {number}"))
    return drawn


def stopping(
    errors: np.ndarray,
    moved: np.ndarray,
    distances: np.ndarray,
    stop: int,
    caption: str,
) -> Drawing:
    """Draw error, step and distance to the limit over the steps, on one log axis."""
    figure, axes = draw(3.4)
    shown = np.unique(np.geomspace(1, len(moved), 120).astype(int)) - 1
    shown = np.union1d(shown, np.arange(0, len(moved), 60))
    lines = [
        ("distance to the limit", distances),
        ("size of the step", moved),
        # Below this, it is all rounding.
        (
            "error in log-likelihood",
            np.where(errors > 1e-11, errors, np.nan),
        ),
    ]
    for k, (label, values) in enumerate(lines):
        axes.plot(shown, values[shown], label=label, **style(k))
    axes.axvline(stop, color=INK, linewidth=0.9)
    for values, colour in ((distances, COLOURS[0]), (moved, COLOURS[1])):
        axes.plot([stop], [values[stop - 1]], "o", color=colour, markersize=5)
        axes.annotate(
            power(values[stop - 1]),
            (stop, values[stop - 1]),
            (5, 1),
            textcoords="offset points",
        )
    axes.set(yscale="log", xlabel="step", xlim=(0, len(moved)), ylim=(1e-13, 1))
    figure.legend(loc="outside upper left", frameon=False, ncols=2)
    alt = f"""Three falling lines over {len(moved):,} steps on a logarithmic axis, straight
        nearly all the way: the distance to the limit is always far above the size of the
        step. At step {stop:,} the step is {moved[stop - 1]:.1e} and the
        distance {distances[stop - 1]:.1e}. The error of the log-likelihood falls
        twice as steeply, until rounding hides it."""
    return finish(figure, alt, caption)


def leanings(
    x: np.ndarray, shares: np.ndarray, groups: np.ndarray, caption: str
) -> Drawing:
    """Draw how much each point leans to B, in its true colour; ring the wrong ones."""
    wrong = shares.argmax(axis=1) != groups
    figure, axes = draw(2.7)
    for k in np.unique(groups):
        mine = groups == k
        axes.scatter(
            x[mine],
            shares[mine, 1],
            s=32,
            c=COLOURS[k],
            marker=MARKERS[k],
            linewidth=0,
            alpha=0.8,
            label=f"truly {NAMES[k]}",
        )
    axes.scatter(
        x[wrong], shares[wrong, 1], s=150, facecolor="none", edgecolor=INK
    )
    axes.axhline(0.5, color=INK, linewidth=0.8, linestyle=(0, (5, 2)))
    axes.set(xlabel="x", ylabel="responsibility of B", ylim=(-0.05, 1.05))
    axes.legend(loc="lower right", frameon=False)
    places = ", ".join(f"{place:.2f}" for place in x[wrong])
    alt = f"""{len(x)} points by their place and by the responsibility of B. Above one half
        they lean to B, below to A. Ringed are {wrong.sum()} that lean to the wrong group,
        at x = {places}."""
    return finish(figure, alt, caption)


def side_by_side(
    x: np.ndarray, ways: Mapping[str, Sequence[tuple[Normals, Array, float]]]
) -> list[Drawing]:
    """Draw several ways step by step, each below the other, to one scale."""
    drawn = []
    for number, states in enumerate(zip(*ways.values(), strict=True)):
        figure, rows = draw(3.8, len(ways), 1, sharex=True, sharey=True)
        told = []
        for axes, way, (found, r, height) in zip(
            rows, ways, states, strict=True
        ):
            bells(axes, np.linspace(-0.5, 4.5, 121), found)
            dots(axes, x, r)
            axes.set(ylim=(0, 0.75), xlim=(-0.5, 4.5))
            axes.set_title(f"{way}: log-likelihood −{-height:.3f}", loc="left")
            plain(axes, "left")
            told.append(
                f"{way}, means {words(found.means)}, widths {words(found.stds)}, "
                f"log-likelihood {height:.3f}"
            )
        alt = f"Step {number}: two bells over the points. {'; '.join(told)}."
        drawn.append(finish(figure, alt, f"Step {number}"))
    return drawn
