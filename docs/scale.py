# ---
# title: Data too large for memory
# order: 50
# section: Use
# question: How do I run EM on data that do not fit into memory?
# description: >-
#   The E-step is a sum over observations, so it can be cut: envelopes to play with, a file read
#   in pieces, and a CSV file through the package.
# numbers: own
# allow: [15, "50,000", 1983, 40, 1.1, 9, 2, 1.7, 8, 10, 16, 20, 1, 0.5, "10,000", "5,000", 777, 10⁹, 10¹⁶, "100,000", 100]
# ---

# %% [markdown]
# # Data too large for memory
#
# Forty points lie in four envelopes, and nobody may carry points from one envelope to another. Can
# EM still be run on all forty? If it can, it can be run on data that do not fit into memory, piece
# by piece.

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import scale as draw
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
forty = np.concatenate(
    [np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)]
)
guess = Normals([1.1, 9], [2, 1.7])
draw.envelopes(forty, guess, 20)

# %% [markdown]
# **You will be able to** run EM on a file of any size. **About MINUTES minutes. To know first:**
# [Gaussian mixtures in one dimension](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** what must an envelope report, so that nobody needs its points? *Then press **Share out**.*
#
# <details markdown><summary>The mean and the width of each bell, from its own points</summary>
#
# An envelope with two points and one with twenty would then count alike, and a width measured
# around one envelope's mean does not fit the common mean.
#
# </details>
# <details markdown><summary>Each point with its responsibilities</summary>
#
# That would do, but it is the points themselves, and more.
#
# </details>
# <details class="right" markdown><summary>Three sums for each bell</summary>
#
# Yes: how many points' worth it was given, $\sum r$; the sum of these points, $\sum r x$; and the
# sum of their squares, $\sum r x^2$. A weighted mean and a weighted width need nothing else.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** where would the bells go, had all forty points been in one envelope? *Press **Re-estimate**, and compare with [the same points in one piece](normals.py).*
#
# <details class="right" markdown><summary>To exactly the same place</summary>
#
# Yes. A sum does not care how it is cut into pieces.
#
# </details>
# <details markdown><summary>Nearly to the same place</summary>
#
# Rounding apart, there is nothing approximate here: the totals are the same numbers.
#
# </details>
# <details markdown><summary>Somewhere better, with all the points together</summary>
#
# The M-step does have all the points together. It sees them through the totals.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** with a million points in each envelope, how much longer are the reports?
#
# <details markdown><summary>As much longer as there are points</summary>
#
# The points stay where they are. Only the sums travel.
#
# </details>
# <details class="right" markdown><summary>Not at all</summary>
#
# Yes: three numbers for each bell, whether an envelope holds ten points or a million. That is why
# EM travels so well.
#
# </details>
# <details markdown><summary>A little, since larger sums need more digits</summary>
#
# A float takes eight bytes, whatever number it holds.
#
# </details>
# </div>
#
# ## By hand
#
# One bell, and two envelopes. In the first lie the points 1 and 3, with responsibilities 1 and 1/2;
# in the second lies 4, with responsibility 1/2.
#
# | envelope | Σ r | Σ r x | Σ r x² |
# | --- | --- | --- | --- |
# | first | {{ 1 + 0.5 : .1f }} | {{ 1 * 1 + 0.5 * 3 : .1f }} | {{ 1 * 1 + 0.5 * 9 : .1f }} |
# | second | {{ 0.5 : .1f }} | {{ 0.5 * 4 : .1f }} | {{ 0.5 * 16 : .1f }} |
# | total | {{ 2.0 : .1f }} | {{ 4.5 : .1f }} | {{ 13.5 : .1f }} |
#
# The mean is {{ 4.5 : .1f }} ÷ {{ 2.0 : .1f }} = {{ 4.5 / 2 : .2f }}. The variance is
# {{ 13.5 : .1f }} ÷ {{ 2.0 : .1f }} less the square of that mean,
# {{ 13.5 / 2 - (4.5 / 2) ** 2 : .4f }}.
#
# Such totals are called **sufficient statistics**: given them, the M-step has no further question
# to ask of the data. The E-step works out what they are *expected* to be. All that depends on the
# number of observations is a sum over them.
#
# ## The program
#
# The numbers lie on a disk and are read 10,000 at a time, so that they are never all in memory.
# There are {{ 20 * 5_000 * 2 : d }} of them, but there could as well be a billion. They were drawn
# with means of 0 and 6, and widths of 1 and 2.

# %% tags=["program"]
import tempfile

import numpy as np

