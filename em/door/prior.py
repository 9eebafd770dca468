"""A prior beside a model: `em.fit(…, prior=p)`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

from em.numbers.arrays import described
from em.offers import Function, Offers, nothing


class Prior(Protocol):
    """What `em.fit` takes as a prior: of ours, `em.models.coins.CoinsPrior`.

    It may also have a `check(start)`, which raises what is wrong with it.
    """

    @property
    def answer(self) -> Function:
        """`answer(sums, **options)` in place of the model's own.

        It returns the most probable parameters, where that of the model
        returns the likeliest.
        """

    @property
    def log_density(self) -> Callable[..., float]:
        """`log_density(params)`: log p(θ), up to a constant."""


def check_prior(prior: object, start: object) -> None:
    """Raise TypeError for what is no prior, and what its `check` raises."""
    found = partial(getattr, prior)
    for name in ("answer", "log_density"):
        if isinstance(prior, type) or not callable(found(name, None)):
            kind = "class" if isinstance(prior, type) else described(prior)
            raise TypeError(
                f"the prior is a {kind}, which has no {name}: "
                "expected one such as coins.CoinsPrior(heads=1, tails=1)"
            )
    found("check", nothing)(start)


def with_prior(offers: Offers, prior: Prior) -> Offers:
    """Return a model whose M-step also counts what a prior imagines.

    Raises TypeError for a model that does not add up.
    """
    credited, _ = offers.sums()
    m_step = partial(most_probable, credited, prior)
    return replace(offers, m_step=m_step, answer=prior.answer)


def most_probable(
    credited: Function,
    prior: Prior,
    data: object,
    posterior: object,
    **options: object,
) -> object:
    """Return the prior's answer to what each component is given."""
    return prior.answer(credited(data, posterior), **options)
