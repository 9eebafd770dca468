# ---
# title: Missing values
# order: 31
# section: Use
# question: What can I estimate from a table with holes, and when may I?
# description: >-
#   Expectation Maximisation for missing values: one column by hand, a normal from a table
#   with holes, why filling in means is not enough, and when values are missing at random.
# numbers: own
# allow: ["10", 12, 14, 16, 15, 18, 13, 40, "0.8", "12.8", "3.2", "13.2", "10.24", "5.76", "2.4", 5, 4, 3, 2, 1, 0, "2,000", 2.81, 11, 1976, 1977, 2002, 63, 19, 0.1, "1,000"]
# ---

# %% [markdown]
# # Holes in a table
#
# On five days somebody should have read a thermometer at noon. Three times it was done: 12, 14
# and 16 °C. Two days are holes. What were the mean and the spread of the five days?

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
# ## Try it
#
# **1. Predict:** the first guess is a mean of 10 and a standard deviation of 1. Where will it
# expect the two holes? *Look at step 0.*
#
# <details markdown><summary>See why</summary>
#
# At 10, both of them: nothing else is known of those two days. But not *exactly* at 10: the bars
# say that they may be off by a standard deviation.
#
# </details>
#
# **2. Predict:** the next guess takes the mean of all five. Will the bell become wider or
# narrower? *Press **Next**.*
#
# <details markdown><summary>See why</summary>
#
# Wider, to {{ variances[1] ** 0.5 : .2f }}, and its mean is {{ means[1] : .1f }}: the values read
# lie far from the holes as they were guessed.
#
# </details>
#
# **3. Predict:** where does it end? *Press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# At the mean of the three days that *were* read, {{ short.params.mean.item() : .2f }}, and at
# their spread. A hole by itself tells nothing. Each step keeps two
# fifths of the distance that is left: the share of the days that is missing.
#
# </details>
#
# With the [two coins](coins.py) and the [two groups](normals.py), what was hidden (the
# **latent variable**) was a *label*. Here it is a *number*, and the loop stays the same.
#
# ## By hand, with one column
#
# Say the guess is a mean of 14 and a variance of 1. The **E-step** notes two things of each day: its
# value, and its squared distance from 14. Of a hole it notes what is *expected* of them. The value
# is expected at 14; the squared distance is not expected at 0, but at the variance of the guess, 1.
#
# | day | value | squared distance from 14 |
# | --- | --- | --- |
# | read | 12 | 4 |
# | read | 14 | 0 |
# | read | 16 | 4 |
# | hole | 14 | 1 |
# | hole | 14 | 1 |
# | **M-step**: the average | 14 | 2 |
#
# The **M-step** averages each column over all five days: the mean is 14, and the variance is now 2.
# Once more, with 2 for each hole: $(4 + 0 + 4 + 2 + 2) / 5$. And so on:

# %%
variance = 1.0
for step in range(1, 9):
    variance = (4 + 0 + 4 + 2 * variance) / 5
    print(step, round(variance, 5))

# %% [markdown]
# It ends at 8/3, the variance of the days that were read (divided by their number, 3; R's `var`
# divides by 2, and says 4). Had we put a 14 into each hole and
# taken it for a reading, the answer would have been $(4 + 0 + 4 + 0 + 0) / 5$, which is
# {{ 8 / 5 : .1f }} for ever. **A value that is filled in is not a reading**: it lies exactly
# where it is expected, and real days do not.
#
# With one column, EM ends where leaving out the holes ends. With two columns it can do more,
# because then a day with a hole still says something.
#
# ## A table with holes
#
# Two thermometers now, one in the garden, one on the roof. The forty days are drawn at random,
# with a correlation of 0.8, and then about three values in ten are erased. So we can look up
# later what was lost.

# %%
import numpy as np

import em
from em.models import missing_normal
from em.models.missing_normal import Normal, given

generating = Normal([14, 10], [[16, 12.8], [12.8, 16]])
rng = np.random.default_rng(0)
days, whole = missing_normal.sample(generating, 40, rng, holes=0.3)
table = days.values
lost = np.isnan(table)

print("garden   roof")
for row in table[:8]:
    print("  ".join(f"{value:6.2f}" for value in row).replace("nan", "  ?"))
print("...")
print((~lost).all(axis=1).sum(), "days of 40 have both readings,")
print(lost.all(axis=1).sum(), "have none")

