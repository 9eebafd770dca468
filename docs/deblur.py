# ---
# title: Deblurring (Richardson–Lucy)
# order: 42
# section: Use
# question: What does a blurred number plate say?
# description: >-
#   Richardson–Lucy deconvolution is Expectation Maximisation: a number plate sharpened step by
#   step, by hand on three pixels, and the program in eighteen lines.
# numbers: own
# allow: [0, 3, 200, 15, 11, 16, 20, 50, 1972, 1974, 1982, 1977, 300, 500, 55, 59, 62, 79, 745, 754, 113, 122, 1994]
# ---

# %% [markdown]
# # Deblurring (Richardson–Lucy)
#
# A car passes while the shutter is open, and the lens is not quite sharp either. We know how far
# the plate moved. We do not know what it says. **Richardson–Lucy deconvolution** sharpens the
# photograph, and it is EM. Step on, and read the plate.

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
inked = plate < 100


def off_at(number, where):
    squares = (steps[number].params.light - plate)[where] ** 2
    return np.sqrt(squares.mean())


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
    "Can you read it, and at which step? Then go on to the last one. Each step is an E-step "
    "and an M-step.",
)

# %% [markdown]
# **You will be able to** sharpen a picture whose blur you know, and to say when to stop. **About
# MINUTES minutes. To know first:** [two coins](coins.py).
#
# ## Try it
#
# <div class="choices" markdown>
# **1. Predict:** after how many steps can you read the last three characters? *Press **Next** until you can.*
#
# <details markdown><summary>After the first one</summary>
#
# One step sharpens the large shapes. Strokes that are thinner than the blur take longer.
#
# </details>
# <details class="right" markdown><summary>After twenty to fifty</summary>
#
# Yes, more or less: EM 1977. Nobody told the program what letters look like. All it knows is how
# the camera spreads each point of light.
#
# </details>
# <details markdown><summary>Only near the last one</summary>
#
# Then the edges are sharpest. But the letters were there long before.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **2. Predict:** the log-likelihood never falls. So which of these pictures lies nearest to the true plate? *Go to the last frame, and compare the numbers.*
#
# <details markdown><summary>The last one, because it has the highest log-likelihood</summary>
#
# It explains this one photograph best, its noise included. That is not what you want to know.
#
# </details>
# <details class="right" markdown><summary>One in the middle</summary>
#
# Yes: at step {{ best : d }} the picture is off the true plate by {{ distance[best] : .1f }}
# photons a pixel (the root of the mean square), and at step 500 by {{ distance[500] : .1f }}. From
# there on the speckles explain the *noise*. [Why the maximum is not the best
# picture](speckles.py#why-the-maximum-is-not-the-best-picture) says more.
#
# </details>
# <details markdown><summary>The first few, because they invent nothing</summary>
#
# They invent nothing, and they leave the letters smeared. Being smooth does not make a picture
# right.
#
# </details>
# </div>
#
# <div class="choices" markdown>
# **3. Predict:** from step 50 to step 500, does the dark ink get worse as well as the bright paper? *Look at both.*
#
# <details markdown><summary>Both get worse alike</summary>
#
# Noise is larger where more photons arrive, and the light in a dark place cannot swing below zero.
#
# </details>
# <details class="right" markdown><summary>The paper gets worse and the ink gets better</summary>
#
# Yes. On the paper the error grows from {{ off_at(50, ~inked) : .0f }} to
# {{ off_at(500, ~inked) : .0f }} photons a pixel; in the ink it falls from
# {{ off_at(50, inked) : .0f }} to {{ off_at(500, inked) : .0f }}. No pixel is ever negative,
# because each step multiplies the light by something that is not.
#
# </details>
# <details markdown><summary>The ink gets worse, the paper does not</summary>
#
# It is the bright paper that becomes speckled. The ink is still getting darker.
#
# </details>
# </div>
#
# ## What is hidden
#
# Light arrives in **photons**, and the camera counts, for each pixel, how many came. But the blur
# may have carried a photon there from a place beside. *From which place each photon came* is the
# **latent variable**. If we knew it, we would count photons by place, and have a sharp picture.
#
# What the camera makes of a single point of light is known: a small picture, the **point spread
# function** (PSF). Call $y_i$ the photons counted in pixel $i$, $\lambda_j$ the mean number of
# photons that place $j$ sends, and $p_{ij}$ the probability that a photon from place $j$ lands in
# pixel $i$. The number that goes from $j$ to $i$ has a **Poisson** distribution with mean
# $\lambda_j \, p_{ij}$.
#
# ## By hand, on three pixels
#
# A photon stays where it belongs with probability ½, and goes one pixel to the left or to the right
# with probability ¼ each. The counts are 3, 8, 3. The guess is that each place sends 4.
#
# **Share out (E-step).** By the guess, pixel 2 gets one photon from place 1, two from place 2, and
# one from place 3. So its 8 photons are shared out as 2, 4, 2. Pixel 1 gets two photons from place
# 1 and one from place 2, which fits its 3 exactly, and so at the other end. Together, place 1 is
# credited with 2 + 2 = 4 photons, place 2 with 1 + 4 + 1 = 6, and place 3 with 4.
#
# **Re-estimate (M-step).** Count by place. One more thing: a quarter of what place 1 sends falls
# beside the frame, where nobody counts it. So the 4 that were seen are three quarters of what it
# sends:

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

