# ---
# title: What is being climbed
# order: 10
# section: Understand
# question: What does the likelihood look like, and where does EM go on it?
# description: >-
#   The log-likelihood of two coins as a map with two mirror peaks and a saddle between;
#   EM's paths beside gradient ascent, its step as a rescaled gradient, and a fair race.
# numbers: own
# allow: [0.6, 0.3, 0.51, 0.001, 0.01, 50, 20, 53, 70, 26, 66, 0.2, 0.4, 0.9, 0.95, 62.7, "3,000", 1984, 1996]
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
# <span id="pick-a-start"></span>
#
# ## Try it
#
# **1. Predict:** on the *diagonal*, the line from the lower left corner to the upper right, both
# coins are equal. From a start below it, on which side will EM end? *Put the start there, and
# press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# On the same side: the coin that begins higher stays higher. The two peaks are one answer with
# the names changed.
#
# </details>
#
# **2. Predict:** what if the start is exactly on the diagonal? *Type
# 0.3 and 0.3, under **Options**.*
#
# <details markdown><summary>See why</summary>
#
# Both coins are alike, so they are moved alike, and EM stays on the diagonal. It ends at its
# highest point, which is a **saddle**: uphill from there leads across, to either peak.
#
# </details>
#
# **3. Predict:** the dashed path is gradient ascent: at each step some way uphill, as far as the
# slope is steep times a step size. What does it do if that is ten times as large? *Type 0.01,
# under **Options**.*
#
# <details markdown><summary>See why</summary>
#
# It jumps over the peak and out of the square. EM's steps need no choosing, and stay inside.
#
# </details>
#
# ## By hand: why EM needs no step size
#
# One coin, 50 flips, 20 of them heads, and a guess of $\theta = 0.2$. The *slope* of the
# log-likelihood $20 \log \theta + 30 \log (1 - \theta)$ is
#
# $$ \frac{20}{0.2} - \frac{30}{0.8} = 100 - 37.5 = 62.5 , $$
#
# so uphill is to the right. But how far? A step as long as the slope would go to 62.7. Multiply
# the slope by $\theta (1 - \theta) / n$, here $0.16 / 50$, and the step is 0.2. It ends at 0.4: exactly
# the share of heads. That is no accident. With $h$ heads and $t$ tails, $n = h + t$,
#
# $$ \theta + \frac{\theta (1 - \theta)}{n} \left( \frac{h}{\theta} - \frac{t}{1 - \theta} \right)
#    = \theta + \frac{(1 - \theta) \, h - \theta \, t}{n} = \frac{h}{n} . $$
#
# An M-step does this for each coin, with the heads and tails that the E-step has credited to it.
# So it *is* a step along the gradient, with a size of its own for each coin.
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
# weights at one half. Then there are just two unknown numbers, $\theta_A$ and $\theta_B$, and
# the log-likelihood is a surface over the square:

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
# the diagonal: each point off it has a twin of the same height. There need not be such a peak,
# as [below](#one-peak-on-the-diagonal).
#
# **The labelled estimate lies below the peak.** It is the best answer to another question,
# the one in which the labels are known. On this map it is a point near the top, and no more.
# (It counts the heads of each coin, had one seen which was which: 53 of 70 flips for one, 26 of
# 66 for the other. Which of them is called A does not matter here. See [Is that the
# truth?](coins.py#is-that-the-truth))
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
# Along the diagonal, {{ middle : .5f }} is a top; across it, a bottom: a **saddle**, like a pass
# between two mountains. The diagonal leads over the pass, with a peak on either side. One
# may take it for a ridge, but it is a valley: whoever leaves it goes up.
#
# A start exactly on the diagonal stays on it, because both coins always get the same share
# of everything. So EM walks along the diagonal to the saddle and stops there, at
# {{ height(middle, middle) : .5f }}.
# Nothing pushes it to either side. A start a hair's breadth off the diagonal escapes, though
# slowly at first:

# %%
for off in (0, 1e-9, 1e-3):
    start = Coins([0.3 + off, 0.3])
    fit = em.fit(coins, flips, start, fixed="weights", tol=1e-12)
    end = fit.params.theta.round(5)
    print(f"off by {off:.0e}: {len(fit.steps) - 1:2} steps", end)

# %% [markdown]
# ### One peak, on the diagonal
#
# Must there be a saddle, and two peaks? No. Here are five rounds of ten flips that look as if one
# coin had made them all:

# %%
alike = Flips(heads=[5, 6, 5, 4, 5], tails=[5, 4, 5, 6, 5])
for guess in ([0.2, 0.8], [0.9, 0.1], [0.4, 0.45]):
    fit = em.fit(coins, alike, Coins(guess), fixed="weights")
    print(guess, "ends at", fit.params.theta.round(4))

