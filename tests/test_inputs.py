"""Whatever numbers come in, for every model: they count the same, and are safe.

Kinds of arrays, weights of observations, memory.
"""

import tracemalloc
from copy import deepcopy
from pkgutil import iter_modules
from types import ModuleType

import attrs
import numpy as np
import pandas as pd
import pytest
from rows import MODELS, named
from rows.kinds import arrays, mapped
from scipy.sparse import issparse

import em
import em.models
from em.further import cluster
from em.kinds import ratings
from em.models import (
    coins,
    gaussians,
    normal_hmm,
    normals,
    poisson_hmm,
    poissons,
)
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normal_hmm import NormalHMM
from em.models.normals import Normals
from em.models.poisson_hmm import PoissonHMM
from em.models.poissons import Poissons


@pytest.fixture(params=MODELS, ids=named)
def model(request):
    """Give any model."""
    return request.param


def whole(field):
    """Give dense numbers rounded to whole ones, which every kind can hold."""
    if issparse(field):
        return field
    return np.round(np.asarray(field, float))


def read_only(field):
    frozen = field.copy()
    frozen.setflags(write=False)
    return frozen


def pandas(field):
    return (pd.Series if field.ndim == 1 else pd.DataFrame)(field)


KINDS = {
    "lists": np.ndarray.tolist,
    "tuples": lambda field: tuple(field.tolist()),
    "int64": lambda field: field.astype(np.int64),
    "uint8": lambda field: field.astype(np.uint8),
    "float32": lambda field: field.astype(np.float32),
    "longdouble": lambda field: field.astype(np.longdouble),
    "objects": lambda field: field.astype(object),
    "read-only": read_only,
    "Fortran-ordered": np.asfortranarray,
    "every second": lambda field: np.repeat(field, 2, axis=-1)[..., ::2],
    "backwards": lambda field: field[::-1].copy()[::-1],
    "other bytes": lambda field: field.astype(">f8"),
    "pandas": pandas,
}


def in_kind(field, kind):
    """Give a field in another kind, if that can hold its numbers."""
    if issparse(field) or field.ndim == 0:
        return field
    if field.ndim > 2 and kind == "pandas":
        return field
    with np.errstate(invalid="ignore"):  # NaN is no integer
        changed = KINDS[kind](field)
    same = np.array_equal(np.asarray(changed, float), field, equal_nan=True)
    return changed if same else field


def sampled(model, n=60):
    data, _ = model.sample(model.truth, n, np.random.default_rng(6))
    return mapped(data, whole)


