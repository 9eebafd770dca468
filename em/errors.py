"""What can go wrong in a fit, each with a name of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


class CollapsedError(ValueError):
    """A component has nothing left to be estimated from.

    `component` counts from 0. `step` is the update that failed, the first
    being 1, or None where an M-step was called outside `em.run`.
    """

    def __init__(self, component: int, why: str, step: int | None = None):
        self.component, self.why, self.step = component, why, step
        where = "" if step is None else f" at step {step}"
        super().__init__(f"component {component} collapsed{where}: {why}")


class FellError(ArithmeticError):
    """The log-likelihood fell, which right E- and M-steps never let happen.

    `step` is the update after which it was lower, by `amount`.
    """

    def __init__(self, step: int, amount: float):
        self.step, self.amount = step, amount
        super().__init__(
            f"the log-likelihood fell by {amount:.6g} at step {step}: EM never "
            "goes down, so this model's e_step or m_step is wrong (or m_step "
            "has an option that the start does not keep to)"
        )


class NotConvergedWarning(UserWarning):
    """The parameters were still moving when the steps ran out."""


def refuse_collapse(collapsed: np.ndarray, why: str) -> None:
    """Raise CollapsedError for the first of the `collapsed`, shape (k,)."""
    if collapsed.any():
        raise CollapsedError(int(collapsed.argmax()), why)


@contextmanager
def named_step(step: int) -> Iterator[None]:
    """Let a CollapsedError raised inside say at which step it happened."""
    try:
        yield
    except CollapsedError as error:
        raise CollapsedError(error.component, error.why, step) from None
