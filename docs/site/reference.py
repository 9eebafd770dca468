"""Links from the first use of a public name on a page to what the reference says."""

import re
from pathlib import Path

from texts import in_texts

ENTRY = re.compile(r"^::: (em[\w.]*)", re.MULTILINE)
NAME = re.compile(r"<code>(em(?:\.\w+)+)([^<]*)</code>")


def anchors(docs: Path) -> dict[str, str]:
    """Return where each public name stands in the reference; none without it."""
    page = docs / "api.md"
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    # `em.examine` is a function, and the module that it comes from.
    return {
        re.sub(r"^em\.(?:.*\.)?(\w+)\.\1$", r"em.\1", name): name
        for name in ENTRY.findall(text)
    }


def linked_once(content: str, places: dict[str, str]) -> str:
    """Return a page on which each public name leads to the reference, once."""
    seen: set[str] = set()

    def first(found: re.Match[str]) -> str:
        if found[1] in seen or found[1] not in places:
            return found[0]
        seen.add(found[1])
        return f'<a href="api.html#{places[found[1]]}">{found[0]}</a>'

    return in_texts(
        content,
        "h[1-6]|a|summary|figure|pre",
        lambda text: NAME.sub(first, text),
    )


def lightened(content: str) -> str:
    """Return the reference without its 1,200 tips: the theme makes each ready at once,
    and a phone would wait a second for them. A link to a section keeps its name. Nor
    needs a signature an element around each word that has no colour of its own.
    """
    content = content.replace(
        ' title="Link to this section"', ' aria-label="Link to this section"'
    )
    content = re.sub(r'(<(?:span|a)\b[^>]*?) title="[^"]*"', r"\1", content)
    content = re.sub(r"<span>([^<]+)</span>", r"\1", content)
    return re.sub(
        r'<span class="[nop]">((?:<a [^>]*>[^<]*</a>)|[^<]*)</span>',
        r"\1",
        content,
    )
