# ---
# title: EM and gradient methods
# order: 10.2
# section: Understand
# question: Why not gradient ascent, Newton or BFGS?
# description: >-
#   Gradient ascent walks beside EM on the map; EM's step as a rescaled gradient; BFGS with the
#   gradient that the E-step gives; and a small race between four ways up.
# numbers: own
# allow: [15, 0.3, 0.6, 0.51, 0.001, 0.01, 50, 20, 0.2, 0.4, 0.9, 0.95, 0.003, 1984, 1996, 62.7, 62.5, 26, 66]
# ---

# %% [markdown]
# # EM and gradient methods
#
# Why not walk uphill along the slope, as for any other function? Here are both on [the map](surface.py) of two
# coins: EM, and gradient ascent with a step size of your choice.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import surface as draw
from em.figures.live import live
from em.models import coins
from em.models.coins import Coins, Flips


def slopes(theta):
    r, _ = coins.e_step(flips, Coins(theta))
    h, t = flips.heads @ r, flips.tails @ r
    return h / theta - t / (1 - theta)


flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
walk = em.fit(coins, flips, Coins([0.35, 0.25]), fixed="weights")
walked = np.array([step.params.theta for step in walk.steps[:11]])
climb = [np.array([0.35, 0.25])]
for _ in range(10):
    climb.append(climb[-1] + 0.001 * slopes(climb[-1]))

live(
    "map",
    theta=[0.35, 0.25],
    beside="gradient",
    still=draw.landscape(
        flips, walked, 79 / 136, "Two ways up.", climb=np.array(climb)
    ),
    told="The map, with the paths of EM and of gradient ascent: ten steps each, and a step size "
    "of 0.001.",
    caption="The solid path is EM's, the dashed one that of gradient ascent. It takes as many steps as EM, and "
    "when EM has settled, as many as it needs. Choose its step size under Options.",
)

# %% [markdown]
# **You will be able to** say when EM is the better choice, and use BFGS where it is not. **About MINUTES minutes.
# To know first:** [the likelihood surface](surface.py) and derivatives.
#
# ## Try it
#
# <div class="choices" markdown>
# **Predict:** raise the step size from 0.001 to 0.01, under **Options**. Will gradient ascent be at the peak sooner?
# *Press **Play**.*
#
# <details markdown><summary>Yes, about ten times as soon</summary>
#
# That is true for steps that are small enough. But a step in the right direction can be too long.
#
# </details>
# <details class="right" markdown><summary>No, it goes astray</summary>
#
# Right: it leaves the square, where no coin is. There is a good step size in between, but you have to find it,
# and other data need another.
#
# </details>
# <details markdown><summary>It makes no difference in the end</summary>
#
# Only if the steps stay small enough. Then every size leads to the same peak.
#
# </details>
# </div>
#
# ## Gradient ascent beside it
#
# The **gradient** is the list of the slopes, one for each coin. But how long is a step? Take one coin, 50 flips,
# 20 of them heads, and a guess of $\theta = 0.2$. The slope of $20 \log \theta + 30 \log (1 - \theta)$ is
#
# $$ \frac{20}{0.2} - \frac{30}{0.8} = 100 - 37.5 = 62.5 , $$
#
# so uphill is to the right. But a step as long as the slope would go to 62.7, where there is no coin.
# A *step size* shortens it, and everything depends on it. With two coins each has such a
# slope, from the heads and tails that the E-step credits to it. This is the true slope of the map, although
# the responsibilities change with the guess, because the bound [touches the map](why.py#touch-climb-touch) where
# you stand, with the same slope. From (0.3, 0.6):


# %%
import numpy as np

import em
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])


def gradient(theta):
    share, _ = coins.e_step(flips, Coins(theta))
    h, t = flips.heads @ share, flips.tails @ share
    return h / theta - t / (1 - theta)


def ascend(guess, size):
    for step in range(1, 5_001):
        before, guess = guess, guess + size * gradient(guess)
        if not 0 < guess.min() < guess.max() < 1:
            return f"step {step}: outside [0, 1]"
        if np.abs(guess - before).max() < 1e-8:
            return f"{step} steps to {guess.round(5)}"
    return f"to and fro, {before.round(2)} and {guess.round(2)}"


for size in (0.0001, 0.001, 0.003, 0.006, 0.01):
    print(f"size {size:.4f}: {ascend(np.array([0.3, 0.6]), size)}")

fit = em.fit(coins, flips, Coins([0.3, 0.6]), fixed="weights")
end = fit.params.theta.round(5)
print(f"EM:          {len(fit.steps) - 1} steps to {end}")

