# ---
# title: Hard EM, stochastic EM and ECM
# order: 14.2
# section: Understand
# question: What if I round the responsibilities, draw labels by them, or do only part of an M-step?
# description: >-
#   Hard EM (classification EM) and its bias, stochastic EM, which draws labels, ECM, which does the
#   M-step in parts, and online EM, each beside EM on the same forty points.
# numbers: own
# allow: [10, "20,000", 65, 80, 40, 1977, 1978, 1985, 1992, 1993, 0.5, 10]
# ---

# %% [markdown]
# # Hard EM, stochastic EM and ECM
#
# Three relatives of EM change one line. **Hard EM** rounds the responsibilities to 0 and 1. **Stochastic EM** draws
# labels with them as odds. **ECM** does the M-step in parts. Each buys something and pays for it.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import relatives as draw
from em.figures.assignments import hard_and_soft
from em.models import normals
from em.models.normals import Normals

old = np.random.RandomState(110)
x = np.concatenate([old.normal(3, 0.8, 20), old.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start)
rounded = start
for _ in range(12):
    r, _ = normals.e_step(x, rounded)
    rounded = normals.m_step(x, np.eye(2)[r.argmax(axis=1)])
hard_and_soft(
    x,
    rounded,
    fit.params,
    "Forty points. Hard EM, broad and pale, cuts where EM, drawn as lines, shares. So the wide bell loses the flank "
    "that lies under the other.",
)

# %% [markdown]
# **You will be able to** say what each of the three buys, and where it fails. **About MINUTES minutes. To know
# first:** [EM's relatives](relatives.py), where you can play with hard EM and change a program that has all three.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** you collect ever more points from the same two groups. Does the wide bell of hard EM come closer to
# the truth?
#
# <details markdown><summary>Yes, errors shrink with the number of points</summary>
#
# Errors of chance do. This is another kind: however many points there are, those under the other bell are cut off.
#
# </details>
# <details class="right" markdown><summary>No, it stays too narrow</summary>
#
# Yes, that is what **biased** means. Hard EM is off in one direction, and more data do not help.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** the M-step has no formula, so you only make the parameters *better* than before, and not the best.
# Can the likelihood fall?
#
# <details class="right" markdown><summary>No</summary>
#
# Right. Any M-step that makes the [lower bound](why.py) higher keeps the promise. Whether it also arrives at a top is
# another question, because the gains may die out before.
#
# </details>
# <details markdown><summary>Yes, EM needs the best</summary>
#
# The proof needs less: a lower bound that touches the likelihood, and is higher afterwards.
#
# </details>
# </div>
#
# ## Hard EM and k-means
#
# Round the responsibilities, `np.eye(2)[r.argmax(axis=1)]`:


# %%
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start)


def hard_em(x, bells, steps):
    climbed = []
    for _ in range(steps):
        r, _ = normals.e_step(x, bells)
        label = r.argmax(axis=1)
        log_joint = normals.log_joint(x, bells)
        climbed.append(log_joint[np.arange(len(x)), label].sum())
        bells = normals.m_step(x, np.eye(len(bells.means))[label])
    return bells, np.array(climbed)


chosen, climbed = hard_em(x, start, 12)
print("means", chosen.means.round(3), "stds", chosen.stds.round(3))
print("climbs", climbed.round(2)[:6])
print("falls:", (np.diff(climbed) < -1e-9).sum())
_, height = normals.e_step(x, chosen)
print(f"log-likelihood {height:.3f}, of EM {fit.log_likelihood:.3f}")

# %% [markdown]
# It climbs, but something else: the probability of the points *and* of the labels that it chose. That is EM's
# [bound](why.py) with responsibilities of 0 and 1 only. Hard EM is also called **classification EM** (Celeux and
# Govaert 1992).
#
# It is quick, and good for starting EM. But it is **biased** (Bryant and Williamson 1978), and the likelihood that it
# ends with is lower than EM's.
#
# If all bells are equally common and equally wide, the nearest centre wins, and hard EM is [k-means](kmeans.py). Here
# both end with the same colours. They need not, because k-means has no widths and no weights.
#
# <details markdown><summary>Go deeper</summary>


