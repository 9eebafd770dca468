"""A prior of bells on a line: points that were never seen."""

from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array, as_floats, floats, numbers
from em.model import named
from em.models.normals import Normals
from em.priors.imagined import ONE, ZERO, check, less_one, log_power


@frozen(eq=False)
class NormalsPrior:
    """Imaginary points of each bell: what they say of mean, width and weight.

    `mean_count` of them say that its mean is `mean`, `std_count` that its
    standard deviation is `std`, `points` how common it is.
    """

    mean: Array = field(default=ZERO, converter=floats, validator=numbers)
    mean_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    std: Array = field(default=ONE, converter=floats, validator=numbers)
    std_count: Array = field(default=ZERO, converter=floats, validator=numbers)
    points: Array = field(default=ZERO, converter=floats, validator=numbers)

    @classmethod
    def normal_inverse_gamma(
        cls,
        mean: ArrayLike,
        kappa: ArrayLike,
        shape: ArrayLike,
        scale: ArrayLike,
        alpha: ArrayLike = 1,
    ) -> Self:
        """Return μ, σ² ~ normal-inverse-gamma, and π ~ Dirichlet(α).

        σ² ~ InvGamma(shape, scale), and μ given σ² ~ N(mean, σ²/κ). The
        density is that of (μ, σ²): of (μ, σ) it would have another peak.
        """
        counted = 2 * as_floats(shape, "shape") + 3
        std = np.sqrt(2 * as_floats(scale, "scale") / counted)
        return cls(
            as_floats(mean, "mean"),
            as_floats(kappa, "kappa"),
            std,
            counted,
            less_one(alpha, "alpha"),
        )

    def squares(self, means: Array) -> Array:
        """Return the imaginary points' Σ (x − μ_k)², shape (k,)."""
        off: Array = self.mean_count * (means - self.mean) ** 2
        wide: Array = self.std_count * self.std**2
        return np.asarray(off + wide)

    def m_step(
        self,
        x: Array,
        responsibilities: Array,
        min_std: float = 0.0,
        equal_stds: bool = False,
    ) -> Normals:
        """Return bells from what was seen and what is imagined."""
        sizes = responsibilities.sum(axis=0)
        sums = x @ responsibilities + self.mean_count * self.mean
        means = sums / (sizes + self.mean_count)
        squares = [
            r @ (x - mean) ** 2
            for r, mean in zip(responsibilities.T, means, strict=True)
        ]
        counts = sizes + self.std_count
        variances = (np.array(squares) + self.squares(means)) / counts
        if equal_stds:
            variances[:] = counts @ variances / counts.sum()
        stds = np.maximum(np.sqrt(variances), min_std)
        weights = sizes + self.points
        return Normals(means, stds, weights / weights.sum())

    def log_density(self, params: object) -> float:
        """Return log p(μ, σ², π), up to a constant."""
        bells = named(params)
        away = self.squares(bells["means"]) / bells["stds"] ** 2
        return (
            log_power(bells["stds"], -self.std_count)
            - float(away.sum()) / 2
            + log_power(bells["weights"], self.points)
        )

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        bells = _validation.kind(start, Normals, "start")
        check(self, len(bells.means))
