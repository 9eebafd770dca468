# ---
# title: Why it never goes down
# order: 11
# section: Understand
# question: Why does the likelihood never fall, and what exactly is promised?
# description: >-
#   The bound that both steps of EM climb: a picture under your finger, one round of flips in
#   plain numbers, a proof in three sentences, and what is promised and what is not.
# numbers: own
# allow: [2.898, 3.552, 6.450, 10, 197, 125, 18, 20, 34, 1965, 1977, 1983, 1998, 59, 97, 25, 12, 100, 0.5, 0.1, 0.25, 0.75, 0.9, 39, 11, "100,000"]
# ---

# %% [markdown]
# # Why it never goes down
#
# On the pages before, EM's log-likelihood never fell, though EM has no step size. Why? Here are the [five rounds of ten flips](coins.py) again, now with a fair coin B. Only
# coin A is unknown.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import why as draw
from em.figures.live import live
from em.figures.touching import touching
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
live(
    "bound",
    heads=[5, 9, 8, 4, 7],
    tails=[5, 1, 2, 6, 3],
    theta=[0.25, 0.5],
    shares=[0.5] * 5,
    still=touching(
        flips, Coins([0.25, 0.5]), "The bound touches where we stand."
    ),
    told="The log-likelihood over A's probability of heads, and the bound that touches it.",
    caption="Solid: how well each θA, A's probability of heads, explains the flips. Dashed: the "
    "bound, for the shares below. Drag a share, and it slides. Share out makes it touch where you "
    "stand; re-estimate goes to its top. The small picture is one round.",
)

# %% [markdown]
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** can you choose shares for which the dashed curve rises above the solid one? *Drag
# them.*
#
# <details markdown><summary>Yes, with the right shares</summary>
#
# Then drag on, and watch the gap. It becomes small, but it never changes its sign.
#
# </details>
# <details class="right" markdown><summary>No, whatever the shares are</summary>
#
# Right. It always stays below, so it is called a **lower bound**. [Why it does](#a-chord-lies-below-the-curve)
# is shown further down.
#
# </details>
# <details markdown><summary>Yes, but only far away from where you stand</summary>
#
# Drag, and look at both ends. The dashed curve is lower everywhere, far away even more than nearby.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** which shares lift the dashed curve until it touches the solid one where you stand? *Then
# press **Share out**.*
#
# <details markdown><summary>One half each, in every round</summary>
#
# You see these at the beginning, and the curves do not touch.
#
# </details>
# <details markdown><summary>Each round wholly to the coin that explains it better</summary>
#
# Try it with the sliders. It comes nearer than one half each, but a gap is left.
#
# </details>
# <details class="right" markdown><summary>In proportion to how well each coin explains the round</summary>
#
# Yes: those of the E-step. With them the bound *touches* the log-likelihood at the present guess, and no other
# shares do that.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** now go to the top of the dashed curve. Can the solid one be lower there than where
# you came from? *Press **Re-estimate**.*
#
# <details class="right" markdown><summary>No</summary>
#
# Right. The top of the bound is at least as high as where it touched, and the solid curve lies
# above the bound. That is the whole proof, once we know that the bound stays below.
#
# </details>
# <details markdown><summary>Yes, if the step is too long</summary>
#
# That happens to methods that follow the slope. Here the dashed curve is a floor under the solid one, so the
# solid one is at least as high as the floor, however long the step.
#
# </details>
# </div>
#
# ## In numbers, on the coins
#
# For each round the log-likelihood is the logarithm of a *sum* over the coins: hard to climb. One coin
# alone is easy: count. So we want a simpler curve that is **sure to lie below, touches where we stand,
# and has a top found by counting**.
#
# ### One round
#
# Take the first round, 5 heads and 5 tails, at the guess $\theta_A = 0.25$. How often does a coin
# make just this row of flips?

# %%
import numpy as np

from_a, from_b = 1e6 * 0.25**5 * 0.75**5, 1e6 * 0.5**10
print(f"A: {from_a:.0f} times in a million, B: {from_b:.0f} times")

