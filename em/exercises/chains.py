"""Exercise: the M-step of a hidden Markov model from two series."""

import numpy as np

from em.exercises.task import Step
from em.numbers.arrays import Array

RNG = np.random.default_rng(12)
SMOOTHED = RNG.dirichlet([1, 1], (2, 6))
MOVES = np.einsum("sti,stj->sij", SMOOTHED[:, :-1], SMOOTHED[:, 1:])
MOVES[1] *= 1.7  # a longer series would have more of them
TWO = RNG.poisson(4, (2, 6)).astype(float)


def two_series(
    series: Array, smoothed: Array, moves: Array
) -> tuple[Array, Array, Array]:
    """Return initial probabilities, transitions and rates.

    From counts (s, n), states (s, n, k) and expected moves (s, k, k).
    """
    initial = smoothed[:, 0].mean(axis=0)
    total = moves.sum(axis=0)
    rates = (series[:, :, None] * smoothed).sum(axis=(0, 1))
    return (
        initial,
        total / total.sum(axis=1, keepdims=True),
        rates / smoothed.sum(axis=(0, 1)),
    )


def first_only(
    series: Array, smoothed: Array, moves: Array
) -> tuple[Array, Array, Array]:
    return two_series(series[:1], smoothed[:1], moves[:1])


def averaged_rows(
    series: Array, smoothed: Array, moves: Array
) -> tuple[Array, Array, Array]:
    initial, _, rates = two_series(series, smoothed, moves)
    return (
        initial,
        (moves / moves.sum(axis=2, keepdims=True)).mean(axis=0),
        rates,
    )


def whole_matrix(
    series: Array, smoothed: Array, moves: Array
) -> tuple[Array, Array, Array]:
    initial, _, rates = two_series(series, smoothed, moves)
    total = moves.sum(axis=0)
    return initial, total / total.sum(), rates


def all_times(
    series: Array, smoothed: Array, moves: Array
) -> tuple[Array, Array, Array]:
    _, transitions, rates = two_series(series, smoothed, moves)
    return smoothed.mean(axis=(0, 1)), transitions, rates


def by_column(
    series: Array, smoothed: Array, moves: Array
) -> tuple[Array, Array, Array]:
    initial, _, rates = two_series(series, smoothed, moves)
    total = moves.sum(axis=0)
    return initial, total / total.sum(axis=0), rates


chain_of_two_series = Step(
    two_series,
    "First days, moves and counts add up over series, and are divided once.",
    ((TWO, SMOOTHED, MOVES), (TWO[:, :4], SMOOTHED[:, :4], MOVES[::-1])),
    (
        (first_only, "That uses the first series alone."),
        (averaged_rows, "Add up the moves first, and divide once."),
        (
            whole_matrix,
            "Each row of the transitions sums to 1, not the matrix.",
        ),
        (by_column, "Rows are where a move comes from: divide by row."),
        (
            all_times,
            "The initial probabilities are those of the first day alone.",
        ),
    ),
    (
        "What would you divide if the two series were one table of counts?",
        "Sum the moves over the series. Then divide each row by its own sum.",
    ),
)
