"""Figures one can play, on a page opened from a disk, by hand, key and finger."""

import json
import re

import numpy as np
import oracle
import pytest
from figure_page import (
    LIVE,
    VIEWS,
    climbs,
    do,
    figure,
    html,
    in_sight,
    key,
    minus,
    opened,
    played,
    press,
    settled,
    tap,
    told,
)
from scripts import bundle

X = [0.9, 1.8, 2.4, 2.5, 3.1, 3.3, 4.1, 5.6, 6.9, 7.5, 8.1, 10.2]
BELLS = {"x": X, "means": [1, 9], "stds": [2, 1.5], "weights": [0.5, 0.5]}
FLIPS = {"heads": [5, 9, 8, 4, 7], "tails": [5, 1, 2, 6, 3]}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def bells(**more) -> str:
    return figure("bells", json.dumps(BELLS | more))


def shown_at_once(page, name: str) -> bool:
    """Press a button by script; is the new state seen with the next frame?"""
    button = page.get_by_role("button", name=name)
    return button.evaluate(
        """(one) => new Promise((done) => {
            const { dataset } = one.closest("figure");
            one.click();
            requestAnimationFrame(() => done(dataset.asked === dataset.shown));
        })"""
    )


def value(page, name: str) -> float:
    return float(
        page.locator(f'g[aria-label="{name}"]').get_attribute("aria-valuenow")
    )


@pytest.mark.parametrize("mixing", ["held", "free"])
def test_bells_tell_after_twenty_steps_what_em_computes(
    browser, tmp_path, mixing
):
    held = ("weights",) if mixing == "held" else ()
    start = {k: BELLS[k] for k in ("means", "stds", "weights")}
    params, heights = oracle.steps(
        oracle.normals_e, oracle.normals_m, X, start, 21, held
    )
    with opened(browser, tmp_path, bells(mixing=mixing)) as page:
        for p, height in zip(params[:-1], heights, strict=True):
            expected = [f"mean {minus(m, 2)}" for m in p["means"]]
            expected += [f"width {minus(s, 2)}" for s in p["stds"]]
            if not held:
                sums = [0, *np.cumsum(p["weights"]).round(2)]  # of 1 in all
                expected += [f"weight {w:.2f}" for w in np.diff(sums)]
            assert all(words in told(page) for words in expected)
            do(page, "Share out")
            assert f"Log-likelihood {minus(height, 3)}" in told(page)
            do(page, "Re-estimate")
        assert f"A: mean {minus(params[-1]['means'][0], 2)}" in told(page)
        # All digits are in the box to type in.
        page.locator("summary").click()
        settled(page)
        box = page.locator("input[aria-label='Mean of A']")
        assert float(box.input_value()) == pytest.approx(
            params[-1]["means"][0], abs=5e-5
        )


def test_weights_that_are_told_sum_to_one(browser, tmp_path):
    """Five eighths and three would both be rounded up."""
    x = [0, 0.5, 1, 1.5, 2, 9, 9.5, 10]
    one = bells(x=x, mixing="free", shares="hard")
    with opened(browser, tmp_path, one) as page:
        do(page, "Share out", "Re-estimate")
        given = re.findall(r"weight (\d\.\d\d)", told(page))
        assert given == ["0.63", "0.37"]


def test_coins_tell_after_twenty_steps_what_em_computes(browser, tmp_path):
    start = {"theta": [0.6, 0.5], "weights": [0.5, 0.5]}
    params, heights = oracle.steps(
        oracle.coins_e, oracle.coins_m, FLIPS, start, 20
    )
    with opened(browser, tmp_path, figure("coins")) as page:
        # Each height is that of the guess that is seen, from its first moment.
        for after, now, new in zip(
            params[1:], heights, [*heights[1:], None], strict=True
        ):
            do(page, "Share out")
            assert f"Log-likelihood {minus(now, 3)}." in told(page)
            do(page, "Re-estimate")
            a, b = after["theta"]
            assert f"θA {a:.5f}; θB {b:.5f}. " in told(page)
            if new is not None:
                assert climbs(page, new, new - now)
                climbed = page.locator(".climb").inner_text().strip()
                assert climbed == f"log-likelihood {minus(new, 2)}"
    assert params[1]["theta"] == pytest.approx([0.71301224, 0.58133931])
    assert params[10]["theta"] == pytest.approx([0.79674415, 0.51965866])


