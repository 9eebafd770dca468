# ---
# title: Two coins
# order: 2
# section: Begin
# question: How can I estimate two coins when nobody wrote down which one was flipped?
# description: >-
#   Expectation Maximisation step by step on five sequences of coin flips: likelihood,
#   E-step, M-step, ten steps, and the example of Do and Batzoglou reproduced.
# ---

# %% [markdown]
# # Two coins, and nobody wrote down which
#
# **At the end of this page you will be able to** do one step of EM by hand, say what a
# likelihood is and what it is not, run EM to its end in a few lines of Python, and tell
# a harmless surprise (the coins have changed places) from a real failure.
#
# A box holds two coins, A and B. Somebody took one out, flipped it a number of times,
# wrote down heads and tails, and put it back; and did so five times. The two coins are
# bent, each in its own way. How often does each come up heads?
#
# This first block imports all that the page needs. To install the package, see the
# [first page](index.py#run-it-yourself).

# %%
from itertools import islice

import numpy as np

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
print("heads", flips.heads)
print("tails", flips.tails)

# %% [markdown]
# ## With labels, counting is enough
#
# Suppose first that somebody did note the coin: B, A, A, B, A.

# %% tags=["hide"]
from em.figures import coins as draw

labels = "BAABA"
known = np.array(
    [[label == "A", label == "B"] for label in labels], dtype=float
)
draw.sequences(
    sequences,
    known,
    "The five sequences with their labels. Filled: heads. Hollow: tails. "
    "Circles are coin A, squares coin B.",
    labels,
)

# %% [markdown]
# Then there is nothing to it. Pile up all flips of a coin, and take the share of heads.

# %%
labels = np.array(list("BAABA"))

for coin in "AB":
    h = flips.heads[labels == coin].sum()
    t = flips.tails[labels == coin].sum()
    print(f"{coin}: {h:.0f} heads, {t:.0f} tails, share {h / (h + t):.5f}")

# %% [markdown]
# ## What a likelihood is
#
# Why the share of heads, and not some other number? Call a coin's chance of heads
# $\theta$. If the flips do not influence each other, the chance of a sequence with $h$
# heads and $t$ tails is a product with one factor for each flip:
#
# $$ L(\theta) = \theta^h (1 - \theta)^t . $$
#
# Now turn the question round. The flips are what they are; $\theta$ is what we do not
# know. Read as a function of $\theta$, with the data held still, this chance is called
# the **likelihood**.

# %% tags=["hide"]
draw.likelihoods(
    Flips([26, 53], [40, 17]),
    "The likelihood of each coin's pile of flips, over θ. Each curve is scaled to a "
    "peak of 1; the peak is at the share of heads.",
)

# %% [markdown]
# The curve is highest exactly at the share of heads. That value of $\theta$ makes the
# observed flips least surprising; it is the *maximum likelihood estimate*.
#
# A likelihood is **not** the probability that $\theta$ is right. It is the probability of
# the *flips*, were $\theta$ right. Nothing makes the area under the curve 1.
#
# Likelihoods are tiny: below $10^{-19}$ for coin A's 66 flips, and for a hundred thousand
# flips smaller than any number a computer holds. So we work with the logarithm, which
# turns the product into a sum and has its peak in the same place:

# %% tags=["hide"]
em.show(coins.log_likelihoods)

# %%
pile_of_a = Flips([26], [40])

print("θ        log-likelihood  likelihood")
for theta in (0.3, 26 / 66, 0.5):
    log = coins.log_likelihoods(pile_of_a, Coins([theta])).item()
    print(f"{theta:.5f}  {log:14.3f}  {np.exp(log):10.2e}")

# %% [markdown]
# ## The labels are lost
#
# Now wipe out the labels. Same flips, but which coin made which sequence?

# %% tags=["hide"]
draw.sequences(
    sequences,
    np.full((5, 2), 0.5),
    "The same five sequences without labels. Purple: could be either coin.",
)

# %% [markdown]
# We are caught in a circle. If we knew the labels, we could estimate the coins by
# counting. If we knew the coins, we could say which of them each sequence looks like. We
# know neither.
#
# EM breaks the circle by starting anywhere in it. **Guess** the coins. **Share out** each
# sequence among them, in proportion to how well each explains it. **Re-estimate** the
# coins from those shares. Then **repeat**.
#
# ## One E-step, by hand
#
# Our guess: $\theta_A = 0.5$ and $\theta_B = 0.6$. Either coin was equally likely to be
# picked: the *mixing weights* $\pi_A$ and $\pi_B$ are one half each.
#
# Take the first sequence, 21 heads and 7 tails. Coin A makes it with chance
# $0.5^{21} \cdot 0.5^{7}$, coin B with chance $0.6^{21} \cdot 0.4^{7}$.

