# ---
# title: "Gaussian mixtures: shapes"
# order: 30
# section: Use
# question: What size and shape do groups of points have?
# description: >-
#   Gaussian mixture models (GMM) in the plane on the eruptions of Old Faithful: mixing weights, full, tied,
#   diagonal and spherical covariances, and a program in logarithms.
# numbers: own
# allow: [20, 39, 450, 200, 272, 83, 86, 55, 80, 10, 1990, 1991, 2006, 2016]
# ---

# %% [markdown]
# # Gaussian mixtures: shapes
#
# Old Faithful is a geyser. Of 272 eruptions we know how many
# minutes each lasted, and how many minutes passed until the next. There seem to be groups. How large is each, and what
# shape does it have? A **Gaussian mixture model** (GMM) puts an ellipse over each, and EM fits it.

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import groups as draw
from em.figures.scatter import groups_live
from em.models import gaussians
from em.models.gaussians import Gaussians

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
start = Gaussians(
    means=[[3, 60], [3, 80]],
    covariances=[[[1, 0], [0, 64]], [[1, 0], [0, 64]]],
)
steps = list(islice(em.run(gaussians, x, start), 13))
whole = np.cov(x.T, ddof=0)
in_order = x[np.lexsort(x.T[::-1])]
trio = em.fit(
    gaussians,
    x,
    Gaussians(in_order[[45, 136, 226]], [whole / 3] * 3),
    max_iter=5_000,
)
pair = em.fit(gaussians, x, start)
groups_live()

# %% [markdown]
# **You will be able to** fit a Gaussian mixture in the plane, and choose a shape for its groups. **About MINUTES
# minutes. To know first:** [Gaussian mixtures in one dimension](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the two ellipses begin one above the other, and are alike. Which way will they move
# first? *Press **Share out**, then **Re-estimate**.*
#
# <details markdown><summary>Apart, up and down</summary>
#
# They do move apart in height, because A is given the short waits and B the long ones. But that is
# not all: those with short waits are not a random half of the eruptions.
#
# </details>
# <details class="right" markdown><summary>Apart, sideways as well</summary>
#
# Yes. A is given the points with short waits, and those have short eruptions. Both means began at 3
# minutes. After one step they are at {{ steps[1].params.means[0, 0] : .2f }} and
# {{ steps[1].params.means[1, 0] : .2f }}.
#
# </details>
# <details markdown><summary>Towards each other</summary>
#
# They would if both were given the same points. But A begins lower, so the lower points are mostly
# A's, and those lie to the left.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** both ellipses began upright. How will they stand in the end? *Press both, three times
# more.*
#
# <details class="right" markdown><summary>Both slant upwards</summary>
#
# Yes. Within each group, too, a longer eruption goes with a longer wait.
#
# </details>
# <details markdown><summary>Upright: each group is a cloud of its own</summary>
#
# Tempting, because the two clouds explain most of why long eruptions go with long waits. Not all of
# it: look inside one cloud, and it still rises to the right.
#
# </details>
# <details markdown><summary>They slant in opposite ways</summary>
#
# Nothing in the M-step forbids that. The data do: in both clouds a longer eruption goes with a longer
# wait.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** you see two clouds. Will the fit with two groups or the fit with three have the
# higher log-likelihood? *Press **Play** and read the number. Then choose three groups under Options, and
# play again.*
#
# <details markdown><summary>Two, since there are two clouds</summary>
#
# Two may be the better description. But it has less freedom, so it cannot fit better: with three it
# is {{ trio.log_likelihood : .1f }}, with two {{ pair.log_likelihood : .1f }}.
#
# </details>
# <details markdown><summary>The same: a third group is left with nothing</summary>
#
# A third group can always be put to some use. If nothing better is to be had, it shares a cloud with
# another.
#
# </details>
# <details class="right" markdown><summary>Three</summary>
#
# Yes: {{ trio.log_likelihood : .1f }} against {{ pair.log_likelihood : .1f }}. Two groups are a special
# case of three, so the best fit with three is never worse. That is why the likelihood cannot tell you
# [how many groups there are](howmany.py).
#
# </details>
# </div>
#
# ## One step by hand
#
# Take the points (0, 0), (2, 2) and (4, 1). The E-step has given a group the first two whole, and half of the third.
# Its **mixing weight** is what it got, divided by what there is. Its mean is the weighted mean, and its **covariance**
# the weighted mean of products of deviations.

