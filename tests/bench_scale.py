"""How fast, and in how much memory: data in pieces, whoever adds them up.

Run by `make bench`, or by itself; a number of points can be given, for a look. Exits
with an error where the answers differ or a bar is missed. Bars of the clock need two
quiet cores: on a busy machine they are told, not judged.
"""

import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
import tracemalloc
import warnings
from collections import deque
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
from racing import judge, race
from threadpoolctl import threadpool_limits

import em
from em.further.cluster import over
from em.model import named as arrays
from em.models import coins, normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals

POINTS, PIECES, STEPS, PAIRS = 4_000_000, 64, 3, 5
LARGE = 8  # so many pieces suit two threads
TRUTH = Normals([0, 4], [1, 2], [0.3, 0.7])
START = Normals([-1, 6], [1.5, 1.5])
MB = 1e6


def made(seed: int, n: int) -> np.ndarray:
    return normals.sample(TRUTH, n, np.random.default_rng(seed))[0]


def after(steps, *args, **options):
    """Give the parameters after so many steps."""
    run = em.run(*args, **options)
    return deque(islice(run, steps + 1), maxlen=1)[0].params


def off(one, two) -> float:
    return max(
        float(np.abs(found - arrays(two)[name]).max())
        for name, found in arrays(one).items()
    )


def judge_if_quiet(quiet: bool, *what) -> None:
    if quiet:
        judge(*what)
    else:
        print("  (not judged: other work was running on this machine)")


def cut(x: np.ndarray) -> None:
    """64 pieces against one, on one core; two threads against one."""
    many = np.array_split(x, PIECES)
    run = partial(after, STEPS, normals)
    quiet = os.getloadavg()[0] < 0.3 and (os.cpu_count() or 1) > 1
    one, whole, ratio, found, expected = race(
        lambda: run(many, START, map=map),
        lambda: run([x], START, map=map),
        PAIRS,
    )
    each = one / (STEPS + 1) / len(x)
    print(
        f"{PIECES} pieces {one:.3f} s, one piece {whole:.3f} s, ratio {ratio:.2f}; "
        f"{1e9 * each:.0f} ns a point and step"
    )
    judge("pieces", ratio, 1.05, off(found, expected), 1e-9)
    large = np.array_split(x, LARGE)
    with threadpool_limits(1), ThreadPoolExecutor(2) as pool:
        two, one, ratio, found, expected = race(
            lambda: run(large, START, map=pool.map),
            lambda: run(large, START, map=map),
            PAIRS,
            time.perf_counter,
        )
    print(
        f"two threads, {LARGE} pieces {two:.3f} s, one {one:.3f} s, "
        f"ratio {ratio:.2f}"
    )
    by_processes(x)
    judge_if_quiet(quiet, "threads", ratio, 0.7, off(found, expected), 1e-9)
    clustered(many, quiet)


class Rows:
    """Where some points lie, which is what is sent in their place."""

    def __init__(self, path: Path, begin: int, n: int):
        self.path, self.begin, self.n = path, begin, n

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        return np.fromfile(self.path, offset=8 * self.begin, count=self.n)


def by_processes(x: np.ndarray) -> None:
    """Two processes that read their points against one that has them."""
    spawn = multiprocessing.get_context("spawn")
    n = len(x) // LARGE
    with (
        tempfile.TemporaryDirectory() as folder,
        threadpool_limits(1),
        ProcessPoolExecutor(
            2, spawn, initializer=threadpool_limits, initargs=(1,)
        ) as pool,
    ):
        path = Path(folder) / "points"
        x.tofile(path)
        there = [Rows(path, n * number, n) for number in range(LARGE)]
        here = np.split(x[: n * LARGE], LARGE)
        after(0, normals, there, START, map=pool.map)  # both have begun
        two, one, ratio, found, expected = race(
            lambda: after(STEPS, normals, there, START, map=pool.map),
            lambda: after(STEPS, normals, here, START, map=map),
            PAIRS,
            time.perf_counter,
        )
    print(
        f"two processes that read a file {two:.3f} s, one that has the points "
        f"{one:.3f} s, ratio {ratio:.2f}"
    )
    judge("processes", 0, 0, off(found, expected), 1e-9)


