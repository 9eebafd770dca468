# ---
# title: How many states, and which path?
# order: 33.1
# section: Use
# question: How many hidden states has my series, and which state was it in when?
# description: >-
#   A century of earthquakes as a hidden Markov model: what the order of the years is worth by
#   BIC, where 200 random starts end, smoothing and the Viterbi path.
# numbers: own
# allow: [15, 20, 10, 41, 107, 200, 1900, 1943, 1906, 1907, 1970, 1989, 2006, 2016, 0.5, 25, "100,000", "0.4", "0.3"]
# ---

# %% [markdown]
# # How many states, and which path?
#
# A [mixture of Poissons](counts.py) takes 107 years of earthquakes without their order. But quiet
# times last. A [hidden Markov model](hmm.py) gives each year a hidden state that depends on the
# year before. How much is the order worth, how many states are there, and which state was each year
# in?

# %% tags=["hide"]
import numpy as np
from attrs import evolve

import em
from em.figures import counts as draw
from em.figures.stepper import stepper
from em.models import poisson_hmm, poissons
from em.models.poisson_hmm import PoissonHMM
from em.models.poissons import Poissons

years, counts = np.loadtxt(
    em.data("earthquakes.csv"), delimiter=",", skiprows=1
).T
years = years.astype(int)
start = PoissonHMM(
    initial=[1 / 3, 1 / 3, 1 / 3],
    transitions=[[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]],
    rates=[10, 20, 25],
)
fit = em.fit(poisson_hmm, counts, start)

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
    "states, and the rate of the most probable one as a line. Below, the responsibilities, stacked: A at "
    "the bottom, C at the top.",
)

# %% [markdown]
# **You will be able to** compare models of a series, to distrust a single start, and to tell
# smoothing from the most probable path. **About MINUTES minutes. To know first:** [hidden Markov
# models](hmm.py).
#
# ## The fit

# %%
import numpy as np
from attrs import evolve

import em
from em.models import poisson_hmm, poissons
from em.models.poisson_hmm import PoissonHMM
from em.models.poissons import Poissons

years, counts = np.loadtxt(
    em.data("earthquakes.csv"), delimiter=",", skiprows=1
).T
start = PoissonHMM(
    initial=[1 / 3, 1 / 3, 1 / 3],
    transitions=[[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]],
    rates=[10, 20, 25],
)
three = em.fit(poissons, counts, Poissons([10, 20, 25]))
fit = em.fit(poisson_hmm, counts, start)
print("transitions")
print(fit.params.transitions.round(4))
print("rates  ", fit.params.rates.round(4))
print("mixture", three.params.rates.round(4))
print(
    f"log-likelihood {fit.log_likelihood:.5f}, mixture {three.log_likelihood:.5f}"
)

# %% [markdown]
# The three rates are much like those of the mixture. What is new is how long the states last: after
# a quiet year the next is quiet with probability {{ fit.params.transitions[0, 0] : .3f }}. If all
# rows of the transitions were equal, the state of a year would not matter for the next, and we
# would be back at the mixture.

# %% tags=["hide"]
em.show(poisson_hmm.credited)

# %% tags=["hide"]
em.show(poisson_hmm.answer)

# %% [markdown]
# ## What is the order worth?
#
# The chain reaches a higher log-likelihood, but it has more numbers to choose: 2 initial
# probabilities, 6 transitions and 3 rates are eleven, where the mixture has five. The *Bayesian
# information criterion* charges $\log n$ for each of the $p$ numbers, and the model with the lowest
# BIC is preferred ([why](howmany.py)):
#
# $$ \mathrm{BIC} = -2 \, \log L + p \, \log n . $$


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
# With two or three components the chain is far ahead. With four it has so many transitions to pay
# for that it is hardly better than the mixture.
#
# ### Two states or three? It flips
#
# Between two states and three, BIC's verdict depends on whether the initial probabilities are
# counted. A series has only one first year, however long it gets, so they can hardly be estimated,
# and there is a case for not charging $\log n$ for them.

# %%
free = {
    k: result["chain"][k - 1] - (k - 1) * np.log(len(counts)) for k in (2, 3)
}
print("states   charged  not charged")
for k in (2, 3):
    print(f"{k:6}   {result['chain'][k - 1]:7.2f}  {free[k]:11.2f}")

