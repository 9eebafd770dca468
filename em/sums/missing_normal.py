"""A table with holes in pieces: size, mean and scatter of what is expected."""

from collections.abc import Iterator

import numpy as np

from em import _validation
from em._arrays import Array
from em._holes import check_normal, check_table
from em._weights import counted
from em.models.missing_normal import Normal, Table, e_step, nothing_left
from em.sums.moments import Moments


def statistics(table: Table, normal: Normal) -> tuple[Moments, float]:
    """Return what the M-step needs of the rows, and the log-likelihood."""
    expected, log_likelihood = e_step(table, normal)
    mean = np.average(expected.filled, axis=0, weights=table.weights)
    away = expected.filled - mean
    scatter = (table.weights * away.T) @ away + expected.spread
    size = table.weights.sum()[None]
    seen = np.where(np.isnan(table.values), 0, np.abs(table.values))
    largest = seen[table.weights > 0].max(axis=0)
    sums = Moments(size, mean[None], scatter[None], largest)
    return sums, log_likelihood


def maximise(sums: Moments) -> Normal:
    """Return the mean, and scatter / size."""
    return Normal(sums.means[0], sums.scatters[0] / sums.sizes)


def check(table: object, normal: object) -> tuple[Table, Normal]:
    """Return both, or raise TypeError or ValueError for what is not that.

    A piece may leave out a column that other pieces hold.
    """
    normal = _validation.kind(normal, Normal, "start")
    table = table if isinstance(table, Table) else Table(table)
    check_table(table.values)
    _validation.same_length(rows=table.values, weights=table.weights)
    counted(table.weights)
    check_normal(normal.mean, normal.covariance, table.values)
    return table, normal


def collapsed(sums: Moments, normal: Normal) -> Iterator[tuple[Array, str]]:
    """Yield whether there is no width left some way, (1,), and what to do."""
    return nothing_left(normal, sums.largest)
