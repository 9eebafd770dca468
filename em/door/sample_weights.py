"""Observations that count several times: `em.fit(…, sample_weights=w)`."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from em.door import validation
from em.numbers.arrays import Array
from em.numbers.blocks import refuse_impossible
from em.offers import Function, Offers


def weighted(
    offers: Offers, data: object, sample_weights: object
) -> tuple[Offers, object, Array]:
    """Return model, data and weights such that observation i counts w_i times.

    Raises TypeError for a model in which that has no meaning, ValueError for
    weights that are negative, all 0, or not one for each observation.
    """
    weights = validation.array(sample_weights, "sample_weights")
    validation.require(weights >= 0, weights, "sample_weights", "0 or more")
    if not weights.any():
        raise ValueError("sample_weights are all 0: expected one above 0")
    if offers.log_joint is not None:
        counted = replace(
            offers,
            e_step=partial(weighted_e_step, offers.log_joint, weights),
            m_step=partial(weighted_step, offers.m_step, weights),
            credited=offers.credited
            and partial(weighted_step, offers.credited, weights),
        )
        return counted, data, weights
    if offers.weigh is not None:
        return offers, offers.weigh(data, weights), weights
    raise TypeError(
        f"{offers.name} takes no sample_weights: expected a model with a "
        "log_joint or with a `weigh` of its own"
    )


def weighted_e_step(
    log_joint: Callable[..., Array],
    weights: Array,
    data: object,
    params: object,
) -> tuple[Array, float]:
    """Return the responsibilities, and Σ_i w_i log p(x_i)."""
    logs = log_joint(data, params)
    if len(logs) != len(weights):
        raise ValueError(
            f"expected as many of each, got {len(logs)} observations, "
            f"{len(weights)} sample_weights"
        )
    largest = logs.max(axis=1, keepdims=True)
    joint = np.exp(logs - largest)
    evidence = joint.sum(axis=1, keepdims=True)
    responsibilities = joint / evidence
    log_evidence = (largest + np.log(evidence))[:, 0]
    if not np.isfinite(log_likelihood := float(weights @ log_evidence)):
        # What does not count may be impossible: then no component has it.
        counts = weights > 0
        responsibilities[~counts & np.isneginf(largest[:, 0])] = 0
        if np.isnan(responsibilities).any():
            refuse_impossible(responsibilities, data)
        log_likelihood = float(weights[counts] @ log_evidence[counts])
    return responsibilities, log_likelihood


def weighted_step(
    step: Function,
    weights: Array,
    data: object,
    responsibilities: Array,
    **options: object,
) -> object:
    """Return the model's own answer to w_i r_ik in place of r_ik."""
    return step(data, weights[:, None] * responsibilities, **options)
