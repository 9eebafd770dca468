"""`em.examine`: passes what is right, catches what is wrong, says which."""

import re
import subprocess
import sys

import attrs
import numpy as np
import planted
import pytest
from bs4 import BeautifulSoup
from planted import OURS, PLANTED, RIGHT
from rows import MODELS

import em
from em.checks.moves import moves
from em.checks.numbers import Numbers
from em.checks.report import UNKNOWN
from em.checks.slopes import best_gain
from em.models import gaussians, normals


@pytest.mark.parametrize("name", OURS)
def test_every_model_of_ours_passes(name):
    for seed in range(2):
        found = OURS[name](np.random.default_rng(seed)).examined(seed)
        assert found.passed, found
        verdicts = {one.check: one.verdict for one in found.findings}
        assert verdicts[planted.MAXIMISES] == "yes"
        assert verdicts[planted.RECOVERS] == "yes"
        assert list(verdicts.values()).count(UNKNOWN) <= 2, found


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_looks_wrong_passes(name):
    found = RIGHT[name](np.random.default_rng(1)).examined()
    assert found.passed, found


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("about_the_old_mean", 17),  # a bell of weight 1e-34 wanders
        ("equal_stds", 8),  # one of 1e-9 does
        ("covariances_tied", 17),  # two groups become one: a saddle
    ],
)
def test_odd_ends_of_right_models_are_no_mistakes(name, seed):
    found = RIGHT[name](np.random.default_rng(seed)).examined(seed)
    assert found.passed, found


def test_a_start_that_collapses_is_no_mistake_if_others_do_not():
    """Fifteen points for three groups: some start collapses at once."""
    row = next(one for one in MODELS if one.model is gaussians)
    x = row.sample(row.truth, 15, np.random.default_rng(2005))[0]
    found = em.examine(gaussians, x, row.start, seed=2005)
    assert found.passed, found
    assert "fits came to an end: draw more" in found.findings[-1].detail


def test_what_only_raises_the_bound_is_called_generalised():
    for make in (planted.half_way, planted.about_the_old_mean_with_a_bound):
        found = make(np.random.default_rng(2)).examined()
        assert [
            one.verdict
            for one in found.findings
            if one.check == planted.MAXIMISES
        ] == ["generalised EM"]


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_caught_and_by_the_check_that_is_for_it(name):
    case = PLANTED[name](np.random.default_rng(1))
    found = case.examined()
    assert not found.passed
    failures = {one.check: one.detail for one in found.failures}
    assert set(case.fails) <= set(failures), found
    assert case.detail in failures[case.fails[0]]


def test_at_least_forty_mistakes_are_planted():
    assert len(PLANTED) >= 40


def test_what_is_examined_stays_as_it_was():
    case = planted.data_overwritten(np.random.default_rng(0))
    before = case.data.copy()
    case.examined()
    np.testing.assert_array_equal(case.data, before)
    case = planted.parameters_overwritten(np.random.default_rng(0))
    before = [field.copy() for field in case.start]
    case.examined()
    np.testing.assert_array_equal(case.start, before)


def test_two_examinations_say_the_same():
    case = planted.stds_times_1_02(np.random.default_rng(3))
    assert str(case.examined()) == str(case.examined())


def test_a_model_without_sample_or_joint_says_what_is_not_checked():
    found = planted.blood_groups(np.random.default_rng(0)).examined()
    left = {o.check: o.detail for o in found.findings if o.verdict == UNKNOWN}
    assert set(left) == {
        planted.ROWS,
        planted.JOINT,
        planted.TOUCHES,
        planted.MAXIMISES,
        planted.RECOVERS,
    }
    assert "pass sample=" in left[planted.RECOVERS]
    assert "(5 not made)" in str(found)


def test_a_sample_of_three_arguments_is_found():
    x = planted.points(np.random.default_rng(0))
    found = em.examine(normals, x, planted.START)
    assert found.findings[-1].verdict == "yes"


def test_what_em_refuses_is_refused():
    x = np.array([1.0, np.nan])
    with pytest.raises(ValueError, match=r"x\[1\] is nan"):
        em.examine(normals, x, planted.START)
    with pytest.raises(TypeError, match="which has no e_step"):
        em.examine(3, x, planted.START)
    with pytest.raises(ValueError, match="fixed names"):
        em.examine(normals, [1.0, 2], planted.START, fixed="width")


