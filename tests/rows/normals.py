"""The bells, as the tests over all models need them."""

import numpy as np
from scipy.stats import norm

import em
from em.models import normals
from em.models.normals import Normals
from rows.kinds import Mixture

ROW = Mixture(
    normals,
    Normals([-2, 1, 6], [0.5, 1, 2], [0.3, 0.3, 0.4]),
    Normals([-3, 0, 5], [1, 1, 1]),
    normals.sample,
    lambda x, i, truth, k: norm.logpdf(x[i], truth.means[k], truth.stds[k]),
    0.25,
    [
        (lambda: Normals([1], [0]), ValueError, r"stds\[0\] is 0"),
        (lambda: Normals([1, 2], [1, -1]), ValueError, r"stds\[1\] is -1"),
        (
            lambda: Normals([1, np.inf], [1, 1]),
            ValueError,
            r"means\[1\] is inf",
        ),
        (lambda: Normals([1, 2], [1]), ValueError, r"2 means, 1 stds"),
        (
            lambda: Normals([1], [1], [0.5]),
            ValueError,
            r"weights sum to 0.5",
        ),
        (
            lambda: em.fit(normals, [1, np.nan], Normals([1], [1])),
            ValueError,
            r"x\[1\] is nan",
        ),
        (
            lambda: em.fit(normals, [], Normals([1], [1])),
            ValueError,
            r"x is empty",
        ),
        (
            lambda: em.fit(normals, [1, 2, 1e200], Normals([1], [1])),
            ValueError,
            r"x\[2\] is 1e\+200: expected a number that can be squared",
        ),
        (
            lambda: em.fit(normals, [1, 2, 9], Normals([1, 9], [1, 0.1])),
            em.CollapsedError,
            r"component 1 collapsed at step 1: its standard .* min_std",
        ),
        (
            lambda: em.fit(normals, [1, 2, 9], Normals([1, 9e9], [1, 0.1])),
            em.CollapsedError,
            r"component 1 collapsed at step 1: it takes no data. Start",
        ),
    ],
    {"min_std": 1e-3},
)
