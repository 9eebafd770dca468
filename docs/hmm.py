# ---
# title: Hidden Markov models (Baum–Welch)
# order: 33
# section: Use
# question: How do I find hidden states in observations that were taken one after the other?
# description: >-
#   Hidden Markov models by EM, the Baum–Welch algorithm: forward and backward on a trellis of
#   three days, and the whole of it in twenty lines of NumPy.
# numbers: own
# allow: [15, 20, "0.8", "0.2", 0.5, 60, 107, 1989, 1970, 41, 77]
# ---

# %% [markdown]
# # Hidden Markov models (Baum–Welch)
#
# A shop sold 1, 2 and 5 umbrellas on three days. A day is dry or wet, and nobody wrote down which.
# But wet days tend to follow wet days. That is a **hidden Markov model** (HMM). How likely is it
# that each day was wet?

# %% tags=["hide"]
import numpy as np

from em.figures.stepper import stepper
from em.figures.trellis import say, trellis
from em.hmm.forward_backward import forward_backward
from em.numbers.densities import log_poisson

days = np.array([1.0, 2, 5])
half, moves = np.array([0.5, 0.5]), np.array([[0.8, 0.2], [0.2, 0.8]])
fits = np.exp(log_poisson(days, np.array([1.0, 4])))
alpha, beta = [half * fits[0]], [np.ones(2)]
for t in (1, 2):
    alpha.append(alpha[-1] @ moves * fits[t])
    beta.insert(0, moves @ (fits[-t] * beta[0]))
alpha, beta = np.array(alpha), np.array(beta)
shares = alpha * beta / alpha[-1].sum()
exact, total = forward_backward(np.log(fits), half, moves)
np.testing.assert_allclose(shares, exact.smoothed, rtol=1e-12)
np.testing.assert_allclose(np.log(alpha[-1].sum()), total, rtol=1e-12)

told = [
    "The guess says how probable each day's sales are if it was dry (above) or wet (below)."
]
told.append(
    f"Forward, day 1: dry 0.5 × {say(fits[0, 0])} = {say(alpha[0, 0])}, "
    f"wet 0.5 × {say(fits[0, 1])} = {say(alpha[0, 1])}"
)
for t in (1, 2):
    d, w = alpha[t - 1]
    told.append(
        f"Forward, day {t + 1}: dry ({say(d)} × 0.8 + {say(w)} × 0.2) × {say(fits[t, 0])}"
        f" = {say(alpha[t, 0])}, wet ({say(d)} × 0.2 + {say(w)} × 0.8) × "
        f"{say(fits[t, 1])} = {say(alpha[t, 1])}"
    )
told.append("Backward, day 3: nothing comes after it, so 1 for both")
for t in (1, 0):
    d, w = fits[t + 1] * beta[t + 1]
    told.append(
        f"Backward, day {t + 1}: dry 0.8 × {say(d)} + 0.2 × {say(w)} = {say(beta[t, 0])}, "
        f"wet 0.2 × {say(d)} + 0.8 × {say(w)} = {say(beta[t, 1])}"
    )
told.append(
    "Forward times backward, divided by their sum: the days were wet with probability "
    + ", ".join(say(share) for share in shares[:, 1])
)
stepper(
    trellis(
        ("1 sold", "2 sold", "5 sold"),
        ("dry", "wet"),
        (fits, alpha, beta, shares),
    ),
    told,
    "A trellis. Each path from left to right is one story of the three days. Forward and "
    "backward add up all stories, one day at a time.",
)

