# ---
# title: Reads to transcripts
# order: 40
# section: Use
# question: How does a real program use EM, and can I get its very numbers?
# description: >-
#   How kallisto shares sequencing reads out among transcripts by Expectation Maximisation:
#   five reads by hand, where nobody can tell, and its real output to the last digit.
# numbers: own
# allow: ["0.48", "0.52", "0.45", 500, "1104.3889", "0.51", "0.11", 31, 63, "10.12688", 7563.1, "10.1186", 12, 323, "10.1038", 4197, 4324, "10.1371", 1013692, 2017, "10,000", 12, 14, 20, 52, 60, 75, 100, 200, 201, 800, 801, 900, "1,000", 1000, "0.01", 2011, 2015, 2016, 34, 95, 1.3, "800,000", "200,000", 10]
# ---

# %% [markdown]
# # Reads to transcripts: EM at work in kallisto
#
# A cell holds copies of three texts: red, green and blue. We see five scraps, torn from the
# copies. One fits all three texts, three fit two of them, one fits red alone. How many of
# the copies are red?
#
# (In a hurry, with an `abundance.tsv`: [what to do with your table](#what-to-do-with-your-table).)

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import transcripts as draw
from em.figures.reads import reads_live
from em.models import transcripts
from em.models.transcripts import Abundances
from em.read_classes import Classes

scraps = Classes([[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]], [1] * 5, [1] * 3)
taken = list(islice(em.run(transcripts, scraps, Abundances([1 / 3] * 3)), 13))
parts = [step.params.alpha / step.params.alpha.sum() for step in taken]
reads_live()

# %% [markdown]
# ## Try it
#
# **1. Predict:** the guess is a third of each. How is the scrap cut that fits all three? And the
# one that fits red alone? *Press **Share out**.*
#
# <details markdown><summary>See why</summary>
#
# In three thirds: nothing tells the three apart yet. The last one goes whole to red, now and at
# every step. A scrap is never given to a text that it does not fit.
#
# </details>
#
# **2. Predict:** now count what each text was given. Who gains? *Press
# **Re-estimate**.*
#
# <details markdown><summary>See why</summary>
#
# Red, to {{ parts[1][0] : .3f }}: it has one scrap of its own. And so red becomes the better
# explanation of the scraps that it shares, and gets more of those, too.
#
# </details>
#
# **3. Predict:** will red take everything in the end? *Press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# No. The scrap that fits green and blue stays with them, whatever red does. Red ends at
# {{ 1 - (7 - 17**0.5) / 8 : .4f }}.
#
# </details>
#
# ## A puzzle with torn copies
#
# A cell keeps its recipes in the DNA. To use one, it writes out a copy, a **transcript**:
# a text of some thousand letters. Which transcripts a cell holds, and how many of each,
# says what the cell is doing. We would like to count them.
#
# The usual sequencing machines cannot read a transcript from end to end. The transcripts are torn
# into short fragments, and the machine reads the letters at the ends of millions of them.
# Such a piece of text is a **read**, our scrap. And here is the difficulty: one gene often gives
# several transcripts that have whole passages in common. A read from a common passage fits
# them all. The **latent variable** is the transcript that a read came from.

# %% tags=["hide"]
draw.puzzle(
    "Three transcripts, called red, green and blue, and five reads. A dotted line: this "
    "passage is missing here. The first read fits red, green and blue; only the last one "
    "says where it came from."
)

# %% [markdown]
# ### How kallisto decides that a read fits
#
# It cuts every transcript into all its pieces of $k$ letters, its **k-mers** ($k = 31$ unless you
# say otherwise), and keeps an index of which transcripts hold each of them. It cuts the read in the
# same way, and looks its k-mers up. The read fits the transcripts that hold *all* of its k-mers
# that are found. One spoilt by a misread letter is as a rule found nowhere, and is passed
# over.
#
# To decide this, it does not ask where in a transcript the read lies, nor how well each letter
# matches: hence the name *pseudoalignment*, and the speed. A read either fits or does not. Of a pair of reads, from the
# two ends of a fragment, both have to fit (an end of which nothing is found has no say).
#
# ## Five reads by hand
#
# The example is Lior Pachter's (2011); the transcripts are equally long. **Guess**: a third of each.
#
# **Share out**: each read is split among the transcripts that it fits, in proportion to
# their abundances. At first these are equal, so the first read goes in three thirds, the
# next three in halves, and the last whole to red. **Re-estimate**: count. Red has
# $\frac13 + \frac12 + \frac12 + 1$ reads of the five, green and blue
# $\frac13 + \frac12 + \frac12$ each:

# %%
red = (1 / 3 + 1 / 2 + 1 / 2 + 1) / 5
green = blue = (1 / 3 + 1 / 2 + 1 / 2) / 5
print(f"red {red:.4f}, green {green:.4f}, blue {blue:.4f}")

# %% [markdown]
# **Share out again**, by these: the first read goes to red, green and blue in the proportions just
# found; of the read that fits red and green, red gets
# {{ red / (red + green) : .3f }}. **Repeat.** For so small a case the end of all steps can be worked
# out with paper and pencil: green and blue get $g = (7 - \sqrt{17})/16$ each.
#
# ## The program
#
# To be pasted into an empty Python that has NumPy. A row of the table is a read; a 1 says that it
# fits:

# %% tags=["program"]
import numpy as np

fits = np.array(  # red, green, blue
    [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0]]
)
abundance = np.array([1 / 3, 1 / 3, 1 / 3])  # a guess

for step in range(1, 13):
    # E-step: cut each read among what it fits, in proportion to abundance
    share = fits * abundance
    share = share / share.sum(axis=1, keepdims=True)
    # M-step: count what each transcript was given
    abundance = share.sum(axis=0) / len(fits)
    print(step, abundance.round(4))

# %% tags=["hide"]
np.testing.assert_allclose(abundance, parts[12], rtol=1e-9)

# %%
g = (7 - np.sqrt(17)) / 16
print(f"pencil [{1 - 2 * g:.4f} {g:.4f} {g:.4f}]")

# %% [markdown]
# ## Where nobody can tell
#
# Before anything larger, what a user of such programs should know first. Suppose that
# transcripts 0 and 1 are equally long and that every read which fits one of them fits the other
# too. Then the likelihood contains only their sum. It is flat along the line where one gains what
# the other loses, and EM ends on that line where its start sends it. (`em` is the package behind
# these pages; [one line installs it](index.py#the-same-with-the-package).)

# %%
import em
from em.models import transcripts
from em.models.transcripts import Abundances
from em.read_classes import Classes

# 60 reads fit 0 and 1, 20 fit all three, 20 fit 2 alone.
twins = Classes([[0, 1], [0, 1, 2], [2]], [60, 20, 20], [1000, 1000, 1000])

ends = []
for alpha in ([1, 1, 1], [9, 1, 1]):
    end = em.fit(transcripts, twins, Abundances(alpha))
    ends.append(end.params.alpha)
    print(end.params.alpha.round(3), f"{end.log_likelihood:.6f}")

# %% [markdown]
# Two answers, one likelihood. The sum of the two,
# {{ ends[0][:2].sum() : .0f }} reads, is determined by the data. The split says nothing but how we
# began: it is not **identified**. A uniform start, such as kallisto's, splits evenly, and that
# looks like knowledge and is none.
#
# If the lengths differ, nothing but the lengths tells the two apart: at the peak the shorter one
# has all the reads and the other 0 (exercise 2). A program that stops early may stop on the way.
#
# ### Which transcripts are twins?
#
# Those that fit exactly the same reads. That is quick to look up (with reads of your own, see
# [below](#your-own-reads)):


# %%
from collections import defaultdict


def twins_in(classes):
    columns = classes.members.tocsc()
    found = defaultdict(list)
    for t, rows in enumerate(np.split(columns.indices, columns.indptr[1:-1])):
        found[tuple(rows)].append(t)
    return [group for rows, group in found.items() if len(group) > 1 and rows]


print("twins:", twins_in(twins))

# %% tags=["hide"]
assert twins_in(twins) == [[0, 1]]
ring = Classes([[0, 1], [1, 2], [2, 3], [3, 0]], [1] * 4, [1] * 4)
even, odd = (
    em.fit(transcripts, ring, Abundances(alpha)).log_likelihood
    for alpha in ([1, 1, 1, 1], [1, 1e-9, 1, 1e-9])
)
assert abs(even - odd) < 1e-6

