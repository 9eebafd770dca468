# ---
# title: A blurred number plate
# order: 42
# section: Use
# question: What does the number plate say, and when does sharpening turn into inventing?
# description: >-
#   Deblurring by Expectation Maximisation: Richardson–Lucy on a plate that moved, by hand on
#   three pixels, in fifteen lines, and why the best-fitting picture is not the best one.
# numbers: own
# allow: [11, 16, 20, 50, 1972, 1974, 1982, 1977, 300, 500, 15, 0.02, 0.2, 55, 59, 62, 79, 745, 754, 113, 122]
# ---

# %% [markdown]
# # What does the number plate say?
#
# A car passes while the shutter is open, and the lens is not quite sharp either. How far the
# plate moved is known. What stands on it is not. Step on, and read it.

# %% tags=["hide"]
from itertools import islice

import numpy as np

import em
from em.figures import deblur as draw
from em.figures.stepper import stepper
from em.models import deconvolution
from em.models.deconvolution import Photograph, Scene


def spread(rows, columns):
    lens = np.exp(-(np.arange(-rows, rows + 1) ** 2) / 2.88)
    shutter = np.abs(np.arange(-columns, columns + 1)) <= 7
    along = np.convolve(shutter, lens, mode="same")
    psf = np.outer(lens, along)
    return psf / psf.sum()


plate = 300 * draw.plate()
psf = spread(4, 10)
photo, _ = deconvolution.sample(Scene(plate), psf, np.random.default_rng(1977))
grey = photo.counts.sum() / photo.seen.sum()
start = Scene(np.full(plate.shape, grey))
steps = list(islice(em.run(deconvolution, photo, start), 501))


def off(light):
    return np.sqrt(np.mean((light - plate) ** 2))


distance = np.array([off(step.params.light) for step in steps])
best = int(distance.argmin())
_, of_truth = deconvolution.e_step(photo, Scene(plate))
SHOWN = (1, 2, 5, 10, 20, 50, 100, 500)
stepper(
    draw.sharpening(
        photo.counts,
        {n: steps[n].params.light for n in SHOWN},
        380,
        "A number plate, sharpened.",
    ),
    [
        f"Step 0: the photograph, {photo.counts.sum():,.0f} photons. The guess: grey "
        f"everywhere; log-likelihood −{-steps[0].log_likelihood:,.0f}"
    ]
    + [
        f"Step {n}: log-likelihood −{-steps[n].log_likelihood:,.0f}; off the true plate by "
        f"{distance[n]:.1f} photons a pixel"
        for n in SHOWN
    ],
    "Can you read it, and at which step? Then go on to the last one. (Each step is an E-step "
    "and an M-step.)",
)

