"""Data in pieces: the same sums, whatever the cut and whoever adds them up."""

import gc
import multiprocessing
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from cutting import PLAIN, START, X, near, same
from rows import ADDING, MODELS, named
from rows.kinds import arrays

import em
from em.door.passes import AHEAD
from em.kinds.read_classes import Classes
from em.models import (
    censored_regression,
    deconvolution,
    gaussians,
    missing_normal,
    normal_hmm,
    normals,
    poisson_hmm,
    poissons,
    raters,
)
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.missing_normal import Table
from em.models.normals import Normals
from em.numbers.adding import total

# (A series, a photograph, or ratings that name each item, is not to be cut.)
WHOLE = (normal_hmm, poisson_hmm, deconvolution, raters)
CUT = [row for row in ADDING if row.model not in WHOLE]


@pytest.fixture(params=ADDING, ids=named)
def row(request):
    """Give a model that adds up."""
    return request.param


def rows_of(data, begin, end):
    """Give some observations, as a piece."""
    if isinstance(data, Flips):
        return Flips(data.heads[begin:end], data.tails[begin:end])
    if isinstance(data, Table):
        return Table(data.values[begin:end], data.weights[begin:end])
    if isinstance(data, Classes):
        return Classes(
            data.members[begin:end], data.counts[begin:end], data.lengths
        )
    return data[begin:end]


def n_of(data):
    if isinstance(data, Classes):
        return len(data.counts)
    return len(next(iter(arrays(data).values())))


def pieces_of(row, data, rng, how_many):
    """Give the data in pieces, of whatever length."""
    n = n_of(data)
    inner = rng.choice(np.arange(1, n), how_many - 1, replace=False)
    cuts = [0, *sorted(inner), n]
    return [rows_of(data, int(a), int(b)) for a, b in pairwise(cuts)]


def test_every_model_that_should_add_up_does():
    assert {row.model for row in MODELS if row not in ADDING} == {
        censored_regression
    }


def test_both_ways_of_an_m_step_agree(row):
    rng = np.random.default_rng(1)
    data, _ = row.sample(row.truth, 500, rng)
    for start in (row.truth, row.start, row.anywhere(rng)):
        given, _ = row.model.e_step(data, start)
        sums = row.model.credited(data, given)
        near(row.model.answer(sums), row.model.m_step(data, given), 0)
        _, height = row.model.e_step(data, row.model.answer(sums))
        for alike in (sums + sums, sums * 0.25):  # what counts is proportions
            _, found = row.model.e_step(data, row.model.answer(alike))
            assert found == pytest.approx(height, rel=1e-12)


@pytest.mark.parametrize("how_many", [2, 3, 7])
@pytest.mark.parametrize("row", CUT, ids=named)
def test_a_fit_is_the_same_whatever_the_cut(row, how_many):
    rng = np.random.default_rng(how_many)
    data, _ = row.sample(row.truth, 400, rng)
    pieces = pieces_of(row, data, rng, how_many)
    plain = em.fit(row.model, data, row.start, tol=1e-6, **row.options)
    cut = em.fit(row.model, pieces, row.start, tol=1e-6, map=map, **row.options)
    assert len(cut.steps) == len(plain.steps)
    assert cut.converged == plain.converged
    for one, two in zip(cut.steps, plain.steps, strict=True):
        assert one.log_likelihood == pytest.approx(
            two.log_likelihood, rel=1e-12
        )
        near(one.params, two.params)


def test_a_piece_of_a_table_may_lack_a_column():
    whole = [[1, 2], [2, 1], [4, 3], [3, 5]]
    table = np.array([*whole, [np.nan, 4], [3, np.nan], [5, np.nan]])
    start = missing_normal.Normal([0, 0], np.eye(2))
    plain = em.fit(missing_normal, table, start)
    pieces = [table[:2], table[2:5], table[5:]]  # the last lacks a column
    near(em.fit(missing_normal, pieces, start, map=map).params, plain.params)


