# ---
# title: "Exercises that mark themselves"
# order: 33.4
# section: Make
# question: Have I understood EM, and can I write it?
# description: >-
#   Twelve exercises on Expectation Maximisation that mark themselves: an E-step by hand, an M-step
#   to write, censored lifetimes, too many zeros, linked loci, a hidden Markov model.
# numbers: own
# allow: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 34, 30, 40, 60, 125, 0.7, 0.4, 0.004, "4.89", "0.957", 1977, 1, 9, 30]
# ---

# %% [markdown]
# # Exercises that mark themselves
#
# Seven of these twelve exercises on **Expectation Maximisation** need paper, and in five you write a
# step of EM. Put your answer in place of the dots and press **Run**. A wrong answer is told what kind
# of mistake it looks like. Which of these four programs cannot be EM? That is number six.

# %% tags=["hide"]
from em.exercises import hint, names
from em.figures.exercises import four_logs

hints = {name: (hint(name), hint(name, 2)) for name in names()}
four_logs()

# %% [markdown]
# **You will be able to** say whether you have understood it. **About MINUTES minutes to
# read, and an afternoon to solve. To know first:** [two coins](coins.py) and [Gaussian mixtures](normals.py); the last
# five also need [write your own](recipe.py).
#
# ## Exercises on paper
#
# Give three digits.
#
# ### Exercise 1: Share out
#
# Three rounds were flipped, each by one of two coins: 8 heads and 2 tails, then 3 and 7, then 9 and 11. The
# guess is 0.7 for A and 0.4 for B, and both are equally common. What is A's share of each round?

# %%
import numpy as np

from em.exercises import check

