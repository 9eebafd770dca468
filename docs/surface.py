# ---
# title: What is being climbed
# order: 10
# section: Understand
# question: What does the likelihood look like, and where does EM go on it?
# description: >-
#   The log-likelihood of two coins as a map with two mirror peaks and a saddle between;
#   EM's path on it, its step as a rescaled gradient, and a small race with optimisers.
# numbers: own
# allow: [0.5, 0.6, 0.9, 0.3, 0.35, 0.25, 0.51, 0.001, 0.01, 50, 20, 53, 70, 26, 66, 0.2, 0.4, 0.8, 0.0032, 0.95, 62.7, "3,000", 0.003, 1984, 1996, 0.301, 30]
# ---

# %% [markdown]
# # What is being climbed
#
# The data are the [five sequences of unequal length](coins.py#five-sequences-of-unequal-length). Every
# guess at the two coins is a point in a square, and over every point stands a height: the
# log-likelihood. Where does EM get to, where does it get stuck, and when is another method quicker?
# (In short: begin with EM; where it needs hundreds of steps, speed it up, or take BFGS.)

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

live(
    "map",
    theta=[0.35, 0.25],
    still=draw.landscape(flips, walked, 79 / 136, "The map of the two coins."),
    told="The log-likelihood of two coins as a map, with EM's path from (0.35, 0.25).",
    caption="△ peak, ✚ saddle. The stronger the shade, the higher. Thin lines, contours, join "
    "guesses of the same height. Solid: EM's path. "
    "Dotted straight line: both coins equal. Share out draws a dotted loop: with these shares held, "
    "every guess inside it is higher than yours. Re-estimate goes to the best of them by these shares.",
)

# %% [markdown]
# <span id="pick-a-start"></span>
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** on the *diagonal*, the dotted line, both coins are equal. From a start below it,
# on which side will EM end? *Put the start there, and press **Play**.*
#
# <details class="right" markdown><summary>On the same side</summary>
#
# Yes, on this map. The coin with the higher guess is credited with more of the sequences
# that are rich in heads, so it comes out higher again.
#
# </details>
# <details markdown><summary>On the other side</summary>
#
# The path would have to cross the diagonal. But the coin with the higher guess is credited with more
# of the sequences that are rich in heads, so it stays the higher one.
#
# </details>
# <details markdown><summary>On the side of the higher peak</summary>
#
# Neither peak is higher. They are one answer, with the [names changed](pitfalls.py#the-labels-swap).
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** *press **Start again**.* The start lies {{ walk.log_likelihood - walk.log_likelihoods[0] : .1f }} below
# the peaks. How much of that will EM climb in its first iteration? *Press **Share out** and **Re-estimate**.*
#
# <details markdown><summary>A little: the steps are small at first</summary>
#
# Methods that walk along the slope have to be careful, because they do not know how far to go. EM goes
# straight to the top of a simpler score.
#
# </details>
# <details markdown><summary>About half</summary>
#
# More. EM goes straight to the top of a simpler score, and far from a peak this is nearly the whole way.
#
# </details>
# <details class="right" markdown><summary>Nearly all of it</summary>
#
# Yes: {{ walk.log_likelihoods[1] - walk.log_likelihoods[0] : .1f }}. The dotted loop that *Share out* drew shows
# why it can go so far. Wherever you go inside the loop, the log-likelihood is higher than at the start, and
# EM takes the best place by the [shares of now](why.py).
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** on the diagonal itself EM stays on the diagonal, and stops at the ✚. Now start
# a hair's breadth beside it: type 0.3 and 0.301 under **Options**. Where will it end?
#
# <details markdown><summary>Near the ✚: the start is nearly on the diagonal</summary>
#
# It goes there first. But the ✚ is a **saddle**, uphill to both sides, and the small
# difference between the coins grows with every iteration.
#
# </details>
# <details class="right" markdown><summary>At a peak</summary>
#
# Yes, at the upper one, because B began higher. First EM goes close to the ✚, a **saddle**. There the ground is
# nearly level, so it leaves slowly; but it leaves.
#
# </details>
# <details markdown><summary>At one of the peaks, by chance</summary>
#
# There is no chance in EM. The same guess always leads to the same end.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **4. Predict:** must there be two peaks? *Under **Options**, choose the flips "five rows
# alike", and press **Play**.*
#
# <details markdown><summary>Yes: two coins, two names</summary>
#
# Every guess off the diagonal has a twin across it. But a peak can lie *on* the diagonal, and then it is its own
# twin.
#
# </details>
# <details class="right" markdown><summary>No</summary>
#
# Right. These rows differ so little that two coins explain them no better than one, and the only peak is on the
# diagonal.
#
# </details>
# </div>
#
# ## By hand: one height
#
# The height says how probable a guess would make the flips. Take one sequence, heads, heads, tails, and the guess $\theta_A = 0.5$, $\theta_B = 0.9$.
#
# - Coin A makes it with probability $0.5 \cdot 0.5 \cdot 0.5 = 0.125$,
# - coin B with $0.9 \cdot 0.9 \cdot 0.1 = 0.081$.
# - Either coin is taken half of the time: $(0.125 + 0.081) / 2 = 0.103$. That is the
#   **likelihood** of the guess.
#
# The height is its logarithm, $\log 0.103 = -2.27$. Of several sequences the heights are added.
#
# **Swap the names,** $\theta_A = 0.9$, $\theta_B = 0.5$: the same two numbers are added in
# the other order. So every guess off the diagonal has a twin across it, as high as itself.
#
# ## The program
#
# The log-likelihood, and EM climbing it:

# %% tags=["program"]
import numpy as np

heads = np.array([21, 9, 10, 32, 7])
tails = np.array([7, 10, 17, 10, 13])
theta = np.array([0.35, 0.25])  # a guess: coin A, coin B


def joint(theta):  # a row for each sequence, a column for each coin
    chance = theta ** heads[:, None] * (1 - theta) ** tails[:, None]
    return chance / len(theta)  # all equally common


def log_likelihood(theta):
    return np.log(joint(theta).sum(axis=1)).sum()


for iteration in range(31):
    if iteration in (0, 1, 2, 3, 4, 30):
        print(iteration, theta.round(4), log_likelihood(theta).round(5))
    # E-step: each coin's share of each sequence
    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
    # M-step: heads credited to a coin, divided by flips credited to it
    h, t = heads @ share, tails @ share
    theta = h / (h + t)

print("twin", theta[::-1].round(4), log_likelihood(theta[::-1]).round(5))

# %% tags=["hide"]
there = em.fit(
    coins,
    flips,
    Coins([0.35, 0.25]),
    fixed="weights",
    until=lambda steps: len(steps) > 31,
)
np.testing.assert_allclose(theta, there.params.theta, rtol=1e-9)
np.testing.assert_allclose(
    log_likelihood(theta), there.log_likelihood, rtol=1e-9
)

# %% [markdown]
# For a third coin, put a third number into `theta`.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** go only half of the way in each M-step. Does the log-likelihood still rise every time?
#
# ```diff
# -    theta = h / (h + t)
# +    theta = theta + 0.5 * (h / (h + t) - theta)
# ```
#
# <details markdown><summary>See why</summary>
#
# Yes, only more slowly: after four iterations it is at {{ changed.lines[4].split()[-1] : s }}. A step in the
# right direction is enough, as long as it does not leave the [dotted loop](why.py).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** then go twice as far in each M-step. Is EM faster?
#
# ```diff
# -    theta = h / (h + t)
# +    theta = theta + 2 * (h / (h + t) - theta)
# ```
#
# <details markdown><summary>See why</summary>
#
# No. It jumps to and fro over the peak, and after 30 iterations it is still at
# {{ changed.lines[5].split()[-1] : s }}. Where EM is slow a longer step does help, but the length has to be
# [chosen with care](certainty.py#can-it-be-made-faster).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** give it three coins. Will it find three different ones?
#
# ```diff
# -theta = np.array([0.35, 0.25])  # a guess: coin A, coin B
# +theta = np.array([0.2, 0.5, 0.8])  # a guess: coin A, coin B
# ```
#
# <details markdown><summary>See why</summary>
#
# No: it ends at {{ changed.theta[0] : .4f }}, {{ changed.theta[1] : .4f }} and {{ changed.theta[2] : .4f }}. There
# is no work for a coin of a third kind, so one becomes a copy of another. As a pair they count as one coin that is
# twice as common.
#
# </details>
# </div>
#
# ## The diagonal and the saddle
#
# On the diagonal both coins are the same: one coin, and its best guess is the share of heads among
# all flips. Compare that with the two peaks:

# %%
import em
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])


def height_at(a, b):
    return coins.e_step(flips, Coins([a, b]))[1]


a, b = em.fit(coins, flips, Coins([0.35, 0.25]), fixed="weights").params.theta
middle = flips.heads.sum() / (flips.heads + flips.tails).sum()
for name, at in {
    "peak": (a, b),
    "mirrored": (b, a),
    "labelled": (53 / 70, 26 / 66),
    "diagonal": (middle, middle),
}.items():
    print(f"{name:8} ({at[0]:.5f}, {at[1]:.5f})  {height_at(*at):.5f}")

# %% [markdown]
# (*Labelled* is what one [counts with the labels known](coins.py#is-that-the-truth).) Now a little
# away from that point of the diagonal: along it, with both coins up or down, and across it, with one
# up and one down:

# %%
for away in (-0.02, 0, 0.02):
    along = height_at(middle + away, middle + away)
    across = height_at(middle + away, middle - away)
    print(f"{away:5.2f}  along {along:.5f}  across {across:.5f}")

# %% [markdown]
# Along the diagonal, {{ middle : .5f }} is a top; across it, a bottom: a **saddle**, like a pass
# between two mountains. From the diagonal EM walks to the saddle and stops. From a hair's breadth
# off it, EM escapes, though slowly at first:

# %%
for off in (0, 1e-9, 1e-3):
    start = Coins([0.3 + off, 0.3])
    fit = em.fit(coins, flips, start, fixed="weights", tol=1e-12)
    end = fit.params.theta.round(5)
    print(f"off by {off:.0e}: {len(fit.steps) - 1:2} steps", end)

# %% [markdown]
# ### One peak, on the diagonal
#
# Five rounds of ten flips, as if one coin had made them all:

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
# EM ends *on* the diagonal: two coins explain these rounds no better than one.
#
# ## Gradient ascent beside it
#
# Why not walk uphill by the slope, as for any other function? One can. The **gradient** is the list
# of the slopes, one for each coin. But how far is a step? Take one coin, 50 flips, 20 of them heads,
# and a guess of $\theta = 0.2$. The slope of $20 \log \theta + 30 \log (1 - \theta)$ is
#
# $$ \frac{20}{0.2} - \frac{30}{0.8} = 100 - 37.5 = 62.5 , $$
#
# so uphill is to the right. A step as long as the slope would go to 62.7, where there is no coin.
# A *step size* shortens it, and everything depends on that. With two coins each has such a
# slope, from the heads and tails that the E-step credits to it. It is the true slope of the map, although
# the shares change with the guess: the curve with the shares held
# [touches the map](why.py#what-is-promised) where you stand, with the same slope.

# %% tags=["hide"]
live(
    "map",
    theta=[0.35, 0.25],
    beside="gradient",
    still=draw.landscape(
        flips, walked, 79 / 136, "Two ways up.", climb=np.array(climb)
    ),
    told="The same map, with the paths of EM and of gradient ascent, ten steps each, of a size "
    "of 0.001.",
    caption="The same map, and a second walker: dashed, gradient ascent, with a step size of your "
    "own. It takes as many steps as EM; when EM has settled, as many as it needs.",
)

# %% [markdown]
# In numbers, from (0.3, 0.6):