# %%
of_a = 0.5**21 * 0.5**7
of_b = 0.6**21 * 0.4**7
print(f"A: {of_a:.3g}   B: {of_b:.3g}   A's share: {of_a / (of_a + of_b):.3f}")

# %% [markdown]
# Both chances are small, but that is not the point: one of the two coins *did* make the
# sequence. What counts is how they compare. B explains the sequence about ten times as
# well, so B gets most of it, and A gets a little.
#
# These shares are called **responsibilities**. In general, for sequence $i$ and coin $k$,
#
# $$ r_{ik} = \frac{\pi_k \, L_i(\theta_k)}{\sum_j \pi_j \, L_i(\theta_j)} , $$
#
# which is Bayes' rule: the probability that coin $k$ made sequence $i$, *if* our present
# guess were right. Here it is for all five sequences.

# %% tags=["hide"]
guess = Coins(theta=[0.5, 0.6])
responsibilities, _ = coins.e_step(flips, guess)
draw.split(
    flips,
    responsibilities,
    "The E-step shares out each sequence's heads and tails. Solid red: to coin A. "
    "Pale blue: to coin B. On the left, A's responsibility.",
)

# %% [markdown]
# A sequence is not handed to one coin. It is split, its heads and its tails alike, and the
# parts add up to what was there:

# %%
guess = Coins(theta=[0.5, 0.6])
responsibilities, log_likelihood = coins.e_step(flips, guess)

print("share of     heads to        tails to")
print("A     B      A     B         A     B")
for r, h, t in zip(responsibilities, flips.heads, flips.tails, strict=True):
    (a, b), (h_a, h_b), (t_a, t_b) = r, r * h, r * t
    print(
        f"{a:.3f} {b:.3f}  {h_a:5.2f}+{h_b:5.2f}={h:2.0f}"
        f"  {t_a:5.2f}+{t_b:5.2f}={t:2.0f}"
    )
print(f"log-likelihood of the guess: {log_likelihood:.5f}")

# %% [markdown]
# The E-step of the package does just this, in logarithms:

# %% tags=["hide"]
em.show(coins.log_joint)

# %% tags=["hide"]
em.show(coins.e_step)

# %% tags=["hide"]
em.show(em.mixture.posterior)

# %% [markdown]
# In the E-step nothing moves: the coins stay as guessed. Only our view of who made what
# has changed.
#
# ## One M-step
#
# Now we have labels again, only softer ones. So count, as we did with the labels: each
# coin's share of all heads, divided by its share of all flips.

# %%
for coin, r in zip("AB", responsibilities.T, strict=True):
    h, t = r @ flips.heads, r @ flips.tails
    print(f"{coin}: {h:.2f} heads, {t:.2f} tails, θ = {h / (h + t):.5f}")

print(coins.m_step(flips, responsibilities).theta)

# %% tags=["hide"]
em.show(coins.m_step)

# %% [markdown]
# ## Ten steps
#
# One E-step and one M-step make one step of EM. The loop around them knows nothing about
# coins:

# %% tags=["hide"]
em.show(em.algorithm.alternate)

# %% [markdown]
# Let us begin with a really poor guess, $\theta_A = 0.51$ and $\theta_B = 0.001$, and take
# ten steps. (`fixed="weights"` keeps the mixing weights at one half.)

# %%
start = Coins(theta=[0.51, 0.001])

run = em.run(coins, flips, start, fixed="weights")

print("step  θA       θB       log-likelihood")
for number, step in enumerate(islice(run, 11)):
    a, b = step.params.theta
    print(f"{number:4}  {a:.5f}  {b:.5f}  {step.log_likelihood:14.5f}")

# %% tags=["hide"]
from em.figures.stepper import stepper

taken = list(islice(em.run(coins, flips, start, fixed="weights"), 11))
stepper(
    draw.frames(flips, taken),
    [
        f"Step {number}: θA {step.params.theta[0]:.5f}, θB {step.params.theta[1]:.5f}; "
        f"log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(taken)
    ],
    "The same ten steps, one at a time. Each dot is a sequence, at its share of heads, "
    "larger if it is longer; it takes the colour of the coin that it leans to.",
)