def test_it_prints_as_a_table_of_eighty_columns():
    found = planted.stds_times_1_02(np.random.default_rng(1)).examined()
    text = str(found)
    assert max(map(len, text.splitlines())) <= 80
    row = next(o for o in found.failures if o.check == planted.LEVEL)
    assert re.search(rf"^{planted.LEVEL} +NO +0\.0\d+$", text, re.MULTILINE)
    assert "    the limit is not stationary in `stds`" in text
    assert row.fails_for.split()[0] in text
    assert text.splitlines()[-1].startswith("8 checks made, ")
    assert repr(found).startswith("<Examination: 8 checks made")


def test_it_shows_as_a_table_in_a_notebook():
    found = planted.stds_times_1_02(np.random.default_rng(1)).examined()
    soup = BeautifulSoup(found._repr_html_(), "html.parser")
    heads = [th.text for th in soup.select("thead th[scope=col]")]
    assert heads == ["Check", "Verdict", "Number", "What makes it fail"]
    rows = soup.select("tbody tr")
    assert len(rows) == len(found.findings)
    for row, finding in zip(rows, found.findings, strict=True):
        assert row.th.text.startswith(finding.check)
        assert [td.text for td in row.select("td")] == [
            finding.verdict,
            finding.figure,
            finding.fails_for,
        ]
        assert bool(row.strong) == (not finding.passed)
    assert soup.caption.text == found.summary


def test_letters_of_html_are_escaped():
    odd = em.checks.report.Finding("a < b", "NO", 1.0, "<b>", "& more")
    cells = em.checks.report.row_of(odd)
    assert "a &lt; b" in cells
    assert "&lt;b&gt;" in cells
    assert "&amp; more" in cells


def test_moves_keep_to_what_the_answers_keep_to():
    rng = np.random.default_rng(0)
    for name in ("poisson_hmm", "gaussians", "transcripts", "normals"):
        case = OURS[f"em.models.{name}"](rng)
        fit = em.fit(case.model, case.data, case.start, tol=1e-3)
        numbers = Numbers(case.start)
        rows = np.array([numbers.row(s.params) for s in fit.steps[:4]])
        found = moves(numbers, rows, rng)
        assert found
        for move in found:
            for h in (-0.1, 0.02):
                moved = numbers.params(move(rows[-1], h))
                if hasattr(case.model, "check"):
                    case.model.check(case.data, moved)


def test_equal_numbers_move_together():
    case = planted.equal_stds(np.random.default_rng(0))
    fit = em.fit(normals, case.data, case.start, equal_stds=True)
    numbers = Numbers(case.start)
    rows = np.array([numbers.row(s.params) for s in fit.steps[:5]])
    found = [m for m in moves(numbers, rows, None) if m.name == "stds"]
    assert len(found) == 1
    stds = numbers.params(found[0](rows[-1], 0.1)).stds
    np.testing.assert_allclose(stds, fit.steps[4].params.stds * np.exp(0.1))


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_best_gain_is_that_of_a_parabola(scale):
    def height(h):
        return 7 - scale * (h - 0.01) ** 2

    gain, where = best_gain(height, 1e-13)
    assert gain == pytest.approx(scale * 1e-4, rel=1e-4)
    assert where == pytest.approx(0.01, rel=1e-4)


def test_a_saddle_a_peak_and_a_plain_are_level():
    for height in (
        lambda h: 50 * h**2,
        lambda h: -50 * h**2,
        lambda h: -3 * h**2 + 40 * h**3,
        lambda h: 30 * h**2 - 40 * h**3,
        lambda h: 0.01 * h**2 + 20 * h**3,
        lambda h: 5.0,
    ):
        assert best_gain(height, 1e-13)[0] < 1e-8


def test_beyond_an_edge_there_is_nothing_to_gain():
    assert best_gain(lambda h: np.nan if h > 0 else h, 1e-13) == (0, 0)


def test_it_takes_no_more_than_importing_em_takes():
    code = (
        "import sys, em; "
        "print([m for m in ('scipy', 'matplotlib') if m in sys.modules])"
    )
    printed = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert printed == "[]\n"


def test_the_start_need_not_keep_to_an_option():
    """A floor that does not bind at the limit, but at the start."""
    x = planted.points(np.random.default_rng(0))
    start = attrs.evolve(planted.START, stds=[0.01, 1])
    found = em.examine(normals, x, start, min_std=0.2)
    assert found.findings[0].verdict == "yes"
