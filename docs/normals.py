# ---
# title: Two groups of points
# order: 3
# section: Begin
# question: How can I find two groups in points on a line, when nobody says who belongs where?
# description: >-
#   A mixture of two normals fitted by Expectation Maximisation: drag the bells, see E-step
#   and M-step apart, copy an M-step that works, and see why sharing beats choosing.
# numbers: own
# allow: [6.0, 2.906, "6.820", 88.449, 3.14, 0.8, 1.1, 0.95, 40, 100, "1,000", 1000, 10.14, 2006, 9.2, 2.5, 36, 5.5, 101, 0.1]
# ---

# %% [markdown]
# # Two groups of points, and the colours are lost
#
# Forty measurements lie on one line. Twenty come from one group, twenty from another, and nobody
# wrote down which. Where does each group lie, and how wide is it? With a bell curve for each group, this is
# a **Gaussian mixture model** (GMM) in one dimension.

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
free = em.fit(normals, x, start)
first, second = free.steps[:2]
left = free.posterior[x.argmin()]
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    mixing="free",
    still=draw.frames(x, [first, free.steps[20]]),
    told="The guess, and the bells after twenty iterations: means "
    f"{free.steps[20].params.means[0]:.2f} and {free.steps[20].params.means[1]:.2f}.",
    caption="Drag a bell's middle to move it, or its side to widen it. Touch a point to read its "
    "shares. Click beside the points to add one.",
)

# %% [markdown]
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the point at 5.5 is a little nearer to B's mean, but A is the wider bell. Which of them
# gets more of it? *Press **Share out**, and touch the point.*
#
# <details markdown><summary>A, because it is wider</summary>
#
# Width matters, and A's makes up for nearly all of the distance. But not for all of it.
#
# </details>
# <details markdown><summary>Half each</summary>
#
# Nearly. But the two bells are not equally high over the point.
#
# </details>
# <details class="right" markdown><summary>B, because it is nearer</summary>
#
# Yes, but only {{ first.posterior[33, 1] : .2f }} of it. What counts is how high each bell stands
# over the point, and that depends on the distance *in widths*.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** will A become wider or narrower? *Press **Re-estimate**.*
#
# <details class="right" markdown><summary>Narrower</summary>
#
# Yes: from 2 to {{ second.params.stds[0] : .2f }}. Nearly all that A was given lies close together, and its
# new width is the standard deviation of what it was given.
#
# </details>
# <details markdown><summary>Wider, to reach the points in the middle</summary>
#
# A bell does not reach for anything. It becomes as wide as the points that it was given, and most of those
# lie close together.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** *press **Play**.* The leftmost point, near 1, is further from B than any other. Does B get a
# larger share of it than of the points near 2.5, or a smaller one?
#
# <details markdown><summary>A smaller one, because it is furthest from B</summary>
#
# That is true of the distance. But A is narrow, and so its density falls off much faster there than the
# density of B, which is wide.
#
# </details>
# <details class="right" markdown><summary>A larger one</summary>
#
# Yes: {{ left[1] : .2f }}, and near 2.5 it gets {{ 1 - free.posterior[:, 0].max() : .2f }}. The narrow
# bell is left behind sooner than the wide one, so far out on *either* side the wide bell wins.
#
# </details>
# </div>
#
# ## Two densities over one point
#
# A *normal* (or Gaussian) with mean $\mu$ and standard deviation $\sigma$, which the figure calls the
# *width*, has the **density**
#
# $$ \mathcal{N}(x \mid \mu, \sigma^2) =
#    \frac{1}{\sigma \sqrt{2 \pi}} \, e^{-(x - \mu)^2 / (2 \sigma^2)} , $$
#
# which is the height of the bell over $x$. Here $\pi$ is the number 3.14. With an index it is something else:
# $\pi_k$ is the **mixing weight** of bell $k$, which says how common its group is. At the beginning both weights
# are one half.

