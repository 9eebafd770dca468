"""How fast: our steps against scikit-learn's, the build, the weight of pages.

Run by `make bench`. Exits with an error where answers differ or a bar is missed.
"""

import gzip
import re
import sys
import time
import warnings
from itertools import islice
from pathlib import Path
from subprocess import run as call

import numpy as np
from sklearn.mixture import GaussianMixture

import em
from em.models import normals
from em.models.normals import Normals

ROOT = Path(__file__).parents[1]
START = Normals([1, 5], [1, 1.5])
STEPS = 10


def ours(x):
    *_, last = islice(em.run(normals, x, START), STEPS + 1)
    return last


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


def timed(what, x):
    begin = time.perf_counter()
    answer = what(x)
    return time.perf_counter() - begin, answer


def race(n: int, repeats: int) -> float:
    """Print one row; give the ratio of the times, the best of `repeats` each."""
    x, _ = normals.sample(Normals([0, 4], [1, 2]), n, np.random.default_rng(0))
    pairs = [(timed(ours, x), timed(theirs, x)) for _ in range(repeats)]
    mine, sk = (
        min(times)
        for times in zip(*((a[0], b[0]) for a, b in pairs), strict=True)
    )
    last, fitted = pairs[0][0][1], pairs[0][1][1]
    off = max(
        np.abs(last.params.means - fitted.means_[:, 0]).max(),
        np.abs(last.params.stds - np.sqrt(fitted.covariances_)).max(),
        np.abs(last.params.weights - fitted.weights_).max(),
    )
    print(f"{n:9,}  {mine:8.4f} s  {sk:8.4f} s  {mine / sk:5.2f}  {off:.0e}")
    if off > 1e-9:
        sys.exit("the answers differ by more than 1e-9")
    return mine / sk


def main() -> None:
    warnings.simplefilter("ignore")  # scikit-learn: ten steps are not enough
    print(f"{STEPS} steps, two normals, same data and start (best of several)")
    print("   points        ours  scikit-learn  ratio  largest difference")
    race(1_000, 20)
    race(100_000, 5)
    ratio = race(1_000_000, 8)

    begin = time.perf_counter()
    log = call(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--verbose"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    whole = time.perf_counter() - begin
    pages = re.findall(r"Converting notebook .*/(\w+)\.py", log.stderr)
    print(
        f"\nthe whole site builds in {whole:.1f} s, {len(pages)} pages executed"
    )
    for page in pages:
        begin = time.perf_counter()
        call(
            [sys.executable, f"docs/{page}.py"], cwd=ROOT, stdout=-3, check=True
        )
        print(
            f"   {page:10} its code runs in {time.perf_counter() - begin:.1f} s"
        )

    print("\npage weights, HTML, gzipped")
    for path in sorted((ROOT / "site").glob("*.html")):
        data = path.read_bytes()
        print(f"   {path.name:15} {len(gzip.compress(data, 9)) / 1000:5.1f} KB")
    if ratio > 0.15:
        sys.exit(f"\nat 1,000,000 points the ratio is {ratio:.2f}, above 0.15")


if __name__ == "__main__":
    main()
