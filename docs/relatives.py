# ---
# title: EM's relatives, side by side
# order: 14
# section: Understand
# question: What if I have a prior, a few labels, hard choices, or want more than one best answer?
# description: >-
#   MAP, known labels, k-means, stochastic EM, Gibbs sampling, variational Bayes and others
#   around one E-step: the line that differs, its picture, what for, and where it fails.
# numbers: own
# allow: [21.3, 29.9, 10, 80, 1977, 1978, 1984, 1985, 1992, 1993, 1998, 1999, 2000, 2006, 2008]
# ---

# %% [markdown]
# # EM's relatives, side by side
#
# Of the hidden labels EM keeps a distribution, the shares; of the parameters one point. Keep one
# point of both: [hard EM and k-means](#hard-em-and-k-means). Draw both:
# [Gibbs sampling](#gibbs-sampling-dice-for-the-parameters-too). Keep a distribution of both:
# [variational Bayes](#variational-bayes-a-distribution-without-dice). A prior changes only what is
# climbed: [MAP](#a-prior-map). Here is the first, hard EM: it rounds the shares.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import relatives as draw
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals

old = np.random.RandomState(110)
x = np.concatenate([old.normal(3, 0.8, 20), old.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
uses = {
    "EM: shares": lambda share: share,
    "Hard EM: all to the larger": lambda s: np.eye(2)[s.argmax(axis=1)],
}
runs = {}
for title, use in uses.items():
    here, runs[title] = start, []
    for _ in range(13):
        used = use(normals.e_step(x, here)[0])
        runs[title].append((here, used))
        here = normals.m_step(x, used)
ends = {title: states[-1][0].means for title, states in runs.items()}
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    shares="hard",
    mixing="free",
    still=draw.frames(x, runs),
    told="The guess, and after twelve steps. "
    + "; ".join(
        f"{title.split(':')[0]}: means {a:.2f} and {b:.2f}"
        for title, (a, b) in ends.items()
    )
    + ".",
    caption="Forty points of two groups. Under Options, Shares: hard gives each point wholly to one "
    "bell; soft is EM. The number is the log-likelihood, which hard EM need not raise.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** which points will be purple, a mixture of both colours? *Press **Share out**.*
#
# <details markdown><summary>See why</summary>
#
# None. The shares are worked out as ever, and then rounded: all or nothing. *Choose **soft**
# under Options, and press **Share out** again:* the points between the bells turn purple.
#
# </details>
#
# **2. Predict:** with hard shares, after how many steps does nothing move any more? *Start again,
# and press **Share out** and **Re-estimate** in turn.*
#
# <details markdown><summary>See why</summary>
#
# After one or two. There are finitely many ways to colour forty points, and once no point changes
# its colour, nothing moves. EM's steps become smaller without end.
#
# </details>
#
# **3. Predict:** now choose **soft**. Do the bells stay where they are? *Press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# No. B's mean goes to the left, from {{ ends["Hard EM: all to the larger"][1] : .2f }} to
# {{ em.fit(normals, x, start).params.means[1] : .2f }} in the end, and B becomes wider: it gets
# back its part of the points between the two.
#
# </details>
#
# ## One picture each
#
# The same forty points, ten methods. A point has the colour of the shares that were used last.
# Where a method goes on throwing dice, several pairs of bells are drawn, pale: no pair is the answer.
# MAP and stochastic EM have one prior, Gibbs sampling and variational Bayes another, the others none:
# so part of what moves is the prior.

# %% tags=["hide"]
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from em.priors import NormalsPrior
from em.relatives import gibbs, variational


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


def bells_of(free):
    weights = np.array([1, np.exp(free[4])]) / (1 + np.exp(free[4]))
    return Normals(free[:2], np.exp(free[2:4]), weights)


fit = em.fit(normals, x, start)
prior = NormalsPrior(mean=5, mean_count=0.1, std=1.5, std_count=2, points=1)
best = em.fit(normals, x, start, prior=prior)
labels = np.full(40, -1)
labels[::4] = np.repeat([0, 1], 20)[::4]
some = em.fit(normals, x, start, labels=labels)
rounded = runs["Hard EM: all to the larger"][-1]
quick = 1 + next(  # the last E-step changes nothing
    step
    for step, (one, _) in enumerate(runs["Hard EM: all to the larger"])
    if np.array_equal(one.means, rounded[0].means)
)
four, apart = start, np.array([0.0, 4.0])
for _ in range(200):
    share, _ = normals.e_step(x, four)
    size = share.sum(axis=0)
    precision = size / four.stds**2
    place = (x @ share / size - apart) @ precision / precision.sum()
    squares = (share * (x[:, None] - place - apart) ** 2).sum(axis=0)
    four = Normals(place + apart, np.sqrt(squares / size), size / len(x))
uphill = bells_of(
    minimize(
        lambda free: -normals.e_step(x, bells_of(free))[1],
        [1.1, 9, *np.log([2, 1.7]), 0],
    ).x
)
here, thrown, dice = start, [], np.random.default_rng(1)
for _ in range(1_000):
    label = dice.multinomial(1, normals.e_step(x, here)[0])
    here = prior.m_step(x, label)
    thrown.append(here)
draws = gibbs(x, start, 2_000, np.random.default_rng(13))
named = [Normals(one[:2], one[2:]) for one in draws[100:600:170]]
beliefs = variational(x, normals.e_step(x, start)[0], 100, alpha0=1)
belief = beliefs[-1]
bounds = np.array([bound(*one, alpha0=1) for one in beliefs])
numbers = np.array([[*one.mean, *one.b / one.a, *one.alpha] for one in beliefs])
moved = np.abs(np.diff(numbers, axis=0) / numbers[1:]).max(axis=1)
calm = (np.diff(bounds) <= 1e-8) & (moved <= 1e-8)  # as `em.fit` stops
assert calm.any()
calm = 3 + int(np.argmax(calm))  # the first shares were an E-step, too
typical = Normals(
    belief.mean, np.sqrt(belief.b / belief.a), belief.alpha / belief.alpha.sum()
)
centres = Normals(rounded[0].means, [1.0, 1.0])
pictured = {
    "EM": ([fit.params], fit.posterior),
    "MAP: a prior": ([best.params], best.posterior),
    "Ten labels known": ([some.params], some.posterior),
    "Hard EM": ([rounded[0]], rounded[1]),
    "k-means": ([centres], rounded[1]),
    "ECM: four apart": ([four], normals.e_step(x, four)[0]),
    "Stochastic EM": (thrown[100:600:170], label),
    "Gibbs sampling": (named, normals.e_step(x, named[-1])[0]),
    "Variational Bayes": ([typical], normals.e_step(x, typical)[0]),
    "Gradients": ([uphill], normals.e_step(x, uphill)[0]),
}
once = (thrown, draws, belief)  # the sections below must find the same
draw.gallery(
    x,
    pictured,
    "Ten methods, one E-step. Of k-means only the centres mean anything; its bells are all of "
    "width 1. Of variational Bayes one typical pair is drawn, of a whole distribution.",
)

# %% [markdown]
# ## Side by side
#
# Each method keeps something of the **labels** (the hidden group of each point) and something of
# the **parameters** (means, widths, weights). *Shares → best* reads: of the labels it keeps the shares,
# of the parameters the best value. In brackets: E-steps.
#
# | method | keeps | climbs<br>*you get* |
# | --- | --- | --- |
# | EM ({{ len(fit.steps) : d }}) | shares → best | likelihood<br>*a local top* |
# | [MAP](#a-prior-map) ({{ len(best.steps) : d }}) | shares → best | likelihood × prior<br>*a top that your knowledge moved* |
# | [ten labels](#some-labels-known) ({{ len(some.steps) : d }}) | shares, ten known → best | likelihood of points and ten labels<br>*a top with names* |
# | [hard EM](#hard-em-and-k-means) ({{ quick : d }}) | best → best | likelihood of points and all labels<br>*a quick, biased answer* |
# | [k-means](#hard-em-and-k-means) | best → centres | nearness to the centres<br>*clusters* |
# | [ECM](#part-of-an-m-step-generalised-em-and-ecm) | shares → better | likelihood<br>*as EM* |
# | [stochastic EM](#stochastic-em-dice-for-labels) | dice → best | nothing<br>*answers that tremble* |
# | [Gibbs](#gibbs-sampling-dice-for-the-parameters-too) | dice → dice | nothing<br>*many plausible answers* |
# | [variational Bayes](#variational-bayes-a-distribution-without-dice) ({{ calm : d }}) | shares → distribution | a bound<br>*roughly how sure* |
# | [gradients](#gradients-the-e-step-gives-the-slope) | shares → a step uphill | likelihood<br>*as EM* |
#
# All counts but hard EM's follow one rule, that of `em.fit`: what is climbed gains at most $10^{-8}$, and no
# parameter moves by more than that share of its size. (The figure's rule is less strict.) Hard EM stops
# when no label changes; dice do not say when they are done.
#
# **One view of most of them.** EM's two steps climb one function, the [bound](why.py): one over the
# labels, one over the parameters ([Neal and Hinton 1998](https://doi.org/10.1007/978-94-011-5014-9_12)).
# Hard EM climbs it with shares of 0 and 1 only; variational Bayes climbs its like, where the
# parameters have a distribution, too, apart from that of the labels (*mean field*).
#
# The rest takes them one by one: the line that differs, what it is for, where it fails. Or go on to
# [when to use which](#when-to-use-which).
#
# ## By hand
#
# Three points, at 1, 2 and 9, and the shares that bell A has in them: nine tenths, eight tenths,
# one tenth. Where does each method put the mean of A?

# %%
import numpy as np

points = np.array([1.0, 2.0, 9.0])
share = np.array([0.9, 0.8, 0.1])
rounded = np.array([1.0, 1.0, 0.0])
dice = np.array([1.0, 0.0, 0.0])  # one throw of many

for name, a in (("EM", share), ("hard", rounded), ("dice", dice)):
    print(f"{name:5} mean {a @ points / a.sum():.3f}")
# A prior: as if one more point had been seen at 5, surely of A
print(f"prior mean {(share @ points + 5) / (share.sum() + 1):.3f}")

# %% [markdown]
# All four divide a sum of points by a number of points. They differ in what is counted.
#
# ## The program
#
# One E-step, one M-step, and three ways to go from the first to the second. To be pasted
# into an empty Python:

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
dice = np.random.default_rng(5)
uses = {
    "EM": lambda share: share,
    "hard EM": lambda share: np.eye(2)[share.argmax(axis=1)],
    "stochastic EM": lambda share: dice.multinomial(1, share),
}
for name, use in uses.items():
    mean, std, weight = np.array([1.1, 9]), np.array([2, 1.7]), 0.5
    for _ in range(60):
        z = (x[:, None] - mean) / std
        height = weight * np.exp(-z * z / 2) / std
        share = height / height.sum(axis=1, keepdims=True)  # E-step
        r = use(share)
        size = r.sum(axis=0)
        mean, weight = x @ r / size, size / 40  # M-step
        std = np.sqrt((r * (x[:, None] - mean) ** 2).sum(axis=0) / size)
    print(f"{name:14} means {mean.round(3)} stds {std.round(3)}")

# %% tags=["hide"]
again = Normals([1.1, 9], [2, 1.7])
dice = np.random.default_rng(5)
for _ in range(60):
    share, _ = normals.e_step(x, again)
    again = normals.m_step(x, dice.multinomial(1, share))
np.testing.assert_allclose(mean, again.means, rtol=1e-9)
np.testing.assert_allclose(std, again.stds, rtol=1e-9)

# %% [markdown]
# The third line is one throw of many.
#
# ## The same in the package
#
# From here on, every program calls this one E-step, `normals.e_step`.

# %% tags=["hide"]
em.show(normals.e_step)

# %% [markdown]
# The start, and EM itself, with which all others are compared:

# %%
import em
from em.models import normals
from em.models.normals import Normals

start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start)

print("means  ", fit.params.means.round(4))
print("stds   ", fit.params.stds.round(4))
print("weights", fit.params.weights.round(4))
print(f"log-likelihood {fit.log_likelihood:.4f}, {len(fit.steps)} E-steps")

# %% [markdown]
# ## A prior: MAP
#
# Toss a new coin three times: three heads. The best estimate of its chance of heads is then
# 1, and few people would bet on it. A **prior** says what you believe of the parameters before the
# data. The easiest to think of is imaginary data, **pseudo-counts**: with one head and one tail as if
# seen already, the estimate is 4/5. (As a density this is called **Beta(2, 2)**.)
#
# **The line that differs** is in the M-step: heads ÷ flips becomes
# (heads + imagined heads) ÷ (flips + imagined flips). The E-step does not notice. On
# [the two coins](coins.py#re-estimate-by-hand) A was credited with 21.3 heads in 29.9 flips. Imagine
# two heads and two tails more:

# %%
print(f"without {21.3 / 29.9:.3f}, with {(21.3 + 2) / (29.9 + 4):.3f}")

# %% [markdown]
# What EM climbs now is log-likelihood + log prior. Its top is called **maximum a posteriori**
# (MAP): the most probable parameters, after the data. In the result, `fit.heights` is that sum and never
# falls; `fit.log_likelihood` is the likelihood alone, and may.
#
# **What it is for:** a bell can collapse to a needle on a single point. Give each bell a few
# imaginary points that speak for a width of one and a half, and it cannot:

# %%
from em.priors import NormalsPrior

needle = Normals([8.075, 6], [0.005, 2])
try:
    em.fit(normals, x, needle)
except em.CollapsedError as error:
    print(f"component {error.component} collapsed at step {error.step}")

prior = NormalsPrior(mean=5, mean_count=0.1, std=1.5, std_count=2, points=1)
saved = em.fit(normals, x, needle, prior=prior)
best = em.fit(normals, x, start, prior=prior)
for name, one in (("needle", saved), ("start", best)):
    print(f"{name:6} means {one.params.means.round(3)}", end=" ")
    print(f"stds {one.params.stds.round(3)}, height {one.heights[-1]:.3f}")

# %% tags=["hide"]
draw.beside(
    x,
    best.params,
    fit.params,
    best.posterior,
    "Lines: with a prior. Pale: without.",
    "MAP (lines) and maximum likelihood (broad and pale). The prior speaks for one width between "
    "the two: the narrow bell gets wider, the wide one narrower.",
)

# %% [markdown]
# Both starts end at one place, with the names changed.
#
# **Where it fails:** with few points in a component the answer is what the prior says. And two starts
# may still end at different tops.
#
# <details markdown><summary>Go deeper</summary>
#
# The counts in `CoinsPrior` are pseudo-counts. `em.priors` also has a prior for the bells and one for
# the [hidden Markov model](counts.py). Mixing weights get a **Dirichlet**, which is the Beta for more than
# two kinds. In `NormalsPrior` above, each bell gets two imaginary points for its width (`std_count`), a
# tenth of a point at 5 for its mean, and one more in its count.
#
# Why does it still climb? The [bound](why.py) gains a term that the E-step does not touch.
#
# The peak of a density depends on the scale that one measures on: a belief about variances and the
# same belief about standard deviations peak at different places. A maximum of the likelihood does
# not move so. `NormalsPrior.normal_inverse_gamma` takes the usual numbers, for a density of variances.
#
# </details>

# %% tags=["hide"]
from em.priors import CoinsPrior

em.show(CoinsPrior)

# %% [markdown]
# ## Some labels known
#
# An expert says of every fourth point which group it is from; the other thirty are open. This is
# **semi-supervised** learning.
#
# **The line that differs** is in the E-step: a known label is a share of 1, whatever the bells say.

# %%
group = np.repeat([0, 1], 20)
labels = np.full(40, -1)  # unknown
labels[::4] = group[::4]

some = em.fit(normals, x, start, labels=labels)
print("shares of the first five points")
print(some.posterior[:5].round(3))
print("means", some.params.means.round(3), "stds", some.params.stds.round(3))

swapped = em.fit(normals, x, Normals([9, 1.1], [1.7, 2]), labels=labels)
alike = em.fit(normals, x, Normals([5, 5], [2, 2]), labels=labels)
for name, one in (("start", some), ("swapped", swapped), ("alike", alike)):
    print(f"{name:8}{len(one.steps):4} E-steps, mean of A", end=" ")
    print(f"{one.params.means[0]:.4f}")

# %% tags=["hide"]
draw.beside(
    x,
    some.params,
    fit.params,
    some.posterior,
    "Lines: ten labels known. Pale: none.",
    "Ten points whose labels are known wear a ring or a square. Lines: the bells with these labels; "
    "broad and pale: without.",
    labels,
)

# %% [markdown]
# **What it is for:** the way is shorter, {{ len(some.steps) : d }} E-steps for
# {{ len(fit.steps) : d }}, and the bells get their names, even from a start with the names
# swapped or with both bells alike.
#
# **Where it fails:** an expert who labels red points more readily than blue ones *at the same place*
# makes the weight of A too large. (One who labels the clear cases first does no harm: what is clear
# can be read off the point. Such labels are **missing at random**.)
#
# ## Hard EM, and k-means
#
# **The line that differs:** round the shares, `np.eye(2)[share.argmax(axis=1)]`.


# %%
def hard_em(x, bells, steps):
    climbed = []
    for _ in range(steps):
        share, _ = normals.e_step(x, bells)
        label = share.argmax(axis=1)
        log_joint = normals.log_joint(x, bells)
        climbed.append(log_joint[np.arange(len(x)), label].sum())
        bells = normals.m_step(x, np.eye(len(bells.means))[label])
    return bells, np.array(climbed)


chosen, climbed = hard_em(x, start, 12)
print("means", chosen.means.round(3), "stds", chosen.stds.round(3))
print("climbs", climbed.round(2)[:6])
print("falls:", (np.diff(climbed) < -1e-9).sum())
_, height = normals.e_step(x, chosen)
print(f"log-likelihood {height:.3f}, of EM {fit.log_likelihood:.3f}")

# %% tags=["hide"]
from em.figures.assignments import hard_and_soft

hard_and_soft(
    x,
    chosen,
    fit.params,
    "Hard EM (broad and pale) cuts where EM (lines) shares. The wide bell loses the flank that "
    "lies under the other.",
)

# %% [markdown]
# It climbs, but something else: the probability of the points *and* of the labels it chose. (This is
# EM's [bound](why.py#what-could-go-wrong), with shares that must be 0 or 1; also called
# **classification EM**, Celeux and Govaert 1992.)
#
# **What it is for:** speed, and starts for EM.
#
# **Where it fails:** it is **biased**: off in one direction, and more data do not help (Bryant and
# Williamson 1978).
#
# With all bells equally common and equally wide, the nearest centre wins, and hard EM is
# **[k-means](kmeans.py)**. (EM itself turns into it as the common width
# [goes to 0](kmeans.py#k-means-is-what-is-left-when-the-bells-shrink).) Here both end with the same
# colours. They need not: k-means has no widths and no weights.
#
# <details markdown><summary>Go deeper</summary>


# %%
def k_means(x, centres, steps):
    for _ in range(steps):
        share, _ = normals.e_step(x, Normals(centres, [1.0, 1.0]))
        label = share.argmax(axis=1)
        centres = np.array([x[label == k].mean() for k in (0, 1)])
    return centres, label


centres, label = k_means(x, np.array([1.1, 9]), 12)
nearest = np.abs(x[:, None] - centres).argmin(axis=1)
print("centres", centres.round(4))
print("each has its nearest centre:", (label == nearest).all())

# %% [markdown]
# </details>
#
# ## Part of an M-step: generalised EM, and ECM
#
# Sometimes the best parameters have no formula. EM does not need the best. Any M-step that makes the
# [bound](why.py) higher keeps the promise not to fall: **generalised EM** (Dempster, Laird and Rubin
# 1977). Whether it also arrives is another question: its gains may die out before the top.
#
# **The line that differs:** the M-step becomes two, each the best for some parameters while the
# others are held. That is **ECM**, *expectation, conditional maximisation* (Meng and Rubin 1993).
# Suppose the groups lie exactly 4 apart, and we do not know where. The best place depends on the
# widths, and the best widths on the place:


# %%
def ecm(x, bells, apart, steps):
    shift, heights = np.array([0.0, apart]), []
    for _ in range(steps):
        share, height = normals.e_step(x, bells)
        heights.append(height)
        size = share.sum(axis=0)
        # First the place, the widths being held ...
        precision = size / bells.stds**2
        place = (x @ share / size - shift) @ precision / precision.sum()
        means = place + shift
        # ... then the widths, the place being held.
        squares = (share * (x[:, None] - means) ** 2).sum(axis=0)
        bells = Normals(means, np.sqrt(squares / size), size / size.sum())
    return bells, np.array(heights)


tied, heights = ecm(x, start, 4, 200)
print("means", tied.means.round(4), "stds", tied.stds.round(4))
print(f"log-likelihood {heights[-1]:.4f}")
# From the first step on: the start is not 4 apart
print("falls:", (np.diff(heights)[1:] < -1e-9).sum())

# %% [markdown]
# **What it is for:** conditions like this one, and M-steps without a formula.
#
# **Where it fails:** each step gains less than a full M-step would. (That the top,
# {{ heights[-1] : .3f }}, is a little below EM's {{ fit.log_likelihood : .3f }} is the price of the
# condition, not of ECM.)
#
# ## Stochastic EM: dice for labels
#
# **The line that differs:** draw each label with the shares' odds, `dice.multinomial(1, share)`, and
# let the M-step believe it (Celeux and Diebolt 1985).


# %%
def stochastic_em(x, bells, steps, dice):
    taken = []
    for _ in range(steps):
        share, _ = normals.e_step(x, bells)
        label = dice.multinomial(1, share)
        bells = prior.m_step(x, label)
        taken.append([*bells.means, *bells.stds])
    return np.array(taken)


trembling = stochastic_em(x, start, 1_000, np.random.default_rng(1))
after = trembling[100:]  # what came before still remembers the start
print(
    "mean ", after[:, :2].mean(axis=0).round(3), after[:, 2:].mean(0).round(3)
)
print("sd   ", after[:, :2].std(axis=0).round(3), after[:, 2:].std(0).round(3))
print("MAP  ", best.params.means.round(3), best.params.stds.round(3))

# %% tags=["hide"]
draw.wander(
    trembling[:200, :2],
    "means",
    "steps",
    "The means of the first steps of stochastic EM, and where EM with the same prior ends (dashed).",
    best.params.means,
)

# %% [markdown]
# The `sd` is how much the walk trembles, not a standard error: only labels are drawn.
#
# **What it is for:** models where labels can be drawn but shares have no formula. The dice can
# also carry it out of a poor top. The average of many steps is an estimate, here a rough one. It is
# not the MAP: the walk goes farther from the top on the side where the hill falls more slowly.
#
# **Where it fails:** it never stands still. And a throw may leave a bell a single point; that is why
# the M-step has the prior from above. (An E-step over *part of the data* at a time is another
# relative, [online EM](online.py#one-pass).)
#
# ## Gibbs sampling: dice for the parameters, too
#
# What if one wants to see all plausible answers? Their distribution, given the data, is called the
# **posterior** of the parameters.
#
# **The lines that differ:** the M-step throws dice, too. Given the labels, in place of the best
# parameters it takes `std = 1 / np.sqrt(dice.gamma(…) / …)`, `mean = dice.normal(centre, …)` and
# `dice.dirichlet(1 + n)`, the weights. That is **Gibbs sampling** (Geman and Geman 1984). One such
# round is a **sweep**. After a while the draws are draws from the posterior.

# %% tags=["hide"]
from em.relatives import gibbs

em.show(gibbs)

# %%
from em.relatives import gibbs

draws = gibbs(x, start, 2_000, np.random.default_rng(13))
print("means, last three sweeps")
print(draws[-3:, :2].round(2))
print("average of means      ", draws[:, :2].mean(axis=0).round(2))

# %% tags=["hide"]
draw.wander(
    draws[:, :2],
    "means",
    "sweeps",
    "The means of two bells, sweep by sweep. Where the lines cross for good, the two have swapped "
    "their names.",
)

# %% [markdown]
# Half-way, the bells **change places**. This **label switching** is no fault: the posterior has
# two equal mountains, one for each naming. But the average over all sweeps, the last line above, mixes
# two groups and means nothing. So name the bells by a rule before you average, here by their means:

# %%
order = np.argsort(draws[:, :2], axis=1)
swaps = (np.diff(order[:, 0]) != 0).sum()
means = np.sort(draws[:, :2], axis=1)
print(swaps, "swap" if swaps == 1 else "swaps")
for k, name in enumerate("AB"):
    low, high = np.quantile(means[100:, k], [0.025, 0.975])
    print(f"mean of {name}: {means[100:, k].mean():.2f}", end=", ")
    print(f"95 % between {low:.2f} and {high:.2f}")

# %% [markdown]
# **What it is for:** it says how uncertain each mean is.
#
# **Where it fails:** it costs {{ len(draws) : d }} E-steps. Neighbouring draws are alike, so they count
# for fewer than they are, and one swap in so many is little. Run several chains from different starts, and
# compare: $\hat R$, the spread of all draws over the spread within a chain, is near 1 if they agree.
# With groups closer together no rule for the names is clean.
#
# <details markdown><summary>Go deeper</summary>
#
# With four chains:

# %%
others = {14: ([9, 1.1], [1.7, 2]), 15: ([5, 5], [2, 2]), 16: ([3, 4], [1, 1])}
chains = [draws] + [
    gibbs(x, Normals(*bells), 2_000, np.random.default_rng(seed))
    for seed, bells in others.items()
]
chains = np.sort(np.array(chains)[:, 100:, :2], axis=2)
within = chains.var(axis=1, ddof=1).mean(axis=0)
between = chains.mean(axis=1).var(axis=0, ddof=1)
r_hat = np.sqrt(1 - 1 / chains.shape[1] + between / within).max()
print(f"R-hat of {len(chains)} chains: {r_hat:.3f}")

# %% [markdown]
# The prior of each bell is a **normal-inverse-gamma**: its variance is drawn from one density, its
# mean from a bell whose width goes with that variance. Given labels, the posterior is of the same kind
# with other numbers, so it can be drawn from directly.
#
# *Is the sampler right?* With one bell there is no label to draw, and the posterior of $\mu$ is
# known exactly: a Student's t.

# %%
from scipy import stats

one = Normals([5], [2])
alone = gibbs(x, one, 4_000, np.random.default_rng(3))[:, 0]
n, mean = len(x), (0.1 * 5 + x.sum()) / (0.1 + len(x))
b = 2 + ((x**2).sum() + 0.1 * 25 - (0.1 + n) * mean**2) / 2
a, kappa = 2 + n / 2, 0.1 + n
exact = stats.t(2 * a, loc=mean, scale=np.sqrt(b / (a * kappa)))
print(f"mean   exact {exact.mean():.3f}, drawn {alone.mean():.3f}")
print(f"spread exact {exact.std():.3f}, drawn {alone.std():.3f}")

# %% tags=["hide"]
grid = np.linspace(3.2, 6.4, 120)
draw.interval(
    grid,
    exact.pdf(grid),
    alone,
    "the mean of one bell",
    "One bell for all points: draws, and the exact posterior of its mean.",
)

# %% [markdown]
# </details>
#
# ## Variational Bayes: a distribution, without dice
#
# A compromise: keep a whole distribution of the parameters, but one that is described by a few
# numbers, such as a middle and a spread for each mean.
#
# **The lines that differ:** the M-step updates these numbers. The E-step is the old one, but heights
# are averaged, as logarithms, over what is believed of the parameters (Attias 1999): in place of a weight
# stands exp(average of log weight), `np.exp(digamma(alpha) - digamma(alpha.sum()))`.


# %% tags=["hide"]
from em.relatives import variational

em.show(variational)

# %%
from em.relatives import variational

first, _ = normals.e_step(x, start)
two = variational(x, first, 100, alpha0=1)
_, mean, kappa, a, b, _ = two[-1]
spread = np.sqrt(b / (kappa * (a - 1)))
errors = em.standard_errors(normals, x, fit).errors.means
sample = means[100:]
print("                   means          give or take")
print("variational Bayes", mean.round(3), spread.round(3))
print("Gibbs            ", sample.mean(axis=0).round(3), sample.std(0).round(3))
print("EM               ", fit.params.means.round(3), errors.round(3))

# %% [markdown]
# It agrees with Gibbs roughly about the places, and is at rest after {{ calm : d }} E-steps, without
# dice. (EM has no prior, and its spread is the [standard error](certainty.py#standard-errors-in-one-line):
# for B as with Gibbs, for A less.)
#
# **What it is for:** how sure one is, roughly and soon; and a gift that EM lacks. Give it six bells,
# and a prior (`alpha0`) which says that most weights are near 0:

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
    "Six bells share the points. Those that the data do not need lose their weight to the others.",
    first=1,
)

