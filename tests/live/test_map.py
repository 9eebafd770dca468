"""The map of two coins: numbers against the package, hands and keys."""

import json
import re
from itertools import islice

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
    tap,
    told,
)

import em
from em.models import coins
from em.models.coins import Coins, Flips

TWO = {"heads": [21, 9, 10, 32, 7], "tails": [7, 10, 17, 10, 13]}
ONE = {"heads": [5, 6, 5, 4, 5], "tails": [5, 4, 5, 6, 5]}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
POINT = "[role=slider][aria-label='θA across, θB up']"


def a_map(**state) -> str:
    """Give a map with gradient ascent beside EM."""
    return figure("map", json.dumps({"beside": "gradient"} | state))


def fitted(rows, theta, n):
    """Give two coins of even weights after n steps."""
    run = em.run(coins, Flips(**rows), Coins(theta), fixed="weights")
    return next(islice(run, n, None)).params.theta


def height(rows, theta) -> float:
    return coins.e_step(Flips(**rows), Coins(theta))[1]


def slope(rows, theta, step=1e-5):
    """Give the finite difference of the log-likelihood."""
    sides = step * np.eye(2)
    return np.array(
        [
            (height(rows, theta + e) - height(rows, theta - e)) / (2 * step)
            for e in sides
        ]
    )


def at(page) -> list[float]:
    """Give the place of the point, as it is told."""
    settled(page)
    text = page.locator(POINT).get_attribute("aria-valuetext")
    return [float(number) for number in re.findall(r"\d\.\d+", text)]


@pytest.mark.parametrize(
    ("rows", "start"), [(TWO, [0.25, 0.35]), (ONE, [0.2, 0.9])]
)
def test_twenty_steps_of_both_ways_are_those_of_em(
    browser, tmp_path, rows, start
):
    climb = np.array(start)
    with opened(browser, tmp_path, a_map(**rows, theta=start)) as page:
        for n in range(1, 21):
            do(page, "Share out", "Re-estimate")
            climb = climb + 0.001 * slope(rows, climb)
            a, b = fitted(rows, start, n)
            assert f"θA {a:.5f}; θB {b:.5f}." in told(page)
            way = ", ".join(f"{t:.3f}" for t in climb)
            assert f"({way}), height {minus(height(rows, climb), 3)}" in told(
                page
            )
        do(page, "Share out")
        assert f"Log-likelihood {minus(height(rows, [a, b]), 3)}" in told(page)


def test_the_gradient_is_a_finite_difference(browser, tmp_path):
    rng = np.random.default_rng(1)
    with opened(browser, tmp_path, a_map()) as page:
        for theta in rng.uniform(0.05, 0.95, (20, 2)):
            found = page.evaluate(
                "([rows, theta]) => EM.coins.gradient(rows,"
                " {theta, weights: [0.5, 0.5]})",
                [TWO, theta.tolist()],
            )
            np.testing.assert_allclose(
                found, slope(TWO, theta), rtol=1e-6, atol=1e-6
            )


@pytest.mark.parametrize(
    ("rows", "start", "place"),
    [
        (TWO, [0.25, 0.35], "upper left peak"),
        (TWO, [0.9, 0.2], "lower right peak"),
        (TWO, [0.3, 0.3], "saddle"),
        (ONE, [0.2, 0.9], "peak"),
    ],
)
def test_where_both_ways_end_is_told_with_numbers(
    browser, tmp_path, rows, start, place
):
    address = f"#map:theta={start[0]},{start[1]};at=2000"
    with opened(
        browser, tmp_path, a_map(**rows, step=[0.0005]), address=address
    ) as page:
        do(page, "Share out") if "Re-estimated" in told(page) else None
        a, b = fitted(rows, start, 1500)
        end = f"at the {place} ({a:.3f}, {b:.3f}), height "
        end += minus(height(rows, [a, b]), 3)
        assert told(page).startswith("Settled after")
        assert f"EM ends {end}" in told(page)
        assert re.search(
            rf"Gradient ascent at rest after \d+ steps: {re.escape(end)}",
            told(page),
        )


def test_peaks_and_saddle_are_named_with_their_heights(browser, tmp_path):
    with opened(browser, tmp_path, a_map(), a_map(**ONE)) as page:
        settled(page)
        top = minus(height(TWO, fitted(TWO, [0.2, 0.8], 500)), 2)
        pooled = minus(height(TWO, [79 / 136] * 2), 2)
        first, second = (
            page.locator("figure").nth(i).locator("text.name") for i in (0, 1)
        )
        assert sorted(first.all_text_contents()) == [
            f"peak {top}", f"peak {top}", f"saddle {pooled}",
        ]  # fmt: skip
        assert second.all_text_contents() == [
            f"peak {minus(height(ONE, [0.5, 0.5]), 2)}"
        ]


def test_a_long_step_leaves_the_square_and_a_shorter_one_zigzags(
    browser, tmp_path
):
    with opened(browser, tmp_path, a_map()) as page:
        box = page.get_by_label("Step of gradient ascent")
        box.fill("0.01")
        box.press("Enter")
        do(page, "Share out", "Re-estimate")
        away = np.array([0.25, 0.35]) + 0.01 * slope(TWO, [0.25, 0.35])
        assert away.max() > 1
        assert f"left the square at step 1: no coin has θ {away.max():.2f}" in (
            told(page)
        )
        settled(page)
        box.fill("7")
        box.press("Enter")
        assert "Not taken." in told(page)
    with opened(
        browser, tmp_path, a_map(step=[0.006], theta=[0.4, 0.7])
    ) as page:
        for _ in range(8):
            do(page, "Share out", "Re-estimate")
        path, turns, before = np.array([0.4, 0.7]), 0, np.zeros(2)
        for _ in range(8):
            now = slope(TWO, path)
            turns, before = turns + (now @ before < 0), now
            path = path + 0.006 * now
        assert turns > 0
        assert f"Turned back {turns}×" in told(page)


