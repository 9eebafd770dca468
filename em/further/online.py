"""Online EM: one pass over data that come one lot after another."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Generic, NamedTuple, Protocol, Self, TypeVar, cast

import numpy as np

from em.door import validation
from em.door.admit import admit
from em.door.passes import Part, Pieces
from em.door.pieces import of_piece
from em.door.prior import Prior
from em.errors import NotFiniteError
from em.model import Data, Model, Params, Posterior, with_values
from em.numbers.adding import Addable
from em.numbers.arrays import described
from em.offers import Offers
from em.problem import Problem


class Seen(NamedTuple, Generic[Params]):
    """Where the pass is.

    Attributes
    ----------
    params
        The parameters after all lots so far.
    observations : float
        How many observations they were.
    log_likelihood : float
        Of an observation of the last lot, on average, in nats, under the
        parameters from before it was looked at.
    """

    params: Params
    observations: float
    log_likelihood: float


class Scalable(Addable, Protocol):
    """Sums that can also be multiplied by a number."""

    def __mul__(self, share: float, /) -> Self: ...


Sums = TypeVar("Sums", bound=Scalable)


def online(
    model: Model[Data, Params, Posterior],
    stream: Iterable[object],
    start: Params,
    *,
    power: float = 0.6,
    hold: int = 20,
    fixed: str | Iterable[str] = (),
    sample_weights: Iterable[object] | None = None,
    labels: Iterable[object] | None = None,
    prior: Prior | None = None,
    **options: object,
) -> Iterator[Seen[Params]]:
    """Return an iterator over one pass of online EM, lot by lot.

    What the M-step needs, per observation, is kept as a moving average:
    s ← (1 − γ) s + γ s(lot), with γ = t^−power for the t-th lot, and
    parameters are the M-step's answer to s. (Cappé & Moulines, On-line
    expectation–maximization algorithm for latent data models, 2009, doi
    10.1111/j.1467-9868.2009.00698.x.)

    Parameters
    ----------
    model
        One that adds up, as for `em.fit(…, map=…)`.
    stream
        Lots of data, each as the model takes them. Gone through once.
    start
        Parameters to begin from.
    power
        Above 1/2, at most 1: how fast the past is trusted. With 1, s is the
        plain average of all lots, the first as heavy as the last; with less,
        what was made of a bad start is sooner forgotten.
    hold
        Parameters stay at the start until so many observations are seen.
    fixed
        Names of parameters to leave as they are in `start`.
    sample_weights, labels
        As for `em.fit`, an array for each lot.
    prior
        What to count beside s, times the number of observations so far.
    **options
        Passed to the model's M-step.

    Returns
    -------
    iterator of Seen

    Raises
    ------
    TypeError, ValueError
        At once, for a model that does not add up, a power or hold that cannot
        be; at its turn, for a lot that the model refuses.
    CollapsedError, NotFiniteError
        As `em.fit`.
    """
    found = validation.array(power, "power", 0)
    good = (found > 0.5) & (found <= 1)
    validation.require(good, found, "power", "a number above 0.5, at most 1")
    validation.whole(hold, "hold")
    if not isinstance(stream, Iterable):
        raise TypeError(
            f"the stream is a {described(stream)}: expected lots of data, one "
            "after another"
        )
    problem = admit(
        model, lambda: stream, start, options, fixed=fixed, prior=prior,
        sample_weights=as_they_come(sample_weights),
        labels=as_they_come(labels), map=map,
    )  # fmt: skip
    sums = cast("Problem[Params, Scalable]", problem)
    return one_pass(Offers.of(model), sums, power, hold)


def as_they_come(lots: Iterable[object] | None) -> object:
    """Return what can be gone through once as pieces, once."""
    return None if lots is None else lambda: lots


def one_pass(
    offers: Offers, problem: Problem[Params, Scalable], power: float, hold: int
) -> Iterator[Seen[Params]]:
    """Yield where the pass is, after each lot."""
    lots = cast("Pieces", problem.data)
    params, average, seen = problem.start, None, 0.0

    def added(lot: object, place: object) -> Part:
        return of_piece(offers, problem.options, params, lot, place)

    for t, part in enumerate(lots.results(added)):
        if not np.isfinite(part.log_likelihood):
            raise NotFiniteError(
                f"the log-likelihood of piece {t} is {part.log_likelihood}"
            )
        n = float(getattr(part.sums, "n", 1.0))
        average = moved(average, part.sums, n, (t + 1) ** -power)
        lots.reach(part.extent)
        seen += n
        if seen >= hold:
            sums = average if problem.prior is None else average * seen
            params = replace(problem).m_step(sums, t)
            params = with_values(params, problem.held)
        yield Seen(params, seen, part.log_likelihood / n)


def moved(average: Sums | None, sums: Sums, n: float, rate: float) -> Sums:
    """Return the average, moved by a rate towards that of n observations."""
    if average is None:
        return sums * (1 / n)
    return average * (1 - rate) + sums * (rate / n)
