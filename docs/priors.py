# ---
# title: Priors and known labels (MAP)
# order: 14.1
# section: Understand
# question: Can I use a prior? Can I use labels that I have?
# description: >-
#   Maximum a posteriori (MAP) estimation by EM with imagined data, which stops a collapse, and
#   semi-supervised EM, where some labels are known: a program for both, and what they cost.
# numbers: own
# allow: [15, "4,000", 21.3, 29.9, 10, 1.5, 40, 20, 200, 1977, 1985]
# ---

# %% [markdown]
# # Priors and known labels (MAP)
#
# What you know before you see the data can help EM. With a **prior** on the parameters, EM finds the most probable
# parameters given the data, which is called **maximum a posteriori** (MAP) estimation. With a few known labels, the
# problem is **semi-supervised**. Press **Play** to see what can happen without either.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import normals as draw_normals
from em.figures import relatives as draw
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals, NormalsPrior

old = np.random.RandomState(110)
x = np.concatenate([old.normal(3, 0.8, 20), old.normal(7, 2, 20)])
first = Normals([4.51, 6], [0.11, 2])
taken = []
try:
    for step in em.run(normals, x, first):
        taken.append(step)
except em.CollapsedError as error:
    collapsed = error
live(
    "bells",
    x=x,
    means=first.means,
    stds=first.stds,
    mixing="free",
    still=draw_normals.frames(x, [taken[0], taken[-1]]),
    told=f"The guess, and after {len(taken) - 1} steps: A is a needle, "
    f"{taken[-1].params.stds[0]:.1e} wide.",
    caption="Forty points of two groups. Bell A begins as a needle on one point, and nothing stops it from becoming "
    "narrower still.",
)

# %% [markdown]
# **You will be able to** put a prior or known labels into an EM program. **About MINUTES minutes. To know first:**
# [a Gaussian mixture](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** you imagine two more points for each bell, before any data: around 5, and 1.5 wide. Which of the two
# steps of EM has to change?
#
# <details markdown><summary>The E-step</summary>
#
# The E-step asks which bell each *seen* point belongs to. An imagined point has an owner already.
#
# </details>
# <details class="right" markdown><summary>The M-step</summary>
#
# Yes. The M-step divides sums by counts, and the imagined points are added to both. The E-step does not notice.
#
# </details>
# <details markdown><summary>Both</summary>
#
# The responsibilities change, too, but only because the parameters do. Its formula stays.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** an expert tells you the group of every fourth point. Which step has to change now?
#
# <details class="right" markdown><summary>The E-step</summary>
#
# Yes. The responsibility of a known label is 1, whatever the bells say.
#
# </details>
# <details markdown><summary>The M-step</summary>
#
# The M-step counts what it is given, and it need not know where that comes from.
#
# </details>
# </div>
#
# ## A prior: MAP
#
# Toss a new coin three times, and see three heads. The best estimate of its chance of heads is 1, but few people
# would bet on it. A prior is easiest to think of as imagined data, or **pseudo-counts**. With one head and one tail as
# if seen already, the estimate is 4/5. As a density this prior is called **Beta(2, 2)**.
#
# In the M-step, heads ÷ flips becomes (heads + imagined heads) ÷ (flips + imagined flips). On
# [the two coins](coins.py#re-estimate-by-hand) A was credited with 21.3 heads in 29.9 flips. With two more heads and two
# more tails, its estimate goes from {{ 21.3 / 29.9 : .3f }} to {{ (21.3 + 2) / (29.9 + 4) : .3f }}.
#
# What EM climbs now is the log-likelihood plus the logarithm of the prior. That sum never falls. The log-likelihood
# alone may.
#
# ## The program
#
# EM for two bells, with imagined points. Bell A begins as the needle above.

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean, std = np.array([4.51, 6]), np.array([0.1, 2])  # a guess; A is a needle
weight = np.ones(len(mean)) / len(mean)
extra = 2  # imagined points of each bell, around 5, with a width of 1.5

