"""How fast: one Baum–Welch step against hmmlearn's, which is written in C++.

Run by `make bench`, or alone. One step of ours and one of theirs in turn, on
one thread; what counts is the median of the ratios. Exits with an error where
the answers differ, or where the bar is missed. Without hmmlearn there is
nothing to compare with.
"""

import logging
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

from em.model import named
from em.models import poisson_hmm
from em.models.poisson_hmm import PoissonHMM

N, REPEATS, BAR = 100_000, 41, 0.75
TRUTH = PoissonHMM(
    [1, 0, 0],
    [[0.95, 0.03, 0.02], [0.04, 0.9, 0.06], [0.02, 0.18, 0.8]],
    [13, 20, 30],
)
START = PoissonHMM(np.full(3, 1 / 3), 0.7 * np.eye(3) + 0.1, [10, 20, 25])


def ours(counts):
    posterior, _ = poisson_hmm.e_step(counts, START)
    return poisson_hmm.m_step(counts, posterior)


def theirs(counts):
    from hmmlearn.hmm import PoissonHMM as Theirs

    hmm = Theirs(
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
    return PoissonHMM(hmm.startprob_, hmm.transmat_, hmm.lambdas_[:, 0])


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
    with threadpool_limits(1):
        pairs = [
            (timed(ours, counts), timed(theirs, counts)) for _ in range(REPEATS)
        ]
    mine, other = np.array([(a[0], b[0]) for a, b in pairs]).T
    ratio = float(np.median(mine / other))
    (_, found), (_, expected) = pairs[0]
    off = max(
        np.abs(one / two - 1).max()
        for one, two in zip(
            named(found).values(), named(expected).values(), strict=True
        )
    )
    print(f"one Baum–Welch step, {N:,} counts, 3 states (medians of {REPEATS})")
    print("     ours    hmmlearn  ratio  largest difference")
    print(
        f"{np.median(mine):8.4f} s  {np.median(other):8.4f} s  {ratio:5.2f}  "
        f"{off:.0e}"
    )
    if off > 1e-9:
        sys.exit("the answers differ by more than 1e-9")
    if ratio > BAR:
        sys.exit(f"the ratio is {ratio:.2f}: expected at most {BAR}")


if __name__ == "__main__":
    main()
