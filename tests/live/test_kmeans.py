"""k-means and circles of one width: numbers against the package, hands and keys."""

import json
import re

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
    told,
)

import em
from em.models import gaussians
from em.models.gaussians import Gaussians

rng = np.random.default_rng(1)
X = np.concatenate(
    [rng.normal(middle, 1, (12, 2)) for middle in [[0, 0], [4, 0], [2, 4]]]
).round(3)
START = [[-1, 4], [0, 4], [1, 4]]


def centres(sigma: float = 0) -> str:
    state = {"x": X.tolist(), "means": START, "sigma": [sigma]}
    return figure("kmeans", json.dumps(state))


def places(means) -> str:
    return "; ".join(
        f"{name} ({minus(x, 2)}, {minus(y, 2)})"
        for name, (x, y) in zip("ABC", means, strict=False)
    )


def test_hard_steps_are_those_of_k_means(browser, tmp_path):
    means = np.array(START, float)
    with opened(browser, tmp_path, centres()) as page:
        for _ in range(8):
            r = oracle.kmeans_e(X, means)
            do(page, "Share out")
            given = ", ".join(
                f"{n:.0f} to {name}"
                for n, name in zip(r.sum(axis=0), "ABC", strict=True)
            )
            assert f"given are {given}." in told(page)
            squares = ((X - means[r.argmax(axis=1)]) ** 2).sum()
            assert f"Minus the sum of squares −{squares:.3f}" in told(page)
            means = oracle.kmeans_m(X, r)
            do(page, "Re-estimate")
            assert places(means) in told(page)


@pytest.mark.parametrize("sigma", [0.05, 0.6, 1.5])
def test_soft_steps_are_those_of_em_with_circles_held(browser, tmp_path, sigma):
    start = Gaussians(START, [sigma**2 * np.eye(2)] * 3)
    run = em.run(gaussians, X, start, fixed=("covariances", "weights"))
    with opened(browser, tmp_path, centres(sigma)) as page:
        for number, step in zip(range(8), run, strict=False):
            if number:
                assert places(step.params.means) in told(page)
            do(page, "Share out")
            height = minus(step.log_likelihood, 3)
            assert f"Log-likelihood {height}" in told(page)
            do(page, "Re-estimate")


def test_the_slider_makes_it_soft_and_back_again(browser, tmp_path):
    with opened(browser, tmp_path, centres()) as page:
        slider = page.get_by_label("Width σ, 0 is k-means")
        slider.focus()
        do(page, "Share out")
        assert told(page).count(".0 to") == 0
        slider.focus()
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        settled(page)
        assert slider.input_value() == "1"
        assert page.locator(".curves path").count() == 3
        do(page, "Share out")
        r, _ = oracle.gaussians_e(
            X,
            {
                "means": START,
                "covariances": [np.eye(2)] * 3,
                "weights": [1 / 3] * 3,
            },
        )
        assert f"{r[:, 0].sum():.1f} to A" in told(page)
        slider.focus()
        page.keyboard.press("Home")
        settled(page)
        assert page.locator(".curves path").count() == 0
        assert page.locator(".slide span").inner_text() == "σ 0.00: k-means"


def test_centres_by_drag_key_and_number(browser, tmp_path):
    with opened(browser, tmp_path, centres()) as page:
        centre = page.get_by_label("Centre A", exact=True)
        before = page.locator(".handle .reach").first.bounding_box()
        drag(page, centre, 80, -40)
        after = page.locator(".handle .reach").first.bounding_box()
        assert after["x"] - before["x"] == pytest.approx(80, abs=2)
        assert after["y"] - before["y"] == pytest.approx(40, abs=2)
        centre.focus()
        page.keyboard.press("ArrowRight")
        settled(page)
        moved = page.locator(".handle .reach").first.bounding_box()
        assert moved["x"] > after["x"]
        page.locator("summary").click()
        box = page.get_by_label("A across", exact=True)
        box.fill("2.5")
        box.press("Enter")
        assert "A (2.50, " in told(page)


def test_it_settles_and_an_empty_centre_is_told_in_words(browser, tmp_path):
    with opened(browser, tmp_path, figure("kmeans"), clock=True) as page:
        played(page)
        assert not re.search("NaN|undefined", page.content())
        page.locator("summary").click()
        press(page, "All alike")
        do(page, "Share out", "Re-estimate")
        assert told(page).startswith("It stops here. Centre B takes no data")


def test_the_number_of_centres_can_be_chosen(browser, tmp_path):
    with opened(browser, tmp_path, figure("kmeans")) as page:
        page.locator("summary").click()
        for k in "16":
            page.locator(".more select").select_option(k)
            settled(page)
            assert page.locator(".handle").count() == int(k)


def test_the_address_brings_back_width_and_centres(browser, tmp_path):
    address = "#kmeans:means=[0,0],[4,0];sigma=0.5;at=1"
    with opened(browser, tmp_path, centres(), address=address) as page:
        state = {
            "means": [[0, 0], [4, 0]],
            "covariances": [0.25 * np.eye(2)] * 2,
            "weights": [0.5, 0.5],
        }
        _, height = oracle.gaussians_e(X, state)
        assert f"Log-likelihood {minus(height, 3)}" in told(page)


def test_its_page_says_where_it_belongs() -> None:
    assert "../../kmeans.html" in (LIVE / "kmeans.html").read_text()
