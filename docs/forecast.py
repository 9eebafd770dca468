# ---
# title: Do regimes forecast? A test out of sample
# order: 33.6
# section: Use
# question: Is a regime-switching model a good forecast of volatility?
# description: >-
#   A hidden Markov model of the DAX, fitted to the first half and scored on the second, beside a
#   rolling spread and a rule that forgets; and what it says of the direction.
# numbers: own
# allow: [0.8, 1.6, 94, 102, 2007, 1996, 60, 6, 250, 10, 1995, 1998, 0.94]
# ---

# %% [markdown]
# # Do regimes forecast? A test out of sample
#
# [Calm and turbulent days](markets.py) describe the past of the DAX better than a single normal does. A description is not a
# forecast. Fitted to the years before, does the model say how wild tomorrow will be? Better than a fixed spread, yes;
# better than a simple rule, no.

# %% tags=["hide"]
import numpy as np
from scipy.stats import norm

import em
from em.figures.markets import spreads
from em.hmm.forward_backward import forward
from em.models import normal_hmm, normals
from em.models.normal_hmm import NormalHMM

day, close = np.loadtxt(em.data("dax.csv"), delimiter=",", skiprows=1).T
x = 100 * np.diff(np.log(close))
half = len(x) // 2
later = range(half, len(x))
start = NormalHMM([0.5, 0.5], [[0.95, 0.05], [0.05, 0.95]], [0, 0], [0.7, 1.5])
early = em.fit(normal_hmm, x[:half], start, tol=1e-9).params
log_filtered, scores = forward(
    normals.log_density(x, normal_hmm.bells(early)),
    early.initial,
    early.transitions,
)
tomorrow = np.exp(log_filtered[half - 1 : -1]) @ early.transitions
means = tomorrow @ early.means
spread = np.sqrt(tomorrow @ (early.stds**2 + early.means**2) - means**2)
rolling = np.array([np.sqrt((x[t - 60 : t] ** 2).mean()) for t in later])
spreads(day[1:][half:], x[half:], spread, rolling)

# %% [markdown]
# **You will be able to** test a model of a series on days that it has not seen. **About MINUTES
# minutes. To know first:** [calm and turbulent markets](markets.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **Predict:** which forecast of the spread changes faster after a large return?
#
# <details markdown><summary>The spread of the last 60 days</summary>
#
# No: one day is one of sixty for it. It also comes down late, when that day drops out of the sixty.
#
# </details>
# <details class="right" markdown><summary>That of the two states</summary>
#
# Yes. A single large return is strong evidence for turbulence, so the forecast jumps. It stays
# between the two spreads of the fit, {{ early.stds[0] : .2f }} and {{ early.stds[1] : .2f }}.
#
# </details>
# <details markdown><summary>Both alike, since they see the same days</summary>
#
# They see the same days and weigh them differently: look at the largest returns in the figure.
#
# </details>
# </div>
#
# ## The score
#
# A forecast gives each possible return a density, and its score is the logarithm of the density at the return that came.
# **Higher is better.** Suppose the day falls by 2 per cent. A normal with spread 0.8 scores {{ norm.logpdf(-2, 0, 0.8) : .1f }}, and one
# with spread 1.6, which expected a wild day, {{ norm.logpdf(-2, 0, 1.6) : .1f }}.
#
# Fit the first half. Then go through the second half, from 1995 to 1998, day by day, and score each
# return, given only the days before it. One rival is a normal with the spread of the last 60 days. For another,
# tomorrow's variance is 94 per cent of today's plus 6 per cent of today's squared return, so it forgets 6 per cent a day.

# %%
import numpy as np
from scipy.stats import norm

import em
from em.hmm.forward_backward import forward
from em.models import normal_hmm, normals
from em.models.normal_hmm import NormalHMM

close = np.loadtxt(em.data("dax.csv"), delimiter=",", skiprows=1)[:, 1]
x = 100 * np.diff(np.log(close))
half = len(x) // 2
later = range(half, len(x))

start = NormalHMM([0.5, 0.5], [[0.95, 0.05], [0.05, 0.95]], [0, 0], [0.7, 1.5])
early = em.fit(normal_hmm, x[:half], start, tol=1e-9).params
log_densities = normals.log_density(x, normal_hmm.bells(early))
_, scores = forward(log_densities, early.initial, early.transitions)