@pytest.mark.filterwarnings("ignore::em.NotConvergedWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_numbers_gives_the_same_to_the_last_digit(model, kind):
    data = sampled(model)
    options = {"max_iter": 20, **model.options}
    expected = em.fit(model.model, data, model.start, **options)
    given = mapped(data, lambda field: in_kind(field, kind))
    start = mapped(model.start, lambda field: in_kind(field, kind))
    fit = em.fit(model.model, given, start, **options)
    np.testing.assert_array_equal(fit.log_likelihoods, expected.log_likelihoods)
    found = arrays(fit.params)
    for name, values in arrays(expected.params).items():
        np.testing.assert_array_equal(found[name], values)


def test_no_array_of_the_callers_is_changed_or_held(model):
    """Here data and start are plain arrays; what is held is not theirs."""
    data = sampled(model)
    if not isinstance(data, np.ndarray):
        fields = {
            one.name: getattr(data, one.name)
            for one in attrs.fields(type(data))
        }
    else:
        fields = {"data": data}
    mine = {
        name: np.array(field)
        for name, field in fields.items()
        if not issparse(field)
    }
    theirs = {name: np.array(v) for name, v in arrays(model.start).items()}
    before = deepcopy((mine, theirs))
    start = type(model.start)(**theirs)
    given = mine["data"] if "data" in mine else attrs.evolve(data, **mine)
    fit = em.fit(model.model, given, start, tol=1e-3, **model.options)
    best = em.best_of(model.model, given, [start], tol=1e-3, **model.options)
    for was, now in zip(before, (mine, theirs), strict=True):
        for name, field in was.items():
            np.testing.assert_array_equal(now[name], field)
    posteriors = [fit.steps[0].posterior, best.fit.steps[0].posterior]
    for steps in (fit.steps, best.fit.steps):
        for step in steps:
            for field in arrays(step.params).values():
                for own in (*mine.values(), *theirs.values()):
                    assert not np.shares_memory(field, own)
    # What is computed anew, once the caller has overwritten all of it.
    for field in (*mine.values(), *theirs.values()):
        field[...] = -1
    for was, found in zip(posteriors, (fit, best.fit), strict=True):
        again = found.steps[0].posterior
        for one, other in zip(leaves(was), leaves(again), strict=True):
            np.testing.assert_array_equal(one, other)


def leaves(posterior):
    """Give the arrays of a posterior."""
    if attrs.has(type(posterior)):
        names = [one.name for one in attrs.fields(type(posterior))]
        return [getattr(posterior, name) for name in names]
    return list(posterior) if isinstance(posterior, tuple) else [posterior]


def test_parameters_cannot_be_written_to(model):
    fit = em.fit(model.model, sampled(model), model.start, **model.options)
    for name in arrays(fit.params):
        field = getattr(fit.params, name)
        with pytest.raises(ValueError, match=r"read-only"):
            field[...] = 0
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(fit.params, name, field)


def observations(model, data):
    """Give how many there are: not always as many as a field has rows."""
    if hasattr(model.model, "log_joint"):
        return len(model.model.log_joint(data, model.start))
    return leaves(data)[0].shape[0]


def weighted_and_repeated(model, rng, **options):
    data, _ = model.sample(model.truth, 80, rng)
    n = observations(model, data)
    times = rng.integers(0, 4, n)
    one = em.fit(
        model.model, data, model.start, sample_weights=times, **options
    )
    return one, em.fit(
        model.model, model.repeated(data, times), model.start, **options
    )


WEIGHTED = [row for row in MODELS if row.repeated]


@pytest.mark.parametrize("model", WEIGHTED, ids=named)
@pytest.mark.filterwarnings("ignore::em.NotConvergedWarning")
def test_weights_are_repeated_observations(model):
    """At every step, parameters and log-likelihood; also where w is 0."""
    rng = np.random.default_rng(31)
    for _ in range(3):
        options = {"tol": 0, "max_iter": 15, **model.options}
        one, other = weighted_and_repeated(model, rng, **options)
        for mine, theirs in zip(one.steps, other.steps, strict=True):
            assert mine.log_likelihood == pytest.approx(
                theirs.log_likelihood, rel=1e-10
            )
            found = arrays(mine.params)
            for name, expected in arrays(theirs.params).items():
                size = 1e-10 * np.abs(expected).max()
                np.testing.assert_allclose(found[name], expected, 0, size)


@pytest.mark.parametrize("model", WEIGHTED, ids=named)
def test_weights_of_one_change_nothing_and_their_scale_no_parameter(model):
    data = sampled(model)
    plain = em.fit(model.model, data, model.start, **model.options)
    n = observations(model, data)
    options = {"max_iter": len(plain.steps) - 1, **model.options}
    never = {**options, "until": lambda steps: len(steps) == len(plain.steps)}
    ones = em.fit(
        model.model, data, model.start, sample_weights=np.ones(n), **never
    )
    halves = em.fit(
        model.model, data, model.start, sample_weights=np.full(n, 0.5), **never
    )
    assert ones.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-12)
    assert halves.log_likelihood == pytest.approx(
        plain.log_likelihood / 2, rel=1e-9
    )
    for name, expected in arrays(plain.params).items():
        near = {"rtol": 1e-9, "atol": 1e-12 * np.abs(expected).max()}
        np.testing.assert_allclose(arrays(ones.params)[name], expected, **near)
        if name != "alpha":  # numbers of reads
            np.testing.assert_allclose(
                arrays(halves.params)[name], expected, **near
            )


