"""A reader's own model: two functions, and any parameters."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import NamedTuple

import attrs
import numpy as np
import pytest

import em
from em.models import normals
from em.models.normals import Normals

X = np.r_[np.random.default_rng(1).normal(0, 1, 40), np.linspace(4, 6, 20)]


class Tupled(NamedTuple):
    means: np.ndarray
    weights: np.ndarray


@dataclass
class Data:
    means: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True)
class Frozen:
    means: np.ndarray
    weights: np.ndarray


@attrs.define
class Attrs:
    means: np.ndarray
    weights: np.ndarray


@attrs.frozen(eq=False)
class FrozenAttrs:
    means: np.ndarray
    weights: np.ndarray


# What makes parameters of means and weights, and how the two are found.
KINDS = {
    "NamedTuple": (Tupled, lambda p: (p.means, p.weights)),
    "dataclass": (Data, lambda p: (p.means, p.weights)),
    "frozen dataclass": (Frozen, lambda p: (p.means, p.weights)),
    "attrs": (Attrs, lambda p: (p.means, p.weights)),
    "frozen attrs": (FrozenAttrs, lambda p: (p.means, p.weights)),
    "dict": (
        lambda means, weights: {"means": means, "weights": weights},
        lambda p: (p["means"], p["weights"]),
    ),
    "array": (lambda means, weights: np.array([means, weights]), tuple),
}


def bells(kind):
    """Give a model of bells of width 1: an e_step and an m_step, no more."""
    made, parts = KINDS[kind]

    def e_step(x, params):
        means, weights = parts(params)
        densities = np.exp(-((x[:, None] - means) ** 2) / 2)
        joint = weights * densities / np.sqrt(2 * np.pi)
        evidence = joint.sum(axis=1)
        return joint / evidence[:, None], np.log(evidence).sum()

    def m_step(x, responsibilities):
        sizes = responsibilities.sum(axis=0)
        return made(x @ responsibilities / sizes, sizes / len(x))

    return SimpleNamespace(e_step=e_step, m_step=m_step)


def start(kind):
    return KINDS[kind][0](np.array([-1.0, 3.0]), np.array([0.5, 0.5]))


def expected(fixed):
    return em.fit(
        normals,
        X,
        Normals([-1, 3], [1, 1], [0.5, 0.5]),
        fixed=["stds", *fixed],
        tol=1e-10,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_two_functions_and_any_parameters_are_a_model(kind):
    fit = em.fit(bells(kind), X, start(kind), tol=1e-10)
    ours = expected([])
    assert fit.converged
    assert fit.log_likelihood == pytest.approx(ours.log_likelihood, rel=1e-12)
    means, weights = KINDS[kind][1](fit.params)
    np.testing.assert_allclose(means, ours.params.means, rtol=1e-8)
    np.testing.assert_allclose(weights, ours.params.weights, rtol=1e-8)
    assert type(fit.params) is type(start(kind))
    assert "converged after" in repr(fit)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "array"])
@pytest.mark.parametrize("name", ["weights", "means"])
def test_any_parameter_of_any_kind_can_be_fixed(kind, name):
    if name == "weights":
        fit = em.fit(bells(kind), X, start(kind), fixed=name, tol=1e-10)
        ours = expected([name])
    else:  # our normals do not offer it
        fit = em.fit(bells(kind), X, start(kind), fixed={name}, max_iter=500)
        ours = None
    which = ["means", "weights"].index(name)
    np.testing.assert_array_equal(
        KINDS[kind][1](fit.params)[which], KINDS[kind][1](start(kind))[which]
    )
    assert len(fit.steps) > 2
    assert np.diff(fit.log_likelihoods).min() > -1e-9
    if ours:
        assert fit.log_likelihood == pytest.approx(ours.log_likelihood, 1e-12)


def test_one_array_can_be_fixed_whole_under_the_name_it_is_given():
    fit = em.fit(bells("array"), X, start("array"), fixed="parameters")
    np.testing.assert_array_equal(fit.params, start("array"))
    assert len(fit.steps) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_start_is_neither_changed_nor_held(kind):
    mine, data = start(kind), X.copy()
    fit = em.fit(bells(kind), data, mine)
    np.testing.assert_array_equal(data, X)
    first = fit.steps[0].posterior
    for part in KINDS[kind][1](mine):
        part[...] = -7
    data[...] = 3
    means, weights = KINDS[kind][1](fit.steps[0].params)
    np.testing.assert_array_equal(means, [-1, 3])
    np.testing.assert_array_equal(weights, [0.5, 0.5])
    np.testing.assert_array_equal(fit.steps[0].posterior, first)


def test_what_the_others_offer_is_told_to_be_missing():
    model = bells("dict")
    with pytest.raises(TypeError, match=r"takes no sample_weights"):
        em.fit(model, X, start("dict"), sample_weights=np.ones(60))
    with pytest.raises(TypeError, match=r"expected one with a log_joint"):
        em.lower_bound(model, X, np.ones((60, 2)) / 2, start("dict"))
    with pytest.raises(ValueError, match=r"\['sds'\]: expected some of"):
        em.fit(model, X, start("dict"), fixed="sds")


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({"means": "ab", "weights": [1]}, "means"),
        ({"means": [1.0], "weights": None}, "weights"),
        (Tupled([1.0, 2.0], [[1], [1, 2]]), "weights"),
        (Data(np.array([1j]), np.array([1])), "means"),
        ("start", "parameters"),
    ],
)
def test_parameters_that_are_no_numbers_are_refused_by_name(params, name):
    with pytest.raises(TypeError, match=rf"^{name}: expected numbers"):
        em.fit(bells("dict"), X, params)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda means: means * np.nan, r"step 1: means\[0\] is nan"),
        (lambda means: means / [1, 0], r"step 1: means\[1\] is inf"),
    ],
)
def test_an_m_step_that_gives_nonsense_is_named_with_its_step(broken, words):
    model = bells("NamedTuple")
    right = model.m_step

    def m_step(x, responsibilities):
        found = right(x, responsibilities)
        return found._replace(means=broken(found.means))

    model.m_step = m_step
    with pytest.raises(em.NotFiniteError, match=words):
        em.fit(model, X, start("NamedTuple"))


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (lambda shares, _: shares, r"numpy.ndarray array\(\[\["),
        (lambda shares, _: shares.sum(axis=0)[:2], r"numpy.ndarray array\("),
        (lambda _, height: height, r"numpy.float64 np.float64\(-"),
        (lambda *_: None, "NoneType None"),
        (lambda shares, height: (height, shares), r"tuple \(np.float64\(-"),
        (lambda shares, _: (shares, None), r"tuple \(array"),
        (lambda shares, height: (shares, height, 1), r"tuple \(array"),
    ],
)
@pytest.mark.parametrize("use", [em.fit, em.examine])
def test_an_e_step_that_gives_no_pair_is_told_what_is_expected(
    returned, told, use
):
    model = bells("array")
    right = model.e_step
    model.e_step = lambda x, params: returned(*right(x, params))
    words = f"^e_step returned {told}.*: expected a pair, first what m_step"
    with pytest.raises(TypeError, match=words):
        use(model, X, start("array"))


@pytest.mark.parametrize("use", [em.fit, em.examine])
def test_a_log_likelihood_in_an_array_is_told_from_no_pair(use):
    model = bells("array")
    right = model.e_step

    def e_step(x, params):
        shares, height = right(x, params)
        return shares, np.array([height])

    model.e_step = e_step
    with pytest.raises(TypeError, match=r"in an array of shape \(1,\)"):
        use(model, X, start("array"))


def test_with_a_log_joint_weights_and_bound_come_free():
    """As on the page: a model in three functions."""
    model = bells("NamedTuple")

    def log_joint(x, params):
        away = (x[:, None] - params.means) ** 2
        return np.log(params.weights / np.sqrt(2 * np.pi)) - away / 2

    model.log_joint = log_joint

    def m_step(x, responsibilities):
        sizes = responsibilities.sum(axis=0)
        return Tupled(x @ responsibilities / sizes, sizes / sizes.sum())

    model.m_step = m_step
    times = np.arange(60) % 3
    one = em.fit(model, X, start("NamedTuple"), sample_weights=times)
    other = em.fit(model, np.repeat(X, times), start("NamedTuple"))
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    step = other.steps[0]
    bound = em.lower_bound(model, np.repeat(X, times), step, step.params)
    assert bound == pytest.approx(step.log_likelihood, rel=1e-12)
