# ---
# title: Gaussian mixtures in one dimension
# order: 3
# section: Begin
# question: How can I find two groups in points on a line, when nobody says who belongs where?
# description: >-
#   A Gaussian mixture model (GMM) fitted by Expectation Maximisation: drag the bells, take E-step
#   and M-step apart, and change a program that fits your own numbers.
# numbers: own
# allow: [15, 3.14, 0.8, 40, 100, "1,000", 1000, 2006, 9.2, 2.5, 36, 5.5, 0.1]
# ---

# %% [markdown]
# # Gaussian mixtures in one dimension
#
# Forty measurements lie on one line. Twenty come from one group, twenty from another, and the colours are
# lost. Where does each group lie, and how wide is it? With a bell curve for each group, this is
# a **Gaussian mixture model** (GMM).

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import normals as draw
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
high = draw.heights(x[33:34], start)[0]
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    mixing="free",
    program={"x": "x", "mean": "means", "std": "stds", "weight": "weights"},
    still=draw.frames(x, [first, free.steps[20]]),
    told="The guess, and the bells after twenty iterations: means "
    f"{free.steps[20].params.means[0]:.2f} and {free.steps[20].params.means[1]:.2f}.",
    caption="Drag a bell's middle to move it, or its side to widen it. Touch a point to read its "
    "responsibilities, and a second time to remove it. Click beside the points to add one.",
)

# %% [markdown]
# **You will be able to** fit a Gaussian mixture to your own numbers, and say what both of its steps do. **About
# MINUTES minutes. To know first:** [two coins](coins.py), and the mean and standard deviation.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the two points near 5.5 are a little nearer to B's mean, but A is the wider bell. Which of
# them gets more of them? *Press **Share out**, and touch one.*
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
# Yes, but only {{ first.posterior[33, 1] : .2f }} of one and {{ first.posterior[35, 1] : .2f }} of the other. What
# counts is how high each bell stands over the point, and that depends on the distance *in widths*.
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
# **3. Predict:** *press **Play**.* The leftmost point, near 1, is further from B than any other. Does B get
# more of it than of the points near 2.5, or less?
#
# <details markdown><summary>Less, because it is furthest from B</summary>
#
# That is true of the distance. But A is narrow, and so its density falls off much faster there than the
# density of B, which is wide.
#
# </details>
# <details class="right" markdown><summary>More</summary>
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
    "How high each bell of the guess stands over one point, mixing weight included. Its responsibility for "
    "the point is its height divided by the sum of the heights.",
)

# %% [markdown]
# Take the point at {{ x[33] : .3f }}. With its mixing weight, A stands {{ high[0] : .4f }} high over it and B
# {{ high[1] : .4f }}. So A gets {{ high[0] : .4f }} / ({{ high[0] : .4f }} + {{ high[1] : .4f }}) =
# {{ first.posterior[33, 0] : .3f }} of it.
#
# ## The E-step: colour by responsibility
#
# The **responsibility** of bell $k$ for point $i$ is
#
# $$ r_{ik} = \frac{\pi_k \, \mathcal{N}(x_i \mid \mu_k, \sigma_k^2)}
#                  {\sum_j \pi_j \, \mathcal{N}(x_i \mid \mu_j, \sigma_j^2)} . $$
#
# It is the probability that the point came from bell $k$, *if* the present bells were right.
# The mixing weight is the **prior** of that, before we look at the point. The
# responsibility is the **posterior**, afterwards.
#
# ## The M-step: weighted mean, weighted width
#
# If we had the colours, we would take the mean and the standard deviation of each group. With
# responsibilities we do the same, but each point counts as much as its responsibility.
#
# By hand: take three points, at 1, 2 and 9, and let A have the whole of the first two and half of the third.
# That makes two and a half points. Their mean is (1 + 2 + half of 9) divided by 2.5, which is 3. Their
# squared distances from 3 are 4, 1 and 36, and (4 + 1 + half of 36) divided by 2.5 is 9.2. A's new width is the
# square root of that, about 3. Its new mixing weight is two and a half out
# of three.
#
# **Why these formulas?** With the responsibilities held still, no other bell fits the points better.
#
# <details markdown><summary>Go deeper</summary>
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
# This is [the program of the first page](index.py#the-program), except that its E-step now works with
# logarithms. Far from every bell all densities are 0 to the computer, and 0 divided by 0 is no responsibility. Logarithms
# do not run out. And they give the log-likelihood, by which to compare one end with another: higher is better.

