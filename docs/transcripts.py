# ---
# title: "RNA-seq: kallisto"
# order: 40
# section: Use
# question: How does kallisto count transcripts when a read fits several of them?
# description: >-
#   RNA-seq quantification by Expectation Maximisation, as kallisto and salmon do it: five reads
#   shared out by hand, the program, and what the reads cannot tell.
# numbers: own
# allow: ["0.98", "0.01", "0.5", 15, 31, 200, 801, "1,000", 2011, 2016, 34, "10.1038", 60, 20, "1104.3889"]
# ---

# %% [markdown]
# # RNA-seq: kallisto
#
# A cell holds copies of three transcripts, called red, green and blue. Sequencing gives us five
# short **reads**, torn from the copies. One fits all three, three fit two of them, and one fits red
# alone. How many of the copies are red? Programs such as kallisto and salmon answer this by EM.
# *You have a table from kallisto?* [What to do with it](kallisto.py).

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures.reads import reads_live
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

scraps = Classes([[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]], [1] * 5, [1] * 3)
taken = list(islice(em.run(transcripts, scraps, Abundances([1 / 3] * 3)), 13))
parts = [step.params.alpha / step.params.alpha.sum() for step in taken]
reads_live()

# %% [markdown]
# **You will be able to** do kallisto's two steps by hand and to say which of its numbers the reads
# determine. **About MINUTES minutes. To know first:** [two coins](coins.py). You need no biology.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the guess is a third of each. How many of the five reads does red get? *Then press **Share out**.*
#
# <details markdown><summary>A third of them, {{ 5 / 3 : .2f }}</summary>
#
# A third of the read that fits all three, yes. But the others are split only among the transcripts that
# they fit, and red fits four of the five.
#
# </details>
# <details class="right" markdown><summary>{{ parts[1][0] * 5 : .2f }}</summary>
#
# Yes: a third of the first read, half of each of the two that it shares with one other transcript, and
# all of its own. That is 1/3 + 1/2 + 1/2 + 1.
#
# </details>
# <details markdown><summary>All four that it fits</summary>
#
# A read came from one transcript only. Where it fits several, each gets a part of it.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** next, red's abundance becomes what it was given. Then the reads are split again. What happens to red's part of the read that fits red and green? *Press **Re-estimate**, then **Share out**.*
#
# <details markdown><summary>It stays at one half</summary>
#
# Half was right while red and green were thought equally common. Now they are not.
#
# </details>
# <details class="right" markdown><summary>It grows</summary>
#
# Yes, to {{ parts[1][0] / (parts[1][0] + parts[1][1]) : .3f }}. Red has a read of its own, so it
# is thought to be more common, so it is the better explanation of the reads that it shares.
#
# </details>
# <details markdown><summary>All of it goes to red</summary>
#
# Red is more likely, and not certain. EM splits in proportion.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** red grows at every step. Will it have everything in the end? *Press **Play**.*
#
# <details markdown><summary>Yes, the rich get richer</summary>
#
# They do, but by less each time. What would have to happen to the read that fits green and blue
# only?
#
# </details>
# <details markdown><summary>No, it stops at 4/5</summary>
#
# Four of five reads fit red, so that is the most it could have. But the reads that it shares are
# never given to it whole.
#
# </details>
# <details class="right" markdown><summary>No, it stops below 4/5</summary>
#
# Yes: at {{ 1 - (7 - 17**0.5) / 8 : .4f }}. One read fits green and blue only, so they never
# vanish, and they keep a part of what they share with red.
#
# </details>
# </div>
#
# ## What a read is
#
# To use a gene, a cell writes out a copy of it, a **transcript** of some thousand letters. Which
# transcripts a cell holds tells us what it is doing. Sequencing machines tear them into short
# fragments and read the ends of millions of them. One gene often gives several transcripts with
# whole passages in common, and a read from a common passage fits them all. The **latent variable**
# is the transcript that a read came from.
#
# To find out which transcripts a read fits, kallisto cuts it into all its pieces of 31 letters, its
# **k-mers**, and looks them up in an index. The read fits the transcripts that hold *all* of its
# k-mers that are found. It does not ask where in a transcript the read lies, which is why this is
# called *pseudoalignment*, and why it is fast.
#
# ## Five reads by hand
#
# The example is Lior Pachter's (2011). The transcripts are equally long. **Guess** a third of each.
# **Share out**: each read is split among the transcripts that it fits, in proportion to their
# abundances. **Re-estimate**: count what each was given.
#
# Red gets 1/3 of the read that fits all three, 1/2 of each of the two that it shares, and the whole
# of its own: {{ 7 / 3 : .3f }} reads of five, so its abundance is {{ parts[1][0] : .4f }}. Green
# and blue get 1/3 + 1/2 + 1/2 each, so theirs is {{ parts[1][1] : .4f }}.
#
# Now split the reads again by these abundances, count, and **repeat**.
#
# ## The program
#
# A row of the table is a read, and a 1 says that it fits.

