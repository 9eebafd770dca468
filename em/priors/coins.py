"""A prior of coins: flips that were never made."""

from typing import Self

from attrs import field, frozen
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array, floats, numbers
from em.model import named
from em.models.coins import Coins, Flips
from em.priors.imagined import ZERO, check, less_one, log_power


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

    def m_step(self, flips: Flips, responsibilities: Array) -> Coins:
        """Return θ and weights from what was seen and what is imagined."""
        heads = flips.heads @ responsibilities + self.heads
        tails = flips.tails @ responsibilities + self.tails
        sizes = responsibilities.sum(axis=0) + self.sequences
        return Coins(heads / (heads + tails), sizes / sizes.sum())

    def log_density(self, params: object) -> float:
        """Return log p(θ, π), up to a constant."""
        coins = named(params)
        return (
            log_power(coins["theta"], self.heads)
            + log_power(1 - coins["theta"], self.tails)
            + log_power(coins["weights"], self.sequences)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        coins = _validation.kind(start, Coins, "start")
        check(self, len(coins.theta))
