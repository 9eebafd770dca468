"""Groups in the plane: numbers against the package, hands and keys."""

import json
import re
from functools import partial
from urllib.parse import unquote

import numpy as np
import oracle
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
from em.models import gaussians
from em.models.gaussians import Gaussians

X = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
FEW = X[:40]
START = {
    "means": [[3, 60], [3, 80]],
    "covariances": [[[1, 0], [0, 64]], [[1, 0], [0, 64]]],
    "weights": [0.5, 0.5],
}
TYPES = ("full", "tied", "diagonal", "spherical")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def scatter(x=FEW, **state) -> str:
    return figure("scatter", json.dumps({"x": np.asarray(x).tolist()} | state))


def choose(page, label: str, value: str) -> None:
    node = page.locator("label", has_text=label).locator("select")
    node.select_option(value)


def state(page) -> dict:
    """Give the start as the link to a page of its own has it."""
    href = page.get_by_role("link", name="Full screen").get_attribute("href")
    parts = [
        part.split("=")
        for part in unquote(href.split("scatter:")[1]).split(";")
    ]
    return {
        name: json.loads(f"[{text}]")
        for name, text in parts
        if name in ("means", "covariances", "weights")
    }


def pair(point) -> str:
    return f"({minus(point[0], 2)}, {minus(point[1], 2)})"


@pytest.mark.parametrize("covariance_type", TYPES)
def test_twenty_steps_are_those_of_em(browser, tmp_path, covariance_type):
    run = em.run(
        gaussians, X, Gaussians(**START), covariance_type=covariance_type
    )
    figure_ = scatter(X, type=covariance_type)
    with opened(browser, tmp_path, figure_) as page:
        for number, step in zip(range(21), run, strict=False):
            if number:
                for name, mean, weight in zip(
                    "AB", step.params.means, step.params.weights, strict=True
                ):
                    words = f"{name} {pair(mean)}, weight {weight:.3f}"
                    assert words in told(page)
            do(page, "Share out")
            height = step.log_likelihood
            assert f"Log-likelihood {minus(height, 3)}" in told(page)
            bic = oracle.bic(height, 2, len(X), covariance_type)
            assert (f"BIC {bic:.2f}" in told(page)) == (number > 0)
            do(page, "Re-estimate")


def test_play_settles_where_em_does(browser, tmp_path):
    fit = em.fit(gaussians, X, Gaussians(**START))
    with opened(browser, tmp_path, scatter(X), clock=True) as page:
        played(page)
        assert f"Log-likelihood {minus(fit.log_likelihood, 3)}" in told(page)


@pytest.mark.parametrize("k", range(1, 7))
def test_one_to_six_groups_of_every_type(browser, tmp_path, k):
    with opened(browser, tmp_path, scatter()) as page:
        page.locator("summary").click()
        for covariance_type in TYPES:
            choose(page, "Covariance", covariance_type)
            choose(page, "Groups", str(k))
            settled(page)
            start = {"weights": [1 / k] * k} | state(page)
            assert len(start["means"]) == k
            step = next(iter(em.run(gaussians, FEW, Gaussians(**start))))
            do(page, "Share out")
            assert f"Log-likelihood {minus(step.log_likelihood, 3)}" in (
                told(page)
            )
            after = gaussians.m_step(FEW, step.posterior, covariance_type)
            do(page, "Re-estimate")
            for mean in after.means:
                assert pair(mean) in told(page)
        settled(page)
        assert page.locator(".curves path").count() == k
        dashes = page.locator(".curves path").evaluate_all(
            "all => all.map((n) => getComputedStyle(n).strokeDasharray)"
        )
        assert len(set(dashes)) == k


def test_kmeans_runs_beside_from_the_same_start(browser, tmp_path):
    with opened(browser, tmp_path, scatter(X, beside="yes")) as page:
        means = np.array(START["means"], float)
        words = page.locator(".stage > p")
        for number in range(6):
            do(page, "Share out")
            settled(page)
            shares = oracle.kmeans_e(X, means)
            now = ", ".join(pair(mean) for mean in means)
            said = words.inner_text()
            assert f"from the same start, step {number}:" in said
            assert (
                "; ".join(
                    f"{name} {pair(mean)}"
                    for name, mean in zip("AB", means, strict=True)
                )
                in said
            ), now
            step = oracle.steps(
                oracle.gaussians_e,
                lambda x, r: oracle.gaussians_m(x, r, "full"),
                X,
                START,
                number,
                held=(),
            )[0][-1]
            r, _ = oracle.gaussians_e(X, step)
            other = (r.argmax(axis=1) != shares.argmax(axis=1)).sum()
            assert f"in another group: {other}." in said
            do(page, "Re-estimate")
            means = oracle.kmeans_m(X, shares)
        settled(page)
        assert page.locator(".crosses path").count() == 2
        page.locator("summary").click()
        choose(page, "k-means", "no")
        settled(page)
        assert page.locator(".crosses path").count() == 0
        assert not words.is_visible()


def test_hard_shares_are_whole(browser, tmp_path):
    with opened(browser, tmp_path, scatter(shares="hard")) as page:
        r, _ = oracle.gaussians_e(FEW, START)
        after = oracle.gaussians_m(FEW, oracle.hard(r), "full")
        do(page, "Share out", "Re-estimate")
        for mean in after["means"]:
            assert pair(mean) in told(page)