# %%
def gradient(theta):
    shares, _ = coins.e_step(flips, Coins(theta))
    h, t = flips.heads @ shares, flips.tails @ shares
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
# Too small, and it takes hundreds of steps; too large, and it jumps to and fro over the peak; larger
# still, and it leaves the square. (In the figure, type 0.01.) With a good size, such as 0.003, it is about as
# quick as EM. But one has to find that size, and other data need another.
#
# **In short: begin with EM. Where it needs hundreds of steps, speed it up**, by one word more:
# `em.fit(…, accelerate="anderson")`. Take [BFGS](#bfgs) where the M-step has no formula: it needs the
# slope, which the E-step gives. Either way, start more than once. **You may stop here**, and skip to
# [what could go wrong](#what-could-go-wrong). What follows shows why: EM's step as a
# gradient step, and a race of four ways.
#
# ### EM's step is a rescaled gradient
#
# EM brings a step size of its own: $\theta (1 - \theta) / n$ after $n$ flips. Take the one coin again,
# 20 heads in 50 flips, with the guess 0.2 and the slope {{ 20 / 0.2 - 30 / 0.8 : .1f }}. There that size is
# $0.2 \cdot 0.8 / 50 = 0.0032$. Size times slope is a step of 0.2. It ends at 0.4: exactly the share of
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
shares, _ = coins.e_step(flips, Coins(at))
n = (flips.heads + flips.tails) @ shares

print("by the gradient:", at + at * (1 - at) / n * gradient(at))
print("by the M-step:  ", coins.m_step(flips, shares).theta)


# %% tags=["hide"]
poor = np.array([0.51, 0.001])
credits = coins.e_step(flips, Coins(poor))[0]
assert ((flips.heads + flips.tails) @ credits)[1] < 1e-13
assert 0 < gradient(poor)[1] < 1e-11
moved = coins.m_step(flips, credits).theta[1]

# %% [markdown]
# - **It never leaves the square**: a share of heads lies between 0 and 1.
# - **It can get off flat ground.** At (0.51, 0.001) B is credited with less than $10^{-13}$ flips, and its
#   slope is below $10^{-11}$. EM divides by those few flips, and moves B to {{ moved : .2f }} in one step.
#
# <details markdown><summary>Go deeper</summary>
#
# EM divides the slope by $n / (\theta (1 - \theta))$, the
# [complete information](certainty.py#some-of-it-hidden): what $n$ flips tell of a coin if one sees
# whose they are. Newton's method divides by how sharply the log-likelihood bends; near a peak that is
# less, as the labels are hidden. So there EM's steps are too short, the more so
# [the more is missing](why.py#how-fast).
#
# </details>
#
# <span id="a-fair-race"></span>
#
# ## A small race
#
# Two problems: the coins, from three starts; and the
# [notices of deaths](pitfalls.py#a-small-step-is-not-a-small-distance) a day in a London newspaper, to which
# two Poissons are fitted. What costs time are the E-steps. How many does each of four ways need, until all
# parameters are within a millionth of a peak?
#
# - A **line search** walks along the gradient, tries step sizes, and takes one that climbs.
# - **BFGS** learns from the gradients it has seen how the surface bends, and steps accordingly.
# - **EM** repeats its two steps.
# - **EM, Anderson** also looks back at the last few steps, and leaps to
#   [where they seem to lead](certainty.py#can-it-be-made-faster).
#
# The first two walk over log-odds, $\log(\theta / (1 - \theta))$, and over the logarithms of rates. These may
# be any numbers, so that one cannot leave what is allowed. (So one does with widths; three weights or more
# are exp of free numbers, divided by their sum.)
#
# <details markdown><summary>Go deeper</summary>
#
# Two models, a line search, and the count:

# %%
from scipy.optimize import minimize
from scipy.special import expit, logit

from em.models import poissons
from em.models.poissons import Poissons


def two_coins(free, path):
    """Give minus the log-likelihood, and its slope."""
    theta = expit(free)
    path.append(theta)
    shares, height = coins.e_step(flips, Coins(theta))
    h, n = flips.heads @ shares, (flips.heads + flips.tails) @ shares
    return -height, theta * n - h


