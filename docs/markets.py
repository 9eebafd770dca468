# ---
# title: "Regime switching: calm and turbulent markets"
# order: 33.5
# section: Use
# question: When was a market calm, and when turbulent?
# description: >-
#   Regime switching by EM: daily returns of the German share index DAX as a hidden Markov model
#   with two normal states, their volatility, how long they last, and standard errors.
# numbers: own
# allow: [0.1, 1986, 31, 134, 60, 600, 1989, 0.5, 0.0, 15, 0.01, 1993, 2002, 57, 1989, 84, 13, 0.7, 1.5, 0.95, 1991, 1992, 1994, 1997, 1998, 16, 17, 19, 21, 27, 4, 50, 60, 100, 250, 0.94, 10, 3, 1, 5]
# ---

# %% [markdown]
# # Regime switching: calm and turbulent markets
#
# Share prices have quiet months and wild ones, and no label says which is which. A **hidden Markov
# model** with normal states, also called a *regime-switching* model, gives each day a hidden state,
# calm or turbulent, and EM finds how wild each state is (its *volatility*) and how long it lasts.
# When was the German share index DAX turbulent?

# %% tags=["hide"]
import numpy as np
from scipy.stats import norm

import em
from em.figures.markets import markets_live
from em.models import normal_hmm, normals
from em.models.normal_hmm import NormalHMM
from em.models.normals import Normals

day, close = np.loadtxt(em.data("dax.csv"), delimiter=",", skiprows=1).T
x = 100 * np.diff(np.log(close))
days = day[1:]
beyond = len(x) * 2 * norm.sf(3)
markets_live(days, x)

# %% [markdown]
# **You will be able to** fit a regime-switching model, and to say what it cannot do. **About MINUTES
# minutes. To know first:** [hidden Markov models](hmm.py) and [Gaussian mixtures](normals.py).
#
# ## Try it
#
# A return is the change of a day's price in per cent (a hundred times the difference of the
# logarithms). There are {{ len(x) : d }} of them, from 1991 to 1998, and {{ int((x == 0).sum()) : d }} are 0, mostly because the
# exchange was closed.
#
# <div class="choices" markdown>
# **1. Predict:** one day falls by 2 per cent, in the middle of a quiet year. The guess puts the calm spread at 0.5. Will that day be called turbulent? *Look at the thin hills.*
#
# <details markdown><summary>No: its neighbours are calm, and they count</summary>
#
# They count. But under this guess a calm day hardly ever falls by four spreads, so even calm neighbours cannot save
# it.
#
# </details>
# <details class="right" markdown><summary>Yes, it and perhaps a few days around it</summary>
#
# Yes. Under this guess 2 per cent is four spreads of a calm day. That is why the hills are thin and
# many: a state that is meant to last {{ 1 / 0.1 : .0f }} days begins for single days. Re-estimate, and
# they melt.
#
# </details>
# <details markdown><summary>Yes, and so will the rest of the year</summary>
#
# Turbulence lasts for ten days in this guess. After some quiet days the model is sure again that it is over.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** under *Options*, press **No memory**: each state is as likely as the other, whatever yesterday was. What do the hills look like?
#
# <details markdown><summary>They vanish</summary>
#
# No: large returns still fit the turbulent state better.
#
# </details>
# <details class="right" markdown><summary>A needle for each large return</summary>
#
# Yes, on a low floor, since even a quiet day may be turbulent. Without memory, when a state lasts two days on
# average, this is an ordinary [mixture of two normals](normals.py): a small return in the middle
# of a storm counts as calm. What gathers the needles into hills is the memory.
#
# </details>
# <details markdown><summary>The same hills as before</summary>
#
# A quiet day in a storm has turbulent neighbours. Without memory they no longer speak for it.
#
# </details>
# </div>
#
# ## One day, by hand
#
# Take the guess of the figure. Suppose yesterday was calm with probability 0.95. A calm day is followed by a calm
# one with probability 0.95, a turbulent day by a calm one with 0.1. Today falls by 2 per cent:

# %%
calm = 0.95 * 0.95 + 0.05 * 0.1  # today, before we see the return
fits_calm = 0.00027  # density of −2 in a normal of mean 0 and spread 0.5
fits_turbulent = 0.116  # and of spread 2.5
joint_calm = calm * fits_calm
joint_turbulent = (1 - calm) * fits_turbulent
today = joint_calm / (joint_calm + joint_turbulent)
print(f"calm: {calm:.3f} before, {today:.3f} after")

