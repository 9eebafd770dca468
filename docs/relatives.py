# ---
# title: EM's relatives (MAP, hard EM, Gibbs)
# order: 14
# section: Understand
# question: What if I have a prior, a few labels, hard choices, or want more than one best answer?
# description: >-
#   MAP, semi-supervised EM, hard EM and k-means, stochastic EM, Gibbs sampling, variational Bayes and
#   gradients around one E-step: a picture of each, and when to use which.
# numbers: own
# allow: [15, 11, 10, 40, 60, 80, 1998, 2006, 2008]
# ---

# %% [markdown]
# # EM's relatives (MAP, hard EM, Gibbs)
#
# EM is undecided about the labels, for which it keeps
# responsibilities, but decided about the parameters, of which it keeps the best. Decide about both, and you have
# **hard EM**. Draw both at random, and you have **Gibbs sampling**. Stay undecided about both, and you have
# **variational Bayes**. Here is hard EM.

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
    caption="Forty points of two groups. Under Options, hard shares give each point wholly to one bell, and soft ones are EM. "
    "The number is the log-likelihood, which hard EM need not raise.",
)

# %% [markdown]
# **You will be able to** say how these methods differ from EM, and choose one. **About MINUTES minutes. To know
# first:** [a Gaussian mixture](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** hard EM gives each point wholly to one bell. Which points turn purple, a mixture of both
# colours? *Press **Share out**.*
#
# <details markdown><summary>Those between the bells</summary>
#
# With EM they would. *Choose **soft** under Options and press **Share out** again* to see it. Hard EM
# works the responsibilities out in the same way, and then rounds them.
#
# </details>
# <details class="right" markdown><summary>None</summary>
#
# Yes. The responsibilities are worked out as ever, then rounded: all or nothing. *Choose **soft** under
# Options, and press **Share out** again:* the points between the bells turn purple.
#
# </details>
# <details markdown><summary>All of them, a little</summary>
#
# That is EM: no responsibility is ever exactly 0 or 1. Hard EM rounds.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** with hard shares, after how many steps does nothing move any more? *Start again, and
# press **Share out** and **Re-estimate** in turn.*
#
# <details class="right" markdown><summary>One or two</summary>
#
# Yes. There are only so many ways to colour forty points, and once no point changes its colour, nothing
# moves. EM's steps become smaller without end.
#
# </details>
# <details markdown><summary>About twenty</summary>
#
# EM needs far more than that. Hard EM stands still as soon as no point changes its colour, and here that is at
# once.
#
# </details>
# <details markdown><summary>It never quite stops</summary>
#
# EM never quite does: its steps become smaller without end. But a colour either changes or it does not.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** now choose **soft**, and go on from where hard EM stopped. What happens to B, the wide
# bell? *Press **Play**.*
#
# <details markdown><summary>Nothing: it was at a top</summary>
#
# It was at a top of what *hard* EM climbs. That is another hill, and its top lies elsewhere.
#
# </details>
# <details markdown><summary>It becomes narrower</summary>
#
# It was too narrow already. Rounding had cut off its left flank, which lies under A.
#
# </details>
# <details class="right" markdown><summary>It becomes wider and moves to the left</summary>
#
# Yes. Its mean goes from {{ ends["Hard EM: all to the larger"][1] : .2f }} to
# {{ em.fit(normals, x, start).params.means[1] : .2f }} in the end. It gets back its part of the points
# between the two.
#
# </details>
# </div>
#
# ## One picture each
#
# Here are ten methods on the same forty points. A point has the colour of the responsibilities that were used
# last. Where a method goes on throwing dice, several pairs of bells are drawn, and no pair is the answer.

# %% tags=["hide"]
from scipy.optimize import minimize
from scipy.special import digamma, gammaln

from em.further.relatives import gibbs, variational
from em.models.normals import NormalsPrior


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
    here = prior.answer(normals.credited(x, label))
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
draw.gallery(
    x,
    pictured,
    "Ten methods, one E-step. k-means has centres only, so its bells are all drawn with a width of 1. Variational "
    "Bayes has a whole distribution of bells, of which one typical pair is drawn.",
)

