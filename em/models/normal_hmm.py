"""A hidden Markov model with normal states: in which regime was each day?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.hmm import chain
from em.hmm.chain import shares
from em.hmm.forward_backward import ChainPosterior, forward_backward
from em.hmm.viterbi import viterbi as most_probable_path
from em.mixture import NO_DATA
from em.models import normals
from em.models.normals import Normals, NormalsPrior
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, floats, fractions, numbers
from em.numbers.moments import Extent, Moments

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("initial", "transitions", "stds")
# What each of the parameters can be: see em.numbers.ranges.
RANGES = {
    "initial": "shares",
    "transitions": "shares",
    "means": "real",
    "stds": "positive",
}


@frozen(eq=False)
class NormalHMM:
    """Initial probabilities δ, (k,), transitions Γ, (k, k), and each state's.

    A state has a mean μ and a standard deviation σ, both of shape (k,);
    transitions[i, j] is the probability that state j follows state i.
    """

    initial: Array = field(converter=fractions, validator=numbers)
    transitions: Array = field(converter=fractions, validator=numbers)
    means: Array = field(converter=floats, validator=numbers)
    stds: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Sums(Adds):
    """First times (k,), moves (k, k), and the moments of what was seen.

    They add up over series, too.
    """

    first: Array = field()
    moves: Array = field()
    moments: Moments = field()

    @property
    def n(self) -> float:
        """How many series they are of."""
        return float(self.first.sum())


def bells(hmm: NormalHMM) -> Normals:
    """Return the states' normals."""
    return Normals(hmm.means, hmm.stds)


@np.errstate(over="ignore")  # a density of 0 is looked for
def e_step(x: Array, hmm: NormalHMM) -> tuple[ChainPosterior, float]:
    """Return the posterior of the chain, and the log-likelihood."""
    log_densities = normals.log_density(x, bells(hmm))
    return forward_backward(log_densities, hmm.initial, hmm.transitions)


def credited(x: Array, posterior: ChainPosterior) -> Sums:
    """Return what each state is given: first times, moves and values."""
    return Sums(
        posterior.smoothed[0],
        posterior.expected_transitions,
        normals.credited(x, posterior.smoothed),
    )


def answer(
    sums: Sums, min_std: float = 0.0, equal_stds: bool = False
) -> NormalHMM:
    """Return each state's share of first times and moves; its mean and width.

    (Rabiner 1989, eq. 40, and 52 to 54 with one component a state.) `min_std`
    is a floor; with `equal_stds`, all states are equally wide.
    """
    found = normals.answer(sums.moments, min_std, equal_stds)
    return NormalHMM(
        shares(sums.first), shares(sums.moves), found.means, found.stds
    )


def m_step(
    x: Array,
    posterior: ChainPosterior,
    min_std: float = 0.0,
    equal_stds: bool = False,
) -> NormalHMM:
    """Return the best answer to what each state is given."""
    return answer(credited(x, posterior), min_std, equal_stds)


def expected_log_joint(
    x: Array, posterior: ChainPosterior, hmm: NormalHMM
) -> float:
    """Return the average of log p(path, x) over all paths of states."""
    log_densities = normals.log_density(x, bells(hmm))
    path = chain.expected_log_path(posterior, hmm.initial, hmm.transitions)
    return path + chain.expected_log_densities(posterior, log_densities)


@frozen(eq=False)
class NormalHMMPrior:
    """Imaginary first states and moves, and values as in NormalsPrior.

    `moves` is one number, or (k, k). `mean_count` values say that a state's
    mean is `mean`, `std_count` that its standard deviation is `std`.
    """

    first: Array = field(default=ZERO, converter=floats, validator=numbers)
    moves: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    std: Array = field(
        default=imagined.ONE, converter=floats, validator=numbers
    )
    std_count: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def dirichlet(cls, moves: ArrayLike = 1, first: ArrayLike = 1) -> Self:
        """Return Dirichlet rows of Γ and δ, and flat ones of means and stds."""
        return cls(less_one(first, "first"), less_one(moves, "moves"))

    def of_bells(self) -> NormalsPrior:
        """Return what is imagined of means and standard deviations."""
        return NormalsPrior(
            self.mean, self.mean_count, self.std, self.std_count
        )

    def answer(
        self, sums: Sums, min_std: float = 0.0, equal_stds: bool = False
    ) -> NormalHMM:
        """Return the answer to what was seen and what is imagined."""
        found = self.of_bells().answer(sums.moments, min_std, equal_stds)
        return NormalHMM(
            shares(sums.first + self.first),
            shares(sums.moves + self.moves),
            found.means,
            found.stds,
        )

    def log_density(self, hmm: NormalHMM) -> float:
        """Return log p(δ, Γ, μ, σ²), up to a constant."""
        return (
            log_power(hmm.initial, self.first)
            + log_power(hmm.transitions, self.moves)
            + self.of_bells().log_density(bells(hmm))
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        hmm = validation.kind(start, NormalHMM, "start")
        k = len(hmm.means)
        imagined.check(self, k, moves=(k, k))


# What the two steps need not care about: what goes in, and what went wrong.


def check(
    x: object, hmm: object, min_std: float = 0.0, equal_stds: bool = False
) -> tuple[Array, NormalHMM]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    hmm = validation.kind(hmm, NormalHMM, "start")
    chain.refuse_several(x, "x")
    chain.check(hmm.initial, hmm.transitions)
    validation.same_length(initial=hmm.initial, means=hmm.means, stds=hmm.stds)
    points, found = normals.check(x, bells(hmm), min_std, equal_stds)
    return chain.series(points, "x"), evolve(hmm, stds=found.stds)


def extent(x: Array) -> Extent:
    """Return how far the values reach, and how many there are."""
    return normals.extent(x)


def collapsed(extent: Extent, hmm: NormalHMM) -> Iterator[tuple[Array, str]]:
    """Yield which states have nothing left, shape (k,), and what to do."""
    yield np.isnan(hmm.stds), NO_DATA
    yield ~(hmm.stds > extent.last_digits), normals.NARROW
    yield np.isnan(hmm.transitions.sum(axis=1)), chain.STUCK


def within(
    hmm: NormalHMM, min_std: float = 0.0, equal_stds: bool = False
) -> NormalHMM:
    """Return states that keep to the floor, where a jump led below it."""
    return evolve(hmm, stds=np.maximum(hmm.stds, min_std))


@np.errstate(divide="ignore", over="ignore")  # log 0 is −∞
def viterbi(x: object, hmm: object) -> Array:
    """Return the most probable path, shape (n,), states counted from 0.

    Raises what `check` and `e_step` raise.
    """
    series, hmm = check(x, hmm)
    e_step(series, hmm)  # refuses what no path explains
    log_densities = normals.log_density(series, bells(hmm))
    return most_probable_path(log_densities, hmm.initial, hmm.transitions)


def sample(hmm: NormalHMM, n: int, rng: Seed) -> tuple[Array, Array]:
    """Draw a series of `n` values, and its states; both of shape (n,)."""
    rng = np.random.default_rng(rng)
    states = chain.sample(hmm.initial, hmm.transitions, n, rng)
    return rng.normal(hmm.means[states], hmm.stds[states]), states
