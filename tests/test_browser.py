"""The site as a reader meets it: in a browser, on a phone, from a disk."""

from pathlib import Path
from typing import Any

import pytest
from browsing import PHONE, address, flawless, ink, search, tab, themed, until
from conftest import PAGES
from reading import EXECUTED

from em.figures.live import VIEWS

served_and_on_disk = pytest.mark.parametrize("on_disk", [False, True])


def test_figures_follow_the_colours_that_the_reader_picks(site, browser):
    with tab(browser, color_scheme="dark") as page:

        def pick(label: str) -> None:
            page.locator(f'input[aria-label="{label}"] + label').click()

        page.goto(address(site, "coins"))
        dark = ink(page, "slate")
        pick("Switch to light mode")
        light = ink(page, "default")
        assert light != dark
        page.reload()
        assert ink(page, "default") == light
        pick("Switch to dark mode")
        assert ink(page, "slate") == dark
        pick("Follow the system's mode")
        page.emulate_media(color_scheme="light")
        assert ink(page, "default") == light


def test_a_dark_page_is_dark_before_the_script_has_come(site, browser):
    with tab(browser, color_scheme="dark") as page:
        page.route("**/bundle.*.js", lambda route: route.abort())
        page.goto(address(site, "index"))
        assert page.locator("body[data-md-color-scheme=slate]").count() == 1


@pytest.mark.parametrize("view", VIEWS)
def test_a_figure_has_a_page_of_its_own(site, browser, view):
    on_disk = view != "bells"  # where more can fail
    with flawless(browser) as (page, asked):
        page.goto(address(site, f"assets/live/{view}", on_disk=on_disk))
        page.get_by_role("button", name="Share out (E)").click()
        page.locator(".told", has_text="Shared out.").wait_for()
        scripts = {url for url in asked if "/live/" in url and ".js" in url}
        page.get_by_role("link", name="Expectation Maximisation").click()
        page.locator("h1").first.wait_for()
        assert page.url.startswith(address(site, "index", on_disk=on_disk))
        names = {url.split("/")[-1] for url in scripts}
        assert names == {"live.js", f"{view}.js"}


@served_and_on_disk
def test_the_search_finds_a_section_and_leads_there(site, browser, on_disk):
    with flawless(browser) as (page, _):
        page.goto(address(site, "index", on_disk=on_disk))
        found = search(page, "responsibility")
        wanted = address(site, "coins", on_disk=on_disk) + "?h=respons"
        section = next(url for url in found if url.startswith(wanted))
        page.evaluate(
            "url => [...document.querySelectorAll('.md-search-result__item > a')]"
            ".find(a => a.href === url).click()",
            section,
        )
        page.locator("article mark", has_text="responsib").first.wait_for()
        assert page.url == section


def test_who_searches_before_the_script_has_come_is_heard(site, browser):
    with flawless(browser, PHONE) as (page, _):
        held: list[Any] = []
        page.route("**/bundle.*.js", lambda route: held.append(route))
        page.goto(address(site, "index"))
        page.locator("label.md-header__button[for=__search]").click()
        page.keyboard.type("responsibility")
        box = page.locator("[data-md-component=search-query]")
        assert box.input_value() == "responsibility"
        until(page, lambda: held)
        held[0].continue_()
        page.locator(".md-search-result__item > a").first.wait_for()


# What readers look for, and a word that the first headings found must hold.
LOOKED_FOR = {
    "singular": "Singular",
    "initialisation": "Initialisation",
    "Baum-Welch": "Baum–Welch",
    "convergence": "Convergence",
    "label switching": "Label switching",
    "k-means++": "k-means++",
    "k-means": "k-means",
    "standard error": "Standard error",
    "prior": "Prior",
    "posterior": "Posterior",
    "responsibility": "responsibility",
    "latent": "Latent",
    "E-step": "E-step",
    "M-step": "M-step",
    "likelihood": "likelihood",
    "BIC": "BIC",
    "mixture": "Mixture",
    "censored": "Censored",
    "missing values": "Missing values",
    "Viterbi": "Viterbi",
    "hidden Markov": "Hidden Markov",
    "Jensen": "Jensen",
    "lower bound": "Lower bound",
    "saddle": "saddle",
    "local maximum": "Local maximum",
    "overfitting": "Overfitting",
    "covariance": "Covariance",
    "identifiability": "Identifiability",
    "stopping": "stopping",
    "complete data": "Complete data",
    "component": "Component",
}


def test_the_search_finds_what_readers_look_for_first(site, browser):
    with tab(browser) as page:
        page.goto(address(site, "index"))
        missed = []
        for words, wanted in LOOKED_FOR.items():
            search(page, words)
            first = page.locator(".md-search-result__item").first
            headings = first.locator("h1, h2").all_text_contents()[:2]
            # A page may be called by the very word in the menu.
            titles = [
                site.soup(
                    Path(
                        first.locator("a").first.get_attribute("href")
                    ).name.partition(".html")[0]
                ).title.get_text()
            ]
            if wanted.lower() not in " ".join(headings + titles).lower():
                missed.append((words, headings))
    assert not missed


def test_a_word_of_the_glossary_is_explained_at_its_first_place(site, browser):
    words = site.soup("coins").select("article abbr")
    assert len(words) > 3
    assert len(words) == len({word["title"] for word in words})
    assert not site.soup("coins").select("h2 abbr, a abbr")
    with tab(browser) as page:
        page.goto(address(site, "coins"))
        themed(page)
        word = page.locator("article abbr").first
        told = word.get_attribute("title")
        word.hover()
        page.get_by_role("tooltip").or_(
            page.locator(".md-tooltip, .md-tooltip2")
        ).filter(has_text=told).first.wait_for()


