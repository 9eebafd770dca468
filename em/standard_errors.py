"""How sure is an estimate? Standard errors, from the E-step alone.

What would be known if nothing were hidden, less what is missing because
something is, is what the data tell: observed = complete − missing information
(Orchard & Woodbury 1972).
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from em._admission import admit
from em._arrays import Array
from em._undetermined import refuse_edges, refuse_undetermined, relative
from em.coordinates import Coordinates
from em.fits import Fit
from em.information import derivatives, expected, scaled
from em.model import Data, Model, Params, Posterior, named, with_values


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
    admitted = admit(model, data, fit.params, fixed, sample_weights, {})
    guarded, checked, params, held, _ = admitted
    to = Coordinates(guarded.model, params, held)
    if not to.fields:
        raise ValueError("all parameters are fixed: expected one that is not")
    refuse_edges(to)
    q = expected(guarded, checked)
    moves = scaled(q, guarded, checked, to)
    slope, complete, missing = derivatives(q, guarded, checked, to, moves)
    observed = complete - missing
    refuse_undetermined(to, moves, slope, complete, observed)
    # In units of the moves, numbers are of one size, and inverses good.
    slopes = changes(to, moves)
    covariance = slopes @ np.linalg.inv(observed) @ slopes.T
    unit = np.linalg.pinv(moves) @ to.directions()
    return StandardErrors(
        errors=shaped(params, np.sqrt(np.diag(covariance))),
        covariance=covariance,
        complete=unit.T @ complete @ unit,
        observed=unit.T @ observed @ unit,
        missing=unit.T @ missing @ unit,
        slopes=slopes @ unit,
    )


def changes(to: Coordinates[Params], moves: Array) -> Array:
    """Return what each move changes in the q numbers of parameters, (q, m)."""
    here = to.vector(to.like)
    ahead, behind = (
        np.array([flat(to.params(here + sign * move)) for move in moves.T])
        for sign in (0.5, -0.5)
    )
    found: Array = (ahead - behind).T
    return found


def flat(params: object) -> Array:
    """Return all numbers of parameters, field by field, shape (q,)."""
    return np.concatenate([v.ravel() for v in named(params).values()])


def shaped(params: Params, numbers: Array) -> Params:
    """Return parameters of the same kind that hold these numbers, (q,)."""
    fields = named(params)
    ends = np.cumsum([v.size for v in fields.values()])
    parts = np.split(numbers, ends[:-1])
    return with_values(
        params,
        {
            name: part.reshape(old.shape)
            for part, (name, old) in zip(parts, fields.items(), strict=True)
        },
    )
