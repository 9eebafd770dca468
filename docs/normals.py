# ---
# title: Two groups of points
# order: 3
# section: Begin
# question: How can I find two groups in points on a line, when nobody says who belongs where?
# description: >-
#   A mixture of two normals fitted by Expectation Maximisation: densities,
#   responsibilities as colour, weighted mean and standard deviation, twenty steps.
# ---

# %% [markdown]
# # Two groups of points, and the colours are lost
#
# **At the end of this page you will be able to** fit a mixture of normals to points on a
# line, explain its E-step and M-step to a friend, copy an M-step that works, and judge
# what the fit says and what it does not.
#
# Forty measurements on one line. Twenty come from one group, twenty from another. Where
# does each group lie, and how wide is it?

# %%
from itertools import islice

import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])

# %% [markdown]
# ## With colours, there is nothing to it

# %% tags=["hide"]
from em.figures import normals as draw

known = np.repeat([[1.0, 0.0], [0.0, 1.0]], 20, axis=0)
draw.points(
    x,
    known,
    "Forty points in the colours of their groups: red circles (A), blue squares (B). "
    "The groups overlap.",
    sure=True,
)

# %% [markdown]
# For each colour, take the mean $\mu$ and the standard deviation $\sigma$ (`std` below): done.

# %%
print(f"red   mean {red.mean():.5f}, std {red.std():.5f}")
print(f"blue  mean {blue.mean():.5f}, std {blue.std():.5f}")

# %% [markdown]
# ## Everything is painted purple
#
# Now the colours are lost.

# %% tags=["hide"]
draw.points(x, np.full((40, 2), 0.5), "The same forty points. Which are which?")

# %% [markdown]
# If we knew the colours, we could compute means and widths. If we knew means and widths, we
# could guess the colours. EM starts anywhere in this circle: **guess** two bells, **share
# out** every point between them, **re-estimate** the bells, **repeat**.
#
# ## How high does a bell stand over a point?
#
# A *normal* with mean $\mu$ and standard deviation $\sigma$ has the density
#
# $$ \mathcal{N}(x \mid \mu, \sigma^2) =
#    \frac{1}{\sigma \sqrt{2 \pi}} \, e^{-(x - \mu)^2 / (2 \sigma^2)} . $$
#
# It is the height of the bell over $x$. A density is not a probability: over a narrow bell
# it may well exceed 1. What we need is only how the heights of two bells compare.
#
# Here is a guess that nobody would call good, means 1.1 and 9, standard deviations 2 and
# 1.7, and the heights of the two bells over one of the points. Each group has half of the
# points, so each bell is multiplied by its *mixing weight*, one half.

# %% tags=["hide"]
start = Normals(means=[1.1, 9], stds=[2, 1.7])
draw.density(
    x,
    start,
    x[33],
    "The guess, and how high each bell stands over one point. The share of a bell in that "
    "point is its height divided by the sum of the heights.",
)

# %%
start = Normals(means=[1.1, 9], stds=[2, 1.7])
point = x[33]

densities = np.exp(normals.log_density(np.array([point]), start)[0])
heights = start.weights * densities
shares = heights / heights.sum()
print(f"x = {point:.3f}")
print(f"heights A {heights[0]:.4f}, B {heights[1]:.4f}")
print(f"shares  A {shares[0]:.3f},  B {shares[1]:.3f}")

# %% [markdown]
# ## The E-step: colour by responsibility
#
# The share of bell $k$ in point $i$ is its **responsibility**,
#
# $$ r_{ik} = \frac{\pi_k \, \mathcal{N}(x_i \mid \mu_k, \sigma_k^2)}
#                  {\sum_j \pi_j \, \mathcal{N}(x_i \mid \mu_j, \sigma_j^2)} . $$
#
# We can show it as colour: red for A, blue for B, and every purple between.

# %% tags=["hide"]
draw.responsibilities(
    x,
    start,
    "The E-step at the guess. Each point takes colour from the bells over it. Nothing moves "
    "along the axis: the points stay, and so do the bells.",
)

# %% [markdown]
# In the package, all in logarithms, so that a point far out under both bells is not 0
# divided by 0:

# %% tags=["hide"]
em.show(normals.log_density)

# %% tags=["hide"]
em.show(normals.log_joint)

# %% tags=["hide"]
em.show(normals.e_step)

# %% tags=["hide"]
em.show(em.mixture.posterior)

# %%
responsibilities, log_likelihood = normals.e_step(x, start)
print(responsibilities[[0, 20, 31, 33, 39]].round(3))
print(f"log-likelihood of the guess: {log_likelihood:.5f}")

# %% [markdown]
# ## The M-step: weighted mean, weighted width
#
# Now estimate each bell as we did with the colours, only that every point counts as much
# as the bell's responsibility for it. That is a weighted mean, and a weighted standard
# deviation around it. (The weighted mean is the work of the M-step. The E-step only made
# the weights.)

# %%
a = responsibilities[:, 0]
mean = (a * x).sum() / a.sum()
std = np.sqrt((a * (x - mean) ** 2).sum() / a.sum())
print(f"by hand: mean {mean:.5f}, std {std:.5f}")

print("package:", normals.m_step(x, responsibilities).means[0].round(5))

# %% tags=["hide"]
em.show(normals.m_step)

# %% [markdown]
# The M-step also estimates the mixing weights, as each bell's share of all points. In this
# example we keep them at one half: that each group has twenty points we do know.
#
# ## Twenty steps

# %%
run = em.run(normals, x, start, fixed="weights")
steps = list(islice(run, 21))

