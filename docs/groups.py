# ---
# title: How many groups, and what shape?
# order: 30
# section: Use
# question: How many groups are there, how large, and what shape do they have?
# description: >-
#   Mixtures of multivariate normals on the eruptions of Old Faithful: mixing weights,
#   four shapes of covariance, BIC, AIC and cross-validation, and when to stop.
# numbers: own
# allow: [450, 200, 272, 83, 30, 60, 400, 500, 86, 55, 80, 0.02, "0.00001", 1126.326, 6.0, 10, 19, 39, 41, 1974, 1978, 1990, 1991, 2000, 2003, 2006, 2016]
# ---

# %% [markdown]
# # How many groups, how large, and what shape?
#
# Old Faithful is a geyser. For 272 eruptions somebody wrote down how many minutes each
# lasted, and how many minutes passed until the next. There seem to be groups. How many, how
# large, and of what shape? (The data are R's `faithful`, from Härdle 1991.)

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
tilted = steps[3].params
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
# [how many groups there are](#how-many-bic-and-aic).
#
# </details>
# </div>
#
# ## The idea in four sentences
#
# **How large** a group is and **what shape** it has, the two steps of EM find: share out the points,
# then give each group the size, the middle and the spread of what it got. **How many** groups there
# are, they cannot find: with one more, the best fit is never worse. So charge a price for every number that
# a fit may choose, add it to the misfit (minus twice the log-likelihood), and take the lowest total. Then look at it: **a component need not be a
# group**.
#
# By that price a single skew cloud of points is better described by four bells than by one
# ([exercise 4](#exercises)). So four bells are not four groups, and a cluster of cells need not be a
# kind of cell.
#
# **The short answer for the geyser:** three groups of one common shape are the cheapest. But two
# of the three share what looks like one cloud, and on eruptions that were left out two groups, each of a shape of its own, do nearly as well.
# These data do not decide.
#
# **To copy, in R:** the package mclust does the search in one line.
#
# ```r
# library(mclust); fit <- Mclust(faithful); summary(fit)
# ```
#
# `fit$classification` has the group of each row, `fit$z` its shares; `plot(fit, "BIC")` shows all that was
# tried, with the sign of BIC turned: there the highest is best.
#
# ## One step by hand
#
# Three points, (0, 0), (2, 2) and (4, 1). The E-step, say, has given a group the first two
# whole, and half of the third. Its **mixing weight** is what it got, divided by what there
# is; its mean the weighted mean; its **covariance** the weighted mean of products of
# deviations.

# %%
import numpy as np

table = np.array([[0, 0], [2, 2], [4, 1]])
share = np.array([1, 1, 0.5])

mean = share @ table / share.sum()
away = table - mean
covariance = (share * away.T) @ away / share.sum()
print("weight", round(share.sum() / 3, 3), " mean", mean)
print(covariance.round(3))

# %% [markdown]
# On the diagonal stand the two **variances**; beside it, how the columns go together.
#
# And the E-step? As [always](normals.py#the-e-step-colour-by-responsibility): the height of
# each group over the point, times how common the group is, divided by the sum.
#
# ## The program
#
# It draws two clouds like the geyser's and works with logarithms, so that no density is too small to be
# told from 0.

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
# `away @ inv(cov) * away`, summed over the columns, is the squared distance from the mean, measured in
# widths of the ellipse. `np.cov` with the responsibilities as weights is the weighted covariance. For
# three groups, write a third row into `mean`. All else follows.
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
# ## How large? Let the mixing weights go
#
# Now the geyser itself ([the data](data/old_faithful.csv)), with `em`, the package behind these pages
# ([one line installs it](index.py#the-same-with-the-package)). Take the waiting times alone, two
# [bells](normals.py) of one width, and a start at 55 and 80 minutes. Without `fixed="weights"`,
# the M-step also estimates how large each group is:
#
# $$ \pi_k = \frac{1}{n} \sum_i r_{ik} . $$

