"""The figure and the program of its page: numbers there, and what it ended with here."""

import json
import re

import pytest
from figure_page import figure, opened, press, settled, told

COINS = {"program": {"theta": "theta", "heads": "heads"}}
PUT = "Put my numbers into the program"
HEAR = """() => {
    window.heard = [];
    for (const kind of ["wants", "numbers", "half"])
        document.addEventListener(`em:${kind}`, ({ detail }) => heard.push([kind, detail]));
}"""


def heard(page) -> list:
    """Give what the figure said since it was last asked."""
    settled(page)
    return page.evaluate("heard.splice(0)")


def ran(page, **values) -> None:
    """Say that the program ran, and ended with these."""
    page.evaluate(
        "values => document.dispatchEvent("
        "new CustomEvent('em:ran', { detail: { values } }))",
        values,
    )
    settled(page)


def shown(page) -> None:
    """Press, below the program, *Show it in the figure*."""
    page.evaluate("document.dispatchEvent(new Event('em:show'))")
    settled(page)


def coins(**more) -> str:
    return figure("coins", json.dumps(COINS | more))


def test_only_a_figure_with_a_program_has_its_button(browser, tmp_path):
    with opened(browser, tmp_path, figure("coins")) as page:
        assert page.get_by_role("button", name=PUT).count() == 0
        page.evaluate(HEAR)
        press(page, "Share out")
        ran(page, theta=[0.1, 0.2])
        shown(page)
        assert heard(page) == []
        assert "0.10" not in told(page)


def test_it_says_what_it_wants_when_the_page_is_there(browser, tmp_path):
    listen = f"<script>({HEAR})()</script>"
    with opened(browser, tmp_path, listen, coins()) as page:
        assert heard(page) == [["wants", {"names": ["theta", "heads"]}]]


def test_its_numbers_are_put_as_it_shows_them_and_its_data_whole(
    browser, tmp_path
):
    with opened(browser, tmp_path, coins()) as page:
        page.evaluate(HEAR)
        box = page.get_by_label("heads of row 2", exact=True)
        box.fill("123")
        box.press("Enter")
        press(page, "Share out", "Re-estimate", PUT)
        kind, detail = heard(page)[-1]
        assert kind == "numbers"
        assert detail["values"]["heads"] == [5, 123, 8, 4, 7]
        shown = re.findall(r"θ. (0\.\d+)", told(page))
        for theta, words in zip(detail["values"]["theta"], shown, strict=True):
            assert f"{theta:.4f}" == f"{float(words):.4f}"
            assert len(f"{theta}") <= 6


def test_data_with_which_the_page_began_are_put_after_others(browser, tmp_path):
    with opened(browser, tmp_path, coins()) as page:
        page.evaluate(HEAR)
        box = page.get_by_label("heads of row 2", exact=True)
        for number in ("9", "8", "9"):
            box.fill(number)
            box.press("Enter")
            press(page, PUT)
        put = [detail["values"].get("heads") for _, detail in heard(page)]
        assert put == [None, [5, 8, 8, 4, 7], [5, 9, 8, 4, 7]]


def test_rounds_added_to_a_program_come_to_the_bound(browser, tmp_path):
    names = {"program": {one: one for one in ("heads", "tails", "theta")}}
    with opened(browser, tmp_path, figure("bound", json.dumps(names))) as page:
        six = {"heads": [5, 9, 8, 4, 7, 6], "tails": [5, 1, 2, 6, 3, 4]}
        ran(page, **six, theta=[0.3, 0.7])
        shown(page)
        assert told(page).startswith("From the program. θA 0.3")
        assert "the bound lies 0.000 lower (θB 0.700)" in told(page)
        assert page.locator(".bound .rows input").count() == 6


