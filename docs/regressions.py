# ---
# title: Mixtures of regressions
# order: 33.1
# section: Make
# question: My points follow not one line but two. How do I fit both?
# description: >-
#   A mixture of regressions written for the package in thirty lines: weighted least squares in
#   the M-step, twenty starts, and standard errors.
# numbers: own
# allow: [10, 2006, 14.5, "14.5.1", 15, 20, 80, "0.4", "0.5", "0.7", "0.9", "0.01", 0.1]
# ---

# %% [markdown]
# # Mixtures of regressions
#
# Eighty points follow not one line but two, and nobody wrote down which point is from which. A
# **mixture of regressions**, also called switching or clusterwise regression, finds the lines and
# shares the points out between them. How do you write it?
#
# **You will be able to** write a mixture of your own for the package, and to start it often enough.
# **About MINUTES minutes. To know first:** [write your own](recipe.py), and least squares.
#
# ## The model
#
# *Hidden* is each point's line. *If I saw it*, I would draw the least-squares line through the
# points of each. *Its probability* is proportional to weight × density: `lines_log_joint` writes
# that down, and `posterior` does the rest. In the M-step each point counts in both lines, by its
# responsibilities.

# %% tags=["hide"]
# %% tags=["alone"]
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

import em
from em.figures import recipe as draw
from em.mixture import posterior


class Lines(NamedTuple):
    coefficients: np.ndarray  # a row for each line: intercept, slope
    stds: np.ndarray
    weights: np.ndarray


def columns(x):
    return np.column_stack([np.ones(len(x)), x])


def lines_log_joint(data, lines):
    x, y = data
    off = (y[:, None] - columns(x) @ lines.coefficients.T) / lines.stds
    log_density = -np.log(np.sqrt(2 * np.pi) * lines.stds) - off**2 / 2
    return np.log(lines.weights) + log_density


def lines_e_step(data, lines):
    return posterior(lines_log_joint(data, lines))


def lines_m_step(data, shares):
    x, y = data
    rows = columns(x)
    coefficients = np.array(
        [np.linalg.solve(rows.T * r @ rows, rows.T * r @ y) for r in shares.T]
    )
    squares = (y[:, None] - rows @ coefficients.T) ** 2
    sizes = shares.sum(axis=0)
    variances = (shares * squares).sum(axis=0) / sizes
    return Lines(coefficients, np.sqrt(variances), sizes / sizes.sum())


lines = SimpleNamespace(
    e_step=lines_e_step,
    m_step=lines_m_step,
    log_joint=lines_log_joint,  # the rest is for error bars
    RANGES={"stds": "positive", "weights": "shares"},
)
rng = np.random.default_rng(4)
x = rng.uniform(0, 10, 80)
from_a = rng.random(80) < 0.4
y = np.where(from_a, 1 + 0.9 * x, 7 - 0.4 * x) + rng.normal(0, 0.7, 80)
guess = Lines(
    np.array([[0, 1.0], [5, 0]]), np.array([2.0, 2]), np.array([0.5, 0.5])
)
crossed = em.fit(lines, (x, y), guess)
print(crossed.params.coefficients.round(2))
print(crossed.params.stds.round(2), crossed.params.weights.round(2))

# %% tags=["hide"]
draw.two_lines(
    x,
    y,
    crossed.params.coefficients,
    crossed.posterior,
    "Two lines, and the points in the colours of their responsibilities. Where the lines "
    "cross, nobody can tell.",
)

# %% [markdown]
# Put in were the lines $1 + 0.9 x$ and $7 - 0.4 x$, a standard deviation of 0.7, and a weight of
# 0.4 for the first. For three lines, make a guess of three. For two covariates, `x` has two columns
# and each line three coefficients.
#
# ## How many starts?
#
# Would another guess end higher? Draw twenty: give every point random responsibilities, and let an
# M-step make lines of them. `em.best_of` keeps the highest end.

# %%
rng = np.random.default_rng(0)
two = np.ones(2)  # for three lines: np.ones(3)
starts = [lines_m_step((x, y), rng.dirichlet(two, size=80)) for _ in range(20)]
best = em.best_of(lines, (x, y), starts)
ends = np.array([end.log_likelihood for end in best.ends])
at_top = (ends > ends.max() - 0.01).sum()
print(f"highest {ends.max():.3f}, from {at_top} of 20 starts")
print(f"the first guess {crossed.log_likelihood:.3f}")

