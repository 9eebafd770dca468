# ---
# title: Censored lifetimes
# order: 31.5
# section: Use
# question: How long do things last, when the test ended before they failed?
# description: >-
#   Expectation Maximisation for censored data and survival times: lifetimes longer than the
#   test, one step by hand, and the line through forty motorettes, as in Tobit regression.
# numbers: own
# allow: [15, 40, 130, 150, 170, 190, 220, 1972, 1979, 1981, 14, 21, 23, "1,680", "8,064", "20,000", 8064]
# ---

# %% [markdown]
# # Censored lifetimes
#
# Forty motor insulations were run hot, ten at each of four temperatures, to see how long they last.
# When the test ended, many were still running, so their lifetimes are **censored**: all we know is
# that they are longer. How long would they have lasted?

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
# **You will be able to** draw a line through lifetimes that are partly unknown, and to say why
# ignoring the unknown ones misleads. **About MINUTES minutes. To know first:** [two
# coins](coins.py), and least squares.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the first line treats each triangle as a failure. Then each motorette that was still running is expected to fail at a square. Which triangles have their squares farthest above them?
#
# <details markdown><summary>Those that lie far above the line</summary>
#
# Tempting: they already did better than expected. But a normal distribution falls off quickly, so
# whoever is far out is expected to last only a little longer.
#
# </details>
# <details class="right" markdown><summary>Those that lie on the line or below it</summary>
#
# Yes. The lower a triangle lies, the more of the bell is still above it. Compare the one at 150 °C,
# just below the line, with the one at 170 °C, far above it.
#
# </details>
# <details markdown><summary>All by the same amount</summary>
#
# That would be so with exponential lifetimes, where nothing depends on how long a motorette has
# already run. Here they are normal.
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
# Yes: at 150 °C nothing had failed, so all ten are squares. A higher line then expects still longer
# lives there, and the squares rise again.
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
# Yes, at {{ climb.params.coefficients[0] : .3f }} + {{ climb.params.coefficients[1] : .3f }} x. The
# dots hold it: they are failures, and they do not move.
#
# </details>
# </div>
#
# A censored value is neither a [missing value](missing.py) nor a reading. What is hidden, the
# **latent variable**, is how much longer it would have lasted.
#
# ## By hand, with four bulbs
#
# Three bulbs burnt out after 2, 3 and 4 months. The fourth was still alight after 4 months, when
# the test ended. Say that lifetimes are normal, and guess a mean of 3 and a standard deviation of
# 1.
#
# **E-step.** For the fourth bulb, everything below 4 is ruled out. What is left of the bell is a
# *truncated* normal. In standard deviations from the mean, the test ended at $z = (4 - 3) / 1$. A
# standard normal that is known to lie above $z$ has
#
# $$ \text{mean } \lambda = \frac{\varphi(z)}{\Phi(-z)} , \qquad
#    \text{variance } 1 - \lambda (\lambda - z) , $$
#
# where $\varphi$ is the density of the bell and $\Phi(-z)$ is the area of its tail.
#
# **M-step.** Take the mean of the four lives, three seen and one expected. For the variance take
# the mean squared distance, and add the variance of the fourth life, shared among the four:

# %%
density, tail = 0.2420, 0.1587  # of the standard bell at 1: from a table
beyond = density / tail
life, variance = 3 + beyond, 1 - beyond * (beyond - 1)
lives = [2, 3, 4, life]
mean = sum(lives) / 4
square = sum((one - mean) ** 2 for one in lives) / 4 + variance / 4
print(f"expected life {life:.3f} months, variance {variance:.3f}")
print(f"mean {mean:.3f}, standard deviation {square**0.5:.3f}")

# %% [markdown]
# Had we taken the fourth bulb for a failure, the mean would have been
# {{ (2 + 3 + 4 + 4) / 4 : .2f }}; had we left it out, {{ (2 + 3 + 4) / 3 : .0f }}. Both are too
# low, because both forget that the best bulb is the one that was still alight.
#
# ## The program
#
# For the motorettes a line takes the place of the mean. The logarithm of the hours lies around a
# straight line in $x = 1000 / (°\mathrm{C} + 273.2)$, with a normal error of the same width
# everywhere: $\log_{10} \text{hours} = a + b x + \sigma \varepsilon$. This is a **censored
# regression**, or Tobit model.

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
# It shrinks, from {{ sd : .3f }} to {{ changed.sd : .3f }}. Every lifetime that was filled in lies
# exactly where it is expected, so the line looks more accurate than it is. The line moves as well,
# because what is expected depends on the width.
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
# Nothing is hidden any more, so the first M-step gives the least-squares line, and the other steps
# have nothing to do. The standard deviation is {{ changed.sd : .3f }}, where EM has {{ sd : .3f }},
# and the line lies too low.
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
# A much shorter one: {{ 10 ** (changed.a + changed.b * 1000 / (130 + 273.2)) : .0f }} hours for
# half of them, instead of {{ 10 ** (a + b * 1000 / (130 + 273.2)) : .0f }}. The ten that nobody saw
# fail push the line up. **A censored value is evidence too.**
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **The test ends because of the item.** If an engineer stops a motor because it *looks* about to
#   fail, the end of its test says more than "longer than that", and the model does not know.
#   Censoring may depend on the lifetime only through having outlasted the test.
# - **The wrong shape.** What is expected beyond the end of the test comes from the bell alone. A
#   distribution with a heavier tail would expect more, and no failure up there can object.
# - **Too few failures.** If all failures were seen at one temperature and all that still run lie on
#   one side of it, nothing keeps the slope from running away.
#
# ## Exercises
#
# **1.** Suppose that the ten motorettes at 150 °C had been watched for 20,000 hours, and that still
# none had failed. *Predict*: what happens to the line? Change the 8064 in the program, and see.
#
# <details markdown><summary>Solution</summary>

# %% tags=["hide"]
at_150 = celsius == 150
watched = Lifetimes(
    x, np.where(at_150, 20_000, np.array(failures + still)), ~running
)
longer = em.fit(censored_regression, watched, Line([intercept, slope], 0.3))
level, steepness = longer.params.coefficients

# %% [markdown]
# It becomes steeper: $b$ rises from {{ b : .2f }} to {{ steepness : .2f }}, because the line must
# pass above what ten motorettes outlasted. Nobody saw them fail, and yet they say a lot.
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
# Below, because three of the four failed by then.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [censored regression in the package](tobit.py), with three lines through the
# motorettes and what each says about cooler motors. Or [write your
# own](derive.py#exponential-lifetimes), with lifetimes of another kind. The motorettes: Nelson and
# Hahn, *Linear Estimation of a Regression Relationship from Censored Data*, part I, Technometrics
# 14 (1972). As EM, with the variances: Aitkin, *A Note on the Regression Analysis of Censored
# Data*, Technometrics 23 (1981).