# %%
import numpy as np

table = np.array([[0, 0], [2, 2], [4, 1]])
r = np.array([1, 1, 0.5])

mean = r @ table / r.sum()
away = table - mean
covariance = (r * away.T) @ away / r.sum()
print("weight", round(r.sum() / 3, 3), " mean", mean)
print(covariance.round(3))

# %% [markdown]
# The two **variances** stand on the diagonal. Beside it stands how the columns go together.
#
# The E-step is [as always](normals.py#the-e-step-colour-by-responsibility): the density of each group at the point,
# times its mixing weight, divided by the sum over the groups.
#
# ## The program
#
# It draws two clouds like the geyser's. It works with logarithms, because a density can be too small for the machine.

# %% tags=["program"]
import numpy as np

rng = np.random.default_rng(1)
lasted = np.concatenate([rng.normal(2, 0.3, 100), rng.normal(4.3, 0.4, 170)])
x = np.column_stack([lasted, 33 + 11 * lasted + rng.normal(0, 5, 270)])
mean = np.array([[3.0, 60], [3, 80]])  # a guess: a row for each group
cov = np.array([np.diag([1.0, 64])] * len(mean))
weight = np.ones(len(mean)) / len(mean)

for _ in range(30):
    # E-step: log of weight times density, a column for each group
    log_joint = np.zeros((len(x), len(mean)))
    for k in range(len(mean)):
        away = x - mean[k]
        square = (away @ np.linalg.inv(cov[k]) * away).sum(axis=1)
        log_det = np.log(np.linalg.det(cov[k]))
        log_joint[:, k] = np.log(weight[k]) - (square + log_det) / 2
    r = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    r = r / r.sum(axis=1, keepdims=True)
    # M-step: weights, weighted means and weighted covariances
    weight = r.mean(axis=0)
    mean = r.T @ x / r.sum(axis=0)[:, None]
    cov = np.array([np.cov(x.T, aweights=one, ddof=0) for one in r.T])

print("weights", weight.round(3), "means", *mean.round(2))

# %% tags=["hide"]
*_, ours = islice(em.run(gaussians, x, start), 31)
np.testing.assert_allclose(weight, ours.params.weights, rtol=1e-9)
np.testing.assert_allclose(mean, ours.params.means, rtol=1e-9)
np.testing.assert_allclose(cov, ours.params.covariances, rtol=1e-9)