# %% tags=["hide"]
half_a, half_b = from_a / 2, from_b / 2
likelihood = half_a + half_b
height = np.log(likelihood)
right = half_a / likelihood


def low(r):
    return r * np.log(half_a / r) + (1 - r) * np.log(half_b / (1 - r))


# %% [markdown]
# Each coin is taken half of the time. So A makes this round {{ half_a : .0f }} times in a million
# and B {{ half_b : .0f }} times, together {{ likelihood : .0f }}. The **log-likelihood** of the round
# is $\log$ {{ likelihood : .0f }} = {{ height : .3f }} (log is the natural logarithm; to count in a
# million lifts both curves by the same amount, and no gap changes).
#
# Now the **bound**. The logarithm of a *sum* does not split into a part for each coin; an *average* of
# logarithms does. So write the sum as an average. Choose shares, any that add up to 1, say 0.9 for A and
# 0.1 for B, and divide each part by its share: {{ half_a : .1f }} / 0.9 = {{ half_a / 0.9 : .0f }} and
# {{ half_b : .1f }} / 0.1 = {{ half_b / 0.1 : ,.0f }}. Averaged by the same shares, these two give
# {{ likelihood : .0f }} back, whatever the shares. But average their *logarithms*: that is
# {{ low(0.9) : .3f }}, less than $\log$ {{ likelihood : .0f }} = {{ height : .3f }}. This lower number is the
# bound. For three choices of shares, with the **gap** that is left (all worked out before rounding):
#
# | A's share | {{ half_a : .0f }} / A's share | {{ half_b : .0f }} / B's share | bound | gap |
# | ---: | ---: | ---: | ---: | ---: |
# | 0.9 | {{ half_a / 0.9 : .0f }} | {{ half_b / 0.1 : ,.0f }} | {{ low(0.9) : .3f }} | {{ height - low(0.9) : .3f }} |
# | 0.5 | {{ half_a / 0.5 : .0f }} | {{ half_b / 0.5 : .0f }} | {{ low(0.5) : .3f }} | {{ height - low(0.5) : .3f }} |
# | {{ right : .3f }} | {{ half_a / right : .0f }} | {{ half_b / (1 - right) : .0f }} | {{ low(right) : .3f }} | {{ abs(height - low(right)) : .3f }} |
#
# In every row the average by the shares is {{ likelihood : .0f }}:
# **0.9 · {{ half_a / 0.9 : .0f }} + 0.1 · {{ half_b / 0.1 : ,.0f }} = {{ likelihood : .0f }}**. The last
# row has the E-step's shares, {{ half_a : .0f }} / {{ likelihood : .0f }} = {{ right : .3f }} for A. They
# make both numbers {{ likelihood : .0f }}, the likelihood itself. So the gap is 0.

# %% [markdown]
# ### A chord lies below the curve
#
# Why is the bound never above? Because the logarithm bends downwards. Join two points of its
# curve by a straight line, a **chord**. On the chord stand the averages of two logarithms, on the
# curve above it the logarithm of the average. Here is the row of halves:

# %% tags=["hide"]
from em.figures.chord import chord

chord(
    (from_a, from_b),
    0.5,
    "Jensen's inequality: every chord lies below the curve. Between two equal numbers it has no "
    "length: no gap.",
)

# %% [markdown]
# So **the logarithm of an average is at least the average of the logarithms**, and they are equal
# only if all numbers averaged are the same. This is **Jensen's inequality**, all that the proof needs.
#
# ### Touch, climb, touch
#
# Now all five rounds: add up the log-likelihoods, and add up the bounds. **Hold the shares and let
# $\theta_A$ vary: that is the dashed curve.** Nothing above depended on 0.25: at another $\theta_A$ other
# numbers are averaged, by the same shares, and the chord still lies below. So the *whole* dashed curve lies
# below the solid one. (No million from here on, so the logarithms are negative.)

# %% tags=["hide"]
from types import SimpleNamespace


