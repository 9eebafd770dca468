# ---
# title: All cores, or a cluster
# order: 50.1
# section: Use
# question: Can EM use all my cores, or a hundred machines?
# description: >-
#   EM in parallel: threads, processes and a Dask cluster give the same answer; what travels, how
#   long it takes, and counted rows, which come before any cluster.
# numbers: own
# allow: [15, 20, 10, 16, 64, 100, "1,000", "1,000,000", 10⁹, 10¹², 2, 8, 1, "0.5", 2006, 2018, "62,500", 128]
# ---

# %% [markdown]
# # All cores, or a cluster
#
# The E-step is a [sum over pieces](scale.py), and whoever adds them up, the answer is the same.
# When do more cores, or more machines, pay? And when is a large data set a small one in disguise?

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
import em.numbers.adding
from em.figures import scale as draw
from em.models import coins, normals
from em.models.coins import Coins, Flips
from em.models.normals import Normals

np.random.seed(110)
forty = np.concatenate(
    [np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)]
)
draw.envelopes(forty, Normals([1.1, 9], [2, 1.7]), 20)

# %% [markdown]
# **You will be able to** choose between threads, processes and a cluster, or to do without. **About
# MINUTES minutes. To know first:** [data too large for memory](scale.py).
#
# ## A CSV file
#
# In the package `em.fit` takes pieces if you also give it a `map`, which says who works on them;
# here it is Python's own `map`, one piece after another. For a file, write a function that yields
# arrays, and hand it over without calling it:

# %% tags=["alone"]
from itertools import islice
from tempfile import TemporaryDirectory

import numpy as np

import em
from em.models import normals
from em.models.normals import Normals


def pieces_of(path, rows=5_000):
    with open(path) as file:
        next(file)  # the heading
        while lines := list(islice(file, rows)):
            yield np.loadtxt(lines, delimiter=",", usecols=0, ndmin=1)


rng = np.random.default_rng(1)
x = rng.normal([0, 6], [1, 2], (10_000, 2)).ravel()
start = Normals([-1, 8], [1.5, 1.5])
with TemporaryDirectory() as folder:
    path = f"{folder}/points.csv"  # put the path of your own file here
    np.savetxt(path, x, header="x", comments="")
    table = em.fit(normals, lambda: pieces_of(path), start, map=map, tol=1e-4)
print("from a CSV:", table.params.means.round(4))

# %% tags=["hide"]
one_piece = em.fit(normals, x, start, tol=1e-4)
pieces = np.array_split(x, 16)
cut = em.fit(normals, pieces, start, map=map, tol=1e-4)
np.testing.assert_allclose(
    table.params.means, one_piece.params.means, rtol=1e-9
)
np.testing.assert_allclose(cut.params.means, one_piece.params.means, rtol=1e-12)

# %% [markdown]
# The text is read anew at every step, so turn a large file into raw floats once:
# `np.array_split(np.memmap("points", float, "r"), 100)` are pieces, too. With pandas,
# `read_csv(path, chunksize=5_000)` yields tables.
#
# What is added up, and how:

# %% tags=["hide"]
em.show(normals.credited)

# %% tags=["hide"]
em.show(normals.answer)

# %% tags=["hide"]
em.show(em.numbers.adding.total)

# %% [markdown]
# ## Counted rows
#
# Counting is the first thing to try. A million sequences of ten flips each have 0, 1, …, or 10
# heads, so there are only eleven different ones.

# %% tags=["alone"]
import numpy as np

import em
from em.models import coins
from em.models.coins import Coins, Flips

rng = np.random.default_rng(2)
heads = rng.binomial(10, rng.choice([0.5, 0.8], 1_000_000, p=[0.4, 0.6]))
times = np.bincount(heads, minlength=11)

eleven = Flips(np.arange(11), 10 - np.arange(11))
fit = em.fit(coins, eleven, Coins([0.3, 0.9]), sample_weights=times)
print("rows:", len(times), " sequences:", times.sum())
print("θ", fit.params.theta.round(3), "weights", fit.params.weights.round(3))

