"""Programs in R: a switch above the program of a page, which works without a script."""

import html
from pathlib import Path

from pages import ROOT
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import SLexer

PROGRAMS = ROOT / "docs" / "r"
BEFORE = '<div class="language-python highlight plays program'
SWITCH = (
    '<details class="in-r" data-search-exclude><summary><span>Show it in R</span>'
    "<span>Show it in Python</span></summary>"
    '<div class="language-r highlight"><pre><code>{}</code></pre></div></details>\n'
)


def in_r(content: str, name: str, folder: Path = PROGRAMS) -> str:
    """Return a page with the program in R above the one in Python, if there is one.

    Raises ValueError for a program in R of a page that has none in Python.
    """
    path = folder / f"{html.escape(name)}.R"
    if not path.exists():
        return content
    if BEFORE not in content:
        raise ValueError(f"{path.name}: the page {name} has no program")
    code = highlight(
        path.read_text("utf-8"), SLexer(), HtmlFormatter(nowrap=True)
    )
    return content.replace(BEFORE, SWITCH.format(code) + BEFORE, 1)
