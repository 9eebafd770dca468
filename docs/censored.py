# ---
# title: Censored lifetimes
# order: 31.5
# section: Use
# question: How long do things last, when the test ended before they failed?
# description: >-
#   Expectation Maximisation for censored data: lifetimes longer than the test, one step by
#   hand, the line through forty motorettes, and why expected values alone are not enough.
# numbers: own
# allow: [40, 130, 150, 170, 190, 220, 1972, 1979, 1981, 14, 21, 23, 4.5, "1,680", "8,064", "20,000", "8064"]
# ---

# %% [markdown]
# # A test that ended too early
#
# Forty motor insulations were run hot, ten at each of four temperatures, to see how long they
# last. When the test ended, many were still running. How long would they have lasted?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import censored_regression as picture
from em.figures.stepper import stepper
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Moments

celsius, hours, failed = np.loadtxt(
    em.data("motorettes.csv"), delimiter=",", skiprows=1
).T
motorettes = Lifetimes(1000 / (celsius + 273.2), hours, failed)
begin = censored_regression.m_step(
    motorettes, Moments(np.log10(hours), np.zeros(40))
)
climb = em.fit(censored_regression, motorettes, begin)
numbers = (0, 1, 2, 3, 5, 10, 20, len(climb.steps) - 1)
shown = [climb.steps[number] for number in numbers]
rising = (220, 190, 170, 150)
stepper(
    picture.frames(motorettes, shown, rising),
    [
        f"After {number} steps: a −{-step.params.coefficients[0]:.3f}, "
        f"b {step.params.coefficients[1]:.3f}, σ {step.params.std:.3f}; "
        f"log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in zip(numbers, shown, strict=True)
    ],
    "Dots: failures. Hollow triangles: still running when last looked at. Squares: what the "
    "line of this step expects of them.",
)

# %% [markdown]
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the first line treats each triangle as a failure. Then each motorette that was still running is expected to fail at a square. Which triangles have their squares farthest above them?
#
# <details markdown><summary>Those that lie far above the line</summary>
#
# Tempting: they already did better than expected. But a normal distribution falls off quickly, so whoever is far out is expected to last only a little longer.
#
# </details>
# <details class="right" markdown><summary>Those that lie on the line or below it</summary>
#
# Yes. The lower a triangle lies, the more of the bell is still above it. Compare the one at 150 °C, just below the line, with the one at 170 °C, far above it.
#
# </details>
# <details markdown><summary>All by the same amount</summary>
#
# That would be so if nothing depended on how long a motorette has already run. (With exponential lifetimes it is so.)
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** the next line goes through the dots and the squares. Where will it rise most? *Press **Next**.*
#
# <details markdown><summary>On the left, where it is hot</summary>
#
# There most motorettes failed. Dots are failures that were seen, and they hold the line in place.
#
# </details>
# <details markdown><summary>Everywhere alike</summary>
#
# The squares lie above their triangles everywhere, but there are many more of them on the right.
#
# </details>
# <details class="right" markdown><summary>On the right, where it is cool</summary>
#
# Yes: at 150 °C nothing had failed, so all ten are squares. A higher line then expects still longer lives there, and the squares rise again.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** does it go up for ever? *Press **Play**.*
#
# <details markdown><summary>Yes, more and more slowly</summary>
#
# Each rise is smaller than the one before by about the same factor, and such a sum has an end.
#
# </details>
# <details class="right" markdown><summary>No, it comes to rest</summary>
#
# Yes, at {{ climb.params.coefficients[0] : .3f }} + {{ climb.params.coefficients[1] : .3f }} x. The dots hold it: they are failures, and they do not move.
#
# </details>
# </div>
# A value of which one knows only that it is larger than something is called **censored**: not a
# [hole](missing.py), and not a reading. What is hidden, the **latent variable**, is how much
# longer it would have lasted.
#
# ## By hand, with four bulbs
#
# Three bulbs burnt out after 2, 3 and 4 months. The fourth was still alight after 4 months, when
# the test ended. Say lifetimes are normal, and the guess is a mean of 3 and a standard deviation
# of 1.
#
# **E-step.** Of the bell around 3, all below 4 is ruled out for the fourth bulb. What is left is a
# *truncated* normal. Measured from the mean in standard deviations the end of the test is at
# $z = (4 - 3) / 1$, and a standard normal known to lie above $z$ has
#
# $$ \text{mean } \lambda = \frac{\varphi(z)}{\Phi(-z)} , \qquad
#    \text{variance } 1 - \lambda (\lambda - z) , $$
#
# where $\varphi$ is the bell's height and $\Phi(-z)$ the area of its tail.

