# ---
# title: When to stop sharpening
# order: 42.1
# section: Use
# question: When does sharpening turn into inventing, and what can I do about it?
# description: >-
#   Why the maximum of the likelihood is not the best picture: ill-posed problems, photons held
#   back to choose the number of Richardson–Lucy steps, and a gamma prior.
# numbers: own
# allow: [10, 15, 11, 16, 20, 50, 0.02, 0.2, 300, 500, 1977]
# ---

# %% [markdown]
# # When to stop sharpening
#
# [Richardson–Lucy](deblur.py) raises the log-likelihood at each step, and yet from some step on the
# picture gets worse. When should you stop, and can you avoid having to?

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import deblur as draw
from em.models import deconvolution
from em.models.deconvolution import Photograph, Scene

plate = 300 * draw.plate()
lens = np.exp(-(np.arange(-4, 5) ** 2) / (2 * 1.2**2))
shutter = np.abs(np.arange(-10, 11)) <= 7
psf = np.outer(lens, np.convolve(shutter, lens, mode="same"))
psf /= psf.sum()
rng = np.random.default_rng(1977)
photo, _ = deconvolution.sample(Scene(plate), psf, rng)
grey = photo.counts.sum() / photo.seen.sum()
start = Scene(np.full(plate.shape, grey))
steps = list(islice(em.run(deconvolution, photo, start), 501))
distance = np.array(
    [np.sqrt(np.mean((step.params.light - plate) ** 2)) for step in steps]
)
best = int(distance.argmin())
_, of_truth = deconvolution.e_step(photo, Scene(plate))
half = rng.binomial(photo.counts.astype(int), 0.5)
kept, other = Photograph(half, psf), Photograph(photo.counts - half, psf)
path = islice(em.run(deconvolution, kept, Scene(start.light / 2)), 201)
held_out = [deconvolution.e_step(other, step.params)[1] for step in path]
stop = int(np.argmax(held_out))
draw.going_too_far(
    distance[1:],
    held_out[1:],
    "Left: how far the picture is from the true plate, in photons a pixel. Right: how well the "
    "light that was found from half of the photons explains the other half. Both turn.",
)

# %% [markdown]
# **You will be able to** choose the number of steps, or a prior in its place. **About MINUTES
# minutes. To know first:** [deblurring](deblur.py).
#
# ## The plate in the package

# %%
from itertools import islice

import numpy as np

import em
from em.models import deconvolution
from em.models.deconvolution import Photograph, Scene

art = """
####  #   #         #    ###  ##### #####
#     ## ##        ##   #   #     #     #
#     # # #         #   #   #    #     #
###   # # #         #    ####   #     #
#     #   #         #       #  #     #
#     #   #         #      #   #     #
####  #   #        ###   ##    #     #
"""
letters = [row.ljust(41) for row in art.strip("\n").split("\n")]
ink = np.pad([[letter == "#" for letter in row] for row in letters], 3)
plate = 300 * (1 - 0.9 * np.kron(ink, np.ones((3, 3))))

lens = np.exp(-(np.arange(-4, 5) ** 2) / (2 * 1.2**2))
shutter = np.abs(np.arange(-10, 11)) <= 7
psf = np.outer(lens, np.convolve(shutter, lens, mode="same"))
psf /= psf.sum()

rng = np.random.default_rng(1977)
photo, came_from = deconvolution.sample(Scene(plate), psf, rng)
grey = photo.counts.sum() / photo.seen.sum()
start = Scene(np.full(plate.shape, grey))
steps = list(islice(em.run(deconvolution, photo, start), 501))
for number in (0, 1, 20, 50, 500):
    print(f"step {number:3}  {steps[number].log_likelihood:.1f}")

# %% tags=["hide"]
for step in steps[1:]:
    light = step.params.light
    assert light.min() >= 0
    np.testing.assert_allclose((photo.seen * light).sum(), photo.counts.sum())
np.testing.assert_allclose(plate, 300 * draw.plate(), rtol=1e-12)

# %% [markdown]
# Where the frame cuts nothing off, each step is the same as that of `richardson_lucy` in
# scikit-image with `clip=False`.

# %% tags=["hide"]
em.show(deconvolution.blurred)

# %% tags=["hide"]
em.show(deconvolution.e_step)

# %% tags=["hide"]
em.show(deconvolution.credited)

# %% tags=["hide"]
em.show(deconvolution.answer)

# %% [markdown]
# ## Why the maximum is not the best picture
#
# The true plate has a log-likelihood, too: {{ of_truth : .0f }}. EM passes it at step
# {{ int(np.argmax([s.log_likelihood > of_truth for s in steps])) : d }} and is at
# {{ steps[500].log_likelihood : .0f }} after 500 steps, still climbing. From there on every picture
# explains the photograph *better than the truth does*. How can that be?
#
# Each count is off its mean by chance, by about {{ np.sqrt(300) : .0f }} where the mean is 300. The
# true plate leaves that unexplained, as it should. But a picture has as many free numbers as the
# photograph has counts. Alternating bright and dark pixels nearly cancel in the blur, so strong
# speckles in the picture can explain weak noise in the photograph. In large shapes EM soon has what
# the photograph tells; the speckles come slowly, step by step, and the maximum has all of them.
# Such problems, in which small errors of the data make large ones in the answer, are called
# **ill-posed**.
#
# So the steps along the way are better pictures than the end. That is a warning about maximum
# likelihood, not about EM: any other optimiser would end in the same speckles.
#
# ## Where to stop
#
# Without the true plate nobody can draw the left curve above. But photons can be held back. Throw a
# coin for each: heads, and it goes into one photograph; tails, into another. These are two
# photographs of half the light, and, because counts are Poisson, they are independent of each
# other. Sharpen one of them, and ask after each step how well the light explains the *other*.

