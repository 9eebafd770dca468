"""A mixture of exponentials: which kind of wait was each?"""

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

RANGES = {"rates": "positive", "weights": "shares"}


@frozen(eq=False)
class Exponentials:
    """Rates λ, which are 1 / mean wait, and mixing weights π, both (k,).

    The weights are equal unless given.
    """

    rates: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=fractions, validator=numbers
    )


@frozen(eq=False)
class Sums(Adds):
    """Time waited, how often an end was seen, and waits credited, each (k,).

    (The last two differ where a prior imagines some.)
    """

    time: Array = field()
    ends: Array = field()
    sizes: Array = field()


def log_joint(waits: Array, exponentials: Exponentials) -> Array:
    """Return log(π_k λ_k e^−λ_k x_i), shape (n, k)."""
    rates = exponentials.rates[:, None]
    log_densities: Array = np.log(rates) - rates * waits
    return log_densities.T + np.log(exponentials.weights)


@blockwise
def e_step(waits: Array, exponentials: Exponentials) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(waits, exponentials))


def credited(waits: Array, responsibilities: Array) -> Sums:
    """Return the time, and the waits, that each component is given."""
    sizes = responsibilities.sum(axis=0)
    return Sums(waits @ responsibilities, sizes, sizes)


def answer(sums: Sums) -> Exponentials:
    """Return waits / time waited, and weights."""
    return Exponentials(sums.ends / sums.time, sums.sizes / sums.sizes.sum())


def m_step(waits: Array, responsibilities: Array) -> Exponentials:
    """Return the best answer to what each component is given."""
    return answer(credited(waits, responsibilities))


@frozen(eq=False)
class ExponentialsPrior:
    """Imaginary waits: so many `ends` seen, after so much `time`.

    And how many (`waits`) say how common a component is.
    """

    time: Array = field(default=ZERO, converter=floats, validator=numbers)
    ends: Array = field(default=ZERO, converter=floats, validator=numbers)
    waits: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def gamma(
        cls, shape: ArrayLike = 1, rate: ArrayLike = 0, alpha: ArrayLike = 1
    ) -> Self:
        """Return λ_k ~ Gamma(shape, rate) and π ~ Dirichlet(α)."""
        return cls(
            as_floats(rate, "rate"),
            less_one(shape, "shape"),
            less_one(alpha, "alpha"),
        )

    def answer(self, sums: Sums) -> Exponentials:
        """Return rates and weights from what was seen and what is imagined."""
        return answer(sums + Sums(self.time, self.ends, self.waits))

    def log_density(self, exponentials: Exponentials) -> float:
        """Return log p(λ, π), up to a constant."""
        return (
            log_power(exponentials.rates, self.ends)
            - float((self.time * exponentials.rates).sum())
            + log_power(exponentials.weights, self.waits)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        exponentials = validation.kind(start, Exponentials, "start")
        imagined.check(self, len(exponentials.rates))


# What the two steps need not care about: what goes in, and what went wrong.


def check(waits: object, exponentials: object) -> tuple[Array, Exponentials]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    exponentials = validation.kind(exponentials, Exponentials, "start")
    rates = validation.array(exponentials.rates, "rates")
    good = (rates > 1e-100) & (rates < 1e100)
    validation.require(good, rates, "rates", "a rate above 0")
    validation.probabilities(exponentials.weights, "weights")
    validation.same_length(rates=rates, weights=exponentials.weights)
    found = validation.array(waits, "waits")
    good = (found >= 0) & (found < 1e100)
    validation.require(good, found, "waits", "a time, not below 0")
    return found, exponentials


def collapsed(
    _: object, exponentials: Exponentials
) -> Iterator[tuple[Array, str]]:
    """Yield which components have nothing left, shape (k,), and what to do."""
    yield empty(exponentials.weights), NO_DATA
    yield (
        np.isinf(exponentials.rates),
        "it has waits of 0 alone. Leave these out",
    )


def sample(
    exponentials: Exponentials, n: int, rng: Seed
) -> tuple[Array, Array]:
    """Draw `n` waits, and which component made each; both of shape (n,)."""
    rng = np.random.default_rng(rng)
    rates, weights = exponentials.rates, exponentials.weights
    made_by = rng.choice(len(rates), size=n, p=weights)
    return rng.exponential(1 / rates[made_by]), made_by