# %% [markdown]
# **Surplus components die.** What a bell gains in fit must outweigh what its parameters cost: their
# distance from the prior. How many survive depends on `alpha0` and on the start: a hint, not a proof.
#
# **Where it fails:** it is **too sure of itself**. Its spread is about half that of Gibbs. It
# holds the shares fixed while it asks for the parameters, and so forgets that both are uncertain
# together.
#
# <details markdown><summary>Go deeper</summary>
#
# What does it climb? The [bound](why.py) again, here called the **evidence lower bound**. It is now a bound over
# two distributions, of labels and of parameters, and each half of a sweep takes the best of one, with
# the other held. Its value is what the E-step returns in place of a log-likelihood, less the distance
# of what is believed from the prior.

# %% tags=["hide"]
bounds = np.array([bound(*one, alpha0=1) for one in two])
falls = (np.diff(bounds) < -1e-9).sum()

# %% [markdown]
# Here it goes from {{ bounds[0] : .4f }} to {{ bounds[-1] : .4f }}, and falls {{ falls : d }} times.
#
# The weights that go into the E-step sum to less than 1. That does not matter: each point's shares
# are divided by their sum.
#
# </details>
#
# ## Gradients: the E-step gives the slope
#
# One may also hand the log-likelihood to any optimiser, a program that walks uphill by the slope.
#
# **The line that differs:** the shares are used for a slope, and not for a mean. By **Fisher's
# identity**, the log-likelihood has the slope that it would have if the shares at that very point were
# real data. So nobody needs to differentiate the logarithm of a sum. For the means, with $z$ the distance
# from the mean in widths, it is `(share * z / std).sum(axis=0)`.
#
# <details markdown><summary>Go deeper</summary>

