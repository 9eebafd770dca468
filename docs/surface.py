# ---
# title: What is being climbed
# order: 10
# section: Understand
# question: What does the likelihood look like, and where does EM go on it?
# description: >-
#   The log-likelihood of two coins as a map with two mirror peaks and a saddle between;
#   EM's paths from many starts, beside gradient ascent and its step size.
# ---

# %% [markdown]
# # What is being climbed
#
# Every guess at [two coins](coins.py) is a point in a square, and over every point stands a
# height: the log-likelihood. Put your start anywhere. Where will EM go from there?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import surface as draw
from em.figures.live import live
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
walk = em.fit(coins, flips, Coins([0.51, 0.001]), fixed="weights")
live(
    "map",
    still=draw.landscape(
        flips,
        np.array([step.params.theta for step in walk.steps[:11]]),
        np.array([53 / 70, 26 / 66]),
        79 / 136,
        "The map of the two coins.",
    ),
    told="The log-likelihood of two coins as a map, with EM's path from (0.51, 0.001) to one "
    "of the two peaks.",
    caption="Put the start anywhere, then share out and re-estimate. The dashed path is gradient "
    "ascent, one step for each of EM's, with a step size of your own.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** from a start below the diagonal, on which side of it will EM end? *Put the start
# there, and press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# On the same side: the coin that begins higher stays higher. The two peaks are one answer with
# the names changed.
#
# </details>
#
# **2. Predict:** what if the start is exactly on the diagonal? *Try 0.3 and 0.3.*
#
# <details markdown><summary>See why</summary>
#
# Both coins are alike, so they are moved alike, and EM stays on the diagonal. It ends at its
# highest point, which is a **saddle**: uphill from there leads across, to either peak.
#
# </details>
#
# **3. Predict:** what does gradient ascent do if its step is ten times as long? *Type 0.01.*
#
# <details markdown><summary>See why</summary>
#
# It jumps over the peak and out of the square. EM's steps need no choosing, and stay inside.
#
# </details>
#
# ## The program
#
# EM and gradient ascent side by side, to be pasted into an empty Python:

# %% tags=["program"]
import numpy as np

heads = np.array([21, 9, 10, 32, 7])
tails = np.array([7, 10, 17, 10, 13])


def credited(theta):
    joint = theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    share = joint / joint.sum(axis=1, keepdims=True)
    return heads @ share, tails @ share


em_at = walk_at = np.array([0.3, 0.6])
for _ in range(30):
    h, t = credited(em_at)
    em_at = h / (h + t)
    h, t = credited(walk_at)
    walk_at = walk_at + 0.001 * (h / walk_at - t / (1 - walk_at))
print("EM      ", em_at.round(5))
print("gradient", walk_at.round(5))

# %% tags=["hide"]
there = em.fit(
    coins,
    flips,
    Coins([0.3, 0.6]),
    fixed="weights",
    until=lambda steps: len(steps) > 30,
)
np.testing.assert_allclose(em_at, there.params.theta, rtol=1e-9)

# %% [markdown]
# ## Heights over a square
#
# We take the five sequences of [two coins](coins.py) once more, and keep the mixing
# weights at one half. Then there are just two unknown numbers, $\theta_A$ and $\theta_B$.
# Every guess is a point in a square, and over every point stands a height: the
# log-likelihood. EM climbs on that surface. What does it look like?

# %%
from itertools import islice

import numpy as np

import em
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])


def height(a, b):
    return coins.e_step(flips, Coins([a, b]))[1]


for a, b in ((0.5, 0.6), (0.6, 0.5), (0.75, 0.4), (0.9, 0.9)):
    print(f"({a:.2f}, {b:.2f})  log-likelihood {height(a, b):10.5f}")

# %% [markdown]
# ## A map
#
# Doing this for a fine grid of points gives a map. Each line joins points of equal
# log-likelihood. On it is the path of EM from the start (0.51, 0.001), the one that
# [two coins](coins.py) took.

# %% tags=["hide"]
from em.figures import surface as draw

start = Coins([0.51, 0.001])
path = np.array(
    [
        s.params.theta
        for s in islice(em.run(coins, flips, start, fixed="weights"), 11)
    ]
)
draw.landscape(
    flips,
    path,
    np.array([53 / 70, 26 / 66]),
    79 / 136,
    "Left: stars are the two peaks, the cross is the saddle, red dots are EM's steps, the "
    "dotted line is where both coins are equal. Right, enlarged: the labelled estimate "
    "(diamond) lies below EM's peak (star).",
)

