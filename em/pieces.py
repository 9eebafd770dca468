"""Data in pieces: what the M-step needs of them is a sum.

So pieces can lie in a file that is larger than the memory, and be worked
through by several threads, processes or machines. Who does what, and when, is
the affair of the `map` that is given: there is no scheduler here.
"""

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import count, islice
from types import ModuleType
from typing import Generic, NoReturn, Protocol, cast

import numpy as np

from em._around import Around
from em._arrays import Array, described
from em.model import Data, Model, Params, Posterior
from em.sums.adding import Addable, total

Found = tuple[Addable, float]  # sums, and a log-likelihood
Map = Callable[..., Iterable[Found]]  # map(function, pieces, numbers)
Pieces = Callable[[], Iterable[object]]

# An executor takes all it is given at once. So it is given so many pieces, and
# the next when these are done: a generator's pieces are not all in memory.
AHEAD = 32


def in_pieces(
    model: Model[Data, Params, Posterior], map: Map | None
) -> Model[Data, Params, Posterior]:
    """Return a model of data in pieces; without a map, the model as it is."""
    if map is None:
        return model
    return cast("Model[Data, Params, Posterior]", InPieces(model, map))


class Adding(Protocol):
    """A model that adds up."""

    def statistics(self, data: object, params: object, /) -> Found:
        """Return what the M-step needs of the data, and log p(data)."""

    @property
    def maximise(self) -> Callable[..., object]:
        """`maximise(sums, **options)`, which returns parameters."""


class InPieces(Around[object], Generic[Params]):
    """A model of data in pieces, whose posterior is what they add up to."""

    def __init__(self, model: object, map: Map):
        super().__init__(model)
        self.map, self.adds = map, adding(model)
        self.__name__ = getattr(model, "__name__", type(model).__name__)
        if hasattr(model, "CAN_BE_FIXED"):
            self.CAN_BE_FIXED = model.CAN_BE_FIXED
        self.options: dict[str, object] = {}
        self.sums: Addable | None = None

    def check(
        self, pieces: object, start: Params, **options: object
    ) -> tuple[Pieces, Params]:
        """Return how to go through the pieces, and the start.

        Raises TypeError for what can be gone through once, or is no pieces.
        Each piece is checked where it is worked on.
        """
        self.options = options
        return again_and_again(pieces), deepcopy(start)

    def e_step(self, pieces: Pieces, params: Params) -> Found:
        """Return the sums over all pieces, and the log-likelihood."""
        one = partial(statistics, portable(self.model), params, self.options)
        return total(handed_out(self.map, one, pieces()))

    def m_step(self, _: object, sums: Addable, **options: object) -> Params:
        """Return the parameters that are the best answer to these sums."""
        self.sums = sums
        return cast("Params", self.adds.maximise(sums, **options))

    def collapsed(
        self, _: object, params: Params
    ) -> Iterable[tuple[Array, str]]:
        """Yield which components have nothing left, and what to do."""
        looked_for = offered(self.model, "collapsed", lambda *_: ())
        return cast(
            "Iterable[tuple[Array, str]]", looked_for(self.sums, params)
        )

    def rounding(self, _: object) -> float:
        """Return what rounding alone may take off the log-likelihood."""
        own = getattr(self.adds, "rounding", lambda _: 0.0)
        return float(own(self.sums)) if self.sums is not None else 0.0

    def weigh(self, _: object, sample_weights: Array) -> NoReturn:
        """Raise TypeError: weights would have to lie in pieces as well."""
        raise TypeError(
            "sample_weights are for data in one piece: expected none with map="
        )


def statistics(
    model: object,
    params: object,
    options: dict[str, object],
    piece: object,
    number: int,
) -> Found:
    """Return what a piece adds to the sums and to the log-likelihood.

    This is what runs elsewhere. Raises what the model raises, with the number
    of the piece, the first being 0.
    """
    model = import_module(model) if isinstance(model, str) else model
    try:
        with np.errstate(all="ignore"):  # no thread takes it from another
            piece, params = checked(model, piece, params, options)
            return adding(model).statistics(piece, params)
    except Exception as error:
        if type(error) in (TypeError, ValueError):
            raise type(error)(f"piece {number}: {error}") from error
        error.add_note(f"in piece {number}")
        raise


def checked(
    model: object, piece: object, params: object, options: dict[str, object]
) -> tuple[object, object]:
    """Return piece and parameters as the model's check does, if it has one."""
    check = offered(model, "check", lambda *both, **_: both)
    return cast("tuple[object, object]", check(piece, params, **options))


def handed_out(
    map: Map, one: Callable[..., Found], pieces: Iterable[object]
) -> Iterator[Found]:
    """Yield what `one` returns for each piece, in order."""
    from concurrent.futures import Executor  # who has a pool, has this already

    if not isinstance(getattr(map, "__self__", None), Executor):
        yield from map(one, pieces, count())
        return
    left, numbers = iter(pieces), count()
    while some := list(islice(left, AHEAD)):
        yield from map(one, some, islice(numbers, len(some)))


def again_and_again(pieces: object) -> Pieces:
    """Return a function that goes through the pieces from the first one.

    Raises TypeError for one array, and for what can be gone through once.
    """
    if callable(pieces):
        return cast("Pieces", pieces)
    if isinstance(pieces, np.ndarray) or not isinstance(pieces, Iterable):
        raise TypeError(
            f"the pieces are a {described(pieces)}: expected several, such as "
            "np.array_split(x, 8)"
        )
    if isinstance(pieces, Iterator):
        raise TypeError(
            f"the pieces are a {described(pieces)}, which can be gone through "
            "once, and every step of EM goes through them: expected a list, or "
            "the generator function, not called"
        )
    return lambda: pieces


def adding(model: object) -> Adding:
    """Return what has `statistics` and `maximise` of a model.

    That is the model itself, or the file of its name in em/sums. Raises
    TypeError for a model that has none.
    """
    if hasattr(model, "statistics") and hasattr(model, "maximise"):
        return cast("Adding", model)
    name = getattr(model, "__name__", "")
    beside = name.replace("em.models.", "em.sums.")
    if beside != name and find_spec(beside):
        return cast("Adding", import_module(beside))
    raise TypeError(
        f"the model is a {described(model)}, which does not add up: expected "
        "a model with statistics(data, params) and maximise(sums)"
    )


def offered(
    model: object, name: str, default: Callable[..., object]
) -> Callable[..., object]:
    """Return what is offered by that name, for sums or by the model."""
    own = getattr(model, name, default)
    return cast("Callable[..., object]", getattr(adding(model), name, own))


def portable(model: object) -> object:
    """Return a model as it can be sent: a module, by its name."""
    return model.__name__ if isinstance(model, ModuleType) else model
