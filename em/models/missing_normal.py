"""One normal in several dimensions, from a table with holes in it."""

from collections.abc import Iterator
from typing import Self

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from em.door import imagined, validation
from em.door.imagined import ONE, ZERO, log_wishart, matrices
from em.kinds import holes as tables
from em.kinds.holes import Seen, with_holes
from em.kinds.weights import counted, times
from em.numbers.arrays import Array, Seed, as_floats, floats, numbers
from em.numbers.covariances import flat, scaled
from em.numbers.defaults import once_each
from em.numbers.moments import Moments, beside

CAN_BE_FIXED = ("covariance",)
# What each of the parameters can be: see em.numbers.ranges.
RANGES = {"mean": "real", "covariance": "covariance"}


@frozen(eq=False)
class Table:
    """Rows of numbers, shape (n, d), NaN for each hole.

    Where they are made, a hole may also be None, masked, or missing in a data
    frame. Each row counts `weights` times, (n,): once unless given.
    """

    values: Array = field(converter=with_holes)
    weights: Array = field(
        default=once_each, converter=floats, validator=numbers
    )


@frozen(eq=False)
class Normal:
    """Mean μ, shape (d,), and covariance Σ, shape (d, d)."""

    mean: Array = field(converter=floats, validator=numbers)
    covariance: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Expected:
    """What is expected of the holes.

    `filled` is the table with each hole filled by its expected value, (n, d);
    `spread` the covariance of the holes around it, summed over rows, (d, d).
    """

    filled: Array = field(converter=floats, validator=numbers)
    spread: Array = field(converter=floats, validator=numbers)


def patterns(values: Array) -> Iterator[tuple[Array, Array]]:
    """Yield which columns are seen, (d,), and in which rows, (n,), in turn."""
    found, which = np.unique(~np.isnan(values), axis=0, return_inverse=True)
    for number, seen in enumerate(found):
        yield seen, which.ravel() == number


def given(covariance: Array, seen: Array) -> tuple[Array, Array]:
    """Return slopes of the columns not seen, h of d, on those that are.

    They are Σ_hs Σ_ss⁻¹, shape (h, d − h). Also returns the covariance that is
    left, Σ_hh − Σ_hs Σ_ss⁻¹ Σ_sh, shape (h, h) (Bishop 2006, eq. 2.81-82).
    """
    across = covariance[np.ix_(seen, ~seen)]
    slopes = np.linalg.solve(covariance[np.ix_(seen, seen)], across).T
    return slopes, covariance[np.ix_(~seen, ~seen)] - slopes @ across


def log_density(away: Array, covariance: Array) -> Array:
    """Return log N(x_i | μ, Σ) from `away`, x_i − μ, (n, d); shape (n,)."""
    root = np.linalg.cholesky(covariance)
    z = np.linalg.solve(root, away.T)
    log_peak = -np.log(np.diag(root) * np.sqrt(2 * np.pi)).sum()
    log_densities: Array = log_peak - (z * z).sum(axis=0) / 2
    return log_densities


def e_step(table: Table, normal: Normal) -> tuple[Expected, float]:
    """Return what is expected of each hole, and the log-likelihood.

    (That of the values seen. Little & Rubin 2002, section 11.2.)
    """
    mean, covariance = normal.mean, normal.covariance
    filled, spread = table.values.copy(), np.zeros_like(covariance)
    log_likelihood = 0.0
    for seen, rows in patterns(table.values):
        weights = table.weights[rows]
        away = table.values[np.ix_(rows, seen)] - mean[seen]
        slopes, left = given(covariance, seen)
        filled[np.ix_(rows, ~seen)] = mean[~seen] + away @ slopes.T
        spread[np.ix_(~seen, ~seen)] += weights.sum() * left
        within = covariance[np.ix_(seen, seen)]
        log_likelihood += float(weights @ log_density(away, within))
    return Expected(filled, spread), log_likelihood


def expected_log_joint(
    table: Table, expected: Expected, normal: Normal
) -> float:
    """Return the average of Σ_i log N(x_i | μ, Σ) over what the holes held."""
    away = expected.filled - normal.mean
    at_the_filled = table.weights @ log_density(away, normal.covariance)
    taken_off = np.linalg.solve(normal.covariance, expected.spread).trace() / 2
    return float(at_the_filled - taken_off)


def credited(table: Table, expected: Expected) -> Moments:
    """Return mean and scatter of the filled table, the spread added.

    (Little & Rubin 2002, section 11.2.)
    """
    mean = np.average(expected.filled, axis=0, weights=table.weights)
    away = expected.filled - mean
    squares = (table.weights * away.T) @ away
    size = table.weights.sum()[None]
    return Moments(size, mean[None], (squares + expected.spread)[None])


