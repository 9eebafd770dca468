# ---
# title: A mixture of pictures
# order: 43
# section: Use
# question: Can a program find the ten digits in pictures that nobody labelled?
# description: >-
#   A mixture of Bernoullis on 1,797 handwritten digits: means that sharpen step by step,
#   what components are and are not, starts, new digits drawn, and survey answers.
# numbers: own
# allow: ["1,797", 10, 16, 64, "9.3", 20, 30, 500, "0.1", "0.5", "0.9", 1950, 1974, 1998, 2006, "9.3.3", 61]
# ---

# %% [markdown]
# # A mixture of pictures
#
# Here are 1,797 handwritten digits. Nobody tells the program which is which, nor even that
# there are digits. It is told how many kinds of pictures there are: ten. What will it find?

# %% tags=["hide"]
import numpy as np

import em
from em.figures import digits as draw
from em.figures.stepper import stepper
from em.models import bernoullis
from em.models.bernoullis import Bernoullis

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


fit = em.fit(bernoullis, x, random_start(10, 10), until=small_gain)
last = len(fit.steps) - 1
numbers = [0, 1, 2, 3, 5, 8, 12, 20, last]
taken = [fit.steps[number] for number in numbers]
stepper(
    draw.frames(taken),
    [
        f"Step {number}: log-likelihood −{-step.log_likelihood:,.0f}; "
        f"components as common as {', '.join(f'{w:.2f}' for w in step.params.weights)}"
        for number, step in zip(numbers, taken, strict=True)
    ],
    "Ten components. The more a pixel stands out, the more probable it is that it is on; below "
    "each, the component's share of all pictures. It starts from noise.",
)