# %%
from itertools import islice

import em
from em.covariances import n_parameters
from em.models import gaussians, normals
from em.models.gaussians import Gaussians
from em.models.normals import Normals

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
eruption, waiting = x.T
start = Normals(means=[55, 80], stds=[5, 5])
fit = em.fit(normals, waiting, start, equal_stds=True)

print("weights", fit.params.weights.round(5))
print("means  ", fit.params.means.round(4))
print("stds   ", fit.params.stds.round(4))
print(f"log-likelihood {fit.log_likelihood:.4f}")

# %% tags=["hide"]
draw.histogram(
    waiting,
    fit.params,
    "The waiting times, and two bells of equal width. The area under each bell is its "
    "mixing weight.",
)

# %% [markdown]
# The smaller group is a little more than a third of all eruptions.
#
# ## What shape? A bell in the plane
#
# Now both columns. A group in the plane has a mean $\mu$ with two numbers, and a
# *covariance matrix* $\Sigma$ in place of a width. Its density is
#
# $$ \mathcal{N}(x \mid \mu, \Sigma) = \frac{1}{\sqrt{|2 \pi \Sigma|}} \,
#    e^{-\frac{1}{2} (x - \mu)^\top \Sigma^{-1} (x - \mu)} . $$
#
# Points of equal density lie on ellipses; we draw the one that holds 86 per cent of a group. From
# the poor start of the figure above, to the end:

# %%
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
# Short eruptions, {{ two.params.means[0, 0] : .2f }} minutes in the mean, are followed by a wait
# of about {{ two.params.means[0, 1] : .0f }} minutes; long ones,
# {{ two.params.means[1, 0] : .2f }} minutes, by about {{ two.params.means[1, 1] : .0f }}.
#
# <span id="the-two-steps"></span>
#
# ## The same in the package
#
# The E-step is that of every mixture; only the density is new.

# %% tags=["hide"]
em.show(gaussians.log_density)

# %% [markdown]
# The M-step is a weighted mean and a weighted covariance:
#
# $$ \Sigma_k = \frac{\sum_i r_{ik} \, (x_i - \mu_k)(x_i - \mu_k)^\top}{\sum_i r_{ik}} . $$

# %% tags=["hide"]
em.show(gaussians.m_step)

# %% [markdown]
# ## Four shapes
#
# A full covariance has three numbers for each group of points in the plane, and 55 in ten
# dimensions. With little data one may want fewer:
#
# - **full**: each group has an ellipse of its own, of any slant;
# - **tied**: all groups have the same ellipse, each around its own middle;
# - **diagonal**: each has its own, but upright: within a group the columns do not go together;
# - **spherical**: each is a circle of its own size.

# %% tags=["hide"]
em.show(em.covariances.shaped)

# %% [markdown]
# `n_parameters` counts how many numbers a fit chooses in all, $p$: covariances, means, and mixing
# weights (one less than there are groups, as they add up to 1). To start from a given shape, give
# every point to the nearest of a few chosen points, and begin with an M-step.


# %%
def start_at(chosen, shape):
    away = (x[:, None] - chosen) / x.std(axis=0)
    nearest = (away**2).sum(axis=2).argmin(axis=1)
    shares = np.eye(len(chosen))[nearest]
    return gaussians.m_step(x, shares, covariance_type=shape)


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

# %% tags=["hide"]
draw.shapes(
    x,
    two_of,
    "Two groups of each shape. The spherical ones are circles; on these axes, where a minute "
    "of waiting is drawn shorter than a minute of eruption, they look flat and run out of the "
    "frame.",
)

