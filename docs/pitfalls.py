# ---
# title: How it goes wrong
# order: 12
# section: Understand
# question: My fit looks odd. What goes wrong with EM, and what can I do?
# description: >-
#   Break a fit by hand; find what you see in a table; bad starts, collapse, swapped labels,
#   stopping too early, wrong steps: each one shown happening, with what to do about it.
# numbers: own
# allow: [0.1, 0.3, "2,000", 40, 1969, "1,096", 80, 162, 267, 4.51, 1993, 64, 200, 0.5, 100, 10]
# ---

# %% [markdown]
# # How it goes wrong
#
# EM [promises little](why.py#what-is-promised): a likelihood that does not fall and, under
# conditions, an end that is level. <span id="what-could-go-wrong"></span>This page shows first what
# EM does though the program is right, then what [a wrong program](#is-my-em-right) does. Your fit
# looks odd? [Find what you see](#find-what-you-see). Or break one yourself:

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import normals as draw_normals
from em.figures import pitfalls as draw
from em.figures.live import live
from em.figures.stepper import stepper
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])
guess = Normals(means=[1.1, 9], stds=[2, 1.7])
broken = em.fit(normals, x, guess, fixed="weights")
alone = np.sort(x)[0]
needle = Normals([1.1, alone], [2, (np.sort(x)[1] - alone) / 6])
floored = em.fit(normals, x, needle, fixed="weights", min_std=0.1)
wide_floor = em.fit(normals, x, needle, fixed="weights", min_std=0.3)
far_off = Normals([1.1, x.max() + np.ptp(x) / 4], [2, 1.7])
rescued = em.fit(normals, x, far_off, fixed="weights")
given, _ = normals.e_step(x, far_off)
free = em.fit(normals, x, guess)
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    still=draw_normals.frames(x, [broken.steps[0], broken.steps[20]]),
    told="The guess, and after twenty steps: means "
    f"{broken.steps[20].params.means[0]:.2f} and {broken.steps[20].params.means[1]:.2f}.",
    caption="Forty points, two bells, and three ways to break the fit: open Options, and look for "
    "Break it. The least width is the floor.",
)

# %% [markdown]
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** put bell B far off, to the right of all points. What becomes of it? *Under Options
# choose **One far off**, then press **Play**.*
#
# <details markdown><summary>It is lost: no point is near it</summary>
#
# Tempting, because B is very low over every point. But a responsibility compares the two bells, and
# over the points at the far right A is lower still.
#
# </details>
# <details markdown><summary>It becomes a needle on the last point</summary>
#
# From farther away it would. A bell that is given only one point has a mean on that point and no
# width. From here B is given {{ given[:, 1].sum() : .1f }} points' worth, which is enough to be a group.
#
# </details>
# <details class="right" markdown><summary>It comes back</summary>
#
# Yes. Over the points at the right B is far higher than A, so it is given
# {{ given[:, 1].sum() : .1f }} points' worth and moves in. It ends at {{ rescued.params.means[1] : .2f }},
# where it belongs. From farther away it would keep only the four points at the right, from farther
# still a single point, and at last none at all.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** put a narrow bell on the loneliest point. What will it do? *Press **Start again**,
# choose **One needle**, and play.*
#
# <details class="right" markdown><summary>It shrinks, until it has no width at all</summary>
#
# Yes. The narrower the bell, the higher it stands over its one point, and there is no limit to that.
# The likelihood rises all the way. This is called a **collapse**.
#
# </details>
# <details markdown><summary>It widens, and finds its neighbours</summary>
#
# That is what a wide enough bell does. This one is so narrow that over its neighbours the other bell
# is higher, so it never hears of them.
#
# </details>
# <details markdown><summary>It stays as it is</summary>
#
# It would have to be given some other point, too, to keep a width. Its mean moves onto the one point
# that it is given, and the distance from that point is its new width: nothing.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** now forbid every width below 0.1, and try the needle again. And below 0.3? *Set the
# least width under Options, and play.*
#
# <details markdown><summary>Both floors rescue it</summary>
#
# A floor always prevents the collapse. But with 0.1 the bell is still so narrow that it feels nothing
# but its own point: it ends with a width of {{ floored.params.stds[1] : .1f }}, exactly the floor.
#
# </details>
# <details markdown><summary>Neither: it stays on its point</summary>
#
# With 0.1 it does. But the wider a bell has to be, the farther it reaches. With 0.3 it is higher than
# the other bell over its nearest neighbours, too.
#
# </details>
# <details class="right" markdown><summary>Only 0.3 does</summary>
#
# Yes. With 0.1 it stays on its one point, at a width of {{ floored.params.stds[1] : .1f }}. With 0.3 it
# feels its neighbours and grows to {{ wide_floor.params.stds[1] : .2f }}: a proper group.
#
# </details>
# </div>
#
# ## Find what you see
#
# | you see | it may be, and what to do |
# | --- | --- |
# | different ends, different likelihoods | [several peaks](#where-you-start-is-where-you-end)<br>many starts, better guesses |
# | different ends, the same likelihood | [labels swapped](#the-labels-swap)<br>sort, then compare |
# | all components alike | [the saddle](#where-you-start-is-where-you-end)<br>start from components that differ |
# | a very narrow component | [a spurious fit](#where-you-start-is-where-you-end), or [a floor that binds](#a-floor-that-binds)<br>look at it; start elsewhere |
# | <code>Collapsed<wbr>Error</code>, a singular covariance | [collapse](#a-bell-collapses)<br>set a floor, or start elsewhere |
# | `nan` everywhere, "invalid value encountered in divide" | a point far from every component (0 divided by 0): start nearer, or work in logarithms<br>a `nan` in the data: drop it |
# | a likelihood that falls, `FellError` | [a wrong step](#is-my-em-right)<br>`em.examine` |
# | <code>NotConverged<wbr>Warning</code>, thousands of steps | [a rate near 1](#a-small-step-is-not-a-small-distance)<br>more steps; ask for a distance |
# | another program stops lower | [stopped too early](#a-small-step-is-not-a-small-distance)<br>run both to the end, then compare |
# | a log-likelihood above 0 | [densities above 1](#a-log-likelihood-above-0-is-no-bug)<br>nothing |
# | points in the wrong group | [they are where it is thicker](#em-is-not-a-classifier)<br>keep the shares |
#
# ## The program
#
# Here is a correct EM for two bells, with the log-likelihood of every step kept in a list. Three
# small changes break it in three ways that you will meet again.

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean, std = np.array([1.1, 9]), np.array([2, 1.7])  # a guess: bell A, bell B
weight = np.ones(len(mean)) / len(mean)
climb = []

