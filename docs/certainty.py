# ---
# title: How sure, how fast
# order: 13
# section: Understand
# question: Does EM give standard errors, and can it be made faster?
# description: >-
#   The share of missing information says how fast EM is and by how much it widens the error: by
#   hand on one coin, standard errors in one line, a bootstrap, and jumps that make EM faster.
# numbers: own
# allow: [10, 100, 197, 125, 34, 38, 95, 0.5, 0.6, 0.7, 70, "10,000", 1.96, 0.996, 25, 1.5,
#   1965, 1969, 1972, 1977, 1982, 1991, 1999, 2008, 2019]
# ---

# %% [markdown]
# # How sure, and how fast
#
# Two bells stand near each other. EM takes many steps to tell them apart, and in the end you
# should not trust the answer much. Both have one cause. Which?
#
# **Does EM give standard errors?** Not by itself: it ends with one point. But one line
# [gives them afterwards](#standard-errors-in-one-line). **Can it be made faster?** Yes: one option
# lets it [jump ahead](#can-it-be-made-faster).

# %% tags=["hide"]
import numpy as np

import em
from em.figures import certainty as draw
from em.figures.live import live
from em.models import coins, gaussians, normals, poissons
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.models.poissons import Poissons


def settled(steps):
    before, after = (step.params.means for step in steps[-2:])
    return np.abs(after - before).max() <= 1e-6


apart = np.array([1, 1.5, 2, 2.5, 3, 4, 5, 6])
guess = Normals([-1, 2], [1, 1], [0.6, 0.4])
costs = []
for d in apart:
    x = draw.overlapping(d)
    fit = em.fit(normals, x, guess, fixed="stds", until=settled, max_iter=2_000)
    found = em.standard_errors(normals, x, fit, fixed="stds")
    seen = np.linalg.inv(found.complete)[0, 0] ** 0.5  # nothing hidden
    costs.append((len(fit.steps) - 1, found.rate, found.errors.means[0], seen))
steps, missing, errors, seen = np.array(costs).T
live(
    "overlap",
    still=draw.costs(
        apart, steps, missing, errors, "What two bells cost, by their distance."
    ),
    told=f"Bells {apart[0]:g} width apart: {steps[0]:,.0f} steps, {missing[0]:.1%} of the "
    f"information missing, standard error {errors[0]:.2f}. Bells {apart[-1]:g} widths apart: "
    f"{steps[-1]:.0f} steps, {missing[-1]:.1%}, {errors[-1]:.2f}.",
    caption="Drag the square, the true centre of the right bell. Only it changes the bars, which are "
    "for when EM has finished: steps (on a logarithmic scale); the share of information that is missing "
    "because nobody saw the colours; the standard error, which says how far off a mean typically is. "
    "The bells are EM's guess, each as high as its mixing weight: Share out colours the points, "
    "Re-estimate moves the bells.",
)

# %% [markdown]
# ## Try it
#
# Forty points, twenty around each of two centres. EM knows that every bell has width 1, and looks
# for the two means and the mixing weights.
#
# **1. Predict:** with the bells six widths apart, how many steps will it take? *Drag the square
# to the right.*
#
# <details markdown><summary>See why</summary>
#
# A handful. Nearly every point lies under one bell only: next to nothing is missing, and
# EM does what one would do with the colours known.
#
# </details>
#
# **2. Predict:** from three widths to two, what happens to the other two bars? *Drag to the left.*
#
# <details markdown><summary>See why</summary>
#
# All three go up together. More points could be of either colour, so more is missing.
#
# </details>
#
# **3. Predict:** one width apart, could you say where the bells are? *Drag to the end.*
#
# <details markdown><summary>See why</summary>
#
# Hardly: the standard error of a mean is nearly as large as the distance. EM still prints many
# digits. They are digits of the highest likelihood, not of the truth.
#
# </details>
#
# So this is the one idea of the page: **the share of missing information says how fast EM is, *and*
# how much wider the error is than with nothing hidden**: $1 / \sqrt{1 - \text{share}}$ times with one
# parameter. With several, as in the figure, that holds in the worst **direction**, a change of
# several parameters together. One mean alone suffers less: at one width
# {{ errors[0] / seen[0] : .1f }} times, and not {{ (1 - missing[0]) ** -0.5 : .0f }}. Next, both by hand.
#
# ## Information, by hand
#
# ### One coin, nothing hidden
#
# A coin shows 7 heads in 10 flips. The estimate of its $\theta$, the probability of heads, is 0.7.
# How far off may it be? There are two ways to find out.
#
# **Repeat it.** Flip a coin with $\theta = 0.7$ ten times again, and again, and estimate each time. The
# estimates differ. Their standard deviation is the **standard error**.
#
# **Look how sharp the top is.** Mostly one cannot repeat. But the log-likelihood tells, too. If it
# falls fast on both sides of its top, other values of $\theta$ are poor explanations, and the estimate
# is sure. How sharply it bends at the top is its **information**.


