# ---
# title: k-means and EM
# order: 30.5
# section: Use
# question: What has k-means to do with EM, and when may I use it instead?
# description: >-
#   k-means step by step, and as what is left of Expectation Maximisation when the bells shrink; what
#   it takes for granted, shown on groups that it cuts apart; k-means++ for starting values.
# numbers: own
# allow: [15, 0.5, 0.1, 28, 18, 50, 440, 20, 1982, 1957, 2007, 2006, 9.3, 100]
# ---

# %% [markdown]
# # k-means and EM
#
# Give each point to the nearest centre. Move each centre to the middle of
# its points. Repeat. That is **k-means clustering**, and it sounds like EM with an E-step and an M-step. How
# are the two related?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import kmeans as draw
from em.figures.live import live

rng = np.random.default_rng(1)
middles = [[0, 0], [4, 0], [2, 4]]
x = np.concatenate([rng.normal(middle, 1, (50, 2)) for middle in middles])
walk, owners = [np.array([[-1.0, 4], [0, 4], [1, 4]])], []
while len(walk) < 2 or (walk[-1] != walk[-2]).any():
    far = ((x[:, None] - walk[-1]) ** 2).sum(axis=2)
    owners.append(far.argmin(axis=1))
    walk.append(np.array([x[owners[-1] == k].mean(axis=0) for k in range(3)]))
squares = [
    ((x - c[o]) ** 2).sum() for c, o in zip(walk[:-1], owners, strict=True)
]
assert (np.diff(squares) <= 1e-9).all()
live(
    "kmeans",
    x=x.round(4),
    means=walk[0],
    sigma=[0],
    program={"mean": "means", "std": "sigma"},
    still=draw.stills(x, [walk[0], walk[-1]], [owners[0], owners[-1]]),
    told=f"Three centres at the top, and after {len(owners) - 1} steps. The sum of squares falls from "
    f"{squares[0]:.1f} to {squares[-1]:.1f}.",
    caption="Points of three groups, and three centres to drag. At σ = 0 each point belongs wholly to the nearest "
    "centre, and this is k-means. Widen the circles with the slider, and it is EM with circles of that width.",
)

# %% [markdown]
# **You will be able to** say what k-means takes for granted, and when to use EM instead. **About MINUTES minutes.
# To know first:** what a [responsibility](normals.py) is.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the three centres stand in a row at the top. Which points will B, the middle one, be given? *Press
# **Share out**.*
#
# <details markdown><summary>Only those near B</summary>
#
# How near does not matter. Points far below are nearest to some centre, too, and belong to it whole.
#
# </details>
# <details class="right" markdown><summary>An upright strip</summary>
#
# Yes, {{ np.bincount(owners[0])[1] : d }} points. The borders lie half-way between the centres, on the left and on the
# right of B, however far down a point is.
#
# </details>
# <details markdown><summary>A third of all points</summary>
#
# Nothing makes the parts equal. The borders lie half-way between the *centres*, wherever the points are.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** will it ever stand quite still? *Press **Play**.*
#
# <details class="right" markdown><summary>Yes, after a limited number of steps</summary>
#
# Yes, after {{ len(owners) - 1 : d }}. It stops as soon as no point changes hands. There are only so many ways to give the
# points away, and the sum of squares never grows, so none of them comes back.
#
# </details>
# <details markdown><summary>No, the steps become smaller without end</summary>
#
# That is what EM does: its responsibilities can change by less and less for ever. Here a point changes hands, or it
# does not.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** now widen the circles to 1, which is how wide these groups really are. Which points take a mixed colour?
# *Move the slider, then press **Share out**.*
#
# <details markdown><summary>All of them</summary>
#
# Strictly yes, but for most of them the responsibilities of the other two centres are too small to see.
#
# </details>
# <details class="right" markdown><summary>Those between two groups</summary>
#
# Yes. Where two centres are nearly equally near, a circle of this width does not choose. Everywhere else EM and k-means
# agree.
#
# </details>
# <details markdown><summary>Those far from every centre</summary>
#
# How far away a point is does not count, only how much nearer one centre is than the others.
#
# </details>
# </div>
#
# ## By hand
#
# Take the numbers 1, 2, 6 and 9, and let the centres begin at 1 and 2.
#
# - **Give away.** The 1 is nearest to the first centre. The 2, the 6 and the 9 are nearest to the second.
# - **Move.** The first centre stays at 1. The second goes to (2 + 6 + 9) / 3, nearly 6.
# - **Give away.** Now the 2 is nearer to the first centre.
# - **Move.** The centres go to (1 + 2) / 2 and (6 + 9) / 2. No number changes hands any more.
#
# This is an E-step and an M-step in which every responsibility is 0 or 1, a **hard assignment**. The middle of a
# centre's points is the place with the least sum of squares, just as the
# [weighted mean](normals.py#the-m-step-weighted-mean-weighted-width) is the peak of a weighted log-likelihood.
#
# ## k-means is what is left when the bells shrink
#
# Take EM with circles in place of bells, all of one fixed width $\sigma$. Only their means move, and
#
# $$ r_{ik} = \frac{\pi_k \, e^{-\lVert x_i - \mu_k \rVert^2 / 2 \sigma^2}}
#                  {\sum_j \pi_j \, e^{-\lVert x_i - \mu_j \rVert^2 / 2 \sigma^2}} . $$
#
# Now let $\sigma$ shrink. If one centre is nearer than another by a difference $d$ in squared distance, then their
# terms differ by a factor of $e^{d / 2 \sigma^2}$, which grows without end. No mixing weight can make up for that.
# The responsibility of the nearest centre goes to 1, those of the others go to 0, and the M-step takes plain means.
# That is k-means.
#
# The log-likelihood, multiplied by $-2\sigma^2$, goes to the sum of squared distances from the nearest centres. So
# where EM never falls, k-means' sum never grows.
#
# ## The program
#
# Here are both in one. A width of 0 stands for k-means.

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
# The program counts the centres by the rows of `mean`. Write a fourth row, or take one away.
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
# **Predict:** one centre begins far away from all points. Where does it go?
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
#
# ## How close it comes
#
# Two centres begin side by side above the eruptions of [Old Faithful](groups.py), in standard deviations. The narrower EM's circles, the closer it keeps to the
# path of k-means.