# %% [markdown]
# Charged, two states win, by {{ result["chain"][2] - result["chain"][1] : .2f }}. Not charged,
# three win, by {{ free[2] - free[3] : .2f }}. **So BIC does not decide here.** If you quote one of
# the numbers, say how the initial probabilities were counted.
#
# ## Local maxima, again
#
# BIC takes for granted that each fit has found the highest peak. Has it? Here are 200 random starts
# for three states. A run ends when a step raises the log-likelihood by less than a millionth. From
# each place that was reached, two more runs go on with more patience. One goes on as it is. The
# other begins after a nudge that makes all probabilities a little more alike, so that none is 0.


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

# %% [markdown]
# Most starts reach {{ tops[0][0] : .3f }}. A few stop at {{ tops[2][0] : .3f }} or
# {{ tops[3][0] : .3f }}, and stay there however long they go on, even after a nudge. Nothing in
# such a run tells you that there is something better. So start more than once.
#
# A stop at {{ tops[1][0] : .3f }} is another matter. Left alone, it goes on to the highest. On its
# way the probability of a move from the quietest state to the busiest had become nearly 0. EM
# multiplies a transition by how much it is wanted, so one that is nearly 0 needs many steps to
# grow, and meanwhile hardly anything moves. Make it 0, and the run stays for ever:

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
# EM stands still there, but it is no peak: after a nudge the run climbs on. Where a probability is
# exactly 0, EM cannot move it, uphill or not.
#
# ## Smoothing, and the most probable path
#
# The responsibilities say for each year which state it was in, given everything. That is called
# *smoothing*. Another question is which *path* through all the years is the most probable. The
# *Viterbi algorithm* finds it. It goes forward as before, with the largest term in place of the
# sum, remembers where the largest came from, and walks back.

# %% tags=["hide"]
em.show(poisson_hmm.viterbi)

# %%
states = fit.posterior.smoothed
path = poisson_hmm.viterbi(counts, fit.params)
apart = np.flatnonzero(states.argmax(axis=1) != path)

print("year count  states 0, 1, 2   best path")
for t in apart:
    told = "  ".join(f"{share:.3f}" for share in states[t])
    print(
        f"{years[t]:.0f}  {counts[t]:3.0f}   {told}"
        f"  {states[t].argmax():3}  {path[t]:3}"
    )

# %% [markdown]
# The two answers differ in {{ len(apart) : d }} years, and each lies where one state gives way to
# the next. Two states share such a year, with {{ states[apart].max() : .3f }} at most, and the two
# questions draw the border a year apart. Neither is wrong. If you want as many years right as
# possible, take each year's own best state. If you want one story that hangs together, take the
# path: the best years one by one may even make a move that is impossible (exercise 2).
#
# ## What could go wrong
#
# - **Something impossible.** A state with rate 0 cannot make a count above 0. If no other state can
#   be reached, the fit stops and names the count.
# - **States are no explanation.** That three states fit does not show that the earth has three.
# - **Long series.** Forward and backward go from year to year, and a loop is slow in Python. So the
#   package cuts a long series into blocks and lets all blocks take each step together. It gives the
#   same numbers for 100,000 years.
#
# ## Exercises
#
# **1.** Give the chain the *shuffled* years. *Predict*: what is the order worth then?
#
# <details markdown><summary>Solution</summary>

# %%
shuffled = np.random.default_rng(5).permutation(counts)
lost = em.fit(poisson_hmm, shuffled, start, **slow)
print(f"log-likelihood {lost.log_likelihood:.2f}")
print(f"BIC of the chain   {bic(lost.log_likelihood, 11):.2f}")
print(f"BIC of the mixture {bic(three.log_likelihood, 5):.2f}")

# %% [markdown]
# The chain still gains a little, as six more numbers always do at the highest peak, but less than
# they cost. The mixture's BIC is lower.
#
# </details>
#
# **2.** Three states have the same rate, so the counts say nothing. State 0 is never left; states 1
# and 2 go to state 2. The first state is 0, 1 or 2 with probabilities 0.4, 0.3 and 0.3. After two
# years, *predict*: which states are the most probable one by one, and which path is?
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
# One by one the best are 0 and then 2, but nothing leads from 0 to 2. The best path stays in 0.
#
# </details>
#
# ## Where to read on
#
# The data, and much more on them, are in Zucchini, MacDonald and Langrock, *Hidden Markov Models
# for Time Series: An Introduction Using R* (second edition 2016). Next: [your own
# model](recipe.py).
