"""What the tests over all models need to know of each: its row."""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import attrs
import numpy as np

import em
from em.model import named as arrays
from em.model import with_values

# Parameters whose rows are probabilities that sum to 1.
PROBABILITIES = ("weights", "initial", "transitions")


def mapped(thing: Any, change: Callable[[Any], Any]) -> Any:
    """Give an attrs class with each field changed, or an array changed."""
    if not attrs.has(type(thing)):
        return change(thing)
    names = [one.name for one in attrs.fields(type(thing))]
    return type(thing)(**{name: change(getattr(thing, name)) for name in names})


def repeated(data: Any, times: np.ndarray) -> Any:
    """Give data in which observation i stands `times[i]` times."""
    return mapped(data, lambda field: np.repeat(field, times, axis=0))


def refused(
    model: ModuleType, data: Any, start: Any, error: type, words: str, **options
) -> Any:
    """Give what `em.fit` refuses, as an entry of a row's `refused`."""
    return lambda: em.fit(model, data, start, **options), error, words


def in_any_order(params: Any, labels: tuple[int, ...]) -> float:
    """Give log p(labels) where labels are drawn one by one, by weight."""
    return float(np.log(params.weights[list(labels)]).sum())


def expected_in_any_order(params: Any, responsibilities: Any) -> float:
    """Give the expectation of log p(labels)."""
    return float((responsibilities * np.log(params.weights)).sum())


def evenly(field: np.ndarray) -> np.ndarray:
    """Give the field as it is, or symmetric where it holds matrices."""
    return (field + field.swapaxes(1, 2)) / 2 if field.ndim == 3 else field


class Mixture(NamedTuple):
    """A mixture, and what the tests need to know of it."""

    model: ModuleType
    truth: Any  # parameters to sample from
    start: Any
    sample: Any  # (truth, n, rng) -> data, labels
    log_density: Any  # (data, i, truth, k) -> log p(x_i | k), another library's
    near: float  # how far an estimate from 2,000 observations may be off
    refused: list[tuple[Any, type, str]]  # what is called, the error, its words
    options: dict[str, Any]  # for fits from starts that may collapse
    # What differs where the labels are not drawn one by one.
    states: Any = lambda responsibilities: responsibilities  # shape (n, k)
    prior: Any = in_any_order
    expected_prior: Any = expected_in_any_order
    shares: Any = lambda truth: truth.weights  # of each component, in the end
    not_to_be_found: tuple[str, ...] = ()  # however long the series is
    # (data, times) -> data, observation i so often; None: weights refused
    repeated: Any = repeated

    def anywhere(self, rng: np.random.Generator) -> Any:
        """Give a start that has nothing to do with the data, or nearly so."""
        return with_values(
            self.truth,
            {
                name: rng.dirichlet(np.ones(3), field.shape[:-1])
                if name in PROBABILITIES
                else rng.choice(field, len(field))
                + 0.05 * evenly(rng.random(field.shape))
                for name, field in arrays(self.truth).items()
            },
        )


class Other(NamedTuple):
    """A model whose hidden part is not a label: its E-step expects numbers."""

    model: ModuleType
    truth: Any
    start: Any
    sample: Any  # (truth, n, rng) -> data, what was hidden
    anywhere: Any  # rng -> a start
    near: float
    refused: list[tuple[Any, type, str]]
    log_likelihood: Any  # (data, params), by another library
    expected: (
        Any  # (data, what the E-step gave, params) -> E[complete log-lik.]
    )
    free: Any  # params -> numbers without bounds, shape (m,)
    bound: Any  # the way back
    options: dict[str, Any]
    not_to_be_found: tuple[str, ...] = ()
    # (data, times) -> data, observation i so often; None: weights refused
    repeated: Any = repeated
