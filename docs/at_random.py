# ---
# title: Missing at random
# order: 31.1
# section: Use
# question: When may I fill holes by EM, and when is the answer wrong?
# description: >-
#   Missing completely at random, missing at random and missing not at random: three reasons for
#   holes in a table, what EM makes of each, and how it compares with quick ways to fill in.
# numbers: own
# allow: [13, 16, "0.6", "0.7", 0.1,  14, 15, 1976, 1977, 2018, 63, "2,000", 40, "0.8", 400]
# ---

# %% [markdown]
# # Missing at random
#
# Real holes have reasons. A thermometer on the roof is read only on warm days, or it bursts in the
# heat. A protein is not found because there is little of it. **Missing at random** is the condition
# under which [EM for missing values](missing.py) may be trusted. When does it hold?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import missing as draw
from em.figures.stepper import stepper
from em.models import missing_normal
from em.models.missing_normal import Normal

names = ("garden, °C", "roof, °C")
generating = Normal([14, 10], [[16, 12.8], [12.8, 16]])
_, some = missing_normal.sample(generating, 400, np.random.default_rng(2))


def without(gone):
    """The table, with the roof erased where it is gone."""
    rows = some.copy()
    rows[gone, 1] = np.nan
    return rows


by_chance = np.random.default_rng(2).random(400) < 0.6
reasons = {
    "by chance": without(by_chance),
    "cold garden": without(some[:, 0] <= 15),
    "hot roof": without(some[:, 1] > 13),
}
ends = {
    name: em.fit(missing_normal, rows, Normal([0, 0], np.eye(2))).params
    for name, rows in reasons.items()
}
stepper(
    [
        draw.holes(
            rows,
            names,
            f"The roof is missing {reason}.",
        )
        for reason, rows in zip(
            (
                "by chance",
                "when the garden is cold",
                "when the roof is hot",
            ),
            reasons.values(),
            strict=True,
        )
    ],
    [
        f"{reason}: the roof's mean is {some[:, 1].mean():.2f}; the days left have "
        f"{np.nanmean(reasons[name][:, 1]):.2f}, and EM finds {ends[name].mean[1]:.2f}"
        for reason, name in (
            ("Lost by chance", "by chance"),
            ("Lost when the garden is cold", "cold garden"),
            ("Lost when the roof itself is hot", "hot roof"),
        )
    ],
    "Dots: days with both values. Strokes at the bottom: days on which only the garden is "
    "known. The same 400 days, with three reasons for the roof to be missing.",
)

# %% [markdown]
# **You will be able to** say of your own table whether EM may fill it. **About MINUTES minutes. To
# know first:** [missing values](missing.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** in the second picture the roof is missing when the garden is cold. EM gets the roof's mean right, though it never sees a cold roof. How?
#
# <details markdown><summary>It knows how cold a roof must be on average</summary>
#
# It knows nothing about roofs. All it has is this table.
#
# </details>
# <details class="right" markdown><summary>It follows the line from the garden to the roof</summary>
#
# Yes. The garden is known on every day. On the warm days the table shows how the roof goes with the
# garden, and EM continues that line to the cold days.
#
# </details>
# <details markdown><summary>The cold days are left out of the mean</summary>
#
# That is what the days that are left do, and their mean is far too high.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** in the third picture the hot roofs are missing. The garden is still known on every day. Why does EM fail now?
#
# <details class="right" markdown><summary>On equally warm days in the garden the cooler roofs are seen</summary>
#
# Yes. Among the days with 16 °C in the garden, those with a hot roof are missing and those with a
# cooler one are not. So the line that EM sees is too low, and nothing in the table tells it so.
#
# </details>
# <details markdown><summary>Too many values are missing</summary>
#
# There are fewer holes than in the second picture. It is not the number of holes that counts.
#
# </details>
# <details markdown><summary>Hot days are rare</summary>
#
# About one day in four is that hot. If a quarter of the days were lost for another reason, EM would
# manage.
#
# </details>
# </div>
#
# ## Three kinds of missing
#
# - **Missing completely at random**: the holes fell by chance. The whole rows are a fair sample.
# - **Missing at random** (Rubin 1976): the reason for a hole may depend on values that *were* seen,
#   as the garden's temperature was. Whole rows may mislead you, but EM makes up for it.
# - **Missing not at random**: the reason depends on the value that is lost, even when all that was
#   seen is known. A protein below the detection limit is of this kind. EM is fooled.
#
# Here are 2,000 days, so that chance plays no great part:

# %%
import numpy as np

import em
from em.models import missing_normal
from em.models.missing_normal import Normal

generating = Normal([14, 10], [[16, 12.8], [12.8, 16]])
_, many = missing_normal.sample(generating, 2000, np.random.default_rng(1))
cold_garden, hot_roof = many[:, 0] <= 15, many[:, 1] > 13

print(f"nothing lost: mean of the roof {many[:, 1].mean():.2f}")
roof = {}
for name, gone in (("cold garden", cold_garden), ("hot roof", hot_roof)):
    rows = many.copy()
    rows[gone, 1] = np.nan
    fit = em.fit(missing_normal, rows, Normal([0, 0], np.eye(2)))
    roof[name] = fit.params.mean[1]
    whole_days = np.nanmean(rows[:, 1])
    print(f"{name:12}  whole days {whole_days:.2f}, EM {roof[name]:.2f}")

