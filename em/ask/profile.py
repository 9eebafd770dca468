"""An interval by the log-likelihood itself, where a standard error will not do.

It holds the values of one number that the data do not speak against: with all
else at its best, the log-likelihood is no further below the top than chance
makes it. It may end at an edge, and need not lie evenly about the estimate.
"""

from collections.abc import Callable, Iterable

import numpy as np

from em.door.admit import admit
from em.door.passes import Each, Map
from em.door.prior import Prior
from em.errors import NotDeterminedError
from em.fits import Fit, expect_fit
from em.model import Data, Model, Params, Posterior
from em.numbers.arrays import Array
from em.numbers.parameters import Group, Parameters
from em.numbers.ranges import Covariance, Shares
from em.problem import Problem


def profile(
    model: Model[Data, Params, Posterior],
    data: object,
    fit: Fit[Params, Posterior],
    number: str,
    *,
    level: float = 0.95,
    fixed: str | Iterable[str] = (),
    sample_weights: Each | None = None,
    labels: Each | None = None,
    prior: Prior | None = None,
    map: Map | None = None,
) -> tuple[float, float]:
    """Return the profile interval of one number, such as "rates[0]".

    Its ends are the least and the largest value of the number among all
    parameters whose log-likelihood lies no more than half a quantile of χ²,
    with one degree of freedom, below that of the fit: 1.92 for 95 %.

    Parameters
    ----------
    model, data, fit
        As in `fit = em.fit(model, data, …)`.
    number
        Its name, such as "means[0]"; no entry of a covariance.
    level
        How often such an interval holds the true value, where data are many.
    fixed, sample_weights, labels, prior, map
        What `em.fit` was given.

    Returns
    -------
    tuple of two floats

    Raises
    ------
    ValueError
        For a number that the parameters do not have, or that is held.
    NotDeterminedError
        Where no end is found: the data may tell nothing of it.
    """
    from scipy.stats import chi2  # only where it is needed

    expect_fit(fit)
    problem: Problem[Params, Posterior] = admit(
        model, data, fit.params, {}, fixed=fixed, prior=prior, map=map,
        sample_weights=sample_weights, labels=labels,
    )  # fmt: skip
    answers = [step.params for step in fit.steps]
    to = Parameters(model, problem.start, problem.held, answers)
    group, place = place_of(to, number)
    drop = chi2.ppf(level, 1) / 2
    least = problem.e_step(to.like).height - drop

    def above(value: float) -> float:
        return highest(problem, to, group, place, value) - least

    best = float(to.all[place])
    size = max(abs(best), 1e-3 * float(np.abs(to.all).max()))
    edges = {-1: -np.inf, 1: np.inf}
    if group.range.ends:
        edges[-1] = 0.0
        if group.range is Shares:
            edges[1] = float(to.all[line_of(group, place)].sum())
        elif len(group.range.ends) > 1:
            edges[1] = 1.0
    low, high = (end(above, best, way * size, edges[way]) for way in (-1, 1))
    return low, high


def end(
    above: Callable[[float], float], best: float, step: float, edge: float
) -> float:
    """Return where a profile crosses 0, going by larger and larger steps.

    Or the edge, if it does not before that.
    """
    from scipy.optimize import brentq

    inner, step = best, step / 16
    for _ in range(40):
        outer = best + step
        if abs(outer - best) >= abs(edge - best):
            outer = edge
        if above(outer) < 0:
            return float(brentq(above, inner, outer, xtol=1e-6 * abs(step)))
        if outer == edge:
            return edge
        inner, step = outer, 2 * step
    raise NotDeterminedError(
        f"no end was found: the log-likelihood is as high at {outer:.3g}"
    )


def highest(
    problem: Problem[Params, Posterior],
    to: Parameters[Params],
    group: Group,
    place: int,
    value: float,
) -> float:
    """Return the highest log-likelihood with one number of such a value."""
    from scipy.optimize import minimize

    here, away = to.vector(to.like), to.directions()
    here = np.clip(here, -300, 300)  # what is at an edge stays near it

    def depth(free: Array) -> float:
        row = to.row(to.params(here + away @ free))
        if group.range is Shares:
            line = line_of(group, place)
            whole, old = row[line].sum(), row[place]
            row[line] *= (whole - value) / (whole - old)
        row[place] = value
        with np.errstate(all="ignore"):
            try:
                return -problem.e_step(to.of_row(row)).height
            except (ValueError, ArithmeticError):
                return 1e10

    with np.errstate(all="ignore"):
        found = minimize(depth, np.zeros(away.shape[1]), options={"gtol": 1e-4})
    return -float(found.fun)


def line_of(group: Group, place: int) -> Array:
    """Return where the shares stand that sum to 1 with one of them."""
    found: Array = group.places[(group.places == place).any(axis=-1)].ravel()
    return found


def place_of(to: Parameters[Params], number: str) -> tuple[Group, int]:
    """Return where in the row a number stands, or raise ValueError."""
    names, known = to.names(), list[str]()
    for group in to.groups:
        for place in group.places.ravel():
            if names[place] == number and group.range is not Covariance:
                return group, int(place)
            known.append(names[place])
    raise ValueError(
        f"number is {number!r}: expected one that is free, and no entry of a "
        f"covariance, of {', '.join(known[:12])}"
    )
