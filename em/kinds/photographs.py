"""What a blur, and the frame of a photograph, must keep to."""

import numpy as np

from em.door import validation
from em.numbers.arrays import Array

# A blur by Fourier transforms is right up to 1e-16 or so of its largest value.
# A mean needs to be larger, or all that is counted there is rounding;
DIM = 1e-13
# and the M-step divides by how probably a place is seen.
HARDLY = 1e-3


def check_psf(psf: Array) -> None:
    """Raise ValueError for what is no point spread function."""
    validation.require(psf >= 0, psf, "psf", "a probability, not below 0")
    if not all(side % 2 for side in psf.shape):
        raise ValueError(
            f"psf has shape {psf.shape}: expected odd sides, with a middle"
        )
    if abs(psf.sum() - 1) > 1e-9:
        raise ValueError(
            f"psf sums to {psf.sum():.12g}: expected 1. Divide by the sum"
        )


def check_margin(margin: Array, psf: Array) -> None:
    """Raise ValueError for what is no whole number of pixels.

    From farther than half the psf no photon reaches the frame.
    """
    found, most = validation.array(margin, "margin", 0), max(psf.shape) // 2
    good = (found >= 0) & (found == np.floor(found)) & (found <= most)
    expected = f"a whole number of pixels, from 0 to {most}, half the psf"
    validation.require(good, found, "margin", expected)
