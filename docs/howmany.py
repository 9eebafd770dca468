# ---
# title: How many components? (BIC)
# order: 30.2
# section: Use
# question: How many components does my mixture need?
# description: >-
#   Choosing the number of components of a Gaussian mixture: BIC and AIC with a program, data left out
#   (cross-validation), what a floor does to the winner, and why a component need not be a group.
# numbers: own
# allow: [15, 19, 64, 41, 272, 100, 400, 500, 83, 0.02, 0.05, 10, 1974, 1978, 2000, 2003, 270, 54, 80, 15]
# ---

# %% [markdown]
# # How many components? (BIC)
#
# EM's two steps find the size and the shape of each group. They cannot find the *number* of groups, because with one
# more the best fit is never worse. So charge a price for every number that a fit may choose. That is what **BIC** and
# **AIC** do. Choose how many groups below, and read the log-likelihood.

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import groups as draw
from em.figures.live import live
from em.models import gaussians
from em.models.gaussians import Gaussians

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
in_order = x[np.lexsort(x.T[::-1])]


def from_left_to_right(groups):
    """Give the start that the figure has for so many groups."""
    places = [int((k + 0.5) * len(x) / groups) for k in range(groups)]
    covariances = [np.cov(x.T, ddof=0) / groups] * groups
    return Gaussians(in_order[places], covariances)


by_groups = {
    k: em.fit(gaussians, x, from_left_to_right(k), max_iter=9_000, tol=1e-5)
    for k in (1, 2, 3)
}
start = from_left_to_right(3)
live(
    "scatter",
    x=x,
    means=start.means,
    covariances=start.covariances,
    weights=start.weights,
    still=draw.frames(x, [by_groups[3].steps[0], by_groups[3].steps[-1]]),
    told=f"Three groups, from left to right, and after {len(by_groups[3].steps) - 1} steps: "
    f"log-likelihood −{-by_groups[3].log_likelihood:.2f}.",
    caption="Eruptions of Old Faithful: minutes that each lasted (across), and minutes until the next (up). Under "
    "Options, choose how many groups there are. Then press Play, and read the log-likelihood.",
)

# %% [markdown]
# **You will be able to** compute BIC for a mixture, and say how far to trust it. **About 15 minutes. To know
# first:** [Gaussian mixtures](groups.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** with two groups the log-likelihood ends at {{ by_groups[2].log_likelihood : .1f }}. What will a third do
# to it? *Press **Play** with three.*
#
# <details markdown><summary>Lower it: there are two clouds</summary>
#
# A third group can always copy another, so the best fit cannot get worse.
#
# </details>
# <details class="right" markdown><summary>Raise it by a little</summary>
#
# Yes, to {{ by_groups[3].log_likelihood : .1f }}. The step from one group to two had raised it by
# {{ by_groups[2].log_likelihood - by_groups[1].log_likelihood : .0f }}.
#
# </details>
# <details markdown><summary>Raise it by as much as the second did</summary>
#
# The second group raised it by {{ by_groups[2].log_likelihood - by_groups[1].log_likelihood : .0f }}, because one
# ellipse cannot describe two clouds. The third finds less to do.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** draw 500 points from *one* skew cloud. How many normals will BIC want for it?
#
# <details markdown><summary>One, because there is one group</summary>
#
# BIC does not count groups. It asks how many normals describe the points at a fair price.
#
# </details>
# <details class="right" markdown><summary>Several</summary>
#
# Yes, several normals imitate a skew cloud. It is a good description and a bad count.
# [Exercise 2](#exercises) counts them.
#
# </details>
# </div>
#
# ## BIC and AIC
#
# Count the $p$ numbers that a fit may choose. Then charge for each:
#
# $$ \mathrm{AIC} = 2 p - 2 \log L , \qquad \mathrm{BIC} = p \log n - 2 \log L . $$
#
# Lower is better (Akaike 1974, Schwarz 1978). With 272 points BIC asks {{ np.log(len(x)) : .1f }} for each number and
# AIC asks 2. One more number is worth it to BIC only if it raises $\log L$ by more than {{ np.log(len(x)) / 2 : .1f }}.
#
# ### Once by hand
#
# Two groups in the plane, each with a full covariance, have covariances of three numbers, means of two, and one mixing
# weight to choose. That is 2 × 3 + 2 × 2 + 1 = {{ 2 * 3 + 2 * 2 + 1 : d }} numbers, so BIC is
# 2 × {{ -by_groups[2].log_likelihood : .2f }} + {{ 2 * 3 + 2 * 2 + 1 : d }} × {{ np.log(len(x)) : .3f }} =
# {{ 11 * np.log(len(x)) - 2 * by_groups[2].log_likelihood : .2f }}.
#
# ## The program
#
# It draws two groups of waits, fits one to five bells, and prints both numbers.

