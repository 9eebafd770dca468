# ---
# title: Standard errors
# order: 13
# section: Understand
# question: Does EM give standard errors? How sure may I be of its answer?
# description: >-
#   Standard errors after Expectation Maximisation: observed, complete and missing information by
#   hand, one line that gives the errors, when not to believe them, and a bootstrap.
# numbers: own
# allow: [20, 10, 100, 197, 125, 34, 38, 95, 0.5, 0.6, 0.7, 70, "10,000", 1.96, 0.99, 25, 1.5,
#   1965, 1969, 1972, 1977, 1982, 1991, 1999, 2008, 2019]
# ---

# %% [markdown]
# # Standard errors
#
# EM ends with one answer. How far off may it be? A **standard error** says so, and [one
# line](#standard-errors-in-one-line) gives it. Push the two bells together and watch the answer become less sure.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import certainty as draw
from em.figures.live import live
from em.models import coins, normals, poissons
from em.models.coins import Coins, Flips
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
    caption="Drag the square, the true centre of the right bell. The bars show how many steps EM took, on a "
    "logarithmic scale, what fraction of the information is missing, and the standard error of a mean. The forty "
    "points are ideal samples, evenly spread over their bells.",
)

# %% [markdown]
# **You will be able to** get a standard error for an EM fit, and say when to believe it. **About MINUTES minutes. To
# know first:** what EM does, as on [two coins](coins.py), and what a slope is.
#
# ## Try it
#
# Twenty points lie around each centre. EM knows that both bells have a width of 1, and looks for the rest.
#
# <div class="choices" markdown>
# **1. Predict:** with the bells six widths apart, how many steps will EM take? *Drag the square to the
# right.*
#
# <details class="right" markdown><summary>A handful</summary>
#
# Yes, {{ steps[-1] : .0f }}. Nearly every point lies under one bell only. Next to nothing is missing, so
# EM does what you would do if you saw the colours.
#
# </details>
# <details markdown><summary>About a hundred</summary>
#
# That is what EM needs when the bells overlap. Here nearly every point lies under one bell only, so the
# first responsibilities are nearly right and there is little left to correct.
#
# </details>
# <details markdown><summary>As many as anywhere: the data are forty points</summary>
#
# The number of points has little to do with it. What counts is how many of them could belong to either
# bell.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** from three widths to two, the steps go up. What will the standard error do? *Drag to the
# left.*
#
# <details markdown><summary>It stays: there are as many points as before</summary>
#
# There are as many points, but they say less. A point that could be of either colour counts only in part
# for each bell.
#
# </details>
# <details class="right" markdown><summary>It goes up as well</summary>
#
# Yes. More points could be of either colour, so more of the information is missing, and that is what
# both bars show.
#
# </details>
# <details markdown><summary>It goes down: more steps, more precision</summary>
#
# More steps bring EM nearer to the top of the likelihood. How far that top lies from the truth is another
# question, and no number of steps can help there.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** one width apart, how large is the standard error of a mean? *Drag to the end.*
#
# <details markdown><summary>About a sixth of the distance</summary>
#
# That would be so with the colours known: one divided by the root of twenty is
# {{ seen[0] : .2f }}. But next to none of the colours can be told.
#
# </details>
# <details markdown><summary>About half the distance</summary>
#
# It is worse: hardly any point says which bell it is from.
#
# </details>
# <details class="right" markdown><summary>Nearly as large as the distance</summary>
#
# Yes, {{ errors[0] : .2f }}. EM still prints many digits. They are digits of the highest likelihood, and
# not of the truth.
#
# </details>
# </div>
#
# Nobody saw the colours, so part of the information is missing. The **fraction of missing information** says how slow
# EM is, and how much wider the standard error is than with nothing hidden: with one parameter by the factor
# $1 / \sqrt{1 - \text{fraction}}$.
#
# ## Information, by hand
#
# ### One coin, nothing hidden
#
# A coin shows 7 heads in 10 flips, so you estimate $\theta$, its probability of heads, as 0.7. If you repeated the
# experiment many times, the standard deviation of the estimates would be the **standard error**. Usually you can't. But
# if the log-likelihood falls steeply on both sides of its top, then other values of $\theta$ explain the flips badly.
# How sharply it bends at the top is called its **information**.


