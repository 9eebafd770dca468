# ---
# title: Two coins
# order: 2
# section: Begin
# question: How can I estimate two coins when nobody wrote down which one was flipped?
# description: >-
#   Expectation Maximisation under your finger: five rounds of ten flips shared out
#   between two coins, one E-step and one M-step by hand, and the whole program.
# numbers: own
# allow: [53, 70, 66, 21, 32, 10, 20, 30, 200, "6,000", 19, 42, 26, 897, 899, 2008, "0.60", 0.5, 0.6, 0.3, 0.7, 0.51, 0.001]
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
# **1. Predict:** the guess says that A shows heads in 6 flips of 10 and B in 5. The second
# round has nine heads. Which coin will get more of it? *Press **Share out**.*
#
# <details markdown><summary>See why</summary>
#
# A gets {{ 10 * first.posterior[1, 0] : .1f }} of its ten flips
# ({{ 9 * first.posterior[1, 0] : .1f }} heads, {{ first.posterior[1, 0] : .1f }} tails), a share of
# {{ first.posterior[1, 0] : .2f }}. Nine heads are more likely from a coin that shows heads in 6 of
# 10 than from one that shows them in 5 of 10. But B *could* have made them, so it keeps the rest.
# And neither coin has moved: sharing out only says who gets the credit.
#
# </details>
#
# **2. Predict:** will coin A's number go up or down now? *Press **Re-estimate**.*
#
# <details markdown><summary>See why</summary>
#
# Up, from 0.60 to {{ second.params.theta[0] : .2f }}: A was given most of the rounds that are
# rich in heads. B was given more of the others, and it rises less, to
# {{ second.params.theta[1] : .2f }}. The bars are out of date now: they were shared out by the
# old guess.
#
# </details>
#
# **3. Predict:** where will the two coins end? *Press **Play**.* Then start again, type 0.5
# for A and 0.6 for B under **Options**, and play once more.
#
# <details markdown><summary>See why</summary>
#
# They part, and come to rest at {{ run.params.theta[0] : .2f }} and
# {{ run.params.theta[1] : .2f }}. From the other start they end at the same two numbers with
# the names changed. Without labels, "A" and "B" are two empty names.
#
# </details>
#
# What you have just done is **Expectation Maximisation**: *share out* is called
# the **E-step**, *re-estimate* the **M-step**.
#
# ## A circle, and how to break into it
#
# If we knew which coin made each round, estimating would be counting. If we knew the coins,
# we could say which of them each round looks like. We know neither: a circle.
#
# EM starts anywhere in it. It **guesses** the coins, **shares out** each round between them in
# proportion to how well each explains it, **re-estimates** the coins from what they were
# given, and **repeats**. That gets somewhere, because no turn explains the flips worse than the
# one before. [Why it never goes down](why.py) shows it.
#
# What was not seen, the coin of each round, is the **latent variable** (latent means hidden).
# Flips and coins together would be the **complete data**. What we want, $\theta_A$ and
# $\theta_B$, each coin's probability of heads, are the **parameters**.
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
# Both are small, and that does not matter: one of the two coins *did* make the round. What
# counts is how they compare. B explains five heads in ten a little better, so B gets
# {{ first.posterior[0, 1] : .2f }} of the round and A {{ first.posterior[0, 0] : .2f }}.
#
# Such a share is called a **responsibility**. If A were taken out of the box more often than
# B, A would get more of every round: each probability is first multiplied by the coin's
# **mixing weight** $\pi$, how common it is. Here both are one half, and stay so. For round $i$
# and coin $k$,
#
# $$ r_{ik} = \frac{\pi_k \, \theta_k^{h_i} (1 - \theta_k)^{t_i}}
#                  {\sum_j \pi_j \, \theta_j^{h_i} (1 - \theta_j)^{t_i}} , $$
#
# with $h_i$ heads and $t_i$ tails. This is Bayes' rule. The mixing weight is what we think of
# the coin before we see the round: its **prior** probability. The responsibility is what we
# think after: its **posterior** probability, *if* the present guess were right.
#
# ## Re-estimate, by hand
#
# Now there are labels again, only softer ones. So count: the heads credited to a coin,
# divided by the flips credited to it.

# %% tags=["hide"]
draw.split(
    rounds,
    first.posterior,
    "The E-step's shares, as heads and tails. Solid red: credited to A. Pale blue: to B. "
    "Each row adds up to the ten flips that were there.",
)

# %% [markdown]
# In numbers, for A:
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
# (Added before they were rounded.) So A's new θ is {{ rounds.heads @ first.posterior[:, 0] : .2f }} divided by
# {{ 10 * first.posterior[:, 0].sum() : .2f }}. For both coins at once (`heads @ share` multiplies each
# round's heads by its shares, and adds up):

# %%
import numpy as np

share = np.array(
    [
        [0.449, 0.551],
        [0.805, 0.195],
        [0.733, 0.267],
        [0.352, 0.648],
        [0.647, 0.353],
    ]
)
heads = np.array([5, 9, 8, 4, 7]) @ share
flips = np.array([10, 10, 10, 10, 10]) @ share
print("heads credited to A and B:", heads.round(1))
print("flips credited to A and B:", flips.round(1))
print("new θ:", (heads / flips).round(2))

# %% [markdown]
# ## The program
#
# That is all there is to it. The whole algorithm, to be pasted into an empty Python. (Each line
# ends with a score, explained [below](#what-is-climbing): higher is better.)

# %% tags=["program"]
import numpy as np

