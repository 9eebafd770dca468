"""The bound below the log-likelihood of two coins, against the package."""

import json
import re
from itertools import pairwise

import numpy as np
import pytest
from figure_page import (
    LIVE,
    climbs,
    do,
    figure,
    minus,
    opened,
    played,
    press,
    settled,
    told,
)

import em
from em.models import coins
from em.models.coins import Coins, Flips

FLIPS = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
ROWS = {"heads": [21, 9, 10, 32, 7], "tails": [7, 10, 17, 10, 13]}
START, OTHER = 0.25, 0.6
SHARES = [0.05, 0.5, 0.8, 0.02, 0.4]


def lower(first, theta) -> float:
    """Give F where A has these shares of the rows."""
    r = np.column_stack([first, 1 - np.array(first)])
    return em.lower_bound(coins, FLIPS, r, Coins(theta))


def steps(n):
    """Give θA, the shares and the height of n steps with θB held."""
    a, found = START, []
    for _ in range(n):
        r, height = coins.e_step(FLIPS, Coins([a, OTHER]))
        found.append((a, r, height))
        a = coins.m_step(FLIPS, r).theta[0]
    return [*found, (a, *coins.e_step(FLIPS, Coins([a, OTHER])))]


def slider(page, row: int):
    return page.get_by_label(f"A's share of row {row}", exact=True)


def test_twenty_steps_with_one_coin_held_are_those_of_em(browser, tmp_path):
    found = steps(21)
    with opened(browser, tmp_path, figure("bound")) as page:
        for (a, r, height), (after, _, higher) in pairwise(found):
            do(page, "Share out")
            assert f"touch at θA {a:.5f}" in told(page)
            assert f"Log-likelihood {minus(height, 3)}" in told(page)
            do(page, "Re-estimate")
            gap = abs(higher - lower(r[:, 0], [after, OTHER]))
            assert f"θA {after:.5f}: the bound lies {gap:.3f} lower" in (
                told(page)
            )
            # The proof's own step: the height of the new guess, and the rise.
            assert climbs(page, higher, higher - height)


def test_it_rests_where_they_touch_at_the_top_of_both(browser, tmp_path):
    with opened(browser, tmp_path, figure("bound"), clock=True) as page:
        played(page)
        a = steps(200)[-1][0]
        assert re.search(r"They touch at θA (\S+), the top of both", told(page))
        assert f"θA {a:.3f}" in told(page)
        assert page.locator("button.primary").inner_text() == "Re-estimate (M)"


def test_the_bound_is_that_of_em(browser, tmp_path):
    rng = np.random.default_rng(2)
    with opened(browser, tmp_path, figure("bound")) as page:
        for _ in range(50):
            first, theta = rng.uniform(size=5), rng.uniform(0.05, 0.95, 2)
            found = page.evaluate(
                "([rows, r, theta]) => EM.coins.bound(rows, r,"
                " {theta, weights: [0.5, 0.5]})",
                [
                    ROWS,
                    np.column_stack([first, 1 - first]).tolist(),
                    theta.tolist(),
                ],
            )
            assert found == pytest.approx(lower(first, theta), rel=1e-12)


def test_a_share_slides_the_bound_and_a_row_tells_its_gap(browser, tmp_path):
    with opened(browser, tmp_path, figure("bound")) as page:
        low = page.locator(".lines path.low").first
        settled(page)
        before = low.get_attribute("d")
        slider(page, 3).focus()
        page.keyboard.press("ArrowRight")
        settled(page)
        assert low.get_attribute("d") != before
        moved = [*SHARES[:2], 0.81, *SHARES[3:]]
        r, height = coins.e_step(FLIPS, Coins([START, OTHER]))
        gap = height - lower(moved, [START, OTHER])
        assert f"the bound lies {gap:.3f} lower" in told(page)
        own = 0.81 * np.log(0.81 / r[2, 0]) + 0.19 * np.log(0.19 / r[2, 1])
        words = page.locator(".bound > p").inner_text()
        assert f"Row 3: the mean of the logs lies {own:.3f} below" in words
        assert f"All rows together: {gap:.3f}" in words
        do(page, "Share out")
        settled(page)
        assert "lies 0.000 below" in page.locator(".bound > p").inner_text()
        assert float(slider(page, 3).input_value()) == pytest.approx(
            r[2, 0], abs=0.006
        )
        do(page, "Back", "Back")
        assert told(page).startswith("A guess.")


def test_the_curve_is_never_below_the_bound(browser, tmp_path):
    with opened(browser, tmp_path, figure("bound")) as page:
        for _ in range(3):
            do(page, "Share out", "Re-estimate")
        settled(page)
        curve, bound = (
            dict(re.findall(r"([\d.]+),(-?[\d.]+)", path.get_attribute("d")))
            for path in page.locator(".lines path").all()[1:3]
        )
        assert len(bound) > 30
        assert all(float(bound[x]) >= float(curve[x]) - 1e-6 for x in bound)


def test_theta_by_key_and_whole_shares_show_no_nan(browser, tmp_path):
    with opened(browser, tmp_path, figure("bound")) as page:
        point = page.locator("[role=slider][aria-label='θA']")
        point.focus()
        page.keyboard.press("ArrowRight")
        settled(page)
        assert point.get_attribute("aria-valuenow") == "0.260"
        page.locator("summary").click()
        for name in ("All to A", "None to A", "Half and half"):
            press(page, name)
            settled(page)
            live = page.locator(".live").evaluate("n => n.outerHTML")
            assert not re.search("NaN|Infinity|undefined", live), name


def test_the_address_brings_back_shares(browser, tmp_path):
    shares = [0.1, 0.2, 0.3, 0.4, 0.5]
    address = "#bound:shares=0.1,0.2,0.3,0.4,0.5"
    with opened(
        browser, tmp_path, figure("bound", json.dumps(ROWS)), address=address
    ) as page:
        gap = coins.e_step(FLIPS, Coins([START, OTHER]))[1]
        gap -= lower(shares, [START, OTHER])
        assert f"the bound lies {gap:.3f} lower" in told(page)


def test_its_page_says_where_it_belongs() -> None:
    assert "../../why.html" in (LIVE / "bound.html").read_text()


def test_the_curves_stay_in_sight_while_a_share_is_set(browser, tmp_path):
    with opened(browser, tmp_path, figure("bound")) as page:
        page.set_viewport_size({"width": 390, "height": 700})
        last = page.locator(".bound .rows input").last
        last.focus()
        curves = page.locator(".stage").bounding_box()
        slider = last.bounding_box()
        assert 0 <= curves["y"] < curves["y"] + curves["height"] < slider["y"]
        assert slider["y"] + slider["height"] <= 700
        # Going back, what has the focus is not behind them.
        for _ in range(8):
            page.keyboard.press("Shift+Tab")
            top = page.evaluate(
                "document.activeElement.getBoundingClientRect().y"
            )
            inside = page.evaluate("document.activeElement.matches('.stage *')")
            curves = page.locator(".stage").bounding_box()
            assert inside or top >= curves["y"] + curves["height"]
