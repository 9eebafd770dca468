"""The hidden chain with normal states, as the tests over all models need it."""

import numpy as np
from scipy.stats import norm

import em
from em.models import normal_hmm
from em.models.normal_hmm import NormalHMM
from em.models.normals import Normals
from rows.kinds import Mixture, refused
from rows.poisson_hmm import along_a_chain, expected_along_a_chain, long_run


def refused_start(hmm, words, error=ValueError, x=(1.5, 2, 9), **options):
    return refused(normal_hmm, x, hmm, error, words, **options)


def refused_data(x, words, error=ValueError):
    return refused_start(NormalHMM([1], [[1]], [1], [1]), words, error, x)


HALVES = [[0.5, 0.5], [0.5, 0.5]]

ROW = Mixture(
    normal_hmm,
    NormalHMM(
        [0.5, 0.3, 0.2],
        [[0.8, 0.15, 0.05], [0.1, 0.8, 0.1], [0.05, 0.25, 0.7]],
        [-3, 1, 8],
        [0.5, 1, 2],
    ),
    NormalHMM([0.3, 0.4, 0.3], np.full((3, 3), 1 / 3), [-4, 0, 9], [1, 1, 1]),
    normal_hmm.sample,
    lambda x, i, truth, k: norm.logpdf(x[i], truth.means[k], truth.stds[k]),
    0.3,
    [
        refused_start(
            NormalHMM([0.5, 0.4], np.eye(2), [1, 2], [1, 1]),
            r"initial sum to 0.9: expected 1",
        ),
        refused_start(
            NormalHMM([0.5, 0.5], [[1, 0], [0.5, 0.4]], [1, 2], [1, 1]),
            r"transitions\[1\] sum to 0.9: expected 1",
        ),
        refused_start(
            NormalHMM([0.5, 0.5], np.eye(2), [1, 2, 3], [1, 1]),
            r"2 initial, 3 means, 2 stds",
        ),
        refused_start(
            NormalHMM([0.5, 0.5], np.eye(2), [1, 2], [1, 0]),
            r"stds\[1\] is 0: expected",
        ),
        refused_start(
            NormalHMM([1], [[1]], [np.inf], [1]), r"means\[0\] is inf"
        ),
        refused_start(
            NormalHMM([1], [[1]], [1], [1]), r"min_std is -1", min_std=-1
        ),
        refused_data([1, np.nan], r"x\[1\] is nan"),
        refused_data([4], r"x has 1 value: expected a series"),
        refused_data([], r"x is empty"),
        refused_data([[1, 2]], r"x: expected one dimension, got shape"),
        refused_start(
            Normals([1], [1]),
            r"expected em.models.normal_hmm.NormalHMM\(initial, transitions, "
            r"means, stds\)",
            TypeError,
        ),
        refused_start(
            NormalHMM([0.5, 0.5], HALVES, [2, 3], [1, 1]),
            r"normal_hmm takes no sample_weights: expected a model with a "
            r"log_joint",
            TypeError,
            sample_weights=[1, 2, 1],
        ),
        refused_start(
            NormalHMM([1, 0], np.eye(2), [2, 3], [1, 1]),
            r"component 1 collapsed at step 1: it takes no data. Start",
            em.CollapsedError,
        ),
        refused_start(
            NormalHMM([1, 0], [[0.9, 0.1], [1, 0]], [0, 50], [1, 9]),
            r"component 1 collapsed at step 1: its standard deviation shrank",
            em.CollapsedError,
            x=(0, 0.5, 50),
        ),
        refused_start(
            NormalHMM([1, 0], [[0.9, 0.1], [1, 0]], [0, 50], [1, 9]),
            r"component 1 collapsed at step 1: nothing follows it",
            em.CollapsedError,
            x=(0, 0.5, 50),
            min_std=0.1,
        ),
        (
            lambda: NormalHMM([1], [[1]], ["a"], [1]),
            TypeError,
            r"means: expected numbers",
        ),
    ],
    {"min_std": 1e-3},
    lambda posterior: posterior.smoothed,
    along_a_chain,
    expected_along_a_chain,
    long_run,
    ("initial",),  # a series has only one first time
    None,  # an observation belongs to its place in the series
)
PRIOR = normal_hmm.NormalHMMPrior(1, 2, 1, 0.5, 1.5, 2)