def spread_of_last(days):
    return [np.sqrt((x[t - days : t] ** 2).mean()) for t in later]


variance = np.full(len(x), x[:60].var())
for t in range(60, len(x) - 1):
    variance[t + 1] = 0.94 * variance[t] + 0.06 * x[t] ** 2

rivals = {
    "one normal": norm.logpdf(x[half:], x[:half].mean(), x[:half].std()),
    "last 60 days": norm.logpdf(x[half:], 0, spread_of_last(60)),
    "forgets 6 %": norm.logpdf(x[half:], 0, np.sqrt(variance[half:])),
}
print(f"two states    {scores[half:].mean():.4f}   ahead   error")
for name, rival in rivals.items():
    ahead = scores[half:] - rival
    error = ahead.std() / np.sqrt(len(ahead))
    print(f"{name:12}  {rival.mean():.4f}  {ahead.mean():6.3f}  {error:.3f}")

# %% tags=["hide"]
fixed = scores[half:] - rivals["one normal"]
errors = fixed.mean() / (fixed.std() / np.sqrt(len(fixed)))
hit, up = np.sign(means) == np.sign(x[half:]), x[half:] > 0
traded = x[half:] != 0
everything = em.fit(normal_hmm, x, start, tol=1e-9).params
knowing = forward(
    normals.log_density(x, normal_hmm.bells(everything)),
    everything.initial,
    everything.transitions,
)[1][half:]
ten = norm.logpdf(x[half:], 0, spread_of_last(10)).mean()
plain = norm.logpdf(x[half:], means, spread).mean()

# %% [markdown]
# Each line has the average score of a day, how far the two states are ahead of it, and the standard error of that if the
# days are taken as independent. The states beat the fixed spread by {{ errors : .1f }} standard errors. They are ahead of the last
# 60 days and behind the rule that forgets by less than one.
# **These data cannot tell the states from a simple rule.** The score rewards the shape of a forecast as well as its spread,
# and two states have fatter tails: they leave more room for the largest returns. Give each day a single normal with the
# spread that the two states forecast for it, and the score is {{ plain : .4f }}, less than that of either rule.
#
# And the direction? The sign of the mean that the model expects is right on
# {{ 100 * hit.mean() : .0f }} per cent of the days. To say "up" every day is right on {{ 100 * up.mean() : .0f }} per
# cent. Without the days on which the exchange was closed it is {{ 100 * hit[traded].mean() : .0f }} against
# {{ 100 * up[traded].mean() : .0f }}. This is no advice to buy or sell.
#
# ## What could go wrong
#
# - **Smoothed states in a test.** They know the future, because the backward pass uses later days. Only the forward pass
#   may be scored.
# - **One series, one period.** Another index or another decade may fall out otherwise.
# - **Choosing the rival afterwards.** With the last 10 days in place of 60 the rival scores
#   {{ ten : .4f }} a day, and the states would win easily.
#
# ## Exercises
#
# **1.** Today is surely turbulent. *Predict* how probable it is that the market is turbulent in ten trading
# days, and in a year of 250.
#
# <details markdown><summary>Solution</summary>
#
# `np.linalg.matrix_power(early.transitions, 10)[1, 1]` is
# {{ np.linalg.matrix_power(early.transitions, 10)[1, 1] : .2f }}. After 250 days it is
# {{ np.linalg.matrix_power(early.transitions, 250)[1, 1] : .2f }}, the long-run share of turbulent days by the fit
# to the first half: the model has forgotten where it began.
#
# </details>
#
# **2.** *Predict*: score the second half with the parameters of a fit to *all* days. Will the score rise?
#
# <details markdown><summary>Solution</summary>
#
# It rises from {{ scores[half:].mean() : .4f }} to {{ knowing.mean() : .4f }} a day: the parameters have seen what
# they are asked about. In a test that would be cheating.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** how a density is scored, and why by its logarithm: Gneiting and Raftery, *Strictly Proper
# Scoring Rules, Prediction, and Estimation*, Journal of the American Statistical Association 102 (2007),
# [doi 10.1198/016214506000001437](https://doi.org/10.1198/016214506000001437). The rule that forgets is that
# of J. P. Morgan's *RiskMetrics* technical document of 1996.
