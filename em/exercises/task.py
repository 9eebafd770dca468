"""What an exercise is: a right answer, and wrong ones that have a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from em.numbers.arrays import Array

Function = Callable[..., object]
NOTHING = "Nothing yet. Put your answer in place of the dots."


@dataclass(frozen=True)
class Reply:
    """What is said to an answer, and whether it is right."""

    right: bool
    words: str

    def __str__(self) -> str:
        if self.words == NOTHING:
            return NOTHING
        return f"{'Right' if self.right else 'Not yet'}. {self.words}"

    __repr__ = __str__


@dataclass(frozen=True)
class Numbers:
    """An exercise whose answer is some numbers, to three digits."""

    right: Callable[[], Sequence[float]]
    why: str
    wrong: tuple[tuple[Callable[[], Sequence[float]], str], ...]
    hints: tuple[str, str]

    def solve(self) -> Sequence[float]:
        """Return the right answer."""
        return self.right()

    def wrong_answers(self) -> list[tuple[object, str]]:
        """Return wrong answers, and what is said to each."""
        return [(make(), words) for make, words in self.wrong]

    def check(self, answer: object) -> Reply:
        """Return what is said to an answer."""
        expected = np.array(self.right(), float)
        given = as_numbers(answer)
        if isinstance(given, str):
            return Reply(False, given)
        if given.shape != expected.shape:
            return Reply(
                False,
                f"Expected {expected.size} numbers, got shape {given.shape}.",
            )
        if near(given, expected):
            return Reply(True, self.why)
        for wrong, words in self.wrong_answers():
            if near(given, np.array(wrong, float)):
                return Reply(False, words)
        first = int(np.argmax(~np.isclose(given, expected, atol=2e-3)))
        side = "large" if given[first] > expected[first] else "small"
        return Reply(False, f"Number {first + 1} is too {side}.")


@dataclass(frozen=True)
class Choice:
    """An exercise with a letter for an answer."""

    right: str
    why: str
    wrong: dict[str, str]
    hints: tuple[str, str]

    def solve(self) -> str:
        """Return the right letter."""
        return self.right

    def wrong_answers(self) -> list[tuple[object, str]]:
        """Return the other letters, and what is said to each."""
        return list(self.wrong.items())

    def check(self, answer: object) -> Reply:
        """Return what is said to an answer."""
        if answer is ... or answer is None or answer == "":
            return Reply(False, NOTHING)
        letter = str(answer).strip().lower()
        if letter == self.right:
            return Reply(True, self.why)
        letters = ", ".join(sorted([self.right, *self.wrong]))
        return Reply(
            False, self.wrong.get(letter, f"Expected one of {letters}.")
        )


@dataclass(frozen=True)
class Step:
    """An exercise in which one writes a function: a step, or both.

    `cases` are what it is called with. A wrong function that agrees with the
    answer on all of them tells which mistake it is.
    """

    right: Function
    why: str
    cases: tuple[tuple[Array | float, ...], ...]
    wrong: tuple[tuple[Function, str], ...]
    hints: tuple[str, str]

    def solve(self) -> Function:
        """Return a right function."""
        return self.right

    def wrong_answers(self) -> list[tuple[object, str]]:
        """Return wrong functions, and what is said to each."""
        return list(self.wrong)

    def check(self, answer: object) -> Reply:
        """Return what is said to an answer."""
        if answer is ... or answer is None:
            return Reply(False, NOTHING)
        if not callable(answer):
            return Reply(False, "Expected a function: give its name alone.")
        found = []
        for case in self.cases:
            expected = flat(self.right(*case))
            copies = [np.array(one) if np.ndim(one) else one for one in case]
            try:
                with np.errstate(all="ignore"):
                    returned = answer(*copies)
            except Exception as error:
                name = type(error).__name__
                return Reply(False, f"Your function raised {name}: {error}.")
            if returned is ... or returned is None:
                return Reply(False, NOTHING)
            given = flat(returned)
            if given is None or len(given) != len(expected):
                return Reply(
                    False, f"It should return {shapes(self.right(*case))}."
                )
            wrong_shape = [
                k
                for k, (one, other) in enumerate(
                    zip(given, expected, strict=True)
                )
                if one.shape != other.shape
            ]
            if wrong_shape:
                return Reply(
                    False, f"It should return {shapes(self.right(*case))}."
                )
            if not all(np.isfinite(one).all() for one in given):
                return Reply(
                    False, "It returns nan or inf: look for 0 divided by 0."
                )
            found.append(given)
        if self.agrees(self.right, found):
            return Reply(True, self.why)
        for function, words in self.wrong:
            if self.agrees(function, found):
                return Reply(False, words)
        return Reply(False, "It runs, and its numbers are off. Try a hint.")

    def agrees(self, function: Function, found: list[list[Array]]) -> bool:
        """Return whether a function gives what was found, on all cases."""
        with np.errstate(all="ignore"):
            return all(
                np.allclose(one, other, rtol=1e-6, atol=1e-9)
                for case, given in zip(self.cases, found, strict=True)
                for one, other in zip(
                    given, flat(function(*case)) or [], strict=True
                )
            )


def as_numbers(answer: object) -> Array | str:
    """Return numbers, shape (n,), or a sentence on what they lack."""
    parts = answer if isinstance(answer, (list, tuple)) else [answer]
    if any(one is ... or one is None for one in parts):
        return NOTHING
    try:
        given = np.atleast_1d(np.array(answer, float))
    except (TypeError, ValueError):
        return "Expected numbers."
    if not np.isfinite(given).all():
        return "Expected finite numbers."
    return given


def near(given: Array, expected: Array) -> bool:
    """Return whether numbers agree to what one writes down, three digits."""
    return bool(np.allclose(given, expected, rtol=0, atol=2e-3))


def flat(returned: object) -> list[Array]:
    """Return what a function gave as a list of arrays."""
    parts = returned if isinstance(returned, tuple) else (returned,)
    try:
        return [np.array(one, float) for one in parts]
    except (TypeError, ValueError):
        return []


def shapes(returned: object) -> str:
    """Return in words what a function should give."""
    arrays = flat(returned)
    words = [
        f"an array of shape {one.shape}" if one.ndim else "a number"
        for one in arrays
    ]
    return ", then ".join(words)