def look(shares, theta):
    params = Coins([theta, 0.5])
    bound = em.lower_bound(coins, flips, shares, params)
    return SimpleNamespace(
        theta=theta, bound=bound, height=coins.e_step(flips, params)[1]
    )


equal = np.full((5, 2), 0.5)
looks, shares_of = [look(equal, 0.25)], []
for _ in range(2):
    here = looks[-1].theta
    r, _ = coins.e_step(flips, Coins([here, 0.5]))
    shares_of.append(r)
    looks.append(look(r, here))
    looks.append(look(r, coins.m_step(flips, r).theta[0]))
h, t = shares_of[0][:, 0] @ flips.heads, shares_of[0][:, 0] @ flips.tails
assert (round(h, 3), round(t, 3), round(h + t, 3)) == (2.898, 3.552, 6.450)

# %% [markdown]
# | step | θ | bound | log L | gap |
# | --- | ---: | ---: | ---: | ---: |
# | start: shares ½ | {{ looks[0].theta : .3f }} | {{ looks[0].bound : .3f }} | {{ looks[0].height : .3f }} | {{ looks[0].height - looks[0].bound : .3f }} |
# | E | {{ looks[1].theta : .3f }} | {{ looks[1].bound : .3f }} | {{ looks[1].height : .3f }} | {{ abs(looks[1].height - looks[1].bound) : .3f }} |
# | M | {{ looks[2].theta : .3f }} | {{ looks[2].bound : .3f }} | {{ looks[2].height : .3f }} | {{ looks[2].height - looks[2].bound : .3f }} |
# | E | {{ looks[3].theta : .3f }} | {{ looks[3].bound : .3f }} | {{ looks[3].height : .3f }} | {{ abs(looks[3].height - looks[3].bound) : .3f }} |
# | M | {{ looks[4].theta : .3f }} | {{ looks[4].bound : .3f }} | {{ looks[4].height : .3f }} | {{ looks[4].height - looks[4].bound : .3f }} |
#
# (log L: the log-likelihood. E touches, M climbs.) The M-step by hand: the E-step's shares credit A with
# {{ h : .3f }} heads and {{ t : .3f }} tails. With the shares held, the bound is
#
# $$ 2.898 \log \theta_A + 3.552 \log (1 - \theta_A) + \text{constant} , $$
#
# as if one coin had shown them. Its slope, $2.898 / \theta_A - 3.552 / (1 - \theta_A)$, is zero at
# $2.898 / 6.450$ = {{ looks[2].theta : .3f }}. So **the top is found by counting**.
#
# ## The proof, in three sentences
#
# 1. With the E-step's shares, the bound *touches* the log-likelihood where we stand.
# 2. The M-step goes to the *top* of the bound, which is at least as high as where it touched.
# 3. The log-likelihood is *never below* the bound, so it is at least as high there, too.
#
# ## The program
#
# For each iteration it prints both coins, then the bound before the E-step, after it, and after the M-step,
# and last the log-likelihood.

# %% tags=["program"]
import numpy as np

heads = np.array([5, 9, 8, 4, 7])
tails = np.array([5, 1, 2, 6, 3])
theta = np.array([0.25, 0.5])  # a guess for A; B is fair, and stays so


def joint(theta):  # a row for each round, a column for each coin
    chance = theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    return chance / len(theta)  # all equally common


def bound(share, theta):
    return (share * np.log(joint(theta) / share)).sum()


share = np.full((len(heads), len(theta)), 1 / len(theta))
for iteration in range(1, 7):
    found = [bound(share, theta)]
    # E-step: now the bound touches the log-likelihood
    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
    found += [bound(share, theta)]
    # M-step: to the top of the bound, by counting
    theta[0] = heads @ share[:, 0] / ((heads + tails) @ share[:, 0])
    found += [bound(share, theta), np.log(joint(theta).sum(axis=1)).sum()]
    print(iteration, theta.round(3), np.round(found, 3))

print("A ends at", theta[0].round(3))