# %% tags=["hide"]
names = ("garden, °C", "roof, °C")
draw.holes(
    table,
    names,
    "Dots: the days with both values. Strokes at the edge: days with a hole, at the bottom where "
    "only the garden is known, on the left where only the roof is. Two days have neither.",
)

# %% [markdown]
# We want the two means, how far each thermometer swings, and the line that predicts the roof
# from the garden. There are two quick ways. **Leave out** every day with a hole: that throws
# away half of the days here. Or **fill in** the mean of the column.


# %%
def line(normal):
    """Slope of roof on garden, and the std of the roof around the line."""
    slopes, left = given(normal.covariance, np.array([True, False]))
    return slopes.item(), np.sqrt(left.item())


def plain(rows):
    """Mean and covariance of a table without holes."""
    return Normal(rows.mean(axis=0), np.cov(rows.T, bias=True))


column_means = np.where(lost, np.nanmean(table, axis=0), table)
guesses = {
    "nothing lost": plain(whole),
    "whole days only": plain(table[~lost.any(axis=1)]),
    "column means": plain(column_means),
}

print("                 slope  std around")
for name, normal in guesses.items():
    slope, std = line(normal)
    print(f"{name:16} {slope:.3f}  {std:.3f}")

# %% [markdown]
# Filled with column means, the line is too flat, {{ line(guesses["column means"])[0] : .3f }} where
# the table without holes has {{ line(guesses["nothing lost"])[0] : .3f }}. A warm day in the garden
# with the mean of all days on the roof is a day that never was. The whole days give a good line,
# because here the holes fell by chance.
#
# ## If we knew the normal, we could fill the holes well
#
# Suppose we knew the normal: means of 14 and 10, variances of 16 each, and a covariance of 12.8. On
# one day the garden had 18 °C, four more than its mean, and the roof is a hole.
#
# - The slope of roof on garden is the covariance divided by the garden's variance,
#   12.8 / 16 = 0.8.
# - **Value:** four degrees more in the garden, so 0.8 × 4 = 3.2 more on the roof: 13.2 is expected.
# - **Spread:** the garden explains 0.8 × 12.8 = 10.24 of the roof's variance of 16. What is left,
#   5.76, we call $C$: a standard deviation of 2.4.

# %% tags=["hide"]
draw.expected(
    generating,
    18,
    names,
    "Ellipses: the normal, one and two standard deviations around its mean. Slanting line: the roof "
    "as predicted from the garden. Sideways bell: what the roof may have been on a day with 18 °C "
    "in the garden. It has a middle, on the line, and a width.",
)

# %% [markdown]
# The package does it with any number of columns. The same day again:

# %%
slopes, left = given(generating.covariance, np.array([True, False]))
middle = 10 + slopes.item() * (18 - 14)
print(f"garden 18: roof {middle:.2f}, std {np.sqrt(left.item()):.2f}")

# %% tags=["hide"]
np.testing.assert_allclose([middle, left.item()], [13.2, 5.76])

# %% [markdown]
# <details markdown><summary>Go deeper</summary>
#
# In general: call the means $\mu$ and the covariance $\Sigma$, the columns that were seen $s$ and
# the holes $h$. Given what was seen, a hole has the mean and the covariance
#
# $$ \begin{aligned}
#    \hat{x}_h &= \mu_h + \Sigma_{hs} \Sigma_{ss}^{-1} (x_s - \mu_s) , \\
#    C_{hh} &= \Sigma_{hh} - \Sigma_{hs} \Sigma_{ss}^{-1} \Sigma_{sh} .
#    \end{aligned} $$
#
# The first is the regression line; the second, the spread around it.
#
# </details>
#
# And if the holes were filled, we could compute means and covariance. It is the circle that
# EM walks: **guess** a normal, **fill** each hole with what is expected of it,
# **re-estimate** the normal, **repeat**.
#
# ## Why the expected value alone is not enough
#
# Let us walk the circle, and fill in the expected values as if they had been read.

# %%
start = Normal(np.nanmean(table, axis=0), np.diag(np.nanvar(table, axis=0)))

normal = start
alone = [normal]
for _ in range(30):
    expected, _ = missing_normal.e_step(days, normal)
    normal = plain(expected.filled)
    alone.append(normal)