def test_many_series_are_pooled_as_by_hand():
    rng = np.random.default_rng(4)
    truth = next(row for row in ADDING if row.model is poisson_hmm).truth
    series = [poisson_hmm.sample(truth, n, rng)[0] for n in (30, 2, 75, 12)]
    first, second, *_ = steps = list(
        zip(range(3), em.run(poisson_hmm, series, truth, map=map), strict=False)
    )
    chains = [poisson_hmm.e_step(counts, truth) for counts in series]
    assert first[1].log_likelihood == pytest.approx(sum(h for _, h in chains))
    found = second[1].params
    smoothed = np.concatenate([chain.smoothed for chain, _ in chains])
    moves = sum(chain.expected_transitions for chain, _ in chains)
    np.testing.assert_allclose(
        found.initial, np.mean([c.smoothed[0] for c, _ in chains], axis=0)
    )
    np.testing.assert_allclose(
        found.transitions, moves / moves.sum(axis=1, keepdims=True)
    )
    np.testing.assert_allclose(
        found.rates, np.concatenate(series) @ smoothed / smoothed.sum(axis=0)
    )
    assert steps[2][1].log_likelihood > steps[1][1].log_likelihood


# Who adds up: threads, processes, a file, a generator.


def test_threads_add_up_the_same():
    with ThreadPoolExecutor(2) as pool:
        same(em.fit(normals, np.array_split(X, 70), START, map=pool.map))


def test_processes_add_up_the_same():
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, spawn) as pool:
        same(em.fit(normals, np.array_split(X, 3), START, map=pool.map))


def test_a_file_is_read_a_piece_at_a_time(tmp_path):
    X.tofile(tmp_path / "points")
    there = np.memmap(tmp_path / "points", dtype=float)
    same(em.fit(normals, np.array_split(there, 9), START, map=map))


def test_a_generator_function_is_called_for_every_pass():
    passes = []

    def pieces():
        passes.append(1)
        yield from np.array_split(X, 4)

    fit = em.fit(normals, pieces, START, map=map)
    same(fit)
    assert len(passes) == len(fit.steps)


def test_lists_and_single_precision_do_as_well():
    pieces = [[0.5, 1], (2, 3.25), np.array([4, 9], np.float32)]
    near(
        em.fit(normals, pieces, START, map=map, min_std=0.1).params,
        em.fit(normals, [0.5, 1, 2, 3.25, 4, 9], START, min_std=0.1).params,
    )


def test_what_is_fixed_stays_and_options_are_passed_on():
    pieces = np.array_split(X, 3)
    for options in ({"fixed": "weights"}, {"equal_stds": True}):
        near(
            em.fit(normals, pieces, START, map=map, **options).params,
            em.fit(normals, X, START, **options).params,
        )
    with pytest.raises(ValueError, match=r"'means'.*cannot be fixed"):
        em.fit(normals, pieces, START, map=map, fixed="means")


def test_the_best_of_several_starts_and_steps_that_are_asked_for_again():
    pieces = np.array_split(X, 3)
    starts = [Normals([9, 9], [1, 1]), START]
    best = em.best_of(normals, pieces, starts, map=map)
    same(best.fit)
    sums = best.fit.steps[0].posterior
    expected = normals.e_step(X, START)[0].sum(axis=0)
    np.testing.assert_allclose(sums.sizes, expected, rtol=1e-12)


def test_far_from_zero_no_digits_are_lost():
    far = em.fit(
        normals,
        np.array_split(X + 1e8, 7),
        Normals(START.means + 1e8, START.stds),
        map=map,
    )
    np.testing.assert_allclose(far.params.stds, PLAIN.params.stds, rtol=1e-6)


# What cannot be.


def refused(
    words, pieces, start=START, error=ValueError, model=normals, **also
):
    with pytest.raises(error, match=words):
        em.fit(model, pieces, start, **{"map": map, **also})


def test_what_can_be_gone_through_once_is_refused():
    refused("gone through once.*not called", (x for x in [X]), error=TypeError)
    refused("gone through once", iter([X]), error=TypeError)
    refused("expected several, such as np.array_split", X, error=TypeError)
    refused("expected several", 3, error=TypeError)
    refused("there are no pieces: expected at least one", [])


