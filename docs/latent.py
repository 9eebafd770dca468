# ---
# title: Latent classes
# order: 43.1
# section: Use
# question: Which kinds of people answered my survey, and how far may I trust the classes?
# description: >-
#   Latent class analysis by EM: survey answers, then handwritten digits with other starts, more
#   components, doubtful pictures, and new digits drawn from the fit.
# numbers: own
# allow: [15, "1,797", 10, 20, 30, 500, "0.1", "0.5", "0.9", 1950, 1974, 61, 64, 18]
# ---

# %% [markdown]
# # Latent classes
#
# A survey asks yes-or-no questions, and you suppose that there are a few kinds of people who answer
# alike, but for chance. Finding them is **latent class analysis**. It is the same model as the
# [mixture of Bernoullis](digits.py) that found these pictures. Which questions can it answer, and
# which not?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import digits as draw
from em.models import bernoullis
from em.models.bernoullis import Bernoullis

table = np.genfromtxt(
    em.data("digits.csv"), delimiter=",", skip_header=1, dtype=str
)
digit = table[:, 0].astype(int)
packed = np.frombuffer(bytes.fromhex("".join(table[:, 1])), dtype=np.uint8)
x = np.unpackbits(packed).reshape(-1, 64).astype(float)
draw.gallery(
    x[:10],
    [f"a {name}" for name in digit[:10]],
    "Ten of the pictures, 8 by 8 pixels, each on or off, with what they show: "
    f"{', '.join(map(str, digit[:10]))}.",
    "Ten of the 1,797 pictures. EM sees the pixels, and not the names below.",
)

# %% [markdown]
# **You will be able to** fit latent classes and to question them. **About MINUTES minutes. To know
# first:** [Bernoulli mixtures](digits.py).
#
# ## Answers to questions
#
# Here are 500 made-up people and five made-up questions. Lazarsfeld had the idea, about 1950, and
# Goodman made the estimation practical in 1974.

# %%
import numpy as np

import em
from em.models import bernoullis
from em.models.bernoullis import Bernoullis

truth = Bernoullis(
    [[0.9, 0.8, 0.7, 0.2, 0.1], [0.2, 0.3, 0.1, 0.6, 0.8]], [0.3, 0.7]
)
answers, kind = bernoullis.sample(truth, 500, np.random.default_rng(7))
begin = Bernoullis([[0.6, 0.6, 0.5, 0.4, 0.4], [0.4, 0.4, 0.5, 0.6, 0.6]])
survey = em.fit(bernoullis, answers, begin)
print("probability of yes, by class, and how common the class is")
for k in range(2):
    yes = survey.params.probabilities[k].round(2)
    print(yes, survey.params.weights[k].round(2))
right = (survey.posterior.argmax(axis=1) == kind).mean()
print(f"put into the right class: {right:.2f}")

# %% [markdown]
# People who answered the same are one row with a count, and `sample_weights` takes the counts. Mind
# the **identifiability**: with two classes it takes at least three questions before the answers can
# determine the parameters at all.

# %% tags=["hide"]
em.show(bernoullis.log_joint)

# %% tags=["hide"]
em.show(bernoullis.credited)

# %% tags=["hide"]
em.show(bernoullis.answer)

# %% [markdown]
# ## Starts matter
#
# Back to the digits. Twenty starts for ten components, each run until a step adds less than 0.1 to
# the log-likelihood:

# %%
table = np.genfromtxt(
    em.data("digits.csv"), delimiter=",", skip_header=1, dtype=str
)
digit = table[:, 0].astype(int)
packed = np.frombuffer(bytes.fromhex("".join(table[:, 1])), dtype=np.uint8)
x = np.unpackbits(packed).reshape(-1, 64).astype(float)


def random_start(k, seed):
    rng = np.random.default_rng(seed)
    return Bernoullis(rng.uniform(0.25, 0.75, size=(k, 64)))


def small_gain(steps):
    return steps[-1].log_likelihood - steps[-2].log_likelihood < 0.1