slope, std = line(normal)
print(f"expected values alone: {slope:.3f}  {std:.3f}")

# %% [markdown]
# The standard deviation around the line came out as {{ std : .3f }}, where the table without
# holes has {{ line(guesses["nothing lost"])[1] : .3f }}. It is the mistake of the one column
# again: each filled day lies *exactly where it is expected*. That makes the roof look more
# predictable than it is; the next round believes it, and so on. The slope suffers, too.
#
# The M-step also needs the average of the *squares*, and for that the square of the expected value
# $\hat{x}$ is too small:
#
# $$ \mathrm{E}[x^2] = \hat{x}^2 + C . $$
#
# The same holds for the product of two holes of one day. So the E-step must hand over both:
# the filled table, and the spread $C$ of the holes. They play the part that the
# responsibilities play in a mixture. The M-step takes the mean and the covariance of the filled
# table, and *adds the spread*, divided by the number of days.
#
# ## The program
#
# The same forty days, to be pasted into an empty Python:

# %% tags=["program"]
import numpy as np

rng, cov = np.random.default_rng(0), np.array([[16, 12.8], [12.8, 16]])
x = rng.multivariate_normal([14, 10], cov, 40, method="cholesky")
x[rng.random(x.shape) < 0.3] = np.nan
mean, cov = np.nanmean(x, axis=0), np.diag(np.nanvar(x, axis=0))  # a guess

for _ in range(40):
    filled, spread = x.copy(), np.zeros((2, 2))
    for row in filled:  # E-step: fill in what is expected, note the spread
        h, s = np.isnan(row), ~np.isnan(row)  # the holes, what was seen
        slopes = np.linalg.solve(cov[s][:, s], cov[s][:, h]).T
        row[h] = mean[h] + slopes @ (row[s] - mean[s])
        spread[np.ix_(h, h)] += cov[h][:, h] - slopes @ cov[s][:, h]
    # M-step: mean and covariance of the filled table, the spread added
    mean = filled.mean(axis=0)
    cov = np.cov(filled.T, bias=True) + spread / len(x)

print("mean", mean.round(4), "covariance", cov.round(4).tolist())

# %% tags=["hide"]
forty = em.fit(missing_normal, days, start, until=lambda s: len(s) > 40).params
np.testing.assert_allclose(mean, forty.mean, rtol=1e-9)
np.testing.assert_allclose(cov, forty.covariance, rtol=1e-9)

# %% [markdown]
# ## The same in the package
#
# `em` is the package behind these pages ([one line installs it](index.py#the-same-with-the-package)).
# It takes all rows with the same holes together.

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

# %%
fit = em.fit(missing_normal, days, start)

print("step  slope  std    log-likelihood")
for number in (0, 1, 2, 5, 10, len(fit.steps) - 1):
    step = fit.steps[number]
    slope, std = line(step.params)
    print(f"{number:4}  {slope:.3f}  {std:.3f}  {step.log_likelihood:10.5f}")

# %% [markdown]
# The start has no covariance, so its first E-step fills in the column means: that quick way
# stops where EM begins.

# %% tags=["hide"]
stepper(
    draw.frames(table, fit.steps[:13], names),
    [
        f"Step {number}: slope {line(step.params)[0]:.3f}, std around the line "
        f"{line(step.params)[1]:.3f}, log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(fit.steps[:13])
    ],
    "Twelve steps of EM. Hollow: days with a hole, filled as each step expects them. They begin "
    "as a cross, at the column means. In the end the days without the roof lie on the line drawn, "
    "which predicts the roof from the garden; those without the garden lie on a steeper one, not "
    "drawn, which predicts the garden from the roof.",
)

# %% tags=["hide"]
draw.shrinking(
    {"EM": [step.params for step in fit.steps], "expected values alone": alone},
    "How wide the roof's readings are around the line, over the steps. Without the spread of "
    "the holes, the width shrinks below what EM finds.",
)

# %% [markdown]
# ## Fill-in against EM
#
# Side by side, everything we have tried:

# %%
fits = {
    "nothing lost": guesses["nothing lost"],
    "EM": fit.params,
    "expected alone": alone[-1],
    "column means": guesses["column means"],
    "whole days only": guesses["whole days only"],
}