def answer(moments: Moments) -> Normal:
    """Return the mean, and the covariance: scatter / size."""
    return Normal(moments.means[0], moments.scatters[0] / moments.sizes)


def m_step(table: Table, expected: Expected) -> Normal:
    """Return the best answer to the filled table."""
    return answer(credited(table, expected))


@frozen(eq=False)
class NormalPrior:
    """Imaginary rows: what they say of the mean and of the covariance.

    `mean_count` of them say that the mean is `mean`, `covariance_count` that
    the covariance is `covariance` (one number: in every direction).
    """

    mean: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    covariance: Array = field(default=ONE, converter=floats, validator=numbers)
    covariance_count: Array = field(
        default=ZERO, converter=floats, validator=numbers
    )

    @classmethod
    def normal_inverse_wishart(
        cls, mean: ArrayLike, kappa: float, nu: float, scale: ArrayLike
    ) -> Self:
        """Return μ, Σ ~ normal-inverse-Wishart.

        Σ ~ InvWishart(ν, scale), (d, d), and μ given Σ ~ N(mean, Σ/κ).
        """
        matrix = as_floats(scale, "scale")
        counted = as_floats(nu, "nu") + matrix.shape[-1] + 2
        return cls(mean, kappa, matrix / counted, counted)

    def scatter(self, d: int) -> Array:
        """Return the scatter that is imagined about the mean, (d, d)."""
        return self.covariance_count * matrices(self.covariance, d)

    def answer(self, moments: Moments) -> Normal:
        """Return the normal from what was seen and what is imagined.

        (Two counts may differ, so they are not just added.)
        """
        scatter = self.scatter(moments.means.shape[1])
        given = self.mean, self.mean_count, scatter, self.covariance_count
        return answer(beside(moments, *given))

    def log_density(self, normal: Normal) -> float:
        """Return log p(μ, Σ), up to a constant."""
        away = normal.mean - self.mean
        scatter = self.mean_count * np.outer(away, away)
        scatters = (scatter + self.scatter(len(away)))[None]
        counts = self.covariance_count
        return log_wishart(normal.covariance[None], scatters, counts)

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        d = len(validation.kind(start, Normal, "start").mean)
        imagined.check(self, 1, mean=(1, d), covariance=(1, d, d))


# What the two steps need not care about: what goes in, and what went wrong.


def check(table: object, normal: object) -> tuple[Table, Normal]:
    """Return both, the table as a Table, or raise TypeError or ValueError."""
    normal = validation.kind(normal, Normal, "start")
    table = table if isinstance(table, Table) else Table(table)
    tables.check_table(table.values)
    validation.same_length(rows=table.values, weights=table.weights)
    counted(table.weights)
    tables.check_normal(normal.mean, normal.covariance, table.values)
    return table, normal


def weigh(table: Table, sample_weights: Array) -> Table:
    """Return a table whose rows count so often, or raise ValueError."""
    return evolve(table, weights=times(table.weights, sample_weights))


def extent(table: Table) -> Seen:
    """Return what is seen, in rows that count."""
    return Seen.of(table.values[table.weights > 0])


enough = tables.refuse_untold  # asked of all pieces together


def collapsed(seen: Seen, normal: Normal) -> Iterator[tuple[Array, str]]:
    """Yield whether there is no width left some way, (1,), and what to do."""
    digits = np.spacing(seen.largest)
    covariances = normal.covariance[None]
    yield (
        flat(covariances, digits),
        "its covariance shrank until one column follows from the others. "
        "It takes more complete rows, or fewer columns",
    )
    stds, correlations = scaled(covariances)
    if np.isfinite(correlations).all():
        least = np.sqrt(np.linalg.eigvalsh(correlations)[:, 0])
        yield (
            least <= 1e4 * (digits / stds).max(),
            "values so far from 0 have no digits left for a width so small. "
            "Take off what all values of a column have in common",
        )


def sample(
    normal: Normal, n: int, rng: Seed, holes: ArrayLike = 0.0
) -> tuple[Table, Array]:
    """Draw a table of `n` rows, and the same with nothing lost, (n, d).

    `holes` is the probability that a value is lost: one for all columns, or
    one for each, (d,).
    """
    rng = np.random.default_rng(rng)
    whole = rng.multivariate_normal(
        normal.mean, normal.covariance, size=n, method="cholesky"
    )
    lost = rng.random(whole.shape) < np.asarray(holes)
    return Table(np.where(lost, np.nan, whole)), whole
