# ---
# title: What is being climbed
# order: 10
# section: Understand
# question: What does the likelihood look like, and where does EM go on it?
# description: >-
#   The log-likelihood of two coins as a map with two mirror peaks and a saddle between;
#   EM's path on it, its step as a rescaled gradient, and a fair race with optimisers.
# numbers: own
# allow: [0.5, 0.6, 0.9, 0.3, 0.35, 0.25, 0.51, 0.001, 0.01, 50, 20, 53, 70, 26, 66, 0.2, 0.4, 0.95, 62.7, "3,000", 1984, 1996]
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


def gradient(theta):
    r, _ = coins.e_step(flips, Coins(theta))
    heads, tails = flips.heads @ r, flips.tails @ r
    return heads / theta - tails / (1 - theta)


flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
walk = em.fit(coins, flips, Coins([0.35, 0.25]), fixed="weights")
walked = np.array([step.params.theta for step in walk.steps[:11]])
climb = [np.array([0.35, 0.25])]
for _ in range(10):
    climb.append(climb[-1] + 0.001 * gradient(climb[-1]))
labelled = np.array([53 / 70, 26 / 66])


def landscape(caption):
    return draw.landscape(
        flips, walked, np.array(climb), labelled, 79 / 136, caption
    )


live(
    "map",
    theta=[0.35, 0.25],
    still=landscape("The map of the two coins."),
    told="The log-likelihood of two coins as a map, with the paths of EM and of gradient ascent "
    "from (0.35, 0.25), ten steps each. Diamond: the estimate with the labels known.",
    caption="△ peak, ✚ saddle, solid: EM's path, dashed: gradient ascent, dotted straight line: both "
    "coins equal. Thin lines join guesses of the same height. Share out draws a dotted loop around "
    "the guesses that suit these shares better; Re-estimate goes to the best of them.",
)

# %% [markdown]
# <span id="pick-a-start"></span>
#
# ## Try it
#
# **1. Predict:** on the *diagonal*, the dotted line, both coins are equal. From a start below it,
# on which side will EM end? *Put the start there, and press **Play**.*
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
# **3. Predict:** must there be two peaks? *Under **Options**, choose the flips "five rows
# alike", and press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# No. One coin could have made these rows, and the only peak is on the diagonal.
#
# </details>
#
# ## By hand: one height
#
# The height over a guess answers one question: *how probable would this guess make the flips?*
# Take one sequence, heads, heads, tails, and the guess $\theta_A = 0.5$, $\theta_B = 0.9$.
#
# - Coin A makes it with probability $0.5 \cdot 0.5 \cdot 0.5 = 0.125$,
# - coin B with $0.9 \cdot 0.9 \cdot 0.1 = 0.081$.
# - Either coin is taken half of the time: $(0.125 + 0.081) / 2 = 0.103$. That is the
#   **likelihood** of the guess.
#
# The height is its logarithm, $\log 0.103 = -2.27$. Of several sequences the
# probabilities are multiplied, so the heights are added.
#
# **Swap the names,** $\theta_A = 0.9$, $\theta_B = 0.5$: the same two numbers are added in
# the other order. The height is the same. So every guess off the diagonal has a twin on
# the other side, as high as itself.
#
# ## The program
#
# The height, and EM climbing: to be pasted into an empty Python.

# %% tags=["program"]
import numpy as np

heads = np.array([21, 9, 10, 32, 7])
tails = np.array([7, 10, 17, 10, 13])


def joint(theta):  # one half times each coin's probability, (5, 2)
    return 0.5 * theta ** heads[:, None] * (1 - theta) ** tails[:, None]


def height(theta):
    return np.log(joint(theta).sum(axis=1)).sum()


theta = np.array([0.35, 0.25])
for step in range(31):
    if step in (0, 1, 2, 3, 4, 30):
        print(f"{step:2} {theta.round(4)} {height(theta):.5f}")
    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
    h, t = heads @ share, tails @ share
    theta = h / (h + t)
print("twin:", theta[::-1].round(4), f"{height(theta[::-1]):.5f}")