# %% tags=["hide"]
def bend(theta, heads, tails):
    return heads / theta**2 + tails / (1 - theta) ** 2


info = bend(0.7, 7, 3)

rng = np.random.default_rng(5)
repeats = [rng.binomial(n, 0.7, 10_000) / n for n in (10, 100)]
draw.bends(
    0.7,
    (10, 100),
    repeats,
    "Above: the log-likelihood near its top, after 10 flips (solid) and after 100 (dashed). Below: the "
    "estimates of 10,000 repeats each. The sharper the top, the less the estimates scatter.",
)

# %% [markdown]
# | heads | 7 of 10 | 70 of 100 |
# | --- | ---: | ---: |
# | information | {{ info : .1f }} | {{ 10 * info : .1f }} |
# | standard error, $1 / \sqrt{\text{information}}$ | {{ info**-0.5 : .3f }} | {{ (10 * info) ** -0.5 : .3f }} |
# | standard deviation of 10,000 repeats | {{ repeats[0].std() : .3f }} | {{ repeats[1].std() : .3f }} |
#
# Each head adds $\log \theta$ to the log-likelihood, whose slope $1/\theta$ falls by $1/\theta^2$ for each unit of
# $\theta$. A tail adds $\log(1 - \theta)$, and bends it likewise. In sum,
#
# $$ \text{information} = \frac{\text{heads}}{\theta^2} + \frac{\text{tails}}{(1 - \theta)^2} , $$
#
# and here that is $7 / 0.49 + 3 / 0.09$ = {{ info : .1f }}.
#
# ### Some of it hidden
#
# Now take the [197 animals](promises.py#the-smallest-em-there-is). Of these, 34 count as heads and 38 as tails.
# Of another 125, some count as heads and the rest do not count, and nobody saw which. Each of them is a head with
# probability $p = \theta / (2 + \theta)$.

# %% tags=["hide"]
top = (15 + 53809**0.5) / 394
p = top / (2 + top)
all_seen = bend(top, 125 * p + 34, 38)
filled, moves = 125 * p * (1 - p) / top, (1 - top) / (125 * p + 34 + 38)
lost = 125 * p * (1 - p) / top**2

# %% [markdown]
# EM ends at $\theta$ = {{ top : .4f }}, where $p$ = {{ p : .4f }}.
#
# - **Complete information** is what we would have if we saw which are heads. We expect
#   $125 \, p$ = {{ 125 * p : .1f }} heads among the 125. With the 34 that makes {{ 125 * p + 34 : .1f }}
#   heads and 38 tails, and the formula for the coin gives {{ all_seen : .1f }}.
# - **Missing information** is what we lose because we don't see it. The hidden number of heads has a
#   variance of $125 \, p (1 - p)$ = {{ 125 * p * (1 - p) : .1f }}, and each head adds $1/\theta$ to the
#   slope of the log-likelihood. So that slope is uncertain by a variance of
#   {{ 125 * p * (1 - p) : .1f }} $/ \, \theta^2$ = {{ lost : .1f }} (Louis 1982).
# - **Observed information** is what is left: {{ all_seen : .1f }} − {{ lost : .1f }} =
#   {{ all_seen - lost : .1f }}. The standard error is one over its root, {{ (all_seen - lost) ** -0.5 : .4f }}.
#
# $$ \text{observed} = \text{complete} - \text{missing} $$
#
# holds for every model (Orchard and Woodbury 1972). Here the fraction of missing information is
# {{ lost : .1f }} / {{ all_seen : .1f }} = {{ lost / all_seen : .4f }}. That makes the standard error
# {{ (1 - lost / all_seen) ** -0.5 : .3f }} times as wide, and {{ lost / all_seen : .4f }} is also EM's [rate of convergence](faster.py#how-fast-is-em): near its end,
# each step leaves that fraction of the distance to go.
#
# ## The program
#
# EM for the animals, then the standard error:

# %% tags=["program"]
import numpy as np

a, b, c, d = 125, 18, 20, 34  # d are heads, b and c tails
theta = 0.5  # a guess

for step in range(12):
    # E-step: so many are heads, with those expected among the 125
    heads = d + a * theta / (2 + theta)
    # M-step: heads, divided by all that count
    before, theta = theta, heads / (heads + b + c)
    print(f"step {step + 1}: {theta:.9f}, moved {theta - before:.1e}")

p = theta / (2 + theta)
complete = (a * p + d) / theta**2 + (b + c) / (1 - theta) ** 2
missing = a * p * (1 - p) / theta**2
observed = complete - missing
print(f"complete {complete:.1f} - missing {missing:.1f} = {observed:.1f}")
print(f"fraction missing {missing / complete:.4f}")
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
# Each move is about {{ missing / complete : .2f }} times the one before. With several parameters the three kinds of
# information become [matrices](faster.py#several-parameters).
#
# <div class="change" markdown>
# **Predict:** ten times as many animals of each kind. What happens to the standard error, and what to the
# speed?
#
# ```diff
# -a, b, c, d = 125, 18, 20, 34  # d are heads, b and c tails
# +a, b, c, d = 1250, 180, 200, 340  # d are heads, b and c tails
# ```
#
# <details markdown><summary>See why</summary>
#
# The standard error is divided by the root of ten: {{ 1 / changed.observed**0.5 : .4f }} in place of
# {{ 1 / observed**0.5 : .4f }}. The moves are the same, digit by digit: the M-step divides counts by
# counts, and the ten cancels. So the fraction of missing information is the same, too,
# {{ changed.missing / changed.complete : .4f }}. More data make the answer surer. They do not make EM faster.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin nearly at 1, on the other side of the answer. Does EM need many more steps?
#
# ```diff
# -theta = 0.5  # a guess
# +theta = 0.99  # a guess
# ```
#
# <details markdown><summary>See why</summary>
#
# No: all nine digits of {{ changed.theta : .9f }} stand from step
# {{ 13 - sum(format(changed.theta, ".9f") in line for line in changed.lines) : d }} on. The rate of convergence
# belongs to the top, not to the start: once EM is near, each move is
# {{ changed.missing / changed.complete : .2f }} of the one before.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** no head was ever seen for certain. All that we know of heads is hidden among the 125. Is EM
# slower?
#
# ```diff
# -a, b, c, d = 125, 18, 20, 34  # d are heads, b and c tails
# +a, b, c, d = 125, 18, 20, 0  # d are heads, b and c tails
# ```
#
# <details markdown><summary>See why</summary>
#
# Much slower: {{ changed.missing / changed.complete : .2f }} of the information is missing now, and each
# move is about that much of the one before. After twelve steps EM is still on its way, so the last three
# lines are not yet those of the top.
#
# </details>
# </div>
#
# ## Standard errors in one line
#
# `em.standard_errors(model, data, fit)` does this for every model of the
# [package](index.py#the-same-with-the-package), without a formula of yours. Give it the `fixed` and
# `sample_weights` that the fit had. A model of your own needs a [`log_joint`](regressions.py#how-sure). Here are
# [deaths in London](stopping.py#a-small-step-is-not-a-small-distance), day by day, as a mixture of two
# Poissons:

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
print(f"fraction missing, at worst: {london.rate:.5f}")

# %% tags=["hide"]
single = Flips([1, 1, 1, 0, 0], [0, 0, 0, 1, 1])
level = em.fit(coins, single, Coins([0.7, 0.5]), fixed="weights")
try:
    em.standard_errors(coins, single, level, fixed="weights")
except em.NotDeterminedError as error:
    refused = str(error)

