"""What hidden Markov models share, whatever their states emit."""

from typing import Any

import numpy as np
from scipy.special import xlogy

from em.door import validation
from em.hmm.forward_backward import ChainPosterior
from em.numbers.arrays import Array

STUCK = (
    "nothing follows it, so its transitions cannot be estimated. Start it "
    "nearer the data, or use fewer states"
)


def shares(counted: Array) -> Array:
    """Return counts divided by their sum, row by row."""
    divided: Array = counted / counted.sum(axis=-1, keepdims=True)
    return divided


def expected_log_path(
    posterior: ChainPosterior, initial: Array, transitions: Array
) -> float:
    """Return the average of log p(path) over all paths of states."""
    first = xlogy(posterior.smoothed[0], initial).sum()
    moved = xlogy(posterior.expected_transitions, transitions).sum()
    return float(first + moved)


def expected_log_densities(
    posterior: ChainPosterior, log_densities: Array
) -> float:
    """Return the average of log p(data | path) over all paths of states.

    A probability of 0 adds 0, also where the logarithm is −∞.
    """
    smoothed = posterior.smoothed
    return float((smoothed * np.where(smoothed > 0, log_densities, 0)).sum())


def sample(
    initial: Array, transitions: Array, n: int, rng: np.random.Generator
) -> Array:
    """Draw a path of `n` states, shape (n,)."""
    first = np.cumsum(initial)[:-1]
    next_ = np.cumsum(transitions, axis=1)[:, :-1]
    states = np.empty(n, dtype=int)
    for t, u in enumerate(rng.random(n)):
        up_to = next_[states[t - 1]] if t else first
        states[t] = (up_to <= u).sum()
    return states


def check(initial: Array, transitions: Array) -> None:
    """Raise ValueError for what are no probabilities of a chain."""
    validation.probabilities(initial, "initial")
    validation.transitions(transitions, len(initial))


def refuse_several(series: Any, name: str) -> None:
    """Raise ValueError for several series, where one is expected."""
    several = isinstance(series, list | tuple) and any(map(np.ndim, series[:1]))
    if (several or np.ndim(series) == 2) and len(series) > 1:
        raise ValueError(
            f"{name} holds {len(series)} series: expected one. "
            "Fit several with em.fit(..., map=map)"
        )


def series(values: Array, name: str) -> Array:
    """Return a series, or raise ValueError for one of a single value."""
    if len(values) < 2:
        raise ValueError(f"{name} has 1 value: expected a series, two or more")
    return values
