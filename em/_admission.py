"""What stands between a reader's input, a model, and the loop."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Generic, cast

import numpy as np
from numpy.typing import ArrayLike

from em import _validation
from em._arrays import Array, described
from em._labels import labelled
from em._prior import Prior, with_prior
from em._sample_weights import weighted
from em.errors import CollapsedError, NotFiniteError
from em.model import Data, Model, Params, Posterior, named


class Guarded(Generic[Data, Params, Posterior]):
    """A model whose steps raise a named error where they return nonsense.

    If a component collapses, 0/0 is on its way: `collapsed` looks for it. The
    log-density of a prior is added to the log-likelihood.
    """

    def __init__(
        self, model: Model[Data, Params, Posterior], prior: Prior | None = None
    ):
        self.model, self.updates = model, 0
        self.log_prior: Callable[[Params], float] = (
            (lambda _: 0.0) if prior is None else prior.log_density
        )
        self.climbed = "log-likelihood" + (
            "" if prior is None else " + log prior"
        )
        self.rounding = getattr(model, "rounding", lambda _: 0.0)

    def e_step(self, data: Data, params: Params) -> tuple[Posterior, float]:
        """Return what the model's own does, if the likelihood is a number."""
        with np.errstate(all="ignore"):
            posterior, log_likelihood = pair(self.model.e_step(data, params))
            height = log_likelihood + self.log_prior(params)
        if not np.isfinite(height):
            raise NotFiniteError(
                f"the {self.climbed} is {height} after step "
                f"{self.updates}: expected a finite number"
            )
        return posterior, height

    def m_step(
        self, data: Data, posterior: Posterior, **options: object
    ) -> Params:
        """Return what the model's own does, if something is left of it all."""
        self.updates += 1
        with np.errstate(all="ignore"):
            params = self.model.m_step(data, posterior, **options)
            self.refuse_collapse(data, params)
        for name, values in named(params).items():
            if not (good := np.isfinite(values)).all():
                what = f"step {self.updates}: {name}"
                try:
                    _validation.require(good, values, what, "a finite number")
                except ValueError as error:
                    raise NotFiniteError(str(error)) from None
        return params

    def refuse_collapse(self, data: Data, params: Params) -> None:
        """Raise CollapsedError for the first that has nothing left."""
        looked_for = getattr(self.model, "collapsed", lambda *_: ())
        for mask, why in looked_for(data, params):
            if mask.any():
                raise CollapsedError(int(mask.argmax()), why, self.updates)


def pair(returned: tuple[Posterior, float]) -> tuple[Posterior, float]:
    """Return what an e_step gave; TypeError unless it is a pair as expected."""
    match returned:
        case (posterior, log_likelihood) if (
            not np.ndim(log_likelihood)
            and np.asarray(log_likelihood).dtype.kind in "biuf"
        ):
            return posterior, log_likelihood
    raise TypeError(
        f"e_step returned {described(returned)}: expected a pair, first what "
        "m_step needs, then the log-likelihood, which is one number"
    )


def admit(
    model: Model[Data, Params, Posterior],
    data: object,
    start: Params,
    fixed: str | Iterable[str],
    sample_weights: ArrayLike | None,
    options: dict[str, object],
    labels: ArrayLike | None = None,
    prior: Prior | None = None,
) -> tuple[
    Guarded[Data, Params, Posterior],
    Data,
    Params,
    dict[str, Array],
    dict[str, object],
]:
    """Return what `alternate` takes, once everything has been checked.

    Raises TypeError for what is no model, and what its `check` raises.
    """
    for name in ("e_step", "m_step"):
        if not callable(getattr(model, name, None)):
            raise TypeError(
                f"the model is a {described(model)}, which has no {name}: "
                "expected a module such as em.models.coins, or anything else "
                "with an e_step and an m_step"
            )
    check: Callable[..., tuple[Data, Params]] = getattr(
        model, "check", lambda data, start, **_: (data, deepcopy(start))
    )
    data, start = check(data, start, **options)
    if isinstance(data, np.ndarray):
        # A copy, which the caller cannot change; and by columns, since that
        # is how they are worked through.
        data = cast("Data", data.copy(order="F"))
    held = held_values(model, start, fixed)
    model = with_prior(model, start, prior)
    model = labelled(model, data, start, labels)
    model, data = weighted(model, data, sample_weights)
    guarded = Guarded(model, prior)
    return guarded, data, start, held, options


def held_values(
    model: object, params: object, fixed: str | Iterable[str]
) -> dict[str, Array]:
    """Return what stays as it is, by name, or raise ValueError."""
    values = named(params)
    names = {fixed} if isinstance(fixed, str) else set(fixed)
    can_be = getattr(model, "CAN_BE_FIXED", tuple(values))
    if unknown := names - set(can_be):
        raise ValueError(
            f"fixed names {sorted(unknown)}: expected some of {can_be} (what "
            "the estimates of other parameters rest on cannot be fixed)"
        )
    return {name: values[name] for name in names}
