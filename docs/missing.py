# ---
# title: Missing values
# order: 31
# section: Use
# question: What can I estimate from a table with holes, or from a test that was stopped too early?
# description: >-
#   Expectation Maximisation for missing and censored values: a normal from a table with
#   holes, lifetimes longer than the test, and why filling in means is not enough.
# ---

# %% [markdown]
# # Values that were never written down
#
# **At the end of this page you will be able to** estimate means, spreads and a regression
# line from a table with holes, do the same for lifetimes that were longer than the test, and
# say why filling each hole with its expected value is not enough.
#
# With the [two coins](coins.py) and the [two groups](normals.py), a *label* was hidden: which
# coin, which group. Here it is a *number*, and the loop stays the same.

# %%
import numpy as np
from attrs import evolve

import em
from em.models import censored_regression, missing_normal
from em.models.censored_regression import Lifetimes, Moments
from em.models.missing_normal import Normal, given

# %% [markdown]
# ## A table with holes
#
# Every day at noon two thermometers should be read, one in the garden, one on the roof. On
# some days one of them was forgotten, or both. The forty days are drawn at random, with a
# correlation of 0.8, and then about three values in ten are erased. So we can look up later
# what was lost.

# %%
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
from em.figures import missing as draw

names = ("garden, °C", "roof, °C")
draw.holes(
    table,
    names,
    "The days with both readings are dots. A day with one reading is a stroke at the edge: "
    "red, at the bottom, where only the garden is known, blue, on the left, where only the "
    "roof is. Two days have neither.",
)

# %% [markdown]
# We want the two means, how far each thermometer swings, and the line that predicts the roof
# from the garden. There are two quick ways. **Leave out** every day with a hole: that throws
# away half of the days here, and where holes are more likely on some days than on others,
# what is left may be a biased choice (the second exercise shows it). Or **fill in** the mean of
# the column. Let us see what they do.


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
# Filled with column means, the line is too flat, 0.725 where the table without holes has
# 0.901. A warm day in the garden with the mean of all days on the roof is a day that never
# was. The whole days give a good line, because here the holes fell by chance. They say
# nothing of the readings that were thrown away; we shall see what those are worth.
#
# ## If we knew the normal, we could fill the holes well
#
# Suppose we knew the means $\mu$ and the covariance $\Sigma$ of the two readings. Then the
# garden's reading tells something about the roof's.

# %% tags=["hide"]
draw.expected(
    generating,
    18,
    names,
    "Ellipses: the normal, one and two standard deviations around its mean. Red: its "
    "regression line. Blue: what the roof may have been on a day with 18 °C in the garden. "
    "The bell has a middle, on the line, and a width.",
)

# %% [markdown]
# Call the columns that were seen $s$ and the holes $h$. Given what was seen, a hole has the
# mean and the covariance
#
# $$ \begin{aligned}
#    \hat{x}_h &= \mu_h + \Sigma_{hs} \Sigma_{ss}^{-1} (x_s - \mu_s) , \\
#    C_{hh} &= \Sigma_{hh} - \Sigma_{hs} \Sigma_{ss}^{-1} \Sigma_{sh} .
#    \end{aligned} $$
#
# The first is the regression line; the second, the spread around it.

# %% tags=["hide"]
em.show(missing_normal.given)

# %%
slopes, left = missing_normal.given(
    generating.covariance, np.array([True, False])
)
middle = 10 + slopes.item() * (18 - 14)
print(f"garden 18: roof {middle:.2f}, std {np.sqrt(left.item()):.2f}")

# %% [markdown]
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
# Now the standard deviation around the line came out as 1.529, where the table without holes
# has 2.246. Each filled day lies *exactly where it is expected*, and real days do not. They
# make the roof look more predictable than it is; the next round believes that, and so on.
# The slope, 0.966, suffers too.
#
# An expected value is not a reading. The estimate needs the *averages that the M-step uses*,
# and one of them is the average of $x_h^2$. For that, the square of the expected value is too
# small:
#
# $$ \mathrm{E}[x_h^2] = \hat{x}_h^2 + C_{hh} . $$
#
# The same holds for the product of two holes in one row. So the E-step must hand over both:
# the filled table, and the spread $C$ of the holes. They play the part that the
# responsibilities play in a mixture.

# %% tags=["hide"]
em.show(missing_normal.e_step)

# %% tags=["hide"]
em.show(missing_normal.patterns)