# %%
height, tail = 0.2420, 0.1587  # of the standard bell at 1: from a table
beyond = height / tail
life, variance = 3 + beyond, 1 - beyond * (beyond - 1)
print(f"expected life {life:.3f} months, variance {variance:.3f}")

# %% [markdown]
# **M-step.** The mean of the four lives, three of them seen and one expected; for the variance the
# mean squared distance, and the variance of the fourth on top:

# %%
lives = [2, 3, 4, life]
mean = sum(lives) / 4
square = sum((one - mean) ** 2 for one in lives) / 4 + variance / 4
print(f"mean {mean:.3f}, standard deviation {square**0.5:.3f}")

# %% [markdown]
# The mean of the four numbers as they stand, the last one taken for a failure, is
# {{ (2 + 3 + 4 + 4) / 4 : .2f }}; leaving the fourth bulb out, it is {{ (2 + 3 + 4) / 3 : .0f }}.
# Both are too low, because both forget that the best bulb is the one that was still alight.
#
# ## The program
#
# The forty motorettes, with a line in place of the mean. The usual model says that log10 hours lie
# around a straight line in $x = 1000 / (°\mathrm{C} + 273.2)$, with a normal error of the same
# width everywhere:
#
# $$ \log_{10} \text{hours} = a + b \, x + \sigma \varepsilon . $$
#
# To be pasted into an empty Python that has NumPy and SciPy:

# %% tags=["program"]
import numpy as np
from scipy.stats import norm

failures = [1764, 2772, 3444, 3542, 3780, 4860, 5196]  # at 170 °C
failures += [408, 408, 1344, 1344, 1440, 408, 408, 504, 504, 504]  # 190, 220
still = [8064] * 10 + [5448] * 3 + [1680] * 5 + [528] * 5  # from 150 on
celsius = np.repeat([170, 190, 220, 150, 170, 190, 220], [7, 5, 5, 10, 3, 5, 5])
x, y = 1000 / (celsius + 273.2), np.log10(failures + still)
running = np.arange(40) >= len(failures)
(b, a), sd = np.polyfit(x, y, 1), 0.3  # a guess: all had failed

for _ in range(100):
    # E-step: mean and variance of each lifetime, given that it was longer
    z = (y - a - b * x) / sd
    beyond = norm.pdf(z) / norm.sf(z)
    life = np.where(running, a + b * x + sd * beyond, y)
    variance = np.where(running, sd**2 * (1 - beyond * (beyond - z)), 0)
    # M-step: least squares; squared distances plus variances
    b, a = np.polyfit(x, life, 1)
    sd = np.sqrt(np.mean((life - a - b * x) ** 2 + variance))

print(f"a {a:.5f}, b {b:.5f}, sd {sd:.5f}")

# %% tags=["hide"]
from em.models.censored_regression import Line

same = Lifetimes(x, failures + still, ~running)
slope, intercept = np.polyfit(x, y, 1)
hundred = em.fit(
    censored_regression,
    same,
    Line([intercept, slope], 0.3),
    until=lambda steps: len(steps) > 100,
).params
np.testing.assert_allclose([a, b], hundred.coefficients, rtol=1e-9)
np.testing.assert_allclose(sd, hundred.std, rtol=1e-9)

