# ---
# title: Overview
# order: 1
# section: Begin
# question: What is Expectation Maximisation?
# description: >-
#   Expectation Maximisation under your finger: guess, share out the evidence, re-estimate,
#   repeat. Then fifteen lines of NumPy, what it promises, where it fails, and where it works.
# numbers: own
# allow: [3.11, 24, 0.8]
# ---

# %% [markdown]
# # Expectation Maximisation, until it clicks
#
# Forty points come from two groups, and nobody wrote down which. Find the groups: drag a
# bell (a normal curve) to guess, then **share out** and **re-estimate**, again and again. (It plays once by
# itself; then it is your turn.)

# %% tags=["hide"]
import numpy as np

import em
from em.figures import normals as draw
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
points = np.concatenate(
    [np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)]
)
guess = Normals(means=[1.1, 9], stds=[2, 1.7])
end = em.fit(
    normals,
    points,
    guess,
    fixed="weights",
    until=lambda steps: len(steps) > 24,
)
live(
    "bells",
    x=points,
    means=[1.1, 9],
    stds=[2, 1.7],
    autoplay="once",
    still=draw.frames(points, [end.steps[0], end.steps[24]], (0, 24)),
    told="The guess, and after twenty-four steps.",
    caption="Share out splits each point between the bells, in proportion to their heights above "
    "it: that is its colour. Re-estimate moves each bell onto the points that it was given. The "
    "log-likelihood says how well the bells fit all the points together: higher is better.",
)

# %% [markdown]
# ## EM in four steps
#
# You want to estimate something, but what would make it easy was never seen: which group a
# point belongs to, which coin was flipped, which transcript a read came from.
#
# 1. **Guess** the quantities that you want.
# 2. **Share out** each observation among the hidden possibilities. A possibility gets more, the better
#    it explains the observation under your guess, *and* the more common it is. This is the **E-step**.
# 3. **Re-estimate** the quantities as if the shares were real data, by counting and
#    averaging. This is the **M-step**.
# 4. **Repeat** until nothing moves. The **likelihood**, which is how probable your guess makes all
#    the data, never falls on the way. You usually end on a peak of it, not always on the highest.
#
# ## Three ways in
#
# - **New to it? Ten minutes.** Play with the figure above, then read [two coins](coins.py) as
#   far as its program. You need means, probabilities and a little Python. (No Python? Skip the
#   code: the figures and the sums by hand carry the idea.) In an afternoon, go on with
#   [two groups of points](normals.py), [what is being climbed](surface.py),
#   [why it never goes down](why.py), [how it goes wrong](pitfalls.py) and
#   [how sure, how fast](certainty.py).
# - **You use kallisto or salmon?** [Reads to transcripts](transcripts.py): what they do, [what to
#   do with your table](transcripts.py#what-to-do-with-your-table) (in R), and which of its numbers
#   nobody can know.
# - **"I have a problem."** [Find your data in the table](#find-your-problem). What is not there,
#   [write yourself](recipe.py), in five questions.
#
# A question in your own words? [Questions](questions.md), with a line and a link each.
#
# ## The program
#
# What the figure does, on the same forty points and from the same guess. The figure comes to
# rest after 24 steps, which is how many the loop takes. Paste it into an empty Python that has NumPy:

# %% tags=["program"]
import numpy as np

np.random.seed(110)  # the forty points of the figure, and its guess
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean = np.array([1.1, 9])
width = np.array([2, 1.7])
weight = np.array([0.5, 0.5])

for _ in range(24):
    # Share out (E): a row a point, a column a bell; how common times how high
    # (without 1/√2π, which cancels)
    height = weight * np.exp(-(((x[:, None] - mean) / width) ** 2) / 2) / width
    share = height / height.sum(axis=1, keepdims=True)
    # Re-estimate (M): weighted means and weighted widths
    size = share.sum(axis=0)
    mean = x @ share / size
    width = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)

for k in range(len(mean)):
    print(f"{'ABCDEF'[k]}: mean {mean[k]:.2f}, width {width[k]:.2f}")

# %% tags=["hide"]
for ours, theirs in ((end.params.means, mean), (end.params.stds, width)):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)

# What is said of other numbers: some hundred steps with the weights free lead to where
# the package goes, whose E-step takes a far point.
m, s, w = np.array([1.1, 9]), np.array([2, 1.7]), np.array([0.5, 0.5])
for _ in range(300):
    r = w * np.exp(-(((x[:, None] - m) / s) ** 2) / 2) / s
    r /= r.sum(axis=1, keepdims=True)
    m, w = x @ r / r.sum(axis=0), r.sum(axis=0) / len(x)
    s = np.sqrt((r * (x[:, None] - m) ** 2).sum(axis=0) / r.sum(axis=0))
