"""Reads cut among transcripts: numbers against the package, hands and keys."""

import json
import re

import numpy as np
import pytest
from figure_page import (
    LIVE,
    do,
    drag,
    figure,
    minus,
    opened,
    played,
    press,
    settled,
    told,
)

import em
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

FIVE = {
    "members": [[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]],
    "counts": [1, 1, 1, 1, 1],
    "lengths": [1, 1, 1],
}
OTHER = {
    "members": [[0, 1], [1, 2], [0, 3], [3], [0, 1, 2, 3]],
    "counts": [3, 14, 2, 7, 30],
    "lengths": [801, 340.5, 1200, 95],
}
NAMES = ["red", "green", "blue", "gold"]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def reads(**state) -> str:
    return figure("reads", json.dumps(state))


def shares(page) -> list[float]:
    """Give the abundances as the handles tell them."""
    settled(page)
    nodes = page.locator("[role=slider]").evaluate_all(
        "all => all.map((n) => n.getAttribute('aria-valuenow'))"
    )
    return [float(value) for value in nodes]


def cell(page, row: int, column: int):
    return page.locator(".row .cells").nth(row).locator(".cell").nth(column)


@pytest.mark.parametrize(
    ("data", "start"),
    [(FIVE, [1 / 3] * 3), (OTHER, [0.1, 0.2, 0.3, 0.4])],
)
def test_twenty_steps_are_those_of_em(browser, tmp_path, data, start):
    run = em.run(transcripts, Classes(**data), Abundances(start))
    with opened(browser, tmp_path, reads(**data, alpha=start)) as page:
        for number, step in zip(range(21), run, strict=False):
            alpha = step.params.alpha
            if number:
                words = [
                    f"{name} {share:.5f}"
                    for name, share in zip(
                        NAMES, alpha / alpha.sum(), strict=False
                    )
                ]
                assert ", ".join(words) in told(page)
            do(page, "Share out")
            height = minus(step.log_likelihood, 3)
            assert f"Log-likelihood {height}" in told(page)
            credited, _ = transcripts.e_step(Classes(**data), step.params)
            for name, count in zip(NAMES, credited, strict=False):
                assert f"{count:.3f} to {name}" in told(page)
            do(page, "Re-estimate")


def test_each_read_is_cut_and_the_totals_are_divided(browser, tmp_path):
    with opened(browser, tmp_path, reads()) as page:
        assert cell(page, 2, 0).inner_text() == "fits"
        assert cell(page, 2, 2).inner_text() == ""
        do(page, "Share out")
        settled(page)
        split = transcripts.split(Classes(**FIVE), Abundances([1 / 3] * 3))
        # The package puts classes in the order of their size.
        expected = sorted(
            row[row > 0].round(2).tolist() for row in split.toarray()
        )
        rows = page.locator(".row .cells").all()[1:6]
        found = [
            [float(n) for n in re.findall(r"\d\.\d\d", row.inner_text())]
            for row in rows
        ]
        assert sorted(found) == expected
        bar = cell(page, 1, 0).locator(".counts").get_attribute("style")
        assert bar == "width:33.33%"
        totals = page.locator(".total .cell")
        assert totals.first.inner_text() == "2.33 ÷ 5.00 = ?"  # to be guessed
        do(page, "Re-estimate")
        settled(page)
        assert totals.all_inner_texts() == [
            "2.33 ÷ 5.00 = 0.467",
            "1.33 ÷ 5.00 = 0.267",
            "1.33 ÷ 5.00 = 0.267",
        ]


def test_a_cell_says_what_fits_and_reads_come_and_go(browser, tmp_path):
    with opened(browser, tmp_path, reads()) as page:
        # Read 4 fits red too, from now on; read 5 is one of three.
        cell(page, 4, 0).click()
        box = page.get_by_label("reads of row 5", exact=True)
        box.fill("3")
        box.press("Enter")
        press(page, "Add a row")
        page.get_by_label("Remove row 1", exact=True).click()
        do(page, "Share out")
        data = {
            "members": [[0, 1], [0, 2], [0, 1, 2], [0], [0, 1]],
            "counts": [1, 1, 1, 3, 1],
            "lengths": [1, 1, 1],
        }
        _, height = transcripts.e_step(Classes(**data), Abundances([1 / 3] * 3))
        assert f"Log-likelihood {minus(height, 3)}" in told(page)
        settled(page)
        last = cell(page, 4, 0)
        assert last.get_attribute("aria-pressed") == "true"
        last.click()  # a read that fits nothing is no read
        settled(page)
        assert cell(page, 4, 0).get_attribute("aria-pressed") == "true"
        assert cell(page, 4, 1).get_attribute("aria-pressed") == "false"
        assert "3" in page.get_by_label("reads of row 4").input_value()


