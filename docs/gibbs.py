# ---
# title: Gibbs sampling and variational Bayes
# order: 14.3
# section: Understand
# question: How does EM differ from Gibbs sampling and variational inference?
# description: >-
#   Two Bayesian relatives of Expectation Maximisation on forty points: a Gibbs sampler in twenty lines,
#   label switching, and variational Bayes, which lets surplus components die.
# numbers: own
# allow: [15, 0.1, 20, 11, 1992, 40, 100, "2,000", 95, 1984, 1999, 2000, 2006, 10, 0.95]
# ---

# %% [markdown]
# # Gibbs sampling and variational Bayes
#
# EM gives you the best parameters. What if you want all that are plausible? Their distribution, given the data, is
# called the **posterior**. **Gibbs sampling** draws from it, and **variational inference** approximates it by a
# formula. Press **Next** and watch a Gibbs sampler draw labels and bells in turn.

# %% tags=["hide"]
import numpy as np
from scipy.special import digamma, gammaln

import em
from em.figures import relatives as draw
from em.figures.stepper import stepper
from em.further.relatives import gibbs, variational
from em.models import normals
from em.models.normals import Normals

old = np.random.RandomState(110)
x = np.concatenate([old.normal(3, 0.8, 20), old.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start)


def bound(alpha, mean, kappa, a, b, height, alpha0):
    m, kappa0, shape, scale = 5, 0.1, 2, 2
    know, before = alpha, np.full(len(alpha), alpha0)
    of_weights = gammaln(know.sum()) - gammaln(know).sum()
    of_weights -= gammaln(before.sum()) - gammaln(before).sum()
    of_weights += (know - before) @ (digamma(know) - digamma(know.sum()))
    of_means = kappa0 / kappa + kappa0 * (mean - m) ** 2 * a / b
    of_means = (of_means - 1 - np.log(kappa0 / kappa)) / 2
    of_stds = (a - shape) * digamma(a) - gammaln(a) + gammaln(shape)
    of_stds += shape * np.log(b / scale) + a * (scale - b) / b
    return height - of_weights - (of_means + of_stds).sum()


def sampled(sweeps):
    """Give the labels and the bells of each sweep of `em.further.relatives.gibbs`."""
    dice, bells = np.random.default_rng(13), start
    for _ in range(sweeps):
        r, _ = normals.e_step(x, bells)
        label = dice.multinomial(1, r)
        n = label.sum(axis=0)
        centre = (0.1 * 5 + x @ label) / (0.1 + n)
        squares = x**2 @ label + 0.1 * 5**2 - (0.1 + n) * centre**2
        std = 1 / np.sqrt(dice.gamma(2 + n / 2) / (2 + squares / 2))
        mean = dice.normal(centre, std / np.sqrt(0.1 + n))
        bells = Normals(mean, std, dice.dirichlet(1 + n))
        yield bells, label


chain = gibbs(x, start, 2_000, np.random.default_rng(13))
all_taken = list(sampled(2_000))
np.testing.assert_allclose([b.means for b, _ in all_taken], chain[:, :2])
first = np.argsort(chain[:, :2], axis=1)[:, 0]
swap = 1 + int(np.flatnonzero(np.diff(first))[0])
shown = sorted({1, 2, 3, 4, 5, 100, swap, swap + 1, 2_000})
taken = {n: all_taken[n - 1] for n in shown}
stepper(
    draw.sweeps(x, taken),
    [
        f"Sweep {n:,d}: means {bells.means[0]:.2f} and {bells.means[1]:.2f}"
        for n, (bells, _) in taken.items()
    ],
    "Some sweeps of a Gibbs sampler on forty points of two groups. Each point has the colour of the label that was "
    "drawn for it, and the bells were drawn given those labels.",
)

# %% [markdown]
# **You will be able to** write a Gibbs sampler from an E-step, and say when variational Bayes will do. **About MINUTES
# minutes. To know first:** [a Gaussian mixture](normals.py), and what a [prior](priors.py) is.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** will the bells settle, if you go on? *Press **Play**.*
#
# <details markdown><summary>Yes, on EM's answer</summary>
#
# EM settles, because it asks for one best answer. The sampler visits plausible answers, each as often as it is
# plausible.
#
# </details>
# <details class="right" markdown><summary>No, and they should not</summary>
#
# Right. How much they wander is the result: it says how sure you may be.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** at sweep {{ swap + 1 : ,d }} the red and the blue bell change places. Is that a fault?
#
# <details markdown><summary>Yes, the sampler lost its way</summary>
#
# The likelihood is the same with the names swapped. A sampler that never swapped would have seen only half of the
# posterior.
#
# </details>
# <details class="right" markdown><summary>No, but no average over all sweeps means anything now</summary>
#
# Yes. This is **label switching**. Averaged over all sweeps the two means are {{ chain[:, 0].mean() : .2f }} and
# {{ chain[:, 1].mean() : .2f }}, a mixture of two groups. So name the bells by a rule before you average, here from
# left to right.
#
# </details>
# </div>
#
# ## Gibbs sampling: dice for the parameters, too
#
# The E-step stays. Each label is then drawn with the responsibilities as odds, as in
# [stochastic EM](hard.py#stochastic-em-dice-for-labels). And in place of the M-step the parameters are drawn, too, from
# their posterior given those labels (Geman and Geman 1984). One such round is a **sweep**.
#
# ### The program

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean, std = np.array([1.1, 9]), np.array([2, 1.7])  # a guess
weight = np.ones(len(mean)) / len(mean)
dice, draws = np.random.default_rng(13), []

for _ in range(2_000):
    # E-step, and then labels drawn by the responsibilities
    joint = weight * np.exp(-(((x[:, None] - mean) / std) ** 2) / 2) / std
    r = joint / joint.sum(axis=1, keepdims=True)
    label = dice.multinomial(1, r)
    # In place of the M-step, parameters drawn given those labels
    n = label.sum(axis=0)
    centre = (0.1 * 5 + x @ label) / (0.1 + n)
    square = x**2 @ label + 0.1 * 5**2 - (0.1 + n) * centre**2
    std = 1 / np.sqrt(dice.gamma(2 + n / 2) / (2 + square / 2))
    mean = dice.normal(centre, std / np.sqrt(0.1 + n))
    weight = dice.dirichlet(1 + n)
    draws.append(np.sort(mean))

low, high = np.quantile(draws[100:], [0.025, 0.975], axis=0)
print("means", np.mean(draws[100:], axis=0).round(2))
print("95 % between", low.round(2), "and", high.round(2))

# %% tags=["hide"]
np.testing.assert_allclose(draws, np.sort(chain[:, :2], axis=1))

# %% [markdown]
# The line with `np.sort` names the bells from left to right. For three bells, write three means and three widths in
# the line of the guess. The numbers 0.1, 5 and 2 are the prior, a *normal-inverse-gamma*: a tenth of a point at 5 for
# each mean, and a shape and a scale of 2 for each variance.
#
# <div class="change" markdown>
# **Predict:** throw other dice. How much does each answer change?
#
# ```diff
# -dice, draws = np.random.default_rng(13), []
# +dice, draws = np.random.default_rng(14), []
# ```
#
# <details markdown><summary>See why</summary>
#
# Little, and that is the check. The means were {{ np.mean(draws[100:], axis=0)[0] : .2f }} and
# {{ np.mean(draws[100:], axis=0)[1] : .2f }}, and are {{ np.mean(changed.draws[100:], axis=0)[0] : .2f }} and
# {{ np.mean(changed.draws[100:], axis=0)[1] : .2f }}. If two chains disagree, neither has run long enough.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** take ten times as many points. How wide is the interval of A's mean now?
#
# ```diff
# -x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
# +x = np.concatenate([np.random.normal(3, 0.8, 200), np.random.normal(7, 2, 200)])
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ changed.high[0] - changed.low[0] : .2f }} in place of {{ high[0] - low[0] : .2f }}. Ten times as many points would
# usually make it about a third as wide. But with forty points the two groups could be mistaken for each other, and with
# four hundred they cannot.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** don't sort. What will the averages say?
#
# ```diff
# -    draws.append(np.sort(mean))
# +    draws.append(mean)
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ np.mean(changed.draws[100:], axis=0)[0] : .2f }} and {{ np.mean(changed.draws[100:], axis=0)[1] : .2f }}: nothing
# about either group, because the names swapped on the way.
#
# </details>
# </div>
#
# ### Is it long enough?
#
# The program makes {{ len(draws) : ,d }} E-steps. Neighbouring draws are alike, so they count for fewer than they are.
# Run several chains from different starts and compare. The number $\hat R$ is the standard deviation of all draws,
# divided by that within a chain (Gelman and Rubin 1992). It is near 1 if the chains agree.
#
# <details markdown><summary>Go deeper</summary>
#
# Four chains:

# %%
import em
from em.further.relatives import gibbs
from em.models import normals
from em.models.normals import Normals

start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start)
chain = gibbs(x, start, 2_000, np.random.default_rng(13))
others = {14: ([9, 1.1], [1.7, 2]), 15: ([5, 5], [2, 2]), 16: ([3, 4], [1, 1])}
chains = [chain] + [
    gibbs(x, Normals(*bells), 2_000, np.random.default_rng(seed))
    for seed, bells in others.items()
]
chains = np.sort(np.array(chains)[:, 100:, :2], axis=2)
within = chains.var(axis=1, ddof=1).mean(axis=0)
between = chains.mean(axis=1).var(axis=0, ddof=1)
r_hat = np.sqrt(1 - 1 / chains.shape[1] + between / within).max()
print(f"R-hat of {len(chains)} chains: {r_hat:.3f}")

# %% [markdown]
# And is the sampler right? With one bell there is no label to draw, and the posterior of its mean is known exactly, a
# Student's t:

# %%
from scipy import stats

one = Normals([5], [2])
alone = gibbs(x, one, 4_000, np.random.default_rng(3))[:, 0]
n, mean = len(x), (0.1 * 5 + x.sum()) / (0.1 + len(x))
b = 2 + ((x**2).sum() + 0.1 * 25 - (0.1 + n) * mean**2) / 2
a, kappa = 2 + n / 2, 0.1 + n
exact = stats.t(2 * a, loc=mean, scale=np.sqrt(b / (a * kappa)))
print(f"mean   exact {exact.mean():.3f}, drawn {alone.mean():.3f}")
print(f"std    exact {exact.std():.3f}, drawn {alone.std():.3f}")

