# ---
# title: Poisson mixtures
# order: 32.5
# section: Use
# question: My counts scatter more than one Poisson allows. What are they a mixture of?
# description: >-
#   A mixture of Poisson distributions fitted by EM to a century of earthquakes: one year shared
#   out by hand, the program in NumPy, and what the order of the years would add.
# numbers: own
# allow: [15, 10, 20, 23, 35, 25, 41, 107, 400, 1900, 1943, 2006, 2016, 0.5, "0.3"]
# ---

# %% [markdown]
# # Poisson mixtures
#
# How many earthquakes of magnitude 7 or more were there in the world each year from 1900 to 2006?
# The counts scatter far more than one Poisson distribution allows. Perhaps there are quiet, usual
# and busy years, and nobody wrote down which is which. That is a **mixture of Poissons**. Step
# through its fit:

# %% tags=["hide"]
import numpy as np

import em
from em.figures import counts as draw
from em.figures.stepper import stepper
from em.models import poissons
from em.models.poissons import Poissons

years, counts = np.loadtxt(
    em.data("earthquakes.csv"), delimiter=",", skiprows=1
).T
three = em.fit(poissons, counts, Poissons([10, 20, 25]))
last = len(three.steps) - 1
taken = [three.steps[number] for number in (0, 1, 2, 5, 10, 20, 50, last)]
stepper(
    [
        draw.histogram(
            counts, counts.mean(), step.params, "Counts and mixture."
        )
        for step in taken
    ],
    [
        f"Step {number}: rates "
        + ", ".join(f"{rate:.2f}" for rate in step.params.rates)
        + "; weights "
        + ", ".join(f"{weight:.2f}" for weight in step.params.weights)
        + f"; log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in zip(
            (0, 1, 2, 5, 10, 20, 50, last), taken, strict=True
        )
    ],
    "Grey bars: the years by their counts, two counts to a bar. Thin: one Poisson. A, B and C: "
    "the components. Bold: their sum.",
)

# %% [markdown]
# **You will be able to** fit a mixture of Poissons to your own counts. **About MINUTES minutes. To
# know first:** [two coins](coins.py). The data are from the book by Zucchini, MacDonald and
# Langrock ([file](data/earthquakes.csv)).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the mean is {{ counts.mean() : .1f }} earthquakes a year. If they came independently at one steady rate, how large would the variance of the counts be?
#
# <details markdown><summary>Much smaller than the mean</summary>
#
# It would be if the earthquakes came at regular intervals. Independent ones cluster by chance.
#
# </details>
# <details class="right" markdown><summary>About as large as the mean</summary>
#
# Yes. In a **Poisson distribution** variance and mean are equal. Here the variance is
# {{ counts.var() : .1f }}, so the thin curve is much too narrow for the bars.
#
# </details>
# <details markdown><summary>It could be anything</summary>
#
# A normal distribution has a width of its own. A Poisson distribution has one parameter, its rate,
# and the rate fixes both.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** the guess has rates of 10, 20 and 25. Which of them will move most? *Step to the end.*
#
# <details markdown><summary>The lowest</summary>
#
# Quiet years lie around 10 already, and the middle component takes those above.
#
# </details>
# <details markdown><summary>The middle one</summary>
#
# It sits where most of the years are, and there it stays.
#
# </details>
# <details class="right" markdown><summary>The highest</summary>
#
# Yes, from 25 to {{ three.params.rates[2] : .1f }}. Years with 35 or 41 earthquakes are improbable
# under the others, so they fall to it, and pull it up.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** the weights start at a third each. Does the middle component keep a third of the years?
#
# <details class="right" markdown><summary>No, it gets more</summary>
#
# Yes, more: {{ three.params.weights[1] : .2f }}. The M-step makes each weight the mean
# responsibility, and most years have a middling count.
#
# </details>
# <details markdown><summary>Yes, a third</summary>
#
# The guess said so. But the weights are estimated like everything else.
#
# </details>
# <details markdown><summary>No, it gets less</summary>
#
# The outer two are easier to see in the picture, because they stand alone. That does not make them
# larger.
#
# </details>
# </div>
#
# ## By hand: one year
#
# The E-step is Bayes' rule again. A count $x$ has the probability $e^{-\lambda} \lambda^x / x!$
# under the rate $\lambda$. The $x!$ is the same for each component, so it cancels. Take a year of
# 23 earthquakes, under the guess:

# %%
from math import exp

fits = [rate**23 * exp(-rate) for rate in (10, 20, 25)]
print("  ".join(f"{each / sum(fits):.3f}" for each in fits))

# %% [markdown]
# These are the year's **responsibilities**. The M-step takes weighted means: a component's rate is
# the sum of the counts, each weighted by its responsibility, divided by the sum of the
# responsibilities. Its weight is its mean responsibility.
#
# ## The program

# %% tags=["program"]
import numpy as np

