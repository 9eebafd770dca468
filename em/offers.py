"""What a model offers: read once, with what stands in for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

from em.numbers.arrays import Array, described

Function = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Offers:
    """What a model offers, by name: see `em.Model` for what each of these is.

    None, or a function that does nothing, is what it does not offer.
    """

    name: str
    e_step: Function
    m_step: Function
    credited: Function | None
    answer: Function | None
    log_joint: Callable[..., Array] | None
    expected_log_joint: Callable[..., float] | None
    check: Function
    extent: Function | None
    enough: Callable[..., None]
    collapsed: Callable[..., Iterable[tuple[Array, str]]]
    rounding: Callable[..., float]
    weigh: Function | None
    within: Function
    sample: Function | None
    CAN_BE_FIXED: tuple[str, ...] | None
    RANGES: dict[str, str]

    @classmethod
    def read(cls, model: object) -> Offers:
        """Return what anything offers, be it a model or not."""
        if isinstance(model, cls):
            return model
        found = partial(getattr, model)
        credited = found("credited", None)
        answer = found("answer", None)
        adds_up = callable(credited) and callable(answer)
        composed = partial(credited_then_answered, credited, answer)
        return cls(
            name=found("__name__", type(model).__name__),
            e_step=found("e_step", None),
            m_step=found("m_step", composed if adds_up else None),
            credited=credited if adds_up else None,
            answer=answer if adds_up else None,
            log_joint=found("log_joint", None),
            expected_log_joint=found("expected_log_joint", None),
            check=found("check", as_it_is),
            extent=found("extent", None),
            enough=found("enough", nothing),
            collapsed=found("collapsed", none),
            rounding=found("rounding", zero),
            weigh=found("weigh", None),
            within=found("within", the_first),
            sample=found("sample", None),
            CAN_BE_FIXED=found("CAN_BE_FIXED", None),
            RANGES=found("RANGES", {}),
        )

    @classmethod
    def of(cls, model: object) -> Offers:
        """Return what a model offers, or raise TypeError for what is none."""
        offers = cls.read(model)
        for name, step in (
            ("e_step", offers.e_step),
            ("m_step", offers.m_step),
        ):
            if not callable(step):
                raise TypeError(
                    f"the model is a {described(model)}, which has no {name}: "
                    "expected a module such as em.models.coins, or anything "
                    "else with an e_step and an m_step"
                )
        return offers

    def sums(self) -> tuple[Function, Function]:
        """Return `credited` and `answer`.

        Raises TypeError for a model that does not add up.
        """
        if self.credited is None or self.answer is None:
            raise TypeError(
                f"{self.name} does not add up: expected a model with "
                "credited(data, posterior) and answer(sums)"
            )
        return self.credited, self.answer


# What stands in for what a model does not offer. (Functions with a name can be
# sent to another process.)


def credited_then_answered(
    credited: Function,
    answer: Function,
    data: object,
    posterior: object,
    **options: object,
) -> object:
    """Return the M-step of a model that adds up: credit, then divide."""
    return answer(credited(data, posterior), **options)


def as_it_is(data: object, start: object, **_: object) -> tuple[object, object]:
    """Return both: nothing is checked."""
    return data, deepcopy(start)


def the_first(params: object, **_: object) -> object:
    """Return the parameters: they keep to all options."""
    return params


def nothing(*_: object) -> None:
    """Return nothing: there is enough."""


def none(*_: object) -> tuple[()]:
    """Return no mask: nothing collapses."""
    return ()


def zero(*_: object) -> float:
    """Return 0: rounding is no matter."""
    return 0.0