# %% tags=["hide"]
em.show(missing_normal.log_density)

# %% [markdown]
# The M-step takes the mean and the covariance of the filled table, and *adds the spread*,
# divided by the number of rows. It is all that was missing above.

# %% tags=["hide"]
em.show(missing_normal.m_step)

# %%
expected, log_likelihood = missing_normal.e_step(days, start)
print("first rows, filled:")
print(expected.filled[:4].round(2))
print("spread, summed over all rows:")
print(expected.spread.round(2))
print(f"log-likelihood of the start: {log_likelihood:.5f}")

# %% [markdown]
# The start has the columns' own means and variances, and no covariance. So its first E-step
# fills in the column means: that quick way is the first half of the first step of EM. It
# stops where EM begins.

# %%
fit = em.fit(missing_normal, days, start)

print("step  slope  std    log-likelihood")
for number in (0, 1, 2, 5, 10, len(fit.steps) - 1):
    step = fit.steps[number]
    slope, std = line(step.params)
    print(f"{number:4}  {slope:.3f}  {std:.3f}  {step.log_likelihood:10.5f}")

# %% tags=["hide"]
from em.figures.stepper import stepper

stepper(
    draw.frames(table, fit.steps[:13], names),
    [
        f"Step {number}: slope {line(step.params)[0]:.3f}, std around the line "
        f"{line(step.params)[1]:.3f}, log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(fit.steps[:13])
    ],
    "Twelve steps of EM. Hollow: days with a hole, filled as each step expects them. They "
    "begin at the column means, and end on two lines: the one drawn, which predicts the roof "
    "from the garden, and a steeper one, which predicts the garden from the roof.",
)

# %% tags=["hide"]
draw.shrinking(
    {"EM": [step.params for step in fit.steps], "expected values alone": alone},
    "How wide the roof's readings are around the line, over the steps. Without the spread of "
    "the holes, the width shrinks below what EM finds.",
)

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
print("EM's covariance:")
print(fit.params.covariance.round(2))

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
# EM's line has a slope of 0.893, and 2.140 around it: close to what the table without holes
# gives, 0.901 and 2.246. Its mean of the roof is 10.46, there 10.63. No value was found again. EM found the normal under which the values
# that *were* read are least surprising, and for that it is enough to expect the others
# honestly.
#
# The whole days alone did as well, with 0.915 and 2.170. Was that luck? Let us draw a
# hundred such tables, and see how far from the truth each way is, typically (the root of
# the mean squared error):

# %%
errors = {"EM": [], "whole days only": []}
truth = np.array([*line(generating), generating.mean[1]])
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

print("                 slope  std    roof mean")
for name, off in errors.items():
    slope, std, mean = np.sqrt(np.square(off).mean(axis=0))
    print(f"{name:15}  {slope:.3f}  {std:.3f}  {mean:.3f}")

# %% [markdown]
# It was no luck: for the line, the days with a hole add little. For the mean they add more:
# EM is off by 0.750 where the whole days alone are off by 0.953. EM uses every reading for
# what it is worth.
#
# ## A test that was stopped too early
#
# A *motorette* is a small model of a motor, made to test its insulation. Forty of them were
# run hot, ten at each of four temperatures, to see how long they last (Nelson and Hahn 1972;
# [the data](data/motorettes.csv)). Many were still running when they were last looked at: of
# those we know the lifetime only to be longer. Such a value is **censored**: not a hole, and
# not a reading.

# %%
celsius = np.repeat([150, 170, 190, 220], 10)
failures = [
    [],
    [1764, 2772, 3444, 3542, 3780, 4860, 5196],
    [408, 408, 1344, 1344, 1440],
    [408, 408, 504, 504, 504],
]
ended = [8064, 5448, 1680, 528]

hours, failed = [], []
for known, end in zip(failures, ended, strict=True):
    still = 10 - len(known)
    hours += known + [end] * still
    failed += [1] * len(known) + [0] * still

x = 1000 / (celsius + 273.2)
tests = Lifetimes(x, hours, failed)
print(len(x), "motorettes,", int(tests.failed.sum()), "failed")

# %% tags=["hide"]
from em.figures import censored_regression as picture

rising = (220, 190, 170, 150)
picture.lifetimes(
    tests,
    {},
    rising,
    "Dots: failures. Hollow triangles: still running when the test ended, so failing somewhere "
    "higher up. At 150 °C, on the right, none of the ten had failed.",
)