# %% [markdown]
# ### Change it
#
# <div class="change" markdown>
# **Predict:** count the expected lifetimes as if they had been seen, and leave their variances out. What happens to the width around the line?
#
# ```diff
# -    sd = np.sqrt(np.mean((life - a - b * x) ** 2 + variance))
# +    sd = np.sqrt(np.mean((life - a - b * x) ** 2))
# ```
#
# <details markdown><summary>See why</summary>
#
# It shrinks, from {{ sd : .3f }} to {{ changed.sd : .3f }}. Every lifetime that was filled in lies exactly where it is expected, so the line looks more accurate than it is. The line moves as well, because what is expected depends on the width.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** now treat every motorette as if it had failed when the test ended. What does the loop find?
#
# ```diff
# -running = np.arange(40) >= len(failures)
# +running = np.arange(40) >= 40
# ```
#
# <details markdown><summary>See why</summary>
#
# Nothing is hidden any more, so the first M-step gives the least-squares line, and the other steps have nothing to do. The standard deviation is {{ changed.sd : .3f }}, where EM has {{ sd : .3f }}, and the line lies too low.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** none of the ten motorettes at 150 °C failed. If you leave them out, will the line predict a longer or a shorter life at 130 °C?
#
# ```diff
# -running = np.arange(40) >= len(failures)
# +running = np.arange(40) >= len(failures)
# +x, y, running = (each[celsius > 150] for each in (x, y, running))
# ```
#
# <details markdown><summary>See why</summary>
#
# A much shorter one: {{ 10 ** (changed.a + changed.b * 1000 / (130 + 273.2)) : .0f }} hours for half of them, instead of {{ 10 ** (a + b * 1000 / (130 + 273.2)) : .0f }}. The ten that nobody saw fail push the line up. **A censored value is evidence too.**
#
# </details>
# </div>

# %% [markdown]
# ## The same in the package

# %%
import numpy as np
from attrs import evolve

import em
from em.models import censored_regression
from em.models.censored_regression import Lifetimes, Moments
from em.truncated import above

tests = Lifetimes(x=x, hours=failures + still, failed=~running)
print(len(x), "motorettes,", int(tests.failed.sum()), "failed")

# %% [markdown]
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
# With a line in hand, each hidden lifetime has a bell around that line, and what lies before the
# end of the test is cut off.

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
# Far out, height and tail are both too small for a computer: at $z = 40$ our program would divide
# 0 by 0. SciPy's `erfcx` gives the tail divided by the height, which is a number of ordinary size.
# So the package uses that:

# %% tags=["hide"]
em.show(above)

# %%
for z in (-3.0, 0.0, 1.0, 40.0):
    mean, variance = above(np.array([z]))
    print(f"above {z:4.1f}: mean {mean[0]:8.5f}, var. {variance[0]:.6f}")

# %% tags=["hide"]
em.show(censored_regression.e_step)

# %% tags=["hide"]
em.show(censored_regression.m_step)

# %% [markdown]
# The E-step gives the expected log10 lifetime of each motorette, and its variance. The M-step
# draws the least-squares line through the expected lifetimes; for $\sigma$ it adds the
# variances to the squared distances from the line.

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
# ## Fill-in against EM
#
# With the expected values alone, their variances left out:

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
    (220, 190, 170, 150),
    "Three lines through the same test. Taking the end of the test for a failure gives the "
    "lowest, most of all on the right, where nothing had failed yet.",
)

# %% [markdown]
# With the expected values alone the standard deviation is only {{ means_only.std : .5f }}, where EM
# has {{ fit.params.std : .5f }}, and the line is less steep; with the censoring ignored it is
# {{ as_if_failed.std : .5f }}. **An expected value is not a reading:** the same lesson as with
# [holes in a table](missing.py#why-the-expected-value-alone-is-not-enough).
#
# What does it matter? The test was run hot to learn about motors that run cooler. At 130 °C, half
# of the motorettes should last longer than

# %%
cooler = 1000 / (130 + 273.2)
median = {
    name: 10 ** (one.coefficients @ [1, cooler]) for name, one in lines.items()
}
for name, hours in median.items():
    print(f"{name:14}  {hours:7,.0f} hours")

