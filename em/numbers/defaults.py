"""What a field holds if it is not given.

`import em` does without attrs, which takes half as long to import as all else:
only models need it, and this is theirs.
"""

import attrs
import numpy as np

from em.numbers.arrays import Array


def first_field(record: attrs.AttrsInstance) -> object:
    """Return the value of the first field."""
    found: object = getattr(record, attrs.fields(type(record))[0].name)
    return found


def ones(data: attrs.AttrsInstance) -> Array:
    """Return a weight of 1 for each row of the first field."""
    first = first_field(data)
    return np.ones(np.shape(first)[:1] if isinstance(first, np.ndarray) else 1)


def as_many(params: attrs.AttrsInstance) -> Array:
    """Return equal weights, for as many components as the first field has."""
    first = first_field(params)
    # What is not an array here is refused next, by its field's validator.
    components = (
        len(first) if isinstance(first, np.ndarray) and first.ndim else 1
    )
    return np.ones(components) / components


once_each = attrs.Factory(ones, takes_self=True)
equal_weights = attrs.Factory(as_many, takes_self=True)