# %% tags=["hide"]
draw.density(
    x,
    start,
    x[33],
    "How high each bell of the guess stands over one point, with its mixing weight. Each bell's share of "
    "the point is its height divided by the sum of the heights.",
)


# %%
import numpy as np


def density(x, mean, std):
    return np.exp(-(((x - mean) / std) ** 2) / 2) / (std * np.sqrt(2 * np.pi))


point = 5.467
from_a = 0.5 * density(point, 1.1, 2)
from_b = 0.5 * density(point, 9, 1.7)
both = from_a + from_b
print(f"weight times density: A {from_a:.4f}, B {from_b:.4f}")
print(f"shares:               A {from_a / both:.3f}, B {from_b / both:.3f}")

# %% [markdown]
# ## The E-step: colour by responsibility
#
# The share of bell $k$ in point $i$ is its **responsibility**,
#
# $$ r_{ik} = \frac{\pi_k \, \mathcal{N}(x_i \mid \mu_k, \sigma_k^2)}
#                  {\sum_j \pi_j \, \mathcal{N}(x_i \mid \mu_j, \sigma_j^2)} . $$
#
# It is the probability that the point came from bell $k$, *if* the present bells were right.
# The mixing weight is the **prior** of that, before we look at the point. The
# responsibility is the **posterior**, afterwards.

# %% tags=["hide"]
draw.responsibilities(
    x,
    start,
    "The E-step at the guess. Each point takes its colour from the bells above it. The points "
    "stay where they are, and so do the bells.",
)

# %% [markdown]
# ## The M-step: weighted mean, weighted width
#
# If we had the colours, we would take the mean and the standard deviation of each group. With
# responsibilities we do the same, only that each point counts as much as its responsibility.
#
# By hand: take three points, at 1, 2 and 9, and let A have the whole of the first two and half of the third.
# That makes two and a half points. Their mean is (1 + 2 + half of 9) divided by 2.5, which is 3. Their
# squared distances from 3 are 4, 1 and 36, and (4 + 1 + half of 36) divided by 2.5 is 9.2. A's new width is the
# square root of that, about 3. Its new mixing weight is 2.5 points of three. Now the same for the forty points,
# with `density` from above:

# %%
np.random.seed(110)
red, blue = np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])

from_a, from_b = 0.5 * density(x, 1.1, 2), 0.5 * density(x, 9, 1.7)
share = from_a / (from_a + from_b)  # A's share of each point
mean = (share * x).sum() / share.sum()
std = np.sqrt((share * (x - mean) ** 2).sum() / share.sum())
print(f"A: {share.sum():.2f} points, mean {mean:.4f}, width {std:.4f}")

# %% tags=["hide"]
np.testing.assert_allclose(share, first.posterior[:, 0], rtol=1e-9)
np.testing.assert_allclose(mean, second.params.means[0], rtol=1e-9)
np.testing.assert_allclose(std, second.params.stds[0], rtol=1e-9)

# %% [markdown]
# **Why these formulas?** With the responsibilities held still, no other bell does better by them.
#
# <details markdown><summary>See why</summary>
#
# Without responsibilities, we look for the bell that makes the sum of the logarithms of its densities
# largest. Now each point $x_i$ counts $r_i$ times. The logarithm of a density is
# $-(x_i - \mu)^2 / (2 \sigma^2) - \log \sigma$ and a constant, so the sum to make largest is
#
# $$ \sum_i r_i \left( -\frac{(x_i - \mu)^2}{2 \sigma^2} - \log \sigma \right) . $$
#
# Its slope in $\mu$ is $\sum_i r_i (x_i - \mu) / \sigma^2$, which is zero where
# $\mu = \sum_i r_i x_i / \sum_i r_i$. Its slope in $\sigma$ is
# $\sum_i r_i \left( (x_i - \mu)^2 / \sigma^3 - 1 / \sigma \right)$, which is zero where
# $\sigma^2 = \sum_i r_i (x_i - \mu)^2 / \sum_i r_i$. Before that place the slope is up and after it down, so
# it is a top.
#
# </details>
#
# ## The program
#
# This is [the program of the first page](index.py#the-program), but for its E-step, which now works with
# logarithms. Far from every bell all densities are 0 to the computer, and 0 divided by 0 is no share. Logarithms
# do not run out. And they give the log-likelihood, by which to compare one end with another: higher is better.

