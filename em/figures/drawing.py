"""A figure as the site shows it: inline SVG, described in words, at home in any theme."""

import html
import io
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from em.figures.colours import COLOURS as COLOURS
from em.figures.colours import INK as INK
from em.figures.colours import NIGHT
from em.figures.svg import slim

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

# Each figure is drawn for two widths, in inches of 72 pixels: as wide as a phone's
# text; and so that its letters have 15 pixels where a desk shows it at 640.
NARROW, WIDE = 4.97, 7.67
SMALLEST = 12.0  # no letter is smaller, in pixels on a phone

STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: it can be read aloud and searched
    "svg.hashsalt": "em",  # the same names in every build
    "path.simplify": False,
    "font.size": 12.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.9,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "legend.frameon": False,
    "legend.handlelength": 1.2,
    "lines.linewidth": 1.8,
    "text.color": INK,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALLEST,
    "ytick.labelsize": SMALLEST,
    "xtick.direction": "in",
    "ytick.direction": "in",
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
}
# A style holds for what is made while it is in force. So it is, from `draw` to `finish`.
in_style = ExitStack()


class Drawing(NamedTuple):
    """A figure, what is to be seen in it (`alt`), and what to make of it (`caption`)."""

    figure: Figure
    alt: str
    caption: str

    def svg(self, number: int = 0, digits: int = 2, wide: bool = False) -> str:
        """Give the figure as inline SVG that carries its description.

        `number` tells figures apart that may be equal on one page; coordinates
        keep `digits` decimals; `wide` is for a desk, else it is for a phone.
        """
        with mpl.rc_context(STYLE):
            width, height = self.figure.get_size_inches()
            if wide:
                self.figure.set_size_inches(WIDE, 1.2 * height)
            # Laid out anew for this width, from where no width before has left it.
            self.figure.set_layout_engine("constrained")
            file = io.StringIO()
            self.figure.savefig(file, format="svg", metadata={"Date": None})
            self.figure.set_size_inches(width, height)
        return slim(file.getvalue(), self.alt, number, digits)

    def save(self, path: str | Path) -> None:
        """Write the figure as an SVG file of its own, dark where the reader's mode is."""
        by_day, by_night = (
            "".join(
                f"--em-{name}:{colour};"
                for name, colour in zip("abcdef", colours, strict=True)
            )
            for colours in (COLOURS, NIGHT)
        )
        ink = (
            f"<style>svg{{color-scheme:light dark;color:#1d2127;{by_day}}}"
            "@media(prefers-color-scheme:dark)"
            f"{{svg{{color:#e8e6e1;{by_night}}}}}</style>"
        )
        opening = (
            '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"'
        )
        svg = (
            self.svg(digits=1, wide=True)
            .replace("<svg", opening, 1)
            .replace("<defs>", ink + "<defs>", 1)
        )
        Path(path).write_text(svg + "\n", encoding="utf-8")

    def _repr_html_(self) -> str:
        caption = (
            f"<figcaption>{html.escape(self.caption, quote=False)}</figcaption>"
        )
        # Where there is no style sheet of ours, as in a notebook, one is shown.
        return (
            f'<figure class="still"><div class="wide">{self.svg(1, 1, wide=True)}'
            f'</div><div class="narrow" style="display:none">{self.svg(0, 1)}</div>'
            f"{caption}</figure>"
        )


def draw(
    height: float = 2.6, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Figure, Any]:
    """Give an empty figure as wide as a page's text, and its axes."""
    in_style.close()  # of a figure that was begun and never finished
    in_style.enter_context(mpl.rc_context(STYLE))
    figure = Figure(figsize=(NARROW, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def finish(figure: Figure, alt: str, caption: str) -> Drawing:
    """Give the figure with its words; ValueError for one without them."""
    in_style.close()
    if not (alt.strip() and caption.strip()):
        raise ValueError("a figure needs alternative text and a caption")
    for axes in figure.axes:
        upright(axes)
        for part in axes.get_children():
            if isinstance(part, Text) and part not in axes.texts:
                part.set_wrap(True)  # a title that would leave the figure
    for text in figure.findobj(Text):
        text.set_fontsize(max(text.get_fontsize(), SMALLEST))
    return Drawing(figure, " ".join(alt.split()), " ".join(caption.split()))


def upright(axes: Axes) -> None:
    """Put what the height means above the axis, where it can be read upright."""
    label = axes.get_ylabel()
    if label and not any(axes.get_title(loc) for loc in ("left", "center")):
        axes.set_ylabel("")
        axes.set_title(label, loc="left", fontsize=SMALLEST, color=INK)


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