def test_an_error_names_the_piece_and_the_row():
    refused(r"^piece 1: x\[2\] is nan: exp", [[1, 2], [3, 4, np.nan], [5]])
    refused(r"^piece 2: x is empty", [[1, 2], [3, 4], []])
    refused(r"^piece 1: x: expected numbers", [[1, 2], "ab"], error=TypeError)
    refused(r"^piece 0: min_std\[?\]? is -1", [X], min_std=-1)
    refused(r"^piece 0: the start is a", [X], Coins([0.5]), TypeError)
    refused(
        r"^piece 2: observation 1 is impossible under every component",
        [[0], [0, 0], [0, 3]],
        poissons.Poissons([0, 0]),
        model=poissons,
    )
    refused(r"^piece 0: sample_weights: expected one dim", [X],
            sample_weights=[1])  # fmt: skip
    refused(r"sample_weights are for 1 pieces, and there are more", [[1], [2]],
            sample_weights=[[1]])  # fmt: skip
    refused(r"labels are for more than 1 pieces", [X[:2]],
            labels=[[0, 1], [0, 1]])  # fmt: skip
    refused(r"map returned 1 results for 2 pieces", [X, X],
            map=lambda one, pieces, numbers: [one(pieces[0], 0)])  # fmt: skip
    refused(r"map is int 3: expected Python's own", [X], error=TypeError, map=3)


def test_an_error_of_another_kind_keeps_its_own_words():
    def failing(data, params):
        raise KeyError("the disk is gone")

    model = SimpleNamespace(e_step=failing, credited=len, answer=len)
    with pytest.raises(KeyError, match="the disk is gone") as found:
        em.fit(model, [1], 0.5, map=map)
    assert found.value.__notes__ == ["in piece 0"]


def test_a_failure_in_another_thread_or_process_is_raised_here():
    bad = [X[:10], [1, np.inf]]
    with ThreadPoolExecutor(2) as pool:
        refused(r"^piece 1: x\[1\] is inf", bad, map=pool.map)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        refused(r"^piece 1: x\[1\] is inf", bad, map=pool.map)


def test_a_model_that_does_not_add_up_is_refused():
    start = censored_regression.Line([1, 1], 1)
    refused("does not add up: expected a model with credited", [X], start,
            TypeError, censored_regression)  # fmt: skip
    refused("has no e_step", [X], 1, TypeError, 3)


def test_a_collapse_is_told_as_ever():
    pieces = [[0.0, 1, 2], [3], [10]]
    refused(
        "component 1 collapsed at step 1: its standard deviation",
        pieces,
        Normals([1, 9.5], [1, 0.4]),
        em.CollapsedError,
    )
    refused("component 1 collapsed at step 1: it takes no data", pieces,
            Normals([1, 1e6], [1, 1]), em.CollapsedError)  # fmt: skip
    flat = np.array([[0.0, 0], [1, 1], [2, 2], [3, 3]])
    refused("component 0 collapsed at step 1: it shrank flat", [flat, flat + 4],
            Gaussians([[0, 0]], [np.eye(2)]), em.CollapsedError,
            gaussians)  # fmt: skip
    refused("component 0 collapsed at step 1: its covariance", [flat, flat + 4],
            missing_normal.Normal([0, 0], np.eye(2)), em.CollapsedError,
            missing_normal)  # fmt: skip


def test_a_model_of_ones_own_adds_up_by_arrays():
    """The mean of numbers, the sums being an array."""
    model = SimpleNamespace(
        e_step=lambda x, mean: (None, -float(((x - mean) ** 2).sum()) / 2),
        credited=lambda x, _: np.array([np.sum(x), len(x)]),
        answer=lambda sums: sums[0] / sums[1],
    )
    assert em.fit(model, [X[:9], X[9:]], 3.0, map=map).params == (
        pytest.approx(X.mean(), rel=1e-12)
    )


# How sums are added up.


def test_ten_thousand_sums_lose_no_more_than_their_last_digit():
    rng = np.random.default_rng(0)
    numbers = rng.lognormal(0, 3, 10_001)
    found = total(iter(numbers))
    exact = float(sum(map(Fraction, numbers.tolist())))
    assert abs(found / exact - 1) < 3e-16


def held(pieces, **options):
    """Give the most memory that one pass takes, in bytes."""
    gc.collect()
    tracemalloc.start()
    next(em.run(normals, pieces, START, **options))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_is_flat_in_the_number_of_pieces():
    def many(n):
        return lambda: (np.linspace(-1, 1 + i, 2_000) for i in range(n))

    held(many(3), map=map)  # what is made once
    assert held(many(2_000), map=map) < 1.2 * held(many(20), map=map)
    with ThreadPoolExecutor(2) as pool:
        some = held(many(2 * AHEAD), map=pool.map)
        assert held(many(20 * AHEAD), map=pool.map) < 1.3 * some