# %%
from scipy.optimize import minimize

tried = []


def downhill(free):
    mean, std = free[:2], np.exp(free[2:4])
    weight = np.array([1, np.exp(free[4])]) / (1 + np.exp(free[4]))
    share, height = normals.e_step(x, Normals(mean, std, weight))
    tried.append(height)
    away = (x[:, None] - mean) / std
    by_mean = (share * away / std).sum(axis=0)
    by_log_std = (share * (away**2 - 1)).sum(axis=0)
    by_odds = share[:, 1].sum() - len(x) * weight[1]
    return -height, -np.array([*by_mean, *by_log_std, by_odds])


found = minimize(downhill, [1.1, 9, *np.log([2, 1.7]), 0], jac=True)
print("means", found.x[:2].round(4), "stds", np.exp(found.x[2:4]).round(4))
print(f"log-likelihood {-found.fun:.4f}, {len(tried)} E-steps")

# %% [markdown]
# </details>

# %% tags=["hide"]
draw.race(
    {"BFGS": np.array(tried), "EM": fit.log_likelihoods},
    max(-found.fun, fit.log_likelihood),
    "How far the best so far is below the top: EM is fast at first and then creeps, a quasi-Newton "
    "method (BFGS) learns how the hill bends.",
)

# %% [markdown]
# **What it is for:** where EM crawls. The same top, in {{ len(tried) : d }} E-steps for EM's
# {{ len(fit.steps) : d }} (each by its own rule for stopping). EM can also be made to jump, with
# nothing but its own two steps: [both in one table](certainty.py#a-race-in-e-steps).
#
# **Where it fails:** nothing keeps a parameter in its range, so one needs logarithms of widths and
# log-odds of weights. A trial point may be lower and must be rejected.

