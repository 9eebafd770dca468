"""Blocks of code in a browser before Python has come: writing, keeping, sending."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from block_page import (
    BLOCK,
    CHANGE,
    CHOICES,
    caret,
    served,
    text,
    write_page,
)
from playwright.sync_api import expect

PROGRAM = """\
import numpy as np

theta = np.array([0.6, 0.5])  # a guess
x = 1
for step in range(3):
    # E-step: share out
    share = theta
    # M-step: re-estimate
    theta = share / 2
    print(theta)"""
PAGE = (
    f"{BLOCK.format('import os')}{BLOCK.format(PROGRAM)}"
    f"``` {{ .text .output }}\nas printed\n```\n\n{CHANGE}{CHOICES}"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    write_page(folder, PAGE, PROGRAM)
    with served(folder) as url:
        yield f"{url}page.html"


@pytest.fixture
def context(browser, request):
    """Give a window; of a phone, if the test asks for one."""
    phone = getattr(request, "param", 1280) < 1280
    context = browser.new_context(
        viewport={"width": getattr(request, "param", 1280), "height": 900},
        has_touch=phone,
        is_mobile=phone,
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield context
    context.close()


@pytest.fixture
def page(context, address):
    """Give the page; whatever goes wrong on it fails the test."""
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda message: message.type == "error" and said.append(message.text),
    )
    page.goto(address)
    yield page
    assert not said


@pytest.fixture
def program(page):
    return page.locator(".program")


def press(block, name):
    block.locator(f"[name={name}]").click()


def test_what_is_written_is_undone_and_done_again(page, program):
    caret(program, 3, 5)
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.keyboard.type("if x:  # so")
    page.keyboard.press("Enter")
    page.keyboard.type("y = 1")
    assert "\nx = 12\nif x:  # so\n    y = 1\nfor" in text(program)
    written = text(program)
    for _ in range(30):
        page.keyboard.press("Control+z")
    assert text(program) == f"{PROGRAM}\n"
    assert program.locator("[name=reset]").is_hidden()
    for _ in range(30):
        page.keyboard.press("Control+y")
    assert text(program) == written


def test_tab_indents_and_goes_on_where_nobody_writes(page, program):
    code = program.locator("code")
    code.focus()
    page.keyboard.press("Tab")
    assert text(program) == f"{PROGRAM}\n"
    assert page.evaluate("document.activeElement.name") == "run"
    caret(program, 3)
    page.keyboard.press("Tab")
    assert "\n    x = 1\n" in text(program)
    page.keyboard.press("Shift+Tab")
    assert text(program) == f"{PROGRAM}\n"
    for _ in range(2):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Tab")
    assert "\n    x = 1\n    for step" in text(program)
    page.keyboard.press("Shift+Tab")
    assert text(program) == f"{PROGRAM}\n"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "run"
    label = code.get_attribute("aria-label")
    assert "Control and Enter run" in label
    assert "Escape, then Tab" in label


@pytest.mark.parametrize("forced", ["active", "none"])
def test_words_have_no_colours_of_ours_where_the_reader_chose_others(
    browser, address, forced
):
    """Forced, they would all look like text that is selected."""
    page = browser.new_page(forced_colors=forced)
    page.goto(address)
    code = page.locator(".program code")
    code.click()
    page.keyboard.type("1")
    assert code.locator("span").count() == 0  # those of the build are gone
    coloured = "[...CSS.highlights.values()].some((one) => one.size)"
    assert page.evaluate(coloured) == (forced == "none")
    page.close()


def test_a_phone_does_not_write_better_than_its_owner(program):
    for name, value in {
        "autocapitalize": "off",
        "autocorrect": "off",
        "spellcheck": "false",
        "translate": "no",
        "role": "textbox",
        "aria-multiline": "true",
        "contenteditable": "plaintext-only",
    }.items():
        assert program.locator("code").get_attribute(name) == value, name


def test_what_is_pasted_is_text(page, program):
    page.evaluate(
        """navigator.clipboard.write([new ClipboardItem({
            "text/html": new Blob(["<b>y</b>"], {type: "text/html"}),
            "text/plain": new Blob(["y = 2\\n"], {type: "text/plain"})})])"""
    )
    caret(program, 3)
    page.keyboard.press("Control+v")
    assert "\ny = 2\nx = 1\n" in text(program)
    assert program.locator("code *").count() == 0


def test_colours_are_those_of_what_is_written(page, program):
    counted = """() => [...CSS.highlights].map(([name, found]) =>
        [name, [...found].map(String)])"""
    program.locator("code").hover()
    before = dict(page.evaluate(counted))
    assert before["python-comment"] == re.findall("#.*", PROGRAM)
    assert before["python-number"] == ["0.6", "0.5", "1", "3", "2"]
    assert before["python-keyword"] == ["import", "as", "for", "in"]
    assert before["python-known"] == ["range", "print"]
    caret(program, 3, 5)
    page.keyboard.type("2 if 'a' else 3")
    after = dict(page.evaluate(counted))
    assert set(after["python-string"]) == {"'a'"}
    assert "else" in after["python-keyword"]


def test_changes_are_kept_and_given_back(page, program):
    caret(program, 3, 5)
    page.keyboard.type("2")
    page.reload()
    assert "x = 12\n" in text(program)
    press(program, "reset")
    assert text(program) == f"{PROGRAM}\n"
    page.reload()
    assert text(program) == f"{PROGRAM}\n"
    assert program.locator("[name=reset]").is_hidden()


def test_a_link_brings_a_version_and_nothing_runs(page, context, address):
    program = page.locator(".program")
    page.evaluate("history.replaceState(null, '', '#bells:means=1,9')")
    caret(program, 3, 5)
    page.keyboard.type("2  # θ")
    press(program, "link")
    program.locator(".state", has_text="copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}#bells:means=1,9/python-2:")
    assert link == page.url
    with_link = context.new_page()
    asked: list[str] = []
    with_link.on("request", lambda request: asked.append(request.url))
    with_link.goto(link)
    other = with_link.locator(".program")
    other.locator(".state", has_text="came with the link").wait_for()
    assert text(other) == text(program)
    assert not [url for url in asked if "worker" in url]
    # What is then changed is not overwritten by the address.
    caret(other, 3, 6)
    with_link.keyboard.type("3")
    with_link.reload()
    assert "x = 123  # θ\n" in text(other)
    # Opened again in the same tab, it leads to the program again.
    with_link.set_viewport_size({"width": 800, "height": 120})
    with_link.goto("about:blank")
    with_link.goto(link)
    expect(other).to_be_in_viewport()
    assert "x = 123  # θ\n" in text(other)
    press(other, "reset")
    assert text(other) == f"{PROGRAM}\n"


def test_a_link_leaves_what_was_written_here_alone(page, context, address):
    program = page.locator(".program")
    caret(program, 3, 5)
    page.keyboard.type("7")
    press(program, "link")
    program.locator(".state", has_text="copied").wait_for()
    link = page.url
    mine = context.new_page()
    mine.goto(address)
    own = mine.locator(".program")
    caret(own, 3, 5)
    mine.keyboard.type("5")
    mine.goto("about:blank")
    mine.goto(link)
    own.locator(".state", has_text="came with the link").wait_for()
    assert text(own) == text(program)
    mine.goto("about:blank")
    mine.goto(address)
    assert "x = 15" in text(own)


def test_a_link_that_is_broken_is_said_to_be(context, address):
    page = context.new_page()
    page.goto(f"{address}#python-2:abc")
    page.locator(".program .state", has_text="cannot be read").wait_for()
    assert text(page.locator(".program")) == f"{PROGRAM}\n"


def test_copy_and_download_take_what_stands_there(page, program):
    caret(program, 3, 5)
    page.keyboard.type("2")
    press(program, "copy")
    program.locator(".state", has_text="Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{text(program).rstrip()}\n\n"
    with page.expect_download() as download:
        press(program, "save")
    assert download.value.suggested_filename == "em-page.py"
    assert download.value.path().read_text("utf-8") == text(program)
    assert not page.locator(".md-code__button").count()


def test_what_was_printed_before_a_change_is_shown_as_such(page, program):
    output = page.locator(".program + .output")
    stale = "output => output.matches('.stale')"
    assert not output.evaluate(stale)
    caret(program, 3, 5)
    page.keyboard.type("2")
    assert output.evaluate(stale)
    assert program.locator(".state").inner_text() == "Changed since it ran."
    press(program, "reset")
    assert not output.evaluate(stale)
    assert program.locator(".state").inner_text() == ""


def test_a_change_is_made_by_a_button_and_undone(page, program):
    button = page.get_by_role("button", name="Make this change")
    button.click()
    assert text(program) == f"{PROGRAM}\n".replace("x = 1", "x = 2")
    assert page.evaluate("document.activeElement.name") == "run"
    assert program.locator("[name=run]").is_visible()


def test_a_change_keeps_what_the_reader_wrote_where_it_can(page, program):
    button = page.get_by_role("button", name="Make this change")
    caret(program, 2, len("theta = np.array([0."))
    page.keyboard.type("7")
    own = text(program)
    button.click()
    assert text(program) == own.replace("x = 1", "x = 2") != own
    assert "in your version" in program.locator(".state").inner_text()
    caret(program, 3, 5)
    page.keyboard.type("7")
    own = text(program)
    button.click()
    assert text(program) == f"{PROGRAM}\n".replace("x = 1", "x = 2")
    assert "brings yours back" in program.locator(".state").inner_text()
    program.locator("code").focus()
    page.keyboard.press("Control+z")
    assert text(program) == own


def test_a_figure_writes_its_numbers_and_lights_up_its_half_step(page, program):
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("em:numbers",
            {detail: {values: {theta: [0.71, 0.58]}}}))"""
    )
    assert "theta = np.array([0.71, 0.58])  # a guess\n" in text(program)
    for half, first, lines in (("E", 5, 2), ("M", 7, 3)):
        page.evaluate(
            """half => document.dispatchEvent(
                new CustomEvent("em:half", {detail: {half}}))""",
            half,
        )
        (style,) = program.locator(".band.half").evaluate_all(
            "all => all.map(one => one.getAttribute('style'))"
        )
        assert style == f"--from: {first}; --lines: {lines};"
        # It lies over these lines, to the pixel.
        off = program.evaluate(
            """(block, [first, lines]) => {
                const code = block.querySelector("code");
                const text = code.textContent.split("\\n");
                const from = text.slice(0, first).join("\\n").length + 1;
                const to = text.slice(0, first + lines).join("\\n").length;
                const range = document.createRange();
                range.setStart(code.firstChild, from);
                range.setEnd(code.firstChild, to);
                const there = range.getBoundingClientRect();
                const band = block.querySelector(".band").getBoundingClientRect();
                return [there.top - band.top, there.bottom - band.bottom];
            }""",
            [first, lines],
        )
        assert max(map(abs, off)) < 4, off
    page.evaluate(
        """document.dispatchEvent(
            new CustomEvent("em:half", {detail: {half: ""}}))"""
    )
    assert program.locator(".band").count() == 0