# %% tags=["program"]
import numpy as np

np.random.seed(110)  # the forty points of the figure
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean = np.array([1.1, 9])  # a guess: the middle of each bell
std = np.array([2, 1.7])  # a guess: the width of each bell
weight = np.ones(len(mean)) / len(mean)  # a guess: all equally common

for iteration in range(101):
    # E-step: a row for each point, a column for each bell
    log_density = -(((x[:, None] - mean) / std) ** 2) / 2 - np.log(std)
    log_joint = np.log(weight) + log_density - np.log(2 * np.pi) / 2
    log_sum = np.logaddexp.reduce(log_joint, axis=1, keepdims=True)
    share = np.exp(log_joint - log_sum)
    if iteration in (0, 1, 2, 5, 20, 100):
        print(iteration, log_sum.sum().round(4), mean.round(4))
    # M-step: the weight, mean and width of what each bell was given
    size = share.sum(axis=0)
    weight = size / len(x)
    mean = x @ share / size
    std = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)

print(np.round([mean, std, weight], 4))  # a column for each bell

# %% tags=["hide"]
*_, hundredth, last = islice(em.run(normals, x, start), 102)
np.testing.assert_allclose(mean, last.params.means, rtol=1e-9)
np.testing.assert_allclose(std, last.params.stds, rtol=1e-9)
np.testing.assert_allclose(weight, last.params.weights, rtol=1e-9)
np.testing.assert_allclose(log_sum.sum(), hundredth.log_likelihood, rtol=1e-12)

# %% [markdown]
# Each line has the iteration, the log-likelihood and the means. First the bells jump, then they settle. The last
# three rows are means, widths and mixing weights.
#
# **With your own numbers:** `x = np.loadtxt("my.csv", delimiter=",", skiprows=1, usecols=0)` reads
# the first column below a line of names. For a third bell, put a third number into `mean` and into
# `std`; the weights follow. Guess among your points, and guess several times, because
# [where you start is where you end](pitfalls.py#where-you-start-is-where-you-end). Keep the
# highest log-likelihood whose bells have not shrunk onto a few points. If the last two lines differ by more
# than you like, raise 101. Where `nan` comes out, a bell got nothing, or shrank onto one point, or your data
# contain a `nan`. For two columns or more there is [another program](groups.py#the-program).
#
# **In R:** `x <- read.csv("my.csv")[[1]]; library(mclust); fit <- Mclust(x, G = 2, modelNames = "V")`, where V
# lets each bell have its own width. Then `fit$parameters` has the bells, and `fit$z` the responsibilities. On
# the forty points mclust 6.0.0 stops a little earlier: means 2.906 and 6.820, log-likelihood −88.449.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** give each point *wholly* to the bell that explains it best, in place of sharing it. Will B come out
# wider or narrower than the {{ free.params.stds[1] : .2f }} of EM?
#
# ```diff
# -    share = np.exp(log_joint - log_sum)
# +    share = np.eye(len(mean))[log_joint.argmax(axis=1)]
# ```
#
# <details markdown><summary>See why</summary>
#
# Narrower: {{ changed.std[1] : .2f }}. Every point on the left goes to A as a whole, so B loses its left
# flank. This is **hard** assignment, and it [nearly always](#why-share-and-not-choose) makes the wide bell too
# narrow.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** A begins as a needle on three points that lie close together. Where does it go, and is the
# log-likelihood higher or lower than before?
#
# ```diff
# -mean = np.array([1.1, 9])  # a guess: the middle of each bell
# -std = np.array([2, 1.7])  # a guess: the width of each bell
# +mean = np.array([10.14, 6])  # a guess: the middle of each bell
# +std = np.array([0.02, 2])  # a guess: the width of each bell
# ```
#
# <details markdown><summary>See why</summary>
#
# It stays, {{ changed.std[0] : .3f }} wide, and the log-likelihood is *higher*:
# {{ changed.log_sum.sum() : .2f }}, against {{ free.log_likelihood : .2f }}. The density of a narrow bell has no
# limit, so a needle on a few points beats any sensible fit. So look at the bells, not at the score alone.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** draw a hundred times as many points. How near will EM come to 3 and 7, 0.8 and 2?
#
# ```diff
# -x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
# +x = np.append(np.random.normal(3, 0.8, 2000), np.random.normal(7, 2, 2000))
# ```
#
# <details markdown><summary>See why</summary>
#
# Means {{ changed.mean[0] : .2f }} and {{ changed.mean[1] : .2f }}, widths
# {{ changed.std[0] : .2f }} and {{ changed.std[1] : .2f }}. EM did nothing wrong on the forty points: they
# held no more than that. A hundred times as many make the typical error a tenth.
#
# </details>
# </div>
#
# ## When does it stop?
#
# `em.fit`, of the package behind these pages, stops when a step changes nothing any more in about the
# eighth digit (`tol=1e-8`; the [reference](api.md) has the whole rule). From here on the mixing weights are
# held at one half, with `fixed="weights"`:

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
# The figure would stop after {{ settled : d }} iterations and `em.fit`, which is stricter, stops after
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
em.show(normals.m_step)

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
# **1.** *Predict*: if all forty points are moved 100 to the right, and the guess with them, what
# changes in the answer? And if points and guess are all multiplied by 1,000? Change the program and see.
#
# <details markdown><summary>Solution</summary>


