# ---
# title: What exactly is promised
# order: 11.2
# section: Understand
# question: Where does EM converge to, under which conditions, and how fast?
# description: >-
#   The smallest EM there is, with one hidden number; what the theorems of Dempster, Laird, Rubin and
#   Wu promise and what they do not; edges and saddles; and the rate of convergence.
# numbers: own
# allow: [15, 197, 125, 18, 20, 34, 38, 1965, 1977, 1983, 59, 97, 25, 1250, 0.5]
# ---

# %% [markdown]
# # What exactly is promised
#
# EM never goes down. Where does it come to rest, and how soon? The smallest EM there is has one unknown number and
# one hidden number: 197 animals of four kinds, two of which look alike.

# %% tags=["hide"]
from itertools import pairwise

import numpy as np

from em.figures import why as draw
from em.figures.stepper import stepper


def share_at(theta):
    return theta / (2 + theta)


def m_step(share):
    return (125 * share + 34) / (125 * share + 34 + 18 + 20)


def log_likelihood(theta):
    others = 38 * np.log((1 - theta) / 4) + 34 * np.log(theta / 4)
    return 125 * np.log(1 / 2 + theta / 4) + others


def below(share, theta):
    others = 38 * np.log((1 - theta) / 4) + 34 * np.log(theta / 4)
    first = (1 - share) * np.log((1 / 2) / (1 - share))
    second = share * np.log((theta / 4) / share)
    return 125 * (first + second) + others


path = [0.1]
for _ in range(4):
    path.append(m_step(share_at(path[-1])))
told = [
    f"Start: θ {path[0]:.4f}, log-likelihood −{-log_likelihood(path[0]):.3f}"
]
for number, (now, after) in enumerate(pairwise(path), start=1):
    share = share_at(now)
    told += [
        f"Iteration {number}, E: the bound touches at θ {now:.4f}, log-likelihood −{-log_likelihood(now):.3f}",
        f"Iteration {number}, M: the top of the bound is at θ {after:.4f}, bound −{-below(share, after):.3f}; "
        f"log-likelihood −{-log_likelihood(after):.3f}",
    ]
stepper(
    draw.touches(log_likelihood, below, share_at, path),
    told,
    "The thick curve is the log-likelihood of the animals, the dashed one the bound. In the E-step it touches where "
    "we stand. The M-step goes to its top (square), and there the log-likelihood (dot) is at least as high.",
)


# %% [markdown]
# **You will be able to** say what EM guarantees, and predict how many iterations it needs. **About MINUTES minutes. To
# know first:** [Why EM works](why.py); for the last part, second derivatives.
#
# ## The smallest EM there is
#
# The data are from Rao (1965), and they are the first example of the paper that gave EM its name (Dempster, Laird and
# Rubin 1977). How often each kind of animal is born depends on $\theta$, which measures the **linkage** of two genes.
# At $\theta = 1/4$ they are not linked, and at $\theta = 1$ they always travel together.
#
# | kind | probability | animals |
# | --- | --- | --- |
# | 1 | $\frac{1}{2} + \frac{\theta}{4}$ | 125 |
# | 2 | $\frac{1 - \theta}{4}$ | 18 |
# | 3 | $\frac{1 - \theta}{4}$ | 20 |
# | 4 | $\frac{\theta}{4}$ | 34 |
#
# The first kind is two sorts in one, with probabilities $\frac12$ and $\frac{\theta}{4}$, that look alike. How many
# of the 125 are of the second sort is hidden.

# %% tags=["hide"]
draw.kinds(
    [125, 18, 20, 34],
    1 / 5,
    "The 197 animals. Nobody saw where the first bar changes; it is drawn for θ = 0.5.",
)

# %% [markdown]
# - **If we knew it**, say $x$, then $x + 34$ animals would speak for a large $\theta$ and $18 + 20$ against it, so
#   $\theta = (x + 34) / (x + 34 + 18 + 20)$.
# - **If we knew $\theta$**, the responsibility of the second sort would be
#   $\frac{\theta}{4} / (\frac12 + \frac{\theta}{4})$.
#
# By hand, from $\theta = 0.5$: the responsibility is an eighth divided by five eighths, one
# fifth. So 25 of the 125 count for $\theta$, and the new $\theta$ is 59 / 97.
#
# ## The program

# %% tags=["program"]
a, b, c, d = 125, 18, 20, 34  # animals of each kind
theta = 0.5  # a guess

for iteration in range(9):
    # E-step: how many of the first kind are of the second sort
    share = (theta / 4) / (1 / 2 + theta / 4)
    hidden = a * share
    print(iteration, f"{share:.4f} {theta:.10f}")
    # M-step: those that speak for a large theta, among those that speak
    theta = (hidden + d) / (hidden + d + b + c)

