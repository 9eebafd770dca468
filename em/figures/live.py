"""A figure that one can play: its numbers for the script, and stills without it.

The scripts are in `docs/assets/live/`, one file a view. Where they do not run, in
print and in a notebook, the stills are the figure.
"""

import html
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from em.figures.drawing import Drawing

VIEWS = (
    "bells",
    "bound",
    "coins",
    "envelopes",
    "kmeans",
    "map",
    "opinion",
    "overlap",
    "reads",
    "regimes",
    "scatter",
)


class Live(NamedTuple):
    """A view, what it starts from, its stills, and the words that go with them."""

    view: str
    state: dict[str, Any]
    stills: Sequence[Drawing]
    told: str
    caption: str

    def _repr_html_(self) -> str:
        # Nothing in it can end the script.
        state = written(self.state).replace("<", r"\u003c")
        stills = "\n".join(
            still.svg(number, digits=1)
            for number, still in enumerate(self.stills)
        )
        return (
            f'<figure class="live" data-view="{self.view}">\n'
            f'<script type="application/json">{state}</script>\n'
            f'<div class="still">{stills}\n'
            f"<p>{html.escape(self.told, quote=False)}</p></div>\n"
            f"<figcaption>{html.escape(self.caption, quote=False)}"
            "</figcaption></figure>"
        )


def live(
    view: str,
    *,
    still: Drawing | Sequence[Drawing] | None = None,
    told: str = "",
    caption: str = "",
    program: Mapping[str, str] | None = None,
    **state: Any,
) -> Live:
    """Return a figure that one can play.

    Parameters
    ----------
    view
        One of `VIEWS`: the script that draws it.
    still
        What is shown where no script runs: one drawing, or the first and the
        last frame of a run.
    told
        What the stills show, in words and numbers.
    caption
        What to do, and what to make of it.
    program
        Names in the page's program, and what each is in the figure
        (`{"theta": "theta"}`): the figure then puts its numbers into the
        program, and shows what the program ended with.
    **state
        What the view starts from, by its own names: data and parameters as
        arrays, options as words (`x=…, means=[1, 9], autoplay="two"`).

    Raises
    ------
    ValueError
        For a view that does not exist, words that are missing, and numbers
        that are not finite.
    """
    if view not in VIEWS:
        raise ValueError(f"view is {view!r}: expected one of {VIEWS}")
    if not (told.strip() and caption.strip()):
        raise ValueError("a live figure needs told and caption: one is empty")
    for name, value in state.items():
        try:
            written(value)
        except ValueError:
            message = f"{name} holds a value that is not a finite number"
            raise ValueError(message) from None
    if program:
        state["program"] = dict(program)
    stills = (
        [still] if isinstance(still, Drawing) else list(still if still else [])
    )
    words = (" ".join(text.split()) for text in (told, caption))
    return Live(view, state, stills, *words)


def written(value: Any) -> str:
    """Return a value as JSON; raise ValueError for NaN and infinity."""
    return json.dumps(
        value, default=plain, allow_nan=False, separators=(",", ":")
    )


def plain(value: Any) -> Any:
    """Return an array or a NumPy number as lists and numbers of Python's own."""
    return np.asarray(value).tolist()