# %% tags=["hide"]
once_more, _ = deconvolution.e_step(three, Scene(came / seen))
second_step = deconvolution.m_step(three, once_more).light

# %% [markdown]
# In formulas, with $s_j = \sum_i p_{ij}$ for the probability to be seen,
#
# $$ \lambda_j \leftarrow \frac{\lambda_j}{s_j} \sum_i
#    \frac{y_i}{\sum_l \lambda_l \, p_{il}} \, p_{ij} . $$
#
# See in which pixels more was counted than expected, carry that back through the blur, and
# multiply.
#
# ## The program
#
# Since $p_{ij}$ depends only on how far $i$ is from $j$, both sums are **convolutions**, which
# SciPy does quickly.

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
light = np.full(counts.shape, counts.mean())  # a guess: grey everywhere
for _ in range(50):
    # E-step: how many photons came from each place?
    expected = fftconvolve(light, psf, mode="same")
    came = light * fftconvolve(counts / expected, back, mode="same")
    # M-step: that many were seen of those that the place sends
    light = came / seen

print("ink and paper:", light[10, 18].round(), light[10, 20].round())
print("off by", np.sqrt(np.mean((light - plate) ** 2)).round(1))

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
program_plate = plate


def flat(margin):
    """The mean edge of a flat scene of 200 that goes on, after ten steps."""
    sky = np.random.default_rng(1).poisson(200, (60, 60))
    frame = Photograph(sky, np.full((7, 7), 1 / 49), margin)
    begin = Scene(np.full(frame.seen.shape, 200))
    *_, last = islice(em.run(deconvolution, frame, begin), 11)
    inside = slice(margin, -margin or None)
    end = last.params.light[inside, inside]
    return np.r_[end[0], end[-1]].mean()