n, m = a + b + c + d, a - 2 * (b + c) - d
print("exactly ", f"{(m + (m * m + 8 * d * n) ** 0.5) / (2 * n):.10f}")

# %% tags=["hide"]
assert abs(theta - (15 + 53809**0.5) / 394) < 1e-7

# %% [markdown]
# Here the end is known exactly, because a $\theta$ that stays as it is solves
# $197 \theta^2 - 15 \theta - 68 = 0$. The last line has that solution.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** ten times as many animals of the first kind. Will EM need fewer iterations, or more?
#
# ```diff
# -a, b, c, d = 125, 18, 20, 34  # animals of each kind
# +a, b, c, d = 1250, 18, 20, 34  # animals of each kind
# ```
#
# <details markdown><summary>See why</summary>
#
# Fewer: after three it stands at {{ changed.lines[3].split()[2] : s }}, and the end is
# {{ changed.lines[-1].split()[1] : s }}. Now $\theta$ is near 1, where the 38 animals that speak against it weigh
# heavily. These were seen, so a smaller part of the information is missing, and [that decides](#how-fast).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin at 0, which says that the second sort and the fourth kind do not exist. Is EM stuck there?
#
# ```diff
# -theta = 0.5  # a guess
# +theta = 0.0  # a guess
# ```
#
# <details markdown><summary>See why</summary>
#
# No. The responsibility of the second sort is 0, but the animals of the fourth kind *were* seen, and they move $\theta$
# to {{ changed.lines[1].split()[2] : s }}.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin at 0 again, and take the animals of the fourth kind away. And now?
#
# ```diff
# -a, b, c, d = 125, 18, 20, 34  # animals of each kind
# -theta = 0.5  # a guess
# +a, b, c, d = 125, 18, 20, 0  # animals of each kind
# +theta = 0.0  # a guess
# ```
#
# <details markdown><summary>See why</summary>
#
# Now it stays at {{ changed.theta : .0f }}, for ever. But that is not the best $\theta$: from any other guess EM goes to
# {{ changed.lines[-1].split()[1] : s }}. At the edge it stands still on a slope.
#
# </details>
# </div>
#
# ## What is promised
#
# 1. **The log-likelihood does not fall**, at any iteration, from any start (Dempster, Laird and
#    Rubin 1977, theorem 1). This is [proved](why.py#the-proof-in-three-sentences) for the coins, and for any model [in
#    algebra](elbo.py#four-lines-of-algebra).
# 2. **Where the parameters converge, the likelihood is level**, while they stay inside their
#    range. The limit is a **stationary point**. For the bound touches from below, so where it touches, both
#    have the same slope. And where EM stands still, that is the top of the bound, where the slope is 0.
#
# The second is a theorem of Wu (1983). It has conditions: $Q$ must be continuous in both of its $\theta$, and the
# likelihood continuous, and differentiable inside. The parameters at least as likely as the start must
# form a closed and bounded set, in the interior of their range. Then every *limit point*, one that
# the parameters come near again and again, is stationary, and the log-likelihood converges to its value there.
# Wu also shows that the proof of convergence of 1977 was wrong.
#
# ## What is not promised
#
# **On an edge the likelihood may slope.** A mixing weight that is exactly 0 gets no share of anything, so it
# stays 0, whatever raising it would bring. Begin with no zeros that you do not mean. Here is a hidden Markov model of [a
# century of earthquakes](states.py#local-maxima-again) with three states, and no way from the quietest to the busiest:

# %%
import numpy as np
from attrs import evolve

import em
from em.models import coins, poisson_hmm
from em.models.poisson_hmm import PoissonHMM

counts = np.loadtxt(em.data("earthquakes.csv"), delimiter=",", skiprows=1)[:, 1]
barred = PoissonHMM(
    initial=[1, 0, 0],
    transitions=[[0.94, 0.06, 0], [0.04, 0.91, 0.05], [0.01, 0.19, 0.8]],
    rates=[13, 20, 30],
)
stands = em.fit(poisson_hmm, counts, barred)
opened = stands.params.transitions.copy()
opened[0] += [-1e-6, 0, 1e-6]
nudged = evolve(stands.params, transitions=opened)
slope = poisson_hmm.e_step(counts, nudged)[1] - stands.log_likelihood
slope /= 1e-6
freed = em.fit(poisson_hmm, counts, nudged)

print(f"barred, EM stands still at {stands.log_likelihood:.3f}")
print(f"slope towards opening the way: {slope:+.1f}")
print(f"opened by a millionth, EM goes to {freed.log_likelihood:.3f}")
print("first row then:", freed.params.transitions[0].round(4))