for _ in range(200):
    # E-step: log of weight times density, then responsibilities
    log_joint = np.log(weight / std) - ((x[:, None] - mean) / std) ** 2 / 2
    r = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    r = r / r.sum(axis=1, keepdims=True)
    # M-step: real points and imagined ones
    size = r.sum(axis=0) + extra
    mean = (x @ r + extra * 5) / size
    square = (r * (x[:, None] - mean) ** 2).sum(axis=0)
    square = square + extra * (1.5**2 + (5 - mean) ** 2)
    weight, std = size / size.sum(), np.sqrt(square / size)

print(
    "means", mean.round(3), "widths", std.round(3), "weights", weight.round(3)
)

# %% tags=["hide"]
same = NormalsPrior(5, extra, 1.5, extra, extra)
ours = em.fit(
    normals, x, Normals([4.51, 6], [0.1, 2]), prior=same, tol=1e-10
).params
np.testing.assert_allclose(mean, ours.means, rtol=1e-6)
np.testing.assert_allclose(std, ours.stds, rtol=1e-6)
np.testing.assert_allclose(weight, ours.weights, rtol=1e-6)

# %% [markdown]
# For three bells, write three means and three widths in the line of the guess.
#
# <div class="change" markdown>
# **Predict:** imagine nothing. What becomes of the needle?
#
# ```diff
# -extra = 2  # imagined points of each bell, around 5, with a width of 1.5
# +extra = 0  # imagined points of each bell, around 5, with a width of 1.5
# ```
#
# <details markdown><summary>See why</summary>
#
# Its width goes to 0, and everything to {{ changed.mean[0] : .0f }}. Two imagined points are enough to prevent that,
# because a bell that owns them cannot be narrower than they let it be.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** imagine two hundred points for each bell. What will be left of the data?
#
# ```diff
# -extra = 2  # imagined points of each bell, around 5, with a width of 1.5
# +extra = 200  # imagined points of each bell, around 5, with a width of 1.5
# ```
#
# <details markdown><summary>See why</summary>
#
# Next to nothing. Both bells are at {{ changed.mean[0] : .2f }} with a width of {{ changed.std[0] : .2f }}: the answer
# is what you put in. With few points in a component a small prior decides as much.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** make both bells alike, a start from which EM never gets away, and let an expert name every fourth
# point.
#
# ```diff
# -mean, std = np.array([4.51, 6]), np.array([0.1, 2])  # a guess; A is a needle
# +mean, std = np.array([5.0, 5]), np.array([2.0, 2])  # a guess; both alike
#
# -    # M-step: real points and imagined ones
# +    r[:20:4], r[20::4] = [1, 0], [0, 1]  # every fourth label is known
# +    # M-step: real points and imagined ones
# ```
#
# <details markdown><summary>See why</summary>
#
# The labels pull the bells apart, to {{ changed.mean[0] : .2f }} and {{ changed.mean[1] : .2f }}. They also give the
# bells their names: A is now the group that the expert calls the first.
#
# </details>
# </div>
#
# ## In the package
#
# In the [package](index.py#the-same-with-the-package) both are options of `em.fit`. First a prior, from the needle and
# from a usual start:

# %%
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals, NormalsPrior

start = Normals(means=[1.1, 9], stds=[2, 1.7])
needle = Normals([4.51, 6], [0.1, 2])
fit = em.fit(normals, x, start)
try:
    em.fit(normals, x, needle)
except em.CollapsedError as error:
    print(f"component {error.component} collapsed at step {error.step}")

prior = NormalsPrior(mean=5, mean_count=0.1, std=1.5, std_count=2, points=1)
saved = em.fit(normals, x, needle, prior=prior)
best = em.fit(normals, x, start, prior=prior)
for name, one in (("needle", saved), ("start", best)):
    print(f"{name:6} means {one.params.means.round(3)}", end=" ")
    print(f"stds {one.params.stds.round(3)}, height {one.heights[-1]:.3f}")

# %% [markdown]
# Both starts end in one place. `heights` is the sum that EM climbs here.
#
# ## Some labels known
#
# Now an expert tells the group of every fourth point. `-1` stands for an unknown label.

# %%
group = np.repeat([0, 1], 20)
labels = np.full(40, -1)  # unknown
labels[::4] = group[::4]

