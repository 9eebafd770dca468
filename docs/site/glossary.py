"""Words that explain themselves where they stand, from the glossary's own page."""

import re
from pathlib import Path

from texts import in_texts

ENTRY = re.compile(r"^### (.+)\n\n((?:.+\n)+)", re.MULTILINE)
TERM = re.compile(r'<abbr title="([^"]*)">(.*?)</abbr>', re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def abbreviations(docs: Path) -> str:
    """Return the glossary's words as Markdown's abbreviations; none without it."""
    page = docs / "glossary.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    lines = []
    for word, meaning in ENTRY.findall(text):
        told = " ".join(LINK.sub(r"\1", meaning).split())
        told = re.sub(r" See [^.]*\.$", "", told).replace('"', "”")
        for form in forms(word):
            lines.append(f"*[{form}]: {told}")
    return "\n".join(sorted(lines))


def forms(word: str) -> set[str]:
    """Return how a word may stand in a sentence: with a small letter, or in the plural."""
    small = (
        word
        if word[:2].isupper() or word[1] == "-"
        else word[0].lower() + word[1:]
    )
    return {word, small, plural(small)}


def plural(word: str) -> str:
    """Return the plural of a word of the glossary."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word if word.endswith("s") else word + "s"


def explained_once(content: str) -> str:
    """Return a page on which each word is explained where it first stands in a text.

    Headings and links have a meaning of their own, and stay as they are.
    """
    seen: set[str] = set()

    def first(found: re.Match[str]) -> str:
        if found[1] in seen:
            return found[2]
        seen.add(found[1])
        # With a place in the order of tabs, so that a key or a tap reaches it.
        return f'<abbr title="{found[1]}" tabindex="0">{found[2]}</abbr>'

    return in_texts(
        content,
        "h[1-6]|a|summary|figure",
        lambda text: TERM.sub(first, text),
        lambda apart: TERM.sub(r"\2", apart),
    )
