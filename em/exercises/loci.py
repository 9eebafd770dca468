"""Exercise: EM for two linked loci, as in Dempster, Laird and Rubin (1977)."""

import numpy as np

from em.exercises.task import Step
from em.numbers.arrays import Array

COUNTS = np.array([125.0, 18, 20, 34])


def linked_loci(counts: Array, theta: float) -> float:
    """Return θ after one iteration, for cells (2 + θ, 1 − θ, 1 − θ, θ) / 4."""
    first, second, third, fourth = counts
    hidden = first * theta / (2 + theta)
    return float((hidden + fourth) / (hidden + second + third + fourth))


def all_of_the_first(counts: Array, theta: float) -> float:
    return float((counts[0] + counts[3]) / counts.sum())


def none_of_the_first(counts: Array, theta: float) -> float:
    _, second, third, fourth = counts
    return float(fourth / (second + third + fourth))


def over_everything(counts: Array, theta: float) -> float:
    hidden = counts[0] * theta / (2 + theta)
    return float((hidden + counts[3]) / counts.sum())


def two_thirds(counts: Array, theta: float) -> float:
    first, second, third, fourth = counts
    hidden = first * 2 / (2 + theta)
    return float((hidden + fourth) / (hidden + second + third + fourth))


def half_of_it(counts: Array, theta: float) -> float:
    first, second, third, fourth = counts
    hidden = first / 2
    return float((hidden + fourth) / (hidden + second + third + fourth))


two_linked_loci = Step(
    linked_loci,
    "The first cell is two cells in one; θ has a part of it to itself.",
    ((COUNTS, 0.5), (np.array([14.0, 1, 2, 5]), 0.3)),
    (
        (all_of_the_first, "That credits θ with all of the first cell."),
        (none_of_the_first, "That credits θ with none of the first cell."),
        (
            over_everything,
            "The divisor still has the part that says nothing of θ.",
        ),
        (two_thirds, "That is the other part of the first cell."),
        (half_of_it, "That splits the first cell in halves, whatever θ is."),
    ),
    (
        "The first cell has the probability 2/4 + θ/4. How much of it is θ's?",
        "θ / (2 + θ) of it. Then θ is its counts, by those of θ and of 1 − θ.",
    ),
)
