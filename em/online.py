"""Online EM: one pass over data that come one lot after another."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, Protocol, Self, cast

import numpy as np

from em import _validation
from em._admission import Guarded
from em._arrays import described
from em.errors import NotFiniteError
from em.model import Data, Model, Params, Posterior
from em.pieces import InPieces, adding, portable, statistics
from em.sums.adding import Addable


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


class Averaged(Addable, Protocol):
    """Sums that can also be multiplied by a number."""

    def __mul__(self, share: float, /) -> Self: ...


def online(
    model: Model[Data, Params, Posterior],
    stream: Iterable[object],
    start: Params,
    *,
    power: float = 0.6,
    hold: int = 20,
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
    found = _validation.array(power, "power", 0)
    good = (found > 0.5) & (found <= 1)
    _validation.require(good, found, "power", "a number above 0.5, at most 1")
    _validation.whole(hold, "hold")
    if not isinstance(stream, Iterable):
        raise TypeError(
            f"the stream is a {described(stream)}: expected lots of data, one "
            "after another"
        )
    adding(model)
    return one_pass(model, stream, start, power, hold, options)


def one_pass(
    model: object,
    stream: Iterable[object],
    params: Params,
    power: float,
    hold: int,
    options: dict[str, object],
) -> Iterator[Seen[Params]]:
    """Yield where the pass is, after each lot."""
    m_step: Callable[..., Params] = Guarded(InPieces[Params](model, map)).m_step
    average: Averaged | None = None
    seen = 0.0
    for t, lot in enumerate(stream):
        sums, height = statistics(portable(model), params, options, lot, t)
        if not np.isfinite(height):
            raise NotFiniteError(f"the log-likelihood of piece {t} is {height}")
        n = float(getattr(sums, "n", 1.0))
        average = moved(average, cast("Averaged", sums), n, (t + 1) ** -power)
        seen += n
        if seen >= hold:
            params = m_step(None, average, **options)
        yield Seen(params, seen, height / n)


def moved(
    average: Averaged | None, sums: Averaged, n: float, rate: float
) -> Averaged:
    """Return the average, moved by a rate towards that of n observations."""
    if average is None:
        return sums * (1 / n)
    return average * (1 - rate) + sums * (rate / n)
