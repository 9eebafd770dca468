# ---
# title: Counts and sequences
# order: 32.5
# section: Use
# question: How do I find hidden states in counts that were taken one year after the other?
# description: >-
#   Expectation Maximisation for counts: a mixture of Poissons, then a hidden Markov model
#   with Baum-Welch, Viterbi, BIC and local maxima, on a century of earthquakes.
# ---

# %% [markdown]
# # From counts to sequences
#
# **At the end of this page you will be able to** fit a mixture of Poissons to counts, fit a
# hidden Markov model to a series of them, say what the order of the data is worth, and tell
# the most probable state of each year from the most probable path.
#
# How many earthquakes of magnitude 7 or more were there in the world, each year from 1900
# to 2006? ([The data](data/earthquakes.csv) are from the book by Zucchini, MacDonald and
# Langrock.)

# %%
import numpy as np
from attrs import evolve

import em
from em.densities import log_poisson
from em.hmm import blocked
from em.hmm.forward_backward import (
    backward,
    forward,
    forward_backward,
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
# ## One rate is not enough
#
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
# nobody wrote down which: a *mixture of Poissons*. What is hidden is a label again, as for the [two coins](coins.py). Only the
# chance of an observation is new.

# %% tags=["hide"]
em.show(log_poisson)

# %% tags=["hide"]
em.show(poissons.log_joint)

# %% tags=["hide"]
em.show(poissons.e_step)

# %% [markdown]
# The M-step takes each kind's mean count, every year weighted by its share.

# %% tags=["hide"]
em.show(poissons.m_step)

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
# Rates near 13, 20 and 32 fit well. But EM has not looked at everything that the data say.
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
# Neighbouring years are alike, so quiet times last. Say so in the model: each year is in one
# of three *states*, hidden as before, and the next year's state depends on this year's.
#
# - The **initial chances** $\delta_i$ are those of the first year's state.
# - The **transitions** $\Gamma_{ij}$ are the chances that state $j$ follows state $i$. Each
#   row of $\Gamma$ sums to 1.
# - The **rates** $\lambda_i$ are the mean counts of the states, as in the mixture.
#
# This is a *hidden Markov model*. If $\delta$ and all rows of $\Gamma$ were equal, the state
# of a year would not matter for the next, and we would be back at the mixture.
#
# ## The E-step: forward and backward
#
# What hides is a whole path of states now. To share out the evidence, we would have to go
# through every path, and there are

# %%
print(f"{3.0 ** len(counts):.1e} paths")

# %% [markdown]
# of them. But the chances of all paths that are in state $j$ in year $t$ can be added up from
# those of the year before. Let $\alpha_t(j)$ be the chance of the counts up to year $t$ *and*
# of state $j$ in that year. Then
#
# $$ \alpha_t(j) = \sum_i \alpha_{t-1}(i) \, \Gamma_{ij} \; p(x_t \mid \lambda_j) . $$
#
# One year costs nine products, and the last year's $\alpha$ sums to the likelihood. The numbers
# get small quickly, so we scale them to sum to 1 in each year, and keep the logarithm of what
# we divided by. (That scaled $\alpha$ is the chance of each state, given all counts *so far*.)

# %%
start = PoissonHMM(
    initial=[1 / 3, 1 / 3, 1 / 3],
    transitions=[[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]],
    rates=[10, 20, 25],
)
chance = np.exp(log_poisson(counts, start.rates))

alpha, total = start.initial * chance[0], 0.0
for t in range(1, len(counts)):
    total += np.log(alpha.sum())
    alpha = alpha / alpha.sum() @ start.transitions * chance[t]
total += np.log(alpha.sum())

print(f"by hand: {total:.6f}")
print(f"package: {poisson_hmm.e_step(counts, start)[1]:.6f}")

# %% [markdown]
# The past is one half. A year's state is told by what came *after* it too, and that half is
# collected from the last year backwards. If state $j$ follows, state $i$ came before it as
# probably as $i$ was likely by then, times the chance of a move from $i$ to $j$. That gives
# the chance of every pair of neighbouring states. Sums over those pairs are what the M-step
# needs:
#
# - `smoothed[t, i]`: the chance that year $t$ was in state $i$, given the whole series;
# - `expected_transitions[i, j]`: how many moves from state $i$ to state $j$ are to be expected.
#
# Here it is in logarithms, which never underflow:

# %% tags=["hide"]
em.show(forward)

# %% tags=["hide"]
em.show(backward)

# %% tags=["hide"]
em.show(normalised)

# %%
logs = log_poisson(counts, start.rates)
chain, log_likelihood = step_by_step(logs, start.initial, start.transitions)

print(f"log-likelihood {log_likelihood:.6f}")
print("1943, 41 earthquakes:", chain.smoothed[43].round(3))
print("moves")
print(chain.expected_transitions.round(2))
print(f"{chain.expected_transitions.sum():.2f} moves between 107 years")

# %% [markdown]
# ## The M-step: count the moves
#
# Had we seen the states, we would count: how often did 1 follow 0? Now we count expected
# moves. The rates are weighted means, as before. EM for this model is known as the
# *Baum–Welch algorithm*.

# %% tags=["hide"]
em.show(poisson_hmm.m_step)

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
# quiet with a chance of 0.939.

# %% tags=["hide"]
draw.states(
    years,
    counts,
    fit.posterior.smoothed,
    fit.params.rates,
    "The series by state. Above, each year in the mixed colour of its shares, and the rate "
    "of its most probable state as a line. Below, the shares, stacked: A at the bottom, C at "
    "the top.",
)

# %% [markdown]
# ## What is the order worth?
#
# The mixture reached −356.84894, the chain −328.52748. But the chain has more numbers to
# choose: 2 initial chances, 6 transitions and 3 rates are 11, where the mixture has 5. The
# *Bayesian information criterion* charges $\log n$ for each of $p$ numbers:
#
# $$ \mathrm{BIC} = -2 \, \log L + p \, \log n , $$
#
# and the model with the lowest BIC is preferred.
# ([How many groups?](groups.py#how-many-bic-and-aic) says where this comes from, and what it
# does not tell.)


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
# pay for that it is hardly better than the mixture. Between two states and three BIC does not
# decide: 707.12 against 708.46 here, and it flips with how the initial chances are counted.
# A series has only one first year, so they can hardly be estimated; without a charge for them,

# %%
for k in (2, 3):
    print(k, f"{result['chain'][k - 1] - (k - 1) * np.log(len(counts)):.2f}")

# %% [markdown]
# three states are preferred. BIC counts numbers and asks nothing about the earth. It also takes for granted that each fit has found the highest peak.
#
# ## Local maxima, again
#
# Has it? Here are 200 random starts for three states. A run ends when a step raises the
# log-likelihood by less than a millionth. From each place that was reached, two more runs go
# on with more patience: one as it is, and one after a nudge that makes all chances a little
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
# Most starts reach −328.527. A few stop at −340.764 or −340.778, and stay there however long
# they go on, even after a nudge: other rates, other transitions, and nothing in such a run
# tells that there is something better. So start more than once.
# ([How it goes wrong](pitfalls.py#where-you-start-is-where-you-end) has a map of such ends.)
#
# A stop at −329.095 is another matter. Left alone, it goes on to −328.527. On its way the
# chance of a move from the quietest state to the busiest had become nearly 0. EM multiplies a
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
# EM stands still there, but it is no peak: a nudge, and the run climbs on. Where a chance is
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
# The two answers differ in three years, and each lies where one state gives way to the next.
# Two states share such a year nearly evenly, with 0.606 to 0.394 at most, and the two questions
# draw the border a year apart. Neither is wrong. If you want as many years right as possible, take each year's own best
# state. If you want one story that hangs together, take the path: years that are best one by
# one may even make a move that is impossible (the third exercise).
#
# ## A hundred thousand years
#
# Forward and backward go from year to year, and a loop over the years is slow in Python. The
# package cuts the series into blocks and lets **all blocks take each step together**, as one
# operation on arrays. But a block must
# know in which state it begins. The trick is in three rounds:
#
# 1. Run every block from *each* state that it may begin in. That leaves one small matrix for
#    each block, from the state where it begins to the state after it.
# 2. Walk over those matrices, one step for each block. Now it is known where each begins.
# 3. Run all blocks once more, each from its own beginning, forward and backward.

# %% tags=["hide"]
em.show(blocked.summaries)

# %% tags=["hide"]
em.show(blocked.borders)

# %% tags=["hide"]
em.show(blocked.forward)

# %%
fast, by_blocks = forward_backward(logs, start.initial, start.transitions)
moves, moves_fast = chain.expected_transitions, fast.expected_transitions

print("differences below 1e-10:")
print(np.abs(fast.smoothed - chain.smoothed).max() < 1e-10)
print(np.abs(moves_fast - moves).max() < 1e-10)
print(abs(by_blocks - log_likelihood) < 1e-10)

long = np.zeros((3, 100_000))
_, length, blocks = blocked.cut(long, long[0]).shape
print(f"100,000 years: {blocks} blocks of {length}")

# %% [markdown]
# For 100,000 years that makes a loop of 159 steps where there were 100,000, three times over,
# and one of 629 steps along the borders. This way readable NumPy keeps pace with compiled
# code: `make bench` runs one step on 100,000 counts beside hmmlearn's, which is written in
# C++. In the blocks, chances are scaled, not in
# logarithms. Where something in a series is so improbable that a float cannot hold it, the
# package notices and goes step by step.
#
# ## What could go wrong
#
# - **Something impossible.** A state with rate 0 cannot make a count above 0. If no other
#   state can be reached, the fit stops and names the count.
# - **A state takes no data,** because its rate is far from all counts, or 0. The error says so,
#   and what to do. The second exercise shows it.
# - **A transition that is 0 stays 0,** as above. Begin with chances above 0, unless you know
#   better.
# - **One series, one beginning.** The initial chances are estimated from a single first year,
#   so they end at 0 or 1. Do not read anything into them.
# - **States are no explanation.** That three states fit does not show that the earth has three.
# - **Stopping.** The mixture took 691 steps, the chain 40. Where groups overlap, steps are
#   small: [a small step is not a small distance](pitfalls.py#a-small-step-is-not-a-small-distance).
#
# ## Exercises
#
# **1.** Give the chain the *shuffled* years. What is the order worth then?
#
# <details markdown><summary>Solution</summary>

# %%
lost = em.fit(poisson_hmm, shuffled, start, **slow)
print(f"log-likelihood {lost.log_likelihood:.2f}")
print(f"BIC of the chain   {bic(lost.log_likelihood, 11):.2f}")
print(f"BIC of the mixture {bic(three.log_likelihood, 5):.2f}")

# %% [markdown]
# The chain still gains a little, as six more numbers always do, but less than they cost. The
# mixture's BIC is lower.
#
# </details>
#
# **2.** Start state A at the rate 0. What happens, and why?
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
# left, states 1 and 2 go to state 2. It begins with chances 0.4, 0.3 and 0.3. After two years:
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
# [write your own](recipe.py).
