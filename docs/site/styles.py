"""The theme's style sheet, without what no page and no script of this site can use.

A browser weighs each rule against each element, several times while a page is opened;
and shows nothing before it has the whole sheet. Half of the theme's is for parts that
are not here.
"""

import re
from pathlib import Path

CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NEVER_NEEDED = re.compile(r":(?:not|is|where)\([^()]*\)")
COMMA = re.compile(r",(?![^(]*\))")
# The theme sets it for a moment whenever a page is opened, and all is weighed anew.
SWITCHING = "[data-md-color-switching]"
RULE = re.compile(r"([^{}@;]+)\{([^{}]*)\}")
EMPTY = re.compile(r"@media[^{}]*\{\}")


def words(site: Path) -> set[str]:
    """Return the classes on all pages, and all words of all scripts."""
    found: set[str] = set()
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for classes in re.findall(r'class="([^"]*)"', text):
            found.update(classes.split())
        for script in re.findall(r"<script.*?</script>", text, re.DOTALL):
            found.update(re.findall(r"[\w-]+", script))
    scripts = set(site.rglob("*.js")) - set(site.glob("assets/pyodide/*"))
    for path in scripts:
        found.update(re.findall(r"[\w-]+", path.read_text(encoding="utf-8")))
    return found


def needed(sheet: str, found: set[str]) -> str:
    """Return a style sheet without selectors that ask for a class not found; and without
    those that hold colours' changes back while the theme looks which ones to use.
    """

    def kept(rule: re.Match[str]) -> str:
        selectors = [
            selector
            for selector in COMMA.split(rule[1])
            if SWITCHING not in selector
            and found.issuperset(CLASS.findall(NEVER_NEEDED.sub("", selector)))
        ]
        return f"{','.join(selectors)}{{{rule[2]}}}" if selectors else ""

    return EMPTY.sub("", RULE.sub(kept, sheet))


def thin_out(site: Path) -> None:
    """Take out of the theme's style sheets what nothing on the site can use."""
    found = words(site)
    for path in (site / "assets" / "stylesheets").glob("*.css"):
        sheet = path.read_text(encoding="utf-8")
        path.write_text(needed(sheet, found), encoding="utf-8")
