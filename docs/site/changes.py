"""Changes to a program that a page proposes: a diff, run as a reader would run it.

A change stands in `<div class="change" markdown>`, below the program that it changes.
In that div, `changed` is what came of it: its names (`{{ changed.theta[0] : .2f }}`),
what it printed (`changed.printed`, `changed.lines`), and `changed.error`.
"""

import re
from inspect import getsource

from pages import PageError

BEGIN = re.compile(r'^(?:# )?<div class="change" markdown>$', re.MULTILINE)
CHANGE = re.compile(
    r'^(<div class="change" markdown>\n.*?^</div>)$', re.DOTALL | re.MULTILINE
)
DIFF = re.compile(r"^```diff\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HUNK = re.compile(r"((?:^-.*\n)*)((?:^\+.*\n)*)", re.MULTILINE)


def parts(text: str) -> list[str]:
    """Return a text in parts: each change is one, and what stands between them."""
    return [part.strip("\n") for part in CHANGE.split(text) if part.strip()]


def is_change(text: str) -> bool:
    """Is this part of a text a change?"""
    return CHANGE.fullmatch(text) is not None


def begins(text: str) -> list[int]:
    """Return the lines of a page on which its changes begin."""
    return [
        text.count("\n", 0, found.start()) + 1 for found in BEGIN.finditer(text)
    ]


def with_change(program: str, change: str, page: str, line: int) -> str:
    """Return a program with a change that begins on that line of the page.

    Raises PageError where the lines to be changed are not in the program.
    """

    def refused(place: int, why: str) -> PageError:
        return PageError(
            f"{page}, line {line + change.count(chr(10), 0, place)}: {why}"
        )

    if not program:
        raise refused(0, "a change needs a program above it")
    diff = DIFF.search(change)
    if not diff:
        raise refused(0, "a change needs a block of ```diff")
    text, at = f"\n{program}\n", 0
    for other in re.finditer(r"^[^-+\n].*$", diff[1], re.MULTILINE):
        where = diff.start(1) + other.start()
        raise refused(where, f"{other[0]!r} begins with neither - nor +")
    hunks = [hunk for hunk in HUNK.finditer(diff[1]) if hunk[0]]
    if not hunks:
        raise refused(diff.start(), "this diff changes nothing")
    for hunk in hunks:
        old, new = (
            "\n" + re.sub("^[-+]", "", lines, flags=re.MULTILINE)
            for lines in hunk.groups()
        )
        where = diff.start(1) + hunk.start()
        if not hunk[1]:
            raise refused(where, "lines to add need a line to replace")
        if f"\n{program}\n".count(old) > 1:
            raise refused(
                where, "these lines are in the program more than once"
            )
        at = text.find(old, at)
        if at < 0:
            raise refused(where, f"not in the program above: {old.strip()!r}")
        text = text[:at] + new + text[at + len(old) :]
        at += len(new) - 1
    return text[1:-1]


def outcome(program: str) -> object:
    """Run a program in an empty namespace; return its names, its output, its error."""
    import contextlib
    import io
    import traceback
    import types
    import warnings

    names = {"__name__": "__main__"}
    printed, error = io.StringIO(), ""
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(compile(program, "<program>", "exec"), names)
        except Exception as raised:
            error = traceback.format_exception_only(raised)[-1].strip()
    found = {name: names[name] for name in names if name[:2] != "__"}
    said = {
        "printed": printed.getvalue(),
        "lines": printed.getvalue().splitlines(),
        "error": error,
    }
    return types.SimpleNamespace(**{**found, **said})


def around(program: str) -> tuple[str, str]:
    """Return code that makes `changed` of a program, and code that takes it away."""
    begin = f"{getsource(outcome)}\n\nchanged = outcome({program!r})"
    return begin, "del changed, outcome"