# %% tags=["hide"]
grid = np.linspace(3.2, 6.4, 120)
draw.interval(
    grid,
    exact.pdf(grid),
    alone,
    "the mean of one bell",
    "One bell for all points: a histogram of its drawn means, and their exact posterior.",
)

# %% tags=["hide"]
em.show(gibbs)

# %% [markdown]
# </details>
#
# ## Variational Bayes: a distribution, without dice
#
# Here you keep a whole distribution of the parameters, but one that a few numbers describe, such as a centre and a
# standard deviation for each mean. The M-step updates these numbers. The E-step is the old one, but with the logarithm
# of the density averaged over what you believe of the parameters (Attias 1999).


# %% tags=["hide"]
from em.further.relatives import variational

em.show(variational)

# %%
from em.further.relatives import variational

first, _ = normals.e_step(x, start)
two = variational(x, first, 100, alpha0=1)
_, mean, kappa, a, b, _ = two[-1]
spread = np.sqrt(b / (kappa * (a - 1)))
errors = em.standard_errors(normals, x, fit).errors.means
sample = np.sort(chain[:, :2], axis=1)[100:]
print("                   means          give or take")
print("variational Bayes", mean.round(3), spread.round(3))
print("Gibbs sampling   ", sample.mean(axis=0).round(3), sample.std(0).round(3))
print("EM               ", fit.params.means.round(3), errors.round(3))

# %% [markdown]
# It roughly agrees with Gibbs sampling on where the bells are, and needs no dice. But it is **too sure of itself**: its
# standard deviations are about half as large. It holds the responsibilities fixed while it asks for the parameters, and
# so forgets that both are uncertain together.
#
# It has a gift that EM lacks. Give it six bells, and a prior (`alpha0`) which says that most weights are near 0:

# %%
dice = np.random.default_rng(4)
six = variational(x, dice.dirichlet(np.ones(6), 40), 400, alpha0=0.01)
weights = np.array([alpha / alpha.sum() for alpha, *_ in six])
print("weights after")
for sweep in (1, 10, 50, 400):
    print(f"{sweep:4} sweeps", weights[sweep - 1].round(2))
