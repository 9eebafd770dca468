"""Opinions of five anaesthetists, one of them changed by hand, against the package."""

import numpy as np
import pytest
from figure_page import figure, minus, opened, played, press, told

import em
from em.kinds.ratings import Ratings, table
from em.models import raters
from em.models.raters import Raters

ROWS = np.loadtxt(
    em.data("dawid_skene.csv"), delimiter=",", skiprows=1, dtype=int
)
RATINGS, _ = table(ROWS.tolist())
START = raters.m_step(RATINGS, raters.vote_shares(RATINGS))


def posterior(params: Raters, patient: int, which: int, said: int):
    """Give the classes of one patient, of whom one opinion is another."""
    mine = ROWS[ROWS[:, 0] == patient]
    _, by, labels = mine.T
    labels = labels.copy()
    labels[which] = said
    some = labels > 0
    one = Ratings(
        np.zeros(some.sum()), by[some] - 1, labels[some] - 1, [1, 5, 4]
    )
    with np.errstate(divide="ignore"):  # log 0 is −∞
        return raters.e_step(one, params)[0][0]


def listed(shares) -> str:
    return ", ".join(f"class {k} {r:.3f}" for k, r in enumerate(shares, 1))


def say(page, row: int, label: int) -> None:
    """Press a class on one of the seven lines."""
    line = page.locator(".row").nth(1 + row)
    line.get_by_role("button", name=str(label)).click()


def test_the_table_and_the_start_are_those_of_python(browser, tmp_path):
    with opened(browser, tmp_path, figure("opinion")) as page:
        there = page.evaluate("EM.views.opinion.data.opinions")
        ours = [
            "".join(map(str, ROWS[ROWS[:, 0] == i, 2])) for i in range(1, 46)
        ]
        assert [str(n) for n in there] == ours
        start = page.evaluate("EM.views.opinion.params")
        for name in ("weights", "confusion"):
            np.testing.assert_allclose(
                start[name], getattr(START, name), rtol=1e-12, atol=1e-15
            )


def test_ten_steps_are_those_of_em(browser, tmp_path):
    fit = em.fit(raters, RATINGS, START)
    with opened(browser, tmp_path, figure("opinion"), clock=True) as page:
        for step, after in zip(fit.steps[:10], fit.steps[1:], strict=False):
            press(page, "Share out")
            assert f"Patient 2: {listed(step.posterior[1])}." in told(page)
            assert f"Log-likelihood {minus(step.log_likelihood, 3)}" in (
                told(page)
            )
            press(page, "Re-estimate")
            assert f"All patients: {listed(after.params.weights)}." in (
                told(page)
            )
        played(page)
        assert f"Log-likelihood {minus(fit.log_likelihood, 3)}" in told(page)


def test_steps_of_the_script_are_steps_of_python_to_twelve_digits(
    browser, tmp_path
):
    with opened(browser, tmp_path, figure("opinion")) as page:
        found = page.evaluate(
            """() => {
            const view = EM.views.opinion, found = [];
            let s = {data: view.data, params: view.params};
            for (let i = 0; i < 12; i++) {
              const shared = view.share(s);
              found.push([shared, s.params]);
              s = {...s, params: view.estimate({...s, shared})};
            }
            return found;
            }"""
        )
    fit = em.fit(raters, RATINGS, START)
    for (shared, params), step in zip(found, fit.steps, strict=False):
        near = {"rtol": 1e-11, "atol": 1e-15}
        np.testing.assert_allclose(
            shared["responsibilities"], step.posterior, **near
        )
        assert shared["logLikelihood"] == pytest.approx(
            step.log_likelihood, rel=1e-12
        )
        np.testing.assert_allclose(
            params["confusion"], step.params.confusion, **near
        )


@pytest.mark.parametrize(
    ("row", "said"), [(0, 1), (3, 3), (4, 4), (6, 1), (5, 3)]
)
def test_another_opinion_moves_the_patients_classes(
    browser, tmp_path, row, said
):
    """The same class again takes the opinion away (the last case)."""
    with opened(browser, tmp_path, figure("opinion")) as page:
        before = told(page)
        assert listed(posterior(START, 2, 0, 3)) in before
        say(page, row, said)
        taken = 0 if ROWS[ROWS[:, 0] == 2][row, 2] == said else said
        assert listed(posterior(START, 2, row, taken)) in told(page)
        assert told(page) != before
        pressed = (
            page.locator(".row").nth(1 + row).locator("[aria-pressed=true]")
        )
        assert pressed.all_inner_texts() == ([str(said)] if taken else [])
        press(page, "Back")
        assert told(page) == before


def test_another_patient_is_shown_by_number(browser, tmp_path):
    with opened(browser, tmp_path, figure("opinion")) as page:
        box = page.get_by_label("Patient", exact=True)
        box.fill("12")
        box.press("Enter")
        assert f"Patient 12: {listed(posterior(START, 12, 3, 3))}" in told(page)
        bars = page.locator(".part").all_inner_texts()
        shares = posterior(START, 12, 3, 3)
        assert bars == [f"{k}: {r:.3f}" for k, r in enumerate(shares, 1)]
        box.fill("46")
        box.press("Enter")
        assert "Not taken." in told(page)


def test_what_no_class_allows_is_told_in_words(browser, tmp_path):
    with opened(browser, tmp_path, figure("opinion"), clock=True) as page:
        played(page)
        say(page, 3, 1)  # where class 4 is, observer 2 always says so
        assert "Patient 2: impossible in every class." in told(page)
        press(page, "Share out")
        assert "It stops here. Patient 2 is impossible in every class" in (
            told(page)
        )
        assert "take it away" in told(page)
        press(page, "Back", "Back")
        assert "class 4 1.000" in told(page)
