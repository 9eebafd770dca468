"""The multivariate normals, as the tests over all models need them."""

import numpy as np
from scipy.stats import multivariate_normal

import em
from em.models import gaussians
from em.models.gaussians import Gaussians
from rows.kinds import Mixture

ONE, TWO = np.eye(1), np.eye(2)


ROW = Mixture(
    gaussians,
    Gaussians(
        [[-3, 0], [1, 3], [5, -1]],
        [[[1, 0.5], [0.5, 0.8]], [[0.6, -0.3], [-0.3, 1]], 0.5 * TWO],
        [0.3, 0.3, 0.4],
    ),
    Gaussians([[-4, 0], [0, 2], [5, 0]], [TWO, 2 * TWO, TWO]),
    gaussians.sample,
    lambda x, i, truth, k: multivariate_normal.logpdf(
        x[i], truth.means[k], truth.covariances[k]
    ),
    0.25,
    [
        (lambda: Gaussians([1], [ONE]), ValueError, r"means: .*two dim"),
        (
            lambda: Gaussians([[1]], [[1]]),
            ValueError,
            r"covariances: .*thr",
        ),
        (
            lambda: Gaussians([[1, 2], [3, np.nan]], [TWO, TWO]),
            ValueError,
            r"means\[1, 1\] is nan",
        ),
        (
            lambda: Gaussians([[1, 2], [3, 4]], [TWO, np.full((2, 2), np.inf)]),
            ValueError,
            r"covariances\[1, 0, 0\] is inf",
        ),
        (
            lambda: Gaussians([[1, 2], [3, 4]], [TWO]),
            ValueError,
            r"2 means, 1 covariances, 2 weights",
        ),
        (
            lambda: Gaussians([[1, 2]], [np.eye(3)]),
            ValueError,
            r"covariances\[0\] has shape \(3, 3\): expected \(2, 2\)",
        ),
        (
            lambda: Gaussians([[1, 2]], [[[2, 1], [0, 2]]]),
            ValueError,
            r"covariances\[0\] is not symmetric",
        ),
        (
            lambda: Gaussians([[1, 2]] * 2, [TWO, [[1, 2], [2, 1]]]),
            ValueError,
            r"covariances\[1\] is not positive definite",
        ),
        (
            lambda: Gaussians([[1, 2]], [0 * TWO]),
            ValueError,
            r"covariances\[0\] is not positive definite",
        ),
        (
            lambda: Gaussians([[1, 2]], [TWO], [0.5]),
            ValueError,
            r"weights sum to 0.5",
        ),
        (
            lambda: em.fit(gaussians, [1, 2], Gaussians([[1]], [ONE])),
            ValueError,
            r"x: expected two dimensions, got shape \(2,\)",
        ),
        (
            lambda: em.fit(gaussians, [[1], [np.nan]], Gaussians([[1]], [ONE])),
            ValueError,
            r"x\[1, 0\] is nan",
        ),
        (
            lambda: em.fit(gaussians, [[1], [-1e200]], Gaussians([[1]], [ONE])),
            ValueError,
            r"x\[1, 0\] is -1e\+200: expected a number that can be squared",
        ),
        (
            lambda: em.fit(gaussians, [[1, 2]], Gaussians([[1]], [ONE])),
            ValueError,
            r"x has 2 columns and the means have 1",
        ),
        (
            lambda: em.fit(
                gaussians,
                [[1], [2]],
                Gaussians([[1]], [ONE]),
                shape="round",
            ),
            ValueError,
            r"shape is 'round': expected full, tied, diagonal or spherical",
        ),
        (
            lambda: em.fit(
                gaussians,
                [[1, 1], [2, 2], [9, 9], [3, 3]],
                Gaussians([[1, 1]], [TWO]),
            ),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it shrank flat: .* min_std",
        ),
        (
            lambda: em.fit(
                gaussians,
                [[1, 5], [2, 7], [4, 5], [9, 9]],
                Gaussians([[2, 6], [9, 9]], [TWO, 0.01 * TWO]),
                shape="spherical",
            ),
            em.CollapsedError,
            r"component 1 collapsed at step 1: it shrank flat",
        ),
        (
            lambda: em.fit(
                gaussians,
                [[1, 1], [2, 3]],
                Gaussians([[1, 1], [9e9, 9]], [TWO, TWO]),
            ),
            em.CollapsedError,
            r"component 1 collapsed at step 1: it takes no data",
        ),
    ],
    {"min_std": 1e-2},
)
