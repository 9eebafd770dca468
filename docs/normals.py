# ---
# title: Two groups of points
# order: 3
# section: Begin
# question: How can I find two groups in points on a line, when nobody says who belongs where?
# description: >-
#   A mixture of two normals fitted by Expectation Maximisation: drag the bells, see E-step
#   and M-step apart, copy an M-step that works, and see why sharing beats choosing.
# numbers: own
# allow: [6.0, 2.906, "6.820", 88.449, 3.14, 0.8, 1.1, 0.95, 40, 100, "1,000", 1000, 10.14, 2006, 9.2, 2.5, 7.5, 36]
# ---

# %% [markdown]
# # Two groups of points, and the colours are lost
#
# Forty measurements on one line. Twenty come from one group, twenty from another, and nobody
# wrote down which. Where does each group lie, and how wide is it? (To copy: [the
# program](#the-program), an E-step and an M-step in NumPy alone.)

# %% tags=["hide"]
from itertools import islice, pairwise

import numpy as np

import em
from em.figures import normals as draw
from em.figures.assignments import hard_and_soft
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start, fixed="weights")
first, second = fit.steps[:2]
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    still=draw.frames(x, [first, fit.steps[20]]),
    told="The guess, and after twenty steps: means "
    f"{fit.steps[20].params.means[0]:.2f} and {fit.steps[20].params.means[1]:.2f}.",
    caption="Drag a bell's middle to move it, its side to widen it. Touch a point to read its "
    "shares.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** the points near 5 lie between the bells. What colour will they take?
# *Press **Share out**.*
#
# <details markdown><summary>See why</summary>
#
# Something between: each bell stands over them at some height, and they are shared in
# proportion to the heights. Nothing moves along the axis.
#
# </details>
#
# **2. Predict:** where will bell A go, and will it become wider or narrower? *Press
# **Re-estimate**.*
#
# <details markdown><summary>See why</summary>
#
# To the middle of what it was given, from 1.1 to {{ second.params.means[0] : .2f }}, and from a
# width of 2 to {{ second.params.stds[0] : .2f }}: nearly all points it owns lie close together.
#
# </details>
#
# **3. Predict:** what if both bells begin in one place, equally wide? *Choose "all alike" under
# Options, and press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# Every point is split in half, so both bells become the one bell of all forty points, and stay
# there: what is done to one is done to the other.
#
# </details>
#
# ## Two heights over one point
#
# A *normal* with mean $\mu$ and standard deviation $\sigma$, which the figure calls the *width*,
# has the density
#
# $$ \mathcal{N}(x \mid \mu, \sigma^2) =
#    \frac{1}{\sigma \sqrt{2 \pi}} \, e^{-(x - \mu)^2 / (2 \sigma^2)} . $$
#
# It is the height of the bell over $x$. ($\pi$ is the number 3.14 here.) Each bell is multiplied by
# its **mixing weight** $w_k$, how common the group is: one half each. (The page on coins called
# it $\pi_k$, as many books do.)

# %% tags=["hide"]
draw.density(
    x,
    start,
    x[33],
    "How high each bell of the guess stands over one point. The share of a bell in that "
    "point is its height divided by the sum of the heights.",
)


# %%
import numpy as np


def height(x, mean, std):
    return np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi))


point = 5.467
from_a = 0.5 * height(point, 1.1, 2)
from_b = 0.5 * height(point, 9, 1.7)
both = from_a + from_b
print(f"heights: A {from_a:.4f}, B {from_b:.4f}")
print(f"shares:  A {from_a / both:.3f}, B {from_b / both:.3f}")

# %% [markdown]
# ## The E-step: colour by responsibility
#
# The share of bell $k$ in point $i$ is its **responsibility**,
#
# $$ r_{ik} = \frac{w_k \, \mathcal{N}(x_i \mid \mu_k, \sigma_k^2)}
#                  {\sum_j w_j \, \mathcal{N}(x_i \mid \mu_j, \sigma_j^2)} . $$
#
# It is a probability: that the point came from bell $k$, *if* the present bells were right.
# The mixing weight is the **prior** of that, before the point is looked at; the
# responsibility the **posterior**, after.

# %% tags=["hide"]
draw.responsibilities(
    x,
    start,
    "The E-step at the guess. Each point takes colour from the bells over it. The points "
    "stay, and so do the bells.",
)

# %% [markdown]
# ## The M-step: weighted mean, weighted width
#
# Had we the colours, we would take the mean and the standard deviation of each group. With
# shares we do the same, only that each point counts as much as its share.
#
# By hand: three points, at 1, 2 and 9, of which A has a whole, a whole and a half. That makes two
# and a half points' worth. Their mean is (1 + 2 + half of 9) divided by 2.5, so 7.5 / 2.5 = 3. Their
# squared distances from 3 are 4, 1 and 36; (4 + 1 + half of 36) / 2.5 = 9.2, and A's new width is the
# square root of that, about 3. Now the same for the forty points, with `height` from above:

