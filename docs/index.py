# ---
# title: Overview
# order: 1
# section: Begin
# question: What is Expectation Maximisation?
# description: >-
#   Expectation Maximisation under your finger: guess, share out the evidence, re-estimate,
#   repeat. Then fifteen lines of NumPy, what it promises, where it fails, and where it works.
# numbers: own
# allow: [0.8, 3.11]
# ---

# %% [markdown]
# # Expectation Maximisation, until it clicks
#
# Forty points come from two groups, and nobody wrote down which. Find the groups: drag a
# bell to guess, then **share out** and **re-estimate**, again and again.

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
twenty = em.fit(normals, points, guess, fixed="weights", tol=1e-6)
live(
    "bells",
    x=points,
    means=[1.1, 9],
    stds=[2, 1.7],
    autoplay="once",
    still=draw.frames(points, [twenty.steps[0], twenty.steps[20]]),
    told="The guess, and after twenty steps.",
    caption="Share out colours each point by how well each bell explains it. Re-estimate moves "
    "each bell onto the points that it was given.",
)

# %% [markdown]
# ## EM in four sentences
#
# You want to estimate something, but what would make it easy was never seen: which group a
# point belongs to, which coin was flipped, which transcript a read came from.
#
# 1. **Guess** the quantities that you want.
# 2. **Share out** each observation among the hidden possibilities, in proportion to how well
#    each explains it under your guess *and* to how common it is: the **E-step**.
# 3. **Re-estimate** the quantities as if the shares were real data, by counting and
#    averaging: the **M-step**.
# 4. **Repeat**: the likelihood of the data never falls, and in the end, under some
#    conditions, you stand on a stationary point of it, usually a peak.
#
# ## Three ways in
#
# - **Ten minutes.** Play with the figure above, then read [two coins](coins.py) as far as its
#   program, then [two groups of points](normals.py). You can do one step of EM by hand then.
# - **An afternoon.** Go on with [what is being climbed](surface.py),
#   [why it never goes down](why.py), [how it goes wrong](pitfalls.py) and
#   [how sure, how fast](certainty.py), and do the exercises.
# - **"I have a problem."** [Write your own](recipe.py) turns it into EM in five questions, with a
#   table of ready models; `em.examine` checks what right steps must pass.
#
# A question in your own words? [Questions](questions.md), with a line and a link each.
#
# ## The program
#
# The same two steps on ten times as many points, to be pasted into an empty Python that has
# NumPy. Here the bells' shares of all points, held in the figure, are estimated as well, so the
# numbers are others than above:

# %% tags=["program"]
import numpy as np

rng = np.random.default_rng(7)
x = np.concatenate([rng.normal(3, 0.8, 200), rng.normal(7, 2, 200)])
mean, sd, weight = np.array([1.0, 9]), np.array([2.0, 2]), np.array([0.5, 0.5])

for _ in range(50):
    # E-step: how well each bell explains each point, times how common it is
    joint = weight * np.exp(-(((x[:, None] - mean) / sd) ** 2) / 2) / sd
    share = joint / joint.sum(axis=1, keepdims=True)
    # M-step: weighted means, weighted widths, and the bells' shares of all
    size = share.sum(axis=0)
    mean = x @ share / size
    sd = np.sqrt((share * (x[:, None] - mean) ** 2).sum(axis=0) / size)
    weight = size / size.sum()

print("means", mean.round(3), "sds", sd.round(3), "weights", weight.round(3))

# %% tags=["hide"]
start = Normals(means=[1, 9], stds=[2, 2])
fifty = em.fit(normals, x, start, until=lambda steps: len(steps) > 50)
for ours, theirs in ((fifty.params.means, mean), (fifty.params.stds, sd)):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)

# %% [markdown]
# The points were drawn around 3 and 7, with standard deviations 0.8 and 2, half of them from
# each group. EM was told that there are two groups and that they are bells, and where to
# begin; not which point belongs where, nor any of these numbers.
#
# ## The same with the package
#
# One line installs the small package behind this tutorial (Python 3.11 or newer; plain `em`
# is somebody else's project):
#
# ```sh
# [[install]]
# ```

# %%
import em
from em.models import normals
from em.models.normals import Normals

fit = em.fit(normals, x, Normals(means=[1, 9], stds=[2, 2]))
print(fit.params)
print("shares of the first point:", fit.posterior[0].round(4))

# %% [markdown]
# ## Everything here
#
# [[questions]]
#
# ## Who it is for
#
# For the student at the first mixture model, the engineer who needs an M-step today, the
# biologist who runs kallisto and wonders what it does, the lecturer who looks for a page to
# link. You should know what a mean, a standard deviation and a probability are, and read a
# little Python; calculus helps on two pages. Every figure and every number is computed anew
# when the site is built, but for timings and quoted results, which are marked; the code you see is
# the code that ran, and each page can be
# downloaded as a notebook.
#
# ## Where it is used, under other names
#
# - **Genetics.** *Gene counting* estimates allele frequencies from
#   [blood groups](recipe.py); haplotype frequencies are estimated the same way.
# - **Bioinformatics.** [Programs such as kallisto](transcripts.py) share out millions of
#   sequencing reads among the transcripts they may have come from. MEME finds sequence motifs.
# - **Speech and time series.** The *Baum–Welch algorithm*, which trains
#   [hidden Markov models](counts.py), is EM.
# - **Finance.** Markets switch between calm and turbulent regimes that nobody announces.
#   *Regime-switching models* and mixtures of normals for returns are fitted by EM.
# - **Imaging.** *ML-EM* reconstructs PET scans; in astronomy, *Richardson–Lucy
#   deconvolution* [sharpens blurred pictures](deblur.py) by the same iteration.
# - **Surveys and crowds.** [When raters disagree](raters.py), the *Dawid–Skene* model estimates the
#   true labels and each rater's error rates together.
# - **Missing values.** Regression and covariance with [holes in the table](missing.py), or with
#   lifetimes known only to be [longer than the test](censored.py).
#
# ## What could go wrong
#
# EM promises that the likelihood does not fall and, under conditions, that it ends at a
# stationary point. Not more: not the highest peak, not the truth, not that the groups are
# real. Each page shows where it fails and what to do; [one](pitfalls.py) is about nothing else.
#
# ## Exercises
#
# **1.** Nothing in the loop says how many groups there are. Fit a single bell to the same
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
# **2.** *Predict* what becomes of the answer if you swap the two means in the start.
#
# <details markdown><summary>Solution</summary>

# %%
swapped = em.fit(normals, x, Normals(means=[9, 1], stds=[2, 2]))
print(swapped.params.means, f"{swapped.log_likelihood:.3f}")

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
