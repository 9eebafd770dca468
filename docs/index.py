# ---
# title: Expectation Maximisation, until it clicks
# order: 1
# section: Begin
# question: What is Expectation Maximisation?
# description: >-
#   Expectation Maximisation (EM) on a Gaussian mixture that you can drag: guess, share out
#   the evidence, re-estimate, repeat. Then the whole program, to change where it stands.
# numbers: own
# allow: [10, 3.11, 1.1, 0.8]
# ---

# %% [markdown]
# # Expectation Maximisation, until it clicks
#
# Forty points come from two groups, and nobody wrote down which. A **Gaussian mixture** puts
# a bell curve over each group. Drag the bells to where you think they belong. Then press
# **Share out** and **Re-estimate**, again and again.
#
# [New to it](#em-in-four-sentences) · [RNA, with kallisto or salmon](transcripts.py) ·
# [Numbers of your own](use.py)

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
end = em.fit(normals, points, Normals(means=[1.1, 9], stds=[2, 1.7]))
live(
    "bells",
    x=points,
    means=[1.1, 9],
    stds=[2, 1.7],
    mixing="free",
    program={"x": "x", "mean": "means", "std": "stds", "weight": "weights"},
    still=draw.frames(points, [end.steps[0], end.steps[-1]], (0, 131)),
    told="The guess, and where EM comes to rest: means "
    f"{end.params.means[0]:.2f} and {end.params.means[1]:.2f}.",
    caption="Share out gives each bell a share of every point: the higher the bell is above the "
    "point, the larger its share. A point's colour shows its shares. Re-estimate moves each bell "
    "onto what it was given. The log-likelihood says how well the bells fit all the points: higher "
    "is better. Click beside the points to add one; click a point twice to remove it.",
)

# %% [markdown]
# **You will be able to** say what EM does, and change a program that does it. **About MINUTES minutes. To know
# first:** means, probabilities and, for the program, a little Python.
#
# <div class="choices" markdown>
# **Predict:** bell A begins at 1.1, and only one point lies further left. Press *Start again*, *Share out* and
# *Re-estimate*. Where will A's mean be?
#
# <details markdown><summary>Still near 1: one small step to the right</summary>
#
# Many methods take small steps. EM does not: *re-estimate* goes straight to the mean of
# what the bell was given, however far away that is.
#
# </details>
# <details class="right" markdown><summary>Near 3, among the points on the left</summary>
#
# Yes, at {{ end.steps[1].params.means[0] : .2f }}. A was given most of the points on the left,
# and its new mean is the mean of those points, each counted by its share.
#
# </details>
# <details markdown><summary>Near 5, the mean of all the points</summary>
#
# It would go there if it were given the same share of every point. But B is much higher than A over
# the points on the right, so B takes them.
#
# </details>
# </div>
#
# ## EM in four sentences
#
# You want to estimate something, but what would make it easy was never seen: which group a
# point belongs to, which coin was flipped, which transcript a read came from.
#
# 1. **Guess** the quantities that you want.
# 2. **Share out** each observation among the hidden possibilities, so that a possibility gets more
#    the better it explains the observation and the more common it is: this is the **E-step**.
# 3. **Re-estimate** the quantities by counting and averaging, as if the shares were real data: this is the
#    **M-step**.
# 4. **Repeat** until nothing moves; on the way the **likelihood**, which is how probable your guess makes all
#    the data, never falls.
#
# ## The program
#
# This is what the figure does, on the same forty points and from the same guess. Change it and
# run it again: nothing can break.

# %% tags=["program"]
import numpy as np

np.random.seed(110)  # the same points each time
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
mean = np.array([1.1, 9])  # a guess: the middle of each bell
std = np.array([2, 1.7])  # a guess: the width of each bell
weight = np.ones(len(mean)) / len(mean)  # a guess: how common each is

for _ in range(100):
    # E-step: a row for each point, a column for each bell; without 1/√2π
    density = np.exp(-(((x[:, None] - mean) / std) ** 2) / 2) / std
    joint = weight * density
    share = joint / joint.sum(axis=1, keepdims=True)
    # M-step: the weight, mean and width of what each bell was given
    size = share.sum(axis=0)
    weight = size / len(x)
    mean = x @ share / size
    std = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)

for k in range(len(mean)):
    found = f"mean {mean[k]:.2f}, width {std[k]:.2f}, weight {weight[k]:.2f}"
    print(f"{chr(65 + k)}: {found}")

# %% tags=["hide"]
hundredth = end.steps[100].params
np.testing.assert_allclose(hundredth.means, mean, rtol=1e-9)
np.testing.assert_allclose(hundredth.stds, std, rtol=1e-9)
np.testing.assert_allclose(hundredth.weights, weight, rtol=1e-9)