# %% tags=["hide"]
million = Flips(heads, 10 - heads)
begin = Coins([0.3, 0.9])
*_, one = islice(em.run(coins, million, begin), 3)
*_, two = islice(em.run(coins, eleven, begin, sample_weights=times), 3)
np.testing.assert_allclose(one.params.theta, two.params.theta, rtol=1e-9)

# %% [markdown]
# Every step is that of the whole million, exactly, at {{ 11 / 1_000_000 : .6f }} of the rows.
# (kallisto's [classes of reads](abundance.py#only-the-classes-matter) are this.)
#
# ## All cores
#
# Hand over the `map` of a pool of threads. The pieces are then added up side by side.

# %% tags=["alone"]
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

rng = np.random.default_rng(1)
x = rng.normal([0, 6], [1, 2], (10_000, 2)).ravel()
pieces = np.array_split(x, 16)
start = Normals([-1, 8], [1.5, 1.5])

with ThreadPoolExecutor() as pool:
    threads = em.fit(normals, pieces, start, map=pool.map, tol=1e-4)
one = em.fit(normals, pieces, start, map=map, tol=1e-4)
print("the same answer:", threads.log_likelihood == one.log_likelihood)

# %% tags=["hide"]
# Measured once by `python tests/bench_scale.py`, on a quiet machine with two cores.
# Times would differ from build to build, so they stand here.
NS_A_POINT = (
    13  # two bells, one core: of the processor's time, a point and step
)
MS_A_PIECE = 1  # Dask, two workers: for handing out one piece
# By the clock, four million points, against one thread that holds them.
THREADS = 0.82  # 8 pieces
WORKERS = 1.4  # Dask, 8 pieces that stay with two workers
PROCESSES = (
    1.2  # a pool of two processes, which read their pieces at every step
)

# %% [markdown]
# Whether that is quicker depends. Only the thread that holds *Python's lock* may run Python. NumPy
# lets go of it inside each operation on an array, and there threads work side by side; between
# operations they wait for each other. We measured once, on a quiet machine with two cores, four
# million points in eight pieces:
#
# | who adds up | time, against one thread |
# | --- | --- |
# | two threads | {{ THREADS : .2f }} |
# | two processes that read their pieces from a file, at every step | {{ PROCESSES : .1f }} |
# | two [Dask workers](#a-cluster) that hold their pieces | {{ WORKERS : .1f }} |
#
# So here threads save a fifth of the time, and the others cost time. It says nothing about larger
# models or more cores: time one fit with `map=map`, and one with `map=pool.map`.
#
# ## A cluster
#
# With [Dask](https://docs.dask.org), the same on a hundred machines:
#
# ```sh
# [[install]] dask distributed
# ```
#
# Each piece is read *by the worker* that will keep it. In a program of your own, leave
# `processes=False` out, and put what follows the functions under `if __name__ == "__main__":`.

# %% tags=["alone"]
import numpy as np
from dask.distributed import Client, LocalCluster

import em
from em.further.cluster import over
from em.models import normals
from em.models.normals import Normals


def read(number):
    """Stands for reading a file that this worker can reach."""
    rng = np.random.default_rng(number)
    return rng.normal([0, 6], [1, 2], (5_000, 2)).ravel()


with (
    LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=False,  # threads, so that this page starts quickly
        dashboard_address=":0",  # any port that is free
    ) as cluster,
    Client(cluster) as client,
):
    there = client.map(read, range(8))
    start = Normals([-1, 8], [1.5, 1.5])
    far = em.fit(normals, there, start, map=over(client), tol=1e-3)

here = [read(number) for number in range(8)]
near = em.fit(normals, here, start, map=map, tol=1e-3)
print("the same answer:", far.log_likelihood == near.log_likelihood)