# %% [markdown]
# `away @ inv(cov) * away`, summed over the columns, is the squared distance from the mean, measured in widths of the
# ellipse. `np.cov` with the responsibilities as weights is the weighted covariance. For three groups, write a third
# row into `mean`, and the rest follows.
#
# <div class="change" markdown>
# **Predict:** give it a third group, though the points were drawn from two. Where will it go?
#
# ```diff
# -mean = np.array([[3.0, 60], [3, 80]])  # a guess: a row for each group
# +mean = np.array([[3.0, 60], [3, 80], [4, 70]])  # a guess: a row for each group
# ```
#
# <details markdown><summary>See why</summary>
#
# It shares the cloud of long eruptions: two means, at {{ changed.mean[1, 0] : .2f }} and
# {{ changed.mean[2, 0] : .2f }} minutes, where there is one group. EM finds as many groups as you ask
# for. It cannot say that one is too many.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** both groups begin in the same place. Who gets which cloud?
#
# ```diff
# -mean = np.array([[3.0, 60], [3, 80]])  # a guess: a row for each group
# +mean = np.array([[3.0, 70], [3, 70]])  # a guess: a row for each group
# ```
#
# <details markdown><summary>See why</summary>
#
# Nobody. Two groups that are alike get equal responsibilities for every point, so they stay alike: both
# end at {{ changed.mean[0, 0] : .2f }} minutes, the mean of all points. It is a saddle. Start from groups
# that differ.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** one wait is mistyped as 450 minutes. What does the fit make of it?
#
# ```diff
# -x = np.column_stack([lasted, 33 + 11 * lasted + rng.normal(0, 5, 270)])
# +x = np.column_stack([lasted, 33 + 11 * lasted + rng.normal(0, 5, 270)])
# +x = np.append(x, [[4, 450]], axis=0)
# ```
#
# <details markdown><summary>See why</summary>
#
# Python stops with “{{ changed.error : s }}”. One group ends up with the far point alone, and the
# covariance of a single point is flat: it has no inverse. So the program found the outlier, and gave it
# a group of its own. With 200 in place of 450 the point joins the long eruptions. [What to do about
# outliers](pitfalls.py).
#
# </details>
# </div>
#
# %% [markdown]
# ## What shape? A bell in the plane
#
# Now the geyser itself ([the data](data/old_faithful.csv)), with the
# [package](index.py#the-same-with-the-package). A group in the plane has a mean $\mu$ of two numbers, and in place of a width a *covariance matrix*
# $\Sigma$. Its density is
#
# $$ \mathcal{N}(x \mid \mu, \Sigma) = \frac{1}{\sqrt{|2 \pi \Sigma|}} \,
#    e^{-\frac{1}{2} (x - \mu)^\top \Sigma^{-1} (x - \mu)} . $$
#
# Points of equal density lie on an ellipse. We draw the one that holds 86 per cent of a group.

# %%
import numpy as np

import em
from em.models import gaussians
from em.models.gaussians import Gaussians
from em.numbers.covariances import n_parameters

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
start = Gaussians(
    means=[[3, 60], [3, 80]],
    covariances=[[[1, 0], [0, 64]], [[1, 0], [0, 64]]],
)
two = em.fit(gaussians, x, start)

print("weights", two.params.weights.round(5))
print("means")
print(two.params.means.round(5))
print("covariances")
print(two.params.covariances.round(5))
print(f"log-likelihood {two.log_likelihood:.5f}")

# %% [markdown]
# Short eruptions of about {{ two.params.means[0, 0] : .0f }} minutes are followed by a wait of about
# {{ two.params.means[0, 1] : .0f }} minutes, and long ones of about {{ two.params.means[1, 0] : .1f }} minutes by a wait
# of about {{ two.params.means[1, 1] : .0f }}.
#
# ## The same in the package
#
# The E-step is that of every mixture. Only the density is new.

# %% tags=["hide"]
em.show(gaussians.log_density)

# %% [markdown]
# The M-step is a weighted mean and a weighted covariance.

# %% tags=["hide"]
em.show(gaussians.credited)

# %% tags=["hide"]
em.show(gaussians.answer)

# %% [markdown]
# ## Four shapes
#
# A full covariance has three numbers for each group of points in the plane, and 55 in ten dimensions. If you have
# little data, you may want fewer:
#
# - **full**: each group has an ellipse of its own, of any slant;
# - **tied**: all groups have the same ellipse, each around its own mean;
# - **diagonal**: each group has its own, but upright, so within a group the columns do not go together;
# - **spherical**: each group is a circle of its own size.

# %% tags=["hide"]
em.show(em.numbers.covariances.shaped)

# %% [markdown]
# Here are two groups of each shape. Each fit begins with the points given to the nearer of two chosen ones.
#
# <details markdown><summary>Go deeper</summary>
#
# `n_parameters` counts how many numbers a fit chooses.


# %%
def start_at(chosen, shape):
    away = (x[:, None] - chosen) / x.std(axis=0)
    nearest = (away**2).sum(axis=2).argmin(axis=1)
    owners = np.eye(len(chosen))[nearest]
    return gaussians.m_step(x, owners, covariance_type=shape)