# %% [markdown]
# ## Try it
#
# **1. Predict:** after how many steps can the last three characters be read? *Press **Next**
# until you can.*
#
# <details markdown><summary>See why</summary>
#
# Try the steps 20 and 50: EM 1977. Nobody told the program what letters look
# like. All it knows is how the camera spreads each point of light.
#
# </details>
#
# **2. Predict:** the log-likelihood never falls. So will the picture be better still after 500
# steps? *Go to the last frame.*
#
# <details markdown><summary>See why</summary>
#
# No. The log-likelihood went on rising, and the letters have sharper edges, but the picture
# got worse: off the true plate by
# {{ distance[best] : .1f }} photons a pixel (the root of the mean square) at step {{ best : d }},
# the best one, and by
# {{ distance[500] : .1f }} at step 500. The speckles explain the *noise* of this one
# photograph. [Why the maximum is not the best picture](#why-the-maximum-is-not-the-best-picture)
# says more.
#
# </details>
#
# **3. Predict:** how many photons are there in the picture after one step, and after 500? Will
# any pixel be negative? *Then see why.*
#
# <details markdown><summary>See why</summary>
#
# No pixel is ever negative: each step multiplies the light by something that is not. And each
# step leaves as many photons as were counted, {{ photo.counts.sum() : .0f }}, once those that
# fall beside the frame are allowed for. EM only moves them to where they may have come from.
#
# </details>
#
# ## What is hidden
#
# Light arrives in **photons**, one by one. The camera counts, for each pixel, how many came.
# But a photon that lands in a pixel did not have to come from the place that belongs to it: the
# blur may have carried it there from a place beside. *From which place each photon came* is the
# **latent variable**. If we knew it, we would count photons by place, and have a sharp picture.
#
# How far the blur carries photons is known here. It is a small picture of its own, the **point
# spread function** (PSF): what the camera makes of a single point of light.
#
# | role | here |
# | --- | --- |
# | data | $y_i$, the photons counted in pixel $i$ |
# | hidden | from which place $j$ each of them came |
# | parameters | $\lambda_j$, the mean number of photons that place $j$ sends |
# | known | $p_{ij}$, the probability that a photon from place $j$ lands in pixel $i$ |
#
# The number of photons that place $j$ sends to pixel $i$ is **Poisson** distributed, with mean
# $\lambda_j \, p_{ij}$. So pixel $i$ counts a Poisson number too, with mean
# $\sum_j \lambda_j \, p_{ij}$.
#
# ## By hand, on three pixels
#
# Three pixels in a line. A photon stays where it belongs with probability ½, and goes one pixel
# to the left or to the right with probability ¼ each. The counts are 3, 8, 3. The guess: each
# place sends 4.
#
# **Expect.** Pixel 1 gets half of the 4 from place 1, and a quarter of the 4 from place 2:
# 2 + 1 = 3. Pixel 2 gets 1 + 2 + 1 = 4. Pixel 3 gets 3, as pixel 1 does.
#
# **Share out (E-step).** Pixel 2 counted 8. By the guess, of each four photons in it one comes
# from place 1, two from place 2, and one from place 3. So the 8 are shared out as 2, 4, 2. Of the
# 3 photons in pixel 1, 2 come from place 1 and 1 from place 2, and so at the other end:
#
# | came from | pixel 1 | pixel 2 | pixel 3 | together |
# | --- | --- | --- | --- | --- |
# | place 1 | 2 | 2 | 0 | 4 |
# | place 2 | 1 | 4 | 1 | 6 |
# | place 3 | 0 | 2 | 2 | 4 |
#
# **Re-estimate (M-step).** Count by place: 4, 6, 4. One more thing: a quarter of what place 1
# sends falls beside the frame, and was never counted. It was seen to have sent 4, which are three
# quarters of what it sends: $4 / ¾$. The new light is

# %%
import numpy as np

came = np.array([4, 6, 4])
seen = np.array([3 / 4, 1, 3 / 4])
print((came / seen).round(3))

# %% tags=["hide"]
three = Photograph([3, 8, 3], [0.25, 0.5, 0.25])
by_hand, _ = deconvolution.e_step(three, Scene([4, 4, 4]))
np.testing.assert_allclose(by_hand, came, rtol=1e-12)
np.testing.assert_allclose(three.seen, seen, rtol=1e-12)
np.testing.assert_allclose(
    deconvolution.m_step(three, by_hand).light, came / seen, rtol=1e-12
)

# %% [markdown]
# In formulas, the photons that place $j$ is credited with are
#
# $$ n_j = \sum_i y_i \, \frac{\lambda_j \, p_{ij}}{\sum_l \lambda_l \, p_{il}}
#        = \lambda_j \sum_i \frac{y_i}{\sum_l \lambda_l \, p_{il}} \, p_{ij} , $$
#
# and the new $\lambda_j$ is $n_j / s_j$, where $s_j = \sum_i p_{ij}$ is the probability to be
# seen. The fraction is Bayes' rule, as for [two coins](coins.py). In the second form: see in which
# pixels more was counted than expected, carry that back through the blur, and multiply.
#
# ## The program
#
# Sums over all places would take long: the plate's
# {{ plate.size : d }} pixels have {{ plate.size**2 / 1e6 : .0f }} million pairs. But $p_{ij}$ depends
# only on how far $i$ is from $j$. So both sums are **convolutions**, and the fast Fourier
# transform of SciPy does them at once.

# %% tags=["program"]
import numpy as np
from scipy.signal import fftconvolve

psf = np.outer([1, 2, 1], [1, 2, 3, 4, 5]) / 60  # a blur that leans to one side
plate = np.full((20, 40), 300.0)
plate[5:15, 6:34:4] = 30  # seven strokes of ink
means = fftconvolve(plate, psf, mode="same")
counts = np.random.default_rng(1).poisson(means)

