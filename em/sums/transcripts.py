"""Classes of reads in pieces: the reads that each transcript gets."""

import numpy as np
from attrs import field, frozen

from em._arrays import Array
from em.models.transcripts import Abundances, e_step
from em.read_classes import Classes
from em.sums.adding import Adds


@frozen(eq=False)
class Sums(Adds):
    """The reads that each transcript gets, shape (n,)."""

    reads: Array = field()

    @property
    def n(self) -> float:
        """How many reads they are of."""
        return float(self.reads.sum())


def statistics(classes: Classes, abundances: Abundances) -> tuple[Sums, float]:
    """Return what the M-step needs of the classes, and the log-likelihood."""
    reads, log_likelihood = e_step(classes, abundances)
    return Sums(reads), log_likelihood


def maximise(sums: Sums) -> Abundances:
    """Return the reads that each transcript got, as its abundance."""
    return Abundances(sums.reads)


def rounding(sums: Sums) -> float:
    """Return what the last digits of each read's evidence may add up to."""
    return float(64 * np.finfo(float).eps * sums.n)
