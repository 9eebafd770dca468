"""Tables with holes in them: what is a hole, and which tables tell enough."""

from typing import Any, Self

import numpy as np
from attrs import field, frozen

from em.door import validation
from em.numbers.arrays import Array, as_floats, floats
from em.numbers.covariances import flat


def with_holes(values: Any) -> Array:
    """Return a table as a read-only copy of floats, NaN for each hole.

    A hole is NaN, None, what a masked array hides, or what a data frame calls
    missing. Raises TypeError for anything else that is no number.
    """
    try:
        table = np.ma.asarray(unframed(values))  # or a list of masked rows
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"table: expected rows of numbers, all of one length ({error})"
        ) from None
    found, holes = table.data, np.ma.getmaskarray(table)
    if found.dtype == object:
        none = [value is None for value in found.flat]
        holes = holes | np.reshape(none, found.shape)
    if holes.any():
        found = found.astype(object)
        found[holes] = np.nan
    return floats(as_floats(found, "table"))


def unframed(values: Any) -> Any:
    """Return what a data frame holds, None for what it calls missing."""
    if not hasattr(values, "to_numpy"):
        return values
    try:
        return values.to_numpy(dtype=object, na_value=None)
    except TypeError:  # other libraries know no na_value, and give NaN
        return values.to_numpy()


def check_table(table: Array) -> None:
    """Raise ValueError for what is no table, (n, d), with NaN for holes."""
    if table.ndim != 2 or table.size == 0:
        raise ValueError(
            f"table: expected rows and columns, got shape {table.shape}"
        )
    can_be = np.isnan(table) | (np.abs(table) < 1e100)
    validation.require(can_be, table, "table", "a number below 1e100")


@frozen(eq=False)
class Seen:
    """What is seen of a table: of each column, (d,), its least and its most.

    `together` says in how many rows two columns are seen, (d, d).
    """

    together: Array = field()
    low: Array = field()
    high: Array = field()

    @classmethod
    def of(cls, table: Array) -> Self:
        """Return that of a table, (n, d)."""
        seen = ~np.isnan(table)
        # A column of holes lies between ∞ and −∞.
        low = np.min(table, axis=0, initial=np.inf, where=seen)
        high = np.max(table, axis=0, initial=-np.inf, where=seen)
        return cls(seen.T.astype(float) @ seen, low, high)

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.together + other.together,
            np.minimum(self.low, other.low),
            np.maximum(self.high, other.high),
        )

    @property
    def largest(self) -> Array:
        """The largest absolute value in each column."""
        return np.maximum(-self.low, self.high)


def refuse_untold(seen: Seen) -> None:
    """Raise ValueError where what is seen tells of no covariance."""
    for column, rows in enumerate(np.diag(seen.together)):
        if not rows:
            raise ValueError(
                f"column {column} of the table is all holes: leave it out"
            )
        refuse_constant(seen.low[column], seen.high[column], column)
    for a, b in np.argwhere(seen.together == 0):
        raise ValueError(
            f"no row of the table holds both column {a} and column {b}: "
            "nothing tells their covariance"
        )


def refuse_constant(low: float, high: float, column: int) -> None:
    """Raise ValueError for what was seen of a column, if it has no width."""
    if low == high:
        raise ValueError(
            f"column {column} of the table is {low} wherever it is seen: "
            "expected two different values (leave it out)"
        )
    if not high - low > max(1e-100, 1e-10 * max(high, -low)):
        raise ValueError(
            f"column {column} of the table lies between {low} and {high}: a "
            "covariance needs more digits than are left. Take off what all "
            "have in common, or choose another unit"
        )


def check_normal(mean: Array, covariance: Array, table: Array) -> None:
    """Raise ValueError for no normal, or one far from the table, (n, d)."""
    d = len(validation.small(validation.array(mean, "mean"), "mean"))
    if table.shape[1] != d:
        raise ValueError(
            f"the table has {table.shape[1]} columns, the start's mean {d}: "
            "expected as many of each"
        )
    validation.array(covariance, "covariance", 2)
    if covariance.shape != (d, d):
        raise ValueError(
            f"covariance: expected shape {(d, d)}, got {covariance.shape}"
        )
    validation.covariance(covariance, "covariance")
    if flat(covariance[None], np.zeros(d)).any():
        raise ValueError(
            "covariance: but for rounding, one column follows from the others: "
            "expected some width in every direction"
        )
    refuse_far(table, mean, np.sqrt(np.diag(covariance)))


def refuse_far(table: Array, mean: Array, stds: Array) -> None:
    """Raise ValueError for a start out of a computer's sight of the table."""
    good, expected = (stds > 1e-100) & (stds < 1e100), "one, 1e-100 to 1e100"
    validation.require(good, stds, "the start's standard deviations", expected)
    with np.errstate(invalid="ignore", over="ignore"):  # holes
        far = np.abs(table - mean) / stds >= 1e40
    for row, column in np.argwhere(far):
        raise ValueError(
            f"table[{row}, {column}] is more than 1e40 of the start's "
            "standard deviations from its mean: start nearer"
        )
