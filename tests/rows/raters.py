"""Raters and their ratings, as the tests over all models need them."""

from typing import Any

import numpy as np

from em.kinds.ratings import Ratings, table
from em.models import raters
from em.models.raters import Raters
from rows.kinds import Mixture, refused

TRUTH = Raters(
    [
        [[0.9, 0.05, 0.05], [0.8, 0.15, 0.05], [0.9, 0.02, 0.08]],
        [[0.1, 0.85, 0.05], [0.05, 0.9, 0.05], [0.15, 0.8, 0.05]],
        [[0.05, 0.05, 0.9], [0.1, 0.05, 0.85], [0.05, 0.15, 0.8]],
    ],
    [0.3, 0.5, 0.2],
)
FAIR = 0.1 + 0.7 * np.eye(3)


class AnyRaters(Mixture):
    """A row whose rows of probabilities lie in a field of three dimensions."""

    def anywhere(self, rng: np.random.Generator) -> Raters:
        return Raters(
            rng.dirichlet(np.ones(3), (3, 3)), rng.dirichlet(np.ones(3))
        )


def log_density(ratings: Ratings, i: int, raters: Raters, k: int) -> float:
    """Add up one rating after another; each rater's shares to 1, if nudged."""
    total = 0.0
    for item, j, label in zip(
        ratings.items, ratings.raters, ratings.labels, strict=True
    ):
        if item == i:
            said = raters.confusion[k, int(j)]
            total += np.log(said[int(label)] / said.sum())
    return total


def repeated(ratings: Ratings, times: np.ndarray) -> Ratings:
    """Give the ratings with item i, and all that was said of it, so often."""
    twins = np.repeat(np.arange(len(times)), times)
    mine = [np.flatnonzero(ratings.items == i) for i in twins]
    which = np.concatenate(mine)
    return Ratings(
        np.repeat(np.arange(len(twins)), [len(one) for one in mine]),
        ratings.raters[which],
        ratings.labels[which],
        [len(twins), *ratings.shape[1:]],
    )


# Two items, two raters, two labels.
TWO = Ratings([0, 0, 1], [0, 1, 1], [0, 1, 1])
HALVES = np.full((1, 2, 2), 0.5)


def refused_data(
    words: str, *columns: Any, error: type[Exception] = ValueError
) -> Any:
    return (
        lambda: raters.check(Ratings(*columns), Raters(HALVES)),
        error,
        words,
    )


def refused_start(words: str, *start: Any, data: Any = TWO) -> Any:
    return refused(raters, data, Raters(*start), ValueError, words)


def refused_rows(words: str, rows: Any, error: type = ValueError) -> Any:
    return lambda: table(rows), error, words


ROW = AnyRaters(
    raters,
    TRUTH,
    Raters(np.stack([FAIR[[k] * 3] for k in range(3)])),
    raters.sample,
    log_density,
    0.08,
    [
        refused_data(r"items\[1\] is nan", [0, np.nan], [0, 0], [0, 0]),
        refused_data(r"items\[0\] is -1: expected a whole", [-1], [0], [0]),
        refused_data(r"raters\[0\] is 0.5: expected a whole", [0], [0.5], [0]),
        refused_data(r"labels\[0\] is inf", [0], [0], [np.inf]),
        refused_data(r"1 items, 2 raters, 1 labels", [0], [0, 1], [0]),
        refused_data(r"items is empty", [], [], []),
        refused_data(r"items: expected one dimension", [[0]], [0], [0]),
        refused_data(r"items: 0 has no rating", [1, 2], [0, 1], [0, 1]),
        refused_data(r"items: 1 has no rating", [0, 2], [0, 1], [0, 1]),
        refused_data(r"raters: 0 has no rating", [0, 1], [1, 2], [0, 1]),
        refused_data(
            r"raters: 1 has no rating", [0, 0], [0, 2], [0, 1], [1, 3, 2]
        ),
        refused_data(
            r"raters: 2 has no rating", [0, 0], [0, 1], [0, 1], [1, 3, 2]
        ),
        refused_data(
            r"labels\[1\] is 2: expected a number below 2, as shape says",
            [0, 1],
            [0, 1],
            [0, 2],
            [2, 2, 2],
        ),
        refused_data(r"shape has 2 numbers: .* labels", [0], [0], [0], [1, 1]),
        refused_data(
            r"items: expected numbers, .*'a'", ["a"], [0], [0], error=TypeError
        ),
        refused_data(
            r"labels: expected numbers", [0], [0], ["no"], error=TypeError
        ),
        refused(
            raters,
            [[0, 0, 1]],
            Raters(HALVES),
            TypeError,
            r"expected em.kinds.ratings.Ratings\(items, raters, labels, shape\)",
        ),
        refused(
            raters,
            TWO,
            HALVES,
            TypeError,
            r"expected em.models.raters.Raters\(confusion, weights\)",
        ),
        (lambda: Raters("ab"), TypeError, r"confusion: expected numbers"),
        refused_start(r"confusion: expected three", HALVES[0]),
        refused_start(r"confusion\[0, 1, 0\] is nan", [[[1, 0], [np.nan, 1]]]),
        refused_start(r"confusion\[0, 1\] sum to 0.9", [[[1, 0], [0.5, 0.4]]]),
        refused_start(r"\[0, 0\]\[1\] is -0.5", [[[1.5, -0.5], [0.5, 0.5]]]),
        refused_start(r"1 confusion, 2 weights", HALVES, [0.5, 0.5]),
        refused_start(r"weights sum to 0.9", HALVES, [0.9]),
        refused_start(
            r"shape \(1, 2, 3\): for each class expected 2 raters and 2 labels",
            np.full((1, 2, 3), 1 / 3),
        ),
        refused_start(
            r"observation 1 is impossible under every class",
            [[[0.5, 0.5], [1, 0]]],
            data=Ratings([0, 0, 1], [0, 1, 1], [0, 0, 1]),
        ),
        refused_rows(
            r"rows\[1\] is \(1, 2\): expected \[item", [[1, 2, 3], [1, 2]]
        ),
        refused_rows(
            r"rows\[0\] is .*leave out what was not", [["a", "b", None]]
        ),
        refused_rows(r"rows\[0\] is .*leave out", [["a", "b", ""]]),
        refused_rows(r"rows\[0\] is .*leave out", [["a", "b", float("nan")]]),
        refused_rows(r"rows is empty", []),
        refused_rows(
            r"names of one kind", [["a", 1, 1], ["b", "x", 1]], TypeError
        ),
    ],
    {},
    repeated=repeated,
)
PRIOR = raters.RatersPrior(0.5, 1)