# %% [markdown]
# ## Side by side
#
# Each method keeps something of the **labels**, which say what group a point is from, and something of the
# **parameters**. In the second column, *responsibilities → best* means that it keeps responsibilities for the
# labels and the best value of the parameters. The number of E-steps is in brackets.
#
# | method | labels → parameters | what it climbs<br>*what you get* |
# | --- | --- | --- |
# | EM ({{ len(fit.steps) : d }}) | responsibilities → best | the likelihood<br>*a local top* |
# | [MAP](priors.py#a-prior-map) ({{ len(best.steps) : d }}) | responsibilities → best | likelihood × prior<br>*a top that your knowledge moved* |
# | [ten labels known](priors.py#some-labels-known) ({{ len(some.steps) : d }}) | responsibilities, ten known → best | likelihood of points and ten labels<br>*a top with names* |
# | [hard EM](hard.py#hard-em-and-k-means) ({{ quick : d }}) | best → best | likelihood of points and all labels<br>*a quick, biased answer* |
# | [k-means](kmeans.py) | best → centres | nearness to the centres<br>*clusters* |
# | [ECM](hard.py#part-of-an-m-step-generalised-em-and-ecm) | responsibilities → better | the likelihood<br>*as EM* |
# | [stochastic EM](hard.py#stochastic-em-dice-for-labels) | drawn → best | nothing<br>*answers that tremble* |
# | [Gibbs sampling](gibbs.py#gibbs-sampling-dice-for-the-parameters-too) | drawn → drawn | nothing<br>*many plausible answers* |
# | [variational Bayes](gibbs.py#variational-bayes-a-distribution-without-dice) ({{ calm : d }}) | responsibilities → distribution | a bound<br>*roughly how sure* |
# | [gradients](faster.py#the-e-step-gives-the-slope) | responsibilities → a step uphill | the likelihood<br>*as EM* |
#
# All counts but that of hard EM follow the rule of `em.fit`. The last step raised what is climbed by at most
# $10^{-8}$, and moved no parameter by more than that fraction of its size. Hard EM stops when no label changes.
# Dice do not say when they are done.
#
# Most of them climb one function. EM's two steps climb the [lower bound](why.py), first over the labels and then
# over the parameters ([Neal and Hinton 1998](https://doi.org/10.1007/978-94-011-5014-9_12)). Hard EM climbs it with
# responsibilities of 0 and 1 only. Variational Bayes climbs its like, in which the parameters have a distribution,
# too.
#
# ## When to use which
#
# - Use **EM** for a first answer. It has no step size and never falls, and every relative can start from it.
# - Use **MAP** when a component can collapse or a count can be 0, and **labels** wherever you have a few.
# - Use **hard EM** or k-means for a start, or when you have so much data that rounding is all you can afford.
# - Use **ECM** when the M-step has no formula, and **gradients** when EM crawls and the model is smooth.
# - Use **stochastic EM** when the E-step has no formula, but labels can be drawn.
# - Use **Gibbs sampling** when you need the uncertainty right, and **variational Bayes** when a rough one, too
#   small, will do.
#
# ## By hand
#
# Three points lie at 1, 2 and 9, and bell A has responsibilities of nine tenths, eight tenths and one tenth for
# them. Where does each method put the mean of A?

# %%
import numpy as np

points = np.array([1.0, 2.0, 9.0])
r = np.array([0.9, 0.8, 0.1])
rounded = np.array([1.0, 1.0, 0.0])
dice = np.array([1.0, 0.0, 0.0])  # one throw of many

for name, a in (("EM", r), ("hard", rounded), ("dice", dice)):
    print(f"{name:5} mean {a @ points / a.sum():.3f}")
# A prior: as if one more point had been seen at 5, surely of A
print(f"prior mean {(r @ points + 5) / (r.sum() + 1):.3f}")

# %% [markdown]
# All four divide a sum of points by a number of points. They differ in what they count.
#
# ## The program
#
# One E-step, one M-step, and three ways to go from the first to the second:

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
dice = np.random.default_rng(5)
guess = np.array([1.1, 9]), np.array([2, 1.7])  # means and widths
uses = {
    "EM": lambda r: r,
    "hard EM": lambda r: np.eye(len(mean))[r.argmax(axis=1)],
    "stochastic EM": lambda r: dice.multinomial(1, r),
}