# %%
def k_means(x, centres, steps):
    for _ in range(steps):
        r, _ = normals.e_step(x, Normals(centres, [1.0, 1.0]))
        label = r.argmax(axis=1)
        centres = np.array([x[label == k].mean() for k in (0, 1)])
    return centres, label


centres, label = k_means(x, np.array([1.1, 9]), 12)
nearest = np.abs(x[:, None] - centres).argmin(axis=1)
print("centres", centres.round(4))
print("each has its nearest centre:", (label == nearest).all())

# %% [markdown]
# </details>
#
# ## Part of an M-step: generalised EM, and ECM
#
# Sometimes the best parameters have no formula. A step that makes the bound higher will do, and that is **generalised
# EM** (Dempster, Laird and Rubin 1977). In **ECM**, *expectation, conditional maximisation*, the M-step becomes two,
# each the best for some parameters while the others are held (Meng and Rubin 1993). Suppose that the groups lie exactly
# 4 apart, and we do not know where. The best place depends on the widths, and the best widths on the place:


# %%
def ecm(x, bells, apart, steps):
    shift, heights = np.array([0.0, apart]), []
    for _ in range(steps):
        r, height = normals.e_step(x, bells)
        heights.append(height)
        size = r.sum(axis=0)
        # First the place, the widths being held ...
        precision = size / bells.stds**2
        place = (x @ r / size - shift) @ precision / precision.sum()
        means = place + shift
        # ... then the widths, the place being held.
        squares = (r * (x[:, None] - means) ** 2).sum(axis=0)
        bells = Normals(means, np.sqrt(squares / size), size / size.sum())
    return bells, np.array(heights)


tied, heights = ecm(x, start, 4, 200)
print("means", tied.means.round(4), "stds", tied.stds.round(4))
print(f"log-likelihood {heights[-1]:.4f}")
# From the first step on: the start is not 4 apart
print("falls:", (np.diff(heights)[1:] < -1e-9).sum())


# %% tags=["hide"]
# A full M-step is the two of ECM in turn until nothing moves.
def gains(bells):
    r, before = normals.e_step(x, bells)
    size, shift, reached = r.sum(axis=0), np.array([0.0, 4]), []
    for _ in range(500):
        precision = size / bells.stds**2
        place = (x @ r / size - shift) @ precision / precision.sum()
        squares = (r * (x[:, None] - place - shift) ** 2).sum(axis=0)
        bells = Normals(place + shift, np.sqrt(squares / size), size / len(x))
        reached.append(normals.e_step(x, bells)[1] - before)
    return reached[0], reached[-1]


part, whole = gains(Normals([2, 6], [1, 1]))
assert part > whole

# %% [markdown]
# ECM ends at {{ heights[-1] : .3f }}, a little below EM's {{ fit.log_likelihood : .3f }}. That is the price of the
# condition, and not of ECM. One step of it raises the *bound* by no more than a full M-step would. Of the likelihood
# it usually gains less, but not always. From means of 2 and 6 and widths of 1, the first step of ECM gains
# {{ part : .3f }}, and a full M-step {{ whole : .3f }}.
#
# ## Stochastic EM: dice for labels
#
# Draw each label with the responsibilities as odds, `dice.multinomial(1, r)`, and let the M-step believe it (Celeux and
# Diebolt 1985). A throw may leave a bell a single point, so the M-step has a [prior](priors.py).


# %%
from em.models.normals import NormalsPrior

prior = NormalsPrior(mean=5, mean_count=0.1, std=1.5, std_count=2, points=1)
best = em.fit(normals, x, start, prior=prior)


def stochastic_em(x, bells, steps, dice):
    taken = []
    for _ in range(steps):
        r, _ = normals.e_step(x, bells)
        label = dice.multinomial(1, r)
        bells = prior.answer(normals.credited(x, label))
        taken.append([*bells.means, *bells.stds])
    return np.array(taken)


