"""A small page with figures one can play, opened from a disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conftest import ROOT
from scripts import bundle

LIVE = ROOT / "docs" / "assets" / "live"
VIEWS = sorted(
    path.stem
    for path in LIVE.glob("*.js")
    if path.stem not in ("engine", "play")
)


def html(*figures: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="stylesheet" href="{(LIVE / "live.css").as_uri()}">'
        '<script defer src="live.js"></script>'
        f"<body><h1>Test</h1>{''.join(figures)}</body></html>"
    )


def figure(view: str, state: str = "{}") -> str:
    return (
        f'<figure class="live" data-view="{view}">'
        f'<script type="application/json">{state}</script>'
        '<div class="still"><p>A still picture.</p></div>'
        "<figcaption>A figure.</figcaption></figure>"
    )


@contextmanager
def opened(
    browser: Any,
    folder: Path,
    *figures: str,
    address: str = "",
    **options: Any,
) -> Iterator[Any]:
    """Open a page with these figures; fail at the end if a script complained."""
    # As the site gives them out.
    (folder / "live.js").write_text(bundle(LIVE), encoding="utf-8")
    path = folder / "page.html"
    path.write_text(html(*figures), encoding="utf-8")
    context = browser.new_context(**options)
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console", lambda m: said.append(m.text) if m.type == "error" else None
    )
    page.goto(path.as_uri() + address)
    yield page
    context.close()
    assert not said


def told(page: Any, number: int = 0) -> str:
    return str(page.locator(".told").nth(number).inner_text())


def press(page: Any, *names: str) -> None:
    for name in names:
        page.get_by_role("button", name=name, exact=False).first.click()


def minus(value: float, digits: int) -> str:
    """A number as the figures write it."""
    return f"{value:.{digits}f}".replace("-", "−")