# %% tags=["hide"]
def height(theta, heads, tails):
    return heads * np.log(theta) + tails * np.log(1 - theta)


def bend(theta, heads, tails):
    return heads / theta**2 + tails / (1 - theta) ** 2


fall = height(0.7, 7, 3) - height(0.6, 7, 3)
info = bend(0.7, 7, 3)

rng = np.random.default_rng(5)
repeats = [rng.binomial(n, 0.7, 10_000) / n for n in (10, 100)]
draw.bends(
    0.7,
    (10, 100),
    repeats,
    "Above: the log-likelihood near its top, after 10 flips (solid) and 100 (dashed). Below: "
    "estimates of 10,000 repeats each. The sharper the top, the narrower the spread.",
)

# %% [markdown]
# | heads | 7 of 10 | 70 of 100 |
# | --- | ---: | ---: |
# | the log-likelihood falls, from 0.7 to 0.6, by | {{ fall : .2f }} | {{ 10 * fall : .2f }} |
# | information | {{ info : .1f }} | {{ 10 * info : .1f }} |
# | standard error, $1 / \sqrt{\text{information}}$ | {{ info**-0.5 : .3f }} | {{ (10 * info) ** -0.5 : .3f }} |
# | spread over 10,000 repeats | {{ repeats[0].std() : .3f }} | {{ repeats[1].std() : .3f }} |
#
# The last two rows agree. (For a coin exactly, but for chance; in general where data are many.)
#
# Where does the information come from? Each head adds $\log \theta$ to the log-likelihood. Its slope
# is $1/\theta$, and that slope changes by $-1/\theta^2$. A tail adds $\log(1 - \theta)$, in the same
# way. Leave out the minus, and add up:
#
# $$ \text{information} = \frac{\text{heads}}{\theta^2} + \frac{\text{tails}}{(1 - \theta)^2} . $$
#
# Here that is $7 / 0.49 + 3 / 0.09$ = {{ info : .1f }}.
#
# The same number can be had in another way, which we need next. At $\theta = 0.7$ the slope of the
# log-likelihood is 0 on average, but it differs from one data set to the next: a head in place
# of a tail adds $1/\theta + 1/(1 - \theta)$ to it, {{ 1 / 0.7 + 1 / 0.3 : .2f }}. The number of heads varies, with
# variance $10 \cdot 0.7 \cdot 0.3$ = {{ 10 * 0.7 * 0.3 : .1f }}. So the slope varies with variance {{ 10 * 0.7 * 0.3 : .1f }} ×
# {{ 1 / 0.7 + 1 / 0.3 : .2f }}² = {{ 10 * 0.7 * 0.3 * (1 / 0.7 + 1 / 0.3) ** 2 : .1f }}. **How much the slope varies is
# information, too.**
#
# ### Some of it hidden
#
# Now the [197 animals](promises.py#the-smallest-em-there-is). In short: 34 count as heads and 38 as tails. Of
# 125 more, some count as heads and the others do not count, but nobody saw which. Each of them is
# a head with probability $p = \theta / (2 + \theta)$.

