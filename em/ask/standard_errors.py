"""How sure is an estimate? Standard errors, from the E-step alone.

What would be known if nothing were hidden, less what is missing because
something is, is what the data tell: observed = complete − missing information
(Orchard & Woodbury 1972).
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple

import numpy as np

from em.ask.asked import Asked
from em.ask.free import free_directions
from em.ask.information import Piece, scaled
from em.ask.tables import Rows, rows_of, table, text
from em.ask.undetermined import (
    refuse_crooked,
    refuse_edges,
    refuse_undetermined,
    relative,
)
from em.door.admit import admit
from em.door.passes import Each, Map
from em.door.prior import Prior
from em.fits import Fit, expect_fit
from em.model import Data, Model, Params, Posterior
from em.numbers.arrays import Array
from em.numbers.parameters import Parameters
from em.offers import Offers
from em.problem import Problem


class StandardErrors(NamedTuple, Generic[Params]):
    """How sure an estimate is.

    Attributes
    ----------
    errors
        The standard error of each parameter, where the parameter stands: an
        object of the same kind. 0 for what was held.
    covariance
        Of all numbers of the parameters, field by field, shape (q, q).
    complete, observed, missing
        The information, (p, p), about p numbers without bounds; complete =
        observed + missing.
    slopes
        How the q numbers of the parameters change with those p, (q, p).
    estimates
        The parameters themselves.

    Prints as a table, with 95 % intervals, and shows as one in a notebook.
    """

    errors: Params
    covariance: Array
    complete: Array
    observed: Array
    missing: Array
    slopes: Array
    estimates: Params

    def interval(self, level: float = 0.95) -> tuple[Params, Params]:
        """Return both ends of an interval about each number, as parameters.

        1.96 errors to either side, for 95 %. (`em.profile` gives another,
        which need not be symmetric.)
        """
        from statistics import NormalDist  # `import em` stays light

        to = Parameters(None, self.estimates)
        errors = NormalDist().inv_cdf((1 + level) / 2) * to.row(self.errors)
        return to.of_row(to.all - errors), to.of_row(to.all + errors)

    def __str__(self) -> str:
        return text(*self.rows)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return table(*self.rows)

    @property
    def rows(self) -> tuple[tuple[str, ...], Rows, str]:
        """The heads, the rows and the title of the table."""
        numbers = rows_of(self.estimates, self.errors, *self.interval())
        rows: Rows = [
            (name, row if row[1] else (row[0], "held", "", ""))
            for name, row in numbers
        ]
        head = ("estimate", "error", "2.5 %", "97.5 %")
        return head, rows, "Estimates and their standard errors"

    @property
    def rates(self) -> Array:
        """The matrix DM, (p, p): which part of an error a step of EM leaves.

        It is the share of information that is missing (Dempster, Laird &
        Rubin 1977): complete⁻¹ missing.
        """
        found: Array = np.linalg.solve(self.complete, self.missing)
        return found

    @property
    def rate(self) -> float:
        """Its largest eigenvalue: the part of an error that lasts longest."""
        return float(relative(self.missing, self.complete)[0][-1])


def standard_errors(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior],
    *,
    fixed: str | Iterable[str] = (),
    sample_weights: Each | None = None,
    labels: Each | None = None,
    prior: Prior | None = None,
    map: Map | None = None,
    **options: object,
) -> StandardErrors[Params]:
    """Return how sure the estimates of a fit are.

    From the expected complete-data log-likelihood Q(θ' | θ): its second
    derivative in θ' is the complete information, that in θ' and θ the missing
    one (Oakes 1999), both by finite differences.

    Parameters
    ----------
    model, data, fit
        As in `fit = em.fit(model, data, …)`. The model needs a `log_joint` or
        an `expected_log_joint`.
    fixed, sample_weights, labels, prior, map, **options
        What `em.fit` was given. Numbers that an option holds (at a floor)
        have an error of 0, those that it ties are known together. With a
        prior it counts as well: complete information is that of both.

    Returns
    -------
    StandardErrors

    Raises
    ------
    TypeError
        For a model that has neither.
    ValueError
        Where nothing is free.
    NotDeterminedError
        Where there are none: for parameters at an edge or beside it, not at a
        maximum, or of which the data tell nothing.

    Notes
    -----
    They describe the parabola that fits the top of the log-likelihood: good
    where data are many, and no answer to another maximum elsewhere. Where the
    log-likelihood one error away is not that parabola's, they are refused.
    """
    expect_fit(fit)
    problem: Problem[Params, Posterior] = admit(
        model, data, fit.params, options, fixed=fixed, prior=prior, map=map,
        sample_weights=sample_weights, labels=labels,
    )  # fmt: skip
    answers = [step.params for step in fit.steps[1:]] or [problem.start]
    to = Parameters(model, problem.start, problem.held, answers)

    def height(params: Params) -> float:
        return problem.e_step(params).height

    with np.errstate(all="ignore"):
        directions = free_directions(problem, to)
        if not directions.size:
            raise ValueError(
                "all parameters are fixed, or can be one thing only: expected "
                "one that is free"
            )
        refuse_edges(to, height)
        asked = Asked(Offers.of(model), problem, to)
        moves = scaled(to, asked, directions)
        parts = zip(*asked(Piece.derivatives, moves), strict=True)
        slope, complete, missing = (np.sum(part, axis=0) for part in parts)
        observed = complete - missing
        refuse_undetermined(to, moves, slope, complete, observed)
        # In units of the moves, numbers are of one size, and inverses good.
        slopes = changes(to, moves)
        inverse = np.linalg.inv(observed)
        covariance = slopes @ inverse @ slopes.T
        errors = np.sqrt(np.diag(covariance))
        reach = moves @ inverse @ slopes.T / np.where(errors > 0, errors, 1)
        refuse_crooked(to, height, covariance, reach)
    unit = np.linalg.pinv(moves) @ directions
    return StandardErrors(
        errors=to.of_row(errors),
        covariance=covariance,
        complete=unit.T @ complete @ unit,
        observed=unit.T @ observed @ unit,
        missing=unit.T @ missing @ unit,
        slopes=slopes @ unit,
        estimates=problem.start,
    )


def changes(to: Parameters[Params], moves: Array) -> Array:
    """Return what each move changes in the q numbers of parameters, (q, m)."""
    here = to.vector(to.like)
    ahead, behind = (
        np.array([to.row(to.params(here + sign * move)) for move in moves.T])
        for sign in (0.5, -0.5)
    )
    found: Array = (ahead - behind).T
    return found
