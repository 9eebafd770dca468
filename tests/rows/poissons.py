"""The mixture of Poissons, as the tests over all models need them."""

import numpy as np
from scipy.stats import poisson

import em
from em.models import poissons
from em.models.poissons import Poissons
from rows.kinds import Mixture, refused


def refused_data(counts, words, error=ValueError):
    return refused(poissons, counts, Poissons([1]), error, words)


def refused_start(start, words, error=ValueError, counts=(1, 3)):
    return refused(poissons, counts, start, error, words)


ROW = Mixture(
    poissons,
    Poissons([3, 12, 30], [0.3, 0.5, 0.2]),
    Poissons([1, 10, 40]),
    poissons.sample,
    lambda x, i, truth, k: poisson.logpmf(x[i], truth.rates[k]),
    0.6,
    [
        refused_start(Poissons([1, -2]), r"rates\[1\] is -2"),
        refused_start(Poissons([np.nan]), r"rates\[0\] is nan"),
        refused_start(Poissons([1e200]), r"rates\[0\] is 1e\+200"),
        refused_start(Poissons([]), r"rates is empty"),
        refused_start(Poissons([1, 2], [1]), r"2 rates, 1 weights"),
        refused_start(Poissons([1], [2]), r"weights sum to 2"),
        refused_start(Poissons([1, 1], [1.5, -0.5]), r"weights\[1\] is -0.5"),
        (lambda: Poissons(["a"]), TypeError, r"rates: expected numbers"),
        (lambda: Poissons([1], None), TypeError, r"weights: expected numbers"),
        refused_data(
            [1, -1], r"counts\[1\] is -1: expected a whole number, not below 0"
        ),
        refused_data([1, 2, 2.5], r"counts\[2\] is 2.5: expected a whole numb"),
        refused_data([np.nan, 1], r"counts\[0\] is nan"),
        refused_data([1e200], r"counts\[0\] is 1e\+200"),
        refused_data([], r"counts is empty"),
        refused_data("12", r"counts: expected numbers", TypeError),
        refused_start(
            [1, 2],
            r"the start is a list \[1, 2\]: expected em.models.poissons.Poissons",
            TypeError,
        ),
        refused_start(
            Poissons([0, 0]),
            r"observation 1 is impossible under every component",
            counts=[0, 3],
        ),
        refused_start(
            Poissons([0, 2]),
            r"component 0 collapsed at step 1: it takes no data. Start",
            em.CollapsedError,
        ),
    ],
    {},
)
PRIOR = poissons.PoissonsPrior(4, 1, 2)