# %% [markdown]
# If the steps are too small, it takes hundreds of them. If they are too large, it jumps to and fro over the peak,
# and if they are larger still, it leaves the square. With a good size, such as 0.003, it is about as quick as EM.
#
# ## EM's step is a rescaled gradient
#
# EM brings a step size of its own: $\theta (1 - \theta) / n$ after $n$ flips. Take the one coin again,
# 20 heads in 50 flips, with the guess 0.2 and the slope 62.5. There the size is
# $0.2 \cdot 0.8 / 50 = 0.0032$. Size times slope is a step of 0.2, and it ends at 0.4, exactly the proportion of
# heads. That is no accident. With $h$ heads and $t$ tails, $n = h + t$,
#
# $$ \begin{aligned}
# \theta + \frac{\theta (1 - \theta)}{n} \left( \frac{h}{\theta} - \frac{t}{1 - \theta} \right)
#    &= \theta + \frac{(1 - \theta) \, h - \theta \, t}{n} \\
#    &= \theta + \frac{h - n \theta}{n} = \frac{h}{n} .
# \end{aligned} $$
#
# The M-step does this for each coin:

# %%
at = np.array([0.3, 0.6])
share, _ = coins.e_step(flips, Coins(at))
n = (flips.heads + flips.tails) @ share

print("by the gradient:", at + at * (1 - at) / n * gradient(at))
print("by the M-step:  ", coins.m_step(flips, share).theta)

# %% tags=["hide"]
poor = np.array([0.51, 0.001])
credits = coins.e_step(flips, Coins(poor))[0]
assert ((flips.heads + flips.tails) @ credits)[1] < 1e-13
assert 0 < gradient(poor)[1] < 1e-11
moved = coins.m_step(flips, credits).theta[1]

# %% [markdown]
# - **EM never leaves the square**, because a proportion of heads lies between 0 and 1.
# - **It can get off flat ground.** At (0.51, 0.001) B is credited with less than $10^{-13}$ flips, and its
#   slope is below $10^{-11}$. EM divides by those few flips, and moves B to {{ moved : .2f }} in one step.
# - **Near the end its steps are too short.** EM divides the slope by $n / (\theta (1 - \theta))$, the
#   [complete information](certainty.py#some-of-it-hidden). Newton's method divides by how sharply the
#   log-likelihood bends, and near a peak that is less, because the labels are hidden. So EM falls short, the more so
#   [the more is missing](promises.py#how-fast).
#
# ## The program
#
# BFGS learns from the gradients it has seen how the surface bends. The E-step gives it the gradient. It walks over
# the log-odds of each coin, $\log(\theta / (1 - \theta))$, which may be any number, so it cannot leave the square.

# %% tags=["program"]
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

heads = np.array([21, 9, 10, 32, 7])
tails = np.array([7, 10, 17, 10, 13])
theta = np.array([0.3, 0.6])  # a guess: coin A, coin B


def downhill(free):  # minus the log-likelihood, and its slope in the log-odds
    theta = expit(free)
    joint = theta ** heads[:, None] * (1 - theta) ** tails[:, None] / len(theta)
    share = joint / joint.sum(axis=1, keepdims=True)
    slope = heads @ share - theta * ((heads + tails) @ share)
    return -np.log(joint.sum(axis=1)).sum(), -slope


found = minimize(downhill, logit(theta), jac=True, method="BFGS")
print("after", found.nfev, "E-steps at", expit(found.x).round(4))
print("log-likelihood", round(-found.fun, 5))

# %% tags=["hide"]
np.testing.assert_allclose(expit(found.x), fit.params.theta, atol=1e-5)

