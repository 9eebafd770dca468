"""Overlap: what it tells of two bells is what the package finds."""

import re

import numpy as np
import pytest
from figure_page import LIVE, figure, opened, settled, told

import em
from em.figures.certainty import overlapping
from em.models import normals
from em.models.normals import Normals

START = Normals([-1, 2], [1, 1], [0.6, 0.4])


def find(apart: float) -> tuple[int, float, float]:
    """Give the steps until no mean moves by 1e-6, the rate, A's error."""
    x = overlapping(apart)

    def settled(steps):
        before, after = (step.params.means for step in steps[-2:])
        return np.abs(after - before).max() <= 1e-6

    fit = em.fit(normals, x, START, fixed="stds", until=settled, max_iter=9999)
    found = em.standard_errors(normals, x, fit, fixed="stds")
    return len(fit.steps) - 1, found.rate, found.errors.means[0]


def numbers(words: str) -> list[float]:
    found = re.search(
        r"([\d.]+) widths apart, finished fit: (\d+) steps, ([\d.]+)% of the "
        r"information missing, standard error ([\d.]+)\.",
        words,
    )
    assert found, words
    return [float(one) for one in found.groups()]


@pytest.mark.parametrize("apart", [1, 1.5, 2, 3, 4.5, 6])
def test_its_numbers_are_those_of_the_package(browser, tmp_path, apart):
    steps, rate, error = find(apart)
    with opened(
        browser, tmp_path, figure("overlap", f'{{"apart": [{apart}]}}')
    ) as page:
        settled(page)
        at, taken, missing, sure = numbers(told(page))
        assert at == apart
        assert taken == steps
        assert missing == pytest.approx(100 * rate, abs=0.06)
        assert sure == pytest.approx(error, abs=0.002)
        words = page.locator(".lines text").all_text_contents()
        assert words[0] == f"{steps} steps"


def test_nearer_is_slower_and_less_sure_by_key(browser, tmp_path):
    with opened(browser, tmp_path, figure("overlap")) as page:
        grip = page.get_by_role("slider", name="Distance of the bells")
        grip.focus()
        before = numbers(told(page))
        for _ in range(10):
            page.keyboard.press("ArrowLeft")
        settled(page)
        after = numbers(told(page))
        assert after[0] == pytest.approx(before[0] - 1)
        assert all(b < a for b, a in zip(before[1:], after[1:], strict=True))
        assert float(grip.get_attribute("aria-valuenow")) == 2
        live = page.locator(".live").evaluate("n => n.outerHTML")
        assert not re.search("NaN|Infinity|undefined", live)


def test_twenty_steps_are_those_of_em(browser, tmp_path):
    fit = em.fit(
        normals,
        overlapping(3),
        START,
        fixed="stds",
        until=lambda steps: len(steps) > 20,
    )
    with opened(browser, tmp_path, figure("overlap")) as page:
        found = page.evaluate(
            """() => {
              const v = EM.views.overlap;
              let s = {...v, start: v.params};
              for (let i = 0; i < 20; i++) {
                s = {...s, shared: v.share(s)};
                s = {...s, params: v.estimate(s)};
              }
              return s.params;
            }"""
        )
    np.testing.assert_allclose(found["means"], fit.params.means, rtol=1e-12)
    np.testing.assert_allclose(found["weights"], fit.params.weights, rtol=1e-12)


def test_its_page_says_where_it_belongs() -> None:
    assert "../../certainty.html" in (LIVE / "overlap.html").read_text()