# %% [markdown]
# The log-likelihood rises at every step and then stands still. EM has arrived at 0.75396
# and 0.39311. With the labels, counting had given 0.75714 and 0.39394: nearly the same
# answer, without a single label.
#
# ## The coins have changed places
#
# But look which is which. With labels, A was the coin at 0.39394; now it is the one at
# 0.75396. Is something wrong?
#
# No. Without labels, "A" and "B" are two empty names. Swap them throughout and every
# sequence is explained just as well. So for every solution there is a twin with the names
# swapped and the same likelihood, and the start decides which of the two EM finds. This is
# **label switching**. It is no error; it only means that components must never be
# compared by name.

# %%
there = em.fit(coins, flips, Coins([0.51, 0.001]), fixed="weights")
back = em.fit(coins, flips, Coins([0.001, 0.51]), fixed="weights")

print(there.params.theta, f"{there.log_likelihood:.5f}")
print(back.params.theta, f"{back.log_likelihood:.5f}")

# %% [markdown]
# `em.fit` runs until no parameter moves any more, keeps every step, and refuses to go on
# if the log-likelihood ever falls.
#
# ## What moved
#
# In the first step coin A takes nearly everything: a coin with $\theta = 0.001$ can hardly
# have made so many heads. But nearly everything is not everything. Here is what is left
# for coin B:

# %%
for r in there.steps[0].posterior[:, 1]:
    print(f"{r:.1e}")

# %% [markdown]
# The M-step divides by the sum of the shares, so small shares count as much as large ones;
# only their proportions matter. Nearly all that B gets is from the fifth sequence, with its
# 7 heads in 20 flips, and so B's first estimate is 0.35. From there the two coins part.

# %% tags=["hide"]
draw.history(
    flips,
    Coins([0.51, 0.001]),
    10,
    "Ten steps. Above, the two coins part. Below, what part of each sequence coin A takes: "
    "sequences 1 and 4 stay with it, 3 and 5 leave, and 2 goes most of the way.",
    fixed="weights",
)

# %%
print(there.posterior[:, 0].round(3))

# %% [markdown]
# The shares do not all become 0 or 1. Sequence 2, with 9 heads and 10 tails, looks more
# like the tails-loving coin, but EM does not pretend to be certain.
#
# ## Is that the truth?
#
# EM climbs the likelihood, and nothing else. Compare the log-likelihood that it reached
# with that of the estimate made *with* the labels:

# %%
with_labels = Coins(theta=[53 / 70, 26 / 66])
_, log_likelihood = coins.e_step(flips, with_labels)

print(f"EM, without labels:  {there.log_likelihood:.5f}")
print(f"counts, with labels: {log_likelihood:.5f}")

# %% [markdown]
# EM's is *higher*, −86.48103 against −86.48288. That is as it must be: EM looks for the
# coins that best explain the flips alone, and the labelled estimate answers another
# question. So do not say that EM "approaches the true value". It approaches a point from
# which the likelihood cannot be improved by a small change, and usually a high one. How
# near that is to the coins in the box depends on the data.
#
# ## Not every start works
#
# Coin A never shows heads, we guess: $\theta_A = 0$. Then it cannot have made any of these
# sequences. It gets a share of exactly nothing, and the M-step would have to divide
# 0 by 0.

# %%
try:
    em.fit(coins, flips, Coins([0, 0.5]), fixed="weights")
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# And if both coins start alike, nothing can ever tell them apart. Every sequence is split
# in half, and both coins become the average of all flips:

# %%
stuck = em.fit(coins, flips, Coins([0.3, 0.3]), fixed="weights")
print(stuck.params.theta, f"{stuck.log_likelihood:.5f}")

# %% [markdown]
# EM stopped at −92.48076, well below −86.48103, and by its own rule it is content: the
# likelihood did not fall, and the point is stationary. Start from guesses that differ, and
# start more than once.
#
# ## The example that many learned it from
#
# Do and Batzoglou (2008) explain EM with five rounds of ten flips. Their figure shows what
# one would get with the labels, which are B, A, A, B, A again, and then EM from the start
# 0.6 and 0.5.

# %%
rounds = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
run = em.run(coins, rounds, Coins([0.6, 0.5]), fixed="weights")
first, second = islice(run, 2)

print("data    share of   to A        to B")
for r, h, t in zip(first.posterior, rounds.heads, rounds.tails, strict=True):
    (a, b), (h_a, h_b), (t_a, t_b) = r, r * h, r * t
    print(
        f"{h:.0f}H {t:.0f}T   {a:.2f} {b:.2f}"
        f"  {h_a:.1f}H {t_a:.1f}T   {h_b:.1f}H {t_b:.1f}T"
    )

heads = rounds.heads @ first.posterior
tails = rounds.tails @ first.posterior
print(
    f"in all            {heads[0]:.1f}H {tails[0]:.1f}T"
    f"  {heads[1]:.1f}H {tails[1]:.1f}T"
)

