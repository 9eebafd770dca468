"""Transcripts and their reads, as the tests over all models need them."""

from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances
from rows.kinds import Other, refused

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


TWO = Classes([[0], [0, 1]], [3, 4], [10, 20])


def refused_data(words: str, *data: Any, error: type = ValueError) -> Any:
    return lambda: Classes(*data), error, words


def refused_start(start: Any, words: str, error: type = ValueError) -> Any:
    return refused(transcripts, TWO, start, error, words)


def rows_of(data: Any, columns: Any, starts: Any) -> csr_array:
    """Give compressed rows as they stand: not put in order, nothing added up."""
    return csr_array((data, columns, starts), shape=(len(starts) - 1, 2))


ROW = Other(
    transcripts,
    Abundances([400, 600, 1000]),
    Abundances([1, 1, 1]),
    lambda truth, n, rng: transcripts.sample(truth, SETS, PLACES, n, rng),
    lambda rng: Abundances(rng.dirichlet([1, 1, 1])),
    100.0,
    [
        refused_data(
            r"class 1 names transcript 2: .* from 0 to 1",
            [[0], [2]],
            [1, 1],
            [9, 9],
        ),
        refused_data(
            r"class 0 names transcript -1: expected", [[-1]], [1], [9]
        ),
        refused_data(
            r"class 0 names transcript 0.5: expected", [[0.5]], [1], [9]
        ),
        refused_data(
            r"class 1 names transcript nan: expected",
            [[0], [np.nan]],
            [1, 1],
            [9],
        ),
        refused_data(
            r"class 0 names transcript inf: expected", [[np.inf]], [1], [9]
        ),
        refused_data(r"class 1 has no transcripts", [[0], []], [1, 1], [9]),
        refused_data(
            r"class 0 names a transcript twice", [[0, 1, 0]], [1], [9, 9]
        ),
        refused_data(
            r"class 1 names a transcript twice",
            rows_of([1, 1, 1], [0, 1, 1], [0, 1, 3]),
            [1, 1],
            [9, 9],
        ),
        refused_data(
            r"members\[1, 0\] is stored as 0: expected 1, or nothing stored",
            rows_of([1, 0, 1], [0, 0, 1], [0, 1, 3]),
            [1, 1],
            [9, 9],
        ),
        refused_data(
            r"members\[0, 1\] is stored as 0.5: expected 1",
            rows_of([1, 0.5], [0, 1], [0, 2]),
            [1],
            [9, 9],
        ),
        refused_data(
            r"members have shape \(1, 2\): expected 3 columns, as there are",
            rows_of([1, 1], [0, 1], [0, 2]),
            [1],
            [9, 9, 9],
        ),
        refused_data(
            r"members have shape \(2,\): expected 2 columns",
            csr_array(np.ones(2)),
            [1, 1],
            [9, 9],
        ),
        refused_data(
            r"members: expected a list of transcripts for each .* list \[0, 1\]",
            [0, 1],
            [1, 1],
            [9, 9],
            error=TypeError,
        ),
        refused_data(
            r"members: .*or a csr_array of ones, got scipy.sparse._csc",
            csc_array(np.eye(2)),
            [1, 1],
            [9, 9],
            error=TypeError,
        ),
        refused_data(
            r"members: expected a list .*NoneType",
            None,
            [1],
            [9],
            error=TypeError,
        ),
        refused_data(
            r"members: expected numbers, got list \['a'",
            ["ab"],
            [1],
            [9],
            error=TypeError,
        ),
        refused_data(
            r"members: expected lists of numbers, got deeper",
            [[[0]]],
            [1],
            [9],
        ),
        refused_data(
            r"members is a masked array",
            [[0], np.ma.masked_array([0, 1], [0, 1])],
            [1, 1],
            [9, 9],
            error=TypeError,
        ),
        refused_data(
            r"members: expected floats", [[10**400]], [1], [9], error=TypeError
        ),
        refused_data(
            r"counts: expected floats", [[0]], [10**400], [9], error=TypeError
        ),
        refused_data(
            r"lengths: expected floats", [[0]], [1], [10**400], error=TypeError
        ),
        refused_data(
            r"counts: expected numbers", [[0]], ["3"], [9], error=TypeError
        ),
        refused_data(
            r"counts\[1\] is -1: expected a count", [[0], [0]], [1, -1], [9]
        ),
        refused_data(  # by the number that the reader gave it
            r"counts\[1\] is -1: expected a count",
            [[0, 1], [0], [1]],
            [0, -1, 2],
            [9, 9],
        ),
        refused_data(r"counts\[0\] is nan", [[0]], [np.nan], [9]),
        refused_data(r"counts\[0\] is 1e-300", [[0]], [1e-300], [9]),
        refused_data(r"counts\[0\] is 1e\+200", [[0]], [1e200], [9]),
        refused_data(
            r"counts are all 0: expected at least one", [[0]], [0], [9]
        ),
        refused_data(r"counts is empty", [], [], [9]),
        refused_data(
            r"lengths\[1\] is 0.5: expected at least one", [[0]], [1], [9, 0.5]
        ),
        refused_data(r"lengths\[0\] is inf", [[0]], [1], [np.inf]),
        refused_data(r"lengths\[0\] is 1e\+200", [[0]], [1], [1e200]),
        refused_data(r"1 members, 2 counts", [[0]], [1, 2], [9]),
        refused_start(Abundances([1, -1]), r"alpha\[1\] is -1"),
        refused_start(Abundances([1, np.nan]), r"alpha\[1\] is nan"),
        refused_start(Abundances([1e300, 1e300]), r"alpha\[0\] is 1e\+300"),
        refused_start(Abundances([0, 0]), r"alpha is 0 throughout"),
        refused_start(Abundances([[1, 1]]), r"alpha: expected one dimension"),
        (lambda: Abundances("ab"), TypeError, r"alpha: expected numbers"),
        (
            lambda: Abundances([10**400, 1]),
            TypeError,
            r"alpha: expected floats",
        ),
        refused_start(Abundances([1, 1, 1]), r"2 lengths, 3 alpha"),
        refused_start(
            Abundances([0, 1]), r"reads that fit \[0\] are impossible"
        ),
        refused_start(
            Abundances([1e-290, 1]),
            r"reads that fit \[0\] are impossible: their α is 0, or next to it",
        ),
        refused(
            transcripts,
            [[0], [1]],
            Abundances([1, 1]),
            TypeError,
            r"data is a list .*: expected em.kinds.read_classes.Classes\(members, ",
        ),
        refused_start(
            [1, 1],
            r"start is a list .*: expected em.models.transcripts.Abundances\(",
            TypeError,
        ),
        refused(
            transcripts,
            TWO,
            Abundances([1, 1]),
            TypeError,
            r"no sample_weights: a class has a count already. Multiply that",
            sample_weights=[1, 2],
        ),
        refused(
            transcripts,
            TWO,
            Abundances([1, 1]),
            TypeError,
            r"min_std",
            min_std=1,
        ),
    ],
    log_likelihood,
    expected,
    # Only proportions matter: the logarithms of all but the last against it.
    lambda abundances: np.log(abundances.alpha[:-1] / abundances.alpha[-1]),
    lambda free: Abundances(60 * np.exp([*free, 0]) / np.exp([*free, 0]).sum()),
    {},
    repeated=None,  # classes have counts already
)
PRIOR = transcripts.AbundancesPrior(2)