# %% tags=["hide"]
top = (15 + 53809**0.5) / 394
p = top / (2 + top)
all_seen = bend(top, 125 * p + 34, 38)
filled, moves = 125 * p * (1 - p) / top, (1 - top) / (125 * p + 34 + 38)
lost = 125 * p * (1 - p) / top**2

# %% [markdown]
# At EM's limit, $\theta$ = {{ top : .4f }}, so $p$ = {{ p : .4f }}.
#
# - **Complete information.** Suppose one could see which. One expects $125 \, p$ = {{ 125 * p : .1f }}
#   heads among them, and with the 34 that is {{ 125 * p + 34 : .1f }} heads and 38 tails. The formula
#   for the coin gives {{ all_seen : .1f }}.
# - **Missing information.** But one cannot: how many of the 125 are heads is hidden.
#   That count has the variance $125 \, p (1 - p)$ = {{ 125 * p * (1 - p) : .1f }}, and each head adds
#   $1/\theta$ to the slope. So this part of the slope's variance is {{ 125 * p * (1 - p) : .1f }} $/ \, \theta^2$ =
#   {{ lost : .1f }}. It would be information if we saw the count. We do not, so it is what is
#   missing (Louis 1982).
# - **Observed information.** What is left: {{ all_seen : .1f }} − {{ lost : .1f }} = {{ all_seen - lost : .1f }}.
#   The standard error is one over its root, {{ (all_seen - lost) ** -0.5 : .4f }}.
#
# $$ \text{observed} = \text{complete} - \text{missing} $$
#
# holds for every model (Orchard & Woodbury 1972). The **share that is missing** is
# {{ lost : .1f }} / {{ all_seen : .1f }} = {{ lost / all_seen : .4f }}. With nothing hidden the
# standard error would be {{ all_seen**-0.5 : .4f }}: what is missing makes it $1 / \sqrt{1 - \text{share}}$ =
# {{ (1 - lost / all_seen) ** -0.5 : .3f }} times as wide. And the share is how fast EM is:
# **near its end, a step of EM leaves just this share of the distance to go** (Dempster, Laird &
# Rubin 1977; with one parameter, as here. For several, see
# [below](#several-parameters-three-ellipses)).
#
# Why? Let the old guess be too high by a little, $\delta$. Then the E-step fills in too many of the 125
# as heads, by $125 \, p (1 - p) / \theta \cdot \delta$ = {{ filled : .1f }} $\delta$. One more head moves
# the new guess, heads ÷ all counted, by $(1 - \theta)$ / {{ 125 * p + 34 + 38 : .1f }} =
# {{ moves : .6f }}. So {{ filled : .1f }} × {{ moves : .6f }} = {{ filled * moves : .3f }} of $\delta$ is left.
#
# ## The program
#
# To be pasted into an empty Python:

# %% tags=["program"]
import numpy as np

a, b, c, d = 125, 18, 20, 34  # d are heads, b and c tails
theta = 0.5
for step in range(12):
    p = theta / (2 + theta)  # E: so many of the 125 are heads
    before, theta = theta, (a * p + d) / (a * p + b + c + d)  # M
    print(f"step {step + 1}: {theta:.9f}, moved {theta - before:.1e}")

p = theta / (2 + theta)
complete = (a * p + d) / theta**2 + (b + c) / (1 - theta) ** 2
missing = a * p * (1 - p) / theta**2
observed = complete - missing
print(f"complete {complete:.1f} - missing {missing:.1f} = {observed:.1f}")
print(f"missing share {missing / complete:.4f}")
print(f"standard error {1 / np.sqrt(observed):.4f}")

# %% tags=["hide"]
from types import SimpleNamespace

from scipy.special import xlogy

linkage = SimpleNamespace(
    e_step=lambda y, t: (
        y[0] * t / (2 + t),
        float(xlogy(y, [0.5 + t / 4, (1 - t) / 4, (1 - t) / 4, t / 4]).sum()),
    ),
    m_step=lambda y, part: (part + y[3]) / (part + y[1] + y[2] + y[3]),
    expected_log_joint=lambda y, part, t: float(
        (part + y[3]) * np.log(t) + (y[1] + y[2]) * np.log(1 - t)
    ),
    RANGES={"parameters": "probability"},
)
animals = np.array([125.0, 18, 20, 34])
fitted = em.fit(linkage, animals, np.array(0.5), tol=1e-12)
sure = em.standard_errors(linkage, animals, fitted)
np.testing.assert_allclose(theta, fitted.params, rtol=1e-9)
np.testing.assert_allclose(sure.errors, 1 / np.sqrt(observed), rtol=1e-5)
np.testing.assert_allclose(sure.rate, missing / complete, rtol=1e-5)

