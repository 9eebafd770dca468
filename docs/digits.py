# ---
# title: "Bernoulli mixtures: digits"
# order: 43
# section: Use
# question: Can a program find the ten digits in pictures that nobody labelled?
# description: >-
#   A mixture of Bernoullis, fitted by EM to 1,797 handwritten digits: means that sharpen step by
#   step, one step by hand, the program, and which digits share a component.
# numbers: own
# allow: [15, "1,797", 10, 16, 64, "9.3", 20, "0.1", 40, 1998, 2006, "9.3.3", 90]
# ---

# %% [markdown]
# # Bernoulli mixtures: digits
#
# Here are 1,797 handwritten digits in black and white. Nobody tells the program which is which, or
# even that there are digits. It is told how many kinds of pictures there are: ten. A **mixture of
# Bernoullis** gives each kind a probability for each pixel. What will EM find?

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
    "Ten components. The more a pixel stands out, the more often it is on; below "
    "each, the component's share of all pictures. It starts from noise.",
)

# %% [markdown]
# **You will be able to** cluster rows of zeros and ones. **About MINUTES minutes. To know first:**
# [two coins](coins.py); a pixel is a coin.
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** the start is noise, ten times over. What will one step make of it? *Then go to step 1.*
#
# <details markdown><summary>Ten pictures that look like the mean of all digits</summary>
#
# They would, if every component got a tenth of every picture. But no two noises explain a picture
# *equally* badly, and over 64 pixels small differences multiply.
#
# </details>
# <details class="right" markdown><summary>Blurs of different sizes, with a hint of a digit</summary>
#
# Yes. Two components get nearly nothing and two get a quarter each. A component that happens to
# suit a few pictures a little better gets nearly all of them.
#
# </details>
# <details markdown><summary>Ten clear digits</summary>
#
# It takes more than one step: at first the pictures are dealt out almost by chance.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** how many steps until you can read a digit? *Press **Next**.*
#
# <details class="right" markdown><summary>Three to five</summary>
#
# Yes. A component that is a little more like a 0 gets a little more of the zeros, so it becomes
# still more like a 0. That is **Expectation Maximisation**: share out the pictures among the
# components (**E-step**), let each component become the mean of what it was given (**M-step**),
# repeat.
#
# </details>
# <details markdown><summary>About twenty</summary>
#
# Those later steps settle a few pictures in doubt. Most of the work is done by then.
#
# </details>
# <details markdown><summary>Only at the end</summary>
#
# EM does most of its work in its first steps. The rest is small change.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** there are ten components and ten digits. Does each digit get a component of its own? *Go to the last step* and look for all ten.
#
# <details markdown><summary>Yes, that is why we asked for ten</summary>
#
# Nobody told EM what a digit is. It looks for ten pictures that together explain the pixels as well
# as it can from its start.
#
# </details>
# <details markdown><summary>Nearly: one of them is missing</summary>
#
# One digit has no component named after it. But there is more: others share a component, and one
# digit has two.
#
# </details>
# <details class="right" markdown><summary>No: some share one, and one has two</summary>
#
# Yes. The two kinds of 7 that it found are further apart
# ({{ np.abs(np.diff(fit.params.probabilities[[2, 4]], axis=0)).sum() : .1f }} pixels in all) than
# the means of all 3s and all 9s
# ({{ np.abs(x[digit == 3].mean(axis=0) - x[digit == 9].mean(axis=0)).sum() : .1f }}), which share
# one.
#
# </details>
# </div>
#
# ## By hand: two pictures of three pixels
#
# A component $k$ is a list of probabilities $\mu_{kj}$, how often pixel $j$ is on in its pictures.
# Given the component, which is the **latent variable**, the pixels are taken to be **independent**:
#
# $$ p(x) = \sum_k \pi_k \prod_j \mu_{kj}^{x_j} (1 - \mu_{kj})^{1 - x_j} . $$
#
# Take the pictures $1\,0\,1$ and $0\,0\,1$, and two components, equally common: A with
# probabilities ½, ¼, ½, and B with ¼, ½, ½. How probable is the first picture?
#
# | component | pixel 1 is on | pixel 2 is off | pixel 3 is on | product |
# | --- | --- | --- | --- | --- |
# | A | ½ | ¾ | ½ | 3/16 |
# | B | ¼ | ½ | ½ | 1/16 |
#
# **E-step.** So A gets ¾ of the first picture, and B ¼: these are the **responsibilities**. For the
# second picture both products are the same, so it is split in halves. **M-step.** A was given ¾ + ½
# of a picture in all, and ¾ of one whose first pixel is on. Each probability becomes the fraction
# of ones in what the component was given:

# %%
a = [3 / 4, 1 / 2]  # A's responsibilities
first_pixel = [1, 0]
credited = a[0] * first_pixel[0] + a[1] * first_pixel[1]
print(f"pixel 1 of A: {credited:.2f} / {sum(a):.2f} = {credited / sum(a):.2f}")