# %% [markdown]
# EM stands still, converged, on a slope of {{ slope : .1f }} *upwards*. Once the way is open, be it
# by a millionth, it climbs to {{ freed.log_likelihood : .3f }}.
#
# **A stationary point may be a saddle.** Two unknown coins that start alike stay alike. The least
# difference, and EM leaves:

# %%
from em.models.coins import Coins, Flips

flips = Flips(heads=[5, 9, 8, 4, 7], tails=[5, 1, 2, 6, 3])
for other in (0.3, 0.300001):
    fit = em.fit(coins, flips, Coins([0.3, other]), fixed="weights")
    found = f"{fit.log_likelihood:.5f}, {len(fit.steps) - 1} steps"
    print(fit.params.theta.round(5), found)

# %% [markdown]
# **Nothing is said about the highest peak**, nor about the number of iterations. And **the conditions can fail**: where
# a bell shrinks onto one point, the likelihood of a Gaussian mixture grows [without end](collapse.py). There, too, it
# never falls. What is lost is the level end.
#
# ## How fast
#
# The error of the animals' $\theta$, iteration by iteration, and how much of the last error it is:


# %%
a, b, c, d = 125, 18, 20, 34


def em_step(theta):
    hidden = a * theta / (2 + theta)
    return (hidden + d) / (hidden + d + b + c)


# %%
theta, limit = 0.5, (15 + np.sqrt(53809)) / 394
for iteration in range(1, 7):
    after = em_step(theta)
    ratio = (limit - after) / (limit - theta)
    print(
        f"iteration {iteration}: error {limit - after:.1e}, {ratio:.4f} of the last"
    )
    theta = after

x = a * limit / (2 + limit)
complete = (x + d) / limit**2 + (b + c) / (1 - limit) ** 2
seen = a / (2 + limit) ** 2 + d / limit**2 + (b + c) / (1 - limit) ** 2
print(f"information, complete: {complete:.4f}")
print(f"information, seen:     {seen:.4f}")
print(f"fraction missing:      {1 - seen / complete:.4f}")

# %% [markdown]
# The **information** is how sharply the log-likelihood bends at its peak: minus its second derivative.
# What we see has {{ seen : .1f }}. If we could tell the two sorts of the first kind apart, we would have
# $(x + 34) \log \theta + 38 \log (1 - \theta)$, with {{ complete : .1f }}. With one parameter, near the
# limit, the **fraction of missing information**, {{ 1 - seen / complete : .4f }}, is the **rate of convergence**: the
# part of the error that each iteration leaves (Dempster, Laird and Rubin 1977). With several parameters this holds in
# the slowest direction. Where nearly everything is missing, EM [crawls](stopping.py#a-small-step-is-not-a-small-distance).
#
# ## What could go wrong
#
# - **Zeros in the guess** can hold EM on an edge. Begin inside.
# - **"It has converged"** says that the steps are small, not that the end is a peak. Start from several places, or
#   move what you found by a little and go on.
#
# ## Exercises
#
# **1.** *Predict*, from the [rate](#how-fast): how many iterations do the animals need for ten
# right digits, from a start of 0.5? Then count.
#
# <details markdown><summary>Solution</summary>

# %%
digits = -np.log10(1 - seen / complete)
print(f"each iteration gains {digits:.2f} digits")

theta, steps = 0.5, 0
while abs(theta - limit) > 0.5e-10:
    theta, steps = em_step(theta), steps + 1
print(steps, "iterations")

# %% [markdown]
# The start is off by {{ limit - 0.5 : .2f }}, nearly one digit right. Some nine more, at
# {{ digits : .2f }} digits each time, take {{ steps : d }} iterations.
#
# </details>
#
# **2.** With 1250 animals of the first kind, what is the rate? *Predict*: more or less than before?
#
# <details markdown><summary>Solution</summary>

# %%
a, theta = 1250, 0.5
for _ in range(60):
    theta = em_step(theta)

print(
    f"limit {theta:.6f}, rate {(em_step(theta + 1e-6) - em_step(theta - 1e-6)) / 2e-6:.4f}"
)

# %% [markdown]
# Less. With $\theta$ so near 1, the animals that speak against it carry most of the information, and nothing
# about them is hidden.
#
# </details>
#
# ## Where to read on
#
# [Standard errors](certainty.py) measures the information. Rao, *Linear Statistical Inference and Its Applications* (1965),
# has the animals. Dempster, Laird and Rubin, *Maximum Likelihood from Incomplete Data via the EM Algorithm* (1977),
# [doi 10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x).
# Wu, *On the Convergence Properties of the EM Algorithm* (1983),
# [doi 10.1214/aos/1176346060](https://doi.org/10.1214/aos/1176346060).