def test_what_does_not_count_may_be_impossible():
    start = Poissons([0, 0], [0.3, 0.7])
    fit = em.fit(poissons, [0, 3], start, sample_weights=[2, 0])
    assert fit.log_likelihood == pytest.approx(0, abs=1e-15)
    np.testing.assert_array_equal(fit.posterior[1], [0, 0])
    with pytest.raises(ValueError, match=r"observation 1 is impossible"):
        em.fit(poissons, [0, 3], start, sample_weights=[2, 1])


def test_bad_weights_are_refused_by_name(model):
    data = sampled(model)
    n = observations(model, data)
    if not model.repeated:
        with pytest.raises(TypeError, match=r"takes no sample_weights"):
            em.fit(model.model, data, model.start, sample_weights=np.ones(n))
        return
    for weights, error, words in [
        (np.ones(n + 1), ValueError, rf"{n + 1} sample_weights"),
        (np.r_[-1, np.ones(n - 1)], ValueError, r"sample_weights\[0\] is -1"),
        (np.r_[np.nan, np.ones(n - 1)], ValueError, r"_weights\[0\] is nan"),
        (np.r_[np.inf, np.ones(n - 1)], ValueError, r"_weights\[0\] is inf"),
        (np.zeros(n), ValueError, r"sample_weights are all 0"),
        (np.ones((n, 1)), ValueError, r"sample_weights: .*one dimension"),
        (["1"] * n, TypeError, r"sample_weights: expected numbers"),
    ]:
        with pytest.raises(error, match=words):
            em.fit(model.model, data, model.start, sample_weights=weights)


def test_a_million_sequences_of_ten_are_eleven_with_weights():
    rng = np.random.default_rng(3)
    heads = rng.binomial(10, np.where(rng.random(100_000) < 0.3, 0.2, 0.7))
    counts = np.bincount(heads, minlength=11)
    which = np.arange(11)
    start = Coins([0.3, 0.6])
    one = em.fit(coins, Flips(which, 10 - which), start, sample_weights=counts)
    other = em.fit(coins, Flips(heads, 10 - heads), start)
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-10)
    np.testing.assert_allclose(one.params.theta, other.params.theta, rtol=1e-8)


@pytest.mark.parametrize("steps", [10, 100])
@pytest.mark.filterwarnings("ignore::em.NotConvergedWarning")
def test_a_fit_holds_one_posterior_however_many_steps_it_has(steps):
    """At 1e6 points, two bells, 100 steps: 10 times this, below 200 MB."""
    n = 100_000
    x, _ = normals.sample(Normals([0, 3], [1, 2]), n, np.random.default_rng(0))
    tracemalloc.start()
    fit = em.fit(normals, x, Normals([1, 2], [1, 1]), tol=0, max_iter=steps)
    kept, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(fit.steps) == steps + 1
    posterior = fit.posterior.nbytes
    assert posterior == 2 * x.nbytes
    assert kept < posterior + 1.1 * x.nbytes + 2_000 * steps
    assert most < 200e6 / 10


NOT_NUMBERS = {
    "dates": np.array(["2024-01-01", "2024-01-02"], "datetime64[D]"),
    "spans of time": np.array([1, 2], "timedelta64[s]"),
    "strings of digits": ["1", "2"],
    "bytes": [b"1", b"2"],
    "complex": [1 + 0j, 2],
    "masked": np.ma.masked_equal([1.0, 2.0], 2.0),
    "masked without a mask": np.ma.array([1.0, 2.0]),
    "None": [1.0, None],
    "too large for a float": [10**400, 1],
    "ragged": [1, [2, 3]],
    "a set": {1, 2},
    "a dictionary": {"a": 1},
    "a generator": (x for x in (1, 2)),
    "a module": np,
    "a function": len,
    "nothing": None,
    "records": np.array([(1, 2)], [("a", float), ("b", float)]),
    "parameters": Coins([0.5, 0.5]),
}


