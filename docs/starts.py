# ---
# title: Starting values (initialisation)
# order: 12.1
# section: Understand
# question: Where do I start, and how often? Does EM find the best fit?
# description: >-
#   Initialisation of Expectation Maximisation: two thousand starts on one map, local maxima and
#   spurious fits, a program that counts ends, and starts from k-means.
# numbers: own
# allow: [10, 0.01, 41, 0.1, 0.5, "2,000", 200, 40, 100, 1969, 2003]
# ---

# %% [markdown]
# # Starting values (initialisation)
#
# EM climbs, and stops on the top of whatever hill it started on. So it may end on a poor peak, a **local maximum**, and
# the **initialisation** decides. The start below leads to one. Press **Play**, and read the log-likelihood. Then drag the
# bells somewhere else, and play again.

# %% tags=["hide"]
from collections import Counter

import numpy as np

import em
from em.figures import normals as draw_normals
from em.figures import pitfalls as draw
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])
rng = np.random.default_rng(0)
starts = [
    Normals(rng.choice(x, 2), rng.uniform(0.1, 4, 2)) for _ in range(2_000)
]
many = em.best_of(normals, x, starts, fixed="weights", tol=1e-4)
top = many.fit.log_likelihood


def kind_of_end(end):
    if isinstance(end, em.CollapsedError):
        return "collapsed"
    means, stds = end.params.means, end.params.stds
    if end.log_likelihood > top - 0.01:
        return "best" if means[0] < means[1] else "mirror"
    alike = np.ptp(means) < 1e-3 and np.ptp(stds) < 1e-3
    return "saddle" if alike else "spurious"


kinds = [kind_of_end(end) for end in many.ends]
tally = Counter(kinds)
twins = [
    Normals([m, m], [s, s])
    for m, s in zip(x, rng.uniform(0.1, 4, 40), strict=True)
]
alike = em.best_of(normals, x, twins, fixed="weights")
kinds += [kind_of_end(end) for end in alike.ends]
assert Counter(kinds)["saddle"] == 40
assert "saddle" not in tally
poor = Normals([10.15, 5], [0.3, 2.5])
caught = em.fit(normals, x, poor, fixed="weights")
live(
    "bells",
    x=x,
    means=poor.means,
    stds=poor.stds,
    still=draw_normals.frames(x, [caught.steps[0], caught.steps[-1]]),
    told=f"The start, and after {len(caught.steps) - 1} steps: log-likelihood −{-caught.log_likelihood:.2f}.",
    caption="Forty points, and a start from which EM does not find the best fit. Drag a bell by its top, or by its side to "
    "make it wider.",
)

# %% [markdown]
# **You will be able to** choose starting values, and say how many are enough. **About MINUTES minutes. To know first:**
# [two bells](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** where does the start above end? *Press **Play**.*
#
# <details markdown><summary>On the best fit: EM always climbs</summary>
#
# It climbs, but only the hill that it stands on. Higher ground elsewhere is out of sight.
#
# </details>
# <details class="right" markdown><summary>With one bell on the four points at the right</summary>
#
# Yes, at {{ caught.log_likelihood : .2f }}, where the best is {{ top : .2f }}. The narrow bell has taken four points that
# happen to lie close together, and the other must do for the rest. Such an end is called **spurious**.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** of 2,000 random starts, how many end on the best fit, or on the same fit with the names exchanged?
#
# <details markdown><summary>About half</summary>
#
# It would be so if there were as much room around the poor peaks. On these data they are small.
#
# </details>
# <details class="right" markdown><summary>Nearly all</summary>
#
# Yes: {{ tally["best"] : ,d }} on the best, {{ tally["mirror"] : ,d }} on its mirror. But {{ tally["spurious"] : d }} end on a
# spurious peak and {{ tally["collapsed"] : d }} collapse. On other data most may.
#
# </details>
# <details markdown><summary>All of them</summary>
#
# {{ tally["spurious"] + tally["collapsed"] : d }} don't. They are mostly starts in which one bell is much narrower than the
# other, like the one above.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** where do starts end in which both bells are exactly alike?
#
# <details markdown><summary>On either peak, by chance</summary>
#
# There is no chance in EM. Bells that are alike get equal responsibilities, so the M-step leaves them alike.
#
# </details>
# <details class="right" markdown><summary>On a saddle</summary>
#
# Yes, all forty of them do, at a log-likelihood of {{ alike.fit.log_likelihood : .2f }}. Both become the one bell of all
# points. Higher ground lies on both sides, but EM never leaves the ridge.
#
# </details>
# </div>
#
# ## Where you start is where you end
#
# Here are all those starts, and where they led.

