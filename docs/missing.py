# ---
# title: Missing values
# order: 31
# section: Use
# question: What can I estimate from a table with holes?
# description: >-
#   Missing data by Expectation Maximisation: one column by hand, then a bivariate normal fitted
#   to a table with holes, and why filling in the expected values is not enough.
# numbers: own
# allow: [11, "10", 12, 14, 16, 15, 18, 13, 40, "0.8", "12.8", "3.2", "13.2", "10.24", "5.76", "2.4", 5, 4, 3, 2, 1, 0, "12.4", "42", "62", 2002]
# ---

# %% [markdown]
# # Missing values
#
# On five days somebody should have read a thermometer at noon. Three times it was done: 12, 14 and
# 16 °C. On two days the value is **missing**. What were the mean and the standard deviation of the
# five days?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import missing as draw
from em.figures.stepper import stepper
from em.models import missing_normal
from em.models.missing_normal import Normal

five = np.array([12, 14, 16, np.nan, np.nan])
short = em.fit(missing_normal, five[:, None], Normal([10], [[1]]))
taken = short.steps[:10]
means = [step.params.mean.item() for step in taken]
variances = [step.params.covariance.item() for step in taken]
stepper(
    draw.column(five, taken),
    [
        f"Step {number}: mean {mean:.3f}, standard deviation {variance**0.5:.3f}, "
        f"log-likelihood −{-step.log_likelihood:.3f}"
        for number, (mean, variance, step) in enumerate(
            zip(means, variances, taken, strict=True)
        )
    ],
    "Dots: what was read. Hollow squares: what each step expects of the holes, with a bar of "
    "one standard deviation to either side. The bell is the present guess.",
)

# %% [markdown]
# **You will be able to** fit a normal distribution to a table with holes, and to say why filling
# the holes is not enough. **About MINUTES minutes. To know first:** [two coins](coins.py), and what
# a regression line is.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the first guess is a mean of 10 and a standard deviation of 1. All three readings lie above that. What is the mean after one step? *Then press **Next**.*
#
# <details markdown><summary>14, the mean of the three readings</summary>
#
# That is where it ends. But the first step averages all *five* days, and the two holes still count
# as 10.
#
# </details>
# <details class="right" markdown><summary>12.4</summary>
#
# Yes. The readings add up to 42 and each hole counts as 10, so the mean is 62 / 5 =
# {{ means[1] : .1f }}. The holes hold the mean back, and let go a little at each step.
#
# </details>
# <details markdown><summary>10, because the holes say so</summary>
#
# The holes say nothing by themselves; they only repeat the guess. The three readings pull the mean
# away from it.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** the standard deviation begins at 1 and ends at {{ short.params.covariance.item() ** 0.5 : .2f }}. How does it get there? *Press **Next** until you can tell.*
#
# <details markdown><summary>It rises, by less at each step</summary>
#
# That is how the *mean* moves. The width also feels how far the holes are from the readings, and at
# first that is far.
#
# </details>
# <details markdown><summary>It first shrinks</summary>
#
# The readings are 2, 4 and 6 away from 10, far more than one standard deviation, so the bell cannot
# become narrower.
#
# </details>
# <details class="right" markdown><summary>It rises too far and comes back</summary>
#
# Yes: to {{ variances[1] ** 0.5 : .2f }} after one step. The holes still sit near 10 and the
# readings near 14, so the five days look more spread out than they are.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** where does the bell end? *Press **Play**.*
#
# <details class="right" markdown><summary>At the mean and the spread of the three readings</summary>
#
# Yes: a mean of {{ short.params.mean.item() : .2f }} and a standard deviation of
# {{ short.params.covariance.item() ** 0.5 : .2f }}. A hole by itself tells nothing, so EM ends
# where leaving it out would. Each step keeps two fifths of the mean's distance from there, because
# two days of five are missing.
#
# </details>
# <details markdown><summary>At the same mean, but narrower</summary>
#
# Tempting: both holes are filled with the mean itself. But EM also remembers how uncertain each of
# them is, and that uncertainty is as wide as the bell.
#
# </details>
# <details markdown><summary>A little below 14, because the guess was lower</summary>
#
# The guess is forgotten: its influence shrinks by the same factor at each step.
#
# </details>
# </div>
#
# With the [two coins](coins.py), what was hidden (the **latent variable**) was a *label*. Here it
# is a *number*. The loop stays the same.
#
# ## By hand, with one column
#
# Say the guess is a mean of 14 and a variance of 1. The **E-step** notes two things about each day:
# its value, and its squared distance from 14. The three days that were read have squared distances
# of 4, 0 and 4. For a missing day the E-step notes what is *expected*. The value is expected to be
# 14. Its squared distance is not expected to be 0; it is expected to be the variance of the guess, 1.
#
# The **M-step** averages over all five days. The mean stays at 14, and the variance becomes
# $(4 + 0 + 4 + 1 + 1) / 5 = 2$. The next E-step puts 2 in place of each 1, and so on:

# %%
variance = 1.0
for step in range(1, 7):
    variance = (4 + 0 + 4 + 2 * variance) / 5
    print(step, round(variance, 5))

# %% [markdown]
# The variance ends at 8/3, which is the variance of the three days that were read if you divide by
# 3, as EM does (R's `var` divides by 2). Had we filled in 14 and taken it for a reading, the answer
# would have been $(4 + 0 + 4 + 0 + 0) / 5 = {{ 8 / 5 : .1f }}$. **A value that you fill in is not a
# reading.** It lies exactly where it is expected, and real days do not.
#
# ## Two columns
#
# With one column, EM ends where leaving out the holes ends. With two it can do better, because a
# day with one hole still says something. Suppose that a thermometer on the roof goes with the one
# in the garden: means of 10 and 14, variances of 16 each, and a covariance of 12.8. On one day the
# garden had 18 °C, four more than its mean, and the roof is missing.
#
# - The **value**: the line that predicts the roof from the garden has a slope of 12.8 / 16 = 0.8.
#   So four degrees more in the garden mean 3.2 more on the roof, and 13.2 is expected.
# - The **uncertainty**: the garden explains 0.8 × 12.8 = 10.24 of the roof's variance of 16. What
#   is left is 5.76, a standard deviation of 2.4.
#
# The E-step hands both to the M-step. The M-step takes the mean and the covariance of the filled
# table, and *adds the uncertainty*, because the expected square of a hole is the square of what is
# expected plus its variance: $\mathrm{E}[x^2] = \hat{x}^2 + C$.
#
# ## The program
#
# The temperatures of forty days in a garden and on a roof, with three values in ten erased:

# %% tags=["program"]
import numpy as np

rng, cov = np.random.default_rng(0), np.array([[16, 12.8], [12.8, 16]])
x = rng.multivariate_normal([14, 10], cov, 40, method="cholesky")
x[rng.random(x.shape) < 0.3] = np.nan
mean, cov = np.nanmean(x, axis=0), np.diag(np.nanvar(x, axis=0))  # a guess

for _ in range(40):
    # E-step: fill in what is expected, and note how uncertain it is
    filled, spread = x.copy(), np.zeros(cov.shape)
    for row in filled:
        h, s = np.isnan(row), ~np.isnan(row)  # the holes, what was seen
        slopes = np.linalg.solve(cov[s][:, s], cov[s][:, h]).T
        row[h] = mean[h] + slopes @ (row[s] - mean[s])
        spread[np.ix_(h, h)] += cov[h][:, h] - slopes @ cov[s][:, h]
    # M-step: mean and covariance of the filled table, the uncertainty added
    mean = filled.mean(axis=0)
    cov = np.cov(filled.T, bias=True) + spread / len(x)

print("mean", mean.round(4), "covariance", cov.round(4).tolist())

# %% tags=["hide"]
whole = np.random.default_rng(0).multivariate_normal(
    [14, 10], [[16, 12.8], [12.8, 16]], 40, method="cholesky"
)
start = Normal(np.nanmean(x, axis=0), np.diag(np.nanvar(x, axis=0)))
forty = em.fit(missing_normal, x, start, until=lambda s: len(s) > 40).params
np.testing.assert_allclose(mean, forty.mean, rtol=1e-9)
np.testing.assert_allclose(cov, forty.covariance, rtol=1e-9)

