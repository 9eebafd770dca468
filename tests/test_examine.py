"""`em.examine`: passes what is right, catches what is wrong, says which."""

import re
import subprocess
import sys
from types import SimpleNamespace
from typing import NamedTuple

import attrs
import numpy as np
import planted
import pytest
from bs4 import BeautifulSoup
from planted import OURS, PLANTED, RIGHT
from rows import MODELS

import em
from em.ask.checks.moves import moves
from em.ask.checks.report import UNKNOWN
from em.ask.checks.slopes import best_gain
from em.mixture import posterior
from em.models import bernoullis, gaussians, normals
from em.models.bernoullis import Bernoullis
from em.numbers.parameters import Parameters


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


# What is wrong, and was passed.


class Exps(NamedTuple):
    rates: np.ndarray
    weights: np.ndarray


def censored(params, n, rng):
    k = rng.choice(2, n, p=params.weights)
    lasts, ends = rng.exponential(1 / params.rates[k]), rng.uniform(0, 15, n)
    return (np.minimum(lasts, ends), (lasts <= ends) * 1.0), k


def censoring_ignored(**more):
    """Give two groups of lifetimes, of which it forgets that some go on."""

    def log_joint(data, params):
        times = data[0][:, None] * params.rates
        return np.log(params.weights) + np.log(params.rates) - times

    return SimpleNamespace(
        e_step=lambda data, params: posterior(log_joint(data, params)),
        m_step=lambda d, r: Exps(r.sum(0) / (d[0] @ r), r.mean(0)),
        **more,
    ), log_joint


def test_as_many_are_drawn_as_there_are():
    """Data are a pair of 400 lifetimes: not two observations."""
    true = Exps(np.array([1.0, 0.1]), np.array([0.6, 0.4]))
    data, _ = censored(true, 400, np.random.default_rng(0))
    asked = []

    def sample(params, n, rng):
        asked.append(n)
        return censored(params, n, rng)

    model, log_joint = censoring_ignored(sample=sample)
    for with_joint in (True, False):
        if with_joint:
            model.log_joint = log_joint
        else:
            del model.log_joint
        found = em.examine(model, data, true)
        assert [one.check for one in found.failures] == [planted.RECOVERS]
        assert set(asked) == {400}


def test_where_it_is_not_sure_how_many_there_are_it_does_not_draw():
    def wrong(params, n, rng):
        return normals.sample(params, n + 3, rng)

    unsure = planted.but(normals, sample=wrong)
    x = planted.points(np.random.default_rng(0))
    found = em.examine(unsure, x, planted.START).findings[-1]
    assert found.verdict == UNKNOWN
    assert "pass sample=" in found.detail


def test_a_saddle_is_called_one():
    rng = np.random.default_rng(0)
    group = rng.random(1000) < 0.3
    rates = ((0.9, 0.2), (0.8, 0.3), (0.7, 0.1))
    x = np.column_stack(
        [rng.random(1000) < np.where(group, p, q) for p, q in rates]
    ).astype(float)
    alike = Bernoullis(np.full((2, 3), 0.5))
    found = em.examine(bernoullis, x, alike)
    (level,) = [o for o in found.findings if o.check == planted.LEVEL]
    assert level.verdict == "a saddle"
    assert "alike: a little aside, it climbs 1.6e+02 higher" in level.detail
    assert found.summary.endswith("0 failed. From your start: a saddle.")
    unlike = Bernoullis([[0.4] * 3, [0.6] * 3])
    found = em.examine(bernoullis, x, unlike)
    assert "saddle" not in str(found)


# What is right, and was not passed: parameters without names.


def bells_in(pack, unpack):
    def e_step(x, guess):
        mean, std, weight = unpack(np.asarray(guess, float))
        z = (x[:, None] - mean) / std
        joint = weight * np.exp(-z * z / 2) / std / np.sqrt(2 * np.pi)
        total = joint.sum(axis=1)
        return joint / total[:, None], np.log(total).sum()

    def m_step(x, r):
        size = r.sum(axis=0)
        mean = x @ r / size
        std = np.sqrt((r * (x[:, None] - mean) ** 2).sum(axis=0) / size)
        return pack(mean, std, size / len(x))

    return SimpleNamespace(e_step=e_step, m_step=m_step)


