"""The bells, as the tests over all models need them."""

import numpy as np
from scipy.stats import norm

import em
from em.models import normals
from em.models.normals import Normals
from rows.kinds import Mixture, refused


def refused_data(x, words):
    return refused(normals, x, Normals([1], [1]), ValueError, words)


def refused_start(start, words, error=ValueError, **options):
    return refused(normals, [1, 2, 9], start, error, words, **options)


ROW = Mixture(
    normals,
    Normals([-2, 1, 6], [0.5, 1, 2], [0.3, 0.3, 0.4]),
    Normals([-3, 0, 5], [1, 1, 1]),
    normals.sample,
    lambda x, i, truth, k: norm.logpdf(x[i], truth.means[k], truth.stds[k]),
    0.25,
    [
        refused_start(Normals([1], [0]), r"stds\[0\] is 0: expected"),
        refused_start(Normals([1, 2], [1, -1]), r"stds\[1\] is -1"),
        refused_start(Normals([1, np.inf], [1, 1]), r"means\[1\] is inf"),
        refused_start(Normals([1e200], [1]), r"means\[0\] is 1e\+200"),
        refused_start(Normals([1, 2], [1]), r"2 means, 1 stds"),
        refused_start(Normals([1], [1], [0.5]), r"weights sum to 0.5"),
        refused_start(Normals([1], [1], [[1]]), r"weights: .* one dimension"),
        refused_data([1, np.nan], r"x\[1\] is nan"),
        refused_data([], r"x is empty"),
        refused_data([1, 2, 1e200], r"x\[2\] is 1e\+200: expected a number"),
        refused_data([1, 2, -1e200], r"x\[2\] is -1e\+200: expected"),
        refused_data([[1, 2]], r"x: expected one dimension, got shape"),
        refused_start(Normals([1], [1]), r"min_std is -1", min_std=-1),
        refused_start(Normals([1], [1]), r"min_std is nan", min_std=np.nan),
        refused_start(
            Normals([1], [1]), r"min_std: expected", TypeError, min_std="wide"
        ),
        refused_start(
            Normals([1], [1]), r"takes no option 'width'", TypeError, width=1
        ),
        refused_start(
            Normals([1, 9], [1, 0.1]),
            r"component 1 collapsed at step 1: its standard .* min_std",
            em.CollapsedError,
        ),
        refused_start(
            Normals([1, 9e9], [1, 0.1]),
            r"component 1 collapsed at step 1: it takes no data. Start",
            em.CollapsedError,
        ),
        (lambda: Normals(["a"], [1]), TypeError, r"means: expected numbers"),
        (lambda: Normals([1], None), TypeError, r"stds: expected numbers"),
    ],
    {"min_std": 1e-3},
)
PRIOR = normals.NormalsPrior(1, 0.5, 1.5, 2, 1)
