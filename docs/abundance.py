# ---
# title: kallisto's numbers, to the last digit
# order: 40.2
# section: Use
# question: How does a real program use EM, and can I get its exact numbers?
# description: >-
#   The model behind kallisto, its example recomputed to the last digit, your own reads, its rule
#   for when to stop and what that rule leaves out.
# numbers: own
# allow: [15, 20, "0.48", "0.52", "0.45", 52, "0.01", "10,000", 14, 200, 800, 801, "800,000", "200,000", 30, "1,000", 1000]
# ---

# %% [markdown]
# # kallisto's numbers, to the last digit
#
# [Five reads and a program of thirteen lines](transcripts.py) is the idea. Does a real program do
# nothing else? kallisto comes with an example: 14 human transcripts and 10,000 pairs of reads. We
# take from it which transcripts each pair fits, and compare our abundances with its own.

# %% tags=["hide"]
import json
from itertools import combinations

import numpy as np

import em
from em.figures import transcripts as draw
from em.kallisto import files
from em.kallisto.lengths import effective_lengths
from em.kinds.read_classes import Classes
from em.models import transcripts

table = files.read_abundance(em.data("kallisto/abundance.tsv"))
fragments = files.read_fragments(em.data("kallisto/flens.txt"))
example = files.read_classes(
    em.data("kallisto/pseudoalignments.ec"),
    em.data("kallisto/pseudoalignments.tsv"),
    effective_lengths(table.length, fragments),
)
draw.overlaps(
    example,
    [name.split(".")[0][-6:] for name in table.names],
    "The classes of kallisto's example. A row is a transcript (the last digits of its name). "
    "Left: the pairs that fit it alone. Right: each column is a class of several "
    "transcripts, with its count on top.",
)

# %% [markdown]
# **You will be able to** recompute kallisto's table, for its example or for your own reads, and to
# judge when it stops. **About MINUTES minutes. To know first:** [how kallisto uses
# EM](transcripts.py).
#
# ## Only the classes matter
#
# Two reads that fit the same transcripts are split alike at every step, so there is no need to keep
# them apart. All reads that fit exactly the same set of transcripts make a **class**. A class needs
# two facts: which transcripts, and how many reads. A real experiment has tens of millions of reads,
# and some hundred thousand classes. The counts are **sufficient**: the likelihood depends on the
# reads through nothing else.
#
# A long transcript is torn into more fragments than a short one, so it gives more reads for each
# copy. What counts is its **effective length** $l_t$, the number of places where a fragment can
# start. A transcript of 1,000 letters has 801 places for a fragment of 200. Fragments are not all
# of one length, so kallisto takes their mean. No fragment is longer than its transcript, so it is
# the mean over those that fit:

# %%
from em.kallisto.lengths import effective_lengths, normal_fragments

print(effective_lengths([1000], normal_fragments(200, 1)))

# %% tags=["hide"]
em.show(effective_lengths)

# %% [markdown]
# ## The model
#
# Call $\alpha_t$ the number of reads that come from transcript $t$, and $n_c$ the number of reads
# in class $c$. A read comes from $t$ with probability $\alpha_t / \sum_s \alpha_s$, and then from
# each of its $l_t$ places equally often. The log-likelihood is, but for a constant,
#
# $$ \log L(\alpha) = \sum_c n_c \log \sum_{t \in c} \frac{\alpha_t}{l_t} , $$
#
# with $\alpha$ scaled to a sum of one. The E-step splits the reads of each class in proportion to
# $\alpha_t / l_t$, and the M-step counts:
#
# $$ \alpha_t \leftarrow \sum_{c \ni t} n_c \,
#    \frac{\alpha_t / l_t}{\sum_{s \in c} \alpha_s / l_s} . $$
#
# A class has a handful of transcripts out of two hundred thousand, so its row in the table
# `members` is nearly all zeros, and only the ones are stored. The sums of the formula are then two
# products (`@`):

# %% tags=["hide"]
em.show(transcripts.e_step)

