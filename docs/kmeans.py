# ---
# title: k-means, the limit
# order: 30.5
# section: Use
# question: What has k-means to do with EM, and when may I use it instead?
# description: >-
#   k-means step by step, and as what is left of Expectation Maximisation when the bells
#   shrink; what it silently assumes, shown on groups that it cuts apart.
# numbers: own
# allow: [28, 18, 50, 440, 20, 1982, 1957, 2007, 2006, 9.3, 100]
# ---

# %% [markdown]
# # k-means, the limit
#
# Give each point to the nearest centre. Move each centre to the middle of its points. Repeat.
# That is *k-means*, the best known way to find groups, and it sounds like EM. What has it to do
# with it?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import kmeans as draw
from em.figures.stepper import stepper

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
z = (x - x.mean(axis=0)) / x.std(axis=0)
walk, owners = [np.array([[1, 1.5], [1, 0.5]])], []
for _ in range(7):
    away = ((z[:, None] - walk[-1]) ** 2).sum(axis=2)
    owners.append(away.argmin(axis=1))
    walk.append(np.array([z[owners[-1] == k].mean(axis=0) for k in (0, 1)]))
squares = [
    ((z - c[o]) ** 2).sum() for c, o in zip(walk[:-1], owners, strict=True)
]
moved = [((z - c[o]) ** 2).sum() for c, o in zip(walk[1:], owners, strict=True)]
told = ["Start: nobody owns a point yet"]
for number, owner in enumerate(owners):
    told += [
        f"Step {number + 1}, give away: {np.bincount(owner)[0]} to A, {np.bincount(owner)[1]} "
        f"to B; sum of squares {squares[number]:.1f}",
        f"Step {number + 1}, move: the sum of squares is {moved[number]:.1f} now",
    ]
