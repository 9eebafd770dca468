"""A mixture of Bernoullis: which kind is each row of noes and yeses?"""

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

RANGES = {"probabilities": "probability", "weights": "shares"}


@frozen(eq=False)
class Bernoullis:
    """Probabilities of a 1 in each column, (k, d), and mixing weights, (k,).

    The weights are equal unless given.
    """

    probabilities: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=fractions, validator=numbers
    )


@frozen(eq=False)
class Sums(Adds):
    """Ones and zeros in each column, each (k, d), and rows, (k,).

    Both are counted: where no zero is, the probability of a one is exactly 1,
    whatever the last digits of a sum.
    """

    ones: Array = field()
    zeros: Array = field()
    sizes: Array = field()


def log_joint(x: Array, bernoullis: Bernoullis) -> Array:
    """Return log(π_k Π_j μ_kj^x_ij (1 − μ_kj)^(1 − x_ij)), shape (n, k).

    As Σ_j log(1 − μ_kj) + Σ_j x_ij log(μ_kj / (1 − μ_kj)): one product.
    """
    log_1 = log(bernoullis.probabilities)
    log_0 = log(1 - bernoullis.probabilities)
    all_0 = log_0.sum(axis=1) + np.log(bernoullis.weights)
    log_densities: Array = x @ (log_1 - log_0).T + all_0
    return log_densities


def log(probabilities: Array) -> Array:
    """Return logarithms, -800 for that of 0, so that 0 log 0 is 0.

    (No float above 0 has a logarithm so low, and e^-800 is 0.)
    """
    logs: Array = np.maximum(np.log(probabilities), -800)
    return logs


@blockwise
def e_step(x: Array, bernoullis: Bernoullis) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(x, bernoullis))


def credited(x: Array, responsibilities: Array) -> Sums:
    """Return the ones and zeros in each column, and the rows, of each."""
    r = responsibilities.T
    return Sums(r @ x, r @ (1 - x), r.sum(axis=1))


def answer(sums: Sums) -> Bernoullis:
    """Return weighted shares of ones, and weights (Bishop 2006, sec. 9.3.3)."""
    probabilities = sums.ones / (sums.ones + sums.zeros)
    return Bernoullis(probabilities, sums.sizes / sums.sizes.sum())


def m_step(x: Array, responsibilities: Array) -> Bernoullis:
    """Return the best answer to what each component is given."""
    return answer(credited(x, responsibilities))


@frozen(eq=False)
class BernoullisPrior:
    """Imaginary ones and zeros in each column, and rows of each component.

    Of ones and zeros, one number, (d,), or (k, d).
    """

    ones: Array = field(default=ZERO, converter=floats, validator=numbers)
    zeros: Array = field(default=ZERO, converter=floats, validator=numbers)
    rows: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def beta(
        cls, a: ArrayLike = 1, b: ArrayLike = 1, alpha: ArrayLike = 1
    ) -> Self:
        """Return μ_kj ~ Beta(a, b) and π ~ Dirichlet(α), all 1 or more."""
        return cls(less_one(a, "a"), less_one(b, "b"), less_one(alpha, "alpha"))

    def answer(self, sums: Sums) -> Bernoullis:
        """Return shares and weights from what was seen and is imagined."""
        return answer(sums + Sums(self.ones, self.zeros, self.rows))

    def log_density(self, bernoullis: Bernoullis) -> float:
        """Return log p(μ, π), up to a constant."""
        return (
            log_power(bernoullis.probabilities, self.ones)
            + log_power(1 - bernoullis.probabilities, self.zeros)
            + log_power(bernoullis.weights, self.rows)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        bernoullis = validation.kind(start, Bernoullis, "start")
        shape = bernoullis.probabilities.shape
        imagined.check(self, len(bernoullis.weights), ones=shape, zeros=shape)


# What the two steps need not care about: what goes in, and what went wrong.


def check(x: object, bernoullis: object) -> tuple[Array, Bernoullis]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    bernoullis = validation.kind(bernoullis, Bernoullis, "start")
    found = validation.array(x, "x", 2)
    validation.require((found == 0) | (found == 1), found, "x", "0 or 1")
    p = validation.array(bernoullis.probabilities, "probabilities", 2)
    in_range = (p >= 0) & (p <= 1)
    validation.require(in_range, p, "probabilities", "a probability in [0, 1]")
    validation.probabilities(bernoullis.weights, "weights")
    validation.same_length(probabilities=p, weights=bernoullis.weights)
    if found.shape[1] != p.shape[1]:
        raise ValueError(
            f"x has {found.shape[1]} columns and the probabilities have "
            f"{p.shape[1]}: expected as many of each"
        )
    refuse_impossible(found, bernoullis)
    return found, bernoullis


def refuse_impossible(x: Array, bernoullis: Bernoullis) -> None:
    """Raise ValueError for a row that no component can have made."""
    never = (bernoullis.probabilities == 0).astype(float)
    always = (bernoullis.probabilities == 1).astype(float)
    if not (never.any() or always.any()):
        return
    against = x @ (never - always).T + always.sum(axis=1)
    possible = (against == 0) & (bernoullis.weights > 0)
    if not possible.any(axis=1).all():
        row = int(np.argmin(possible.any(axis=1)))
        raise ValueError(
            f"observation {row} is impossible under every component"
        )


def collapsed(_: object, bernoullis: Bernoullis) -> Iterator[tuple[Array, str]]:
    """Yield which components have nothing left, shape (k,), and what to do."""
    yield empty(bernoullis.weights), NO_DATA


def sample(bernoullis: Bernoullis, n: int, rng: Seed) -> tuple[Array, Array]:
    """Draw `n` rows, (n, d), and which component made each, (n,)."""
    rng = np.random.default_rng(rng)
    p = bernoullis.probabilities
    made_by = rng.choice(len(p), size=n, p=bernoullis.weights)
    return (rng.random((n, p.shape[1])) < p[made_by]).astype(float), made_by