def agreement(posterior):
    """How many pictures are named like most of their component."""
    held = np.zeros((10, posterior.shape[1]), dtype=int)
    np.add.at(held, (digit, posterior.argmax(axis=1)), 1)
    return held.max(axis=0).sum() / len(digit)


starts = [random_start(10, seed) for seed in range(20)]
best = em.best_of(bernoullis, x, starts, until=small_gain)
fit = best.fit
ends = np.array([end.log_likelihood for end in best.ends])
agreements = np.array(
    [agreement(bernoullis.e_step(x, end.params)[0]) for end in best.ends]
)
print(f"log-likelihoods {ends.min():.0f} to {ends.max():.0f}")
print(
    f"agreement with the digits {agreements.min():.3f} to {agreements.max():.3f}"
)
print(f"that of the best {agreements[ends.argmax()]:.3f}")


# %% tags=["hide"]
def settled(steps):
    return steps[-1].log_likelihood - steps[-2].log_likelihood < 1e-3


further = [
    em.fit(bernoullis, x, end.params, until=settled, max_iter=5_000)
    for end in best.ends
]
gains = np.array([run.log_likelihood for run in further]) - ends
assert (gains < 10).sum() > len(gains) / 2  # as the text says
del further
draw.ends(
    ends,
    agreements,
    "Twenty starts: how high each climbed, and how well its components agree with the digits.",
)

# %% [markdown]
# They stopped at {{ len(set(ends.round())) : d }} different log-likelihoods, to the nearest whole
# number. Not all of these are peaks: if each run goes on until nothing moves, most gain less than
# ten, and one gains {{ gains.max() : .0f }}. A small step is [not a small
# distance](stopping.py#a-small-step-is-not-a-small-distance). The best of them is not the one that
# agrees best with the digits, because the likelihood knows only the pixels. But without labels it
# is the only one of the two numbers that you have.
#
# ## Which digits share a component?
#
# Now look at the true digits, which EM never saw. Each picture is put into the component that has
# most of it.

# %% tags=["hide"]
component = fit.posterior.argmax(axis=1)
counts = np.zeros((10, 10), dtype=int)
np.add.at(counts, (digit, component), 1)
most = counts.argmax(axis=0)
named = counts.max(axis=0).sum() / len(x)
assert 9 not in most  # as the text says
draw.members(
    counts,
    "How many pictures of each digit (row) went to each component (column). With a component "
    "for each digit, every row and every column would hold one number.",
)


# %% [markdown]
# The 0, the 4 and the 6 have components nearly to themselves. Component 2 holds 3s and 9s above
# all. The 7 has two components, as if for two ways to write it, and no component is named after the
# 9. If each component is named after its most common digit, {{ named : .0% }} of the pictures
# have the right name. But that number uses the labels, and EM did not aim at it. It aimed at the
# likelihood of the pixels.
#
# ## A digit that is in doubt

# %%
doubt = np.abs(fit.posterior - 0.5).min(axis=1)
odd = int(doubt.argmin())
for k in np.flatnonzero(fit.posterior[odd] > 0.01):
    print(f"component {k + 1}: {fit.posterior[odd, k]:.2f}")
print("true digit:", digit[odd])
clear = (fit.posterior.max(axis=1) > 0.9).mean()
print(f"pictures with a responsibility above 0.9: {clear:.2f}")

# %% tags=["hide"]
pair = np.argsort(-fit.posterior[odd])[:2]
draw.gallery(
    np.vstack([x[odd], fit.params.probabilities[pair]]),
    ["the picture"] + [f"{k + 1}: {fit.posterior[odd, k]:.2f}" for k in pair],
    f"A picture of the digit {digit[odd]}, and the means of two components that share it, "
    f"with {fit.posterior[odd, pair[0]]:.2f} and {fit.posterior[odd, pair[1]]:.2f}.",
    "A picture that two components share, and their means, each with its number and its responsibility.",
    columns=3,
)

# %% [markdown]
# Such doubt is rare: {{ clear : .0% }} of the pictures have a responsibility above 0.9 for one
# component, far more than have the right name. To be sure of the component is not to be sure of the
# digit, because a component may hold two. The model is also quick to be sure. It takes the pixels
# to be independent, and neighbours are not: a stroke that is thick is thick in many pixels, and
# each is counted as evidence of its own.
#
# ## Twenty and thirty components

