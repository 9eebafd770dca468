# ---
# title: Two coins
# order: 2
# section: Begin
# question: How can I estimate two coins when nobody wrote down which one was flipped?
# description: >-
#   Expectation Maximisation under your finger: five rounds of ten flips shared out
#   between two coins, one E-step and one M-step by hand, and the whole program.
# numbers: own
# allow: [53, 70, 66, 21, 32, 10, 20, 30, 200, "6,000", 19, 42, 26, 897, 899, 2008, "0.60", 0.5, 0.6, 0.3, 0.7, 0.51, 0.001, 500, 0.4]
# ---

# %% [markdown]
# # Two coins, and nobody wrote down which
#
# Two bent coins lie in a box. Five times somebody took one out, flipped it ten times, wrote
# down heads and tails, and put it back. *Which* coin it was, nobody wrote down. How often
# does each come up heads?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import coins as draw
from em.figures.climb import climbing
from em.figures.live import live
from em.models import coins
from em.models.coins import Coins, Flips

rounds = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
guess = Coins(theta=[0.6, 0.5])
run = em.fit(coins, rounds, guess, fixed="weights")
first, second = run.steps[:2]
live(
    "coins",
    heads=[5, 9, 8, 4, 7],
    tails=[5, 1, 2, 6, 3],
    theta=[0.6, 0.5],
    still=[
        draw.split(rounds, first.posterior, "The first E-step."),
        draw.split(rounds, run.steps[10].posterior, "After ten steps."),
    ],
    told="Before the first step and after the tenth: A's share of each round, in red, "
    "B's in blue and hatched.",
    caption="Each row is a round of ten flips. Drag or type the two guesses, then share "
    "out, re-estimate, and repeat. Solid: heads; hatched: tails; hollow: shared out by the old guess.",
)

# %% [markdown]
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the guess says that B shows heads in five flips of ten, and the first round has
# exactly five heads. How much of that round will B get? *Then press **Share out**.*
#
# <details markdown><summary>All of it</summary>
#
# Tempting, because the round looks just as B should look. But A, with heads in six flips of
# ten, often shows five as well. B explains the round a little better, and that is all.
#
# </details>
# <details markdown><summary>Half of it</summary>
#
# That would be right if both coins explained the round equally well. B explains it a little
# better.
#
# </details>
# <details class="right" markdown><summary>A little more than half</summary>
#
# Yes: {{ first.posterior[0, 1] : .2f }}. Five heads in ten are only a little more likely from B than from
# A. And neither coin has moved, because sharing out only says who gets the credit.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** A was given most of the rounds that are rich in heads, so B was left with the
# others. Where will B go from 0.5? *Press **Re-estimate**.*
#
# <details class="right" markdown><summary>Up, too</summary>
#
# Yes, to {{ second.params.theta[1] : .2f }}. B was credited with
# {{ rounds.heads @ first.posterior[:, 1] : .1f }} heads in {{ 10 * first.posterior[:, 1].sum() : .1f }} flips:
# fewer than A, but still more than half. Most of the flips were heads. Now the bars are out of date, because
# they were shared out by the old guess.
#
# </details>
# <details markdown><summary>It stays at 0.5</summary>
#
# Only if B had been credited with as many heads as tails. The last row of the figure has the numbers.
#
# </details>
# <details markdown><summary>Down</summary>
#
# It is tempting to think that one coin must fall when the other rises. But each coin is estimated
# on its own, from the heads and tails that it was credited with.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** *press **Play**,* and see where the coins end. Now swap the guess: 0.5 for A and 0.6 for
# B, under **Options**. Where will they end this time?
#
# <details markdown><summary>In the same place, each as before</summary>
#
# The two numbers are the same, but nothing in the flips says which of them belongs to
# the name A.
#
# </details>
# <details class="right" markdown><summary>At the same two numbers, with the names swapped</summary>
#
# Yes: at {{ run.params.theta[0] : .2f }} and {{ run.params.theta[1] : .2f }}, and now B is the higher one.
# Without labels, "A" and "B" are empty names.
#
# </details>
# <details markdown><summary>Somewhere else</summary>
#
# Another guess can lead somewhere else. But this one is the old one with the names exchanged, so everything
# that happens afterwards is the old run with the names exchanged.
#
# </details>
# </div>
#
# What you have just done is **Expectation Maximisation**. *Share out* is called
# the **E-step**, and *re-estimate* the **M-step**.
#
# ## A circle, and how to break into it
#
# If we knew which coin made each round, estimating would be counting. If we knew the coins,
# we could say which of them each round looks like. We know neither, and each seems to need the other: a circle.
#
# EM starts anywhere in it. It **guesses** the coins, **shares out** each round between them in
# proportion to how well each coin explains it, **re-estimates** the coins from what they were
# given, and **repeats**. This gets somewhere because no turn ever explains the flips worse than the
# turn before ([why](why.py)).
#
# What was not seen, the coin of each round, is the **latent variable** (latent means hidden).
# Flips and coins together would be the **complete data**. What we want, each coin's probability of heads
# $\theta_A$ and $\theta_B$, are the **parameters**.
#
# ## Share out, by hand
#
# Take the first round, 5 heads and 5 tails, at the guess $\theta_A = 0.6$ and
# $\theta_B = 0.5$. How probable is it under each coin? One factor for each flip:

# %%
from_a = 0.6**5 * 0.4**5
from_b = 0.5**5 * 0.5**5
print(f"A: {from_a:.6f}   B: {from_b:.6f}")
print(f"A's share: {from_a / (from_a + from_b):.3f}")

# %% [markdown]
# Both are small, and that does not matter, because one of the two coins *did* make the round. What
# counts is how they compare. B explains the round a little better, so B gets
# {{ first.posterior[0, 1] : .2f }} of it and A gets {{ first.posterior[0, 0] : .2f }}.
#
# Such a share is called a **responsibility**. If A were taken out of the box more often than
# B, A would get more of every round: each probability is first multiplied by the coin's
# **mixing weight** $\pi$, which says how common the coin is. Here both weights are one half, and stay so. For
# round $i$ and coin $k$,
#
# $$ r_{ik} = \frac{\pi_k \, \theta_k^{h_i} (1 - \theta_k)^{t_i}}
#                  {\sum_j \pi_j \, \theta_j^{h_i} (1 - \theta_j)^{t_i}} , $$
#
# with $h_i$ heads and $t_i$ tails. This is Bayes' rule. The mixing weight is what we think of
# the coin before we see the round, its **prior** probability. The responsibility is what we
# think afterwards, its **posterior** probability, *if* the present guess were right.
#
# ## Re-estimate, by hand
#
# Now there are labels again, only softer ones, so we can count. Divide the heads credited to a coin
# by the flips credited to it. For A:
#
# | round | heads | A's share | heads to A | flips to A |
# | --- | ---: | ---: | ---: | ---: |
# | first | {{ rounds.heads[0] : .0f }} | {{ first.posterior[0, 0] : .3f }} | {{ rounds.heads[0] * first.posterior[0, 0] : .2f }} | {{ 10 * first.posterior[0, 0] : .2f }} |
# | second | {{ rounds.heads[1] : .0f }} | {{ first.posterior[1, 0] : .3f }} | {{ rounds.heads[1] * first.posterior[1, 0] : .2f }} | {{ 10 * first.posterior[1, 0] : .2f }} |
# | third | {{ rounds.heads[2] : .0f }} | {{ first.posterior[2, 0] : .3f }} | {{ rounds.heads[2] * first.posterior[2, 0] : .2f }} | {{ 10 * first.posterior[2, 0] : .2f }} |
# | fourth | {{ rounds.heads[3] : .0f }} | {{ first.posterior[3, 0] : .3f }} | {{ rounds.heads[3] * first.posterior[3, 0] : .2f }} | {{ 10 * first.posterior[3, 0] : .2f }} |
# | fifth | {{ rounds.heads[4] : .0f }} | {{ first.posterior[4, 0] : .3f }} | {{ rounds.heads[4] * first.posterior[4, 0] : .2f }} | {{ 10 * first.posterior[4, 0] : .2f }} |
# | together | {{ rounds.heads.sum() : .0f }} | | {{ rounds.heads @ first.posterior[:, 0] : .2f }} | {{ 10 * first.posterior[:, 0].sum() : .2f }} |
#
# So A's new $\theta$ is {{ rounds.heads @ first.posterior[:, 0] : .2f }} divided by
# {{ 10 * first.posterior[:, 0].sum() : .2f }}, which is {{ second.params.theta[0] : .2f }}.
#
# ## The program
#
# That is the whole algorithm. Here is all of it, and you can change it and run it. Each line that it
# prints ends with the log-likelihood, which says how well the two coins explain the flips: higher is
# [better](#what-is-climbing).

# %% tags=["program"]
import numpy as np

heads = np.array([5, 9, 8, 4, 7])  # of ten flips in each round
tails = 10 - heads
theta = np.array([0.6, 0.5])  # a guess: coin A, coin B
weight = np.ones(len(theta)) / len(theta)  # all equally common