back = psf[::-1, ::-1]  # from a pixel to the places that its photons came from
seen = fftconvolve(np.ones(counts.shape), back, mode="same")
light = np.full(counts.shape, counts.mean())
for _ in range(50):
    # E-step: how many photons came from each place?
    expected = fftconvolve(light, psf, mode="same")
    came = light * fftconvolve(counts / expected, back, mode="same")
    # M-step: that many were seen of those which the place sends.
    light = came / seen
print("ink and paper:", light[10, 18].round(), light[10, 20].round())

# %% tags=["hide"]
small = Photograph(counts, psf)
own = list(
    islice(
        em.run(
            deconvolution, small, Scene(np.full(counts.shape, counts.mean()))
        ),
        51,
    )
)[-1]
np.testing.assert_allclose(light, own.params.light, rtol=1e-9)

# %% [markdown]
# William Richardson (1972) and Leon Lucy (1974) found this rule, the one for photographs, the
# other for spectra and pictures of the sky, and neither called it EM: it had no name yet.
# Shepp and Vardi (1982) met it again in medicine, where a scanner counts pairs of photons and asks
# where in the body they began. They saw that it is EM, and so that the likelihood never falls.
#
# ## The same in the package

# %% tags=["hide"]
em.show(deconvolution.blurred)

# %% tags=["hide"]
em.show(deconvolution.e_step)

# %% tags=["hide"]
em.show(deconvolution.credited)

# %% tags=["hide"]
em.show(deconvolution.answer)

# %% [markdown]
# Here is the plate of the figure: drawn, spread along 15 pixels and by the lens, and counted.

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
np.testing.assert_array_equal(
    distance, [off(step.params.light) for step in steps]
)

# %% [markdown]
# `counts` may be a line, a picture or a volume. Where the frame cuts nothing off, each step is the
# same as that of `richardson_lucy` in scikit-image with `clip=False`. (Near the frame they differ:
# ours divides by
# the probability to be seen.)
#
# ## Why the maximum is not the best picture
#
# The true plate has a log-likelihood, too: {{ of_truth : .0f }}. EM passes it at step
# {{ int(np.argmax([s.log_likelihood > of_truth for s in steps])) : d }} and is at
# {{ steps[500].log_likelihood : .0f }} after 500 steps, still climbing. Every picture from there on
# explains the photograph *better than the truth does*. How can that be?
#
# Each count is off its mean by chance: by about {{ np.sqrt(300) : .0f }} where the
# mean is 300. The true plate leaves
# that unexplained, as it should. But a picture has as many free numbers as the photograph has
# counts. Alternating bright and dark pixels nearly cancel in the blur, so it costs little to put
# strong speckles into the picture that explain weak noise in the photograph. In large shapes EM
# soon has what the photograph tells; the speckles come slowly, step by step. The maximum of
# the likelihood has all of them. Such problems, in which small errors of the data make large ones
# in the answer, are called **ill-posed**.
#
# So the steps along the way are better pictures than the end. That is a warning about maximum
# likelihood, not about EM: another optimiser would end in the same speckles.
#
# ## Where to stop
#
# Without the true plate nobody can draw the first curve below. But photons can be held back. Throw
# a coin for each: heads, it goes into one photograph, tails, into another. Two photographs of half
# the light, and (this is special to the Poisson distribution) independent of each other. Sharpen
# one of them, and ask after each step how well the light explains the *other*.

# %%
half = rng.binomial(photo.counts.astype(int), 0.5)
kept = Photograph(half, psf)
other = Photograph(photo.counts - half, psf)

path = islice(em.run(deconvolution, kept, Scene(start.light / 2)), 201)
held_out = [deconvolution.e_step(other, step.params)[1] for step in path]
print("best for the other half: step", int(np.argmax(held_out)))

# %% tags=["hide"]
stop = int(np.argmax(held_out))
draw.going_too_far(
    distance[1:],
    held_out[1:],
    "Left: how far the picture is from the true plate, in photons a pixel. Right: how well the "
    "light that was found from half of the photons explains the other half. Both turn.",
)

