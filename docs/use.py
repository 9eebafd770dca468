# ---
# title: "Use a fit: from your file to a picture"
# order: 32.5
# section: Make
# question: How do I fit a mixture to my own column of numbers?
# description: >-
#   From a CSV file with a gap and an outlier to a Gaussian mixture: read, clean, fit, choose the number of
#   components, predict, score, draw samples, save and plot.
# numbers: own
# allow: [70, 85, 999, 66, 80, 50, 10, 540, 200, 54, 65, 90, 300, 5, 1, 2, 3, 4, "54"]
# ---

# %% [markdown]
# # Use a fit: from your file to a picture
#
# You have a column of numbers in a file, and two groups in it that nobody has marked. Here is the whole way, with a
# **Gaussian mixture**: read the file, look at what is wrong with it, fit, and use what comes out.

# %% tags=["hide"]
from contextlib import suppress
from itertools import islice

import numpy as np

import em
from em.figures import normals as draw
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals

waits = np.array(
    [
        79, 54, 74, 62, 85, 55, 88, 85, 51, 85, 54, 84, 78, 47, 83, 52, 62, 84,
        52, 79, 51, 47, 78, 69, 74, 83, 55, 76, 78,
    ]
)  # fmt: skip
guess = Normals([50, 90], [10, 10])
run = em.fit(normals, waits, guess)
(*_, slip), _ = normals.e_step(np.append(waits, 540), guess)
live(
    "bells",
    x=waits,
    means=guess.means,
    stds=guess.stds,
    mixing="free",
    program={"mean": "means", "std": "stds"},
    still=draw.frames(waits, [run.steps[0], run.steps[-1]]),
    told=f"The guess, and the end: means {run.params.means[0]:.1f} and {run.params.means[1]:.1f}.",
    caption="Minutes between eruptions of a geyser. Drag a bell by its top, or by its side. Then share out and "
    "re-estimate.",
)

# %% [markdown]
# **You will be able to** take a column of numbers from a file to groups, forecasts and a picture. **About MINUTES
# minutes. To know first:** [Gaussian mixtures](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **Predict:** somebody typed 540 in place of 54. What will a mixture of two normals do with that point?
#
# <details markdown><summary>Leave it out, since it fits neither</summary>
#
# A mixture has no way to leave a point out. The responsibilities of each point sum to 1.
#
# </details>
# <details markdown><summary>Share it between the two</summary>
#
# Not even at first: by the guess in the figure the nearer component takes {{ slip[1] : .2f }} of it at once.
#
# </details>
# <details class="right" markdown><summary>Give it a component of its own</summary>
#
# Yes. One normal goes to the mistake and narrows onto it, and the other has to describe everything else. See
# [outliers](pitfalls.py#outliers).
#
# </details>
# </div>
#
# ## The program
#
# The text stands for your file, which you would read with `np.genfromtxt("my.csv", skip_header=1)`. One number is
# missing, and one is a slip of the finger. Look at the smallest and the largest before you fit anything.

# %% tags=["program"]
import numpy as np

text = """79 54 74 62 85 55 88 85 51 85 540 84 78 47
83 52 62 NA 52 79 51 47 78 69 74 83 55 76 78"""
x = np.genfromtxt(text.split())
print("gaps", np.isnan(x).sum(), "from", np.nanmin(x), "to", np.nanmax(x))
x = x[(x > 0) & (x < 200)]  # no gap, and nothing impossible
mean = np.array([50, 90])  # a guess
std = np.array([10, 10])
weight = np.ones(len(mean)) / len(mean)

for _ in range(50):
    # E-step: how well does each component explain each point?
    z = (x[:, None] - mean) / std
    joint = weight * np.exp(-(z**2) / 2) / std
    r = joint / joint.sum(axis=1, keepdims=True)
    # M-step: weighted means, spreads and shares
    size = r.sum(axis=0)
    mean, weight = x @ r / size, size / len(x)
    std = np.sqrt(((x[:, None] - mean) ** 2 * r).sum(axis=0) / size)

print(mean.round(1), std.round(1), weight.round(2))

# %% tags=["hide"]
own = em.run(normals, x, Normals([50, 90], [10, 10]))
*_, last = islice(own, 51)
np.testing.assert_allclose(mean, last.params.means, rtol=1e-9)
np.testing.assert_allclose(std, last.params.stds, rtol=1e-9)

typed = np.genfromtxt(text.split())
try:
    em.fit(normals, typed[typed > 0], Normals([50, 90], [10, 10]))
except em.CollapsedError as error:
    lonely = str(error).split(",")[0] + "."