grid = np.linspace(0.01, 0.99, 99)
square = [[coins.e_step(alike, Coins([a, b]))[1] for a in grid] for b in grid]
top = np.unravel_index(np.argmax(square), (99, 99))
print("highest on a grid of 99 × 99:", grid[list(top)].round(2))

# %% [markdown]
# From both sides EM ends *on* the diagonal: two coins explain these rounds no better than one.
# So what is certain is less than one might think: **a peak off the diagonal has a twin**.
#
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
# little too large, and it jumps to and fro over the peak and has not come to rest after
# thousands. Larger still, and it leaves the square, where a probability of heads is below 0 or
# above 1 and the likelihood means nothing. The right size is different for each data set.
#
# ### EM's step is a rescaled gradient
#
# EM brings its own. Each coin has a size for itself, $\theta_k (1 - \theta_k) / n_k$, where $n_k$ is
# the number of flips that the coin has by its responsibilities:

# %%
theta = np.array([0.3, 0.6])
r, _ = coins.e_step(flips, Coins(theta))
n = (flips.heads + flips.tails) @ r

print("by the gradient:", theta + theta * (1 - theta) / n * gradient(theta))
print("by the M-step:  ", coins.m_step(flips, r).theta)


# %% tags=["hide"]
def turned_by(theta):
    theta = np.array(theta)
    shares, _ = coins.e_step(flips, Coins(theta))
    step, slope = coins.m_step(flips, shares).theta - theta, gradient(theta)
    cosine = step @ slope / np.linalg.norm(step) / np.linalg.norm(slope)
    return np.degrees(np.arccos(cosine))


# %% [markdown]
# The size is small where much is known, and near 0 and 1, so that the step never leaves the
# square. How could it? The M-step computes a share of heads, and a share lies between 0
# and 1.
#
# As the two coins have different sizes, the step does not point along the gradient: it is turned
# by {{ turned_by([0.3, 0.6]) : .1f }} degrees here, and by {{ turned_by([0.51, 0.001]) : .1f }} at
# (0.51, 0.001). But both sizes are above 0, so it always points *uphill*, less than a right angle
# away.
#
# ## A fair race
#
# A fixed step size is a poor opponent. A **line search** tries sizes, doubles and halves them,
# and takes one that climbs. **BFGS** learns the curvature from the gradients it has seen.
# Both walk over log-odds, $\log \theta / (1 - \theta)$, which cannot leave the square. What
# costs time, for all three, is the E-step: one gives the height and the gradient. So we
# count E-steps, until both coins are within a millionth of a peak. And since EM is at its best
# where little is hidden, a second race is run where much is: the two Poissons of
# [the notices of deaths](pitfalls.py#a-small-step-is-not-a-small-distance).

# %%
from scipy.optimize import minimize
from scipy.special import expit, logit

from em.models import poissons
from em.models.poissons import Poissons

days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)


def two_coins(free, path):
    """Give minus the log-likelihood a flip, and its slope."""
    theta = expit(free)
    path.append(theta)
    r, height = coins.e_step(flips, Coins(theta))
    heads, tails = flips.heads @ r, flips.tails @ r
    slope = heads - theta * (heads + tails)
    n = flips.heads.sum() + flips.tails.sum()
    return -height / n, -slope / n


def two_poissons(free, path):
    """Give minus the log-likelihood a day, and its slope."""
    weight, rates = expit(free[0]), np.exp(free[1:])
    path.append(np.array([weight, *rates]))
    r, height = poissons.e_step(deaths, Poissons(rates, [weight, 1 - weight]))
    sizes, n = r.sum(axis=0), len(deaths)
    slope = np.array([sizes[0] - weight * n, *(deaths @ r - sizes * rates)])
    return -height / n, -slope / n


def bfgs(downhill, free):
    path = []
    options = {"gtol": 1e-9}
    minimize(
        downhill, free, args=(path,), jac=True, method="BFGS", options=options
    )
    return np.array(path)


def line_search(downhill, free, limit=3_000):
    path, size = [], 1.0
    height, slope = downhill(free, path)
    while len(path) < limit and size > 1e-12:
        tried, there = downhill(free - size * slope, path)
        if tried < height - 0.1 * size * (slope @ slope):
            free, height, slope = free - size * slope, tried, there
            size *= 2
        else:
            size /= 2
    return np.array(path)


def until(path, peaks):
    """Count the E-steps until within a millionth of a peak, or give None."""
    far = np.abs(path[:, None] - peaks).max(axis=2).min(axis=1)
    return int((far < 1e-6).argmax()) if far.min() < 1e-6 else None