# %% tags=["hide"]
em.show(transcripts.credited)

# %% tags=["hide"]
em.show(transcripts.answer)

# %%
import numpy as np

import em
from em.kallisto import files, stopping
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

five = Classes(
    members=[[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]],
    counts=[1, 1, 1, 1, 1],
    lengths=[1, 1, 1],
)
fit = em.fit(transcripts, five, Abundances([1 / 3, 1 / 3, 1 / 3]))
print((fit.params.alpha / 5).round(5), f"{fit.log_likelihood:.4f}")

# %% [markdown]
# ## The real program
#
# When to stop? kallisto has a rule of its own: at least 52 steps, and no abundance above 0.01 reads
# may have changed by more than 1 % in the last one. `em.fit` takes such a rule as `until`. After
# that kallisto sets to zero what is below $10^{-8}$ reads, and does exactly one more step.

# %% tags=["hide"]
em.show(stopping.converged)

# %% tags=["hide"]
em.show(stopping.calm)

# %% tags=["hide"]
em.show(stopping.last_round)

# %%
table = files.read_abundance(em.data("kallisto/abundance.tsv"))
fragments = files.read_fragments(em.data("kallisto/flens.txt"))
lengths = effective_lengths(table.length, fragments)
classes = files.read_classes(
    em.data("kallisto/pseudoalignments.ec"),
    em.data("kallisto/pseudoalignments.tsv"),
    lengths,
)
start = Abundances(np.full(14, 1 / 14))
early = em.fit(
    transcripts, classes, start, until=stopping.converged, max_iter=10_000
)
ours = stopping.last_round(classes, early.params)
tpm = transcripts.tpm(classes, ours)

print("           est_counts        tpm")
print("          ours kallisto  ours kallisto")
for name, *row in zip(
    table.names, ours.alpha, table.est_counts, tpm, table.tpm, strict=True
):
    print(name[9:15], " ".join(f"{value:>7.6g}" for value in row))

# %% [markdown]
# *tpm* is transcripts per million: $\alpha_t / l_t$, scaled to a sum of one million. It compares
# numbers of copies, where $\alpha$ compares numbers of reads. Are they equal in all the digits that
# kallisto prints?


# %%
def digits(values):
    return [f"{value:.6g}" for value in values]


same = np.equal(digits(ours.alpha), digits(table.est_counts))
print(f"est_counts: {same.sum()} of {len(same)} equal")
same = np.equal(digits(tpm), digits(table.tpm))
print(f"tpm:        {same.sum()} of {len(same)} equal")
print(f"after {len(early.steps) - 1} steps and one more")

# %% [markdown]
# All of them, in this example.
#
# ## Your own reads
#
# Let kallisto sort the reads into classes. These lines ran with `kallisto 0.52` and `bustools
# 0.45`; `a` and `b` stand for your two files of reads, `index` for your index:
#
# ```sh
# kallisto quant -i index -o quant --plaintext a b
# kallisto bus -i index -o bus -x bulk --paired a b
# bustools sort -o sorted.bus bus/output.bus
# bustools text -p sorted.bus | cut -f 3,4 > bus/counts.tsv
# ```
#
# Then put the paths of your files in the place of the first four. Here they are the example's ([how
# they were made](data/kallisto/SOURCE.txt): two are from `kallisto pseudo`, a command of `0.48`
# that now prints a message and stops).

# %%
from collections import defaultdict


def twins_in(classes):
    """Transcripts that fit exactly the same reads, in groups."""
    columns = classes.members.tocsc()
    found = defaultdict(list)
    for t, rows in enumerate(np.split(columns.indices, columns.indptr[1:-1])):
        found[tuple(rows)].append(t)
    return [group for rows, group in found.items() if len(group) > 1 and rows]


quant = em.data("kallisto/abundance.tsv")  # "quant/abundance.tsv"
flens = em.data("kallisto/flens.txt")  # "bus/flens.txt"
ec = em.data("kallisto/pseudoalignments.ec")  # "bus/matrix.ec"
counted = em.data("kallisto/pseudoalignments.tsv")  # "bus/counts.tsv"

