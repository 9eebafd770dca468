"""Figures of raters: votes beside probabilities, and who says what of which class."""

from collections.abc import Mapping

import numpy as np
from matplotlib.patches import Rectangle

from em.figures.drawing import COLOURS, INK, Drawing, draw, finish, plain
from em.numbers.arrays import Array


def compared(
    patients: Mapping[str, tuple[Array, Array]], caption: str
) -> Drawing:
    """Draw, for each patient, shares of votes, hollow, and of classes, filled.

    Both are of shape (4,).
    """
    figure, panels = draw(2.4, 1, len(patients), sharey=True, squeeze=False)
    told = []
    for axes, (name, both) in zip(panels[0], patients.items(), strict=True):
        for k, (votes, share) in enumerate(zip(*both, strict=True)):
            axes.bar(
                k + 0.8, votes, 0.36, facecolor="none", edgecolor=COLOURS[k]
            )
            axes.bar(
                k + 1.2, share, 0.36, facecolor=COLOURS[k], edgecolor=COLOURS[k]
            )
        axes.set(title=name, ylim=(0, 1.05), xlim=(0.4, 4.6))
        axes.set(xticks=[1, 2, 3, 4], xlabel="class", yticks=[0, 0.5, 1])
        votes_of, shares_of = (
            ", ".join(f"{value:.2f}" for value in values) for values in both
        )
        told.append(
            f"{name}: shares of the votes {votes_of}; of the classes {shares_of}"
        )
    alt = f"""Bars for classes 1 to 4, hollow for the votes and filled for what EM makes
        of them. {". ".join(told)}."""
    return finish(figure, alt, caption)


def observers(confusion: Array, caption: str) -> Drawing:
    """Draw how often each observer says what, (classes, observers, labels)."""
    classes, many, labels = confusion.shape
    figure, panels = draw(4.0, 2, 3)
    told = []
    for j, axes in enumerate(panels.flat):
        plain(axes, "left", "bottom")
        if j >= many:
            axes.text(
                0.5, 2.5, "row: the class\ncolumn: what\nis said", va="center"
            )
            axes.set(xlim=(0.4, labels + 0.6), ylim=(classes + 0.6, 0.4))
            continue
        for (k, said), p in np.ndenumerate(confusion[:, j]):
            axes.add_artist(square(said + 1, k + 1, p, COLOURS[k]))
            text = f"{p:.2f}".removeprefix("0") if p > 0.005 else "·"
            axes.text(
                said + 1, k + 1, text, ha="center", va="center", color=INK
            )
        axes.set(title=f"Observer {j + 1}")
        axes.set(xlim=(0.4, labels + 0.6), ylim=(classes + 0.6, 0.4))
        rows = "; ".join(
            f"of class {k + 1} " + ", ".join(f"{p:.2f}" for p in row)
            for k, row in enumerate(confusion[:, j])
        )
        told.append(f"Observer {j + 1}: {rows}")
    alt = f"""A square table for each observer: in the row of a class, how often each of the
        labels 1 to {labels} is given. {". ".join(told)}."""
    return finish(figure, alt, caption)


def square(x: float, y: float, share: float, colour: str) -> Rectangle:
    """Give a square around a place, whose area is a share of the largest."""
    side = 0.96 * float(np.sqrt(share))
    return Rectangle(
        (x - side / 2, y - side / 2),
        side,
        side,
        facecolor=(colour, 0.3),
        edgecolor="none",
    )
