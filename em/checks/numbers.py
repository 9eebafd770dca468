"""Parameters as one row of numbers."""

from collections.abc import Iterator
from typing import Generic

import numpy as np

from em._arrays import Array
from em.model import Params, named, with_values


class Numbers(Generic[Params]):
    """Parameters as one row of numbers, and the way back."""

    def __init__(self, params: Params):
        self.pattern, self.fields = params, named(params)

    def row(self, params: Params) -> Array:
        """Return all numbers of the parameters, shape (p,)."""
        return np.concatenate([v.ravel() for v in named(params).values()])

    def params(self, row: Array) -> Params:
        """Return parameters that hold these numbers."""
        return with_values(
            self.pattern,
            {
                name: row[places].reshape(self.fields[name].shape)[()]
                for name, places in self.places()
            },
        )

    def places(self) -> Iterator[tuple[str, Array]]:
        """Yield the name of each field, and where its numbers are."""
        first = 0
        for name, values in self.fields.items():
            yield name, np.arange(first, first + values.size)
            first += values.size
