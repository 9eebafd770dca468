"""What checks and standard errors ask of a problem, in the words they use."""

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any, Generic, cast

from numpy.typing import ArrayLike

from em import admission, problem
from em._arrays import Array
from em._sample_weights import WeightedMixture
from em.fits import Step
from em.model import Data, Model, Params, Posterior
from em.offers import Offers
from em.problem import pair as pair


class Guarded(Generic[Data, Params, Posterior]):
    """A model whose steps raise a named error where they return nonsense."""

    def __init__(self, model: Any, of: Any = None):
        self.model, self.offers = of or model, Offers.of(model)
        self.model_offers = Offers.of(getattr(model, "model", model))
        self.updates = 0

    def watched(self, data: Any, options: Any = None) -> Any:
        """Return the problem."""
        offers = self.offers
        extent, collapsed = (
            self.model_offers.extent,
            self.model_offers.collapsed,
        )
        fields = {**vars(offers), "extent": extent, "collapsed": collapsed}
        return problem.Problem(Offers(**fields), data, None, {}, options or {})

    def e_step(self, data: Data, params: Params) -> tuple[Posterior, float]:
        """Return what the model's own does, if the likelihood is a number."""
        step = self.watched(data).e_step(params, self.updates)
        return step.posterior, step.log_likelihood

    def m_step(
        self, data: Data, posterior: Posterior, **options: object
    ) -> Params:
        """Return what the model's own does, if something is left of it all."""
        self.updates += 1
        found = self.watched(data, options).m_step(posterior, self.updates - 1)
        return cast("Params", found)


def admit(
    model: Model[Data, Params, Posterior],
    data: object,
    start: Params,
    fixed: str | Iterable[str],
    sample_weights: ArrayLike | None,
    options: dict[str, object],
) -> tuple[
    Guarded[Data, Params, Posterior],
    Any,
    Params,
    dict[str, Array],
    dict[str, object],
]:
    """Return the parts of a problem."""
    found = admission.admit(
        model, data, start, options, fixed=fixed, sample_weights=sample_weights
    )
    own: Any = model
    if found.weights is not None and hasattr(model, "log_joint"):
        own = WeightedMixture(own, found.weights)
    guarded = Guarded[Data, Params, Posterior](
        SimpleNamespace(**vars(found.model)), own
    )
    return guarded, found.data, found.start, found.held, options


def alternate(
    model: Any, data: Any, params: Any, held: Any, options: Any
) -> Iterator[Step[Any, Any]]:
    """Yield the steps of a guarded model."""
    from em.model import with_values

    while True:
        posterior, log_likelihood = model.e_step(data, params)
        yield Step(params, posterior, log_likelihood)
        params = model.m_step(data, posterior, **options)
        params = with_values(params, held)
