"""Links of the built site, raw HTML's among them, that lead nowhere."""

import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

TARGET = re.compile(
    r'<(?:a|img|iframe|script|link|source)\b[^>]*?\b(?:href|src)="([^"]*)"'
)


def dead_links(site: Path) -> list[str]:
    """Return what is wrong, one line a link: the page, and where it should lead."""
    texts = {
        path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")
    }
    anchors = {
        path: set(re.findall(r'\bid="([^"]*)"', text))
        for path, text in texts.items()
    }
    dead = []
    for path, text in sorted(texts.items()):
        if path.name == "404.html":
            continue  # its links begin at the site's root
        for link in sorted(set(TARGET.findall(text))):
            address, anchor = urldefrag(link)
            address = address.partition("?")[0]  # a figure's mode
            if re.match(r"[a-z]+:|//", address) or anchor.startswith("step-"):
                continue
            if is_state(Path(address), anchor):
                continue
            target = (
                (path.parent / unquote(address)).resolve() if address else path
            )
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                dead.append(f"{path.name}: {link}: no such file")
            elif (
                anchor
                and target in anchors
                and unquote(anchor) not in anchors[target]
            ):
                dead.append(f"{path.name}: {link}: no such anchor")
    return dead


def is_state(page: Path, anchor: str) -> bool:
    """Is an anchor the state of the figure whose own page that is?"""
    of_figure = page.parent.name == "live" and page.suffix == ".html"
    return of_figure and anchor.startswith(f"{page.stem}:")