trembling = stochastic_em(x, start, 1_000, np.random.default_rng(1))
after = trembling[100:]  # what came before still remembers the start
print(
    "mean ", after[:, :2].mean(axis=0).round(3), after[:, 2:].mean(0).round(3)
)
print("sd   ", after[:, :2].std(axis=0).round(3), after[:, 2:].std(0).round(3))
print("MAP  ", best.params.means.round(3), best.params.stds.round(3))

# %% tags=["hide"]
draw.wander(
    trembling[:200, :2],
    "means",
    "steps",
    "The means of stochastic EM, step by step. EM with the same prior ends at the dashed lines.",
    best.params.means,
)

# %% tags=["hide"]
# Where B's width is concerned, the hill falls more slowly to the wide side, and the walk's mean is on the other.
assert after[:, 3].mean() < best.params.stds[1]

# %% [markdown]
# The `sd` says how much the walk trembles. It is no standard error, because only labels are drawn.
#
# Stochastic EM is for models where labels can be drawn but responsibilities have no formula, and the dice can carry it
# off a poor top. It never stands still. The average of many steps is an estimate, here a rough one, and it is not the
# MAP. A labelling drawn at random is not the average labelling, and the best parameters for drawn labels do not average
# to the best for responsibilities.
#
# **Online EM** is another relative: it does the E-step for [part of the data at a time](online.py#one-pass).
#
# ## What could go wrong
#
# - **Widths and weights of hard EM are reported.** They are biased. Use them to start EM.
# - **A generalised EM is stopped too early.** Small gains may mean that its M-step does too little.
#
# ## Exercises
#
# **1.** Start hard EM and EM from bells of width 1 at 2 and 3, at 6 and 8, and at 7 and 8. *Predict* which of the two
# ends in one place from all three.
#
# <details markdown><summary>Solution</summary>

# %%
for places in ([2, 3], [6, 8], [7, 8]):
    bells = Normals(places, [1, 1])
    stuck, _ = hard_em(x, bells, 30)
    free = em.fit(normals, x, bells).params
    print(f"{places}: hard {stuck.means.round(2)} EM {free.means.round(2)}")

# %% [markdown]
# EM does, here. Hard EM has many more places to stand still, since a point near a border must cross it wholly or not at
# all. These three starts promise nothing for a fourth: try 7 and 10.
#
# </details>
#
# **2.** Draw 20,000 points from the two groups and run hard EM. *Predict* the width of the wide bell, which is 2.
#
# <details markdown><summary>Solution</summary>

# %%
dice = np.random.default_rng(0)
many = np.concatenate([dice.normal(3, 0.8, 10_000), dice.normal(7, 2, 10_000)])
cut, _ = hard_em(many, start, 100)
soft = em.fit(normals, many, start).params
print(f"hard EM {cut.stds[1]:.3f}, EM {soft.stds[1]:.3f}")

# %% [markdown]
# Hard EM finds {{ cut.stds[1] : .2f }} and EM {{ soft.stds[1] : .2f }}. Five hundred times as many points have not
# helped hard EM.
#
# </details>
#
# ## Where to read on
#
# Bryant and Williamson, *Asymptotic behaviour of classification maximum likelihood estimates*, Biometrika 65 (1978).
# Celeux and Govaert, *A classification EM algorithm for clustering and two stochastic versions* (1992),
# [doi 10.1016/0167-9473(92)90042-E](https://doi.org/10.1016/0167-9473%2892%2990042-E). Celeux and Diebolt, *The SEM
# algorithm: a probabilistic teacher algorithm derived from the EM algorithm for the mixture problem*, Computational
# Statistics Quarterly 2 (1985). Meng and Rubin, *Maximum likelihood estimation via the ECM algorithm: a general
# framework*, Biometrika 80 (1993), [doi 10.1093/biomet/80.2.267](https://doi.org/10.1093/biomet/80.2.267).
