# ---
# title: Your table from kallisto
# order: 40.1
# section: Use
# question: I ran kallisto or salmon. Which of the numbers may I believe, and what do I do with them?
# description: >-
#   kallisto's est_counts and bootstraps, tximport with DESeq2 or edgeR, transcripts that nobody
#   can tell apart, single cells, long reads, salmon and RSEM.
# numbers: own
# allow: [900, "1,000", 300, 15, 60, 20, 100, 500, 95, 2011, 2015, 2017, 2025, 75, "0.51", 0.48, "0.11", "1.0", "2.3", "2.9", 63, 12, 323, "10.12688", 7563.1, "10.1038", 4197, 4324, "10.1186", "10.1371", 1013692, "0.4667", 0.01, 31]
# ---

# %% [markdown]
# # Your table from kallisto
#
# kallisto's `abundance.tsv` has a column `est_counts`, and its numbers have **decimals**. They are
# *expected* numbers of reads: a read that fits three transcripts was cut in three parts, by
# abundance and length. Nothing is wrong with them. What do you do with them, and which of them may
# you believe?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import transcripts as draw
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

draw.puzzle(
    "Three transcripts, called red, green and blue, and five reads. A dotted line: this "
    "passage is missing here. The first read fits red, green and blue; only the last one "
    "says where it came from."
)

# %% [markdown]
# **You will be able to** take your table on to DESeq2 or edgeR, and to say what it cannot tell you.
# **About MINUTES minutes. To know first:** [how kallisto uses EM](transcripts.py).
#
# ## What to do with your table
#
# Leave the rounding to the programs: edgeR takes decimals, and `DESeqDataSetFromTximport` rounds
# the sums, because DESeq2 models whole numbers.
#
# | you compare | take | with |
# | --- | --- | --- |
# | genes, between samples | `est_counts` summed to genes, and mean lengths | tximport, then DESeq2 or edgeR |
# | transcripts, between samples | `est_counts` and the bootstraps (`-b 100`) | sleuth, edgeR or swish |
# | transcripts or genes within a sample | `tpm` (of twins, the sum) | nothing more |
#
# The first row, in R. `samples.tsv` has two columns: `name`, the folder of each sample, and
# `condition`.
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
# Then `results(DESeq(dds))`. The condition that comes first in the alphabet is the one compared
# with; `relevel` changes it.
#
# - **`tx2gene`** has two columns, a transcript and its gene, from the annotation behind your index.
#   In R, a `TxDb` made from the GTF file gives it. kb's `t2g.txt` will do, but it has no header, so
#   read it with `header = FALSE` and keep the first two columns.
# - **If tximport finds no name:** Ensembl's names end in a version (`.5`), and `ignoreTxVersion =
#   TRUE` drops it. GENCODE's names are long and full of bars (`ENST…|ENSG…|…`), and `ignoreAfterBar
#   = TRUE` cuts them at the first.
# - **The lengths matter.** A gene that turns to a longer transcript gives more reads without being
#   more active. tximport (Soneson, Love and Robinson 2015) hands DESeq2 each gene's mean effective
#   length, and so puts that right. A plain matrix in `DESeqDataSetFromMatrix` has no lengths.
# - **3′-tagged data** are the exception, because there a longer transcript gives no more reads:
#   `DESeqDataSetFromMatrix(round(txi$counts), samples, ~ condition)`.
# - **Counts are not copies.** `tpm` allows for length, but its sum is fixed. Between samples it
#   shows proportions and not amounts.
#
# ### Did you get your bootstraps?
#
# `sleuth`, swish and edgeR's `catchKallisto` read the bootstraps from `abundance.h5`. **Look into
# `run_info.json`: `n_bootstraps` should be 100.** If it is 0, your kallisto was built without HDF5,
# as Debian's `kallisto 0.48` is. It prints a warning, ends well, and writes neither
# bootstraps nor `abundance.h5`. Take the release from kallisto's own page, which is built with
# HDF5, or salmon with `--numBootstraps`. With `--plaintext` kallisto writes the bootstraps as
# tables, which these three programs do not read.
#
# Then for transcripts, in edgeR:
#
# ```r
# library(edgeR)
# s <- catchKallisto(samples$name)
# scaled <- s$counts / s$annotation$Overdispersion
# y <- DGEList(counts = scaled, genes = s$annotation)
# ```
#
# ## Where nobody can tell
#
# Suppose that transcripts 0 and 1 are equally long and that every read that fits one of them fits
# the other too. They are **twins**. Then the likelihood contains only their sum. It is flat along
# the line on which one gains what the other loses, and EM ends on that line where its start sends
# it. Here 60 reads fit 0 and 1, 20 fit all three transcripts, and 20 fit 2 alone. A **class** is
# all the reads that fit the same transcripts, so these are three classes:

# %%
import numpy as np

import em
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

members = [[0, 1], [0, 1, 2], [2]]  # which transcripts each class fits
twins = Classes(members, counts=[60, 20, 20], lengths=[1000, 1000, 1000])