print("step  means            stds     log-likelihood")
for number in (0, 1, 2, 5, 10, 20):
    step = steps[number]
    a, b = step.params.means
    print(
        f"{number:4}  {a:.4f} {b:.4f}"
        f"  {step.params.stds.round(2)}  {step.log_likelihood:10.5f}"
    )

# %% tags=["hide"]
from em.figures.stepper import stepper

stepper(
    draw.frames(x, steps),
    [
        f"Step {number}: means {step.params.means[0]:.2f}, {step.params.means[1]:.2f}; "
        f"std {step.params.stds[0]:.2f}, {step.params.stds[1]:.2f}; "
        f"log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(steps)
    ],
    "The twenty steps, one at a time: the bells move, the points take colour. "
    "First they jump, then they settle.",
)

# %% [markdown]
# The log-likelihood rises at every step: fast at first, then less and less. After twenty
# steps the fourth decimal of the means still moves. `em.fit` goes on until nothing does:

# %%
fit = em.fit(normals, x, start, fixed="weights")

print(f"after {len(fit.steps) - 1} steps")
print("means", fit.params.means.round(5))
print("stds ", fit.params.stds.round(5))
print(f"log-likelihood {fit.log_likelihood:.5f}")

# %% [markdown]
# ## How good is that?
#
# There are two things to compare with, and they are not the same. The *labelled estimate*
# is what one would have got from these forty points, had one seen the colours. The
# *generating values* are those that the random numbers were drawn with.

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

# %% tags=["hide"]
draw.compare(
    x,
    fit.params,
    labelled,
    known,
    "Thin lines: what EM found without colours. Broad pale lines: the labelled estimate. "
    "The points are in their true colours.",
)

# %% [markdown]
# EM comes close to the labelled estimate without having seen one colour. And its
# log-likelihood is the *highest* of the three: higher than the labelled estimate's, higher
# than that of the values which made the data. EM does not look for those. It looks for the
# bells under which the forty purple points are least surprising.
#
# ## What the colours say in the end

# %%
a = fit.posterior[:, 0]
undecided = (a > 0.01) & (a < 0.99)
wrong = (a > 0.5) != (np.arange(40) < 20)

print(undecided.sum(), "of 40 points lie between 0.01 and 0.99")
print(wrong.sum(), "lean to the other group, x =", x[wrong].round(2))

# %% tags=["hide"]
draw.responsibilities(
    x,
    fit.params,
    "The responsibilities at the limit. Most points are still shared.",
)

# %% [markdown]
# The responsibilities do not all become 0 or 1, and they need not: where the bells overlap,
# a point could come from either, and EM says so. Two blue points lie so deep in red
# country that nobody could tell from their place alone.
#
# Look at the far left end of the curve. The blue bell is wider, so far out on the left, too,
# it stands above the red one. Being far from the centre of A is not enough to belong to A.
#
# ## What could go wrong
#
# - **A bell collapses.** Put a narrow bell onto a single point, and the likelihood rises
#   without end as it shrinks. `em.fit` stops with an error that says which; the third
#   exercise shows it.
# - **Equal starts stay equal.** Two bells that start alike are moved alike, for ever.
# - **Other starts, other ends.** EM promises that the likelihood does not fall and that it
#   ends at a stationary point. It does not promise the highest one.
# - **The names may swap,** as [the two coins](coins.py#the-coins-have-changed-places) did.
#
# ## Exercises
#
# **1.** Let the mixing weights go (leave out `fixed="weights"`). Do the groups still get
# half of the points each?
#
# <details markdown><summary>Solution</summary>

# %%
free = em.fit(normals, x, start)
print("weights", free.params.weights.round(4))
print("means  ", free.params.means.round(4))
print("stds   ", free.params.stds.round(4))
print(f"log-likelihood {free.log_likelihood:.5f}")

# %% [markdown]
# Not quite, and the log-likelihood is higher than with the weights held: it has one more
# number to choose.
#
# </details>
#
# **2.** Start both bells in the same place, `Normals([5, 5], [2, 2])`. What do you expect?
#
# <details markdown><summary>Solution</summary>

# %%
twins = em.fit(normals, x, Normals([5, 5], [2, 2]), fixed="weights")
print("means", twins.params.means.round(5), "stds", twins.params.stds.round(5))
print(f"all points: mean {x.mean():.5f}, std {x.std():.5f}")

# %% [markdown]
# Every point is split in half, so both bells become the one bell of all forty points. The
# likelihood did not fall and nothing moves any more: EM has kept its promise, and is no
# help. Start from bells that differ.
#
# </details>
#
# **3.** Start bell A at the first point, with a standard deviation of 0.001. What happens,
# and what does `min_std=0.1` change?
#
# <details markdown><summary>Solution</summary>

# %%
narrow = Normals([x[0], 6], [0.001, 2])

try:
    em.fit(normals, x, narrow, fixed="weights")
except em.CollapsedError as error:
    print(error)

kept = em.fit(
    normals, x, Normals([x[0], 6], [0.1, 2]), fixed="weights", min_std=0.1
)
print(kept.params.means.round(4), kept.params.stds.round(4))

# %% [markdown]
# Only one point feels the narrow bell, so the bell shrinks onto it. A floor under the
# standard deviation keeps it wide enough to feel its neighbours.
#
# </details>
#
# ## Where to read on
#
# The same loop with flips instead of numbers: [two coins](coins.py). The formulas of the
# M-step are derived in Bishop, *Pattern Recognition and Machine Learning* (2006), section
# 9.2. More on the [resources page](resources.md).
