"""What a `log_joint`, or an `expected_log_joint`, has to agree with."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from em._arrays import Array
from em.checks.limits import GAIN, largest_gain
from em.checks.moves import Move
from em.checks.report import NO, UNKNOWN, YES, Finding
from em.checks.subject import NO_WAY, Subject
from em.model import Data, Params, Posterior

Q = Callable[[Posterior, Params], float]
NO_JOINT = "needs a log_joint, or an expected_log_joint"


def expectation(
    subject: Subject[Data, Params, Posterior],
) -> Callable[[Posterior, Params], float] | None:
    """Return Q(r, θ), the expected log p(x, z | θ), if the model has it.

    For a mixture it is Σ_i Σ_k r_ik log p(x_i, k | θ).
    """
    model, data = subject.model, subject.data

    def of_labels(posterior: Posterior, params: Params) -> float:
        log_joint = joint(subject, params)
        r = np.asarray(posterior)
        given = r != 0  # a share of 0 adds 0, also where its logarithm is −∞
        return float((r[given] * log_joint[given]).sum())

    def of_numbers(posterior: Posterior, params: Params) -> float:
        with np.errstate(all="ignore"):
            found: Any = cast("Any", model).expected_log_joint(
                data, posterior, params
            )
        return float(found)

    if hasattr(model, "log_joint"):
        return of_labels
    return of_numbers if hasattr(model, "expected_log_joint") else None


def joint(subject: Subject[Data, Params, Posterior], params: Params) -> Array:
    """Return log p(x_i, k), shape (n, k)."""
    with np.errstate(all="ignore"):
        found: Any = cast("Any", subject.model).log_joint(subject.data, params)
    return np.asarray(found, float)


def shares(
    subject: Subject[Data, Params, Posterior], params: list[Params]
) -> Finding:
    """Return whether each row of responsibilities is one whole."""
    worst, good, detail = None, True, "needs a log_joint"
    if hasattr(subject.model, "log_joint"):
        worst, detail = 0.0, ""
        for one in params:
            r = np.asarray(subject.e_step(one)[0], float)
            apart = max(float(np.abs(r.sum(axis=1) - 1).max()), -float(r.min()))
            worst = max(worst, apart)
        good = worst <= 1e-9
        if not good:
            detail = f"a row is off by {worst:.2g}, or a share below 0"
    return Finding(
        "Each row of responsibilities sums to 1",
        UNKNOWN if worst is None else YES if good else NO,
        worst,
        "rows that are not divided by their sum",
        detail,
    )


def adds_up(
    subject: Subject[Data, Params, Posterior], params: list[Params]
) -> Finding:
    """Return whether Σ_i log Σ_k exp log_joint[i, k] is the log-likelihood."""
    worst, good, detail = None, True, "needs a log_joint"
    if hasattr(subject.model, "log_joint"):
        worst, detail = 0.0, ""
        for one in params:
            evidence = np.logaddexp.reduce(joint(subject, one), axis=1)
            total, told = evidence.sum(), subject.e_step(one)[1]
            worst = max(worst, abs(total - told))
            good &= bool(abs(total - told) <= 1e-9 * max(1, abs(total)))
        if not good:
            detail = f"they differ by {worst:.2g}"
    return Finding(
        "log_joint adds up to the log-likelihood",
        UNKNOWN if worst is None else YES if good else NO,
        worst,
        "log2 or log10, a forgotten mixing weight, the largest in place of "
        "the sum",
        detail,
    )


def touches(
    subject: Subject[Data, Params, Posterior],
    directions: list[Move],
    params: list[Params],
) -> Finding:
    """Return whether the bound is the log-likelihood at θ, and below elsewhere.

    For a mixture F(r, θ) = Q(r, θ) − Σ r log r is the log-likelihood where r
    are the responsibilities (Neal & Hinton 1998). For any model Q rises from
    θ by no more than the log-likelihood does (Dempster, Laird & Rubin 1977).
    """
    expected = expectation(subject)
    worst, where = 0.0, ""
    if expected:
        for one in params:
            posterior, here = subject.e_step(one)

            def excess(other: Params, r: Posterior = posterior) -> float:
                try:
                    return expected(r, other) - subject.log_likelihood(other)
                except NO_WAY:
                    return np.nan

            over = excess(one)
            digits = 1e-9 * max(1.0, abs(here), abs(over + here))
            if hasattr(subject.model, "log_joint"):
                r = np.asarray(posterior, float)
                logs = np.log(r, where=r > 0, out=np.zeros_like(r))
                apart = abs(over - float((r * logs).sum()))
                if apart > max(worst, digits):
                    worst, where = apart, "they differ after the E-step"
            for other in params:
                above = excess(other) - over
                if above > max(worst, digits):
                    worst, where = above, "it is above the log-likelihood"
            gain, name = largest_gain(subject, directions, one, excess)
            if gain > worst:
                worst = gain
                where = f"a small move of `{name}` leads above"
    return Finding(
        "The bound touches the log-likelihood, from below",
        (NO if where else YES) if expected else UNKNOWN,
        worst if expected else None,
        "a posterior that is not that of the parameters: hard assignment, "
        "forgotten weights",
        (f"{where}, by {worst:.2g}" if where else "") if expected else NO_JOINT,
    )


def maximises(
    subject: Subject[Data, Params, Posterior],
    directions: list[Move],
    params: list[Params],
    is_level: bool,
) -> Finding:
    """Return whether the M-step's answer is the best, or at least better.

    Better is enough for the log-likelihood never to fall (generalised EM),
    if the limit is stationary.
    """
    expected = expectation(subject)
    worst, where, lower = 0.0, "", 0.0
    if expected:
        for one in params:
            posterior, _ = subject.e_step(one)
            best = subject.m_step(posterior)

            def height(other: Params, r: Posterior = posterior) -> float:
                try:
                    return expected(r, other)
                except NO_WAY:
                    return np.nan

            gain, name = largest_gain(subject, directions, best, height)
            if gain > worst:
                worst, where = gain, name
            lost = height(one) - height(best)
            digits = GAIN + 100 * subject.noise(best, height)
            lower = max(lower, lost if lost > digits else 0.0)
    verdict, detail = YES, ""
    if where:
        detail = f"another `{where}` would gain {worst:.2g}"
        verdict = "generalised EM" if is_level else NO
    if lower:
        verdict, worst = NO, max(worst, lower)
        detail = f"it makes it smaller, by {lower:.2g}"
    return Finding(
        "m_step maximises the expected log-likelihood",
        verdict if expected else UNKNOWN,
        worst if expected else None,
        "a formula of the M-step that is off (generalised EM raises it "
        "without maximising it: no mistake, if it ends where EM does)",
        detail if expected else NO_JOINT,
    )
