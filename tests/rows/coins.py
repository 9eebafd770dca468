"""The coins, as the tests over all models need them."""

import numpy as np
from scipy.stats import binom

import em
from em.models import coins
from em.models.coins import Coins, Flips
from rows.kinds import Mixture


def flips_chance(flips: Flips, i: int, coins: Coins, k: int) -> float:
    heads, flipped = flips.heads[i], flips.heads[i] + flips.tails[i]
    counts = binom.logpmf(heads, flipped, coins.theta[k])
    orders = binom.logpmf(heads, flipped, 0.5) + flipped * np.log(2)
    return counts - orders  # without the binomial coefficient


ROUNDS = Flips([5, 9, 8], [5, 1, 2])


ROW = Mixture(
    coins,
    Coins([0.2, 0.7, 0.45], [0.2, 0.5, 0.3]),
    Coins([0.1, 0.9, 0.5]),
    lambda truth, n, rng: coins.sample(truth, n, rng.integers(30, 60, n), rng),
    flips_chance,
    0.06,
    [
        (
            lambda: Flips([1, np.nan], [1, 1]),
            ValueError,
            r"heads\[1\] is nan",
        ),
        (
            lambda: Flips([1, 1], [np.inf, 1]),
            ValueError,
            r"tails\[0\] is inf",
        ),
        (lambda: Flips([1, 1], [1, -2]), ValueError, r"tails\[1\] is -2"),
        (lambda: Flips([1, 1], [1]), ValueError, r"2 heads, 1 tails"),
        (lambda: Flips([], []), ValueError, r"heads is empty"),
        (lambda: Flips([[1]], [1]), ValueError, r"heads: .*shape \(1, 1\)"),
        (lambda: Flips("ab", [1]), TypeError, r"heads: expected a list"),
        (lambda: Coins([0.5, 1.1]), ValueError, r"theta\[1\] is 1.1"),
        (lambda: Coins([-0.1]), ValueError, r"theta\[0\] is -0.1"),
        (lambda: Coins([np.nan]), ValueError, r"theta\[0\] is nan"),
        (lambda: Coins([0.5], [0.9]), ValueError, r"weights sum to 0.9"),
        (
            lambda: Coins([0.5, 0.5], [1.5, -0.5]),
            ValueError,
            r"weights\[1\] is -0.5",
        ),
        (
            lambda: Coins([0.5, 0.4], [1]),
            ValueError,
            r"2 theta, 1 weights",
        ),
        (
            lambda: em.fit(coins, ROUNDS, Coins([0, 1])),
            ValueError,
            r"sequence 0 is impossible",
        ),
        (
            lambda: em.fit(coins, ROUNDS, Coins([0, 0.5])),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it takes no data. Start",
        ),
        (
            lambda: em.fit(coins, Flips([0, 0], [0, 0]), Coins([0.1, 0.5])),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it takes no flips. Leave",
        ),
    ],
    {},
)
