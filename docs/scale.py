# ---
# title: The data do not fit
# order: 50
# section: Use
# question: How do I run EM on data larger than the memory, on all cores, or on a cluster?
# description: >-
#   The E-step is a sum over observations, so it can be cut: a file in pieces, all cores, a
#   Dask cluster, counted rows, and online EM in one pass.
# numbers: own
# allow: ["50,000", "62,500", 64, 1983, 40, 1.1, 9, 2, 1.7, 8, 10, 100, "1,000", 2009, 2006, 2018, 1998, 16, 0.6, 1, 0.5, 200, 20, "100,000", "1,000,000", 128, 10⁹, 10¹²]
# ---

# %% [markdown]
# # The data do not fit
#
# Forty points lie in four envelopes, and nobody may carry points from one envelope to
# another. Can EM still be run on all forty? (To copy, each runs alone: [a file in
# pieces](#the-program), [a CSV file](#a-csv-file), [all cores](#all-cores), [a
# cluster](#a-cluster), [counted rows](#counted-rows).)

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
import em.adding
from em.figures import scale as draw
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
forty = np.concatenate(
    [np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)]
)
guess = Normals([1.1, 9], [2, 1.7])
draw.envelopes(forty, guess, 20)

# %% [markdown]
# ## Try it
#
# **1. Predict:** what must an envelope report, so that nobody needs its points?
# *Press **Share out**.*
#
# <details markdown><summary>See why</summary>
#
# Three numbers for each bell: how many points' worth it was given, $\sum r$; the sum of
# these points, $\sum r x$; and the sum of their squares, $\sum r x^2$. A weighted mean and a
# weighted width are made of nothing else.
#
# </details>
#
# **2. Predict:** where would the bells go, had all forty points been in one envelope?
# *Press **Re-estimate**, and compare with [two groups of points](normals.py).*
#
# <details markdown><summary>See why</summary>
#
# To exactly the same place. A sum does not care into which pieces it is cut.
#
# </details>
#
# **3. Predict:** with a million points in each envelope, how much longer are the reports?
#
# <details markdown><summary>See why</summary>
#
# Not at all: three numbers a bell, whether an envelope holds ten points or a million. That is
# why EM travels so well.
#
# </details>
#
# ## By hand
#
# One bell, and two envelopes. In the first lie the points 1 and 3, with shares 1 and 1/2; in
# the second lies 4, with share 1/2.
#
# | envelope | Σ r | Σ r x | Σ r x² |
# | --- | --- | --- | --- |
# | first | {{ 1 + 0.5 : .1f }} | {{ 1 * 1 + 0.5 * 3 : .1f }} | {{ 1 * 1 + 0.5 * 9 : .1f }} |
# | second | {{ 0.5 : .1f }} | {{ 0.5 * 4 : .1f }} | {{ 0.5 * 16 : .1f }} |
# | total | {{ 2.0 : .1f }} | {{ 4.5 : .1f }} | {{ 13.5 : .1f }} |
#
# The mean is {{ 4.5 : .1f }} ÷ {{ 2.0 : .1f }} = {{ 4.5 / 2 : .2f }}. The variance is
# {{ 13.5 : .1f }} ÷ {{ 2.0 : .1f }} less the square of that mean,
# {{ 13.5 / 2 - (4.5 / 2) ** 2 : .4f }}.
#
# Such totals are called **sufficient statistics**: given them, the M-step has no further
# question to ask of the data. The E-step works out what they are *expected* to be. All
# that depends on the number of observations is a sum over them.
#
# ## The program
#
# A million numbers on a disk, {{ 8 * 1_000_000 / 1e6 : .0f }} MB, written and read 50,000
# at a time, so that they are never all in memory. Put in are means of 0 and 6, and widths of
# 1 and 2. To be pasted into an empty Python:

# %% tags=["program"]
import tempfile

import numpy as np

rng = np.random.default_rng(0)
mean, std = np.array([-1, 8]), np.array([1.5, 1.5])  # a guess
weight = np.array([0.5, 0.5])
with tempfile.TemporaryFile() as file:
    for _ in range(20):
        rng.normal([0, 6], [1, 2], (25_000, 2)).tofile(file)
    for _ in range(25):
        total = np.zeros((3, len(mean)))  # three sums for each bell
        file.seek(0)
        while len(x := np.fromfile(file, count=50_000)):  # E-step of a piece
            z = (x[:, None] - mean) / std
            height = weight * np.exp(-z * z / 2) / std
            share = height / height.sum(axis=1, keepdims=True)
            total += np.stack([np.ones(len(x)), x, x * x]) @ share
        # M-step, from the totals alone
        weight, mean = total[0] / total[0].sum(), total[1] / total[0]
        std = np.sqrt(total[2] / total[0] - mean**2)