# %% tags=["hide"]
draw.basins(
    starts + twins,
    kinds,
    "Each mark is a start. Its colour and shape say where EM ended. Best and mirror differ in names only. The "
    "triangles are other, lower peaks.",
)

# %% tags=["hide"]
found = Counter(
    (round(end.log_likelihood, 2), round(end.params.stds.min(), 2))
    for end, kind in zip(many.ends, kinds, strict=False)
    if kind == "spurious"
)

# %% tags=["hide"]
bad = np.mean([kind in ("spurious", "collapsed") for kind in kinds[:2_000]])
astray = round(1 / bad)
assert found.most_common(1)[0][0][0] == round(caught.log_likelihood, 2)

# %% [markdown]
# The most frequent spurious end is that of the start above. About one start in {{ astray : d }} goes wrong here. If the chance of a bad start is one in two, ten starts all go wrong
# in one case of a thousand.
#
# ## The program
#
# EM from two hundred random starts, and a count of where they end. The weights are held at one half.

# %% tags=["program"]
import numpy as np

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
dice, k, floor = np.random.default_rng(0), 2, 0.1
ends = []

for _ in range(200):
    mean, std = dice.choice(x, k), dice.uniform(0.1, 4, k)  # a random start
    for _ in range(100):
        # E-step: densities of equally common bells, then responsibilities
        z = (x[:, None] - mean) / std
        density = np.exp(-(z**2) / 2) / (std * np.sqrt(2 * np.pi) * k)
        total = density.sum(axis=1, keepdims=True)
        r = density / total
        # M-step: weighted means and weighted widths, none below the floor
        mean = x @ r / r.sum(axis=0)
        variance = (r * (x[:, None] - mean) ** 2).sum(axis=0) / r.sum(axis=0)
        std = np.sqrt(variance).clip(floor)
    ends.append(np.log(total).sum().round(2))

for height in sorted(set(ends)):
    print(f"{ends.count(height):3} starts end at {height:.2f}")

# %% tags=["hide"]
assert max(ends) == round(top, 2)

# %% [markdown]
# `k` is the number of bells.
#
# <div class="change" markdown>
# **Predict:** let every bell start as wide as all the points together. How many starts go wrong now?
#
# ```diff
# -    mean, std = dice.choice(x, k), dice.uniform(0.1, 4, k)  # a random start
# +    mean, std = dice.choice(x, k), np.full(k, x.std())  # a random start
# ```
#
# <details markdown><summary>See why</summary>
#
# {{ sum(end < max(changed.ends) for end in changed.ends) : d }} in place of {{ sum(end < max(ends) for end in ends) : d }}.
# A wide bell feels all points, so it cannot be caught by a few. The one that failed chose the same point for both
# means, and ended on the saddle.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** use three bells. Are 200 starts still plenty?
#
# ```diff
# -dice, k, floor = np.random.default_rng(0), 2, 0.1
# +dice, k, floor = np.random.default_rng(0), 3, 0.1
# ```
#
# <details markdown><summary>See why</summary>
#
# There are {{ len(set(changed.ends)) : d }} different ends now. The more components, the more ways to go astray, and the
# more starts you need.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** raise the floor under the widths to 0.5. Do the spurious ends go away?
#
# ```diff
# -dice, k, floor = np.random.default_rng(0), 2, 0.1
# +dice, k, floor = np.random.default_rng(0), 2, 0.5
# ```
#
# <details markdown><summary>See why</summary>
#
# Half of them do: {{ sum(end < max(changed.ends) for end in changed.ends) : d }} are left. The others end at the floor, with a
# bell that would be narrower if it could.
#
# </details>
# </div>
#
# ## What to do
#
# **Start often, keep the best, and look at its widths.** The highest end may be a needle, as in
# [exercise 1](#exercises). The [package](index.py#the-same-with-the-package) does it with `em.best_of`.
#
# **Start from a better guess.** Draw centres that lie far apart, and let [k-means](kmeans.py) give each point to one of
# them. One M-step turns that into a start:

# %%
from collections import Counter

import numpy as np
from attrs import evolve

import em
from em.further.starts import kmeans
from em.models import normals
from em.models.normals import Normals

rng = np.random.default_rng(1)
guesses = [
    evolve(normals.m_step(x, kmeans(x, 2, rng)), weights=[0.5, 0.5])
    for _ in range(100)
]
guessed = em.best_of(normals, x, guesses, fixed="weights", tol=1e-4)
heights = [round(end.log_likelihood, 2) for end in guessed.ends]
print(Counter(heights))

# %% tags=["hide"]
em.show(em.best_of)

# %% [markdown]
# Not one goes astray here. On other data some may.
#
# ## What could go wrong
#
# - **All starts agree on a poor end.** Then they were drawn too much alike.
# - **The number of starts is fixed beforehand.** Stop when new starts bring nothing new.
#
# ## Exercises
#
# **1.** Let the mixing weights go, and keep the best of 200 random starts. *Predict*: is it the fit that you want? And with
# a floor of 0.1, or of 0.5?
#
# <details markdown><summary>Solution</summary>

# %%
rng = np.random.default_rng(3)
some = [Normals(rng.choice(x, 2), rng.uniform(0.1, 4, 2)) for _ in range(200)]
ends = []
for options in ({}, {"min_std": 0.1}, {"min_std": 0.5}):
    free = em.best_of(normals, x, some, tol=1e-4, **options).fit
    ends.append(free)
    print(options or "no floor", f"log-likelihood {free.log_likelihood:.4f}")
    print("    means", free.params.means.round(2), end=" ")
    print("stds", free.params.stds.round(3))

# %% [markdown]
# Without a floor the highest of these 200 belongs to a needle on three points that lie close together at
# {{ ends[0].params.means[1] : .2f }}. It is above the sensible fit, {{ ends[2].log_likelihood : .4f }}. A floor of 0.1 forbids
# that needle, but then a narrow bell on four points at the right wins, of width {{ ends[1].params.stds.min() : .2f }}. At 0.5
# the sensible fit wins. Keeping the best is only as good as the question that the likelihood asks.
#
# </details>
#
# **2.** In the program, start both bells at one point and with one width, but B with a width 0.01 larger. *Predict* where it
# ends.
#
# <details markdown><summary>Solution</summary>

# %%
nearly = em.fit(normals, x, Normals([5, 5], [2, 2.01]), fixed="weights")
print("means", nearly.params.means.round(2), "steps", len(nearly.steps) - 1)
print(f"log-likelihood {nearly.log_likelihood:.2f}")

# %% [markdown]
# {{ "On the best fit or its mirror" if nearly.log_likelihood > top - 0.01 else "Not on the best fit" : s }}, after
# {{ len(nearly.steps) - 1 : d }} steps. A saddle holds only those that start exactly on its ridge, but the others leave it
# slowly.
#
# </details>
#
# ## Where to read on
#
# Biernacki, Celeux and Govaert, *Choosing starting values for the EM algorithm for getting the highest likelihood in
# multivariate Gaussian mixture models*, Computational Statistics & Data Analysis 41 (2003),
# [doi 10.1016/S0167-9473(02)00163-9](https://doi.org/10.1016/S0167-9473(02)00163-9).