# %% tags=["hide"]
there = em.fit(
    coins,
    flips,
    Coins([0.35, 0.25]),
    fixed="weights",
    until=lambda steps: len(steps) > 31,
)
np.testing.assert_allclose(theta, there.params.theta, rtol=1e-9)
np.testing.assert_allclose(height(theta), there.log_likelihood, rtol=1e-9)

# %% [markdown]
# ## A map
#
# Heights on a fine grid give a map. Each line on it, a **contour**, joins guesses of equal
# log-likelihood, as on a map for walkers: where the lines are close together, the ground is steep.

# %% tags=["hide"]
landscape(
    "△ peaks, ✚ saddle, solid EM, dashed gradient ascent, dotted: both coins are equal. Right, "
    "enlarged: the labelled estimate (◇) lies below EM's peak (△)."
)

# %% [markdown]
# The peaks, and the estimate that we would make had we seen which coin was which:

# %%
import numpy as np

import em
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])


def height(a, b):
    return coins.e_step(flips, Coins([a, b]))[1]


fit = em.fit(coins, flips, Coins([0.35, 0.25]), fixed="weights")
a, b = fit.params.theta
print(f"peak     ({a:.5f}, {b:.5f})  {height(a, b):.5f}")
print(f"mirrored ({b:.5f}, {a:.5f})  {height(b, a):.5f}")

a, b = 53 / 70, 26 / 66
print(f"labelled ({a:.5f}, {b:.5f})  {height(a, b):.5f}")

# %% [markdown]
# **There are two peaks**: the map is its own mirror image along the diagonal.
#
# **The labelled estimate lies below the peak.** It is the best answer to another question, the one
# in which the labels are known: 53 heads in 70 flips for one coin, 26 in 66 for the other. (See
# [Is that the truth?](coins.py#is-that-the-truth))
#
# ## The diagonal and the saddle
#
# On the diagonal both coins are the same. There the two-coin model is a one-coin model, and
# the best single coin has the share of heads among all flips.

# %%
middle = flips.heads.sum() / (flips.heads + flips.tails).sum()
print(f"{middle:.5f}  log-likelihood there: {height(middle, middle):.5f}")

for away in (-0.02, 0, 0.02):
    along = height(middle + away, middle + away)
    across = height(middle + away, middle - away)
    print(f"{away:5.2f}  along {along:.5f}  across {across:.5f}")

# %% [markdown]
# Along the diagonal, {{ middle : .5f }} is a top; across it, a bottom: a **saddle**, like a pass
# between two mountains. A start exactly on the diagonal stays on it, because both coins always get
# the same share of everything: EM walks to the saddle and stops. A start a hair's
# breadth off the diagonal escapes, though slowly at first:

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
# Why not walk uphill by the slope, as one does for any other function? One can: the **gradient**
# is the list of the slopes, one for each coin. But how far is a step? Take one coin, 50 flips, 20
# of them heads, and a guess of $\theta = 0.2$. The slope of $20 \log \theta + 30 \log (1 - \theta)$
# is
#
# $$ \frac{20}{0.2} - \frac{30}{0.8} = 100 - 37.5 = 62.5 , $$
#
# so uphill is to the right. A step as long as the slope would go to 62.7, where there is no coin.
# A *step size* shortens it, and everything depends on that. (*Type 0.01 into the figure's
# **Step of gradient ascent**.*) From (0.3, 0.6), on the two coins:


# %%
def gradient(theta):
    r, _ = coins.e_step(flips, Coins(theta))
    heads, tails = flips.heads @ r, flips.tails @ r
    return heads / theta - tails / (1 - theta)


for size in (0.0001, 0.001, 0.006, 0.01):
    theta, steps, moved = np.array([0.3, 0.6]), 0, 1
    while moved > 1e-8 and steps < 5_000 and 0 < theta.min() < theta.max() < 1:
        step = size * gradient(theta)
        theta, steps, moved = theta + step, steps + 1, np.abs(step).max()
    inside = 0 < theta.min() < theta.max() < 1
    where = theta.round(5) if inside else "outside [0, 1]"
    print(f"size {size:.4f}: {steps:4} steps {where}")

