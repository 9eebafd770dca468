"""Figures of digits: small pictures of probabilities, who is in which component."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from em import Step
from em.figures.drawing import COLOURS, INK, Drawing, draw, finish, plain
from em.models.bernoullis import Bernoullis
from em.numbers.arrays import Array

LEVELS = 5  # of grey
SIDE = 8  # pixels a picture is wide and high
BOX = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY]


def paint(axes: Axes, picture: Array, x: float, y: float) -> None:
    """Draw one picture, (64,), with its upper left corner at a place.

    A path for each level of grey, of bars along the lines: so it is small, and
    has the colour of the text around.
    """
    levels = np.round(picture.reshape(SIDE, SIDE) * LEVELS).astype(int)
    for level in range(1, LEVELS + 1):
        bars = [
            [(a, top), (b, top), (b, top + 1), (a, top + 1), (a, top)]
            for row, line in enumerate(levels)
            for top in (y + row,)
            for a, b in runs(line == level, x)
        ]
        if bars:
            path = Path(np.concatenate(bars), BOX * len(bars))
            axes.add_patch(
                PathPatch(
                    path, facecolor=INK, alpha=level / LEVELS, linewidth=0
                )
            )


def runs(on: Array, x: float) -> list[tuple[float, float]]:
    """Return where each run of true values begins and ends, from x on."""
    edges = np.flatnonzero(np.diff(np.r_[False, on, False]))
    return [(x + a, x + b) for a, b in edges.reshape(-1, 2).tolist()]


def gallery(
    pictures: Array,
    words: Sequence[str],
    alt: str,
    caption: str,
    columns: int = 5,
) -> Drawing:
    """Draw pictures, (n, 64), in rows, each with words below it."""
    rows = -(-len(pictures) // columns)
    high = SIDE + (4 if any(words) else 1)
    figure, axes = draw(0.25 + 4.4 * rows * high / (columns * (SIDE + 2)))
    for i, (picture, word) in enumerate(zip(pictures, words, strict=True)):
        x, y = (i % columns) * (SIDE + 2), (i // columns) * high
        paint(axes, picture, x, y)
        axes.text(x + SIDE / 2, y + SIDE + 0.5, word, ha="center", va="top")
    axes.set(xlim=(-1, columns * (SIDE + 2) - 1), ylim=(rows * high, -0.5))
    axes.set_aspect("equal")
    plain(axes, "left", "bottom")
    return finish(figure, alt, caption)


def frames(taken: Sequence[Step[Bernoullis, Array]]) -> list[Drawing]:
    """Draw the means of each step, and how common each component is."""
    return [
        gallery(
            step.params.probabilities,
            [f"{weight:.2f}" for weight in step.params.weights],
            "Ten pictures, one for each component: the more a pixel stands out, the "
            "more probable it is. Below each, how common it is: "
            + ", ".join(f"{w:.2f}" for w in step.params.weights),
            "A step.",
        )
        for step in taken
    ]


def members(counts: Array, caption: str) -> Drawing:
    """Draw how many of each digit, (digits, components), are in which component."""
    digits, components = counts.shape
    figure, axes = draw(4.4)
    side = 0.96 * np.sqrt(counts / counts.max())
    for (digit, k), count in np.ndenumerate(counts):
        if count:
            half = side[digit, k] / 2
            corners = np.array([k, digit]) + half * np.array(
                [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]]
            )
            axes.add_patch(
                PathPatch(
                    Path(corners, BOX),
                    facecolor=(COLOURS[1], 0.3),
                    linewidth=0,
                )
            )
            axes.text(k, digit, f"{count}", ha="center", va="center")
    axes.set(xlim=(-0.6, components - 0.4), ylim=(digits - 0.4, -0.6))
    axes.set_xticks(range(components), [f"{k + 1}" for k in range(components)])
    axes.set_yticks(range(digits), [f"{d}" for d in range(digits)])
    axes.set(xlabel="component", ylabel="true digit")
    told = "; ".join(
        f"digit {d}: "
        + ", ".join(f"{n} in {k + 1}" for k, n in enumerate(row) if n)
        for d, row in enumerate(counts.tolist())
    )
    return finish(
        figure,
        f"A table of digits by components, with counts. {told}.",
        caption,
    )


def ends(heights: Array, agreement: Array, caption: str) -> Drawing:
    """Draw where each start ended, (starts,): log-likelihood and agreement."""
    figure, axes = draw(2.9)
    axes.scatter(heights, agreement, color=INK, s=26)
    best = int(heights.argmax())
    axes.scatter(
        heights[best], agreement[best], color=COLOURS[0], s=60, marker="s"
    )
    axes.annotate(
        "highest",
        (heights[best], agreement[best]),
        (0, -18),
        textcoords="offset points",
        ha="right",
    )
    axes.set(xlabel="log-likelihood at the end")
    axes.set(ylabel="share of pictures named like most of their component")
    axes.locator_params(axis="x", nbins=5)
    axes.margins(y=0.2)
    order = np.argsort(heights)
    told = ", ".join(f"({heights[i]:.0f}, {agreement[i]:.2f})" for i in order)
    alt = f"""Points, one a start: log-likelihood and agreement with the true digits. They
        do not lie along a line that rises. {told}."""
    return finish(figure, alt, caption)