print("means", mean.round(2), "stds", std.round(2))

# %% tags=["hide"]
rng = np.random.default_rng(0)
whole = np.concatenate(
    [rng.normal([0, 6], [1, 2], (50_000, 2)).ravel() for _ in range(10)]
)
run = em.run(normals, whole, Normals([-1, 8], [1.5, 1.5]))
*_, step = islice(run, 26)
np.testing.assert_allclose(mean, step.params.means, rtol=1e-9)
np.testing.assert_allclose(std, step.params.stds, rtol=1e-9)
np.testing.assert_allclose(weight, step.params.weights, rtol=1e-9)

# %% [markdown]
# (`np.fromfile` reads raw 8-byte floats, as `tofile` writes them; of a CSV file it makes nonsense,
# without complaint. For that, copy `pieces_of` from [below](#a-csv-file), and let
# `for x in pieces_of("points.csv"):` take the place of the `while`.)
#
# ## The same in the package
#
# For data in pieces, `em.fit` takes a `map`. That is the sign that what it is given are
# pieces, and it says who works on them; here Python's own `map`, one piece after another.

# %% tags=["alone"]
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

rng = np.random.default_rng(1)
x = rng.normal([0, 6], [1, 2], (10_000, 2)).ravel()
start = Normals([-1, 8], [1.5, 1.5])

pieces = np.array_split(x, 16)
cut = em.fit(normals, pieces, start, map=map, tol=1e-4)
plain = em.fit(normals, x, start, tol=1e-4)

print("steps", len(cut.steps) - 1, "and", len(plain.steps) - 1)
same = np.allclose(cut.params.means, plain.params.means, rtol=0, atol=1e-12)
print("means", plain.params.means.round(4), "equal to 1e-12:", same)

# %% tags=["hide"]
assert abs(cut.log_likelihood / plain.log_likelihood - 1) < 1e-12

# %% [markdown]
# Pieces are anything that can be gone through again and again, as every step does. For raw floats
# on a disk: `np.array_split(np.memmap("points", float, "r"), 100)`.
#
# ### A CSV file
#
# Write a function that yields arrays, and hand it over, not called:

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
np.testing.assert_allclose(table.params.means, plain.params.means, rtol=1e-9)

# %% [markdown]
# The text is read anew at every step: a large one is better turned into raw floats once. (With
# pandas, `read_csv(path, chunksize=5_000)` yields tables; for Parquet, pyarrow's
# `ParquetFile(path).iter_batches()` yields batches of rows.)
#
# ### What is added up
#
# What a model adds up is what its M-step is made of: what each bell is given, and the answer to
# that.

# %% tags=["hide"]
em.show(normals.credited)

# %% tags=["hide"]
em.show(normals.answer)

# %% [markdown]
# Two things differ from the program above. Each piece measures squares from its own mean,
# and means are merged so that no digits are lost
# ([why](#sums-that-lose-their-digits)). And pieces are added two and two, as in a knock-out
# cup, so that rounding does not grow with their number:

# %% tags=["hide"]
em.show(em.adding.total)

# %% [markdown]
# All models of the package add up so, but for lifetimes. (A piece for the hidden Markov model is
# a whole series.) A model of your own needs two functions beside its `e_step`:
# `credited(data, posterior)`, which returns sums, and `answer(sums)`. The sums may be any array.
#
# ## All cores
#
# Hand over the map of a pool of threads. The pieces are then added up side by side, with the
# same answer. Whether that is quicker, the table below tells:

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
# Only the thread that holds *Python's lock* may run Python. NumPy lets go of it inside each
# operation on an array, and there threads work side by side; between operations one waits for
# the other. Measured once, on a quiet machine with two cores, four million points in eight pieces:
#
# | who adds up | time, against one thread |
# | --- | --- |
# | two threads | {{ THREADS : .2f }} |
# | two processes that read their pieces from a file, at every step | {{ PROCESSES : .1f }} |
# | two [Dask workers](#a-cluster) that hold their pieces | {{ WORKERS : .1f }} |
#
# So here threads save a fifth of the time, and the others cost time. For larger models, or more
# cores, it says nothing: time one fit with `map=map`, and one with `map=pool.map`. (A process
# pool's `map` sends each piece to another process at every step: send it where the points lie,
# and not the points.)
#
# ## A cluster
#
# With [Dask](https://docs.dask.org), the same on a hundred machines:
#
# ```sh
# [[install]] dask distributed
# ```
#
# Each piece is read *by the worker* that will keep it. (In a program of your own, leave
# `processes=False` out, and put what follows the functions under `if __name__ == "__main__":`.)

# %% tags=["alone"]
import numpy as np
from dask.distributed import Client, LocalCluster