# %% [markdown]
# In the first case EM comes back to {{ roof["cold garden"] : .2f }}. In the second it finds
# {{ roof["hot roof"] : .2f }} where the truth is {{ many[:, 1].mean() : .2f }}, and no number that
# it prints says so. **The table cannot tell you which case you are in.** You have to know how it
# came to be. If the values are missing not at random, what helps is a model of how they get lost,
# such as that of [censored lifetimes](censored.py). For proteomics, the R package proDA has such a
# model.
#
# ### The model must be right where it fills in
#
# Let the roof follow the garden along a curve, and erase it on the cool days, as in the first case:

# %%
garden = many[:, 0]
noise = np.random.default_rng(3).normal(0, 2, len(garden))
curved = np.column_stack([garden, 10 + 0.1 * (garden - 14) ** 2 + noise])
rows = curved.copy()
rows[cold_garden, 1] = np.nan
bent = em.fit(missing_normal, rows, Normal([0, 0], np.eye(2))).params
print(f"nothing lost {curved[:, 1].mean():.2f}, EM {bent.mean[1]:.2f}")

# %% [markdown]
# EM went on with a straight line where the roof bends. The values are missing at random, and the
# answer is wrong all the same.
#
# ## Is EM worth the trouble?
#
# Here are forty days with three values in ten erased by chance. We drew them ourselves, so we know
# what was lost. Each way to treat the holes gives a line that predicts the roof from the garden:


# %%
def line(cov):
    """Slope of roof on garden, and the std of the roof around the line."""
    slope = cov[0, 1] / cov[0, 0]
    return slope, np.sqrt(cov[1, 1] - slope * cov[0, 1])


days, whole = missing_normal.sample(
    generating, 40, np.random.default_rng(0), holes=0.3
)
x = days.values
both = x[~np.isnan(x).any(axis=1)]
start = Normal(np.nanmean(x, axis=0), np.diag(np.nanvar(x, axis=0)))
covs = {
    "nothing lost": np.cov(whole.T, bias=True),
    "EM": em.fit(missing_normal, days, start).params.covariance,
    "whole days only": np.cov(both.T, bias=True),
    "column means": np.cov(
        np.where(np.isnan(x), np.nanmean(x, axis=0), x).T, bias=True
    ),
}
print("                 slope  std around the line")
for name, cov in covs.items():
    slope, std = line(cov)
    print(f"{name:15}  {slope:.3f}  {std:.3f}")

# %% [markdown]
# If you fill in the column's mean, the line is too flat, because a warm day in the garden with an
# average day on the roof is a day that never was. The {{ len(both) : d }} whole days do as well as
# EM here. If the holes fall by chance, they are a fair sample, and leaving out the others costs
# nothing but data. How much does EM gain, then? Here are a hundred such tables, and how far each
# way typically is from the truth (the root of the mean squared error):

# %%
truth = np.array([*line(generating.covariance), generating.mean[1]])
rng = np.random.default_rng(2)
errors = {"EM": [], "whole days only": []}
for _ in range(100):
    drawn, _ = missing_normal.sample(generating, 40, rng, holes=0.3)
    seen = drawn.values
    begin = Normal(np.nanmean(seen, axis=0), np.diag(np.nanvar(seen, axis=0)))
    by_em = em.fit(missing_normal, drawn, begin, tol=1e-4).params
    both = seen[~np.isnan(seen).any(axis=1)]
    for name, mean, cov in (
        ("EM", by_em.mean, by_em.covariance),
        ("whole days only", both.mean(axis=0), np.cov(both.T, bias=True)),
    ):
        errors[name].append([*line(cov), mean[1]] - truth)

typical = {
    name: np.sqrt(np.square(off).mean(axis=0)) for name, off in errors.items()
}
print("                 slope  std    roof mean")
for name, (slope, std, mean) in typical.items():
    print(f"{name:15}  {slope:.3f}  {std:.3f}  {mean:.3f}")

# %% [markdown]
# For the line, the days with a hole add little. For the mean they add more: EM is off by
# {{ typical["EM"][2] : .2f }} where the whole days are off by
# {{ typical["whole days only"][2] : .2f }}.
#
# ## When whole days are few
#
# With two columns only the days that hold *both* tell you how the two go together. With more
# columns, count for each pair the rows that hold both: no row needs to be whole. Where such rows
# are few, `em.fit` may stop with an error, or warn, or **converge without a word to a correlation
# that means nothing**.
#
# Here are six tables of two whole days and nineteen days with one hole. The whole days were chosen
# to show every kind of ending. The correlation behind them is 0.8.

# %%
import warnings
from itertools import combinations