SHAPES = ("full", "tied", "diagonal", "spherical")
two_of = {
    shape: em.fit(
        gaussians,
        x,
        start_at([[2, 55], [4, 80]], shape),
        covariance_type=shape,
    )
    for shape in SHAPES
}
for shape, found in two_of.items():
    numbers = n_parameters(2, 2, shape)
    print(f"{shape:9} {numbers:2} numbers {found.log_likelihood:11.3f}")

# %% [markdown]
# </details>

# %% tags=["hide"]
draw.shapes(
    x,
    two_of,
    "Two groups of each shape. The spherical ones are circles. They look flat here, because a minute of waiting is "
    "drawn shorter than a minute of eruption.",
)

# %% [markdown]
# The full shape can do all that the others can, so its highest peak is never below theirs. But the count of numbers
# does not decide alone. Tied has eight, and its log-likelihood is {{ two_of["tied"].log_likelihood - two_of["diagonal"].log_likelihood : .1f }} above that of diagonal with nine, because in both groups the columns vary
# together. The spherical shape fails by hundreds. It has one width for both columns, but waits vary by
# {{ x[:, 1].std() : .0f }} minutes and eruptions by one. So give the columns equal standard deviations before you use
# circles.
#
# Which shape is best, and how many groups? That is [the next page](howmany.py).
#
# ## What could go wrong
#
# - **A group falls flat**, onto a point or onto a line through a few. The likelihood then has no bound, the covariance
#   is *singular*, and `em.fit` stops and says which group. A floor, a plainer shape or fewer groups
#   [help](collapse.py).
# - **The highest peak is missed.** [Many starts](starts.py) help, and nothing makes sure.
# - **A far point gets a group of its own.** See [outliers](pitfalls.py#outliers).
#
# ## Exercises
#
# **1.** Make the program's covariances diagonal: multiply each by `np.eye(2)` in the M-step. *Predict* whether the means
# change.
#
# <details markdown><summary>Solution</summary>

# %%
rng = np.random.default_rng(1)
lasted = np.concatenate([rng.normal(2, 0.3, 100), rng.normal(4.3, 0.4, 170)])
clouds = np.column_stack([lasted, 33 + 11 * lasted + rng.normal(0, 5, 270)])
for shape in ("full", "diagonal"):
    begin = Gaussians([[3, 60], [3, 80]], [np.diag([1, 64])] * 2)
    found = em.fit(gaussians, clouds, begin, covariance_type=shape)
    print(f"{shape:9}", *found.params.means.round(3))

# %% [markdown]
# Hardly. These groups are so far apart that nearly every responsibility is 0 or 1, whatever the shape. Shapes matter
# where groups overlap.
#
# </details>
#
# **2.** Take the waiting times alone, as two bells. *Predict*: is it worth giving each a width of its own?
#
# <details markdown><summary>Solution</summary>

# %%
from em.models import normals
from em.models.normals import Normals

waiting = x[:, 1]
start = Normals(means=[55, 80], stds=[5, 5])
for equal in (True, False):
    fit = em.fit(normals, waiting, start, equal_stds=equal)
    print("weights", fit.params.weights.round(5), end="  ")
    print("means", fit.params.means.round(4))
    print("stds   ", fit.params.stds.round(4), end="  ")
    print(f"log-likelihood {fit.log_likelihood:.4f}")

# %% [markdown]
# It hardly moves. One width for both does as well, with one number fewer.
#
# </details>
#
# ## Where to read on
#
# - Scrucca, Fop, Murphy and Raftery, *mclust 5: Clustering, Classification and Density Estimation Using Gaussian Finite
#   Mixture Models*, The R Journal 8 (2016), [doi 10.32614/RJ-2016-021](https://doi.org/10.32614/RJ-2016-021). Fourteen
#   shapes, and Old Faithful.
# - Azzalini and Bowman, *A Look at Some Data on the Old Faithful Geyser*, Applied Statistics 39 (1990),
#   [doi 10.2307/2347385](https://doi.org/10.2307/2347385). The data here are R's `faithful`, from Härdle (1991).
# - Bishop, *Pattern Recognition and Machine Learning* (2006), chapter 9, has k-means first, then these mixtures.