# %% tags=["hide"]
assert abs(found[3] - coins.e_step(flips, Coins(theta))[1]) < 1e-9
below = em.lower_bound(coins, flips, share, Coins(theta))
assert abs(found[2] - below) < 1e-9

# %% [markdown]
# Read the three bounds from left to right, line after line: they never fall. Nor does the last column, from
# top to bottom. Each log-likelihood is where the bound of the next line touches. For a third coin of which you
# know the bias, put a third number into `theta`.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** estimate B as well. Do the bounds still climb?
#
# ```diff
# -    theta[0] = heads @ share[:, 0] / ((heads + tails) @ share[:, 0])
# +    theta = heads @ share / ((heads + tails) @ share)
# ```
#
# <details markdown><summary>See why</summary>
#
# Yes. Nothing in the proof depends on how many numbers are unknown. The log-likelihood comes to
# {{ changed.found[3] : .3f }}, higher than with a fair coin. B becomes the coin with many heads, because
# it began as the higher one.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** a wrong E-step, which forgets the tails. Which of the four numbers will betray it?
#
# ```diff
# -    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
# +    share = theta ** heads[:, None]
# +    share = share / share.sum(axis=1, keepdims=True)
# ```
#
# <details markdown><summary>See why</summary>
#
# The second. After a right E-step the bound is the log-likelihood of the line above. Here it stays
# lower, because these shares do not make it touch. So nothing is promised, and in the fourth line the
# log-likelihood falls, from {{ changed.lines[2].split()[-1].strip("]") : s }} to
# {{ changed.lines[3].split()[-1].strip("]") : s }}.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** a wrong M-step, which divides by *all* the flips and not by those credited to A. And now?
#
# ```diff
# -    theta[0] = heads @ share[:, 0] / ((heads + tails) @ share[:, 0])
# +    theta[0] = heads @ share[:, 0] / (heads + tails).sum()
# ```
#
# <details markdown><summary>See why</summary>
#
# The third number: in the first line the M-step lowers the bound, from
# {{ changed.lines[0].split()[5] : s }} to {{ changed.lines[0].split()[6] : s }}, so it did not go to the top.
# A sinks to 0, and in the end the computer takes the logarithm of 0.
#
# </details>
# </div>
#
# In a program of your own, keep the last log-likelihood, and after each E-step
# `assert now >= before - 1e-9 * abs(before)`. If that fails, one of the two steps is wrong, or the
# log-likelihood is. It holds for plain EM, with whole steps and no prior.
#
# **You may stop here**, and go on to [how it goes wrong](pitfalls.py). (If you know genetics, have a look
# at [the smallest EM](#the-smallest-em-there-is): a cross.)
#
# ## The same in the package
#
# `em.lower_bound` takes any responsibilities that you like, for any mixture.

# %% tags=["hide"]
em.show(coins.log_joint)

# %% tags=["hide"]
em.show(em.lower_bound)

# %%
import em
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
guess = Coins([0.25, 0.5])
shares, height = coins.e_step(flips, guess)
touch = em.lower_bound(coins, flips, shares, guess)
print("After E the bound is the log-likelihood,")
print("to 12 digits:", abs(touch / height - 1) < 1e-12)

# %% [markdown]
# ## The expectation of what?
#
# The E of E-step stands for *expectation*: an average over what is hidden. Of what? Of **the
# log-likelihood that you would write down if you knew the labels**, the **complete-data
# log-likelihood**. At the present guess you know how probable each label is. You could draw labels
# again and again, and average. No need: this **expected complete-data log-likelihood**, often written
# $Q$, is the same sum with every label replaced by its share.
#
# <details markdown><summary>Go deeper</summary>
#
# Labels drawn for all five rounds at the guess 0.25, and the complete-data log-likelihood of a new
# value, 0.75:

# %%
tried = Coins([0.75, 0.5])
log_joint = coins.log_joint(flips, tried)
expected = (shares * log_joint).sum()

rng = np.random.default_rng(6)
labels = (rng.random((100_000, 5)) > shares[:, 0]).astype(int)
complete = log_joint[np.arange(5), labels].sum(axis=1)