for _ in range(40):
    # E-step: weight times density of each bell, then responsibilities
    density = np.exp(-(((x[:, None] - mean) / std) ** 2) / 2)
    joint = weight * density / (std * np.sqrt(2 * np.pi))
    climb.append(np.log(joint.sum(axis=1)).sum())
    r = joint / joint.sum(axis=1, keepdims=True)
    # M-step: weighted means and weighted widths
    mean = x @ r / r.sum(axis=0)
    variance = (r * (x[:, None] - mean) ** 2).sum(axis=0) / r.sum(axis=0)
    std = np.sqrt(variance)

print("means", mean.round(3), "widths", std.round(3))
print(
    "log-likelihood", np.round(climb[:3], 3), "... at last", climb[-1].round(3)
)

# %% tags=["hide"]
*_, ours = islice(
    em.run(normals, x, Normals([1.1, 9], [2, 1.7]), fixed="weights"), 41
)
np.testing.assert_allclose(mean, ours.params.means, rtol=1e-9)
np.testing.assert_allclose(std, ours.params.stds, rtol=1e-9)

# %% [markdown]
# For three bells, write three means and three widths in the line of the guess. The weights follow.
#
# <div class="change" markdown>
# **Predict:** forget the square root, so that a variance is used as a width. Will the program notice?
#
# ```diff
# -    std = np.sqrt(variance)
# +    std = variance
# ```
#
# <details markdown><summary>See why</summary>
#
# It says nothing, and prints two equal bells at {{ changed.mean[0] : .2f }}. But look at the
# log-likelihood: after {{ changed.climb[1] : .2f }} comes {{ changed.climb[2] : .2f }}. It *fell*, and EM
# never falls. So keep the log-likelihoods of every loop that you write, and let the loop stop at a fall:
# `assert len(climb) < 2 or climb[-1] >= climb[-2] - 1e-9`.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** bell A begins on the point at 4.51, very narrow. Where does it end?
#
# ```diff
# -mean, std = np.array([1.1, 9]), np.array([2, 1.7])  # a guess: bell A, bell B
# +mean, std = np.array([4.51, 3]), np.array([0.11, 3])  # a guess: bell A, bell B
# ```
#
# <details markdown><summary>See why</summary>
#
# All is {{ changed.mean[0] : .0f }}. A keeps the one point and becomes narrower at every step, until
# its width is 0 and the program divides by it. Until then the log-likelihood rose, as it should:
# {{ changed.climb[0] : .1f }}, {{ changed.climb[1] : .1f }}, {{ changed.climb[2] : .1f }}. No step was wrong.
# The likelihood of a mixture of normals has [no highest value](#a-bell-collapses).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** somebody mistyped a value, and one point lies at 100. Which bell takes it?
#
# ```diff
# -mean, std = np.array([1.1, 9]), np.array([2, 1.7])  # a guess: bell A, bell B
# +x = np.append(x, 100)
# +mean, std = np.array([1.1, 9]), np.array([2, 1.7])  # a guess: bell A, bell B
# ```
#
# <details markdown><summary>See why</summary>
#
# Neither, and all is {{ changed.mean[0] : .0f }}. At 100 both densities are smaller than the smallest
# number the machine can hold, so both are 0, and the responsibilities are 0 divided by 0. The first
# log-likelihood is already minus infinity. Programs meant for use work with the
# logarithms of the densities, as the one on [shapes of groups](groups.py#the-program) does.
#
# </details>
# </div>
#
# ## Where you start is where you end
#
# The forty points once more, and two thousand random starts: the means of both bells at random
# data points, their standard deviations anywhere from 0.1 to 4. The
# [package](index.py#the-same-with-the-package) fits from each start and keeps the best. (This
# took us a quarter of a minute.)