rng = np.random.default_rng(0)
mean, std, pi = np.array([-1.0, 8]), 1.5, 1  # a guess: alike but for the means
with tempfile.TemporaryFile() as file:
    for _ in range(20):
        rng.normal([0, 6], [1, 2], (5_000, 2)).tofile(file)
    for _ in range(25):
        total = np.zeros((3, len(mean)))  # three sums for each bell
        file.seek(0)
        # E-step: of one piece after another; its sums are added up
        while len(x := np.fromfile(file, count=10_000)):
            z = (x[:, None] - mean) / std
            r = pi * np.exp(-z * z / 2) / std
            r /= r.sum(axis=1, keepdims=True)
            total += np.stack([np.ones(len(x)), x, x * x]) @ r
        # M-step: from the totals alone
        pi, mean, square = total[0] / total[0].sum(), *total[1:] / total[0]
        std = np.sqrt(square - mean**2)

print("means", mean.round(2), "stds", std.round(2))

# %% tags=["hide"]
rng = np.random.default_rng(0)
whole = np.concatenate(
    [rng.normal([0, 6], [1, 2], (5_000, 2)).ravel() for _ in range(20)]
)
run = em.run(normals, whole, Normals([-1, 8], [1.5, 1.5]))
*_, step = islice(run, 26)
np.testing.assert_allclose(mean, step.params.means, rtol=1e-9)
np.testing.assert_allclose(std, step.params.stds, rtol=1e-9)
np.testing.assert_allclose(pi, step.params.weights, rtol=1e-9)

# %% [markdown]
# For three bells put a third number into `mean`. The rest follows. `np.fromfile` reads raw 8-byte
# floats, as `tofile` writes them. Of a CSV file it would make nonsense, without complaint.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** read 777 numbers at a time, so that the last piece is short. Do the means change?
#
# ```diff
# -        while len(x := np.fromfile(file, count=10_000)):
# +        while len(x := np.fromfile(file, count=777)):
# ```
#
# <details markdown><summary>See why</summary>
#
# They do not. The largest difference is {{ abs(changed.mean - mean).max() : .0e }}, which is
# rounding: the same numbers were added up in another order.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** look at the first piece only, one number in twenty. How far off will the means be?
#
# ```diff
# -        while len(x := np.fromfile(file, count=10_000)):
# +        if len(x := np.fromfile(file, count=10_000)):
# ```
#
# <details markdown><summary>See why</summary>
#
# By {{ abs(changed.mean - mean).max() : .3f }} at most. A part of the data gives a good guess for a
# twentieth of the work. Start there, and finish with all of them.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** move all the numbers, and the guess, a hundred million to the right. That changes nothing about their shape. What happens?
#
# ```diff
# -mean, std, pi = np.array([-1.0, 8]), 1.5, 1  # a guess: alike but for the means
# +mean, std, pi = 1e8 + np.array([-1.0, 8]), 1.5, 1  # a guess
#
# -        rng.normal([0, 6], [1, 2], (5_000, 2)).tofile(file)
# +        (1e8 + rng.normal([0, 6], [1, 2], (5_000, 2))).tofile(file)
# ```
#
# <details markdown><summary>See why</summary>
#
# Every mean and every width ends as {{ changed.mean[0] : f }}. The mean of the squares and the
# square of the mean are both near 10¹⁶, where neighbouring floats lie {{ np.spacing(1e16) : .0f }}
# apart, so their difference is nothing but rounding, and may be negative. [Sums that lose their
# digits](#sums-that-lose-their-digits) tells how the package avoids this.
#
# </details>
# </div>
#
# ## What could go wrong
#
# <span id="sums-that-lose-their-digits"></span>
#
# - **Sums that lose their digits,** as in the third change. The package's pieces report size, mean
#   and squares *about that mean*, and two reports are merged by the rule of Chan, Golub and LeVeque
#   (1983). They are added two and two, as in a knock-out cup, so that rounding hardly grows with
#   their number.
# - **Pieces that are gone after one pass.** A generator runs dry after the first step. Give
#   `em.fit` the function that makes it, as for [a CSV file](cores.py#a-csv-file).
# - **A start made from one piece.** If pieces are days, or cities, the first may lack a group
#   entirely. Make the start from some rows of *every* piece.
#
# ## Exercises
#
# **1.** *Predict*: which numbers must an envelope report for coins: flips that came from one of two
# coins, with a column of heads and a column of tails?
#
# <details markdown><summary>Solution</summary>
#
# For each coin the heads and the tails that it is credited with, and how many sequences: the last
# is for the mixing weights.
#
# </details>
#
# **2.** *Predict*: for groups of points in ten dimensions with full covariances, how many numbers
# does a piece report for each group?
#
# <details markdown><summary>Solution</summary>
#
# One size, {{ 10 : d }} means, and {{ 10 * 11 // 2 : d }} numbers of the scatter, which is
# symmetric: together {{ 1 + 10 + 10 * 11 // 2 : d }}. It grows with the square of the dimension,
# but not with the number of points.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [a CSV file, all cores, or a cluster](cores.py), and [online EM](online.py), which looks at
# each observation once.