race = {}
best = em.fit(coins, flips, Coins([0.7, 0.4]), fixed="weights", tol=1e-13)
peaks = np.array([best.params.theta, best.params.theta[::-1]])
for start in ((0.3, 0.6), (0.9, 0.95), (0.51, 0.001)):
    run = em.run(coins, flips, Coins(start), fixed="weights")
    ways = [
        line_search(two_coins, logit(np.array(start))),
        bfgs(two_coins, logit(np.array(start))),
        np.array([step.params.theta for step in islice(run, 50)]),
    ]
    race[start] = [until(path, peaks) for path in ways]
    print(start, "ends", *(path[-1].round(3) for path in ways))

begin = Poissons(rates=[1, 2.5], weights=[0.3, 0.7])
free = np.array([logit(0.3), *np.log(begin.rates)])
em_path = np.array(
    [
        [step.params.weights[0], *step.params.rates]
        for step in islice(em.run(poissons, deaths, begin), 6_000)
    ]
)
ways = [line_search(two_poissons, free), bfgs(two_poissons, free), em_path]
race["deaths"] = [until(path, em_path[-1:]) for path in ways]


# %% tags=["hide"]
def told(way, start):
    count = race[start][way]
    if count is not None:
        return f"{count:,}"
    return "not in 3,000" if start == "deaths" else "stops elsewhere"


# %% [markdown]
# | E-steps | gradient, line search | BFGS | EM |
# | --- | --- | --- | --- |
# | coins from (0.3, 0.6) | {{ told(0, (0.3, 0.6)) : s }} | {{ told(1, (0.3, 0.6)) : s }} | {{ told(2, (0.3, 0.6)) : s }} |
# | coins from (0.9, 0.95) | {{ told(0, (0.9, 0.95)) : s }} | {{ told(1, (0.9, 0.95)) : s }} | {{ told(2, (0.9, 0.95)) : s }} |
# | coins from (0.51, 0.001) | {{ told(0, (0.51, 0.001)) : s }} | {{ told(1, (0.51, 0.001)) : s }} | {{ told(2, (0.51, 0.001)) : s }} |
# | two Poissons | {{ told(0, "deaths") : s }} | {{ told(1, "deaths") : s }} | {{ told(2, "deaths") : s }} |
#
# **On the coins EM is ahead.** Hardly anything is hidden: the sequences are long, and tell nearly
# surely which coin made them. From (0.51, 0.001) the other two stop on a plain: a coin of 0.001 has
# next to no share in anything, so the slope says that there is nothing to gain.
# **On the deaths BFGS wins** by a factor of a hundred: a day's count hardly tells which kind of
# day it was, and then [EM crawls](why.py#how-fast). What EM keeps in both is that nothing had to be
# chosen: no transformed parameters, no first step size, no limits. And the two go together:
# begin with EM, and finish with BFGS where it crawls.
#
# These are single runs from single starts, of one kind of line search; other choices give other
# counts.
#
# ## What could go wrong
#
# - **A map is a luxury.** It needs one picture axis for each parameter. With five
#   parameters nobody sees the surface, and the saddles and
#   [the lower peaks](pitfalls.py#where-you-start-is-where-you-end) are still there.
# - **Standing still is not having arrived.** On the saddle EM stands still, at a height
#   that is lower than the peak's by {{ best.log_likelihood - height(middle, middle) : .0f }}. Start
#   from several places, and compare heights.
# - **Two equal heights are not two answers.** The mirrored peaks say the same; only the
#   [labels are swapped](pitfalls.py#the-labels-swap).
# - **Other starts may end on lower peaks.** On this map the start decides only the names. With more
#   parameters it decides more: [where you start is where you
#   end](pitfalls.py#where-you-start-is-where-you-end).
#
# ## Exercises
#
# **1.** *Predict*: with three coins and equal weights, how many mirrored peaks does each peak have?
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
# differ. Here two of them are equal ({{ np.sort(three.params.theta)[0] : .4f }}, as an exercise of
# [two coins](coins.py#exercises)
# showed), so the six fall together in pairs.
#
# </details>
#
# **2.** *Predict*: how many steps does gradient ascent need with one coin, all labels known, 26 heads
# in 66 flips, from 0.2, with EM's step size $\theta (1 - \theta) / n$?
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
# (1996), [doi 10.1162/neco.1996.8.1.129](https://doi.org/10.1162/neco.1996.8.1.129). The
# standing of both kinds of method side by side: Redner and Walker, *Mixture Densities, Maximum
# Likelihood and the EM Algorithm*, SIAM Review 26 (1984),
# [doi 10.1137/1026034](https://doi.org/10.1137/1026034). More on the
# [resources page](resources.md).