# %% tags=["hide"]
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
    run = em.run(gaussians, z, begin, fixed=("covariances", "weights"))
    return np.array([step.params.means for step in islice(run, steps + 1)])


geyser = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
z = (geyser - geyser.mean(axis=0)) / geyser.std(axis=0)
centres = np.array([[0, 2], [0.5, 2]])
hard = k_means(z, centres, 8)
soft = {std: circles(z, centres, 8, std) for std in (1, 0.5, 0.1)}
draw.paths(
    z,
    hard,
    soft,
    "Two centres begin side by side at the top. The path of k-means is broad and pale.",
)

# %% tags=["hide"]
# The circles need not be equally common: at a width near 0 that is lost.
uneven = Gaussians(centres, [0.02**2 * np.eye(2)] * 2, [0.95, 0.05])
*_, at_last = islice(
    em.run(gaussians, z, uneven, fixed=("covariances", "weights")), 9
)
np.testing.assert_allclose(at_last.params.means, hard[-1], atol=1e-3)
apart = {std: np.abs(path - hard).max() for std, path in soft.items()}

# %% [markdown]
# With a width of 1 EM's centres are at most {{ apart[1] : .2f }} away from those of k-means, with 0.5 at most
# {{ apart[0.5] : .2f }}, and with 0.1 at most {{ apart[0.1] : .2f }}.
#
# ## What it assumes without saying so
#
# The limit tells what k-means takes for granted. All groups are **circles of one width**. It takes no notice of
# **how common** a group is. And it has **no doubt**: each point is wholly here or wholly there. Here are 440 points
# that break the first two, one wide group and a small dense one.

# %% tags=["hide"]
rng = np.random.default_rng(0)
wide = rng.normal(0, 2, (400, 2))
dense = rng.normal([6, 0], 0.4, (40, 2))
points = np.concatenate([wide, dense])
truth = np.repeat([0, 1], [400, 40])
begin = np.array([[0, 0], [6, 0]])

last = k_means(points, begin, 50)[-1]
nearest = ((points[:, None] - last) ** 2).sum(axis=2).argmin(axis=1)
found = em.fit(
    gaussians,
    points,
    Gaussians(begin, [np.eye(2)] * 2),
    covariance_type="spherical",
)
likeliest = found.posterior.argmax(axis=1)
draw.cuts(
    points,
    {"k-means": nearest, "EM": likeliest},
    truth,
    "One start, two answers. Half-way between the centres is a bad border if one group is much wider and "
    "much more common.",
)