# %% tags=["program"]
import numpy as np

rng = np.random.default_rng(1)
x = np.concatenate([rng.normal(54, 6, 100), rng.normal(80, 6, 170)])

for k in range(1, 6):
    mean, std = (
        np.quantile(x, (np.arange(k) + 0.5) / k),
        np.full(k, x.std() / k),
    )
    weight = np.ones(k) / k
    for _ in range(500):
        # E-step: log of weight times density, then responsibilities
        log_joint = np.log(weight / std) - ((x[:, None] - mean) / std) ** 2 / 2
        top = log_joint.max(axis=1, keepdims=True)
        total = np.exp(log_joint - top).sum(axis=1, keepdims=True)
        r = np.exp(log_joint - top) / total
        # M-step: weights, weighted means and weighted widths
        size = r.sum(axis=0)
        weight, mean = size / len(x), x @ r / size
        std = np.sqrt((r * (x[:, None] - mean) ** 2).sum(axis=0) / size)
    log_l = (top + np.log(total) - np.log(2 * np.pi) / 2).sum()
    price = (3 * k - 1) * np.log(len(x))
    print(k, f"log-likelihood {log_l:9.2f}  BIC {price - 2 * log_l:8.2f}")

# %% tags=["hide"]
from em.models import normals
from em.models.normals import Normals

_, ours = normals.e_step(x, Normals(mean, std, weight))
np.testing.assert_allclose(ours, log_l, atol=0.01)

# %% [markdown]
# The number of components is `k`, and `range(1, 6)` says which to try. Each fit starts from bells that are evenly spread
# over the points.
#
# <div class="change" markdown>
# **Predict:** charge AIC's price in place of BIC's. Which number of bells is cheapest?
#
# ```diff
# -    price = (3 * k - 1) * np.log(len(x))
# +    price = (3 * k - 1) * 2
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ 1 + np.argmin([float(line.split()[-1]) for line in changed.lines]) : d }} again. But now five bells are only
# {{ float(changed.lines[4].split()[-1]) - float(changed.lines[1].split()[-1]) : .1f }} dearer. AIC asks less for each
# number, so it leans towards more of them. It aims to predict new data well, and not to find the right model.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** there is one group, but it is skew. How many bells now?
#
# ```diff
# -x = np.concatenate([rng.normal(54, 6, 100), rng.normal(80, 6, 170)])
# +x = 50 + 10 * rng.exponential(size=270)
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ 1 + np.argmin([float(line.split()[-1]) for line in changed.lines]) : d }}, the most that it was offered. No bell is
# skew, so it takes several to imitate one skew group. A **component need not be a group**, and a cluster of cells need
# not be a kind of cell.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** move the second group from 80 to 64, so that the two overlap. How many does BIC find?
#
# ```diff
# -x = np.concatenate([rng.normal(54, 6, 100), rng.normal(80, 6, 170)])
# +x = np.concatenate([rng.normal(54, 6, 100), rng.normal(64, 6, 170)])
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ 1 + np.argmin([float(line.split()[-1]) for line in changed.lines]) : d }}. Two bells fit better by
# {{ float(changed.lines[1].split()[2]) - float(changed.lines[0].split()[2]) : .1f }} in log-likelihood, and that does
# not pay for three more numbers. BIC finds as many groups as the data can show.
#
# </details>
# </div>
#
# ## All of them
#
# Now the geyser, with [four shapes](groups.py#four-shapes). A price means something only if the likelihood is the
# highest there is. So take 100 random starts, twenty steps each, and run the best five to the end. First give each
# column a standard deviation of one. No group may be narrower than a tenth of that, a **floor**.
#
# <details markdown><summary>Go deeper</summary>

# %%
from itertools import islice

