"""Many series of counts, each a piece: first states, moves, counts."""

from attrs import field, frozen

from em._arrays import Array
from em.models.poisson_hmm import PoissonHMM, e_step
from em.sums.adding import Adds


@frozen(eq=False)
class Sums(Adds):
    """First states (k,), moves (k, k), counts and times in each state (k,)."""

    first: Array = field()
    moves: Array = field()
    counts: Array = field()
    sizes: Array = field()

    @property
    def n(self) -> float:
        """How many series they are of."""
        return float(self.first.sum())


def statistics(counts: Array, hmm: PoissonHMM) -> tuple[Sums, float]:
    """Return what the M-step needs of a series, and the log-likelihood."""
    chain, log_likelihood = e_step(counts, hmm)
    smoothed = chain.smoothed
    credited, sizes = counts @ smoothed, smoothed.sum(axis=0)
    sums = Sums(smoothed[0], chain.expected_transitions, credited, sizes)
    return sums, log_likelihood


def maximise(sums: Sums) -> PoissonHMM:
    """Return each state's share of first times, of moves and of counts.

    (Rabiner 1989, eq. 109 to 111: Baum–Welch over several series.)
    """
    return PoissonHMM(
        initial=sums.first / sums.first.sum(),
        transitions=sums.moves / sums.moves.sum(axis=1, keepdims=True),
        rates=sums.counts / sums.sizes,
    )
