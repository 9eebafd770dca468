"""Imaginary counts: what the priors share."""

import numpy as np
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array, as_floats
from em.model import named

ZERO, ONE = np.zeros(()), np.ones(())


def less_one(parameter: ArrayLike, name: str) -> Array:
    """Return α − 1, what a Beta, Dirichlet or Gamma counts beside the data."""
    return as_floats(parameter, name) - 1


def log_power(values: Array, powers: Array) -> float:
    """Return Σ log v^c, where 0^0 is 1."""
    c = np.broadcast_to(powers, values.shape)
    with np.errstate(divide="ignore"):  # log 0 is −∞
        return float(c[c != 0] @ np.log(values[c != 0]))


# What the formulas need not care about.


def check(prior: object, k: int) -> None:
    """Raise ValueError for what are no imaginary counts of k components."""
    for name, values in named(prior).items():
        shape = (k, k) if name == "moves" else (k,)
        if values.shape not in ((), shape):
            raise ValueError(
                f"prior.{name} has shape {values.shape}: expected one number, "
                f"or shape {shape}"
            )
        if name == "mean":
            good, words = np.abs(values) < 1e100, "a number below 1e100"
        elif name == "std":
            good = (values > 1e-100) & (values < 1e100)
            words = "a standard deviation above 0"
        else:
            good = (values >= 0) & (values < 1e100)
            words = "an imaginary count, not below 0"
        _validation.require(good, values, f"prior.{name}", words)