# %% tags=["hide"]
# The pictures and the table at the top show what the sections found.
np.testing.assert_array_equal([[*p.means, *p.stds] for p in once[0]], trembling)
np.testing.assert_array_equal(once[1], draws)
for there, now in zip(once[2], two[-1], strict=True):
    np.testing.assert_array_equal(there, now)
for title, now in {
    "EM": fit.params,
    "MAP: a prior": best.params,
    "Ten labels known": some.params,
    "Hard EM": chosen,
    "ECM: four apart": tied,
    "Gradients": bells_of(found.x),
}.items():
    room = 1e-3 if title == "Gradients" else 1e-7
    np.testing.assert_allclose(pictured[title][0][0].means, now.means, room)
    np.testing.assert_allclose(pictured[title][0][0].stds, now.stds, room)
np.testing.assert_allclose(pictured["k-means"][0][0].means, centres)
np.testing.assert_array_equal(pictured["k-means"][1].argmax(axis=1), label)

# %% [markdown]
# ## When to use which
#
# - **EM** for a first answer: no step size, no fall, and every relative can start from it.
# - **MAP** when a component can collapse or a count can be 0; **labels** wherever you have a few.
# - **Hard EM** or k-means for a start, or for so much data that rounding is all you can afford.
# - **ECM** when the M-step has no formula; **gradients** when EM crawls and the model is smooth.
# - **Stochastic EM** when the E-step has no formula, but labels can be drawn.
# - **Gibbs** when you need the uncertainty right; **variational Bayes** when a rough, too small one
#   will do.
#
# ## What could go wrong
#
# - **Comparing numbers that are not of one kind.** What is climbed differs: see the table.
# - **A prior that decides.** Change it, and look how much of the answer changes.
# - **A short run of Gibbs.** Until it switches, it has not seen half of the posterior: here a mirror
#   image, elsewhere perhaps a better answer.
#
# ## Exercises
#
# **1.** A coin shows heads in three of three tosses. Its prior is Beta(2, 2). *Predict* the
# MAP estimate after one step of EM, and the log-likelihood beside that of an estimate of 1.
#
# <details markdown><summary>Solution</summary>