def test_coins_show_how_rows_are_split_and_the_division(browser, tmp_path):
    with opened(browser, tmp_path, figure("coins")) as page:
        press(page, "Share out")
        settled(page)
        cells = page.locator(".row .cell")
        text = cells.all_inner_texts()
        r, _ = oracle.coins_e(FLIPS, {"theta": [0.6, 0.5]})
        for i in range(5):
            for k in range(2):
                h = r[i, k] * FLIPS["heads"][i]
                t = r[i, k] * FLIPS["tails"][i]
                assert text[2 + 2 * i + k].split() == [
                    f"{h:.1f}", "H", f"{t:.1f}", "T",
                ]  # fmt: skip
        assert "21.30 ÷ 29.87 = ?" in text[-2]  # to be guessed
        press(page, "Re-estimate")
        settled(page)
        text = cells.all_inner_texts()
        assert "21.30 ÷ 29.87 = 0.713" in text[-2]
        assert "11.70 ÷ 20.13 = 0.581" in text[-1]


def test_shares_next_to_nothing_are_told_and_divide_as_well(browser, tmp_path):
    far = figure(
        "coins", '{"heads": [35], "tails": [65], "theta": [0.35, 0.9]}'
    )
    with opened(browser, tmp_path, far) as page:
        do(page, "Share out")
        do(page, "Re-estimate")
        settled(page)
        part, _, whole, _, result = (
            page.locator(".row .cell").last.inner_text().split()
        )
        part, whole = (float(n.replace("−", "-")) for n in (part, whole))
        assert 0 < part < whole < 1e-9
        assert result == "0.350"


def test_share_out_moves_nothing_and_re_estimate_fades_the_colours(
    browser, tmp_path
):
    with opened(browser, tmp_path, bells(), clock=True) as page:
        curves = page.locator(".curves path")
        dots = page.locator("g.dots")

        def look():
            settled(page)
            shapes = curves.evaluate_all(
                "all => all.map((p) => p.getAttribute('d'))"
            )
            return shapes, dots.get_attribute("class")

        before, bare = look()
        press(page, "Share out")
        shared, coloured = look()
        press(page, "Re-estimate")
        moved, stale = look()
        assert before == shared != moved
        assert [bare.split(), coloured.split(), stale.split()] == [
            ["dots", "bare"], ["dots"], ["dots", "stale"],
        ]  # fmt: skip
        assert page.locator(".ghosts path").count() == 2


def test_each_half_step_is_announced_once_and_play_only_at_its_end(
    browser, tmp_path
):
    with opened(browser, tmp_path, bells(), clock=True) as page:
        line = page.locator(".told")
        assert line.get_attribute("role") == "status"
        seen = []
        for name in ("Share out", "Re-estimate"):
            press(page, name)
            seen.append(told(page))
            assert line.get_attribute("aria-live") == "polite"
        assert seen[0].startswith("Shared out.")
        assert seen[1].startswith("Re-estimated.")
        page.evaluate(
            """() => {
            const line = document.querySelector(".told");
            window.heard = [];
            new MutationObserver(() => {
                if (line.getAttribute("aria-live") === "polite")
                    heard.push(line.textContent);
            }).observe(line, { subtree: true, childList: true, attributes: true });
            }"""
        )
        played(page)
        assert page.evaluate("heard") == [told(page)]


# Of each moment in which the figure changed: which parts of it did.
WATCH = """() => {
    window.moments = [];
    const parts = { words: ".told", buttons: ".bar button", line: ".climb",
        boxes: ".more input", dots: ".dots", table: ".cell" };
    new MutationObserver((all) => {
        const told = new Set();
        for (const { target, attributeName } of all) {
            const one = target.nodeType === 1 ? target : target.parentElement;
            for (const part in parts)
                if (one.closest(parts[part])) told.add(part);
            if (attributeName === "data-shown") told.add("shown");
        }
        moments.push([...told].sort());
    }).observe(document.querySelector("figure"),
        { subtree: true, childList: true, characterData: true, attributes: true });
}"""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize(
    ("view", "part"), [("bells", "dots"), ("coins", "table")]
)
def test_all_of_a_state_is_seen_in_one_moment_and_then_it_says_so(
    browser, tmp_path, view, part, motion
):
    with opened(browser, tmp_path, figure(view), reduced_motion=motion) as page:
        page.evaluate(WATCH)
        for name in ("Share out", "Re-estimate", "Back"):
            settled(page).evaluate("moments = []")
            press(page, name)
            settled(page)
            seen = [one for one in page.evaluate("moments") if one]
            # One moment, and the figure is what it says it is.
            assert len(seen) == 1, (name, seen)
            assert {"words", "buttons", "shown", part} <= {*seen[0]}, name