table = """13 14 8 10 16 26 32 27 18 32 36 24 22 23 22 18 25 21 21 14 8
11 14 23 18 17 19 20 22 19 13 26 13 14 22 24 21 22 26 21 23 24 27 41 31
27 35 26 28 36 39 21 17 22 17 19 15 34 10 15 22 18 15 20 15 22 19 16 30
27 29 23 20 16 21 21 25 16 18 15 18 14 10 15 8 15 6 11 8 7 18 16 13 12
13 20 15 16 12 18 15 16 13 15 16 11 11"""
x = np.array(table.split(), dtype=float)  # earthquakes, year by year
rate = np.array([10.0, 20, 25])  # a guess: quiet, usual and busy years
pi = np.ones(len(rate)) / len(rate)

for _ in range(400):
    # E-step: Bayes' rule, in logarithms; the 1 / x! is the same for each rate
    log_joint = np.log(pi) + x[:, None] * np.log(rate) - rate
    r = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    r /= r.sum(axis=1, keepdims=True)
    # M-step: weighted means
    rate = x @ r / r.sum(axis=0)
    pi = r.mean(axis=0)

print("rates", rate.round(2), "weights", pi.round(2))

# %% tags=["hide"]
np.testing.assert_array_equal(x, counts)
run = em.fit(
    poissons,
    counts,
    Poissons([10, 20, 25]),
    until=lambda steps: len(steps) > 400,
).params
np.testing.assert_allclose(rate, run.rates, rtol=1e-9)
np.testing.assert_allclose(pi, run.weights, rtol=1e-9)

# %% [markdown]
# For four components put a fourth number into `rate`. The rest follows.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** shuffle the years. Which numbers will change?
#
# ```diff
# -x = np.array(table.split(), dtype=float)  # earthquakes, year by year
# +x = np.random.default_rng(0).permutation(np.array(table.split(), float))
# ```
#
# <details markdown><summary>See why</summary>
#
# None: the rates are {{ changed.rate[0] : .2f }}, {{ changed.rate[1] : .2f }} and
# {{ changed.rate[2] : .2f }}, as before. The mixture was told {{ len(changed.x) : d }} counts, not
# which came after which. But neighbouring years are alike: quiet times last. A [hidden Markov
# model](hmm.py) listens to that.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** take 20 steps in place of 400. Has EM arrived?
#
# ```diff
# -for _ in range(400):
# +for _ in range(20):
# ```
#
# <details markdown><summary>See why</summary>
#
# Not yet. The highest rate is {{ changed.rate[2] : .2f }}, and it ends at {{ rate[2] : .2f }}. The
# components overlap, so each year is shared out among all three, and every step is small. [A small
# step is not a small distance](stopping.py#a-small-step-is-not-a-small-distance).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** put in counts that *do* come from one Poisson, with the same mean. What does EM make of the three components?
#
# ```diff
# -x = np.array(table.split(), dtype=float)  # earthquakes, year by year
# +x = np.random.default_rng(0).poisson(19.36, 107).astype(float)
# ```
#
# <details markdown><summary>See why</summary>
#
# It still reports three: {{ changed.rate[0] : .1f }}, {{ changed.rate[1] : .1f }} and
# {{ changed.rate[2] : .1f }}, with weights {{ changed.pi[0] : .2f }}, {{ changed.pi[1] : .2f }} and
# {{ changed.pi[2] : .2f }}. Two of them are the same rate, and the third follows a few years that
# are low by chance. EM finds as many components as you ask for. [How many are
# there?](howmany.py) is another question.
#
# </details>
# </div>
#
# ## The same in the package
#
# `em` is the package behind these pages ([one line installs it](index.py)).

# %%
import em
from em.models import poissons
from em.models.poissons import Poissons

fit = em.fit(poissons, x, Poissons([10, 20, 25]))
print(
    "rates", fit.params.rates.round(4), "weights", fit.params.weights.round(4)
)
print(f"log-likelihood {fit.log_likelihood:.5f}")

# %% tags=["hide"]
em.show(poissons.log_joint)

# %% tags=["hide"]
em.show(poissons.credited)

# %% tags=["hide"]
em.show(poissons.answer)

# %% [markdown]
# ## What could go wrong
#
# - **A rate of 0** can only produce counts of 0. Start above it.
# - **The components start alike.** Then they stay alike, at the mean of all counts.
# - **Components are no explanation.** That three rates fit does not show that the earth has three
#   moods.
#
# ## Exercises
#
# **1.** Start the program from rates of 20, 20 and 20. *Predict* where they end.
#
# <details markdown><summary>Solution</summary>
#
# All at {{ counts.mean() : .2f }}, the mean of the counts, with a third of the years each. Nothing
# tells them apart, so every year is split evenly at every step.
#
# </details>
#
# **2.** How probable is a year of 41, as in 1943, under the mixture and under one Poisson?
# *Predict* the ratio before you compute it.
#
# <details markdown><summary>Solution</summary>

# %%
from math import factorial

one = exp(-x.mean()) * x.mean() ** 41 / factorial(41)
mixed = (pi * np.exp(-rate) * rate**41).sum() / factorial(41)
print(f"one Poisson {one:.1e}, mixture {mixed:.1e}: {mixed / one:.0f} times")

# %% [markdown]
# Under one Poisson such a year would be a miracle. Under the mixture it is a rare busy year.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** give the years an order with [hidden Markov models](hmm.py). Zucchini, MacDonald
# and Langrock, *Hidden Markov Models for Time Series* (second edition 2016), begins with this
# mixture.