print("bells left:", (weights[-1] > 0.01).sum())

# %% tags=["hide"]
draw.wander(
    weights[:150],
    "weights",
    "sweeps",
    "The weights of six bells. Those that the data do not need lose their weight to the others.",
    first=1,
)

# %% [markdown]
# **Surplus components die.** A bell must improve the fit by more than its parameters cost, and they cost the more the
# farther they are from the prior. How many survive depends on `alpha0` and on the start. Take it as a hint.
#
# What rises here is the [lower bound](why.py) again, called the **evidence lower bound** (ELBO). It depends on two
# distributions, of the labels and of the parameters. Each half of a sweep takes the best of one while the other is held.

# %% tags=["hide"]
bounds = np.array([bound(*one, alpha0=1) for one in two])
falls = (np.diff(bounds) < -1e-9).sum()

# %% [markdown]
# In the first run it goes from {{ bounds[0] : .4f }} to {{ bounds[-1] : .4f }}, and falls {{ falls : d }} times.
#
# ## What could go wrong
#
# - **The chain is short.** Until it switches, it has not seen half of the posterior: here a mirror image, elsewhere
#   perhaps a better answer.
# - **Groups lie close together.** Then no rule for the names is clean (Stephens 2000).
# - **Numbers of different kinds are compared.** A bound is not a likelihood.
#
# ## Exercises
#
# **1.** Make the prior of the means strong: in the program, put 20 in place of every 0.1. *Predict* what happens to the
# two means.
#
# <details markdown><summary>Solution</summary>

# %%
strong = gibbs(x, start, 2_000, np.random.default_rng(13), kappa=20)
strong = np.sort(strong[100:, :2], axis=1)
print("means", strong.mean(axis=0).round(2))

# %% [markdown]
# They move towards 5, to {{ strong.mean(axis=0)[0] : .2f }} and {{ strong.mean(axis=0)[1] : .2f }}. Twenty imagined
# points for each mean count as much as the real ones.
#
# </details>
#
# **2.** One coin, tossed twelve times with nine heads, has the prior Beta(2, 2). Its posterior is known, Beta(2 + 9,
# 2 + 3). *Predict* its mean. Then write the sampler for a mixture of coins, and let it run with one.
#
# <details markdown><summary>Solution</summary>


# %%
from em.models import coins
from em.models.coins import Coins, Flips


def gibbs_of_coins(flips, guess, sweeps, dice, a=2, b=2):
    taken = []
    for _ in range(sweeps):
        r, _ = coins.e_step(flips, guess)
        label = dice.multinomial(1, r)
        heads, tails = flips.heads @ label, flips.tails @ label
        theta = dice.beta(a + heads, b + tails)
        guess = Coins(theta, dice.dirichlet(1 + label.sum(axis=0)))
        taken.append(theta)
    return np.array(taken)


drawn = gibbs_of_coins(
    Flips([9], [3]), Coins([0.5]), 4_000, np.random.default_rng(6)
)
known = stats.beta(2 + 9, 2 + 3)
print(f"mean   exact {known.mean():.4f}, drawn {drawn.mean():.4f}")
print(f"std    exact {known.std():.4f}, drawn {drawn.std():.4f}")

# %% [markdown]
# They agree within what {{ len(drawn) : ,d }} draws can tell. A sampler that is right with one coin may still be wrong
# with two, but one that is wrong with one is wrong.
#
# </details>
#
# ## Where to read on
#
# Geman and Geman, *Stochastic Relaxation, Gibbs Distributions, and the Bayesian Restoration of Images* (1984). Gelman
# and Rubin, *Inference from Iterative Simulation Using Multiple Sequences*, Statistical Science 7 (1992). Stephens,
# *Dealing with label switching in mixture models* (2000),
# [doi 10.1111/1467-9868.00265](https://doi.org/10.1111/1467-9868.00265). Attias, *Inferring Parameters and Structure of
# Latent Variable Models by Variational Bayes* (1999). Bishop, *Pattern Recognition and Machine Learning* (2006),
# chapters 10 and 11.