def test_a_start_by_click_tap_drag_and_key(browser, tmp_path):
    for options in ({}, PHONE):
        with opened(browser, tmp_path, a_map(), **options) as page:
            assert at(page) == [0.25, 0.35]
            box = page.locator(".contour").bounding_box()
            x, y = box["x"] + 0.7 * box["width"], box["y"] + box["height"] / 5
            tap(page, x, y) if options else page.mouse.click(x, y)
            assert at(page) == pytest.approx([0.7, 0.8], abs=0.02)
            assert told(page).startswith("Your guess.")
            page.locator(POINT).focus()
            before = at(page)
            page.keyboard.press("ArrowLeft")
            page.keyboard.press("Shift+ArrowDown")
            moved = np.subtract(at(page), before)
            assert moved == pytest.approx([-0.01, -0.1])
            if options:
                continue
            drag(page, page.locator(POINT), -60)
            width = box["width"]
            assert at(page)[0] == pytest.approx(0.69 - 60 / width, abs=0.02)


def test_a_press_anywhere_takes_hold_of_the_start(browser, tmp_path):
    with opened(browser, tmp_path, a_map()) as page:
        box = page.locator(".contour").bounding_box()
        x, y = (box[i] + 0.8 * box["width"] for i in "xy")
        page.mouse.move(x, y)
        page.mouse.down()
        assert at(page) == pytest.approx([0.8, 0.2], abs=0.02)
        page.mouse.move(x - box["width"] / 2, y - box["width"] / 2, steps=5)
        page.mouse.up()
        assert at(page) == pytest.approx([0.3, 0.7], abs=0.02)
        press(page, "Back")  # one gesture, undone at once
        assert at(page) == [0.25, 0.35]


def strokes(page, selector: str) -> set[str]:
    """Give the colours of lines that are shown."""
    return set(
        page.locator(selector).evaluate_all(
            "all => all.filter((n) => n.getAttribute('d'))"
            ".map((n) => getComputedStyle(n).stroke)"
        )
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_map_and_bound_to_be_seen(
    browser, tmp_path, scheme
):
    options = {"forced_colors": "active", "color_scheme": scheme}
    figures = a_map(), figure("bound")
    with opened(browser, tmp_path, *figures, **options) as page:
        for node in page.locator("figure").all():
            node.get_by_role("button", name="Share out").click()
            node.get_by_role("button", name="Re-estimate").click()
        settled(page)
        ground = page.evaluate(
            "() => { const n = document.createElement('i');"
            " n.style.color = 'Canvas'; document.body.append(n);"
            " return getComputedStyle(n).color; }"
        )
        for selector in (
            ".contour", ".loop", ".way", ".slope", ".lines path",
            ".lines .low", ".lines .gap",
        ):  # fmt: skip
            assert strokes(page, selector), selector
            assert ground not in strokes(page, selector), selector
        # Told apart by dashes as well as by colour.
        for pair in ((".way", ".slope"), (".lines path:nth-child(2)", ".low")):
            dashes = [
                page.locator(one).first.evaluate(
                    "n => getComputedStyle(n).strokeDasharray"
                )
                for one in pair
            ]
            assert dashes[0] != dashes[1]
        texts = page.locator(".live text").evaluate_all(
            "all => all.map((n) => getComputedStyle(n).fill)"
        )
        assert ground not in texts


def test_share_out_draws_a_loop_and_moves_nothing(browser, tmp_path):
    with opened(browser, tmp_path, a_map()) as page:
        before = at(page)
        loop = page.locator(".loop")
        assert not loop.get_attribute("d")
        do(page, "Share out")
        assert at(page) == before
        # The loop's middle is not the point: the point lies on it.
        numbers = [
            float(n) for n in re.findall(r"\d+\.\d+", loop.get_attribute("d"))
        ]
        spots = np.reshape(numbers, (-1, 2)) / 72
        assert np.abs(spots - before).max(axis=1).min() < 0.01
        do(page, "Re-estimate")
        assert at(page) != before
        assert page.locator(".loop.stale").count() == 1


def test_flips_are_chosen_and_nothing_is_nan(browser, tmp_path):
    with opened(browser, tmp_path, a_map(), clock=True) as page:
        page.locator("summary").click()
        page.get_by_label("Flips").select_option("one")
        played(page)
        assert "EM ends at the peak (0.5" in told(page)
        assert not re.search("NaN|Infinity|undefined", page.content())


def test_gradient_ascent_is_there_only_where_it_is_asked_for(browser, tmp_path):
    with opened(browser, tmp_path, figure("map")) as page:
        do(page, "Share out")
        do(page, "Re-estimate")
        settled(page)
        assert "Gradient" not in page.locator(".stage").inner_text()
        assert "Gradient" not in told(page)
        assert page.locator("path.slope").first.get_attribute("d") == "M0 0"
        page.locator("summary").click()
        page.get_by_label("Beside EM").select_option("gradient")
        page.get_by_label("Step of gradient ascent").wait_for()
        do(page, "Share out")
        do(page, "Re-estimate")
        assert "Gradient ascent after 1 step:" in told(page)


def test_its_page_says_where_it_belongs() -> None:
    assert "../../surface.html" in (LIVE / "map.html").read_text()
