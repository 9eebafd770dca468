"""Groups in the plane, to play with: the eruptions of Old Faithful."""

import numpy as np

import em
from em.figures import groups
from em.figures.live import Live, live
from em.models import gaussians
from em.models.gaussians import Gaussians


def groups_live() -> Live:
    """Return two groups to drag over the 272 eruptions, from a poor start."""
    x = np.loadtxt(em.data("old_faithful.csv"), delimiter=",", skiprows=1)
    start = Gaussians(
        means=[[3, 60], [3, 80]],
        covariances=[[[1, 0], [0, 64]], [[1, 0], [0, 64]]],
    )
    fit = em.fit(gaussians, x, start)
    (a, b), (c, d) = fit.params.means
    return live(
        "scatter",
        x=x,
        means=start.means,
        covariances=start.covariances,
        weights=start.weights,
        program={"mean": "means", "cov": "covariances", "weight": "weights"},
        still=groups.frames(x, [fit.steps[0], fit.steps[-1]]),
        told=f"The guess, and after {len(fit.steps) - 1} steps: means "
        f"({a:.2f}, {b:.2f}) and ({c:.2f}, {d:.2f}), log-likelihood "
        f"−{-fit.log_likelihood:.3f}.",
        caption="""Eruptions of Old Faithful: minutes that each lasted (across), and
            minutes until the next (up). Drag an ellipse by its middle, or by its
            side to make it larger. Under Options, choose how many there are and of
            what shape. Touch a point to read its responsibilities.""",
    )