# %% [markdown]
# The full shape can do all that the others can, so its highest peak is never below theirs.
# But the count of numbers is not all: tied has eight and comes out above diagonal with
# nine, because in both groups the columns vary together. The spherical shape fails by
# hundreds: it has one width for both columns, but waits vary by
# {{ x[:, 1].std() : .0f }} minutes and eruptions by one. Circles need columns of about the same
# spread.
#
# ## How many? BIC and AIC
#
# The likelihood alone would never stop asking for more groups. Two old remedies, by Akaike (1974) and Schwarz (1978), charge a price for
# each of the $p$ numbers that a fit may choose:
#
# $$ \mathrm{AIC} = 2 p - 2 \log L , \qquad \mathrm{BIC} = p \log n - 2 \log L . $$
#
# Lower is better. With $n = 272$, BIC asks {{ np.log(len(x)) : .1f }} for each number and AIC asks 2. One
# more number is worth it to BIC only if it raises $\log L$ by more than {{ np.log(len(x)) / 2 : .1f }}.
#
# ### Once by hand
#
# Two full groups have covariances of three numbers, means of two, and
# one mixing weight to choose: 2 × 3 + 2 × 2 + 1 = {{ n_parameters(2, 2, "full") : d }} numbers.
# With the log-likelihood from above, and {{ np.log(len(x)) : .3f }} for the logarithm of 272, BIC is 2 × {{ -two.log_likelihood : .2f }} + {{ n_parameters(2, 2, "full") : d }} × {{ np.log(len(x)) : .3f }}
# = {{ -2 * two.log_likelihood : .2f }} + {{ 11 * np.log(len(x)) : .2f }} = {{ 11 * np.log(len(x)) - 2 * two.log_likelihood : .2f }}.
#
# ### All of them
#
# They mean something only if the likelihood is the highest there is, or near it. So we take 30
# random starts, twenty steps each, and run the best to its end. First we **standardise**: each
# column gets a standard deviation of one. No group may be narrower than a tenth of that, a **floor**.

# %%
z = (x - x.mean(axis=0)) / x.std(axis=0)


def best_fit(z, groups, shape, starts):
    rng = np.random.default_rng(groups)
    different = np.unique(z, axis=0)
    options = {"covariance_type": shape, "min_std": 0.1}
    tried = []
    for _ in range(starts if groups > 1 else 1):
        chosen = rng.choice(different, groups, replace=False)
        nearest = ((z[:, None] - chosen) ** 2).sum(axis=2).argmin(axis=1)
        begin = gaussians.m_step(z, np.eye(groups)[nearest], **options)
        *_, last = islice(em.run(gaussians, z, begin, **options), 21)
        tried.append(last)
    best = max(tried, key=lambda step: step.log_likelihood)
    return em.fit(
        gaussians, z, best.params, tol=1e-4, max_iter=5_000, **options
    )


# A density per standard deviation is one per minute, divided by this.
units = len(x) * np.log(x.std(axis=0)).sum()
bic = {shape: np.zeros(6) for shape in SHAPES}
aic = {shape: np.zeros(6) for shape in SHAPES}
for shape in SHAPES:
    for k in range(6):
        highest = best_fit(z, k + 1, shape, 30).log_likelihood - units
        p = n_parameters(k + 1, 2, shape)
        bic[shape][k] = p * np.log(len(x)) - 2 * highest
        aic[shape][k] = 2 * p - 2 * highest

for name, scores in (("BIC", bic), ("AIC", aic)):
    print(name + "".join(f"{shape:>10}" for shape in SHAPES))
    for k in range(6):
        row = "".join(f"{scores[shape][k]:10.2f}" for shape in SHAPES)
        print(f"{k + 1}  {row}")

# %% [markdown]
# (Standardising changes the spherical column alone: there a circle now is round in standard deviations,
# not in minutes.)

# %% tags=["hide"]
by_bic = sorted((bic[s][k], k + 1, s) for s in SHAPES for k in range(6))
by_aic = sorted((aic[s][k], k + 1, s) for s in SHAPES for k in range(6))
assert [one[1:] for one in by_bic[:3]] == [
    (3, "tied"),
    (4, "tied"),
    (2, "full"),
]
assert abs(bic["full"][1] - 11 * np.log(272) + 2 * two.log_likelihood) < 0.01
assert by_aic[0][1:] == (4, "full")
draw.criteria(
    {"BIC": bic, "AIC": aic},
    "How far each fit lies above the lowest of its panel. Fits of one group lie far above the "
    "frame.",
)