stepper(
    draw.frames(z, walk, owners),
    told,
    "k-means on the eruptions of Old Faithful, both columns in standard deviations. The dashed "
    "line is where both centres are equally near. The sum of squared distances of the points "
    "from their centres never grows.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** both centres begin among the long eruptions. Which points will B, the lower one, be
# given? *Press **Next**.*
#
# <details markdown><summary>See why</summary>
#
# All below the line half-way between the two: {{ np.bincount(owners[0])[1] : d }} points, short
# eruptions and long ones. A point hardly nearer to B is given to it whole.
#
# </details>
#
# **2. Predict:** where does B go? *Press **Next**.*
#
# <details markdown><summary>See why</summary>
#
# To the plain mean of what it owns, between the two clouds, where hardly a point is. The sum of
# squares falls from {{ squares[0] : .1f }} to {{ moved[0] : .1f }}.
#
# </details>
#
# **3. Predict:** when will it stop? *Press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# When no point changes hands: then nothing can change any more. There are only so many ways to
# give the points away, and the sum never grows, so that comes after a limited number of
# steps. EM's shares may go on changing for ever, by less and less.
#
# </details>
#
# ## By hand
#
# Four numbers: 1, 2, 6, 9. The centres begin at 1 and 2.
#
# - *Give away.* 1 is nearest to the first centre; 2, 6 and 9 to the second.
# - *Move.* The first stays at 1. The second goes to (2 + 6 + 9) / 3, nearly 6.
# - *Give away.* Now 2 is nearer to the first.
# - *Move.* To (1 + 2) / 2 and (6 + 9) / 2. No number changes hands any more.
#
# This is an E-step and an M-step in which every share is 0 or 1: **hard** assignment. The
# middle of a centre's points is the place with the least sum of squares, as the
# [weighted mean](normals.py#the-m-step-weighted-mean-weighted-width) was the peak of a weighted
# log-likelihood.
#
# ## k-means is what is left when the bells shrink
#
# Take EM with circles of the same, fixed width $\sigma$, and with equal mixing weights.
# Only the means move, and
#
# $$ r_{ik} = \frac{e^{-\lVert x_i - \mu_k \rVert^2 / 2 \sigma^2}}
#                  {\sum_j e^{-\lVert x_i - \mu_j \rVert^2 / 2 \sigma^2}} . $$
#
# Now let $\sigma$ shrink. If one centre is nearer than another by the difference $d$ of squared
# distances, their terms differ by a factor $e^{d / 2 \sigma^2}$, and that grows without end. The
# nearest centre's share goes to 1, the others' to 0, and the M-step takes plain means. That is
# k-means.
#
# And the log-likelihood? Times $-2\sigma^2$ it goes to the sum of squared distances from the nearest centres. So where EM never falls, k-means' sum
# never grows.
#
# ## The program
#
# Both in one. A width of 0 stands for k-means:

# %% tags=["program"]
import numpy as np

rng = np.random.default_rng(1)
middles = [[0, 0], [4, 0], [2, 4]]
x = np.concatenate([rng.normal(middle, 1, (50, 2)) for middle in middles])
mean = np.array([[-1.0, 4], [0, 4], [1, 4]])  # a guess: a row for each centre
std = 0  # the width of every circle; 0 is k-means

for _ in range(20):
    # E-step: the nearer a centre, the larger its responsibility
    far = ((x[:, None] - mean) ** 2).sum(axis=2)
    far = far - far.min(axis=1, keepdims=True)  # the nearest is at 0
    r = np.exp(-far / (2 * std**2)) if std > 0 else 1.0 * (far == 0)
    r = r / r.sum(axis=1, keepdims=True)
    # M-step: the mean of what each centre was given
    mean = r.T @ x / r.sum(axis=0)[:, None]

squares = ((x[:, None] - mean) ** 2).sum(axis=2).min(axis=1).sum()
print("centres", *mean.round(3), "sum of squares", squares.round(2))

# %% tags=["hide"]
from itertools import islice

from em.models import gaussians
from em.models.gaussians import Gaussians


def circles_of(std):
    circle = Gaussians(
        np.array([[-1.0, 4], [0, 4], [1, 4]]), [std**2 * np.eye(2)] * 3
    )
    run = em.run(gaussians, x, circle, fixed=("covariances", "weights"))
    return [step.params.means for step in islice(run, 21)][-1]


np.testing.assert_allclose(mean, circles_of(0.01), atol=1e-9)
assert np.linalg.matrix_rank(circles_of(2) - circles_of(2).mean(axis=0)) == 2

# %% [markdown]
# The program knows how many centres there are from the rows of `mean`: write a fourth row, or take one
# away.
#
# <div class="change" markdown>
# **Predict:** EM with circles as wide as the groups really are. How far from k-means does it end?
#
# ```diff
# -std = 0  # the width of every circle; 0 is k-means
# +std = 1  # the width of every circle; 0 is k-means
# ```
#
# <details markdown><summary>See why</summary>
#
# Hardly farther than {{ abs(np.sort(changed.mean, axis=0) - np.sort(mean, axis=0)).max() : .2f }} in any
# direction. These groups are round, of one width, equally common and well apart, which is all that
# k-means takes for granted. The points between two groups pull each centre a little towards the other.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** make the circles far too wide. What becomes of the three centres?
#
# ```diff
# -std = 0  # the width of every circle; 0 is k-means
# +std = 3  # the width of every circle; 0 is k-means
# ```
#
# <details markdown><summary>See why</summary>
#
# They melt into one, at ({{ changed.mean[0, 0] : .2f }}, {{ changed.mean[0, 1] : .2f }}), the mean of all
# points. A circle that covers everything is given a third of everything, and so are the others. At a
# width of 2 they are still three. A narrow width tells many groups apart, a wide one
# few.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** one centre begins very far from all points. Where does it go?
#
# ```diff
# -mean = np.array([[-1.0, 4], [0, 4], [1, 4]])  # a guess: a row for each centre
# +mean = np.array([[0.0, 0], [4, 0], [20, 40]])  # a guess: a row for each centre
# ```
#
# <details markdown><summary>See why</summary>
#
# It is nearest to no point, so it owns none, and the mean of no points is 0 divided by 0:
# {{ changed.mean[2, 0] : .0f }}. One step later that has spread to all. Start centres on points, as
# [k-means++](#the-same-in-the-package) does.
#
# </details>
# </div>
#
# %% [markdown]
# ## How close it comes
#
# The geyser again, two centres that start side by side, eight steps of each. The package's EM
# holds still what k-means does not have, by `fixed`:

# %%
from itertools import islice

import numpy as np

import em
from em.models import gaussians
from em.models.gaussians import Gaussians

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
z = (x - x.mean(axis=0)) / x.std(axis=0)
centres = np.array([[0, 2], [0.5, 2]])


def k_means(z, centres, steps):
    path = [centres]
    for _ in range(steps):
        away = ((z[:, None] - path[-1]) ** 2).sum(axis=2)
        nearest = away.argmin(axis=1)
        groups = range(len(centres))
        moved = [z[nearest == k].mean(axis=0) for k in groups]
        path.append(np.array(moved))
    return np.array(path)


def circles(z, centres, steps, std):
    begin = Gaussians(centres, [std**2 * np.eye(2)] * len(centres))
    fixed = ("covariances", "weights")
    run = em.run(gaussians, z, begin, fixed=fixed)
    return np.array([step.params.means for step in islice(run, steps + 1)])


hard = k_means(z, centres, 8)
print("k-means ends at")
print(hard[-1].round(3))
print("std   farthest from k-means' path")
for std in (1, 0.5, 0.3, 0.1, 0.02):
    soft = circles(z, centres, 8, std)
    print(f"{std:4}  {np.abs(soft - hard).max():.4f}")

# %% tags=["hide"]
draw.paths(
    z,
    hard,
    {std: circles(z, centres, 8, std) for std in (1, 0.5, 0.1)},
    "Two centres that start side by side at the top. Broad and pale: the path of k-means. "
    "EM keeps the nearer to it the narrower its circles are.",
)

# %% [markdown]
# ## The same in the package
#
# On this site k-means has one use: a start. Its first centres are drawn far apart, which is
# called *k-means++* (Arthur and Vassilvitskii 2007), and its shares are turned into
# parameters by one M-step.

# %% tags=["hide"]
em.show(em.starts.kmeans)

# %% tags=["hide"]
em.show(em.starts.kmeans_plus_plus)

# %%
from em.starts import kmeans

shares = kmeans(z, 2, np.random.default_rng(1))
start = gaussians.m_step(z, shares)
fit = em.fit(gaussians, z, start)
print("k-means:", *start.means.round(3), "sizes", shares.sum(axis=0))
print("EM:     ", *fit.params.means.round(3), "weights", end=" ")
print(fit.params.weights.round(3))

# %% [markdown]
# ## What it assumes without saying so
#
# From where it comes one can read what it takes for granted: circles, all of one width, equally
# common. And it says nothing of doubt: each point is wholly here or wholly there. Here are 440
# points that break two of these, one wide group and a small dense one.

# %%
rng = np.random.default_rng(0)
wide = rng.normal(0, 2, (400, 2))
dense = rng.normal([6, 0], 0.4, (40, 2))
points = np.concatenate([wide, dense])
truth = np.repeat([0, 1], [400, 40])
begin = np.array([[0, 0], [6, 0]])

last = k_means(points, begin, 50)[-1]
nearest = ((points[:, None] - last) ** 2).sum(axis=2).argmin(axis=1)
print("k-means: centres", *last.round(2), end=" ")
print((nearest != truth).sum(), "astray")

found = em.fit(
    gaussians,
    points,
    Gaussians(begin, [np.eye(2)] * 2),
    covariance_type="spherical",
)
likeliest = found.posterior.argmax(axis=1)
print("EM:      means  ", *found.params.means.round(2), end=" ")
print((likeliest != truth).sum(), "astray")

# %% tags=["hide"]
draw.cuts(
    points,
    {"k-means": nearest, "EM": likeliest},
    truth,
    "One start, two answers. Half-way between the centres is a bad border where one group is "
    "much wider, and much more common.",
)

# %% [markdown]
# k-means puts {{ (nearest != truth).sum() : d }} points of the wide group with the dense one,
# though it began in the middle of both. EM with circles, whose widths and weights are free,
# puts {{ (likeliest != truth).sum() : d }} astray: over the border the dense group has no height
# left. Where groups *are* round and alike, equally common and well apart, the two agree, and
# k-means is faster.
#
# ## What could go wrong
#
# - **It ends on a lower peak.** As with EM, the start decides. Draw several, keep the least sum
#   of squares; the second exercise counts the ends.
# - **A column in small units decides alone.** Distances add up columns. Minutes and seconds
#   in one table, and only the seconds count. Give the columns equal spread first, if you have no
#   better reason.
# - **A centre is left with no point.** Then there is no mean to take. Start it elsewhere, or
#   use fewer.
# - **Its groups are taken for a fit.** The widths within its groups are too small where groups
#   overlap: [choosing cuts the flanks off](normals.py#why-share-and-not-choose).
# - **The sum of squares is asked how many groups.** It falls with each further centre, as the
#   likelihood rises with each further group. [How many?](groups.py#how-many-bic-and-aic) has
#   better ways.
#
# ## Exercises
#
# **1.** The four numbers 1, 2, 6, 9 once more, but now the centres begin at 6 and 9. *Predict*
# where they end.
#
# <details markdown><summary>Solution</summary>

# %%
numbers = np.array([[1.0], [2], [6], [9]])
for centre in k_means(numbers, np.array([[6.0], [9]]), 3):
    print(*centre.ravel())

# %% [markdown]
# First 1, 2 and 6 go to the first, and its mean is 3. Now 6 is as far from 3 as from 9: a tie, and
# `argmin` gives it to the first named. So the ends are 3 and 9, a worse answer than before: the
# sum of squares is {{ ((numbers[:3] - 3) ** 2).sum() : .0f }}, and it was
# {{ 0.5 + 4.5 : .0f }}. EM with circles shares the 6 half and half, so both
# centres move on.
#
# </details>
#
# **2.** Three groups in the geyser's points, from 50 draws of k-means++. *Predict*: one end, or
# several?
#
# <details markdown><summary>Solution</summary>

# %%
rng = np.random.default_rng(0)
sums = []
for _ in range(50):
    shares = kmeans(z, 3, rng)
    means = shares.T @ z / shares.sum(axis=0)[:, None]
    sums.append(round(((z - shares @ means) ** 2).sum(), 2))
for value, times in zip(*np.unique(sums, return_counts=True), strict=True):
    print(f"{times:2} times {value}")

# %% [markdown]
# {{ len(set(sums)) : d }} different ends. There are not three round groups to be found,
# so it depends on the start which of the two clouds is cut, and where.
#
# </details>
#
# **3.** Multiply the second column by 100. *Predict* what happens to the border between the two
# groups.
#
# <details markdown><summary>Solution</summary>

# %%
stretched = z * [1, 100]
last = k_means(stretched, np.array([[0, -100.0], [0, 100]]), 20)[-1]
difference = last[1] - last[0]
print("from centre to centre:", difference.round(1))

# %% [markdown]
# The centres differ by a hundred times more in the second column, so the border, at right angles to
# the line between them, is level: only the second column decides. Of the shapes on [the page before](groups.py#four-shapes) only the spherical one cares, if the start and the floor are scaled with the column.
#
# </details>
#
# ## Where to read on
#
# - Lloyd, *Least Squares Quantization in PCM*, IEEE Transactions on Information Theory 28 (1982),
#   [doi 10.1109/TIT.1982.1056489](https://doi.org/10.1109/TIT.1982.1056489): the two steps,
#   written in 1957.
# - Arthur and Vassilvitskii, *k-means++: The Advantages of Careful Seeding*, Proceedings of the
#   18th ACM-SIAM Symposium on Discrete Algorithms (2007).
# - Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.3.2: the limit.
# - Where hard assignment leads a likelihood astray: [why share, and not
#   choose](normals.py#why-share-and-not-choose).