@pytest.mark.parametrize("bad", NOT_NUMBERS.values(), ids=NOT_NUMBERS)
@pytest.mark.parametrize(
    ("fit", "name"),
    [
        (lambda bad: em.fit(normals, bad, Normals([1], [1])), "x"),
        (lambda bad: em.fit(normals, [1, 2], Normals(bad, [1, 1])), "means"),
        (lambda bad: em.fit(normals, [1, 2], Normals([1, 1], bad)), "stds"),
        (
            lambda bad: em.fit(normals, [1, 2], Normals([1, 1], [1, 1], bad)),
            "weights",
        ),
        (
            lambda bad: em.fit(
                normals, [1, 2], Normals([1], [1]), sample_weights=bad
            ),
            "sample_weights",
        ),
        (lambda bad: em.fit(coins, Flips(bad, [1, 1]), Coins([0.5])), "heads"),
        (lambda bad: em.fit(coins, Flips([1], [1]), Coins(bad)), "theta"),
        (
            lambda bad: em.fit(gaussians, bad, Gaussians([[1.0]], [[[1.0]]])),
            "x",
        ),
        (lambda bad: Gaussians(bad, np.ones((1, 1, 1))), "means"),
        (lambda bad: Gaussians(np.ones((1, 1)), bad), "covariances"),
        (
            lambda bad: em.fit(normals, [1, 2], Normals([1], [1]), min_std=bad),
            "min_std",
        ),
    ],
)
def test_what_is_not_numbers_is_a_type_error_with_its_name(fit, name, bad):
    if name == "sample_weights" and bad is None:
        return  # which means: no weights
    with pytest.raises(TypeError, match=rf"^{name}(:| is a masked array)"):
        fit(bad)


@pytest.mark.parametrize(
    ("std", "words"),
    [(-1e-9, r"min_std is -1e-09"), (np.nan, r"is nan"), (np.inf, r"is inf")],
)
@pytest.mark.parametrize(
    ("model", "x", "start"),
    [
        (normals, [1, 2], Normals([1], [1])),
        (gaussians, [[1], [2]], Gaussians([[1]], [[[1]]])),
    ],
)
def test_a_floor_is_a_number_not_below_nothing(model, x, start, std, words):
    with pytest.raises(ValueError, match=words):
        em.fit(model, x, start, min_std=std)


@pytest.mark.parametrize("value", [1.0000001, 1 + 2**-52, -1e-300])
def test_a_value_just_out_of_range_is_told_with_all_its_digits(value):
    with pytest.raises(ValueError, match=rf"theta\[1\] is {value!r}: expected"):
        em.fit(coins, Flips([1], [1]), Coins([0.5, value]))


@pytest.mark.parametrize(
    "x", [np.full(7, 0.1), -np.full(500, 0.3), np.full(3000, 1e9 + 0.1)]
)
@pytest.mark.parametrize("groups", [1, 2])
def test_equal_points_collapse_however_many_of_whatever_sign(x, groups):
    start = Normals(x[0] + np.arange(groups), np.ones(groups))
    with pytest.raises(em.CollapsedError, match=r"shrank to 0"):
        em.fit(normals, x, start)
    table = np.column_stack([x, np.arange(len(x))])
    wide = Gaussians(table[:groups], [np.diag([1.0, len(x)])] * groups)
    with pytest.raises(em.CollapsedError, match=r"shrank flat"):
        em.fit(gaussians, table, wide)


def test_data_below_zero_are_the_mirror_image_of_data_above():
    x = np.random.default_rng(7).gamma(2, size=50) + 1e6
    above = em.fit(normals, x, Normals([1e6, 1e6 + 5], [1, 1]))
    below = em.fit(normals, -x, Normals([-1e6, -1e6 - 5], [1, 1]))
    assert below.log_likelihood == above.log_likelihood
    np.testing.assert_array_equal(below.params.means, -above.params.means)


def test_a_missing_value_of_pandas_is_a_nan():
    with pytest.raises(ValueError, match=r"x\[1\] is nan: expected a finite"):
        em.fit(normals, pd.array([1, None], "Float64"), Normals([1], [1]))


