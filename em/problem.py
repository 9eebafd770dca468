"""What is to be fitted, as one value; and its two steps, watched over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Generic

import numpy as np

from em.door import validation
from em.door.prior import Prior
from em.errors import CollapsedError, NotFiniteError
from em.fits import Step
from em.model import Params, Posterior, named
from em.numbers.arrays import Array, described
from em.offers import Offers


@dataclass(frozen=True, eq=False)
class Problem(Generic[Params, Posterior]):
    """A model, data, a start, and all that was asked for.

    Labels, weights, a prior and pieces have changed what the model offers.
    """

    model: Offers
    data: object
    start: Params
    held: dict[str, Array]
    options: dict[str, object]
    prior: Prior | None = None
    weights: Array | None = None  # how often each observation counts, (n,)

    @cached_property
    def extent(self) -> object:
        """Return what `collapsed` and `rounding` ask of the data."""
        extent = self.model.extent
        return self.data if extent is None else extent(self.data)

    def e_step(
        self, params: Params, number: int = 0
    ) -> Step[Params, Posterior]:
        """Return the step at the parameters, which are those after `number`.

        Raises NotFiniteError unless the log-likelihood is a finite number.
        """
        log_prior = 0.0
        with np.errstate(all="ignore"):
            posterior, height = pair(self.model.e_step(self.data, params))
            if self.prior is not None:
                log_prior = float(self.prior.log_density(params))
        if not np.isfinite(height + log_prior):
            self.refuse_height(params, height, log_prior, number)
        return Step(params, posterior, float(height), log_prior)

    def m_step(self, posterior: Posterior, number: int = 0) -> Params:
        """Return what the model's own does, in the step after `number`.

        Raises CollapsedError or NotFiniteError unless something is left.
        """
        with np.errstate(all="ignore"):
            params: Params = self.model.m_step(
                self.data, posterior, **self.options
            )
            self.refuse_collapse(params, number + 1)
        for name, values in named(params).items():
            if not (good := np.isfinite(values)).all():
                what = f"step {number + 1}: {name}"
                try:
                    validation.require(good, values, what, "a finite number")
                except ValueError as error:
                    raise NotFiniteError(str(error)) from None
        return params

    def refuse_collapse(self, params: Params, number: int) -> None:
        """Raise CollapsedError for the first that has nothing left."""
        for mask, why in self.model.collapsed(self.extent, params):
            if mask.any():
                raise CollapsedError(int(mask.argmax()), why, number)

    def refuse_height(
        self, params: Params, height: float, log_prior: float, number: int
    ) -> None:
        """Raise NotFiniteError, which says of what there is no logarithm."""
        climbed = "log-likelihood" + " + log prior" * (self.prior is not None)
        why = "expected a finite number"
        if np.isfinite(height):
            why = "the prior excludes these parameters. Start elsewhere"
            for name, values in named(params).items():
                for place in np.argwhere(values == 0):
                    where = f"[{', '.join(map(str, place))}]"
                    why = f"the prior excludes that {name}{where} is 0"
                    break
        raise NotFiniteError(
            f"the {climbed} is {height + log_prior} after step {number}: {why}"
        )


def pair(returned: tuple[Posterior, float]) -> tuple[Posterior, float]:
    """Return what an e_step gave; TypeError unless it is a pair as expected."""
    match returned:
        case (posterior, log_likelihood) if (
            not np.ndim(log_likelihood)
            and np.asarray(log_likelihood).dtype.kind in "biuf"
        ):
            return posterior, log_likelihood
        case (_, log_likelihood) if np.asarray(log_likelihood).shape == (1,):
            raise TypeError(
                "e_step returned a log-likelihood in an array of shape (1,): "
                "expected one number, such as float(log_likelihood[0])"
            )
    raise TypeError(
        f"e_step returned {described(returned)}: expected a pair, first what "
        "m_step needs, then the log-likelihood, which is one number"
    )