# %% [markdown]
# Look at the moves: each is about {{ missing / complete : .2f }} of the one before.
#
# ## Standard errors in one line
#
# `em.standard_errors(model, data, fit)` does the same without a formula of yours, for the models of
# this package; a model of your own needs a [`log_joint`](regressions.py#how-sure), or an
# `expected_log_joint`. (Without the package: your E-step gives [the
# slope](relatives.py#gradients-the-e-step-gives-the-slope); at the fit, take its differences for a small
# change of each free parameter, and invert the negative of that matrix.) Give it the `fixed` and
# `sample_weights` that the fit had. Here are deaths in London, day by day, as a
# mixture of two Poissons (Hasselblad 1969; see
# [a small step is not a small distance](pitfalls.py#a-small-step-is-not-a-small-distance)):

# %%
import numpy as np

import em
from em.models import poissons
from em.models.poissons import Poissons

values, days = np.loadtxt(
    em.data("london_deaths.csv"), delimiter=",", skiprows=1
).T
start = Poissons([1, 3], [0.5, 0.5])
slow = em.fit(poissons, values, start, sample_weights=days, max_iter=5_000)

london = em.standard_errors(poissons, values, slow, sample_weights=days)

print("weights", london.errors.weights.round(4))
print("rates  ", london.errors.rates.round(4))
print(f"share missing, at worst: {london.rate:.5f}")

# %% [markdown]
# | parameter | estimate | standard error |
# | --- | ---: | ---: |
# | weight of A | {{ slow.params.weights[0] : .3f }} | {{ london.errors.weights[0] : .3f }} |
# | rate of A, deaths a day | {{ slow.params.rates[0] : .3f }} | {{ london.errors.rates[0] : .3f }} |
# | rate of B, deaths a day | {{ slow.params.rates[1] : .3f }} | {{ london.errors.rates[1] : .3f }} |
#
# Read a row like this: if the model is right, an interval of 1.96 standard errors on both sides
# of the estimate holds the true value in about 95 of 100 such data sets. For the weight that is
# nearly everything from 0 to 0.7: next to nothing is known of it. No wonder: a share of
# {{ london.rate : .5f }} of the information in the worst direction is missing, and EM took
# {{ len(slow.steps) - 1 : ,d }} steps.
#
# ### When not to believe them
#
# - **Small samples.** The errors describe the top of the log-likelihood as a parabola. They do not
#   know of a slow descent on one side, nor of other peaks. (The figure's errors, of forty points, are such.)
# - **Edges.** A probability that is 0 or 1 in the fit, or a width held up by a least width: there the
#   log-likelihood still slopes, it has no level top, and `em.standard_errors` refuses.
# - **Labels.** Errors belong to one peak. That the [names could
#   swap](pitfalls.py#the-labels-swap) is not in them.
# - **A wrong model.** They say how sure the estimate is *if* two Poissons made the data.
# - **Directions that nothing determines.** Two coins, and rows of a single flip: only the
#   mean of the two can be told. It refuses, and says which parameters:

# %%
from em.models import coins
from em.models.coins import Coins, Flips

single = Flips([1, 1, 1, 0, 0], [0, 0, 0, 1, 1])
fit = em.fit(coins, single, Coins([0.7, 0.5]), fixed="weights")
try:
    em.standard_errors(coins, single, fit, fixed="weights")
except em.NotDeterminedError as error:
    print(error)

# %% tags=["hide"]
em.show(em.standard_errors)

# %% [markdown]
# ### A bootstrap
#
# The **parametric bootstrap** needs no parabola. It repeats, as with the coin: draw new data from the
# fitted model, fit those, and look how far the answers spread. (`accelerate` is explained
# [below](#can-it-be-made-faster).)