# %% [markdown]
# **You will be able to** run the forward and backward passes by hand, and to fit a hidden Markov
# model. **About MINUTES minutes. To know first:** [two coins](coins.py) and [Poisson
# mixtures](counts.py).
#
# ## Try it
#
# The guess is 1 umbrella on a dry day and 4 on a wet one, on average. Tomorrow is like today with
# probability 0.8. The first day may be either.
#
# <div class="choices" markdown>
# **1. Predict:** two umbrellas are a little more probable on a dry day than on a wet one. Day 1 was probably dry. Going *forward*, how strongly does day 2 lean to dry? *Then step to "Forward, day 2".*
#
# <details markdown><summary>Just as strongly as the two umbrellas say</summary>
#
# That would be so if the days had nothing to do with each other. But a dry day makes the next one
# likely to be dry.
#
# </details>
# <details class="right" markdown><summary>More strongly</summary>
#
# Yes: {{ say(alpha[1, 0]) : s }} against {{ say(alpha[1, 1]) : s }}, or
# {{ alpha[1, 0] / alpha[1, 1] : .1f }} to 1. The two umbrellas by themselves say
# {{ fits[1, 0] / fits[1, 1] : .2f }} to 1; the rest comes from day 1.
#
# </details>
# <details markdown><summary>Less strongly</summary>
#
# It would, if day 1 spoke for wet. But one umbrella was sold on it, and that is typical of a dry
# day.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** five umbrellas were sold on day 3. Going *backward*, what does that say about day 2? *Step to "Backward, day 2".*
#
# <details class="right" markdown><summary>That it was wet</summary>
#
# Yes. Five umbrellas are {{ beta[1, 1] / beta[1, 0] : .1f }} times as probable after a wet day as
# after a dry one: {{ say(beta[1, 1]) : s }} against {{ say(beta[1, 0]) : s }}.
#
# </details>
# <details markdown><summary>Nothing, because the future cannot change the past</summary>
#
# It cannot change day 2, but it can tell you about it. A wet day 3 makes a wet day 2 more likely,
# since wet days follow wet days.
#
# </details>
# <details markdown><summary>That day 2 was surely wet</summary>
#
# Day 3 probably was. But a dry day is followed by a wet one in one case of five, so the message gets
# weaker on its way back.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** past and future disagree about day 2. Which of them wins? *Go to the end.*
#
# <details markdown><summary>The past, because day 2's own count agrees with it</summary>
#
# It does agree, but only weakly. Multiply the odds: {{ alpha[1, 0] / alpha[1, 1] : .1f }} to 1 for
# dry, {{ beta[1, 1] / beta[1, 0] : .1f }} to 1 for wet.
#
# </details>
# <details markdown><summary>Neither: they cancel</summary>
#
# Nearly. But the odds multiply, and those from the future are a little stronger.
#
# </details>
# <details class="right" markdown><summary>The future, narrowly</summary>
#
# Yes: day 2 was wet with probability {{ shares[1, 1] : .2f }}. From days 1 and 2 alone it would be
# {{ alpha[1, 1] / alpha[1].sum() : .2f }}.
#
# </details>
# </div>
#
# ## Two sums, by hand
#
# What is hidden, the **latent variable**, is a whole *path* of states, such as dry, dry, wet. Three
# days have eight paths; 107 years of three states have a number of paths with
# {{ 1 + 107 * np.log10(3) : .0f }} digits. But we need not walk each of them.
#
# **Forward.** Let $\alpha_t(j)$ be the probability of all counts up to day $t$ *and* of state $j$
# on that day. Every path that is in $j$ today was somewhere yesterday, so add up over where:
#
# $$ \alpha_t(j) = \sum_i \alpha_{t-1}(i) \, \Gamma_{ij} \; p(x_t \mid j) , $$
#
# where $\Gamma_{ij}$ is the probability that state $j$ follows state $i$.
#
# **Backward.** Let $\beta_t(i)$ be the probability of all counts *after* day $t$ if day $t$ is in
# state $i$. Every path goes somewhere tomorrow, so add up over where:
#
# $$ \beta_t(i) = \sum_j \Gamma_{ij} \; p(x_{t+1} \mid j) \, \beta_{t+1}(j) . $$
#
# For day 2, with three digits:

# %%
dry, wet = [0.368, 0.184, 0.003], [0.073, 0.147, 0.156]  # Poisson, 1 and 4

a_dry = (0.5 * dry[0] * 0.8 + 0.5 * wet[0] * 0.2) * dry[1]
a_wet = (0.5 * dry[0] * 0.2 + 0.5 * wet[0] * 0.8) * wet[1]
print(f"forward, day 2:  dry {a_dry:.5f}  wet {a_wet:.5f}")
b_dry = 0.8 * dry[2] + 0.2 * wet[2]
b_wet = 0.2 * dry[2] + 0.8 * wet[2]
print(f"backward, day 2: dry {b_dry:.5f}  wet {b_wet:.5f}")
wet_2 = a_wet * b_wet / (a_dry * b_dry + a_wet * b_wet)
print(f"day 2 was wet with probability {wet_2:.2f}")

# %% [markdown]
# The product $\alpha_t(i) \, \beta_t(i)$ is the probability of all counts and of state $i$ on day
# $t$. Divided by its sum over $i$, it is the state's **responsibility** for the day, its posterior
# probability given the whole series. In the same way
# $\alpha_t(i) \, \Gamma_{ij} \, p(x_{t+1} \mid j) \, \beta_{t+1}(j)$ gives the probability of a
# *move* from $i$ to $j$. The last $\alpha$, summed, is the **likelihood**:
# {{ alpha[-1].sum() : .5f }}.
#
# **The M-step counts.** The rate of a state is the mean of the sales, each day weighted by its
# responsibility: for wet days {{ days @ shares[:, 1] / shares[:, 1].sum() : .2f }} umbrellas, where
# the guess was 4. A transition is the expected number of moves from $i$ to $j$, divided by all
# expected moves from $i$.
#
# ## The program
#
# Here are sixty days. The program leaves out the $1/x!$ of the Poisson probability, which is the same for
# both states. A product of sixty such factors is small, but a float can hold it. From a few hundred days
# on it no longer can, and then $\alpha$ and $\beta$ are scaled each day.

# %% tags=["program"]
import numpy as np

digits = "458701211443057212412161036460011001530100001221151522343455"
sold = np.array([*digits], dtype=float)  # umbrellas, day by day
rate = np.array([1.0, 4])  # a guess: a dry day, a wet day
start = np.ones(len(rate)) / len(rate)
move = 0.6 * np.eye(len(rate)) + 0.4 * start  # a row for each day before