free = em.fit(normals, x, guess, tol=1e-12).params
np.testing.assert_allclose(free.means, m, atol=1e-5)
assert np.isfinite(normals.e_step(np.array([*x, 500.0]), guess)[1])

# %% [markdown]
# The figure ends with the same numbers. Half of the points were drawn around 3 and half around
# 7. EM was told three things: that there are two bells, that both are equally common (`weight`), and
# a guess to begin with. It estimated where they stand and how wide they are (drawn with 0.8 and 2). Nobody
# told it which point belongs to which.
#
# *Your own numbers?* Take the [longer program](normals.py#the-program). It also estimates how common each
# bell is, does not break where a point is far from every bell, and prints a score by which to compare starts.
#
# ## The same with the package
#
# One line installs the small package behind this tutorial, for Python 3.11 or newer. (Do not
# install plain `em`, which is another project.)
#
# ```sh
# [[install]]
# ```
#
# After the program above: `em.fit` goes on until the steps have become very small. Leave out
# `fixed="weights"` to estimate the mixing weights, too:

# %%
import em
from em.models import normals
from em.models.normals import Normals

start = Normals(means=[1.1, 9], stds=[2, 1.7])
fit = em.fit(normals, x, start, fixed="weights")
print("means", fit.params.means.round(4))
print("stds ", fit.params.stds.round(4))
print("shares of the first point:", fit.posterior[0].round(4))

# %% [markdown]
# ## Find your problem
#
# | You have | Hidden is | Page |
# | --- | --- | --- |
# | measurements from several groups | the group of each | [one number each](normals.py), [several](groups.py) |
# | reads that fit several transcripts (kallisto) | where each came from | [transcripts](transcripts.py) |
# | counts over time, now high, now low | the kind of year or day | [counts](counts.py) |
# | a series in calm and turbulent times (Baum–Welch; regimes in finance) | the state at each time | [hidden Markov](counts.py#the-years-get-an-order) |
# | a table with holes | the missing values | [missing](missing.py) |
# | lifetimes known only to be longer than the test | the rest of them | [censored](censored.py) |
# | labels by raters who disagree (Dawid–Skene) | the true label | [raters](raters.py) |
# | yes-or-no answers, or black-and-white pictures | the kind of each | [digits](digits.py) |
# | a blurred picture (Richardson–Lucy; PET) | where each photon came from | [deblur](deblur.py) |
# | blood groups (gene counting) | the genotype of each person | [recipe](recipe.py#a-problem-genes-behind-blood-groups) |
# | points along several lines (mixture of regressions) | the line of each | [recipe](recipe.py#a-mixture-of-regressions) |
# | more rows than fit into memory | any of these | [scale](scale.py) |
#
# ## Everything here
#
# [[questions]]
#
# Every figure and every number is computed anew when the site is built, but for timings and
# quoted results, which are marked. The code you see is the code that ran, and each page can be
# downloaded as a notebook. Lecturers are welcome to link to any page.
#
# ## What could go wrong
#
# EM promises that the likelihood does not fall and, under conditions, that it ends at a
# **stationary point**, a level place. Not more: not the highest peak, not the truth, not that the groups are
# real. Each page shows where it fails and what to do; [one](pitfalls.py) is about nothing else.
#
# ## Exercises
#
# **1.** The number of bells is only the length of the guess. Fit a single bell to the same
# points. *Predict* its mean, and how many steps it takes.
#
# <details markdown><summary>Solution</summary>

# %%
one = em.fit(normals, x, Normals(means=[0], stds=[1]))
print(one.params.means, one.params.stds, f"after {len(one.steps) - 1} steps")
print(x.mean(), x.std())
print(f"one bell:  {one.log_likelihood:.3f}")
print(f"two bells: {fit.log_likelihood:.3f}")

# %% [markdown]
# With one bell nothing is hidden: it owns every point. The first step gives the plain mean
# and standard deviation of the data, and the next finds nothing to change.
#
# </details>
#
# **2.** *Predict* what becomes of the answer if you swap the two bells in the start.
#
# <details markdown><summary>Solution</summary>

# %%
other = Normals(means=[9, 1.1], stds=[1.7, 2])
swapped = em.fit(normals, x, other, fixed="weights")
print(swapped.params.means.round(4), f"{swapped.log_likelihood:.3f}")

# %% [markdown]
# The same bells with their names swapped, and the same log-likelihood. Without labels,
# "first" and "second" mean nothing.
#
# </details>
#
# ## Where to read on
#
# Begin with [two coins](coins.py). Books, papers and lectures are on the
# [resources page](resources.md).
