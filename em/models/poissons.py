"""A mixture of Poissons: which kind of year did each count come from?"""

from collections.abc import Iterator

import numpy as np
from attrs import field, frozen

from em import _validation
from em._arrays import Array, floats, numbers
from em._blocks import blockwise
from em._defaults import equal_weights
from em.densities import log_poisson
from em.mixture import NO_DATA, empty, posterior

# What each of the parameters can be: see em.ranges.
RANGES = {"rates": "positive", "weights": "shares"}


@frozen(eq=False)
class Poissons:
    """Rates λ (mean counts) and mixing weights π, both of shape (k,).

    The weights are equal unless given.
    """

    rates: Array = field(converter=floats, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=floats, validator=numbers
    )


def log_joint(counts: Array, poissons: Poissons) -> Array:
    """Return log(π_k e^−λ_k λ_k^x_i / x_i!), shape (n, k)."""
    return log_poisson(counts, poissons.rates) + np.log(poissons.weights)


@blockwise
def e_step(counts: Array, poissons: Poissons) -> tuple[Array, float]:
    """Return the responsibilities, (n, k), and the log-likelihood."""
    return posterior(log_joint(counts, poissons))


def m_step(counts: Array, responsibilities: Array) -> Poissons:
    """Return means of the counts, weighted by responsibility, and weights.

    (Hasselblad 1969, with the deaths in The Times as one example.)
    """
    sizes = responsibilities.sum(axis=0)
    return Poissons(counts @ responsibilities / sizes, sizes / sizes.sum())


# What the two steps need not care about: what goes in, and what went wrong.


def check(counts: object, poissons: object) -> tuple[Array, Poissons]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    poissons = _validation.kind(poissons, Poissons, "start")
    _validation.rates(poissons.rates)
    _validation.probabilities(poissons.weights, "weights")
    _validation.same_length(rates=poissons.rates, weights=poissons.weights)
    return _validation.counts(counts), poissons


def collapsed(_: Array, poissons: Poissons) -> Iterator[tuple[Array, str]]:
    """Yield which components have nothing left, shape (k,), and what to do."""
    yield empty(poissons.weights), NO_DATA


def sample(
    poissons: Poissons, n: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw `n` counts, and which component made each; both of shape (n,)."""
    made_by = rng.choice(len(poissons.rates), size=n, p=poissons.weights)
    return rng.poisson(poissons.rates[made_by]).astype(float), made_by