ends = []
for alpha in ([1, 1, 1], [9, 1, 1]):
    end = em.fit(transcripts, twins, Abundances(alpha))
    ends.append(end.params.alpha)
    print(end.params.alpha.round(3), f"{end.log_likelihood:.6f}")

# %% [markdown]
# Two answers, one likelihood. The sum of the two, {{ ends[0][:2].sum() : .0f }} reads, is
# determined by the data. The split is not **identified**: it says nothing but how we began. A
# uniform start, such as kallisto's, splits evenly, which looks like knowledge and is none. If the
# lengths differ, nothing but the lengths tells the two apart, and the shorter one gets everything.
#
# ### What that means for genes
#
# | row of the table | from an even start | from another | what the reads say |
# | --- | --- | --- | --- |
# | transcript 0 | {{ ends[0][0] : .1f }} | {{ ends[1][0] : .1f }} | anything from 0 to {{ ends[0][:2].sum() : .0f }} |
# | transcript 1 | {{ ends[0][1] : .1f }} | {{ ends[1][1] : .1f }} | anything from 0 to {{ ends[0][:2].sum() : .0f }} |
# | gene of 0 and 1 | {{ ends[0][:2].sum() : .1f }} | {{ ends[1][:2].sum() : .1f }} | this number |
# | transcript 2 | {{ ends[0][2] : .1f }} | {{ ends[1][2] : .1f }} | this number |
#
# - **Ask your question of sums that the reads determine**: of genes, as a rule, or of groups of
#   transcripts that share nearly all their reads. Sum first, and compare samples after.
# - **A transcript at 0 need not be absent**, and one with 500 reads need not be there: its twin may
#   have got its reads, or given them. salmon's `aux_info/ambig_info.tsv` tells you how many reads
#   fit a transcript alone. For kallisto see [your own reads](abundance.py#your-own-reads).
# - **The sums are not always genes.** Two genes that are nearly copies of each other share reads,
#   too. Then only the sum over both is determined.
#
# ### Determined is not certain: the bootstrap
#
# Another sample of a hundred reads would give another sum. How far would it move? Draw the reads
# anew from those that we have, as many as there were, and fit again, many times over. This is the
# **bootstrap**, which kallisto does with `-b 100`:

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
# The sum is {{ ends[0][:2].sum() : .0f }}, give or take {{ sums.std() : .1f }}. For transcript 0
# alone the bootstrap gives a *smaller* number, {{ np.array(again)[:, 0].std() : .1f }}, although
# the reads allow it anything from 0 to the whole sum. Every sample was split evenly, because every
# fit began evenly. **The bootstrap shows how an answer varies, not whether it is identified.** It
# is about the sequencing alone, too; how animals differ is for replicates to show.
#
# What does show it is a walk over *all* the answers that the reads allow: salmon's
# `--numGibbsSamples`, which swish reads as well, and RSEM's credibility intervals. **Terminus**
# takes salmon's Gibbs samples and groups the transcripts of which only a sum is determined.
#
# For salmon, RSEM, single cells and long reads see [other programs for reads](resources.md#other-programs-for-reads).
#
# ## What could go wrong
#
# - **The strand.** `--fr-stranded` and `--rf-stranded` change which transcripts a read fits, and so
#   the classes. Use what your library is.
# - **Reads from introns or from genes that are not in the index** go to what is nearest. `--d-list`
#   (kallisto) and decoys (salmon) catch many of them.
# - **Six digits are not certainty.** See the bootstrap above.
#
# ## Exercises
#
# **1.** Let transcript 1 be 900 places long, and the others 1,000 as before. *Predict*: what
# becomes of the flat line?
#
# <details markdown><summary>Solution</summary>

# %%
unlike = Classes(members, counts=[60, 20, 20], lengths=[1000, 900, 1000])
for alpha in ([1, 1, 1], [9, 1, 1]):
    end = em.fit(transcripts, unlike, Abundances(alpha))
    print(end.params.alpha.round(3), f"{end.log_likelihood:.6f}")

# %% [markdown]
# It tilts. On fewer places the same reads are less of a surprise, so the shorter twin takes
# everything, whatever the start. A biologist would hardly conclude that: a small error in a length
# decides between all and nothing.
#
# </details>
#
# **2.** Your table says that transcript A has 0 reads and its sister B has 300, with `n_bootstraps`
# at 100 and no bootstrap above 0 for A. *Predict*: is A absent?
#
# <details markdown><summary>Solution</summary>
#
# It need not be. If A and B are twins, or nearly, and B is a little shorter, then every bootstrap
# gives B everything. Ask for the gene, or for Gibbs samples.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [kallisto's numbers to the last digit](abundance.py). From transcripts to genes:
# Soneson, Love and Robinson, *Differential analyses for RNA-seq: transcript-level estimates improve
# gene-level inferences*, F1000Research 4 (2015),
# [doi 10.12688/f1000research.7563.1](https://doi.org/10.12688/f1000research.7563.1). Bootstraps put
# to use: Pimentel and others, *Differential analysis of RNA-seq incorporating quantification
# uncertainty*, Nature Methods (2017), [doi 10.1038/nmeth.4324](https://doi.org/10.1038/nmeth.4324).
