# ---
# title: Counts and sequences
# order: 32.5
# section: Use
# question: How do I find hidden states in counts that were taken one after the other?
# description: >-
#   Expectation Maximisation for counts: forward and backward on a trellis of three days, a
#   hidden Markov model in nineteen lines, and a century of earthquakes with Baum-Welch and BIC.
# numbers: own
# allow: ["0.8", "0.2", 0.5, 12, 41, 60, 107, 200, 1900, 1906, 1907, 1943, 1970, 1989, 2006, 2016, 77, "100,000", 20, "0.4", "0.3"]
# ---

# %% [markdown]
# # From counts to sequences
#
# A shop sold 1, 2 and 5 umbrellas on three days. A day is dry or wet, and nobody wrote down
# which. But wet days like to follow wet days. How probably was each day wet?

# %% tags=["hide"]
import numpy as np

from em.densities import log_poisson
from em.figures.stepper import stepper
from em.figures.trellis import say, trellis
from em.hmm.forward_backward import forward_backward

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
    "The guess: what was sold is so probable on a dry day (upper row), and on a wet day."
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
# ## Try it
#
# The guess: 1 umbrella on a dry day and 4 on a wet one, on average; tomorrow is like today with
# probability 0.8; the first day may be either.
#
# **1. Predict:** two umbrellas are a little more probable on a dry day. Going *forward*, which
# state does day 2 lean to? *Step to "Forward, day 2".*
#
# <details markdown><summary>See why</summary>
#
# To dry: {{ say(alpha[1, 0]) : s }} against {{ say(alpha[1, 1]) : s }}. Day 1 was probably dry, and dry days
# follow dry days.
#
# </details>
#
# **2. Predict:** five were sold on day 3. What does that say of day 2? *Step to "Backward, day
# 2".*
#
# <details markdown><summary>See why</summary>
#
# That it was wet. From a wet day the five are {{ beta[1, 1] / beta[1, 0] : .1f }} times as
# probable as from a dry one: {{ say(beta[1, 1]) : s }} against {{ say(beta[1, 0]) : s }}.
#
# </details>
#
# **3. Predict:** past and future disagree on day 2. Who wins? *Go to the end.*
#
# <details markdown><summary>See why</summary>
#
# The future, narrowly: day 2 was wet with probability {{ shares[1, 1] : .2f }}. By days 1 and 2 alone, it would be {{ alpha[1, 1] / alpha[1].sum() : .2f }}.
#
# </details>
#
# ## Two sums, by hand
#
# What hides is a whole *path* of states: the **latent variable** is dry-dry-wet, or one of seven
# others. The E-step has to share out the evidence among all paths, and with 107 counts and three states, as in the series below, their number has {{ 1 + 107 * np.log10(3) : .0f }} digits. But we need not walk each one.
#
# **Forward.** Let $\alpha_t(j)$ be the probability of all counts up to day $t$ *and* of state $j$ on
# that day. Every path that is in $j$ today was somewhere yesterday, so add up over where:
#
# $$ \alpha_t(j) = \sum_i \alpha_{t-1}(i) \, \Gamma_{ij} \; p(x_t \mid j) . $$
#
# **Backward.** Let $\beta_t(i)$ be the probability of all counts *after* day $t$, if day $t$ is in state
# $i$. Every path goes somewhere tomorrow, so add up over where:
#
# $$ \beta_t(i) = \sum_j \Gamma_{ij} \; p(x_{t+1} \mid j) \, \beta_{t+1}(j) . $$
#
# $\Gamma_{ij}$ is the probability that state $j$ follows state $i$. Here both are with three days, to
# three digits:

# %%
dry, wet = [0.368, 0.184, 0.003], [0.073, 0.147, 0.156]

a_dry, a_wet = 0.5 * dry[0], 0.5 * wet[0]
for t in (1, 2):
    a_dry, a_wet = (
        (a_dry * 0.8 + a_wet * 0.2) * dry[t],
        (a_dry * 0.2 + a_wet * 0.8) * wet[t],
    )
    print(f"forward, day {t + 1}:  dry {a_dry:.5f}  wet {a_wet:.5f}")

b_dry, b_wet = 1, 1
for t in (2, 1):
    b_dry, b_wet = (
        0.8 * dry[t] * b_dry + 0.2 * wet[t] * b_wet,
        0.2 * dry[t] * b_dry + 0.8 * wet[t] * b_wet,
    )
    print(f"backward, day {t}: dry {b_dry:.5f}  wet {b_wet:.5f}")