# %%
from em.models import coins
from em.models.coins import Coins, Flips
from em.priors import CoinsPrior

three = Flips([3], [0])
for name, known in (("flat", CoinsPrior()), ("Beta", CoinsPrior.beta(2, 2))):
    coin = em.fit(coins, three, Coins([0.5]), prior=known)
    print(f"{name}: {coin.params.theta[0]:.2f}", end=", ")
    print(f"log-likelihood {coin.log_likelihood:.3f}")

# %% [markdown]
# Four fifths. The log-likelihood is *lower* than without a prior, and should be: it is not
# what was climbed.
#
# </details>
#
# **2.** Gibbs for one coin, tossed twelve times with nine heads, prior Beta(2, 2). The posterior
# is known: Beta(2 + 9, 2 + 3). *Predict* mean and spread of the draws, then write the sampler for a
# mixture of coins, and let it run with one.
#
# <details markdown><summary>Solution</summary>


# %%
def gibbs_of_coins(flips, guess, sweeps, dice, a=2, b=2):
    taken = []
    for _ in range(sweeps):
        share, _ = coins.e_step(flips, guess)
        label = dice.multinomial(1, share)
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
print(f"spread exact {known.std():.4f}, drawn {drawn.std():.4f}")

# %% [markdown]
# They agree within what {{ len(drawn) : d }} draws can tell. A sampler that is right with one
# coin may still be wrong with two, but one that is wrong with one is wrong.
#
# </details>
#
# **3.** Start hard EM and EM from bells of width 1 at 2 and 3, at 6 and 8, at 7 and 8. *Predict* which
# of the two ends at one place from all three.
#
# <details markdown><summary>Solution</summary>