import numpy as np

import em
from em.models import gaussians
from em.numbers.covariances import n_parameters

x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
z = (x - x.mean(axis=0)) / x.std(axis=0)


def best_fits(z, groups, shape, starts=100, keep=5):
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
    tried.sort(key=lambda step: -step.log_likelihood)
    options |= {"accelerate": "anderson", "max_iter": 5_000, "tol": 1e-4}
    ends = [em.fit(gaussians, z, t.params, **options) for t in tried[:keep]]
    return sorted(ends, key=lambda end: -end.log_likelihood)


# A density per standard deviation is one per minute, divided by this.
units = len(x) * np.log(x.std(axis=0)).sum()
fits, bic, aic = {}, {}, {}
print("groups, shape       BIC      AIC  reached by")
for shape in ("full", "tied", "diagonal", "spherical"):
    for k in range(1, 6):
        ends = best_fits(z, k, shape)
        top = ends[0].log_likelihood
        p = n_parameters(k, 2, shape)
        bic[k, shape] = p * np.log(len(x)) - 2 * (top - units)
        aic[k, shape] = 2 * p - 2 * (top - units)
        fits[k, shape] = ends[0].params
        reached = sum(end.log_likelihood > top - 0.01 for end in ends)
        print(
            f"{k}  {shape:9}{bic[k, shape]:11.2f}{aic[k, shape]:9.2f}", end=""
        )
        print(f"  {reached} of {len(ends)}")

# %% [markdown]
# </details>

# %% tags=["hide"]
SHAPES = ("full", "tied", "diagonal", "spherical")
by_bic = sorted(bic, key=bic.get)
by_aic = sorted(aic, key=aic.get)
assert by_bic[:3] == [(3, "tied"), (4, "tied"), (2, "full")]
assert by_aic[0] == (4, "full")
assert (
    abs(bic[2, "full"] - 11 * np.log(272) + 2 * by_groups[2].log_likelihood)
    < 0.01
)


def narrowest(params):
    return np.sqrt(np.linalg.eigvalsh(params.covariances).min())


def with_floor(floor):
    """Give AIC of the winner's groups, run on with another floor."""
    again = em.fit(
        gaussians, z, fits[4, "full"], min_std=floor, tol=1e-4, max_iter=5_000
    )
    return 2 * n_parameters(4, 2, "full") - 2 * (again.log_likelihood - units)


lower = with_floor(0.05)
assert abs(narrowest(fits[4, "full"]) - 0.1) < 1e-6
draw.criteria(
    {
        name: {s: np.array([score[k, s] for k in range(1, 6)]) for s in SHAPES}
        for name, score in (("BIC", bic), ("AIC", aic))
    },
    "How far each fit lies above the lowest of its panel. Fits of one group lie far above the frame.",
)

# %% [markdown]
# BIC is lowest for three tied groups, at {{ bic[3, "tied"] : .2f }}. Four tied ones are
# {{ bic[4, "tied"] - bic[3, "tied"] : .0f }} above it, and two full ones
# {{ bic[2, "full"] - bic[3, "tied"] : .0f }}. AIC takes four full groups, at {{ aic[4, "full"] : .2f }}. But look at
# that winner: one of its groups is {{ narrowest(fits[4, "full"]) : .2f }} wide in one direction, exactly the floor.
# With a floor of 0.05 the same four groups come to {{ lower : .2f }}. **Look at a winner before you believe its number.**
#
# In R, the package mclust does such a search in one line, over fourteen shapes. In its plots BIC has the other sign, so
# the highest is best.
#
# ```r
# library(mclust); fit <- Mclust(faithful); summary(fit)
# ```
#
# ### Why BIC is a rule of thumb here
#
# For many points, $-\frac{1}{2}$ BIC approximates the logarithm of the probability of the data under the whole model, if
# the likelihood is one round hill around one best value of each parameter (Schwarz 1978). A mixture with too many
# components has no such value. A surplus component of weight 0 may lie anywhere, and two in one place may share their
# weight in any way: they are not **identified**. So $p$ charges for numbers that the data never see.
#
# ## Data that were left out
#
# Another way does not need $p$. Leave out a fifth of the eruptions, fit
# the rest, and ask how likely those left out are. Do that for each fifth. This **cross-validated** likelihood punishes
# what describes only the points that were fitted. We made six random cuts into fifths, and tried the
# five fits that did well.
#
# <details markdown><summary>Go deeper</summary>


