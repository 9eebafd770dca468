"""Transcripts and their reads, as the tests over all models need them."""

from typing import Any

import numpy as np

import em
from em.models import transcripts
from em.models.transcripts import Abundances
from em.read_classes import Classes
from rows.kinds import Other

# Every set of three transcripts, and at how many places reads can fit exactly it.
SETS = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]
PLACES = [5, 40, 10, 60, 30, 20, 15]


def log_likelihood(classes: Classes, abundances: Abundances) -> float:
    """Sum over reads, one class at a time, with no matrix in it."""
    alpha, lengths = abundances.alpha, classes.lengths
    return sum(
        count
        * np.log(
            sum(
                alpha[t] / alpha.sum() / lengths[t] for t in np.flatnonzero(row)
            )
        )
        for row, count in zip(
            classes.members.toarray(), classes.counts, strict=True
        )
    )


def expected(classes: Classes, reads: Any, abundances: Abundances) -> float:
    shares = abundances.alpha / abundances.alpha.sum()
    return sum(
        n * (np.log(share) - np.log(length))
        for n, share, length in zip(reads, shares, classes.lengths, strict=True)
    )


def refused(words: str, *data: Any, error: type = ValueError) -> Any:
    return lambda: Classes(*data), error, words


TWO = Classes([[0], [0, 1]], [3, 4], [10, 20])

ROW = Other(
    transcripts,
    Abundances([400, 600, 1000]),
    Abundances([1, 1, 1]),
    lambda truth, n, rng: transcripts.sample(truth, SETS, PLACES, n, rng),
    lambda rng: Abundances(rng.dirichlet([1, 1, 1])),
    100.0,
    [
        refused(
            r"class 1 names transcript 2: .* from 0 to 1",
            [[0], [2]],
            [1, 1],
            [9, 9],
        ),
        refused(r"class 0 names transcript -1: expected", [[-1]], [1], [9]),
        refused(r"class 0 names transcript 0.5: expected", [[0.5]], [1], [9]),
        refused(
            r"class 1 names transcript nan: expected",
            [[0], [np.nan]],
            [1, 1],
            [9],
        ),
        refused(r"class 1 has no transcripts", [[0], []], [1, 1], [9]),
        refused(r"class 0 names a transcript twice", [[0, 1, 0]], [1], [9, 9]),
        refused(
            r"counts\[1\] is -1: expected a count", [[0], [0]], [1, -1], [9]
        ),
        refused(r"counts\[0\] is nan", [[0]], [np.nan], [9]),
        refused(r"counts are all 0: expected at least one", [[0]], [0], [9]),
        refused(
            r"lengths\[1\] is 0.5: expected at least one", [[0]], [1], [9, 0.5]
        ),
        refused(r"lengths\[0\] is inf", [[0]], [1], [np.inf]),
        refused(r"1 members, 2 counts", [[0]], [1, 2], [9]),
        (lambda: Abundances([1, -1]), ValueError, r"alpha\[1\] is -1"),
        (lambda: Abundances([1, np.nan]), ValueError, r"alpha\[1\] is nan"),
        (lambda: Abundances([0, 0]), ValueError, r"alpha is 0 throughout"),
        (
            lambda: em.fit(transcripts, TWO, Abundances([1, 1, 1])),
            ValueError,
            r"2 lengths, 3 alpha",
        ),
        (
            lambda: em.fit(transcripts, TWO, Abundances([0, 1])),
            ValueError,
            r"reads that fit \[0\] are impossible",
        ),
        (
            lambda: em.fit(transcripts, [[0], [1]], Abundances([1, 1])),
            TypeError,
            r"data is a builtins.list: expected em.read_classes.Classes\(",
        ),
        (
            lambda: em.fit(transcripts, TWO, [1, 1]),
            TypeError,
            r"start is a builtins.list: expected em.models.transcripts.Abundances\(",
        ),
    ],
    log_likelihood,
    expected,
    # Only proportions matter: the logarithms of all but the last against it.
    lambda abundances: np.log(abundances.alpha[:-1] / abundances.alpha[-1]),
    lambda free: Abundances(60 * np.exp([*free, 0]) / np.exp([*free, 0]).sum()),
    {},
)