# %% tags=["hide"]
np.testing.assert_allclose(
    [fits_calm, fits_turbulent], norm.pdf(-2, 0, [0.5, 2.5]), rtol=0.02
)

# %% [markdown]
# That is one step *forward*. The days after it speak, too: the *backward* pass does the same from the end, and the
# two together are the E-step. The M-step: each state's spread is the root of the weighted mean of the squared returns.
# And of what was credited to calm, the share that is followed by a calm day is the new probability of staying calm.
#
# ## The program
#
# Here are 134 days of 1994, from the end of March on, each as a letter. The letter m is no change, and each letter
# further along is a quarter of a per cent more. The mean of a day is nearly 0, so the program leaves it there.

# %% tags=["program"]
import numpy as np

letters = "lkkmmsnpmqknjonimmqkspjpplinjjqnmoplkllmddogpnintngokobnjhjdgwrhlqq"
letters += "iqqhlpmqinqspoknqlqhmposljolinkimppjlgnoqtrkmioijooimmfogneonrempbj"
x = (np.array([*letters.encode()]) - ord("m")) / 4  # per cent, day by day
std = np.array([0.7, 1.5])  # a guess: calm, turbulent
start = np.ones(len(std)) / len(std)
move = 0.9 * np.eye(len(std)) + 0.1 * start  # a row for each day before

for _ in range(60):
    # E-step: forward, backward, and both together
    p = np.exp(-((x[:, None] / std) ** 2) / 2) / std  # normal, but for 1 / √2π
    f, b = start * p, np.ones(p.shape)
    for t in range(1, len(x)):
        f[t] = (f[t - 1] @ move) * p[t]
    for t in range(len(x) - 1, 0, -1):
        b[t - 1] = move @ (p[t] * b[t])
    state = f * b / f[-1].sum()
    moves = move * (f[:-1].T @ (p * b)[1:]) / f[-1].sum()
    # M-step: count the first day and the moves; each state's spread
    start, move = state[0], moves / moves.sum(axis=1, keepdims=True)
    std = np.sqrt(x**2 @ state / state.sum(axis=0))

print("spread", std.round(3), "stay", move.diagonal().round(3))

# %% tags=["hide"]
again, _ = normal_hmm.e_step(x, NormalHMM(start, move, 0 * std, std))
weights = again.smoothed / again.smoothed.sum(axis=0)
np.testing.assert_allclose(std, np.sqrt(x**2 @ weights), rtol=1e-4)
spring = x
x = 100 * np.diff(np.log(close))
mixed_up = em.fit(
    normal_hmm,
    np.random.default_rng(0).permutation(x),
    NormalHMM([0.5, 0.5], [[0.95, 0.05], [0.05, 0.95]], [0, 0], [0.7, 1.5]),
    tol=1e-5,
).params.transitions

# %% [markdown]
# By this fit a calm spell lasts {{ 1 / (1 - move[0, 0]) : .0f }} days on average, a turbulent one
# {{ 1 / (1 - move[1, 1]) : .0f }}: one divided by the probability of leaving. But 134 days are too few to trust that.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** shuffle the days, so that every return is still there but the order is lost. What becomes of `stay`?
#
# ```diff
# -x = (np.array([*letters.encode()]) - ord("m")) / 4  # per cent, day by day
# +mixed = np.random.default_rng(0).permutation([*letters.encode()])
# +x = (mixed - ord("m")) / 4
# ```
#
# <details markdown><summary>See why</summary>
#
# It is still {{ changed.move[0, 0] : .2f }} and {{ changed.move[1, 1] : .2f }}. Nothing lasts any more, but in 134
# days EM finds spells that chance has made. Shuffle all {{ len(x) : ,d }} days, and it ends at
# {{ mixed_up[0, 0] : .2f }} and {{ mixed_up[1, 1] : .2f }}. An estimate is no proof of memory.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** start with a matrix that forgets at once. Will EM find in 60 iterations that states last?
#
# ```diff
# -move = 0.9 * np.eye(len(std)) + 0.1 * start  # a row for each day before
# +move = np.full((2, 2), 0.5)
# ```
#
# <details markdown><summary>See why</summary>
#
# No: `stay` stands at {{ changed.move[0, 0] : .2f }} and {{ changed.move[1, 1] : .2f }}. A start without memory is
# a plateau, and EM leaves it slowly. Write 600 in place of 60, and run again.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** add a third state that is narrow, with spread 0.01. What will it take?
#
# ```diff
# -std = np.array([0.7, 1.5])  # a guess: calm, turbulent
# +std = np.array([0.7, 1.5, 0.01])
# ```
#
# <details markdown><summary>See why</summary>
#
# It narrows onto the {{ int((spring == 0).sum()) : d }} days that are 0, most of them by rounding. Its spread becomes 0, and then
# every number is {{ str(changed.std[2]) : s }}. A normal can be as high as it likes over equal values, so the
# likelihood has [no top](collapse.py) there. On the real prices the days on which the exchange was closed do that.
#
# </details>
# </div>
#
# ## With the package