# What fast hands do before the next frame has come.
FAST = """(keys) => new Promise((done) => requestAnimationFrame(() => {
    const one = document.activeElement;
    for (const key of keys)
        one.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    done();
}))"""


@pytest.mark.parametrize("view", ["bells", "scatter"])
def test_hands_faster_than_a_frame_meet_the_present_state(
    browser, tmp_path, view
):
    with opened(browser, tmp_path, figure(view)) as page:
        n = page.evaluate(f"EM.views.{view}.data.x.length")
        page.get_by_label("Points", exact=True).focus()
        # The last point, which is gone when Enter asks for one more like it.
        page.evaluate(FAST, ["ArrowRight"] * n + ["Delete", "Enter", "Enter"])
        settled(page)
        assert page.locator(".dots path").count() == n + 1
        page.evaluate(FAST, ["Delete"] * (n + 5))
        settled(page)
        assert page.locator(".dots path").count() == 2
        assert not re.search("NaN|undefined", page.content())


def test_a_row_is_left_however_fast_they_are_removed(browser, tmp_path):
    for view in ("coins", "reads"):
        with opened(browser, tmp_path, figure(view)) as page:
            page.evaluate(
                "() => document.querySelectorAll('button.less')"
                ".forEach((one) => [one, one].forEach((twice) => twice.click()))"
            )
            settled(page)
            assert page.locator("button.less").count() == 1
            press(page, "Share out")
            assert "Log-likelihood" in told(page)


def test_numbers_under_options_are_those_of_now_from_the_first(
    browser, tmp_path
):
    """Opened by a press, by a key, or by a script, as a search in the page may."""
    with opened(browser, tmp_path, bells()) as page:
        box = page.locator("input[aria-label='Mean of A']")
        summary = page.locator("summary")
        for mean, open_ in enumerate(
            (
                summary.click,
                lambda: summary.press("Enter"),
                lambda: page.evaluate(
                    "document.querySelector('.more').open = true"
                ),
            ),
            start=2,
        ):
            page.evaluate(f"location.hash = 'bells:means={mean},9'")
            page.get_by_text(f"A: mean {mean}.00").wait_for()
            open_()
            box.wait_for()
            settled(page)
            assert float(box.input_value()) == mean
            summary.click()
            box.wait_for(state="hidden")


def test_back_undoes_one_thing_at_a_time(browser, tmp_path):
    with opened(browser, tmp_path, bells()) as page:
        seen = [told(page)]
        for name in ("Share out", "Re-estimate", "Share out"):
            press(page, name)
            seen.append(told(page))
        key(page, "Mean of A", *["ArrowRight"] * 5)
        assert told(page).startswith("Your guess.")
        while seen:
            do(page, "Back")
            assert told(page) == seen.pop()
        do(page, "Back")
        assert told(page).startswith("A guess.")


def test_a_button_out_of_turn_says_so(browser, tmp_path):
    with opened(browser, tmp_path, bells()) as page:
        do(page, "Re-estimate")
        assert "Nothing changes." in told(page)
        do(page, "Share out", "Share out")
        assert "Nothing changes." in told(page)
        primary = page.locator("button.primary")
        assert primary.all_inner_texts() == ["Re-estimate (M)"]


def test_all_of_bells_by_keyboard(browser, tmp_path):
    with opened(browser, tmp_path, bells()) as page:
        start = value(page, "Mean of A"), value(page, "Width of B")
        key(page, "Mean of A", "ArrowRight")
        key(page, "Width of B", "ArrowUp")
        settled(page)
        assert value(page, "Mean of A") > start[0]
        assert value(page, "Width of B") > start[1]
        do(page, "Share out")
        points = page.locator('[aria-label="Points"]')
        key(page, "Points", "ArrowRight", "ArrowRight")
        text = points.get_attribute("aria-valuetext")
        assert re.fullmatch(r"2\.40: A [01]\.\d\d  B [01]\.\d\d", text)
        page.keyboard.press("Delete")
        settled(page)
        assert page.locator(".dots path").count() == len(X) - 1
        page.keyboard.press("Enter")
        settled(page)
        assert page.locator(".dots path").count() == len(X)


