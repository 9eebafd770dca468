"""Observations that count several times: `em.fit(…, sample_weights=w)`."""

from typing import Protocol, cast

import numpy as np
from numpy.typing import ArrayLike

from em import _validation
from em._around import Around
from em._arrays import Array
from em._blocks import refuse_impossible
from em.model import Data, Model, Params, Posterior, Taken


def weighted(
    model: Model[Data, Params, Posterior],
    data: Data,
    sample_weights: ArrayLike | None,
) -> tuple[Model[Data, Params, Posterior], Data]:
    """Return model and data such that observation i counts w_i times.

    Raises TypeError for a model in which that has no meaning, ValueError for
    weights that are negative, all 0, or not one for each observation.
    """
    if sample_weights is None:
        return model, data
    weights = _validation.array(sample_weights, "sample_weights")
    _validation.require(weights >= 0, weights, "sample_weights", "0 or more")
    if not weights.any():
        raise ValueError("sample_weights are all 0: expected one above 0")
    if hasattr(model, "log_joint"):
        mixture = WeightedMixture(cast("Mixture[Data, Params]", model), weights)
        return cast("Model[Data, Params, Posterior]", mixture), data
    if hasattr(model, "weigh"):
        return model, cast("Data", model.weigh(data, weights))
    raise TypeError(
        f"{getattr(model, '__name__', model)} takes no sample_weights: "
        "expected a model with a log_joint or with a `weigh` of its own"
    )


class Mixture(Model[Taken, Params, Array], Protocol):
    """A model whose hidden part is a label."""

    def log_joint(self, data: Taken, params: Params, /) -> Array:
        """Return log p(x_i, k), shape (n, k)."""


class WeightedMixture(Around[Mixture[Data, Params]]):
    """A mixture whose observation i counts w_i times."""

    def __init__(self, model: Mixture[Data, Params], weights: Array):
        super().__init__(model)
        self.weights = weights
        self.collapsed = getattr(model, "collapsed", lambda *_: ())

    def e_step(self, data: Data, params: Params) -> tuple[Array, float]:
        """Return the responsibilities, and Σ_i w_i log p(x_i)."""
        log_joint = self.model.log_joint(data, params)
        if len(log_joint) != len(self.weights):
            raise ValueError(
                f"expected as many of each, got {len(log_joint)} "
                f"observations, {len(self.weights)} sample_weights"
            )
        log_evidence = np.logaddexp.reduce(log_joint, axis=1)
        responsibilities = np.exp(log_joint - log_evidence[:, None])
        # What does not count may be impossible: then no component has it.
        responsibilities[(self.weights == 0) & np.isneginf(log_evidence)] = 0
        if np.isnan(responsibilities).any():
            refuse_impossible(responsibilities)
        counted = self.weights > 0
        log_likelihood = self.weights[counted] @ log_evidence[counted]
        return responsibilities, float(log_likelihood)

    def m_step(
        self, data: Data, responsibilities: Array, **options: object
    ) -> Params:
        """Return the model's own answer to w_i r_ik in place of r_ik."""
        shares = self.weights[:, None] * responsibilities
        return self.model.m_step(data, shares, **options)