# %% tags=["hide"]
em.show(em.best_of)

# %%
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])

rng = np.random.default_rng(0)
starts = [
    Normals(rng.choice(x, 2), rng.uniform(0.1, 4, 2)) for _ in range(2_000)
]
many = em.best_of(normals, x, starts, fixed="weights", tol=1e-4)
top = many.fit.log_likelihood
print(f"the best: log-likelihood {top:.4f}")

# %% [markdown]
# (`fixed="weights"`: the mixing weights are held at one half. Where they are *free*, the same
# peak is {{ free.log_likelihood : .4f }} high.)
#
# <details markdown><summary>Go deeper</summary>
#
# Each end gets a name:


# %%
def kind_of_end(end):
    if isinstance(end, em.CollapsedError):
        return "collapsed"
    means, stds = end.params.means, end.params.stds
    if end.log_likelihood > top - 0.01:
        return "best" if means[0] < means[1] else "mirror"
    alike = np.ptp(means) < 1e-3 and np.ptp(stds) < 1e-3
    return "saddle" if alike else "spurious"


# %% [markdown]
# </details>
#
# Where do they end?

# %%
from collections import Counter

kinds = [kind_of_end(end) for end in many.ends]
for kind, times in Counter(kinds).most_common():
    print(f"{times:5,} {kind}")

# %% [markdown]
# Most starts reach the best fit, or its mirror: the same fit with the names swapped. Some end
# elsewhere. Forty more, with both bells exactly alike:

# %%
twins = [
    Normals([m, m], [s, s])
    for m, s in zip(x, rng.uniform(0.1, 4, 40), strict=True)
]
alike = em.best_of(normals, x, twins, fixed="weights")
kinds += [kind_of_end(end) for end in alike.ends]
print(Counter(kinds)["saddle"], "at the saddle,", end=" ")
print(f"log-likelihood {alike.fit.log_likelihood:.4f}")

# %% tags=["hide"]
draw.basins(
    starts + twins,
    kinds,
    "Each mark is a start; its colour and shape say where EM ended. Best and mirror differ in "
    "names only. The triangles are other peaks, and lower.",
)

# %% [markdown]
# **Spurious** ends are other peaks (here lower ones; with free weights some are higher, exercise 1),
# where a narrow bell has taken a few points that
# happen to lie close together. All the starts exactly alike end at **the saddle**, one bell for
# all forty points, twice; of the 2,000 random ones, none did.
#
# <details markdown><summary>Go deeper</summary>
#
# The spurious ends, the most frequent first. Look at the widths:

# %%
found = Counter(
    (round(end.log_likelihood, 2), round(end.params.stds.min(), 2))
    for end, kind in zip(many.ends, kinds, strict=False)
    if kind == "spurious"
)
print("times  log-likelihood  std of the narrow bell")
for (height, std), times in found.most_common(6):
    print(f"{times:5}  {height:14.2f}  {std:22.2f}")

# %% [markdown]
# </details>

