"""The door: what a reader gives, checked, and put together as one problem."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace

from em.door.passes import Map, Pieces
from em.door.pieces import in_pieces
from em.door.prior import Prior, check_prior, with_prior
from em.door.whole import whole
from em.model import Data, Model, Params, Posterior, named
from em.numbers.arrays import Array
from em.offers import Offers
from em.problem import Problem


def admit(
    model: Model[Data, Params, Posterior],
    data: object,
    start: Params,
    options: dict[str, object],
    *,
    fixed: str | Iterable[str] = (),
    sample_weights: object = None,
    labels: object = None,
    prior: Prior | None = None,
    map: Map | None = None,
) -> Problem[Params, Posterior]:
    """Return what is to be fitted, once everything has been checked.

    Raises TypeError for what is no model, or takes no such thing, and what
    its `check` raises.
    """
    offers = Offers.of(model)
    refuse_unknown(offers.m_step, offers.name, options)
    problem: Problem[Params, Posterior]
    if map is None:
        problem = whole(offers, data, start, options, labels, sample_weights)
    else:
        pieces = Pieces(data, map, labels, sample_weights)
        in_all = in_pieces(offers, options, pieces)
        problem = Problem(in_all, pieces, deepcopy(start), {}, options)
    held = held_values(offers, problem.start, fixed)
    problem = replace(problem, held=held)
    if prior is None:
        return problem
    offers.sums()  # a prior is added to these
    check_prior(prior, problem.start)
    offers = with_prior(problem.model, prior)
    return replace(problem, model=offers, prior=prior)


def restarted(
    problem: Problem[Params, Posterior], start: Params
) -> Problem[Params, Posterior]:
    """Return the same problem from another start, with the same data."""
    if isinstance(problem.data, Pieces):
        return replace(problem, start=deepcopy(start))
    _, start = problem.model.check(problem.data, start, **problem.options)
    if problem.prior is not None:
        check_prior(problem.prior, start)
    names = tuple(problem.held)
    held = held_values(problem.model, start, names)
    return replace(problem, start=start, held=held)


def held_values(
    offers: Offers, params: object, fixed: str | Iterable[str]
) -> dict[str, Array]:
    """Return what stays as it is, by name, or raise ValueError."""
    values = named(params)
    names = {fixed} if isinstance(fixed, str) else set(fixed)
    can_be = offers.CAN_BE_FIXED or tuple(values)
    if unknown := names - set(can_be):
        raise ValueError(
            f"fixed names {sorted(unknown)}: expected some of {can_be} (what "
            "the estimates of other parameters rest on cannot be fixed)"
        )
    return {name: values[name] for name in names}


def refuse_unknown(
    m_step: Callable[..., object], model: str, options: dict[str, object]
) -> None:
    """Raise TypeError for an option that the M-step does not take."""
    if not options:
        return
    try:
        taken = inspect.signature(m_step).parameters.values()
    except (TypeError, ValueError):  # of a builtin, nobody knows
        return
    if any(one.kind is one.VAR_KEYWORD for one in taken):
        return
    known = [one.name for one in taken][2:]
    for name in options:
        if name not in known:
            raise TypeError(
                f"{model} takes no option {name!r}: {hint(name, known)}"
            )


# What `em.fit` itself takes, and other functions around it.
KEYWORDS = (
    "tol", "max_iter", "until", "fixed", "sample_weights", "labels", "prior",
    "map", "accelerate",
)  # fmt: skip


def hint(name: str, known: list[str]) -> str:
    """Return what there is in place of an option, the nearest first."""
    from difflib import get_close_matches  # only where it is needed

    near = get_close_matches(name, [*known, *KEYWORDS], 1)
    its_own = ", ".join(sorted(known)) or "no options"
    return (
        f"did you mean {near[0]}? " if near else ""
    ) + f"it takes {its_own}, and em.fit {', '.join(KEYWORDS)}"