def clustered(many: list[np.ndarray], quiet: bool) -> None:
    """Two Dask workers against two threads, once the data are on the workers."""
    import dask
    from distributed import Client, LocalCluster, wait

    # Workers that keep their memory between two blocks are three times as fast.
    keep = "distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_"
    dask.config.set({keep: 2**28})
    run = partial(after, STEPS, normals)
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=50,
        ) as cluster,
        Client(cluster) as client,
        ThreadPoolExecutor(2) as pool,
        threadpool_limits(1),
    ):
        n = sum(map(len, many)) // 8
        here = [made(seed, n) for seed in range(8)]
        there = client.map(made, range(8), [n] * 8)
        wait(there)
        workers, threads, ratio, found, expected = race(
            lambda: run(there, START, map=over(client)),
            lambda: run(here, START, map=pool.map),
            PAIRS,
            time.perf_counter,
        )
        tiny = client.map(made, range(200), [10] * 200)
        wait(tiny)
        begin = time.perf_counter()
        run(tiny, START, map=over(client))
        each = (time.perf_counter() - begin) / (STEPS + 1) / 200
    print(
        f"two Dask workers {workers:.3f} s, two threads {threads:.3f} s, ratio "
        f"{ratio:.2f}; {1e3 * each:.1f} ms a piece for handing it out"
    )
    judge_if_quiet(quiet, "Dask", ratio, 2, off(found, expected), 1e-9)


def counted(n: int) -> None:
    """A million sequences of ten flips as eleven rows."""
    truth, start = Coins([0.5, 0.8], [0.4, 0.6]), Coins([0.3, 0.9])
    flips, _ = coins.sample(truth, n, 10, np.random.default_rng(0))

    def rows():
        times = np.bincount(flips.heads.astype(int), minlength=11)
        return Flips(np.arange(11), 10 - np.arange(11)), times

    eleven, times = rows()
    run = partial(after, STEPS, coins)
    fast, plain, ratio, found, expected = race(
        lambda: run(eleven, start, sample_weights=times),
        lambda: run(flips, start),
        PAIRS,
    )
    print(f"eleven rows {fast:.4f} s, {n:,} {plain:.3f} s, ratio {ratio:.4f}")
    judge("counted rows", ratio, 0.01, off(found, expected), 1e-9)

    def counting():
        eleven, times = rows()
        return run(eleven, start, sample_weights=times)

    *_, ratio, found, expected = race(
        counting, lambda: run(flips, start), PAIRS
    )
    print(f"  the counting included: ratio {ratio:.3f}")
    judge("counting", ratio, 0.3, off(found, expected), 1e-9)


def against_scikit_learn(x: np.ndarray) -> None:
    from sklearn.mixture import GaussianMixture

    many = np.array_split(x, PIECES)

    def ours():
        return after(STEPS, normals, many, START, map=map)

    def theirs():
        mixture = GaussianMixture(
            2,
            weights_init=START.weights,
            means_init=START.means[:, None],
            precisions_init=1 / START.stds[:, None, None] ** 2,
            reg_covar=0,
            tol=0,
            max_iter=STEPS,
        ).fit(x[:, None])
        stds = np.sqrt(mixture.covariances_[:, 0, 0])
        return Normals(mixture.means_[:, 0], stds, mixture.weights_)

    mine, other, ratio, found, expected = race(ours, theirs, 3)
    a, b = peak(ours), peak(theirs)
    print(
        f"ours {mine:.2f} s, {a / MB:.0f} MB; scikit-learn {other:.2f} s, "
        f"{b / MB:.0f} MB; ratios {ratio:.3f}, {a / b:.3f}"
    )
    judge("scikit-learn", ratio, 0.2, off(found, expected), 1e-8)
    judge("scikit-learn's memory", a / b, 0.1, 0, 0)


def peak(what) -> int:
    """Give the most memory that was taken on top of what there was, in bytes."""
    tracemalloc.start()
    what()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def from_a_file(n: int) -> None:
    """A file of 8 n bytes, one step, in a process of its own: its peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "points"
        with open(path, "wb") as file:
            for seed in range(100):
                file.write(made(seed, n // 100).tobytes())
        size = path.stat().st_size
        begin = time.perf_counter()
        told = subprocess.run(
            [sys.executable, __file__, "read", str(path)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        took = time.perf_counter() - begin
    most = float(told)
    print(
        f"a file of {size / MB:.0f} MB, one step: {took:.0f} s, at most "
        f"{most / MB:.0f} MB of memory"
    )
    judge("memory in MB", most / MB, 300, 0, 0)


def read(path: str) -> None:
    rows = Path(path).stat().st_size // 8 // 100

    def pieces():
        for number in range(100):
            yield np.memmap(path, float, "r", 8 * rows * number, rows)

    after(1, normals, pieces, START, map=map)
    # (ru_maxrss begins with what the process had that started this one.)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(1024 * int(re.search(r"VmHWM:\s+(\d+)", status)[1]))


def main() -> None:
    warnings.simplefilter("ignore")  # scikit-learn: three steps are not enough
    if sys.argv[1:2] == ["read"]:
        return read(sys.argv[2])
    n = int(float(sys.argv[1])) if sys.argv[1:] else POINTS
    x = made(0, n)
    print(f"{STEPS} steps, two bells, {n:,} points")
    counted(n // 4)
    cut(x)
    against_scikit_learn(x)
    return from_a_file(25 * n)


if __name__ == "__main__":
    main()
