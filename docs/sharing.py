# ---
# title: Soft and hard assignment
# order: 14.15
# section: Understand
# question: Why share a point between two groups, when it could be given to one?
# description: >-
#   The forty points again: hard assignment beside EM, on one sample and on a hundred; mixing
#   weights held or free; the estimate with labels; when EM stops; and mclust in R.
# numbers: own
# allow: [10, 6.0, 2.906, "6.820", 88.449, 0.8, 40, 0.95, "4,000"]
# ---

# %% [markdown]
# # Soft and hard assignment
#
# EM shares each point between the bells. Why not give each point wholly to the bell that explains it best?
# This is **hard** assignment, and the figure does it: press **Share out** and **Re-estimate**.

# %% tags=["hide"]
from itertools import pairwise

import numpy as np

import em
from em.figures import normals as draw
from em.figures.assignments import hard_and_soft
from em.figures.live import live
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
soft = em.fit(normals, x, start)
first = soft.steps[0]
winners = np.eye(2)[first.posterior.argmax(axis=1)]
live(
    "bells",
    x=x,
    means=[1.1, 9],
    stds=[2, 1.7],
    mixing="free",
    shares="hard",
    still=hard_and_soft(
        x,
        normals.m_step(x, winners),
        soft.params,
        "Hard assignment and EM, from one guess.",
    ),
    told="The bells of hard assignment are pale and broad, those of EM are thin.",
    caption="Each point goes wholly to the bell that stands higher above it. Choose soft shares under "
    "Options to see what EM does from the same guess.",
)

# %% [markdown]
# **You will be able to** say what is lost by choosing, and what the mixing weights do. **About MINUTES minutes.
# To know first:** [Gaussian mixtures in one dimension](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **Predict:** *press **Play**.* How many iterations does hard assignment take until nothing moves? EM takes
# about seventy.
#
# <details class="right" markdown><summary>Fewer than five</summary>
#
# Yes. As soon as no point changes its bell, the means and the widths stay as they are, and it is over. Shares can
# always change a little more.
#
# </details>
# <details markdown><summary>About as many</summary>
#
# Shares can always change a little more, so EM creeps at the end. A point that is given wholly changes its bell
# or does not.
#
# </details>
# <details markdown><summary>More, because points jump to and fro</summary>
#
# They cannot jump back: hard assignment climbs a score of its own, and there are only so many ways to divide
# forty points.
#
# </details>
# </div>
#
# ## Why share, and not choose?
#
# Hard assignment is fast, but look at the wide bell. From the same guess:


# %%
import numpy as np

from em.models import normals
from em.models.normals import Normals


def hard(x, bells, steps=100):
    for _ in range(steps):
        share, _ = normals.e_step(x, bells)
        winner = np.eye(2)[share.argmax(axis=1)]
        bells = normals.m_step(x, winner)
        bells = Normals(bells.means, bells.stds, [0.5, 0.5])
    return bells


np.random.seed(110)
x = np.concatenate([np.random.normal(3, 0.8, 20), np.random.normal(7, 2, 20)])
start = Normals(means=[1.1, 9], stds=[2, 1.7])
chosen = hard(x, start)
print("hard: means", chosen.means.round(3), "stds", chosen.stds.round(3))

# %% [markdown]
# The mixing weights are held at one half in both, so that only the assignment differs. EM, which shares:

# %%
import em

fit = em.fit(normals, x, start, fixed="weights")
print(
    "soft: means", fit.params.means.round(5), "stds", fit.params.stds.round(5)
)
print(f"log-likelihood {fit.log_likelihood:.5f}, {len(fit.steps) - 1} steps")

# %% [markdown]
# The points were drawn with widths 0.8 and 2. Under hard assignment the wide bell loses its left flank to the
# other, and comes out at {{ chosen.stds[1] : .3f }}, where EM finds {{ fit.params.stds[1] : .3f }}. That is one
# sample. Draw a hundred, and take the median:

# %%
dice = np.random.default_rng(0)
widths = []
for _ in range(100):
    drawn = np.concatenate([dice.normal(3, 0.8, 20), dice.normal(7, 2, 20)])
    shared = em.fit(normals, drawn, start, fixed="weights").params
    widths.append([hard(drawn, start).stds[1], shared.stds[1]])

widths = np.array(widths)
print("median width of B: hard, soft", np.median(widths, axis=0).round(2))
print("hard narrower:", (widths[:, 0] < widths[:, 1]).sum(), "of 100")

# %% [markdown]
# Hard assignment makes B narrower than EM does in nearly all of these samples. With all widths
# equal and going to nothing, it is [k-means](kmeans.py#k-means-is-what-is-left-when-the-bells-shrink).
#
# ## Weights held, or free?
#
# Told that both bells are equally common, EM finds means of {{ fit.params.means[0] : .2f }} and
# {{ fit.params.means[1] : .2f }}. Not told, as in [the program](normals.py#the-program), it finds
# {{ soft.params.means[0] : .2f }} and {{ soft.params.means[1] : .2f }}, and the log-likelihood is higher by
# {{ soft.log_likelihood - fit.log_likelihood : .3f }}. These are answers to two questions, and
# for your own data you nearly always want the second, unless you know how common the groups are.
#
# **In R:** `x <- read.csv("my.csv")[[1]]; library(mclust); fit <- Mclust(x, G = 2, modelNames = "V")`, where V
# lets each bell have its own width. Then `fit$parameters` has the bells, and `fit$z` the responsibilities. On
# the forty points mclust 6.0.0 stops a little earlier than the program, with means 2.906 and 6.820 and
# log-likelihood −88.449.
#
# ## When does it stop?
#
# `em.fit` stops when an iteration changes nothing any more in about the
# eighth digit. This is `tol=1e-8`, and the [reference](api.md) has the whole rule. The figures stop when nothing
# changes in the fifth digit.

