"""Show a function by its source: what a page shows is what it runs."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Source(str):
    """The text of a function; in a notebook, a block with its file's name."""

    __slots__ = ("path",)
    path: str

    def _repr_markdown_(self) -> str:
        return f'```python title="{self.path}"\n{self}```\n'

    def __repr__(self) -> str:
        return str(self)


def show(thing: Callable[..., Any]) -> Source:
    """Return the source of a function or class of ours, as it runs.

    Raises TypeError for what has no Python source.
    """
    source = Source(inspect.getsource(thing))
    package = thing.__module__.split(".")[0]
    file = inspect.getfile(inspect.unwrap(thing))  # not that of a decorator
    parts = Path(file).parts
    source.path = "/".join(parts[len(parts) - 1 - parts[::-1].index(package) :])
    return source
