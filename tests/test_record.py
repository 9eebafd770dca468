"""The record of solved exercises: kept in the browser, copied, cleared."""

import re

import pytest

SAY = """words => {
    const output = document.querySelector("h3#exercise-1-share-out ~ .plays + .output code");
    output.textContent = words;
}"""


@pytest.fixture
def exercises(site, browser):
    """Open the page; whatever goes wrong on it fails the test."""
    window = browser.new_context(
        permissions=["clipboard-read", "clipboard-write"]
    )
    page = window.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{site.url}exercises.html")
    yield page
    assert said == []
    window.close()


def counted(page, number: int) -> None:
    page.locator(".record p", has_text=f"{number} of 12 right.").wait_for()


def test_what_is_solved_is_kept_copied_and_cleared(exercises):
    tick = exercises.locator("#exercise-1-share-out .solved")
    counted(exercises, 0)
    assert not tick.is_visible()
    exercises.evaluate(SAY, "Not yet. Number 1 is too small.\n")
    exercises.wait_for_function("localStorage.getItem('exercises')")
    counted(exercises, 0)
    exercises.evaluate(SAY, "Right. So it is.\n")
    counted(exercises, 1)
    exercises.evaluate(SAY, "Not yet. Number 2 is too small.\n")
    exercises.reload()
    counted(exercises, 1)
    assert tick.is_visible()
    exercises.get_by_role("button", name="Copy the record").click()
    exercises.locator(".record p", has_text="Copied.").wait_for()
    text = exercises.evaluate("navigator.clipboard.readText()")
    assert "\n1 of 12 right\n" in text
    assert re.search(
        r"Share out: right, 2 tries, \d{4}-\d\d-\d\d \d\d:\d\d\n(    .*\n)+"
        r"    shares = \[\.\.\., \.\.\., \.\.\.\]\n",
        text,
    )
    assert text.count("not tried") == 11
    exercises.get_by_role("button", name="Clear it").click()
    counted(exercises, 0)
    assert exercises.evaluate("localStorage.getItem('exercises')") is None


@pytest.mark.parametrize("kept", ["{", "3", "null", '"x"', "[]"])
def test_a_record_that_is_none_is_begun_anew(exercises, kept):
    exercises.evaluate("kept => localStorage.setItem('exercises', kept)", kept)
    exercises.reload()
    counted(exercises, 0)
    exercises.evaluate(SAY, "Right. So it is.\n")
    counted(exercises, 1)


def test_a_notebook_has_no_record(site):
    text = (site.folder / "exercises.ipynb").read_text("utf-8")
    assert "Your record" not in text
    assert "record.js" not in text
    assert "Where to read on" in text
