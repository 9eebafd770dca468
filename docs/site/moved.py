"""Parts of pages that have moved to other pages: their old addresses lead on.

`docs/moved.yml` says where to. A server never sees the part of an address behind its
`#`, so the old page itself sends the reader on.
"""

import json
from pathlib import Path

import yaml
from pages import DOCS, PageError

# Before the page is drawn, and when somebody follows an old link on the page itself.
SCRIPT = """<script>{{
  const moved = {places};
  const leadOn = () => {{
    const to = moved[location.hash.slice(1)];
    if (to) location.replace(to);
  }};
  leadOn();
  addEventListener("hashchange", leadOn);
}}</script>"""


def moved(docs: Path = DOCS) -> dict[str, dict[str, str]]:
    """Return for each page its old anchors, and the address each leads to now.

    Raises PageError for an entry that is not `page.html#anchor: page.html#anchor`.
    """
    file = docs / "moved.yml"
    found: dict[str, dict[str, str]] = {}
    lines = yaml.safe_load(file.read_text("utf-8")) if file.exists() else {}
    for old, new in (lines or {}).items():
        page, _, anchor = old.partition(".html#")
        if not (anchor and isinstance(new, str) and ".html" in new):
            raise PageError(
                f"moved.yml: {old}: {new}: expected "
                "page.html#anchor: page.html#anchor"
            )
        found.setdefault(page, {})[anchor] = new
    return found


def leading_on(places: dict[str, str]) -> str:
    """Return the script that leads from a page's old anchors to their new places."""
    return SCRIPT.format(places=json.dumps(places, ensure_ascii=False))
