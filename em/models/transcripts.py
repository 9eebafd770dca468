"""Reads that fit several transcripts: how many come from each of them?"""

from typing import NoReturn, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.special import xlogy

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.kinds.read_classes import Classes, Members, compressed
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, floats, numbers

# What each of the parameters can be: see em.numbers.ranges.
RANGES = {"alpha": "shares"}


@frozen(eq=False)
class Abundances:
    """The abundances α: how many reads come from each transcript, (n,).

    In a start only their proportions matter.
    """

    alpha: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Sums(Adds):
    """The reads that each transcript gets, shape (n,)."""

    reads: Array = field()

    @property
    def n(self) -> float:
        """How many reads they are of."""
        return float(self.reads.sum())


def e_step(classes: Classes, abundances: Abundances) -> tuple[Array, float]:
    """Return the reads that each transcript gets, (n,), and the log-likelihood.

    Transcript t gets the part (α_t / l_t) / Σ_s (α_s / l_s) of a class, the
    sum over the transcripts s of the class, and the log-likelihood is
    Σ_c n_c log Σ_s (α_s / Σα) / l_s (Bray, Pimentel, Melsted & Pachter 2016,
    online methods).
    """
    per_place = abundances.alpha / abundances.alpha.sum() / classes.lengths
    evidence = classes.members @ per_place
    reads = per_place * (classes.counts / evidence @ classes.members)
    return reads, float((classes.counts * np.log(evidence)).sum())


def credited(_: Classes, reads: Array) -> Sums:
    """Return the reads that each transcript gets, which the E-step adds up."""
    return Sums(reads)


def answer(sums: Sums) -> Abundances:
    """Return the reads that each transcript got, as its abundance."""
    return Abundances(sums.reads)


def m_step(classes: Classes, reads: Array) -> Abundances:
    """Return the best answer to what each transcript is given."""
    return answer(credited(classes, reads))


def split(classes: Classes, abundances: Abundances) -> csr_array:
    """Return the part of each class that goes to each transcript, (c, n).

    Compressed rows, each adding up to 1: the responsibilities in full. The
    M-step needs only their sums, which are small enough for every step.
    """
    parts = classes.members * (abundances.alpha / classes.lengths)
    return csr_array(parts / parts.sum(axis=1)[:, None])


def tpm(classes: Classes, abundances: Abundances) -> Array:
    """Return transcripts per million, (n,): α_t / l_t, scaled to sum to 10⁶."""
    per_place = abundances.alpha / classes.lengths
    millions: Array = per_place / per_place.sum() * 1e6
    return millions


@frozen(eq=False)
class AbundancesPrior:
    """Imaginary reads of each transcript: one number, or (n,)."""

    reads: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def dirichlet(cls, alpha: ArrayLike = 1) -> Self:
        """Return shares of reads ~ Dirichlet(α), 1 or more."""
        return cls(less_one(alpha, "alpha"))

    def answer(self, sums: Sums) -> Abundances:
        """Return the reads that were seen, and those imagined."""
        return answer(sums + Sums(self.reads))

    def log_density(self, abundances: Abundances) -> float:
        """Return log p(α), of their shares, up to a constant."""
        alpha = abundances.alpha
        return log_power(alpha / alpha.sum(), self.reads)

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        abundances = validation.kind(start, Abundances, "start")
        imagined.check(self, len(abundances.alpha))


# What the two steps need not care about: what goes in, and what else is asked.
# Nothing collapses: a transcript without reads is an answer like any other.


def check(classes: object, abundances: object) -> tuple[Classes, Abundances]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    classes = validation.kind(classes, Classes, "data")
    abundances = validation.kind(abundances, Abundances, "start")
    alpha = validation.array(abundances.alpha, "alpha")
    good = (alpha >= 0) & (alpha < 1e200)
    validation.require(good, alpha, "alpha", "a number of reads, not below 0")
    validation.same_length(lengths=classes.lengths, alpha=alpha)
    if not alpha.any():
        raise ValueError("alpha is 0 throughout: expected some reads")
    refuse_impossible(classes, alpha / alpha.sum())
    return classes, abundances


def refuse_impossible(classes: Classes, shares: Array) -> None:
    """Raise ValueError for reads of which all transcripts have no share.

    Next to none, such as 1e-300, will not do either: reads / evidence is to
    stay a number.
    """
    evidence = classes.members @ (shares / classes.lengths)
    if (gone := classes.counts > 1e250 * evidence).any():
        fit = classes.members[[int(gone.argmax())]].indices
        raise ValueError(
            f"reads that fit {fit} are impossible: their α is 0, or next to it"
        )


def extent(classes: Classes) -> float:
    """Return how many reads there are."""
    return float(classes.counts.sum())


def rounding(reads: float) -> float:
    """Return what the last digits of each read's evidence may add up to.

    For evidence next to 1, such as that of reads that fit all of some
    transcripts of length 1: its logarithm is next to 0, its error is not.
    """
    return float(64 * np.finfo(float).eps * reads)


def weigh(classes: Classes, sample_weights: Array) -> NoReturn:
    """Raise TypeError: how often a class counts is said by its count."""
    raise TypeError(
        "em.models.transcripts takes no sample_weights: a class has a count "
        "already. Multiply that: Classes(members, counts * weights, lengths)"
    )


def expected_log_joint(
    classes: Classes, reads: Array, abundances: Abundances
) -> float:
    """Return the average of log p(reads, transcripts), up to a constant.

    (The constant is what does not depend on α: the lengths.)
    """
    shares = abundances.alpha / abundances.alpha.sum()
    return float(xlogy(reads, shares).sum())


def sample(
    abundances: Abundances,
    members: Members,
    places: ArrayLike,
    reads: int,
    rng: Seed,
) -> tuple[Classes, csr_array]:
    """Draw classes of reads, and how many of each a transcript made, (c, n).

    `places`, (c,), says at how many places of a transcript a read of each
    class can start; they add up to the effective length. A read comes from t
    with probability α_t / Σα, and from each place of t equally often. The
    second result has all c classes, also those that `Classes` leaves out.
    """
    rng = np.random.default_rng(rng)
    rows = compressed(members, len(abundances.alpha))
    starts = validation.array(places, "places")
    validation.require(starts >= 0, starts, "places", "a number, not below 0")
    lengths = rows.T @ starts
    made = csr_array(rows * (abundances.alpha / lengths))
    made.data *= np.repeat(starts, np.diff(rows.indptr))
    made.data = rng.multinomial(reads, made.data / made.data.sum())
    return Classes(rows, made.sum(axis=1), lengths), made