# %% [markdown]
# BIC is lowest for three tied groups, at {{ by_bic[0][0] : .2f }}. Next come
# four tied ones, {{ by_bic[1][0] : .2f }}, and two full ones, {{ by_bic[2][0] : .2f }}: {{ by_bic[1][0] - by_bic[0][0] : .0f }}
# and {{ by_bic[2][0] - by_bic[0][0] : .0f }} away. Were BIC exact here, that would speak for three; but it is
# a rule of thumb (below), and data left out do not confirm it. AIC asks less for each number, and takes more of them:
# four full groups, at {{ by_aic[0][0] : .2f }}. It aims to predict new data well, not to find the
# right model. (On data left out, below, they do not predict best.)
#
# [The line of R](#the-idea-in-four-sentences) searches over fourteen shapes. mclust 6.0.0 prints
# "Mclust EEE (ellipsoidal, equal volume, shape and orientation) model with 3 components": three tied groups.
# `fit$BIC` is its whole table.
#
# ### Why BIC is a rule of thumb here
#
# <details markdown><summary>Go deeper</summary>
#
# The reason behind BIC is that $-\frac{1}{2}$ BIC approximates, for large $n$, the logarithm of
# the probability of the data under the whole model (Schwarz 1978), if the likelihood is one round
# hill around one best value of each parameter. A mixture with more components than there are groups
# has no such value: a surplus component of weight 0 may lie anywhere, and two in one place may
# share their weight in any way. One says that they are not **identified**: $p$ charges for numbers
# that the data never see.
#
# </details>
#
# ## How many? Data that were left out
#
# Another way does not ask for $p$. Leave out a fifth of the eruptions, fit the rest, and ask how
# likely those left out are under the fit; then leave out another fifth. That is the
# **cross-validated** likelihood. It punishes what describes only the points that were fitted. For
# the two shapes that lead:

# %%
turn = np.random.default_rng(0).permutation(len(z))
held_out = {}
for shape in ("tied", "full"):
    for k in (2, 3, 4, 5):
        each = np.zeros(len(z))
        for fold in np.array_split(turn, 5):
            rest = np.delete(z, fold, axis=0)
            found = best_fit(rest, k, shape, 4).params
            joint = gaussians.log_joint(z[fold], found)
            each[fold] = np.logaddexp.reduce(joint, axis=1)
        held_out[shape, k] = each - units / len(z)

best = max(held_out, key=lambda one: held_out[one].sum())
print("groups, shape   held out  below best")
for (shape, k), each in held_out.items():
    below = held_out[best] - each
    error = below.std() * np.sqrt(len(below))
    print(f"{k}  {shape:9}{each.sum():12.2f}", end="")
    print(f"{below.sum():7.1f} ± {error:.1f}")

# %% tags=["hide"]
assert best == ("tied", 3)
below = [(held_out[best] - each) for each in held_out.values()]
near = sum(0 < d.sum() < d.std() * np.sqrt(len(d)) for d in below)

# %% [markdown]
# Three tied groups once more; but {{ near : d }} of the other rows lie less than one standard error
# below (after the ±). Where the likelihood of new data hardly differs,
# take the plainer description, and say so.
#
# And is there a third kind of eruption? Here are the three:

# %%
three = best_fit(z, 3, "tied", 30).params

print("weights", three.weights.round(3))
print((three.means * x.std(axis=0) + x.mean(axis=0)).round(2))

