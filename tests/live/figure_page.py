"""A small page with figures one can play, opened from a disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browsing import LIMIT
from conftest import ROOT
from scripts import bundle

LIVE = ROOT / "docs" / "assets" / "live"
VIEWS = sorted(
    path.stem
    for path in LIVE.glob("*.js")
    if path.stem not in ("engine", "play")
)
# A frame more, and whatever comes with it.
FRAME = """() => {
    window.framed = false;
    requestAnimationFrame(() => setTimeout(() => (window.framed = true)));
}"""
# Every figure shows what it was last asked for.
SETTLED = """() => framed && [...document.querySelectorAll("figure.live")].every(
    ({ dataset: { asked, shown } }) => asked && asked === shown)"""


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
    clock: bool = False,
    **options: Any,
) -> Iterator[Any]:
    """Open a page with these figures; fail at the end if a script complained.

    Nothing moves on its way, as for a reader who wants no motion; with `clock`
    it does, and the test can let time pass, by `page.clock`.
    """
    motion = "no-preference" if clock else "reduce"
    options = {"reduced_motion": motion} | options
    # As the site gives them out.
    (folder / "live.js").write_text(bundle(LIVE), encoding="utf-8")
    path = folder / "page.html"
    path.write_text(html(*figures), encoding="utf-8")
    context = browser.new_context(**options)
    page = context.new_page()
    page.set_default_timeout(LIMIT)
    if clock:
        page.clock.install()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console", lambda m: said.append(m.text) if m.type == "error" else None
    )
    page.goto(path.as_uri() + address)
    yield page
    context.close()
    assert not said, said


def settled(page: Any) -> Any:
    """Wait until every figure shows what it was asked for; give the page."""
    page.evaluate(FRAME)
    page.wait_for_function(SETTLED, timeout=LIMIT)
    return page


def told(page: Any, number: int = 0) -> str:
    """Give the words of a figure, when it shows the present state."""
    return str(settled(page).locator(".told").nth(number).inner_text())


def press(page: Any, *names: str) -> None:
    """Press buttons with the mouse, and see what comes of it."""
    for name in names:
        page.get_by_role("button", name=name, exact=False).first.click()
    settled(page)


def do(page: Any, *names: str) -> None:
    """Press buttons by the keyboard."""
    for name in names:
        page.get_by_role("button", name=name).first.focus()
        page.keyboard.press("Enter")
    settled(page)


def key(page: Any, name: str, *keys: str) -> None:
    """Press keys on the one control of this name, reached by focus alone."""
    node = page.locator(f'[role=slider][aria-label="{name}"]')
    node.focus()
    for one in keys:
        page.keyboard.press(one)
    settled(page)


def drag(page: Any, handle: Any, across: float, up: float = 0) -> None:
    """Drag a handle by so many pixels, with the mouse."""
    box = settled(page) and handle.locator(".reach").bounding_box()
    x, y = (box[i] + box["width"] / 2 for i in "xy")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y - up, steps=5)
    page.mouse.up()
    settled(page)


def tap(page: Any, x: float, y: float) -> None:
    """Tap with a finger, and wait for the click that a browser makes of it."""
    page.evaluate(
        "addEventListener('click', () => (window.tapped = true),"
        " { once: true, capture: true })"
    )
    page.touchscreen.tap(x, y)
    page.wait_for_function("tapped", timeout=LIMIT)
    page.evaluate("window.tapped = false")
    settled(page)


def in_sight(page: Any) -> None:
    """Wait until what waits for the figure to be in sight has been told that it is."""
    page.evaluate(
        "new IntersectionObserver(([{ isIntersecting }]) =>"
        " (window.seen ||= isIntersecting), { threshold: 0.6 })"
        ".observe(document.querySelector('.stage'))"
    )
    page.wait_for_function("window.seen", timeout=LIMIT)
    settled(page)


def played(page: Any) -> None:
    """Press Play and let the time pass until it has settled; needs the clock."""
    press(page, "Play")
    for _ in range(60):
        page.clock.run_for(2000)
        if "Settled" in page.locator(".told").first.inner_text():
            break
    assert "Settled after" in told(page)


def climbs(page: Any, high: float, rise: float) -> bool:
    """Is this height told, and the rise: by how much, or that it is next to none?"""
    small = ("higher by less than 0.001", "unchanged")
    ways = [f"higher by {rise:.3f}"] if rise >= 0.0005 else small
    words = told(page)
    return any(
        f"Log-likelihood {minus(high, 3)}: {way}." in words for way in ways
    )


def minus(value: float, digits: int) -> str:
    """A number as the figures write it."""
    return f"{value:.{digits}f}".replace("-", "−")