heads = np.array([5, 9, 8, 4, 7])  # of ten flips in each round
tails = 10 - heads
theta = np.array([0.6, 0.5])  # a guess: coin A, coin B
weight = np.array([0.5, 0.5])  # how common each coin is

for step in range(11):
    # E-step: a row for each round ([:, None] does that), a column for each coin.
    joint = weight * theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    share = joint / joint.sum(axis=1, keepdims=True)  # equal weights cancel
    print(step, theta.round(4), np.log(joint.sum(axis=1)).sum().round(3))
    # M-step: heads credited to a coin, divided by flips credited to it.
    theta = heads @ share / ((heads + tails) @ share)

# %% tags=["hide"]
np.testing.assert_allclose(theta, run.steps[11].params.theta, rtol=1e-9)
np.testing.assert_allclose(
    np.log(joint.sum(axis=1)).sum(), run.steps[10].log_likelihood, rtol=1e-12
)

# %% [markdown]
# One more line in the loop, `weight = share.mean(axis=0)`, estimates the mixing weights as well. A
# third coin is a third number in `theta`, and weights of one third each: they must add up to 1, or the
# score is wrong. Rows of unequal length: write `tails` as an array of its own. Let the loop run on until
# neither score nor coins move, and start more than once: a score can stand for a while, and then climb
# ([exercise 1](#exercises)).
# (Rows of thousands of flips, and a guess of exactly 0 or 1, end in `nan`. The
# [package](#the-same-in-the-package) works in logarithms, and says what is wrong.)
#
# The numbers are those of Do and Batzoglou (2008), from whom many learned EM: shares
# {{ first.posterior[0, 0] : .2f }} and {{ first.posterior[0, 1] : .2f }} of the first round,
# {{ second.params.theta[0] : .2f }} and {{ second.params.theta[1] : .2f }} after one step,
# {{ run.steps[10].params.theta[0] : .2f }} and {{ run.steps[10].params.theta[1] : .2f }} after
# ten. They also tell what was hidden: the coins were B, A, A, B, A. With these labels, counting
# gives {{ 24 / 30 : .2f }} and {{ 9 / 20 : .2f }}. EM's B is higher, since without labels it keeps
# a part of A's rounds: {{ run.steps[10].posterior[4, 1] : .2f }} of the fifth, with seven heads.
#
# ## What is climbing
#
# Did the ten steps get anywhere? We need a number that says how well two coins explain *all*
# the flips, whichever coin made each round. For one round, that is the average over the two
# coins. The first round: half of {{ from_a : .6f }} and half of {{ from_b : .6f }} make
# {{ (from_a + from_b) / 2 : .6f }}. For all rounds, the product:
#
# $$ L(\theta) = \prod_i \sum_k \pi_k \, \theta_k^{h_i} (1 - \theta_k)^{t_i} . $$
#
# It is the probability of the flips, as a function of $\theta$, with the data held still.
# Read so, it is called the **likelihood**. It is *not* the probability that $\theta$ is
# right: it says how well $\theta$ foretells these flips. Likelihoods are tiny, at the
# guess about {{ np.exp(first.log_likelihood) : .0e }}, so one takes the logarithm, and the product
# becomes a sum. The first round adds
# {{ np.log((from_a + from_b) / 2) : .2f }}; all five together make
# {{ first.log_likelihood : .3f }}, the program's first line. (Logarithms of numbers below 1 are
# negative: nearer to 0 is better.)

# %% tags=["hide"]
climbing(
    run.log_likelihoods[:11],
    "The log-likelihood after each step. It never falls, and the first step does most of "
    "the work.",
)

# %% [markdown]
# From {{ first.log_likelihood : .3f }} it climbs to {{ run.log_likelihood : .3f }}, and no step
# goes down. EM promises that much, always. Where it comes to rest, short of 0 and 1, is a
# **stationary point**: a level place of the likelihood, usually a peak.
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
# **1.** Let the mixing weights go: leave out `fixed="weights"`, and start from
# `Coins([0.51, 0.001])`. *Predict first:* coin A takes nearly everything in the first step, so
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
# After one step B's weight is next to nothing. By step 7 nothing seems to move, and a rule
# that looks at the sizes of the steps alone would stop there. But B's weight is growing about
# {{ free.steps[7].params.weights[1] / free.steps[6].params.weights[1] : .1f }}-fold at every
# step, and in the end it has {{ free.params.weights[1] : .3f }}, near the share of three
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
# the {{ fit.log_likelihood : .5f }} of two. But two of the three are the same coin: the spare
# one went where it did some good. With free weights the third coin adds nothing at all: two
# coins with free weights reach {{ free.log_likelihood : .5f }} as well. In general one more
# coin, with free weights, never makes the highest peak lower, since it can be given nothing. So
# a higher likelihood alone does not settle how many coins there are.
#
# </details>
#
# **3.** Test the method where you know the answer: draw 200 sequences of 30 flips from coins at
# 0.3 and 0.7 with `coins.sample`, and estimate them. *Predict* how many digits will be right.
#
# <details markdown><summary>Solution</summary>

# %%
made, _ = coins.sample(Coins([0.3, 0.7]), 200, 30, np.random.default_rng(1))
again = em.fit(coins, made, Coins([0.4, 0.6]), fixed="weights")
print(again.params.theta.round(4))

# %% [markdown]
# With 6,000 flips, both are within about a hundredth.
#
# </details>
#
# ## Where to read on
#
# Next: [two groups of points](normals.py), the same two steps for numbers instead of flips.
# The five rounds are from C. B. Do and S. Batzoglou, *What is the expectation maximization
# algorithm?*, Nature Biotechnology 26 (2008), 897–899, doi 10.1038/nbt1406.