import em
from em.cluster import over
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
# For real machines, one line changes: `Client(cluster)` is given another cluster, from
# [dask-jobqueue](https://jobqueue.dask.org) for Slurm and its like,
# [dask-kubernetes](https://kubernetes.dask.org), or a
# [cloud](https://docs.dask.org/en/stable/deploying.html), or the address of a scheduler.
# If a worker dies, its pieces are read again by others, and the fit goes on to the same answer:
# one of our tests kills a worker in the middle. (That works for pieces made by `client.map`,
# which Dask knows how to make again; not for data sent from your machine by `scatter`.)
#
# <details markdown><summary>Go deeper</summary>
#
# Dask tells its workers to give memory back at once. NumPy then asks for it again for every
# block, which on our machine more than doubled the time of a step. Before the cluster is made:
# `dask.config.set({"distributed.nanny.pre-spawn-environ.MALLOC_MMAP_THRESHOLD_": 2**28})`.
#
# </details>
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
# handing out a piece), 100 steps, with pieces of ten million points, should take:
#
# | cores | 10⁹ points, {{ 10**9 // ROWS : d }} pieces | 10¹² points, {{ 10**12 // ROWS : d }} pieces |
# | --- | --- | --- |
# | 1 | {{ took(10**9, 1) : s }} | {{ took(10**12, 1) : s }} |
# | 16 | {{ took(10**9, 16) : s }} | {{ took(10**12, 16) : s }} |
# | 1,000 | {{ took(10**9, 1000) : s }} (only 100 have work) | {{ took(10**12, 1000) : s }} |
#
# This is arithmetic, not a measurement, and leaves out reading. With 1,000 cores, handing out
# pieces one by one takes longer than the work: make pieces larger, or add up sums on the workers.
#
# ## Counted rows
#
# Sometimes a large data set is a small one in disguise. A million sequences of ten flips:
# each has 0, 1, …, or 10 heads, so there are eleven different ones.

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
# Counting is the first thing to try, before any cluster. (Kallisto's
# [classes of reads](transcripts.py) are this.)
#
# ## One pass: online EM
#
# With data that keep coming, or that are costly to read, one would like to learn from each lot
# once and forget it. Keep the sums as a *moving average*, and let the M-step answer it after
# every lot:
#
# $$ s \leftarrow (1 - \gamma_t)\, s + \gamma_t\, s(\text{lot } t), \qquad
#    \gamma_t = t^{-\alpha}, \quad \tfrac12 < \alpha \le 1 . $$
#
# This is **online EM** (Cappé and Moulines, *On-line expectation–maximization algorithm for
# latent data models*, 2009, doi 10.1111/j.1467-9868.2009.00698.x). The early lots were shared
# out under a poor guess. With $\alpha = 1$ they count as much as any other for ever; with
# $\alpha = 0.6$, which the authors found to work well, they are soon forgotten, and the price
# is more noise in the end.


# %%
def stream(lots=1_000, each=100):
    rng = np.random.default_rng(3)
    for _ in range(lots):
        bell = rng.random(each) < 0.4
        yield np.where(bell, rng.normal(0, 1, each), rng.normal(5, 1.5, each))


begin = Normals([1, 3], [2, 2])
*_, seen = em.online(normals, stream(), begin, power=0.6)
batch = em.fit(normals, np.concatenate([*stream()]), begin)
print("one pass: ", seen.params.means.round(2), seen.params.stds.round(2))
print("batch EM: ", batch.params.means.round(2), batch.params.stds.round(2))
print("batch EM went through all of it", len(batch.steps), "times")

# %% tags=["hide"]
everything = np.concatenate([*stream()])


def average(params):
    return normals.e_step(everything, params)[1] / len(everything)


def passing(power):
    kept = np.unique(np.geomspace(1, 1_000, 24).astype(int))
    seen = list(em.online(normals, stream(), begin, power=power))
    seen = [seen[number - 1] for number in kept]
    return draw.Curve(
        f"online, α = {power:g}",
        np.array([one.observations for one in seen]),
        np.array([average(one.params) for one in seen]),
    )


online, slow = passing(0.6), passing(1.0)
looked = len(everything) * np.arange(1.0, len(batch.steps))
draw.one_pass(
    [
        online,
        slow,
        draw.Curve(
            "batch, every pass",
            looked,
            batch.log_likelihoods[1:] / len(everything),
        ),
    ],
    batch.log_likelihood / len(everything),
    "The average log-likelihood of all observations, over how many had been looked at. Before "
    "batch EM has made its first step, online EM has nearly arrived. Dotted: where batch "
    "EM ends.",
)

