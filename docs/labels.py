# ---
# title: Label switching
# order: 10.1
# section: Understand
# question: Why do two runs give the same components under other names?
# description: >-
#   Two coins in five sequences of unequal length: a really poor guess that EM recovers from,
#   label switching, and a likelihood that is higher than the truth's.
# numbers: own
# allow: [53, 70, 66, 21, 32, 10, 19, 42, 26, 20, 0.51, 0.001]
# ---

# %% [markdown]
# # Label switching
#
# Once more two coins lie in a box, and nobody wrote down which of them made which flips. Now the five
# sequences differ in length, and the guess is a really poor one: it says that B shows heads once in a
# thousand flips. What is left for B?

# %% tags=["hide"]
import em
from em.figures import coins as draw
from em.figures.live import live
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
seed = em.fit(coins, flips, Coins([0.51, 0.001]), fixed="weights")
live(
    "coins",
    heads=[21, 9, 10, 32, 7],
    tails=[7, 10, 17, 10, 13],
    theta=[0.51, 0.001],
    still=[
        draw.split(flips, seed.steps[0].posterior, "The first E-step."),
        draw.split(flips, seed.steps[10].posterior, "After ten iterations."),
    ],
    told="The first E-step, and the one after ten iterations, from a poor guess: 0.51 for A and 0.001 for B.",
    caption="Five sequences of 19 to 42 flips. Share out, and look at what is left for B. Then re-estimate.",
)

# %% [markdown]
# **You will be able to** compare two runs whose components have other names, and two likelihoods. **About
# MINUTES minutes. To know first:** [two coins](coins.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **Predict:** *press **Share out**.* A takes nearly everything. Where will B go from 0.001?
# *Press **Re-estimate**.*
#
# <details markdown><summary>Nowhere: it was given nothing</summary>
#
# Nearly nothing, but not nothing. The M-step divides the heads credited to B by the flips credited to B, and it
# does not matter how few they are.
#
# </details>
# <details markdown><summary>A tiny step upwards</summary>
#
# Tiny responsibilities do not make a tiny step. The M-step divides by what a coin was given, so only their
# proportions matter.
#
# </details>
# <details class="right" markdown><summary>Far up, to about a third</summary>
#
# Yes: to {{ seed.steps[1].params.theta[1] : .3f }}. Most of the little that B got comes from the fifth sequence,
# with 7 heads in 20 flips. From there the two coins part.
#
# </details>
# </div>
#
# ## In the package
#
# One line [installs it](index.py#the-same-with-the-package). `em.fit` repeats the two steps until they have
# become small, keeps each iteration, and refuses to go on if the log-likelihood ever falls.

# %%
import em
from em.models import coins
from em.models.coins import Coins, Flips

sequences = [
    "HTHHHTTHHHHTHHHTTHHHHHTHHHHH",
    "HHTHHHHHTTTTTTTHHTT",
    "HTHHHHTTHHTTTTTTTHTTTTHHTTT",
    "HTHTTHHTTHHHHHTHHHHHHHTHHHHHTHHHHHHTTHHHHH",
    "THHHTHHHTHTTTTTTTTTT",
]
flips = Flips(
    heads=[sequence.count("H") for sequence in sequences],
    tails=[sequence.count("T") for sequence in sequences],
)
fit = em.fit(coins, flips, Coins(theta=[0.51, 0.001]), fixed="weights")
print(fit.params.theta)
print(f"log-likelihood {fit.log_likelihood:.5f}, {len(fit.steps) - 1} steps")

# %% [markdown]
# ## Is that the truth?
#
# For these sequences somebody did note the coins: B, A, A, B, A. So B made 21 + 32 = 53
# heads in 70 flips, and A 26 in 66. By the labels, that is {{ 53 / 70 : .5f }} and {{ 26 / 66 : .5f }}. EM found
# {{ fit.params.theta[0] : .5f }} and {{ fit.params.theta[1] : .5f }} without one label. That is nearly the
# same, only that its A is their B. This is **label switching**. It is no error. The likelihood is the same
# whichever coin is called A, so compare what two runs found after sorting it, never by name.

# %%
with_labels = Coins(theta=[53 / 70, 26 / 66])  # in the order of EM's answer
_, log_likelihood = coins.e_step(flips, with_labels)

print(f"EM, without labels:  {fit.log_likelihood:.5f}")
print(f"counts, with labels: {log_likelihood:.5f}")

