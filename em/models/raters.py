"""Raters who disagree: which class is each item, and who is right how often?"""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.kinds.ratings import Ratings, check_ratings
from em.mixture import NO_DATA, empty, posterior
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, floats, fractions, numbers
from em.numbers.defaults import equal_weights

RANGES = {"confusion": "shares", "weights": "shares"}


@frozen(eq=False)
class Raters:
    """What raters say of each class, (k, raters, labels), and weights, (k,).

    confusion[k, j, l] is the probability that rater j gives label l to an
    item of class k; the weights are how common the classes are.
    """

    confusion: Array = field(converter=fractions, validator=numbers)
    weights: Array = field(
        default=equal_weights, converter=fractions, validator=numbers
    )


@frozen(eq=False)
class Sums(Adds):
    """Votes, (k, raters, labels), and items, (k,), credited to each class."""

    votes: Array = field()
    sizes: Array = field()


def log_joint(ratings: Ratings, raters: Raters) -> Array:
    """Return log(π_k Π p(label | k, rater)), over an item's ratings, (n, k)."""
    log_p = np.log(raters.confusion).reshape(len(raters.weights), -1)
    return ratings.votes @ log_p.T + np.log(raters.weights)


def e_step(ratings: Ratings, raters: Raters) -> tuple[Array, float]:
    """Return the probability of each class, (n, k), and the log-likelihood."""
    return posterior(log_joint(ratings, raters))


def credited(ratings: Ratings, responsibilities: Array) -> Sums:
    """Return the votes of each rater for each label, and items, by class."""
    _, raters, labels = ratings.shape.astype(int)
    votes = (ratings.votes.T @ responsibilities).T
    sizes = responsibilities.sum(axis=0)
    return Sums(votes.reshape(-1, raters, labels), sizes)


def answer(sums: Sums) -> Raters:
    """Return each rater's share of each label, where the class is k.

    (Dawid & Skene 1979, eq. 2.3 and 2.4)
    """
    return Raters(shares(sums.votes), sums.sizes / sums.sizes.sum())


def m_step(ratings: Ratings, responsibilities: Array) -> Raters:
    """Return the best answer to what each class is given."""
    return answer(credited(ratings, responsibilities))


def shares(votes: Array) -> Array:
    """Return votes as shares of their sum over the last axis.

    Where there are none, all labels alike: nothing is known, nothing hangs
    on it.
    """
    known = np.where(votes.sum(axis=-1, keepdims=True) > 0, votes, 1)
    parts: Array = known / known.sum(axis=-1, keepdims=True)
    return parts


def vote_shares(ratings: Ratings) -> Array:
    """Return each item's share of votes for each label, (n, labels).

    An M-step from these is the usual start (Dawid & Skene 1979, eq. 3.1).
    """
    _, raters, labels = ratings.shape.astype(int)
    return shares(ratings.votes @ np.tile(np.eye(labels), (raters, 1)))


@frozen(eq=False)
class RatersPrior:
    """Imaginary votes of each rater, and items of each class.

    `votes` is one number, one for each rater and label, or one for each class,
    too: (k, raters, labels).
    """

    votes: Array = field(default=ZERO, converter=floats, validator=numbers)
    items: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def dirichlet(cls, votes: ArrayLike = 1, alpha: ArrayLike = 1) -> Self:
        """Return Dirichlet rows of the confusion, and π ~ Dirichlet(α)."""
        return cls(less_one(votes, "votes"), less_one(alpha, "alpha"))

    def answer(self, sums: Sums) -> Raters:
        """Return shares and weights from what was seen and is imagined."""
        return answer(sums + Sums(self.votes, self.items))

    def log_density(self, raters: Raters) -> float:
        """Return log p(confusion, π), up to a constant."""
        return log_power(raters.confusion, self.votes) + log_power(
            raters.weights, self.items
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        raters = validation.kind(start, Raters, "start")
        shape = raters.confusion.shape
        imagined.check(self, len(raters.weights), votes=shape)


# What the two steps need not care about: what goes in, and what went wrong.


def check(ratings: object, raters: object) -> tuple[Ratings, Raters]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    raters = validation.kind(raters, Raters, "start")
    ratings = check_ratings(ratings)
    confusion = validation.array(raters.confusion, "confusion", 3)
    validation.probabilities(raters.weights, "weights")
    validation.same_length(confusion=confusion, weights=raters.weights)
    expected = tuple(int(n) for n in ratings.shape[1:])
    if confusion.shape[1:] != expected:
        raise ValueError(
            f"confusion has shape {confusion.shape}: for each class expected "
            "{} raters and {} labels, as the ratings have".format(*expected)
        )
    for k, j in np.ndindex(confusion.shape[:2]):
        validation.probabilities(confusion[k, j], f"confusion[{k}, {j}]")
    with np.errstate(divide="ignore"):  # log 0 is −∞
        possible = np.isfinite(log_joint(ratings, raters)).any(axis=1)
    if not possible.all():
        item = int(np.argmin(possible))
        raise ValueError(f"observation {item} is impossible under every class")
    return ratings, raters


def collapsed(_: object, raters: Raters) -> Iterator[tuple[Array, str]]:
    """Yield which classes have nothing left, shape (k,), and what to do."""
    yield empty(raters.weights), NO_DATA


def sample(raters: Raters, n: int, rng: Seed) -> tuple[Ratings, Array]:
    """Draw ratings of `n` items, one by each rater, and the classes, (n,)."""
    rng = np.random.default_rng(rng)
    classes = rng.choice(len(raters.weights), size=n, p=raters.weights)
    _, j, labels = raters.confusion.shape
    below = raters.confusion.cumsum(axis=-1)[classes, :, :-1]
    said = (rng.random((n, j, 1)) > below).sum(axis=-1)
    items, by = np.indices((n, j))
    return (
        Ratings(items.ravel(), by.ravel(), said.ravel(), [n, j, labels]),
        classes,
    )