# %%
half = rng.binomial(photo.counts.astype(int), 0.5)
kept = Photograph(half, psf)
other = Photograph(photo.counts - half, psf)

path = islice(em.run(deconvolution, kept, Scene(start.light / 2)), 201)
held_out = [deconvolution.e_step(other, step.params)[1] for step in path]
print("best for the other half: step", int(np.argmax(held_out)))

# %% tags=["hide"]
stop = int(np.argmax(held_out))
distance = np.array(
    [np.sqrt(np.mean((step.params.light - plate) ** 2)) for step in steps]
)

# %% [markdown]
# The other half says step {{ stop : d }}, and the true plate says step {{ best : d }}. The picture
# is off by {{ distance[stop] : .1f }} photons a pixel at the one, and by {{ distance[best] : .1f }}
# at the other. So close an agreement is partly luck: the halves have half of the light, so they
# tend to say a little too early. Stopping early is a choice. Report at which step you stopped, and
# why.
#
# ## A prior that helps
#
# Instead of stopping early, say beforehand what you think of a plate: *most of it is grey*. Imagine
# that you had also seen, through no blur at all, a faint photograph of an evenly grey plate, with
# 0.02 times the light of this one. Its photons are added where the M-step counts:
#
# $$ \lambda_j \leftarrow \frac{n_j + 0.02 \, g}{s_j + 0.02} , $$
#
# with $g$ the mean grey. In the words of Bayes, this is a **gamma prior** on each $\lambda_j$. What
# climbs is the log-likelihood plus the logarithm of the prior, and the end is the **maximum a
# posteriori** (MAP) picture. Two functions are enough for `em.fit`:

# %%
from types import SimpleNamespace

weight = 0.02


def e_step(photo, scene):
    came, log_likelihood = deconvolution.e_step(photo, scene)
    log_prior = weight * (grey * np.log(scene.light) - scene.light).sum()
    return came, log_likelihood + log_prior


def m_step(photo, came):
    return Scene((came + weight * grey) / (photo.seen + weight))


with_prior = SimpleNamespace(
    e_step=e_step, m_step=m_step, check=deconvolution.check
)
found = em.fit(with_prior, photo, start, tol=1e-4)
print("converged:", found.converged, "after", len(found.steps) - 1, "steps")

# %% tags=["hide"]
draw.side_by_side(
    {
        "the true plate": plate,
        f"step {best}, the nearest": steps[best].params.light,
        "step 500": steps[500].params.light,
        "with a prior": found.params.light,
    },
    380,
    "Stopped in time, gone too far, and run to the end with a prior. Step 500 is not the end "
    "yet.",
)

# %% [markdown]
# The result is off by {{ np.sqrt(np.mean((found.params.light - plate) ** 2)) : .1f }} photons a
# pixel, where the best step was off by {{ distance[best] : .1f }} and step 500 by
# {{ distance[500] : .1f }}. The choice has not gone away: it has moved from the number of steps to
# the weight of the prior. But now the answer is a peak, the only one, which depends on neither the
# start nor your patience. Priors that know more (neighbours are alike, edges are sharp) give better
# pictures, and longer M-steps.
#
# ## What could go wrong
#
# - **A start of 0.** What is multiplied stays 0 for ever. A start that makes counted photons
#   impossible is refused:

# %%
dark = plate.copy()
dark[:, :60] = 0
try:
    em.fit(deconvolution, photo, Scene(dark))
except ValueError as error:
    print(error)

# %% [markdown]
# - **A background** that cannot be subtracted belongs in the model, as light of its own.
# - **Reading what is not there.** Where two characters give nearly the same blur, no number of
#   steps can tell them apart, and sharp edges look more certain than they are.
#
# ## Exercises
#
# **1.** *Predict:* with the shutter open ten times as long (ten times the photons, the same blur),
# will the best step come earlier or later?
#
# <details markdown><summary>Solution</summary>

# %%
bright = Scene(10 * plate)
longer, _ = deconvolution.sample(bright, psf, np.random.default_rng(2))
path = islice(em.run(deconvolution, longer, Scene(10 * start.light)), 401)
off_by = [np.sqrt(np.mean((s.params.light / 10 - plate) ** 2)) for s in path]
print(f"best: step {np.argmin(off_by)}, off by {min(off_by):.1f}")

# %% [markdown]
# Later, and it is better. The noise is smaller beside the light, so more of what the later steps
# bring out is plate and less of it is noise.
#
# </details>
#
# **2.** Tell the program that the car moved 11 pixels, where it moved 15. *Predict:* will the
# log-likelihood warn you?
#
# <details markdown><summary>Solution</summary>

# %%
short = np.abs(np.arange(-10, 11)) <= 5
wrong = np.outer(lens, np.convolve(short, lens, mode="same"))
mistaken = Photograph(photo.counts, wrong / wrong.sum())
path = list(islice(em.run(deconvolution, mistaken, start), 51))
print(f"wrong blur: {path[50].log_likelihood:.0f}")
print(f"right blur: {steps[50].log_likelihood:.0f}")

# %% [markdown]
# By itself that number does not tell you that something is wrong. But it is lower than with the
# right blur after as many steps. So several blurs can be tried and compared, on photons held back.
#
# </details>
#
# ## Where to read on
#
# A mixture whose M-step counts in the same way: [reads to transcripts](transcripts.py), where a
# read is a photon and a transcript a place. More priors: [priors and known labels](priors.py).