# %% [markdown]
# k-means gives {{ (nearest != truth).sum() : d }} points of the wide group to the dense one, though it began in the
# middle of both. EM with circles, whose widths and weights are free, puts {{ (likeliest != truth).sum() : d }} in
# the wrong group. Where groups are round, alike in width and well apart, the two agree, and k-means is faster.
#
# ## The same in the package
#
# On this site k-means has one use: it finds a start for EM. Its first centres are drawn far apart, which is called
# **k-means++** (Arthur and Vassilvitskii 2007), and one M-step turns its groups into parameters.

# %%
import numpy as np

import em
from em.further.starts import kmeans
from em.models import gaussians

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
z = (x - x.mean(axis=0)) / x.std(axis=0)
owners = kmeans(z, 2, np.random.default_rng(1))
start = gaussians.m_step(z, owners)
fit = em.fit(gaussians, z, start)
print("k-means:", *start.means.round(3), "sizes", owners.sum(axis=0))
print("EM:     ", *fit.params.means.round(3), end=" ")
print("weights", fit.params.weights.round(3))

# %% tags=["hide"]
em.show(em.further.starts.kmeans)

# %% [markdown]
# ## What could go wrong
#
# - **It ends on a poor answer.** As with EM, the start decides. Draw several, and keep the least sum of squares.
# - **A column in small units decides alone.** Distances add up columns, so of minutes and seconds only the seconds
#   count. Give the columns equal standard deviations, unless you know better.
# - **A centre is left without points.** Start it elsewhere, or use fewer.
# - **Its groups are taken for a fit.** Where groups overlap, the widths within them come out too small, because
#   [choosing cuts the flanks off](sharing.py#why-share-and-not-choose).
# - **The sum of squares is asked how many groups there are.** It falls with each further centre. There are
#   [better ways](howmany.py).
#
# ## Exercises
#
# **1.** *Predict* where k-means ends on 1, 2, 6 and 9 if the centres begin at 6 and 9. Then change `x` and `mean`
# in the program.
#
# <details markdown><summary>Solution</summary>

# %%
numbers = np.array([[1.0], [2], [6], [9]])
mean = np.array([[6.0], [9]])
for _ in range(3):
    far = ((numbers[:, None] - mean) ** 2).sum(axis=2)
    mine = np.eye(2)[far.argmin(axis=1)]
    mean = mine.T @ numbers / mine.sum(axis=0)[:, None]
    print(*mean.ravel())

# %% [markdown]
# First 1, 2 and 6 go to the first centre, whose mean is 3. Now 6 is as far from 3 as from 9. Here `argmin` gives such
# a tie to the centre named first, so the ends are 3 and 9. That is a worse answer than before: the sum of squares is
# {{ ((numbers[:3] - 3) ** 2).sum() : .0f }}, and it was {{ 0.5 + 4.5 : .0f }}. The program above shares the 6 half
# and half, so there the centres move on.
#
# </details>
#
# **2.** *Predict* whether 50 draws of k-means++ all end in the same place, if you ask for three groups in the
# geyser's points.
#
# <details markdown><summary>Solution</summary>

# %%
rng = np.random.default_rng(0)
sums = []
for _ in range(50):
    mine = kmeans(z, 3, rng)
    means = mine.T @ z / mine.sum(axis=0)[:, None]
    sums.append(round(((z - mine @ means) ** 2).sum(), 2))
for value, times in zip(*np.unique(sums, return_counts=True), strict=True):
    print(f"{times:2} times {value}")

# %% [markdown]
# They end in {{ len(set(sums)) : d }} places. There are not three round groups to be found, so the start decides
# which of the two clouds is cut, and where.
#
# </details>
#
# ## Where to read on
#
# - Lloyd, *Least Squares Quantization in PCM*, IEEE Transactions on Information Theory 28 (1982),
#   [doi 10.1109/TIT.1982.1056489](https://doi.org/10.1109/TIT.1982.1056489). Written in 1957.
# - Arthur and Vassilvitskii, *k-means++: The Advantages of Careful Seeding*, Proceedings of the
#   18th ACM-SIAM Symposium on Discrete Algorithms (2007).
# - Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.3.2, has the limit.
# - [Hard EM](hard.py) is k-means with widths and weights.
