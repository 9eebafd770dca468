"""Each page as a reader meets it: at a desk, on a phone in the dark, without script.

A page is opened once for each of these, and looked at by all the tests that follow.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import material
import nbformat
import pytest
from axe_playwright_python.base import AXE_SCRIPT
from browsing import (
    DESK,
    PHONE,
    address,
    flawless,
    ink,
    search,
    stepped,
    themed,
)
from conftest import PAGES
from playwright.sync_api import Browser, Page
from reading import EXECUTED, own
from styles import COMMA, RULE, SWITCHING

# What jumped until the letters had come, the figures stood and the page was at rest.
SHIFTS = """async () => {
    const found = [];
    const add = (list) => list.forEach(({ value, sources }) => found.push([value,
        ...sources.map(({ node }) => node?.outerHTML?.slice(0, 80) ?? `${node}`)]));
    const watch = new PerformanceObserver((list) => add(list.getEntries()));
    watch.observe({ type: "layout-shift", buffered: true });
    await document.fonts.ready;
    for (const wait of [requestAnimationFrame, requestAnimationFrame, requestIdleCallback])
        await new Promise(wait);
    add(watch.takeRecords());
    return found;
}"""
UNFOLD = """
    for (const fold of document.querySelectorAll("article details:not(.in-r)")) fold.open = true
