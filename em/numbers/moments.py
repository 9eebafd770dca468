"""Sizes, means and scatters, that add without losing digits."""

from __future__ import annotations

import attrs
import numpy as np
from attrs import field, frozen

from em.numbers.arrays import Array
from em.numbers.blocks import blocks


@frozen(eq=False)
class Moments:
    """Sizes (k,), means and scatters of what each component is given.

    On a line, means and scatters are (k,); of points in d dimensions, (k, d)
    and (k, d, d). A scatter is Σ_i r_ik (x_i − m_k)(x_i − m_k)ᵀ about the mean
    m_k of its own piece: Σ r x xᵀ less size m mᵀ would lose the digits that
    far-off data and narrow components have in common. Where a size is 0, so
    are the mean and the scatter.
    """

    sizes: Array = field()
    means: Array = field()
    scatters: Array = field()

    @property
    def n(self) -> float:
        """How many observations they are of."""
        return float(self.sizes.sum())

    def __add__(self, other: Moments) -> Moments:
        """Return the moments of both (Chan, Golub & LeVeque 1983)."""
        sizes = self.sizes + other.sizes
        part = other.sizes / np.where(sizes > 0, sizes, 1)
        away = other.means - self.means
        # (Transposed, what there is one of for each component stands last.)
        between = outer((self.sizes * part * away.T).T, away)
        return Moments(
            sizes,
            self.means + (part * away.T).T,
            self.scatters + other.scatters + between,
        )

    def __mul__(self, share: float) -> Moments:
        return attrs.evolve(
            self, sizes=share * self.sizes, scatters=share * self.scatters
        )


def scatter(x: Array, responsibilities: Array, means: Array) -> Array:
    """Return Σ_i r_ik (x_i − μ_k)(x_i − μ_k)ᵀ, shape (k, d, d)."""
    total = np.zeros((*means.shape, x.shape[1]))
    for rows in blocks(len(x)):
        away = x[rows].T - means[:, :, None]
        shares = responsibilities[rows].T[:, None]
        total += shares * away @ away.swapaxes(1, 2)
    return total


def beside(
    seen: Moments, mean: Array, mean_count: Array, scatter: Array, count: Array
) -> Moments:
    """Return moments of what was seen, and of what is imagined beside it.

    `mean_count` of those say where the mean is, `count` how wide it is about
    that. Where there are neither seen nor imagined ones, the mean is NaN.
    """
    both = seen + Moments(mean_count, mean, scatter)
    known = np.where(both.sizes > 0, 1, np.nan)
    return Moments(seen.sizes + count, (known * both.means.T).T, both.scatters)


def outer(a: Array, b: Array) -> Array:
    """Return a_k b_kᵀ for each k: (k,), or (k, d, d) of rows (k, d)."""
    product: Array = a * b if a.ndim == 1 else a[:, :, None] * b[:, None]
    return product


@frozen(eq=False)
class Extent:
    """How large numbers are, by absolute value, (d,) or (), and how many."""

    largest: Array = field()
    n: float = field()

    @classmethod
    def of(cls, x: Array) -> Extent:
        """Return that of x, (n,) or (n, d)."""
        largest = np.maximum(x.max(axis=0), -x.min(axis=0))
        return cls(np.asarray(largest), float(len(x)))

    def __add__(self, other: Extent) -> Extent:
        largest = np.maximum(self.largest, other.largest)
        return Extent(largest, self.n + other.n)

    @property
    def last_digits(self) -> Array:
        """What rounding can make of the spread of equal numbers.

        Each has 16 digits, and to sum n equal ones can put their mean off by
        n/4 of the last of them.
        """
        digits: Array = (4 + self.n / 4) * np.spacing(self.largest)
        return digits