# %% [markdown]
# | parameter | estimate | standard error |
# | --- | ---: | ---: |
# | weight of A | {{ slow.params.weights[0] : .3f }} | {{ london.errors.weights[0] : .3f }} |
# | rate of A, deaths a day | {{ slow.params.rates[0] : .3f }} | {{ london.errors.rates[0] : .3f }} |
# | rate of B, deaths a day | {{ slow.params.rates[1] : .3f }} | {{ london.errors.rates[1] : .3f }} |
#
# If the model is right, an interval of 1.96 standard errors on both sides of the estimate holds the true
# value in about 95 of 100 such data sets. For the weight that is nearly everything from 0 to 0.7. No wonder: in the worst
# direction a fraction of {{ london.rate : .5f }} of the
# information is missing, and EM took {{ len(slow.steps) - 1 : ,d }} steps.
#
# To draw new data from the fitted model, fit those, and see how the answers scatter is the **parametric bootstrap**.
# It needs no parabola; see [exercise 2](#exercises).

# %% tags=["hide"]
em.show(em.standard_errors)

# %% [markdown]
# ## What could go wrong
#
# - **Small samples.** The top is taken for a parabola.
# - **Edges.** If a probability is 0 or 1 in the fit, or a width is held up by a floor, the log-likelihood
#   has no level top there, and `em.standard_errors` refuses.
# - **Labels.** The errors belong to one peak. They leave out that the
#   [names could swap](pitfalls.py#the-labels-swap).
# - **A wrong model.** They say how sure the estimate is *if* two Poissons made the data.
# - **Directions that nothing determines.** If every row is a single flip, only the mean of two coins can be
#   told. `em.standard_errors` refuses, and says “{{ refused : s }}”.
# - **The fit has not converged**, or its options tie parameters (`equal_stds=True`). Then it is no maximum
#   of the free model, and `em.standard_errors` refuses it.
#
# ## Exercises
#
# **1.** How many animals would you need to halve the standard error? *Predict*, then change the program.
#
# <details markdown><summary>Solution</summary>

# %%
counts = 4 * np.array([125, 18, 20, 34])
theta = 0.5
for _ in range(12):
    heads = counts[3] + counts[0] * theta / (2 + theta)
    theta = heads / (heads + counts[1] + counts[2])

p = theta / (2 + theta)
complete = heads / theta**2 + (counts[1] + counts[2]) / (1 - theta) ** 2
missing = counts[0] * p * (1 - p) / theta**2
print(f"{counts.sum()} animals: standard error", end=" ")
print(
    f"{1 / np.sqrt(complete - missing):.4f}, fraction {missing / complete:.4f}"
)

# %% tags=["hide"]
assert abs(2 / np.sqrt(complete - missing) - sure.errors) < 1e-6

# %% [markdown]
# Four times as many, because information adds up and the standard error is one over its root. The fraction
# that is missing stays, and so does EM's speed.
#
# </details>
#
# **2.** Draw a hundred samples from London's fit, and fit each. *Predict*: is the standard deviation of the weights
# near the standard error?
#
# <details markdown><summary>Solution</summary>

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
print(f"standard deviation of the weight: {weights.std():.3f}")
print(f"standard error:                   {error:.3f}")
print(f"95 of 100 between                {low:5.2f} and {high:.2f}")
print(
    f"weight ± 1.96 standard errors:   {w - 1.96 * error:5.2f} and {w + 1.96 * error:.2f}"
)

# %% [markdown]
# It is: {{ weights.std() : .3f }} and {{ error : .3f }}. For an interval draw a thousand samples, because of a hundred only
# two or three lie beyond each limit.
#
# </details>
#
# ## Where to read on
#
# [Faster EM](faster.py) is about the other thing that missing information does. Louis (1982), *Finding the
# observed information matrix when using the EM algorithm*. Oakes (1999), *Direct calculation of the
# information matrix via the EM algorithm*, is what the package does. Meng and Rubin (1991), *Using EM to
# obtain asymptotic variance-covariance matrices: the SEM algorithm*.
