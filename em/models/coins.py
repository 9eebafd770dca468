"""A mixture of binomials: which coin made each sequence of flips?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.mixture import NO_DATA, empty, posterior
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, floats, fractions, numbers
from em.numbers.blocks import blockwise
from em.numbers.defaults import equal_weights
from em.numbers.densities import xlog1py, xlogy

# What each of the parameters can be: see em.numbers.ranges.
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
        default=equal_weights, converter=fractions, validator=numbers
    )


@frozen(eq=False)
class Sums(Adds):
    """Heads, tails and sequences credited to each coin, each (k,)."""

    heads: Array = field()
    tails: Array = field()
    sizes: Array = field()


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


def credited(flips: Flips, responsibilities: Array) -> Sums:
    """Return the heads, tails and sequences that each coin is given."""
    heads = flips.heads @ responsibilities
    tails = flips.tails @ responsibilities
    return Sums(heads, tails, responsibilities.sum(axis=0))


def answer(sums: Sums) -> Coins:
    """Return θ = heads / flips (Do & Batzoglou 2008, fig. 1b), and weights."""
    theta = sums.heads / (sums.heads + sums.tails)
    return Coins(theta, sums.sizes / sums.sizes.sum())


def m_step(flips: Flips, responsibilities: Array) -> Coins:
    """Return the best answer to what each coin is given."""
    return answer(credited(flips, responsibilities))


@frozen(eq=False)
class CoinsPrior:
    """Imaginary flips of each coin, and sequences that it made."""

    heads: Array = field(default=ZERO, converter=floats, validator=numbers)
    tails: Array = field(default=ZERO, converter=floats, validator=numbers)
    sequences: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def beta(
        cls, a: ArrayLike = 1, b: ArrayLike = 1, alpha: ArrayLike = 1
    ) -> Self:
        """Return θ_k ~ Beta(a_k, b_k) and π ~ Dirichlet(α), all 1 or more."""
        return cls(less_one(a, "a"), less_one(b, "b"), less_one(alpha, "alpha"))

    def answer(self, sums: Sums) -> Coins:
        """Return θ and weights from what was seen and what is imagined."""
        return answer(sums + Sums(self.heads, self.tails, self.sequences))

    def log_density(self, coins: Coins) -> float:
        """Return log p(θ, π), up to a constant."""
        return (
            log_power(coins.theta, self.heads)
            + log_power(1 - coins.theta, self.tails)
            + log_power(coins.weights, self.sequences)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        coins = validation.kind(start, Coins, "start")
        imagined.check(self, len(coins.theta))


# What the two steps need not care about: what goes in, and what went wrong.


def check(flips: object, coins: object) -> tuple[Flips, Coins]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    flips = validation.kind(flips, Flips, "data")
    coins = validation.kind(coins, Coins, "start")
    for name, values in (("heads", flips.heads), ("tails", flips.tails)):
        n = validation.array(values, name)
        good = (n >= 0) & (n < 1e100)
        validation.require(good, n, name, "a count, not below 0")
    validation.same_length(heads=flips.heads, tails=flips.tails)
    theta = validation.array(coins.theta, "theta")
    in_range = (theta >= 0) & (theta <= 1)
    validation.require(in_range, theta, "theta", "a probability in [0, 1]")
    validation.probabilities(coins.weights, "weights")
    validation.same_length(theta=theta, weights=coins.weights)
    return flips, coins


def collapsed(_: object, coins: Coins) -> Iterator[tuple[Array, str]]:
    """Yield which coins have nothing left, shape (k,), and what to do."""
    yield empty(coins.weights), NO_DATA
    yield (
        np.isnan(coins.theta),
        "it takes no flips. Leave out empty sequences, or use fewer coins",
    )


def sample(
    coins: Coins, n: int, flips_each: int | Array, rng: Seed
) -> tuple[Flips, Array]:
    """Draw `n` sequences, and which coin made each, shape (n,).

    `flips_each` is the length of every sequence, or one length for each.
    """
    rng = np.random.default_rng(rng)
    made_by = rng.choice(len(coins.theta), size=n, p=coins.weights)
    heads = rng.binomial(flips_each, coins.theta[made_by])
    return Flips(heads, flips_each - heads), made_by
