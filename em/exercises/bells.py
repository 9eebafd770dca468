"""Exercise: the M-step of bells, and what goes wrong in it."""

import numpy as np

from em.exercises.task import Step
from em.numbers.arrays import Array

RNG = np.random.default_rng(12)
X = np.concatenate([RNG.normal(0, 1, 8), RNG.normal(5, 2, 7)])
R = RNG.dirichlet([1, 2], len(X))


def bells(x: Array, r: Array) -> tuple[Array, Array, Array]:
    """Return means, standard deviations and weights, each (k,)."""
    size = r.sum(axis=0)
    mean = x @ r / size
    variance = (r * (x[:, None] - mean) ** 2).sum(axis=0) / size
    return mean, np.sqrt(variance), size / len(x)


def unweighted(x: Array, r: Array) -> tuple[Array, Array, Array]:
    mean, _, weight = bells(x, r)
    squares = (x[:, None] - mean) ** 2
    return mean, np.sqrt(squares.mean(axis=0)), weight


def variances(x: Array, r: Array) -> tuple[Array, Array, Array]:
    mean, std, weight = bells(x, r)
    return mean, std**2, weight


def one_less(x: Array, r: Array) -> tuple[Array, Array, Array]:
    mean, std, weight = bells(x, r)
    size = r.sum(axis=0)
    return mean, std * np.sqrt(size / (size - 1)), weight


def sizes(x: Array, r: Array) -> tuple[Array, Array, Array]:
    mean, std, weight = bells(x, r)
    return mean, std, weight * len(x)


def hard(x: Array, r: Array) -> tuple[Array, Array, Array]:
    return bells(x, np.eye(r.shape[1])[r.argmax(axis=1)])


m_step_of_bells = Step(
    bells,
    "Weighted mean, weighted standard deviation, average responsibility.",
    ((X, R), (X[:9], RNG.dirichlet([1, 1, 1], 9))),
    (
        (variances, "The second is the variance. Take its root."),
        (unweighted, "The squares are not weighted by the responsibilities."),
        (one_less, "That divides by one less. Maximum likelihood does not."),
        (sizes, "The third sums to the number of points. Weights sum to 1."),
        (hard, "That gives each point whole to one bell."),
    ),
    (
        "Each point counts as much as its responsibility: r.sum(axis=0).",
        "x @ r is the weighted sum for every bell at once.",
    ),
)
