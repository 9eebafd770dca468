"""One step: what it overwrites, what it remembers, what it gives back."""

import numpy as np

from em.ask.checks.report import UNKNOWN
from em.ask.checks.subject import Subject
from em.ask.checks.table import Verdict, check, verdict
from em.model import Data, Params, Posterior, field_names, named, values_of


def contents(thing: object) -> object:
    """Return what a thing holds, so that it can be compared later."""
    thing = thing.to_numpy() if hasattr(thing, "to_numpy") else thing
    if isinstance(thing, np.ndarray):
        plain = thing.dtype != object
        return thing.tobytes() if plain else contents(thing.tolist())
    if isinstance(thing, dict):
        return [(repr(key), contents(value)) for key, value in thing.items()]
    if isinstance(thing, (list, tuple)):
        return [contents(one) for one in thing]
    names = field_names(thing) or getattr(thing, "__dict__", ())
    fields = [contents(one) for one in values_of(thing, names).values()]
    return fields or repr(thing)


def touched(subject: Subject[Data, Params, Posterior]) -> list[str]:
    """Return what the steps overwrite of what they are given."""
    found = []
    things: dict[str, object] = {
        "the data": subject.data,
        "the parameters": subject.start,
    }
    before = {name: contents(thing) for name, thing in things.items()}

    def look(step: str) -> None:
        for name, thing in things.items():
            now = contents(thing)
            if now != before[name]:
                found.append(f"{step} overwrites {name}")
                before[name] = now

    for _ in range(2):
        posterior, _ = subject.e_step(subject.start)
        look("e_step")
        things["the posterior"] = posterior
        before["the posterior"] = contents(posterior)
        subject.m_step(posterior)
        look("m_step")
    return list(dict.fromkeys(found))


@check(
    "Nothing is overwritten",
    "+=, *=, out= or sort() on an argument: take a copy first",
)
def overwrites(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the steps leave what they are given as it was."""
    return verdict(None, "; ".join(subject.touched))


@check(
    "The log-likelihood is that of the parameters given",
    "a number kept from the step before",
)
def of_these(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the log-likelihood is that of the parameters given.

    Each is asked for in one order, then twice in another: who remembers the
    call before gives another number.
    """
    params = subject.tried
    first = [subject.e_step(one)[1] for one in params]
    again, last = first.copy(), first[-1]
    stale = False
    for i in reversed(range(len(params))):
        once, again[i] = (subject.e_step(params[i])[1] for _ in range(2))
        stale |= once != again[i] and bool(np.isclose(once, last))
        first[i] = first[i] if once == again[i] else once
        last = again[i]
    apart = np.abs(np.subtract(first, again))
    worst = float(np.nan_to_num(apart, nan=np.inf).max())
    size = max(1.0, float(np.abs(again).max()))
    good = worst <= 1e-9 * size and bool(np.isfinite(again).all())
    detail = f"a second call differs by {worst:.2g}"
    if stale:
        detail += ": the first gives that of the parameters before"
    return verdict(worst, "" if good else detail)


@check(
    "The same parameters lead to the same step",
    "an M-step that works with an older posterior, or draws at random",
)
def depends(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether a step from the same parameters leads to the same ones."""
    worst, params = 0.0, subject.tried
    first = [subject.update(one) for one in params]
    for i in reversed(range(len(params))):
        for name, values in named(subject.update(params[i])).items():
            before = named(first[i])[name]
            size = float(np.abs(before).max()) or 1.0
            worst = max(worst, float(np.abs(values - before).max()) / size)
    detail = f"a second step differs by {worst:.2g} of the size"
    return verdict(worst, detail if worst > 1e-9 else "")


def unlike(start: object, answer: object) -> str:
    """Return why an answer of the M-step can be no start at all, or ""."""
    given, found = named(start), named(answer)
    if {k: v.shape for k, v in given.items()} != {
        k: v.shape for k, v in found.items()
    }:
        return "they have other names or shapes than the start"
    finite = all(np.isfinite(v).all() for v in found.values())
    return "" if finite else "not all of them are finite numbers"


@check(
    "m_step returns parameters that could be a start",
    "a total that nothing was divided by, another shape, NaN",
)
def same_kind(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the M-step's parameters are such as the start is."""
    answers = subject.answers
    troubles = [unlike(subject.start, one) for one in answers]
    if not any(troubles):  # that it collapses is no fault of the steps
        troubles = [subject.refusal(one, collapse=False) for one in answers]
    return verdict(None, next(filter(None, troubles), ""))


@check(
    "Every parameter changes the log-likelihood",
    "one that the E-step forgets, such as the mixing weights",
)
def all_count(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the log-likelihood depends on every parameter."""
    counts: dict[str, float] = {}
    for one in subject.points:
        here, digits = subject.log_likelihood(one), subject.noise(one)
        for move in subject.directions:
            if move.changes(subject.to.row(one)):
                changes = [
                    subject.log_likelihood(subject.moved(one, move, h)) - here
                    for h in (0.3, -0.3, 0.01, -0.01)
                ]
                most = np.nan_to_num(np.abs(changes), nan=0.0).max() / digits
                counts[move.name] = max(counts.get(move.name, 0.0), most)
    idle = [f"`{name}`" for name, most in counts.items() if most <= 10]
    if not counts:
        return Verdict(UNKNOWN)
    return verdict(None, f"{', '.join(idle)} changes nothing" if idle else "")
