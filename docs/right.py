# ---
# title: Is my EM right?
# order: 12.4
# section: Understand
# question: How do I test my own EM?
# description: >-
#   Testing an Expectation Maximisation program: one step by hand, a log-likelihood that may not fall,
#   five plausible slips, and em.examine, which finds what a plot does not show.
# numbers: own
# allow: [10, 0.135, 0.881, 1.49, 0.119, 1.5, 0.5, 1993, 80, 267, 40]
# ---

# %% [markdown]
# # Is my EM right?
#
# A wrong EM runs, converges, and prints numbers that look sensible. How do you notice? Three tests find nearly
# everything: one step by hand, a log-likelihood that never falls, and known parameters that are found again. Here are
# right and wrong side by side.

# %% tags=["hide"]
import numpy as np
from attrs import evolve

import em
from em.figures import pitfalls as draw
from em.figures.stepper import stepper
from em.models import normals
from em.models.normals import Normals

three = np.array([1.0, 2, 3])
two_ways = {}
for way, power in (("right", 1), ("wrong", 2)):
    bells, two_ways[way] = Normals([1, 3], [1, 1]), []
    for _ in range(6):
        r, height = normals.e_step(three, bells)
        two_ways[way].append((bells, r, height))
        after = normals.m_step(three, r)
        bells = Normals(after.means, after.stds**power, [0.5, 0.5])
stepper(
    draw.side_by_side(three, two_ways),
    [
        f"Step {n}. Log-likelihood, right {two_ways['right'][n][2]:.3f}, wrong {two_ways['wrong'][n][2]:.3f}"
        for n in range(6)
    ],
    "Two bells on the points 1, 2 and 3. Above is a correct EM. Below, the program takes the variance for the width.",
)

# %% tags=["hide"]
hand, _ = normals.e_step(np.array([1.0, 2, 3]), Normals([1, 3], [1, 1]))
by_hand = normals.m_step(np.array([1.0, 2, 3]), hand)
assert hand.round(3)[0, 0] == 0.881
assert by_hand.means.round(2)[0] == 1.49

# %% [markdown]
# **You will be able to** test an EM program of your own. **About MINUTES minutes. To know first:** [two bells](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the wrong program forgets a square root. In which step can you see it in the log-likelihood? *Press
# **Next**.*
#
# <details markdown><summary>In the first</summary>
#
# The first step raises the log-likelihood in both. A wrong step may well go uphill.
#
# </details>
# <details class="right" markdown><summary>In the second</summary>
#
# Yes. It falls from {{ two_ways["wrong"][1][2] : .3f }} to {{ two_ways["wrong"][2][2] : .3f }}, and EM never falls.
#
# </details>
# <details markdown><summary>Never: both settle</summary>
#
# Both do settle. But on the way the wrong one falls, and EM never does.
#
# </details>
# </div>
#
# ## One step by hand
#
# <span id="by-hand-and-the-program-right-and-wrong"></span>Take the points 1, 2 and 3, bell A at 1 and bell B at 3, both of
# width 1 and equally common. At the point 1, A's density is $e^0 = 1$ and B's is $e^{-2} = 0.135$, in units of their peak.
# So A's responsibility is $1 / 1.135 = 0.881$ there, one half at 2, and {{ hand[2, 0] : .3f }} at 3.
#
# In the M-step A was given {{ hand[:, 0].sum() : .1f }} points' worth. Its mean is
# $(0.881 \cdot 1 + 0.5 \cdot 2 + 0.119 \cdot 3) / 1.5 = 1.49$. The weighted mean of the squared deviations from it is its
# *variance*, {{ by_hand.stds[0] ** 2 : .2f }}. Its width is the *root* of that, {{ by_hand.stds[0] : .2f }}. Where a book says
# $\sigma^2$, `scipy.stats.norm.pdf` takes a standard deviation, so the root is easily forgotten.
#
# ## The program
#
# The same in NumPy, with two lines that stop the loop if the log-likelihood falls.

# %% tags=["program"]
import numpy as np

x = np.array([1.0, 2, 3])
mean, std = np.array([1.0, 3]), np.array([1.0, 1])  # a guess
weight = np.ones(len(mean)) / len(mean)
climb = []

