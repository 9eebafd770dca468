"""How fast: the coins at a million sequences, against release 1.0.0; `import em`.

Run by `make bench`, or by itself. Exits with an error where the answers differ
or a bar is missed.
"""

import statistics
import subprocess
import sys
from collections import deque
from itertools import islice

import numpy as np
from racing import judge, race
from scipy.special import xlog1py, xlogy

import em
from em.models import coins
from em.models.coins import Coins, Flips

SEQUENCES, FLIPS, STEPS, PAIRS = 1_000_000, 10, 10, 7
BAR, BAR_COUNTED, BAR_IMPORT = 0.35, 0.01, 0.030
START = Coins([0.3, 0.6])


def release(flips: Flips, steps: int) -> tuple[np.ndarray, float]:
    """Give θ and the log-likelihood as release 1.0.0 did, frozen here.

    Its E- and M-step, without checks.
    """
    theta, weights = START.theta, START.weights
    heads, tails = flips.heads, flips.tails
    for step in range(steps + 1):
        log_joint = xlogy(heads[:, None], theta)
        log_joint = log_joint + xlog1py(tails[:, None], -theta)
        log_joint = log_joint + xlogy(1, weights)
        scale = log_joint.max(axis=1, keepdims=True)
        if not np.isfinite(scale.min()):
            raise ValueError
        scale -= 1
        log_joint -= scale
        joint = np.exp(log_joint, out=log_joint)
        evidence = joint @ np.ones(joint.shape[1])
        joint /= evidence[:, None]
        first_of_32 = np.arange(0, len(evidence), 32)
        logs = np.log(np.multiply.reduceat(evidence, first_of_32))
        log_likelihood = float(logs.sum() + scale.sum())
        if step < steps:
            sizes = joint.sum(axis=0)
            to_heads, to_tails = heads @ joint, tails @ joint
            theta = to_heads / (to_heads + to_tails)
            weights = sizes / len(heads)
    return theta, log_likelihood


def ours(flips: Flips, weights=None) -> tuple[np.ndarray, float]:
    steps = em.run(coins, flips, START, sample_weights=weights)
    last = deque(islice(steps, STEPS + 1), maxlen=1)[0]
    return last.params.theta, last.log_likelihood


def difference(one, other) -> float:
    return max(
        float(np.abs(one[0] - other[0]).max()), abs(one[1] / other[1] - 1)
    )


def importing() -> float:
    """Give the seconds that `import em` takes beyond `import numpy`."""
    code = (
        "import time, numpy; begin = time.perf_counter(); import em; "
        "print(time.perf_counter() - begin)"
    )
    return statistics.median(
        float(subprocess.check_output([sys.executable, "-c", code]))
        for _ in range(15)
    )


def main() -> None:
    rng = np.random.default_rng(0)
    of_first = rng.random(SEQUENCES) < 0.4
    heads = rng.binomial(FLIPS, np.where(of_first, 0.2, 0.7))
    flips = Flips(heads, FLIPS - heads)
    counts, which = np.bincount(heads, minlength=FLIPS + 1), np.arange(11)
    counted = Flips(which, FLIPS - which)

    print(f"{SEQUENCES:,} sequences, {STEPS} steps (medians of {PAIRS} pairs)")
    for what, call, bar in [
        ("a row each", lambda: ours(flips), BAR),
        ("counted rows", lambda: ours(counted, counts), BAR_COUNTED),
    ]:
        mine, theirs, ratio, one, other = race(
            call, lambda: release(flips, STEPS), PAIRS
        )
        off = difference(one, other)
        print(
            f"{what:12} ours {mine:.4f} s, release 1.0.0 {theirs:.3f} s, "
            f"ratio {ratio:.4f}, largest difference {off:.0e}"
        )
        judge(what, ratio, bar, off, 1e-9)

    seconds = importing()
    print(f"import em takes {1000 * seconds:.0f} ms beyond import numpy")
    judge("import em", seconds, BAR_IMPORT, 0, 0)


if __name__ == "__main__":
    main()