table = files.read_abundance(quant)
fragments = files.read_fragments(flens)
classes = files.read_classes(
    ec, counted, effective_lengths(table.length, fragments)
)
alone = classes.members[classes.members.sum(axis=1) == 1].sum(axis=0) > 0
print("twins:", [[table.names[t] for t in two] for two in twins_in(classes)])
print(f"with reads of their own: {alone.sum()} of {len(alone)}")

start = Abundances(np.ones(len(table.names)))
fit = em.fit(
    transcripts, classes, start, until=stopping.converged, max_iter=10_000
)
mine = stopping.last_round(classes, fit.params)
off = np.abs(mine.alpha - table.est_counts).max()
print(f"largest difference from kallisto: {off:.4f} reads")

# %% tags=["hide"]
pair = Classes([[0, 1], [0, 1, 2], [2]], [60, 20, 20], [1000, 1000, 1000])
assert twins_in(pair) == [[0, 1]]
assert np.linalg.matrix_rank(pair.members.toarray()) == 2
assert twins_in(classes) == []
assert np.linalg.matrix_rank(classes.members.toarray()) == 14
ring = Classes([[0, 1], [1, 2], [2, 3], [3, 0]], [1] * 4, [1] * 4)
even, odd = (
    em.fit(transcripts, ring, Abundances(alpha)).log_likelihood
    for alpha in ([1, 1, 1, 1], [1, 1e-9, 1, 1e-9])
)
assert abs(even - odd) < 1e-6

# %% [markdown]
# What is left is kallisto's rounding to six digits. **Twins**, which [nobody can tell
# apart](kallisto.py#where-nobody-can-tell), are listed by `twins_in`. A subtler tie is possible
# around a ring. Let four reads fit A or B, B or C, C or D, and D or A. Then one read for each of the
# four explains them as well as two for A and two for C. There is no tie of either kind if the
# *rank* of the table of classes is the number of transcripts that have a read. For small data ask
# `np.linalg.matrix_rank`; here it is {{ np.linalg.matrix_rank(classes.members.toarray()) : d }}, of
# 14.
#
# With a **single file of reads**, leave out `--paired`. Tell `quant` the mean and the standard
# deviation of the fragments (`--single -l 200 -s 30`), and put `normal_fragments(200, 30)` in the
# place of `fragments`. Give `quant` the option `--single-overhang` as well. Without it, `quant`
# strikes out transcripts that end before the fragment would, and `bus` does not.
#
# ## What stopping early does
#
# kallisto's rule looks at how far the abundances *move*, and EM moves slowly near its end. Let us
# go on until nothing moves:

# %%
best = em.fit(transcripts, classes, start, tol=1e-12, max_iter=10_000)

gap = best.log_likelihood - early.log_likelihood
error = np.abs(best.params.alpha - early.params.alpha).max()
print(f"kallisto's rule: {len(early.steps) - 1} steps")
print(f"to the end: {len(best.steps) - 1} steps")
print(f"log-likelihood short by {gap:.6f}")
print(f"largest difference: {error:.3f} reads")

# %% tags=["hide"]
draw.short_of(
    best.steps[:121],
    best.steps[-1],
    len(early.steps) - 1,
    "How far each step is from the end: the log-likelihood, and the abundance that is off "
    "by most. Straight lines on this scale: each step removes the same part of the rest.",
)

# %% [markdown]
# In this example the rule is off by {{ error : .2f }} of a read. Exercise 1 has a harder case.
# salmon 2 has its own cure: see [other programs](resources.md#salmon-and-rsem), and [faster
# EM](faster.py#can-it-be-made-faster).
#
# ## How it scales
#
# One step costs in proportion to the pairs of a class and one of its transcripts. These times were
# measured by `make bench` and are kept in [a file](data/kallisto/bench.json), because they would
# differ from build to build.

# %% tags=["hide"]
measured = json.loads(em.data("kallisto/bench.json").read_text())
pair_ns = [1e6 * time / pairs for _, pairs, time in measured["rounds"]]

