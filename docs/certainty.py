# ---
# title: How sure, how fast
# order: 13
# section: Understand
# question: Does EM give standard errors, and can it be made faster?
# description: >-
#   The share of missing information says how fast EM is and how unsure its answer: standard
#   errors from the E-step, and accelerated EM by Anderson's scheme and SQUAREM.
# ---

# %% [markdown]
# # How sure, and how fast
#
# Two bells stand near each other. EM takes many steps to tell them apart, and in the end you
# should not trust the answer much. Both have one cause. Which?

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

apart = np.array([1.25, 1.5, 2, 2.5, 3, 4, 5, 6])
guess = Normals([-1, 2], [1, 1], [0.6, 0.4])
costs = []
for d in apart:
    x = draw.overlapping(d)
    fit = em.fit(normals, x, guess, fixed="stds")
    found = em.standard_errors(normals, x, fit, fixed="stds")
    costs.append((len(fit.steps) - 1, found.rate, found.errors.means[0]))
steps, missing, errors = np.array(costs).T
live(
    "overlap",
    still=draw.costs(
        apart, steps, missing, errors, "What two bells cost, by their distance."
    ),
    told=f"Bells {apart[0]:g} widths apart: {steps[0]:.0f} steps, {missing[0]:.1%} of the "
    f"information missing, standard error {errors[0]:.2f}. Bells {apart[-1]:g} widths apart: "
    f"{steps[-1]:.0f} steps, {missing[-1]:.1%}, {errors[-1]:.2f}.",
    caption="Drag the square, the distance of the two bells. The bars are steps of EM (on a scale "
    "of powers), the share of missing information, and the standard error of a mean.",
)

# %% [markdown]
# ## Try it
#
# Forty points, twenty around each of two centres; every bell has width 1, and EM looks for the
# two means and the mixing weights.
#
# **1. Predict:** with the bells six widths apart, how many steps will it take? *Drag the square
# to the right.*
#
# <details markdown><summary>See why</summary>
#
# A handful. Nearly every point lies under one bell only: nothing that matters is missing, and
# EM does what one would do with the colours known.
#
# </details>
#
# **2. Predict:** from three widths to two, does the standard error grow as fast as the number of
# steps? *Drag to the left.*
#
# <details markdown><summary>See why</summary>
#
# No: more slowly. If a share $\rho$ of the information is missing, the steps grow like
# $1/(1-\rho)$, the standard error only like $1/\sqrt{1-\rho}$. But all three go up together.
#
# </details>
#
# **3. Predict:** one width apart, could you say where the bells are? *Drag to the end.*
#
# <details markdown><summary>See why</summary>
#
# Hardly: the standard error of a mean is as large as the distance. EM still prints many
# digits. They are digits of the highest likelihood, not of the truth.
#
# </details>
#
# ## Information, by hand
#
# How sharply does the log-likelihood fall on both sides of its top? That is its curvature
# there, with the sign changed: the **observed information**. The sharper, the surer. Where data
# are many, the **standard error** of one parameter is
# $1/\sqrt{\text{observed information}}$.
#
# If nothing were hidden, there would be more of it: the **complete information**, the curvature
# of what the M-step maximises. The difference is missing (Orchard & Woodbury 1972):
#
# $$ \text{observed} = \text{complete} - \text{missing}. $$
#
# A classic with one parameter: of 197 animals, 125, 18, 20 and 34 are of four kinds, with
# probabilities $\tfrac12 + \tfrac\theta4$, $\tfrac{1-\theta}4$, $\tfrac{1-\theta}4$ and
# $\tfrac\theta4$ (Rao 1965; Dempster, Laird & Rubin 1977). Hidden is how many of the 125 are
# there by the part $\theta/4$. *E-step:* at $\theta = 0.5$ the part is $\tfrac18$ of $\tfrac58$,
# a fifth, which is 25 animals. *M-step:* $25 + 34 = 59$ of the
# $59 + 18 + 20 = 97$ speak for $\theta$, so it becomes $59/97 = 0.608$.
#
# ## The program
#
# To be pasted into an empty Python:

# %% tags=["program"]
import numpy as np

a, b, c, d = 125, 18, 20, 34
theta = 0.5
for step in range(12):
    part = a * theta / (2 + theta)  # E: expected in the part theta / 4
    before, theta = theta, (part + d) / (part + b + c + d)  # M
    print(f"step {step + 1}: {theta:.9f}, moved {theta - before:.1e}")

part = a * theta / (2 + theta)
complete = (part + d) / theta**2 + (b + c) / (1 - theta) ** 2
missing = 2 * a / (2 + theta) ** 2 / theta  # how part answers to theta
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
# Look at the moves: each is about {{ missing / complete : .4f }} of the one before. That is the
# missing share. It is no accident: near its end, **a step of EM leaves of each error just the
# share of information that is missing** (Dempster, Laird & Rubin 1977). With little missing, an
# error is gone in a few steps. With nearly all missing, EM crawls.
#
# ## Several parameters: three ellipses
#
# With several parameters information is a matrix, and how much is missing depends on the
# direction. Here it is for [two coins](coins.py) and the five sequences of Do & Batzoglou
# (2008), mixing weights held at one half.

# %%
import numpy as np

import em
from em.models import coins, gaussians, normals, poissons
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.models.poissons import Poissons

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
    "Complete, observed and missing information about the two coins. In each direction the "
    "squares of the distances from the centre add up: complete² = observed² + missing².",
)

# %% [markdown]
# The matrix **DM** is complete⁻¹ × missing: what a step of EM makes of a small error. Its
# largest eigenvalue, {{ found.rate : .4f }}, is the **rate**: the part of the most stubborn error
# that each step leaves.
#
# ## The same in the package
#
# `em.standard_errors(model, data, fit)` needs the E-step and the function that the M-step
# maximises, no derivative of yours (Oakes 1999). It returns errors in the shape of the
# parameters, their covariance, and the three matrices. Give it the same `fixed` and
# `sample_weights` as the fit.

# %%
values, days = np.loadtxt(
    em.data("london_deaths.csv"), delimiter=",", skiprows=1
).T
start = Poissons([1, 3], [0.5, 0.5])
slow = em.fit(poissons, values, start, sample_weights=days, max_iter=5_000)
london = em.standard_errors(poissons, values, slow, sample_weights=days)

print(
    "weights", slow.params.weights.round(4), "±", london.errors.weights.round(4)
)
print("rates  ", slow.params.rates.round(4), "±", london.errors.rates.round(4))
print(f"rate of EM {london.rate:.5f}, after {len(slow.steps) - 1} steps")

# %% tags=["hide"]
em.show(em.standard_errors)

# %% [markdown]
# These are deaths in London, day by day, as a mixture of two Poissons (Hasselblad 1969; see
# [a small step is not a small distance](pitfalls.py#a-small-step-is-not-a-small-distance)).
# A share of {{ london.rate : .5f }} of the information in the worst direction is missing. So EM takes
# {{ len(slow.steps) - 1 : ,d }} steps, and so the weight of the first component is
# {{ slow.params.weights[0] : .4f }}, give or take {{ london.errors.weights[0] : .4f }}: next to
# nothing is known of it.
#
# ## Can it be made faster?
#
# Yes, and the rate says how. If each step leaves the same share of an error, a few steps tell
# where they lead. So **jump** there. **SQUAREM** (Varadhan & Roland 2008,
# [doi](https://doi.org/10.1111/j.1467-9469.2007.00585.x)) jumps after every two steps, by how much
# the second differs from the first. **Anderson's scheme** (1965,
# [doi](https://doi.org/10.1145/321296.321305); for EM, Henderson & Varadhan 2019,
# [doi](https://doi.org/10.1080/10618600.2019.1594835)) mixes the last four points so that what is
# left of their errors cancels best.