for iteration in range(10):
    # E-step: a row for each round ([:, None] does that), a column for each coin
    joint = weight * theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    share = joint / joint.sum(axis=1, keepdims=True)
    log_likelihood = np.log(joint.sum(axis=1)).sum()
    print(iteration, theta.round(4), log_likelihood.round(3))
    # M-step: heads credited to a coin, divided by flips credited to it
    theta = heads @ share / ((heads + tails) @ share)

print("after ten iterations:", theta.round(4))

# %% tags=["hide"]
np.testing.assert_allclose(theta, run.steps[10].params.theta, rtol=1e-9)
np.testing.assert_allclose(
    log_likelihood, run.steps[9].log_likelihood, rtol=1e-12
)

# %% [markdown]
# - **A third coin** is a third number in `theta`; the weights follow.
# - **Rounds of unequal length:** write `tails` as an array of its own, like `heads`.
# - **Coins that are not equally common:** add the line `weight = share.mean(axis=0)` at the end
#   of the loop, which estimates the mixing weights, too.
# - **Rows of thousands of flips** end in `nan`, because their probabilities are too small for the
#   computer. The [package](#the-same-in-the-package) works in logarithms.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** both coins begin at 0.5. Where do they end?
#
# ```diff
# -theta = np.array([0.6, 0.5])  # a guess: coin A, coin B
# +theta = np.array([0.5, 0.5])  # a guess: coin A, coin B
# ```
#
# <details markdown><summary>See why</summary>
#
# They stay together, at {{ changed.theta[0] : .2f }}, the proportion of heads among all flips. Every
# round is split in half, so both coins are credited with the same flips, for ever. The log-likelihood rests at
# {{ changed.log_likelihood : .3f }}, and two coins that differ reach {{ run.log_likelihood : .3f }}. So begin
# with guesses that differ.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** the last round has ten heads in place of seven. It looks like A's work. Will B's number
# change?
#
# ```diff
# -heads = np.array([5, 9, 8, 4, 7])  # of ten flips in each round
# +heads = np.array([5, 9, 8, 4, 10])  # of ten flips in each round
# ```
#
# <details markdown><summary>See why</summary>
#
# Yes, it falls to {{ changed.theta[1] : .2f }}. Before, B kept {{ run.steps[10].posterior[4, 1] : .2f }} of
# the last round, because B could have made seven heads. Ten heads it can hardly have made, so now it keeps
# {{ changed.share[4, 1] : .3f }} of them, and loses the heads that came with them.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** the guess says that A shows nothing but heads. What happens?
#
# ```diff
# -theta = np.array([0.6, 0.5])  # a guess: coin A, coin B
# +theta = np.array([1.0, 0.5])  # a guess: coin A, coin B
# ```
#
# <details markdown><summary>See why</summary>
#
# Every round has a tail in it, so A cannot have made any of them. Its shares are exactly 0, and its new
# $\theta$ is 0 divided by 0: {{ changed.theta[0] : .2f }}. From then on everything is. Never begin at exactly
# 0 or 1, because 0 means *impossible*.
#
# </details>
# </div>
#
# ## Where the numbers come from
#
# The rounds are those of Do and Batzoglou (2008), and so are the results: shares
# {{ first.posterior[0, 0] : .2f }} and {{ first.posterior[0, 1] : .2f }} of the first round,
# {{ second.params.theta[0] : .2f }} and {{ second.params.theta[1] : .2f }} after one iteration,
# {{ run.steps[10].params.theta[0] : .2f }} and {{ run.steps[10].params.theta[1] : .2f }} after
# ten. They also tell what was hidden: the coins were B, A, A, B, A. With these labels, counting
# gives {{ 24 / 30 : .2f }} and {{ 9 / 20 : .2f }}. EM's B is higher, because without labels B keeps
# a part of A's rounds.
#
# ## What is climbing
#
# Did the ten iterations get anywhere? We need a number that says how well two coins explain *all*
# the flips, whichever coin made each round. For one round, that is the average over the two
# coins. For the first round, half of {{ from_a : .6f }} and half of {{ from_b : .6f }} make
# {{ (from_a + from_b) / 2 : .6f }}. For all rounds, it is the product:
#
# $$ L(\theta) = \prod_i \sum_k \pi_k \, \theta_k^{h_i} (1 - \theta_k)^{t_i} . $$
#
# This is the probability of the flips as a function of $\theta$, with the data held still. Read this way,
# it is called the **likelihood**. It is *not* the probability that $\theta$ is
# right: it says how well $\theta$ predicts these flips. Likelihoods are tiny, at the
# guess about {{ np.exp(first.log_likelihood) : .0e }}, so we take the logarithm, and the product
# becomes a sum. The first round adds
# {{ np.log((from_a + from_b) / 2) : .2f }}, and all five together make
# {{ first.log_likelihood : .3f }}, the first line of the program. Logarithms of numbers below 1 are
# negative, so nearer to 0 is better.