# %% [markdown]
# For three components, put three numbers into `mean` and `std`; the weights follow.
#
# ### Change it
#
# <div class="change" markdown>
# **Predict:** keep the slip of the finger. Where do the two components go?
#
# ```diff
# -x = x[(x > 0) & (x < 200)]  # no gap, and nothing impossible
# +x = x[x > 0]  # no gap
# ```
#
# <details markdown><summary>See why</summary>
#
# Nowhere: the means are {{ str(changed.mean[0]) : s }} and {{ str(changed.mean[1]) : s }}. Under both components 540 is so
# improbable that the computer rounds its density to 0, and the E-step divides 0 by 0. The package below works in
# logarithms, and there one component goes to the point, as you predicted: {{ lonely : s }}
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** leave the gap in. How many numbers of the result does one gap spoil?
#
# ```diff
# -x = x[(x > 0) & (x < 200)]  # no gap, and nothing impossible
# +x = np.where(x > 200, 54, x)  # the slip put right
# ```
#
# <details markdown><summary>See why</summary>
#
# All of them: the first mean is {{ str(changed.mean[0]) : s }}. A sum with one nan in it is nan, and the M-step sums over
# all points. In one column a gap says nothing, so leave it out. In a table the other columns say something about
# it: see [missing values](missing.py).
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** begin with three components. Will the third find a group?
#
# ```diff
# -mean = np.array([50, 90])  # a guess
# -std = np.array([10, 10])
# +mean = np.array([50, 75, 90])  # a guess
# +std = np.array([5, 5, 5])
# ```
#
# <details markdown><summary>See why</summary>
#
# It finds something, at {{ changed.mean[1] : .1f }} with a weight of {{ changed.weight[1] : .2f }}. EM always does. Whether
# it is worth having is the question of the next table.
#
# </details>
# </div>
#
# ## With the package
#
# `em.fit` refuses the gap by name, where it stands. It warns when it has not settled, and stops with a message when a
# component collapses.

# %%
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

starts = {
    1: Normals([70], [10]),
    2: Normals([50, 90], [10, 10]),
    3: Normals([50, 75, 90], [5, 5, 5]),
}
fits = {k: em.fit(normals, x, start) for k, start in starts.items()}
for k, one in fits.items():
    print(k, "components: BIC", round(em.bic(normals, x, one), 1))
fit = fits[2]
print(em.standard_errors(normals, x, fit))

# %% tags=["hide"]
with suppress(em.CollapsedError):  # else it would run for ever
    for step in em.run(normals, x, Normals([50, 70, 85], [5, 5, 5])):
        onto = step.params.means[1]

# %% [markdown]
# The lowest BIC wins, and [that is a rule of thumb](howmany.py). From means of 50, 70 and 85 the middle component
# [collapses](collapse.py) onto the value {{ onto : .0f }}. Now use the fit on numbers it has not seen.

# %%
new = [50, 66, 80, 540]
print("component", em.predict(normals, new, fit))
print("responsibilities", em.predict_proba(normals, new, fit).round(3).tolist())
print("log-density", em.score_samples(normals, new, fit).round(1).tolist())
drawn, made_by = em.sample(normals, fit, 5, seed=0)
print("five drawn", drawn.round(1), "by", made_by)

# %% [markdown]
# The last new number gets a component as surely as the others. Its log-density says that neither would make it, so look
# at that too. Save a fit as a whole with `pickle`, or its numbers alone with NumPy, which any later version can read:

# %%
import pickle
from pathlib import Path
from tempfile import mkdtemp

folder = Path(mkdtemp())
(folder / "fit.pickle").write_bytes(pickle.dumps(fit))
again = pickle.loads((folder / "fit.pickle").read_bytes())
np.savez(folder / "bells.npz", mean=fit.params.means, std=fit.params.stds)
with np.load(folder / "bells.npz") as kept:
    print(again.end, "| means", kept["mean"].round(2))

# %% [markdown]
# And a picture in five lines. In a notebook, leave the last one out.

# %%
from matplotlib import pyplot as plt

grid = np.linspace(35, 100, 300)
plt.hist(x, bins=12, density=True, alpha=0.3)
plt.plot(grid, np.exp(em.score_samples(normals, grid, fit)))
plt.savefig(folder / "fit.png")
plt.close()

# %% [markdown]
# ## What could go wrong
#
# - **A number that is none.** Read a file with care: "NA", "-" and an empty field become nan, and a missing value that
#   somebody wrote as 999 stays 999.
# - **Names change.** Component 1 of this fit may be component 2 of the next. [Sort by the means](labels.py) before you
#   compare.
# - **One start.** Two components are easy. For more, [try many starts](starts.py).
# - **A pickle is a program.** Open only your own. The numbers alone are safe to send.
#
# ## Exercises
#
# **1.** The log-density of 66 is {{ em.score_samples(normals, [66], fit)[0] : .1f }}. *Predict* on which side of it that of 80
# is, then look above.
#
# <details markdown><summary>Solution</summary>
#
# Above it, at {{ em.score_samples(normals, [80], fit)[0] : .1f }}. Between two groups there are few points, so the density is
# low, however sure the label is.
#
# </details>
#
# **2.** Which new number has the least sure label? Find out with `em.predict_proba` over a grid from 50 to 90.
#
# <details markdown><summary>Solution</summary>

# %%
grid = np.linspace(50, 90, 401)
sure = em.predict_proba(normals, grid, fit).max(axis=1)
print(grid[sure.argmin()].round(1))

# %% [markdown]
# The responsibilities are equal there. It need not be halfway between the means, because weights and spreads differ.
#
# </details>
#
# ## Where to read on
#
# The waiting times are the first of Old Faithful's, from R's `datasets::faithful`; the gap and the slip are ours.
# **Next:** [standard errors](certainty.py), [how many components?](howmany.py) and [missing values](missing.py) in
# tables.
