"""Pictures of a page for where links to it are shown, and the site's icons: PNG."""

import io
import textwrap
from functools import cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from em.figures.colours import COLOURS

PAPER, INK, SOFT = "#fbfaf7", "#1d2127", "#5d626a"


def bells(
    figure: Figure, box: tuple[float, float, float, float], width: float
) -> None:
    """Draw the site's sign, two bells, into a box of the figure."""
    axes = figure.add_axes(box)
    axes.axis("off")
    x = np.linspace(-2, 14, 300)
    for mean, std, colour, dash in (
        (3, 0.9, COLOURS[0], "-"),
        (7.5, 2.2, COLOURS[1], "--"),
    ):
        bell = np.exp(-(((x - mean) / std) ** 2) / 2) / std
        axes.fill_between(x, bell, color=colour, alpha=0.12, linewidth=0)
        axes.plot(x, bell, dash, color=colour, linewidth=width)
    axes.axhline(0, color=INK, linewidth=width / 2)


def png(figure: Figure) -> bytes:
    """Return the figure as PNG, byte for byte the same each time."""
    file = io.BytesIO()
    figure.savefig(
        file,
        format="png",
        dpi=100,
        facecolor=PAPER,
        metadata={"Software": None},
    )
    return file.getvalue()


@cache
def card(title: str, question: str) -> bytes:
    """Return a picture of 1200 × 630 pixels that says what a page is about."""
    figure = Figure(figsize=(12, 6.3))
    look: dict[str, Any] = {"family": "serif", "va": "top", "parse_math": False}
    figure.text(
        0.06,
        0.9,
        textwrap.fill(title, 26),
        size=44,
        weight="bold",
        color=INK,
        **look,
    )
    figure.text(
        0.06, 0.6, textwrap.fill(question, 46), size=24, color=SOFT, **look
    )
    figure.text(
        0.06, 0.14, "Expectation Maximisation", size=20, color=INK, **look
    )
    bells(figure, (0.58, 0.06, 0.4, 0.3), 5)
    return png(figure)


@cache
def icon(pixels: int) -> bytes:
    """Return the site's sign as a square of so many pixels."""
    figure = Figure(figsize=(pixels / 100, pixels / 100))
    bells(figure, (0.06, 0.12, 0.88, 0.76), max(1.5, pixels / 45))
    return png(figure)