def test_after_a_point_that_goes_its_neighbour_is_chosen(browser, tmp_path):
    mixed = json.dumps({"x": [5, 1, 4, 2, 9]})
    with opened(browser, tmp_path, figure("bells", mixed)) as page:
        points = page.locator('[aria-label="Points"]')
        key(page, "Points", "Home", "ArrowRight", "Delete")
        settled(page)
        assert points.get_attribute("aria-valuetext").startswith("4.00")
        key(page, "Points", "End", "Delete")
        settled(page)
        assert points.get_attribute("aria-valuetext").startswith("5.00")


@pytest.mark.parametrize("chosen", ["slate", "default", None])
@pytest.mark.parametrize("asked", ["", "?theme=dark", "?theme=light"])
def test_a_page_of_its_own_has_the_mode_that_was_chosen(
    browser, tmp_path, asked, chosen
):
    """In the address first, then on the site, then in the reader's system."""
    page = html(figure("coins")).replace("<body>", '<body class="full">')
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "live.js").write_text(bundle(LIVE), encoding="utf-8")
    window = browser.new_page(color_scheme="light")
    address = (tmp_path / "page.html").as_uri()
    window.goto(address)
    if chosen:
        window.evaluate(
            """scheme => localStorage.setItem(
                new URL("../..", document.querySelector("script").src).pathname
                + ".__palette", JSON.stringify({ color: { scheme } }))""",
            chosen,
        )
    window.goto(address + asked)
    dark = asked == "?theme=dark" or (not asked and chosen == "slate")
    background = window.evaluate(
        "getComputedStyle(document.querySelector('.live')).color"
    )
    assert background == ("rgb(232, 230, 225)" if dark else "rgb(29, 33, 39)")
    window.close()


def test_every_control_is_reached_by_tab_and_shows_focus(browser, tmp_path):
    for view in VIEWS:
        with opened(browser, tmp_path, figure(view)) as page:
            do(page, "Share out")
            page.locator("summary").focus()
            page.keyboard.press("Enter")
            page.locator("h1").click()
            settled(page)
            wanted = page.locator(
                ".live :is(button, select, input, summary, a, [tabindex='0'])"
            ).evaluate_all(
                "all => all.filter((n) => n.checkVisibility()).length"
            )
            seen = set()
            for _ in range(wanted + 5):
                page.keyboard.press("Tab")
                shown = page.evaluate(
                    """() => {
                    const node = document.activeElement;
                    const all = [...document.querySelectorAll("*")];
                    const own = getComputedStyle(node);
                    const ring = node.querySelector(".reach") ||
                      (node.matches(".dots") && document.querySelector(".ring"));
                    return [all.indexOf(node), own.outlineStyle !== "none" ||
                      (ring && getComputedStyle(ring).stroke !== "none")];
                    }"""
                )
                if page.evaluate("!!document.activeElement.closest('.live')"):
                    assert shown[1], (view, shown)
                    seen.add(shown[0])
            assert len(seen) == wanted, view


def test_dragging_with_the_mouse(browser, tmp_path):
    with opened(browser, tmp_path, bells()) as page:
        box = page.locator('g[aria-label="Mean of A"] .reach').bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 100, y, steps=5)
        page.mouse.up()
        settled(page)
        after = page.locator('g[aria-label="Mean of A"] .reach').bounding_box()
        assert after["x"] - box["x"] == pytest.approx(100, abs=1.5)
        assert page.locator(".dots path").count() == len(
            X
        )  # no click on the ground
        press(page, "Back")
        settled(page)
        assert value(page, "Mean of A") == 1


def test_points_come_and_go_by_tap(browser, tmp_path):
    with opened(browser, tmp_path, bells(), **PHONE) as page:
        svg = page.locator(".stage > svg").bounding_box()
        tap(page, svg["x"] + svg["width"] / 2, svg["y"] + 60)
        assert page.locator(".dots path").count() == len(X) + 1
        dot = page.locator(".dots path").first.bounding_box()
        at = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
        tap(page, *at)  # the first tap tells, the second takes away
        assert page.locator(".tip").get_attribute("visibility") == "visible"
        tap(page, *at)
        assert page.locator(".dots path").count() == len(X)


