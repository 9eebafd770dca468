# ---
# title: Censored regression
# order: 31.6
# section: Use
# question: What do censored values change in a regression, and how do I fit one here?
# description: >-
#   Tobit or censored regression by EM in the package: the truncated normal without rounding
#   trouble, fill-in against EM, and what the line says beyond the data.
# numbers: own
# allow: [10, 40, 130, 150, 190, 1972, 1979, 1981, 21, "1,680", "8,064", 14, 23]
# ---

# %% [markdown]
# # Censored regression
#
# [Censored lifetimes](censored.py) fits a line to lifetimes of which some are known only to be
# longer than a test. This is **censored regression**, also called a Tobit model. Three ways to
# treat the motorettes that were still running give three lines. Which of them should you believe,
# and what does it matter?

# %% tags=["hide"]
import numpy as np
from attrs import evolve

import em
from em.figures import censored_regression as picture
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Moments
from em.numbers.truncated import above

celsius, hours, failed = np.loadtxt(
    em.data("motorettes.csv"), delimiter=",", skiprows=1
).T
tests = Lifetimes(1000 / (celsius + 273.2), hours, failed)
as_if_failed = censored_regression.m_step(
    tests, Moments(np.log10(hours), np.zeros(40))
)
fit = em.fit(censored_regression, tests, as_if_failed)
alone = as_if_failed
for _ in range(200):
    expected, _ = censored_regression.e_step(tests, alone)
    alone = censored_regression.m_step(
        tests, evolve(expected, variance=np.zeros(40))
    )
lines = {
    "EM": fit.params,
    "expected alone": alone,
    "as if failed": as_if_failed,
}
picture.lifetimes(
    tests,
    lines,
    (220, 190, 170, 150),
    "Three lines through the same test. Taking the end of the test for a failure gives the "
    "lowest, most of all on the right, where nothing had failed yet.",
)

# %% [markdown]
# **You will be able to** fit such a line with the package and to judge the quick ways. **About
# MINUTES minutes. To know first:** [censored lifetimes](censored.py).
#
# ## Three lines

# %%
import numpy as np
from attrs import evolve

import em
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Moments

celsius, hours, failed = np.loadtxt(
    em.data("motorettes.csv"), delimiter=",", skiprows=1
).T
tests = Lifetimes(1000 / (celsius + 273.2), hours, failed)

as_if_failed = censored_regression.m_step(
    tests, Moments(np.log10(hours), np.zeros(40))
)
fit = em.fit(censored_regression, tests, as_if_failed)

alone = as_if_failed  # EM with the variances left out
for _ in range(200):
    expected, _ = censored_regression.e_step(tests, alone)
    no_variance = evolve(expected, variance=np.zeros(40))
    alone = censored_regression.m_step(tests, no_variance)

lines = {
    "EM": fit.params,
    "expected alone": alone,
    "as if failed": as_if_failed,
}
cooler = 1000 / (130 + 273.2)
median = {}
print("                a        b       std     half last, at 130 °C")
for name, line in lines.items():
    a, b = line.coefficients
    median[name] = 10 ** (a + b * cooler)
    print(
        f"{name:14}  {a:.5f} {b:.5f} {line.std:.5f} {median[name]:7,.0f} hours"
    )

# %% [markdown]
# With the expected values alone the standard deviation is {{ lines["expected alone"].std : .3f }},
# where EM has {{ fit.params.std : .3f }}, and the line is less steep. If the censoring is ignored,
# it is {{ as_if_failed.std : .3f }}. **An expected value is not a reading**, as with [missing
# values](missing.py#by-hand-with-one-column).
#
# The test was run hot to learn about motors that run cooler, and there the choice matters: at 130
# °C the first line promises {{ median["EM"] / median["as if failed"] : .1f }} times as many hours
# as the last. All three extrapolate beyond everything that was tested, and all three take the
# straight line for granted. But only EM takes from the running motorettes what they say, and no
# more.
#
# Is censoring [missing at random](at_random.py)? No: a lifetime is hidden *because* it is long. EM
# copes, because we know how it came to be hidden, and the model says so.
#
# ## What is expected of a lifetime that was longer
#
# Each hidden lifetime has a bell around the line, and what lies before the end of the test is cut
# off.

# %% tags=["hide"]
picture.cut(
    as_if_failed,
    1000 / (190 + 273.2),
    1680,
    "A motorette at 190 °C that was still running after 1,680 hours. Grey: the bell that the "
    "line above predicts. Shaded: what is still possible. The dot and the bar are the mean "
    "and the standard deviation of the shaded part.",
)

# %% [markdown]
# Far out, density and tail are both too small for a computer: at $z = 40$ a plain program divides 0
# by 0. SciPy's `erfcx` gives the tail divided by the density, which is a number of ordinary size.
# So the package uses that:

# %% tags=["hide"]
em.show(above)

# %%
from em.numbers.truncated import above

for z in (-3.0, 0.0, 1.0, 40.0):
    mean, variance = above(np.array([z]))
    print(f"above {z:4.1f}: mean {mean[0]:8.5f}, var. {variance[0]:.6f}")

# %% tags=["hide"]
em.show(censored_regression.e_step)

# %% tags=["hide"]
em.show(censored_regression.m_step)

# %% [markdown]
# The E-step gives the expected lifetime of each motorette, in log10 hours, and its variance. The
# M-step draws the least-squares line through the expected lifetimes. For $\sigma$ it adds the
# variances to the squared distances from the line.
#
# ## What could go wrong
#
# - **Slow steps.** The more is censored, the more of the distance each step keeps: [faster
#   EM](faster.py#can-it-be-made-faster).
# - **One temperature only.** If failures were seen at one temperature, and all that still run lie
#   on one side of it, the slope runs away.
# - **Extrapolation.** No method knows what happens at temperatures that were never tested.
#
# ## Exercises
#
# **1.** *Predict*: had every motorette been watched until it failed, how would EM differ from least
# squares?
#
# <details markdown><summary>Solution</summary>

# %%
seen = Lifetimes(tests.x, tests.hours, np.ones(40))
found = em.fit(censored_regression, seen, fit.params)
print(found.params.coefficients.round(5), found.params.std.round(5))
print("after", len(found.steps) - 1, "steps")

# %% [markdown]
# Not at all. Nothing is hidden, so the first M-step is least squares, and the next finds nothing to
# change.
#
# </details>
#
# **2.** *Predict*: ten motorettes at 150 °C never failed. Without them, does the line at 150 °C lie
# above or below 8,064 hours, which all ten outlasted?
#
# <details markdown><summary>Solution</summary>

# %%
kept = tests.x < tests.x.max()
without = Lifetimes(tests.x[kept], tests.hours[kept], tests.failed[kept])
found = em.fit(censored_regression, without, as_if_failed).params
print(f"{10 ** (found.coefficients @ [1, tests.x.max()]):,.0f} hours")

# %% [markdown]
# Above, but not by much. If half of such motors last only that long, that all ten outlasted 8,064
# hours would be luck. With the ten, the line has to rise until it no longer is.
#
# </details>
#
# ## Where to read on
#
# Lines through the means of censored values: Schmee and Hahn, *A Simple Method for Regression
# Analysis with Censored Data*, Technometrics 21 (1979). As EM, with the variances: Aitkin, *A Note
# on the Regression Analysis of Censored Data*, Technometrics 23 (1981). More on the [resources
# page](resources.md).
