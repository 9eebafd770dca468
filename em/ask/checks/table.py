"""What a check is: its name, what it needs, what fails it, and a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from attrs import frozen

from em.ask.checks.report import NO, UNKNOWN, YES, Finding
from em.ask.checks.subject import Subject

Anyone: TypeAlias = Subject[Any, Any, Any]


class Verdict(NamedTuple):
    """What a check found."""

    word: str
    number: float | None = None
    detail: str = ""


def verdict(number: float | None, wrong: str) -> Verdict:
    """Return that it passed, unless something is wrong."""
    return Verdict(NO if wrong else YES, number, wrong)


def nothing(_: Anyone) -> str:
    """Return that nothing is lacking."""
    return ""


@frozen
class Check:
    """A row of the table; `lacks` says why it cannot be made, if so."""

    name: str
    fails_for: str
    look: Callable[[Anyone], Verdict]
    lacks: Callable[[Anyone], str]

    def finding(self, subject: Anyone) -> Finding:
        """Return what comes out for a model."""
        lacking = self.lacks(subject)
        found = Verdict(UNKNOWN, None, lacking) if lacking else None
        word, number, detail = found or self.look(subject)
        return Finding(self.name, word, number, self.fails_for, detail)


def check(
    name: str,
    fails_for: str,
    lacks: Callable[[Anyone], str] = nothing,
) -> Callable[[Callable[[Anyone], Verdict]], Check]:
    """Return what makes a check of a function."""
    return lambda look: Check(name, fails_for, look, lacks)
