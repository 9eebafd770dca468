# ---
# title: What goes wrong
# order: 12
# section: Understand
# question: My fit looks odd. What goes wrong with EM, and what can I do?
# description: >-
#   Find what you see in a table: nan, singular covariance, bad starts, swapped labels, outliers,
#   slow or early stops, and what to do about each; a program to break.
# numbers: own
# allow: [15, 0.1, 0.3, 25, 12, 100, 10, 4.51, 0.05, 40, 1000, 49, 1993]
# ---

# %% [markdown]
# # What goes wrong
#
# <span id="what-could-go-wrong"></span>A correct EM can still mislead you, and a wrong
# one can look right. Does your fit look odd? [Find what you see](#find-what-you-see). Or press a
# button under *Break it*, and watch.

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import normals as draw_normals
from em.figures import pitfalls as draw
from em.figures.live import live
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
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    acts="shown",
    program={"mean": "means", "std": "stds"},
    still=draw_normals.frames(x, [broken.steps[0], broken.steps[20]]),
    told="The guess, and after twenty steps: means "
    f"{broken.steps[20].params.means[0]:.2f} and {broken.steps[20].params.means[1]:.2f}.",
    caption="Forty points and two bells, with three ways to break the fit. Under Options there is a least width, which is a "
    "floor for both bells.",
)

# %% [markdown]
# **You will be able to** name what went wrong with a fit, and mend it. **About MINUTES minutes. To know first:**
# [two bells](normals.py).
#
# ## Find what you see
#
# | you see | it may be, and what to do |
# | --- | --- |
# | different ends, different likelihoods | [several peaks](starts.py)<br>many starts, better guesses |
# | different ends, the same likelihood | [labels swapped](#the-labels-swap): sort, then compare<br>if they still differ, [the data do not determine them](certainty.py#what-could-go-wrong) |
# | all components alike | [a saddle](starts.py)<br>start from components that differ |
# | a component that is far too narrow | [a spurious fit](starts.py), or [a floor that binds](collapse.py#a-floor-that-binds)<br>look at it, start elsewhere |
# | <code>Collapsed<wbr>Error</code>, singular covariance | [collapse](collapse.py)<br>set a floor, or start elsewhere |
# | `nan` everywhere, "invalid value encountered in divide" | [a point far from every component](#the-program): work in logarithms<br>a `nan` in the data: drop it |
# | one component far too wide, or on one far point | [an outlier](#outliers)<br>a noise component |
# | a likelihood that falls, `FellError` | [a wrong step](right.py)<br>`em.examine` |
# | <code>NotConverged<wbr>Warning</code>, thousands of steps | [a rate of convergence near 1](stopping.py)<br>more steps, [or jumps](faster.py) |
# | another program stops lower | [stopped too early](stopping.py)<br>run both to the end, then compare |
# | a log-likelihood above 0 | [densities above 1](#a-log-likelihood-above-0-is-no-bug)<br>nothing |
# | points in the wrong group | [they are where it is denser](#em-is-not-a-classifier)<br>keep the responsibilities |
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** put bell B far off, to the right of all points. What becomes of it? *Choose
# **One far off**, then press **Play**.*
#
# <details markdown><summary>It is lost: no point is near it</summary>
#
# Tempting, because B is low over every point. But a responsibility compares the two bells, and
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
# ## The program
#
# A correct EM for two bells, which keeps the log-likelihood of every step. Three small changes break it in three ways
# that you will meet again.

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean = np.array([1.1, 9])  # a guess: bell A, bell B
std = np.array([2, 1.7])
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
# For three bells, write three means and three widths in the two lines of the guess. The weights follow.
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
# **Predict:** bell A begins on the point at 4.51 and is narrow. Where does it end?
#
# ```diff
# -mean = np.array([1.1, 9])  # a guess: bell A, bell B
# -std = np.array([2, 1.7])
# +mean = np.array([4.51, 3])  # a guess: bell A, bell B
# +std = np.array([0.11, 3])
# ```
#
# <details markdown><summary>See why</summary>
#
# Everything is {{ changed.mean[0] : .0f }}. A keeps the one point and becomes narrower at every step, until
# its width is 0 and the program divides by it. Until then the log-likelihood rose, as it should:
# {{ changed.climb[0] : .1f }}, {{ changed.climb[1] : .1f }}, {{ changed.climb[2] : .1f }}. No step was wrong.
# The likelihood of a mixture of normals has [no highest value](collapse.py).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** somebody mistyped a value, and one point lies at 100. Which bell takes it?
#
# ```diff
# -mean = np.array([1.1, 9])  # a guess: bell A, bell B
# +x = np.append(x, 100)
# +mean = np.array([1.1, 9])  # a guess: bell A, bell B
# ```
#
# <details markdown><summary>See why</summary>
#
# Neither, and everything is {{ changed.mean[0] : .0f }}. At 100 both densities are smaller than the smallest
# number the machine can hold, so both are 0, and the responsibilities are 0 divided by 0. The first
# log-likelihood is already minus infinity. Programs meant for use work with the
# logarithms of the densities, as the one on [shapes of groups](groups.py#the-program) does.
#
# </details>
# </div>
#
# ## Outliers
#
# An **outlier** is a point that belongs to no group. A mixture has no place for it, so some group must take it. Let one
# value be mistyped as 25. Bell B stretches to reach it, and all that you say of B is off. The cure is a **noise
# component**: a low, flat density over the whole range, which takes what nobody else explains. In the program that is
# one number in the denominator of the responsibilities:

# %%
far = np.append(x, 25)
for noise in (0, 0.05 / np.ptp(far)):
    mean, std = np.array([1.1, 9]), np.array([2, 1.7])
    weight = np.array([0.475, 0.475])
    for _ in range(60):
        density = np.exp(-(((far[:, None] - mean) / std) ** 2) / 2)
        joint = weight * density / (std * np.sqrt(2 * np.pi))
        r = joint / (joint.sum(axis=1, keepdims=True) + noise)
        mean = far @ r / r.sum(axis=0)
        variance = (r * (far[:, None] - mean) ** 2).sum(axis=0) / r.sum(axis=0)
        std = np.sqrt(variance)
    word = "with noise:" if noise else "without:   "
    print(word, "means", mean.round(2), "widths", std.round(2), end=" ")
    print("far point", r[-1].sum().round(3))

# %% [markdown]
# With noise, the bells keep {{ r[-1].sum() : .3f }} of the far point, and B has a width of {{ std[1] : .2f }} again. The
# noise has a weight of 0.05 here. Heavy-tailed densities, such as Student's t, are another cure.
#
# ## The labels swap
#
# Start the program with the two bells exchanged. You get the same fit, with the names exchanged. So compare
# fits by their likelihood, and components only after sorting, with all parameters of a component together. Never average
# the parameters of several fits: the average of a fit and its mirror is two equal bells in the middle.

# %% tags=["hide"]
one = em.fit(normals, x, Normals([1, 9], [2, 2]), fixed="weights")
two = em.fit(normals, x, Normals([9, 1], [2, 2]), fixed="weights")
np.testing.assert_allclose(one.params.means, two.params.means[::-1], 1e-6)

# %% [markdown]
# ## A log-likelihood above 0 is no bug
#
# A probability cannot be above 1, but this is a product of *densities*, and a bell of width 0.1 is about 4 high. How high
# depends on the unit. Only differences of log-likelihoods on the *same* data in the *same* unit mean anything.
#
# ## EM is not a classifier
#
# A responsibility says how the bells compare at a point, and the bells are estimates. We know the true colours of the
# forty points, so we can look:

# %% tags=["hide"]
usual = em.fit(normals, x, Normals([1.1, 9], [2, 1.7]), fixed="weights")
responsibilities = usual.posterior
truth = np.repeat([0, 1], 20)
wrong = responsibilities.argmax(axis=1) != truth
cut = normals.m_step(x, np.eye(2)[responsibilities.argmax(axis=1)])
draw.leanings(
    x,
    responsibilities,
    truth,
    "The forty points in their true colours, and what the fit thinks. The ringed blue ones lie where red is denser.",
)

# %% [markdown]
# {{ wrong.sum() : d }} points lean to the wrong group, because they lie where the other group is denser. The fit itself
# expects about {{ responsibilities.min(axis=1).sum() : .1f }} such points, and cannot say which. So don't cut the
# responsibilities to 0 and 1 and go on as if they were labels. B's width would come out as {{ cut.stds[1] : .2f }} in place
# of {{ usual.params.stds[1] : .2f }}.
#
# ## What could go wrong with the remedies
#
# - **Sorting** by the means helps little if two are nearly equal. Sort by what tells the components apart.
# - **A strict `tol`** is no proof. On a plateau, or near a saddle, small steps come before large ones.
# - **A floor** that binds is a warning, not an answer.
#
# ## Exercises
#
# **1.** Measure the forty points in a unit a thousand times as small: multiply `x`, `mean` and `std` in the program by
# 1000. *Predict* what changes: means, responsibilities, log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
for unit in (1, 1000):
    y, mean, std = (
        unit * x,
        unit * np.array([1.1, 9]),
        unit * np.array([2, 1.7]),
    )
    for _ in range(40):
        density = np.exp(-(((y[:, None] - mean) / std) ** 2) / 2)
        joint = density / (2 * std * np.sqrt(2 * np.pi))
        log_likelihood = np.log(joint.sum(axis=1)).sum()
        r = joint / joint.sum(axis=1, keepdims=True)
        mean = y @ r / r.sum(axis=0)
        variance = (r * (y[:, None] - mean) ** 2).sum(axis=0) / r.sum(axis=0)
        std = np.sqrt(variance)
    print(mean.round(2), r[0].round(6), f"log-likelihood {log_likelihood:.2f}")

# %% [markdown]
# The means are multiplied by 1000, as the data are, and the responsibilities stay the same. The log-likelihood falls by
# 40 times the logarithm of a thousand, because each density is spread over a thousand times as many units.
#
# </details>
#
# **2.** In the loop on outliers, move the far point from 25 to 12. *Predict* whether the noise still takes it.
#
# <details markdown><summary>Solution</summary>

# %%
near = np.append(x, 12)
mean, std = np.array([1.1, 9]), np.array([2, 1.7])
for _ in range(60):
    density = np.exp(-(((near[:, None] - mean) / std) ** 2) / 2)
    joint = 0.475 * density / (std * np.sqrt(2 * np.pi))
    r = joint / (joint.sum(axis=1, keepdims=True) + 0.05 / np.ptp(near))
    mean = near @ r / r.sum(axis=0)
    variance = (r * (near[:, None] - mean) ** 2).sum(axis=0) / r.sum(axis=0)
    std = np.sqrt(variance)
print("bells keep", r[-1].sum().round(3), "of it; widths", std.round(2))

# %% [markdown]
# The bells keep {{ r[-1].sum() : .2f }} of it. At 12 it could well be a point of B, so bell and noise share it.
#
# </details>
#
# ## Where to read on
#
# [Starting values](starts.py), [collapse](collapse.py), [when to stop](stopping.py) and [Is my EM right?](right.py) have
# a page each. On noise components: Banfield and Raftery, *Model-Based Gaussian and Non-Gaussian Clustering*, Biometrics 49
# (1993).