# %% tags=["hide"]
draw.gallery(
    x[:10],
    [f"a {name}" for name in digit[:10]],
    "Ten of the pictures, 8 by 8 pixels, each on or off, with what they show: "
    f"{', '.join(map(str, digit[:10]))}.",
    "Ten of the pictures. EM sees the pixels, and not the names below.",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** the start is noise, ten times. What will one step make of it? *Go to step 1.*
#
# <details markdown><summary>See why</summary>
#
# Blurs, with a hint of a digit here and there, and of very different sizes: two components get
# nearly nothing, two a quarter each. Noise explains every picture badly, but no two noises
# *equally* badly, and over 64 pixels small differences multiply.
#
# </details>
#
# **2. Predict:** how many steps until you can read a digit? *Press **Next**.*
#
# <details markdown><summary>See why</summary>
#
# A few after three to five steps. A component that is a little more like a 0 gets a little more
# of the zeros, so it becomes still more like a 0. That is **Expectation Maximisation**: share
# out the pictures among the components (**E-step**), let each component become the mean of what it
# was given (**M-step**), repeat.
#
# </details>
#
# **3. Predict:** will each digit have a picture of its own in the end? *Go to the last step,* and
# look for all ten.
#
# <details markdown><summary>See why</summary>
#
# No. One digit has two pictures, and some share one. Nobody told EM what a digit is. It looks
# for ten pictures that together explain all pixels as well as it can from its start. And the means
# of the two kinds of 7 that
# it found are further apart ({{ np.abs(np.diff(fit.params.probabilities[[2, 4]], axis=0)).sum() : .1f }}
# pixels in all) than the means of all 3s and all 9s
# ({{ np.abs(x[digit == 3].mean(axis=0) - x[digit == 9].mean(axis=0)).sum() : .1f }}), which share one.
#
# </details>
#
# ## A model of a picture
#
# A picture is 64 pixels, each on (1) or off (0). A component is a list of 64 probabilities,
# $\mu_{kj}$: how often pixel $j$ is on in pictures of kind $k$. Given the kind, the pixels are
# taken to be **independent**. A yes-or-no that comes up with a given probability is a
# **Bernoulli** variable, so this is a mixture of Bernoullis. The **latent variable** is the kind
# of each picture, and a picture $x$ has the probability
#
# $$ p(x) = \sum_k \pi_k \prod_j \mu_{kj}^{x_j} (1 - \mu_{kj})^{1 - x_j} . $$
#
# ## By hand: two pictures of three pixels
#
# Take the pictures $1\,0\,1$ and $0\,0\,1$, and two components, equally common: A with
# probabilities ½, ¼, ½, and B with ¼, ½, ½. How probable is the first picture?
#
# | component | pixel 1 is on | pixel 2 is off | pixel 3 is on | product |
# | --- | --- | --- | --- | --- |
# | A | ½ | ¾ | ½ | 3/16 |
# | B | ¼ | ½ | ½ | 1/16 |
#
# So A gets ¾ of the first picture, and B ¼: these shares are the **responsibilities**. For the
# second picture both products are the same, so it is split in halves. Now the
# M-step. A was given ¾ + ½ of a picture in all, and ¾ of one whose first pixel is on:

# %%
shares_of_a = [3 / 4, 1 / 2]
first_pixel = [1, 0]
credited = shares_of_a[0] * first_pixel[0] + shares_of_a[1] * first_pixel[1]
print(f"pixel 1 of A: {credited:.2f} / {sum(shares_of_a):.2f}", end=" = ")
print(f"{credited / sum(shares_of_a):.2f}")

# %% tags=["hide"]
tiny = np.array([[1, 0, 1], [0, 0, 1]])
begin = Bernoullis([[1 / 2, 1 / 4, 1 / 2], [1 / 4, 1 / 2, 1 / 2]])
r, _ = bernoullis.e_step(tiny, begin)
np.testing.assert_allclose(r, [[3 / 4, 1 / 4], [1 / 2, 1 / 2]], rtol=1e-12)
tiny_step = bernoullis.m_step(tiny, r)
np.testing.assert_allclose(tiny_step.probabilities[0, 0], 0.6, rtol=1e-12)

# %% [markdown]
# That is the **M-step**: each probability is the share of ones among what the component was
# given. Pixel 2 was on in neither picture, so its probability becomes
# {{ tiny_step.probabilities[0, 1] : .0f }}.
#
# ## The program
#
# Ninety noisy pictures of three by three pixels, a T or an L, to be pasted into an empty Python:

# %% tags=["program"]
import numpy as np

rng = np.random.default_rng(3)
letters = np.array([[1, 1, 1, 0, 1, 0, 0, 1, 0], [1, 0, 0, 1, 0, 0, 1, 1, 1]])
clean = letters[rng.integers(2, size=90)]
pictures = np.where(rng.random(clean.shape) < 0.15, 1 - clean, clean)

mu = rng.uniform(0.25, 0.75, size=(2, 9))  # a guess: two pictures of noise
pi = np.array([0.5, 0.5])
for _ in range(30):
    # E-step: share out each picture by how well each mean explains it.
    on, off = np.log(mu), np.log(1 - mu)
    joint = pi * np.exp(pictures @ on.T + (1 - pictures) @ off.T)
    share = joint / joint.sum(axis=1, keepdims=True)
    # M-step: the mean of what each was given.
    mu = share.T @ pictures / share.sum(axis=0)[:, None]
    mu = mu.clip(1e-9, 1 - 1e-9)  # at 0 or 1, 0 times log 0 would be NaN
    pi = share.mean(axis=0)
print(mu.reshape(2, 3, 3).round(1), pi.round(2))

# %% tags=["hide"]
rng = np.random.default_rng(3)
rng.integers(2, size=90), rng.random(clean.shape)
guess = Bernoullis(rng.uniform(0.25, 0.75, size=(2, 9)))
run = em.run(bernoullis, pictures, guess)
steps = [next(run) for _ in range(31)]
np.testing.assert_allclose(mu, steps[30].params.probabilities, rtol=1e-9)
np.testing.assert_allclose(pi, steps[30].params.weights, rtol=1e-9)
# With a corner that is never on and one that always is, it agrees too.
corners = pictures.copy()
corners[:, 0], corners[:, 8] = 0, 1
mu, pi = np.array(guess.probabilities), np.array([0.5, 0.5])
for _ in range(30):
    on, off = np.log(mu), np.log(1 - mu)
    joint = pi * np.exp(corners @ on.T + (1 - corners) @ off.T)
    share = joint / joint.sum(axis=1, keepdims=True)
    mu = share.T @ corners / share.sum(axis=0)[:, None]
    mu = mu.clip(1e-9, 1 - 1e-9)
    pi = share.mean(axis=0)
run = em.run(bernoullis, corners, guess)
steps = [next(run) for _ in range(31)]
np.testing.assert_allclose(mu, steps[30].params.probabilities, atol=1e-8)
np.testing.assert_allclose(pi, steps[30].params.weights, atol=1e-8)

# %% [markdown]
# ## The same in the package
#
# The package does both sums over pixels in one product of matrices, and takes care of pixels
# that are never on, whose logarithm is minus infinity. (`em` is the package behind these pages;
# [one line installs it](index.py#the-same-with-the-package).)

# %% tags=["hide"]
em.show(bernoullis.log_joint)

# %% tags=["hide"]
em.show(bernoullis.e_step)

# %% tags=["hide"]
em.show(bernoullis.credited)

# %% tags=["hide"]
em.show(bernoullis.answer)

# %% [markdown]
# The digits come packed, 64 pixels in 16 hexadecimal digits:

# %%
import numpy as np

import em
from em.models import bernoullis
from em.models.bernoullis import Bernoullis

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


starts = [random_start(10, seed) for seed in range(20)]
best = em.best_of(bernoullis, x, starts, until=small_gain)
fit = best.fit
print(len(fit.steps) - 1, "steps", f"{fit.log_likelihood:.1f}")

# %% [markdown]
# `small_gain` stops a run when a step adds less than 0.1 to a log-likelihood of many thousands. The
# package's own rule waits for numbers that are tiny and still growing, which here can take
# hundreds of steps, of which one sees little in the pictures.
#
# ## Which digits share a component?
#
# Now we look at the true digits, which EM never saw. Each picture is put into the component that
# has most of it:

# %%
component = fit.posterior.argmax(axis=1)
counts = np.zeros((10, 10), dtype=int)
np.add.at(counts, (digit, component), 1)
most = counts.argmax(axis=0)
print("most common digit:", most)
agreement = counts.max(axis=0).sum() / len(x)
print(f"pictures named like most of their component: {agreement:.3f}")

# %% tags=["hide"]
assert 9 not in most  # as the text says
draw.members(
    counts,
    "How many pictures of each digit (row) went to each component (column). With a component "
    "for each digit, every row and every column would hold one number.",
)

# %% [markdown]
# The 0, the 4 and the 6 have components nearly for themselves. The
# {{ counts[:, 1].sum() : d }} pictures of component 2 are 3s and 9s above all, with some 5s and 8s.
# The 7 has two
# components, as if for two ways to write it, and most 1s share a component with the 8s.
#
# ### How well does that agree with the digits?
#
# Name each component after the digit that is most common in it, and
# {{ agreement : .0% }} of the pictures have the right name. Take care with that number:
#
# - **We used the labels** to give the names. Without them there are only numbers from 1 to 10, in
#   no order: [labels switch](pitfalls.py).
# - **It tends to grow with the number of components.** With one component a picture,
#   it would be 1.
# - **EM did not aim at it.** It aimed at the likelihood of the pixels.
# - **A digit can be left without a component.** No component is named after the 9, so every 9 has a wrong name.
#
# ### A digit that is in doubt

# %%
doubt = np.abs(fit.posterior - 0.5).min(axis=1)
odd = int(doubt.argmin())
for k in np.flatnonzero(fit.posterior[odd] > 0.01):
    print(f"component {k + 1}: {fit.posterior[odd, k]:.2f}")
print("true digit:", digit[odd])
clear = (fit.posterior.max(axis=1) > 0.9).mean()
print(f"pictures with a share above 0.9: {clear:.2f}")

# %% tags=["hide"]
pair = np.argsort(-fit.posterior[odd])[:2]
draw.gallery(
    np.vstack([x[odd], fit.params.probabilities[pair]]),
    ["the picture"] + [f"{k + 1}: {fit.posterior[odd, k]:.2f}" for k in pair],
    f"A picture of the digit {digit[odd]}, and the means of two components that share it, "
    f"with {fit.posterior[odd, pair[0]]:.2f} and {fit.posterior[odd, pair[1]]:.2f}.",
    "A picture that two components share, and their means, each with its number and its share.",
    columns=3,
)

# %% [markdown]
# Such doubt is rare: {{ clear : .0% }} of the pictures have a share above 0.9 in one component,
# far more than have the right name. That is no contradiction: to be sure of the component is not to
# be sure of the digit, for a component may hold two. The model is also quick to be sure, since it
# takes the pixels to be independent. Neighbours are not: a stroke that is thick is thick in many
# pixels, and each is counted as evidence of its own.
#
# ## Starts matter
#
# The twenty starts stopped at {{ len({round(end.log_likelihood) for end in best.ends}) : d }} different
# heights, to the nearest whole number. Not all of these are peaks: each run stopped at a step that gained less than 0.1, and some
# would still climb, a few by a hundred or more (a small step is [not a small
# distance](pitfalls.py#a-small-step-is-not-a-small-distance)). The best was kept: it is
# the run at the top of this page. Is the best also the one that agrees best with the digits?

# %%
heights = np.array([end.log_likelihood for end in best.ends])
agreements = []
for end in best.ends:
    shares = bernoullis.e_step(x, end.params)[0]
    held = np.zeros((10, 10), dtype=int)
    np.add.at(held, (digit, shares.argmax(axis=1)), 1)
    agreements.append(held.max(axis=0).sum() / len(x))
agreements = np.array(agreements)
print(f"log-likelihoods {heights.min():.0f} to {heights.max():.0f}")
print(f"agreement {agreements.min():.3f} to {agreements.max():.3f}")
print(f"that of the best: {agreements[heights.argmax()]:.3f}")

# %% tags=["hide"]
draw.ends(
    heights,
    agreements,
    "Twenty starts: how high each climbed, and how well its components agree with the digits.",
)

# %% [markdown]
# It is not: the likelihood does not know about digits. A higher likelihood means a better
# account of the pixels, by a model that is wrong in its own way. It is still the only one of the
# two numbers that one has when there are no labels.
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
    held = np.zeros((10, k), dtype=int)
    np.add.at(held, (digit, one.posterior.argmax(axis=1)), 1)
    p = 64 * k + k - 1
    bics[k] = p * np.log(len(x)) - 2 * one.log_likelihood
    named = held.max(axis=0).sum() / len(x)
    print(f"{k} components: BIC {bics[k]:.0f}, agreement {named:.2f}")

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
# More components are ways of writing a digit rather than digits: slanted and upright, open and closed.
# The agreement grows, as it tends to. [BIC](groups.py) charges for each probability; of these three
# it is lowest for {{ min(bics, key=bics.get) : d }}. But that rests on a few starts each, and the
# reasons behind BIC do not quite hold for mixtures.
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
# This is what the model believes digits look like. What is wrong with the pictures is what is
# wrong with the model: no pixel knows its neighbour. To draw from a fit, and look, is a
# check that any mixture allows.
#
# ## Answers to questions
#
# Ten kinds of pictures are fun; two kinds of people are the everyday use. A survey asks yes-or-no
# questions, and one supposes **latent classes**: kinds of people who answer alike, but for
# chance. It is the same model (Lazarsfeld had the idea, about 1950; Goodman made the estimation
# practical in 1974). Here are 500 made-up people and five made-up questions:

# %%
truth = Bernoullis(
    [[0.9, 0.8, 0.7, 0.2, 0.1], [0.2, 0.3, 0.1, 0.6, 0.8]], [0.3, 0.7]
)
answers, kind = bernoullis.sample(truth, 500, np.random.default_rng(7))
begin = Bernoullis([[0.6, 0.6, 0.5, 0.4, 0.4], [0.4, 0.4, 0.5, 0.6, 0.6]])
survey = em.fit(bernoullis, answers, begin)
print("share of yes, by class, and how common the class is")
for k in range(2):
    yes = survey.params.probabilities[k].round(2)
    print(yes, survey.params.weights[k].round(2))
right = (survey.posterior.argmax(axis=1) == kind).mean()
print(f"put into the right class: {right:.2f}")

# %% [markdown]
# People who answered the same are one row with a count: `sample_weights` takes it. And mind the
# **identifiability**: with two classes it takes at least three questions before the answers can
# determine the parameters at all.
#
# ## What could go wrong
#
# - **Components alike at the start stay alike.** Start from noise, not from one mean.
# - **A probability of 0.** A pixel that no picture of a component has ends at 0, and a new
#   picture with that pixel on is impossible there, however much it looks like the rest. Before
#   judging *new* pictures, keep all probabilities a little away from 0 and 1.
# - **A component with one member.** Then all its probabilities are 0 or 1. Unlike a bell that
#   shrinks onto a point, it does not make the likelihood infinite: no probability exceeds 1. But it has
#   learned one picture by heart.
# - **A threshold.** The pictures were grey, and we made them black and white at half. Another
#   threshold gives another answer.
#
# ## Exercises
#
# **1.** *Predict:* what are the means if there is one component only? And is there anything to
# iterate? Try `random_start(1, 0)`.
#
# <details markdown><summary>Solution</summary>

# %%
one = em.fit(bernoullis, x, random_start(1, 0))
mean = one.params.probabilities[0]
print(np.allclose(mean, x.mean(axis=0)))
print(len(one.steps) - 1, "steps")
print(f"{one.log_likelihood:.0f}")

# %% [markdown]
# The mean of all pictures, after one step. (The second step only finds that nothing moves.)
#
# </details>
#
# **2.** Start all ten components at the mean of all pictures. *Predict* the log-likelihood.
#
# <details markdown><summary>Solution</summary>

# %%
same = Bernoullis(np.tile(x.mean(axis=0), (10, 1)))
stuck = em.fit(bernoullis, x, same)
print(f"{stuck.log_likelihood:.0f}")

# %% [markdown]
# That of one component. All ten get a tenth of every picture, and stay the same: a **stationary
# point**, far below where any of the twenty starts stopped.
#
# </details>
#
# **3.** Give the run the true digits as its start: responsibilities of 0 and 1, then an M-step.
# *Predict:* will it stay there?
#
# <details markdown><summary>Solution</summary>

# %%
known = bernoullis.m_step(x, np.eye(10)[digit])
told = em.fit(bernoullis, x, known, until=small_gain)
for step in (told.steps[0], told.steps[-1]):
    right = (step.posterior.argmax(axis=1) == digit).mean()
    print(f"{step.log_likelihood:.0f}  right {right:.3f}")

# %% [markdown]
# It leaves. The log-likelihood rises, and the agreement with the digits falls: this climb leads
# away from the digits.
#
# </details>
#
# ## Where to read on
#
# C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.3.3, fits such a
# mixture to digits 2, 3 and 4. E. Alpaydin and C. Kaynak collected the digits (1998); the copy is
# scikit-learn's. L. A. Goodman, *Exploratory latent structure analysis using both identifiable
# and unidentifiable models*, Biometrika 61 (1974), on survey answers. On this site:
# [how many groups](groups.py), [how EM goes wrong](pitfalls.py).
