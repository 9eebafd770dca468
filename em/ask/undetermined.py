"""Where there are no standard errors, and which parameters are to blame."""

from collections.abc import Callable
from typing import NoReturn

import numpy as np

from em.errors import NotDeterminedError
from em.model import Params
from em.numbers.arrays import Array
from em.numbers.parameters import Group, Parameters

# Of the complete information, the least that may be left to tell anything; and
# how far from a maximum a fit may be, in standard errors.
LEAST, OFF = 1e-5, 0.05
# One standard error away a parabola has fallen by a half: between these is
# near enough. (Who falls faster is surer than the error says: no great harm.)
FALLS = 1 / 8, 8.0
# What costs no more than this might as well be so.
NEAR = 0.01


def relative(part: Array, whole: Array) -> tuple[Array, Array]:
    """Return what shares of information a part is, ascending, and their axes.

    The eigenvalues of whole⁻¹ part, both (p, p) and symmetric, and a column
    for the direction of each.
    """
    root = np.linalg.inv(np.linalg.cholesky(whole))
    shares, axes = np.linalg.eigh(root @ part @ root.T)
    return shares, root.T @ axes


def refuse_edges(
    to: Parameters[Params], height: Callable[[Params], float]
) -> None:
    """Raise NotDeterminedError for a parameter at the edge of its range.

    Or so near to it that the log-likelihood is no lower there: EM needs very
    many steps to an edge, and of a logarithm each is the same.
    """
    inside, names = to.inside(to.vector(to.like)), to.names()
    for group in to.groups:
        good = inside[group.free]
        if not good.all():
            # (Of a covariance, there is no telling which entry.)
            if len(good) != group.places.size:
                refuse_edge(to, group, f"{group.name} is flat")
            place = int(group.places.ravel()[good.argmin()])
            refuse_edge(to, group, f"{names[place]} is {to.all[place]:.3g}")
    top = height(to.like)
    for group in to.groups:
        for place in group.places.ravel():
            for row in group.edges(to.all, int(place)):
                if top - height_or_nothing(to, height, row) < NEAR:
                    value = f"{names[place]} is {to.all[place]:.3g}"
                    words = f", and might as well be {row[place]:.3g}"
                    refuse_edge(to, group, value + words)


def refuse_edge(to: Parameters[Params], group: Group, what: str) -> NoReturn:
    """Raise NotDeterminedError, and say what to do instead."""
    others = any(one.name != group.name for one in to.groups)
    hold = f"Hold it, fixed={group.name!r}, leave" if others else "Leave"
    raise NotDeterminedError(
        f"{what}: at the edge of what it can be, a log-likelihood has no top, "
        f"and an estimate no standard error. {hold} a component out, or report "
        "an interval (em.profile)"
    )


def refuse_undetermined(
    to: Parameters[Params],
    moves: Array,
    slope: Array,
    complete: Array,
    observed: Array,
) -> None:
    """Raise NotDeterminedError where there is no top, or no curve at all."""
    known = np.isfinite(observed).all(axis=1)
    if not known.all():
        refuse(to, moves[:, known.argmin()], "the data tell nothing of")
    largest = float(np.diag(complete).max())
    least, axes = np.linalg.eigh(complete / largest)
    if least[0] < LEAST**2:
        refuse(to, moves @ axes[:, 0], "the data tell nothing of")
    shares, axes = relative(observed, complete)
    if shares[0] < -LEAST:
        refuse(to, moves @ axes[:, 0], "this is no maximum: it rises along")
    if shares[0] < LEAST:
        refuse(to, moves @ axes[:, 0], "the data do not tell apart values of")
    to_top = np.linalg.solve(observed, slope)
    if (off := np.sqrt(slope @ to_top)) > OFF:
        words = (
            f"the fit is {off:.2g} standard errors below a maximum (not "
            "converged, at a floor, or with options that tie parameters and "
            "are not given here), which differs most in"
        )
        refuse(to, moves @ to_top, words)


def height_or_nothing(
    to: Parameters[Params], height: Callable[[Params], float], row: Array
) -> float:
    """Return a log-likelihood, or −∞ where the model has no answer."""
    try:
        found = height(to.of_row(row))
    except (ValueError, ArithmeticError):
        return -np.inf
    return found if np.isfinite(found) else -np.inf


def refuse_crooked(
    to: Parameters[Params],
    height: Callable[[Params], float],
    covariance: Array,
    reach: Array,
) -> None:
    """Raise NotDeterminedError where the log-likelihood is no such parabola.

    `reach` has a column for each number of the parameters, (p, q): where the
    parabola has fallen by a half, in free numbers, along the number's profile.
    Beside an edge it falls by next to nothing.
    """
    here, top = to.vector(to.like), height(to.like)
    for i in np.flatnonzero(np.diag(covariance)):
        for way in (reach[:, i], -reach[:, i]):
            row = to.row(to.params(here + way))
            fall = top - height_or_nothing(to, height, row)
            if not FALLS[0] < fall < FALLS[1]:
                error = np.sqrt(covariance[i, i])
                raise NotDeterminedError(
                    f"{to.names()[i]} is {to.all[i]:.3g}, and would have a "
                    f"standard error of {error:.2g}, but one error away the "
                    f"log-likelihood has fallen by {fall:.2g}, where 0.5 was "
                    "expected: it is beside an edge, or the data are too few. "
                    "Report an interval, em.profile, in place of it"
                )


def refuse(to: Parameters[Params], direction: Array, why: str) -> NoReturn:
    """Raise NotDeterminedError that names the numbers a direction changes."""
    size = 1e-3 / float(np.abs(direction).max())
    here = to.vector(to.like)
    moved, old = (to.row(to.params(v)) for v in (here + size * direction, here))
    change = np.zeros(len(old))
    for places in to.places.values():
        scale = np.abs(old[places]).max() or 1.0
        change[places] = np.abs(moved - old)[places] / scale
    parts = np.array(to.names())[change > 0.2 * change.max()]
    told = ""
    if to.inferred:
        told = (
            f" (RANGES says nothing: {', '.join(to.inferred)} taken for what "
            "the M-step's answers look like)"
        )
    raise NotDeterminedError(f"{why} {', '.join(parts)}{told}")