# %% [markdown]
# For a third coin, put a third number into `theta`.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** begin where B nearly never shows heads. EM got away from there in one step. Does BFGS?
#
# ```diff
# -theta = np.array([0.3, 0.6])  # a guess: coin A, coin B
# +theta = np.array([0.51, 0.001])  # a guess: coin A, coin B
# ```
#
# <details markdown><summary>See why</summary>
#
# No. It moves A, and leaves B at {{ changed.expit(changed.found.x)[1] : .3f }}, where the ground is as flat as a
# computer can tell. It says that it has succeeded, and its log-likelihood of {{ -changed.found.fun : .2f }} is far
# below the peak's.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** do not give it the slope, so that it has to find it by small differences. What does that cost?
#
# ```diff
# -found = minimize(downhill, logit(theta), jac=True, method="BFGS")
# +found = minimize(lambda free: downhill(free)[0], logit(theta), method="BFGS")
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ changed.found.nfev : d }} E-steps and not {{ found.nfev : d }}: each slope takes one more for each parameter. With
# ten parameters that would be eleven times as many.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin at (0.9, 0.95), far too high for both coins. Will it end at the nearer peak?
#
# ```diff
# -theta = np.array([0.3, 0.6])  # a guess: coin A, coin B
# +theta = np.array([0.9, 0.95])  # a guess: coin A, coin B
# ```
#
# <details markdown><summary>See why</summary>
#
# No: at {{ changed.expit(changed.found.x)[0] : .2f }} and {{ changed.expit(changed.found.x)[1] : .2f }}. B began as
# the higher coin and ends as the lower one. A long first step took it across the diagonal, which EM does not cross on
# this map.
#
# </details>
# </div>
#
# <span id="a-fair-race"></span>
#
# ## A small race
#
# There are two problems: the coins, from three starts, and the
# [notices of deaths](stopping.py#a-small-step-is-not-a-small-distance) a day in a London newspaper, to which
# two Poissons are fitted. What costs time are the E-steps. How many does each of four ways need, until all
# parameters are within a millionth of a peak? A **line search** walks along the gradient, tries step sizes, and takes
# one that climbs. **EM, Anderson** looks back at the last few steps of EM, and leaps to
# [where they seem to lead](faster.py#can-it-be-made-faster).
#
# <details markdown><summary>Go deeper</summary>
#
# Line search and BFGS walk over log-odds and over the logarithms of rates. Widths would be treated likewise, and
# three weights or more are exp of free numbers, divided by their sum. The two models, the line search, and the count:

# %%
from scipy.optimize import minimize
from scipy.special import expit, logit

from em.models import poissons
from em.models.poissons import Poissons


def two_coins(free, path):
    """Give minus the log-likelihood, and its slope."""
    theta = expit(free)
    path.append(theta)
    shares, found = coins.e_step(flips, Coins(theta))
    h, n = flips.heads @ shares, (flips.heads + flips.tails) @ shares
    return -found, theta * n - h


days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)


def two_poissons(free, path):
    """Give minus the log-likelihood, and its slope."""
    weight, rates = expit(free[0]), np.exp(free[1:])
    path.append(np.array([weight, *rates]))
    guess = Poissons(rates, [weight, 1 - weight])
    shares, found = poissons.e_step(deaths, guess)
    sizes = shares.sum(axis=0)
    slope = deaths @ shares - sizes * rates
    return -found, np.array([weight * len(deaths) - sizes[0], *-slope])


def bfgs(downhill, free):
    path = []
    minimize(downhill, free, args=(path,), jac=True, method="BFGS")
    return np.array(path)


def line_search(downhill, free, limit=3_000):
    path, size = [], 1.0
    score, slope = downhill(free, path)
    while len(path) < limit and size > 1e-12:
        tried, there = downhill(free - size * slope, path)
        if tried < score - 0.1 * size * (slope @ slope):
            free, score, slope = free - size * slope, tried, there
            size *= 2
        else:
            size /= 2
    return np.array(path)


def until(path, peaks):
    """Count the E-steps until within a millionth of a peak, or give None."""
    far = np.abs(path[:, None] - peaks).max(axis=2).min(axis=1)
    return int((far < 1e-6).argmax()) if far.min() < 1e-6 else None


def with_em(model, data, start, free, peaks, **options):
    counts = []
    for how in (None, "anderson"):
        also = {"accelerate": how, "tol": 1e-12, "max_iter": 9_000}
        fit = em.fit(model, data, start, **also, **options)
        path = np.array([free(step.params) for step in fit.steps])
        counts.append(int(fit.evaluations[until(path, peaks)]) - 1)
    return counts


race = {}
best = em.fit(coins, flips, Coins([0.7, 0.4]), fixed="weights", tol=1e-13)
peaks = np.array([best.params.theta, best.params.theta[::-1]])
for start in ((0.3, 0.6), (0.9, 0.95), (0.51, 0.001)):
    ways = [way(two_coins, logit(start)) for way in (line_search, bfgs)]
    print(start, "ends", *(path[-1].round(3) for path in ways))
    race[start] = [until(path, peaks) for path in ways] + with_em(
        coins, flips, Coins(start), lambda p: p.theta, peaks, fixed="weights"
    )


def free_of(params):
    return np.array([params.weights[0], *params.rates])