def test_an_abundance_by_drag_key_and_number(browser, tmp_path):
    for options in ({}, PHONE):
        with opened(browser, tmp_path, reads(), **options) as page:
            red = page.get_by_label("Share of red").first
            red.focus()
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Shift+ArrowUp")
            now = shares(page)
            assert now == pytest.approx([0.443, 0.278, 0.278], abs=0.001)
            page.locator("summary").click()
            box = page.locator("input[aria-label='Share of blue']")
            box.fill("0.5")
            box.press("Enter")
            now = shares(page)
            assert now[2] == 0.5
            assert now[0] / now[1] == pytest.approx(0.443 / 0.278, abs=0.01)
            red.scroll_into_view_if_needed()
            drag(page, red, 2000)
            assert shares(page) == [1, 0, 0]
            # There is no way back in proportion: the others share evenly.
            red.focus()
            page.keyboard.press("Shift+ArrowLeft")
            assert shares(page) == pytest.approx([0.9, 0.05, 0.05])


def test_what_begins_at_nothing_stays_there_or_is_impossible(browser, tmp_path):
    with opened(browser, tmp_path, reads(), clock=True) as page:
        page.locator("summary").click()
        press(page, "No blue")
        played(page)
        assert "0.000 to blue" in told(page)
        press(page, "No red")
        do(page, "Share out")
        assert told(page).startswith("It stops here. Read 3 is impossible")


def test_a_box_being_typed_in_is_left_alone_while_the_figure_moves(
    browser, tmp_path
):
    with opened(browser, tmp_path, reads(), clock=True) as page:
        page.locator("summary").click()
        box = page.locator("input[aria-label='Share of blue']")
        press(page, "Play")
        box.focus()
        box.fill("0.12")
        before = told(page)
        page.clock.run_for(3000)
        assert told(page) != before
        assert box.input_value() == "0.12"
        box.press("Enter")
        assert shares(page)[2] == 0.12
        do(page, "Share out", "Re-estimate")
        settled(page)
        assert float(box.input_value()) != 0.12


def test_the_address_brings_back_reads_and_abundances(browser, tmp_path):
    address = "#reads:members=[0,1],[1,2];counts=4,5;alpha=0.2,0.3,0.5;at=3"
    data = {"members": [[0, 1], [1, 2]], "counts": [4, 5], "lengths": [1] * 3}
    with opened(browser, tmp_path, reads(), address=address) as page:
        first, second = zip(
            range(2),
            em.run(transcripts, Classes(**data), Abundances([0.2, 0.3, 0.5])),
            strict=False,
        )
        assert first[1].log_likelihood < second[1].log_likelihood
        assert minus(second[1].log_likelihood, 3) in told(page)
    for address in (
        "#reads:members=[0,7]", "#reads:members=[],[1]", "#reads:alpha=0,0,0",
        "#reads:counts=1,1,1,1,0",
    ):  # fmt: skip
        with opened(browser, tmp_path, reads(), address=address) as page:
            assert "cannot be shown" in told(page), address


def test_bars_are_seen_with_forced_colours(browser, tmp_path):
    with opened(browser, tmp_path, reads(), forced_colors="active") as page:
        do(page, "Share out")
        settled(page)
        bar = cell(page, 1, 0).locator(".counts")
        seen = bar.evaluate("n => getComputedStyle(n).backgroundColor")
        ground = page.evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        assert seen not in (ground, "rgba(0, 0, 0, 0)")
        dotted = cell(page, 2, 2).evaluate(
            "n => getComputedStyle(n, '::before').borderTopStyle"
        )
        assert dotted == "dotted"


def test_its_page_says_where_it_belongs() -> None:
    assert "../../transcripts.html" in (LIVE / "reads.html").read_text()
    assert np.isfinite(FIVE["counts"]).all()
