# ---
# title: Two coins
# order: 2
# section: Begin
# question: How can I estimate two coins when nobody wrote down which one was flipped?
# description: >-
#   Expectation Maximisation under your finger: five rounds of ten flips shared out
#   between two coins, one E-step and one M-step by hand, and the whole program.
# numbers: own
# allow: ["1,000", 300, 15, 26, 897, 899, 2008, 0.5, 0.6, 500]
# ---

# %% [markdown]
# # Two coins
#
# Two bent coins lie in a box. Five times somebody took one out, flipped it ten times, wrote
# down heads and tails, and put it back. Nobody wrote down *which* coin it was. How often
# does each come up heads?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import coins as draw
from em.figures.live import live
from em.models import coins
from em.models.coins import Coins, Flips

rounds = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
guess = Coins(theta=[0.6, 0.5])
run = em.fit(coins, rounds, guess, fixed="weights")
first, second = run.steps[:2]
from_a, from_b = 0.6**5 * 0.4**5, 0.5**5 * 0.5**5
live(
    "coins",
    heads=[5, 9, 8, 4, 7],
    tails=[5, 1, 2, 6, 3],
    theta=[0.6, 0.5],
    program={
        "heads": "heads",
        "tails": "tails",
        "theta": "theta",
        "weight": "weights",
    },
    still=[
        draw.split(rounds, first.posterior, "The first E-step."),
        draw.split(rounds, run.steps[10].posterior, "After ten iterations."),
    ],
    told="The first E-step, and the one after ten iterations: A's share of each round is red, "
    "and B's is blue and hatched.",
    caption="Each row is ten flips. θ is a coin's probability of heads. Drag the two guesses, or "
    "type them under Options. Then share out, re-estimate, and repeat. Solid bars are heads, hatched bars are tails, and "
    "hollow bars were shared out by the old guess.",
)

# %% [markdown]
# **You will be able to** do both steps of EM by hand, and change a program that does them. **About MINUTES
# minutes. To know first:** probabilities, and what a logarithm is.
#
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
# we could say which of them each round looks like. We know neither: a circle. EM breaks into it with a guess. Then it
# goes round and round, and gets somewhere because no turn explains the flips worse than the turn before
# ([why](why.py)).
#
# The coin of each round, which nobody saw, is the **latent variable** (latent means hidden).
# Flips and coins together would be the **complete data**. What we want, each coin's probability of heads
# $\theta_A$ and $\theta_B$, are the **parameters**.
#
# ## Share out, by hand
#
# Take the first round, 5 heads and 5 tails, at the guess $\theta_A = 0.6$ and
# $\theta_B = 0.5$. Coin A makes just this row of flips with probability
# $0.6^5 \cdot 0.4^5$ = {{ from_a : .6f }}, and B with $0.5^5 \cdot 0.5^5$ = {{ from_b : .6f }}. Both are small, and
# that does not matter, because one of the two coins *did* make the round. What
# counts is how they compare. The number of orders of the flips, which `dbinom` includes, cancels. A gets {{ from_a : .6f }} / ({{ from_a : .6f }} + {{ from_b : .6f }}) =
# {{ first.posterior[0, 0] : .4f }} of the round, and B the rest.
#
# Such a share is called a **responsibility**. If A were taken out more often than B, it would get more of every round: each probability is first multiplied by the coin's
# **mixing weight** $\pi$, which says how common the coin is. Here both weights are one half, and stay so. For
# round $i$ with $h_i$ heads and $t_i$ tails, and coin $k$,
#
# $$ r_{ik} = \frac{\pi_k \, \theta_k^{h_i} (1 - \theta_k)^{t_i}}
#                  {\sum_j \pi_j \, \theta_j^{h_i} (1 - \theta_j)^{t_i}} . $$
#
# This is Bayes' rule. The mixing weight is what we think of the coin before we see the round, its **prior**
# probability. The responsibility is its **posterior** probability, *if* the present guess were right.
#
# ## Re-estimate, by hand
#
# Now we can count. A is credited with its share of the heads of each round,
# {{ first.posterior[0, 0] : .4f }} · 5 + {{ first.posterior[1, 0] : .4f }} · 9 +
# {{ first.posterior[2, 0] : .4f }} · 8 + {{ first.posterior[3, 0] : .4f }} · 4 +
# {{ first.posterior[4, 0] : .4f }} · 7 = {{ rounds.heads @ first.posterior[:, 0] : .2f }} heads. Its
# share of the flips is {{ 10 * first.posterior[:, 0].sum() : .2f }} in all. The heads divided by the flips are A's
# new $\theta$, {{ second.params.theta[0] : .2f }}. The last row of the figure does the same.
#
# ## The program
#
# Here is all of it, to run and to change. Each line that it prints ends with the
# [log-likelihood](#what-is-climbing), which says how well the coins explain the flips: higher is better.

# %% tags=["program"]
import numpy as np

heads = np.array([5, 9, 8, 4, 7])  # in each round
tails = 10 - heads  # so no heads above 10
theta = np.array([0.6, 0.5])  # a guess: coin A, coin B
weight = np.ones(len(theta)) / len(theta)  # how common each is