# %%
import em
from em.models import normal_hmm
from em.models.normal_hmm import NormalHMM

close = np.loadtxt(em.data("dax.csv"), delimiter=",", skiprows=1)[:, 1]
x = 100 * np.diff(np.log(close))  # all days, in per cent
stay = [[0.95, 0.05], [0.05, 0.95]]
start = NormalHMM([0.5, 0.5], stay, means=[0, 0], stds=[0.7, 1.5])
fit = em.fit(normal_hmm, x, start, tol=1e-9)
print(em.standard_errors(normal_hmm, x, fit, fixed="initial"))
print(f"log-likelihood {fit.log_likelihood:.4f}")

# %% tags=["hide"]
one = em.fit(normals, x, Normals([0], [1]))
mixed = em.fit(normals, x, Normals([0, 0], [0.7, 1.5]), tol=1e-9, max_iter=5000)
table = {
    "one normal": (one.log_likelihood, em.bic(normals, x, one)),
    "two, no memory": (mixed.log_likelihood, em.bic(normals, x, mixed)),
    "two, with memory": (fit.log_likelihood, em.bic(normal_hmm, x, fit)),
}
mean, error = (
    fit.params.means[1],
    em.standard_errors(normal_hmm, x, fit, fixed="initial").errors.means[1],
)
path = normal_hmm.viterbi(x, fit.params)
edges = np.flatnonzero(np.diff(path, prepend=0, append=0))
spells = edges.reshape(-1, 2)
longest = max(spells, key=lambda spell: spell[1] - spell[0])
thirds = NormalHMM(
    np.ones(3) / 3, 0.85 * np.eye(3) + 0.05, [0, 0, 0], [0.5, 1, 2]
)
three = em.fit(normal_hmm, x, thirds, tol=1e-9)
working = x[x != 0]
two_open, three_open = (
    em.fit(normal_hmm, working, begin, tol=1e-9) for begin in (start, thirds)
)
table["three, with memory"] = (
    three.log_likelihood,
    em.bic(normal_hmm, x, three),
)
MONTHS = "January February March April May June July August September October November December"


def month(when):
    """A year with its fraction, in words."""
    return f"{MONTHS.split()[int(12 * (when % 1))]} {int(when)}"


def spell(number):
    begin, end = spells[number]
    one, two = month(days[begin]), month(days[end - 1])
    return one if one == two else f"{one} to {two}"


at = int(np.diff(spells).argmax())

