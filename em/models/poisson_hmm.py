"""A hidden Markov model of counts: in which state was each year?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike
from scipy.special import xlogy

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
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
        initial=sums.first / sums.first.sum(),
        transitions=sums.moves / sums.moves.sum(axis=1, keepdims=True),
        rates=sums.total / sums.times,
    )


def m_step(counts: Array, posterior: ChainPosterior) -> PoissonHMM:
    """Return the best answer to what each state is given."""
    return answer(credited(counts, posterior))


def expected_log_joint(
    counts: Array, posterior: ChainPosterior, hmm: PoissonHMM
) -> float:
    """Return the average of log p(path, counts) over all paths of states."""
    smoothed, moves = posterior.smoothed, posterior.expected_transitions
    first = xlogy(smoothed[0], hmm.initial).sum()
    moved = xlogy(moves, hmm.transitions).sum()
    # A probability of 0 adds 0, also where the logarithm is −∞.
    log_densities = np.where(smoothed > 0, log_poisson(counts, hmm.rates), 0)
    return float(first + moved + (smoothed * log_densities).sum())


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
    validation.probabilities(hmm.initial, "initial")
    validation.rates(hmm.rates)
    validation.same_length(initial=hmm.initial, rates=hmm.rates)
    validation.transitions(hmm.transitions, len(hmm.rates))
    series = validation.counts(counts)
    if len(series) < 2:
        raise ValueError("counts has 1 value: expected a series, two or more")
    return series, hmm


def collapsed(_: object, hmm: PoissonHMM) -> Iterator[tuple[Array, str]]:
    """Yield which states have nothing left, shape (k,), and what to do."""
    yield np.isnan(hmm.rates), NO_DATA
    yield (
        np.isnan(hmm.transitions.sum(axis=1)),
        "nothing follows it, so its transitions cannot be estimated. Start "
        "it nearer the data, or use fewer states",
    )


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
    first = np.cumsum(hmm.initial)[:-1]
    next_ = np.cumsum(hmm.transitions, axis=1)[:, :-1]
    states = np.empty(n, dtype=int)
    for t, u in enumerate(rng.random(n)):
        up_to = next_[states[t - 1]] if t else first
        states[t] = (up_to <= u).sum()
    return rng.poisson(hmm.rates[states]).astype(float), states
