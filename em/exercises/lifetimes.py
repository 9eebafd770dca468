"""Exercise: EM for two exponentials, some of whose items still run."""

import numpy as np

from em.exercises.task import Step
from em.numbers.arrays import Array

TIMES = np.random.default_rng(12).exponential(3, 20)
FAILED = (TIMES < 4).astype(float)


def exponentials(
    times: Array, failed: Array, rates: Array, weights: Array
) -> tuple[Array, Array]:
    """Return rates and weights after one iteration.

    A time at which nothing had failed yet says that the lifetime is longer.
    """
    t, d = times[:, None], failed[:, None]
    joint = weights * rates**d * np.exp(-rates * t)
    r = joint / joint.sum(axis=1, keepdims=True)
    return failed @ r / (times @ r), r.mean(axis=0)


def all_failed(
    times: Array, failed: Array, rates: Array, weights: Array
) -> tuple[Array, Array]:
    return exponentials(times, np.ones(len(times)), rates, weights)


def left_out(
    times: Array, failed: Array, rates: Array, weights: Array
) -> tuple[Array, Array]:
    known = failed == 1
    return exponentials(times[known], failed[known], rates, weights)


def counted_as_failures(
    times: Array, failed: Array, rates: Array, weights: Array
) -> tuple[Array, Array]:
    t, d = times[:, None], failed[:, None]
    joint = weights * rates**d * np.exp(-rates * t)
    r = joint / joint.sum(axis=1, keepdims=True)
    return r.sum(axis=0) / (times @ r), r.mean(axis=0)


def without_weights(
    times: Array, failed: Array, rates: Array, weights: Array
) -> tuple[Array, Array]:
    return exponentials(times, failed, rates, np.ones(len(rates)))


def mean_lifetimes(
    times: Array, failed: Array, rates: Array, weights: Array
) -> tuple[Array, Array]:
    found, weight = exponentials(times, failed, rates, weights)
    return 1 / found, weight


censored_exponentials = Step(
    exponentials,
    "Failures credited, divided by time credited; all time counts.",
    (
        (TIMES, FAILED, np.array([0.2, 1.0]), np.array([0.3, 0.7])),
        (TIMES[:7], FAILED[:7], np.array([0.5, 2.0]), np.array([0.6, 0.4])),
    ),
    (
        (
            all_failed,
            "That takes running items for failed ones: where nothing failed, "
            "the density is not what was seen.",
        ),
        (left_out, "That leaves the running items out. Their time counts."),
        (
            counted_as_failures,
            "The E-step is right. The M-step counts items that did not fail.",
        ),
        (without_weights, "The E-step leaves out the mixing weights."),
        (
            mean_lifetimes,
            "These are mean lifetimes. The rate is one over that.",
        ),
    ),
    (
        "A failure at t has the density λ exp(−λ t). And one that still runs?",
        "It has the probability exp(−λ t). The rate is failures by time.",
    ),
)