# %%
np.random.seed(110)
red, blue = np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])

from_a, from_b = 0.5 * height(x, 1.1, 2), 0.5 * height(x, 9, 1.7)
share = from_a / (from_a + from_b)  # A's share of each point
mean = (share * x).sum() / share.sum()
std = np.sqrt((share * (x - mean) ** 2).sum() / share.sum())
print(f"A: {share.sum():.2f} points' worth, mean {mean:.4f}, std {std:.4f}")

# %% tags=["hide"]
np.testing.assert_allclose(share, first.posterior[:, 0], rtol=1e-9)
np.testing.assert_allclose(mean, second.params.means[0], rtol=1e-9)
np.testing.assert_allclose(std, second.params.stds[0], rtol=1e-9)

# %% [markdown]
# **Why these two?** With the shares held still, no other bell does better by them.
#
# <details markdown><summary>See why</summary>
#
# Without shares one looks for the bell that makes the sum of the logarithms of its heights
# largest. Now each point $x_i$ counts $r_i$ times, its share. The logarithm of a height is
# $-(x_i - \mu)^2 / (2 \sigma^2) - \log \sigma$ and a constant, so the sum to make largest is
#
# $$ \sum_i r_i \left( -\frac{(x_i - \mu)^2}{2 \sigma^2} - \log \sigma \right) . $$
#
# Its slope in $\mu$ is $\sum_i r_i (x_i - \mu) / \sigma^2$, and that is zero where
# $\mu = \sum_i r_i x_i / \sum_i r_i$. Its slope in $\sigma$ is
# $\sum_i r_i \left( (x_i - \mu)^2 / \sigma^3 - 1 / \sigma \right)$, zero where
# $\sigma^2 = \sum_i r_i (x_i - \mu)^2 / \sum_i r_i$. Before that the slope is up, after it down: a top.
#
# </details>
#
# ## The program
#
# The figure holds the mixing weights at one half, as does
# [the program of the first page](index.py#the-program). Mostly one does not know them. This one
# estimates them, too. And it takes the logarithms of the heights, since far from every bell all
# heights are 0 to the computer, and 0 divided by 0 is no share. To be pasted into an empty Python:

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean, std = np.array([1.1, 9]), np.array([2, 1.7])  # a guess
weight = np.array([0.5, 0.5])

for step in range(101):
    # E-step: log heights, a row for each point, a column for each bell; shares
    z = (x[:, None] - mean) / std
    log_height = np.log(weight / std) - z**2 / 2 - np.log(2 * np.pi) / 2
    top = log_height.max(axis=1, keepdims=True)  # the highest is exp(0)
    height = np.exp(log_height - top)
    share = height / height.sum(axis=1, keepdims=True)
    if step in (0, 1, 2, 5, 20) or step % 50 == 0:
        log_likelihood = top.sum() + np.log(height.sum(axis=1)).sum()
        found = np.round([mean, std, weight], 4)
        print(f"{step:3}", log_likelihood.round(4), *found)
    # M-step: each bell's weight, weighted mean and weighted width
    size = share.sum(axis=0)
    weight, mean = size / len(x), x @ share / size
    std = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)

# %% tags=["hide"]
*_, hundredth, last = islice(em.run(normals, x, start), 102)
np.testing.assert_allclose(mean, last.params.means, rtol=1e-9)
np.testing.assert_allclose(std, last.params.stds, rtol=1e-9)
np.testing.assert_allclose(weight, last.params.weights, rtol=1e-9)
np.testing.assert_allclose(log_likelihood, hundredth.log_likelihood, rtol=1e-12)

# %% [markdown]
# Each line: how many steps were taken, the log-likelihood (higher is better), means, widths and
# mixing weights. First the bells jump, then they settle. (If the last two lines differ by more than
# you like, let it run on.)
#
# **With your own numbers:** `x = np.loadtxt("my.csv", delimiter=",", skiprows=1, usecols=0)` reads
# the first column below a line of names. Each further bell is one more number in `mean`, `std`
# and `weight`. Guess among your points, and guess several times, for
# [the guess decides where you end](pitfalls.py#where-you-start-is-where-you-end): keep the
# highest log-likelihood whose bells have not shrunk onto a few points. `nan` tells that a bell got nothing, or
# shrank onto one point (or that your data contain a `nan`). Two columns or more? There is
# [a program for groups in a plane](groups.py#the-program).
#
# **In R:** `x <- read.csv("my.csv")[[1]]; library(mclust); fit <- Mclust(x, G = 2, modelNames = "V")`, where V
# lets each bell have its own width. Then `fit$parameters` has the bells, and `fit$z` the shares. (On the forty
# points mclust 6.0.0 stops a little earlier: means 2.906 and 6.820, log-likelihood −88.449.)
#
# ## When does it stop?
#
# `em.fit`, of the package behind these pages, stops when a step changes nothing any more in about the
# eighth digit (`tol=1e-8`; the [reference](api.md) has the whole rule). To compare with the figure, the weights are held at one half from here to the exercises; for
# your own data leave out `fixed="weights"`:

# %%
import em
from em.models import normals
from em.models.normals import Normals

start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start, fixed="weights")

print(f"after {len(fit.steps) - 1} steps")
print("means", fit.params.means.round(5))
print("stds ", fit.params.stds.round(5))
print(f"log-likelihood {fit.log_likelihood:.5f}")

# %% tags=["hide"]
free = em.fit(normals, x, start)


def small(before, after):
    """Tell whether the figure would stop here."""
    return all(
        np.abs(b - a).max() <= 1e-5 * np.abs(b).max()
        for a, b in ((before.means, after.means), (before.stds, after.stds))
    )


settled = 1 + [
    small(one.params, next_one.params) for one, next_one in pairwise(fit.steps)
].index(True)

# %% [markdown]
# The figure stops after {{ settled : d }} steps, `em.fit`, which is stricter, after
# {{ len(fit.steps) - 1 : d }}, with the same bells to two decimals.
#
# **Two questions, two answers.** Told that the bells are equally common: {{ fit.params.means[0] : .2f }} and
# {{ fit.params.means[1] : .2f }}. Not told, as in the program above: {{ free.params.means[0] : .2f }} and
# {{ free.params.means[1] : .2f }}, and the log-likelihood is higher by
# {{ free.log_likelihood - fit.log_likelihood : .3f }}. For your own data you mostly want the second.
#
# ## Why share, and not choose?
#
# One could give each point wholly to the bell that explains it best, and average those. That
# is **hard** assignment. From the same start:


# %%
def hard(x, bells, steps=100):
    for _ in range(steps):
        share, _ = normals.e_step(x, bells)
        winner = np.eye(2)[share.argmax(axis=1)]
        bells = normals.m_step(x, winner)
        # The mixing weights are held at one half, as before.
        bells = Normals(bells.means, bells.stds, [0.5, 0.5])
    return bells


chosen = hard(x, start)
print("hard: means", chosen.means.round(3), "stds", chosen.stds.round(3))
print(
    "soft: means", fit.params.means.round(3), "stds", fit.params.stds.round(3)
)
print("drawn with:   [3 7]             [0.8 2]")

# %% tags=["hide"]
hard_and_soft(
    x,
    chosen,
    fit.params,
    "The bells of hard assignment (pale) and of EM.",
)

# %% [markdown]
# The wide bell loses its left flank to the other, and comes out at {{ chosen.stds[1] : .3f }},
# where EM finds {{ fit.params.stds[1] : .3f }}. That is one sample. Draw a hundred, and take the
# median:

# %%
dice = np.random.default_rng(0)
widths = []
for _ in range(100):
    drawn = np.concatenate([dice.normal(3, 0.8, 20), dice.normal(7, 2, 20)])
    soft = em.fit(normals, drawn, start, fixed="weights").params
    widths.append([hard(drawn, start).stds[1], soft.stds[1]])
widths = np.array(widths)
print("median width of B: hard, soft", np.median(widths, axis=0).round(2))
print("hard narrower:", (widths[:, 0] < widths[:, 1]).sum(), "of 100")

# %% [markdown]
# Hard assignment makes B narrower than EM does in nearly all of these samples. With all widths
# and mixing weights equal, it is [k-means](kmeans.py#k-means-is-what-is-left-when-the-bells-shrink).
#
# ## How good is that?
#
# The *labelled estimate* is what these forty points would give, had one seen the colours; the
# *generating values* are those that the points were drawn with.

# %%
labelled = Normals([red.mean(), blue.mean()], [red.std(), blue.std()])
generating = Normals([3, 7], [0.8, 2])

for name, bells in (
    ("EM, without colours", fit.params),
    ("labelled estimate", labelled),
    ("generating values", generating),
):
    _, log_likelihood = normals.e_step(x, bells)
    print(name)
    print("   means", bells.means.round(5), "stds", bells.stds.round(5))
    print(f"   log-likelihood {log_likelihood:.5f}")

