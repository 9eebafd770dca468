"""A prior beside a model: `em.fit(…, prior=p)`."""

from typing import Generic, Protocol, cast

from em._arrays import described
from em.model import Data, Model, Params, Posterior


class Prior(Protocol):
    """What `em.fit` takes as a prior: of ours, those in `em.priors`.

    It may also have a `check(start)`, which raises what is wrong with it.
    """

    @property
    def m_step(self) -> object:
        """The M-step to use in place of the model's: most probable, not likely.

        `m_step(data, posterior, **options)` returns parameters.
        """

    def log_density(self, params: object, /) -> float:
        """Return log p(θ), up to a constant."""


class WithPrior(Generic[Data, Params, Posterior]):
    """A model whose M-step also counts what a prior imagines."""

    def __init__(self, model: Model[Data, Params, Posterior], prior: Prior):
        self.model, self.m_step = model, prior.m_step

    def __getattr__(self, name: str) -> object:
        return getattr(self.model, name)


def with_prior(
    model: Model[Data, Params, Posterior], start: Params, prior: Prior | None
) -> Model[Data, Params, Posterior]:
    """Return the model with the M-step of the prior, if there is one.

    Raises TypeError for what is no prior, and what its `check` raises.
    """
    if prior is None:
        return model
    for name in ("m_step", "log_density"):
        if not callable(getattr(prior, name, None)):
            raise TypeError(
                f"the prior is a {described(prior)}, which has no {name}: "
                "expected one such as em.priors.CoinsPrior"
            )
    if hasattr(model, "map"):
        raise TypeError(
            "a prior is for data in one piece: expected none with map="
        )
    getattr(prior, "check", lambda _: None)(start)
    return cast("Model[Data, Params, Posterior]", WithPrior(model, prior))
