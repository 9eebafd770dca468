"""States that would lie, stick or break: each is refused, or told in words."""

import json
import re
from urllib.parse import quote

import numpy as np
import pytest
from figure_page import do, figure, key, opened, press, settled, told

# What each of these said or showed before it was refused.
REFUSED = {
    "coins:weights=9,9": "weights",
    "coins:weights=-1,2": "weights",
    "coins:heads=5.5,9,8,4,7": "heads",
    "overlap:means=1,1": "means",
    "bound:weights=0,1": "weights",
    "bound:heads=0,0,0,0,0;tails=0,0,0,0,0": "heads, tails",
    "reads:counts=1e308,1e308,1,1,1;at=2": "counts",
    "bells:shares=constructor": "shares",
    "bells:means=1,2,3": "means",
    "bells:width=3": "width",
    "bells:at=x": "at (2,000 half-steps at most)",
    "bells:at=3000": "at (2,000 half-steps at most)",
    "opinion:weights=1,1,1,1": "weights",
}


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_goes_through_the_door_and_is_told_which_part_is_wrong(
    browser, tmp_path, address
):
    view = address.split(":")[0]
    with opened(browser, tmp_path, figure(view), address=f"#{address}") as page:
        said = f"The address cannot be shown: {REFUSED[address]}."
        assert told(page).startswith(f"A guess. {said} This figure takes ")
        do(page, "Share out")
        assert "Log-likelihood" in told(page)


def test_an_address_has_a_thousand_numbers_at_most(browser, tmp_path):
    for n, fine in ((1000, True), (1001, False)):
        many = ",".join(f"{x:.2f}" for x in np.linspace(0, 10, n))
        address = f"#bells:x={many};at=1"
        with opened(
            browser, tmp_path, figure("bells"), address=address
        ) as page:
            said = "x. This figure takes 2 to 1,000 points" in told(page)
            assert said != fine
            assert told(page).startswith("Shared out.") == fine


def test_an_address_that_mail_has_encoded_is_read(browser, tmp_path):
    address = "#bells:" + quote("means=3,7;stds=1,1")
    assert "%2C" in address
    with opened(browser, tmp_path, figure("bells"), address=address) as page:
        assert "A: mean 3.00, width 1.00; B: mean 7.00" in told(page)


def test_the_figure_that_an_address_is_about_is_scrolled_to(browser, tmp_path):
    far = '<div style="height: 3000px"></div>'
    figures = figure("coins"), far, figure("coins")
    for address, there in (
        ("#coins2:theta=0.2,0.9", 1),
        ("#coins:theta=0.2,0.9", 0),
    ):
        with opened(browser, tmp_path, *figures, address=address) as page:
            assert "θA 0.20000" in told(page, there)
            assert (page.evaluate("scrollY") > 2000) == bool(there)


def test_a_point_that_is_added_is_said_and_the_axis_stays(browser, tmp_path):
    with opened(browser, tmp_path, figure("bells")) as page:
        ticks = page.locator(".axis text")
        before = ticks.all_text_contents()
        svg = page.locator(".stage > svg").bounding_box()
        x, y = svg["x"] + svg["width"] - 4, svg["y"] + 40
        for _ in range(10):
            page.mouse.click(x, y)
        assert re.match(r"A point added at \d\d\.\d\d\. A: mean", told(page))
        assert ticks.all_text_contents() == before
        page.locator("summary").click()
        box = page.get_by_label("Add a point")
        box.fill("40")
        box.press("Enter")
        assert told(page).startswith("A point added at 40.00.")
        assert ticks.all_text_contents() != before
        press(page, "Back")
        settled(page)
        assert ticks.all_text_contents() == before
        key(page, "Points", "Delete")
        assert re.match(r"The point at \d+\.\d\d taken away\.", told(page))


def test_the_axes_of_a_plane_stay_as_well(browser, tmp_path):
    for view in ("scatter", "kmeans"):
        with opened(browser, tmp_path, figure(view)) as page:
            first = page.locator(".dots path").first
            before = first.get_attribute("d")
            svg = page.locator(".stage > svg").bounding_box()
            for _ in range(5):
                page.mouse.click(svg["x"] + svg["width"] - 4, svg["y"] + 4)
            assert told(page).startswith("A point added at (")
            assert first.get_attribute("d") == before


def test_after_the_end_nothing_is_higher_by_nothing(browser, tmp_path):
    with opened(
        browser, tmp_path, figure("coins"), address="#coins:at=60"
    ) as page:
        for _ in range(3):
            do(page, "Share out")
            assert told(page).startswith("Settled after")
            do(page, "Re-estimate")
            assert re.search(
                r"Log-likelihood −\d+\.\d+: unchanged\.", told(page)
            )


def test_envelopes_collapse_in_words(browser, tmp_path):
    with opened(browser, tmp_path, figure("envelopes")) as page:
        state = {"means": [-2, 5], "stds": [0.01, 3]}
        page.evaluate(
            "hash => (location.hash = hash)",
            "envelopes:"
            + ";".join(f"{k}={json.dumps(v)[1:-1]}" for k, v in state.items()),
        )
        page.get_by_text("A: mean −2.00").wait_for()
        for _ in range(3):
            do(page, "Share out", "Re-estimate")
        assert re.match(r"It stops here\. Bell A (takes|shrank)", told(page))
        assert not re.search("NaN|undefined", page.content())