# %% [markdown]
# EM's log-likelihood is *higher*. It has to be, if EM has found the highest peak, because no other
# pair of numbers is higher. EM looks for the coins that best explain the flips alone, and the labels answer
# another question. So a higher likelihood need not be nearer to the truth. How near the peak lies to the coins in
# the box depends on the data.
#
# Nor do the responsibilities all become 0 or 1. Sequence 2, with 9 heads and 10 tails, ends with
# {{ fit.posterior[1, 0] : .3f }} for A and {{ fit.posterior[1, 1] : .3f }} for B: far more probable, and not
# certain.
#
# ## The same in the package
#
# This is what runs behind `em.fit`. It works in logarithms, so that rows of thousands of flips do no harm.
# The logarithm of each product, mixing weight included:

# %% tags=["hide"]
em.show(coins.log_joint)

# %% [markdown]
# The E-step, which takes the rows in blocks, and Bayes' rule, the same for all mixtures:

# %% tags=["hide"]
em.show(coins.e_step)

# %% tags=["hide"]
em.show(em.mixture.posterior)

# %% [markdown]
# The M-step, heads divided by flips, and the loop, which knows nothing of coins:

# %% tags=["hide"]
em.show(coins.credited)

# %% tags=["hide"]
em.show(coins.answer)

# %% tags=["hide"]
em.show(em.algorithm.alternate)

# %% [markdown]
# ## What could go wrong
#
# **Both coins start alike**, and nothing can ever tell them apart:

# %%
stuck = em.fit(coins, flips, Coins([0.3, 0.3]), fixed="weights")
print(stuck.params.theta, f"{stuck.log_likelihood:.5f}")

# %% [markdown]
# Every sequence is split in half, and both coins become the average of all flips. This is a
# [saddle](surface.py#the-diagonal-and-the-saddle), well below the peak.
#
# **A coin cannot have made anything.** At $\theta_A = 0$ coin A never shows heads. Its
# responsibilities are all 0, and the M-step would have to divide 0 by 0:

# %%
try:
    em.fit(coins, flips, Coins([0, 0.5]), fixed="weights")
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# ## Exercises
#
# **1.** Estimate the mixing weights, too: leave out `fixed="weights"`, and start from
# `Coins([0.51, 0.001])`. *Predict first:* coin A takes nearly everything in the first iteration, so
# what will become of coin B's weight? Look at step 7, and at the end.
#
# <details markdown><summary>Solution</summary>

# %%
free = em.fit(coins, flips, Coins([0.51, 0.001]))
for number in (1, 7, 30, len(free.steps) - 1):
    step = free.steps[number]
    weight = step.params.weights[1]
    print(f"{number:2}  weight of B {weight:.1e}  {step.log_likelihood:.5f}")

print(free.params.theta.round(5), free.params.weights.round(5))

# %% [markdown]
# After one iteration B's weight is next to nothing. By the seventh nothing seems to move, and a rule
# that looks at the absolute size of a step would stop there. But B's weight is growing about
# {{ free.steps[7].params.weights[1] / free.steps[6].params.weights[1] : .1f }}-fold each
# time, and in the end it is {{ free.params.weights[1] : .3f }}, near three
# sequences in five. `em.fit` waits for a number that is still growing, however small it is.
#
# </details>
#
# **2.** Would three coins explain the five sequences better than two? *Predict*, then start
# from `Coins([0.2, 0.5, 0.8])`, once with the weights held and once free.
#
# <details markdown><summary>Solution</summary>

# %%
held = em.fit(coins, flips, Coins([0.2, 0.5, 0.8]), fixed="weights")
three = em.fit(coins, flips, Coins([0.2, 0.5, 0.8]))
for found in (held, three):
    print(found.params.theta.round(4), found.params.weights.round(4))
    print(f"    log-likelihood {found.log_likelihood:.5f}")

# %% [markdown]
# With the weights held at one third each, {{ held.log_likelihood : .5f }}: a little better than
# the {{ fit.log_likelihood : .5f }} of two. But two of the three are the same coin, and the pair counts as one coin
# that is twice as common. With free weights the third coin adds nothing: two
# coins with free weights reach {{ free.log_likelihood : .5f }} as well. One more
# coin with a free weight never lowers the highest peak, because it can be given nothing. So
# a higher likelihood alone does not settle how many coins there are.
#
# </details>
#
# ## Where to read on
#
# [The likelihood surface](surface.py) shows both peaks, one for each way to give the names. What to do about
# names in practice stands on [what goes wrong](pitfalls.py#the-labels-swap).