shares = [..., ..., ...]
print(check("share out", shares))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["share out"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["share out"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
heads, tails = np.array([[8, 3, 9], [2, 7, 11]])
a, b = 0.7**heads * 0.3**tails, 0.4**heads * 0.6**tails
shares = a / (a + b)
print(check("share out", shares))

# %% [markdown]
# </details>
#
# ### Exercise 2: Count
#
# With these shares, what are the new probabilities of heads of A and of B?

# %%
theta = [..., ...]
print(check("count", theta))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["count"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["count"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
both = np.array([shares, 1 - shares])
theta = both @ heads / (both @ (heads + tails))
print(check("count", theta))

# %% [markdown]
# </details>
#
# ### Exercise 3: Let the weights go free
#
# And how common are A and B now?

# %%
weight = [..., ...]
print(check("weights", weight))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["weights"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["weights"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
weight = both.mean(axis=1)
print(check("weights", weight))

# %% [markdown]
# </details>
#
# ### Exercise 4: Three points
#
# Points at 1, 2 and 3; bells at 1 and 3, both of width 1 and equally common. After one iteration, what are
# the two means, and the width of A?

# %%
means_and_width = [..., ..., ...]
print(check("three points", means_and_width))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["three points"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["three points"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
x = np.array([1, 2, 3])
a = np.exp(-((x - 1) ** 2) / 2)
r = a / (a + np.exp(-((x - 3) ** 2) / 2))
mean = x @ r / r.sum()
width = np.sqrt(r @ (x - mean) ** 2 / r.sum())
means_and_width = [mean, 4 - mean, width]  # B is the mirror image
print(check("three points", means_and_width))

# %% [markdown]
# </details>
#
# ### Exercise 5: Two holes
#
# Five readings of one normal: 12, 14, 16, and two that were lost. The guess is mean 14 and variance 1. What
# are the next three variances, and where do they end?

# %%
variances = [..., ..., ..., ...]
print(check("two holes", variances))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["two holes"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["two holes"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
variances = [1.0]
for _ in range(100):
    variances.append((8 + 2 * variances[-1]) / 5)
variances = [*variances[1:4], variances[-1]]
print(check("two holes", variances))

# %% [markdown]
# </details>
#
# ### Exercise 6: Which log is not one of EM?
#
# Look at the four curves above. Which of them, a, b, c or d, cannot be EM? Or e, all of them can?

# %%
letter = ...
print(check("which log", letter))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["which log"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["which log"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
letter = "d"
print(check("which log", letter))

# %% [markdown]
# </details>
#
# ### Exercise 7: Twins at the start
#
# Two bells begin at the same mean with the same width. Where do they end? (a) At the best fit, only slower.
# (b) One of them wins, by chance. (c) Alike, at the mean of all points. (d) One collapses. (e) Where they
# began.

# %%
letter = ...
print(check("twins", letter))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["twins"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["twins"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>

# %%
letter = "c"
print(check("twins", letter))

# %% [markdown]
# </details>
#
# ## Exercises to write
#
# The data are not shown: your function is called with some, and with others again. `np` is NumPy.
#
# ### Exercise 8: The M-step of bells
#
# `x` holds n points, and `r` the responsibilities, n rows and k columns. Return k means, k standard
# deviations and k weights.


# %%
def m_step(x, r):
    return ...


print(check("m-step of bells", m_step))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["m-step of bells"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["m-step of bells"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>


# %%
def m_step(x, r):
    size = r.sum(axis=0)
    mean = x @ r / size
    variance = (r * (x[:, None] - mean) ** 2).sum(axis=0) / size
    return mean, np.sqrt(variance), size / len(x)


print(check("m-step of bells", m_step))

# %% [markdown]
# </details>
#
# ### Exercise 9: Lifetimes that had not ended
#
# Two kinds of bulbs with exponential lifetimes. `failed` is 1 where a bulb failed at its time, 0 where it
# still burned. Return the new rates and weights after one iteration, k of each.


# %%
def iteration(times, failed, rates, weights):
    return ...


print(check("censored exponentials", iteration))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["censored exponentials"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["censored exponentials"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>


# %%
def iteration(times, failed, rates, weights):
    t, d = times[:, None], failed[:, None]
    joint = weights * rates**d * np.exp(-rates * t)
    r = joint / joint.sum(axis=1, keepdims=True)
    return failed @ r / (times @ r), r.mean(axis=0)


print(check("censored exponentials", iteration))

# %% [markdown]
# </details>
#
# ### Exercise 10: Too many zeros
#
# Some people never fish; the others catch a Poisson number. `p` is the share of those who never do. Return
# the new `p` and the new rate.


# %%
def iteration(counts, p, rate):
    return ...


print(check("zero-inflated counts", iteration))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["zero-inflated counts"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["zero-inflated counts"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>


# %%
def iteration(counts, p, rate):
    never = np.where(counts == 0, p / (p + (1 - p) * np.exp(-rate)), 0)
    return never.mean(), counts.sum() / (1 - never).sum()


print(check("zero-inflated counts", iteration))

# %% [markdown]
# </details>
#
# ### Exercise 11: Two linked loci
#
# The counts of four cells have the probabilities (2 + θ)/4, (1 − θ)/4, (1 − θ)/4 and θ/4: the example
# with which Dempster, Laird and Rubin began their paper of 1977. Return the new θ.


# %%
def iteration(counts, theta):
    return ...


print(check("two linked loci", iteration))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["two linked loci"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["two linked loci"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>


# %%
def iteration(counts, theta):
    first, second, third, fourth = counts
    hidden = first * theta / (2 + theta)
    return (hidden + fourth) / (hidden + second + third + fourth)


print(check("two linked loci", iteration))

# %% [markdown]
# </details>
#
# ### Exercise 12: A hidden Markov model from two series
#
# `series` has a row of counts for each series. `smoothed[s]` are the probabilities of the states, a row for each
# day, and `moves[s]` the expected moves, from row to column. Return initial probabilities, transitions and rates.


# %%
def m_step(series, smoothed, moves):
    return ...


print(check("chain of two series", m_step))

# %% [markdown]
# <details markdown><summary>A hint</summary>
#
# {{ hints["chain of two series"][0] : s }}
#
# </details>
# <details markdown><summary>Another hint</summary>
#
# {{ hints["chain of two series"][1] : s }}
#
# </details>
#
# <details markdown><summary>Solution</summary>


# %%
def m_step(series, smoothed, moves):
    total = moves.sum(axis=0)
    return (
        smoothed[:, 0].mean(axis=0),
        total / total.sum(axis=1, keepdims=True),
        (series[:, :, None] * smoothed).sum(axis=(0, 1))
        / smoothed.sum(axis=(0, 1)),
    )


print(check("chain of two series", m_step))

# %% [markdown]
# </details>
#
# <div class="only-here" markdown>
#
# ## Your record
#
# What you solve is kept in this browser and sent to nobody. Copy it as a text with dates and answers, to hand in.
#
# <section class="record"></section>
#
# <script defer src="assets/record.js"></script>
#
# </div>
#
# ## What could go wrong
#
# - **The checker is no proof.** It compares your function with a right one on a few data sets.
#   [`em.examine`](right.py) looks harder: it tests what EM promises.
# - **It runs, and its numbers are off.** The checker knows five mistakes of each kind. Yours is another
#   one: try the smallest data that you can do by hand.
#
# ## Where to read on
#
# In a notebook or a script `from em.exercises import check` is the same checker, and `hint` and
# `solution` stand beside it. The next step is [a model of your own](recipe.py) and
# [its M-step](derive.py).
