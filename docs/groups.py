# ---
# title: How many groups, and what shape?
# order: 30
# section: Use
# question: How many groups are there, how large, and what shape do they have?
# description: >-
#   Mixtures of multivariate normals on the eruptions of Old Faithful: mixing weights,
#   four shapes of covariance, BIC and AIC, when to stop, and k-means as a limit.
# ---

# %% [markdown]
# # How many groups, how large, and what shape?
#
# **At the end of this page you will be able to** fit groups of any size, number and shape
# to a table of numbers, read what BIC and AIC say and what they do not, notice a fit that
# was stopped too early, and tell what k-means has to do with EM.
#
# Old Faithful is a geyser in Yellowstone. It erupts, rests, and erupts again. For 272
# eruptions, [the data](data/old_faithful.csv) tell how many minutes each lasted, and how
# many minutes passed until the next.

# %%
from itertools import islice

import numpy as np

import em
from em.covariances import n_parameters, shaped
from em.models import gaussians, normals
from em.models.gaussians import Gaussians
from em.models.normals import Normals

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
eruption, waiting = x.T
print(x[:4])
print(len(x), "eruptions")

# %% tags=["hide"]
from em.figures import groups as draw

draw.points(
    x,
    "Each point is one eruption of Old Faithful, and the wait after it. (These 272 are from "
    "Härdle 1991, R's data set faithful; Azzalini and Bowman 1990 analyse 299.)",
)

# %% [markdown]
# There seem to be two kinds of eruption. On the pages before, we held the mixing weights at
# one half: each coin and each bell had an equal chance. Nobody tells us that here.
#
# ## How large? Let the mixing weights go
#
# Take the waiting times alone, two [bells](normals.py), and a start at 55 and 80 minutes.
# Two things differ from before. There is no `fixed="weights"`, so the M-step also estimates
# how large each group is:
#
# $$ \pi_k = \frac{1}{n} \sum_i r_{ik} . $$
#
# And we ask for bells of the same width, which is one number less to estimate.

# %%
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
# The mixing weights settle at 0.36085 and 0.63915. So the smaller group is a little more
# than a third of all eruptions. The weights were equal at the start; the data moved them.
#
# ## What shape? A bell in the plane
#
# Now both columns. A group in the plane has a mean with two numbers, and a
# *covariance matrix* $\Sigma$ in place of a width. On its diagonal stand the two variances,
# beside the diagonal how the columns vary together. The density is
#
# $$ \mathcal{N}(x \mid \mu, \Sigma) = \frac{1}{\sqrt{|2 \pi \Sigma|}} \,
#    e^{-\frac{1}{2} (x - \mu)^\top \Sigma^{-1} (x - \mu)} . $$
#
# Points of equal density lie on ellipses, so we draw a group as an ellipse: the one that
# holds 86 per cent of it. Here is a poor start. Both groups have the same eruption time and
# differ only in the wait.

# %%
start = Gaussians(
    means=[[3, 60], [3, 80]],
    covariances=[[[1, 0], [0, 64]], [[1, 0], [0, 64]]],
)
steps = list(islice(em.run(gaussians, x, start), 13))

for number in (0, 1, 2, 4, 6, 8, 12):
    log_likelihood = steps[number].log_likelihood
    print(f"step {number:2}  log-likelihood {log_likelihood:11.5f}")

# %% tags=["hide"]
from em.figures.stepper import stepper

stepper(
    draw.frames(x, steps),
    [
        f"Step {number}: means ({a[0]:.2f}, {a[1]:.2f}) and ({b[0]:.2f}, {b[1]:.2f}); "
        f"weights {w[0]:.3f}, {w[1]:.3f}; log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(steps)
        for (a, b), w in [(step.params.means, step.params.weights)]
    ],
    "Twelve steps. The points take their colour from the responsibilities: red circles "
    "belong to A, blue squares to B, and what is shared is purple. The ellipses turn, part "
    "and shrink onto the two clouds.",
)

# %%
two = em.fit(gaussians, x, start)

print("weights", two.params.weights.round(5))
print("means")
print(two.params.means.round(5))
print("covariances")
print(two.params.covariances.round(5))
print(f"log-likelihood {two.log_likelihood:.5f}")

