"""Points to cut into pieces, and whether the pieces give what the whole gives."""

import numpy as np
import pytest
from rows.kinds import arrays

import em
from em.models import normals
from em.models.normals import Normals


def near(one, two, share=1e-12):
    for name, field in arrays(one).items():
        size = np.abs(arrays(two)[name]).max()
        np.testing.assert_allclose(
            field, arrays(two)[name], rtol=share, atol=share * size
        )


START = Normals([0, 5], [1, 1])


def points(n, seed=0):
    truth = Normals([0, 4], [1, 2], [0.3, 0.7])
    return normals.sample(truth, n, np.random.default_rng(seed))[0]


X = points(5_000)
PLAIN = em.fit(normals, X, START, max_iter=500)


def same(fit):
    assert len(fit.steps) == len(PLAIN.steps)
    near(fit.params, PLAIN.params)
    assert fit.log_likelihood == pytest.approx(PLAIN.log_likelihood, rel=1e-13)