def test_numbers_can_be_typed_and_nonsense_is_refused_in_words(
    browser, tmp_path
):
    with opened(browser, tmp_path, figure("coins")) as page:
        box = page.get_by_label("heads of row 1", exact=True)
        box.fill("8")
        box.press("Enter")
        do(page, "Share out")
        r, _ = oracle.coins_e(
            {"heads": [8, 9, 8, 4, 7], "tails": [5, 1, 2, 6, 3]},
            {"theta": [0.6, 0.5]},
        )
        settled(page)
        cell = page.locator(".row .cell").nth(2).inner_text()
        assert cell.startswith(f"{8 * r[0, 0]:.1f} H")
        box.fill("-3")
        box.press("Enter")
        assert "Not taken." in told(page)
        assert box.input_value() == "8"


@pytest.mark.parametrize("view", VIEWS)
def test_targets_are_44_pixels_and_letters_12_at_phone_width(
    browser, tmp_path, view
):
    with opened(browser, tmp_path, figure(view), **PHONE) as page:
        press(page, "Share out")
        page.locator("summary").click()
        settled(page)
        small = page.locator(
            ".live :is(button, select, input, summary, .more a, .reach)"
        ).evaluate_all(
            """all => all.filter((n) => n.checkVisibility())
            .map((n) => [n.outerHTML.slice(0, 90), n.getBoundingClientRect()])
            .filter(([, b]) => b.width < 43.5 || b.height < 43.5)
            .map(([name, b]) => `${name} ${b.width}x${b.height}`)"""
        )
        assert not small
        letters = page.evaluate(
            """() => [...document.querySelectorAll(".live *")]
            .filter((n) => n.checkVisibility() && n.getBoundingClientRect().width
              && [...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
            .map((n) => parseFloat(getComputedStyle(n).fontSize))"""
        )
        assert min(letters) >= 12
        over = page.evaluate("document.documentElement.scrollWidth")
        assert over <= 390


def test_letters_are_14_at_a_desk(browser, tmp_path):
    for view in VIEWS:
        with opened(
            browser,
            tmp_path,
            figure(view),
            viewport={"width": 1280, "height": 800},
        ) as page:
            press(page, "Share out")
            settled(page)
            letters = page.locator(".live text").evaluate_all(
                "all => all.map((n) => parseFloat(getComputedStyle(n).fontSize))"
            )
            assert min(letters, default=14) >= 14


def test_forced_colours_leave_everything_visible(browser, tmp_path):
    with opened(
        browser, tmp_path, bells(), figure("coins"), forced_colors="active"
    ) as page:
        for node in page.locator(".handle > path:nth-child(2)").all():
            fill = node.evaluate("n => getComputedStyle(n).fill")
            back = page.evaluate(
                "getComputedStyle(document.body).backgroundColor"
            )
            assert fill != back
        for figure_ in page.locator("figure").all():
            figure_.get_by_role("button", name="Share out").click()
        settled(page)
        # A browser takes pictures from the ground, and letters get a plate on it.
        hatched = page.locator(".share .tails").last.evaluate(
            "n => getComputedStyle(n).backgroundImage"
        )
        assert "gradient" in hatched
        for button in page.locator("button.primary").all():
            plate = button.evaluate(
                "n => getComputedStyle(n).forcedColorAdjust"
            )
            assert plate == "none"
        dashes = page.locator(".curves path").evaluate_all(
            "all => all.map((n) => getComputedStyle(n).strokeDasharray)"
        )
        assert len(set(dashes)) == len(dashes)
        shapes = page.locator(".dots path").evaluate_all(
            "all => all.map((n) => n.getAttribute('d').replace(/^M[^m]*/, ''))"
        )
        assert len(set(shapes)) == 2


