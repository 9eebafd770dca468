"""Rows of noes and yeses in pieces: yeses credited to each component."""

from attrs import field, frozen

from em._arrays import Array
from em.models.bernoullis import Bernoullis, e_step, without_rounding
from em.sums.adding import Adds


@frozen(eq=False)
class Sums(Adds):
    """Ones in each column, (k, d), and rows, (k,), credited to each."""

    ones: Array = field()
    sizes: Array = field()

    @property
    def n(self) -> float:
        """How many rows they are of."""
        return float(self.sizes.sum())


def statistics(x: Array, bernoullis: Bernoullis) -> tuple[Sums, float]:
    """Return what the M-step needs of the rows, and the log-likelihood."""
    shares, log_likelihood = e_step(x, bernoullis)
    return Sums(shares.T @ x, shares.sum(axis=0)), log_likelihood


def maximise(sums: Sums) -> Bernoullis:
    """Return shares of ones in each column, and mixing weights."""
    ones = sums.ones / sums.sizes[:, None]
    return Bernoullis(without_rounding(ones), sums.sizes / sums.sizes.sum())
