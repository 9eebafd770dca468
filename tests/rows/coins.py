"""The coins, as the tests over all models need them."""

import numpy as np
from scipy.stats import binom

import em
from em.models import coins
from em.models.coins import Coins, Flips
from rows.kinds import Mixture, refused


def flips_log_density(flips: Flips, i: int, coins: Coins, k: int) -> float:
    heads, flipped = flips.heads[i], flips.heads[i] + flips.tails[i]
    counts = binom.logpmf(heads, flipped, coins.theta[k])
    orders = binom.logpmf(heads, flipped, 0.5) + flipped * np.log(2)
    return counts - orders  # without the binomial coefficient


ROUNDS = Flips([5, 9, 8], [5, 1, 2])


def refused_data(heads, tails, words):
    return refused(coins, Flips(heads, tails), Coins([0.5]), ValueError, words)


def refused_start(start, words):
    return refused(coins, ROUNDS, start, ValueError, words)


ROW = Mixture(
    coins,
    Coins([0.2, 0.7, 0.45], [0.2, 0.5, 0.3]),
    Coins([0.1, 0.9, 0.5]),
    lambda truth, n, rng: coins.sample(truth, n, rng.integers(30, 60, n), rng),
    flips_log_density,
    0.06,
    [
        refused_data([1, np.nan], [1, 1], r"heads\[1\] is nan"),
        refused_data([1, 1], [np.inf, 1], r"tails\[0\] is inf"),
        refused_data([1, 1], [1, -2], r"tails\[1\] is -2: expected a count"),
        refused_data([1, 1], [1], r"2 heads, 1 tails"),
        refused_data([], [], r"heads is empty"),
        refused_data([[1]], [1], r"heads: .*shape \(1, 1\)"),
        refused_data([1e200], [1], r"heads\[0\] is 1e\+200"),
        (lambda: Flips("ab", [1]), TypeError, r"heads: expected numbers"),
        refused_start(Coins([0.5, 1.1]), r"theta\[1\] is 1.1: .*in \[0, 1\]"),
        refused_start(Coins([1.0000001]), r"theta\[0\] is 1.0000001: expect"),
        refused_start(Coins([-0.1]), r"theta\[0\] is -0.1"),
        refused_start(Coins([np.nan]), r"theta\[0\] is nan"),
        refused_start(Coins([]), r"theta is empty"),
        refused_start(Coins(0.5), r"theta: expected one dimension"),
        refused_start(Coins([0.5], [0.9]), r"weights sum to 0.9: expected 1"),
        refused_start(Coins([0.5, 0.5], [1.5, -0.5]), r"weights\[1\] is -0.5"),
        refused_start(Coins([0.5, 0.4], [1]), r"2 theta, 1 weights"),
        refused_start(Coins([0, 1]), r"observation 0 is impossible"),
        refused(
            coins,
            ROUNDS,
            Coins([0, 0.5]),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it takes no data. Start",
        ),
        refused(
            coins,
            Flips([0, 0], [0, 0]),
            Coins([0.1, 0.5]),
            em.CollapsedError,
            r"component 0 collapsed at step 1: it takes no flips. Leave",
        ),
    ],
    {},
)
PRIOR = coins.CoinsPrior(2, 3, 1)
