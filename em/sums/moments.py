"""Sizes, means and scatters, that add without losing digits."""

import attrs
import numpy as np
from attrs import field, frozen

from em._arrays import Array


@frozen(eq=False)
class Moments:
    """Sizes (k,), means (k, d), scatters (k, d, d), largest |x| (d,).

    A scatter is Σ_i r_ik (x_i − m_k)(x_i − m_k)ᵀ about the mean m_k of its own
    piece: Σ r x xᵀ less size m mᵀ would lose the digits that far-off data and
    narrow components have in common.
    """

    sizes: Array = field()
    means: Array = field()
    scatters: Array = field()
    largest: Array = field()

    @property
    def n(self) -> float:
        """How many observations they are of."""
        return float(self.sizes.sum())

    def __add__(self, other: "Moments") -> "Moments":
        """Return the moments of both (Chan, Golub & LeVeque 1983)."""
        sizes = self.sizes + other.sizes
        part = (other.sizes / np.where(sizes > 0, sizes, 1))[:, None]
        away = other.means - self.means
        between = (self.sizes[:, None] * part * away)[:, :, None]
        return Moments(
            sizes,
            self.means + part * away,
            self.scatters + other.scatters + between * away[:, None],
            np.maximum(self.largest, other.largest),
        )

    def __mul__(self, share: float) -> "Moments":
        return attrs.evolve(
            self, sizes=share * self.sizes, scatters=share * self.scatters
        )
