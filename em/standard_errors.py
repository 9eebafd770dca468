"""How sure is an estimate? Standard errors, from the E-step alone.

What would be known if nothing were hidden, less what is missing because
something is, is what the data tell: observed = complete − missing information
(Orchard & Woodbury 1972).
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from em._arrays import Array
from em.admission import admit
from em.expectation import q
from em.fits import Fit
from em.information import Piece, scaled
from em.model import Data, Model, Params, Posterior
from em.parameters import Parameters
from em.problem import Problem
from em.undetermined import (
    refuse_crooked,
    refuse_edges,
    refuse_undetermined,
    relative,
)


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
    """

    errors: Params
    covariance: Array
    complete: Array
    observed: Array
    missing: Array
    slopes: Array

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
    sample_weights: ArrayLike | None = None,
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
    fixed, sample_weights
        What `em.fit` was given.

    Returns
    -------
    StandardErrors

    Raises
    ------
    TypeError
        For a model that has neither.
    NotDeterminedError
        Where there are none: for parameters at an edge, not at a maximum, or
        of which the data tell nothing.

    Notes
    -----
    They describe the parabola that fits the top of the log-likelihood: good
    where data are many, and no answer to small samples, edges, or another
    maximum elsewhere. Options that tie parameters (one width for all) are not
    known here: such a fit is refused, since it is no maximum without them.
    """
    problem = admit(
        model, data, fit.params, {}, fixed=fixed, sample_weights=sample_weights
    )
    params = problem.start
    answers = [step.params for step in fit.steps[1:]] or [params]
    to = Parameters(model, params, problem.held, answers)
    directions = to.directions()
    if not directions.size:
        raise ValueError(
            "all parameters are fixed, or can be one thing only: expected one "
            "that is free"
        )

    def height(params: Params) -> float:
        return problem.e_step(params).height

    with np.errstate(all="ignore"):
        refuse_edges(to, height)
        pieces = [piece_of(model, problem, to)]
        moves = scaled(to, lambda: pieces, directions)
        parts = [one.derivatives(moves) for one in pieces]
        slope, complete, missing = (
            np.sum(part, axis=0) for part in zip(*parts, strict=True)
        )
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
    )


def piece_of(
    model: object,
    problem: Problem[Params, Posterior],
    to: Parameters[Params],
) -> Piece[Params]:
    """Return what is asked of the data of a model."""
    own = problem.model.log_joint
    # (Without a log_joint, it is the data that carry weights.)
    weights = None if own is None else problem.weights

    def e_step(params: Params) -> tuple[object, float]:
        step = problem.e_step(params)
        return step.posterior, step.height

    return Piece(
        to,
        q(model, problem.data, weights),
        e_step,
        own and (lambda params: own(problem.data, params)),
        weights,
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
