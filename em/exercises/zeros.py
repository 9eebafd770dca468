"""Exercise: EM for counts with too many zeros."""

import numpy as np

from em.exercises.task import Step
from em.numbers.arrays import Array

COUNTS = np.array([0.0, 0, 0, 0, 1, 2, 2, 3, 0, 5, 1, 0])


def zero_inflated(counts: Array, p: float, rate: float) -> tuple[float, float]:
    """Return the share of idle ones, and the rate of the others."""
    zero = counts == 0
    idle = np.where(zero, p / (p + (1 - p) * np.exp(-rate)), 0)
    return float(idle.mean()), float(counts.sum() / (1 - idle).sum())


def all_zeros(counts: Array, p: float, rate: float) -> tuple[float, float]:
    zero = counts == 0
    return float(zero.mean()), float(counts.sum() / (~zero).sum())


def over_all(counts: Array, p: float, rate: float) -> tuple[float, float]:
    share, _ = zero_inflated(counts, p, rate)
    return share, float(counts.mean())


def no_prior(counts: Array, p: float, rate: float) -> tuple[float, float]:
    return zero_inflated(counts, 0.5, rate)


def everyone(counts: Array, p: float, rate: float) -> tuple[float, float]:
    idle = np.full(len(counts), p / (p + (1 - p) * np.exp(-rate)))
    return float(idle.mean()), float(counts.sum() / (1 - idle).sum())


def working(counts: Array, p: float, rate: float) -> tuple[float, float]:
    share, new = zero_inflated(counts, p, rate)
    return 1 - share, new


zero_inflated_counts = Step(
    zero_inflated,
    "A zero is shared between the two reasons; only the rest make the rate.",
    ((COUNTS, 0.4, 1.5), (COUNTS[:8], 0.2, 3.0)),
    (
        (
            all_zeros,
            "That takes every zero for idle. A Poisson makes zeros, too.",
        ),
        (
            over_all,
            "The rate divides by all. Divide by those that are not idle.",
        ),
        (no_prior, "The E-step leaves out how common the idle are, p."),
        (everyone, "A count above 0 cannot be idle: its share is 0."),
        (working, "The first is the share of those that are not idle."),
    ),
    (
        "Where the count is 0: how likely is it if idle, and if not?",
        "Idle: p times 1. Not idle: (1 − p) times exp(−rate).",
    ),
)
