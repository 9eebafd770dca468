"""A page in a browser, as several tests need it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from conftest import Site
from playwright.sync_api import Browser, Page

PHONE, DESK = 390, 1280
# What is waited for comes. This is how long a test waits before it gives up.
LIMIT = 30_000  # milliseconds


@contextmanager
def tab(browser: Browser, width: int = DESK, **options: Any) -> Iterator[Page]:
    """Open a tab with a memory of its own, and close it again."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, **options
    )
    context.set_default_timeout(LIMIT)
    yield context.new_page()
    context.close()


@contextmanager
def flawless(
    browser: Browser, width: int = DESK, **options: Any
) -> Iterator[tuple[Page, set]]:
    """Open a tab in which nothing may fail; log every address asked for."""
    addresses: set[str] = set()
    failures: list[str] = []
    with tab(browser, width, **options) as page:
        log = page.context
        log.on("request", lambda request: addresses.add(request.url))
        # A page that is left may still be waiting for its icon: that is no failure.
        log.on(
            "requestfailed",
            lambda request: (
                request.failure == "net::ERR_ABORTED"
                or failures.append(request.url)
            ),
        )
        log.on(
            "response",
            lambda answer: answer.status < 400 or failures.append(answer.url),
        )
        log.on("weberror", lambda error: failures.append(str(error.error)))
        log.on(
            "console",
            lambda message: (
                message.type in ("error", "warning")
                and failures.append(message.text)
            ),
        )
        yield page, addresses
    assert not failures, failures


def address(site: Site, name: str, *, on_disk: bool = False) -> str:
    """Give a page's address: where it is served, or on the disk."""
    start = site.folder.as_uri() + "/" if on_disk else site.url
    return f"{start}{name}.html"


def themed(page: Page) -> Page:
    """Wait until the theme's script has taken hold of the page; give the page."""
    page.wait_for_function("window.component$")
    return page


def until(page: Page, happened: Callable[[], object]) -> None:
    """Wait, frame by frame, until something has happened outside of the page."""
    begin = monotonic()
    while not happened():
        assert monotonic() - begin < LIMIT / 1000
        page.evaluate("() => new Promise(requestAnimationFrame)")


def search(page: Page, words: str) -> list[str]:
    """Search for words; give the addresses of what is found.

    Material looks for what stands in the box when a key is let go, and shows what it
    found when it has it. So the box is emptied, what was found before goes, and the
    words are put in as a whole: whatever is shown then was found for them.
    """
    themed(page)
    box = page.locator("[data-md-component=search-query]")
    found = page.locator(".md-search-result__item > a")
    box.click()
    for text, shown in (("", "detached"), (words, "attached")):
        box.fill(text)
        box.press("End")
        found.first.wait_for(state=shown)
    return found.evaluate_all("all => all.map((a) => a.href)")


def ink(page: Page, scheme: str) -> str:
    """Give the colour of the text, and of what in the figures should have it."""
    page.locator(f"body[data-md-color-scheme={scheme}]").wait_for()
    text, *letters = page.evaluate(
        """() => [
            getComputedStyle(document.querySelector("article p")).color,
            ...[...document.querySelectorAll(
                "figure svg text[style*=currentColor]")]
                .map((letters) => getComputedStyle(letters).fill),
        ]"""
    )
    assert set(letters) == {text}
    return text


def stepped(figure) -> tuple[int, str]:
    """Give the step that a figure shows, and what it tells of it."""
    frames = figure.locator(".frame:visible")
    assert frames.count() == 1
    told = frames.locator(".told").inner_text()
    slider = figure.locator("input")
    assert slider.get_attribute("aria-valuetext") == told
    number = frames.get_attribute("data-step")
    assert slider.input_value() == number
    return int(number), told
