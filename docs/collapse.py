# ---
# title: Collapse (singular covariance)
# order: 12.2
# section: Understand
# question: A component shrank to nothing, or my covariance is singular. What now?
# description: >-
#   Why a component of a Gaussian mixture collapses onto a point, why the likelihood then has no
#   limit, and what a floor or a prior does about it.
# numbers: own
# allow: [4, 27, 10, 0.1, 0.5, 4.51, 83, 1956, 40, 0.25]
# ---

# %% [markdown]
# # Collapse (singular covariance)
#
# A bell becomes so narrow that it feels a single point. Its weighted mean is that point, its width goes to 0, and its
# density there goes to infinity. So does the likelihood. In the plane the same happens to an ellipse, and programs
# speak of a **singular covariance matrix**.

# %% tags=["hide"]
import numpy as np

import em
from em.figures import pitfalls as draw
from em.figures.stepper import stepper
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])
point = x[np.abs(x - 4.51).argmin()]
narrow = Normals([point, 3], [0.1125, 3])
watched = []
try:
    for step in em.run(normals, x, narrow, fixed="weights"):
        watched.append(step)
except em.CollapsedError as error:
    collapsed = error
stepper(
    draw.collapse(x, watched, point),
    [
        f"Step {number}: A has mean {step.params.means[0]:.4f} and std {step.params.stds[0]:.3g}; "
        f"log-likelihood −{-step.log_likelihood:.3f}"
        for number, step in enumerate(watched)
    ],
    "A collapse, step by step. In the last frame the bell is a needle, about a million times as high as the picture. "
    "The next step would give it no width at all.",
)

# %% [markdown]
# **You will be able to** explain a collapse, and prevent it. **About MINUTES minutes. To know first:** [two
# bells](normals.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** while the bell shrinks, what does the log-likelihood do? *Press **Next**, and read it.*
#
# <details class="right" markdown><summary>It rises, at every step</summary>
#
# Yes. No step is wrong. The likelihood of a mixture of normals has no highest value, because a bell on a single point may
# be as narrow, and so as high, as it likes.
#
# </details>
# <details markdown><summary>It falls, because the fit is bad</summary>
#
# The fit is useless, but EM asks for likelihood alone, and a needle has plenty.
#
# </details>
# </div>
#
# ## A bell collapses
#
# The [package](index.py#the-same-with-the-package) stops with a `CollapsedError`:

# %%
import numpy as np

import em
from em.models import normals
from em.models.normals import Normals

np.random.seed(110)
red = np.random.normal(3, 0.8, 20)
blue = np.random.normal(7, 2, 20)
x = np.concatenate([red, blue])
point = x[np.abs(x - 4.51).argmin()]
narrow = Normals([point, 3], [0.1125, 3])

watched = []
try:
    for step in em.run(normals, x, narrow, fixed="weights"):
        watched.append(step)
        print(
            f"{len(watched) - 1}  mean {step.params.means[0]:.4f}"
            f"  std {step.params.stds[0]:8.2e}"
            f"  {step.log_likelihood:9.3f}"
        )
except em.CollapsedError as error:
    print(error)

# %% [markdown]
# How high does the likelihood go? As high as you like. Put a bell on the point, let the other explain the rest, and make it
# narrower:

# %%
rest = np.delete(x, np.abs(x - point).argmin())
print("std of A  log-likelihood")
for std in (1e-1, 1e-5, 1e-10, 1e-20, 1e-40, 1e-80):
    needle = Normals([point, rest.mean()], [std, rest.std()])
    _, height = normals.e_step(x, needle)
    print(f"{std:8.0e}  {height:14.3f}")

# %% [markdown]
# What we call the best fit of these points is the best peak that is not a needle. What counts as a needle is for you to
# say.
#
# ## A floor that binds
#
# A **floor** under the widths prevents the error. Choose it from what you know: how finely did you measure, and how narrow
# could a group be?

# %%
kept = em.fit(normals, x, narrow, fixed="weights", min_std=0.1)
print(kept.params.means.round(4), kept.params.stds.round(4))
print(f"log-likelihood {kept.log_likelihood:.4f}")

# %% tags=["hide"]
assert kept.params.stds[0] == 0.1  # it binds: the next sentence says so
wider = Normals(narrow.means, [0.5, 3])
found = em.fit(normals, x, wider, fixed="weights", min_std=0.1)
assert found.params.stds.min() > 0.1
assert found.log_likelihood > -88.46

# %% [markdown]
# The floor **binds**: A is exactly as narrow as it may be, and stays on its point. Take that as a message. Without the
# floor the bell would be narrower, and perhaps would have collapsed, as here. So look for it with
# `(fit.params.stds == min_std).any()`, and start from somewhere else as well. From a wider start at the same place, 0.5, A
# feels its neighbours and ends with a width of {{ found.params.stds[0] : .2f }}.
#
# A [prior](priors.py) does the same more gently: a few imagined points keep every bell wide.
#
# ## What could go wrong
#
# - **A floor is taken for an answer.** A fit at the floor says how low the floor is.
# - **Equal values in the data.** If many values are rounded to the same number, a bell can sit on all of them, as on the
#   waits of exactly [83 minutes](howmany.py#exercises).
# - **Too many components.** With more groups than the data can feed, some collapse. Use fewer, or a plainer
#   [shape](groups.py#four-shapes).
#
# ## Exercises
#
# **1.** Start A on the same point with widths of 0.1, 0.25 and 0.5. *Predict* which of the three collapse.
#
# <details markdown><summary>Solution</summary>

# %%
for width in (0.1, 0.25, 0.5):
    try:
        fit = em.fit(
            normals, x, Normals([point, 3], [width, 3]), fixed="weights"
        )
        print(
            width,
            "ends at",
            fit.params.means.round(2),
            fit.params.stds.round(2),
        )
    except em.CollapsedError as error:
        print(width, "collapses at step", error.step)

# %% [markdown]
# Only the narrowest. The others reach far enough to be given some of their neighbours.
#
# </details>
#
# **2.** Hold both widths equal with `equal_stds=True`, and start from the same needle. *Predict*: can it still collapse?
#
# <details markdown><summary>Solution</summary>

# %%
tied = em.fit(normals, x, narrow, fixed="weights", equal_stds=True)
print(tied.params.means.round(2), tied.params.stds.round(2))

# %% [markdown]
# No. One width for both must be wide enough for all points, so the likelihood has a highest value.
#
# </details>
#
# ## Where to read on
#
# Kiefer and Wolfowitz, *Consistency of the Maximum Likelihood Estimator in the Presence of Infinitely Many Incidental
# Parameters*, Annals of Mathematical Statistics 27 (1956), already have the needle. What else a fit can do to you is in
# [What goes wrong](pitfalls.py).