print("three completions:")
for some, value in zip(labels[:3], complete, strict=False):
    print("   ", "".join("AB"[k] for k in some), f"{value:.3f}")

print("average over")
for n in (10, 1_000, 100_000):
    error = complete.std() / np.sqrt(n)
    print(f"{n:7,}  {complete[:n].mean():.3f} ± {error:.3f}")
print(f"the sum  {expected:.3f}")

# %% tags=["hide"]
draw.averages(
    complete,
    expected,
    "The average over sampled completions, and the number that the responsibilities give "
    "at once (dashed). Grey: twice the standard error.",
)

# %% [markdown]
# </details>
#
# The bound is $Q$ and a term without $\theta$, so both have their top at the same $\theta$.
#
# So EM does **not** fill in the likeliest value, and then count. It averages over all ways to fill it
# in: for labels, counting by shares. Where a missing number is *squared*, its average is [not
# enough](missing.py).
#
# ## Four lines of algebra
#
# *The same for any model; you may skip to [the smallest EM](#the-smallest-em-there-is).*
#
# Call the data $x$, what is hidden $z$ (the **latent variable**), and share $z$ out
# by any $r(z)$ that adds up to 1. Then
#
# $$ \begin{aligned}
# \log p(x \mid \theta)
#   &= \log \sum_z p(x, z \mid \theta) \\
#   &= \log \sum_z r(z) \, \frac{p(x, z \mid \theta)}{r(z)} \\
#   &\ge \sum_z r(z) \, \log \frac{p(x, z \mid \theta)}{r(z)} \\
#   &= F(r, \theta) .
# \end{aligned} $$
#
# Add up over all that was not seen; divide by the shares and average, as with {{ half_a : .0f }} and
# {{ half_b : .0f }}; Jensen; and the bound has a name, $F$. With the shares of the E-step at
# $\theta_{\text{old}}$,
#
# $$ \begin{aligned}
# F(r, \theta) &= \sum_z r(z) \log p(x, z \mid \theta) - \sum_z r(z) \log r(z) \\
#   &= Q(\theta \mid \theta_{\text{old}}) + \text{entropy of } r .
# \end{aligned} $$
#
# **EM climbs one function, $F$, in turns:** the E-step over the shares $r$, the M-step over $\theta$ (Neal
# and Hinton 1998). An optimiser calls it block coordinate ascent. So one need not go to the top. **An M-step that goes part of the way up** is enough: after
# a full E-step, the log-likelihood does not fall. **An E-step for one round only** also raises $F$; but then
# the bound need not touch, and the log-likelihood may fall meanwhile ([exercise 2](#exercises)).
#
# <details markdown><summary>Go deeper</summary>
#
# How large is the gap? Write $p(x, z \mid \theta)$ as $p(z \mid x, \theta) \, p(x \mid \theta)$,
# and what is left over is
#
# $$ \begin{aligned}
# \log p(x \mid \theta) &- F(r, \theta) \\
#   &= \sum_z r(z) \log \frac{r(z)}{p(z \mid x, \theta)} \\
#   &= \mathrm{KL}\bigl(r \,\|\, p(z \mid x, \theta)\bigr) .
# \end{aligned} $$
#
# This is the **Kullback–Leibler divergence**, which says how much two ways of sharing out
# differ. It is never negative, and zero exactly if both are the same. So the best $r$ are the
# probabilities of $z$ given the data: the responsibilities. For a step from $\theta$ to $\theta'$:
#
# $$ \begin{aligned}
# \log p(x \mid \theta) &\overset{\text{E}}{=} F(r, \theta) \\
#   &\overset{\text{M}}{\le} F(r, \theta')
#    \le \log p(x \mid \theta') .
# \end{aligned} $$

# %%
from scipy.special import rel_entr

after = Coins([coins.m_step(flips, shares).theta[0], 0.5])
best, height = coins.e_step(flips, after)
gap = height - em.lower_bound(coins, flips, shares, after)
print(f"The gap after M, {gap:.4f}, is the KL divergence,")
print("to 10 digits:", abs(gap - rel_entr(shares, best).sum()) < 1e-10)

