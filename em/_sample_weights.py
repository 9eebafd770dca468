"""Observations that count several times: `em.fit(…, sample_weights=w)`."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array


def weighted(
    model: Any, data: Any, sample_weights: ArrayLike | None
) -> tuple[Any, Any]:
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
        return WeightedMixture(model, weights), data
    if hasattr(model, "weigh"):
        return model, model.weigh(data, weights)
    raise TypeError(
        f"{getattr(model, '__name__', model)} takes no sample_weights: "
        "expected a model with a log_joint or with a `weigh` of its own"
    )


class WeightedMixture:
    """A mixture whose observation i counts w_i times."""

    def __init__(self, model: Any, weights: Array):
        self.model, self.weights = model, weights
        self.collapsed = getattr(model, "collapsed", lambda *_: ())

    def e_step(self, data: Any, params: Any) -> tuple[Array, float]:
        """Return the responsibilities, and Σ_i w_i log p(x_i)."""
        responsibilities, _ = self.model.e_step(data, params)
        if len(responsibilities) != len(self.weights):
            raise ValueError(
                f"expected as many of each, got {len(responsibilities)} "
                f"observations, {len(self.weights)} sample_weights"
            )
        log_joint = self.model.log_joint(data, params)
        log_evidence = np.logaddexp.reduce(log_joint, axis=1)
        return responsibilities, float(self.weights @ log_evidence)

    def m_step(self, data: Any, responsibilities: Array, **options: Any) -> Any:
        """Return the model's own answer to w_i r_ik in place of r_ik."""
        shares = self.weights[:, None] * responsibilities
        return self.model.m_step(data, shares, **options)