# %%
def left_out(groups, shape, cut):
    total = -units
    for fold in np.array_split(cut, 5):
        rest = np.delete(z, fold, axis=0)
        found = best_fits(rest, groups, shape, 4, 1)[0].params
        joint = gaussians.log_joint(z[fold], found)
        total += np.logaddexp.reduce(joint, axis=1).sum()
    return total


likely = ((2, "full"), (3, "full"), (4, "full"), (3, "tied"), (4, "tied"))
winners = []
print("cut" + "".join(f"{k:6} {shape:4}" for k, shape in likely))
for seed in range(6):
    cut = np.random.default_rng(seed).permutation(len(z))
    scores = [left_out(k, shape, cut) for k, shape in likely]
    winners.append(likely[int(np.argmax(scores))])
    print(f"{seed}  " + "".join(f"{score:11.2f}" for score in scores))

# %% [markdown]
# </details>

# %% tags=["hide"]
assert len(set(winners)) > 1

# %% [markdown]
# In these six cuts {{ len(set(winners)) : d }} different fits come first. **These data do not decide.** Three tied
# groups and two full ones have eleven numbers each, so neither is the plainer description. Say so, and take the one
# that you can explain. Of the three tied groups, two share the cloud of long eruptions. Whether they are two kinds of
# eruption is for the geologist to say.
#
# ## What could go wrong
#
# - **The highest peak is missed.** The last column of the table says how many of the best five starts reached it. Where
#   that is one or two, try more.
# - **BIC is compared across different data.** Drop a point, or take logarithms of a column, and the numbers have nothing
#   to do with each other.
# - **A winner is a rounding,** as in exercise 1.
#
# ## Exercises
#
# **1.** With a floor of 0.02 minutes and 400 starts, such a search finds a much better BIC, with five diagonal groups.
# The waits were written down in whole minutes. *Predict* where one of the five lies.
#
# <details markdown><summary>Solution</summary>
#
# On the waits of exactly 83 minutes.

# %%
chosen = z[np.random.default_rng(0).choice(len(z), 4, replace=False)]
nearest = ((z[:, None] - chosen) ** 2).sum(axis=2).argmin(axis=1)
owners = np.eye(5)[np.where(x[:, 1] == 83, 4, nearest)]
options = {"covariance_type": "diagonal", "min_std": 0.02}
begin = gaussians.m_step(x, owners, **options)
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
# BIC is {{ on_83_bic : .2f }}, well below {{ bic[3, "tied"] : .2f }}, and one group is as narrow as the floor lets it be.
# That is a [collapse](collapse.py) held up half-way. Its likelihood says how low the floor is and how the watch was
# read. A floor should come from how finely you measured, and from how narrow a group could be.
#
# </details>
#
# **2.** Draw 500 points from one group that is not a bell, two columns of `rng.exponential`. *Predict* how many normals
# BIC wants.
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
# Of one to four it wants the most, and by a wide margin.
#
# </details>
#
# ## Where to read on
#
# - Akaike, *A New Look at the Statistical Model Identification*, IEEE Transactions on Automatic Control 19 (1974),
#   [doi 10.1109/TAC.1974.1100705](https://doi.org/10.1109/TAC.1974.1100705). AIC.
# - Schwarz, *Estimating the Dimension of a Model*, The Annals of Statistics 6 (1978),
#   [doi 10.1214/aos/1176344136](https://doi.org/10.1214/aos/1176344136). BIC.
# - McLachlan and Peel, *Finite Mixture Models* (2000), chapter 6, on what BIC may be trusted with in a mixture.
# - Smyth, *Model Selection for Probabilistic Clustering Using Cross-Validated Likelihood*, Statistics and Computing 10
#   (2000). Data that were left out.
# - Biernacki, Celeux and Govaert, *Choosing starting values for the EM algorithm for getting the highest likelihood in
#   multivariate Gaussian mixture models*, Computational Statistics & Data Analysis 41 (2003),
#   [doi 10.1016/S0167-9473(02)00163-9](https://doi.org/10.1016/S0167-9473(02)00163-9).