# %% [markdown]
# </details>
#
# ## The smallest EM there is
#
# One unknown number and one hidden number, from Rao (1965): the first example of the paper that gave
# EM its name (Dempster, Laird and Rubin 1977).
#
# The 197 animals are of four kinds (phenotypes). How often each is born depends on $\theta$, which
# measures the **linkage** of two genes. At $\theta = 1/4$ they are not linked, and the kinds come as
# 9 : 3 : 3 : 1; at $\theta = 1$ they always travel together.
#
# | kind | probability | animals |
# | --- | --- | --- |
# | 1 | $\frac{1}{2} + \frac{\theta}{4}$ | 125 |
# | 2 | $\frac{1 - \theta}{4}$ | 18 |
# | 3 | $\frac{1 - \theta}{4}$ | 20 |
# | 4 | $\frac{\theta}{4}$ | 34 |
#
# The first kind is two kinds in one: a sort with probability $\frac12$ and a sort with probability
# $\frac{\theta}{4}$ that look alike. How many of the 125 are of the second sort is hidden.

# %% tags=["hide"]
draw.kinds(
    [125, 18, 20, 34],
    1 / 5,
    "The 197 animals. Where the first bar changes, nobody saw; it is drawn for θ = 0.5.",
)

# %% [markdown]
# **If we knew it**, say $x$, then $x + 34$ animals speak for a large $\theta$ and $18 + 20$ against it:
# $\theta = (x + 34) / (x + 34 + 18 + 20)$. **If we knew $\theta$**, the share of the second sort
# would be $\frac{\theta}{4} / (\frac12 + \frac{\theta}{4})$.
#
# By hand, from $\theta = 0.5$: the share is an eighth divided by five eighths, one
# fifth. So 25 of the 125 count for $\theta$, and the new $\theta$ is 59 / 97. Again and again:


# %%
def share_at(theta):  # E-step
    return (theta / 4) / (1 / 2 + theta / 4)


def m_step(share):
    return (125 * share + 34) / (125 * share + 34 + 18 + 20)


theta = 0.5
print("step  share     θ")
for step in range(9):
    print(f"{step:4}  {share_at(theta):.4f}    {theta:.10f}")
    theta = m_step(share_at(theta))

limit = (15 + np.sqrt(53809)) / 394
print(f"exactly         {limit:.10f}")

# %% tags=["hide"]
assert abs(theta - limit) < 1e-7

# %% [markdown]
# Here the end is known exactly. A $\theta$ that stays as it is solves
# $197 \theta^2 - 15 \theta - 68 = 0$, so $\theta = (15 + \sqrt{53809}) / 394$. Touch, climb,
# touch, from a start of 0.1:

# %% tags=["hide"]
from itertools import pairwise

from em.figures.stepper import stepper


def log_likelihood(theta):
    others = 38 * np.log((1 - theta) / 4) + 34 * np.log(theta / 4)
    return 125 * np.log(1 / 2 + theta / 4) + others


def below(share, theta):
    others = 38 * np.log((1 - theta) / 4) + 34 * np.log(theta / 4)
    first = (1 - share) * np.log((1 / 2) / (1 - share))
    second = share * np.log((theta / 4) / share)
    return 125 * (first + second) + others


path = [0.1]
for _ in range(4):
    path.append(m_step(share_at(path[-1])))
told = [
    f"Start: θ {path[0]:.4f}, log-likelihood −{-log_likelihood(path[0]):.3f}"
]
for number, (now, after) in enumerate(pairwise(path), start=1):
    share = share_at(now)
    told += [
        f"Step {number}, E: the bound touches at θ {now:.4f}, height −{-log_likelihood(now):.3f}",
        f"Step {number}, M: the bound is highest at θ {after:.4f}, height −{-below(share, after):.3f}; "
        f"log-likelihood −{-log_likelihood(after):.3f}",
    ]