# %% [markdown]
# $\alpha_t(i) \, \beta_t(i)$ is the probability of all counts and of state $i$ on day $t$. Divided by
# the sum over $i$, it is the **posterior** probability of the state, given the whole series. In
# the same way $\alpha_t(i) \, \Gamma_{ij} \, p(x_{t+1} \mid j) \, \beta_{t+1}(j)$ gives that of a
# *move* from $i$ to
# $j$. And the last $\alpha$, summed, is the **likelihood**: {{ alpha[-1].sum() : .5f }}.
#
# **The M-step** counts. A state's rate is the mean of the sales, each day weighted by its share;
# a transition is the expected number of moves from $i$ to $j$, divided by all moves from $i$. For
# wet days that is $(1 r_1 + 2 r_2 + 5 r_3) / (r_1 + r_2 + r_3)$ with $r_t$ the share of wet in day
# $t$: {{ days @ shares[:, 1] / shares[:, 1].sum() : .2f }} umbrellas, where the guess was 4.
#
# ## The program
#
# Sixty days, to be pasted into an empty Python that has NumPy and SciPy. Many days make $\alpha$ so
# small that a computer takes it for 0, so it is scaled to a sum of 1 each day:

# %% tags=["program"]
import numpy as np
from scipy.stats import poisson

digits = "458701211443057212412161036460011001530100001221151522343455"
sold, rate = np.array([*digits], dtype=float), np.array([1.0, 4])
start, move = np.array([0.5, 0.5]), np.array([[0.8, 0.2], [0.2, 0.8]])

for _ in range(50):
    p = poisson.pmf(sold[:, None], rate)
    f, b = [start * p[0]], [np.ones(2)]  # E-step: forward and backward,
    for t in range(1, len(p)):
        f.append(f[-1] / f[-1].sum() @ move * p[t])
        b.insert(0, move @ (p[-t] * b[0]) / (p[-t] * b[0]).sum())
    state = np.array(f) * b  # together: days, and pairs of days
    state /= state.sum(axis=1, keepdims=True)
    pairs = np.array(f[:-1])[:, :, None] * move * (p * b)[1:, None]
    moves = (pairs / pairs.sum(axis=(1, 2), keepdims=True)).sum(axis=0)
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
# This is the *Baum–Welch algorithm*, which is EM for a **hidden Markov model**. (The sixty days
# were drawn with the rates 1 and 4 and the transitions of the guess.)
#
# ## One rate is not enough
#
# Now real counts. How many earthquakes of magnitude 7 or more were there in the world, each year
# from 1900 to 2006? ([The data](data/earthquakes.csv) are from the book by Zucchini, MacDonald
# and Langrock.)

# %%
import numpy as np
from attrs import evolve

import em
from em.densities import log_poisson
from em.hmm.forward_backward import (
    backward,
    forward,
    normalised,
    step_by_step,
)
from em.models import poisson_hmm, poissons
from em.models.poisson_hmm import PoissonHMM
from em.models.poissons import Poissons

table = """
13 14  8 10 16 26 32 27 18 32 36 24 22 23 22 18 25 21
21 14  8 11 14 23 18 17 19 20 22 19 13 26 13 14 22 24
21 22 26 21 23 24 27 41 31 27 35 26 28 36 39 21 17 22
17 19 15 34 10 15 22 18 15 20 15 22 19 16 30 27 29 23
20 16 21 21 25 16 18 15 18 14 10 15  8 15  6 11  8  7
18 16 13 12 13 20 15 16 12 18 15 16 13 15 16 11 11
"""
counts = np.array(table.split(), dtype=float)
years = 1900 + np.arange(len(counts))
print(f"{len(counts)} years, {counts.sum():.0f} earthquakes")

# %% tags=["hide"]
from em.figures import counts as draw

draw.series(
    years,
    counts,
    "Earthquakes of magnitude 7 or more, year by year. Quiet and busy times seem to last.",
)

# %% [markdown]
# If strong earthquakes came independently of each other at a steady rate $\lambda$, the
# count $x$ of a year would follow the *Poisson distribution*,
#
# $$ p(x \mid \lambda) = e^{-\lambda} \, \frac{\lambda^x}{x!} . $$
#
# Its mean is $\lambda$, and so is its variance. Are they alike here?

