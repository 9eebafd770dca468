"""What a model is: the protocol that `em.run` and `em.fit` ask for."""

from collections.abc import Callable, Iterable
from dataclasses import is_dataclass
from typing import Any, Protocol, TypeVar, cast

from em.numbers.arrays import Array, as_floats

Data = TypeVar("Data")
Params = TypeVar("Params")
Posterior = TypeVar("Posterior")
Taken = TypeVar("Taken", contravariant=True)
Given = TypeVar("Given", covariant=True)


class Model(Protocol[Taken, Params, Given]):
    """Any object with these two functions; most often, a module.

    A model may also have any of these, which are found by their names:

    - `check(data, start, **options)`, which returns both, or raises TypeError
      or ValueError for what the steps could not work with;
    - `collapsed(data, params)`, which yields a mask of the components that
      have nothing left, shape (k,), and what to do about it;
    - `log_joint(data, params)`, log p(x_i, k), shape (n, k), if what is hidden
      is a label; else `expected_log_joint(data, posterior, params)`, the
      average of log p(x, z) over what is hidden;
    - `weigh(data, sample_weights)`, which returns data that count so often
      (not needed where there is a `log_joint`);
    - `rounding(data)`, what rounding alone may take off a log-likelihood, if
      that can be more than a billionth of it;
    - `statistics(data, params)`, which returns what the M-step needs, as sums
      that add with `+`, and the log-likelihood, and `maximise(sums,
      **options)`, which returns parameters: for data in pieces. (Those of our
      models lie in em/sums. `collapsed` and `rounding` are then given sums.)
    - `sample(params, n, rng)`, which draws data and what was hidden;
    - `CAN_BE_FIXED`, the names of parameters that may be held;
    - `RANGES`, what each parameter can be, by name: "real" (unless said),
      "positive", "probability", "shares" or "covariance";
    - `within(params, **options)`, parameters that keep to the options (a
      floor), where a jump of `em.fit(…, accelerate=…)` led beyond them.
    """

    def e_step(self, data: Taken, params: Params, /) -> tuple[Given, float]:
        """Return the posterior of what is hidden, and the log-likelihood."""

    @property
    def m_step(self) -> Callable[..., Params]:
        """`m_step(data, posterior, **options)`, which returns parameters.

        The best there are, given that posterior. The options (a floor, a
        shape) are the model's own affair.
        """


# Parameters are an attrs class, a dataclass, a NamedTuple, a dict of arrays, or
# one array. What follows is all that the algorithm needs to know of them.


def named(params: object) -> dict[str, Array]:
    """Return the arrays that parameters hold, by name.

    Raises TypeError for what is not numbers.
    """
    if isinstance(params, dict):
        found = params
    elif hasattr(params, "_asdict"):
        found = params._asdict()
    elif names := field_names(params):
        found = values_of(params, names)
    else:
        found = {"parameters": params}
    return {name: as_floats(value, name) for name, value in found.items()}


def with_values(params: Params, values: dict[str, Array]) -> Params:
    """Return parameters of the same kind, some of them with other values."""
    if not values:
        return params
    found: object = values.get("parameters")
    if isinstance(params, dict):
        found = {**params, **values}
    elif hasattr(params, "_replace"):
        found = params._replace(**values)
    elif names := field_names(params):
        found = type(params)(**{**values_of(params, names), **values})
    return cast("Params", found)


def values_of(record: object, names: Iterable[str]) -> dict[str, Any]:
    """Return what a record holds, by name."""
    return {name: getattr(record, name) for name in names}


def field_names(params: object) -> tuple[str, ...]:
    """Return the names of the fields of an attrs class or a dataclass."""
    return names_of(type(params))


NAMES: dict[type[object], tuple[str, ...]] = {}  # asked for in every step


def names_of(kind: type[object]) -> tuple[str, ...]:
    """Return the same for a class."""
    if kind not in NAMES:
        NAMES[kind] = (
            tuple(kind.__dataclass_fields__)
            if is_dataclass(kind)
            else tuple(one.name for one in getattr(kind, "__attrs_attrs__", ()))
        )
    return NAMES[kind]