# %% tags=["hide"]
bad = np.mean([kind in ("spurious", "collapsed") for kind in kinds[:2_000]])
assert round(1 / bad) == 12
height = found.most_common(1)[0][0][0]
often = next(
    end.params
    for end, kind in zip(many.ends, kinds, strict=False)
    if kind == "spurious" and round(end.log_likelihood, 2) == height
)

# %% tags=["hide"]
draw.fits(
    x,
    {"best": many.fit.params, "the most frequent spurious one": often},
    "Two ends, on one scale. Below, one bell has taken the four points at the far right, and "
    "the other must do for all the rest.",
)

# %% [markdown]
# ### What to do
#
# **Start often, and keep the best; but look at its widths.** A *needle*, a bell on one point or a
# few that lie close together, can be higher than the fit you want: with free weights and no
# floor, the best of 200 starts is one ([exercise 1](#exercises)). Here about one start in
# twelve goes wrong, so ten are plenty. On other data most may.
#
# **Start from a better guess.** Draw centres that lie far apart, and let
# [k-means](kmeans.py) give each point to one of them. Its shares are all 0 or 1, and an M-step
# turns them into a start.

# %%
from attrs import evolve

from em.starts import kmeans

rng = np.random.default_rng(1)
guesses = [
    evolve(normals.m_step(x, kmeans(x, 2, rng)), weights=[0.5, 0.5])
    for _ in range(100)
]
guessed = em.best_of(normals, x, guesses, fixed="weights", tol=1e-4)
for kind, times in Counter(map(kind_of_end, guessed.ends)).most_common():
    print(f"{times:5} {kind}")

# %% [markdown]
# Not one goes astray here. On other data, some may.
#
# ## A bell collapses
#
# Suppose a bell becomes so narrow that it feels a single point. Its weighted mean is that
# point, its weighted standard deviation goes to 0, and its height over the point goes to
# infinity. So does the likelihood. Let us watch it: bell A starts on the point at 4.51,
# a little too narrow.

# %%
point = x[np.abs(x - 4.51).argmin()]
narrow = Normals([point, 3], [0.1125, 3])

watched = []
try:
    for step in em.run(normals, x, narrow, fixed="weights"):
        watched.append(step)
        print(
            f"{len(watched) - 1}  mean {step.params.means[0]:.4f}"
            f"  std {step.params.stds[0]:8.2e}"
            f"  {step.log_likelihood:9.3f}"
        )
except em.CollapsedError as error:
    print(error)

# %% tags=["hide"]
stepper(
    draw.collapse(x, watched, point),
    [
        f"Step {number}: A has mean {step.params.means[0]:.4f} and std {step.params.stds[0]:.3g}; "
        f"log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(watched)
    ],
    "A collapse. In the last frame the bell is a needle, about a million times as high as the "
    "picture. The next step would give it no width at all.",
)

# %% [markdown]
# The log-likelihood rises at every step, but the fit says nothing about the groups. So the package
# stops with a `CollapsedError`.
#
# How high does the likelihood go? As high as you like. Put a bell onto the point, let the
# other explain the rest, and make it narrower:

# %%
rest = np.delete(x, np.abs(x - point).argmin())
print("std of A  log-likelihood")
for std in (1e-1, 1e-5, 1e-10, 1e-20, 1e-40, 1e-80):
    needle = Normals([point, rest.mean()], [std, rest.std()])
    _, height = normals.e_step(x, needle)
    print(f"{std:8.0e}  {height:14.3f}")

# %% [markdown]
# There is no highest likelihood to find. What we call the best fit of these points is the best
# peak that is not a needle; and what counts as a needle is for you to say.
#
# ### A floor that binds
#
# **A floor** under the standard deviations prevents the error. Choose it from what you know:
# how finely was measured, how narrow could a group be?

# %%
kept = em.fit(normals, x, narrow, fixed="weights", min_std=0.1)
print(kept.params.means.round(4), kept.params.stds.round(4))
print(f"log-likelihood {kept.log_likelihood:.4f}")

# %% tags=["hide"]
assert kept.params.stds[0] == 0.1  # it binds: the next sentence says so
wider = Normals(narrow.means, [0.5, 3])
found = em.fit(normals, x, wider, fixed="weights", min_std=0.1)
assert found.params.stds.min() > 0.1
assert found.log_likelihood > top - 0.01