def test_numbers_far_from_zero_are_put_as_they_are(browser, tmp_path):
    names = {"program": {"x": "x", "mean": "means"}}
    far = [1700001, 1700002.5, 1700003, 1700104, 1700105.25]
    with opened(browser, tmp_path, figure("bells", json.dumps(names))) as page:
        page.evaluate(HEAR)
        ran(page, x=far, mean=[1700002.125, 1700104.5])
        shown(page)
        press(page, PUT)
        [(_, detail)] = heard(page)[-1:]
        assert detail["values"] == {
            "x": far,
            "mean": [1700002.125, 1700104.5],
        }


def test_each_half_step_is_said_when_it_is_seen(browser, tmp_path):
    with opened(browser, tmp_path, coins(), clock=True) as page:
        page.evaluate(HEAR)
        halves = []
        for name in ("Share out", "Re-estimate", "Share out"):
            press(page, name)
            halves += heard(page)
        assert halves == [["half", {"half": half}] for half in "EME"]
        press(page, "Start again")
        assert heard(page) == [["half", {"half": ""}]]
        press(page, "Start again")
        assert heard(page) == []
        press(page, "Play")
        for _ in range(10):
            page.clock.run_for(300)
        played = [detail["half"] for _, detail in heard(page)]
        assert len(played) > 2
        assert "".join(played) in "ME" * len(played)


def test_what_the_program_ended_with_is_shown_with_what_was_before(
    browser, tmp_path
):
    with opened(browser, tmp_path, coins()) as page:
        ghosts = page.locator(".ghosts path")
        before = ghosts.count()
        shown(page)
        ran(page, theta=[0.8, 0.52], heads=[5, 9, 8, 4, 6])
        assert told(page).startswith("A guess.")
        page.set_viewport_size({"width": 390, "height": 300})
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        shown(page)
        assert page.locator(".stage").evaluate(
            "stage => stage.getBoundingClientRect().bottom > 0"
        )
        assert told(page).startswith("From the program. θA 0.80000; θB 0.52")
        assert page.get_by_label("heads of row 5").input_value() == "6"
        assert ghosts.count() == before + 2
        press(page, "Back")
        assert "θA 0.60000" in told(page)
        assert ghosts.count() == before


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"theta": [0.8, None], "heads": [5, 9, 8, 4, 7]}, "theta"),
        ({"theta": [0.8, 1.2], "heads": [5, 9, 8, 4, 7]}, "theta"),
        ({"theta": [0.8, 0.5], "heads": [5, 9]}, "heads"),
        ({"theta": [0.8, 0.5, 0.3], "heads": [5, 9, 8, 4, 7]}, "theta"),
        ({"theta": 0.8, "heads": [5, 9, 8, 4, 7]}, "theta"),
        ({"theta": [[0.8, 0.5]], "heads": [5, 9, 8, 4, 7]}, "theta"),
        ({"theta": [0.8, 0.5]}, "heads"),
    ],
)
def test_what_the_figure_cannot_show_is_said_and_changes_nothing(
    browser, tmp_path, values, name
):
    with opened(browser, tmp_path, coins()) as page:
        ran(page, **values)
        shown(page)
        assert told(page).startswith("Not taken.")
        assert name in told(page)
        limits = "this figure takes 1 to 4 coins with θ from 0 to 1"
        assert (limits in told(page)) == (name in values)
        press(page, "Share out")
        settled(page)
        cells = page.locator(".row .cell").all_inner_texts()
        assert cells[-2] == "21.30 ÷ 29.87 = ?"


def test_a_number_alone_in_the_program_is_a_list_of_one_here(browser, tmp_path):
    names = {"mean": "means", "std": "sigma"}
    one = figure("kmeans", json.dumps({"program": names}))
    with opened(browser, tmp_path, one) as page:
        page.evaluate(HEAR)
        press(page, PUT)
        [(_, detail)] = heard(page)
        assert detail["values"] == {"mean": [[-1, 4], [0, 4], [1, 4]], "std": 0}
        ran(page, mean=[[0, 0], [4, 0]], std=1.5)
        shown(page)
        assert "A (0.00, 0.00); B (4.00, 0.00)" in told(page)
        assert page.locator(".slide span").inner_text() == "σ 1.50"
