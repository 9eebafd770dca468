"""Bells on a line in pieces: size, mean and squares of each bell's share."""

from collections.abc import Iterator

import numpy as np

from em._arrays import Array, last_digits_of
from em.models.normals import Normals, e_step, nothing_left
from em.sums.moments import Moments


def statistics(x: Array, normals: Normals) -> tuple[Moments, float]:
    """Return what the M-step needs of the points, and the log-likelihood."""
    shares, log_likelihood = e_step(x, normals)
    sizes = shares.sum(axis=0)
    means = x @ shares / np.where(sizes > 0, sizes, 1)
    squares = [
        r @ (x - mean) ** 2 for r, mean in zip(shares.T, means, strict=True)
    ]
    largest = np.maximum(x.max(), -x.min())[None]
    scatters = np.array(squares)[:, None, None]
    return Moments(sizes, means[:, None], scatters, largest), log_likelihood


def maximise(
    sums: Moments, min_std: float = 0.0, equal_stds: bool = False
) -> Normals:
    """Return means, standard deviations and mixing weights."""
    sizes, variances = sums.sizes, sums.scatters[:, 0, 0] / sums.sizes
    if equal_stds:
        variances[:] = sizes @ variances / sizes.sum()
    stds = np.maximum(np.sqrt(variances), min_std)
    return Normals(sums.means[:, 0], stds, sizes / sizes.sum())


def collapsed(sums: Moments, normals: Normals) -> Iterator[tuple[Array, str]]:
    """Yield which bells have nothing left, shape (k,), and what to do."""
    return nothing_left(normals, last_digits_of(sums.largest[0], sums.n))