# %%
print(f"mean {counts.mean():.2f}, variance {counts.var():.2f}")

# %% [markdown]
# The variance is more than twice the mean: one steady rate will not do. Perhaps there are
# quiet years and busy years. Let us say that each year is of one of three kinds, and that
# nobody wrote down which: a *mixture of Poissons*. What is hidden is a label again, as for the [two
# coins](coins.py). Only the
# probability of an observation is new.

# %% tags=["hide"]
em.show(log_poisson)

# %% tags=["hide"]
em.show(poissons.log_joint)

# %% tags=["hide"]
em.show(poissons.e_step)

# %% [markdown]
# The M-step takes each kind's mean count, every year weighted by its share.

# %% tags=["hide"]
em.show(poissons.credited)

# %% tags=["hide"]
em.show(poissons.answer)

# %%
three = em.fit(poissons, counts, Poissons([10, 20, 25]))

print("rates  ", three.params.rates.round(4))
print("weights", three.params.weights.round(4))
print(f"log-likelihood {three.log_likelihood:.5f}")
print("after", len(three.steps) - 1, "steps")

# %% tags=["hide"]
draw.histogram(
    counts,
    counts.mean(),
    three.params,
    "Grey bars: the years by their counts, two counts to a bar. One Poisson (thin) is too "
    "narrow. A, B and C: the three of the mixture. Bold: their sum.",
)

# %% [markdown]
# Rates near {{ three.params.rates[0] : .0f }}, {{ three.params.rates[1] : .0f }} and
# {{ three.params.rates[2] : .0f }} fit well. But EM has not looked at everything that the data say.
# It was told 107 numbers, not which came after which. Shuffle the years, and nothing changes:

# %%
shuffled = np.random.default_rng(5).permutation(counts)
_, as_before = poissons.e_step(shuffled, three.params)

print(f"log-likelihood, years shuffled: {as_before:.5f}")


def next_to_next(x):
    return np.corrcoef(x[:-1], x[1:])[0, 1]


print(f"neighbours' correlation: {next_to_next(counts):.2f}")
print(f"neighbours' correlation, shuffled: {next_to_next(shuffled):.2f}")

# %% [markdown]
# ## The years get an order
#
# Neighbouring years are alike, so quiet times last. Say so in the model, as with the umbrellas:
# each year is in one of three *states*, hidden as before, and the next year's state depends on
# this year's.
#
# - The **initial probabilities** $\delta_i$ are those of the first year's state.
# - The **transitions** $\Gamma_{ij}$ are the probabilities that state $j$ follows state $i$. Each
#   row of $\Gamma$ sums to 1.
# - The **rates** $\lambda_i$ are the mean counts of the states, as in the mixture.
#
# If $\delta$ and all rows of $\Gamma$ were equal, the state of a year would not matter for the next,
# and we would be back at the mixture.
#
# ## The same in the package
#
# Forward and backward as on the trellis, in logarithms, which never underflow. (The package's
# backward pass starts from the filtered states, $\alpha$ scaled: if state $j$ follows, state $i$ came
# before it as probably as $i$ was likely by then, times the probability of the move.)

# %% tags=["hide"]
em.show(forward)

# %% tags=["hide"]
em.show(backward)

# %% tags=["hide"]
em.show(normalised)

# %% tags=["hide"]
em.show(poisson_hmm.credited)

# %% tags=["hide"]
em.show(poisson_hmm.answer)

# %%
start = PoissonHMM(
    initial=[1 / 3, 1 / 3, 1 / 3],
    transitions=[[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]],
    rates=[10, 20, 25],
)
logs = log_poisson(counts, start.rates)
chain, log_likelihood = step_by_step(logs, start.initial, start.transitions)

print(f"log-likelihood {log_likelihood:.6f}")
print("1943, 41 earthquakes:", chain.smoothed[43].round(3))
print("moves")
print(chain.expected_transitions.round(2))
print(f"{chain.expected_transitions.sum():.2f} moves between 107 years")

# %%
fit = em.fit(poisson_hmm, counts, start)

print("initial", fit.params.initial.round(4))
print("transitions")
print(fit.params.transitions.round(4))
print("rates", fit.params.rates.round(4))
print(f"log-likelihood {fit.log_likelihood:.5f}")
print("after", len(fit.steps) - 1, "steps")