# %%
done = em.fit(coins, rounds, Coins([0.6, 0.5]), fixed="weights")

print("after one step: ", second.params.theta.round(2))
print("after ten steps:", done.steps[10].params.theta.round(2))
print(f"with the labels: {(9 + 8 + 7) / 30:.2f} {(5 + 4) / 20:.2f}")

# %% [markdown]
# Every number of their figure is here: the shares 0.45 and 0.55 of the first round, the
# expected counts 21.3 and 8.6 against 11.7 and 8.4, then 0.71 and 0.58 after one step and
# 0.80 and 0.52 after ten. And here, too, the responsibilities do not settle at 0 and 1, and
# the labelled estimate lies lower than the one of EM:

# %%
print(done.posterior[:, 0].round(3))

_, with_labels = coins.e_step(rounds, Coins([0.80, 0.45]))
print(f"EM {done.log_likelihood:.5f}, with labels {with_labels:.5f}")

# %% [markdown]
# ## What could go wrong
#
# - **Products underflow.** Multiply 1,100 factors of one half and a computer holds 0. Work
#   in logarithms, as above: a sequence of 100,000 flips is then no trouble.
# - **One coin takes everything**, when the mixing weights are estimated too and the start
#   is poor. The first exercise shows it.
# - **A high likelihood is not a good model.** EM fits two coins to anything, also to flips
#   of one.
#
# ## Exercises
#
# **1.** Let the mixing weights go: leave out `fixed="weights"`. Start the five sequences
# once from `Coins([0.6, 0.4])` and once from `Coins([0.51, 0.001])`. What are the weights,
# and what happened the second time?
#
# <details markdown><summary>Solution</summary>

# %%
for theta in ([0.6, 0.4], [0.51, 0.001]):
    free = em.fit(coins, flips, Coins(theta))
    print(free.params.theta.round(5), free.params.weights.round(5))
    print(
        f"    log-likelihood {free.log_likelihood:.5f},"
        f" {len(free.steps) - 1} steps"
    )

print("B's weight, from the poor start:")
for number in (1, 2, 3, 10, 20, 36):
    step = free.steps[number]
    print(
        f"{number:4}  {step.params.weights[1]:.1e}  {step.log_likelihood:.5f}"
    )

# %% [markdown]
# Both times the weights settle at 0.59467 and 0.40533, near the 2 to 3 of the lost labels,
# and the likelihood is a little higher than with equal weights. But from the poor start
# coin A took all sequences in the first step, so its weight became 1 and B's nearly 0. Next
# to there lies a stationary point, the one where both coins were stuck above, and for
# twenty steps the log-likelihood seems to stand still. It does not: B's weight grows
# fourfold at every step, and in the end EM gets away. `em.fit` waits for that. It does not
# stop while a small number keeps growing, however small it is.
#
# </details>
#
# **2.** Would three coins explain the five sequences better than two? Try it from
# `Coins([0.2, 0.5, 0.8])` with equal mixing weights. Does a higher likelihood settle the
# question?
#
# <details markdown><summary>Solution</summary>

# %%
three = em.fit(coins, flips, Coins([0.2, 0.5, 0.8]), fixed="weights")
print(three.params.theta.round(4), f"{three.log_likelihood:.5f}")

# %% [markdown]
# A little better, −86.44861 against −86.48103. But look at the three: two of them are the
# same coin. With weights held at one third each, the spare coin went where it could do
# some good, and now tails-loving coins make two thirds of the sequences. One more coin
# can always be put to some use, so a higher likelihood alone does not settle how many
# coins there are.
#
# </details>
#
# **3.** Test the method on data whose answer you know: draw 200 sequences of 30 flips from
# coins at 0.3 and 0.7 with `coins.sample`, and estimate them. How far off are you?
#
# <details markdown><summary>Solution</summary>

# %%
made, made_by = coins.sample(
    Coins([0.3, 0.7]), 200, 30, np.random.default_rng(1)
)
again = em.fit(coins, made, Coins([0.4, 0.6]), fixed="weights")
print(again.params.theta.round(4))

# %% [markdown]
# With 6,000 flips the estimates are within about a hundredth of the truth: as near as one could
# hope for, had one known the labels.
#
# </details>
#
# ## Where to read on
#
# Next: [two normals](normals.py), the same loop for numbers instead of flips. The example
# of five rounds is from Do and Batzoglou, *What is the expectation maximization
# algorithm?*, Nature Biotechnology 26 (2008),
# [doi 10.1038/nbt1406](https://doi.org/10.1038/nbt1406). More on the
# [resources page](resources.md).
