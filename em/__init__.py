"""Expectation Maximisation in functions short enough to read.

A model is a module with an `e_step` and an `m_step`, such as
`em.models.coins`. `run` repeats the two; `fit` repeats them until they settle.
"""

from em.algorithm import Fit, Step, fit, run
from em.bound import bound
from em.errors import CollapsedError, FellError, NotConvergedWarning
from em.files import data
from em.source import show
from em.starts import Best, best_of

__all__ = [
    "Best",
    "CollapsedError",
    "FellError",
    "Fit",
    "NotConvergedWarning",
    "Step",
    "best_of",
    "bound",
    "data",
    "fit",
    "run",
    "show",
]
