"""Arrays of numbers, as data and parameters hold them."""

from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import attrs

Array = NDArray[Any]
Seed: TypeAlias = "int | np.random.Generator"  # (numpy.random is slow to come)


def generator(seed: Seed) -> "np.random.Generator":
    """Return a generator of random numbers, or raise TypeError."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise TypeError(
            f"seed is {described(seed)}: expected a whole number, not below 0, "
            "or a generator of NumPy's"
        ) from None


def as_floats(values: object, name: str) -> Array:
    """Return numbers as an array of floats: the same one, if it is one.

    Raises TypeError, with the `name`, for what is not numbers: text, dates,
    complex numbers, None, rows of different lengths, masked values.
    """
    if type(values) is np.ndarray and values.dtype == float:
        return values  # so it is most often, several times in every step
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(
            f"{name} is a masked array: expected plain numbers (for "
            "em.models.missing_normal, NaN where a value is missing)"
        )
    try:
        found = np.asarray(values)
    except (TypeError, ValueError) as error:  # rows of different lengths
        raise TypeError(f"{name}: expected numbers ({error})") from None
    if found.dtype.kind in "biuf":
        return np.asarray(found, dtype=float)
    if found.dtype.kind == "O" and all(isinstance(v, Real) for v in found.flat):
        try:
            return found.astype(float)
        except OverflowError as error:
            raise TypeError(f"{name}: expected floats ({error})") from None
    raise TypeError(f"{name}: expected numbers, got {described(values)}")


def described(thing: object) -> str:
    """Return what a thing is, and how it begins, in a few words."""
    words = repr(thing).replace("\n", " ")
    kind = f"{type(thing).__module__}.{type(thing).__qualname__}"
    return f"{kind.removeprefix('builtins.')} {words[:40]}"


# For fields of attrs classes: `= field(converter=floats, validator=numbers)`.


def floats(values: ArrayLike) -> Array:
    """Return numbers as a read-only copy; leave all else for `numbers`."""
    try:
        own = as_floats(values, "").copy()
    except TypeError:
        return cast("Array", values)
    own.setflags(write=False)  # nobody can change what a fit holds
    return own


def fractions(values: ArrayLike) -> Array:
    """Return the same of fractions, which sum to 1 along the last axis.

    What sums to 1 in single precision does not in double: it is divided by
    its sum.
    """
    own = floats(values)
    if type(values) is np.ndarray and values.dtype in (np.float32, np.float16):
        sums = own.sum(axis=-1, keepdims=True)
        if own.ndim and np.abs(sums - 1).max(initial=0.0) < 1e-2:
            return floats(own / sums)
    return own


def numbers(
    owner: object, field: "attrs.Attribute[Array]", value: object
) -> None:
    """Raise TypeError, with the field's name, for what is not numbers."""
    as_floats(value, field.name)