def test_numbers_that_find_no_line_are_not_put_and_it_is_said(page, program):
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("em:numbers",
            {detail: {values: {theta: [0.71, 0.58], mean: [1]}}}))"""
    )
    words = "Not put: no line here begins with mean =."
    assert program.locator(".state").inner_text() == words
    assert text(program) == f"{PROGRAM}\n"


def test_an_answer_is_replied_to_and_keys_choose(page):
    choice = page.locator(".choices")
    replies = choice.locator(".replies > details")
    assert choice.get_by_role("radio").count() == 2
    assert not replies.first.is_visible()
    choice.get_by_label("Coin A").check()
    assert choice.get_by_text("Tempting, because.").is_visible()
    page.keyboard.press("ArrowDown")
    assert choice.get_by_text("Yes.").is_visible()
    assert not choice.get_by_text("Tempting, because.").is_visible()
    assert choice.locator("summary").first.is_hidden()
    assert choice.locator("[role=status] details[open]").count() == 1


def test_without_a_script_all_is_there_to_read(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.get_by_text("With scripts switched on").is_visible()
    assert page.locator(".program code").is_visible()
    assert page.locator("[contenteditable], .bar").count() == 0
    assert page.get_by_role("radio").count() == 0
    assert page.get_by_role("button", name="Make").count() == 0
    page.locator("summary", has_text="Coin B").click()
    assert page.get_by_text("Yes.").is_visible()
    context.close()


def test_on_paper_a_block_is_as_it_was(page, program):
    html = "() => document.querySelector('.program code').innerHTML"
    before = page.evaluate(html)
    caret(program, 3, 5)
    page.keyboard.type("2")
    changed = text(program)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.evaluate(html) == before
    assert not program.locator(".bar").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert text(program) == changed


@pytest.mark.parametrize("context", [1280, 390], indirect=True)
@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_axe_finds_nothing_and_targets_are_large(page, program, scheme):
    page.evaluate(
        "scheme => (document.body.dataset.mdColorScheme = scheme)", scheme
    )
    caret(program, 3, 5)
    page.keyboard.type("2")
    page.locator(".choices label").first.click()
    assert not Axe().run(page).response["violations"]
    # A mouse hits the words of an answer, which are less high.
    finger = page.evaluate("matchMedia('(pointer: coarse)').matches")
    small = page.locator(
        ".bar button, .make button, .choices label"
    ).evaluate_all(
        """(all, finger) => all.filter((one) => {
            const { width, height } = one.getBoundingClientRect();
            const least = finger || one.tagName !== "LABEL" ? 44 : 34;
            return one.offsetParent && (width < 44 || height < least);
        }).map((one) => one.outerHTML)""",
        finger,
    )
    assert not small
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_jumps_when_the_script_has_come(browser, address):
    heights = []
    for stopped in (True, False):
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        if stopped:
            page.route("**/python.js", lambda route: route.abort())
        page.goto(address)
        heights.append(page.evaluate("document.body.scrollHeight"))
        page.close()
    assert heights[0] == heights[1]