# %%
fast = em.fit(
    poissons, values, start, sample_weights=days, accelerate="anderson"
)
print(fast.evaluations[-1], "E-steps in place of", slow.evaluations[-1])
print("largest difference of a rate:", end=" ")
print(f"{np.abs(fast.params.rates - slow.params.rates).max():.1e}")

# %% tags=["hide"]
draw.creep(
    slow,
    fast,
    (10, 100, 400),
    "EM's steps (dots) creep along a ridge to the star. The jumps (squares) see where that "
    "leads.",
)

# %% [markdown]
# (Of the two it is EM that is short of the top. It stopped when its steps were of $10^{-8}$, and at
# this rate the rest of the way is {{ 1 / (1 - london.rate) : .0f }} times as long as a step.)
#
# A jump can go wrong, so there are two guards. It is made in coordinates without bounds
# (logarithms of rates, of weights, of widths), so that no jump leaves the range of a parameter.
# And a jump that would lower the likelihood is refused: EM's own step is taken. So **the likelihood
# never falls**, as with EM. And a run ends only after small steps of EM's own, so that where it
# ends EM would end, too, and the standard errors are the same.

# %% tags=["hide"]
from em.acceleration import Anderson, Squarem, jumping

em.show(Anderson)

# %% tags=["hide"]
em.show(Squarem)

# %% tags=["hide"]
em.show(jumping)

# %% [markdown]
# ## A race, in E-steps
#
# Each row: one model and one start; how many E-steps until the log-likelihood is within
# $10^{-8}$ of the highest that any of the three reached. Jumps that were refused are counted.


# %%
def ways(model, data, start, **options):
    return [
        em.fit(model, data, start, accelerate=how, max_iter=5_000, **options)
        for how in (None, "squarem", "anderson")
    ]


def race(fits):
    top = max(fit.log_likelihood for fit in fits)
    near = [fit.log_likelihoods >= top - 1e-8 for fit in fits]
    return [
        int(fit.evaluations[one.argmax()]) if one.any() else np.nan
        for fit, one in zip(fits, near, strict=True)
    ]


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

squarem = em.fit(
    poissons, values, start, sample_weights=days, accelerate="squarem"
)
deaths = race([slow, squarem, fast])
bells = race(ways(normals, near, Normals([-1, 2], [1, 1])))
points = race(ways(normals, forty, Normals([1.1, 9], [2, 1.7])))
two = race(
    ways(gaussians, old_faithful, Gaussians([[2, 55], [4.5, 80]], wide[:2]))
)
three = race(
    ways(
        gaussians, old_faithful, Gaussians([[2, 55], [4, 75], [4.5, 85]], wide)
    )
)

# %% tags=["hide"]
rng = np.random.default_rng(0)
random_starts = []
for _ in range(25):
    weight, rates = rng.uniform(), rng.uniform(0, 4, 2)
    random_starts.append(
        [
            int(
                em.fit(
                    poissons,
                    values,
                    Poissons(rates, [weight, 1 - weight]),
                    sample_weights=days,
                    accelerate=how,
                    until=lambda s: (
                        s[-1].log_likelihood >= slow.log_likelihood - 1e-8
                    ),
                ).evaluations[-1]
            )
            for how in ("squarem", "anderson")
        ]
    )
median = np.median(random_starts, axis=0)

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
reads = race(
    ways(transcripts, classes, Abundances(np.ones(len(classes.lengths))))
)