begin = Poissons(rates=[1, 2.5], weights=[0.3, 0.7])
free = np.array([logit(0.3), *np.log(begin.rates)])
summit = em.fit(poissons, deaths, begin, accelerate="anderson", tol=1e-12)
peak = free_of(summit.params)[None]
ways = [way(two_poissons, free) for way in (line_search, bfgs)]
race["deaths"] = [until(path, peak) for path in ways] + with_em(
    poissons, deaths, begin, free_of, peak
)


# %% tags=["hide"]
def told(way, start):
    count = race[start][way]
    if count is not None:
        return f"{count:,}"
    return "not in 3,000" if start == "deaths" else "stops elsewhere"


missing = [
    em.standard_errors(coins, flips, best, fixed="weights").rate,
    em.standard_errors(poissons, deaths, summit).rate,
]


# %% [markdown]
# </details>
#
# | E-steps | line search | BFGS | EM | EM, Anderson |
# | --- | ---: | ---: | ---: | ---: |
# | coins from (0.3, 0.6) | {{ told(0, (0.3, 0.6)) : s }} | {{ told(1, (0.3, 0.6)) : s }} | {{ told(2, (0.3, 0.6)) : s }} | {{ told(3, (0.3, 0.6)) : s }} |
# | coins from (0.9, 0.95) | {{ told(0, (0.9, 0.95)) : s }} | {{ told(1, (0.9, 0.95)) : s }} | {{ told(2, (0.9, 0.95)) : s }} | {{ told(3, (0.9, 0.95)) : s }} |
# | coins from (0.51, 0.001) | {{ told(0, (0.51, 0.001)) : s }} | {{ told(1, (0.51, 0.001)) : s }} | {{ told(2, (0.51, 0.001)) : s }} | {{ told(3, (0.51, 0.001)) : s }} |
# | deaths | {{ told(0, "deaths") : s }} | {{ told(1, "deaths") : s }} | {{ told(2, "deaths") : s }} | {{ told(3, "deaths") : s }} |
#
# EM needs no slope and no step size, and got off the flat ground. On the deaths it crawls: BFGS needs
# {{ told(1, "deaths") : s }} E-steps and EM {{ told(2, "deaths") : s }}, because a day's count hardly
# tells which kind of day it was. Near the peak an iteration leaves {{ missing[1] : .3f }} of the way, and on the coins
# {{ missing[0] : .2f }}. From the flat ground at (0.51, 0.001), line search and BFGS move A, and leave B where it
# was. These are single runs, and other choices give other counts.
#
# **In short: begin with EM. Where it needs hundreds of iterations, speed it up** with one word more,
# `em.fit(…, accelerate="anderson")`. Take BFGS where the M-step has no formula. Either way, start more than once.
#
# ## What could go wrong
#
# - **"Success" is not success.** An optimiser that stands on flat ground reports that it has converged.
# - **A step out of range.** A width below 0, or a probability above 1, ends in `nan`. Walk over logarithms and log-odds.
#
# ## Exercises
#
# **1.** *Predict*: one coin, 26 heads in 66 flips, nothing hidden. How many steps does gradient ascent
# need from 0.2, with EM's step size?
#
# <details markdown><summary>Solution</summary>

# %%
at, h, t = 0.2, 26, 40
size = at * (1 - at) / (h + t)
print(f"{at + size * (h / at - t / (1 - at)):.5f} {h / (h + t):.5f}")

# %% [markdown]
# One, from anywhere between 0 and 1. With nothing hidden, EM is done after one M-step.
#
# </details>
#
# **2.** *Predict*: BFGS begins exactly on the diagonal, at (0.3, 0.3). Will it find a peak?
#
# <details markdown><summary>Solution</summary>

# %%
found = minimize(downhill, logit([0.3, 0.3]), jac=True, method="BFGS")
print(expit(found.x).round(5), round(-found.fun, 5))

# %% [markdown]
# No. On the diagonal both slopes are equal, so it walks along it to the saddle, just as EM does.
#
# </details>
#
# ## Where to read on
#
# [Faster EM](faster.py#can-it-be-made-faster) explains the leaps. EM's step as a scaled gradient, for mixtures of
# normals: Xu and Jordan, *On Convergence Properties of the EM Algorithm for Gaussian Mixtures*, Neural Computation 8
# (1996), [doi 10.1162/neco.1996.8.1.129](https://doi.org/10.1162/neco.1996.8.1.129). Both kinds
# of method side by side: Redner and Walker, *Mixture Densities, Maximum
# Likelihood and the EM Algorithm*, SIAM Review 26 (1984),
# [doi 10.1137/1026034](https://doi.org/10.1137/1026034).