# %% [markdown]
# One group is the short eruptions. The other two share the long ones, and overlap in what looks like
# one cloud: two bells of the common shape describe it better than one. Whether they are two kinds of
# eruption is for the geologist to say.
#
# ## What could go wrong
#
# - **A group falls flat:** onto a point, or a line through a few. The likelihood then has no
#   bound. `em.fit` stops and says which group, as below; a floor, a plainer shape or fewer groups
#   help.
# - **The highest peak is missed.** Many starts help; nothing makes sure.
# - **BIC is compared across different data.** Drop one point, or take logarithms of a
#   column, and the numbers have nothing to do with each other.
# - **A winner is a rounding.** Exercise 3: look at a winner before you believe its number.

# %%
tiny = [[0.001, 0], [0, 0.001]]
wide = [[1, 0], [0, 100]]
begin = Gaussians([x[0], [3, 70]], [tiny, wide])

try:
    em.fit(gaussians, x, begin)
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# ## Exercises
#
# **1.** Let the two bells of the waiting times have widths of their own. Is the extra number
# worth its price, by BIC?
#
# <details markdown><summary>Solution</summary>

# %%
start = Normals(means=[55, 80], stds=[5, 5])
for equal, p in ((True, 4), (False, 5)):
    bells = em.fit(normals, waiting, start, equal_stds=equal)
    log_likelihood = bells.log_likelihood
    price = p * np.log(len(waiting))
    print(bells.params.stds.round(3), f"{log_likelihood:.5f}", end="")
    print(f"  BIC {price - 2 * log_likelihood:.2f}")

# %% [markdown]
# No. The log-likelihood hardly moves, and BIC rises by nearly the whole price of one number.
#
# </details>
#
# **2.** For its three tied groups mclust prints a log-likelihood
# of −1126.326. Its rule stops where a step adds less than 0.00001 of the log-likelihood.
# *Predict*: run to the end, does EM find the same?
#
# <details markdown><summary>Solution</summary>

# %%
mclust = -1126.326


def barely_rose(steps):
    before, after = (step.log_likelihood for step in steps[-2:])
    return after - before < 1e-5 * (1 + abs(after))


options = {"covariance_type": "tied", "max_iter": 5_000}
begin = start_at([[2, 50], [2, 60], [4.5, 80]], "tied")
early = em.fit(gaussians, x, begin, until=barely_rose, **options)
late = em.fit(gaussians, x, begin, **options)
print(f"stopped {early.log_likelihood:.6f}  step {len(early.steps) - 1:4}")
print(f"settled {late.log_likelihood:.6f}  step {len(late.steps) - 1:4}")
print(f"settled is {late.log_likelihood - mclust:.3f} above mclust's")

# %% tags=["hide"]
draw.climbs(
    late,
    len(early.steps) - 1,
    "One start. The mark shows where a rule that looks at the last rise of the log-likelihood "
    "would have stopped. (The start lies below the frame.)",
)

# %% [markdown]
# A little more: mclust was stopped early. From this start
# the rule stops even earlier, on a plain, {{ late.log_likelihood - early.log_likelihood : .0f }} below the
# end, where EM creeps for more than a thousand steps before it finds the way up. **A small step is not a
# short way to go**: [what to ask for instead](pitfalls.py#a-small-step-is-not-a-small-distance).
#
# </details>
#
# **3.** With a floor of 0.02 minutes in place of a tenth of a standard deviation, and 400 starts, the
# search above finds a much better BIC, with five diagonal groups. The waits were written down in
# whole minutes. *Predict*: where does one of the five lie?
#
# <details markdown><summary>Solution</summary>
#
# On the waits of exactly 83 minutes; there are {{ (x[:, 1] == 83).sum() : d }} of them.

# %%
chosen = z[np.random.default_rng(0).choice(len(z), 4, replace=False)]
nearest = ((z[:, None] - chosen) ** 2).sum(axis=2).argmin(axis=1)
shares = np.eye(5)[np.where(x[:, 1] == 83, 4, nearest)]
options = {"covariance_type": "diagonal", "min_std": 0.02}
begin = gaussians.m_step(x, shares, **options)
on_83 = em.fit(gaussians, x, begin, tol=1e-4, max_iter=5_000, **options)