MEAN, STD, WEIGHT = (
    np.array([-1.0, 4]),
    np.array([1.0, 1]),
    np.array([0.4, 0.6]),
)


def stacked(*rows):
    return np.array(rows)


def split(array):
    return array.reshape(3, 2)


PACKS = {
    "array": (stacked, split),
    "list": (lambda *rows: [list(row) for row in rows], split),
    "tuple": (lambda *rows: tuple(rows), split),
    "columns": (lambda *rows: np.array(rows).T, lambda a: a.T),
    "one line": (lambda *rows: np.concatenate(rows), split),
    "turn by turn": (
        lambda *rows: np.array(rows).T.ravel(),
        lambda a: a.reshape(2, 3).T,
    ),
}


@pytest.mark.parametrize("kind", PACKS)
def test_shares_are_found_wherever_they_stand(kind):
    pack, unpack = PACKS[kind]
    model, start = bells_in(pack, unpack), pack(MEAN, STD, WEIGHT)
    for seed in range(3):
        x = planted.points(np.random.default_rng(seed))
        found = em.examine(model, x, start, seed=seed)
        assert found.passed, found
        assert {o.check: o.verdict for o in found.findings}[
            planted.LEVEL
        ] == "yes"
    right = model.m_step

    def wider(x, r):
        mean, std, weight = unpack(np.asarray(right(x, r)))
        return pack(mean, 1.02 * std, weight)

    model.m_step = wider
    found = em.examine(model, x, start)
    assert planted.LEVEL in [one.check for one in found.failures]


def test_what_numbers_keep_to_and_nobody_says_cannot_be_told():
    """Weights in per cent: right, if one knows that they sum to 100."""

    def pack(mean, std, weight):
        return np.array([mean, std, 100 * weight])

    model = bells_in(pack, lambda a: (a[0], a[1], a[2] / 100))
    x = planted.points(np.random.default_rng(0))
    found = em.examine(model, x, pack(MEAN, STD, WEIGHT))
    assert found.passed, found
    (level,) = [o for o in found.findings if o.check == planted.LEVEL]
    assert level.verdict == UNKNOWN
    assert "cannot be told" in level.detail


def test_ranges_are_read_where_there_are_any():
    """A mean of 1 in the start of two: declared, it is no share."""
    words = {"means": "real", "stds": "positive", "weights": "sharse"}
    odd = planted.but(normals, RANGES=words)
    x = planted.points(np.random.default_rng(0))
    with pytest.raises(ValueError, match="did you mean 'shares'"):
        em.examine(odd, x, planted.START)


def test_letters_of_html_are_escaped():
    odd = em.ask.checks.report.Finding("a < b", "NO", 1.0, "<b>", "& more")
    cells = em.ask.checks.report.row_of(odd)
    assert "a &lt; b" in cells
    assert "&lt;b&gt;" in cells
    assert "&amp; more" in cells


def test_moves_keep_to_what_the_answers_keep_to():
    rng = np.random.default_rng(0)
    for name in ("poisson_hmm", "gaussians", "transcripts", "normals"):
        case = OURS[f"em.models.{name}"](rng)
        fit = em.fit(case.model, case.data, case.start, tol=1e-3)
        like = [step.params for step in fit.steps[:4]]
        to = Parameters(case.model, case.start, (), like)
        rows = np.array([to.row(one) for one in like])
        found = moves(to, rows, rng)
        assert found
        for move in found:
            for h in (-0.1, 0.02):
                moved = to.of_row(move(rows[-1], h))
                if hasattr(case.model, "check"):
                    case.model.check(case.data, moved)


def test_equal_numbers_move_together():
    case = planted.equal_stds(np.random.default_rng(0))
    fit = em.fit(normals, case.data, case.start, equal_stds=True)
    like = [step.params for step in fit.steps[:5]]
    to = Parameters(normals, case.start, (), like)
    rows = np.array([to.row(one) for one in like])
    found = [m for m in moves(to, rows, None) if m.name == "stds"]
    assert len(found) == 1
    stds = to.of_row(found[0](rows[-1], 0.1)).stds
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