# %% [markdown]
# The points were drawn around 3 and 7, with widths of 0.8 and 2. For three, put three numbers into `mean` and `std`. For your own column, put
# `x = np.array([1.4, 2.2, 1.9, 8.1, 7.2, 9.0])` in place of the two lines that make the points, and guess among its numbers.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** both bells begin in the same place, equally wide. Will they part?
#
# ```diff
# -mean = np.array([1.1, 9])  # a guess: the middle of each bell
# -std = np.array([2, 1.7])  # a guess: the width of each bell
# +mean = np.array([5, 5])  # a guess: the middle of each bell
# +std = np.array([2, 2])  # a guess: the width of each bell
# ```
#
# <details markdown><summary>See why</summary>
#
# Never. Each bell gets half of every point, so whatever happens to one happens to the other. They
# end as one bell drawn twice, with mean {{ changed.mean[0] : .2f }} and width
# {{ changed.std[0] : .2f }}. EM does not break a tie, so begin with guesses that differ.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** a third bell begins in the middle. What will the three bells describe?
#
# ```diff
# -mean = np.array([1.1, 9])  # a guess: the middle of each bell
# -std = np.array([2, 1.7])  # a guess: the width of each bell
# +mean = np.array([1, 5, 9])  # a guess: the middle of each bell
# +std = np.array([2, 2, 2])  # a guess: the width of each bell
# ```
#
# <details markdown><summary>See why</summary>
#
# The last bell shrinks onto the four points at the far right: its width is
# {{ changed.std[2] : .2f }} and its weight {{ changed.weight[2] : .2f }}. Four points are no group, and
# the program is right all the same. EM fits as many bells as you ask for, and
# [another question](howmany.py) is how many there are.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** the guess is far from every point. Will the bells find them?
#
# ```diff
# -mean = np.array([1.1, 9])  # a guess: the middle of each bell
# +mean = np.array([40, 60])  # a guess: the middle of each bell
# ```
#
# <details markdown><summary>See why</summary>
#
# No: the program prints *{{ changed.lines[0] : s }}*. So far out, both densities are 0 to the
# computer, and 0 divided by 0 is not a number (`nan`). The program on
# [Gaussian mixtures](normals.py#the-program) works with logarithms, which can hold such densities. But a guess
# among the points is the better cure.
#
# </details>
# </div>
#
# ## Everything here
#
# [[questions]]
#
# ## The same with the package
#
# One line installs the small package behind this tutorial, for Python 3.11 or newer.
#
# ```sh
# [[install]]
# ```
#
# [Use a fit](use.py) begins with it.
#
# ## What could go wrong
#
# EM promises that the likelihood does not fall. It does not promise the highest peak, or the truth, or
# that the groups are real. [One page](pitfalls.py) is about nothing else.
#
# ## Exercises
#
# **1.** The number of bells is the length of `mean` and of `std`. Leave one number in each:
# `np.array([5])` and `np.array([2])`. *Predict* the mean and the width that the program will print.
#
# <details markdown><summary>Solution</summary>

# %%
share = np.ones((len(x), 1))  # one bell is given the whole of each point
print("M-step:       ", x @ share / share.sum(axis=0))
print("mean of all:  ", x.mean())
print("width of all: ", x.std())

# %% [markdown]
# It prints the plain mean and standard deviation of the data. With one bell nothing is hidden, so
# the first M-step is the answer, and the other iterations find nothing to change.
#
# </details>
#
# **2.** Let the program print the log-likelihood in each iteration: take the density of each point under the
# whole mixture, and add up the logarithms. *Predict* whether it rises most at the beginning or at the end.
#
# <details markdown><summary>Solution</summary>

# %%
mean, std = np.array([1.1, 9]), np.array([2, 1.7])
weight = np.ones(len(mean)) / len(mean)
for iteration in range(5):
    density = np.exp(-(((x[:, None] - mean) / std) ** 2) / 2) / std
    joint = weight * density / np.sqrt(2 * np.pi)  # here it does not cancel
    print(iteration, np.log(joint.sum(axis=1)).sum().round(3))
    share = joint / joint.sum(axis=1, keepdims=True)
    size = share.sum(axis=0)
    weight, mean = size / len(x), x @ share / size
    std = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)

# %% [markdown]
# The first iteration does nearly all the work. The figure shows the same numbers.
# [Why they cannot fall](why.py) has a page of its own.
#
# </details>
#
# ## Where to read on
#
# Begin with [two coins](coins.py), then [Gaussian mixtures](normals.py) and [why EM works](why.py). Without Python,
# skip the code: the figures and the sums by hand carry the idea. A question in your own words may be among the
# [questions](questions.md).