stepper(
    draw.touches(log_likelihood, below, share_at, path),
    told,
    "Thick: the log-likelihood of the animals. Dashed: the bound. E: it touches where we stand. "
    "M: to its peak (square); the log-likelihood (dot) is at least as high there.",
)

# %% [markdown]
# ## What is promised
#
# *For a second reading.* Exactly this much:
#
# 1. **The log-likelihood does not fall**, at any step, from any start (Dempster, Laird and
#    Rubin 1977, theorem 1): proved above for the coins, and for any model in the
#    [algebra](#four-lines-of-algebra).
# 2. **Where the parameters converge, the likelihood is level**, while they stay inside their
#    range: the limit is a **stationary point**. For the bound touches from below, so where it touches, both
#    have the same slope; and where EM stands still, that is the top of the bound, where the slope is 0.
#    Wu (1983) shows it under conditions.
#
# <details markdown><summary>Go deeper</summary>
#
# $Q$ must be continuous in both of its $\theta$. The parameters at least as likely as the start must
# form a closed and bounded set, in the interior of their range. Then every *limit point*, one that
# they come near again and again, is stationary, and the log-likelihood converges to its height there.
# (Wu also shows that the proof of 1977 had a gap.)
#
# </details>
#
# ### What is not promised
#
# - **On an edge it may slope.** A mixing weight that is exactly 0 gets no share of anything, so it
#   stays 0, whatever raising it would bring. Begin with no zeros that you do not mean.
#
# <details markdown><summary>Go deeper</summary>
#
# A hidden Markov model of [a century of earthquakes](counts.py#local-maxima-again) with three states,
# and no way from the quietest to the busiest:

# %%
from attrs import evolve

from em.models import poisson_hmm
from em.models.poisson_hmm import PoissonHMM

counts = np.loadtxt(em.data("earthquakes.csv"), delimiter=",", skiprows=1)[:, 1]
barred = PoissonHMM(
    initial=[1, 0, 0],
    transitions=[[0.94, 0.06, 0], [0.04, 0.91, 0.05], [0.01, 0.19, 0.8]],
    rates=[13, 20, 30],
)
stands = em.fit(poisson_hmm, counts, barred)
opened = stands.params.transitions.copy()
opened[0] += [-1e-6, 0, 1e-6]
nudged = evolve(stands.params, transitions=opened)
slope = poisson_hmm.e_step(counts, nudged)[1] - stands.log_likelihood
slope /= 1e-6
freed = em.fit(poisson_hmm, counts, nudged)

print(f"barred, EM stands still at {stands.log_likelihood:.3f}")
print(f"slope towards opening the way: {slope:+.1f}")
print(f"opened by a millionth, EM goes to {freed.log_likelihood:.3f}")
print("first row then:", freed.params.transitions[0].round(4))

# %% [markdown]
# EM stands still, converged, on a slope of {{ slope : .1f }} *upwards*. Once the way is open, be it
# by a millionth, it climbs to {{ freed.log_likelihood : .3f }}.
#
# </details>
#
# - **A stationary point may be a saddle.** Two unknown coins that start alike stay alike. The least
#   nudge, and EM leaves:

# %%
for b in (0.3, 0.300001):
    fit = em.fit(coins, flips, Coins([0.3, b]), fixed="weights")
    print(
        fit.params.theta.round(5),
        f"{fit.log_likelihood:.5f}, {len(fit.steps) - 1} steps",
    )

# %% [markdown]
# - **Nothing is said about the highest peak**, nor about the number of steps.
# - **The conditions can fail**, as where a bell shrinks onto one point, and the likelihood of normals
#   grows [without end](pitfalls.py). (There, too, it never falls. What is lost is the level end.)
#
# ## How fast
#
# *For a second reading.* The error of the animals' $\theta$, step by step:

# %%
theta = 0.5
for step in range(1, 7):
    after = m_step(share_at(theta))
    ratio = (limit - after) / (limit - theta)
    print(f"step {step}: error {limit - after:.1e}, ratio {ratio:.4f}")
    theta = after

