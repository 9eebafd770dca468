"""Where there are no standard errors, and which parameters are to blame."""

import numpy as np

from em._arrays import Array
from em.coordinates import Coordinates
from em.errors import NotDeterminedError
from em.model import Params, named

# Of the complete information, the least that may be left to tell anything; and
# how far from a maximum a fit may be, in standard errors.
LEAST, OFF = 1e-5, 0.05


def relative(part: Array, whole: Array) -> tuple[Array, Array]:
    """Return what shares of information a part is, ascending, and their axes.

    The eigenvalues of whole⁻¹ part, both (p, p) and symmetric, and a column
    for the direction of each.
    """
    root = np.linalg.inv(np.linalg.cholesky(whole))
    shares, axes = np.linalg.eigh(root @ part @ root.T)
    return shares, root.T @ axes


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
    shares, axes = relative(observed, complete)
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