# %% [markdown]
# <details markdown><summary>Go deeper</summary>
#
# A subtler tie is possible, around a ring: if four reads fit A or B, B or C, C or D, and D or A,
# then one read for each of the four explains them as well as two for A and two for C. If the
# *rank* of the table of classes is the number of transcripts that have a read, there is no tie of
# either kind. For small data ask `np.linalg.matrix_rank`; here it is
# {{ np.linalg.matrix_rank(twins.members.toarray()) : d }}, of three.
#
# </details>
#
# ### What that means for genes
#
# Twins are often transcripts of one gene. Then the *gene* can be counted although its transcripts
# cannot:
#
# | row of the table | from an even start | from another | what the reads say |
# | --- | --- | --- | --- |
# | transcript 0 | {{ ends[0][0] : .1f }} | {{ ends[1][0] : .1f }} | anything from 0 to {{ ends[0][:2].sum() : .0f }} |
# | transcript 1 | {{ ends[0][1] : .1f }} | {{ ends[1][1] : .1f }} | anything from 0 to {{ ends[0][:2].sum() : .0f }} |
# | gene of 0 and 1 | {{ ends[0][:2].sum() : .1f }} | {{ ends[1][:2].sum() : .1f }} | this number |
# | transcript 2 | {{ ends[0][2] : .1f }} | {{ ends[1][2] : .1f }} | this number |
#
# - **Ask your question of sums that the reads determine**: as a rule of genes, or of groups of
#   transcripts that share nearly all their reads. Sum first, compare samples after.
# - **A transcript at 0 need not be absent**, and one with 500 reads need not be there: its twin may
#   have got its reads, or given them. Has it reads of its own? `abundance.tsv` does not say; the
#   [classes](#your-own-reads) do, and salmon's file `aux_info/ambig_info.tsv`.
# - **The sums are not always genes.** Two genes that are nearly copies of each other (a family, a
#   pseudogene) share reads, too; then only the sum over both is determined.
#
# ### Determined is not certain: the bootstrap
#
# That the sum is determined does not say that it is certain: another sample of a hundred reads
# would give another sum. How far would it move? Draw the reads anew from those that we have, as
# many as there were, and fit again, many times over. This is the **bootstrap**:

# %%
rng = np.random.default_rng(1)
again = []
for _ in range(500):
    counts = rng.multinomial(100, twins.counts / 100)
    drawn = Classes(twins.members, counts, [1000, 1000, 1000])
    again.append(em.fit(transcripts, drawn, Abundances([1, 1, 1])).params.alpha)
sums = np.array(again)[:, :2].sum(axis=1)
low, high = np.quantile(sums, [0.025, 0.975])
print(f"sum of the twins: standard error {sums.std():.1f}")
print(f"95 % of the samples between {low:.0f} and {high:.0f}")
print(f"transcript 0 alone: {np.array(again)[:, 0].std():.1f}")

