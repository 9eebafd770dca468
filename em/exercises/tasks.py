"""The twelve exercises by name; one answer checked, a hint, a solution."""

from em.exercises import (
    bells,
    by_hand,
    chains,
    choices,
    lifetimes,
    loci,
    zeros,
)
from em.exercises.task import Choice, Numbers, Reply, Step

TASKS: dict[str, Numbers | Choice | Step] = {
    "share out": by_hand.share_out,
    "count": by_hand.count,
    "weights": by_hand.weights,
    "three points": by_hand.three_points,
    "two holes": by_hand.two_holes,
    "which log": choices.which_log,
    "twins": choices.twins,
    "m-step of bells": bells.m_step_of_bells,
    "censored exponentials": lifetimes.censored_exponentials,
    "zero-inflated counts": zeros.zero_inflated_counts,
    "two linked loci": loci.two_linked_loci,
    "chain of two series": chains.chain_of_two_series,
}


def names() -> list[str]:
    """Return the names of the exercises, in their order."""
    return list(TASKS)


def task(name: str) -> Numbers | Choice | Step:
    """Return an exercise, or raise ValueError for a name that is none."""
    if name not in TASKS:
        raise ValueError(f"no exercise {name!r}: expected one of {names()}")
    return TASKS[name]


def check(name: str, answer: object) -> Reply:
    """Return what is said to an answer, and whether it is right.

    `answer` is numbers, a letter, or a function: see the page on exercises.
    Whatever is given, a sentence comes back. Raises ValueError for a name
    that is none.
    """
    return task(name).check(answer)


def hint(name: str, number: int = 1) -> str:
    """Return the first hint, or the second; ValueError for another."""
    if number not in (1, 2):
        raise ValueError(f"number is {number!r}: expected 1 or 2")
    return task(name).hints[number - 1]


def solution(name: str) -> object:
    """Return a right answer: numbers, a letter or a function."""
    return task(name).solve()