some = em.fit(normals, x, start, labels=labels)
print("responsibilities of the first five points")
print(some.posterior[:5].round(3))
print("means", some.params.means.round(3), "stds", some.params.stds.round(3))

swapped = em.fit(normals, x, Normals([9, 1.1], [1.7, 2]), labels=labels)
alike = em.fit(normals, x, Normals([5, 5], [2, 2]), labels=labels)
for name, one in (("start", some), ("swapped", swapped), ("alike", alike)):
    print(f"{name:8}{len(one.steps):4} E-steps, mean of A", end=" ")
    print(f"{one.params.means[0]:.4f}")

# %% tags=["hide"]
draw.beside(
    x,
    some.params,
    fit.params,
    some.posterior,
    "Lines: ten labels known. Pale: none.",
    "Ten points whose labels are known wear a ring or a square. The bells with these labels are lines, those without "
    "are broad and pale.",
    labels,
)

# %% [markdown]
# The labels shorten the way, to {{ len(some.steps) : d }} E-steps from {{ len(fit.steps) : d }}. And the bells get
# their names, even from a start with the names swapped or with both bells alike.
#
# ## What could go wrong
#
# - **The prior decides.** Change it, and look how much of the answer changes.
# - **Two starts still end on different tops.** A prior removes needles. It does not remove other peaks.
# - **The labels are not missing at random.** An expert who names the clear cases first does no harm, since what is
#   clear can be read off the point. One who names red points more readily than blue ones *at the same place* makes
#   the weight of A too large, and shifts the bells, as [exercise 2](#exercises) shows.
# - **The scale of a prior.** The peak of a density depends on the scale. The same belief, put as a density of
#   variances or of standard deviations, peaks in different places. The maximum of a likelihood does not move so.

# %% tags=["hide"]
from em.models.coins import CoinsPrior

em.show(CoinsPrior)

# %% [markdown]
# ## Exercises
#
# **1.** A coin shows heads in three of three tosses, and its prior is Beta(2, 2). *Predict* the MAP estimate, and
# whether its log-likelihood is higher or lower than that of an estimate of 1.
#
# <details markdown><summary>Solution</summary>

# %%
heads, flips = 3, 3
for name, imagined in (("no prior", 0), ("Beta(2, 2)", 1)):
    theta = (heads + imagined) / (flips + 2 * imagined)
    print(f"{name}: {theta:.2f}, log-likelihood {heads * np.log(theta):.3f}")

# %% tags=["hide"]
from em.models import coins
from em.models.coins import Coins, Flips

toss = em.fit(coins, Flips([3], [0]), Coins([0.5]), prior=CoinsPrior.beta(2, 2))
np.testing.assert_allclose(toss.params.theta, theta)

# %% [markdown]
# Four fifths. The log-likelihood is *lower* than without a prior, and should be, because it is not what was climbed.
#
# </details>
#
# **2.** Draw 4,000 points, half from a bell at 3 and half from one at 7, and name half of the first group but only a
# tenth of the second. *Predict* which numbers of the fit are off.
#
# <details markdown><summary>Solution</summary>

# %%
dice = np.random.default_rng(0)
group = np.repeat([0, 1], 2_000)
many = dice.normal(np.array([3, 7])[group], np.array([0.8, 2])[group])
told = dice.random(4_000) < np.array([0.5, 0.1])[group]
unfair = em.fit(normals, many, start, labels=np.where(told, group, -1)).params
print("weights", unfair.weights.round(3), "means", unfair.means.round(2))
print("stds", unfair.stds.round(2))

# %% tags=["hide"]
assert unfair.weights[0] > 0.52
assert unfair.means[1] > 7.2

# %% [markdown]
# All of them. The weight of A should be a half and is {{ unfair.weights[0] : .2f }}, and the mean of B should be 7 and
# is {{ unfair.means[1] : .2f }}. The model takes the labels for a fair sample of the points.
#
# </details>
#
# ## Where to read on
#
# Dempster, Laird and Rubin (1977) already have MAP. The [hidden Markov model](counts.py) has a prior in the package,
# too. [EM's relatives](relatives.py) shows the other ways to change EM.