# %% [markdown]
# Short eruptions, 2.04 minutes in the mean, are followed by a wait of about 54 minutes; long
# ones, 4.29 minutes in the mean, by about 80. Within each group the covariance is above 0,
# so there, too, a longer eruption goes with a longer wait.
#
# ## The two steps
#
# The E-step is the one of every mixture: density times mixing weight, divided by the sum.
# Only the density is new.

# %% tags=["hide"]
em.show(gaussians.log_density)

# %% [markdown]
# The determinant and the inverse of $\Sigma$ both come from its *Cholesky factor*, a
# triangle $L$ with $L L^\top = \Sigma$. Multiplying by $L^{-1}$ turns the group's ellipse
# into a circle, where distances are plain distances. That is called *whitening*.
#
# The M-step is a weighted mean and a weighted covariance:
#
# $$ \Sigma_k = \frac{\sum_i r_{ik} \, (x_i - \mu_k)(x_i - \mu_k)^\top}{\sum_i r_{ik}} . $$

# %% tags=["hide"]
em.show(gaussians.m_step)

# %% [markdown]
# ## Four shapes
#
# A full covariance has three numbers for each group of points in the plane, and 55 in ten
# dimensions. With little data one may want fewer. Each plainer shape is one line in the
# M-step.

# %% tags=["hide"]
em.show(shaped)

# %% [markdown]
# How many numbers a fit chooses in all, $p$, we count for later: covariances, means, and
# mixing weights (one less than there are groups, as they add up to 1). That is
# `n_parameters`.
#
# EM needs a start that has the shape itself. An easy way to get one is to guess the
# *responsibilities*, and to begin with an M-step: give every point to the nearest of a few
# chosen points. "Nearest" is measured in standard deviations of each column.


# %%
def start_at(chosen, shape):
    away = (x[:, None] - chosen) / x.std(axis=0)
    nearest = (away**2).sum(axis=2).argmin(axis=1)
    shares = np.eye(len(chosen))[nearest]
    return gaussians.m_step(x, shares, covariance_type=shape, min_std=0.02)


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
# hundreds. It has one width for both columns, but waits vary by 14 minutes and eruptions
# by one. Circles only make sense where all columns have the same unit and about the same
# spread. The other three shapes do not care about units.
#
# ## How many? BIC and AIC
#
# One more group can always be put to some use, so the likelihood alone would never stop
# asking for more. Two old remedies, by Akaike (1974) and Schwarz (1978), charge a price for
# each of the $p$ numbers that a fit may choose:
#
# $$ \mathrm{AIC} = 2 p - 2 \log L , \qquad \mathrm{BIC} = p \log n - 2 \log L . $$
#
# Lower is better. (Some programs, mclust among them, print BIC with the other sign.) With
# $n = 272$, BIC asks 5.6 for each number and AIC asks 2.
#
# They mean something only if the likelihood is the highest there is, or near it. So we
# start many times: twenty random starts, twenty steps each, and the best of them is run to
# its end. (Biernacki, Celeux and Govaert 2003 compare such schemes.) The columns have different
# units, so we give each a standard deviation of one first, and put a floor of a tenth of that
# under every group, in every direction. What that does to a density is put right afterwards.

# %%
z = (x - x.mean(axis=0)) / x.std(axis=0)
different = np.unique(z, axis=0)


def best_fit(groups, shape):
    rng = np.random.default_rng(groups)
    options = {"covariance_type": shape, "min_std": 0.1}
    tried = []
    for _ in range(20 if groups > 1 else 1):
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
        highest = best_fit(k + 1, shape).log_likelihood - units
        p = n_parameters(k + 1, 2, shape)
        bic[shape][k] = p * np.log(len(x)) - 2 * highest
        aic[shape][k] = 2 * p - 2 * highest

for name, scores in (("BIC", bic), ("AIC", aic)):
    print(name + "".join(f"{shape:>10}" for shape in SHAPES))
    for k in range(6):
        row = "".join(f"{scores[shape][k]:10.2f}" for shape in SHAPES)
        print(f"{k + 1}  {row}")

# %% tags=["hide"]
draw.criteria(
    {"BIC": bic, "AIC": aic},
    "How far each fit lies above the lowest of its panel. The scale is even up to 10 and "
    "logarithmic above.",
)