# %% [markdown]
# The usual model for such tests says that log10 hours lie around a straight line in
# $x = 1000 / (°\mathrm{C} + 273.2)$, with a normal error of the same width everywhere:
#
# $$ \log_{10} \text{hours} = a + b \, x + \sigma \varepsilon . $$
#
# Had all forty failed, we would draw the least-squares line: done. So why not take the end of
# the test for the time of failure?

# %%
as_if_failed = censored_regression.m_step(
    tests, Moments(np.log10(tests.hours), np.zeros(40))
)

a, b = as_if_failed.coefficients
print("censoring ignored:")
print(f"a {a:.5f}, b {b:.5f}, std {as_if_failed.std:.5f}")

# %% [markdown]
# Because that makes the best motorettes look worse than they are: the line lies too low, and
# the width around it is too small.
#
# ## What is expected of a lifetime that was longer
#
# With a line in hand, the hidden lifetime has a bell around that line. Of this bell, all that
# lies before the end of the test is ruled out. What is left is a *truncated* normal.

# %% tags=["hide"]
picture.cut(
    as_if_failed,
    x[20],
    1680,
    "A motorette at 190 °C that was still running after 1,680 hours. Grey: the bell that the "
    "line above predicts. Shaded: what is still possible. The dot and the bar are the mean "
    "and the standard deviation of the shaded part.",
)

# %% [markdown]
# Measured from the line in units of $\sigma$, the end of the test stands at
# $z = (\log_{10} \text{hours} - a - b x) / \sigma$. A standard normal known to lie above $z$
# has
#
# $$ \text{mean } \lambda = \frac{\varphi(z)}{\Phi(-z)} , \qquad
#    \text{variance } 1 - \lambda (\lambda - z) , $$
#
# where $\varphi$ is the bell's height and $\Phi(-z)$ the area of its tail. Far out, both are
# too small for a computer: at $z = 40$ it would divide 0 by 0. SciPy's `erfcx` gives the tail
# divided by the height, which is a number of ordinary size.

# %% tags=["hide"]
em.show(censored_regression.above)

# %%
for z in (-3.0, 0.0, 3.0, 40.0):
    mean, variance = censored_regression.above(np.array([z]))
    print(f"above {z:4.1f}: mean {mean[0]:8.5f}, var. {variance[0]:.6f}")

# %% tags=["hide"]
em.show(censored_regression.e_step)

# %% tags=["hide"]
em.show(censored_regression.m_step)

# %% [markdown]
# The E-step gives the expected log10 lifetime of each motorette, and its variance. The M-step
# draws the least-squares line through the expected lifetimes; for $\sigma$ it adds the
# variances to the squared distances from the line. Again both are needed.

# %%
fit = em.fit(censored_regression, tests, as_if_failed)

print("step a        b       std     log-lik.")
for number in (0, 1, 2, 5, 10, 20, len(fit.steps) - 1):
    step = fit.steps[number]
    a, b = step.params.coefficients
    print(
        f"{number:4} {a:.5f} {b:.5f} {step.params.std:.5f}"
        f" {step.log_likelihood:.5f}"
    )

# %% [markdown]
# And with the expected values alone, their variances left out:

# %%
means_only = as_if_failed
for _ in range(200):
    expected, _ = censored_regression.e_step(tests, means_only)
    no_variance = evolve(expected, variance=np.zeros(40))
    means_only = censored_regression.m_step(tests, no_variance)

lines = {
    "EM": fit.params,
    "expected alone": means_only,
    "as if failed": as_if_failed,
}
print("                a        b       std")
for name, one in lines.items():
    a, b = one.coefficients
    print(f"{name:14}  {a:.5f} {b:.5f} {one.std:.5f}")

# %% tags=["hide"]
picture.lifetimes(
    tests,
    lines,
    rising,
    "Three lines through the same test. Taking the end of the test for a failure gives the "
    "lowest, most of all on the right, where nothing had failed yet.",
)

# %% [markdown]
# EM finds −6.01925, 4.31125 and 0.25918. With the expected values alone the standard
# deviation is only 0.19634, about a quarter less, and the line is less steep; with the
# censoring ignored, as if all had failed, it is 0.15324. What does it matter? The test was run hot to learn about
# motors that run cooler. At 130 °C, half of the motorettes should last longer than

