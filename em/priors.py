"""Priors as imaginary data: what an M-step counts beside what was seen.

With `em.fit(…, prior=…)`, EM climbs to the maximum of the posterior density of
the parameters (MAP). The density of each prior is the likelihood of its
imaginary data, times a constant. Nothing imagined is a flat prior.

Each field is one number for all components, or an array with one for each.
"""

from typing import Protocol, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array, as_floats, floats, numbers
from em.model import named

ZERO, ONE = np.zeros(()), np.ones(())


class Prior(Protocol):
    """What `em.fit` asks of a `prior`, a reader's own among them."""

    def log_density(self, params: object, /) -> float:
        """Return log p(θ), up to a constant."""


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

    def log_density(self, params: object) -> float:
        """Return log p(θ, π), up to a constant."""
        coins = named(params)
        return (
            log_power(coins["theta"], self.heads)
            + log_power(1 - coins["theta"], self.tails)
            + log_power(coins["weights"], self.sequences)
        )


@frozen(eq=False)
class NormalsPrior:
    """Imaginary points of each bell: what they say of mean, width and weight.

    `mean_count` of them say that its mean is `mean`, `std_count` that its
    standard deviation is `std`, `points` how common it is.
    """

    mean: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    std: Array = field(default=ONE, converter=floats, validator=numbers)
    std_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    points: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def normal_inverse_gamma(
        cls,
        mean: ArrayLike,
        kappa: ArrayLike,
        shape: ArrayLike,
        scale: ArrayLike,
        alpha: ArrayLike = 1,
    ) -> Self:
        """Return μ, σ² ~ normal-inverse-gamma, and π ~ Dirichlet(α).

        σ² ~ InvGamma(shape, scale), and μ given σ² ~ N(mean, σ²/κ). The
        density is that of (μ, σ²): of (μ, σ) it would have another peak.
        """
        counted = 2 * as_floats(shape, "shape") + 3
        std = np.sqrt(2 * as_floats(scale, "scale") / counted)
        return cls(
            as_floats(mean, "mean"),
            as_floats(kappa, "kappa"),
            std,
            counted,
            less_one(alpha, "alpha"),
        )

    def squares(self, means: Array) -> Array:
        """Return the imaginary points' Σ (x − μ_k)², shape (k,)."""
        off: Array = self.mean_count * (means - self.mean) ** 2
        wide: Array = self.std_count * self.std**2
        return np.asarray(off + wide)

    def log_density(self, params: object) -> float:
        """Return log p(μ, σ², π), up to a constant."""
        bells = named(params)
        away = self.squares(bells["means"]) / bells["stds"] ** 2
        return (
            log_power(bells["stds"], -self.std_count)
            - float(away.sum()) / 2
            + log_power(bells["weights"], self.points)
        )


@frozen(eq=False)
class PoissonHMMPrior:
    """Imaginary first states, moves, and times spent in a state.

    `moves` is one number, or (k, k); in `times` of them, `total` was counted.
    """

    first: Array = field(default=ZERO, converter=floats, validator=numbers)
    moves: Array = field(default=ZERO, converter=floats, validator=numbers)
    total: Array = field(default=ZERO, converter=floats, validator=numbers)
    times: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def dirichlet(
        cls,
        moves: ArrayLike = 1,
        first: ArrayLike = 1,
        shape: ArrayLike = 1,
        rate: ArrayLike = 0,
    ) -> Self:
        """Return Dirichlet rows of Γ and δ, and λ_k ~ Gamma(shape, rate)."""
        return cls(
            less_one(first, "first"),
            less_one(moves, "moves"),
            less_one(shape, "shape"),
            as_floats(rate, "rate"),
        )

    def log_density(self, params: object) -> float:
        """Return log p(δ, Γ, λ), up to a constant."""
        hmm = named(params)
        return (
            log_power(hmm["initial"], self.first)
            + log_power(hmm["transitions"], self.moves)
            + log_power(hmm["rates"], self.total)
            - float((self.times * hmm["rates"]).sum())
        )


def less_one(parameter: ArrayLike, name: str) -> Array:
    """Return α − 1, what a Beta, Dirichlet or Gamma counts beside the data."""
    return as_floats(parameter, name) - 1


def log_power(values: Array, powers: Array) -> float:
    """Return Σ log v^c, where 0^0 is 1."""
    c = np.broadcast_to(powers, values.shape)
    with np.errstate(divide="ignore"):  # log 0 is −∞
        return float(c[c != 0] @ np.log(values[c != 0]))


# What the formulas need not care about.


def check(prior: object, expected: type, k: int) -> None:
    """Raise TypeError or ValueError for what is no prior of k components."""
    _validation.kind(prior, expected, "prior")
    for name, values in named(prior).items():
        shape = (k, k) if name == "moves" else (k,)
        if values.shape not in ((), shape):
            raise ValueError(
                f"prior.{name} has shape {values.shape}: expected one number, "
                f"or shape {shape}"
            )
        if name == "mean":
            good, words = np.abs(values) < 1e100, "a number below 1e100"
        elif name == "std":
            good = (values > 1e-100) & (values < 1e100)
            words = "a standard deviation above 0"
        else:
            good = (values >= 0) & (values < 1e100)
            words = "an imaginary count, not below 0"
        _validation.require(good, values, f"prior.{name}", words)
