"""Imaginary data beside those seen: what the models' priors share.

With `em.fit(…, prior=…)`, EM climbs to the maximum of the posterior density of
the parameters (MAP). A prior is imaginary data, added to what was credited;
its density is the likelihood of those, times a constant. Nothing imagined is a
flat prior. Each field is one number for all components, or one for each.
"""

import numpy as np
from numpy.typing import ArrayLike

from em.door import validation
from em.model import named
from em.numbers.arrays import Array, as_floats

ZERO, ONE = np.zeros(()), np.ones(())


def less_one(parameter: ArrayLike, name: str) -> Array:
    """Return α − 1, what a Beta, Dirichlet or Gamma counts beside the data."""
    return as_floats(parameter, name) - 1


def log_power(values: Array, powers: Array) -> float:
    """Return Σ log v^c, where 0^0 is 1."""
    c = np.broadcast_to(powers, values.shape)
    with np.errstate(divide="ignore"):  # log 0 is −∞
        return float(c[c != 0] @ np.log(values[c != 0]))


def log_wishart(covariances: Array, scatters: Array, counts: Array) -> float:
    """Return Σ_k −(n_k log |Σ_k| + tr Σ_k⁻¹ S_k) / 2, from (k, d, d)."""
    _, logs = np.linalg.slogdet(covariances)
    traces = np.trace(np.linalg.solve(covariances, scatters), axis1=1, axis2=2)
    return float(-(counts * logs + traces).sum()) / 2


def matrices(covariance: Array, d: int) -> Array:
    """Return covariances: of one number, that in every direction."""
    return covariance if covariance.ndim else covariance * np.eye(d)


# What the formulas need not care about.


def check(prior: object, k: int, **shapes: tuple[int, ...]) -> None:
    """Raise ValueError for what are no imaginary counts of k components.

    A field is one number, or has one for each component, unless another shape
    is given for it.
    """
    for name, values in named(prior).items():
        shape = shapes.get(name, (k,))
        for_all = () if name == "moves" else shape[1:]
        if values.shape not in ((), for_all, shape):
            raise ValueError(
                f"prior.{name} has shape {values.shape}: expected one number, "
                f"or shape {shape}"
            )
        if name == "mean":
            good, words = np.abs(values) < 1e100, "a number below 1e100"
        elif name == "std":
            good = (values > 1e-100) & (values < 1e100)
            words = "a standard deviation above 0"
        elif name == "covariance" and values.ndim:
            rows = values.reshape(-1, *shape[1:])
            validation.covariances(rows, "prior.covariance", shape[-1])
            continue
        elif name == "covariance":
            good, words = (values > 0) & (values < 1e100), "a variance above 0"
        else:
            good = (values >= 0) & (values < 1e100)
            words = "an imaginary count, not below 0"
        validation.require(good, values, f"prior.{name}", words)