print("                 line         means")
print("                 slope std    garden roof")
for name, one in fits.items():
    slope, std = line(one)
    x, y = one.mean
    print(f"{name:15}  {slope:.3f} {std:.3f}  {x:.2f} {y:.2f}")

# %% tags=["hide"]
draw.fills(
    table,
    {
        "EM": (fit.posterior.filled, fit.params),
        "column means": (column_means, guesses["column means"]),
    },
    names,
    "Left: what EM expects of the days with a hole, and its line. Right: the column means "
    "make a cross of days that never were, and turn the line.",
)

# %% tags=["hide"]
draw.lines(
    table,
    whole,
    {
        "EM": fit.params,
        "column means": guesses["column means"],
        "nothing lost": guesses["nothing lost"],
    },
    names,
    "All forty days as they were; hollow ones had lost a value or two. The line of EM and that "
    "of the table without holes nearly coincide.",
)

# %% [markdown]
# EM's line has a slope of {{ line(fit.params)[0] : .3f }}, and {{ line(fit.params)[1] : .3f }} around
# it: close to what the table without holes gives. No value was found again; EM found the normal
# under which the values that *were* read are least surprising.
#
# The whole days alone did as well. Was that luck? Let us draw a hundred such tables, and see
# how far from the truth each way is, typically (the root of the mean squared error):

# %%
errors = {"EM": [], "whole days only": []}
truth = np.array([*line(generating), generating.mean[1]])
rng = np.random.default_rng(2)
for _ in range(100):
    drawn, _ = missing_normal.sample(generating, 40, rng, holes=0.3)
    seen = drawn.values
    begin = Normal(np.nanmean(seen, axis=0), np.diag(np.nanvar(seen, axis=0)))
    by_em = em.fit(missing_normal, drawn, begin, tol=1e-4).params
    by_whole = plain(seen[~np.isnan(seen).any(axis=1)])
    errors["EM"].append([*line(by_em), by_em.mean[1]] - truth)
    errors["whole days only"].append(
        [*line(by_whole), by_whole.mean[1]] - truth
    )

typical = {
    name: np.sqrt(np.square(off).mean(axis=0)) for name, off in errors.items()
}
print("                 slope  std    roof mean")
for name, (slope, std, mean) in typical.items():
    print(f"{name:15}  {slope:.3f}  {std:.3f}  {mean:.3f}")

# %% [markdown]
# It was no luck: for the line, the days with a hole add little. For the mean they add more: EM
# is off by {{ typical["EM"][2] : .2f }} where the whole days alone are off by
# {{ typical["whole days only"][2] : .2f }}.
#
# ## Missing at random
#
# So far the holes fell by chance: they were **missing completely at
# random**. Real holes have reasons. What matters is what the reason depends on. Let us draw
# 2,000 days, and lose the roof's value for two different reasons:
#
# - the roof was read only when it was above 15 °C *in the garden*: the hole depends on a value
#   that was seen. That is called **missing at random** (Rubin 1976);
# - the roof's thermometer burst above 13 °C *on the roof*: the hole depends on the very value
#   that is lost, as a protein below the detection limit is missing because there is little of it.
#   That is **missing not at random**.

# %%
_, many = missing_normal.sample(generating, 2000, np.random.default_rng(1))
cold_garden, hot_roof = many[:, 0] <= 15, many[:, 1] > 13

roof = {"nothing lost": many[:, 1].mean()}
lines = {}
for name, gone in (("garden", cold_garden), ("burst", hot_roof)):
    rows = many.copy()
    rows[gone, 1] = np.nan
    by_em = em.fit(missing_normal, rows, Normal([0, 0], np.eye(2))).params
    roof[f"{name}, whole days"] = np.nanmean(rows[:, 1])
    roof[f"{name}, EM"] = by_em.mean[1]
    lines[name] = line(plain(rows[~gone])), line(by_em)

for name, mean in roof.items():
    print(f"{name:20} mean of the roof {mean:6.3f}")

