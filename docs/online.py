# ---
# title: Online EM
# order: 50.2
# section: Use
# question: Can EM learn from each observation once, as from a stream?
# description: >-
#   Online or stochastic EM in one pass over a stream: a moving average of the sufficient
#   statistics, what the step size does, and what must not be sorted.
# numbers: own
# allow: [15, 10, 40, 100, "1,000", 60, 71, 2009, 1998, 0.6, 1, 0.5, 50]
# ---

# %% [markdown]
# # Online EM
#
# With data that keep coming, or that are costly to read, you would like to learn from each lot once
# and forget it. **Online EM**, also called stochastic EM, keeps the M-step's sums as a *moving
# average*. How good is one pass?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import scale as draw
from em.models import normals
from em.models.normals import Normals


def stream(lots=1_000, each=100):
    rng = np.random.default_rng(3)
    for _ in range(lots):
        bell = rng.random(each) < 0.4
        yield np.where(bell, rng.normal(0, 1, each), rng.normal(5, 1.5, each))


begin = Normals([1, 3], [2, 2])
batch = em.fit(normals, np.concatenate([*stream()]), begin)

# %% tags=["hide"]
everything = np.concatenate([*stream()])


def average(params):
    return normals.e_step(everything, params)[1] / len(everything)


def passing(power):
    kept = np.unique(np.geomspace(1, 1_000, 24).astype(int))
    seen = list(em.online(normals, stream(), begin, power=power))
    seen = [seen[number - 1] for number in kept]
    return draw.Curve(
        f"online, α = {power:g}",
        np.array([one.observations for one in seen]),
        np.array([average(one.params) for one in seen]),
    )


online, slow = passing(0.6), passing(1.0)
looked = len(everything) * np.arange(1.0, len(batch.steps))
draw.one_pass(
    [
        online,
        slow,
        draw.Curve(
            "batch, every pass",
            looked,
            batch.log_likelihoods[1:] / len(everything),
        ),
    ],
    batch.log_likelihood / len(everything),
    "The average log-likelihood of all observations, over how many had been looked at. Before "
    "batch EM has made its first step, online EM has nearly arrived. Dotted: where batch "
    "EM ends.",
)

# %% [markdown]
# **You will be able to** fit a model to a stream, and to say what you give up. **About MINUTES
# minutes. To know first:** [data too large for memory](scale.py).
#
# ## One pass
#
# After every lot $t$ the sums $s$ move a little towards those of the lot, and the M-step answers
# them:
#
# $$ s \leftarrow (1 - \gamma_t)\, s + \gamma_t\, s(\text{lot } t), \qquad
#    \gamma_t = t^{-\alpha}, \quad \tfrac12 < \alpha \le 1 . $$
#
# The early lots were shared out under a poor guess. With $\alpha = 1$ they count as much as any
# other for ever. With $\alpha = 0.6$, which Cappé and Moulines (2009) found to work well together
# with an average of the last parameters (left out here), they are soon forgotten, and the price is
# more noise in the end.

# %%
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals


def stream(lots=1_000, each=100):
    rng = np.random.default_rng(3)
    for _ in range(lots):
        bell = rng.random(each) < 0.4
        yield np.where(bell, rng.normal(0, 1, each), rng.normal(5, 1.5, each))


begin = Normals([1, 3], [2, 2])
*_, seen = em.online(normals, stream(), begin, power=0.6)
batch = em.fit(normals, np.concatenate([*stream()]), begin)
print("one pass: ", seen.params.means.round(2), seen.params.stds.round(2))
print("batch EM: ", batch.params.means.round(2), batch.params.stds.round(2))
print("batch EM went through all of it", len(batch.steps), "times")

# %% [markdown]
# When batch EM has taken its first step, online EM has seen everything once and stands at
# {{ online.log_likelihoods[-1] : .4f }} on average; batch EM ends at
# {{ batch.log_likelihood / len(everything) : .4f }} after {{ len(batch.steps) : d }} passes. Online
# EM has no promise that the likelihood never falls, and no natural moment to stop.
#
# Prefer it for streams and for first guesses. Prefer batch EM where the data can be read again and
# the last digits matter. The score that comes with each lot, `seen.log_likelihood`, is of data not
# yet learned from, so it is an honest one.
#
# ## What could go wrong
#
# ### Pieces that differ in kind
#
# Batch EM does not mind how observations are dealt to pieces. Online EM does, because it trusts the
# latest. Here is the same stream, sorted:

# %%
ordered = np.array_split(np.sort(np.concatenate([*stream()])), 1_000)
try:
    *_, last = em.online(normals, ordered, begin)
    print("means", last.params.means.round(2))
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# Both bells have moved to what came last, and the first half is forgotten. Shuffle first.
#
# ## Exercises
#
# **1.** With $\alpha = 1$ and a single bell, nothing is hidden. *Predict* what online EM ends with.
#
# <details markdown><summary>Solution</summary>

# %%
y = np.random.default_rng(4).normal(0, 1, 10_000)
lots = np.split(y, 50)
*_, only = em.online(normals, lots, Normals([3], [1]), power=1)
print(only.params.means.round(10), only.params.stds.round(10))
print(y.mean().round(10), y.std().round(10))

# %% [markdown]
# With the plain mean and the plain standard deviation: $\gamma_t = 1/t$ makes the moving average
# the average.
#
# </details>
#
# **2.** *Predict*: which of the two means moves more at the end of the stream, that of
# $\alpha = 0.6$ or that of $\alpha = 1$?
#
# <details markdown><summary>Solution</summary>

# %%
for power in (0.6, 1):
    means = [
        s.params.means[0]
        for s in em.online(normals, stream(), begin, power=power)
    ]
    print(
        f"alpha {power}: moves by {np.abs(np.diff(means[-100:])).mean():.5f} a lot"
    )

# %% [markdown]
# That of 0.6, by far. It still gives each new lot a weight of about one in sixty, where
# $\alpha = 1$ gives it one in a thousand.
#
# </details>
#
# ## Where to read on
#
# Cappé and Moulines, *On-line expectation–maximization algorithm for latent data models*, Journal
# of the Royal Statistical Society B 71 (2009),
# [doi 10.1111/j.1467-9868.2009.00698.x](https://doi.org/10.1111/j.1467-9868.2009.00698.x). Neal and
# Hinton, *A view of the EM algorithm that justifies incremental, sparse, and other variants*
# (1998), is the older way to learn from part of the data at a time: it keeps every observation's
# responsibilities.
