# ---
# title: EM's relatives, side by side
# order: 14
# section: Understand
# question: What if I have a prior, a few labels, hard choices, or want more than one best answer?
# description: >-
#   MAP, known labels, k-means, ECM, stochastic EM, Gibbs sampling, variational Bayes and
#   gradients, each in about fifteen lines on one data set, around one and the same E-step.
# numbers: own
# allow: [21.3, 29.9, 10, 80, 1977, 1978, 1984, 1985, 1992, 1993, 1999, 2000, 2006, 2008]
# ---

# %% [markdown]
# # EM's relatives, side by side
#
# The E-step shares each point out. What one then does with the shares is a choice: average
# them, round them, or throw dice. Each choice is a method with a name of its own.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import relatives as draw
from em.figures.stepper import stepper
from em.models import normals
from em.models.normals import Normals

old = np.random.RandomState(110)
x = np.concatenate([old.normal(3, 0.8, 20), old.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
dice = np.random.default_rng(5)
uses = {
    "EM: shares": lambda share: share,
    "Hard EM: all to the larger": lambda s: np.eye(2)[s.argmax(axis=1)],
    "Stochastic EM: dice": lambda share: 1.0 * dice.multinomial(1, share),
}
runs = {}
for title, use in uses.items():
    here, runs[title] = start, []
    for _ in range(13):
        used = use(normals.e_step(x, here)[0])
        runs[title].append((here, used))
        here = normals.m_step(x, used)
stepper(
    draw.frames(x, runs),
    [
        f"Step {number}. Means of A and B: "
        + "; ".join(
            f"{name.split(':')[0]} {a:.2f}, {b:.2f}"
            for name, ((a, b), _) in zip(
                uses, ((p.means, r) for p, r in states), strict=True
            )
        )
        for number, states in enumerate(zip(*runs.values(), strict=True))
    ],
    "The forty points of two groups, one start, three uses of one E-step. The colour of a "
    "point is what the next M-step is given: a mixture, or one of the two.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** which points have another colour in the second picture than in the first?
# *Compare the two at step 0.*
#
# <details markdown><summary>See why</summary>
#
# The purple ones. EM shares them; hard EM gives each wholly to one bell. Where a share is
# near 0 or 1 already, rounding changes next to nothing.
#
# </details>
#
# **2. Predict:** which of the three will stand still first? *Press **Play**.*
#
# <details markdown><summary>See why</summary>
#
# Hard EM. There are finitely many ways to colour forty points, and once no point changes its
# colour, nothing moves any more. EM's steps become smaller without end.
#
# </details>
#
# **3. Predict:** and the third, will it ever stand still? *Look at its last few steps.*
#
# <details markdown><summary>See why</summary>
#
# No. The dice are thrown anew at every step, so the bells tremble for ever. Where they
# tremble, and how widely, says something that one best answer does not.
#
# </details>
#
# ## One picture each
#
# The same forty points, eight methods. The colour of a point is what the last second step was
# given. Where a method goes on throwing dice, many bells are drawn, pale: no pair is the answer.

# %% tags=["hide"]
from em.priors import NormalsPrior
from em.relatives import gibbs, variational

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
here, thrown, dice = start, [], np.random.default_rng(1)
for _ in range(1_000):
    label = dice.multinomial(1, normals.e_step(x, here)[0])
    here = prior.m_step(x, label)
    thrown.append(here)
draws = gibbs(x, start, 2_000, np.random.default_rng(13))
named = [Normals(one[:2], one[2:]) for one in draws[100:600:20]]
beliefs = variational(x, fit.posterior, 300, alpha0=1)
belief = beliefs[-1]
typical = Normals(
    belief.mean, np.sqrt(belief.b / belief.a), belief.alpha / belief.alpha.sum()
)
centres = Normals(rounded[0].means, [1.0, 1.0])
draw.gallery(
    x,
    {
        "EM": ([fit.params], fit.posterior),
        "MAP: a prior": ([best.params], best.posterior),
        "Ten labels known": ([some.params], some.posterior),
        "Hard EM": ([rounded[0]], rounded[1]),
        "k-means": ([centres], rounded[1]),
        "Stochastic EM": (thrown[100:600:20], label),
        "Gibbs sampling": (named, normals.e_step(x, named[-1])[0]),
        "Variational Bayes": ([typical], normals.e_step(x, typical)[0]),
    },
    "Eight methods, one E-step. Of k-means only the centres mean anything; its bells are all of "
    "width 1. Of variational Bayes one typical pair is drawn, of a whole distribution.",
)

# %% [markdown]
# ## Side by side
#
# Each method keeps something of the **labels** (which group each point is from: they are hidden)
# and something of the **parameters** (means, widths, weights). That is the whole difference.
#
# | method | of the labels it keeps | of the parameters | one gets | E-steps here |
# | --- | --- | --- | --- | ---: |
# | EM | their probabilities | the best value | a local top of the likelihood | {{ len(fit.steps) : d }} |
# | [MAP](#a-prior-map) | their probabilities | the best value | the same, with what you knew before | {{ len(best.steps) : d }} |
# | [ten labels](#some-labels-known) | probabilities; ten are known | the best value | the same, with names | {{ len(some.steps) : d }} |
# | [hard EM](#hard-em-and-k-means) | the best value | the best value | a quick, biased answer | {{ quick : d }} |
# | [k-means](#hard-em-and-k-means) | the best value | centres alone | a division of the points | {{ quick : d }} |
# | [ECM](#part-of-an-m-step-generalised-em-and-ecm) | their probabilities | a better value | as EM, where no formula is at hand | about as EM |
# | [stochastic EM](#stochastic-em-dice-for-labels) | one throw of dice | the best value for it | estimates that tremble | {{ len(thrown) : d }} * |
# | [Gibbs sampling](#gibbs-sampling-dice-for-the-parameters-too) | throws of dice | throws of dice | many plausible answers | {{ len(draws) : d }} * |
# | [variational Bayes](#variational-bayes-a-distribution-without-dice) | their probabilities | a distribution | about how sure one is | {{ len(beliefs) : d }} * |
# | [gradients](#gradients-the-e-step-gives-the-slope) | their probabilities | the best value | as EM | fewer |
#
# \* A length that we chose. These methods do not say when they are done. The others stopped by
# themselves, each by its own rule.
#
# ## When to use which
#
# - **EM** for a first answer: no step size, no fall, and every relative can start from it.
# - **MAP** when a component can collapse or a count can be 0; **labels** wherever you have a few.
# - **Hard EM** or k-means for a start, or for so much data that rounding is all you can afford.
# - **ECM** when the M-step has no formula; **gradients** when EM crawls and the model is smooth.
# - **Stochastic EM** when the E-step has no formula, but labels can be drawn.
# - **Gibbs** when you need the uncertainty right; **variational Bayes** when you need it soon.
#
# That is the gist, and you may stop here. The rest takes the methods one by one: what differs from
# EM, a picture or a number, what it is for, and where it fails.
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
# The third line is one throw of many, and another seed gives another. For the first two, sixty
# steps are not the end for EM, but more than enough for hard EM.
#
# ## The same in the package
#
# From here on, every program calls this one E-step, `normals.e_step`. Look for it in each.

# %% tags=["hide"]
em.show(normals.e_step)

# %% tags=["hide"]
em.show(normals.log_joint)

# %% [markdown]
# These are the data, the start, and EM itself, with which all others are compared:

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
# 1, and few people would bet on it. They know something about coins beforehand. A **prior**
# says so in a density over the parameters. A Beta(2, 2) is as if one head and one tail had
# been seen already: **pseudo-counts**, imaginary data. With them the estimate is 4/5.
#
# EM takes a prior in the M-step, which counts what is imagined beside what was seen. One
# summand more a line, and the E-step does not notice. On [the two coins](coins.py#re-estimate-by-hand)
# A was credited with 21.3 heads in 29.9 flips. Imagine two heads and two tails more for it:

# %%
print(f"without {21.3 / 29.9:.3f}, with {(21.3 + 2) / (29.9 + 4):.3f}")

# %% [markdown]
# It moves towards one half, a little: four imaginary flips beside thirty. In the package:

# %% tags=["hide"]
from em.priors import CoinsPrior

em.show(CoinsPrior)

# %% [markdown]
# The counts in `self` are the prior's. What EM climbs now is log-likelihood + log prior, and its
# top is the **maximum a
# posteriori** (MAP) estimate, the peak of the posterior density of the parameters. (The proof is
# [the same](why.py): the bound, plus a term that the E-step does not touch.) Both are told
# apart: `fit.log_likelihood` stays what it was, and may fall; `fit.heights` is the
# sum, and never does. `em.priors` has a prior for the coins (Beta for heads; **Dirichlet**, the same
# for shares of more than two kinds, for weights), for the bells
# (normal-inverse-gamma, Dirichlet) and for the
# [hidden Markov model](counts.py) (Dirichlet for each row of transitions, Gamma for the rates).
#
# A prior for the widths prevents the worst that can happen to bells, a narrow one on
# a single point. Here each bell gets, beside the data, two imaginary points that speak for a
# width of one and a half, one more in its count, and a tenth of a point at 5:

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
# The density of a needle under this prior falls faster than its likelihood rises, so the
# collapse **cannot happen any more**: however few points a bell keeps, its imaginary ones keep
# it wide. Here both starts end at one place, with the names changed. They need not: the
# posterior can have local maxima, too.
#
# (A warning. The peak of a density depends on the scale that one measures on: the same belief,
# written as a density of variances or of standard deviations, has different peaks. A
# maximum of the likelihood does not depend on it. In `em.priors`, what counts is the imaginary
# data; `NormalsPrior.normal_inverse_gamma` takes the usual numbers, for a density of variances.)
#
# ## Some labels known
#
# An expert has looked at every fourth point, and says which group it is from. The other
# thirty are open: this is **semi-supervised** learning. EM needs one change, in the E-step.
# A known label is a share of 1, whatever the bells say.

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
# The answer moves a little, and the way to it is shorter: {{ len(some.steps) : d }} E-steps for
# {{ len(fit.steps) : d }}. The labels also do what the points alone cannot: they give the bells
# their names. A start with the names swapped ends at the same place, and so does one at
# which both bells are alike.
#
# (The log-likelihood is now that of points *and* known labels. It must not be compared with
# that without. And it matters why a label is missing. An expert who labels the clear cases first
# does no harm, since what is clear can be read off the point: the other labels are **missing at
# random**. One who labels red points more readily than blue ones *at the same place* makes the
# weight of A too large.)
#
# ## Hard EM, and k-means
#
# Keep only the best value of each label. The E-step is followed by a rounding:


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

quick = int(np.argmax(np.diff(climbed) == 0)) + 1

hard_and_soft(
    x,
    chosen,
    fit.params,
    "Hard EM (broad and pale) cuts where EM (lines) shares. The wide bell loses the flank that "
    "lies under the other.",
)

# %% [markdown]
# It climbs, but something else: the probability of the points *together with* the best
# labels. This is the bound of EM with shares that must be 0 or 1
# ([more](why.py#what-could-go-wrong)), also called **classification EM** (Celeux and Govaert
# 1992). It is fast. It is also biased: with more data, the error does not go away (Bryant and
# Williamson 1978).
#
# With all bells equally common and equally wide, the nearest centre wins, and hard EM is
# **k-means**:


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
# (Here k-means and hard EM end with the same colours, after {{ quick : d }} steps. They need not:
# hard EM has widths and weights, k-means has none.)
#
# ## Part of an M-step: generalised EM, and ECM
#
# Sometimes the best parameters have no formula. EM does not need the best. Any step that
# makes the bound higher will do: **generalised EM** (Dempster, Laird and Rubin 1977). The
# usual way is to take the parameters in groups, each the best while the others are held:
# **ECM**, for *expectation, conditional maximisation* (Meng and Rubin 1993).
#
# Suppose we knew that the groups lie exactly 4 apart, but not where. Then the best place depends
# on the widths, and the best widths on the place:


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
print("falls:", (np.diff(heights)[1:] < -1e-9).sum())

# %% tags=["hide"]
draw.beside(
    x,
    tied,
    fit.params,
    normals.e_step(x, tied)[0],
    "Lines: four apart. Pale: free.",
    "ECM under the condition that the bells lie four apart (lines), and EM without it.",
)

# %% [markdown]
# The likelihood never falls (once the bells are 4 apart, which the start is not): each half of
# the M-step climbs the bound. Its top is a little lower than EM's, {{ heights[-1] : .3f }} for {{ fit.log_likelihood : .3f }}, which
# is the price of the condition.
#
# ## Stochastic EM: dice for labels
#
# Draw each label with the shares' odds, and let the M-step believe it (Celeux and Diebolt
# 1985):


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
# It never converges: it hovers near the answer of the method without dice, and the average of
# many steps is an estimate. The dice can carry it out of a poor local maximum. They can also
# lose a bell, for a throw may leave it a single point; that is why the prior of above is
# in the M-step. With more data the trembling is smaller. (An E-step over *part of the data* at a
# time is another relative, **online EM**. It has a page of its own.)
#
# ## Gibbs sampling: dice for the parameters, too
#
# All methods so far give one answer. **Gibbs sampling** draws the parameters as well, from
# what the labels leave possible, and then the labels again (Geman and Geman 1984). What it
# leaves behind, after a while, is a sample from the **posterior** of the parameters. Here, with
# a **normal-inverse-gamma** prior (a bell for each mean, whose width is uncertain, too):


# %%

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
# Look at the picture: half-way, the bells **change places**. This is **label switching**
# as it happens, and it is no fault. The posterior has two equal mountains, one for each
# naming, and a sampler that does its work visits both. But then an average over all sweeps is a
# mixture of two groups, and means nothing: see the last line of the output. So name the bells by
# a rule before averaging, here by their means:

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
# That is more than one best answer: it says how uncertain each mean is. It costs
# {{ len(draws) : d }} E-steps, and nobody tells when it is enough. Draws of neighbouring sweeps
# are alike, so they count for fewer than they are. (A rule such as "the smaller mean is A" cuts where the
# two mountains touch; with groups closer together no rule is clean.)
#
# **Is it right?** With one bell there is no label to draw, and the posterior of
# $\mu$ has a closed form, a Student's t:

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
# ## Variational Bayes: a distribution, without dice
#
# Between EM and Gibbs lies a compromise. Keep a whole distribution of the parameters, but a
# simple one: one that knows nothing of how labels and parameters go together. Then climb the
# [bound](why.py) (here called the **evidence lower bound**) over both distributions in turns (Attias 1999). The M-step becomes
# the update of a few numbers; the E-step is the old one, at bells that stand for their
# distribution:


# %% tags=["hide"]
from em.relatives import variational

em.show(variational)

# %%
from em.relatives import variational

two = variational(x, fit.posterior, 300, alpha0=1)
_, mean, kappa, a, b, _ = two[-1]
spread = np.sqrt(b / (kappa * (a - 1)))
print("means", mean.round(3), "give or take", spread.round(3))
print("Gibbs", means[100:].mean(axis=0).round(3), end=" ")
print("give or take", means[100:].std(axis=0).round(3))

# %% [markdown]
# It agrees about the places, and it is **too sure of itself**: its spread is about half that
# of the sample. It holds the labels' shares fixed while it asks for the parameters, and so forgets that
# both are uncertain together.
#
# Does it climb? The bound is what the E-step returns in place of a log-likelihood, less the
# divergence of what is believed of the parameters from their prior, the price of an opinion:

# %%
from scipy.special import digamma, gammaln


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


bounds = np.array([bound(*one, alpha0=1) for one in two])
print("bound", bounds[[0, 1, 2, 10, -1]].round(4))
print("falls:", (np.diff(bounds) < -1e-9).sum())

# %% [markdown]
# (The weights that go into the E-step sum to less than 1. That does not matter: each point's shares
# are divided by their sum.)
#
# It has one gift that EM lacks. Give it six bells, and a Dirichlet with a small $\alpha_0$,
# which says that most weights are near 0:

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
# **Surplus components die.** Each of them costs something (a prior of its own to be paid
# for), and what explains next to nothing is not worth it. How many survive depends on the prior, and
# on the start: it is a hint, not a proof of how many groups there are.
#
# ## Gradients: the E-step gives the slope
#
# One may also hand the log-likelihood to any optimiser. It will ask for the slope, and
# no algebra with the logarithm of a sum is needed: by **Fisher's identity**, the slope of the
# log-likelihood is that of the expected complete-data log-likelihood, with the shares at that
# very point:

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

# %% tags=["hide"]
draw.race(
    {"BFGS": np.array(tried), "EM": fit.log_likelihoods},
    max(-found.fun, fit.log_likelihood),
    "How far the best so far is below the top: EM is fast at first and then creeps, a quasi-Newton "
    "method (BFGS) learns how the hill bends.",
)

# %% [markdown]
# The same top, in {{ len(tried) : d }} E-steps for EM's {{ len(fit.steps) : d }} (each to its own
# rule for stopping, so compare the picture rather than these two numbers). The price:
# coordinates in which nothing can leave its range (logarithms of widths, log-odds of weights), a
# step size to be searched for, and trial points that may be lower, which it has to reject. Near the
# top, where EM
# crawls, such methods shine. Far from it, in the left half of the picture, EM is ahead.
#
# ## What could go wrong
#
# - **Comparing numbers that are not of one kind.** A log-likelihood, one with known labels, a
#   log-likelihood + log prior, the climb of hard EM and a variational bound are five things.
# - **Averaging over switched labels.** Look at the traces before you average.
# - **A prior that decides.** With few points in a component, MAP and Bayes say what the prior says. Change
#   it, and look how much of the answer changes.
# - **A short run of Gibbs.** A sampler that has not switched once has not seen half of the
#   posterior. Here the other half is a mirror image; elsewhere it may be a better answer.
# - **Believing the variational spread.** It is too small, as a rule.
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
