"""A page on paper, and in a picture of all of it."""

import io
import re

import pytest
from browsing import address, tab
from matplotlib.image import imread

DRAWN = """() => [...document.querySelectorAll("article :is(pre, figure svg)")]
    .every((one) => getComputedStyle(one).contentVisibility === "visible")"""
TEXT = """() => {
    const article = document.querySelector("article").cloneNode(true);
    for (const one of article.querySelectorAll("figure")) one.remove();
    return article.innerHTML;
}"""


@pytest.fixture
def why(site, browser):
    """Open a page whose scripts are done, by night."""
    with tab(browser, color_scheme="dark") as page:
        page.goto(address(site, "why"))
        # The theme puts each table into a box, within ours.
        page.locator(".md-typeset__table .md-typeset__table").first.wait_for(
            state="attached"
        )
        page.wait_for_function(DRAWN)
        yield page


def test_solutions_and_replies_stand_at_the_end_and_then_go_back(why):
    before = why.evaluate(TEXT)
    replies = why.locator(".replies").count()
    folds = why.locator(
        "article details:not(.cite, .source, figure *, .replies *)"
    ).count()
    assert replies
    assert folds
    why.evaluate("dispatchEvent(new Event('beforeprint'))")
    shut = why.locator("article details:not([open], .cite, figure *)")
    assert shut.count() == 0
    last = why.locator("article > section:last-child")
    assert last.locator("h2").inner_text() == "Solutions"
    titles = last.locator(":scope > * > :is(summary, p:first-child)")
    told = titles.all_inner_texts()
    assert [words.split(".")[0] for words in told] == [
        str(number) for number in range(1, replies + folds + 1)
    ]
    assert sum(words.endswith("Answers") for words in told) == replies
    assert "Options" not in last.inner_text()
    left = why.locator("article p", has_text=re.compile(r": number \d+ at"))
    assert left.count() == len(told)
    why.evaluate("dispatchEvent(new Event('afterprint'))")
    assert why.evaluate(TEXT) == before


def test_paper_is_light_by_night_too(why):
    look = """() => {
        const style = getComputedStyle(document.querySelector("article p"));
        const svg = document.querySelector("article figure svg");
        const names = ["--em-a", "--em-ink", "--md-code-hl-keyword-color"];
        return [style.color, getComputedStyle(svg).colorScheme,
            ...names.map((name) => style.getPropertyValue(name))];
    }"""
    by_night = why.evaluate(look)
    why.emulate_media(media="print")
    on_paper = why.evaluate(look)
    why.emulate_media(media="screen", color_scheme="light")
    why.locator("body[data-md-color-scheme=default]").wait_for()
    by_day = why.evaluate(look)
    assert on_paper == by_day
    assert not set(on_paper) & set(by_night)


def test_a_page_takes_no_more_sheets_than_it_needs(why, site):
    why.goto(address(site, "coins"))
    sheet = why.pdf(
        format="A4",
        margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"),
    )
    assert 5 < len(re.findall(rb"/Type\s*/Page\b", sheet)) <= 12


def test_a_picture_of_a_whole_page_has_all_of_it(why):
    shot = why.screenshot(full_page=True)
    picture = imread(io.BytesIO(shot))[:, :, :3].mean(axis=2)
    for block in why.locator("article pre:visible").all():
        box = block.bounding_box()
        top, left = int(box["y"]), int(box["x"])
        part = picture[
            top : top + int(box["height"]), left : left + int(box["width"])
        ]
        assert part.std() > 0.02  # letters: an empty block is of one colour