# %% [markdown]
# The sum is {{ ends[0][:2].sum() : .0f }}, give or take {{ sums.std() : .1f }}. And look at the last
# line: for transcript 0 alone the bootstrap gives a *smaller* number,
# {{ np.array(again)[:, 0].std() : .1f }}, although the reads allow it anything from 0 to
# the whole sum. Every sample was split
# evenly, because every fit began evenly. **The bootstrap shows how an answer varies, not whether it
# is identified.** kallisto does the same with `-b 100`. (It is about the sequencing alone. Differences
# between animals come on top, and replicates show those.)
#
# ## What to do with your table
#
# kallisto's `abundance.tsv` has a column `est_counts`, and its numbers have **decimals**. They are
# *expected* numbers of reads: one that fits three transcripts was cut in three parts, by abundance
# and length. Nothing is wrong with them. Leave the rounding to the programs: edgeR takes decimals, and
# `DESeqDataSetFromTximport` rounds the sums, since DESeq2 models whole numbers.
#
# | you compare | take | with |
# | --- | --- | --- |
# | genes, between samples | `est_counts` summed to genes, and mean lengths | tximport, then DESeq2 or edgeR |
# | transcripts, between samples | `est_counts` and the bootstraps (`-b 100`) | sleuth, edgeR (`catchKallisto`) or swish |
# | transcripts or genes within a sample | `tpm` (of twins, the sum) | nothing more |
#
# The first row, in R. `samples.tsv` has the columns `name`, the folder of each sample, and
# `condition`; `tx2gene.tsv` has two, a transcript and its gene, from the annotation behind your index:
#
# ```r
# library(tximport); library(DESeq2)
# samples <- read.delim("samples.tsv", stringsAsFactors = TRUE)
# tx2gene <- read.delim("tx2gene.tsv")
# files <- setNames(file.path(samples$name, "abundance.tsv"), samples$name)
# txi <- tximport(files, type = "kallisto", tx2gene = tx2gene)
# dds <- DESeqDataSetFromTximport(txi, samples, ~ condition)
# ```
#
# Then `results(DESeq(dds))`. (From salmon: `quant.sf`, and `type = "salmon"`.) If no
# name is found because only the files have a version (`.5`) at its end, add `ignoreTxVersion = TRUE` to `tximport`.
#
# - **tximport** (Soneson, Love and Robinson 2015) also gives each gene's mean effective length in
#   each sample, weighted by how common its transcripts are: a gene that turns to a longer transcript
#   gives more reads without being more active, and the lengths put that right. DESeq2 takes them
#   along as an offset; to edgeR you hand them over. A plain matrix, in `DESeqDataSetFromMatrix`, has
#   no lengths.
# - **3′-tagged data** are the exception: there a longer transcript gives no more reads, so you want no
#   lengths: `DESeqDataSetFromMatrix(round(txi$counts), samples, ~ condition)`, which insists on whole
#   numbers.
# - **sleuth** (Pimentel and others 2017) takes from the bootstraps how much of the scatter comes from
#   sequencing and sharing out, and not from a difference between samples; edgeR and swish use them to the same end.
#   sleuth and edgeR read `abundance.h5`, which kallisto does not write with `--plaintext`. Of a twin
#   none of them can know either.
# - **Counts are not copies.** A longer transcript gives more reads for each copy. `tpm` puts that
#   right; but its sum is fixed, so between samples it shows proportions and not amounts.
#
# ### salmon and RSEM
#
# <details markdown><summary>Go deeper</summary>
#
# Other programs run the same two steps, or nearly. What differs is what they know of a read.
#
# - **RSEM** (Li and Dewey 2011) begins with alignments. Each has a probability of its own, from
#   the letters that differ and the length of the fragment, among others. So two reads that fit the same
#   transcripts may be split differently, and no class holds both.
# - **salmon** (Patro and others 2017) has classes too, with a weight for each transcript in them,
#   which comes from the alignments and the fragments. Since version `0.11` its usual last phase is not EM but
#   a relative of it, [variational Bayes](relatives.py#variational-bayes-a-distribution-without-dice), whose small prior
#   draws small abundances towards 0; `--useEM` asks for EM.
#
# Where nobody can tell, they cannot either.
#
# </details>
#
# ### Long reads
#
# <details markdown><summary>Go deeper</summary>
#
# Some machines read a transcript from end to end, or nearly. Such a **long read** fits fewer
# transcripts, often one, and much of the puzzle goes away. The rest is the same puzzle: reads that
# break off early, or have errors, still fit several. And where each molecule gives one read,
# however long, the lengths $l_t$ below are all alike. From `0.51` on, kallisto takes long reads
# (Loving and others, *lr-kallisto*), on an index with $k = 63$, for which it has to be built
# specially. The wrapper `kb-python` brings such a build: `kb ref -k 63`, then `kb count --long`.
#
# </details>
#
# ## Only the classes matter
#
# Back to counting. Two reads that fit the same transcripts are split alike, at every step. So there is no
# need to keep them apart. All reads that fit exactly the same set of transcripts make a
# **class**, and a class needs two facts: which transcripts, and how many reads. A real
# experiment has tens of millions of reads, and some hundred thousand classes. The counts
# are *sufficient*: the likelihood depends on the reads through nothing else.
#
# One more thing. A long transcript is torn into more fragments than a short one, so it
# gives more reads for each copy. What counts is its **effective length** $l_t$: at how many
# places a fragment can start. A transcript of 1,000 letters has 801 places for a fragment
# of 200. The fragments are not all of one length, so kallisto takes their mean; and since
# no fragment is longer than its transcript, the mean over those that fit:

