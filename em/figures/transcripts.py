"""Figures of the transcripts: which reads fit where, and how they are shared out."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from em import Step
from em.figures.drawing import COLOURS, DASHES, Drawing, draw, finish, plain
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances
from em.numbers.arrays import Array

# The toy's transcripts are called by their colours.
TOY = {"red": COLOURS[0], "green": COLOURS[2], "blue": COLOURS[1]}
# What the three have in common, and the reads that lie there.
PIECES = ("rgb", "rg", "rb", "gb", "r", "g", "b")


def puzzle(caption: str) -> Drawing:
    """Draw three transcripts in pieces, and five reads under the pieces they fit."""
    figure, axes = draw(2.3)
    for row, (name, colour) in enumerate(TOY.items()):
        axes.text(-0.15, -row, name, ha="right", va="center")
        for at, piece in enumerate(PIECES):
            if name[0] in piece:
                bar(axes, at, -row, 0.96, colour)
            else:
                axes.plot([at, at + 0.96], [-row, -row], ":", color=colour)
    for at, piece in enumerate(PIECES[:5]):
        axes.plot(
            [at + 0.2, at + 0.76],
            [-3.1] * 2,
            color=COLOURS[5],
            lw=5,
            solid_capstyle="butt",
        )
        axes.text(at + 0.48, -3.75, piece, ha="center", va="center")
    axes.text(-0.15, -3.1, "reads", ha="right", va="center")
    axes.text(-0.15, -3.75, "fit", ha="right", va="center")
    axes.set(xlim=(-1, 7), ylim=(-4.1, 0.5))
    plain(axes, "left", "bottom")
    alt = """Three bars, the transcripts red, green and blue, each made of four out of seven
        pieces. One piece is in all three, three pieces are in two of them, and each has one
        piece of its own. Five short reads lie under the pieces that fit rgb, rg, rb, gb and r."""
    return finish(figure, alt, caption)


def bar(axes: Axes, left: float, row: float, width: float, colour: str) -> None:
    """Draw a bar, pale inside, from `left` on."""
    axes.barh(
        row,
        width,
        left=left,
        height=0.55,
        facecolor=(colour, 0.3),
        edgecolor=colour,
        linewidth=1,
    )


def sharing(
    classes: Classes, steps: Sequence[Step[Abundances, Array]], caption: str
) -> list[Drawing]:
    """Draw, a frame for each step, every read of the toy cut among red, green and blue."""
    frames = []
    names = ["".join("rgb"[t] for t in row) for row in listed(classes)]
    for step in steps:
        alpha = step.params.alpha / step.params.alpha.sum()
        parts = transcripts.split(classes, step.params).toarray()
        figure, (left, right) = draw(2.4, 1, 2, width_ratios=(3, 2))
        for row, (name, part) in enumerate(zip(names, parts, strict=True)):
            left.text(-0.04, -row, name, ha="right", va="center")
            begin = 0.0
            for share, (text, colour) in zip(part, TOY.items(), strict=True):
                if not share:
                    continue
                bar(left, begin, -row, share, colour)
                if share > 0.14:  # in letters, too: not all tell red from green
                    left.text(
                        begin + share / 2,
                        -row,
                        f"{text[0]} {share:.2f}" if share > 0.2 else text[0],
                        ha="center",
                        va="center",
                    )
                begin += share
        left.set(title="each read, shared out", xlim=(-0.15, 1.02))
        left.set(ylim=(-len(names) + 0.4, 0.6))
        for row, (name, colour) in enumerate(TOY.items()):
            bar(right, 0, -row, alpha[row], colour)
            right.text(alpha[row] + 0.03, -row, f"{name} {alpha[row]:.4f}")
        right.set(title="abundances", xlim=(0, 1.25), ylim=(-2.6, 0.6))
        for axes in (left, right):
            plain(axes, "left", "bottom")
        told = "; ".join(
            f"{name}: {colours(part)}"
            for name, part in zip(names, parts, strict=True)
        )
        alt = f"""Five bars, one for each read, cut among the transcripts it fits. {told}.
            Beside them the abundances: {colours(alpha)}."""
        frames.append(finish(figure, alt, caption))
    return frames


def colours(values: np.ndarray) -> str:
    """Say numbers as in 'red 0.47, green 0.27', without what is 0."""
    pairs = zip(TOY, values, strict=True)
    return ", ".join(f"{name} {value:.2f}" for name, value in pairs if value)


def listed(classes: Classes) -> list[np.ndarray]:
    """Give the transcripts of each class."""
    rows = classes.members
    return np.split(rows.indices, rows.indptr[1:-1])


def overlaps(classes: Classes, names: Sequence[str], caption: str) -> Drawing:
    """Draw which transcripts share reads: a column for each class of several."""
    figure, (left, right) = draw(
        0.25 * len(names) + 0.9, 1, 2, sharey=True, width_ratios=(2, 3)
    )
    rows = listed(classes)
    alone = np.zeros(len(names))
    shared = []
    for row, count in zip(rows, classes.counts, strict=True):
        if len(row) == 1:
            alone[row[0]] = count
        else:
            shared.append((row, count))
    left.barh(-np.arange(len(names)), alone, height=0.6, color=COLOURS[5])
    for t, count in enumerate(alone):
        left.text(count + 60, -t, f"{count:.0f}", va="center")
    left.set(title="reads that fit one\n", xlim=(0, 1.3 * alone.max()))
    left.set_yticks(-np.arange(len(names)), names)
    left.set(xticks=[])
    left.tick_params(axis="y", length=0)
    left.spines[["left", "bottom"]].set_visible(False)
    for column, (row, count) in enumerate(shared):
        right.plot(
            [column] * len(row),
            -row,
            color=COLOURS[1],
            marker="o",
            markersize=7,
            linestyle=DASHES[0],
        )
        right.text(column, 0.55, f"{count:.0f}", ha="center", va="bottom")
        others = np.setdiff1d(np.arange(len(names)), row)
        right.scatter(
            [column] * len(others), -others, s=4, color=COLOURS[5], alpha=0.5
        )
    right.set(title="reads that fit several\n", xlim=(-0.7, len(shared) - 0.3))
    right.set(ylim=(-len(names) + 0.4, 0.9), xticks=[])
    right.spines[["left", "bottom"]].set_visible(False)
    right.tick_params(axis="y", length=0)
    told = "; ".join(
        f"{count:.0f} fit {' and '.join(names[t] for t in row)}"
        for row, count in shared
    )
    alt = f"""A row for each of {len(names)} transcripts, with a bar for the reads that fit it
        alone, {alone.min():.0f} to {alone.max():.0f}, and {len(shared)} columns of linked dots
        for the reads that fit several: {told}."""
    return finish(figure, alt, caption)


def short_of(
    steps: Sequence[Step[Abundances, Array]],
    best: Step[Abundances, Array],
    stop: int,
    caption: str,
) -> Drawing:
    """Draw how far the steps are from the maximum; mark where kallisto stops."""
    figure, (left, right) = draw(2.6, 1, 2)
    short = [best.log_likelihood - step.log_likelihood for step in steps[1:]]
    off = [
        np.abs(best.params.alpha - step.params.alpha).max()
        for step in steps[1:]
    ]
    for axes, values, title in (
        (left, short, "log-likelihood short by"),
        (right, off, "largest error, in reads"),
    ):
        number = np.arange(1, len(values) + 1)
        kept = np.array(values) > 1e-7
        axes.plot(number[kept], np.array(values)[kept], color=COLOURS[1])
        axes.plot(stop, values[stop - 1], "o", color=COLOURS[0])
        axes.annotate(
            f"kallisto:\n{power(values[stop - 1])}",
            (stop, values[stop - 1]),
            xytext=(8, 6),
            textcoords="offset points",
        )
        axes.set(title=title, xlabel="step", yscale="log")
        axes.minorticks_off()
    alt = f"""Two falling curves over the steps, on a logarithmic scale. Where kallisto's rule
        stops, after {stop} steps, the log-likelihood is short of the maximum by
        {short[stop - 1]:.3g}, and the largest error of an abundance is {off[stop - 1]:.3g}
        reads."""
    return finish(figure, alt, caption)


def power(value: float) -> str:
    """Say a number as the axes do: 2.1 × 10⁻⁵ for what is very small."""
    if value >= 1e-3:
        return f"{value:.3g}"
    digits, exponent = f"{value:.1e}".split("e")
    return rf"${digits} \times 10^{{{int(exponent)}}}$"


def scaling(measured: dict[str, Any], caption: str) -> Drawing:
    """Draw the time per round over the number of pairs, both on log axes."""
    _, pairs, times = np.array(measured["rounds"]).T
    figure, axes = draw(2.6)
    axes.plot(pairs, times, "o", color=COLOURS[0], label="measured")
    axes.plot(
        pairs,
        times[-1] / pairs[-1] * pairs,
        color=COLOURS[1],
        linestyle=DASHES[1],
        label="in proportion to the pairs",
    )
    for x, y in zip(pairs, times, strict=True):
        last = x == pairs[-1]
        axes.annotate(
            f"{y:.2g} ms",
            (x, y),
            xytext=(-8, -2) if last else (8, -7),
            textcoords="offset points",
            ha="right" if last else "left",
        )
    axes.set(xscale="log", yscale="log", xlim=(1e3, 1e7))
    axes.set(xlabel="pairs of class and transcript", ylabel="ms a round")
    axes.minorticks_off()
    axes.legend(loc="upper left", frameon=False)
    told = ", ".join(
        f"{y:.2g} milliseconds for {x:,.0f} pairs"
        for x, y in zip(pairs, times, strict=True)
    )
    alt = f"""Four points on logarithmic axes, not far from a straight line through the
        last: {told}."""
    return finish(figure, alt, caption)
