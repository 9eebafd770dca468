# ---
# title: Why it never goes down
# order: 11
# section: Understand
# question: Why does the likelihood never fall, and what exactly is promised?
# description: >-
#   The bound that both steps of EM climb: a picture under your finger, a chord, four lines
#   of algebra, a table that agrees to twelve digits, and what is promised and what is not.
# numbers: own
# allow: [39, 11, 197, 125, 18, 20, 34, 1965, 1977, 1983, 1998, 59, 97, 25, 12, 100, 0.5, 0.1, "100,000", 0.75, 0.39, 0.2]
# ---

# %% [markdown]
# # Why it never goes down
#
# On the pages before, the log-likelihood rose at every step. Nobody chose a step size, and
# nobody looked where the likelihood goes up. Why did it never fall? Look at the curve below it.

# %% tags=["hide"]
import em
from em.figures import why as draw
from em.figures.live import live
from em.figures.touching import touching
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
live(
    "bound",
    still=touching(
        flips, Coins([0.25, 0.4]), "The bound touches where we stand."
    ),
    told="The log-likelihood of two coins along one of them, and the bound that touches it.",
    caption="The log-likelihood of A's chance of heads, with B's held. Drag the shares: the dashed "
    "bound slides, but never rises above the curve. Share out "
    "makes it touch where you stand; re-estimate goes to its top.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** can you choose shares for which the dashed curve rises above the solid one? *Drag
# them.*
#
# <details markdown><summary>See why</summary>
#
# No. Whatever the shares, it stays below: that is why it is called a lower **bound**.
#
# </details>
#
# **2. Predict:** which shares bring it up to where you stand? *Press **Share out**.*
#
# <details markdown><summary>See why</summary>
#
# Those of the E-step. With them it *touches* the log-likelihood at the present guess.
#
# </details>
#
# **3. Predict:** go to the top of the dashed curve. Can the solid one be lower there than where
# you came from? *Press **Re-estimate**.*
#
# <details markdown><summary>See why</summary>
#
# The top of the bound is at least as high as the point where it touched, and the solid curve lies
# above the bound. So it cannot be lower. That is the whole proof; the rest of this page says it
# in numbers and in algebra.
#
# </details>

# %% [markdown]
# ## A chord lies below the curve
#
# Why is the dashed curve below? Because the logarithm bends downwards. Join two points of its
# curve by a straight line, a **chord**, and the chord lies below the curve. Take the values 1 and
# 9. Half-way along the chord stands the average of their logarithms; above it, on the curve,
# the logarithm of their average:

# %% tags=["hide"]
from em.figures.chord import chord

chord(
    (1, 9),
    0.5,
    "Jensen's inequality, as a chord. Nearer to one end or the other, for any shares that sum to "
    "one, the chord stays below.",
)

# %%
import numpy as np

values = np.array([1.0, 9.0])
print(f"logarithm of the average: {np.log(values.mean()):.3f}")
print(f"average of the logarithms: {np.log(values).mean():.3f}")

# %% [markdown]
# So **the logarithm of an average is at least the average of the logarithms**, and they are equal
# only where all values are. This is **Jensen's inequality**. It is all that the proof needs.
#
# What has an average to do with a likelihood? A sequence of flips came from coin A *or* from coin
# B, so its likelihood is a sum: $\frac12 L(\theta_A) + \frac12 L(\theta_B)$. Here $L$ is the
# probability of these very flips under one coin. The logarithm of a sum is awkward: its slope
# mixes everything with everything. With shares $r$ and $1 - r$ one can write the sum as an
# average, $r \cdot \frac{L(\theta_A)}{2 r} + (1 - r) \cdot \frac{L(\theta_B)}{2 (1 - r)}$, and Jensen
# lets the logarithm in. What comes out is a sum of logarithms, one for each coin: easy to climb.
#
# And when do they touch? When both values are equal: $L(\theta_A) / r = L(\theta_B) / (1 - r)$. So $r$ is
# in proportion to how well each coin explains the flips. That is the E-step.
#
# ## Four lines of algebra
#
# For any model. Call the data $x$, what is hidden $z$ (the **latent variable**), and share $z$ out
# by any $r(z)$ that adds up to 1. Then
#
# $$ \begin{aligned}
# \log p(x \mid \theta)
#   &= \log \sum_z p(x, z \mid \theta) \\
#   &= \log \sum_z r(z) \, \frac{p(x, z \mid \theta)}{r(z)} \\
#   &\ge \sum_z r(z) \, \log \frac{p(x, z \mid \theta)}{r(z)} \\
#   &= F(r, \theta) .
# \end{aligned} $$
#
# First line: the likelihood of what was seen is a sum over all that was not. Second line:
# multiply and divide by $r(z)$, and the sum becomes an average. Third line: Jensen. The
# fourth gives the bound its name, $F$.
#
# How far below? Write $p(x, z \mid \theta)$ as
# $p(z \mid x, \theta) \, p(x \mid \theta)$, and what is left over is
#
# $$ \begin{aligned}
# \log p(x \mid \theta) &- F(r, \theta) \\
#   &= \sum_z r(z) \log \frac{r(z)}{p(z \mid x, \theta)} \\
#   &= \mathrm{KL}\bigl(r \,\|\, p(z \mid x, \theta)\bigr) .
# \end{aligned} $$
#
# This is the **Kullback–Leibler divergence**, which says how much two ways of sharing out
# differ. It is never negative, and it is zero exactly if both are the same. So there is
# one best choice for $r$: the probabilities of $z$ given the data, and these are the
# responsibilities. For a step from $\theta$ to $\theta'$ it all fits together:
#
# $$ \begin{aligned}
# \log p(x \mid \theta) &\overset{\text{E}}{=} F(r, \theta) \\
#   &\overset{\text{M}}{\le} F(r, \theta')
#    \le \log p(x \mid \theta') .
# \end{aligned} $$
#
# ## In numbers, on the coins
#
# The same for [two coins](coins.py). The hidden labels are shared out by the
# responsibilities $r_{ik}$, and the bound is
# $F(r, \theta) = \sum_i \sum_k r_{ik} \, (\log \pi_k L_i(\theta_k) - \log r_{ik})$. The
# package has it. All it needs of a mixture is $\log \pi_k L_i(\theta_k)$, and it takes any
# responsibilities that you like. (Where what is hidden is no label, as in
# [a table with holes](missing.py), give it a whole step of a run in their place.)

# %% tags=["hide"]
em.show(coins.log_joint)

# %% tags=["hide"]
em.show(em.lower_bound)

# %% [markdown]
# We begin by sharing out every sequence in half, and take five steps. Each line is one
# step: the bound before the E-step, after it, and after the M-step.

# %%
from scipy.special import rel_entr

import em
from em.models import coins
from em.models.coins import Coins, Flips

flips = Flips(heads=[21, 9, 10, 32, 7], tails=[7, 10, 17, 10, 13])
params = Coins([0.5, 0.6])
shares = np.full((5, 2), 0.5)

print("before E   after E    after M    gap")
off_e, off_m = [], []
for _ in range(5):
    before_e = em.lower_bound(coins, flips, shares, params)
    shares, height = coins.e_step(flips, params)
    after_e = em.lower_bound(coins, flips, shares, params)
    off_e.append(abs(after_e - height) / abs(height))

    theta = coins.m_step(flips, shares).theta
    params = Coins(theta)  # the mixing weights stay at one half
    after_m = em.lower_bound(coins, flips, shares, params)
    best, height = coins.e_step(flips, params)
    gap = height - after_m
    off_m.append(abs(gap - rel_entr(shares, best).sum()))
    print(f"{before_e:.5f}  {after_e:.5f}  {after_m:.5f}  {gap:.5f}")

print("\nAfter E the bound is the log-likelihood,")
print("to 12 digits:", max(off_e) < 1e-12)
print("The gap is the KL divergence,")
print("to 10 digits:", max(off_m) < 1e-10)

# %% [markdown]
# Read it line by line, from left to right, like a text: the number never gets smaller. The
# E-step closes the gap, the M-step climbs and opens a new one, and the next E-step closes
# that. The gap that an M-step leaves is the divergence between the shares that it used and
# those that the new coins would give.
#
# (Note after *which* half of a step a number was taken. The `lower_bound_` of scikit-learn's
# `GaussianMixture`, for one, is a mean per point, and belongs to the parameters *before* the
# last M-step.)
#
# ## The expectation of what?
#
# The E of E-step stands for *expectation*. An average, then: but of what?
#
# Suppose the labels were known. Then every sequence would count for its coin alone, and
# the log-likelihood would be the sum of $\log \pi_k L_i(\theta_k)$, each sequence with its
# own $k$. That is the **complete-data log-likelihood**. We do not know the labels. But
# given the present coins, we know how probable each label is. So draw labels, again and
# again, each time for all five sequences, and take the average.

# %%
guess, tried = Coins([0.5, 0.6]), Coins([0.7, 0.4])
shares, _ = coins.e_step(flips, guess)
log_joint = coins.log_joint(flips, tried)

expected = (shares * log_joint).sum()

rng = np.random.default_rng(1)
labels = (rng.random((100_000, 5)) > shares[:, 0]).astype(int)
complete = log_joint[np.arange(5), labels].sum(axis=1)

print("three completions:")
for some, value in zip(labels[:3], complete, strict=False):
    print("   ", "".join("AB"[k] for k in some), f"{value:.3f}")

print("average over")
for n in (10, 1_000, 100_000):
    error = complete.std() / np.sqrt(n)
    print(f"{n:7,}  {complete[:n].mean():.3f} ± {error:.3f}")
print(f"the sum  {expected:.3f}")

# %% tags=["hide"]
draw.averages(
    complete,
    expected,
    "The average over sampled completions, and the number that the responsibilities give "
    "at once (dashed). Grey: twice the standard error.",
)

# %% [markdown]
# The average settles at $\sum_i \sum_k r_{ik} \log \pi_k L_i(\theta_k)$, the
# complete-data log-likelihood with every label replaced by its responsibility. That is what
# the E-step takes the expectation of, and no drawing is needed: the sum gives it at once.
# (After the ± stands one standard error.) It is $F(r, \theta)$ but for a term without
# $\theta$, so its peak is the M-step.
#
# One step back, to the four lines: $F$ is the average of $\log p(x, z \mid \theta)$ under $r$, minus
# the average of $\log r(z)$. The M-step changes only $\theta$, so only the first matters. It is often
# written $Q$.
#
# EM does **not** fill in what is missing, each time with its likeliest value, and then
# count. It averages over all ways to fill it in. For labels this comes to counting each
# sequence by its responsibilities, because a label only says which terms are added up.
# Where a missing number is *squared*, its average is not enough: the page on
# [missing values](missing.py) shows what goes wrong.
#
# ## The smallest EM there is
#
# Now once more, on an example with one unknown number and one hidden number. It is small
# enough for pencil and paper. Rao (1965) gives it, and Dempster, Laird and Rubin (1977)
# use it to open the paper that gave EM its name.
#
# There are 197 animals of four kinds. How often each kind is born depends on $\theta$,
# which tells how closely two genes hang together:
#
# | kind | probability | animals |
# | --- | --- | --- |
# | 1 | $\frac{1}{2} + \frac{\theta}{4}$ | 125 |
# | 2 | $\frac{1 - \theta}{4}$ | 18 |
# | 3 | $\frac{1 - \theta}{4}$ | 20 |
# | 4 | $\frac{\theta}{4}$ | 34 |
#
# The first kind is two kinds in one: a kind with probability $\frac12$ and a kind with probability
# $\frac{\theta}{4}$ that look alike. How many of the 125 are of the second sort is
# hidden.
#
# ### The program
#
# It runs in an empty Python as it stands:

# %% tags=["program"]
theta = 0.5  # a guess
for step in range(1, 9):
    # E-step: how many of the 125 are expected to be of the second sort?
    x = 125 * (theta / 4) / (1 / 2 + theta / 4)
    # M-step: the share of those that speak for θ
    theta = (x + 34) / (x + 34 + 18 + 20)
    print(step, round(theta, 10))

# %% tags=["hide"]
assert abs(theta - (15 + 53809**0.5) / 394) < 1e-7

# %%
animals = [125, 18, 20, 34]
print(sum(animals), "animals")

# %% tags=["hide"]
draw.kinds(
    animals,
    1 / 5,
    "The 197 animals. Where the first bar changes, nobody saw; it is drawn for θ = 0.5, "
    "where one fifth of the 125 are of the second sort.",
)

# %% [markdown]
# **If we knew it**, say $x$ of them, then $x + 34$ animals speak for a large $\theta$ and
# $18 + 20$ speak against it; the rest say nothing about it. So
# $\theta = (x + 34) / (x + 34 + 18 + 20)$. **If we knew
# $\theta$**, the share of the second sort would be
# $\frac{\theta}{4} / (\frac12 + \frac{\theta}{4})$. That is the circle that EM runs in.
#
# By hand, from $\theta = 0.5$: the share is an eighth divided by five eighths, one
# fifth. So 25 of the 125 count for $\theta$, and the new $\theta$ is 59 / 97. Again and again:

# %%
theta = 0.5
print("step  share     θ")
for step in range(9):
    share = (theta / 4) / (1 / 2 + theta / 4)
    print(f"{step:4}  {share:.4f}    {theta:.10f}")
    theta = (125 * share + 34) / (125 * share + 34 + 18 + 20)

limit = (15 + np.sqrt(53809)) / 394
print(f"exactly         {limit:.10f}")

# %% [markdown]
# This is one of the few cases where the end is known exactly. Put the share into the new
# $\theta$ and ask for a $\theta$ that stays as it is: that gives
# $197 \theta^2 - 15 \theta - 68 = 0$, with the solution
# $\theta = (15 + \sqrt{53809}) / 394$.
#
# ## A curve below
#
# Again the log-likelihood, the thick curve, has an awkward place: the logarithm of a *sum*,
# $\log(\frac12 + \frac{\theta}{4})$, for the kind that is two in one. And again there is, for any
# way of sharing out the 125, an easier curve that never lies above it, and its peak can be
# computed at once.


# %%
def share_at(theta):
    return (theta / 4) / (1 / 2 + theta / 4)


def log_likelihood(theta):
    others = 38 * np.log((1 - theta) / 4) + 34 * np.log(theta / 4)
    return 125 * np.log(1 / 2 + theta / 4) + others


def bound(share, theta):
    others = 38 * np.log((1 - theta) / 4) + 34 * np.log(theta / 4)
    first = (1 - share) * np.log((1 / 2) / (1 - share))
    second = share * np.log((theta / 4) / share)
    return 125 * (first + second) + others


def m_step(share):
    return (125 * share + 34) / (125 * share + 72)


theta, path = 0.1, [0.1]
print("  θ       bound     log-likelihood")
for _ in range(4):
    share = share_at(theta)
    print(
        f"E {theta:.4f}  {bound(share, theta):8.3f}"
        f"  {log_likelihood(theta):8.3f}  touch"
    )
    theta = m_step(share)
    path.append(theta)
    print(
        f"M {theta:.4f}  {bound(share, theta):8.3f}"
        f"  {log_likelihood(theta):8.3f}  climb"
    )

# %% tags=["hide"]
from itertools import pairwise

from em.figures.stepper import stepper

told = [
    f"Start: θ {path[0]:.4f}, log-likelihood −{-log_likelihood(path[0]):.3f}"
]
for number, (now, after) in enumerate(pairwise(path), start=1):
    share = share_at(now)
    told += [
        f"Step {number}, E: the bound touches at θ {now:.4f}, height −{-log_likelihood(now):.3f}",
        f"Step {number}, M: the bound is highest at θ {after:.4f}, height −{-bound(share, after):.3f}; "
        f"log-likelihood −{-log_likelihood(after):.3f}",
    ]
stepper(
    draw.touches(log_likelihood, bound, share_at, path),
    told,
    "Touch, climb, touch. Thick: the log-likelihood. Dashed: the bound. The E-step chooses "
    "the bound that touches where we stand. The M-step goes to its peak (square), and the "
    "log-likelihood (dot) is at least as high there.",
)

# %% [markdown]
# **The E-step** shares the 125 out as $\theta$ says. That choice makes the bound *touch*
# the log-likelihood at the present $\theta$. **The M-step** goes to the peak of the bound.
# There the bound is at least as high as where it touched, and the log-likelihood is at
# least as high as the bound. So the log-likelihood cannot have fallen. That is the whole
# proof.
#
# ## One function, climbed in turns
#
# Neal and Hinton (1998) look at it like this: forget the likelihood. There is one
# function, $F(r, \theta)$, of two things, and each step makes it as large as it can be by
# changing one of them. The E-step changes only $r$, the M-step changes only $\theta$. In
# the example of the animals, $r$ is one share, so $F$ is a landscape that we can draw:

# %% tags=["hide"]
corners = [(0.1, 0.45)]
while len(corners) < 14:
    theta, share = corners[-1]
    corners += [
        (theta, share_at(theta)),
        (m_step(share_at(theta)), share_at(theta)),
    ]
draw.stairs(
    bound,
    corners,
    "The bound over θ and the share, as a map. EM climbs in a staircase from the dot to the "
    "star: E-steps (red) move up or down, M-steps (blue, dashed) move sideways.",
)

# %% [markdown]
# The view has a use. Whatever makes $F$ larger is a good step, even if it is not the best
# one: an M-step that only goes part of the way, or an E-step that looks at one sequence
# and leaves the other shares as they were. The second exercise tries that.
#
# ## What is promised
#
# Exactly this much.
#
# 1. **The log-likelihood does not fall**, at any step, from any start (Dempster, Laird and
#    Rubin 1977, theorem 1). That was the proof above.
# 2. **Where the parameters converge, the likelihood is level**, while they stay inside their
#    range. Every *limit point*, one that the parameters come near again and again without
#    end, is a **stationary point**, where the log-likelihood has no slope; and the
#    log-likelihood converges to its height there. Wu (1983) shows this under conditions:
#    the expected complete-data log-likelihood must be continuous in the present $\theta$ and
#    in the new one; the parameters that are at least as likely as the start must form a
#    closed and bounded set, in the interior of their range. (He also shows that the proof
#    of 1977 had a gap.)
# 3. Neither asks for luck with the start, nor for a step size.
#
# ### At an edge it may slope

# %% [markdown]
# The words *in the interior* matter. A transition of a hidden Markov model that is exactly 0 stays
# 0 at every step, whatever raising it would bring. Here is a model of
# [a century of earthquakes](counts.py#local-maxima-again) with three states, and no way from
# the quietest to the busiest:

# %%
from attrs import evolve

from em.models import poisson_hmm
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
_, above = poisson_hmm.e_step(counts, evolve(stands.params, transitions=opened))
slope = (above - stands.log_likelihood) / 1e-6

print(f"stands still at {stands.log_likelihood:.3f},", end=" ")
print("first row", stands.params.transitions[0].round(4))
print(f"slope towards opening the way: {slope:+.1f}")

# %% [markdown]
# EM stands still, converged, on a slope of {{ slope : .1f }} *upwards*. So a limit on an edge (a
# weight, a transition, a probability of 0) may be no peak at all. Begin with no zeros that you do
# not mean.
#
# ### What is not promised
#
# - **A stationary point may be a saddle.** Two coins that start alike stay alike, on a
#   pass between two peaks. The least nudge, and EM leaves it:

# %%
for b in (0.3, 0.300001):
    fit = em.fit(coins, flips, Coins([0.3, b]), fixed="weights")
    print(
        fit.params.theta.round(5),
        f"{fit.log_likelihood:.5f}, {len(fit.steps) - 1} steps",
    )

# %% [markdown]
# - **Nothing is said about the highest peak.** Which stationary point it is depends on the
#   start.
# - **Nothing is said about the number of steps.** The next section comes to that.
# - **The conditions can fail.** A bell that shrinks onto one point makes the likelihood of
#   normals grow without end. Then there is no closed and bounded set, and the second
#   promise is void. The next page shows [how it goes wrong](pitfalls.py).
#
# ## How fast
#
# Near its limit, EM makes the error smaller by about the same factor each time. Here are
# the animals again:

# %%
theta = 0.5
for step in range(1, 7):
    after = m_step(share_at(theta))
    ratio = (limit - after) / (limit - theta)
    print(f"step {step}: error {limit - after:.1e}, ratio {ratio:.4f}")
    theta = after

x = 125 * share_at(limit)
complete = (x + 34) / limit**2 + 38 / (1 - limit) ** 2
seen = 125 / (2 + limit) ** 2 + 34 / limit**2 + 38 / (1 - limit) ** 2
print(f"information, complete: {complete:.4f}")
print(f"information, seen:     {seen:.4f}")
print(f"share that is missing: {1 - seen / complete:.4f}")

# %% [markdown]
# The factor settles at {{ 1 - seen / complete : .4f }}, and we can know it without taking a step. The
# *information* in data is how sharply the log-likelihood bends at its peak. If we could see
# which of the 125 are which, it would be {{ complete : .4f }}. What we do see has {{ seen : .4f }}. The
# share that is missing is {{ 1 - seen / complete : .4f }}: **the share of missing information is the
# factor left over** after each step (Dempster, Laird and Rubin 1977). With little missing, EM is
# fast. With nearly everything missing, it crawls, and the [next
# page](pitfalls.py#a-small-step-is-not-a-small-distance) has an example whose error shrinks by
# less than one hundredth at each step. (With several parameters, the factor is the largest
# eigenvalue of a matrix of such shares.)
#
# **And how sure may one be of the answer?** The same number tells. One over the root of the
# information, $1 / \sqrt{377.5}$, is the **standard error** of $\theta$:
# {{ 1 / np.sqrt(seen) : .3f }}. Had nothing been hidden, it would be
# {{ 1 / np.sqrt(complete) : .3f }}. EM does not give it by itself; the curvature at its peak does.
# (For an inner peak, and many data. For any model: [how sure, and how fast](certainty.py).)
#
# ## What could go wrong
#
# - **Comparing numbers of different moments.** The bound after the M-step and the
#   log-likelihood are two numbers for the same parameters. Do not mix them when you look
#   for a fall.
# - **Hard labels.** Giving each sequence wholly to its most likely coin, and counting, also
#   climbs $F$, with $r$ held to 0 and 1. It is another algorithm, with other limits: the
#   bound hardly ever touches.
# - **A fall.** If your log-likelihood falls by more than rounding, something is wrong: one
#   of the two steps, or the way the log-likelihood is computed. It is a test that costs
#   nothing, so make it at every step.
#
# ## Exercises
#
# **1.** *Predict*, from the factor of [How fast](#how-fast): how many steps do the animals need for ten
# right digits, from a start of 0.5? Then count.
#
# <details markdown><summary>Solution</summary>

# %%
digits = -np.log10(1 - seen / complete)
print(f"each step gains {digits:.2f} digits")

theta, steps = 0.5, 0
while abs(theta - limit) > 0.5e-10:
    theta, steps = m_step(share_at(theta)), steps + 1
print(steps, "steps")

# %% [markdown]
# The start is off by {{ limit - 0.5 : .2f }}, nearly one digit right. Some nine more, at
# {{ digits : .2f }} digits a step, take {{ steps : d }} steps.
#
# </details>
#
# **2.** Take E-steps for one sequence at a time: recompute the shares of the first
# sequence only, then do an M-step; then of the second; and so on. *Predict*: does $F$ still climb?
# Does the log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
params, shares = Coins([0.5, 0.6]), np.full((5, 2), 0.5)
climbed, heights = [], []
for turn in range(60):
    i = turn % 5
    shares[i] = coins.e_step(flips, params)[0][i]
    params = Coins(coins.m_step(flips, shares).theta)
    climbed.append(em.lower_bound(coins, flips, shares, params))
    heights.append(coins.e_step(flips, params)[1])

print("F falls:             ", (np.diff(climbed) < -1e-9).sum(), "times")
print("log-likelihood falls:", (np.diff(heights) < -1e-9).sum(), "times")
print(params.theta.round(5), f"{heights[-1]:.5f}")

# %% [markdown]
# $F$ climbs at every turn, as it must, and the end is the one that we know. But the
# log-likelihood fell twice on the way: it has leave to, since the bound does not touch. This
# is the *incremental* EM of Neal and Hinton. To see whether it is right, look at $F$.
#
# </details>
#
# **3.** *Predict*, then try: draw a thousand random ways to share out the five sequences between coins at 0.75
# and 0.39. How close does the best of them come to the log-likelihood?
#
# <details markdown><summary>Solution</summary>

# %%
params = Coins([0.75, 0.39])
best, height = coins.e_step(flips, params)
rng = np.random.default_rng(2)
tried = [
    em.lower_bound(coins, flips, rng.dirichlet([1, 1], 5), params)
    for _ in range(1_000)
]
print(f"highest of a thousand: {max(tried):.5f}")
print(
    f"with the E-step's:     {em.lower_bound(coins, flips, best, params):.5f}"
)
print(f"log-likelihood:        {height:.5f}")

# %% [markdown]
# All are below, and the E-step's shares reach it. There is nothing better to find.
#
# </details>
#
# ## Where to read on
#
# Rao, *Linear Statistical Inference and Its Applications* (1965), for the animals.
# Dempster, Laird and Rubin, *Maximum Likelihood from Incomplete Data via the EM Algorithm*,
# Journal of the Royal Statistical Society B 39 (1977),
# [doi 10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x).
# Wu, *On the Convergence Properties of the EM Algorithm*, Annals of Statistics 11 (1983),
# [doi 10.1214/aos/1176346060](https://doi.org/10.1214/aos/1176346060). Neal and Hinton, *A
# View of the EM Algorithm that Justifies Incremental, Sparse, and Other Variants* (1998),
# [doi 10.1007/978-94-011-5014-9_12](https://doi.org/10.1007/978-94-011-5014-9_12). More on
# the [resources page](resources.md). Next: [how it goes wrong](pitfalls.py).