for iteration in range(10):
    # E-step: a row for each round ([:, None] does that), a column for each coin
    joint = weight * theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    share = joint / joint.sum(axis=1, keepdims=True)
    log_likelihood = np.log(joint.sum(axis=1)).sum()
    print(iteration, theta.round(4), log_likelihood.round(3))
    # M-step: heads credited to a coin, divided by flips credited to it
    theta = heads @ share / ((heads + tails) @ share)

print("in the end:", theta.round(4))

# %% tags=["hide"]
np.testing.assert_allclose(theta, run.steps[10].params.theta, rtol=1e-9)
np.testing.assert_allclose(
    log_likelihood, run.steps[9].log_likelihood, rtol=1e-12
)

# %% [markdown]
# For a third coin, put a third number into `theta`; the weights follow. For rounds of unequal length, write `tails`
# as an array of its own. Rounds of a thousand flips end in `nan`, because their probabilities are too small for the
# computer. Then take logarithms.
#
# <details markdown><summary>Go deeper</summary>
#
# Each of four shops had 1,000 visitors, and so many of them bought something. Are there two kinds of shop?

# %%
bought, visitors = np.array([120, 95, 310, 290]), 1000
rate = np.array([0.3, 0.1])
for _ in range(50):
    log_joint = bought[:, None] * np.log(rate)
    log_joint = log_joint + (visitors - bought)[:, None] * np.log(1 - rate)
    part = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    part = part / part.sum(axis=1, keepdims=True)
    rate = bought @ part / (visitors * part.sum(axis=0))

print(rate.round(4))

# %% [markdown]
# The largest of a row is subtracted before it becomes a power of e, so no row is 0 / 0.
#
# </details>
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
# -heads = np.array([5, 9, 8, 4, 7])  # in each round
# +heads = np.array([5, 9, 8, 4, 10])  # in each round
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
# $\theta$ is 0 divided by 0: {{ changed.theta[0] : .2f }}, which means *not a number*. From the next iteration on all
# numbers are that. Never begin at exactly 0 or 1, because 0 means *impossible*.
#
# </details>
# </div>
#
# ## What is climbing
#
# We need a number that says how well two coins explain *all* the flips, whichever coin made each round. For one round,
# that is the average over the two coins: half of {{ from_a : .6f }} and half of {{ from_b : .6f }} make
# {{ (from_a + from_b) / 2 : .6f }}. For all rounds, it is the product:
#
# $$ L(\theta) = \prod_i \sum_k \pi_k \, \theta_k^{h_i} (1 - \theta_k)^{t_i} . $$
#
# This is the probability of the flips as a function of $\theta$, with the data held still, and is called the
# **likelihood**. It is *not* the probability that $\theta$ is right. It is tiny, at the
# guess about {{ np.exp(first.log_likelihood) : .0e }}, so we take its logarithm,
# {{ first.log_likelihood : .3f }}, which is the first line of the program. Nearer to 0 is better.
#
# From there it climbs to {{ run.log_likelihood : .3f }}, and no iteration
# goes down. EM promises that much, always. Where it comes to rest, short of 0 and 1, is a
# **stationary point**: a place where the likelihood is level, usually a peak.
#
# ## What could go wrong
#
# Coins that start alike stay alike. A guess of exactly 0 or 1 says that something is impossible, and can leave a coin
# with nothing. The [names can swap](labels.py) from one run to the next. And two coins can be fitted to anything, even
# to flips of one: how many there are is [another question](howmany.py).
#
# ## Exercises
#
# Exercises 1 to 3 on [the page of exercises](exercises.py) are about coins, and mark themselves.
#
# **1.** Let the program estimate how common the coins are: add `weight = share.mean(axis=0)` as the last
# line of the loop, print `weight` too, and run 300 iterations. *Predict*: is A's weight above a half?
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
# A little: {{ weight[0] : .2f }}. The weight is the mean of the shares, and A has no round
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
# ## Where to read on
#
# Next, the same two steps for numbers instead of flips: [Gaussian mixtures in one dimension](normals.py). The
# coins again, in rows of unequal length: [label switching](labels.py). Put reads for rounds and transcripts for coins, and
# this is [how kallisto counts](transcripts.py).
#
# The rounds and the results are those of Do and Batzoglou: shares of {{ first.posterior[0, 0] : .2f }} and
# {{ first.posterior[0, 1] : .2f }} in the first round, {{ second.params.theta[0] : .2f }} and
# {{ second.params.theta[1] : .2f }} after one iteration, {{ run.steps[10].params.theta[0] : .2f }} and
# {{ run.steps[10].params.theta[1] : .2f }} after ten. They also tell what was hidden, B, A, A, B, A. With these labels,
# counting gives {{ 24 / 30 : .2f }} and {{ 9 / 20 : .2f }}. [Is that the truth?](labels.py#is-that-the-truth) explains
# the difference. C. B. Do and S. Batzoglou, *What is the expectation maximization
# algorithm?*, Nature Biotechnology 26 (2008), 897–899, doi 10.1038/nbt1406.