@pytest.mark.parametrize(
    "name",
    [
        "../files.py",
        "kallisto/../../files.py",
        "README.md",
        "kallisto",
        "/etc/hostname",
        str(em.data("old_faithful.csv")),
        "",
        ".",
        None,
        3,
    ],
)
def test_only_data_sets_of_ours_have_a_path(name):
    with pytest.raises(
        ValueError, match=r"no data set .*expected one of \["
    ) as e:
        em.data(name)
    assert "README" not in str(e.value).split("expected")[1]
    assert "kallisto/abundance.tsv" in str(e.value)


def test_the_rows_are_of_the_models_that_there_are():
    there = {
        f"em.models.{one.name}" for one in iter_modules(em.models.__path__)
    }
    assert {named(row) for row in MODELS} == there
    assert all(isinstance(row.model, ModuleType) for row in MODELS)


FLIPS, GUESS = Flips([5, 9, 8], [5, 1, 2]), Coins([0.6, 0.5])


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: em.standard_errors(coins, FLIPS, GUESS), r"fit is a .*Coins"),
        (lambda: em.standard_errors(coins, FLIPS, None), r"fit is a NoneType"),
        (lambda: em.profile(coins, FLIPS, None, "theta[0]"), r"as em.fit"),
        (lambda: em.aic(coins, FLIPS, None), r"expected a Fit"),
        (lambda: em.bic(coins, FLIPS, GUESS), r"expected a Fit"),
        (
            lambda: em.examine(coins, FLIPS, GUESS, sample=3),
            r"sample is int 3: expected a function",
        ),
        (
            lambda: em.examine(coins, FLIPS, GUESS, seed="x"),
            r"seed is str 'x': expected a whole number",
        ),
        (
            lambda: em.sample(coins, GUESS, 5, 10, seed="x"),
            r"seed is str 'x': expected a whole number",
        ),
        (lambda: em.best_of(coins, FLIPS, 3), r"starts is int 3: expected a"),
        (lambda: ratings.table(None), r"rows is NoneType None: expected rows"),
        (lambda: cluster.over(None), r"client is NoneType None: expected a"),
    ],
)
def test_what_is_asked_of_the_wrong_thing_is_said(ask, words):
    with pytest.raises(TypeError, match=words):
        ask()


def test_a_bare_step_says_which_observation_is_no_number():
    start = Normals([1, 2], [1, 1])
    with pytest.raises(ValueError, match="observation 1 holds a nan"):
        normals.e_step(np.array([1, np.nan, 3]), start)
    far = np.array([1, 1e200, 3])
    with pytest.raises(ValueError, match="observation 1 is impossible"):
        normals.e_step(far, start)


@pytest.mark.parametrize(
    ("hmm", "start"),
    [
        (
            normal_hmm,
            NormalHMM([0.5, 0.5], np.full((2, 2), 0.5), [0, 5], [1, 1]),
        ),
        (poisson_hmm, PoissonHMM([0.5, 0.5], np.full((2, 2), 0.5), [1, 5])),
    ],
    ids=["normal", "Poisson"],
)
@pytest.mark.parametrize(
    "series", [[[1, 2, 3], [4, 5]], [[1, 2], [3, 4]], np.ones((2, 5))]
)
def test_several_series_are_told_how_they_are_fitted(hmm, start, series):
    with pytest.raises(ValueError, match=r"holds 2 series: .* map=map"):
        em.fit(hmm, series, start)


@pytest.mark.parametrize("x", [np.nan, [1.0, np.nan]])
def test_an_e_step_by_itself_takes_lists_and_names_what_is_no_number(x):
    bells = Normals([0, 1], [1, 1])
    with pytest.raises(ValueError, match=r"observation [01] holds a nan"):
        normals.e_step(x, bells)
    for found, expected in zip(
        normals.e_step([1.0, 2.0], bells),
        normals.e_step(np.array([1.0, 2.0]), bells),
        strict=True,
    ):
        np.testing.assert_array_equal(found, expected)