# %% [markdown]
# The other half says: step {{ stop : d }}. The true plate says: step {{ best : d }}. The picture is
# off by {{ distance[stop] : .1f }} photons a pixel at the one, and by {{ distance[best] : .1f }} at
# the other. (So close an agreement is partly luck. The halves have half of the light, so they tend to
# say a little too early.) Stopping early is a habit in this trade, and a choice: report at which
# step you stopped, and why.
#
# ## A prior that helps
#
# Instead of stopping early, say beforehand what one thinks of a plate: *most of it is grey*. A
# handy way to say it: imagine that one had also seen, through no blur at all, a faint photograph of
# an evenly grey plate, with 0.02 times the light of this one. Its photons are added where the M-step
# counts.
#
# $$ \lambda_j \leftarrow \frac{n_j + 0.02 \, g}{s_j + 0.02} $$
#
# with $g$ the mean grey. In the words of Bayes, this is a **gamma prior** on each $\lambda_j$, and
# what climbs is the log-likelihood plus the logarithm of the prior. The end is the **maximum a
# posteriori** (MAP) picture; [EM's relatives](relatives.py#a-prior-map) have more of these. Two
# functions that are given to `em.fit`:

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
    "Stopped in time, gone too far, and run to the end with a prior. (Step 500 is not the end "
    "yet.)",
)

# %% [markdown]
# It is run until little moves, and off by {{ off(found.params.light) : .1f }} photons a pixel, where the
# best step was off by {{ distance[best] : .1f }} and step 500 by {{ distance[500] : .1f }}. The
# choice has not gone: it has moved from the number of steps to the weight of the prior. But now
# the answer is a peak, the only one, which does not depend on the start or on patience. Priors that
# know more
# (neighbours are alike, edges are sharp) give better pictures, and longer M-steps.
#
# ## What could go wrong
#
# - **The wrong blur.** The program believes the PSF that it is given. Give it one that is too wide,
#   and it tends to make double edges and rings where there are none. It does not complain.
# - **Going on too far.** Unless photons are held back, there is no warning either: the
#   log-likelihood rises all the way.
# - **Counts that are no photons.** Pixel values which a camera has stretched, smoothed or compressed
#   are not Poisson counts. Subtract the dark level, and divide by the gain, before anything else;
#   a background that cannot be subtracted belongs into the model as light of its own.
# - **A start of 0.** What is multiplied stays 0 for ever. Start with light everywhere.
# - **Reading what is not there.** A sharpened picture is an estimate. Where two characters
#   give nearly the same blur, no number of steps can tell them apart, and a picture
#   with sharp edges looks more certain than it is.
#
# A start which makes counted photons impossible is refused:

# %%
dark = plate.copy()
dark[:, :60] = 0
try:
    em.fit(deconvolution, photo, Scene(dark))
except ValueError as error:
    print(error)

# %% [markdown]
# ## Exercises
#
# **1.** *Predict:* with the shutter open ten times as long (ten times the photons, the same blur),
# will the best step come earlier or later? Try it.
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
# **2.** On the three pixels, take the second step by hand, from the light 16/3, 6, 16/3. *Predict
# first:* will the middle be brighter or darker than 6?
#
# <details markdown><summary>Solution</summary>

# %%
line = Photograph([3, 8, 3], [0.25, 0.5, 0.25])
came, _ = deconvolution.e_step(line, Scene([16 / 3, 6, 16 / 3]))
print(deconvolution.m_step(line, came).light.round(4))

# %% [markdown]
# Brighter. Expected are $\frac{8}{3} + \frac{6}{4} = \frac{25}{6}$ in pixel 1 and
# $\frac{8}{3} + 3 = \frac{17}{3}$ in pixel 2: more than was counted there, and less than was counted
# here. So the middle has to grow, and the ends have to shrink.
#
# </details>
#
# **3.** Tell the program that the car moved 11 pixels, where it moved 15. *Predict:* will the
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
# By itself that number does not tell that something is wrong. But compared with
# the right blur, it is lower after as many steps. So several blurs can be tried and compared, on
# photons held back.
#
# </details>
#
# ## Where to read on
#
# A mixture whose M-step counts in the same way: [reads to transcripts](transcripts.py), where a
# read is a photon and a transcript a place. A model of your own: [the recipe](recipe.py).
#
# W. H. Richardson, *Bayesian-based iterative method of image restoration*, Journal of the Optical
# Society of America 62 (1972), 55–59. L. B. Lucy, *An iterative technique for the rectification of
# observed distributions*, The Astronomical Journal 79 (1974), 745–754. L. A. Shepp and Y. Vardi,
# *Maximum likelihood reconstruction for emission tomography*, IEEE Transactions on Medical Imaging
# 1 (1982), 113–122.