# %%
import json
from itertools import combinations

from em.kallisto import files, stopping
from em.kallisto.lengths import effective_lengths, normal_fragments

print(effective_lengths([1000], normal_fragments(200, 1)))

# %% tags=["hide"]
em.show(effective_lengths)

# %% [markdown]
# ## The model
#
# Call $\alpha_t$ the number of reads that come from transcript $t$, and $n_c$ the number of
# reads in class $c$. A read comes from $t$ with probability $\alpha_t / \sum_s \alpha_s$, and
# then from each of its $l_t$ places equally often. The log-likelihood is, but for a constant,
#
# $$ \log L(\alpha) = \sum_c n_c \log \sum_{t \in c} \frac{\alpha_t}{l_t} , $$
#
# with $\alpha$ scaled to a sum of one.
#
# The E-step splits the reads of each class in proportion to $\alpha_t / l_t$, and the M-step
# counts:
#
# $$ \alpha_t \leftarrow \sum_{c \ni t} n_c \,
#    \frac{\alpha_t / l_t}{\sum_{s \in c} \alpha_s / l_s} . $$
#
# ## The same in the package
#
# A class has a handful of transcripts out of two hundred thousand. So its row in the table
# `members` is nearly all zeros, and only the ones are stored. The two sums of the formula
# are then two products (`@`), one with the table and one with it turned on its side, and
# cost as much time as there are pairs of a class and one of its transcripts:

# %% tags=["hide"]
em.show(transcripts.e_step)

# %% tags=["hide"]
em.show(transcripts.credited)

# %% tags=["hide"]
em.show(transcripts.answer)

# %%
five = Classes(
    members=[[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]],
    counts=[1, 1, 1, 1, 1],
    lengths=[1, 1, 1],
)
fit = em.fit(transcripts, five, Abundances([1 / 3, 1 / 3, 1 / 3]))
print((fit.params.alpha / 5).round(5), f"{fit.log_likelihood:.4f}")

# %% [markdown]
# ## The real program, to the last digit
#
# kallisto comes with an example (here of its version 0.48): 14 human transcripts and 10,000 pairs
# of reads. We take
# from it which class each pair falls into, and compare our abundances with its own.
# Which transcripts share reads?

# %%
quant = em.data("kallisto/abundance.tsv")
flens = em.data("kallisto/flens.txt")
ec = em.data("kallisto/pseudoalignments.ec")
counted = em.data("kallisto/pseudoalignments.tsv")

table = files.read_abundance(quant)
fragments = files.read_fragments(flens)
lengths = effective_lengths(table.length, fragments)
classes = files.read_classes(ec, counted, lengths)
print(f"{classes.counts.sum():.0f} pairs fit some transcript")
print(f"{len(classes.counts)} classes")

# %% tags=["hide"]
draw.overlaps(
    classes,
    [name.split(".")[0][-6:] for name in table.names],
    "The classes of kallisto's example. A row is a transcript (the last digits of its name). "
    "Left: the pairs that fit it alone. Right: each column is a class of several "
    "transcripts, with its count on top.",
)

# %%
print("twins:", twins_in(classes))
print("rank:", np.linalg.matrix_rank(classes.members.toarray()), "of 14")

# %% tags=["hide"]
assert twins_in(classes) == []
assert np.linalg.matrix_rank(classes.members.toarray()) == 14

# %% [markdown]
# No twins here, and no subtler tie: the reads determine all fourteen.
#
# When to stop? kallisto has a rule of its own: at least 52 steps, and no abundance above
# 0.01 reads may have changed by more than 1 % in the last one. `em.fit` takes such a rule as
# `until`. After that kallisto sets to zero what is below $10^{-8}$ reads, and does exactly
# one more step.

# %% tags=["hide"]
em.show(stopping.converged)

# %% tags=["hide"]
em.show(stopping.calm)

# %% tags=["hide"]
em.show(stopping.last_round)

# %%
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
# (*tpm* is transcripts per million: $\alpha_t / l_t$, scaled to a sum of one million. It
# compares numbers of copies, where $\alpha$ compares numbers of reads.) Are they equal in
# all the digits that kallisto prints?


