"""The English of the pages, measured. It helps the ear and does not replace it.

    python tests/english.py [PAGE ...]

prints for each page: words, colons and parentheses a hundred words, parentheses that
are whole sentences, the impersonal "one", sentences of more than forty words, and
words to avoid.
"""

import re
import sys
from pathlib import Path
from typing import NamedTuple

import jupytext

DOCS = Path(__file__).parents[1] / "docs"
# What stands in no sentence: code, formulas, tags, the targets of links, tables.
NO_PROSE = [
    r"^ *```.*?^ *```",
    r"\$\$.*?\$\$",
    r"</?[a-z][^<>]*>",
    r"^ *\|.*$",
    r"^ *\[\[.*\]\]$",
]
PLACEHOLDERS = [
    (r"\{\{.*?\}\}", "5"),
    (r"\$[^$\n]+\$", "x"),
    (r"`[^`\n]*`", "code"),
    (r"\[([^\]]*)\]\([^)]*\)", r"\1"),
    (r"https?://\S+|doi \S+", "address"),
]
WHOLE = re.compile(r"(?<=[.!?:”])\s+\([A-Z][^()]*[.!?]\)")
ONE = re.compile(
    r"\b(?:[Oo]ne (?:can|could|may|might|must|should|would|does|has|sees|"
    r"takes|gets|needs|knows|wants|asks|cannot|writes|reads|says)|"
    r"(?:as|if|when|where|that|what|which|than) one "
    r"(?!of|or|and|is\b|can be|another|step|more|component|coin|bell|line|row)"
    r"|one's|oneself)\b"
)
AVOID = re.compile(
    r"\b(?:simply|obviously|clearly|trivially?|of course|it is easy to see|"
    r"just note|in order to|utili[sz]e|leverage|the fact that|whereby|therein|"
    r"thereof|to who\b|which is to say)\b",
    re.IGNORECASE,
)


class Measures(NamedTuple):
    """What the prose of a page is like."""

    words: int
    colons: float
    parentheses: float
    whole: list[str]
    one: list[str]
    long: list[str]
    avoid: list[str]


def prose(name: str) -> str:
    """Return the sentences of a page, without code, formulas and tables."""
    path = next(DOCS.glob(f"{name}.*"))
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        cells = jupytext.reads(text, "py:percent").cells
        text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
    else:
        text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    for pattern in NO_PROSE:
        text = (
            re.sub(pattern, "\n\n", text, flags=re.DOTALL | re.MULTILINE)
            if ("```" in pattern or r"\$" in pattern)
            else re.sub(pattern, " ", text, flags=re.MULTILINE)
        )
    for pattern, instead in PLACEHOLDERS:
        text = re.sub(pattern, instead, text)
    return re.sub(r"[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}", "", text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; a heading or an item of a list is one."""
    parts = re.split(r"\n\s*\n|\n(?=[ #]*[-#])", text)
    return [
        " ".join(one.split())
        for part in parts
        for one in re.split(r"(?<=[.!?])[)”]?\s+(?=[A-Z“(])", part)
        if one.split()
    ]


def measured(name: str) -> Measures:
    """Return the measures of a page."""
    text = prose(name)
    words = len(re.findall(r"[\w’'-]+", text))
    flat = " ".join(text.split())
    hundred = max(words, 1) / 100
    return Measures(
        words,
        len(re.findall(r":(?=\s)", flat)) / hundred,
        flat.count("(") / hundred,
        WHOLE.findall(flat),
        [
            flat[max(0, m.start() - 25) : m.end() + 25]
            for m in ONE.finditer(flat)
        ],
        [s for s in sentences(text) if len(s.split()) > 40],
        AVOID.findall(flat),
    )


if __name__ == "__main__":
    names = sys.argv[1:] or sorted(
        path.stem for path in DOCS.iterdir() if path.suffix in (".py", ".md")
    )
    for name in names:
        found = measured(name)
        print(
            f"{name:12} {found.words:5} words, {found.colons:.1f} colons and "
            f"{found.parentheses:.1f} parentheses a hundred; whole sentences in "
            f"parentheses {len(found.whole)}, 'one' {len(found.one)}, "
            f"long {len(found.long)}, avoid {found.avoid}"
        )
        if sys.argv[1:]:
            for kind in ("whole", "one", "long"):
                for each in getattr(found, kind):
                    print(f"    {kind}: {each}")
