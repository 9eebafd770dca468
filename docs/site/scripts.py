"""Scripts as the site gives them out: smaller, and doing the same."""

from importlib import import_module
from importlib.util import find_spec

# Its wheels are for Linux and Windows. Elsewhere scripts are given out as they are.
SMALLER = find_spec("minify") is not None


def served(source: str) -> str:
    """Return a script as the site gives it out: without comments, in short names."""
    if not SMALLER:
        return source
    small = import_module("minify").string("application/javascript", source)
    return str(small) + "\n"