for _ in range(6):
    # E-step: weight times density of each bell, then responsibilities
    density = np.exp(-(((x[:, None] - mean) / std) ** 2) / 2)
    joint = weight * density / (std * np.sqrt(2 * np.pi))
    climb.append(np.log(joint.sum(axis=1)).sum())
    if climb[-1] < max(climb) - 1e-9:
        raise ValueError("the log-likelihood fell")
    r = joint / joint.sum(axis=1, keepdims=True)
    # M-step: weighted means and weighted widths
    size = r.sum(axis=0)
    mean = x @ r / size
    variance = (r * (x[:, None] - mean) ** 2).sum(axis=0) / size
    std = np.sqrt(variance)

print("means", mean.round(3), "widths", std.round(3), np.round(climb, 3))

# %% tags=["hide"]
ran = em.fit(
    normals,
    x,
    Normals([1, 3], [1, 1]),
    fixed="weights",
    until=lambda steps: len(steps) > 5,
)
np.testing.assert_allclose(climb, ran.log_likelihoods, rtol=1e-9)

# %% [markdown]
# For three bells, write three means and three widths in the line of the guess.
#
# <div class="change" markdown>
# **Predict:** forget the root. Does the loop stop?
#
# ```diff
# -    std = np.sqrt(variance)
# +    std = variance
# ```
#
# <details markdown><summary>See why</summary>
#
# “{{ changed.error : s }}”, after {{ ", ".join(f"{one:.3f}" for one in changed.climb) : s }}.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** the widths come out two per cent too small. Does it notice now?
#
# ```diff
# -    std = np.sqrt(variance)
# +    std = 0.98 * np.sqrt(variance)
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ "It does: “" + changed.error + "”" if changed.error else "It does not" : s }}. The last log-likelihood is
# {{ changed.climb[-1] : .4f }}, and that of the right program {{ climb[-1] : .4f }}. A slip that is small may climb all the
# way.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** the deviations are not weighted by the responsibilities. And now?
#
# ```diff
# -    variance = (r * (x[:, None] - mean) ** 2).sum(axis=0) / size
# +    variance = ((x[:, None] - mean) ** 2).mean(axis=0)
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ "It does: “" + changed.error + "”" if changed.error else "It does not notice in six steps" : s }}. The means are
# {{ changed.mean[0] : .2f }} and {{ changed.mean[1] : .2f }}. One data set and one start are not enough for a test.
#
# </details>
# </div>
#
# ## Ask `em.examine`
#
# `em.fit` looks for a fall at every step. `em.examine` asks more. Does the likelihood fall from *several* starts? Is it level
# where EM stands still? Does the M-step make the [bound](why.py#in-numbers-on-the-coins) as large as it can be? Are known
# parameters found again? For a loop of your own, write its two steps as [the recipe](recipe.py) does.
#
# Here are five plausible slips, on the [forty points](normals.py), with free weights: widths without the responsibilities;
# the other bell's mixing weight; widths about the mean of all points; widths two per cent too small; and a variance for a
# width.

# %%
from types import SimpleNamespace

import numpy as np
from attrs import evolve

import em
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])
begin = Normals([1.1, 9], [2, 1.7])


def unweighted(x, r, bells):
    squares = (x[:, None] - bells.means) ** 2
    return evolve(bells, stds=np.sqrt(squares.mean(axis=0)))


def swapped(x, r, bells):
    return evolve(bells, weights=bells.weights[::-1])


def from_the_middle(x, r, bells):
    squares = (x - x.mean()) ** 2
    return evolve(bells, stds=np.sqrt(squares @ r / r.sum(axis=0)))


def too_narrow(x, r, bells):
    return evolve(bells, stds=0.98 * bells.stds)


def forgot_the_root(x, r, bells):
    return evolve(bells, stds=bells.stds**2)


def with_slip(slip):
    def m_step(x, r):
        return slip(x, r, normals.m_step(x, r))

    return SimpleNamespace(**{**vars(normals), "m_step": m_step})


