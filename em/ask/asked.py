"""What derivatives ask of data, in one piece or in several, and of a prior."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic

import numpy as np

from em.ask.expectation import q
from em.ask.information import Piece
from em.door.passes import Pieces
from em.door.whole import whole
from em.model import Params, Posterior
from em.numbers.arrays import Array
from em.numbers.parameters import Parameters
from em.offers import Offers
from em.problem import Problem

Question = Callable[..., tuple[Array, ...]]  # a method of `Piece`


class Asked(Generic[Params, Posterior]):
    """Data, in one piece or in several, and a prior: each of them is asked."""

    def __init__(
        self,
        offers: Offers,
        problem: Problem[Params, Posterior],
        to: Parameters[Params],
    ):
        self.offers, self.problem, self.to = offers, problem, to
        q(offers, None)  # raises TypeError for a model that has none
        self.ready = list[Piece[Params]]()
        if not isinstance(problem.data, Pieces):
            self.ready.append(Piece(to, problem))
        if problem.prior is not None:
            self.ready.append(Piece(to, problem.prior))

    def __call__(
        self, question: Question, moves: Array
    ) -> Iterator[tuple[Array, ...]]:
        """Yield what each answers."""
        data = self.problem.data
        if isinstance(data, Pieces):
            options = self.problem.options
            yield from data.results(
                partial(answer, self.offers, options, self.to, question, moves)
            )
        for piece in self.ready:
            yield question(piece, moves)


def answer(
    offers: Offers,
    options: dict[str, object],
    to: Parameters[Params],
    question: Question,
    moves: Array,
    piece: object,
    place: object,
) -> tuple[Array, ...]:
    """Return what one of several pieces answers: this may run elsewhere."""
    _, labels, weights = (
        place if isinstance(place, tuple) else (place, None, None)
    )
    here: Problem[Params, object] = whole(
        offers, piece, to.like, options, labels, weights, of_many=True
    )
    with np.errstate(all="ignore"):
        found: tuple[Array, ...] = question(Piece(to, here), moves)
    return found