# %% [markdown]
# EM comes close to the labelled estimate without one colour. And its log-likelihood is the
# *highest* of the three: EM looks for the bells that make the points least surprising, not for those that
# made them.
#
# ## What the colours say in the end

# %%
share = fit.posterior[:, 0]
undecided = (share > 0.05) & (share < 0.95)
wrong = (share > 0.5) != (np.arange(40) < 20)

print(undecided.sum(), "of 40 points lie between 0.05 and 0.95")
print(wrong.sum(), "lean to the other group, x =", x[wrong].round(2))

# %% tags=["hide"]
draw.responsibilities(
    x,
    fit.params,
    f"The end. {undecided.sum()} of the 40 points are still shared: no bell has more than 0.95 "
    "of them.",
)

# %% [markdown]
# At the guess they were {{ ((first.posterior > 0.05) & (first.posterior < 0.95)).all(axis=1).sum() : d }}: EM
# does not aim at sure shares, it makes bells fit, and B now reaches over the left group. Where the
# bells overlap, a point could come from either, and EM says so. The
# {{ wrong.sum() : d }} that lean to the other group are blue points where red is the more probable:
# from their place alone nobody could tell.
#
# ## The same in the package
#
# (To read, not to paste; may be skipped.) The logarithm of a height, without and with its weight:

# %% tags=["hide"]
em.show(normals.log_density)

# %% tags=["hide"]
em.show(normals.log_joint)

# %% [markdown]
# The E-step (`posterior` is Bayes' rule, shown on
# [two coins](coins.py#the-same-in-the-package)), and the M-step:

# %% tags=["hide"]
em.show(normals.e_step)

# %% tags=["hide"]
em.show(normals.credited)

# %% tags=["hide"]
em.show(normals.answer)

# %% [markdown]
# ## What could go wrong
#
# - **A bell collapses.** The height of a narrow bell has no limit (a density is not a
#   probability), and on a single point the likelihood rises without end as it shrinks. Choose
#   "one needle" under Options; the second exercise shows what `em.fit` does.
# - **Equal starts stay equal.** Two bells that start alike are moved alike, for ever.
# - **Other starts, other ends.** EM does not promise the highest peak.
# - **The names may swap,** as [the two coins](coins.py#is-that-the-truth) did.
#
# ## Exercises
#
# **1.** *Predict*: if all forty points are moved 100 to the right, and the start with them, what
# changes in the answer? And if they are all multiplied by 1,000?
#
# <details markdown><summary>Solution</summary>

# %%
moved = em.fit(normals, x + 100, Normals([101.1, 109], [2, 1.7]))
larger = em.fit(normals, x * 1000, Normals([1100, 9000], [2000, 1700]))
print(moved.params.means.round(4), f"{moved.log_likelihood:.4f}")
print(larger.params.means.round(1), f"{larger.log_likelihood:.4f}")

# %% [markdown]
# The means follow, and the shares stay the same. The log-likelihood falls in the second case
# by 40 log 1000, since a density is per unit of $x$: log-likelihoods of data in different units
# must not be compared.
#
# </details>
#
# **2.** Three of the points lie close together near 10.14. Start bell A there, as a needle:
# `Normals([10.14, 6], [0.02, 2])`. What happens, and what does the floor `min_std=0.1` change?
# *Predict*, with the floor: will A widen and find the left group?
#
# <details markdown><summary>Solution</summary>

# %%
needle = Normals([10.14, 6], [0.02, 2])
sharp = em.fit(normals, x, needle)
kept = em.fit(normals, x, needle, min_std=0.1)
for name, one in (("no floor", sharp), ("floor", kept)):
    print(f"{name:8}", one.params.means.round(4), one.params.stds.round(4))
    print(f"{'':8} log-likelihood {one.log_likelihood:.5f}")

# %% [markdown]
# Without the floor A settles on the three points, {{ sharp.params.stds[0] : .3f }} wide, and
# nothing complains: three points have a width. (On a single point `em.fit` stops with an error.)
# With the floor A stops at exactly {{ kept.params.stds[0] : .1f }}: the floor binds. Either way A is no group, and yet the
# log-likelihoods, {{ sharp.log_likelihood : .3f }} and {{ kept.log_likelihood : .3f }}, are both
# higher than the {{ free.log_likelihood : .3f }} of the sensible fit with free weights. A floor
# prevents the error, not the nonsense: look at the bells, and start more than once
# ([how it goes wrong](pitfalls.py)).
#
# </details>
#
# ## Where to read on
#
# [What is being climbed](surface.py) draws the likelihood as a landscape. The formulas of the
# M-step are derived in Bishop, *Pattern Recognition and Machine Learning* (2006), section
# 9.2.
