"""Scripts as the site gives them out: in one piece, smaller, and doing the same."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# Its wheels are for Linux and Windows. Elsewhere scripts are given out as they are.
SMALLER = find_spec("minify") is not None
# What the others rest on; then in the order in which they are compressed best.
FIRST = [
    "engine",
    "play",
    "opinion",
    "scatter",
    "kmeans",
    "envelopes",
    "overlap",
    "map",
    "bound",
    "coins",
    "reads",
    "regimes",
]


def bundle(
    folder: Path, first: Sequence[str] = FIRST, without: Sequence[str] = ()
) -> str:
    """Return the scripts of a folder as one: by default, of figures that one can play."""
    names = {path.stem for path in folder.glob("*.js")}.difference(without)
    order = [name for name in first if name in names]
    parts = [
        (folder / f"{name}.js").read_text(encoding="utf-8")
        for name in [*order, *sorted(names.difference(order))]
    ]
    inside = "\n".join(parts).replace('"use strict";', "")
    return served(f'"use strict";(() => {{{inside}}})();')


def views(folder: Path) -> list[str]:
    """Return the names of the figures that one can play: one script each."""
    names = {path.stem for path in folder.glob("*.js")}
    return sorted(names - {"engine", "play"})


def served(source: str) -> str:
    """Return a script as the site gives it out: without comments, in short names."""
    if not SMALLER:
        return source
    small = import_module("minify").string("application/javascript", source)
    return str(small) + "\n"
