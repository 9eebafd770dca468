# ---
# title: Overview
# order: 1
# section: Begin
# question: What is Expectation Maximisation?
# description: >-
#   Understand Expectation Maximisation: guess, share out the evidence, re-estimate,
#   repeat. With data to see, code to read and every number computed on the page.
# ---

# %% [markdown]
# # Expectation Maximisation
#
# **At the end of this page you will be able to** say in four sentences what Expectation
# Maximisation (EM) does, recognise it where it goes by another name, and run it on data of
# your own.

# %% tags=["hide"]
from em.figures.hero import hero

hero(
    "Forty points from two groups, and nobody said which is which. Two bells start in the "
    "wrong place and find their groups in twenty steps of EM."
)

# %% [markdown]
# ## EM in four sentences
#
# You want to estimate something, but a part of the data that would make it easy was never
# seen: which coin was flipped, which group a point belongs to, which gene a read came from.
#
# 1. **Guess** the quantities that you want.
# 2. **Share out the evidence:** for each observation, work out how well each hidden
#    possibility explains it under your guess, and split the observation among them in that
#    proportion. This is the *E-step*.
# 3. **Re-estimate** the quantities as if the shares were real data: count, average, divide.
#    This is the *M-step*.
# 4. **Repeat**: the likelihood of the data never falls, and in the end nothing moves any
#    more.
#
# ## Which page answers which question
#
# [[questions]]
#
# ## Run it yourself
#
# One line installs the small package behind this tutorial, together with NumPy, SciPy and
# Matplotlib. It needs Python 3.11 or newer. (Do not install plain `em`: that is somebody
# else's project.)
#
# ```sh
# [[install]]
# ```
#
# Then these lines run as they are:

# %%
import numpy as np

import em
from em.models import normals

rng = np.random.default_rng(7)
x = np.concatenate([rng.normal(3, 0.8, 200), rng.normal(7, 2, 200)])

start = normals.Normals(means=[1, 9], stds=[2, 2])
fit = em.fit(normals, x, start)

print("means", fit.params.means)
print("stds", fit.params.stds)
print("mixing weights", fit.params.weights)
print("first point, shares", fit.posterior[0])

# %% [markdown]
# The points were drawn around 3 and 7, with standard deviations 0.8 and 2, half of them
# from each group. EM was told none of that, and comes close to all of it.
#
# The whole algorithm is one short loop around two short functions.
# [Two coins](coins.py) shows all three.
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
#   deconvolution* sharpens blurred pictures by the same iteration.
# - **Surveys and crowds.** When raters disagree, the *Dawid–Skene* model estimates the true
#   labels and each rater's error rates together.
# - **Missing values.** Regression and covariance with [holes in the table](missing.py), or with
#   lifetimes known only to be longer than the test.
#
# ## What could go wrong
#
# EM promises that the likelihood does not fall and, under mild conditions, that it ends at
# a stationary point. Not more: not the highest peak, not the truth, not that the groups are
# real. Each page shows where it fails and what to do; [one](pitfalls.py) is about nothing else.
#
# ## Exercises
#
# **1.** Nothing in the loop says how many groups there are. Fit a single bell to the same
# points. What are its mean and its standard deviation, and how many steps does it take?
#
# <details markdown><summary>Solution</summary>

# %%
one = em.fit(normals, x, normals.Normals(means=[0], stds=[1]))
print(one.params.means, one.params.stds, f"after {len(one.steps) - 1} steps")
print(x.mean(), x.std())
print(f"one bell:  {one.log_likelihood:.3f}")
print(f"two bells: {fit.log_likelihood:.3f}")

# %% [markdown]
# With one bell nothing is hidden: it owns every point. The first step gives the plain mean
# and standard deviation of the data, and the second finds nothing to change.
#
# </details>
#
# **2.** What becomes of the answer if you swap the two means in the start?
#
# <details markdown><summary>Solution</summary>

# %%
swapped = em.fit(normals, x, normals.Normals(means=[9, 1], stds=[2, 2]))
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
