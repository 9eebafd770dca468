"""Labels that are known in part: `em.fit(…, labels=z)`."""

from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from em import _validation
from em._around import Around
from em._arrays import Array
from em._sample_weights import Mixture
from em.mixture import posterior
from em.model import Data, Model, Params, Posterior


def labelled(
    model: Model[Data, Params, Posterior],
    data: Data,
    start: Params,
    labels: ArrayLike | None,
) -> Model[Data, Params, Posterior]:
    """Return the model such that component z_i made observation i.

    Where z_i is −1, it is unknown. Raises TypeError for a model whose hidden
    part is no label, ValueError for what is no label of its components, and
    for another number of labels than of observations.
    """
    if labels is None:
        return model
    if not hasattr(model, "log_joint"):
        raise TypeError(
            f"{getattr(model, '__name__', model)} takes no labels: expected a "
            "model with a log_joint, such as em.models.normals"
        )
    mixture = cast("Mixture[Data, Params]", model)
    with np.errstate(all="ignore"):  # log 0 is −∞
        n, k = mixture.log_joint(data, start).shape
    z = _validation.array(labels, "labels")
    good = np.isin(z, np.arange(-1, k))
    expected = f"a component, 0 to {k - 1}, or -1 where it is unknown"
    _validation.require(good, z, "labels", expected)
    if len(z) != n:
        raise ValueError(
            f"expected as many of each, got {n} observations, {len(z)} labels"
        )
    possible = (z[:, None] == np.arange(k)) | (z[:, None] < 0)
    known = LabelledMixture(mixture, possible)
    return cast("Model[Data, Params, Posterior]", known)


class LabelledMixture(Around[Mixture[Data, Params]]):
    """A mixture in which some components cannot have made some observations."""

    def __init__(self, model: Mixture[Data, Params], possible: Array):
        super().__init__(model)
        self.possible = possible
        self.m_step = model.m_step
        self.collapsed = getattr(model, "collapsed", lambda *_: ())
        self.rounding = getattr(model, "rounding", lambda _: 0.0)

    def log_joint(self, data: Data, params: Params) -> Array:
        """Return log p(x_i, k), shape (n, k): −∞ where z_i is not k."""
        log_joint = self.model.log_joint(data, params)
        return np.where(self.possible, log_joint, -np.inf)

    def e_step(self, data: Data, params: Params) -> tuple[Array, float]:
        """Return the responsibilities, and log p(x, the known labels).

        Raises ValueError for a label that cannot have made its observation.
        """
        log_joint = self.log_joint(data, params)
        can_be = np.isfinite(log_joint.max(axis=1))
        if not can_be.all():
            row = int(can_be.argmin())
            who = np.flatnonzero(self.possible[row])
            raise ValueError(
                f"observation {row} is impossible under component {who[0]}, "
                "its label"
                if len(who) == 1
                else f"observation {row} is impossible under every component"
            )
        return posterior(log_joint)