# %% [markdown]
# The loop did not have to change: it knows neither mixtures nor chains. The three rates are
# much like those of the mixture. New is how long they last: after a quiet year, the next is
# quiet with probability {{ fit.params.transitions[0, 0] : .3f }}.

# %% tags=["hide"]
taken = [*range(8), 10, 15, len(fit.steps) - 1]
stepper(
    [
        draw.states(
            years,
            counts,
            fit.steps[number].posterior.smoothed,
            fit.steps[number].params.rates,
            f"After {number} steps.",
        )
        for number in taken
    ],
    [
        "After {} steps: rates {:.2f}, {:.2f} and {:.2f}; "
        "log-likelihood −{:.3f}".format(
            number,
            *fit.steps[number].params.rates,
            -fit.steps[number].log_likelihood,
        )
        for number in taken
    ],
    "The series by state, over the steps of EM. Above, each year in the mixed colour of its "
    "shares, and the rate of its most probable state as a line. Below, the shares, stacked: A at "
    "the bottom, C at the top.",
)

# %% [markdown]
# ## What is the order worth?
#
# The mixture reached {{ three.log_likelihood : .3f }}, the chain {{ fit.log_likelihood : .3f }}. But the
# chain has more numbers to choose: 2 initial probabilities, 6 transitions and 3 rates are eleven,
# where the mixture has five. The *Bayesian information criterion* charges $\log n$ for each of $p$
# numbers:
#
# $$ \mathrm{BIC} = -2 \, \log L + p \, \log n , $$
#
# and the model with the lowest BIC is preferred.
# ([How many groups?](groups.py) says where this comes from, and what it does not tell.)


# %%
def bic(log_likelihood, numbers):
    return -2 * log_likelihood + numbers * np.log(len(counts))


result = {"mixture": [], "chain": []}
print("k  mixture      BIC     chain      BIC")
for k in range(1, 5):
    rates = np.linspace(10, 30, k)
    slow = {"tol": 1e-6, "max_iter": 20_000}
    mixed = em.fit(poissons, counts, Poissons(rates), **slow)
    moves = np.full((k, k), 0.2 / k) + 0.8 * np.eye(k)
    begin = PoissonHMM(np.full(k, 1 / k), moves, rates)
    chained = em.fit(poisson_hmm, counts, begin, **slow)
    m, c = mixed.log_likelihood, chained.log_likelihood
    result["mixture"].append(bic(m, 2 * k - 1))
    result["chain"].append(bic(c, k**2 + k - 1))
    print(
        f"{k}  {m:.2f}  {result['mixture'][-1]:.2f}"
        f"   {c:.2f}  {result['chain'][-1]:.2f}"
    )

# %% tags=["hide"]
draw.criterion(
    result,
    "BIC of mixtures and of chains. The order of the years is worth far more than another "
    "component.",
)

# %% [markdown]
# With two or three components the chain is far ahead. With four it has so many transitions to
# pay for that it is hardly better than the mixture.
#
# ### Two states or three? It flips
#
# Between two states and three, BIC's verdict hangs on how the initial probabilities are counted. A
# series has only one first year, and however long it gets, it says no more of them: they can hardly
# be estimated. So there is a case for not charging $\log n$ for them.

# %%
free = {
    k: result["chain"][k - 1] - (k - 1) * np.log(len(counts)) for k in (2, 3)
}
print("states   charged  not charged")
for k in (2, 3):
    print(f"{k:6}   {result['chain'][k - 1]:7.2f}  {free[k]:11.2f}")

# %% [markdown]
# Charged, two states win, by {{ result["chain"][2] - result["chain"][1] : .2f }}. Not charged, three
# win, by {{ free[2] - free[3] : .2f }}. **So BIC does not decide here**, and whoever quotes one of the
# numbers should say how the initial probabilities were counted. BIC counts numbers and asks
# nothing about the earth. It also takes for granted that each fit has found the highest peak.
#
# ## Local maxima, again
#
# Has it? Here are 200 random starts for three states. A run ends when a step raises the
# log-likelihood by less than a millionth. From each place that was reached, two more runs go
# on with more patience: one as it is, and one after a nudge that makes all probabilities a little
# more alike, so that none is 0.


# %%
def settled(steps):
    rise = steps[-1].log_likelihood - steps[-2].log_likelihood
    return rise < 1e-6


def nudge(m):
    initial, transitions = m.initial + 1e-3, m.transitions + 1e-3
    transitions /= transitions.sum(axis=1, keepdims=True)
    return PoissonHMM(initial / initial.sum(), transitions, m.rates)


