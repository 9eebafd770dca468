"""A mixture of binomials: which coin made each sequence of flips?"""

from collections.abc import Iterator

import numpy as np
from attrs import field, frozen

from em import _validation
from em._arrays import Array, floats, numbers
from em._blocks import blockwise
from em._defaults import equal_weights
from em.densities import xlog1py, xlogy
from em.mixture import NO_DATA, empty, posterior

# What each of the parameters can be: see em.ranges.
RANGES = {"theta": "probability", "weights": "shares"}


@frozen(eq=False)
class Flips:
    """Heads and tails of each sequence, each of shape (n,)."""

    heads: Array = field(converter=floats, validator=numbers)
    tails: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Coins:
    """Probability of heads θ and mixing weights π, both (k,)."""

    theta: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=floats, validator=numbers
    )


def log_likelihoods(flips: Flips, coins: Coins) -> Array:
    """Return log(θ_k^heads_i (1 − θ_k)^tails_i), shape (n, k)."""
    theta = coins.theta[:, None]
    return (xlogy(flips.heads, theta) + xlog1py(flips.tails, -theta)).T


def log_joint(flips: Flips, coins: Coins) -> Array:
    """Return log(π_k θ_k^heads_i (1 − θ_k)^tails_i), shape (n, k)."""
    return log_likelihoods(flips, coins) + np.log(coins.weights)


@blockwise
def e_step(flips: Flips, coins: Coins) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(flips, coins))


def m_step(flips: Flips, responsibilities: Array) -> Coins:
    """Return θ = heads credited to a coin / flips credited to it, and weights.

    (Do & Batzoglou 2008, figure 1b)
    """
    heads = flips.heads @ responsibilities
    tails = flips.tails @ responsibilities
    sizes = responsibilities.sum(axis=0)
    return Coins(heads / (heads + tails), sizes / sizes.sum())


# What the two steps need not care about: what goes in, and what went wrong.


def check(flips: object, coins: object) -> tuple[Flips, Coins]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    flips = _validation.kind(flips, Flips, "data")
    coins = _validation.kind(coins, Coins, "start")
    for name in ("heads", "tails"):
        n = _validation.array(getattr(flips, name), name)
        good = (n >= 0) & (n < 1e100)
        _validation.require(good, n, name, "a count, not below 0")
    _validation.same_length(heads=flips.heads, tails=flips.tails)
    theta = _validation.array(coins.theta, "theta")
    in_range = (theta >= 0) & (theta <= 1)
    _validation.require(in_range, theta, "theta", "a probability in [0, 1]")
    _validation.probabilities(coins.weights, "weights")
    _validation.same_length(theta=theta, weights=coins.weights)
    return flips, coins


def collapsed(flips: Flips, coins: Coins) -> Iterator[tuple[Array, str]]:
    """Yield which coins have nothing left, shape (k,), and what to do."""
    yield empty(coins.weights), NO_DATA
    yield (
        np.isnan(coins.theta),
        "it takes no flips. Leave out empty sequences, or use fewer coins",
    )


def sample(
    coins: Coins, n: int, flips_each: int | Array, rng: np.random.Generator
) -> tuple[Flips, Array]:
    """Draw `n` sequences, and which coin made each, shape (n,).

    `flips_each` is the length of every sequence, or one length for each.
    """
    made_by = rng.choice(len(coins.theta), size=n, p=coins.weights)
    heads = rng.binomial(flips_each, coins.theta[made_by])
    return Flips(heads, flips_each - heads), made_by