fit = em.fit(coins, flips, Coins([0.3, 0.6]), fixed="weights")
print(f"EM:          {len(fit.steps) - 1:4} steps {fit.params.theta.round(5)}")

# %% [markdown]
# Too small, and the walk takes hundreds of steps. Too large, and it jumps to and fro over the
# peak; larger still, and it leaves the square. The right size differs from one data set to the next.
#
# ### EM's step is a rescaled gradient
#
# EM brings a size of its own. Multiply the slope above by $\theta (1 - \theta) / n$, here
# $0.16 / 50$, and the step is 0.2. It ends at 0.4: exactly the share of heads.
#
# <details markdown><summary>See why</summary>
#
# With $h$ heads and $t$ tails, $n = h + t$,
#
# $$ \theta + \frac{\theta (1 - \theta)}{n} \left( \frac{h}{\theta} - \frac{t}{1 - \theta} \right)
#    = \theta + \frac{(1 - \theta) \, h - \theta \, t}{n} = \frac{h}{n} . $$
#
# An M-step does this for each coin, with the heads and tails that the E-step has credited to it:

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
# As the two coins have different sizes, the step does not point along the gradient, but is
# turned by {{ turned_by([0.3, 0.6]) : .1f }} degrees here, and by
# {{ turned_by([0.51, 0.001]) : .1f }} at (0.51, 0.001). Both sizes are above 0, so it always
# points *uphill*, less than a right angle away.
#
# </details>
#
# The step never leaves the square: the M-step computes a share of heads, and a share lies between
# 0 and 1.
#
# ## A fair race
#
# *For those who would rather use an optimiser; everybody else may skip to
# [what could go wrong](#what-could-go-wrong).*
#
# A fixed step size is a poor opponent. A **line search** tries sizes, and takes one that climbs.
# **BFGS** learns the curvature from the gradients it has seen. Both walk over log-odds,
# $\log(\theta / (1 - \theta))$, which cannot leave the square. What costs time, for all three, is
# the E-step, so we count E-steps until all parameters are within a millionth of a peak. A second
# race is run where much is hidden: the two Poissons of
# [the notices of deaths](pitfalls.py#a-small-step-is-not-a-small-distance) in London.
#
# <details markdown><summary>Go deeper</summary>
#
# What an optimiser is given:

# %%
from scipy.optimize import minimize
from scipy.special import expit, logit


def two_coins(free, path):
    """Give minus the log-likelihood a flip, and its slope."""
    theta = expit(free)
    path.append(theta)
    r, height = coins.e_step(flips, Coins(theta))
    heads, tails = flips.heads @ r, flips.tails @ r
    slope = heads - theta * (heads + tails)
    n = flips.heads.sum() + flips.tails.sum()
    return -height / n, -slope / n


path = []
minimize(two_coins, logit([0.3, 0.6]), args=(path,), jac=True, method="BFGS")
print(f"BFGS from (0.3, 0.6): {path[-1].round(5)}")

# %% [markdown]
# The rest is the other model, the line search, and the count:

# %%
from itertools import islice

from em.models import poissons
from em.models.poissons import Poissons

days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)


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
# </details>
#
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
# day it was, and then [EM crawls](why.py#how-fast). But for EM nothing had to be chosen: no
# transformed parameters, no step size. Begin with EM, and finish with BFGS where it crawls.
# (Single runs, one kind of line search; other choices give other counts.)
#
# ## What could go wrong
#
# - **A map is a luxury.** With five parameters nobody sees the surface, and the saddles are still
#   there. So are lower peaks: there [the start decides more than the
#   names](pitfalls.py#where-you-start-is-where-you-end).
# - **Standing still is not having arrived.** On the saddle EM stands still, at a height
#   that is lower than the peak's by {{ best.log_likelihood - height(middle, middle) : .0f }}. Start
#   from several places, and compare heights.
# - **Two equal heights are not two answers.** The mirrored peaks say the same; only the
#   [labels are swapped](pitfalls.py#the-labels-swap).
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
