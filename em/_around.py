"""A model around another: what it passes on as it is."""

from typing import Generic, TypeVar

Inner = TypeVar("Inner")


class Around(Generic[Inner]):
    """A model that changes the steps of another, and keeps its parameters."""

    def __init__(self, model: Inner):
        self.model = model
        self.within = getattr(model, "within", lambda params, **_: params)
        self.RANGES: dict[str, str] = getattr(model, "RANGES", {})