# %% [markdown]
# When batch EM has taken its first step, online EM has seen everything once and stands at
# {{ online.log_likelihoods[-1] : .4f }} on average; batch EM ends at
# {{ batch.log_likelihood / len(everything) : .4f }} after {{ len(batch.steps) : d }} passes.
# Online EM has no promise that
# the likelihood never falls, and no natural moment to stop.
#
# Prefer it for streams and for first guesses; prefer batch EM where the data can be read
# again and the last digits matter. The score that comes with each lot, `seen.log_likelihood`,
# is of data not yet learned from, and so an honest one.
#
# ## What could go wrong
#
# ### Pieces that differ in kind
#
# Batch EM does not mind how observations are dealt to pieces. Online EM does: it trusts the
# latest. The same stream, sorted:

# %%
ordered = np.array_split(np.sort(np.concatenate([*stream()])), 1_000)
try:
    *_, last = em.online(normals, ordered, begin)
    print("means", last.params.means.round(2))
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# Both bells have moved to what came last, and the first half is forgotten. Shuffle first.
#
# ### Sums that lose their digits
#
# The program above takes a variance as $\sum r x^2 / \sum r$ less the square of the mean. That
# is fine near 0. A hundred million away, both are about $10^{16}$, where numbers lie
# {{ np.spacing(1e16) : .0f }} apart:

# %%
y = np.random.default_rng(4).normal(0, 1, 10_000)
far_off = y + 1e8
naive = (far_off**2).mean() - far_off.mean() ** 2

one = em.fit(normals, np.split(far_off, 4), Normals([1e8], [2]), map=map)
print(f"true variance  {y.var():.6f}")
print(f"by squares     {naive:.6f}")
print(f"by the package {one.params.stds[0] ** 2:.6f}")

# %% [markdown]
# So the package's pieces report size, mean and squares *about that mean*, and two reports are
# merged by the rule of Chan, Golub and LeVeque (1983). Or take off a common value before you
# begin.
#
# ### A start made from one piece
#
# k-means on the first piece is a natural start. If pieces are days, or cities, the first may
# lack a group entirely. Make the start from some rows of *every* piece.
#
# ### Pieces that are gone after one pass

# %%
try:
    em.fit(normals, iter(pieces), start, map=map)
except TypeError as error:
    print(str(error).split(",")[1].strip())

# %% [markdown]
# A generator runs dry after the first step. Hand over the function that makes it, not called.
#
# ### One bad value among a billion

# %%
spoilt = [x[:1000], np.append(x[:3], np.nan)]
try:
    em.fit(normals, spoilt, start, map=map)
except ValueError as error:
    print(error)

# %% [markdown]
# The error names the piece and the row, wherever it happened.
#
# ## Exercises
#
# **1.** *Predict*: which numbers must an envelope report for coins: flips that came from one of
# two coins, with a column of heads and a column of tails?
#
# <details markdown><summary>Solution</summary>

# %%
from em.models import coins

flips, guess = Flips([5, 9], [5, 1]), Coins([0.6, 0.5])
given, _ = coins.e_step(flips, guess)
reports = coins.credited(flips, given)
print("heads", reports.heads.round(2))
print("tails", reports.tails.round(2))
print("sequences", reports.sizes.round(2))

# %% [markdown]
# Heads and tails credited to each coin, and how many sequences: the last is for the mixing
# weights.
#
# </details>
#
# **2.** *Predict*: for groups of points in ten dimensions with full covariances, how many
# numbers does a piece report for each group?
#
# <details markdown><summary>Solution</summary>
#
# One size, {{ d : d }} means, and {{ d * (d + 1) // 2 : d }} numbers of the scatter, which is
# symmetric: together {{ 1 + d + d * (d + 1) // 2 : d }}.
# It grows with the square of the dimension, but still not with the number of points.
#
# </details>
#
# **3.** With $\alpha = 1$ and a single bell, nothing is hidden. *Predict* what online EM ends
# with.
#
# <details markdown><summary>Solution</summary>

# %%
lots = np.split(y, 50)
*_, only = em.online(normals, lots, Normals([3], [1]), power=1)
print(only.params.means.round(10), only.params.stds.round(10))
print(y.mean().round(10), y.std().round(10))

# %% [markdown]
# With the plain mean and the plain standard deviation: $\gamma_t = 1/t$ makes the moving
# average the average.
#
# </details>
#
# ## Where to read on
#
# [One-dimensional bells](normals.py) for the steps that were cut here; [counts](counts.py) for
# series, of which each is a piece. Neal and Hinton, *A view of the EM algorithm that justifies
# incremental, sparse, and other variants* (1998), is the older way to learn from part of
# the data at a time: it keeps every observation's shares. Chu and others, *Map-reduce for
# machine learning on multicore* (NIPS 2006), list EM among the algorithms that are sums. Spark's
# `GaussianMixture` adds up the same statistics; pomegranate (Schreiber, *Journal of Machine
# Learning Research* 2018) calls the two functions `summarize` and `from_summaries`. More on the
# [resources page](resources.md).