print("                 em.fit                          em.examine")
for slip in (unweighted, swapped, from_the_middle, too_narrow, forgot_the_root):
    try:
        em.fit(with_slip(slip), x, begin)
        seen = "no fall seen"
    except em.FellError as error:
        seen = f"falls by {error.amount:.1e} at step {error.step}"
    found = em.examine(with_slip(slip), x, begin)
    print(f"{slip.__name__ + ':':17}{seen:32}{found.summary}")

# %% tags=["hide"]
em.show(em.convergence.refuse_fall)

# %% tags=["hide"]
try:
    em.fit(with_slip(unweighted), x, begin)
except em.FellError as error:
    latest = error

# %% [markdown]
# One falls only at step {{ latest.step : d }}, by {{ 1e6 * latest.amount : .0f }} millionths, which no plot would have shown.
# One does not fall in this fit. `em.examine` lets none of the five through. Of the last, the forgotten root, it says:

# %%
for row in found.failures:
    print(row.check)
    print("   ", row.detail.replace(": ", ":\n    "))

# %% [markdown]
# What a move *gains* is log-likelihood. A pass is no proof: it says that no usual mistake was seen on these data.
#
# ## What could go wrong
#
# - **The test data are too kind.** On groups far apart, nearly every M-step looks right. Let them overlap.
# - **Not all that looks wrong is wrong.** See [exercise 1](#exercises).
#
# ## Exercises
#
# **1.** A colleague takes the standard deviation about the *old* mean, the one before the step. *Predict*: does the
# likelihood fall? Where does it end?
#
# <details markdown><summary>Solution</summary>


# %%
def about_the_old_mean():
    old = {}

    def e_step(x, bells):
        old["means"] = bells.means
        return normals.e_step(x, bells)

    def m_step(x, r):
        squares = (x[:, None] - old["means"]) ** 2
        stds = np.sqrt((r * squares).sum(axis=0) / r.sum(axis=0))
        return evolve(normals.m_step(x, r), stds=stds)

    return SimpleNamespace(
        check=normals.check,
        e_step=e_step,
        m_step=m_step,
        log_joint=normals.log_joint,
    )


usual = em.fit(normals, x, begin, fixed="weights")
other = em.fit(about_the_old_mean(), x, begin, fixed="weights")
for number in (1, -1):
    for fit in (usual, other):
        print(fit.steps[number].params.stds.round(4), end="  ")
    print("after one step" if number == 1 else "at the end")
print("falls:", (np.diff(other.log_likelihoods) < -1e-9).sum())
found = em.examine(about_the_old_mean(), x, begin, fixed="weights")
print(found.summary)
print(found.findings[-2].verdict + ":", found.findings[-2].detail)

# %% tags=["hide"]
assert found.passed
assert found.findings[-2].verdict == "generalised EM"

# %% [markdown]
# It never falls here, and it ends in the same place, by another path. Given the old mean, that is the best standard
# deviation; given any standard deviation, the new mean is the best mean. So no move makes the bound smaller. This is a
# *conditional maximisation* (Meng and Rubin 1993), one kind of [generalised
# EM](hard.py#part-of-an-m-step-generalised-em-and-ecm). A test that compares single steps would call it wrong.
#
# </details>
#
# **2.** In the program, put the mixing weights the wrong way round: `weight = size[::-1] / len(x)` in the M-step. *Predict*
# whether the three points notice, and whether the forty would.
#
# <details markdown><summary>Solution</summary>

# %%
for name, points, guess in (
    ("three points", np.array([1.0, 2, 3]), Normals([1, 3], [1, 1])),
    ("forty points", x, begin),
):
    try:
        em.fit(
            with_slip(swapped),
            points,
            guess,
            until=lambda steps: len(steps) > 20,
        )
        print(name, "no fall")
    except em.FellError as error:
        print(name, f"it falls at step {error.step}")

# %% [markdown]
# Three points that lie alike on both sides cannot show it: both weights are one half. Test with data in which the groups
# differ in everything that the M-step estimates.
#
# </details>
#
# ## Where to read on
#
# Meng and Rubin, *Maximum Likelihood Estimation via the ECM Algorithm: A General Framework*, Biometrika 80 (1993),
# [doi 10.1093/biomet/80.2.267](https://doi.org/10.1093/biomet/80.2.267).