# %%
for places in ([2, 3], [6, 8], [7, 8]):
    bells = Normals(places, [1, 1])
    stuck, _ = hard_em(x, bells, 30)
    free = em.fit(normals, x, bells).params
    print(f"{places}: hard {stuck.means.round(2)} EM {free.means.round(2)}")

# %% [markdown]
# EM, here. Hard EM has many more places to stand still, since a point near a border must cross it
# wholly, or not at all. (That EM does so from these three is no promise for a fourth: try 7 and 10.)
#
# </details>
#
# ## Where to read on
#
# [Why it never goes down](why.py) has the bound that most of these climb. McLachlan and Krishnan, *The
# EM Algorithm and Extensions* (2nd edition 2008), has most of them. Dempster, Laird and Rubin (1977)
# already have MAP and generalised EM. Celeux and Diebolt, *The SEM algorithm: a probabilistic teacher
# algorithm derived from the EM algorithm for the mixture problem*, Computational Statistics
# Quarterly 2 (1985). Meng and
# Rubin, *Maximum likelihood estimation via the ECM algorithm: a general framework*,
# Biometrika 80 (1993),
# [doi 10.1093/biomet/80.2.267](https://doi.org/10.1093/biomet/80.2.267). Celeux and Govaert,
# *A classification EM algorithm for clustering and two stochastic versions* (1992),
# [doi 10.1016/0167-9473(92)90042-E](https://doi.org/10.1016/0167-9473%2892%2990042-E). Stephens,
# *Dealing with label
# switching in mixture models* (2000),
# [doi 10.1111/1467-9868.00265](https://doi.org/10.1111/1467-9868.00265). Bishop (2006), chapter 10, for
# variational Bayes. More on the [resources page](resources.md).