# %% [markdown]
# In the first case the whole days are the warm ones, and their mean is far too high. EM knows
# from the garden how cool the other days were, and comes back to {{ roof["garden, EM"] : .2f }}.
# In the second, EM is fooled: {{ roof["burst, EM"] : .2f }} where the truth is
# {{ roof["nothing lost"] : .2f }}, and no number that EM prints says so. **EM needs holes that are
# missing at random.** Whether they are, the table cannot tell; you have to know how it came to
# be. What helps otherwise is a model of how values get lost, such as that of
# [a test that ended too early](censored.py).
#
# In the first case the line of roof on garden was not in danger: its slope is
# {{ lines["garden"][0][0] : .3f }} by the whole days, {{ lines["garden"][1][0] : .3f }} by EM.
#
# EM also needs **the model to be right where it fills in.** Let the roof follow the garden along a
# curve, and erase it on the cool days as before:

# %%
garden = many[:, 0]
noise = np.random.default_rng(3).normal(0, 2, len(garden))
curved = np.column_stack([garden, 10 + 0.1 * (garden - 14) ** 2 + noise])
rows = curved.copy()
rows[cold_garden, 1] = np.nan
bent = em.fit(missing_normal, rows, Normal([0, 0], np.eye(2))).params
print(f"nothing lost {curved[:, 1].mean():.2f}, EM {bent.mean[1]:.2f}")

# %% [markdown]
# EM went on with a straight line where the roof bends. The holes are missing at random, and the
# answer is wrong all the same.
#
# ## When whole days are few
#
# Only whole days tell the sign of how the columns hang together. With two of them, `em.fit` may
# stop with an error, or warn, or **converge without a word to a correlation that means nothing**.
# Count the whole days before you believe a correlation.
#
# <details markdown><summary>See why</summary>
#
# Two points lie on a line without any error, where the likelihood has no top. Here are six tables
# of two whole days and the 19 days with one hole; the whole days were chosen to show every kind of
# ending. The correlation behind them is 0.8.

# %%
import warnings
from itertools import combinations

one = np.flatnonzero(lost.sum(axis=1) == 1)
for pair in combinations([2, 4, 20, 25], 2):
    rows = table[[*pair, *one]]
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

# %% [markdown]
# Convergence says that the climb is over, not that the place is worth anything.
#
# </details>
#
# ## What could go wrong
#
# - **The holes depend on what is in them,** or the model is wrong where it fills in: see
#   [missing at random](#missing-at-random).
# - **Nothing tells.** A column that is all holes, or two columns of which no row holds both:
#   `em.fit` refuses, and names them. A row that is all holes does no harm.
# - **More than one top.** With many holes the likelihood may have several peaks. The first
#   exercise shows two, and a saddle between them.
# - **The filled table is not data.** Whoever computes standard errors from it counts every hole
#   as a value that was read. **Multiple imputation** draws the holes several times, spread and all.
#
# In R, the package **norm** fits this page's normal by EM (`em.norm`), and **mice** does multiple
# imputation.
#
# ## A test that was stopped too early
#
# <span id="what-is-expected-of-a-lifetime-that-was-longer"></span>A lifetime of which one knows
# only that it was longer than the test is neither a hole nor a reading. It has a page of its
# own: [a test that ended too early](censored.py).
#
# ## Exercises
#
# **1.** Twelve rows that Murray made up are known for their likelihood (in the discussion of
# Dempster, Laird and Rubin 1977). Start from mean 0, variances 2 and a covariance of 0.1, then
# −0.1, then 0. *Predict* the sign of the correlation in the end.
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
# One half or minus one half, with the same likelihood: two peaks, and the sign of the start
# decides. The whole rows, near the middle, show no direction; those with a hole lie farther
# out and say that there is a wide direction, but not which. Started between the peaks, EM
# ends there, at a saddle.
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
# Too low, for the whole days are the cool ones; EM makes up for it.
#
# </details>
#
# **3.** *Predict*: add ten rows that are all holes to the forty days. What changes: the answer, or
# the number of steps?
#
# <details markdown><summary>Solution</summary>

# %%
more = np.vstack([table, np.full((10, 2), np.nan)])
for rows in (table, more):
    found = em.fit(missing_normal, rows, start)
    print(found.params.mean.round(4), len(found.steps) - 1, "steps")

# %% [markdown]
# The number of steps. Rows that say nothing pull each M-step back to where it came from.
#
# </details>
#
# ## Where to read on
#
# [Turn your own problem into EM](recipe.py). The book on holes is Little and Rubin, *Statistical
# Analysis with Missing Data* (second edition 2002), chapter 11 for the normal. Where the names
# come from: Rubin, *Inference and missing data*, Biometrika 63 (1976).