# %%
fast = em.fit(
    poissons, values, start, sample_weights=days, accelerate="anderson"
)
rng = np.random.default_rng(3)
again = []
for _ in range(100):
    drawn, _ = poissons.sample(fast.params, 1096, rng)
    again.append(
        em.fit(poissons, drawn, fast.params, accelerate="anderson", tol=1e-6)
    )

weights = np.array([one.params.weights[0] for one in again])
w, error = slow.params.weights[0], london.errors.weights[0]
low, high = np.quantile(weights, [0.025, 0.975])
print(f"spread of the weight: {weights.std():.3f}")
print(f"standard error:       {error:.3f}")
print(f"95 of 100 between    {low:5.2f} and {high:.2f}")
print(
    f"w ± 1.96 errors:     {w - 1.96 * error:5.2f} and {w + 1.96 * error:.2f}"
)

# %% [markdown]
# The spreads are alike. But the interval of the parabola begins below 0, where no weight can be.
# Where the two differ, look at a histogram of the bootstrap's answers. And for an interval draw a
# thousand: of a hundred, only two or three lie beyond each limit. (Each fit starts from the
# fitted values, so that the names hardly ever swap.)
#
# ## Can it be made faster?
#
# Yes, and it pays where a fit takes hundreds of steps. Add `accelerate="anderson"`:

# %%
print(fast.evaluations[-1], "E-steps in place of", slow.evaluations[-1])
print("largest difference of a rate:", end=" ")
print(f"{np.abs(fast.params.rates - slow.params.rates).max():.1e}")

# %% [markdown]
# How? If each step leaves the same share of an error, a few steps tell where they lead. So **jump**
# there.

# %% tags=["hide"]
draw.creep(
    slow,
    fast,
    (10, 100, 400),
    "EM's steps (dots) creep along a ridge to the star. The jumps (squares) see where that "
    "leads.",
)

# %% [markdown]
# (It is EM that is short of the top: it stopped when its steps were of $10^{-8}$, and at this rate the
# rest of the way is {{ 1 / (1 - london.rate) : .0f }} times as long as a step.)
#
# There are guards. No jump leaves the range of a parameter. One that would lower the likelihood is
# refused, and EM's own step is taken: so **the likelihood never falls**. And a run ends only after small
# steps of EM's own, where EM could end, too.
#
# ### A race, in E-steps
#
# How many E-steps until the log-likelihood is within $10^{-8}$ of the highest that any of four
# ways reached, all from the same start? Refused jumps count. **SQUAREM** (Varadhan & Roland 2008) takes
# two steps of EM, sees how much shorter the second was, and goes as far as such steps lead.
# **Anderson's scheme** (1965) mixes the last four points so that their errors cancel as well as they
# can. **BFGS** is an optimiser: it climbs by [the slope, which the E-step
# gives](relatives.py#gradients-the-e-step-gives-the-slope), and learns how the hill bends; each point
# that it tries is an E-step.
#
# <details markdown><summary>Go deeper</summary>
#
# BFGS in the coordinates of the jumps (logarithms of rates, weights, widths), with the
# log-likelihood for each observation:

# %%
from scipy.optimize import minimize

from em.parameters import Parameters


def ways(model, data, start, **options):
    return [
        em.fit(model, data, start, accelerate=how, max_iter=5_000, **options)
        for how in (None, "squarem", "anderson")
    ]


def slope_of_poissons(x, at, r):
    n = r.sum(axis=0)
    return [x @ r - n * at.rates, n - n.sum() * at.weights]


def bfgs(model, data, start, slope, n):
    free, heights = Parameters(model, start), []

    def downhill(vector):
        at = free.params(vector)
        r, height = model.e_step(data, at)
        heights.append(height)
        up = np.concatenate([part.ravel() for part in slope(data, at, r)])
        return -height / n, -up / n

    options = {"gtol": 1e-10, "maxiter": 5_000}
    with np.errstate(all="ignore"):  # a trial may go far
        minimize(downhill, free.vector(start), jac=True, options=options)
    return heights