# %% [markdown]
# The floor **binds**: A is exactly as narrow as it lets it be, and stays on its point. An end at
# the floor is a message: without it, this bell would be narrower, and perhaps would have
# collapsed, as here. So ask for it, `(fit.params.stds == min_std).any()`, and start from
# somewhere else as well. From a wider start at the same place, 0.5, A feels its neighbours and
# ends with a width of {{ found.params.stds[0] : .2f }}: the floor has nothing to do.
#
# ### A log-likelihood above 0 is no bug
#
# In that table the log-likelihood ends above 0, so the likelihood is above 1. A probability cannot
# be, but this is a product of *densities*, and a bell of standard deviation 0.1 is about 4 high.
# How high depends on the unit. In a unit a thousand times as large:

# %%
best = many.fit.params
for unit in (1, 1_000):
    scaled = Normals(best.means / unit, best.stds / unit)
    _, height = normals.e_step(x / unit, scaled)
    print(f"x / {unit:<5,} log-likelihood {height:9.4f}")

# %% [markdown]
# Only differences of log-likelihoods on the *same* data in the *same* unit mean anything.
#
# ## The labels swap
#
# Two runs, and bell A is a different one in each:

# %%
one = em.fit(normals, x, Normals([1, 9], [2, 2]), fixed="weights")
two = em.fit(normals, x, Normals([9, 1], [2, 2]), fixed="weights")
apart = np.abs(one.params.means - two.params.means).max()
print(f"by position: means differ by {apart:.5f}")
apart = np.abs(np.sort(one.params.means) - np.sort(two.params.means)).max()
print(f"sorted:      means differ by {apart:.5f}")
print("log-likelihoods:", end=" ")
print(f"{one.log_likelihood:.5f}, {two.log_likelihood:.5f}")

# %% [markdown]
# Compare fits by their likelihood, and their components only after sorting (all parameters of a
# component together). Never average the parameters of several
# fits: the average of a fit and its mirror is two equal bells in the middle.
#
# ## A small step is not a small distance
#
# EM can be very slow. *The Times* of London printed notices of deaths. Hasselblad (1969) has their
# number, for women aged 80 and over, on each of 1,096 days ([the data](data/london_deaths.csv)):
# 162 days without one, 267 with one, and so on. The variance is larger than the mean, so we fit
# a mixture of two Poissons.

# %%
from itertools import islice

from em.models import poissons
from em.models.poissons import Poissons

days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)
begin = Poissons(rates=[1, 2.5], weights=[0.3, 0.7])


def vector(params):
    return np.array([params.weights[0], *params.rates])


def size_of_step(steps):
    before, after = steps[-2].params, steps[-1].params
    return np.linalg.norm(vector(after) - vector(before))


stopped = em.fit(
    poissons,
    deaths,
    begin,
    until=lambda steps: size_of_step(steps) <= 1e-8,
    max_iter=10_000,
)
print(f"mean {deaths.mean():.3f}, variance {deaths.var():.3f}")
print(f"stopped after {len(stopped.steps) - 1:,} steps")
print(f"         {vector(stopped.params).round(7)}")

# %% [markdown]
# We asked for a step of at most $10^{-8}$ (the length of the change in one weight and two
# rates). Are the numbers right to eight decimals? Let us go on for a long time.

# %%
path, heights = [], []
for step in islice(em.run(poissons, deaths, begin), 6_001):
    path.append(vector(step.params))
    heights.append(step.log_likelihood)

path, limit = np.array(path), path[-1]
moved = np.linalg.norm(np.diff(path, axis=0), axis=1)
distances = np.linalg.norm(path[1:] - limit, axis=1)
stop = len(stopped.steps) - 1
rate = (moved[stop - 1] / moved[stop - 501]) ** (1 / 500)

print(f"limit    {limit.round(7)}")
print(f"step     {moved[stop - 1]:.2e}")
print(f"distance {distances[stop - 1]:.2e}")
print(f"rate     {rate:.5f}")

# %% tags=["hide"]
draw.stopping(
    np.array(heights[-1]) - np.array(heights[1:5_001]),
    moved[:5_000],
    distances[:5_000],
    stop,
    "Distance, step and error of the log-likelihood, on one logarithmic axis. The upright line "
    "is where we stopped. Of the error, rounding hides the end.",
)

# %% [markdown]
# The distance to the limit is {{ distances[stop - 1] / moved[stop - 1] : .0f }} times the last step:
# the sixth decimal was still wrong. Each step is {{ rate : .5f }} times the one before, so the rest
# of the way is the sum of a geometric series:
#
# $$ \text{distance} \approx \text{step} \cdot \frac{\rho}{1 - \rho} . $$
#
# For this $\rho$, that is about {{ rate / (1 - rate) : .0f }} times the last step. (With several
# parameters, as here, $\rho$ is the largest [share of missing information](promises.py#how-fast): days
# do not say which kind they are.)