# %%
def digits(values):
    return [f"{value:.6g}" for value in values]


same = np.equal(digits(ours.alpha), digits(table.est_counts))
print(f"est_counts: {same.sum()} of {len(same)} equal")
same = np.equal(digits(tpm), digits(table.tpm))
print(f"tpm:        {same.sum()} of {len(same)} equal")
print(f"after {len(early.steps) - 1} steps and one more")

# %% [markdown]
# All of them, in this example and to the digits that kallisto prints.
#
# ## Your own reads
#
# <details markdown><summary>Go deeper</summary>
#
# You do not need this to use your counts. It finds the twins among your transcripts, and shows that
# kallisto's numbers for your reads come out here, too. Let kallisto sort the reads into classes
# (these lines ran with `kallisto 0.52` and `bustools 0.45`; `a` and `b` stand for your two files of
# reads, `index` for your index):
#
# ```sh
# kallisto quant -i index -o quant --plaintext a b
# kallisto bus -i index -o bus -x bulk --paired a b
# bustools sort -o sorted.bus bus/output.bus
# bustools text -p sorted.bus | cut -f 3,4 > bus/counts.tsv
# ```
#
# Then put the paths of your files in the place of the first four, and run the rest. Here they are
# the example's ([abundance.tsv](data/kallisto/abundance.tsv),
# [flens.txt](data/kallisto/flens.txt),
# [pseudoalignments.ec](data/kallisto/pseudoalignments.ec),
# [pseudoalignments.tsv](data/kallisto/pseudoalignments.tsv);
# [how they were made](data/kallisto/SOURCE.txt)). Two are from `kallisto pseudo`, a command of
# `0.48` that now prints a message and stops; the lines above give the same classes and numbers.

# %%
quant = em.data("kallisto/abundance.tsv")  # "quant/abundance.tsv"
flens = em.data("kallisto/flens.txt")  # "bus/flens.txt"
ec = em.data("kallisto/pseudoalignments.ec")  # "bus/matrix.ec"
counted = em.data("kallisto/pseudoalignments.tsv")  # "bus/counts.tsv"

table = files.read_abundance(quant)
fragments = files.read_fragments(flens)
lengths = effective_lengths(table.length, fragments)
classes = files.read_classes(ec, counted, lengths)
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

# %% [markdown]
# What is left is kallisto's rounding to six digits.
#
# With a **single file of reads**, leave out `--paired`. Tell `quant` the mean and the standard
# deviation of the fragments (`--single -l 200 -s 30`), and put `normal_fragments(200, 30)` in the
# place of `fragments`. Give `quant` the option `--single-overhang`, too: else it strikes out
# transcripts that end before the fragment would, and `bus` does not.
#
# </details>
#
# ## What stopping early does
#
# kallisto's rule looks at how far the abundances *move*, and EM moves slowly near its end.
# Let us go on until nothing moves:

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
    "by most. Straight lines on this scale: each step removes the same share of the rest.",
)

# %% [markdown]
# In this example the rule is off by {{ error : .2f }} of a read. Exercise 3 has a harder case.
#
# ## How it scales
#
# <details markdown><summary>Go deeper</summary>
#
# One step costs in proportion to the pairs of class and transcript. These times were measured
# by `make bench` and are kept in [a file](data/kallisto/bench.json): on a page that
# is built anew every time, they would differ from build to build.

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
# {{ measured["rounds"][-1][2] / 1000 : .2f }} seconds. kallisto itself is a program in C++. On 800,000 simulated
# classes of four transcripts on average, it does the same rounds and ends with the same digits
# for all 200,000 transcripts. But to find out which transcripts a read fits, for millions of reads,
# is what made kallisto famous.
#
# </details>
#
# ## What could go wrong
#
# - **Other lengths, other answers.** Take the effective lengths from the histogram of the
#   fragments. The six digits that `abundance.tsv` prints of them are too few to
#   agree with all of its other numbers.
# - **`--bias`** makes kallisto estimate the lengths anew on its way. That is another model.
# - **The estimate may hang on little.** An abundance is not more certain because it has six
#   digits: [determined is not certain](#determined-is-not-certain-the-bootstrap).
# - **The split may be nobody's.** Twins, and what to do about them, are
#   [above](#where-nobody-can-tell).
#
# ## Exercises
#
# **1.** Leave out the read that fits only red. *Predict* where the five reads, now four, end.
#
# <details markdown><summary>Solution</summary>

