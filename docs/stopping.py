# ---
# title: When to stop
# order: 12.3
# section: Understand
# question: When do I stop? Why does it take thousands of steps?
# description: >-
#   Stopping rules for Expectation Maximisation: why a small step is not a small distance, the rate of
#   convergence, how far there is to go, and a rule that asks for a distance.
# numbers: own
# allow: [10, 6.0, "0.001", "0.00125", "0.00001", 64, 10, 80, "1,096", 162, 267, 1969, 20, 272, 1126.326, 0.00001]
# ---

# %% [markdown]
# # When to stop
#
# EM never quite arrives. You stop it when the steps are small, and hope that what is left is small, too. It need not be.
# Press **Next** to stop later and later, and compare the last step with the distance that is left.

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import pitfalls as draw
from em.figures.groups import climbs
from em.figures.stepper import stepper
from em.models import poissons
from em.models.poissons import Poissons

days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)
begin = Poissons(rates=[1, 2.5], weights=[0.3, 0.7])


def vector(params):
    return np.array([params.weights[0], *params.rates])


path = []
for step in islice(em.run(poissons, deaths, begin), 6_001):
    path.append((vector(step.params), step.log_likelihood))
walk, heights = (np.array(one) for one in zip(*path, strict=True))
limit = walk[-1]
moved = np.linalg.norm(np.diff(walk, axis=0), axis=1)
distances = np.linalg.norm(walk[1:] - limit, axis=1)
stop = int(np.argmax(moved <= 1e-8)) + 1
rate = (moved[stop - 1] / moved[stop - 501]) ** (1 / 500)
stops = {
    tol: int(np.argmax(moved <= tol)) + 1 for tol in (1e-3, 1e-4, 1e-6, 1e-8)
}
stepper(
    [
        draw.stopping(
            heights[-1] - heights[1:5_001],
            moved[:5_000],
            distances[:5_000],
            n,
            "Distance, step and error",
        )
        for n in stops.values()
    ],
    [
        f"Stopped at a step of {tol:g}, after {n:,d} steps: {distances[n - 1]:.1g} from the limit"
        for tol, n in stops.items()
    ],
    "Distance to the limit, size of the step, and error of the log-likelihood, on one logarithmic axis. The upright line "
    "is where we stopped. Rounding hides the end of the error.",
)

# %% [markdown]
# **You will be able to** say how far a fit is from its limit, and stop it there. **About MINUTES minutes. To know first:**
# [two coins](coins.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** each step is {{ rate : .4f }} times as long as the one before. How far is the limit, in lengths of the last
# step?
#
# <details markdown><summary>About one more</summary>
#
# If the steps halved, yes. Here the next step is nearly as long as the last, and so is the one after it.
#
# </details>
# <details markdown><summary>About ten</summary>
#
# After ten steps, each is still {{ rate**10 : .2f }} times as long as now.
#
# </details>
# <details class="right" markdown><summary>About {{ rate / (1 - rate) : .0f }}</summary>
#
# Yes. The steps to come add up to a geometric series, and $\rho / (1 - \rho)$ is its sum.
#
# </details>
# </div>
#
# ## A small step is not a small distance
#
# *The Times* of London printed notices of deaths. Hasselblad (1969) has their number, for women aged 80 and over, on each
# of 1,096 days ([the data](data/london_deaths.csv)). There were 162 days without one, 267 with one, and so on. The variance
# is larger than the mean, so we fit a mixture of two Poissons, and stop at a step of at most $10^{-8}$. It took
# {{ stop : ,d }} steps.
#
# The limit was then {{ distances[stop - 1] / moved[stop - 1] : .0f }} times as far away as that step was long. Near the end
# each step is $\rho$ times the one before, and $\rho$ is the **rate of convergence**. So
#
# $$ \text{to go} \approx \text{last step} \cdot \frac{\rho}{1 - \rho} . $$
#
# With one parameter, $\rho$ is the [fraction of missing information](certainty.py#some-of-it-hidden); with several, as
# here, it is the largest such fraction in any direction. The days don't say which kind they are, so nearly all of it is
# missing.
#
# ## The program
#
# It stops when neither rate moved by more than `near`, and then says how far there may be to go.