# %% [markdown]
# BIC is lowest for three groups with a tied covariance, at 2314.30. Next come four of that
# shape, 2320.14, and two full ones, 2322.19. AIC asks less for each number, and so it takes
# more of them: its lowest value here has four groups, at 2261.35.
#
# **What BIC says:** among these 24 descriptions of *these* data, as far as we have found their
# highest peaks, it prefers this one. The reason behind it: $-\frac{1}{2}$ BIC approximates, for
# large $n$, the logarithm of the probability of the data under the whole model (Schwarz
# 1978). The argument needs parameters that the data determine. In a mixture with more
# components than there are groups, the surplus ones are not **identified**: a component
# of weight 0 may lie anywhere. There BIC is a rule of thumb. **What AIC aims at** is another
# thing: to predict new data well, not to find the right model. Nor is it a ranking with
# certain steps: a difference of 2, as between the second and the third here, means little.
#
# **What neither says:** that Old Faithful has three kinds of eruption. Where are they?

# %%
three = best_fit(3, "tied").params

print("weights", three.weights.round(3))
print((three.means * x.std(axis=0) + x.mean(axis=0)).round(2))

# %% [markdown]
# One group is the short eruptions. The other two share the long ones: one cloud, which is
# just not the shape of one bell, so two bells of a common shape describe it better. A
# *component* is a piece of a description. Whether it is a *group* that means something is
# for the geologist to say.
#
# ### A winner that is a rounding
#
# And look at a winner before you believe its number. With a floor of 0.02 minutes in place of
# a tenth of a standard deviation, and hundreds of starts, a much better BIC turns up. Here is
# where it comes from. The waits were written down in whole minutes, and 14 of them are 83:

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

# %% [markdown]
# BIC 2293.14, well below 2314.30, and one group lies on the waits of exactly 83 minutes, as
# narrow as the floor lets it be. That is a [collapse](pitfalls.py#a-bell-collapses) held up
# half-way. A density believes what it is told: that the waits are exact. Its likelihood says
# how low the floor is and how the watch was read, and nothing of the geyser. So a winner
# depends on the floor, and a floor should come from how finely was measured, and from how
# narrow a group could be.
#
# Another way to choose that does not ask for $p$ is the likelihood of data that were *held
# out*, left out of the fit. It, too, punishes what describes only these points.
#
# ## A published number, and when to stop
#
# mclust is a program that many use for just this (Scrucca, Fop, Murphy and Raftery 2016).
# On the same data it picks the same winner: three groups, tied covariance ("EEE" there).
# The guide that comes with it prints a log-likelihood of −1126.326. We find a little more:

# %%
published = -1126.326


def barely_rose(steps):
    """Stop where a step adds less than 0.00001 of the log-likelihood."""
    before, after = (step.log_likelihood for step in steps[-2:])
    return after - before < 1e-5 * (1 + abs(after))


options = {"covariance_type": "tied", "max_iter": 5_000}
starts = {
    "A": [[2, 55], [3.5, 70], [4.5, 80]],
    "B": [[2, 50], [2, 60], [4.5, 80]],
}
settled, stopped = [], []
for name, chosen in starts.items():
    begin = start_at(chosen, "tied")
    early = em.fit(gaussians, x, begin, until=barely_rose, **options)
    late = em.fit(gaussians, x, begin, **options)
    print(f"{name} stopped  {early.log_likelihood:.6f}", end="")
    print(f"  step {len(early.steps) - 1:4}")
    print(f"  settled  {late.log_likelihood:.6f}", end="")
    print(f"  step {len(late.steps) - 1:4}")
    before, after = (step.log_likelihood for step in early.steps[-2:])
    print(f"  the last step added {after - before:.4f},", end=" ")
    print(f"left {late.log_likelihood - after:.4f}")
    stopped.append(len(early.steps) - 1)
    settled.append(late)

print(f"published {published}, settled is", end=" ")
print(f"{settled[0].log_likelihood - published:.3f} above")

# %% tags=["hide"]
draw.climbs(
    settled,
    stopped,
    "Two starts, one peak. The marks show where a rule that looks at the last rise of the "
    "log-likelihood would have stopped. (The starts lie below the frame.)",
)

