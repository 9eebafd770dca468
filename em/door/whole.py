"""Data in one piece: checked, with what is known beside them."""

from __future__ import annotations

import numpy as np

from em.door.labels import labelled
from em.door.sample_weights import weighted
from em.model import Params, Posterior
from em.numbers.arrays import Array
from em.offers import Offers
from em.problem import Problem


def whole(
    offers: Offers,
    data: object,
    start: Params,
    options: dict[str, object],
    labels: object = None,
    sample_weights: object = None,
    of_many: bool = False,
) -> Problem[Params, Posterior]:
    """Return the problem of data in one piece, or of one piece `of_many`.

    What many tell together is asked elsewhere.
    """
    data, start = offers.check(data, start, **options)
    if isinstance(data, np.ndarray) and not of_many:
        # A copy, which the caller cannot change; and by columns, since that
        # is how they are worked through.
        data = data.copy(order="F")
    if labels is not None:
        offers = labelled(offers, data, start, labels)
    weights: Array | None = None
    if sample_weights is not None:
        offers, data, weights = weighted(offers, data, sample_weights)
    problem = Problem[Params, Posterior](
        offers, data, start, {}, options, weights=weights
    )
    if not of_many:
        offers.enough(problem.extent)
    return problem
