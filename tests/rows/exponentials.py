"""The mixture of exponentials, as the tests over all models need them."""

import numpy as np
from scipy.stats import expon

import em
from em.models import exponentials
from em.models.exponentials import Exponentials, ExponentialsPrior
from rows.kinds import Mixture, refused


def refused_data(waits, words, error=ValueError):
    return refused(exponentials, waits, Exponentials([1]), error, words)


def refused_start(start, words, error=ValueError, waits=(1, 3)):
    return refused(exponentials, waits, start, error, words)


ROW = Mixture(
    exponentials,
    Exponentials([0.01, 0.06, 0.4], [0.3, 0.4, 0.3]),
    Exponentials([0.005, 0.1, 0.3]),
    exponentials.sample,
    lambda x, i, truth, k: expon.logpdf(x[i], scale=1 / truth.rates[k]),
    0.15,
    [
        refused_start(
            Exponentials([1, 0]), r"rates\[1\] is 0: expected a rate"
        ),
        refused_start(Exponentials([np.nan]), r"rates\[0\] is nan"),
        refused_start(Exponentials([]), r"rates is empty"),
        refused_start(Exponentials([1, 2], [1]), r"2 rates, 1 weights"),
        refused_start(Exponentials([1], [2]), r"weights sum to 2"),
        (lambda: Exponentials(["a"]), TypeError, r"rates: expected numbers"),
        (lambda: Exponentials([1], None), TypeError, r"weights: expected num"),
        refused_data(
            [1, -1], r"waits\[1\] is -1: expected a time, not below 0"
        ),
        refused_data([np.nan, 1], r"waits\[0\] is nan"),
        refused_data([1e200], r"waits\[0\] is 1e\+200"),
        refused_data([], r"waits is empty"),
        refused_data("12", r"waits: expected numbers", TypeError),
        refused_start([1, 2], r"the start is a list \[1, 2\]", TypeError),
        refused_start(
            Exponentials([1, 1e9]),
            r"component 1 collapsed at step 1: it takes no data. Start",
            em.CollapsedError,
        ),
        refused_start(
            Exponentials([1]),
            r"component 0 collapsed at step 1: it has waits of 0 alone",
            em.CollapsedError,
            waits=[0, 0],
        ),
    ],
    {},
)
PRIOR = ExponentialsPrior(3, 2, 1)
