"""A bounded sample of the random fits of `make fuzz`, and what it would see."""

import warnings
from types import ModuleType

import attrs
import fuzz
import numpy as np
import pytest

from em.models import normals
from em.models.normals import Normals

EACH = 400


@pytest.mark.parametrize(
    "model", fuzz.FAMILIES, ids=lambda model: model.__name__
)
def test_random_fits_end_as_they_may(model):
    ends, bad = fuzz.tally(model, 0, EACH)
    assert bad == []
    # And they are not just refused: many come to an end of their own.
    assert ends["converged"] > EACH / 8
    assert sum(ends.values()) == EACH


def narrower(x, responsibilities, **options):
    found = normals.m_step(x, responsibilities, **options)
    return attrs.evolve(found, stds=0.9 * found.stds)


def warning(x, normals_):
    warnings.warn("invalid value", RuntimeWarning, stacklevel=1)
    return normals.e_step(x, normals_)


def raw(x, responsibilities, **options):
    np.linalg.cholesky(-np.eye(2))


def off(x, responsibilities, **options):
    return Normals(np.r_[x[0], x[0]], np.r_[1, 1], np.r_[0.5, 0.4])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"m_step": narrower}, "fell by"),
        ({"m_step": raw}, "LinAlgError"),
        ({"e_step": warning}, "warning: invalid value"),
        ({"m_step": off}, "weights do not sum to 1"),
        (
            {"m_step": lambda x, r, **_: Normals([np.nan], [1])},
            r"means[0] is nan",
        ),
        (
            {"e_step": lambda x, at: (np.full((len(x), 1), np.nan), 0.0)},
            "is nan",
        ),
    ],
)
def test_each_kind_of_fault_would_be_seen(monkeypatch, changed, words):
    wrong = ModuleType("wrong")
    wrong.check, wrong.e_step = normals.check, normals.e_step
    wrong.m_step = normals.m_step
    vars(wrong).update(changed)
    monkeypatch.setitem(fuzz.FAMILIES, wrong, fuzz.some_normals)
    _, bad = fuzz.tally(wrong, 0, 60)
    assert any(words in one for one in bad)


def test_input_that_is_changed_would_be_seen(monkeypatch):
    def told(model, case, rng):
        case.data[0] += 1
        return "converged"

    monkeypatch.setattr(fuzz, "told", told)
    assert "input changed" in fuzz.outcome(normals, 0)