# %% [markdown]
# ### Change it
#
# <div class="change" markdown>
# **Predict:** the log-likelihood rises at each step. Take two thousand steps in place of fifty. Does the picture come nearer to the plate?
#
# ```diff
# -for _ in range(50):
# +for _ in range(2000):
# ```
#
# <details markdown><summary>See why</summary>
#
# It goes farther away: off by {{ np.sqrt(np.mean((changed.light - changed.plate) ** 2)) : .0f }}
# photons a pixel instead of {{ np.sqrt(np.mean((light - program_plate) ** 2)) : .0f }}. The light
# swings up and down from place to place, because that explains the noise of this one photograph.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** tell the program a wrong blur, one that leans to neither side. Will it warn you?
#
# ```diff
# -back = psf[::-1, ::-1]  # from a pixel to the places that its photons came from
# +psf = np.outer([1, 2, 1], [1, 1, 1, 1, 1]) / 20
# +back = psf[::-1, ::-1]  # from a pixel to the places that its photons came from
# ```
#
# <details markdown><summary>See why</summary>
#
# It will not. The picture is off by
# {{ np.sqrt(np.mean((changed.light - changed.plate) ** 2)) : .0f }} photons a pixel instead of
# {{ np.sqrt(np.mean((light - program_plate) ** 2)) : .0f }}, and it looks just as sharp. The
# program believes the blur that you give it.
#
# </details>
# </div>
#
# <div class="change" markdown>
# **Predict:** open the shutter ten times as long, so that ten times as many photons arrive. How much smaller does the error become, compared with the brightness of the paper?
#
# ```diff
# -plate = np.full((20, 40), 300.0)
# -plate[5:15, 6:34:4] = 30  # seven strokes of ink
# +plate = np.full((20, 40), 3000.0)
# +plate[5:15, 6:34:4] = 300  # seven strokes of ink
# ```
#
# <details markdown><summary>See why</summary>
#
# It falls from {{ np.sqrt(np.mean((light - program_plate) ** 2)) / 300 : .0% }} of the paper's
# brightness to {{ np.sqrt(np.mean((changed.light - changed.plate) ** 2)) / 3000 : .0% }}. More
# light is the best cure for noise. The strokes still need more steps than fifty to come out fully
# dark.
#
# </details>
# </div>
#
# ## What could go wrong
#
# - **Going on too far.** The log-likelihood rises all the way, so it does not warn you: [when to
#   stop](speckles.py).
# - **The wrong blur.** A PSF that is too wide tends to make double edges and rings where there are
#   none.
# - **A scene that goes on beyond the frame.** Here the scene ends at the frame. Where it does not, light
#   from outside lands inside, and the model heaps it up along the edges. A flat scene of 200 photons
#   a place gets a rim of {{ flat(0) : .0f }} after ten steps. Let the scene reach half a PSF beyond
#   the frame, `Photograph(counts, psf, margin=3)`, and the rim is {{ flat(3) : .0f }}.
# - **Counts that are not photons.** Subtract the dark level, divide by the gain, and set what falls
#   below 0 to 0. The counts need not be whole. Pixel values that a camera has stretched or
#   compressed are not Poisson counts.
#
# ## Exercises
#
# **1.** On the three pixels, take the second step by hand, from the light 16/3, 6, 16/3. *Predict
# first:* will the middle be brighter or darker than 6?
#
# <details markdown><summary>Solution</summary>
#
# Brighter. The guess expects $\frac{8}{3} + \frac{6}{4} = \frac{25}{6}$ in pixel 1, more than the 3
# that were counted, and $\frac{8}{3} + 3 = \frac{17}{3}$ in pixel 2, fewer than the 8. So the
# middle has to grow and the ends have to shrink: to {{ second_step[1] : .2f }} and
# {{ second_step[0] : .2f }}.
#
# </details>
#
# **2.** Start the program from light 0 in the left half of the picture. *Predict* what the left
# half looks like in the end.
#
# <details markdown><summary>Solution</summary>
#
# Black. Each step multiplies the light, and what is 0 stays 0. Start with light everywhere.
#
# </details>
#
# ## Where to read on
#
# **Go deeper:** [when to stop sharpening](speckles.py), with photons held back and a prior. William
# Richardson (*Bayesian-based iterative method of image restoration*, Journal of the Optical Society
# of America 62 (1972), 55–59) found this rule for photographs, and Leon Lucy (*An iterative
# technique for the rectification of observed distributions*, The Astronomical Journal 79 (1974),
# 745–754) for distributions that astronomers see smeared. Lucy already observed that each step
# raises the likelihood. Shepp and Vardi (*Maximum likelihood reconstruction for emission
# tomography*, IEEE Transactions on Medical Imaging 1 (1982), 113–122) met it again in medicine and
# saw that it is EM.
