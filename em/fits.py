"""What a run leaves behind: its steps, and the fit that they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, cast

import numpy as np

from em.ask.tables import Rows, rows_of, table, text
from em.model import Params, Posterior
from em.numbers.arrays import Array, described


@dataclass(frozen=True, eq=False, repr=False)
class Step(Generic[Params, Posterior]):
    """Parameters, and what the E-step says of them: all at one θ.

    Attributes
    ----------
    params
        The parameters θ.
    posterior
        What the E-step expects of what is hidden, given θ. For a mixture, the
        responsibilities, shape (n, k). A `Fit` keeps that of its last step;
        those of the others are computed anew when asked for.
    log_likelihood : float
        log p(data | θ), in nats.
    log_prior : float
        log p(θ), up to a constant, if `em.fit` was given a prior; else 0.
    height : float
        The sum of the two, which is what EM climbs.
    jumped : bool
        Whether it was reached by a jump, and not by a step of EM's own.
    refused : int
        How many jumps were tried, and refused, before it.
    """

    params: Params
    kept: Posterior | None
    log_likelihood: float
    log_prior: float = 0.0
    jumped: bool = False
    refused: int = 0
    again: Callable[[Params], Step[Params, Posterior]] | None = None

    def __repr__(self) -> str:
        return f"Step({self.params}, log-likelihood {self.log_likelihood:.8g})"

    @property
    def height(self) -> float:
        return self.log_likelihood + self.log_prior

    @property
    def posterior(self) -> Posterior:
        step = self if self.again is None else self.again(self.params)
        return cast("Posterior", step.kept)

    def without_posterior(
        self, again: Callable[[Params], Step[Params, Posterior]] | None
    ) -> Step[Params, Posterior]:
        """Return the same, which takes that E-step when it is asked for it."""
        return Step(
            self.params, None, self.log_likelihood, self.log_prior,
            self.jumped, self.refused, again,
        )  # fmt: skip


def expect_fit(fit: object) -> None:
    """Raise TypeError for what `em.fit` has not returned."""
    if not isinstance(fit, Fit):
        raise TypeError(
            f"fit is a {described(fit)}: expected a Fit, as em.fit returns"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Fit(Generic[Params, Posterior]):
    """Every step of a run, from `steps[0]`, the start; and did it converge?

    Attributes
    ----------
    steps : list of Step
    converged : bool
    """

    steps: list[Step[Params, Posterior]]
    converged: bool

    def __repr__(self) -> str:
        return f"Fit({self.end}, {self.params})"

    @property
    def end(self) -> str:
        """How the run ended, in a few words."""
        how = "converged" if self.converged else "still moving"
        return (
            f"{how} after {len(self.steps) - 1} steps, "
            f"log-likelihood {self.log_likelihood:.8g}"
        )

    def __str__(self) -> str:
        return text(*self.rows)

    def _repr_html_(self) -> str:
        return table(*self.rows)

    @property
    def rows(self) -> tuple[tuple[str, ...], Rows, str]:
        """The heads, the rows and the title of a table of the estimates."""
        return ("estimate",), rows_of(self.params), self.end.capitalize()

    @property
    def params(self) -> Params:
        """The parameters of the last step."""
        return self.steps[-1].params

    @property
    def posterior(self) -> Posterior:
        """The posterior of the last step; for a mixture, responsibilities."""
        return self.steps[-1].posterior

    @property
    def log_likelihood(self) -> float:
        """The log-likelihood of the last step, in nats."""
        return self.steps[-1].log_likelihood

    @property
    def log_likelihoods(self) -> Array:
        """The log-likelihood of every step, in nats, shape (steps,).

        It never falls; with a prior, only `heights` do not.
        """
        return np.array([step.log_likelihood for step in self.steps])

    @property
    def heights(self) -> Array:
        """What EM climbs: log-likelihood + log prior, if there is a prior."""
        return np.array([step.height for step in self.steps])

    @property
    def evaluations(self) -> Array:
        """How often the E-step had run when it came to each step, (steps,).

        Jumps that were refused count, too. Without any: 1, 2, 3 and so on.
        """
        return np.cumsum([1 + step.refused for step in self.steps])