def test_from_a_disk_each_page_leads_to_the_next(site, browser):
    onwards = ".md-footer__link--next"
    visited = set()
    with flawless(browser) as (page, addresses):
        page.goto(address(site, "index", on_disk=True))
        while True:
            visited.add(Path(page.url).stem)
            if page.locator("figure").count():
                page.locator("figure svg:visible").first.wait_for()
            if not page.locator(onwards).count():
                break
            # A figure that plays writes to the address: that is no way onwards.
            there = page.locator(onwards).evaluate("one => one.href")
            page.locator(onwards).click()
            page.wait_for_url(f"{there}*")
    assert visited == set(PAGES)
    assert all(url.startswith(site.folder.as_uri()) for url in addresses)


@pytest.mark.parametrize("name", ["index", "normals", "surface"])
def test_what_has_the_focus_shows_it_and_tab_reaches_every_button(
    site, browser, name
):
    with tab(browser) as page:
        page.goto(address(site, name))
        themed(page)
        page.locator("article button[name=copy]").first.wait_for()
        reached: set[str] = set()
        for _ in range(400):
            page.keyboard.press("Tab")
            what, ring = page.evaluate(
                """() => {
                    const one = document.activeElement;
                    const seen = one.matches(".md-option")
                        ? one.nextElementSibling : one;
                    const look = getComputedStyle(seen);
                    // In a figure: round a handle, or round the point chosen.
                    const round = one.matches(".live g")
                        && (one.querySelector(".reach")
                            || one.parentNode.querySelector(".ring"));
                    const pen = round && getComputedStyle(round);
                    return [`${one.getAttribute("class")} ${one.tagName} ${one.name}`,
                        one === document.body || (round
                            ? pen.stroke !== "none" && pen.visibility === "visible"
                                && parseFloat(pen.strokeWidth) >= 2
                            : look.outlineStyle !== "none"
                                && parseFloat(look.outlineWidth) >= 2)];
                }"""
            )
            assert ring, what
            reached.add(what)
            if len(reached) > 8 and what.endswith("BUTTON copy"):
                break
        assert any(what.endswith("BUTTON copy") for what in reached)


def test_no_tab_in_a_page_loses_the_focus(site, browser):
    """Material took it from code that need not scroll, as that came into sight."""
    with tab(browser) as page:
        page.goto(address(site, "coins"))
        themed(page)
        page.evaluate(
            """document.addEventListener("focusout", (event) => {
                lost = event.relatedTarget ? "" : event.target.outerHTML;
            }); var lost = ''; """
        )
        page.locator("article [name=run]").first.focus()
        for _ in range(200):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.isContentEditable"):
                page.keyboard.press("Escape")
            # Whatever watches what comes into sight has had its turn.
            page.evaluate(
                "new Promise((on) => requestAnimationFrame(() => setTimeout(on)))"
            )
            assert page.evaluate("lost") == ""
            if page.evaluate("document.activeElement.matches('.cite summary')"):
                return
        pytest.fail("the end of the page was not reached")


def test_on_why_the_shares_are_those_of_the_program_s_end(site, browser):
    with flawless(browser) as (page, _):
        page.goto(address(site, "why"))
        page.evaluate(
            """document.dispatchEvent(new CustomEvent("em:ran",
                { detail: { values: { theta: [0.8, 0.5],
                    heads: [5, 9, 8, 4, 7], tails: [5, 1, 2, 6, 3] } } }));
            document.dispatchEvent(new Event("em:show"))"""
        )
        told = page.locator(".told", has_text="From the program.").first
        assert "the bound lies 0.000 lower" in told.inner_text()


# What the program of a page whose figure was not touched ends with at once.
BOTH = """() => {
    const figure = [...document.querySelectorAll("figure.live")]
        .find((one) => one.textContent.includes('"program"'));
    const config = JSON.parse(figure.querySelector("script").textContent);
    const { data } = EM.views[figure.dataset.view];
    return Object.fromEntries(Object.entries(config.program).map(
        ([name, own]) => [name, put[name] ?? config[own] ?? data[own]]));
}"""
LINKED = """() => [...document.querySelectorAll("figure.live > script")]
    .map((one) => JSON.parse(one.textContent).program).filter(Boolean)"""


@pytest.mark.parametrize("name", EXECUTED)
def test_numbers_of_a_figure_go_into_the_program_and_come_back(
    site, browser, name
):
    with flawless(browser) as (page, _):
        page.goto(address(site, name))
        wanted = page.evaluate(LINKED)
        button = page.get_by_role(
            "button", name="Put my numbers into the program"
        )
        assert button.count() == len(wanted)
        if not wanted:
            return
        page.evaluate(
            "document.addEventListener('em:numbers', ({ detail }) =>"
            " (window.put = detail.values))"
        )
        button.click()
        page.locator(".state", has_text="Put here: ").wait_for()
        put, values = page.evaluate("put"), page.evaluate(BOTH)
        assert put
        assert put.items() <= values.items()
        page.evaluate(
            "values => document.dispatchEvent("
            "new CustomEvent('em:ran', { detail: { values } }))",
            values,
        )
        page.evaluate("document.dispatchEvent(new Event('em:show'))")
        told = page.locator(".told", has_text="From the program")
        told.wait_for()