# %% [markdown]
# Run to its end, EM arrives at −1126.316 from both starts. The rule `barely_rose` is
# mclust's, with its usual tolerance. It stops A short of the peak, and B on a plain, 14
# below it, where EM creeps for more than a thousand steps before it finds the way up.
#
# So the published value was not computed wrongly; it was stopped early. (A test of this
# site begins where mclust 6.0.0 begins: by the rule it gets mclust's −1126.326, and settled,
# −1126.316. mclust itself gets the latter when told to be stricter.)
#
# **A small step is not a short way to go.** For A, four times the last rise was still to
# come; for B, more than a thousand times. The page on
# [pitfalls](pitfalls.py#a-small-step-is-not-a-small-distance) says what to ask for instead.
# `em.fit` watches the parameters, with a strict tolerance; that costs steps, and is still no
# proof. Start from more than one place.
#
# ## k-means is what is left when the bells shrink
#
# The best known way to find groups is *k-means*: give each point to the nearest centre,
# move each centre to the mean of its points, repeat. That sounds familiar.
#
# Take EM with spherical groups of the same, fixed width $\sigma$ and equal mixing weights.
# Only the means move, and
#
# $$ r_{ik} = \frac{e^{-\lVert x_i - \mu_k \rVert^2 / 2 \sigma^2}}
#                  {\sum_j e^{-\lVert x_i - \mu_j \rVert^2 / 2 \sigma^2}} . $$
#
# Now let $\sigma$ shrink. The nearest centre's term outweighs all others, its responsibility
# goes to 1, the others' to 0, and the M-step takes plain means. That is k-means. Both from
# the same start, columns measured in standard deviations:

# %%
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
# So k-means inherits what we know of EM (it never gets worse, and it may end on a lower
# peak), and it makes three silent assumptions: circles, all of one width, groups of about
# equal size. And it says nothing of doubt: each point is wholly here or wholly there.
#
# ## What could go wrong
#
# - **A group falls flat.** A covariance can shrink in one direction while it stays wide in
#   another: onto a line through a few points. The likelihood then has no bound. `em.fit`
#   stops and says which group; a floor, a plainer shape or fewer groups help.
# - **The highest peak is missed.** More groups make that more likely. Many starts help;
#   nothing makes sure.
# - **BIC is compared across different data.** Drop one point, or take logarithms of a
#   column, and the numbers have nothing to do with each other.
# - **Components are taken for groups.** The third exercise shows how that misleads.

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
# No. The two widths come out nearly equal, the log-likelihood hardly moves, and BIC rises by
# nearly the whole price of one number.
#
# </details>
#
# **2.** Somebody measures the waits in hours. What happens to the log-likelihood of two
# groups, full and spherical, and why is that no improvement?
#
# <details markdown><summary>Solution</summary>

# %%
hours = x / [1, 60]
chosen = np.array([[2, 55], [4, 80]])

print("            minutes    hours      rise")
for shape in ("full", "spherical"):
    begin = start_at(chosen, shape)
    shares, _ = gaussians.e_step(x, begin)
    options = {"covariance_type": shape}
    again = gaussians.m_step(hours, shares, **options)
    before = em.fit(gaussians, x, begin, **options).log_likelihood
    after = em.fit(gaussians, hours, again, **options).log_likelihood
    print(f"{shape:9} {before:9.3f} {after:8.3f}", end="")
    print(f"  {after - before:.3f}")
print(f"272 log 60 = {272 * np.log(60):.3f}")

# %% [markdown]
# A density is per unit, so in larger units it is higher: each of the 272 points gains log 60,
# whatever the fit. For the full shape that is all that happens. The spherical shape changes
# by something else, as its circles are now different groups of points. Neither number says
# that hours describe the geyser better.
#
# </details>
#
# **3.** Draw 500 points from *one* group that is not a bell: two columns of
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
# More than one, and by a wide margin; of the four, it wants the most. Yet there is one
# group. Several bells lie over each other to imitate a skew cloud. That is a fine
# description and a bad count.
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
#   [doi 10.1214/aos/1176344136](https://doi.org/10.1214/aos/1176344136). Four pages: BIC.
# - Biernacki, Celeux and Govaert, *Choosing starting values for the EM algorithm for getting
#   the highest likelihood in multivariate Gaussian mixture models*, Computational Statistics
#   & Data Analysis 41 (2003),
#   [doi 10.1016/S0167-9473(02)00163-9](https://doi.org/10.1016/S0167-9473(02)00163-9).
# - Azzalini and Bowman, *A Look at Some Data on the Old Faithful Geyser*, Applied Statistics
#   39 (1990), [doi 10.2307/2347385](https://doi.org/10.2307/2347385).
# - Bishop, *Pattern Recognition and Machine Learning* (2006), chapter 9: k-means first, then
#   the mixtures, also on Old Faithful.