# %% tags=["hide"]
tiny = np.array([[1, 0, 1], [0, 0, 1]])
begin = Bernoullis([[1 / 2, 1 / 4, 1 / 2], [1 / 4, 1 / 2, 1 / 2]])
r, _ = bernoullis.e_step(tiny, begin)
np.testing.assert_allclose(r, [[3 / 4, 1 / 4], [1 / 2, 1 / 2]], rtol=1e-12)
tiny_step = bernoullis.m_step(tiny, r)
np.testing.assert_allclose(tiny_step.probabilities[0, 0], 0.6, rtol=1e-12)

# %% [markdown]
# ## The program
#
# Ninety noisy pictures of three by three pixels. Each is a T or an L.

# %% tags=["program"]
import numpy as np

rng = np.random.default_rng(3)
letters = np.array([[1, 1, 1, 0, 1, 0, 0, 1, 0], [1, 0, 0, 1, 0, 0, 1, 1, 1]])
clean = letters[rng.integers(2, size=90)]
pictures = np.where(rng.random(clean.shape) < 0.15, 1 - clean, clean)

mu = rng.uniform(0.25, 0.75, size=(2, 9))  # a guess: two pictures of noise
pi = np.ones(len(mu)) / len(mu)
for _ in range(30):
    # E-step: how well does each mean explain each picture?
    log_p = pictures @ np.log(mu).T + (1 - pictures) @ np.log(1 - mu).T
    r = pi * np.exp(log_p)
    r /= r.sum(axis=1, keepdims=True)
    # M-step: each mean becomes the mean of what it was given
    mu = r.T @ pictures / r.sum(axis=0)[:, None]
    mu = mu.clip(1e-9, 1 - 1e-9)  # at 0 or 1, 0 times log 0 would be nan
    pi = r.mean(axis=0)

print(mu.reshape(-1, 3, 3).round(1), pi.round(2))

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
# For three components change `size=(2, 9)` to `size=(3, 9)`, and nothing else.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** ask for three components. Only two letters were drawn. What will the third one show?
#
# ```diff
# -mu = rng.uniform(0.25, 0.75, size=(2, 9))  # a guess: two pictures of noise
# +mu = rng.uniform(0.25, 0.75, size=(3, 9))  # a guess: three pictures of noise
# ```
#
# <details markdown><summary>See why</summary>
#
# The T keeps its component, with {{ changed.pi[0] : .2f }} of the pictures. The L gets two, with
# {{ changed.pi[1] : .2f }} and {{ changed.pi[2] : .2f }}. Each follows some of the noise, and
# nothing tells you that two would have been enough. The [number of components](groups.py) is a
# question of its own.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** flip 40 pixels in a hundred in place of 15. Will EM still find the two letters?
#
# ```diff
# -pictures = np.where(rng.random(clean.shape) < 0.15, 1 - clean, clean)
# +pictures = np.where(rng.random(clean.shape) < 0.4, 1 - clean, clean)
# ```
#
# <details markdown><summary>See why</summary>
#
# It finds two pictures, with {{ changed.pi[0] : .2f }} and {{ changed.pi[1] : .2f }} of the data,
# but neither is a letter. With so much noise ninety pictures are too few, and EM describes the
# noise with the same confidence.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin with ½ for every pixel of both components. What do the two look like in the end?
#
# ```diff
# -mu = rng.uniform(0.25, 0.75, size=(2, 9))  # a guess: two pictures of noise
# +mu = np.full((2, 9), 0.5)  # a guess: two pictures of grey
# ```
#
# <details markdown><summary>See why</summary>
#
# Exactly alike: the mean of all ninety pictures. Components that start alike get the same share of
# every picture, so they stay alike. That is why the start is noise.
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **Components that start alike stay alike.** Start from noise.
# - **A probability of 0.** A pixel that no picture of a component has on ends at 0, and then a new
#   picture with that pixel on is impossible there. Before you judge new pictures, keep all
#   probabilities a little away from 0 and 1, as the program does.
# - **One start.** [Other starts](latent.py#starts-matter) end elsewhere.
#
# ## Exercises
#
# **1.** *Predict:* what does the program find with `size=(1, 9)`, a single component? Is there
# anything to iterate?
#
# <details markdown><summary>Solution</summary>
#
# The mean of all ninety pictures, after one step. Every picture belongs to it with responsibility
# 1, so nothing is hidden.
#
# </details>
#
# **2.** Give the ten components the true digits as a start: responsibilities of 0 and 1, then an
# M-step. *Predict:* will EM stay there?
#
# <details markdown><summary>Solution</summary>

# %%
import em
from em.models import bernoullis

table = np.genfromtxt(
    em.data("digits.csv"), delimiter=",", skip_header=1, dtype=str
)
digit = table[:, 0].astype(int)
packed = np.frombuffer(bytes.fromhex("".join(table[:, 1])), dtype=np.uint8)
x = np.unpackbits(packed).reshape(-1, 64).astype(float)

told = em.fit(bernoullis, x, bernoullis.m_step(x, np.eye(10)[digit]))
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
# **Go deeper:** [latent classes](latent.py), with starts, more components, new digits and survey
# answers. C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 9.3.3, fits such
# a mixture to the digits 2, 3 and 4. E. Alpaydin and C. Kaynak collected the digits (1998); the
# copy is scikit-learn's.
