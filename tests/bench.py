"""How fast: our steps against scikit-learn's; and the weight of pages.

Run by `make bench`. Exits with an error where answers differ or a bar is missed.
"""

import gzip
import warnings
from collections import deque
from itertools import islice
from pathlib import Path

import numpy as np
from racing import judge, race
from sklearn.mixture import GaussianMixture

import em
from em.models import normals
from em.models.normals import Normals

ROOT = Path(__file__).parents[1]
START = Normals([1, 5], [1, 1.5])
STEPS, BAR = 10, 0.10


def ours(x):
    return deque(islice(em.run(normals, x, START), STEPS + 1), maxlen=1)[0]


def theirs(x):
    mixture = GaussianMixture(
        2,
        covariance_type="spherical",
        means_init=START.means[:, None],
        precisions_init=1 / START.stds**2,
        weights_init=START.weights,
        reg_covar=0,
        tol=0,
        max_iter=STEPS,
    )
    return mixture.fit(x[:, None])


def row(n: int, pairs: int) -> float:
    """Print one row; give the ratio of the times, the median of the pairs."""
    x, _ = normals.sample(Normals([0, 4], [1, 2]), n, np.random.default_rng(0))
    mine, sk, ratio, last, fitted = race(
        lambda: ours(x), lambda: theirs(x), pairs
    )
    off = max(
        np.abs(last.params.means - fitted.means_[:, 0]).max(),
        np.abs(last.params.stds - np.sqrt(fitted.covariances_)).max(),
        np.abs(last.params.weights - fitted.weights_).max(),
    )
    print(f"{n:9,}  {mine:8.4f} s  {sk:8.4f} s  {ratio:6.3f}  {off:.0e}")
    judge(f"{n} points", 0, 0, off, 1e-9)
    return ratio


def main() -> None:
    warnings.simplefilter("ignore")  # scikit-learn: ten steps are not enough
    print(f"{STEPS} steps, two normals, same data and start (medians of pairs)")
    print("   points        ours  scikit-learn  ratio  largest difference")
    row(1_000, 21)
    row(100_000, 7)
    ratio = row(1_000_000, 9)

    print("\npage weights, HTML, gzipped")
    for path in sorted((ROOT / "site").glob("*.html")):
        data = path.read_bytes()
        print(f"   {path.name:15} {len(gzip.compress(data, 9)) / 1000:5.1f} KB")
    judge("1,000,000 points", ratio, BAR, 0, 0)


if __name__ == "__main__":
    main()