# %%
fit = em.fit(coins, flips, Coins([0.51, 0.001]), fixed="weights")
a, b = fit.params.theta
print(f"peak     ({a:.5f}, {b:.5f})  {height(a, b):.5f}")
print(f"mirrored ({b:.5f}, {a:.5f})  {height(b, a):.5f}")

a, b = 53 / 70, 26 / 66
print(f"labelled ({a:.5f}, {b:.5f})  {height(a, b):.5f}")

# %% [markdown]
# **There are two peaks, and a peak off the diagonal must have a twin.** Swap the names of the
# coins and every sequence is explained just as well, so the map is its own mirror image along
# the diagonal: each point off it has a twin of the same height. (There need not be such a
# peak. Five rounds of ten flips with 5, 6, 5, 4 and 5 heads have a single one, on the
# diagonal: two coins explain them no better than one.)
#
# **The labelled estimate lies below the peak.** It is the best answer to another question,
# the one in which the labels are known. On this map it is a point near the top, and no more.
# (It counts the heads of the sequences whose coin was written down: 53 of 70 flips for A, 26
# of 66 for B. See [Is that the truth?](coins.py#is-that-the-truth))
#
# ## The diagonal and the saddle
#
# On the diagonal both coins are the same. There the two-coin model is a one-coin model, and
# the best single coin has the share of heads among all flips.

# %%
heads, tails = flips.heads.sum(), flips.tails.sum()
middle = heads / (heads + tails)
print(f"{heads:.0f} heads in {heads + tails:.0f} flips: {middle:.5f}")
print(f"log-likelihood there: {height(middle, middle):.5f}")

for away in (-0.02, 0, 0.02):
    along = height(middle + away, middle + away)
    across = height(middle + away, middle - away)
    print(f"{away:5.2f}  along {along:.5f}  across {across:.5f}")

# %% [markdown]
# Along the diagonal, 0.58088 is a top; across it, a bottom: a **saddle**, like a pass
# between two mountains. The diagonal leads over the pass, with a peak on either side. One
# may take it for a ridge, but it is a valley: whoever leaves it goes up.
#
# A start exactly on the diagonal stays on it, because both coins always get the same share
# of everything. So EM walks along the diagonal to the saddle and stops there, at −92.48076.
# Nothing pushes it to either side. A start a hair's breadth off the diagonal escapes, though
# slowly at first:

# %%
for off in (0, 1e-9, 1e-3):
    start = Coins([0.3 + off, 0.3])
    fit = em.fit(coins, flips, start, fixed="weights", tol=1e-12)
    end = fit.params.theta.round(5)
    print(f"off by {off:.0e}: {len(fit.steps) - 1:2} steps", end)

# %% [markdown]
# ## Gradient ascent beside it
#
# Why not walk uphill by the gradient, as one does for any other function? One can. The
# gradient, too, is made from responsibilities: each coin looks at its share of heads and
# tails.


# %%
def gradient(theta):
    r, _ = coins.e_step(flips, Coins(theta))
    heads, tails = flips.heads @ r, flips.tails @ r
    return heads / theta - tails / (1 - theta)


def ascend(theta, size, steps=5_000):
    """Walk uphill until the height stands still, or the walk leaves [0, 1]."""
    path = [np.array(theta, dtype=float)]
    for _ in range(steps):
        new = path[-1] + size * gradient(path[-1])
        path.append(new)
        if (new <= 0).any() or (new >= 1).any():
            break
        if np.abs(new - path[-2]).max() < 1e-8:
            break
    return np.array(path)


for size in (0.0001, 0.001, 0.003, 0.006, 0.01):
    path = ascend([0.3, 0.6], size)
    inside = (path[-1] > 0).all() and (path[-1] < 1).all()
    where = path[-1].round(5) if inside else "outside [0, 1]"
    print(f"size {size:.4f}: {len(path) - 1:4} steps {where}")

fit = em.fit(coins, flips, Coins([0.3, 0.6]), fixed="weights")
steps = len(fit.steps) - 1
print(f"EM:          {steps:4} steps {fit.params.theta.round(5)}")

# %% [markdown]
# Everything depends on the step size. Too small, and the walk takes hundreds of steps. A
# little too large (0.006), and it jumps to and fro over the peak and has not come to rest
# after 5,000. Larger still, and it leaves the square, where a chance of heads is below 0 or
# above 1 and the likelihood means nothing. The right size is different for each data set. A
# fixed one has to be found by trying; a *line search*, or a method such as BFGS, which learns
# the curvature as it goes, chooses it at each step, and pays with more evaluations.
#
# EM brings its own. Its step goes uphill, too, along a *rescaled* gradient: each coin has a
# size of its own, $\theta_k (1 - \theta_k) / n_k$, where $n_k$ is the number of flips that the
# coin has by its responsibilities:

# %%
theta = np.array([0.3, 0.6])
r, _ = coins.e_step(flips, Coins(theta))
n = (flips.heads + flips.tails) @ r

print("by the gradient:", theta + theta * (1 - theta) / n * gradient(theta))
print("by the M-step:  ", coins.m_step(flips, r).theta)

# %% [markdown]
# The size is small where much is known, and near 0 and 1, so that the step never leaves the
# square. How could it? The M-step computes a share of heads, and a share lies between 0
# and 1.
#
# ## Pick a start
#
# Here are 25 starts. Pick one, by pointer or with the arrow keys.


# %% tags=["hide"]
def run_from(a, b):
    fit = em.fit(coins, flips, Coins([a, b]), fixed="weights")
    found = np.array([step.params.theta for step in fit.steps])
    walked = ascend([a, b], 0.003, 300)
    (x, y), (p, q) = found[-1], walked[-1]
    left = not (0 < p < 1 and 0 < q < 1)
    end = "leaves the square" if left else f"is at ({p:.3f}, {q:.3f})"
    kind = "the saddle" if a == b else "a peak"
    told = (
        f"Start ({a:.1f}, {b:.1f}). EM: {len(found) - 1} steps to {kind} at "
        f"({x:.3f}, {y:.3f}), log-likelihood −{-fit.log_likelihood:.3f}. Gradient ascent "
        f"with step size 0.003 {end} after {len(walked) - 1} steps."
    )
    return draw.Run(found, walked.clip(-0.5, 1.5), told)


starts = [(0.3, 0.1)]
starts += [
    (a, b)
    for b in (0.9, 0.7, 0.5, 0.3, 0.1)
    for a in (0.1, 0.3, 0.5, 0.7, 0.9)
    if (a, b) != starts[0]
]
draw.picker(
    flips,
    [run_from(a, b) for a, b in starts],
    "Pick a start. Solid red, with a dot for each step: EM. Dashed blue: gradient ascent "
    "with step size 0.003.",
)

# %% [markdown]
# Above the diagonal all starts end at one peak, below it at the other, and on it at the
# saddle. On this map the start decides only the names. With more parameters it decides
# more: [there are lower peaks, too](pitfalls.py#where-you-start-is-where-you-end).
#
# ## What could go wrong
#
# - **A map is a luxury.** It needs one picture axis for each parameter. With five
#   parameters nobody sees the surface, and the saddles and
#   [the lower peaks](pitfalls.py#where-you-start-is-where-you-end) are still there.
# - **Standing still is not having arrived.** On the saddle EM stands still, at a height
#   that is lower than the peak's by 6. Start from several places, and compare heights.
# - **Two equal heights are not two answers.** The mirrored peaks say the same; only the
#   [labels are swapped](pitfalls.py#the-labels-swap).
#
# ## Exercises
#
# **1.** With three coins and equal weights, how many mirrored peaks does each peak have?
# Check the height of one of them.
#
# <details markdown><summary>Solution</summary>

# %%
three = em.fit(coins, flips, Coins([0.2, 0.5, 0.8]), fixed="weights")
turned = coins.e_step(flips, Coins(three.params.theta[[1, 2, 0]]))
print(three.params.theta.round(4))
print(f"{three.log_likelihood:.5f} {turned[1]:.5f}")

# %% [markdown]
# Three names can be given in six ways, so a peak has five mirror images, if all three coins
# differ. Here two of them are equal (0.3937, as an exercise of [two coins](coins.py#exercises)
# showed), so the six fall together in pairs.
#
# </details>
#
# **2.** The step size of EM was $\theta (1 - \theta) / n$. What does gradient ascent do with
# one coin, all labels known, and that step size?
#
# <details markdown><summary>Solution</summary>

# %%
theta, heads, tails = 0.2, 26, 40
size = theta * (1 - theta) / (heads + tails)
new = theta + size * (heads / theta - tails / (1 - theta))
print(f"{new:.5f} {heads / (heads + tails):.5f}")

# %% [markdown]
# It arrives in one step, from anywhere. With nothing hidden, EM is done after one M-step.
#
# </details>
#
# ## Where to read on
#
# Next: [why it never goes down](why.py). That each EM step is a step along a scaled gradient
# was worked out, for mixtures of normals, by Xu and Jordan, *On
# Convergence Properties of the EM Algorithm for Gaussian Mixtures*, Neural Computation 8
# (1996), [doi 10.1162/neco.1996.8.1.129](https://doi.org/10.1162/neco.1996.8.1.129). More
# on the [resources page](resources.md).
