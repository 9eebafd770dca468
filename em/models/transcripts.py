"""Reads that fit several transcripts: how many come from each of them?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.special import xlogy

from em import _validation
from em.read_classes import Classes, compressed


class _Abundances(NamedTuple):
    alpha: np.ndarray


class Abundances(_Abundances):
    """The abundances α: how many reads come from each transcript, (n,).

    In a start only their proportions matter. Raises ValueError for a value
    below 0, and where all are 0.
    """

    __slots__ = ()

    def __new__(cls, alpha: Any) -> "Abundances":
        alpha = _validation.vector(alpha, "alpha")
        _validation.require(
            alpha >= 0, alpha, "alpha", "a number of reads, not < 0"
        )
        if not alpha.any():
            raise ValueError("alpha is 0 throughout: expected some reads")
        return super().__new__(cls, alpha)


def check(classes: Any, abundances: Any) -> tuple[Classes, Abundances]:
    """Refuse what is not Classes and Abundances.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(classes, Classes, "data")
    _validation.kind(abundances, Abundances, "start")
    abundances = Abundances(*abundances)
    _validation.same_length(lengths=classes.lengths, alpha=abundances.alpha)
    return Classes(*classes), abundances


def e_step(
    classes: Classes, abundances: Abundances
) -> tuple[np.ndarray, float]:
    """Share the reads of each class out among its transcripts.

    Gives the reads that each transcript gets, (n,), and the log-likelihood
    Σ_c n_c log Σ_s (α_s / Σα) / l_s, the inner sum over the transcripts s of
    class c (Bray, Pimentel, Melsted & Pachter 2016, online methods). The
    reads take the place of the responsibilities: `split` gives those in full,
    but the M-step needs only their sums, which are small enough to be kept
    for every step. Raises what `share_out` raises.
    """
    reads, evidence = share_out(classes, abundances)
    log_likelihoods = np.log(evidence, out=evidence)
    log_likelihoods *= classes.counts
    return reads, float(log_likelihoods.sum())


def share_out(
    classes: Classes, abundances: Abundances
) -> tuple[np.ndarray, np.ndarray]:
    """Give each transcript its reads, (n,), and each class its evidence, (c,).

    The evidence is Σ_s (α_s / Σα) / l_s over the transcripts of the class;
    transcript t gets the part ((α_t / Σα) / l_t) / evidence of its reads.
    Costs two products with the compressed rows. Raises ValueError for reads
    that no transcript of theirs can have made.
    """
    shares = abundances.alpha / abundances.alpha.sum()
    per_place = shares / classes.lengths
    evidence = classes.members @ per_place
    if not evidence.min() > 0:
        row = classes.members[[int(evidence.argmin())]].indices
        raise ValueError(f"reads that fit {row} are impossible: their α is 0")
    reads = per_place * ((classes.counts / evidence) @ classes.members)
    return reads, evidence


def expected_log_joint(
    classes: Classes, reads: np.ndarray, abundances: Abundances
) -> float:
    """Give the average of log p(reads, transcripts), up to a constant."""
    shares = abundances.alpha / abundances.alpha.sum()
    return float(xlogy(reads, shares / classes.lengths).sum())


def m_step(classes: Classes, responsibilities: np.ndarray) -> Abundances:
    """Take the reads that each transcript got as its abundance."""
    return Abundances(responsibilities)


def split(classes: Classes, abundances: Abundances) -> csr_array:
    """Give the part of each class that goes to each transcript, (c, n).

    Compressed rows, each adding up to 1: the responsibilities in full.
    """
    parts = classes.members * (abundances.alpha / classes.lengths)
    return csr_array(parts / parts.sum(axis=1)[:, None])


def tpm(classes: Classes, abundances: Abundances) -> np.ndarray:
    """Give transcripts per million, (n,): α_t / l_t, scaled to a sum of 10⁶."""
    per_place = abundances.alpha / classes.lengths
    millions: np.ndarray = per_place / per_place.sum() * 1e6
    return millions


def sample(
    abundances: Abundances,
    members: Any,
    places: Any,
    reads: int,
    rng: np.random.Generator,
) -> tuple[Classes, csr_array]:
    """Draw reads; give their classes, and how many each transcript made.

    `places`, (c,), says at how many places of a transcript a read of each
    class can start; they add up to the effective length. A read comes from t
    with probability α_t / Σα, and from each place of t equally often. The
    second result has shape (c, n), for all c classes, also those left out.
    """
    rows = compressed(members, len(abundances.alpha))
    lengths = rows.T @ _validation.vector(places, "places")
    made = csr_array(rows * (abundances.alpha / lengths))
    made.data *= np.repeat(places, np.diff(rows.indptr))
    made.data = rng.multinomial(reads, made.data / made.data.sum())
    return Classes(rows, made.sum(axis=1), lengths), made