days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)


def two_poissons(free, path):
    """Give minus the log-likelihood, and its slope."""
    weight, rates = expit(free[0]), np.exp(free[1:])
    path.append(np.array([weight, *rates]))
    guess = Poissons(rates, [weight, 1 - weight])
    shares, height = poissons.e_step(deaths, guess)
    sizes = shares.sum(axis=0)
    slope = deaths @ shares - sizes * rates
    return -height, np.array([weight * len(deaths) - sizes[0], *-slope])


def bfgs(downhill, free):
    path = []
    minimize(downhill, free, args=(path,), jac=True, method="BFGS")
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
# (From (0.3, 0.6) EM took {{ len(fit.steps) - 1 : d }} steps further up: there it went on until it stopped by
# its own rule.)
#
# EM needs no slope and no step size, and got off the flat ground. On the deaths it crawls:
# BFGS needs {{ told(1, "deaths") : s }} E-steps, EM {{ told(2, "deaths") : s }}: a day's count hardly
# tells which kind of day it was, and near the peak a step leaves {{ missing[1] : .3f }} of the way.
# On the coins it leaves {{ missing[0] : .2f }} of it.
#
# From the flat ground at (0.51, 0.001), line search and BFGS move A, and leave B where it was. (Single runs; other choices, other counts.)
#
# <span id="bfgs"></span>BFGS, to be pasted below [the program](#the-program):

# %%
from scipy.optimize import minimize
from scipy.special import expit, logit


def downhill(free):  # minus the log-likelihood and its slope, over log-odds
    theta = expit(free)
    share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
    slope = heads @ share - theta * ((heads + tails) @ share)
    return -log_likelihood(theta), -slope


found = minimize(downhill, logit([0.3, 0.6]), jac=True, method="BFGS")
print(expit(found.x).round(4), f"{-found.fun:.5f}")

# %% [markdown]
# ## What could go wrong
#
# - **A map is a luxury.** With five parameters nobody sees the surface. There may be lower peaks,
#   too: then [the start decides which peak](pitfalls.py#where-you-start-is-where-you-end), not only
#   which name.
# - **Standing still is not having arrived.** The saddle lies
#   {{ best.log_likelihood - height_at(middle, middle) : .2f }} lower than the peaks. Start from several
#   places, and compare heights.
#
# ## Exercises
#
# **1.** *Predict*: with three coins and equal weights, how many twins does each peak have?
# Check the log-likelihood of one of them.
#
# <details markdown><summary>Solution</summary>


# %%
def program(theta):
    for _ in range(100):
        share = joint(theta) / joint(theta).sum(axis=1, keepdims=True)
        theta = heads @ share / ((heads + tails) @ share)
    return theta


three = program(np.array([0.2, 0.5, 0.8]))
turned = three[[1, 2, 0]]
print(three.round(4), log_likelihood(three).round(5))
print(turned.round(4), log_likelihood(turned).round(5))

# %% [markdown]
# Three names can be given in six ways, so a peak has five twins, if all three coins
# differ. Here [two are equal](coins.py#exercises), so the six fall together in pairs.
#
# </details>
#
# **2.** *Predict*: one coin, 26 heads in 66 flips, nothing hidden. How many steps does gradient ascent
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
# ## Where to read on
#
# Next: [why it never goes down](why.py). EM's step as a scaled gradient, for mixtures of normals: Xu
# and Jordan, *On Convergence Properties of the EM Algorithm for Gaussian Mixtures*, Neural Computation 8
# (1996), [doi 10.1162/neco.1996.8.1.129](https://doi.org/10.1162/neco.1996.8.1.129). Both kinds
# of method side by side: Redner and Walker, *Mixture Densities, Maximum
# Likelihood and the EM Algorithm*, SIAM Review 26 (1984),
# [doi 10.1137/1026034](https://doi.org/10.1137/1026034). More on the
# [resources page](resources.md).