# %%
for tol in (1e-3, 1e-4, 1e-6, 1e-8):
    short = em.fit(poissons, deaths, begin, tol=tol, max_iter=10_000)
    far = np.linalg.norm(vector(short.params) - limit)
    print(f"tol {tol:.0e}: {len(short.steps) - 1:5,} steps, off by {far:.0e}")

# %% [markdown]
# A `tol` of one thousandth sounds careful, and here it stops far away. And $\rho$ is known only
# after a long run. A rule for practice: the last two steps give an estimate of $\rho$, and with it
# the rest of the way:


# %%
def within(distance):
    def near(steps):
        if len(steps) < 3:
            return False
        before, last = size_of_step(steps[:-1]), size_of_step(steps)
        if last >= before:
            return last == 0
        rate = last / before
        return last * rate / (1 - rate) <= distance

    return near


right = em.fit(poissons, deaths, begin, until=within(1e-6), max_iter=10_000)
far = np.linalg.norm(vector(right.params) - limit)
print(f"{len(right.steps) - 1:,} steps, off by {far:.1e}")

# %% [markdown]
# Asked for a millionth, off by a millionth. The estimate is good where the steps have settled to
# one rate. (The log-likelihood is a poorer guide: its error is lost in rounding long before the parameters are right.)
#
# ## EM is not a classifier
#
# A responsibility is not the truth about a point. It says how the bells compare over it, and
# the bells are estimates. We know the true colours of the forty points, so we can look:

# %%
begin = Normals([1.1, 9], [2, 1.7])
usual = em.fit(normals, x, begin, fixed="weights")
shares = usual.posterior
truth = np.repeat([0, 1], 20)
wrong = shares.argmax(axis=1) != truth

print(wrong.sum(), "of 40 lean to the wrong group:")
for place, share in zip(x[wrong], shares[wrong], strict=True):
    print(f"    x = {place:.2f}, responsibilities {share.round(2)}")
print(f"expected by the fit: {shares.min(axis=1).sum():.1f}")

# %% tags=["hide"]
draw.leanings(
    x,
    shares,
    truth,
    "The forty points in their true colours, and what the fit thinks. The two ringed blue ones "
    "lie where red is thicker.",
)

# %% [markdown]
# A better start would not change that: they *are* where the other group is thicker. The fit itself
# expects about {{ shares.min(axis=1).sum() : .1f }} such points, and cannot say which.
#
# So do not cut the responsibilities to 0 and 1 and go on as if they were labels. An M-step with
# these makes the wide group narrower, and moves its mean away from the other:

# %%
cut = normals.m_step(x, np.eye(2)[shares.argmax(axis=1)])
for name, bells in (("shares", usual.params), ("cut", cut)):
    print(f"{name:6}  mean {bells.means[1]:.2f}  std {bells.stds[1]:.2f}")

# %% tags=["hide"]
hand, _ = normals.e_step(np.array([1.0, 2, 3]), Normals([1, 3], [1, 1]))
by_hand = normals.m_step(np.array([1.0, 2, 3]), hand)
assert hand.round(3)[0, 0] == 0.881
assert by_hand.means.round(2)[0] == 1.49

# %% [markdown]
# ## Is my EM right?
#
# <span id="by-hand-and-the-program-right-and-wrong"></span>Now the program itself is wrong. Take the
# points 1, 2 and 3, bell A at 1, bell B at 3, both of width 1, equally common. Over the
# point 1 bell A stands $e^0 = 1$ high and B $e^{-2} = 0.135$, in units of their peak. So A's
# share is $1 / 1.135 = 0.881$ there, one half at 2, and {{ hand[2, 0] : .3f }} at 3: the **E-step**.
#
# The **M-step**: A was given {{ hand[:, 0].sum() : .1f }} points' worth. Its mean is
# $(0.881 \cdot 1 + 0.5 \cdot 2 + 0.119 \cdot 3) / 1.5 = 1.49$, and the weighted mean of the
# squared deviations from it is its *variance*, {{ by_hand.stds[0] ** 2 : .2f }}. Its width is the
# *root* of that, {{ by_hand.stds[0] : .2f }}. Many a program forgets the root. Does one notice?

# %% tags=["program"]
import numpy as np

