"""A mixture of binomials: which coin made each sequence of flips?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import xlog1py, xlogy

from em import _validation, mixture
from em.errors import refuse_collapse


class _Flips(NamedTuple):
    heads: np.ndarray
    tails: np.ndarray


class Flips(_Flips):
    """The data: the number of heads and tails of each sequence, each (n,).

    Raises ValueError for a count that is negative or not finite, for lengths
    that differ, and where there is no sequence.
    """

    __slots__ = ()

    def __new__(cls, heads: Any, tails: Any) -> "Flips":
        heads, tails = (
            _validation.vector(heads, "heads"),
            _validation.vector(tails, "tails"),
        )
        _validation.require(heads >= 0, heads, "heads", "a count, not below 0")
        _validation.require(tails >= 0, tails, "tails", "a count, not below 0")
        _validation.same_length(heads=heads, tails=tails)
        return super().__new__(cls, heads, tails)


class _Coins(NamedTuple):
    theta: np.ndarray
    weights: np.ndarray


class Coins(_Coins):
    """The coins: chance of heads θ in [0, 1], mixing weights π, each (k,).

    `weights` are equal unless given. Raises ValueError for a value out of
    range or lengths that differ.
    """

    __slots__ = ()

    def __new__(cls, theta: Any, weights: Any = None) -> "Coins":
        theta = _validation.vector(theta, "theta")
        in_range = (theta >= 0) & (theta <= 1)
        _validation.require(in_range, theta, "theta", "a chance in [0, 1]")
        weights = _validation.mixing_weights(weights, len(theta))
        _validation.same_length(theta=theta, weights=weights)
        return super().__new__(cls, theta, weights)


def check(flips: Any, coins: Any) -> tuple[Flips, Coins]:
    """Refuse what is not Flips and Coins.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(flips, Flips, "data")
    _validation.kind(coins, Coins, "start")
    return Flips(*flips), Coins(*coins)


def log_chance(flips: Flips, coins: Coins) -> np.ndarray:
    """Give log(θ_k^heads_i (1 − θ_k)^tails_i), shape (n, k).

    That is the chance of the sequence as it was flipped. The chance of its
    counts, in any order, has a binomial coefficient on top, which does not
    depend on θ.
    """
    log_heads = xlogy(flips.heads[:, None], coins.theta)
    return log_heads + xlog1py(flips.tails[:, None], -coins.theta)


def log_joint(flips: Flips, coins: Coins) -> np.ndarray:
    """Give log(π_k θ_k^heads_i (1 − θ_k)^tails_i), shape (n, k)."""
    return log_chance(flips, coins) + xlogy(1, coins.weights)


def e_step(flips: Flips, coins: Coins) -> tuple[np.ndarray, float]:
    """Share each sequence out among the coins.

    Gives the responsibilities, (n, k), and the log-likelihood of `coins`,
    binomial coefficients left out. Raises ValueError for a sequence that is
    impossible under every coin.
    """
    return mixture.share_out(log_joint(flips, coins), "sequence")


def m_step(flips: Flips, responsibilities: np.ndarray) -> Coins:
    """Estimate each coin from its share of every sequence.

    θ_k is its share of the heads, divided by its share of all flips (Do &
    Batzoglou 2008, figure 1b). Raises CollapsedError for a coin that takes
    no data, or no flips.
    """
    sizes = mixture.sizes(responsibilities)
    heads = flips.heads @ responsibilities
    tails = flips.tails @ responsibilities
    refuse_collapse(
        heads + tails == 0,
        "it takes no flips. Leave out empty sequences, or use fewer coins",
    )
    return Coins(heads / (heads + tails), sizes / len(flips.heads))


def sample(
    coins: Coins, n: int, flips_each: Any, rng: np.random.Generator
) -> tuple[Flips, np.ndarray]:
    """Draw `n` sequences, and which coin made each, shape (n,).

    `flips_each` is the length of every sequence, or one length for each.
    """
    made_by = rng.choice(len(coins.theta), size=n, p=coins.weights)
    heads = rng.binomial(flips_each, coins.theta[made_by])
    return Flips(heads, flips_each - heads), made_by