def test_reduced_motion_moves_at_once_and_takes_one_step(browser, tmp_path):
    with opened(browser, tmp_path, bells(autoplay="two")) as page:
        in_sight(page)
        assert told(page).startswith("A guess.")  # nothing has played
        _, heights = oracle.steps(
            oracle.normals_e,
            oracle.normals_m,
            X,
            {k: BELLS[k] for k in ("means", "stds", "weights")},
            3,
        )
        for height in heights[1:]:
            press(page, "One step")
            assert f"Log-likelihood {minus(height, 3)}" in told(page)
            assert page.locator(".told").get_attribute("aria-live") == "polite"
        assert shown_at_once(page, "One step")


def test_play_stops_at_a_touch(browser, tmp_path):
    with opened(browser, tmp_path, bells(), clock=True) as page:
        press(page, "Play")
        page.get_by_text("Re-estimated.").wait_for()
        page.locator(".told").click()
        page.get_by_role("button", name="Play", exact=True).wait_for()
        now = told(page)
        assert not now.startswith("Settled")  # stopped, not ended
        page.clock.run_for(10_000)
        assert told(page) == now


def test_autoplay_takes_two_half_steps_and_then_it_is_the_readers_turn(
    browser, tmp_path
):
    two = bells(autoplay="two")
    with opened(browser, tmp_path, two, clock=True) as page:
        in_sight(page)
        page.clock.run_for(20_000)
        now = told(page)
        assert now.startswith("Re-estimated.")
        assert page.locator(".ghosts path").count() == 2
        assert page.get_by_role("button", name="Pause").count() == 0
        # Nobody asked for it: nobody is told.
        assert page.locator(".told").get_attribute("aria-live") == "off"
        assert "#" not in page.url
        # A press without a pointer, as a screen reader makes it, is a hand laid on, too.
        page.get_by_role("button", name="Share out").evaluate("n => n.click()")
        page.wait_for_url("**#bells:at=3")
        assert told(page).startswith("Shared out.")
        assert page.locator(".told").get_attribute("aria-live") == "polite"


def test_a_needle_is_told_in_words_and_a_floor_cures_it(browser, tmp_path):
    with opened(browser, tmp_path, figure("bells"), clock=True) as page:
        page.locator("summary").click()
        press(page, "One needle")
        for _ in range(12):
            do(page, "Share out", "Re-estimate")
            if told(page).startswith("It stops here."):
                break
        assert "the higher the likelihood, without end" in told(page)
        page.get_by_label("Least width").select_option("0.1")
        press(page, "One needle")
        played(page)
        assert not re.search("NaN|Infinity|undefined", page.content())


@pytest.mark.parametrize("view", VIEWS)
def test_whatever_is_broken_no_nan_is_shown(browser, tmp_path, view):
    with opened(browser, tmp_path, figure(view)) as page:
        page.locator("summary").click()
        acts = page.locator("[role=group][aria-label='Break it'] button")
        for act in acts.all():
            act.click()
            for _ in range(8):
                do(page, "Share out", "Re-estimate")
            settled(page)
            live = page.locator(".live").evaluate("n => n.outerHTML")
            assert not re.search("NaN|Infinity|undefined", live)


def test_hard_shares_and_four_bells(browser, tmp_path):
    with opened(browser, tmp_path, figure("bells")) as page:
        x = page.evaluate("EM.views.bells.data.x")
        page.locator("summary").click()
        page.locator("select").first.select_option("4")
        page.locator("select").nth(1).select_option("hard")
        press(page, "Share out")
        settled(page)
        assert page.locator(".curves path").count() == 4
        assert "0 of the 40 points are undecided: no share above 0.95" in told(
            page
        )

        def typed(name):
            return float(
                page.locator(f'input[aria-label="{name}"]').input_value()
            )

        start = {
            "means": [typed(f"Mean of {k}") for k in "ABCD"],
            "stds": [typed(f"Width of {k}") for k in "ABCD"],
        }
        r, height = oracle.normals_e(x, start)
        after = oracle.normals_m(x, oracle.hard(r))
        assert f"Log-likelihood {minus(height, 3)}" in told(page)
        do(page, "Re-estimate")
        for mean in after["means"]:
            assert f"mean {minus(mean, 2)}" in told(page)