# %% tags=["program"]
import numpy as np

days = np.array([162, 267, 271, 185, 111, 61, 27, 8, 3, 1])
deaths = np.arange(len(days))
rate = np.array([1, 2.5])  # a guess: kind A, kind B
weight = np.ones(len(rate)) / len(rate)
near, moved, step = 1e-4, 1, 0  # stop when neither rate moved by more

while moved > near:
    # E-step: weight times probability of each count, then responsibilities
    joint = weight * np.exp(-rate) * rate ** deaths[:, None]
    r = joint / joint.sum(axis=1, keepdims=True)
    # M-step: days and deaths credited to each kind
    size = days @ r
    before, last = rate, moved
    rate, weight = (days * deaths) @ r / size, size / days.sum()
    moved, step = np.abs(rate - before).max(), step + 1

rho = moved / last
print(f"{step} steps, the last moved {moved:.1e}, rate {rho:.4f}")
print(f"to go about {moved * rho / (1 - rho):.1e}: rates {rate.round(4)}")

# %% tags=["hide"]
still = np.abs(np.sort(rate) - limit[1:]).max()

# %% [markdown]
# The true limit is {{ still : .3f }} away from there. For three kinds, write a third rate into the guess.
#
# <div class="change" markdown>
# **Predict:** ask for a step a thousand times as small. How much farther does it get?
#
# ```diff
# -near, moved, step = 1e-4, 1, 0  # stop when neither rate moved by more
# +near, moved, step = 1e-7, 1, 0  # stop when neither rate moved by more
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ changed.step : d }} steps in place of {{ step : d }}, and the limit is about
# {{ changed.moved * changed.rho / (1 - changed.rho) : .0e }} away. The answer gains as many digits as the step, but the
# distance stays {{ changed.rho / (1 - changed.rho) : .0f }} times as large as the step.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** take two kinds that differ more, with the same days for each count but the deaths doubled. Is EM faster?
#
# ```diff
# -deaths = np.arange(len(days))
# +deaths = 2 * np.arange(len(days))
# ```
#
# <details markdown><summary>See why</summary>
#
# Much faster: {{ changed.step : d }} steps, at a rate of {{ changed.rho : .2f }}. Now the counts say more about which kind of
# day it was, so less is missing.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin with rates that are nearly alike. Will the rule stop too early?
#
# ```diff
# -rate = np.array([1, 2.5])  # a guess: kind A, kind B
# +rate = np.array([2.1569, 2.157])  # a guess: kind A, kind B
# ```
#
# <details markdown><summary>See why</summary>
#
# It stops after step {{ changed.step : d }}, at rates of {{ changed.rate[0] : .3f }} and {{ changed.rate[1] : .3f }}. Near a
# saddle the steps are small at first and grow later. No rule about steps can tell that from the end.
#
# </details>
# </div>
#
# ## A rule that asks for a distance
#
# With the [package](index.py#the-same-with-the-package), `tol` is the largest relative change of a parameter, and it is no
# distance either:

# %%
import numpy as np

import em
from em.models import poissons
from em.models.poissons import Poissons

days = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
deaths = np.repeat(np.arange(10.0), days)
begin = Poissons(rates=[1, 2.5], weights=[0.3, 0.7])


def vector(params):
    return np.array([params.weights[0], *params.rates])


def size_of_step(steps):
    before, after = steps[-2].params, steps[-1].params
    return np.linalg.norm(vector(after) - vector(before))


limit = vector(
    em.fit(poissons, deaths, begin, tol=1e-12, max_iter=20_000).params
)
for tol in (1e-3, 1e-4, 1e-6, 1e-8):
    short = em.fit(poissons, deaths, begin, tol=tol, max_iter=10_000)
    far = np.linalg.norm(vector(short.params) - limit)
    print(f"tol {tol:.0e}: {len(short.steps) - 1:5,} steps, off by {far:.0e}")

