"""Coins in pieces: heads and tails credited to each coin, and sequences."""

from attrs import field, frozen

from em._arrays import Array
from em.models.coins import Coins, Flips, e_step
from em.sums.adding import Adds


@frozen(eq=False)
class Sums(Adds):
    """Heads, tails and sequences credited to each coin, each (k,)."""

    heads: Array = field()
    tails: Array = field()
    sizes: Array = field()

    @property
    def n(self) -> float:
        """How many sequences they are of."""
        return float(self.sizes.sum())


def statistics(flips: Flips, coins: Coins) -> tuple[Sums, float]:
    """Return what the M-step needs of the flips, and the log-likelihood."""
    shares, log_likelihood = e_step(flips, coins)
    heads, tails = flips.heads @ shares, flips.tails @ shares
    return Sums(heads, tails, shares.sum(axis=0)), log_likelihood


def maximise(sums: Sums) -> Coins:
    """Return θ = heads / flips credited to a coin, and mixing weights."""
    theta = sums.heads / (sums.heads + sums.tails)
    return Coins(theta, sums.sizes / sums.sizes.sum())
