"""What can go wrong in a fit, each with a name of its own."""


class CollapsedError(ValueError):
    """A component has nothing left to be estimated from.

    `component` counts from 0. `step` is the update that failed, the first
    being 1.
    """

    def __init__(self, component: int, why: str, step: int):
        self.component, self.why, self.step = component, why, step
        super().__init__(
            f"component {component} collapsed at step {step}: {why}"
        )


class FellError(ArithmeticError):
    """The log-likelihood fell, which right E- and M-steps never let happen.

    (With a prior: the sum of log-likelihood and log prior.)

    `step` is the update after which it was lower, by `amount`.
    """

    def __init__(self, step: int, amount: float, prior: bool = False):
        self.step, self.amount = step, amount
        super().__init__(
            f"the log-likelihood {'+ log prior ' if prior else ''}fell by "
            f"{amount:.6g} at step {step}: EM never "
            "goes down, so this model's e_step or m_step is wrong"
        )


class NotDeterminedError(ArithmeticError):
    """The data do not determine some of the parameters, or not in this way."""


class NotFiniteError(ArithmeticError):
    """A log-likelihood or a parameter is infinite or not a number."""


class NotConvergedWarning(UserWarning):
    """The parameters were still moving when the steps ran out."""
