"""Groups of points in pieces: size, mean and scatter of each group's share."""

from collections.abc import Iterator

import numpy as np

from em._arrays import Array, last_digits_of
from em.covariances import shaped, widened
from em.models.gaussians import Gaussians, e_step, nothing_left, scatter
from em.sums.moments import Moments


def statistics(x: Array, gaussians: Gaussians) -> tuple[Moments, float]:
    """Return what the M-step needs of the points, and the log-likelihood."""
    shares, log_likelihood = e_step(x, gaussians)
    sizes = shares.sum(axis=0)
    means = shares.T @ x / np.where(sizes > 0, sizes, 1)[:, None]
    scatters = scatter(x, shares, means)
    largest = np.maximum(x.max(axis=0), -x.min(axis=0))
    return Moments(sizes, means, scatters, largest), log_likelihood


def maximise(
    sums: Moments, covariance_type: str = "full", min_std: float = 0.0
) -> Gaussians:
    """Return means, covariances of a type, and mixing weights."""
    covariances = shaped(sums.scatters, sums.sizes, covariance_type)
    weights = sums.sizes / sums.sizes.sum()
    return Gaussians(sums.means, widened(covariances, min_std), weights)


def collapsed(
    sums: Moments, gaussians: Gaussians
) -> Iterator[tuple[Array, str]]:
    """Yield which groups have nothing left, shape (k,), and what to do."""
    return nothing_left(gaussians, last_digits_of(sums.largest, sums.n))
