"""How fast: full covariances, 5 groups in 10 dimensions, against scikit-learn.

Run by `make bench`, or by itself. Exits with an error where the answers differ
or the bar is missed.
"""

import warnings
from collections import deque
from itertools import islice

import numpy as np
from racing import judge, race
from sklearn.mixture import GaussianMixture

import em
from em.model import named as arrays
from em.models import gaussians
from em.models.gaussians import Gaussians

GROUPS, COLUMNS, POINTS = 5, 10, 100_000
STEPS, PAIRS, BAR = 10, 7, 0.28


def made() -> tuple[np.ndarray, Gaussians]:
    """Give points from groups that overlap, and a start near by."""
    rng = np.random.default_rng(0)
    means = rng.normal(0, 2, (GROUPS, COLUMNS))
    root = rng.normal(0, 0.5, (GROUPS, COLUMNS, COLUMNS))
    covariances = root @ root.swapaxes(1, 2) + np.eye(COLUMNS)
    x, _ = gaussians.sample(Gaussians(means, covariances), POINTS, rng)
    return x, Gaussians(means + 0.3, [3 * np.eye(COLUMNS)] * GROUPS)


def ours(x, start):
    steps = islice(em.run(gaussians, x, start), STEPS + 1)
    return deque(steps, maxlen=1)[0].params


def theirs(x, start):
    mixture = GaussianMixture(
        GROUPS,
        means_init=start.means,
        precisions_init=np.linalg.inv(start.covariances),
        weights_init=start.weights,
        reg_covar=0,
        tol=0,
        max_iter=STEPS,
    ).fit(x)
    return Gaussians(mixture.means_, mixture.covariances_, mixture.weights_)


def main() -> None:
    warnings.simplefilter("ignore")  # scikit-learn: ten steps are not enough
    x, start = made()
    mine, sk, ratio, one, other = race(
        lambda: ours(x, start), lambda: theirs(x, start), PAIRS
    )
    off = max(
        np.abs(found - arrays(other)[name]).max()
        for name, found in arrays(one).items()
    )
    print(
        f"{STEPS} steps, {GROUPS} groups, {COLUMNS} columns, {POINTS:,} points, "
        f"full covariances (medians of {PAIRS} pairs)\n"
        f"ours {mine:.3f} s, scikit-learn {sk:.3f} s, ratio {ratio:.2f}, "
        f"largest difference {off:.0e}"
    )
    judge("full covariances", ratio, BAR, off, 1e-8)


if __name__ == "__main__":
    main()
