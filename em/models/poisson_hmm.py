"""A hidden Markov model of counts: in which state was each year?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.hmm import chain
from em.hmm.chain import shares
from em.hmm.forward_backward import ChainPosterior, forward_backward
from em.hmm.viterbi import viterbi as most_probable_path
from em.mixture import NO_DATA
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, as_floats, floats, fractions, numbers
from em.numbers.densities import log_poisson

# What each of the parameters can be: see em.numbers.ranges.
RANGES = {
    "initial": "shares",
    "transitions": "shares",
    "rates": "positive",
}


@frozen(eq=False)
class PoissonHMM:
    """Initial probabilities δ, (k,), transitions Γ, (k, k), rates λ, (k,).

    transitions[i, j] is the probability that state j follows state i; rates
    are mean counts.
    """

    initial: Array = field(converter=fractions, validator=numbers)
    transitions: Array = field(converter=fractions, validator=numbers)
    rates: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Sums(Adds):
    """First times (k,), moves (k, k), what was counted in how many times (k,).

    They add up over series, too.
    """

    first: Array = field()
    moves: Array = field()
    total: Array = field()
    times: Array = field()

    @property
    def n(self) -> float:
        """How many series they are of."""
        return float(self.first.sum())


def e_step(counts: Array, hmm: PoissonHMM) -> tuple[ChainPosterior, float]:
    """Return the posterior of the chain, and the log-likelihood."""
    log_densities = log_poisson(counts, hmm.rates)
    return forward_backward(log_densities, hmm.initial, hmm.transitions)


def credited(counts: Array, posterior: ChainPosterior) -> Sums:
    """Return what each state is given: first times, moves and counts."""
    smoothed, moves = posterior.smoothed, posterior.expected_transitions
    return Sums(smoothed[0], moves, counts @ smoothed, smoothed.sum(axis=0))


def answer(sums: Sums) -> PoissonHMM:
    """Return each state's share of first times, of moves and of counts.

    (Baum, Petrie, Soules & Weiss 1970; Rabiner 1989, eq. 40 and 109 to 111)
    """
    return PoissonHMM(
        initial=shares(sums.first),
        transitions=shares(sums.moves),
        rates=sums.total / sums.times,
    )


def m_step(counts: Array, posterior: ChainPosterior) -> PoissonHMM:
    """Return the best answer to what each state is given."""
    return answer(credited(counts, posterior))


def expected_log_joint(
    counts: Array, posterior: ChainPosterior, hmm: PoissonHMM
) -> float:
    """Return the average of log p(path, counts) over all paths of states."""
    log_densities = log_poisson(counts, hmm.rates)
    path = chain.expected_log_path(posterior, hmm.initial, hmm.transitions)
    return path + chain.expected_log_densities(posterior, log_densities)


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

    def answer(self, sums: Sums) -> PoissonHMM:
        """Return shares and rates from what was seen and what is imagined."""
        return answer(
            sums + Sums(self.first, self.moves, self.total, self.times)
        )

    def log_density(self, hmm: PoissonHMM) -> float:
        """Return log p(δ, Γ, λ), up to a constant."""
        return (
            log_power(hmm.initial, self.first)
            + log_power(hmm.transitions, self.moves)
            + log_power(hmm.rates, self.total)
            - float((self.times * hmm.rates).sum())
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        hmm = validation.kind(start, PoissonHMM, "start")
        k = len(hmm.rates)
        imagined.check(self, k, moves=(k, k))


# What the two steps need not care about: what goes in, and what went wrong.


def check(counts: object, hmm: object) -> tuple[Array, PoissonHMM]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    hmm = validation.kind(hmm, PoissonHMM, "start")
    chain.refuse_several(counts, "counts")
    chain.check(hmm.initial, hmm.transitions)
    validation.rates(hmm.rates)
    validation.same_length(initial=hmm.initial, rates=hmm.rates)
    return chain.series(validation.counts(counts), "counts"), hmm


def collapsed(_: object, hmm: PoissonHMM) -> Iterator[tuple[Array, str]]:
    """Yield which states have nothing left, shape (k,), and what to do."""
    yield np.isnan(hmm.rates), NO_DATA
    yield np.isnan(hmm.transitions.sum(axis=1)), chain.STUCK


@np.errstate(divide="ignore")  # log 0 is −∞
def viterbi(counts: object, hmm: object) -> Array:
    """Return the most probable path, shape (n,), states counted from 0.

    Raises what `check` and `e_step` raise.
    """
    series, hmm = check(counts, hmm)
    e_step(series, hmm)  # refuses what no path explains
    log_densities = log_poisson(series, hmm.rates)
    return most_probable_path(log_densities, hmm.initial, hmm.transitions)


def sample(hmm: PoissonHMM, n: int, rng: Seed) -> tuple[Array, Array]:
    """Draw a series of `n` counts, and its states; both of shape (n,)."""
    rng = np.random.default_rng(rng)
    states = chain.sample(hmm.initial, hmm.transitions, n, rng)
    return rng.poisson(hmm.rates[states]).astype(float), states
