"""How fast: one Baum–Welch step against hmmlearn's, which is written in C++.

Run by `make bench`, or alone. The aim is to take no longer. Exits with an error
where the answers differ, or where ours takes half as long again (a busy machine
alone may cost a fifth). Without hmmlearn there is nothing to compare with.
"""

import logging
import sys
import time

import numpy as np

from em.models import poisson_hmm
from em.models.poisson_hmm import Markov

N = 100_000
REPEATS = 30
TRUTH = Markov(
    [1, 0, 0],
    [[0.95, 0.03, 0.02], [0.04, 0.9, 0.06], [0.02, 0.18, 0.8]],
    [13, 20, 30],
)
START = Markov(np.full(3, 1 / 3), 0.7 * np.eye(3) + 0.1, [10, 20, 25])


def ours(counts):
    shares, _ = poisson_hmm.e_step(counts, START)
    return poisson_hmm.m_step(counts, shares)


def theirs(counts):
    from hmmlearn.hmm import PoissonHMM

    hmm = PoissonHMM(
        3,
        implementation="scaling",
        n_iter=1,
        init_params="",
        params="stl",
        lambdas_prior=0,
        lambdas_weight=0,
    )
    hmm.startprob_, hmm.transmat_ = START.initial, START.transitions
    hmm.lambdas_ = START.rates[:, None]
    hmm.fit(counts.astype(int)[:, None])
    return Markov(hmm.startprob_, hmm.transmat_, hmm.lambdas_[:, 0])


def timed(what, counts):
    begin = time.perf_counter()
    answer = what(counts)
    return time.perf_counter() - begin, answer


def main() -> None:
    counts, _ = poisson_hmm.sample(TRUTH, N, np.random.default_rng(0))
    logging.disable()  # hmmlearn: one step is not enough
    try:
        theirs(counts[:100])
    except ImportError:
        print("no hmmlearn here: nothing to compare a Baum–Welch step with")
        return
    pairs = [
        (timed(ours, counts), timed(theirs, counts)) for _ in range(REPEATS)
    ]
    mine, other = (
        min(times)
        for times in zip(*((a[0], b[0]) for a, b in pairs), strict=True)
    )
    (_, found), (_, expected) = pairs[0]
    off = max(
        np.abs(one / two - 1).max()
        for one, two in zip(found, expected, strict=True)
    )
    print(f"one Baum–Welch step, {N:,} counts, 3 states (best of {REPEATS})")
    print("     ours    hmmlearn  ratio  largest difference")
    print(f"{mine:8.4f} s  {other:8.4f} s  {mine / other:5.2f}  {off:.0e}")
    if off > 1e-9:
        sys.exit("the answers differ by more than 1e-9")
    if mine > 1.5 * other:
        sys.exit(f"slower than hmmlearn: the ratio is {mine / other:.2f}")


if __name__ == "__main__":
    main()
