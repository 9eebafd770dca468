"""A mixture whose observations count several times, for standard errors."""

from typing import Any

from em._arrays import Array


class WeightedMixture:
    """A mixture, and its weights."""

    def __init__(self, model: Any, weights: Array):
        self.model, self.weights = model, weights
        self.RANGES = getattr(model, "RANGES", {})
