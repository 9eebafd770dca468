"""Data in pieces: what the M-step needs of them is a sum.

So pieces can lie in a file that is larger than the memory, and be worked
through by several threads, processes or machines. Who does what, and when, is
the affair of the `map` that is given: there is no scheduler here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from em.door.passes import Part, Pieces
from em.door.whole import whole
from em.numbers.adding import Addable, total
from em.offers import Function, Offers
from em.problem import Problem, pair


def in_pieces(
    offers: Offers, options: dict[str, object], pieces: Pieces
) -> Offers:
    """Return a model of data in pieces: its posterior is what they add up to.

    Raises TypeError for a model that does not add up, or takes no labels or
    weights where these are given.
    """
    _, answer = offers.sums()
    return replace(
        offers,
        e_step=partial(sums_of_all, offers, options),
        m_step=partial(answer_to, answer),
        credited=the_sums,
        extent=extent_of_all,
    )


def sums_of_all(
    offers: Offers, options: dict[str, object], pieces: Pieces, params: object
) -> tuple[Addable, float]:
    """Return the sums over all pieces, and the log-likelihood."""
    part = total(pieces.results(partial(of_piece, offers, options, params)))
    if pieces.extent is None and part.extent is not None:
        offers.enough(part.extent)
        pieces.extent = part.extent
    return part.sums, part.log_likelihood


def the_sums(_: object, sums: Addable) -> Addable:
    """Return the sums: pieces are credited where they are worked on."""
    return sums


def answer_to(
    answer: Function, _: object, sums: Addable, **options: object
) -> object:
    """Return the parameters that are the best answer to these sums."""
    return answer(sums, **options)


def extent_of_all(pieces: Pieces) -> object:
    """Return how far all pieces reach."""
    return pieces.extent


def of_piece(
    offers: Offers,
    options: dict[str, object],
    params: object,
    piece: object,
    place: object,
) -> Part:
    """Return what a piece adds.

    This is what runs elsewhere. Raises what the model raises, with the number
    of the piece, the first being 0.
    """
    number, labels, weights = (
        place if isinstance(place, tuple) else (place, None, None)
    )
    try:
        with np.errstate(all="ignore"):  # no thread takes it from another
            here: Problem[object, object] = whole(
                offers, piece, params, options, labels, weights, of_many=True
            )
            posterior, height = pair(here.model.e_step(here.data, here.start))
            credited, _ = here.model.sums()
            sums = credited(here.data, posterior)
            extent = None if offers.extent is None else here.extent
            return Part(sums, float(height), extent)
    except Exception as error:
        if type(error) in (TypeError, ValueError):
            raise type(error)(f"piece {number}: {error}") from error
        error.add_note(f"in piece {number}")
        raise