one = np.flatnonzero(np.isnan(days.values).sum(axis=1) == 1)
for pair in combinations([2, 4, 20, 25], 2):
    rows = days.values[[*pair, *one]]
    begin = Normal(np.nanmean(rows, axis=0), np.diag(np.nanvar(rows, axis=0)))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            found = em.fit(missing_normal, rows, begin).params
        except em.CollapsedError:
            print(f"days {pair[0]:2} and {pair[1]:2}: an error")
            continue
    (a, c), (_, b) = found.covariance
    print(
        f"days {pair[0]:2} and {pair[1]:2}: correlation {c / np.sqrt(a * b):6.3f}"
        + ", and a warning" * bool(told)
    )

# %% tags=["hide"]
# Three columns, a hole in every row: no row is whole, and all is well.
trio = np.random.default_rng(7).multivariate_normal(
    [0, 0, 0], [[1, 0.8, 0.6], [0.8, 1, 0.7], [0.6, 0.7, 1]], 90
)
trio[np.arange(90), np.arange(90) % 3] = np.nan
three = em.fit(missing_normal, trio, Normal(np.zeros(3), np.eye(3))).params
assert (three.covariance[np.triu_indices(3, 1)] > 0.3).all()

# %% [markdown]
# Two points lie on a line without any error, and there the likelihood has no top. Convergence says
# that the climb is over, not that the place is worth anything. Three columns with a hole in *every*
# one of ninety rows are no trouble, on the other hand: in a test, EM found the three covariances
# 0.8, 0.6 and 0.7 as {{ three.covariance[0, 1] : .2f }}, {{ three.covariance[0, 2] : .2f }} and
# {{ three.covariance[1, 2] : .2f }}.
#
# ## The same in the package
#
# The package takes all rows with the same holes together, so it is quick for large tables. Call the
# columns that were seen $s$ and the holes $h$. Given what was seen, a hole has the mean and the
# covariance
#
# $$ \begin{aligned}
#    \hat{x}_h &= \mu_h + \Sigma_{hs} \Sigma_{ss}^{-1} (x_s - \mu_s) , \\
#    C_{hh} &= \Sigma_{hh} - \Sigma_{hs} \Sigma_{ss}^{-1} \Sigma_{sh} .
#    \end{aligned} $$
#
# The first is the regression line, and the second is the variance around it.

# %% tags=["hide"]
em.show(missing_normal.given)

# %% tags=["hide"]
em.show(missing_normal.e_step)

# %% tags=["hide"]
em.show(missing_normal.patterns)

# %% tags=["hide"]
em.show(missing_normal.log_density)

# %% tags=["hide"]
em.show(missing_normal.credited)

# %% tags=["hide"]
em.show(missing_normal.answer)

# %% [markdown]
# ## What could go wrong
#
# - **You cannot test it.** No statistic of the table tells missing at random from missing not at
#   random.
# - **Nothing tells.** If a column is all holes, or no row holds both columns of a pair, `em.fit`
#   refuses, and names them.
# - **More than one peak.** With many holes the likelihood may have several: the first exercise
#   shows two, and a saddle between them.
#
# ## Exercises
#
# **1.** Murray made up twelve rows that are known for their likelihood (in the discussion of
# Dempster, Laird and Rubin 1977). Start from a mean of 0, variances of 2 and a covariance of 0.1,
# then −0.1, then 0. *Predict* the sign of the correlation in the end.
#
# <details markdown><summary>Solution</summary>

# %%
murray = [[1, 1], [1, -1], [-1, 1], [-1, -1]]
murray += [[value, None] for value in (2, 2, -2, -2)]
murray += [[None, value] for value in (2, 2, -2, -2)]

for covariance in (0.1, -0.1, 0):
    begin = Normal([0, 0], [[2, covariance], [covariance, 2]])
    end = em.fit(missing_normal, murray, begin)
    (a, c), (_, b) = end.params.covariance
    print(
        f"correlation {c / np.sqrt(a * b):5.2f}, variance {a:.4f}, "
        f"{end.log_likelihood:.4f}"
    )

# %% [markdown]
# One half or minus one half, with the same likelihood. There are two peaks, and the sign of the
# start decides between them. The whole rows lie near the middle and show no direction. Those with a
# hole lie farther out and say that there is a wide direction, but not which. If EM starts exactly
# between the peaks, it ends there, at a saddle.
#
# </details>
#
# **2.** *Predict*: let the roof be read only on days when the garden has *less* than 13 °C. Is the
# mean of the whole days too high or too low now, and what will EM find?
#
# <details markdown><summary>Solution</summary>

# %%
rows = many.copy()
rows[many[:, 0] >= 13, 1] = np.nan
found = em.fit(missing_normal, rows, Normal([0, 0], np.eye(2)))
print(f"nothing lost {many[:, 1].mean():.2f}")
print(f"whole days   {np.nanmean(rows[:, 1]):.2f}")
print(f"EM           {found.params.mean[1]:.2f}")

# %% [markdown]
# Too low, because the whole days are the cool ones. EM makes up for it.
#
# </details>
#
# ## Where to read on
#
# Where *missing at random* comes from: Rubin, *Inference and missing data*, Biometrika 63 (1976).
# Van Buuren, *Flexible Imputation of Missing Data* (second edition 2018), is free to read and
# practical. Next: [censored lifetimes](censored.py).
