"""A prior of a hidden Markov model: times that were never lived."""

from typing import Self

from attrs import field, frozen
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array, as_floats, floats, numbers
from em.hmm.forward_backward import ChainPosterior
from em.model import named
from em.models.poisson_hmm import PoissonHMM
from em.priors.imagined import ZERO, check, less_one, log_power


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

    def m_step(self, counts: Array, posterior: ChainPosterior) -> PoissonHMM:
        """Return shares and rates from what was seen and what is imagined."""
        smoothed = posterior.smoothed
        first = smoothed[0] + self.first
        moves = posterior.expected_transitions + self.moves
        total = counts @ smoothed + self.total
        return PoissonHMM(
            initial=first / first.sum(),
            transitions=moves / moves.sum(axis=1, keepdims=True),
            rates=total / (smoothed.sum(axis=0) + self.times),
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

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        hmm = _validation.kind(start, PoissonHMM, "start")
        check(self, len(hmm.rates))