# %% [markdown]
# The first is {{ median["EM"] / median["as if failed"] : .1f }} times the last. All three are
# extrapolations, beyond all that was tested, and all three take the straight line for granted;
# but only the first takes from the running motorettes what they say, and no more.
#
# Is censoring [missing at random](missing.py#missing-at-random)? No: a lifetime is hidden *because*
# it is long. EM copes, because here we know how it came to be hidden, and the model says so.
#
# ## What could go wrong
#
# - **Too few failures.** Where fewer than two temperatures saw a failure nothing keeps the slope
#   from running away, and `em.fit` refuses.
# - **The end of the test depends on the item.** If an engineer stops a motor because it *looks*
#   about to fail, the end of its test tells more than "longer than that", and the model does not
#   know. Censoring must not depend on the lifetime except through having outlasted the test.
# - **The wrong shape.** What is expected beyond the end of the test comes from the bell alone. A
#   distribution with a heavier tail would expect more, and no dot up there can object.
# - **Slow steps.** The more is censored, the more each step keeps of the distance that is left:
#   [how fast](why.py#how-fast).
#
# ## Exercises
#
# **1.** Suppose that the ten motorettes at 150 °C had been watched for 20,000 hours, and that still none had failed. *Predict*: what happens to the line, and to the width around it? Change the 8064 in the program, and see.
#
# <details markdown><summary>Solution</summary>

# %%
at_150 = tests.x == tests.x.max()
longer = evolve(tests, hours=np.where(at_150, 20_000, tests.hours))
found = em.fit(censored_regression, longer, as_if_failed).params
a, b = found.coefficients
print(f"a {a:.3f}, b {b:.3f}, std {found.std:.3f}")
print(f"at 150 °C: {10 ** (a + b * tests.x.max()):,.0f} hours")

# %% [markdown]
# The line becomes steeper: it must pass above what ten motorettes outlasted. Nobody saw them fail,
# and yet they say a lot.
#
# </details>
#
# **2.** Do the four bulbs to the end: repeat the two steps until nothing moves. *Predict*: will the
# mean lie above or below 4?
#
# <details markdown><summary>Solution</summary>

# %%
from scipy.stats import norm

mean, sd = 3.0, 1.0
for _ in range(200):
    z = (4 - mean) / sd
    beyond = norm.pdf(z) / norm.sf(z)
    lives = np.array([2, 3, 4, mean + sd * beyond])
    variance = sd**2 * (1 - beyond * (beyond - z))
    mean = lives.mean()
    sd = np.sqrt(((lives - mean) ** 2).mean() + variance / 4)
print(f"mean {mean:.4f}, sd {sd:.4f}, the fourth {lives[3]:.4f}")

# %% [markdown]
# Below: three of the four failed by then.
#
# </details>
#
# **3.** *Predict*: had every motorette been watched until it failed, how would EM differ from least
# squares?
#
# <details markdown><summary>Solution</summary>

# %%
seen = Lifetimes(tests.x, tests.hours, np.ones(40))
found = em.fit(censored_regression, seen, fit.params)
print(found.params.coefficients.round(5), found.params.std.round(5))
print("after", len(found.steps) - 1, "steps")

# %% [markdown]
# Not at all. Nothing is hidden, so the first M-step is least squares, and the next finds nothing
# to change.
#
# </details>
#
# ## Where to read on
#
# Next: [counts and sequences](counts.py), or [write your own](recipe.py#exponential-lifetimes), with
# lifetimes of another kind. The motorettes: Nelson and Hahn, *Linear Estimation of a Regression Relationship
# from Censored Data*, part I, Technometrics 14 (1972). Lines through the means of censored values:
# Schmee and Hahn, *A Simple Method for Regression Analysis with Censored Data*, Technometrics 21
# (1979). As EM, with the variances: Aitkin, *A Note on the Regression Analysis of Censored Data*,
# Technometrics 23 (1981). More on the [resources page](resources.md).
