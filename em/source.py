"""Show a function by its source: what a page shows is what it runs."""

import inspect
from pathlib import Path

from em.numbers.arrays import described


class Source(str):
    """The text of a function; in a notebook, a block with its file's name."""

    __slots__ = ("path",)
    path: str

    def _repr_markdown_(self) -> str:
        return f'```python title="{self.path}"\n{self}```\n'

    def __repr__(self) -> str:
        return str(self)


def show(thing: object) -> Source:
    """Return the source of a function or class, as it runs.

    Raises TypeError for anything else, and for what has no Python source.
    """
    name = getattr(thing, "__name__", "<lambda>")
    if name == "<lambda>" or not (
        inspect.isclass(thing) or inspect.isroutine(thing)
    ):
        raise TypeError(
            f"expected a function or class with a name, got {described(thing)}"
        )
    try:
        source = Source(inspect.getsource(thing))
        file = inspect.getfile(inspect.unwrap(thing))  # not a decorator's
    except (OSError, TypeError):
        raise TypeError(f"{name} has no Python source to be shown") from None
    source.path = within_package(file, thing.__module__.split(".")[0])
    return source


def within_package(file: str, package: str) -> str:
    """Return the path of a file from its package on, or else its name."""
    parts = Path(file).parts
    if package not in parts:
        return parts[-1]
    return "/".join(parts[len(parts) - 1 - parts[::-1].index(package) :])