# %% [markdown]
# | | EM | SQUAREM | Anderson |
# | --- | ---: | ---: | ---: |
# | London deaths, from (0.5, 1, 3) | {{ deaths[0] : ,d }} | {{ deaths[1] : d }} | {{ deaths[2] : d }} |
# | the same, 25 random starts, median | | {{ median[0] : .0f }} | {{ median[1] : .0f }} |
# | two bells, 1.5 widths apart | {{ bells[0] : ,d }} | {{ bells[1] : ,d }} | {{ bells[2] : d }} |
# | [the forty points](normals.py), weights free | {{ points[0] : d }} | {{ points[1] : d }} | {{ points[2] : d }} |
# | [Old Faithful](groups.py), two groups | {{ two[0] : d }} | {{ two[1] : d }} | {{ two[2] : d }} |
# | Old Faithful, three groups | {{ three[0] : d }} | {{ three[1] : d }} | {{ three[2] : d }} |
# | [kallisto's example](transcripts.py) | {{ reads[0] : d }} | {{ reads[1] : d }} | {{ reads[2] : d }} |
#
# Others have run London. The vignette of the R package turboEM stops EM after 1,500 evaluations,
# still below the maximum, and reports 45 for SQUAREM and 60 for its parabolic EM; that of
# SQUAREM, from a random start, 2,909 for EM and 72 for SQUAREM. Their stopping rules, their
# coordinates and their starts are not ours, so the numbers tell of size, not of rank.
#
# The two bells show where jumps are hard. From that start EM's steps first become longer, not
# shorter: it is leaving a saddle. SQUAREM then jumps too far, again and again, and is refused;
# our Anderson learns from a refusal how far to go.
#
# Where little is missing, as with the two groups of Old Faithful, there is not much to gain: a
# jump needs a few steps to learn from. And an E-step is not all: each jump solves a small
# least-squares problem. Where your model runs in ten steps, leave `accelerate` out.
#
# ## A bootstrap in five lines
#
# Standard errors trust a parabola. The **parametric bootstrap** does not: draw new data from the
# fitted model, fit those, and look how far the answers spread. (Jumps pay here: it is a hundred
# fits.)

# %%
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
# The spreads are alike. But the interval of the parabola begins below 0, where no weight can be:
# a parabola has no sides, and the true curve has. Where the two differ, look at a histogram of the
# bootstrap's answers.
#
# ## What could go wrong
#
# - **Small samples.** A standard error describes the top of one log-likelihood. It does not know
#   of other peaks, nor of the slow descent on one side.
# - **Edges.** A probability that is 0 or 1 in the fit, a floor that binds: there the likelihood has
#   no level top, and `em.standard_errors` refuses.
# - **Directions that nothing determines.** Two coins, and sequences of a single flip: only the
#   mean of the two can be told. It refuses, and says which parameters.
# - **Labels.** Errors belong to one peak. In a bootstrap, the [names may
#   swap](pitfalls.py#the-labels-swap) between fits, and the spread is then that of two peaks.
#   Beginning each fit from the fitted values, as above, mostly prevents it.
# - **A fit that has not converged**, or one whose options tie parameters (`equal_stds=True`), is no
#   maximum of the free model. It is refused as well.
# - **Jumps are not wiser than EM.** They find a limit sooner; which of several depends on the start,
#   and can be another than EM's.

# %%
single = Flips([1, 1, 1, 0, 0], [0, 0, 0, 1, 1])
fit = em.fit(coins, single, Coins([0.7, 0.5]), fixed="weights")
try:
    em.standard_errors(coins, single, fit, fixed="weights")
except em.NotDeterminedError as error:
    print(error)

# %% [markdown]
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
# And a step of $10^{-8}$ then means that the limit is still about 250 times as far.
#
# </details>
#
# ## Where to read on
#
# Louis (1982), *Finding the observed information matrix when using the EM algorithm*; Oakes (1999),
# *Direct calculation of the information matrix via the EM algorithm*; Meng & Rubin (1991), *Using EM
# to obtain asymptotic variance-covariance matrices: the SEM algorithm*. What EM climbs is on
# [what is being climbed](surface.py), how it fails on [how it goes wrong](pitfalls.py).