three = np.array([1.0, 2, 3])
for wrong in (False, True):
    mean, std, climb = np.array([1.0, 3]), np.array([1.0, 1]), []
    for _ in range(3):
        # E-step: heights of equally common bells, as shares
        height = np.exp(-(((three[:, None] - mean) / std) ** 2) / 2)
        height = height / (len(mean) * std * np.sqrt(2 * np.pi))
        climb.append(np.log(height.sum(axis=1)).sum())
        share = height / height.sum(axis=1, keepdims=True)
        # M-step: weighted mean and weighted variance
        mean = three @ share / share.sum(axis=0)
        away = (three[:, None] - mean) ** 2
        variance = (share * away).sum(axis=0) / share.sum(axis=0)
        std = variance if wrong else np.sqrt(variance)
    print("wrong" if wrong else "right", np.round(climb, 3))

# %% tags=["hide"]
ran = em.fit(
    normals,
    three,
    Normals([1, 3], [1, 1]),
    fixed="weights",
    until=lambda steps: len(steps) > 2,
)
for wrong in (False, True):
    bells = Normals([1, 3], [1, 1])
    for height in climb if wrong else ran.log_likelihoods:
        shares, ours = normals.e_step(three, bells)
        assert abs(ours - height) < 1e-9
        bells = normals.m_step(three, shares)
        bells = Normals(
            bells.means, bells.stds**2 if wrong else bells.stds, [0.5, 0.5]
        )

# %% [markdown]
# One does, after two steps: the wrong one *falls*, from {{ climb[1] : .3f }} to
# {{ climb[2] : .3f }}, and EM never falls (beyond rounding). It is an easy mistake: where a book
# says $\sigma^2$, `scipy.stats.norm.pdf` takes a standard deviation. **Keep the log-likelihoods of
# any loop, and let it fail:** `assert climb[-1] >= climb[-2] - 1e-9`. That catches this slip, not all.
#
# `em.fit` looks for such a fall at every step. But a wrong M-step may happen to climb all the
# way. `em.examine` asks more: does the likelihood fall from *several* starts, is it level where
# EM stands still, does the M-step make the [bound](why.py#in-numbers-on-the-coins) as large as
# it can be, are known parameters found again? For a loop of your own, write its two steps as
# [the recipe](recipe.py) does.
#
# Five plausible slips, on the forty points, with free weights. Widths without the
# responsibilities; the other bell's mixing weight; widths about the mean of all points; widths
# two per cent too small; and a variance passed as a standard deviation, the bug from above.

# %%
from types import SimpleNamespace


def unweighted(x, r, bells):
    squares = (x[:, None] - bells.means) ** 2
    return evolve(bells, stds=np.sqrt(squares.mean(axis=0)))


def swapped(x, r, bells):
    return evolve(bells, weights=bells.weights[::-1])


def from_the_middle(x, r, bells):
    squares = (x - x.mean()) ** 2
    return evolve(bells, stds=np.sqrt(squares @ r / r.sum(axis=0)))


def too_narrow(x, r, bells):
    return evolve(bells, stds=0.98 * bells.stds)


def forgot_the_root(x, r, bells):
    return evolve(bells, stds=bells.stds**2)


def with_slip(slip):
    def m_step(x, r):
        return slip(x, r, normals.m_step(x, r))

    return SimpleNamespace(**{**vars(normals), "m_step": m_step})


print("                 em.fit                          em.examine")
for slip in (unweighted, swapped, from_the_middle, too_narrow, forgot_the_root):
    try:
        em.fit(with_slip(slip), x, begin)
        seen = "no fall seen"
    except em.FellError as error:
        seen = f"falls by {error.amount:.1e} at step {error.step}"
    found = em.examine(with_slip(slip), x, begin)
    print(f"{slip.__name__ + ':':17}{seen:32}{found.summary}")

# %% tags=["hide"]
em.show(em.convergence.refuse_fall)

# %% tags=["hide"]
try:
    em.fit(with_slip(unweighted), x, begin)
except em.FellError as error:
    latest = error

# %% [markdown]
# One falls only at step {{ latest.step : d }}, by {{ 1e6 * latest.amount : .0f }} millionths: a plot
# would not have shown it. One does not fall in this fit. `em.examine` lets none of these five
# through. What it says of the last, the forgotten root (what a move *gains* is log-likelihood):

# %%
for row in found.failures:
    print(row.check)
    print("   ", row.detail.replace(": ", ":\n    "))