def race(fits, heights):
    runs = [(fit.log_likelihoods, fit.evaluations) for fit in fits]
    runs.append((heights, range(1, len(heights) + 1)))
    top = max(max(run[0]) for run in runs)
    return [
        next(n for up, n in zip(*run, strict=True) if up >= top - 1e-8)
        for run in runs
    ]


def london_race(start):
    fits = ways(poissons, values, start, sample_weights=days)
    each = np.repeat(values, days.astype(int))
    return race(fits, bfgs(poissons, each, start, slope_of_poissons, len(each)))


deaths = london_race(start)
print("London: EM, SQUAREM, Anderson, BFGS:", *deaths)

# %% tags=["hide"]
np.random.seed(110)
forty = np.concatenate(
    [np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)]
)
rng = np.random.default_rng(1)
near = np.concatenate([rng.normal(0, 1, 500), rng.normal(1.5, 1, 500)])
old_faithful = np.loadtxt(
    em.data("old_faithful.csv"), delimiter=",", skiprows=1
)
wide = [np.diag([1, 100])] * 3


def slope_of_normals(x, at, r):
    n, z = r.sum(axis=0), (x[:, None] - at.means) / at.stds
    by_log_std = (r * (z**2 - 1)).sum(axis=0)
    return [(r * z).sum(axis=0) / at.stds, by_log_std, n - n.sum() * at.weights]


def slope_of_gaussians(x, at, r):
    n, by_mean, by_root = r.sum(axis=0), [], []
    for share, mean, covariance in zip(
        r.T, at.means, at.covariances, strict=True
    ):
        away, root = x - mean, np.linalg.cholesky(covariance)
        inverse = np.linalg.inv(covariance)
        by_mean.append(inverse @ (share @ away))
        spread = (share * away.T) @ away - share.sum() * covariance
        slope = inverse @ spread @ inverse @ root
        slope[np.diag_indices(len(root))] *= np.diag(root)
        by_root.append(slope[np.tril_indices(len(root))])
    return [np.array(by_mean), np.array(by_root), n - n.sum() * at.weights]


def slope_of_reads(classes, at, reads):
    return [reads - reads.sum() * at.alpha / at.alpha.sum()]


def compete(model, data, start, slope, n):
    free = Parameters(model, start)
    near = free.vector(start) + 0.01 * np.cos(
        np.arange(len(free.vector(start)))
    )
    r, _ = model.e_step(data, free.params(near))
    up = np.concatenate([p.ravel() for p in slope(data, free.params(near), r)])
    for i, way in enumerate(1e-5 * np.eye(len(near))):
        ahead, behind = (
            model.e_step(data, free.params(near + sign * way))[1]
            for sign in (1, -1)
        )
        np.testing.assert_allclose(
            up[i], (ahead - behind) / 2e-5, rtol=1e-5, atol=1e-3
        )
    fits = ways(model, data, start)
    return fits, race(fits, bfgs(model, data, start, slope, n))


bell_fits, bells = compete(
    normals, near, Normals([-1, 2], [1, 1]), slope_of_normals, len(near)
)
_, points = compete(
    normals, forty, Normals([1.1, 9], [2, 1.7]), slope_of_normals, len(forty)
)
centre, unit = old_faithful.mean(axis=0), old_faithful.std(axis=0)


def standardised(raw):
    return Gaussians(
        (raw.means - centre) / unit, raw.covariances / unit / unit[:, None]
    )


pair = Gaussians([[2, 55], [4.5, 80]], wide[:2])
trio = Gaussians([[2, 55], [4, 75], [4.5, 85]], wide)
two, three = (
    compete(
        gaussians,
        (old_faithful - centre) / unit,
        standardised(begin),
        slope_of_gaussians,
        len(old_faithful),
    )[1]
    for begin in (pair, trio)
)
raw = [
    compete(
        gaussians, old_faithful, begin, slope_of_gaussians, len(old_faithful)
    )[1][-1]
    for begin in (pair, trio)
]