# %% tags=["hide"]
climbing(
    run.log_likelihoods[:11],
    "The log-likelihood after each iteration. It never falls, and the first iteration does most of "
    "the work.",
)

# %% [markdown]
# From {{ first.log_likelihood : .3f }} it climbs to {{ run.log_likelihood : .3f }}, and no iteration
# goes down. EM promises that much, always. Where it comes to rest, short of 0 and 1, is a
# **stationary point**: a place where the likelihood is level, usually a peak.
#
# ## Five sequences of unequal length
#
# The same box, but now the number of flips differs from sequence to sequence. (From here on with `em`, the
# small package behind these pages: [one line installs it](index.py#the-same-with-the-package).)

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

# %% tags=["hide"]
seed = em.fit(coins, flips, Coins([0.51, 0.001]), fixed="weights")
live(
    "coins",
    heads=[21, 9, 10, 32, 7],
    tails=[7, 10, 17, 10, 13],
    theta=[0.51, 0.001],
    still=[
        draw.split(flips, seed.steps[0].posterior, "The first E-step."),
        draw.split(flips, seed.steps[10].posterior, "After ten steps."),
    ],
    told="Before the first step and after the tenth, from a poor guess: A 0.51, B 0.001.",
    caption="Five sequences of 19 to 42 flips, and a really poor guess: coin B nearly never "
    "shows heads. Share out, and look at what is left for it.",
)

# %% [markdown]
# From the poor guess, coin A takes nearly everything: a coin that shows heads once in a
# thousand flips can hardly have made these. But nearly everything is not everything. The
# M-step divides by what a coin was given, so tiny shares count as much as large ones: only
# their proportions matter. Most of what B gets comes from the fifth sequence, 7 heads in 20,
# and so B's first estimate is {{ seed.steps[1].params.theta[1] : .3f }}. From there the two
# coins part.
#
# The same with the package `em`, whose `em.fit` repeats the two steps until they have become
# small, keeps every step, and refuses to go on if the log-likelihood ever falls:

# %%
fit = em.fit(coins, flips, Coins(theta=[0.51, 0.001]), fixed="weights")

print(fit.params.theta)
print(f"log-likelihood {fit.log_likelihood:.5f}, {len(fit.steps) - 1} steps")

# %% [markdown]
# ## Is that the truth?
#
# For these five sequences, too, somebody did note the coins: B, A, A, B, A. So B made 21 + 32 = 53
# heads in 70 flips, and A 26 in 66: by the labels, {{ 53 / 70 : .5f }} and {{ 26 / 66 : .5f }}. EM, without one
# label, found {{ fit.params.theta[0] : .5f }} and {{ fit.params.theta[1] : .5f }}: nearly the
# same, only that its A is their B. That is **label switching**. It is no error; it only means that components
# must never be compared by name.

# %%
with_labels = Coins(theta=[53 / 70, 26 / 66])  # in the order of EM's answer
_, log_likelihood = coins.e_step(flips, with_labels)

print(f"EM, without labels:  {fit.log_likelihood:.5f}")
print(f"counts, with labels: {log_likelihood:.5f}")

# %% [markdown]
# EM's log-likelihood is *higher*. It has to be, where EM has found the highest peak: no other
# pair of numbers is higher. EM looks for the coins that best explain the flips alone, and the labelled estimate answers another
# question. So a higher likelihood is not the truth. How near the peak lies to the coins in
# the box depends on the data.
#
# Nor do the shares all become 0 or 1. Sequence 2, with 9 heads and 10 tails, ends with
# {{ fit.posterior[1, 0] : .3f }} for A, which shows heads in {{ fit.params.theta[0] : .2f }} of its
# flips, and {{ fit.posterior[1, 1] : .3f }} for B, at {{ fit.params.theta[1] : .2f }}: B is far
# more probable, and not certain.
#
# ## The same in the package
#
# (To read, not to paste; may be skipped.) The package works in logarithms. Each product's, weight
# included:

# %% tags=["hide"]
em.show(coins.log_joint)

# %% [markdown]
# The E-step (`@blockwise`: rows are taken in blocks), and Bayes' rule, shared by all mixtures:

# %% tags=["hide"]
em.show(coins.e_step)

# %% tags=["hide"]
em.show(em.mixture.posterior)

# %% [markdown]
# The M-step, heads divided by flips, and the loop, which knows nothing of coins:

# %% tags=["hide"]
em.show(coins.m_step)

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
# Every sequence is split in half, and both coins become the average of all flips. That is a
# stationary point too, but a saddle, well below the peak. Start from guesses that differ, and
# start more than once.
#
# **A coin that cannot have made anything.** At $\theta_A = 0$ coin A never shows heads. It gets
# a share of exactly nothing, and the M-step would have to divide 0 by 0:

# %%
try:
    em.fit(coins, flips, Coins([0, 0.5]), fixed="weights")
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# **Two coins are fitted to anything**, also to flips of one. How many there are is
# [another question](groups.py).
#
# ## Exercises
#
# **1.** Let the program estimate how common the coins are: add `weight = share.mean(axis=0)` as the last
# line of the loop. A had three of the five rounds. *Predict*: will its weight come out at 0.6?
#
# <details markdown><summary>Solution</summary>

# %%
theta, weight = np.array([0.6, 0.5]), np.array([0.5, 0.5])
for _ in range(300):
    joint = weight * theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    share = joint / joint.sum(axis=1, keepdims=True)
    theta = heads @ share / ((heads + tails) @ share)
    weight = share.mean(axis=0)

print(theta.round(4), weight.round(4))

# %% [markdown]
# Not at 0.6 but at {{ weight[0] : .2f }}. The weight is the mean of the shares, and A has no round
# entirely to itself: of the last round it gets only {{ share[4, 0] : .2f }}.
#
# </details>
#
# **2.** Do three coins explain the rounds better than two? Put `[0.8, 0.5, 0.2]` into `theta`, and give
# the program 500 iterations. *Predict* the log-likelihood, with the weights held at one third and with the
# line of exercise 1.
#
# <details markdown><summary>Solution</summary>

# %%
for free in (False, True):
    theta, weight = np.array([0.8, 0.5, 0.2]), np.ones(3) / 3
    for _ in range(500):
        joint = weight * theta ** heads[:, None] * (1 - theta) ** tails[:, None]
        share = joint / joint.sum(axis=1, keepdims=True)
        theta = heads @ share / ((heads + tails) @ share)
        weight = share.mean(axis=0) if free else weight
    print(theta.round(3), weight.round(3), np.log(joint.sum(axis=1)).sum())

# %% [markdown]
# With the weights held, three coins do worse than two, because each of them has to take a third. Two of
# the three end as the same coin. With free weights they reach exactly what two coins with free weights
# reach. In general, one more coin with a free weight never lowers the highest peak, since it can be given
# nothing. So a higher likelihood alone does not settle how many coins there are.
#
# </details>
#
# **3.** Test the program where you know the answer: let NumPy draw 200 rounds of 30 flips from coins at 0.3
# and 0.7, and begin at 0.4 and 0.6. *Predict* how many digits will be right.
#
# <details markdown><summary>Solution</summary>

# %%
dice = np.random.default_rng(1)
made = dice.binomial(30, np.where(dice.random(200) < 0.5, 0.3, 0.7))
theta = np.array([0.4, 0.6])
for _ in range(50):
    joint = theta ** made[:, None] * (1 - theta) ** (30 - made[:, None])
    share = joint / joint.sum(axis=1, keepdims=True)
    theta = made @ share / (30 * share.sum(axis=0))

print(theta.round(4))

# %% [markdown]
# With 6,000 flips, both are right to about a hundredth. More digits are not in the data.
#
# </details>
#
# **4.** For the five sequences, let the mixing weights go: leave out `fixed="weights"`, and start from
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
# After one iteration B's weight is next to nothing. By step 7 nothing seems to move, and a rule
# that looks at the absolute sizes of the steps would stop there. But B's weight is growing about
# {{ free.steps[7].params.weights[1] / free.steps[6].params.weights[1] : .1f }}-fold at every
# step, and in the end it has {{ free.params.weights[1] : .3f }}, near three
# sequences in five. `em.fit` waits for a number that is still growing, however small it is.
#
# </details>
#
# ## Where to read on
#
# Next: [two groups of points](normals.py), the same two steps for numbers instead of flips.
# The five rounds are from C. B. Do and S. Batzoglou, *What is the expectation maximization
# algorithm?*, Nature Biotechnology 26 (2008), 897–899, doi 10.1038/nbt1406.
