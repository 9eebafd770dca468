"""One normal in several dimensions, from a table with holes in it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from em import _validation
from em.covariances import flat
from em.errors import refuse_collapse

# The estimates of the rest are the best there are, whatever these are.
CAN_BE_FIXED = ("covariance",)


class _Gaussian(NamedTuple):
    mean: np.ndarray
    covariance: np.ndarray


class Gaussian(_Gaussian):
    """The normal: its mean μ, shape (d,), and covariance Σ, shape (d, d).

    `mean` is in the units of the columns. Raises ValueError for a value that
    is not finite, or a covariance that is not symmetric with all its
    eigenvalues above 0.
    """

    __slots__ = ()

    def __new__(cls, mean: Any, covariance: Any) -> "Gaussian":
        mean = _validation.vector(mean, "mean")
        covariance = table_of(covariance, "covariance")
        if covariance.shape != (len(mean), len(mean)):
            raise ValueError(
                f"covariance: expected shape {(len(mean), len(mean))}, got "
                f"{covariance.shape}"
            )
        stds = np.sqrt(np.abs(np.diag(covariance)))
        uneven = np.abs(covariance - covariance.T)
        if not (uneven <= 1e-9 * np.outer(stds, stds)).all():
            raise ValueError("covariance: expected a symmetric one, no NaN")
        covariance = (covariance + covariance.T) / 2
        if (least := np.linalg.eigvalsh(covariance)[0]) <= 0:
            raise ValueError(
                f"covariance has an eigenvalue {least:g}: expected all above 0"
            )
        return super().__new__(cls, mean, covariance)


class Expected(NamedTuple):
    """What is expected of the holes, in place of responsibilities.

    `filled` is the table with each hole filled by its expected value, (n, d);
    `spread` the covariance of the holes around it, summed over rows, (d, d).
    """

    filled: np.ndarray
    spread: np.ndarray


def table_of(values: Any, name: str) -> np.ndarray:
    """Give `values` as a table of floats, (n, d), with NaN for its holes."""
    try:
        table: np.ndarray = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{name}: expected rows of numbers, all of one length ({error})"
        ) from None
    if table.ndim != 2 or table.size == 0:
        raise ValueError(
            f"{name}: expected rows and columns, got shape {table.shape}"
        )
    for row, column in np.argwhere(np.abs(table) >= 1e100):
        raise ValueError(
            f"{name}[{row}, {column}] is {table[row, column]:g}: expected a "
            "number that can be squared"
        )
    return table


def check(table: Any, gaussian: Any) -> tuple[np.ndarray, Gaussian]:
    """Refuse what is not a table, (n, d), and a Gaussian of d dimensions.

    A hole is NaN or None. A row may be all holes: it tells nothing, and does
    no harm. Raises TypeError for another kind of thing, ValueError for a bad
    value, for a column that is all holes, and for two columns of which no
    row holds both: nothing tells how they hang together.
    """
    _validation.kind(gaussian, Gaussian, "start")
    gaussian, table = Gaussian(*gaussian), table_of(table, "table")
    if table.shape[1] != len(gaussian.mean):
        raise ValueError(
            f"the table has {table.shape[1]} columns, the start's mean "
            f"{len(gaussian.mean)}: expected as many of each"
        )
    seen = ~np.isnan(table)
    for a, b in np.argwhere(seen.T.astype(int) @ seen == 0):
        raise ValueError(
            f"no row of the table holds both column {a} and column {b}: "
            "nothing tells their covariance"
            if seen[:, a].any() and seen[:, b].any()
            else f"column {b if seen[:, a].any() else a} of the table is all "
            "holes: leave it out"
        )
    return table, gaussian


def patterns(table: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Give which columns are seen, (d,), and in which rows, (n,), in turn."""
    found, which = np.unique(~np.isnan(table), axis=0, return_inverse=True)
    for number, seen in enumerate(found):
        yield seen, which.ravel() == number


def given(
    covariance: np.ndarray, seen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Regress the columns that are not seen, h of d, on those that are.

    Gives the slopes Σ_hs Σ_ss⁻¹, shape (h, d − h), and the covariance that
    is left, Σ_hh − Σ_hs Σ_ss⁻¹ Σ_sh, shape (h, h) (Bishop 2006, eq. 2.81
    and 2.82).
    """
    across = covariance[np.ix_(seen, ~seen)]
    slopes = np.linalg.solve(covariance[np.ix_(seen, seen)], across).T
    return slopes, covariance[np.ix_(~seen, ~seen)] - slopes @ across


def log_density(away: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Give log N(x_i | μ, Σ) from `away`, x_i − μ, (n, d); shape (n,)."""
    root = np.linalg.cholesky(covariance)
    z = np.linalg.solve(root, away.T)
    log_peak = -np.log(np.diag(root) * np.sqrt(2 * np.pi)).sum()
    log_densities: np.ndarray = log_peak - (z * z).sum(axis=0) / 2
    return log_densities


def e_step(table: np.ndarray, gaussian: Gaussian) -> tuple[Expected, float]:
    """Fill each hole with what is expected of it, and say how sure that is.

    Gives the Expected, and the log-likelihood of `gaussian`, which is that
    of the values seen. (Little & Rubin 2002, section 11.2.)
    """
    mean, covariance = gaussian
    filled, spread = table.copy(), np.zeros_like(covariance)
    log_likelihood = 0.0
    for seen, rows in patterns(table):
        away = table[np.ix_(rows, seen)] - mean[seen]
        slopes, left = given(covariance, seen)
        filled[np.ix_(rows, ~seen)] = mean[~seen] + away @ slopes.T
        spread[np.ix_(~seen, ~seen)] += rows.sum() * left
        within = covariance[np.ix_(seen, seen)]
        log_likelihood += float(log_density(away, within).sum())
    return Expected(filled, spread), log_likelihood


def expected_log_joint(
    table: np.ndarray, expected: Expected, gaussian: Gaussian
) -> float:
    """Give the average of Σ_i log N(x_i | μ, Σ) over what the holes held."""
    filled, spread = expected
    at_the_filled = log_density(filled - gaussian.mean, gaussian.covariance)
    taken_off = np.linalg.solve(gaussian.covariance, spread).trace() / 2
    return float(at_the_filled.sum() - taken_off)


def m_step(table: np.ndarray, expected: Expected) -> Gaussian:
    """Take mean and covariance of the filled table, and add the spread.

    (Little & Rubin 2002, section 11.2.) Raises CollapsedError where the rows
    have shrunk onto a line, a plane or a point.
    """
    filled, spread = expected
    mean = filled.mean(axis=0)
    away = filled - mean
    covariance = (away.T @ away + spread) / len(table)
    refuse_collapse(
        flat(covariance[None], np.abs(filled).max(axis=0)),
        "its covariance shrank until one column follows from the others. "
        "It takes more complete rows, or fewer columns",
    )
    return Gaussian(mean, covariance)


def sample(
    gaussian: Gaussian, n: int, rng: np.random.Generator, holes: Any = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a table of `n` rows, and the same with nothing lost; both (n, d).

    `holes` is the chance that a value is lost, one for all columns or (d,).
    """
    whole = rng.multivariate_normal(*gaussian, size=n, method="cholesky")
    return np.where(rng.random(whole.shape) < holes, np.nan, whole), whole