# %%
def bells(x, mean, std, floor=0):
    """Run the program's loop."""
    weight = np.ones(len(mean)) / len(mean)
    for _ in range(101):
        log_density = -(((x[:, None] - mean) / std) ** 2) / 2 - np.log(std)
        log_joint = np.log(weight) + log_density - np.log(2 * np.pi) / 2
        log_sum = np.logaddexp.reduce(log_joint, axis=1, keepdims=True)
        share = np.exp(log_joint - log_sum)
        size = share.sum(axis=0)
        weight = size / len(x)
        mean = x @ share / size
        std = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)
        std = np.maximum(std, floor)
    print("means", mean.round(3), "widths", std.round(3), end="; ")
    print(f"log-likelihood {log_sum.sum():.3f}")


bells(x, np.array([1.1, 9]), np.array([2, 1.7]))
bells(x + 100, np.array([101.1, 109]), np.array([2, 1.7]))
bells(x * 1000, np.array([1100, 9000]), np.array([2000, 1700]))

# %% [markdown]
# The bells follow, and the responsibilities stay the same. In the second case the log-likelihood falls
# by 40 log 1000, because a density is per unit of $x$. So never compare log-likelihoods of data in different
# units.
#
# </details>
#
# **2.** The needle again, now with a floor: add `std = np.maximum(std, 0.1)` as the last line of the loop.
# *Predict*: will A widen and find the left group?
#
# <details markdown><summary>Solution</summary>

# %%
bells(x, np.array([10.14, 6]), np.array([0.02, 2]))
bells(x, np.array([10.14, 6]), np.array([0.02, 2]), floor=0.1)

# %% [markdown]
# No. A stops at exactly 0.1, which means that the floor binds. It is no group, and yet both log-likelihoods
# are higher than the {{ free.log_likelihood : .3f }} of the sensible fit. A floor
# prevents the division by zero, not the nonsense. Look at the bells, and start more than once:
# see [how it goes wrong](pitfalls.py).
#
# </details>
#
# ## Where to read on
#
# [What is being climbed](surface.py) draws the likelihood as a landscape. The formulas of the
# M-step are derived in Bishop, *Pattern Recognition and Machine Learning* (2006), section
# 9.2.
