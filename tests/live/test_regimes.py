"""Calm and turbulent days: numbers against the package, hands and keys."""

import json

import numpy as np
import pytest
from figure_page import (
    LIVE,
    do,
    drag,
    figure,
    key,
    minus,
    opened,
    press,
    settled,
    told,
)

import em
from em.models import normal_hmm
from em.models.normal_hmm import NormalHMM

TRUTH = NormalHMM([0.9, 0.1], [[0.95, 0.05], [0.1, 0.9]], [0.1, -0.2], [1, 3])
X = normal_hmm.sample(TRUTH, 300, 5)[0].round(3)
START = NormalHMM([0.5, 0.5], [[0.9, 0.1], [0.2, 0.8]], [0, 0], [0.5, 2])
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def regimes(**state) -> str:
    state = {
        "x": X.tolist(),
        "begin": [1991.5],
        "stds": [0.5, 2],
        "stay": [0.9, 0.8],
    } | state
    return figure("regimes", json.dumps(state))


def said(params: NormalHMM) -> str:
    lasting = 1 / (1 - np.diag(params.transitions))
    return "; ".join(
        f"{word}: spread {std:.3f}, lasts {days:.0f} days"
        for word, std, days in zip(
            ("calm", "turbulent"), params.stds, lasting, strict=True
        )
    )


def test_twenty_steps_are_those_of_em(browser, tmp_path):
    run = em.run(normal_hmm, X, START)
    with opened(browser, tmp_path, regimes()) as page:
        for number, step in zip(range(21), run, strict=False):
            if number:
                assert said(step.params) in told(page)
            do(page, "Share out")
            smoothed = step.posterior.smoothed.sum(axis=0)
            assert f"{smoothed[1]:.0f} to turbulent" in told(page)
            height = minus(step.log_likelihood, 3)
            assert f"Log-likelihood {height}" in told(page)
            do(page, "Re-estimate")


def test_its_steps_agree_to_the_last_digits(browser, tmp_path):
    (posterior, height) = normal_hmm.e_step(X, START)
    best = normal_hmm.m_step(X, posterior)
    with opened(browser, tmp_path, regimes()) as page:
        found, after = page.evaluate(
            """([x, p]) => {
                const e = EM.regimes.eStep(x, p);
                return [e, EM.regimes.mStep(x, e)];
            }""",
            [
                X.tolist(),
                {
                    "means": [0, 0],
                    "stds": [0.5, 2],
                    "stay": [0.9, 0.8],
                    "first": [0.5, 0.5],
                },
            ],
        )
    close = {"rtol": 1e-10, "atol": 1e-12}
    np.testing.assert_allclose(
        found["responsibilities"], posterior.smoothed, **close
    )
    np.testing.assert_allclose(
        found["moves"], posterior.expected_transitions, **close
    )
    assert found["logLikelihood"] == pytest.approx(height, rel=1e-12)
    np.testing.assert_allclose(after["means"], best.means, **close)
    np.testing.assert_allclose(after["stds"], best.stds, **close)
    np.testing.assert_allclose(
        after["stay"], np.diag(best.transitions), **close
    )
    np.testing.assert_allclose(after["first"], best.initial, **close)


def slider(page, name):
    return page.locator(f'[role=slider][aria-label="{name}"]')


def number(page, name) -> float:
    settled(page)
    return float(slider(page, name).get_attribute("aria-valuenow"))


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_spreads_and_days_are_dragged_and_the_hills_follow(
    browser, tmp_path, options
):
    with opened(browser, tmp_path, regimes(), **options) as page:
        hills = page.locator(".stage svg > path").first
        before = settled(page) and hills.get_attribute("d")
        drag(page, slider(page, "Spread of turbulent"), 0, 30)
        assert number(page, "Spread of turbulent") > 2.3
        after = hills.get_attribute("d")
        assert after != before
        drag(page, slider(page, "Days that last, calm"), 60)
        assert number(page, "Days that last, calm") > 12
        assert hills.get_attribute("d") != after
        press(page, "Back")
        assert number(page, "Days that last, calm") == pytest.approx(10)


def test_a_spread_is_not_lost_above_the_figure(browser, tmp_path):
    with opened(browser, tmp_path, regimes()) as page:
        spread = slider(page, "Spread of calm")
        drag(page, spread, 0, 400)
        settled(page)
        label = spread.locator("text").bounding_box()
        assert label["y"] >= page.locator(".stage").bounding_box()["y"]
        before = number(page, "Spread of calm")
        drag(page, spread, 0, -20)
        assert number(page, "Spread of calm") < before


def test_by_keys(browser, tmp_path):
    with opened(browser, tmp_path, regimes()) as page:
        key(page, "Spread of calm", "ArrowUp", "Shift+ArrowRight")
        assert number(page, "Spread of calm") == pytest.approx(0.72)
        key(page, "Days that last, turbulent", "ArrowLeft")
        assert number(page, "Days that last, turbulent") == pytest.approx(
            5 / 1.1, abs=0.01
        )


def test_what_cannot_be_is_said(browser, tmp_path):
    with opened(browser, tmp_path, regimes()) as page:
        page.locator("summary").click()
        press(page, "Never turbulent")
        do(page, "Share out", "Re-estimate")
        assert told(page).startswith(
            "It stops here. No day is credited to the state turbulent"
        )
        assert "NaN" not in page.locator("figure").inner_text()


def test_states_that_are_alike_stay_alike(browser, tmp_path):
    with opened(browser, tmp_path, regimes()) as page:
        page.locator("summary").click()
        press(page, "Alike")
        do(page, "Share out", "Re-estimate")
        assert told(page).count(f"spread {X.std():.3f}, lasts 10 days") == 2


def test_the_address_brings_back_a_guess(browser, tmp_path):
    address = "#regimes:stds=1,3;stay=0.95,0.9;at=1"
    start = NormalHMM([0.5] * 2, [[0.95, 0.05], [0.1, 0.9]], [0, 0], [1, 3])
    height = normal_hmm.e_step(X, start)[1]
    with opened(browser, tmp_path, regimes(), address=address) as page:
        assert minus(height, 3) in told(page)
    for wrong in ("stds=0,1", "stay=1.5,0.5", "first=0.5,0.6", "x=1,2"):
        address = f"#regimes:{wrong}"
        with opened(browser, tmp_path, regimes(), address=address) as page:
            assert "cannot be shown" in told(page), wrong


def test_its_page_says_where_it_belongs() -> None:
    assert "../../markets.html" in (LIVE / "regimes.html").read_text("utf-8")