# %% tags=["hide"]
draw.scaling(
    measured,
    "The time of one step, on logarithmic axes; the line goes through the largest. The smallest "
    "pays for the calls, not for the numbers. The two between take "
    f"{pair_ns[1]:.1f} and {pair_ns[2]:.1f} nanoseconds a pair, the largest {pair_ns[3]:.1f}: "
    "the processor's cache is a likely cause.",
)

# %% [markdown]
# The largest has {{ measured["rounds"][-1][0] : ,d }} classes, and a step takes
# {{ measured["rounds"][-1][2] / 1000 : .2f }} seconds. But finding out which transcripts a read
# fits, for millions of reads, is what made kallisto famous.
#
# ## What could go wrong
#
# - **Other lengths, other answers.** Take the effective lengths from the histogram of the
#   fragments. The six digits that `abundance.tsv` prints of them are too few to agree with all of
#   its other numbers.
# - **`--bias`** makes kallisto estimate the lengths anew on its way. That is another model.
#
# ## Exercises
#
# **1.** Here are 800 transcripts in families of four, with a class for every subset of a family. We
# draw the reads ourselves, so we know which transcript made each. *Predict*: is kallisto's rule
# still off by less than a read? And does going on to the end bring the answer nearer to what was
# drawn?
#
# <details markdown><summary>Solution</summary>

# %%
from itertools import combinations

rng = np.random.default_rng(4)
members = [
    [4 * family + one for one in subset]
    for family in range(200)
    for size in (1, 2, 3, 4)
    for subset in combinations(range(4), size)
]
places = rng.integers(0, 100, len(members)) ** 2 // 50 + 1
truth = Abundances(np.exp(rng.normal(0, 2, 800)))
drawn, made = transcripts.sample(truth, members, places, 800_000, rng)

start = Abundances(np.ones(800))
early_800 = em.fit(
    transcripts, drawn, start, until=stopping.converged, max_iter=10_000
)
best_800 = em.fit(transcripts, drawn, start, tol=1e-10, max_iter=100_000)

stopped, at_end = early_800.params.alpha, best_800.params.alpha
error = np.abs(stopped - at_end)
gap = best_800.log_likelihood - early_800.log_likelihood
print(f"kallisto's rule: {len(early_800.steps) - 1} steps")
print(f"to the end: {len(best_800.steps) - 1} steps")
print(f"log-likelihood short by {gap:.3f}")
print(f"off by more than a read: {(error > 1).sum()}")
print(f"largest difference: {error.max():.3f} reads")
print("mean distance from what was drawn, in reads:")
print(f"   kallisto's rule {np.abs(stopped - made.sum(axis=0)).mean():.3f}")
print(f"   to the end      {np.abs(at_end - made.sum(axis=0)).mean():.3f}")

# %% [markdown]
# So kallisto's answer is not the maximum of the likelihood: {{ (error > 1).sum() : d }} of the 800
# abundances are off by more than a read, one by {{ error.max() : .1f }}. Look at the last two
# lines, though. Measured against what was drawn, the many extra steps change next to nothing. In
# this draw, how far both are from it is mostly the doing of the data, not of the rule.
#
# </details>
#
# **2.** *Predict*: double all the effective lengths. Which numbers of the table change?
#
# <details markdown><summary>Solution</summary>

# %%
doubled = Classes(classes.members, classes.counts, 2 * classes.lengths)
again = em.fit(
    transcripts,
    doubled,
    Abundances(np.ones(14)),
    until=stopping.converged,
    max_iter=10_000,
)
print(np.allclose(again.params.alpha, fit.params.alpha))
print(np.allclose(transcripts.tpm(doubled, again.params).sum(), 1e6))

# %% [markdown]
# None: only the ratios of the lengths matter, for `est_counts` and for `tpm`.
#
# </details>
#
# ## Where to read on
#
# Back to [what to do with your table](kallisto.py), or on to [raters who disagree](raters.py),
# where each rating is a read.
