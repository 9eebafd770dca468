"""The mixture of Bernoullis, as the tests over all models need it."""

import numpy as np
from scipy.stats import bernoulli

import em
from em.models import bernoullis
from em.models.bernoullis import Bernoullis
from rows.kinds import Mixture, refused

X = [[0, 1], [1, 1], [0, 0]]


def refused_data(x, words, error=ValueError):
    return refused(bernoullis, x, Bernoullis([[0.5, 0.5]]), error, words)


def refused_start(start, words, error=ValueError):
    return refused(bernoullis, X, start, error, words)


ROW = Mixture(
    bernoullis,
    Bernoullis(
        [
            [0.9, 0.8, 0.9, 0.1, 0.2, 0.1, 0.1, 0.2],
            [0.1, 0.2, 0.1, 0.9, 0.8, 0.9, 0.2, 0.1],
            [0.8, 0.2, 0.1, 0.2, 0.1, 0.8, 0.9, 0.9],
        ],
        [0.3, 0.5, 0.2],
    ),
    Bernoullis(
        [
            [0.6, 0.6, 0.6, 0.4, 0.4, 0.4, 0.4, 0.4],
            [0.4, 0.4, 0.4, 0.6, 0.6, 0.6, 0.4, 0.4],
            [0.5, 0.4, 0.4, 0.4, 0.4, 0.5, 0.6, 0.6],
        ]
    ),
    bernoullis.sample,
    lambda x, i, truth, k: (
        bernoulli.logpmf(x[i], truth.probabilities[k]).sum()
        if (abs(truth.probabilities - 0.5) <= 0.5).all()
        else -np.inf
    ),
    0.07,
    [
        refused_data([[0, np.nan]], r"x\[0, 1\] is nan"),
        refused_data([[0, 1], [2, 0]], r"x\[1, 0\] is 2: expected 0 or 1"),
        refused_data([[0, 0.5]], r"x\[0, 1\] is 0.5: expected 0 or 1"),
        refused_data([0, 1], r"x: expected two dimensions, got shape \(2,\)"),
        refused_data([[]], r"x is empty"),
        refused_data([["a", "b"]], r"x: expected numbers", TypeError),
        refused_data([[0, 1], [1]], r"x: expected numbers", TypeError),
        refused_data([[0, 1, 1]], r"x has 3 columns and the prob.* have 2"),
        refused_start(Bernoullis([0.5, 0.5]), r"ilities: expected two dim"),
        refused_start(
            Bernoullis([[0.5, 1.5]]), r"\[0, 1\] is 1.5: expected a prob"
        ),
        refused_start(Bernoullis([[0.5, -0.1]]), r"\[0, 1\] is -0.1"),
        refused_start(Bernoullis([[np.nan, 0.1]]), r"\[0, 0\] is nan"),
        refused_start(
            Bernoullis([[0.5, 0.5]], [0.5, 0.5]), r"1 probab.*, 2 weights"
        ),
        refused_start(Bernoullis([[0.5, 0.5]], [0.9]), r"weights sum to 0.9"),
        (lambda: Bernoullis("ab"), TypeError, r"probabilities: expected num"),
        refused_start(
            [[0.5, 0.5]],
            r"expected em.models.bernoullis.Bernoullis\(probabilities, weig",
            TypeError,
        ),
        refused_start(
            Bernoullis([[0, 0.5], [0.5, 0]]), r"observation 1 is impossible"
        ),
        refused_start(
            Bernoullis([[1, 0.5], [0.5, 1]]), r"observation 2 is impossible"
        ),
        refused_start(
            Bernoullis([[0, 0.5], [0.5, 0.5]], [1, 0]),
            r"observation 1 is impossible",
        ),
        refused(
            bernoullis,
            [[0, 1], [0, 1]],
            Bernoullis([[1, 0.5], [0.5, 0.5]]),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it takes no data. Start",
        ),
    ],
    {},
)
PRIOR = bernoullis.BernoullisPrior(1, 2, 1)