rng = np.random.default_rng(1900)
ends = []
for _ in range(200):
    random = PoissonHMM(
        rng.dirichlet(np.ones(3)),
        rng.dirichlet(np.ones(3), size=3),
        rng.uniform(counts.min(), counts.max(), size=3),
    )
    ends.append(em.fit(poisson_hmm, counts, random, until=settled))

groups = []  # of runs that ended at the same log-likelihood
for end in sorted(ends, key=lambda end: -end.log_likelihood):
    top = groups[-1][0].log_likelihood if groups else np.inf
    if top - end.log_likelihood > 0.005:
        groups.append([])
    groups[-1].append(end)

tops = []
print("starts  stopped at  goes on to  nudged")
for group in groups:
    end = group[0]
    rates = np.sort(end.params.rates)
    tops.append((end.log_likelihood, len(group), rates))
    more = [
        em.fit(poisson_hmm, counts, begin, tol=1e-10).log_likelihood
        for begin in (end.params, nudge(end.params))
    ]
    print(
        f"{len(group):6}  {end.log_likelihood:10.3f}"
        f"  {more[0]:10.3f}  {more[1]:.3f}"
    )

# %% tags=["hide"]
draw.maxima(
    tops,
    "Where 200 random starts stopped: log-likelihood, number of starts, and the three rates.",
)

# %% [markdown]
# Most starts reach {{ tops[0][0] : .3f }}. A few stop at {{ tops[2][0] : .3f }} or
# {{ tops[3][0] : .3f }}, and stay there however long they go on, even after a nudge: other rates,
# other transitions, and nothing in such a run
# tells that there is something better. So start more than once.
# ([How it goes wrong](pitfalls.py#where-you-start-is-where-you-end) has a map of such ends.)
#
# A stop at {{ tops[1][0] : .3f }} is another matter. Left alone, it goes on to the highest. On its way
# the probability of a move from the quietest state to the busiest had become nearly 0. EM multiplies a
# transition by how much it is wanted, so one that is nearly 0 needs many steps to grow, and
# meanwhile hardly anything moves. Make it 0, and the run stays for ever:

# %%
barred = fit.params.transitions.copy()
barred[0, 2] = 0
barred /= barred.sum(axis=1, keepdims=True)

never = em.fit(poisson_hmm, counts, evolve(fit.params, transitions=barred))
after = em.fit(poisson_hmm, counts, nudge(never.params))
print(f"log-likelihood {never.log_likelihood:.3f}")
print("from the quietest", never.params.transitions[0].round(4))
print(f"after a nudge  {after.log_likelihood:.3f}")

# %% [markdown]
# EM stands still there, but it is no peak: a nudge, and the run climbs on. Where a probability is
# exactly 0, EM cannot move it, uphill or not. And a rule that stops at the first small rise
# may take the way past such a place for the end.
#
# ## Smoothing, and the most probable path
#
# The shares say for each year which state it was in, given everything: that is called
# *smoothing*. Another question is which *path* through all the years is the most probable.
# The *Viterbi algorithm* finds it. It goes forward as above, only with the largest term in
# place of the sum, remembers where the largest came from, and walks back.

# %% tags=["hide"]
em.show(poisson_hmm.viterbi)

# %%
states = fit.posterior.smoothed
path = poisson_hmm.viterbi(counts, fit.params)
apart = np.flatnonzero(states.argmax(axis=1) != path)

print("year count  shares of 0, 1, 2   best path")
for t in apart:
    told = "  ".join(f"{share:.3f}" for share in states[t])
    print(
        f"{years[t]}  {counts[t]:3.0f}   {told}"
        f"  {states[t].argmax():3}  {path[t]:3}"
    )

# %% tags=["hide"]
draw.states(
    years,
    counts,
    states,
    fit.params.rates,
    "The most probable path, as a line through the counts. Upright lines: the years in which "
    "it is not in the year's own most probable state.",
    path=path,
)

# %% [markdown]
# The two answers differ in {{ len(apart) : d }} years, and each lies where one state gives way to the
# next. Two states share such a year, with {{ states[apart].max() : .3f }} at most, and the
# two questions draw the border a year apart. Neither is wrong. If you want as many years right as
# possible, take each year's own best state. If you want one story that hangs together, take the
# path: years that are best one by one may even make a move that is impossible (the third exercise).
#
# ## A hundred thousand years
#
# Forward and backward go from year to year, and a loop over the years is slow in Python. So for
# long series the package cuts them into blocks and lets all blocks take each step together, as one
# operation on arrays. It gives the same numbers:

# %%
from em.hmm.forward_backward import forward_backward

fast, by_blocks = forward_backward(logs, start.initial, start.transitions)
off = np.abs(fast.smoothed - chain.smoothed).max()
print("largest difference below 1e-10:", off < 1e-10)

# %% [markdown]
# How a block knows in which state it begins is explained where it is done, in
# `em/hmm/blocked.py`. In the blocks, probabilities are scaled, not in logarithms; where something in
# a series is so improbable that a float cannot hold it, the package notices and goes step by step.
#
# ## What could go wrong
#
# - **Something impossible.** A state with rate 0 cannot make a count above 0. If no other
#   state can be reached, the fit stops and names the count.
# - **A state takes no data,** because its rate is far from all counts, or 0. The error says so,
#   and what to do. The second exercise shows it.
# - **A transition that is 0 stays 0,** as above. Begin with probabilities above 0, unless you know
#   better.
# - **One series, one beginning.** The initial probabilities are estimated from a single first year,
#   so they end at 0 or 1. Do not read anything into them.
# - **States are no explanation.** That three states fit does not show that the earth has three.
# - **Stopping.** The mixture took {{ len(three.steps) - 1 : d }} steps, and
#   the chain {{ len(fit.steps) - 1 : d }}. Where groups overlap, steps are small:
#   [a small step is not a small distance](pitfalls.py#a-small-step-is-not-a-small-distance).
#
# ## Exercises
#
# **1.** Give the chain the *shuffled* years. *Predict*: what is the order worth then?
#
# <details markdown><summary>Solution</summary>

# %%
lost = em.fit(poisson_hmm, shuffled, start, **slow)
print(f"log-likelihood {lost.log_likelihood:.2f}")
print(f"BIC of the chain   {bic(lost.log_likelihood, 11):.2f}")
print(f"BIC of the mixture {bic(three.log_likelihood, 5):.2f}")

# %% [markdown]
# The chain still gains a little, as six more numbers do at the highest peak, but less than they cost. The
# mixture's BIC is lower.
#
# </details>
#
# **2.** Start state A at the rate 0. *Predict*: what happens, and why?
#
# <details markdown><summary>Solution</summary>

# %%
try:
    em.fit(poisson_hmm, counts, evolve(start, rates=[0, 20, 25]))
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# No year had 0 earthquakes, so state A can have made none of them. The M-step would divide
# 0 by 0.
#
# </details>
#
# **3.** Three states with the same rate, so that the counts say nothing. State 0 is never
# left, states 1 and 2 go to state 2. It begins with probabilities 0.4, 0.3 and 0.3. After two years, *predict*:
# which states are most probable one by one, and which path?
#
# <details markdown><summary>Solution</summary>

# %%
blind = PoissonHMM(
    [0.4, 0.3, 0.3], [[1, 0, 0], [0, 0, 1], [0, 0, 1]], [5, 5, 5]
)
told, _ = poisson_hmm.e_step(np.array([5.0, 5.0]), blind)

print(told.smoothed.round(2))
print("one by one:", told.smoothed.argmax(axis=1))
print("path:      ", poisson_hmm.viterbi([5, 5], blind))

# %% [markdown]
# One by one the best are 0 and then 2, but nothing leads from 0 to 2. The best path stays
# in 0.
#
# </details>
#
# ## Where to read on
#
# The data, and much more on them, are in Zucchini, MacDonald and Langrock, *Hidden Markov
# Models for Time Series: An Introduction Using R* (2nd edition, 2016). Rabiner, *A Tutorial on
# Hidden Markov Models and Selected Applications in Speech Recognition*, Proceedings of the
# IEEE 77 (1989), [doi 10.1109/5.18626](https://doi.org/10.1109/5.18626), explains forward,
# backward, Baum–Welch and Viterbi. Before EM had its name: Baum, Petrie, Soules and Weiss, *A
# Maximization Technique Occurring in the Statistical Analysis of Probabilistic Functions of
# Markov Chains*, Annals of Mathematical Statistics 41 (1970),
# [doi 10.1214/aoms/1177697196](https://doi.org/10.1214/aoms/1177697196). Next:
# [reads to transcripts](transcripts.py), or [write your own](recipe.py).
