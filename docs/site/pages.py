"""The pages: their files, their headers, their order, and who is beside whom."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).resolve().parents[1]
ROOT = DOCS.parent
# The menu's parts; and from which order on a page is in one, unless it says so.
SECTIONS = ["Begin", "Understand", "Use", "Make"]
BEGINNINGS = {"Begin": 0, "Understand": 10, "Use": 30, "Make": 80}
NEEDED = {"title", "order", "question", "description"}


class PageError(Exception):
    """What is wrong with a page, and on which."""


def page_files(docs: Path = DOCS) -> list[Path]:
    """Return the pages' files, by name."""
    return sorted([*docs.glob("*.py"), *docs.glob("*.md")])


def header(path: Path) -> dict[str, Any]:
    """Return the header of a page, with its section and the name of its file.

    Raises PageError where something is missing.
    """
    text = path.read_text(encoding="utf-8")
    lines = re.match(r"(?:# )?---\n(.*?)\n(?:# )?---\n", text, re.DOTALL)
    found = (
        yaml.safe_load(re.sub("^# ?", "", lines[1], flags=re.M))
        if lines
        else {}
    )
    if missing := NEEDED - set(found):
        raise PageError(f"{path.name}: its header lacks {sorted(missing)}")
    before = [name for name in SECTIONS if BEGINNINGS[name] <= found["order"]]
    found.setdefault("section", before[-1])
    if found["section"] not in SECTIONS:
        raise PageError(f"{path.name}: its section is none of {SECTIONS}")
    return found | {"name": path.stem}


def in_order(docs: Path = DOCS) -> list[dict[str, Any]]:
    """Return the headers of all pages, section by section, in their order.

    Raises PageError where two pages have one place.
    """

    def place(found: dict[str, Any]) -> tuple[int, int]:
        return SECTIONS.index(found["section"]), found["order"]

    headers = sorted((header(path) for path in page_files(docs)), key=place)
    for one, other in pairwise(headers):
        if place(one) == place(other):
            raise PageError(
                f"{one['name']} and {other['name']}: two pages in one section "
                f"with order {one['order']}"
            )
    return headers


def menu(headers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the menu as MkDocs takes it: the first page, then the sections."""
    first, *others = headers
    sections = [
        {
            section: [
                {each["title"]: f"{each['name']}.md"}
                for each in others
                if each["section"] == section
            ]
        }
        for section in SECTIONS
    ]
    start = {first["title"]: f"{first['name']}.md"}
    return [start, *(part for part in sections if any(part.values()))]


def cards(headers: list[dict[str, Any]]) -> str:
    """Return all pages but the first as cards, in Markdown: what a reader asks.

    A page whose order is no multiple of a half goes deeper than the one before it,
    and stands on its card.
    """
    lines = ['<div class="cards" markdown>']
    section = ""
    for each in headers[1:]:
        link = f"[{each['title']}]({each['name']}.md)"
        if each["section"] != section:
            section = each["section"]
            lines.append(f"\n### {section}\n")
        elif each["order"] % 0.5:
            lines[-1] += f" · {link}"
            continue
        lines.append(f"- {link} {each['question']}")
    return "\n".join([*lines, "", "</div>"])
