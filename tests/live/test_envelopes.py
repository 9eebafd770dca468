"""Envelopes: what they report adds up to the package's own step."""

import re

import numpy as np
from figure_page import LIVE, figure, opened, press, told

import em
from em.models import normals
from em.models.normals import Normals

X = np.random.default_rng(4).normal([2, 7], [1, 2], (6, 2)).ravel().round(3)
START = Normals([1, 9], [2, 1.5])
STATE = f'{{"x": {X.tolist()}, "means": [1, 9], "stds": [2, 1.5]}}'


def numbers(words: str) -> list[float]:
    return [float(one) for one in re.findall(r"\d+\.\d+", words)]


def test_the_reports_are_sums_and_the_totals_move_the_bells(browser, tmp_path):
    first, *_, last = em.fit(
        normals, X, START, fixed="weights", until=lambda s: len(s) > 2
    ).steps
    r = first.posterior
    with opened(browser, tmp_path, figure("envelopes", STATE)) as page:
        press(page, "Share out (E)")
        lines = page.locator(".axis text").all_text_contents()
        for e, line in enumerate(lines[:4]):
            mine, x = r[e::4], X[e::4]
            sums = np.stack([np.ones(len(x)), x, x * x]) @ mine
            np.testing.assert_allclose(
                numbers(line), sums.T.ravel(), atol=0.051
            )
        totals = np.stack([np.ones(len(X)), X, X * X]) @ r
        np.testing.assert_allclose(
            numbers(lines[4]), totals.T.ravel(), atol=0.051
        )
        press(page, "Re-estimate (M)")
        press(page, "Share out (E)")
        press(page, "Re-estimate (M)")
        found = numbers(told(page))[:4]
        expected = np.stack([last.params.means, last.params.stds], axis=1)
        np.testing.assert_allclose(found, expected.ravel(), atol=0.006)


def test_twenty_steps_are_those_of_em(browser, tmp_path):
    fit = em.fit(
        normals, X, START, fixed="weights", until=lambda s: len(s) > 20
    )
    with opened(browser, tmp_path, figure("envelopes", STATE)) as page:
        found = page.evaluate(
            """(x) => {
              const v = EM.views.envelopes;
              let s = {data: {x}, params:
                {means: [1, 9], stds: [2, 1.5], weights: [0.5, 0.5]}};
              for (let i = 0; i < 20; i++) {
                s = {...s, shared: v.share(s)};
                s = {...s, params: v.estimate(s)};
              }
              return s.params;
            }""",
            X.tolist(),
        )
    # Squares less the square of the mean lose some digits.
    np.testing.assert_allclose(found["means"], fit.params.means, rtol=1e-11)
    np.testing.assert_allclose(found["stds"], fit.params.stds, rtol=1e-10)


def test_its_page_says_where_it_belongs() -> None:
    assert "../../scale.html" in (LIVE / "envelopes.html").read_text()