# %% [markdown]
# In practice, estimate $\rho$ from the last two steps, and from it how far there is to go:


# %%
def within(distance):
    def near(steps):
        if len(steps) < 3:
            return False
        before, last = size_of_step(steps[:-1]), size_of_step(steps)
        if last >= before:
            return last == 0
        rate = last / before
        return last * rate / (1 - rate) <= distance

    return near


right = em.fit(poissons, deaths, begin, until=within(1e-6), max_iter=10_000)
far = np.linalg.norm(vector(right.params) - limit)
print(f"{len(right.steps) - 1:,} steps, off by {far:.1e}")

# %% [markdown]
# Asked for a millionth, it is off by a millionth. The estimate is good where the steps have settled to one rate. The
# log-likelihood is a poorer guide, because its error is lost in rounding long before the parameters are right.
#
# ## What could go wrong
#
# - **Two programs are compared that stopped at different places.** Run both to the end, then compare.
# - **A plateau is taken for the end.** On a plateau, or near a saddle, small steps come before large ones.
# - **You wait for digits that mean nothing.** Look at the [standard errors](certainty.py) first, and let EM
#   [jump](faster.py) if it creeps.
#
# ## Exercises
#
# **1.** For three tied groups in the geyser's 272 points, the R package mclust 6.0.0 prints a log-likelihood of −1126.326. Its
# rule stops where a step adds less than 0.00001 of the log-likelihood. *Predict*: run to the end, does EM find the same?
#
# <details markdown><summary>Solution</summary>

# %%
from em.models import gaussians

path = em.data("old_faithful.csv")
eruptions = np.loadtxt(path, delimiter=",", skiprows=1)
mclust = -1126.326


def barely_rose(steps):
    before, after = (step.log_likelihood for step in steps[-2:])
    return after - before < 1e-5 * (1 + abs(after))


options = {"covariance_type": "tied", "max_iter": 5_000}
chosen = np.array([[2, 50], [2, 60], [4.5, 80]])
away = (eruptions[:, None] - chosen) / eruptions.std(axis=0)
nearest = (away**2).sum(axis=2).argmin(axis=1)
begin = gaussians.m_step(eruptions, np.eye(3)[nearest], covariance_type="tied")
early = em.fit(gaussians, eruptions, begin, until=barely_rose, **options)
late = em.fit(gaussians, eruptions, begin, **options)
print(f"stopped {early.log_likelihood:.6f}  step {len(early.steps) - 1:4}")
print(f"settled {late.log_likelihood:.6f}  step {len(late.steps) - 1:4}")
print(f"settled is {late.log_likelihood - mclust:.3f} above mclust's")

# %% tags=["hide"]
climbs(
    late,
    len(early.steps) - 1,
    "One start. The mark shows where a rule that looks at the last rise of the log-likelihood would have stopped.",
)

# %% [markdown]
# A little more, so mclust was stopped early. From this start the rule stops even earlier, on a plateau,
# {{ late.log_likelihood - early.log_likelihood : .0f }} below the end, where EM creeps for more than a thousand steps before
# it finds the way up.
#
# </details>
#
# **2.** A fit moved by 0.001 in its last step and by 0.00125 in the one before. *Predict* how far it has to go.
#
# <details markdown><summary>Solution</summary>

# %%
rho = 0.001 / 0.00125
print(f"rate {rho:.2f}, to go {0.001 * rho / (1 - rho):.4f}")

# %% [markdown]
# Four times the last step.
#
# </details>
#
# ## Where to read on
#
# Hasselblad, *Estimation of Finite Mixtures of Distributions from the Exponential Family*, Journal of the American
# Statistical Association 64 (1969), [doi 10.1080/01621459.1969.10501071](https://doi.org/10.1080/01621459.1969.10501071).
# [Faster EM](faster.py) shortens the way.