for name, use in uses.items():
    mean, std = guess
    weight = np.ones(len(mean)) / len(mean)
    for _ in range(60):
        # E-step: weight times density, then responsibilities
        joint = weight * np.exp(-(((x[:, None] - mean) / std) ** 2) / 2) / std
        r = use(joint / joint.sum(axis=1, keepdims=True))
        # M-step: weights, weighted means and widths
        size = r.sum(axis=0)
        mean, weight = x @ r / size, size / len(x)
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
# The third line is one throw of many. For three bells, write three means and three widths in the line of the guess.
#
# <div class="change" markdown>
# **Predict:** throw other dice. Which of the three lines change, and by how much?
#
# ```diff
# -dice = np.random.default_rng(5)
# +dice = np.random.default_rng(2)
# ```
#
# <details markdown><summary>See why</summary>
#
# Only the last. The mean of B is {{ changed.mean[1] : .2f }} in place of {{ mean[1] : .2f }}. The points are the
# same, so the difference comes from the labels alone: they were drawn anew each time.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** run ten times as long. Does the last line settle?
#
# ```diff
# -    for _ in range(60):
# +    for _ in range(600):
# ```
#
# <details markdown><summary>See why</summary>
#
# It breaks off: “{{ changed.error : s }}”. Sooner or later the dice leave a bell a single point, and its
# width is 0. In six hundred throws it happened. A [prior](priors.py) in the M-step prevents it. The
# other two lines have long settled.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** give each bell one more point, at 5. It is a prior: imagined data, added in the M-step.
# Which mean moves most?
#
# ```diff
# -        mean, weight = x @ r / size, size / len(x)
# +        mean, weight = (x @ r + 5) / (size + 1), size / len(x)
# ```
#
# <details markdown><summary>See why</summary>
#
# All means move towards 5. In EM's line they are now {{ changed.lines[0][21:] : s }}. One
# imagined point counts as much as one real point, so it matters little here and much where a bell has
# few points.
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **You compare numbers that are not of one kind.** What is climbed differs, as the table says.
# - **You take one draw for the answer.** Stochastic EM and Gibbs sampling give many answers, and no one of them is
#   it.
#
# ## Exercises
#
# **1.** Start all three lines of the program from bells of width 1 at 6 and 8. *Predict* which of them end where
# they ended before.
#
# <details markdown><summary>Solution</summary>

# %%
dice = np.random.default_rng(5)
ends = {}
for name, use in uses.items():
    mean, std = np.array([6, 8]), np.array([1, 1])
    weight = np.ones(len(mean)) / len(mean)
    for _ in range(60):
        z = (x[:, None] - mean) / std
        joint = weight * np.exp(-z * z / 2) / std
        r = use(joint / joint.sum(axis=1, keepdims=True))
        size = r.sum(axis=0)
        mean, weight = x @ r / size, size / len(x)
        std = np.sqrt((r * (x[:, None] - mean) ** 2).sum(axis=0) / size)
    ends[name] = mean
    print(f"{name:14} means {mean.round(3)} stds {std.round(3)}")

# %% [markdown]
# EM does, or nearly, at {{ ends["EM"][0] : .2f }} and {{ ends["EM"][1] : .2f }}. Hard EM ends at
# {{ ends["hard EM"][0] : .2f }} and {{ ends["hard EM"][1] : .2f }}: a point near a border must cross it wholly or not
# at all, so it has many more places to stand still. With the same dice the third line ends in the same place:
# by then it has forgotten where it began.
#
# </details>
#
# **2.** In the program, square the responsibilities and divide by their sum again, before the M-step. *Predict* on
# which side of EM the mean of B ends.
#
# <details markdown><summary>Solution</summary>

# %%
mean, std = np.array([1.1, 9]), np.array([2, 1.7])
weight = np.ones(len(mean)) / len(mean)
for _ in range(60):
    z = (x[:, None] - mean) / std
    joint = weight * np.exp(-z * z / 2) / std
    r = (joint / joint.sum(axis=1, keepdims=True)) ** 2
    r = r / r.sum(axis=1, keepdims=True)
    size = r.sum(axis=0)
    mean, weight = x @ r / size, size / len(x)
    std = np.sqrt((r * (x[:, None] - mean) ** 2).sum(axis=0) / size)
print("means", mean.round(3), "stds", std.round(3))

# %% tags=["hide"]
hard_b = runs["Hard EM: all to the larger"][-1][0].means[1]
assert fit.params.means[1] < mean[1] < hard_b

# %% [markdown]
# Between EM and hard EM, at {{ mean[1] : .2f }}. A large power turns responsibilities into hard choices. A power
# below 1 would blur them, and that is how *annealing* begins.
#
# </details>
#
# ## Where to read on
#
# Each family has a page: [priors and labels](priors.py), [hard EM, stochastic EM and ECM](hard.py),
# [Gibbs sampling and variational Bayes](gibbs.py). McLachlan and Krishnan, *The EM Algorithm and Extensions* (2nd
# edition 2008), has most of these methods. Bishop, *Pattern Recognition and Machine Learning* (2006), chapters 9 to
# 11, has them in one notation.
