"""Many starts and the best of their ends; guesses from distances."""

import io
import tracemalloc

import numpy as np
import pytest
from sklearn.cluster import KMeans

import em
from em.further.progress import bar
from em.further.starts import kmeans, kmeans_plus_plus, squared_distances
from em.models import coins, normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals

FIVE = Flips([21, 9, 10, 32, 7], [7, 10, 17, 10, 13])
GOOD, STUCK, EMPTY = Coins([0.6, 0.5]), Coins([0.3, 0.3]), Coins([0, 0.5])


def test_the_best_is_kept_and_every_end_told():
    best = em.best_of(coins, FIVE, [STUCK, EMPTY, GOOD], fixed="weights")
    alone = em.fit(coins, FIVE, GOOD, fixed="weights")
    assert best.fit.log_likelihood == alone.log_likelihood
    assert len(best.fit.steps) == len(alone.steps)
    stuck, empty, good = best.ends
    assert stuck.log_likelihood == pytest.approx(-92.48076185, abs=1e-8)
    assert isinstance(empty, em.CollapsedError)
    assert (empty.component, empty.step) == (0, 1)
    assert good is best.fit.steps[-1]


def test_options_go_to_the_fits():
    best = em.best_of(
        coins, FIVE, [GOOD], fixed="weights", until=lambda steps: True
    )
    assert len(best.fit.steps) == 2
    with pytest.raises(ValueError, match=r"tol is -1"):
        em.best_of(coins, FIVE, [GOOD], tol=-1)


def test_starts_that_are_none_or_all_collapse_are_an_error():
    with pytest.raises(ValueError, match=r"starts is empty"):
        em.best_of(coins, FIVE, [])
    with pytest.raises(em.CollapsedError, match=r"component 0 collapsed"):
        em.best_of(coins, FIVE, [EMPTY, EMPTY])
    with pytest.raises(TypeError, match=r"the start is a float 0.5"):
        em.best_of(coins, FIVE, [0.5])


def ticking(monkeypatch, pace):
    """Let the clock move `pace` seconds each time that it is looked at."""
    now = iter(np.arange(1000) * pace)
    monkeypatch.setattr("em.further.progress.time.monotonic", lambda: next(now))


def test_a_bar_tells_how_far_it_is_after_a_second(monkeypatch):
    ticking(monkeypatch, 0.5)
    out = io.StringIO()
    assert list(bar(range(4), out)) == [0, 1, 2, 3]
    drawn = out.getvalue().split("\r")
    assert drawn[1].startswith("░" * 30) is False
    assert drawn[1] == "█" * 7 + "░" * 23 + " 1 of 4 starts"
    assert drawn[2].endswith("2 of 4 starts")
    assert drawn[-1] == ""
    assert drawn[-2].strip() == ""


def test_no_bar_for_what_is_quick_nor_where_nobody_looks(monkeypatch, capsys):
    out = io.StringIO()
    em.best_of(coins, FIVE, [GOOD] * 3, progress=out)
    assert out.getvalue() == ""
    ticking(monkeypatch, 5)
    em.best_of(coins, FIVE, [GOOD] * 3)  # the standard error is no terminal
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    ticking(monkeypatch, 5)
    em.best_of(coins, FIVE, [GOOD] * 3)
    assert "1 of 3 starts" in capsys.readouterr().err


@pytest.fixture
def three_heaps():
    rng = np.random.default_rng(4)
    centres = np.repeat([[0, 0], [10, 0], [0, 10]], 30, axis=0)
    return centres + rng.normal(size=(90, 2))


def test_kmeans_finds_what_scikit_learn_finds(three_heaps):
    shares = kmeans(three_heaps, 3, np.random.default_rng(0))
    theirs = KMeans(3, n_init=5, random_state=0).fit(three_heaps)
    means = shares.T @ three_heaps / shares.sum(axis=0)[:, None]
    order, other = (
        np.argsort(means @ [1, 2]),
        np.argsort(theirs.cluster_centers_ @ [1, 2]),
    )
    np.testing.assert_allclose(means[order], theirs.cluster_centers_[other])
    np.testing.assert_array_equal(shares.sum(axis=1), 1)
    assert set(shares.ravel()) == {0, 1}


def test_a_group_holds_the_points_that_are_nearest_to_its_mean():
    x = np.random.default_rng(5).normal(size=200)
    for seed in range(5):
        shares = kmeans(x, 4, np.random.default_rng(seed))
        means = x @ shares / shares.sum(axis=0)
        owner = np.abs(x[:, None] - means).argmin(axis=1)
        np.testing.assert_array_equal(shares.argmax(axis=1), owner)


def test_centres_are_drawn_far_apart(three_heaps):
    drawn = [
        kmeans_plus_plus(three_heaps, 3, np.random.default_rng(seed))
        for seed in range(99)
    ]
    heaps = [len({tuple(c.round(-1)) for c in centres}) for centres in drawn]
    assert np.mean(np.array(heaps) >= 3) > 0.9  # 2/9 by mere chance


def test_shares_make_a_start():
    x = np.r_[np.arange(5.0), np.arange(20.0, 24.0)]
    start = normals.m_step(x, kmeans(x, 2, np.random.default_rng(0)))
    order = np.argsort(start.means)
    np.testing.assert_allclose(start.means[order], [2, 21.5])
    np.testing.assert_allclose(start.weights[order], [5 / 9, 4 / 9])
    assert isinstance(start, Normals)


@pytest.mark.parametrize(
    ("points", "k", "message"),
    [
        ([1, 2, 2], 3, r"k is 3: expected 1 to 2"),
        ([1, 2], 0, r"k is 0: expected 1 to 2"),
        ([1, np.nan], 1, r"points\[1\] is nan: expected a finite number"),
        ([[1, 2], [1, np.inf]], 1, r"points\[1, 1\] is inf"),
        ([1, -1e200], 1, r"points\[1\] is -1e\+200"),
        ([], 1, r"points is empty"),
        ([[[1]]], 1, r"points: expected two dimensions"),
    ],
)
def test_guesses_refuse_bad_input_by_name(points, k, message):
    with pytest.raises(ValueError, match=message):
        kmeans(points, k, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("points", "k", "message"),
    [
        ([1, 2, 3], 2.0, r"k is float 2.0: expected a whole number"),
        ([1, 2, 3], True, r"k is bool True: expected a whole number"),
        (["1", "2"], 1, r"points: expected numbers"),
        (np.ma.masked_equal([1, 2, 3], 2), 1, r"points is a masked array"),
    ],
)
def test_guesses_refuse_what_is_no_number_by_name(points, k, message):
    with pytest.raises(TypeError, match=message):
        kmeans(points, k, np.random.default_rng(0))


def test_distances_are_squared_and_to_each_centre():
    found = squared_distances(np.array([[0.0, 0], [3, 4]]), np.array([[0, 0]]))
    np.testing.assert_array_equal(found, [[0], [25]])


def test_only_the_best_keeps_its_posterior_and_the_others_can_tell_theirs():
    """And all share one copy of the data: a fit from each start does not."""
    x = np.r_[np.linspace(0, 1, 10_000), np.linspace(5, 6, 10_000)]
    starts = [Normals([0.1 * k, 5], [1, 1]) for k in range(1, 5)] * 4
    tracemalloc.start()
    best = em.best_of(normals, x, starts, tol=1e-3)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # One posterior is 2 x, and two fits have a copy of the data.
    assert kept < 5 * x.nbytes
    for end in best.ends:
        expected, _ = normals.e_step(x, end.params)
        np.testing.assert_array_equal(end.posterior, expected)