# %% tags=["program"]
import numpy as np

fits = np.array(  # red, green, blue
    [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0]]
)
abundance = np.array([1 / 3, 1 / 3, 1 / 3])  # a guess
for step in range(1, 13):
    # E-step: split each read among what it fits, in proportion to abundance
    r = fits * abundance
    r /= r.sum(axis=1, keepdims=True)
    # M-step: count what each transcript was given
    abundance = r.sum(axis=0) / len(fits)
    print(step, abundance.round(4))

print("reads:", r.sum(axis=0).round(3))

# %% tags=["hide"]
np.testing.assert_allclose(abundance, parts[12], rtol=1e-9)
g = (7 - np.sqrt(17)) / 16  # the limit, with paper and pencil
np.testing.assert_allclose([1 - 2 * g, g, g], abundance, atol=2e-4)

# %% [markdown]
# ### Change it
#
# <div class="change" markdown>
# **Predict:** take away the read that only red fits. Where do the abundances go from a third each?
#
# ```diff
# -    [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0]]
# +    [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]]
# ```
#
# <details markdown><summary>See why</summary>
#
# Nowhere: red has {{ changed.abundance[0] : .4f }}. Every pair of transcripts now shares one read, so
# nothing favours any of the three. A single read of its own made all the difference.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** four reads fit both red and green, and none fits only one of them. Start with three times as much red as green. What does EM make of that?
#
# ```diff
# -    [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0]]
# +    [[1, 1, 1], [1, 1, 0], [1, 1, 0], [1, 1, 0], [0, 0, 1]]
#
# -abundance = np.array([1 / 3, 1 / 3, 1 / 3])  # a guess
# +abundance = np.array([0.6, 0.2, 0.2])  # a guess
# ```
#
# <details markdown><summary>See why</summary>
#
# It keeps the three to one for ever: {{ changed.abundance[0] : .4f }} and
# {{ changed.abundance[1] : .4f }}. Only the sum of the two,
# {{ changed.abundance[:2].sum() : .2f }}, comes from the reads. The split comes from you. More on
# such twins [below](kallisto.py#where-nobody-can-tell).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** red is three times as long as the others, so there are three times as many places where its reads could begin. Does red end with more of the reads, or with fewer?
#
# ```diff
# -    r = fits * abundance
# +    r = fits * abundance / np.array([3, 1, 1])
# ```
#
# <details markdown><summary>See why</summary>
#
# With fewer: {{ changed.abundance[0] : .3f }} instead of {{ abundance[0] : .3f }}. A long transcript
# spreads its reads over many places, so any *one* place is less probable. That is why such
# programs need the lengths of the transcripts.
#
# </details>
# </div>
#
# Two reads that fit the same transcripts are split alike, so a program need not keep them apart.
# All reads that fit exactly the same transcripts make a **class**, and for each class it is enough
# to know how many reads it has. What counts as the length of a transcript is its **effective
# length**, the number of places where a fragment can start: a transcript of 1,000 letters has 801
# places for a fragment of 200. That is nearly all that separates this program from [the real
# one](abundance.py).
#
# ## What could go wrong
#
# - **The split may come from the start.** If two transcripts fit exactly the same reads, only their
#   sum is determined: [where nobody can tell](kallisto.py#where-nobody-can-tell).
# - **A small error in a length** can decide between all and nothing, if two transcripts fit the same reads.
# - **Reads from nowhere.** A read from an intron, or from a gene that is missing in your index,
#   goes to whatever it fits best. kallisto's `--d-list` and salmon's decoys are there for that.
#
# ## Exercises
#
# **1.** Start the program from 0.98, 0.01 and 0.01. *Predict*: does it end elsewhere?
#
# <details markdown><summary>Solution</summary>
#
# In the same place, though it needs more steps. With these reads the likelihood has a single peak,
# so the start does not matter as long as nothing begins at 0.
#
# </details>
#
# **2.** Now start from 0, 0.5 and 0.5. *Predict* what is printed.
#
# <details markdown><summary>Solution</summary>
#
# `nan`, not a number. The last read fits red alone, and red has abundance 0: the program divides 0
# by 0. An abundance of 0 stays 0 for ever, so a start should be above it. kallisto starts from
# equal abundances.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [your table from kallisto](kallisto.py), in R, with twins and the bootstrap.
# [kallisto's numbers to the last digit](abundance.py) has the model, its own example, and its rule
# for when to stop. The program is described in Bray, Pimentel, Melsted and Pachter, *Near-optimal
# probabilistic RNA-seq quantification*, Nature Biotechnology 34 (2016),
# [doi 10.1038/nbt.3519](https://doi.org/10.1038/nbt.3519); the five reads, and the family of
# models, in Pachter, *Models for transcript quantification from RNA-Seq* (2011),
# [arXiv:1104.3889](https://arxiv.org/abs/1104.3889).