# %% [markdown]
# For three columns, draw a table of three in the first lines. The loop stays as it is.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** EM fills in what it expects, and adds how uncertain that is. Leave the second half out. Do the variances become larger or smaller?
#
# ```diff
# -    cov = np.cov(filled.T, bias=True) + spread / len(x)
# +    cov = np.cov(filled.T, bias=True)
# ```
#
# <details markdown><summary>See why</summary>
#
# Smaller: the garden's variance falls from {{ cov[0, 0] : .1f }} to {{ changed.cov[0, 0] : .1f }},
# and the roof's from {{ cov[1, 1] : .1f }} to {{ changed.cov[1, 1] : .1f }}. Every filled day now
# lies exactly where it was expected, and real days do not.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** the roof's thermometer breaks above 13 °C, and nothing else gets lost. Can EM, which sees the garden, bring the roof's mean back?
#
# ```diff
# -x[rng.random(x.shape) < 0.3] = np.nan
# +x[x[:, 1] > 13, 1] = np.nan
# ```
#
# <details markdown><summary>See why</summary>
#
# No: it finds {{ changed.mean[1] : .2f }}, and the forty days drawn from have a mean of
# {{ whole[:, 1].mean() : .2f }}. What is lost depends on the lost value itself. EM takes it for
# granted that this is not so, and it gives no warning.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** now the roof is read only when the *garden* is below 14 °C. All the warm days are lost again. Does EM fail again?
#
# ```diff
# -x[rng.random(x.shape) < 0.3] = np.nan
# +x[x[:, 0] >= 14, 1] = np.nan
# ```
#
# <details markdown><summary>See why</summary>
#
# No: it finds {{ changed.mean[1] : .2f }}, not far from {{ whole[:, 1].mean() : .2f }}. The reason
# for the holes is in the table, so EM can make up for it, along the line that predicts the roof
# from the garden. Such holes are called [missing at random](at_random.py#missing-at-random).
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **The holes depend on what is in them.** Then EM is fooled, and nothing it prints tells you:
#   [missing at random](at_random.py).
# - **The filled table is not data.** Standard errors computed from it count every hole as a
#   reading. **Multiple imputation** draws the holes several times instead.
# - **Too few rows hold both columns of a pair.** Then EM may report a correlation that means
#   nothing: [when such rows are few](at_random.py#when-whole-days-are-few).
#
# ## Exercises
#
# **1.** *Predict*: let only one of the five days be missing. What fraction of
# the distance from the others' mean does each step keep?
#
# <details markdown><summary>Solution</summary>
#
# One fifth, the fraction of the days that is missing, because only the one filled-in value
# remembers the old mean. The more is missing, the slower EM is. [Faster EM](faster.py) has more
# on that.
#
# </details>
#
# **2.** *Predict*: add ten days on which nothing was read to the forty. What changes, the answer or
# the number of steps?
#
# <details markdown><summary>Solution</summary>

# %%
import numpy as np

import em
from em.models import missing_normal
from em.models.missing_normal import Normal

start = Normal(np.nanmean(x, axis=0), np.diag(np.nanvar(x, axis=0)))
more = np.vstack([x, np.full((10, 2), np.nan)])
for table in (x, more):
    found = em.fit(missing_normal, table, start)
    print(found.params.mean.round(4), len(found.steps) - 1, "steps")

# %% [markdown]
# The number of steps. A row that is all holes says nothing, but it takes part in each average, and
# pulls each M-step back to where it came from. As you see, the package's model `missing_normal`
# takes the table as it is, holes and all.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [missing at random](at_random.py), when EM may be used, and how it compares with quick ways to fill in. A value of which you
# know that it exceeds something is not missing: [censored lifetimes](censored.py). In R, **norm**
# fits this page's normal by EM (`em.norm`), and **mice** does multiple imputation. The book is
# Little and Rubin, *Statistical Analysis with Missing Data* (second edition 2002), chapter 11 for
# the normal.