# %% tags=["program"]
import numpy as np

np.random.seed(110)  # the same points each time
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean = np.array([1.1, 9])  # a guess: the middle of each bell
std = np.array([2, 1.7])  # a guess: the width of each bell
weight = np.ones(len(mean)) / len(mean)  # a guess: how common each is

for iteration in range(101):
    # E-step: a row for each point, a column for each bell
    log_density = -(((x[:, None] - mean) / std) ** 2) / 2 - np.log(std)
    log_joint = np.log(weight) + log_density - np.log(2 * np.pi) / 2
    log_sum = np.logaddexp.reduce(log_joint, axis=1, keepdims=True)
    share = np.exp(log_joint - log_sum)
    if iteration in (0, 1, 2, 5, 20, 100):
        print(iteration, log_sum.sum().round(4), "means", mean.round(4))
    # M-step: the weight, mean and width of what each bell was given
    size = share.sum(axis=0)
    weight = size / len(x)
    mean = x @ share / size
    std = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)

print("means  ", mean.round(4))
print("widths ", std.round(4))
print("weights", weight.round(4))

# %% tags=["hide"]
*_, hundredth, last = islice(em.run(normals, x, start), 102)
np.testing.assert_allclose(mean, last.params.means, rtol=1e-9)
np.testing.assert_allclose(std, last.params.stds, rtol=1e-9)
np.testing.assert_allclose(weight, last.params.weights, rtol=1e-9)
np.testing.assert_allclose(log_sum.sum(), hundredth.log_likelihood, rtol=1e-12)

# %% [markdown]
# Each line begins with the iteration and the log-likelihood. First the bells jump, then they settle.
#
# **With your own numbers:** put `x = np.array("""1.4 2.2 1.9 8.1 7.2 9.0""".split(), float)` in place of the two
# lines that make the points, and paste a column between its quotation marks, without gaps. R's `sd` divides by n − 1, and the M-step by n. On your own
# machine `x = np.loadtxt("my.csv", delimiter=",", skiprows=1, usecols=0)` reads the first column below a line of
# names. For a third bell, put a third number into `mean` and into
# `std`; the weights follow. Guess among your points, and several times, because
# [where you start is where you end](starts.py#where-you-start-is-where-you-end). Keep the
# highest log-likelihood whose bells have not shrunk onto a few points. Where `nan` comes out, a bell got nothing, or
# shrank onto one value, such as many zeros: begin elsewhere, or take fewer bells. For two columns or more there is [another program](groups.py#the-program).
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
# flank. This is **hard** assignment, and it [nearly always](sharing.py#why-share-and-not-choose) makes the wide bell too
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
# limit, so a needle on a few points can beat a sensible fit. So look at the bells, not at the score alone.
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
# ## What could go wrong
#
# - **A bell collapses.** A density is not a probability, and has no limit. On a single point the likelihood rises
#   without end as the bell shrinks. Choose "one needle" under Options.
# - **Other starts, other ends.** EM does not promise the highest peak.
# - **The names may swap,** as those of [the two coins](labels.py) do.
#
# ## Exercises
#
# On [the page of exercises](exercises.py) you write the M-step of this page, and it is marked at once.
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
# The bells follow, and the responsibilities stay the same. Multiplied by a thousand, the data lose 40 log 1000
# in log-likelihood, because a density is per unit of $x$. So never compare log-likelihoods of data in different
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
# see [what goes wrong](pitfalls.py).
#
# </details>
#
# ## Where to read on
#
# [The likelihood surface](surface.py) draws what is being climbed. The formulas of the
# M-step are derived in Bishop, *Pattern Recognition and Machine Learning* (2006), section
# 9.2. [Soft and hard assignment](sharing.py) compares EM with labels, and has the same for R. For two measurements of
# each thing, go on with [Gaussian mixtures: shapes](groups.py).
