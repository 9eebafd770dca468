"""Exercises that mark themselves: see the page on exercises."""

from em.exercises.tasks import check, hint, names, solution

__all__ = ["check", "hint", "names", "solution"]