def test_the_address_brings_back_the_same_state(browser, tmp_path):
    with opened(browser, tmp_path, bells(), figure("coins"), bells()) as page:
        first = page.locator("figure").nth(0)
        second = page.locator("figure").nth(2)
        first.get_by_label("Mean of A", exact=True).first.focus()
        page.keyboard.press("ArrowRight")
        for name in ("Share out", "Re-estimate", "Share out"):
            first.get_by_role("button", name=name).click()
        second.get_by_role("button", name="Share out").click()
        page.locator("figure").nth(1).get_by_role(
            "button", name="Share"
        ).click()
        seen = [told(page, i) for i in range(3)]
        page.wait_for_function(
            """() => ["bells", "bells2", "coins"].every((name) =>
                location.hash.slice(1).split("/").some((part) =>
                    part.startsWith(`${name}:`) && part.includes("at=")))"""
        )
        url = page.url
        hash_ = url.split("#")[1]
        assert sorted(part.split(":")[0] for part in hash_.split("/")) == [
            "bells", "bells2", "coins",
        ]  # fmt: skip
        page.goto("about:blank")
        page.goto(url)
        assert [told(page, i) for i in range(3)] == seen
        # A link in the text sets a figure as well.
        page.evaluate("location.hash = '#bells:means=3,7;stds=1,1'")
        page.get_by_text("A: mean 3.00, width 1.00; B: mean 7.00").wait_for()


@pytest.mark.parametrize(
    "address",
    [
        "#bells:means=1,2,3",
        "#bells:means=a,b",
        "#bells:stds=0,1",
        "#bells:means=[1],[2]",
        "#bells:shares=maybe",
        "#bells:x=1e999,2",
        "#bells:%E0%A4%A",
        "#a-section",
    ],
)
def test_an_address_of_nonsense_does_no_harm(browser, tmp_path, address):
    with opened(browser, tmp_path, bells(), address=address) as page:
        assert told(page).startswith("A guess.")
        do(page, "Share out")
        assert "Log-likelihood" in told(page)


@pytest.mark.parametrize("view", VIEWS)
def test_without_script_and_in_print_the_still_is_there(
    browser, tmp_path, view
):
    with opened(
        browser, tmp_path, figure(view), java_script_enabled=False
    ) as page:
        assert page.get_by_text("A still picture.").is_visible()
        assert page.locator("button").count() == 0
    with opened(browser, tmp_path, figure(view)) as page:
        assert not page.get_by_text("A still picture.").is_visible()
        page.emulate_media(media="print")
        assert page.get_by_text("A still picture.").is_visible()
        assert not page.locator(".bar").is_visible()


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_a_page_of_its_own(browser, tmp_path, view):
    context = browser.new_context()
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((LIVE / f"{view}.html").as_uri())
    press(page, "Share out")
    assert "Log-likelihood" in told(page) or "Shared out." in told(page)
    page.locator("summary").click()
    full = page.locator(f'a[href*="/{view}.html#{view}:"]')
    full.wait_for()
    settled(page)
    href = full.get_attribute("href")
    line = page.get_by_label("Embed").input_value()
    assert line.startswith(f'<iframe src="{href}"')
    assert page.locator("a[target=_top]").count() == 1
    # As high as it has to be, in a column of text.
    height = int(re.search(r'height="(\d+)"', line)[1])
    page.set_viewport_size({"width": 700, "height": height})
    page.reload()
    settled(page)
    whole = page.evaluate("document.documentElement.scrollHeight")
    assert whole <= height
    context.close()
    assert not errors


def test_the_embedded_figure_works_in_a_frame(browser, tmp_path):
    address = (LIVE / "coins.html").as_uri() + "#coins:theta=0.2,0.9;at=3"
    frame = f'<iframe src="{address}" width=800 height=700></iframe>'
    with opened(browser, tmp_path, frame) as page:
        line = page.frame_locator("iframe").locator(".told")
        line.get_by_text("Shared out.").wait_for()
        params, heights = oracle.steps(
            oracle.coins_e,
            oracle.coins_m,
            FLIPS,
            {"theta": [0.2, 0.9], "weights": [0.5, 0.5]},
            2,
        )
        assert minus(heights[1], 3) in line.inner_text()
        assert np.isfinite(params[2]["theta"]).all()


def test_half_a_flip_is_refused(browser, tmp_path):
    with opened(browser, tmp_path, figure("coins")) as page:
        box = page.get_by_label("heads of row 2", exact=True)
        box.fill("2.5")
        box.press("Enter")
        settled(page)
        assert told(page) == (
            "Not taken. heads of row 2: a whole number from 0 to 999."
        )
        assert box.input_value() == "9"