# %%
cooler = 1000 / (130 + 273.2)
for name, one in lines.items():
    median = 10 ** (one.coefficients @ [1, cooler])
    print(f"{name:14}  {median:7,.0f} hours")

# %% [markdown]
# That is a factor of two between the first and the last. All three are extrapolations, beyond
# all that was tested; but only the first takes from the running motorettes what they say,
# and no more.
#
# ## What could go wrong
#
# - **The holes may depend on what is in them.** If the roof was not read *because* it was too
#   hot up there, the readings we have are too cool, and EM does not know. It can cope with
#   holes that depend on what was *seen* (second exercise), not on what was lost (third).
#   Censored lifetimes do depend on what was lost, but there we know how, and the model says
#   so.
# - **Nothing tells.** A column that is all holes, or two columns of which no row holds both:
#   `em.fit` refuses, and names them. So it does where fewer than two temperatures saw a
#   failure. A row that is all holes tells nothing either, but does no harm: the limit stays
#   the same, the steps only get smaller.
# - **Too few whole rows.** With two of them a line can run through both without any error,
#   and the likelihood has no top. Then `em.fit` may stop with an error, may warn that it has
#   not converged, or may settle on a meaningless peak: look at how many rows hold both of two
#   columns before you believe their correlation.
# - **More than one top.** With many holes the likelihood may have several peaks. The first
#   exercise shows two, and a saddle between them. [How it goes wrong](pitfalls.py) has more
#   on starts.
#
# ## Exercises
#
# **1.** Twelve rows that Murray made up are known for their likelihood (in the discussion of
# Dempster, Laird and Rubin 1977). Start from mean 0, variances 2 and a covariance of 0.1, then
# −0.1, then 0. What is the correlation in the end?
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
# ends between them, at a saddle, and by its own rule it is content.
#
# </details>
#
# **2.** Draw 2,000 days without holes. Then let the roof be read only on days when the garden
# has more than 15 °C. What is the mean of the roof by the whole days, and by EM?
#
# <details markdown><summary>Solution</summary>

# %%
_, many = missing_normal.sample(generating, 2000, np.random.default_rng(1))
chosen = many.copy()
chosen[many[:, 0] <= 15, 1] = np.nan

begin = Normal([0, 0], [[1, 0], [0, 1]])
by_em = em.fit(missing_normal, chosen, begin)
print(f"nothing lost    {many[:, 1].mean():.2f}")
print(f"whole days only {np.nanmean(chosen[:, 1]):.2f}")
print(f"EM              {by_em.params.mean[1]:.2f}")

# %% [markdown]
# The whole days are the warm ones, so their mean is far too high. EM knows from the garden how
# cool the other days were. The holes depend on a value that *was seen*: the values are
# **missing at random**, which is what EM needs. It also needs the model to be right where it
# fills in: if the roof did not follow a line on the cool days, what EM adds would be wrong,
# and nothing in the output would say so. (The *line* of roof on garden is not biased by such
# a choice of days, with EM or without.)
#
# </details>
#
# **3.** Let the roof's thermometer fail above 13 °C: erase every such reading on the roof
# instead. Does EM still find the mean?
#
# <details markdown><summary>Solution</summary>

# %%
burst = many.copy()
burst[many[:, 1] > 13, 1] = np.nan

fooled = em.fit(missing_normal, burst, begin)
print(f"nothing lost {many[:, 1].mean():.2f}")
print(f"EM           {fooled.params.mean[1]:.2f}")

# %% [markdown]
# No. Now the hole depends on the very value that is lost, and nothing in the table says so.
# What would help is a model of how values get lost, such as the censoring of the motorettes.
#
# </details>
#
# ## Where to read on
#
# Next to it: how to [turn your own problem into EM](recipe.py), where another lifetime is
# an exercise. The book on holes is Little and Rubin, *Statistical Analysis with Missing Data*
# (second edition 2002), chapter 11 for the normal. The motorettes: Nelson and Hahn, *Linear
# Estimation of a Regression Relationship from Censored Data*, part I, Technometrics 14 (1972).
# Lines through the means of censored values: Schmee and Hahn, *A Simple Method for Regression
# Analysis with Censored Data*, Technometrics 21 (1979). As EM, with the variances: Aitkin, *A
# Note on the Regression Analysis of Censored Data*, Technometrics 23 (1981). More on the
# [resources page](resources.md).
