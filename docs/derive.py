# ---
# title: Derive an M-step, and check it
# order: 33.2
# section: Make
# question: How do I derive the M-step of my own model, and how do I know that it is right?
# description: >-
#   Two routes to an M-step, by counting and by calculus with a Lagrange multiplier; exponential
#   lifetimes; a skeleton to fill in; and em.examine.
# numbers: own
# allow: [15, 20, 12, 8, 4, 2, "0.3", "0.5", "0.8", "1.1", "1.2", "1.6", "1.9", "2.0", "9.4", "21.4", "1.78", "3.0", 1977, "10.1111"]
# ---

# %% [markdown]
# # Derive an M-step, and check it
#
# [Five questions](recipe.py) turn a problem into the two steps of EM. If the answer to the second
# one does not come to mind, calculus finds it. And once you have the steps, how do you know that
# they are right?

# %% tags=["hide"]
from em.figures import recipe as draw

draw.squares(
    {
        "all equal": (1 / 3, 1 / 3, 1 / 3),
        "O frequent": (0.2, 0.2, 0.6),
    },
    "Two genes of a person, one across and the other upwards; the area of a field is the "
    "probability of its pair. Colour shows the blood group: AA and both fields of AO are group A.",
)

# %% [markdown]
# **You will be able to** derive an M-step with a Lagrange multiplier, and to test it. **About
# MINUTES minutes. To know first:** [write your own](recipe.py), and derivatives.
#
# ## A skeleton
#
# A model is a few functions, one for each question. Here are the [two coins](coins.py) for `em`, the
# package behind these pages ([one line installs it](index.py)). Put your own model in their place:

# %% tags=["alone"]
from types import SimpleNamespace

import numpy as np

import em
from em.mixture import posterior


def log_joint(flips, theta):  # question 3: log(weight × probability)
    heads, tails = flips[0][:, None], flips[1][:, None]  # a row a sequence
    chance = heads * np.log(theta) + tails * np.log(1 - theta)
    return chance - np.log(len(theta))  # equal weights


def e_step(flips, theta):  # question 4: a pair
    return posterior(log_joint(flips, theta))


def m_step(flips, shares):  # questions 2 and 5
    heads, tails = flips
    return heads @ shares / ((heads + tails) @ shares)


two_coins = SimpleNamespace(e_step=e_step, m_step=m_step, log_joint=log_joint)
flips = np.array([[5, 9, 8, 4, 7], [5, 1, 2, 6, 3]])  # heads, tails
guess = np.array([0.6, 0.5])
print(em.fit(two_coins, flips, guess).params)
print("no check failed:", em.examine(two_coins, flips, guess).passed)

# %% tags=["hide"]
from em.models.coins import Coins, Flips

ours = em.fit(two_coins, flips, guess)
theirs = em.fit(em.models.coins, Flips(*flips), Coins(guess), fixed="weights")
np.testing.assert_allclose(ours.params, theirs.params.theta, rtol=1e-9)
assert abs(ours.log_likelihood - theirs.log_likelihood) < 1e-9

# %% [markdown]
# **`e_step` returns a pair: anything that `m_step` needs, and the log-likelihood, one number.**
# `m_step` returns new parameters, of the same kind as the guess. For *any* mixture you write
# `log_joint` alone, a table of log(weight × density) with a row for each observation and a column
# for each component, and `posterior` makes the pair of it. For three coins, put a third number into
# `guess`.
#
# ## Two routes to the M-step
#
# **By counting**: ask what you would do with the complete data, and do it with expected numbers.
# Most M-steps are found that way.
#
# **By calculus.** (1) Write the log-likelihood of the **complete data**. (2) Take its expected
# value over what is hidden. Where it is linear in the hidden thing, put the expected value in its
# place. The result is called $Q$. (3) Differentiate, and set to zero.
#
# For the blood groups: (1) each gene A contributes a factor $a$ to the probability of the complete
# data, and so on, so its logarithm is
#
# $$ n_A \log a + n_B \log b + n_O \log o + \text{constant} , $$
#
# with $n_A = 2 n_{AA} + n_{AO} + n_{AB}$, and $n_B$ and $n_O$ alike. (2) It is linear in the
# counts, so $Q$ is the same, with expected counts in them. (3) But $a$, $b$ and $o$ are not free,
# because they sum to 1. For that there is the **Lagrange multiplier**: add $\mu (1 - a - b - o)$,
# and differentiate as if they were free.
#
# $$ \frac{\partial}{\partial a} \bigl[ Q + \mu (1 - a - b - o) \bigr]
#    = \frac{n_A}{a} - \mu = 0 \quad\Rightarrow\quad a = \frac{n_A}{\mu} . $$
#
# So the proportions of the alleles are proportional to the counts, and since they sum to 1, $\mu$
# is the number of all genes. **Whatever sums to 1** (mixing weights, rows of transitions) comes out
# as *expected counts, divided by their sum*.
#
# Mind step (2): take the expected value of the *logarithm*, and so of each sum that stands in it.
# Where a square stands in it, the expected square is needed, not the square of the expected value:
# [missing values](missing.py#two-columns) show what happens.
#
# ## Exponential lifetimes
#
# Twelve bulbs burn. Eight failed after 0.3, 0.5, 0.8, 1.1, 1.2, 1.6, 1.9 and 2.0 thousand hours;
# four were still burning after 2.0, when the test ended. Lifetimes are exponential with mean $m$:
# the density is $e^{-t/m} / m$, and a bulb that burns is as good as new. What is $m$?
#
# **By counting.** Hidden is how long the four would have burnt. *If I saw it*, I would add up the
# twelve lifetimes and divide by 12. The eight that I see add up to 9.4. A bulb that still burns is
# as good as new, so whatever the mean is, so much is still to come. With a guess of 1, each of the
# four is expected to last until 3.0. The sum is 9.4 + 4 × 3.0 = 21.4, and the new mean is 21.4 / 12
# = 1.78. Once more, from there:

# %%
mean = 1.0  # a guess, in thousand hours
for step in range(1, 6):
    total = 9.4 + 4 * (2.0 + mean)  # E: what is expected of the sum
    mean = total / 12  # M: divide it
    print(step, f"sum {total:.2f}, mean {mean:.3f}")

# %% [markdown]
# **By calculus.** With all $n$ lifetimes $t_i$ known, the log-likelihood is
# $-n \log m - \frac1m \sum_i t_i$. It uses the lifetimes only through their sum, whose expected
# value we call $S$. Then
#
# $$ Q = -n \log m - \frac{S}{m} , \qquad
#    \frac{\partial Q}{\partial m} = -\frac{n}{m} + \frac{S}{m^2} = 0
#    \quad\Rightarrow\quad m = \frac{S}{n} . $$
#
# The *observed* log-likelihood, which the E-step has to give, is another: a bulb that failed
# contributes the logarithm of its density, and one that burns that of $e^{-t/m}$, the probability
# to last so long.

# %%
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em


class Bulbs(NamedTuple):
    mean: float


def bulbs_e_step(data, bulbs):
    hours, failed = data
    expected = np.where(failed, hours, hours + bulbs.mean)
    log_likelihood = -failed.sum() * np.log(bulbs.mean)
    return expected, float(log_likelihood - hours.sum() / bulbs.mean)


def bulbs_m_step(data, expected):
    return Bulbs(expected.mean())


bulbs = SimpleNamespace(e_step=bulbs_e_step, m_step=bulbs_m_step)
hours = np.array([0.3, 0.5, 0.8, 1.1, 1.2, 1.6, 1.9, 2, 2, 2, 2, 2])
failed = np.arange(12) < 8
burnt = em.fit(bulbs, (hours, failed), Bulbs(1.0))
print(f"EM {burnt.params.mean:.6f}")
print(f"hours / failures {hours.sum() / failed.sum():.6f}")

# %% tags=["hide"]
np.testing.assert_allclose(mean, burnt.steps[5].params.mean, rtol=1e-12)

# %% [markdown]
# Here there is a formula, hours burnt divided by failures, and EM ends there.
#
# ## The model
#
# The blood groups for the package. Their log-likelihood is
# $\sum n \log(\text{probability of the group})$ over the four groups:

# %% tags=["alone"]
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em


class Alleles(NamedTuple):
    a: float
    b: float
    o: float


def e_step(people, alleles):
    a, b, o = alleles
    pairs = np.array(
        [[a * a, 2 * a * o], [b * b, 2 * b * o], [2 * a * b, 0], [o * o, 0]]
    )
    groups = pairs.sum(axis=1)
    expected = (people / groups)[:, None] * pairs
    return expected, float(people @ np.log(groups))