# %% [markdown]
# A pass is no proof: it says that no usual mistake was seen on these data. (And not all that looks
# wrong is: [exercise 3](#exercises).)
#
# ## What could go wrong with the remedies
#
# **Sorting** by the means helps little where two are nearly equal: sort by what tells the
# components apart. **A strict `tol`** is no proof: on a plain, or near a saddle, small steps come
# before large ones.
#
# ## Exercises
#
# **1.** Let the mixing weights go, and keep the best of 200 random starts. *Predict*: is it the fit
# that you want? And from the same starts with a floor of 0.1, or 0.5?
#
# <details markdown><summary>Solution</summary>

# %%
rng = np.random.default_rng(3)
some = [Normals(rng.choice(x, 2), rng.uniform(0.1, 4, 2)) for _ in range(200)]
ends = []
for options in ({}, {"min_std": 0.1}, {"min_std": 0.5}):
    free = em.best_of(normals, x, some, tol=1e-4, **options).fit
    ends.append(free)
    print(options or "no floor", f"log-likelihood {free.log_likelihood:.4f}")
    print("    means", free.params.means.round(2), end=" ")
    print("stds", free.params.stds.round(3))

# %% [markdown]
# Without a floor, the highest likelihood of these 200 belongs to a needle on three points that
# lie close together at {{ ends[0].params.means[1] : .2f }}. It is above the sensible fit, {{ ends[2].log_likelihood : .4f }}. Keeping
# the best is only as good as the question that the likelihood asks.
#
# A floor of 0.1 forbids that needle. Then a narrow bell on four points at the right wins, of width
# {{ ends[1].params.stds.min() : .2f }}: this floor does not even bind. At 0.5 it is forbidden, too, and the
# sensible fit wins.
#
# </details>
#
# **2.** Measure the forty points in a smaller unit, so that each number is a thousand times
# what it was. *Predict* what changes: responsibilities, number of steps, log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
large = em.fit(
    normals, 1000 * x, Normals([1100, 9000], [2000, 1700]), fixed="weights"
)
off = np.abs(large.posterior - usual.posterior).max()
print("responsibilities equal to 9 digits:", off < 1e-9)
print("steps", len(large.steps) - 1, "and", len(usual.steps) - 1)
print(f"log-likelihood {large.log_likelihood:.4f}")

# %% [markdown]
# Only the log-likelihood, by 40 times the logarithm of a thousand, downwards this time.
#
# </details>
#
# **3.** A colleague takes the standard deviation about the *old* mean, the one before the step.
# *Predict*: does the likelihood fall? Where does it end?
#
# <details markdown><summary>Solution</summary>


# %%
def about_the_old_mean():
    old = {}

    def e_step(x, bells):
        old["means"] = bells.means
        return normals.e_step(x, bells)

    def m_step(x, r):
        squares = (x[:, None] - old["means"]) ** 2
        stds = np.sqrt((r * squares).sum(axis=0) / r.sum(axis=0))
        return evolve(normals.m_step(x, r), stds=stds)

    return SimpleNamespace(
        check=normals.check,
        e_step=e_step,
        m_step=m_step,
        log_joint=normals.log_joint,
    )


other = em.fit(about_the_old_mean(), x, begin, fixed="weights")
for number in (1, -1):
    for fit in (usual, other):
        print(fit.steps[number].params.stds.round(4), end="  ")
    print("after one step" if number == 1 else "at the end")
print("falls:", (np.diff(other.log_likelihoods) < -1e-9).sum())
found = em.examine(about_the_old_mean(), x, begin, fixed="weights")
print(found.summary)
print(found.findings[-2].verdict + ":", found.findings[-2].detail)

# %% tags=["hide"]
assert found.passed
assert found.findings[-2].verdict == "generalised EM"

# %% [markdown]
# It never falls here, and it ends in the same place, by another path. Given the old mean, that is the
# best standard deviation; given any standard deviation, the new mean is the best mean. So no
# move makes the bound smaller. This is legitimate, a *conditional maximisation*
# (Meng and Rubin 1993), one kind of **generalised EM**; a test that compares single steps would
# call it wrong.
#
# </details>
#
# ## Where to read on
#
# Hasselblad,
# *Estimation of Finite Mixtures of Distributions from the Exponential Family*, Journal of the
# American Statistical Association 64 (1969),
# [doi 10.1080/01621459.1969.10501071](https://doi.org/10.1080/01621459.1969.10501071). Meng and Rubin, *Maximum Likelihood Estimation
# via the ECM Algorithm: A General Framework*, Biometrika 80 (1993),
# [doi 10.1093/biomet/80.2.267](https://doi.org/10.1093/biomet/80.2.267). More on the
# [resources page](resources.md).