# %% [markdown]
# For real machines one line changes: `Client(cluster)` is given another cluster, from
# [dask-jobqueue](https://jobqueue.dask.org) for Slurm and its like,
# [dask-kubernetes](https://kubernetes.dask.org), or a
# [cloud](https://docs.dask.org/en/stable/deploying.html), or the address of a scheduler. If a
# worker dies, others read its pieces again, and the fit goes on to the same answer; a test kills a
# worker in the middle. That works for pieces made by `client.map`, which Dask knows how to make
# again, and not for data sent from your machine by `scatter`.
#
# Dask tells its workers to give memory back at once. NumPy then asks for it again for every block,
# which more than doubled the time of a step on our machine. Before the cluster is made, set
# `dask.config.set({"distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 2**28})`.
#
# ### What travels

# %% tags=["hide"]
import pickle

d = 10  # dimensions, of an exercise
sums = normals.credited(here[0], normals.e_step(here[0], start)[0])
out, back = len(pickle.dumps(start)), len(pickle.dumps((sums, 0.0)))
ROWS = 10**7  # of a piece


def took(n, cores):
    """Time of 100 steps over n points; handing out a piece is in a row."""
    pieces = n // ROWS
    in_turn = -(-pieces // cores)  # pieces, by the core that has most
    work = in_turn * ROWS * NS_A_POINT * 1e-9
    seconds = 100 * (work + pieces * MS_A_PIECE * 1e-3)
    if seconds < 60:
        return "< 1 min"
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"


# %% [markdown]
# At each step the parameters go out to every piece, {{ out : d }} bytes, and its sums come back,
# {{ back : d }} bytes, whether it holds ten points or ten million. From the costs measured once
# (about {{ NS_A_POINT : d }} ns a point and step for two bells, about {{ MS_A_PIECE : d }} ms for
# handing out a piece), 100 steps with pieces of ten million points should take:
#
# | cores | 10⁹ points, {{ 10**9 // ROWS : d }} pieces | 10¹² points, {{ 10**12 // ROWS : d }} pieces |
# | --- | --- | --- |
# | 1 | {{ took(10**9, 1) : s }} | {{ took(10**12, 1) : s }} |
# | 16 | {{ took(10**9, 16) : s }} | {{ took(10**12, 16) : s }} |
# | 1,000 | {{ took(10**9, 1000) : s }} (only 100 have work) | {{ took(10**12, 1000) : s }} |
#
# This is arithmetic, not a measurement, and it leaves out reading. With 1,000 cores, handing out
# pieces one by one takes longer than the work: make pieces larger.
#
# ## What could go wrong
#
# ### One bad value among a billion
#
# The error names the piece and the row, wherever it happened:

# %%
spoilt = [x[:1000], np.append(x[:3], np.nan)]
try:
    em.fit(normals, spoilt, start, map=map)
except ValueError as error:
    print(error)

# %% [markdown]
# ### A model without sums
#
# All models of the package can be cut, but for lifetimes. A
# piece for the hidden Markov model is a whole series. A model of your own needs two functions:
# `credited(data, posterior)`, which returns sums, and `answer(sums)`. The
# sums may be any array.
#
# ## Exercises
#
# **1.** *Predict*: a pool of *processes* is given arrays in place of file names. What travels at
# every step?
#
# <details markdown><summary>Solution</summary>
#
# The arrays themselves, to whichever process is free. That usually takes longer than the work. Send
# it where the points lie, and not the points.
#
# </details>
#
# **2.** A survey has 20 yes-or-no questions and ten million answers. *Predict*: at how many rows
# can counting arrive at most, and is it worth it?
#
# <details markdown><summary>Solution</summary>
#
# At $2^{20}$, which is {{ 2**20 : d }}, and far fewer if most people answer alike. It is at least a
# factor of ten.
#
# </details>
#
# ## Where to read on
#
# Next: [online EM](online.py). Chu and others, *Map-reduce for machine learning on multicore* (NIPS
# 2006), list EM among the algorithms that are sums. Spark's `GaussianMixture` adds up the same
# statistics; pomegranate (Schreiber, *Journal of Machine Learning Research* 2018) calls the two
# functions `summarize` and `from_summaries`.