# With these bells EM's steps shrink, grow, and shrink again.
free = Parameters(normals, bell_fits[0].params)
walk = np.array([free.vector(step.params) for step in bell_fits[0].steps])
length = np.linalg.norm(np.diff(walk, axis=0), axis=1)
shortest = 20 + length[20:200].argmin()
longest = shortest + length[shortest:].argmax()
assert longest - shortest > 200

rng = np.random.default_rng(0)
random_starts = []
for _ in range(9):
    weight, rates = rng.uniform(), rng.uniform(0, 4, 2)
    at = Poissons(rates, [weight, 1 - weight])
    random_starts.append(london_race(at))
median = np.median(random_starts, axis=0)
most = np.max(random_starts, axis=0)

from em.kallisto import files
from em.kallisto.lengths import effective_lengths
from em.models import transcripts
from em.models.transcripts import Abundances

table = files.read_abundance(em.data("kallisto/abundance.tsv"))
fragments = files.read_fragments(em.data("kallisto/flens.txt"))
classes = files.read_classes(
    em.data("kallisto/pseudoalignments.ec"),
    em.data("kallisto/pseudoalignments.tsv"),
    effective_lengths(table.length, fragments),
)
_, reads = compete(
    transcripts,
    classes,
    Abundances(np.ones(len(classes.lengths))),
    slope_of_reads,
    classes.counts.sum(),
)
ratios = [one[3] / one[2] for one in (points, two, three, reads)]
for one in (deaths, median, bells):
    assert 0.9 < one[3] / one[2] < 1.3

# %% [markdown]
# BFGS depends on units and scale: with Old Faithful in minutes it needs
# {{ raw[0] : d }} and {{ raw[1] : d }} E-steps.
#
# </details>
#
# | run | EM | SQUAREM | Anderson | BFGS |
# | --- | ---: | ---: | ---: | ---: |
# | London | {{ deaths[0] : ,d }} | {{ deaths[1] : d }} | {{ deaths[2] : d }} | {{ deaths[3] : d }} |
# | – nine starts, median | {{ median[0] : ,.0f }} | {{ median[1] : .0f }} | {{ median[2] : .0f }} | {{ median[3] : .0f }} |
# | – nine starts, worst | {{ most[0] : ,.0f }} | {{ most[1] : .0f }} | {{ most[2] : .0f }} | {{ most[3] : .0f }} |
# | a thousand points, 1.5 apart | {{ bells[0] : ,d }} | {{ bells[1] : ,d }} | {{ bells[2] : d }} | {{ bells[3] : d }} |
# | [forty points](normals.py) | {{ points[0] : d }} | {{ points[1] : d }} | {{ points[2] : d }} | {{ points[3] : d }} |
# | [geyser](groups.py), 2 | {{ two[0] : d }} | {{ two[1] : d }} | {{ two[2] : d }} | {{ two[3] : d }} |
# | geyser, 3 | {{ three[0] : d }} | {{ three[1] : d }} | {{ three[2] : d }} | {{ three[3] : d }} |
# | [reads](transcripts.py) | {{ reads[0] : d }} | {{ reads[1] : d }} | {{ reads[2] : d }} | {{ reads[3] : d }} |
#
# *London*: from weights of a half and rates 1 and 3. (Other pages start or stop it otherwise, so their
# counts differ.) *Nine starts*: weights drawn evenly from 0 to 1, rates from 0 to 4. *1.5 apart*: two
# bells of width 1. *Forty points*: weights free. *Geyser*: Old Faithful, standardised, two and three
# groups. *Reads*: kallisto's example.
#
# **Anderson or BFGS?** In London and on the thousand points they are level; in the last four rows BFGS
# needs {{ min(ratios) : .1f }} to {{ max(ratios) : .1f }} times as many. So take Anderson first: it
# needs no more than your E and M, and never falls. Take BFGS where the slope has a formula and the
# M-step has none. (More of BFGS: [a small race](gradients.py#a-small-race).) Where EM runs in ten steps,
# take neither: there is not much to gain, and a jump costs some arithmetic of its own.
#
# On the thousand points EM's steps shrink at first, but then grow for hundreds of steps: they do not tell
# where they end, and a jump may land lower.
#
# ### How the jumps are made
#
# For those who want to read it. Both work in coordinates without bounds.

