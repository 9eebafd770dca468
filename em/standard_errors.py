"""How sure is an estimate? Standard errors, from the E-step alone.

What would be known if nothing were hidden, less what is missing because
something is, is what the data tell: observed = complete − missing information
(Orchard & Woodbury 1972).
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike
from scipy.linalg import eigh

from em._admission import Guarded, admit
from em._arrays import Array
from em._sample_weights import WeightedMixture
from em.coordinates import Coordinates
from em.errors import NotDeterminedError
from em.fits import Fit
from em.model import Data, Model, Params, Posterior, named, with_values

# Of the complete information, the least that may be left to tell anything; and
# how far from a maximum a fit may be, in standard errors.
LEAST, OFF = 1e-5, 0.05


@frozen(eq=False)
class StandardErrors(Generic[Params]):
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
        return float(eigh(self.missing, self.complete, eigvals_only=True)[-1])


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


def expected(
    guarded: Guarded[Data, Params, Posterior], data: Data
) -> Callable[[Any, Params], float]:
    """Return Q: the average of log p(x, z | θ') over z, given a posterior."""
    model: Any = guarded.model
    weights = np.ones(1)
    if isinstance(model, WeightedMixture):
        weights, model = model.weights, model.model
    if hasattr(model, "log_joint"):

        def of_a_mixture(r: Array, params: Params) -> float:
            # A share of 0 adds 0, also where its logarithm is −∞.
            shares = weights[:, None] * r
            log_joint = model.log_joint(data, params)
            return float(np.where(shares > 0, shares * log_joint, 0).sum())

        return of_a_mixture
    if not hasattr(model, "expected_log_joint"):
        raise TypeError(
            f"the model is {getattr(model, '__name__', repr(model))}: expected "
            "one with a log_joint or an expected_log_joint"
        )
    return lambda posterior, params: float(
        model.expected_log_joint(data, posterior, params)
    )


def scaled(
    q: Callable[[Any, Params], float],
    guarded: Guarded[Data, Params, Posterior],
    data: Data,
    to: Coordinates[Params],
) -> Array:
    """Return a small move in each direction that can be chosen, (p, m).

    Small enough for Q to be a parabola there, and so large that rounding does
    not show: it takes a ten-millionth off Q.
    """
    here, moves = to.vector(to.like), to.directions()
    posterior, _ = guarded.e_step(data, to.like)
    top = q(posterior, to.like)
    aim = 1e-7 * max(1.0, abs(top))
    for i, direction in enumerate(moves.T):
        size = max(1.0, float(np.abs(here[direction != 0]).max()))
        column = 1e-4 * size * direction
        for _ in range(20):
            up, down = (
                q(posterior, to.params(here + sign * column))
                for sign in (1, -1)
            )
            fall = top - (up + down) / 2
            if aim / 2 < fall < 2 * aim:
                break
            share = aim / fall if fall > 1e-3 * aim else 1e3
            column = column * np.sqrt(np.clip(share, 1e-4, 1e3))
        else:
            refuse(to, column, "the data tell nothing of")
        moves[:, i] = column
    return moves


def derivatives(
    q: Callable[[Any, Params], float],
    guarded: Guarded[Data, Params, Posterior],
    data: Data,
    to: Coordinates[Params],
    moves: Array,
) -> tuple[Array, Array, Array]:
    """Return the slope of Q in θ', (m,), and complete and missing information.

    Each (m, m), and all in units of the moves.
    """
    here = to.vector(to.like)
    posterior, _ = guarded.e_step(data, to.like)

    def slope(given: Posterior, at: Array) -> Array:
        ups = [q(given, to.params(at + move)) for move in moves.T]
        downs = [q(given, to.params(at - move)) for move in moves.T]
        return (np.array(ups) - downs) / 2

    def change(sides: Callable[[Array], tuple[Posterior, Array]]) -> Array:
        rows = [(slope(*sides(m)) - slope(*sides(-m))) / 2 for m in moves.T]
        return symmetric(np.array(rows))

    complete = change(lambda move: (posterior, here - move))
    missing = change(
        lambda move: (guarded.e_step(data, to.params(here + move))[0], here)
    )
    return slope(posterior, here), complete, missing


def symmetric(matrix: Array) -> Array:
    """Return the mean of a matrix and its transpose."""
    mean: Array = (matrix + matrix.T) / 2
    return mean


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


# Where there are none.


def refuse_edges(to: Coordinates[Params]) -> None:
    """Raise NotDeterminedError for a parameter at the edge of its range."""
    inside = to.inside(to.vector(to.like))
    for name, field in to.fields.items():
        good = inside[field.places]
        if not good.all():
            i = int(good.argmin())
            # (Of a covariance, there is no telling which entry.)
            values = field.like.ravel()
            entry = (
                f"[{i}] is {values[i]:.3g}" if len(good) == len(values) else ""
            )
            raise NotDeterminedError(
                f"{name}{entry or ' is flat'}: at the edge of what it can be, "
                "a log-likelihood has no top, and an estimate no standard "
                f"error. Hold it, fixed={name!r}, or leave a component out"
            )


def refuse_undetermined(
    to: Coordinates[Params],
    moves: Array,
    slope: Array,
    complete: Array,
    observed: Array,
) -> None:
    """Raise NotDeterminedError where there is no top, or no curve at all."""
    least = np.linalg.eigvalsh(complete / norm(complete))
    if least[0] < LEAST**2:
        axis = np.linalg.eigh(complete / norm(complete))[1][:, 0]
        refuse(to, moves @ axis, "the data tell nothing of")
    shares, axes = eigh(observed, complete)
    if shares[0] < -LEAST:
        refuse(to, moves @ axes[:, 0], "this is no maximum: it rises along")
    if shares[0] < LEAST:
        refuse(to, moves @ axes[:, 0], "the data do not tell apart values of")
    to_top = np.linalg.solve(observed, slope)
    if (off := np.sqrt(slope @ to_top)) > OFF:
        words = (
            f"the fit is {off:.2g} standard errors below a maximum (not "
            "converged, at a floor, or with options that tie parameters), "
            "which differs most in"
        )
        refuse(to, moves @ to_top, words)


def norm(matrix: Array) -> float:
    """Return the largest number on the diagonal."""
    return float(np.diag(matrix).max())


def refuse(to: Coordinates[Params], direction: Array, why: str) -> None:
    """Raise NotDeterminedError that names the numbers a direction changes."""
    size = 1e-3 / float(np.abs(direction).max())
    here = to.vector(to.like)
    moved, old = (named(to.params(v)) for v in (here + size * direction, here))
    found = {}
    for name, values in old.items():
        change = np.abs(moved[name] - values) / (np.abs(values).max() or 1.0)
        for place in np.ndindex(values.shape):
            where = f"[{', '.join(map(str, place))}]" if place else ""
            found[name + where] = float(change[place])
    most = max(found.values())
    parts = [name for name, one in found.items() if one > 0.2 * most]
    raise NotDeterminedError(f"{why} {', '.join(parts)}")