p = n_parameters(5, 2, "diagonal")
print("on 83 minutes:", (x[:, 1] == 83).sum())
print("mean wait of the fifth:", on_83.params.means[4, 1].round(3))
print("its std:", np.sqrt(on_83.params.covariances[4, 1, 1]).round(3))
print(f"BIC {p * np.log(len(x)) - 2 * on_83.log_likelihood:.2f}")
print(f"AIC {2 * p - 2 * on_83.log_likelihood:.2f}")

# %% tags=["hide"]
on_83_bic = p * np.log(len(x)) - 2 * on_83.log_likelihood

# %% [markdown]
# BIC {{ on_83_bic : .2f }}, well below {{ by_bic[0][0] : .2f }}, and one group lies on the waits of
# exactly 83 minutes, as narrow as the floor lets it be. That is a
# [collapse](pitfalls.py#a-bell-collapses) held up half-way. Its likelihood says how low the floor is
# and how the watch was read, and nothing of the geyser. A floor should come from how finely was
# measured, and from how narrow a group could be.
#
# </details>
#
# **4.** Draw 500 points from *one* group that is not a bell: two columns of
# `rng.exponential`. How many normals does BIC want?
#
# <details markdown><summary>Solution</summary>

# %%
rng = np.random.default_rng(1)
skew = rng.exponential(size=(500, 2))

for k in range(1, 5):
    starts = [
        gaussians.m_step(skew, rng.dirichlet(np.ones(k), 500))
        for _ in range(10)
    ]
    found = em.best_of(
        gaussians, skew, starts, tol=1e-4, max_iter=5_000, min_std=0.05
    ).fit
    p = n_parameters(k, 2, "full")
    print(k, f"BIC {p * np.log(500) - 2 * found.log_likelihood:.2f}")

# %% [markdown]
# Of one to four, it wants the most, and by a wide margin. Yet there is one group. Several bells
# imitate a skew cloud: a fine description and a bad count.
#
# </details>
#
# ## Where to read on
#
# - Scrucca, Fop, Murphy and Raftery, *mclust 5: Clustering, Classification and Density
#   Estimation Using Gaussian Finite Mixture Models*, The R Journal 8 (2016),
#   [doi 10.32614/RJ-2016-021](https://doi.org/10.32614/RJ-2016-021). Fourteen shapes, and
#   Old Faithful.
# - Akaike, *A New Look at the Statistical Model Identification*, IEEE Transactions on
#   Automatic Control 19 (1974),
#   [doi 10.1109/TAC.1974.1100705](https://doi.org/10.1109/TAC.1974.1100705). AIC.
# - Schwarz, *Estimating the Dimension of a Model*, The Annals of Statistics 6 (1978),
#   [doi 10.1214/aos/1176344136](https://doi.org/10.1214/aos/1176344136). BIC.
# - Biernacki, Celeux and Govaert, *Choosing starting values for the EM algorithm for getting
#   the highest likelihood in multivariate Gaussian mixture models*, Computational Statistics
#   & Data Analysis 41 (2003),
#   [doi 10.1016/S0167-9473(02)00163-9](https://doi.org/10.1016/S0167-9473(02)00163-9).
# - Azzalini and Bowman, *A Look at Some Data on the Old Faithful Geyser*, Applied Statistics
#   39 (1990), [doi 10.2307/2347385](https://doi.org/10.2307/2347385).
# - On what BIC may be trusted with in a mixture: McLachlan and Peel, *Finite Mixture Models*
#   (2000), chapter 6, *Assessing the Number of Components*.
# - Smyth, *Model Selection for Probabilistic Clustering Using Cross-Validated Likelihood*,
#   Statistics and Computing 10 (2000): data that were left out.
# - Bishop, *Pattern Recognition and Machine Learning* (2006), chapter 9: k-means first, then
#   the mixtures, also on Old Faithful. Next here: [k-means](kmeans.py), which is what EM becomes
#   when the groups are circles of one width that goes to nothing.
