"""A mixture of Poissons: which kind of year did each count come from?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.mixture import NO_DATA, empty, posterior
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, as_floats, floats, fractions, numbers
from em.numbers.blocks import blockwise
from em.numbers.defaults import equal_weights
from em.numbers.densities import log_poisson

# What each of the parameters can be: see em.numbers.ranges.
RANGES = {"rates": "positive", "weights": "shares"}


@frozen(eq=False)
class Poissons:
    """Rates λ (mean counts) and mixing weights π, both of shape (k,).

    The weights are equal unless given.
    """

    rates: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=fractions, validator=numbers
    )


@frozen(eq=False)
class Sums(Adds):
    """What was counted in how many times; and counts credited, each (k,).

    (The last two differ where a prior imagines some.)
    """

    total: Array = field()
    times: Array = field()
    sizes: Array = field()


def log_joint(counts: Array, poissons: Poissons) -> Array:
    """Return log(π_k e^−λ_k λ_k^x_i / x_i!), shape (n, k)."""
    return log_poisson(counts, poissons.rates) + np.log(poissons.weights)


@blockwise
def e_step(counts: Array, poissons: Poissons) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(counts, poissons))


def credited(counts: Array, responsibilities: Array) -> Sums:
    """Return what was counted, in how many counts, for each component."""
    sizes = responsibilities.sum(axis=0)
    return Sums(counts @ responsibilities, sizes, sizes)


def answer(sums: Sums) -> Poissons:
    """Return mean counts, and weights.

    (Hasselblad 1969, with the deaths in The Times as one example.)
    """
    return Poissons(sums.total / sums.times, sums.sizes / sums.sizes.sum())


def m_step(counts: Array, responsibilities: Array) -> Poissons:
    """Return the best answer to what each component is given."""
    return answer(credited(counts, responsibilities))


@frozen(eq=False)
class PoissonsPrior:
    """Imaginary counts: their sum `total`, in so many `times`.

    And how many of them (`counts`) say how common a component is.
    """

    total: Array = field(default=ZERO, converter=floats, validator=numbers)
    times: Array = field(default=ZERO, converter=floats, validator=numbers)
    counts: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def gamma(
        cls, shape: ArrayLike = 1, rate: ArrayLike = 0, alpha: ArrayLike = 1
    ) -> Self:
        """Return λ_k ~ Gamma(shape, rate) and π ~ Dirichlet(α)."""
        return cls(
            less_one(shape, "shape"),
            as_floats(rate, "rate"),
            less_one(alpha, "alpha"),
        )

    def answer(self, sums: Sums) -> Poissons:
        """Return rates and weights from what was seen and what is imagined."""
        return answer(sums + Sums(self.total, self.times, self.counts))

    def log_density(self, poissons: Poissons) -> float:
        """Return log p(λ, π), up to a constant."""
        return (
            log_power(poissons.rates, self.total)
            - float((self.times * poissons.rates).sum())
            + log_power(poissons.weights, self.counts)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        poissons = validation.kind(start, Poissons, "start")
        imagined.check(self, len(poissons.rates))


# What the two steps need not care about: what goes in, and what went wrong.


def check(counts: object, poissons: object) -> tuple[Array, Poissons]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    poissons = validation.kind(poissons, Poissons, "start")
    validation.rates(poissons.rates)
    validation.probabilities(poissons.weights, "weights")
    validation.same_length(rates=poissons.rates, weights=poissons.weights)
    return validation.counts(counts), poissons


def collapsed(_: object, poissons: Poissons) -> Iterator[tuple[Array, str]]:
    """Yield which components have nothing left, shape (k,), and what to do."""
    yield empty(poissons.weights), NO_DATA


def sample(poissons: Poissons, n: int, rng: Seed) -> tuple[Array, Array]:
    """Draw `n` counts, and which component made each; both of shape (n,)."""
    rng = np.random.default_rng(rng)
    made_by = rng.choice(len(poissons.rates), size=n, p=poissons.weights)
    return rng.poisson(poissons.rates[made_by]).astype(float), made_by