def test_ellipses_by_drag_key_and_number(browser, tmp_path):
    with opened(browser, tmp_path, scatter()) as page:
        mean, size = (
            page.locator(f"[role=slider][aria-label='{word} of A']")
            for word in ("Mean", "Size")
        )

        def told_by(node):
            settled(page)
            text = node.get_attribute("aria-valuetext")
            return [float(n) for n in re.findall(r"\d+\.\d+", text)]

        for node in (mean, size):
            drag(page, node, -60, 30)
        a, b = told_by(mean)
        assert a < 3
        assert b > 60
        across, up = told_by(size)
        assert across < 1
        assert up / across == pytest.approx(8, rel=0.02)  # its shape is kept
        size.focus()
        page.keyboard.press("ArrowRight")
        assert told_by(size)[0] == pytest.approx(across * 1.05, abs=0.011)
        mean.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowDown")
        moved = told_by(mean)
        assert moved[0] > a
        assert moved[1] < b
        page.locator("summary").click()
        box = page.get_by_label("A across", exact=True)
        box.fill("2.5")
        box.press("Enter")
        assert told_by(mean) == [2.5, moved[1]]
        assert "A (2.50, " in told(page)


def test_points_come_and_go_by_tap_and_by_key(browser, tmp_path):
    for options in ({}, PHONE):
        with opened(browser, tmp_path, scatter(), **options) as page:
            svg = page.locator(".stage > svg").bounding_box()
            dots = page.locator(".dots path")
            touch = partial(tap, page) if options else page.mouse.click
            touch(svg["x"] + svg["width"] / 2, svg["y"] + svg["height"] - 50)
            settled(page)
            assert dots.count() == len(FEW) + 1
            dot = dots.last.bounding_box()
            at = dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2
            touch(*at)
            assert page.locator(".tip").get_attribute("visibility") == "visible"
            touch(*at)
            settled(page)
            assert dots.count() == len(FEW)
            do(page, "Share out")
            points = page.locator('[aria-label="Points"]')
            points.focus()
            page.keyboard.press("ArrowRight")
            settled(page)
            text = points.get_attribute("aria-valuetext")
            assert re.fullmatch(
                r"\(\d\.\d\d, \d\d\.00\): A \d\.\d\d  B \d\.\d\d", text
            )
            page.keyboard.press("Delete")
            settled(page)
            assert dots.count() == len(FEW) - 1


def test_a_group_that_shrinks_is_told_in_words(browser, tmp_path):
    with opened(browser, tmp_path, scatter()) as page:
        page.locator("summary").click()
        press(page, "One needle")
        for _ in range(12):
            do(page, "Share out", "Re-estimate")
            if told(page).startswith("It stops here."):
                break
        assert "Group B shrank flat" in told(page)
        settled(page)
        live = page.locator(".live").evaluate("n => n.outerHTML")
        assert not re.search("NaN|Infinity|undefined", live)


@pytest.mark.parametrize(
    "address",
    [
        "#scatter:covariances=[[1,2],[2,1]],[[1,0],[0,1]]",
        "#scatter:covariances=[[1,0],[0,1]]",
        "#scatter:x=[1,2],[3]",
        "#scatter:means=[1,2,3],[4,5,6]",
        "#scatter:type=round",
    ],
)
def test_an_address_of_nonsense_is_said(browser, tmp_path, address):
    with opened(browser, tmp_path, scatter(), address=address) as page:
        assert "cannot be shown" in told(page)


def test_the_address_brings_back_the_same_state(browser, tmp_path):
    address = "#scatter:means=[2,55],[4,80];type=tied;beside=yes;at=5"
    start = START | {"means": [[2, 55], [4, 80]]}
    run = em.run(gaussians, FEW, Gaussians(**start), covariance_type="tied")
    third = [step for step, _ in zip(run, range(3), strict=False)][-1]
    with opened(browser, tmp_path, scatter(), address=address) as page:
        assert minus(third.log_likelihood, 3) in told(page)
        assert "k-means" in page.locator(".stage > p").inner_text()


def test_its_page_says_where_it_belongs() -> None:
    assert "../../groups.html" in (LIVE / "scatter.html").read_text()


@pytest.mark.parametrize("view", ["scatter", "map"])
def test_a_finger_moves_a_handle_up_and_down_and_does_not_scroll(
    browser, tmp_path, view
):
    below = '<div style="height: 3000px"></div>'
    with opened(browser, tmp_path, figure(view), below, **PHONE) as page:
        handle = page.locator(".handle").first
        box = handle.locator(".reach").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        finger = page.context.new_cdp_session(page)

        def touch(kind: str, *spots: tuple[float, float]) -> None:
            points = [{"x": a, "y": b} for a, b in spots]
            finger.send(
                "Input.dispatchTouchEvent",
                {"type": kind, "touchPoints": points},
            )

        touch("touchStart", (x, y))
        for step in range(1, 13):
            touch("touchMove", (x, y - 5 * step))
        touch("touchEnd")
        settled(page)
        after = handle.locator(".reach").bounding_box()
        assert after["y"] - box["y"] == pytest.approx(-60, abs=4)
        assert page.evaluate("scrollY") == 0
        # Beside a handle, a finger scrolls.
        touch("touchStart", (x + 60, y))
        for step in range(1, 13):
            touch("touchMove", (x + 60, y - 5 * step))
        touch("touchEnd")
        page.wait_for_function("scrollY > 30")
