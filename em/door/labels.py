"""Labels that are known in part: `em.fit(…, labels=z)`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from em.door import validation
from em.mixture import posterior
from em.numbers.arrays import Array
from em.offers import Offers

LogJoint = Callable[..., Array]


def labelled(
    offers: Offers, data: object, start: object, labels: object
) -> Offers:
    """Return a model such that component z_i made observation i.

    Where z_i is −1, it is unknown. Raises TypeError for a model whose hidden
    part is no label, ValueError for what is no label of its components, and
    for another number of labels than of observations.
    """
    if offers.log_joint is None:
        raise TypeError(
            f"{offers.name} takes no labels: expected a model with a "
            "log_joint, such as em.models.normals"
        )
    with np.errstate(all="ignore"):  # log 0 is −∞
        n, k = offers.log_joint(data, start).shape
    z = validation.array(labels, "labels")
    good = np.isin(z, np.arange(-1, k))
    expected = f"a component, 0 to {k - 1}, or -1 where it is unknown"
    validation.require(good, z, "labels", expected)
    if len(z) != n:
        raise ValueError(
            f"expected as many of each, got {n} observations, {len(z)} labels"
        )
    possible = (z[:, None] == np.arange(k)) | (z[:, None] < 0)
    log_joint = partial(masked, offers.log_joint, possible)
    e_step = partial(labelled_e_step, log_joint, possible)
    return replace(offers, log_joint=log_joint, e_step=e_step)


def masked(
    log_joint: LogJoint, possible: Array, data: object, params: object
) -> Array:
    """Return log p(x_i, k), shape (n, k): −∞ where z_i is not k."""
    return np.where(possible, log_joint(data, params), -np.inf)


def labelled_e_step(
    log_joint: LogJoint, possible: Array, data: object, params: object
) -> tuple[Array, float]:
    """Return the responsibilities, and log p(x, the known labels).

    Raises ValueError for a label that cannot have made its observation.
    """
    logs = log_joint(data, params)
    can_be = np.isfinite(logs.max(axis=1))
    if not can_be.all():
        row = int(can_be.argmin())
        who = np.flatnonzero(possible[row])
        raise ValueError(
            f"observation {row} is impossible under component {who[0]}, "
            "its label"
            if len(who) == 1
            else f"observation {row} is impossible under every component"
        )
    return posterior(logs)
