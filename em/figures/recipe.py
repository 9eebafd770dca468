"""Figures of the blood groups: pairs of genes as areas, and how counts are shared out."""

from collections.abc import Mapping, Sequence

import numpy as np

from em.figures.drawing import (
    COLOURS,
    INK,
    Drawing,
    blend,
    draw,
    finish,
    plain,
    style,
)
from em.numbers.arrays import Array

# The group that a pair of alleles (A, B, O) makes, by its place in GROUPS.
GROUPS = ("A", "B", "AB", "O")
PAIRS = ((0, 2, 0), (2, 1, 1), (0, 1, 3))
ALLELES = "ABO"


def squares(panels: Mapping[str, Sequence[float]], caption: str) -> Drawing:
    """Draw shares of alleles as sides of a square, one square for each panel."""
    figure, row = draw(2.8, 1, len(panels))
    told = []
    for axes, (name, shares) in zip(row, panels.items(), strict=True):
        edges = np.concatenate([[0], np.cumsum(shares)])
        middle = (edges[1:] + edges[:-1]) / 2
        for i, j in np.ndindex(3, 3):
            group = PAIRS[i][j]
            axes.bar(
                edges[j],
                shares[i],
                shares[j],
                edges[i],
                align="edge",
                facecolor=(COLOURS[group], 0.35),
                edgecolor=COLOURS[group],
                linewidth=0.8,
            )
            if min(shares[i], shares[j]) > 0.15:
                axes.text(
                    middle[j],
                    middle[i],
                    "".join(sorted(ALLELES[i] + ALLELES[j])),
                    ha="center",
                    va="center",
                )
        plain(axes, "left", "bottom")
        for k, letter in enumerate(ALLELES):
            axes.text(middle[k], -0.02, letter, ha="center", va="top")
            axes.text(-0.03, middle[k], letter, ha="right", va="center")
        axes.set(title=name, aspect="equal", xlim=(-0.1, 1), ylim=(-0.1, 1))
        sides = zip(ALLELES, shares, strict=True)
        told.append(
            f"{name}, alleles {', '.join(f'{a} {s:.3f}' for a, s in sides)}"
        )
    alt = f"""Squares cut into nine fields by the shares of the alleles A, B and O along both
        sides; the fields are coloured by blood group. {"; ".join(told)}."""
    return finish(figure, alt, caption)


def genotypes(
    panels: Mapping[str, np.ndarray],
    names: Sequence[Sequence[str]],
    caption: str,
) -> Drawing:
    """Draw each blood group's people as a bar, cut by the pairs they may carry.

    A panel holds expected counts, a row for each group; `names` names the pairs.
    """
    figure, row = draw(2.7, 1, len(panels), sharey=True)
    row = np.atleast_1d(row)
    told = []
    for axes, (name, expected) in zip(row, panels.items(), strict=True):
        parts = []
        for group, (counts, pairs) in enumerate(
            zip(expected, names, strict=True)
        ):
            begin = 0.0
            for part, (count, pair) in enumerate(
                zip(counts, pairs, strict=False)
            ):
                axes.barh(
                    -group,
                    count,
                    left=begin,
                    height=0.62,
                    facecolor=(COLOURS[group], 0.3 if part else 0.9),
                    edgecolor=COLOURS[group],
                )
                begin += count
                parts.append(f"{pair} {count:.1f}")
            axes.text(
                begin + 6,
                -group,
                " + ".join(
                    f"{pair} {count:.0f}"
                    for count, pair in zip(counts, pairs, strict=False)
                ),
                va="center",
                fontsize=9.5,
            )
        axes.set(title=name, xlim=(0, 480), xticks=[0, 100, 200, 300])
        axes.set_yticks([0, -1, -2, -3], GROUPS)
        axes.set(xlabel="people")
        told.append(f"{name}: {', '.join(parts)}")
    row[0].set(ylabel="blood group")
    alt = f"""A bar for each blood group, as long as its number of people and cut by the pairs
        of alleles that they may carry. {"; ".join(told)}."""
    return finish(figure, alt, caption)


def two_lines(
    x: Array,
    y: Array,
    coefficients: Array,
    responsibilities: Array,
    caption: str,
) -> Drawing:
    """Draw points in the colours of their shares, and the line of each component.

    A row of `coefficients` has an intercept and a slope.
    """
    figure, axes = draw(2.6)
    axes.scatter(x, y, s=22, c=blend(responsibilities), linewidths=0)
    ends = np.array([x.min(), x.max()])
    for component, (intercept, slope) in enumerate(coefficients):
        axes.plot(ends, intercept + slope * ends, **style(component))
        axes.annotate(
            "AB"[component],
            (ends[1], intercept + slope * ends[1]),
            (6, 0),
            textcoords="offset points",
            va="center",
            color=INK,
        )
    axes.set(xlabel="x", title="y")
    told = "; ".join(
        f"{'AB'[k]} starts at {line[0]:.2f} and has slope {line[1]:.2f}"
        for k, line in enumerate(coefficients)
    )
    alt = f"""{len(x)} points about two lines that cross: {told}. Points near a line have its
        colour, those near the crossing a mixture of both."""
    return finish(figure, alt, caption)
