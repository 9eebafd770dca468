# ---
# title: Write your own
# order: 33
# section: Make
# question: How do I turn a problem of my own into EM?
# description: >-
#   Five questions that turn a new problem into Expectation Maximisation, answered for the genes
#   behind blood groups, with a program of fifteen lines to change.
# numbers: own
# allow: [26, 30, 57, 521, 15, 20, 12, 1955, 1959, 1977, 2002, 2]
# ---

# %% [markdown]
# # Write your own
#
# Blood groups hide genes. From counts of four groups alone, how common is each gene? Step through
# the answer. Then turn a problem of your own into EM in the same way, with five questions.

# %% tags=["hide"]
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em
from em.figures import recipe as draw
from em.figures.stepper import stepper


class Alleles(NamedTuple):
    a: float
    b: float
    o: float


def e_step(people, alleles):
    a, b, o = alleles
    pairs = np.array(
        [[a * a, 2 * a * o], [b * b, 2 * b * o], [2 * a * b, 0], [o * o, 0]]
    )
    groups = pairs.sum(axis=1)
    return (people / groups)[:, None] * pairs, float(people @ np.log(groups))


def m_step(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([2 * aa + ao + ab, 2 * bb + bo + ab, 2 * oo + ao + bo])
    return Alleles(*genes / genes.sum())


people = np.array([186, 38, 13, 284])
thirds = Alleles(1 / 3, 1 / 3, 1 / 3)
first_model = SimpleNamespace(e_step=e_step, m_step=m_step)
run = em.fit(first_model, people, thirds)
(aa, ao), (bb, bo), (ab, _), (oo, _) = run.steps[0].posterior
PAIRS = (("AA", "AO"), ("BB", "BO"), ("AB",), ("OO",))
stepper(
    [
        draw.genotypes(
            {f"guess {number}": step.posterior}, PAIRS, "People by pair."
        )
        for number, step in enumerate(run.steps[:7])
    ],
    [
        f"Guess {number}: of all genes, A {step.params.a:.3f}, B {step.params.b:.3f}, "
        f"O {step.params.o:.3f}; log-likelihood −{-step.log_likelihood:.2f}"
        for number, step in enumerate(run.steps[:7])
    ],
    "Each bar is a blood group, as long as its number of people. The present guess cuts groups A and B in "
    "two: solid, people with two equal genes; pale, people with a hidden O.",
)

# %% [markdown]
# **You will be able to** write the two steps for a model of your own. **About MINUTES minutes. To
# know first:** [two coins](coins.py), and Bayes' rule.
#
# Everybody carries two genes for the blood group, one from each parent. The gene comes in three
# kinds, called **alleles**: A, B and O. A and B show, and O is hidden behind them. So somebody who
# carries AO looks like somebody who carries AA: both are of group A.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** at the guess of three thirds, groups A and B are cut alike: one person in three has two equal genes. Will they still be cut alike in the end? *Look at the two upper bars, then press **Play**.*
#
# <details markdown><summary>Yes, both follow the same rule</summary>
#
# The rule is the same, but the answer depends on how common the allele is, and A becomes more
# common than B.
#
# </details>
# <details class="right" markdown><summary>No: more of group A will be solid</summary>
#
# Yes. AA is to AO as $a$ to $2o$, and BB is to BO as $b$ to $2o$. In the end
# {{ run.posterior[0, 0] / people[0] : .0% }} of group A have two equal genes, but
# {{ run.posterior[1, 0] / people[1] : .0% }} of group B.
#
# </details>
# <details markdown><summary>No: more of group B will be solid</summary>
#
# A rare gene seldom meets another of its kind, and B is the rarer one.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** now the genes are counted, and the shares of the alleles are estimated anew. Which one grows most in the first step? *Go back to the guess, and press **Next**.*
#
# <details markdown><summary>A, because A is common among those who show a letter</summary>
#
# A has {{ people[0] : d }} people, but only a third of them are thought to have two A's.
#
# </details>
# <details markdown><summary>B, because few people have it</summary>
#
# Few people with a B means that B is rare. Its share falls.
#
# </details>
# <details class="right" markdown><summary>O, which is hidden so often</summary>
#
# Yes, from a third to {{ run.steps[1].params.o : .3f }}. The {{ people[3] : d }} people of group O
# have two each, and hidden O's come on top.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** O is thought to be more common now. What does that do to the solid part of the top bar? *Press **Next** until nothing moves.*
#
# <details class="right" markdown><summary>It shrinks</summary>
#
# Yes. With more O about, more people of group A have one hidden. In the end
# {{ run.posterior[0, 0] : .0f }} of them are AA. That makes O more common still, and so on, by less
# and less.
#
# </details>
# <details markdown><summary>It grows</summary>
#
# More AA would follow from more A. Here O has grown.
#
# </details>
# <details markdown><summary>It stays: the top bar is about A</summary>
#
# It is about whoever *looks* like A, and AO does.
#
# </details>
# </div>
#
# ## By hand
#
# The people are {{ people.sum() : d }} patients with a duodenal ulcer (Clarke and others 1959):
# {{ people[0] : d }} of group A, {{ people[1] : d }} of B, {{ people[2] : d }} of AB and
# {{ people[3] : d }} of O. Call the proportions of the alleles $a$, $b$ and $o$. If the two genes
# of a person are drawn independently, group A has probability $a^2 + 2ao$, AA and AO; group B has
# $b^2 + 2bo$; AB has $2ab$; and O has $o^2$.
#
# **Share out.** At the guess of three thirds, AA is to AO as 1 to 2. So of the {{ people[0] : d }}
# people of group A, {{ aa : .0f }} are AA and {{ ao : .0f }} are AO. **Re-estimate.** Count the
# A's: two in each AA, one in each AO, one in each AB. That is 2 × {{ aa : .0f }} + {{ ao : .0f }} +
# {{ ab : .0f }} = {{ 2 * aa + ao + ab : .0f }}, of {{ 2 * people.sum() : d }} genes, so $a$ is
# {{ run.steps[1].params.a : .4f }} now.
#
# ## The program

# %% tags=["program"]
import numpy as np

n_a, n_b, n_ab, n_o = 186, 38, 13, 284  # people of each blood group
a, b, o = 1 / 3, 1 / 3, 1 / 3  # a guess: how common each allele is

for step in range(1, 11):
    # E-step: how many of group A are AA, and of group B BB?
    aa = n_a * a * a / (a * a + 2 * a * o)
    bb = n_b * b * b / (b * b + 2 * b * o)
    ao, bo = n_a - aa, n_b - bb
    # M-step: count the genes, and divide by all of them
    genes = np.array(
        [2 * aa + ao + n_ab, 2 * bb + bo + n_ab, 2 * n_o + ao + bo]
    )
    a, b, o = genes / genes.sum()
    print(step, genes.round(1))

print(f"A {a:.4f}, B {b:.4f}, O {o:.4f}")

# %% tags=["hide"]
np.testing.assert_allclose((a, b, o), run.steps[10].params, rtol=1e-9)

# %% [markdown]
# ### Change it
#
# <div class="change" markdown>
# **Predict:** start with A and B at one half each, and no O at all. Can O come back from nothing?
#
# ```diff
# -a, b, o = 1 / 3, 1 / 3, 1 / 3  # a guess: how common each allele is
# +a, b, o = 1 / 2, 1 / 2, 0  # a guess: how common each allele is
# ```
#
# <details markdown><summary>See why</summary>
#
# Here it can: O ends at {{ changed.o : .4f }}, as before. The {{ changed.n_o : d }} people of group
# O must have two O's, whatever the guess says, so the first M-step counts them. Without such people
# O would have stayed at 0.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** forget that AA has *two* genes A, and count one. Where does A end?
#
# ```diff
# -        [2 * aa + ao + n_ab, 2 * bb + bo + n_ab, 2 * n_o + ao + bo]
# +        [aa + ao + n_ab, 2 * bb + bo + n_ab, 2 * n_o + ao + bo]
# ```
#
# <details markdown><summary>See why</summary>
#
# At {{ changed.a : .4f }} instead of {{ a : .4f }}. The loop converges just as calmly, and nothing
# it prints looks wrong. [Is my EM right?](derive.py#check-it-before-you-believe-it) is how you find such a
# mistake.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** suppose that nobody was of group AB. Does the share of A rise or fall?
#
# ```diff
# -n_a, n_b, n_ab, n_o = 186, 38, 13, 284  # people of each blood group
# +n_a, n_b, n_ab, n_o = 186, 38, 0, 284  # people of each blood group
# ```
#
# <details markdown><summary>See why</summary>
#
# It falls a little, to {{ changed.a : .4f }}: {{ 13 : d }} genes A are gone. B loses as many genes,
# but it had far fewer, so it falls from {{ b : .4f }} to {{ changed.b : .4f }}.
#
# </details>
# </div>
#
# ## Five questions
#
# Their answers are the two steps. Here they are for the blood groups.
#
# 1. **What is hidden?** The thing that you would ask for first, if you could ask. *Which pair each
#    person carries.*
# 2. **What would I do if I saw it?** Usually you would count, average, divide. *Count the genes,
#    and divide by all of them.*
# 3. **What is its probability, given the data and a guess?** This is Bayes' rule. *Somebody of
#    group A is AA with probability* $a^2 / (a^2 + 2ao)$.
# 4. **Which averages do I need?** Question 2 uses the hidden thing only through some counts or
#    sums. Their *expected* values are the E-step. *The expected number of people with each pair.*
# 5. **Where do they go in the formula?** Into the answer to question 2, in the place of what was
#    not seen. This is the M-step.
#
# Now answer them for the [two coins](coins.py), and then look.
#
# <details markdown><summary>Solution</summary>
#
# Hidden is which coin was flipped (1). Seeing it, I would divide a coin's heads by its flips (2).
# The probability of a coin, given the sequence, is its responsibility (3). I need the expected
# number of heads and of flips of each coin (4). They go into the fraction, heads over flips (5).
#
# </details>
#
# ## What could go wrong
#
# - **A parameter that starts at 0 often stays at 0,** and the likelihood may be 0, its logarithm
#   minus infinity. `em.fit` refuses to go on.
# - **The log-likelihood of other parameters.** `e_step` must give that of the parameters that it
#   was *given*, and of the *observed* data. Otherwise the check that it never falls means nothing.
# - **No formula for question 2.** Then the M-step needs an optimiser inside. A step that only
#   improves is enough for the likelihood not to fall.
#
# ## Exercises
#
# Four models to write wait on [the page of exercises](exercises.py), which marks them at once.
#
# **1.** Visitors of a park were asked how many fish they had caught. Many did not fish at all, and
# nobody wrote down who. Of those who fish, the catch is Poisson with mean $\lambda$. *Answer the
# five questions*, for the fraction $w$ who do not fish and for $\lambda$, and write the loop.
#
# <details markdown><summary>Solution</summary>
#
# (1) Who of those with no fish did not fish. (2) Count them and divide by all; divide all fish by
# the number who did fish. (3) Somebody with no fish did not fish with probability
# $w / (w + (1 - w) e^{-\lambda})$. (4) Their expected number, $h$. (5) $w = h / n$ and
# $\lambda = \sum x / (n - h)$. This is the **zero-inflated Poisson** model.

# %%
import numpy as np

fish = np.repeat([0, 1, 2, 3, 4, 5, 6], [57, 9, 12, 10, 7, 3, 2])  # made up
w, rate = 0.5, 1.0  # a guess
for _ in range(100):
    at_home = (fish == 0).sum() * w / (w + (1 - w) * np.exp(-rate))  # E-step
    w, rate = at_home / len(fish), fish.sum() / (len(fish) - at_home)
print(f"w {w:.4f}, rate {rate:.4f}")

# %% [markdown]
# Of the {{ (fish == 0).sum() : d }} with no fish, about {{ 100 * w : .0f }} did not fish. The
# others had no luck.
#
# </details>
#
# **2.** Some of the people had their pairs read off: of group A, 4 are AA and 26 are AO. *Predict:*
# how does EM use that, and which way will $a$ move?
#
# <details markdown><summary>Solution</summary>
#
# Known labels are responsibilities of 0 and 1: share out only the people whose pair is hidden, and
# add the known ones to the expected counts. Of the 30 who were read off, one in {{ 30 / 4 : .1f }}
# is AA, and EM expected one in {{ people[0] / run.posterior[0, 0] : .1f }}. That is about the same,
# so $a$ hardly moves.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [a skeleton to fill in](derive.py#a-skeleton), and how to derive and check an
# M-step; [mixtures of regressions](regressions.py); [the two steps of every
# model](glossary.md#every-model-of-this-site) on this site. Geneticists call this page's EM *gene
# counting*, and did it before EM had its name: Ceppellini, Siniscalco and Smith, *The estimation of
# gene frequencies in a random-mating population*, Annals of Human Genetics 20 (1955). The counts
# are an example in Lange, *Mathematical and Statistical Methods for Genetic Analysis* (second
# edition 2002).
