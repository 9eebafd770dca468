"""A mixture of Poissons in pieces: counts credited to each component."""

from attrs import field, frozen

from em._arrays import Array
from em.models.poissons import Poissons, e_step
from em.sums.adding import Adds


@frozen(eq=False)
class Sums(Adds):
    """Sum of the counts, and how many, credited to each component, (k,)."""

    counts: Array = field()
    sizes: Array = field()

    @property
    def n(self) -> float:
        """How many counts they are of."""
        return float(self.sizes.sum())


def statistics(counts: Array, poissons: Poissons) -> tuple[Sums, float]:
    """Return what the M-step needs of the counts, and the log-likelihood."""
    shares, log_likelihood = e_step(counts, poissons)
    return Sums(counts @ shares, shares.sum(axis=0)), log_likelihood


def maximise(sums: Sums) -> Poissons:
    """Return mean counts, and mixing weights."""
    return Poissons(sums.counts / sums.sizes, sums.sizes / sums.sizes.sum())