x = 125 * share_at(limit)
complete = (x + 34) / limit**2 + 38 / (1 - limit) ** 2
seen = 125 / (2 + limit) ** 2 + 34 / limit**2 + 38 / (1 - limit) ** 2
print(f"information, complete: {complete:.4f}")
print(f"information, seen:     {seen:.4f}")
print(f"share that is missing: {1 - seen / complete:.4f}")

# %% [markdown]
# The **information** is how sharply the log-likelihood bends at its peak: minus its second derivative.
# What we see has {{ seen : .1f }}. Could we tell the 125 apart, we would have
# $(x + 34) \log \theta + 38 \log (1 - \theta)$, with {{ complete : .1f }}. For one parameter, near the
# limit, the share that is missing, {{ 1 - seen / complete : .4f }}, **is the factor left over** after
# each step (Dempster, Laird and Rubin 1977). With nearly everything missing, EM
# [crawls](pitfalls.py#a-small-step-is-not-a-small-distance). More: [how sure, and how
# fast](certainty.py).
#
# ## What could go wrong
#
# - **Mixing the two numbers.** Looking for a fall, do not compare a bound with a log-likelihood.
# - **Hard labels.** Giving each sequence wholly to its likeliest coin, and counting, also climbs $F$,
#   with $r$ held to 0 and 1. It is another algorithm, and usually ends elsewhere.
# - **A fall** by more than rounding is a mistake in a step, or in the log-likelihood. The test costs
#   [one line](#the-program), at every step.
#
# ## Exercises
#
# **1.** *Predict*, from the factor of [How fast](#how-fast): how many steps do the animals need for ten
# right digits, from a start of 0.5? Then count.
#
# <details markdown><summary>Solution</summary>

# %%
digits = -np.log10(1 - seen / complete)
print(f"each step gains {digits:.2f} digits")

theta, steps = 0.5, 0
while abs(theta - limit) > 0.5e-10:
    theta, steps = m_step(share_at(theta)), steps + 1
print(steps, "steps")

# %% [markdown]
# The start is off by {{ limit - 0.5 : .2f }}, nearly one digit right. Some nine more, at
# {{ digits : .2f }} digits a step, take {{ steps : d }} steps.
#
# </details>
#
# **2.** Both coins unknown. Take E-steps for one round at a time: recompute the shares of the first
# round only, then do an M-step; then of the second; and so on. *Predict*: does the bound still climb?
# Does the log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
theta = np.array([0.25, 0.5])
share = np.full((5, 2), 1 / 2)
bounds, log_likelihoods = [], []
for turn in range(100):
    i = turn % 5
    share[i] = joint(theta)[i] / joint(theta)[i].sum()
    theta = heads @ share / ((heads + tails) @ share)
    bounds.append(bound(share, theta))
    log_likelihoods.append(np.log(joint(theta).sum(axis=1)).sum())

print("the bound falls:         ", (np.diff(bounds) < -1e-9).sum(), "times")
print("the log-likelihood falls:", (np.diff(log_likelihoods) < -1e-9).sum())
print(theta.round(5), log_likelihoods[-1].round(5))

# %% [markdown]
# The bound climbs at every turn, as it must. The log-likelihood may fall, because the bound need not
# touch. This is the *incremental* EM of Neal and Hinton.
#
# </details>
#
# ## Where to read on
#
# Rao, *Linear Statistical Inference and Its Applications* (1965), has the animals. Dempster, Laird
# and Rubin, *Maximum Likelihood from Incomplete Data via the EM Algorithm* (1977),
# [doi 10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x).
# Wu, *On the Convergence Properties of the EM Algorithm* (1983),
# [doi 10.1214/aos/1176346060](https://doi.org/10.1214/aos/1176346060). Neal and Hinton, *A
# View of the EM Algorithm that Justifies Incremental, Sparse, and Other Variants* (1998),
# [doi 10.1007/978-94-011-5014-9_12](https://doi.org/10.1007/978-94-011-5014-9_12). More on
# the [resources page](resources.md). Next: [how it goes wrong](pitfalls.py).