# %% [markdown]
# A rule of thumb: **begin with twenty, and count how many reach the top.** If half of all starts
# miss it, ten in a row do so once in a thousand ($0.5^{10}$). If only one or two of your twenty
# reached it, take ten times as many. Here {{ at_top : d }} did. That is no proof, and the highest
# end is not always the one to keep: a line may shrink onto two points, as [a bell onto
# one](collapse.py). A floor under the standard deviations, `np.maximum(stds, 0.1)`
# in the M-step, keeps it from that.
#
# ## How sure?
#
# *Predict:* how many standard errors from what was found lies what was put in? For a mixture that
# has a `log_joint`, [standard errors](certainty.py) are one line. `RANGES` says what the parameters
# can be: a standard deviation is positive, weights are shares.

# %%
sure = em.standard_errors(lines, (x, y), crossed)
print("          line 1           line 2")
for name, found, error in (
    ("intercept", crossed.params.coefficients[:, 0], sure.errors[0][:, 0]),
    ("slope", crossed.params.coefficients[:, 1], sure.errors[0][:, 1]),
    ("spread", crossed.params.stds, sure.errors.stds),
    ("weight", crossed.params.weights, sure.errors.weights),
):
    row = zip(found, error, strict=True)
    print(f"{name:10}", "   ".join(f"{f:5.2f} ± {e:.2f}" for f, e in row))

# %% tags=["hide"]
put_in = [[[1, 0.9], [7, -0.4]], [0.7, 0.7], [0.4, 0.6]]
z = [
    np.abs(found - there) / error
    for found, there, error in zip(
        crossed.params, put_in, sure.errors, strict=True
    )
]
farthest = z[0][0, 1]  # the slope of the first line
assert max(one.max() for one in z) == farthest < 2

# %% [markdown]
# All that was put in lies within two standard errors of what was found. The farthest, the slope of
# the first line, is off by {{ farthest : .2f }}.
#
# ## Where the M-step comes from
#
# With the labels known, the log-likelihood of the complete data has a term for each point and *its*
# line. With expected labels, each point has a term for each line, times its responsibility
# $r_{ik}$. Here $x_i$ stands for $(1, x_i)$, and $\beta_k$ for intercept and slope:
#
# $$ Q = \sum_{ik} r_{ik} \Bigl[ \log \pi_k - \log \sigma_k
#    - \frac{(y_i - \beta_k \cdot x_i)^2}{2 \sigma_k^2} \Bigr] + \text{constant} . $$
#
# Three derivatives give three parts of the M-step:
#
# - by $\beta_k$: $\sum_i r_{ik} \, x_i \, (y_i - \beta_k \cdot x_i) = 0$. These are the equations
#   of **least squares**, each point weighted by its responsibility;
# - by $\sigma_k$: $\sigma_k^2$ is the weighted mean of the squared distances;
# - by $\pi_k$, with a [Lagrange multiplier](derive.py): $\pi_k$ is $\sum_i r_{ik}$, divided by the
#   number of points.
#
# ## What could go wrong
#
# - **A line through two points** has a standard deviation of 0 and a likelihood without limit. Set
#   a floor.
# - **Lines that start alike** stay alike.
#
# ## Exercises
#
# **1.** *Predict:* where the two lines cross, what are the responsibilities?
#
# <details markdown><summary>Solution</summary>

# %%
a, b = crossed.params.coefficients
meet = (b[0] - a[0]) / (a[1] - b[1])
at = (np.array([meet]), np.array([a[0] + a[1] * meet]))
print(lines_e_step(at, crossed.params)[0].round(2))

# %% [markdown]
# About the weights, changed a little by the two standard deviations: nothing else tells the lines
# apart there.
#
# </details>
#
# **2.** *Predict:* one least-squares line through all eighty points: how much lower is its
# log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
slope, level = np.polyfit(x, y, 1)
std = np.std(y - level - slope * x)
one = -80 * (np.log(std * np.sqrt(2 * np.pi)) + 0.5)
print(f"one line {one:.1f}, two lines {crossed.log_likelihood:.1f}")

# %% [markdown]
# By far more than four more numbers could explain by chance.
#
# </details>
#
# ## Where to read on
#
# The model is in Bishop, *Pattern Recognition and Machine Learning* (2006), section 14.5.1. In R,
# **flexmix** and **mixtools** fit it. Next: [derive an M-step](derive.py).