# %%
more = {
    k: em.best_of(
        bernoullis,
        x,
        [random_start(k, seed) for seed in range(6)],
        until=small_gain,
    ).fit
    for k in (20, 30)
}
bics = {}
for k, one in {10: fit, **more}.items():
    p = 64 * k + k - 1
    bics[k] = p * np.log(len(x)) - 2 * one.log_likelihood
    print(
        f"{k} components: BIC {bics[k]:.0f}, "
        f"agreement {agreement(one.posterior):.2f}"
    )

# %% tags=["hide"]
thirty = more[30].params
order = np.argsort(-thirty.weights)
draw.gallery(
    thirty.probabilities[order],
    [""] * 30,
    "Thirty means. Most digits appear several times, in different hands.",
    "The means of thirty components, the most common first.",
    columns=6,
)

# %% [markdown]
# More components are ways of writing a digit rather than digits: slanted and upright, open and
# closed. The agreement grows, as it tends to. [BIC](groups.py) charges for each probability, and of
# these three it is lowest for {{ min(bics, key=bics.get) : d }}. But that rests on a few starts
# each.
#
# ## New digits
#
# The model says how pictures come about, so it can draw some: choose a component, then toss 64
# coins.

# %%
drawn, made_by = bernoullis.sample(
    more[30].params, 18, np.random.default_rng(1)
)

# %% tags=["hide"]
draw.gallery(
    drawn,
    [""] * 18,
    "Eighteen pictures drawn from the mixture. Many can be read, with stray pixels and gaps.",
    "Drawn from the thirty components. The strokes have holes and crumbs: given the "
    "component, each pixel is drawn for itself.",
    columns=6,
)

# %% [markdown]
# This is what the model believes digits look like. What is wrong with the pictures is what is wrong
# with the model: no pixel knows its neighbour. To draw from a fit, and look, is a check that any
# mixture allows.
#
# ## What could go wrong
#
# - **A component with one member.** Then all its probabilities are 0 or 1. Unlike a bell that
#   shrinks onto a point, it does not make the likelihood infinite, but it has learned one picture
#   by heart.
# - **A threshold.** The pictures were grey, and we made them black and white at half. Another
#   threshold gives another answer.
# - **Classes are not people.** That two classes fit does not show that there are two kinds.
#
# ## Exercises
#
# **1.** Start all ten components at the mean of all pictures. *Predict* the log-likelihood.
#
# <details markdown><summary>Solution</summary>

# %%
same = Bernoullis(np.tile(x.mean(axis=0), (10, 1)))
stuck = em.fit(bernoullis, x, same)
one = em.fit(bernoullis, x, random_start(1, 0))
print(f"{stuck.log_likelihood:.0f}, one component {one.log_likelihood:.0f}")

# %% [markdown]
# That of one component. All ten get a tenth of every picture and stay the same: a **stationary
# point**, far below where any of the twenty starts stopped.
#
# </details>
#
# **2.** *Predict:* with the five questions, what happens if you ask for three classes where two
# were put in?
#
# <details markdown><summary>Solution</summary>

# %%
guess = np.random.default_rng(0).uniform(0.25, 0.75, size=(3, 5))
three = em.fit(bernoullis, answers, Bernoullis(guess), max_iter=5000)
numbers = {2: 2 * 5 + 1, 3: 3 * 5 + 2}
for k, fitted in ((2, survey), (3, three)):
    bic = numbers[k] * np.log(500) - 2 * fitted.log_likelihood
    print(
        f"{k} classes: log-likelihood {fitted.log_likelihood:.2f}, BIC {bic:.2f}"
    )

# %% [markdown]
# The log-likelihood rises, as it always does at the highest peak. BIC charges for six more numbers,
# and prefers two.
#
# </details>
#
# ## Where to read on
#
# L. A. Goodman, *Exploratory latent structure analysis using both identifiable and unidentifiable
# models*, Biometrika 61 (1974). On this site: [how many groups?](groups.py), [what goes
# wrong](pitfalls.py).
