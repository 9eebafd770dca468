"""How fast: a picture of 512 × 512, against scikit-image's `richardson_lucy`.

Ours computes the log-likelihood at each step, too. Run by `make bench`, or by
itself. Exits with an error where the answers differ or the bar is missed.
"""

from collections import deque
from itertools import islice

import numpy as np
from racing import judge, race
from skimage.restoration import richardson_lucy

import em
from em.models import deconvolution
from em.models.deconvolution import Photograph, Scene

SIDE, REACH, STEPS, PAIRS, BAR = 512, 7, 20, 5, 1.1


def made() -> Photograph:
    """Give a picture in a dark frame, where both compute the same."""
    rng = np.random.default_rng(0)
    x = np.arange(-REACH, REACH + 1)
    psf = np.exp(-(x[:, None] ** 2 + x**2) / 18)
    psf /= psf.sum()
    inner = SIDE - 4 * REACH
    light = Scene(rng.gamma(1, 50, (inner, inner)))
    photo, _ = deconvolution.sample(light, psf, rng)
    return Photograph(np.pad(photo.counts, 2 * REACH), psf)


def ours(photo, start):
    steps = islice(em.run(deconvolution, photo, start), STEPS + 1)
    return deque(steps, maxlen=1)[0].params.light


def theirs(photo):
    return richardson_lucy(photo.counts, photo.psf, STEPS, clip=False)


def main() -> None:
    photo = made()
    start = Scene(np.full(photo.counts.shape, 0.5))
    mine, other, ratio, one, two = race(
        lambda: ours(photo, start), lambda: theirs(photo), PAIRS
    )
    # The run asks for one E-step more than there are steps: what a step costs.
    mine, ratio = (n * STEPS / (STEPS + 1) for n in (mine, ratio))
    off = np.abs(one - two).max() / two.max()
    print(
        f"a step, {SIDE} × {SIDE} pixels (medians of {PAIRS} pairs)\n"
        f"ours {mine / STEPS:.4f} s, scikit-image {other / STEPS:.4f} s, "
        f"ratio {ratio:.2f}, largest difference {off:.0e}"
    )
    judge("deconvolution", ratio, BAR, off, 1e-9)


if __name__ == "__main__":
    main()
