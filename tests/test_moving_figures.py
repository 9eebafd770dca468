"""Figures that step, in a real browser."""

import numpy as np
import pytest
from browsing import address, stepped, tab


def linkage_log_likelihood(theta: float) -> float:
    return (
        125 * np.log(1 / 2 + theta / 4)
        + 38 * np.log((1 - theta) / 4)
        + 34 * np.log(theta / 4)
    )


def linkage_step(theta: float) -> float:
    x = 125 * (theta / 4) / (1 / 2 + theta / 4)
    return (x + 34) / (x + 72)


def test_dragging_shows_the_frame_whose_numbers_em_computed(site, browser):
    path = [0.1]
    for _ in range(4):
        path.append(linkage_step(path[-1]))
    with tab(browser) as page:
        page.goto(address(site, "promises"))
        figure = page.locator("figure.stepper").first
        slider = figure.locator("input")
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + 8, middle)
        page.mouse.down()
        seen = set()
        for part in np.linspace(0.05, 1, 12):
            page.mouse.move(box["x"] + part * (box["width"] - 4), middle)
            number, told = stepped(figure)
            # The start, then an E-step (nothing moves) and an M-step in turn.
            assert f"θ {path[number // 2]:.4f}" in told
            if number % 2 == 0:
                height = linkage_log_likelihood(path[number // 2])
                assert f"log-likelihood −{-height:.3f}" in told
            seen.add(number)
        page.mouse.up()
    assert len(seen) > 6
    assert max(seen) == 8


def test_play_plays_until_it_is_paused_as_fast_as_was_chosen(site, browser):
    with tab(browser) as page:
        page.clock.install()
        page.goto(address(site, "promises"))
        figure = page.locator("figure.stepper").first
        button = figure.locator(".play")
        figure.locator("select").select_option("fast")
        assert button.inner_text() == "Play"
        button.click()
        assert button.inner_text() == "Pause"
        page.wait_for_function(
            "document.querySelector('figure.stepper input').value >= 3"
        )
        button.click()
        assert button.inner_text() == "Play"
        there = stepped(figure)
        page.clock.run_for(10_000)
        assert stepped(figure) == there


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_back_and_next_take_one_step_say_so_and_end(site, browser, motion):
    with tab(browser, reduced_motion=motion) as page:
        page.goto(address(site, "promises"))
        figure = page.locator("figure.stepper").first
        back, onwards = figure.locator(".back"), figure.locator(".next")
        said = figure.locator("[role=status]")
        assert figure.locator(".play").is_visible() == (motion != "reduce")
        assert back.is_disabled()
        onwards.click()
        onwards.click()
        assert stepped(figure)[0] == 2
        assert said.text_content() == stepped(figure)[1]
        back.press("Enter")
        assert stepped(figure)[0] == 1
        back.press("Enter")
        assert stepped(figure)[0] == 0
        assert onwards.evaluate("one => one === document.activeElement")
        figure.locator("input").press("End")
        assert onwards.is_disabled()


def test_a_step_has_an_address(site, browser):
    with tab(browser) as page:
        page.goto(address(site, "promises"))
        figure = page.locator("figure.stepper").first
        for _ in range(3):
            figure.locator(".next").click()
        link = figure.locator(".link")
        assert link.get_attribute("href") == "#step-1=3"
        page.goto(f"{address(site, 'index')}")
        page.goto(f"{address(site, 'promises')}#step-1=5")
        assert stepped(page.locator("figure.stepper").first)[0] == 5


def test_print_shows_the_first_and_the_last_frame_and_no_buttons(site, browser):
    with tab(browser) as page:
        page.goto(address(site, "promises"))
        page.emulate_media(media="print")
        figure = page.locator("figure.stepper").first
        shown = [
            frame.get_attribute("data-step")
            for frame in figure.locator(".frame:visible").all()
        ]
        last = figure.locator(".frame").count() - 1
        assert shown == ["0", str(last)]
        assert not figure.locator(".controls").is_visible()