for _ in range(50):
    # E-step: forward, backward, and both together
    p = np.exp(-rate) * rate ** sold[:, None]  # Poisson, but for 1 / x!
    f, b = start * p, np.ones(p.shape)
    for t in range(1, len(sold)):
        f[t] = (f[t - 1] @ move) * p[t]
    for t in range(len(sold) - 1, 0, -1):
        b[t - 1] = move @ (p[t] * b[t])
    state = f * b / f[-1].sum()
    moves = move * (f[:-1].T @ (p * b)[1:]) / f[-1].sum()
    # M-step: count the first day, the moves, and each state's umbrellas
    start, move = state[0], moves / moves.sum(axis=1, keepdims=True)
    rate = sold @ state / state.sum(axis=0)

print("rates", rate.round(4), "stay", move.diagonal().round(4))

# %% tags=["hide"]
import em
from em.models import poisson_hmm
from em.models.poisson_hmm import PoissonHMM

theirs = em.fit(
    poisson_hmm,
    sold,
    PoissonHMM(half, [[0.8, 0.2], [0.2, 0.8]], [1, 4]),
    until=lambda steps: len(steps) > 50,
).params
np.testing.assert_allclose(rate, theirs.rates, rtol=1e-9)
np.testing.assert_allclose(move, theirs.transitions, rtol=1e-9)

# %% [markdown]
# This is the *Baum–Welch algorithm*, which is EM for a hidden Markov model. The sixty days were
# drawn with the rates 1 and 4, and with the transitions of the guess. For three states put a third
# number into `rate`. The rest follows.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** shuffle the sixty days, so that each count is still there but the order is lost. What becomes of `stay`?
#
# ```diff
# -sold = np.array([*digits], dtype=float)  # umbrellas, day by day
# +sold = np.random.default_rng(0).permutation([*digits]).astype(float)
# ```
#
# <details markdown><summary>See why</summary>
#
# The two rates hardly move: {{ changed.rate[0] : .2f }} and {{ changed.rate[1] : .2f }}. But the
# probabilities of staying fall from {{ move[0, 0] : .2f }} and {{ move[1, 1] : .2f }} to
# {{ changed.move[0, 0] : .2f }} and {{ changed.move[1, 1] : .2f }}. Today says next to nothing
# about tomorrow, and the model has noticed.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** start with a matrix that forgets at once: whatever today is like, tomorrow is dry or wet with probability one half each. Can EM still find that wet days last?
#
# ```diff
# -move = 0.6 * np.eye(len(rate)) + 0.4 * start  # a row for each day before
# +move = np.full((2, 2), 0.5)
# ```
#
# <details markdown><summary>See why</summary>
#
# It can: `stay` ends at {{ changed.move[0, 0] : .4f }} and {{ changed.move[1, 1] : .4f }}, as
# before. A guess is where EM begins, not what it is bound to.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** now start with a matrix that never lets a state change. Where do the two rates end?
#
# ```diff
# -move = 0.6 * np.eye(len(rate)) + 0.4 * start  # a row for each day before
# +move = np.eye(len(rate))
# ```
#
# <details markdown><summary>See why</summary>
#
# Both at {{ changed.rate[0] : .4f }}, the mean of all days. Only two paths are left, dry for sixty
# days or wet for sixty days, so a state has the same responsibility for every day. **A transition that
# begins at 0 stays at 0**, because its expected number of moves is 0.
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **A transition that is 0 stays 0.** Begin with probabilities above 0, unless you know better.
# - **Several ends.** Start more than once: [how many starts reach the
#   top?](states.py#local-maxima-again)
#
# ## Exercises
#
# The last exercise on [the page of exercises](exercises.py) is the M-step for two series, and marks itself.
#
# **1.** *Predict*: how many umbrellas would have to be sold on day 2 for it to be certainly wet?
#
# <details markdown><summary>Solution</summary>
#
# No number makes it certain, but the odds grow fourfold with each umbrella: by $4^x / 1^x$, times
# the same $e^{-4} / e^{-1}$. At five umbrellas they are {{ 4**5 * np.exp(-3) : .0f }} to 1, before
# the neighbours are asked.
#
# </details>
#
# **2.** Start the program with the two rates exchanged, 4 and 1. *Predict* what it prints.
#
# <details markdown><summary>Solution</summary>
#
# The same numbers in the other order. "Dry" and "wet" are only names: [labels switch](coins.py).
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [how many states, and which path?](states.py) has the earthquakes as a chain, BIC,
# local maxima and the Viterbi path. States that are normals find [calm and turbulent
# markets](markets.py). Rabiner, *A Tutorial on Hidden Markov Models and Selected
# Applications in Speech Recognition*, Proceedings of the IEEE 77 (1989),
# [doi 10.1109/5.18626](https://doi.org/10.1109/5.18626), explains forward, backward, Baum–Welch and
# Viterbi.