# %%
four = Classes([[0, 1, 2], [0, 1], [0, 2], [1, 2]], [1, 1, 1, 1], [1, 1, 1])
for alpha in ([1, 1, 1], [8, 1, 1]):
    end = em.fit(transcripts, four, Abundances(alpha))
    print((end.params.alpha / 4).round(4), len(end.steps) - 1, "steps")

# %% [markdown]
# At thirds, from either start: now nothing tells the three apart, and every pair of them
# shares a read. The likelihood has one peak, in the middle. From the even start EM
# has nothing to do.
#
# </details>
#
# **2.** In the example with the twins, let transcript 1 be 900 places long, and the others 1,000
# as before. *Predict*: what becomes of the flat line?
#
# <details markdown><summary>Solution</summary>

# %%
unlike = Classes([[0, 1], [0, 1, 2], [2]], [60, 20, 20], [1000, 900, 1000])
for alpha in ([1, 1, 1], [9, 1, 1]):
    end = em.fit(transcripts, unlike, Abundances(alpha))
    print(end.params.alpha.round(3), f"{end.log_likelihood:.6f}")

# %% [markdown]
# It tilts. On fewer places the same reads are less of a surprise, so the shorter twin takes
# everything, whatever the start. That is hardly what a biologist would conclude: a small
# error in a length decides between all and nothing.
#
# </details>
#
# **3.** Here are 800 transcripts in families of four, with a class for every subset of a family. We
# draw the reads ourselves, so we also know which transcript made each. *Predict*: is kallisto's rule
# still off by less than a read? And does going on to the end bring the answer nearer to what was
# drawn?
#
# <details markdown><summary>Solution</summary>

# %%
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
# So kallisto's answer is not the maximum of the likelihood:
# {{ (error > 1).sum() : d }} of the 800 abundances are off by more than a read, one by
# {{ error.max() : .1f }}. Look at the last two lines, though. Measured against what was drawn, the many
# extra steps change next to nothing; here they even lead a little further away. In this draw, how
# far both are from it is mostly the doing of the data, not of the rule.
#
# </details>
#
# ## Where to read on
#
# The program is described in Bray, Pimentel, Melsted and Pachter, *Near-optimal
# probabilistic RNA-seq quantification*, Nature Biotechnology 34 (2016),
# [doi 10.1038/nbt.3519](https://doi.org/10.1038/nbt.3519). The five reads, and the family
# of models, are in Pachter, *Models for transcript quantification from RNA-Seq* (2011),
# [arXiv:1104.3889](https://arxiv.org/abs/1104.3889). From transcripts to genes: Soneson, Love and
# Robinson, *Differential analyses for RNA-seq: transcript-level estimates improve gene-level
# inferences*, F1000Research 4 (2015),
# [doi 10.12688/f1000research.7563.1](https://doi.org/10.12688/f1000research.7563.1). Bootstraps
# put to use: Pimentel and others, *Differential analysis of RNA-seq incorporating quantification
# uncertainty*, Nature Methods (2017), [doi 10.1038/nmeth.4324](https://doi.org/10.1038/nmeth.4324).
#
# The other programs: Li and Dewey, *RSEM: accurate transcript quantification from RNA-Seq data with
# or without a reference genome*, BMC Bioinformatics 12 (2011),
# [doi 10.1186/1471-2105-12-323](https://doi.org/10.1186/1471-2105-12-323); Patro, Duggal, Love,
# Irizarry and Kingsford, *Salmon provides fast and bias-aware quantification of transcript
# expression*, Nature Methods (2017), [doi 10.1038/nmeth.4197](https://doi.org/10.1038/nmeth.4197);
# Loving and others, *Long-read sequencing transcriptome quantification with lr-kallisto*, PLOS
# Computational Biology, [doi 10.1371/journal.pcbi.1013692](https://doi.org/10.1371/journal.pcbi.1013692).
# Same idea, coins instead of reads: [two coins](coins.py).
