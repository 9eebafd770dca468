"""Exercises on paper, whose answer is numbers."""

from collections.abc import Callable

import numpy as np

from em.exercises.task import Numbers
from em.numbers.arrays import Array

# Three rounds of two coins, and a guess.
HEADS, TAILS = np.array([8.0, 3, 9]), np.array([2.0, 7, 11])
THETA, HALF = np.array([0.7, 0.4]), np.array([0.5, 0.5])
# Three points and two bells.
POINTS, MEANS = np.array([1.0, 2, 3]), np.array([1.0, 3])


def likelihoods(theta: Array = THETA) -> Array:
    """Return the probability of each round under each coin, (n, 2)."""
    heads, tails = HEADS[:, None], TAILS[:, None]
    found: Array = theta**heads * (1 - theta) ** tails
    return found


def rows(parts: Array) -> Array:
    """Return each row divided by its sum."""
    divided: Array = parts / parts.sum(axis=1, keepdims=True)
    return divided


SHARES = rows(likelihoods())
CUT = np.eye(2)[SHARES.argmax(axis=1)]


def thetas(shares: Array) -> list[float]:
    """Return heads credited, divided by flips credited."""
    return list(HEADS @ shares / ((HEADS + TAILS) @ shares))


share_out = Numbers(
    lambda: list(SHARES[:, 0]),
    "Each round goes mostly to the coin that makes it likelier.",
    (
        (
            lambda: [0.7 / 1.1] * 3,
            "That compares the two guesses and leaves out the rounds.",
        ),
        (
            lambda: list(rows(THETA ** HEADS[:, None])[:, 0]),
            "That leaves out the tails: three heads alone look like A.",
        ),
        (
            lambda: list(CUT[:, 0]),
            "That chooses a coin for each round, and does not share.",
        ),
        (
            lambda: list(SHARES[:, 1]),
            "These are the shares of B: the two of a round sum to 1.",
        ),
        (
            lambda: list(SHARES[:, 0] / SHARES[:, 0].sum()),
            "These sum to 1 over the rounds. They should over the coins.",
        ),
    ),
    (
        "How likely is the round under A, and how likely under B?",
        "A's share is its likelihood divided by the sum of the two.",
    ),
)

count = Numbers(
    lambda: thetas(SHARES),
    "Heads credited to a coin, divided by flips credited to it.",
    (
        (
            lambda: list(
                (HEADS / (HEADS + TAILS)) @ SHARES / SHARES.sum(axis=0)
            ),
            "That averages the rounds' proportions. The rounds are not of one "
            "length: a flip counts as much as another.",
        ),
        (
            lambda: list(HEADS @ SHARES / (HEADS + TAILS).sum()),
            "That divides by all flips. Divide by those credited to the coin.",
        ),
        (
            lambda: thetas(CUT),
            "That gives each round whole to one coin first.",
        ),
        (
            lambda: thetas(np.full((3, 2), 0.5)),
            "That gives both coins the same half of each round.",
        ),
        (
            lambda: list(TAILS @ SHARES / ((HEADS + TAILS) @ SHARES)),
            "That is the probability of tails.",
        ),
    ),
    (
        "A is credited with its share of the heads of each round.",
        "Add up those heads, and divide by A's share of all flips.",
    ),
)

weights = Numbers(
    lambda: list(SHARES.mean(axis=0)),
    "A coin's weight is its average share of a round.",
    (
        (
            lambda: [0.5, 0.5],
            "They were the guess. The shares are no longer equal.",
        ),
        (
            lambda: list((HEADS + TAILS) @ SHARES / (HEADS + TAILS).sum()),
            "That counts flips. A coin is drawn once a round, not once a flip.",
        ),
        (
            lambda: list(likelihoods().sum(axis=0) / likelihoods().sum()),
            "That adds up likelihoods. Divide each round by its own sum first.",
        ),
        (
            lambda: list(CUT.mean(axis=0)),
            "That gives each round whole to one coin first.",
        ),
        (
            lambda: list(SHARES.sum(axis=0)),
            "These are rounds credited to each coin. Weights sum to 1.",
        ),
    ),
    (
        "How many rounds, in all, is A credited with?",
        "Divide that by the number of rounds.",
    ),
)


def bells(
    width: Callable[[Array, Array, Array], float], hard: bool = False
) -> list[float]:
    """Return the two means after one iteration, and a width from A's shares."""
    away = (POINTS[:, None] - MEANS) ** 2
    r = rows(np.exp(-away / 2))
    if hard:
        r = rows((away == away.min(axis=1, keepdims=True)).astype(float))
    means = POINTS @ r / r.sum(axis=0)
    return [*means, width(r[:, 0], means, MEANS)]


def spread(r: Array, means: Array, _: Array) -> float:
    """Return the standard deviation of A's part of the points."""
    return float(np.sqrt(r @ (POINTS - means[0]) ** 2 / r.sum()))


three_points = Numbers(
    lambda: bells(spread),
    "Weighted mean, and weighted standard deviation about the new mean.",
    (
        (
            lambda: bells(lambda r, m, old: spread(r, m, old) ** 2),
            "The third is the variance. The width is its root.",
        ),
        (
            lambda: bells(
                lambda r, m, old: float(
                    np.sqrt(r @ (POINTS - old[0]) ** 2 / r.sum())
                )
            ),
            "The width is taken about the old mean. Take the new one.",
        ),
        (
            lambda: bells(
                lambda r, m, old: float(
                    np.sqrt(((POINTS - m[0]) ** 2).sum() / 3)
                )
            ),
            "The squares are not weighted by A's shares.",
        ),
        (
            lambda: bells(
                lambda r, m, old: float(
                    np.sqrt(r @ (POINTS - m[0]) ** 2 / (r.sum() - 1))
                )
            ),
            "That divides by one less. Maximum likelihood does not.",
        ),
        (
            lambda: bells(spread, hard=True),
            "That gives the points at 1 and 3 whole to the nearer bell.",
        ),
    ),
    (
        "The point at 2 is as far from A as from B: half each. The others?",
        "A's share of the point at 1 is 1 / (1 + e to the power of −2).",
    ),
)


def holes(fill: float, divisor: float, added: bool = True) -> list[float]:
    """Return three variances and the limit, of 12, 14, 16 and two holes."""
    variance, found = 1.0, []
    for _ in range(2000):
        variance = (8 + 2 * variance * added + fill) / divisor
        found.append(variance)
    return [*found[:3], found[-1]]


two_holes = Numbers(
    lambda: holes(0, 5),
    "A filled value is uncertain, by the present variance: so it adds that.",
    (
        (
            lambda: holes(0, 5, added=False),
            "That takes a filled value for a reading. It adds the present "
            "variance to the sum of squares.",
        ),
        (
            lambda: holes(0, 4),
            "That divides by one less than five.",
        ),
        (
            lambda: [2.0, 2.0, 2.0, 2.0],
            "The first step is right. It goes on: use the new variance.",
        ),
        (
            lambda: [8 / 3] * 4,
            "That is where it ends. The first steps are on the way there.",
        ),
        (
            lambda: list(np.sqrt(holes(0, 5))),
            "These are standard deviations.",
        ),
    ),
    (
        "The squares of 12, 14 and 16 about 14 sum to 8.",
        "Each hole adds the present variance, 1 at first. Divide by 5.",
    ),
)