"""
# The same by pressing each where one would see it; gives how many stayed closed.
PRESS = """() => {
    const closed = document.querySelectorAll("article details:not([open], .in-r)");
    for (const fold of closed) {
        const summary = fold.querySelector("summary");
        summary.scrollIntoView({ block: "center", behavior: "instant" });
        const { x, y, width, height } = summary.getBoundingClientRect();
        document.elementFromPoint(x + width / 2, y + height / 2)
            .closest("summary").click();
    }
    return [...closed].filter((fold) => !fold.open).length;
}"""
# Scrolls to each block, then it gets its button; presses it where one would see it.
COPY = """async (blocks) => {
    const found = [];
    for (const block of document.querySelectorAll(blocks)) {
        let button, text, frames = 300;
        block.scrollIntoView();
        while (!(button = block.querySelector("[data-md-type=copy], [name=copy]")) && frames--)
            await new Promise(requestAnimationFrame);
        button.scrollIntoView({ block: "center" });
        const { x, y, width, height } = button.getBoundingClientRect();
        document.elementFromPoint(x + width / 2, y + height / 2)
            .closest("button").click();
        while (!(text = await navigator.clipboard.readText()) && frames--)
            await new Promise(requestAnimationFrame);
        found.push([block.className, text]);
        await navigator.clipboard.writeText("");
    }
    // A button that was pressed has the focus, and with it a tooltip, which goes by itself.
    document.activeElement.blur();
    for (let i = 0; document.querySelector(".md-tooltip2--active") && i < 600; i++)
        await new Promise((done) => setTimeout(done, 50));
    return found;
}"""
# Contrast takes most of the time; what is coloured alike is looked at once. The key
# holds all that it depends on: the letters' own style, and what they stand on.
ALIKE = """() => {
    const seen = new Set(), grounds = new Map();
    const ground = (one) => {
        if (one === document.body) return "";
        if (!grounds.has(one)) {
            const { backgroundColor, opacity } = getComputedStyle(one);
            grounds.set(one, [ground(one.parentElement), one.tagName,
                one.getAttribute("class"), backgroundColor, opacity].join());
        }
        return grounds.get(one);
    };
    for (const one of document.querySelectorAll("body *")) {
        const { color, fill, fontSize, fontWeight } = getComputedStyle(one);
        const key = [ground(one), color, fill, fontSize, fontWeight].join();
        if (seen.has(key)) one.dataset.alike = "";
        seen.add(key);
    }
}"""
AXE = f"""{AXE_SCRIPT};
    axe.configure({{ rules: [
        {{ id: "color-contrast", selector: "*:not([data-alike])" }}] }});"""
FAULTS = """axe.run({ resultTypes: ["violations"] })
    .then(({ violations }) => violations)"""


class Visit(NamedTuple):
    """An open page, all addresses that it asked for, what jumped, and how far."""

    page: Page
    addresses: set[str]
    jumps: list[list[Any]]


@contextmanager
def visit(
    browser: Browser, where: str, width: int, **options: Any
) -> Iterator[Visit]:
    """Open a page and all that is folded on it; fail at the end if anything failed."""
    with flawless(browser, width, **options) as (page, addresses):
        page.goto(where, wait_until="networkidle")
        themed(page)
        jumps = page.evaluate(SHIFTS)
        page.emulate_media(reduced_motion="reduce")
        page.evaluate(UNFOLD)
        yield Visit(page, addresses, jumps)


@pytest.fixture(scope="module", params=PAGES)
def name(request, site):
    """Give each page in turn. All tests ask for the site: so they stay together."""
    return request.param


# Only the pages that run code have blocks to copy and figures.
runs = pytest.mark.parametrize("name", EXECUTED, indirect=True, scope="module")


@pytest.fixture(scope="module")
def desk(site, browser, name):
    rights = ["clipboard-read", "clipboard-write"]
    where = address(site, name)
    with visit(browser, where, DESK, permissions=rights) as found:
        yield found


@pytest.fixture(scope="module")
def phone(site, browser, name):
    where = address(site, name)
    with visit(browser, where, PHONE, color_scheme="dark") as found:
        yield found


@pytest.fixture(scope="module")
def plain(site, browser, name):
    """Open a page in a browser that runs no script, and its folds by hand."""
    with flawless(browser, java_script_enabled=False) as (page, _):
        page.goto(address(site, name))
        assert page.evaluate(PRESS) == 0
        yield page


@pytest.fixture(params=["desk", "phone"])
def either(request, name):
    """Give both visits of a page, in turn."""
    return request.getfixturevalue(request.param)


def test_nothing_jumps_on_the_first_view(either):
    # Browsers call 0.1 good. A busy machine gave 0.003 in two visits of 700.
    assert sum(far for far, *_ in either.jumps) <= 5e-3, either.jumps


def selectors(folder: Path) -> set[str]:
    return {
        selector
        for path in folder.glob("*.css")
        for rule, _ in RULE.findall(path.read_text(encoding="utf-8"))
        for selector in COMMA.split(rule)
    }


@pytest.fixture(scope="module")
def left_out(site):
    """Give what elements the theme has styles for that the site lacks."""
    theme = Path(material.__file__).parent / "templates"
    whole, ours = (
        selectors(folder / "assets" / "stylesheets")
        for folder in (theme, site.folder)
    )
    assert ours < whole
    parts = (
        r"::?(?:before|after|marker|(?:-\w+-|file-|in)?[a-z-]*(?:button|thumb))"
    )
    gone = {
        re.sub(parts, "", one) for one in whole - ours if SWITCHING not in one
    }
    assert len(gone) > 300
    return sorted(gone)


def test_the_theme_has_a_style_for_nothing_that_the_site_left_out(
    either, left_out
):
    found = either.page.evaluate(
        """(all) => all.filter((one) => document.querySelector(one))""",
        left_out,
    )
    assert found == []


def test_the_theme_comes_after_the_page(desk):
    """And what it does to tables was done before, or they would jump."""
    when = desk.page.evaluate(
        """() => {
            const [page] = performance.getEntriesByType("navigation");
            const theme = performance.getEntriesByType("resource")
                .find(({ name }) => /bundle\\.\\w+\\.min\\.js$/.test(name));
            return [page.domContentLoadedEventStart, theme.startTime];
        }"""
    )
    assert when == sorted(when)
    assert desk.page.locator("table:not(.md-typeset__table table)").count() == 0


def test_no_page_asks_another_host(site, desk, name):
    search(desk.page, "likelihood")
    desk.page.keyboard.press("Escape")
    assert f"{site.url}search/search_index.json" in desk.addresses
    assert not {url for url in desk.addresses if not url.startswith(site.url)}
    # Pages with figures one can play ask for a script that these share, and for theirs.
    views = {one["data-view"] for one in site.soup(name).select("figure.live")}
    scripts = {
        url for url in desk.addresses if "/live/" in url and ".js" in url
    }
    wanted = {"live", *views} if views else set()
    assert scripts == {f"{site.url}assets/live/{one}.js" for one in wanted}


@runs
def test_the_copy_buttons_give_what_the_page_says(site, desk, name):
    """That these blocks run, and print what it says, is tested with the pages."""
    # The package's source is there to be read: it needs its module's names.
    found = desk.page.evaluate(
        COPY, "article .highlight:not(.output, .source *, .change *, .in-r *)"
    )
    assert all(text.strip() for _, text in found)
    buttons = desk.page.locator(".md-code__button")
    assert all(one.get_attribute("aria-label") for one in buttons.all())
    dialog = desk.page.locator(".md-dialog")
    assert dialog.get_attribute("role") == "status"
    copied = [text for kind, text in found if "language-python" in kind]
    assert copied
    # The last line of a block may have no end on the clipboard.
    ended = (f"{text.rstrip()}\n" for text in copied)
    assert own(site.soup(name).article) == "\n".join(ended)


def test_the_notebook_comes_with_a_press(site, desk, name, tmp_path):
    link = desk.page.get_by_role("link", name="Download this notebook")
    assert link.count() == (name in EXECUTED)
    if link.count():
        with desk.page.expect_download() as download:
            link.click()
        assert download.value.suggested_filename == f"{name}.ipynb"
        there = (site.folder / f"{name}.ipynb").read_text(encoding="utf-8")
        assert download.value.path().read_text(encoding="utf-8") == there
        nbformat.reads(there, as_version=4)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_phone_need_not_scroll_sideways(request, name, script):
    page = (
        request.getfixturevalue("phone").page
        if script
        else request.getfixturevalue("plain")
    )
    before = page.viewport_size
    for width in (320, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide == width
    page.set_viewport_size(before)


@runs
def test_figures_follow_the_colours_of_the_system(phone):
    dark = ink(phone.page, "slate")
    phone.page.emulate_media(color_scheme="light")
    assert ink(phone.page, "default") != dark
    phone.page.emulate_media(color_scheme="dark")


def test_without_javascript_all_is_there_to_see(site, plain, name):
    seen, unseen = plain.evaluate(
        """() => {
            // What waits for a script: a figure's buttons, and all its
            // states but the first and, where one steps, the last.
            const waiting = `style, script, defs *, .headerlink, .controls *,
                .answers *, .narrow *, .change button, .in-r *,
                .frame[style] *`;
            // U+2061, function application, has no width of its own.
            const speaks = (element) => [...element.childNodes].some(
                (node) => node.nodeType === 3
                    && node.data.replace("\\u2061", "").trim());
            const visible = (element) => {
                const box = element.getBoundingClientRect();
                return box.width && box.height && element.checkVisibility(
                    { opacityProperty: true, visibilityProperty: true });
            };
            const groups = [[], []];
            for (const element of document.querySelectorAll("article *"))
                if (!element.matches(waiting)
                    && (speaks(element) || element.matches("math, svg")))
                    groups[visible(element) ? 0 : 1].push(
                        element.outerHTML.slice(0, 200));
            return groups;
        }"""
    )
    assert unseen == []
    assert len(seen) > 20
    article = site.soup(name).article
    for kind in ("math", "svg"):
        shown = any(each.startswith(f"<{kind}") for each in seen)
        assert shown == bool(article.find(kind))


@runs
def test_every_stepping_figure_has_its_frames_under_its_slider(desk):
    for figure in desk.page.locator("figure.stepper").all():
        slider = figure.locator("input")
        last = figure.locator(".frame").count() - 1
        assert stepped(figure)[0] == 0
        slider.press("End")
        assert stepped(figure)[0] == last == int(slider.get_attribute("max"))
        slider.press("ArrowLeft")
        assert stepped(figure)[0] == last - 1
        slider.press("Home")
        assert stepped(figure)[0] == 0