# %% tags=["hide"]
from em.acceleration import Anderson, Squarem, jumping

em.show(Anderson)

# %% tags=["hide"]
em.show(Squarem)

# %% tags=["hide"]
em.show(jumping)

# %% [markdown]
# ## Several parameters: three ellipses
#
# For those who know matrices; nothing else on the page needs it. With several parameters information is a
# matrix, and how much is missing depends on the direction. Here it is for [two coins](coins.py), both
# unknown, mixing weights held at one half.

# %%
flips = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
fit = em.fit(coins, flips, Coins([0.6, 0.5]), fixed="weights")
found = em.standard_errors(coins, flips, fit, fixed="weights")

to_theta = np.linalg.inv(found.slopes[:2])  # from log-odds to θ
parts = {
    name: to_theta.T @ getattr(found, name) @ to_theta
    for name in ("complete", "observed", "missing")
}
for name, matrix in parts.items():
    print(f"{name:9}", *matrix.round(1).tolist())
dm = np.linalg.solve(parts["complete"], parts["missing"])
print("DM       ", *dm.round(4).tolist())
print("its eigenvalues", np.linalg.eigvals(dm).round(4))
print("standard errors", found.errors.theta.round(4))

# %% tags=["hide"]
draw.ellipses(
    parts,
    "Complete, observed and missing information about the two coins. In each direction, take how "
    "far an ellipse reaches that way. The squares add up: complete² = observed² + missing².",
)

# %% [markdown]
# The matrix **DM** is complete⁻¹ × missing: what a step of EM makes of a small error. Its
# largest eigenvalue, {{ found.rate : .4f }}, is the **rate**: the part of the most stubborn error
# that each step leaves.
#
# <details markdown><summary>Go deeper</summary>
#
# The package finds the complete and the missing part as second derivatives
# of the expected complete-data log-likelihood, by finite differences (Oakes 1999), in coordinates
# without bounds; the slopes of these carry the errors back to the parameters (the *delta method*).
#
# </details>
#
# ## What could go wrong
#
# - **A fit that has not converged**, or one whose options tie parameters (`equal_stds=True`), is no
#   maximum of the free model. `em.standard_errors` refuses it.
# - **Other options than the fit's.** Without its `fixed` or `sample_weights` the question is another.
# - **Jumps are not wiser than EM.** They find a limit sooner; which of several depends on the start,
#   and can be another than EM's.
#
# ## Exercises
#
# **1.** The London data with every count of days multiplied by four: *predict* the standard errors
# and the rate of EM.
#
# <details markdown><summary>Solution</summary>

# %%
four = em.standard_errors(poissons, values, slow, sample_weights=4 * days)
print("rates ±", four.errors.rates.round(4), f"rate of EM {four.rate:.5f}")

# %% [markdown]
# The errors are halved: four times the information. The rate stays, since the *share* that is
# missing is the same. More data make EM's answer surer, and not one step faster.
#
# </details>
#
# **2.** At a rate of 0.996, *how many* steps does EM take to make an error ten times smaller?
#
# <details markdown><summary>Solution</summary>

# %%
print(f"{np.log(0.1) / np.log(0.996):.0f} steps for each digit")

# %% [markdown]
# </details>
#
# ## Where to read on
#
# Henderson & Varadhan (2019), on Anderson's scheme for EM,
# [doi 10.1080/10618600.2019.1594835](https://doi.org/10.1080/10618600.2019.1594835); Varadhan & Roland
# (2008), [doi 10.1111/j.1467-9469.2007.00585.x](https://doi.org/10.1111/j.1467-9469.2007.00585.x);
# Anderson (1965), [doi 10.1145/321296.321305](https://doi.org/10.1145/321296.321305).
# Louis (1982), *Finding the observed information matrix when using the EM algorithm*; Oakes (1999),
# *Direct calculation of the information matrix via the EM algorithm*; Meng & Rubin (1991), *Using EM
# to obtain asymptotic variance-covariance matrices: the SEM algorithm*.