# %% tags=["hide"]


def small(before, after):
    """Tell whether the figure would stop here."""
    return all(
        np.abs(b - a).max() <= 1e-5 * np.abs(b).max()
        for a, b in ((before.means, after.means), (before.stds, after.stds))
    )


settled = 1 + [
    small(one.params, next_one.params) for one, next_one in pairwise(fit.steps)
].index(True)

# %% [markdown]
# With the weights held, the figure stops after {{ settled : d }} iterations and `em.fit` after
# {{ len(fit.steps) - 1 : d }}, with the same bells to two decimals. How far a small last step can be from the end
# is [another matter](stopping.py#a-small-step-is-not-a-small-distance).
#
# ## How good is that?
#
# The *labelled estimate* is what the forty points would give if we had seen the colours. The
# *generating values* are those that the points were drawn with.

# %%
red, blue = x[:20], x[20:]
labelled = Normals([red.mean(), blue.mean()], [red.std(), blue.std()])
generating = Normals([3, 7], [0.8, 2])

for name, bells in (
    ("EM, without colours", fit.params),
    ("labelled estimate", labelled),
    ("generating values", generating),
):
    _, log_likelihood = normals.e_step(x, bells)
    print(name)
    print("   means", bells.means.round(5), "stds", bells.stds.round(5))
    print(f"   log-likelihood {log_likelihood:.5f}")

# %% [markdown]
# EM comes close to the labelled estimate without one colour. And its log-likelihood is the
# *highest* of the three, because EM looks for the bells that make the points least surprising, not for those
# that made them.
#
# ## What the colours say in the end

# %%
share = fit.posterior[:, 0]
undecided = (share > 0.05) & (share < 0.95)
wrong = (share > 0.5) != (np.arange(40) < 20)

print(undecided.sum(), "of 40 points lie between 0.05 and 0.95")
print(wrong.sum(), "lean to the other group, x =", x[wrong].round(2))

# %% tags=["hide"]
draw.responsibilities(
    x,
    fit.params,
    f"The end. {undecided.sum()} of the 40 points are still shared: no bell has more than 0.95 "
    "of them.",
)

# %% [markdown]
# At the guess, only {{ ((first.posterior > 0.05) & (first.posterior < 0.95)).all(axis=1).sum() : d }} points were
# shared. EM does not aim at sure responsibilities. It makes the bells fit, and in the end B reaches over the left
# group. Where the bells overlap, a point could come from either, and EM says so. The
# {{ wrong.sum() : d }} that lean to the other group are blue points where red is the more probable, and
# from their place alone nobody could tell.
#
# ## The same in the package
#
# The logarithm of a density, without and with its mixing weight:

# %% tags=["hide"]
em.show(normals.log_density)

# %% tags=["hide"]
em.show(normals.log_joint)

# %% [markdown]
# The E-step, whose `posterior` is Bayes' rule, shown on
# [label switching](labels.py#the-same-in-the-package), and the M-step:

# %% tags=["hide"]
em.show(normals.e_step)

# %% tags=["hide"]
em.show(normals.credited)

# %% tags=["hide"]
em.show(normals.answer)

# %% [markdown]
# ## What could go wrong
#
# - **Hard groups are reported as certain.** A point between two groups gets a label like any other, and nothing
#   says that it was close. Report the responsibilities, too.
# - **A floor of zero.** A hard bell that is given a single point has no width, and the next density divides by 0.
#
# ## Exercises
#
# **1.** *Predict*: does the bias of hard assignment go away with more data? Draw 4,000 points.
#
# <details markdown><summary>Solution</summary>

# %%
many = np.concatenate([dice.normal(3, 0.8, 2000), dice.normal(7, 2, 2000)])
print("hard:", hard(many, start).stds.round(3))
print(
    "soft:", em.fit(normals, many, start, fixed="weights").params.stds.round(3)
)

# %% [markdown]
# No. EM comes nearer to 0.8 and 2, and hard assignment does not. More data make an answer more certain, and a
# wrong one, too.
#
# </details>
#
# **2.** Begin with the means at 5 and 9, and both widths at 2. *Predict*: will hard assignment and EM end where
# they ended before?
#
# <details markdown><summary>Solution</summary>

# %%
elsewhere = Normals(means=[5, 9], stds=[2, 2])
other = em.fit(normals, x, elsewhere, fixed="weights").params
print(
    "hard:", hard(x, elsewhere).means.round(3), "and not", chosen.means.round(3)
)
print("soft:", other.means.round(3), "as before")

# %% [markdown]
# EM does, and hard assignment does not. As soon as no point changes its bell it stands still, and there are
# many ways to divide forty points of which that is true. So hard assignment needs more starts.
#
# </details>
#
# ## Where to read on
#
# [k-means](kmeans.py) is hard assignment with bells of one width. [EM's relatives](relatives.py) has hard EM
# beside its other relatives.
