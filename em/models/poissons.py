"""A mixture of Poissons: which kind of year did each count come from?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import xlogy

from em import _validation, mixture
from em.densities import log_poisson


class _Poissons(NamedTuple):
    rates: np.ndarray
    weights: np.ndarray


class Poissons(_Poissons):
    """The components: rates λ, mixing weights π, each (k,).

    `rates` are mean counts, not below 0. `weights` are equal unless given.
    Raises ValueError for a value out of range or lengths that differ.
    """

    __slots__ = ()

    def __new__(cls, rates: Any, weights: Any = None) -> "Poissons":
        rates = _validation.rates(rates)
        weights = _validation.mixing_weights(weights, len(rates))
        _validation.same_length(rates=rates, weights=weights)
        return super().__new__(cls, rates, weights)


def check(counts: Any, poissons: Any) -> tuple[np.ndarray, Poissons]:
    """Refuse what is not counts and Poissons.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(poissons, Poissons, "start")
    return _validation.counts(counts), Poissons(*poissons)


def log_joint(counts: np.ndarray, poissons: Poissons) -> np.ndarray:
    """Give log(π_k e^−λ_k λ_k^x_i / x_i!), shape (n, k)."""
    log_chances = log_poisson(counts, poissons.rates)
    log_chances += xlogy(1, poissons.weights)
    return log_chances


def e_step(counts: np.ndarray, poissons: Poissons) -> tuple[np.ndarray, float]:
    """Share each count out among the components.

    Gives the responsibilities, (n, k), and the log-likelihood of `poissons`.
    Raises ValueError for a count that is impossible under every component.
    """
    return mixture.share_out(log_joint(counts, poissons), "count")


def m_step(counts: np.ndarray, responsibilities: np.ndarray) -> Poissons:
    """Estimate each rate as a mean of the counts, weighted by its share.

    (Hasselblad 1969, with the deaths in The Times as one example.) Raises
    CollapsedError for a component that takes no data.
    """
    sizes = mixture.sizes(responsibilities)
    return Poissons(counts @ responsibilities / sizes, sizes / len(counts))


def sample(
    poissons: Poissons, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw `n` counts, and which component made each; both of shape (n,)."""
    made_by = rng.choice(len(poissons.rates), size=n, p=poissons.weights)
    return rng.poisson(poissons.rates[made_by]).astype(float), made_by
