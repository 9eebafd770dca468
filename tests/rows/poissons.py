"""The mixture of Poissons, as the tests over all models need them."""

import numpy as np
from scipy.stats import poisson

import em
from em.models import poissons
from em.models.poissons import Poissons
from rows.kinds import Mixture

ROW = Mixture(
    poissons,
    Poissons([3, 12, 30], [0.3, 0.5, 0.2]),
    Poissons([1, 10, 40]),
    poissons.sample,
    lambda x, i, truth, k: poisson.logpmf(x[i], truth.rates[k]),
    0.6,
    [
        (lambda: Poissons([1, -2]), ValueError, r"rates\[1\] is -2"),
        (lambda: Poissons([np.nan]), ValueError, r"rates\[0\] is nan"),
        (lambda: Poissons([1, 2], [1]), ValueError, r"2 rates, 1 weights"),
        (lambda: Poissons([1], [2]), ValueError, r"weights sum to 2"),
        (
            lambda: em.fit(poissons, [1, -1], Poissons([1])),
            ValueError,
            r"counts\[1\] is -1: expected a whole number, not below 0",
        ),
        (
            lambda: em.fit(poissons, [1, 2, 2.5], Poissons([1])),
            ValueError,
            r"counts\[2\] is 2.5: expected a whole number",
        ),
        (
            lambda: em.fit(poissons, [np.nan, 1], Poissons([1])),
            ValueError,
            r"counts\[0\] is nan",
        ),
        (
            lambda: em.fit(poissons, [], Poissons([1])),
            ValueError,
            r"counts is empty",
        ),
        (
            lambda: em.fit(poissons, [1, 2], [1, 2]),
            TypeError,
            r"the start is a builtins.list: expected em.models.poissons.Poissons",
        ),
        (
            lambda: em.fit(poissons, [0, 3], Poissons([0, 0])),
            ValueError,
            r"count 1 is impossible under every component",
        ),
        (
            lambda: em.fit(poissons, [1, 3], Poissons([0, 2])),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it takes no data. Start",
        ),
    ],
    {},
)
