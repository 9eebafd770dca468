"""The multivariate normals, as the tests over all models need them."""

import numpy as np
from scipy.stats import multivariate_normal

import em
from em.models import gaussians
from em.models.gaussians import Gaussians
from rows.kinds import Mixture, refused

ONE, TWO = np.eye(1), np.eye(2)


def refused_start(
    start, words, error=ValueError, x=((1, 2), (3, 4)), **options
):
    return refused(gaussians, x, start, error, words, **options)


def refused_data(x, words, error=ValueError):
    return refused_start(Gaussians([[1]], [ONE]), words, error, x)


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
        refused_start(Gaussians([1], [ONE]), r"means: .*two dim"),
        refused_start(Gaussians([[1]], [[1]]), r"covariances: .*three"),
        refused_start(
            Gaussians([[1, 2], [3, np.nan]], [TWO, TWO]),
            r"means\[1, 1\] is nan",
        ),
        refused_start(
            Gaussians([[1, 2], [3, 1e200]], [TWO, TWO]),
            r"means\[1, 1\] is 1e\+200",
        ),
        refused_start(
            Gaussians([[1, 2], [3, 4]], [TWO, np.full((2, 2), np.inf)]),
            r"covariances\[1, 0, 0\] is inf",
        ),
        refused_start(
            Gaussians([[1, 2], [3, 4]], [TWO]),
            r"2 means, 1 covariances, 2 weights",
        ),
        refused_start(
            Gaussians([[1, 2]], [np.eye(3)]),
            r"covariances\[0\] has shape \(3, 3\): expected \(2, 2\)",
        ),
        refused_start(
            Gaussians([[1, 2]], [[[2, 1], [0, 2]]]),
            r"covariances\[0\] is not symmetric",
        ),
        refused_start(
            Gaussians([[1, 2, 3]], [[[1, 0, 0], [0, 1, 0.5], [0, 0.1, 1]]]),
            r"covariances\[0\] is not symmetric",
            x=np.eye(3),
        ),
        refused_start(
            Gaussians([[1, 2]] * 2, [TWO, [[1, 2], [2, 1]]]),
            r"covariances\[1\] is not positive definite",
        ),
        refused_start(
            Gaussians([[1, 2]], [0 * TWO]),
            r"covariances\[0\]'s diagonal\[0\] is 0: expected a variance",
        ),
        refused_start(
            Gaussians([[1, 2]], [[[1, 0], [0, -3]]]),
            r"covariances\[0\]'s diagonal\[1\] is -3: expected a variance",
        ),
        refused_start(Gaussians([[1, 2]], [TWO], [0.5]), r"weights sum to 0.5"),
        refused_data([1, 2], r"x: expected two dimensions, got shape \(2,\)"),
        refused_data([[1], [np.nan]], r"x\[1, 0\] is nan"),
        refused_data([[1], [2, 3]], r"x: expected numbers", TypeError),
        refused_data(
            [[1], [-1e200]],
            r"x\[1, 0\] is -1e\+200: expected a number below",
        ),
        refused_data([[1, 2]], r"x has 2 columns and the means have 1"),
        refused_start(
            Gaussians([[1, 2]], [TWO]),
            r"type is 'round': expected full, tied, diagonal or spherical",
            covariance_type="round",
        ),
        refused_start(
            Gaussians([[1, 2]], [TWO]),
            r"type is \['full'\]: expected full, tied",
            covariance_type=["full"],
        ),
        refused_start(
            Gaussians([[1, 2]], [TWO]), r"min_std is -0.1", min_std=-0.1
        ),
        refused_start(
            Gaussians([[1, 2]], [TWO]), r"min_std is nan", min_std=np.nan
        ),
        refused_start(
            Gaussians([[1, 1]], [TWO]),
            r"component 0 collapsed at step 1: it shrank flat: .* min_std",
            em.CollapsedError,
            x=[[1, 1], [2, 2], [9, 9], [3, 3]],
        ),
        refused_start(
            Gaussians([[2, 6], [9, 9]], [TWO, 0.01 * TWO]),
            r"component 1 collapsed at step 1: it shrank flat",
            em.CollapsedError,
            x=[[1, 5], [2, 7], [4, 5], [9, 9]],
            covariance_type="spherical",
        ),
        refused_start(
            Gaussians([[1, 1], [9e9, 9]], [TWO, TWO]),
            r"component 1 collapsed at step 1: it takes no data",
            em.CollapsedError,
            x=[[1, 1], [2, 3]],
        ),
        refused_start(
            Gaussians([[1, 1], [9e9, 9]], [TWO, TWO]),
            r"component 1 collapsed at step 1: it takes no data",
            em.CollapsedError,
            x=[[1, 1], [2, 3]],
            min_std=0.1,
        ),
    ],
    {"min_std": 1e-2},
)
PRIOR = gaussians.GaussiansPrior(0, 0.5, 2, 3, 1)