# %% [markdown]
# State 0 is calm and 1 is turbulent.
#
# **One normal does not fit.** The mean of a day is {{ x.mean() : .3f }} per cent, and the standard deviation {{ x.std() : .3f }}.
# If returns were normal, some {{ beyond : .0f }} of the {{ len(x) : d }} would lie more than
# three standard deviations from the mean. There are
# {{ int((np.abs(x - x.mean()) > 3 * x.std()).sum()) : d }}, and the worst is
# {{ (x.mean() - x.min()) / x.std() : .1f }} standard deviations away.
#
# | | log-likelihood | BIC |
# | --- | ---: | ---: |
# | one normal | {{ table["one normal"][0] : .1f }} | {{ table["one normal"][1] : .1f }} |
# | two normals, no memory | {{ table["two, no memory"][0] : .1f }} | {{ table["two, no memory"][1] : .1f }} |
# | two normals, with memory | {{ table["two, with memory"][0] : .1f }} | {{ table["two, with memory"][1] : .1f }} |
# | three normals, with memory | {{ table["three, with memory"][0] : .1f }} | {{ table["three, with memory"][1] : .1f }} |
#
# The lower the [BIC](howmany.py), the better. So the order of the days is worth a great deal. A third state, for
# which calm splits in two, wins narrowly. Leave out the days on which the exchange was closed, and its lead is gone:
# {{ em.bic(normal_hmm, working, three_open) : .1f }} against {{ em.bic(normal_hmm, working, two_open) : .1f }}, with the first day's
# probabilities counted. We keep two. A calm spell lasts {{ 1 / (1 - fit.params.transitions[0, 0]) : .0f }} days on average, a turbulent one
# {{ 1 / (1 - fit.params.transitions[1, 1]) : .0f }}. The mean of a
# turbulent day is {{ mean : .3f }} with a standard error of {{ error : .3f }}: its sign is not known.
#
# ## Which days?
#
# The [most probable path](states.py#smoothing-and-the-most-probable-path) has {{ len(spells) : d }}
# turbulent spells, from {{ min(b - a for a, b in spells) : d }} to
# {{ longest[1] - longest[0] : d }} days long. Here are four of them, because we know of an event at that time. The model
# saw numbers only, and a date beside a spell proves no cause: two of these spells begin months before the event.
#
# | turbulent | days | near that time |
# | --- | ---: | --- |
# | {{ spell(0) : s }} | {{ spells[0][1] - spells[0][0] : d }} | a coup in Moscow, 19 to 21 August 1991 (Dunlop 1993) |
# | {{ spell(1) : s }} | {{ spells[1][1] - spells[1][0] : d }} | the pound leaves Europe's exchange rate mechanism, 16 September 1992 (Eichengreen and Wyplosz 1993) |
# | {{ spell(at) : s }} | {{ longest[1] - longest[0] : d }} | crisis in East Asia, from July 1997 (Radelet and Sachs 1998) |
# | {{ month(days[spells[-1][0]]) : s }} to the end | {{ spells[-1][1] - spells[-1][0] : d }} | the weeks before Russia defaults on Monday, 17 August 1998 (Chiodo and Owyang 2002); the prices end on the Friday before |
#
# ## What a state is not
#
# A state is not a forecast of the direction, and this is no advice to buy or sell. Is it at least a
# forecast of the spread? [Out of sample](forecast.py) it is no better than a simple rule.
#
# ## What could go wrong
#
# - **A needle.** Days on which the exchange was closed pull a third state onto 0. Leave them out,
#   `x[x != 0]`, or set a floor, `min_std=0.1`.
# - **A transition that is 0 stays 0**, as on the page on [hidden Markov models](hmm.py).
# - **Two states are a choice.** Volatility need not jump; a state is a summary. GARCH models (Bollerslev 1986) let it move
#   every day, so compare with one.
#
# ## Exercises
#
# **1.** Leave out the days with a return of 0 and fit again. *Predict* which of the two spreads changes more.
#
# <details markdown><summary>Solution</summary>
#
# Calm goes from {{ fit.params.stds[0] : .3f }} to {{ two_open.params.stds[0] : .3f }}, turbulent from
# {{ fit.params.stds[1] : .3f }} to {{ two_open.params.stds[1] : .3f }}. In proportion calm changes more: on the most probable
# path {{ int(((x == 0) & (path == 0)).sum()) : d }} of {{ int((path == 0).sum()) : ,d }} calm days are 0, and
# {{ int(((x == 0) & (path == 1)).sum()) : d }} of {{ int((path == 1).sum()) : d }} turbulent ones.
#
# </details>
#
# **2.** Exchange the two numbers in `std` at the start of the program. *Predict* what it prints.
#
# <details markdown><summary>Solution</summary>
#
# The same numbers, in the other order. The names calm and turbulent are ours; the model has
# [no names](labels.py).
#
# </details>
#
# ## Where to read on
#
# **The model:** Hamilton, *A New Approach to the Economic Analysis of Nonstationary Time Series and the
# Business Cycle*, Econometrica 57 (1989), [doi 10.2307/1912559](https://doi.org/10.2307/1912559), made
# regime switching standard in economics; Rydén, Teräsvirta and Åsbrink, *Stylized Facts of Daily Return Series and
# the Hidden Markov Model*, Journal of Applied Econometrics 13 (1998), ask which facts of returns it
# explains, and find that it misses how slowly the size of returns forgets; Bollerslev, *Generalized Autoregressive Conditional Heteroskedasticity*, Journal of Econometrics 31 (1986).
# **The years:** Dunlop, *The Rise of Russia and the Fall of the Soviet Empire* (1993);
# Eichengreen and Wyplosz, *The Unstable EMS*, and Radelet and Sachs, *The East Asian Financial
# Crisis*, both in Brookings Papers on Economic Activity (1993 and 1998); Chiodo and Owyang, *A Case
# Study of a Currency Crisis: The Russian Default of 1998*, Federal Reserve Bank of St. Louis Review 84 (2002). **The
# data** are R's `EuStockMarkets`, provided by Erste Bank AG, Vienna.