def m_step(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([2 * aa + ao + ab, 2 * bb + bo + ab, 2 * oo + ao + bo])
    return Alleles(*genes / genes.sum())


blood = SimpleNamespace(e_step=e_step, m_step=m_step)

people = np.array([186, 38, 13, 284])
print(people.sum(), "people")
start = Alleles(1 / 3, 1 / 3, 1 / 3)
fit = em.fit(blood, people, start)
print("  ".join(f"{share:.6f}" for share in fit.params))

# %% [markdown]
# ## Check it before you believe it
#
# `em.examine` looks for what a right EM does, in any model, also in yours. Give it a function that
# draws data like yours, and it also asks whether the parameters that were put in are found.


# %%
def draw_people(alleles, rng):
    a, b, o = alleles
    chances = [a * a + 2 * a * o, b * b + 2 * b * o, 2 * a * b, o * o]
    return rng.multinomial(521, chances)


report = em.examine(blood, people, start, sample=draw_people)
for finding in report.findings:
    print(f"{finding.verdict:11}  {finding.check}")
print(str(report).splitlines()[-1])

# %% [markdown]
# Nothing failed. The checks that were not made need a `log_joint`, which this model does not have.
# A pass is no proof: it says that none of these mistakes was seen.
#
# Now a mistake: I forget that AA has *two* genes A, and so for BB and OO.

# %%
import textwrap


def forgetful(people, expected):
    (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
    genes = np.array([aa + ao + ab, bb + bo + ab, oo + ao + bo])
    return Alleles(*genes / genes.sum())


wrong = SimpleNamespace(e_step=e_step, m_step=forgetful)
for failure in em.examine(wrong, people, start, sample=draw_people).failures:
    print("NO:", failure.check)
    print(textwrap.indent(textwrap.fill(failure.detail, 52), "    "))

# %% [markdown]
# `em.fit` catches it, too, if it is started at the limit, where a right M-step would stay. From a
# poor start the same mistake climbs at first, and might go unnoticed.

# %%
try:
    em.fit(wrong, people, fit.params)
except em.FellError as error:
    print(str(error).split(":")[0])

# %% [markdown]
# [Is my EM right?](right.py) has more wrong M-steps, and how they show.
#
# ## What could go wrong
#
# - **Question 3 has no answer.** What cannot be computed may be drawn at random (*Monte Carlo EM*)
#   or approximated (*variational EM*). That is no longer the EM of these pages, and its promise
#   changes.
# - **No formula for the M-step.** Ask whether a direct optimiser would not serve you better: [a
#   small race](gradients.py#a-small-race).
# - **A start that cannot be.** A third function, `check(data, start)`, can refuse it before the
#   first step, and say why.
#
# ## Exercises
#
# **1.** *Predict:* will the bulbs pass `em.examine`?
#
# <details markdown><summary>Solution</summary>


# %%
def draw_bulbs(bulbs, rng):
    lifetimes = rng.exponential(bulbs.mean, 500)
    return np.minimum(lifetimes, 2), lifetimes < 2


report = em.examine(bulbs, (hours, failed), Bulbs(1.0), sample=draw_bulbs)
print(str(report).splitlines()[-1])

# %% [markdown]
# They do.
#
# </details>
#
# **2.** Write the zero-inflated Poisson of [exercise 1](recipe.py#exercises) for the package, and
# examine it.
#
# <details markdown><summary>Solution</summary>


# %%
class Fishing(NamedTuple):
    w: float
    rate: float


def fishing_e_step(fish, params):
    none = params.w + (1 - params.w) * np.exp(-params.rate)
    some = fish[fish > 0]
    log_likelihood = np.sum(fish == 0) * np.log(none)
    log_likelihood += len(some) * (np.log(1 - params.w) - params.rate)
    log_likelihood += some.sum() * np.log(params.rate)  # but for a constant
    return np.sum(fish == 0) * params.w / none, float(log_likelihood)


def fishing_m_step(fish, at_home):
    return Fishing(at_home / len(fish), fish.sum() / (len(fish) - at_home))


park = SimpleNamespace(e_step=fishing_e_step, m_step=fishing_m_step)
fish = np.repeat([0, 1, 2, 3, 4, 5, 6], [57, 9, 12, 10, 7, 3, 2])
caught = em.fit(park, fish, Fishing(0.5, 1.0)).params
print(f"w {caught.w:.4f}, rate {caught.rate:.4f}")
report = em.examine(
    park,
    fish,
    Fishing(0.5, 1.0),
    sample=lambda p, rng: rng.poisson(p.rate, 400) * (rng.random(400) >= p.w),
)
print(str(report).splitlines()[-1])

# %% [markdown]
# Mind the log-likelihood: it is about what was *seen*, so a visitor without fish contributes the
# logarithm of both ways to have none.
#
# </details>
#
# ## Where to read on
#
# Many problems, with their E- and M-steps, are in Dempster, Laird and Rubin, *Maximum Likelihood
# from Incomplete Data via the EM Algorithm* (1977),
# [doi 10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x). More
# on the [resources page](resources.md).
