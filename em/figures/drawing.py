"""A figure as the site shows it: inline SVG, described in words, at home in any theme."""

import html
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from em.figures.svg import slim

# Drawn in this ink, shown in the colour of the text around: light or dark.
INK = "#010203"
# A component keeps its colour through the whole site, and differs in more than that.
COLOURS = ("#d9424e", "#3b7bdb", "#2e9e6b", "#c77d16", "#8f5bd0", "#7d7d7d")
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 2)),
    (0, (1, 1.5)),
    "-.",
    (0, (8, 3)),
    ":",
)
MARKERS = ("o", "s", "^", "D", "v", "P")
NAMES = "ABCDEF"

STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: it can be read aloud and searched
    "svg.hashsalt": "em",  # the same names in every build
    "path.simplify": False,
    "font.size": 10.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
}


class Drawing(NamedTuple):
    """A figure, what is to be seen in it (`alt`), and what to make of it (`caption`)."""

    figure: Figure
    alt: str
    caption: str

    def svg(self, number: int = 0, digits: int = 2) -> str:
        """Give the figure as inline SVG that carries its description.

        `number` tells figures apart that may be equal on one page; coordinates
        keep `digits` decimals.
        """
        with mpl.rc_context(STYLE):
            if self.figure.get_layout_engine():
                self.figure.draw_without_rendering()
                self.figure.set_layout_engine("none")  # laid out once, for good
            file = io.StringIO()
            self.figure.savefig(file, format="svg", metadata={"Date": None})
        return slim(file.getvalue(), INK, self.alt, number, digits)

    def save(self, path: str | Path) -> None:
        """Write the figure as an SVG file of its own, dark where the reader's mode is."""
        ink = (
            "<style>svg{color:#1f2328}"
            "@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>"
        )
        opening = (
            '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"'
        )
        svg = (
            self.svg(digits=1)
            .replace("<svg", opening, 1)
            .replace("<defs>", ink + "<defs>", 1)
        )
        Path(path).write_text(svg + "\n", encoding="utf-8")

    def _repr_html_(self) -> str:
        caption = (
            f"<figcaption>{html.escape(self.caption, quote=False)}</figcaption>"
        )
        return f"<figure>{self.svg()}{caption}</figure>"


def draw(
    height: float = 2.6, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """Give an empty figure as wide as a page's text, and its axes."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.4, height), layout="constrained")
        return figure, figure.subplots(rows, columns, **options)


def finish(figure: Figure, alt: str, caption: str) -> Drawing:
    """Give the figure with its words; ValueError for one without them."""
    if not (alt.strip() and caption.strip()):
        raise ValueError("a figure needs alternative text and a caption")
    return Drawing(figure, " ".join(alt.split()), " ".join(caption.split()))


def blend(responsibilities: np.ndarray) -> np.ndarray:
    """Mix the components' colours by responsibility: (n, k) gives colours (n, 3)."""
    colours = np.array([mpl.colors.to_rgb(colour) for colour in COLOURS])
    mixed: np.ndarray = responsibilities @ colours[: responsibilities.shape[1]]
    return mixed.clip(0, 1)


def style(component: int) -> dict[str, Any]:
    """Give the colour and the dashes of a component's line."""
    return {"color": COLOURS[component], "linestyle": DASHES[component]}


def plain(axes: Axes, *sides: str) -> None:
    """Take away the named sides of the frame, and their ticks."""
    axes.spines[list(sides)].set_visible(False)
    if "left" in sides:
        axes.set_yticks([])
    if "bottom" in sides:
        axes.set_xticks([])


def words(values: Iterable[float], digits: int = 2) -> str:
    """Say numbers as in 'A 2.91, B 6.84'."""
    pairs = zip(NAMES, values, strict=False)
    return ", ".join(f"{name} {value:.{digits}f}" for name, value in pairs)
