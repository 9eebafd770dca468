"""What a `log_joint` has to agree with, by itself."""

from collections.abc import Callable, Iterable
from typing import Any, cast

import numpy as np

from em._arrays import Array
from em.checks.report import NO, UNKNOWN, YES, Finding
from em.checks.subject import Subject
from em.model import Data, Params, Posterior


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

    def apart(one: Params) -> tuple[float, float]:
        r = np.asarray(subject.e_step(one)[0], float)
        return max(float(np.abs(r.sum(axis=1) - 1).max()), -float(r.min())), 1.0

    return compared(
        subject,
        map(apart, params),
        "Each row of responsibilities sums to 1",
        "rows that are not divided by their sum",
        "a row is off by {:.2g}, or a share below 0",
    )


def adds_up(
    subject: Subject[Data, Params, Posterior], params: list[Params]
) -> Finding:
    """Return whether Σ_i log Σ_k exp log_joint[i, k] is the log-likelihood."""

    def apart(one: Params) -> tuple[float, float]:
        total = np.logaddexp.reduce(joint(subject, one), axis=1).sum()
        return abs(total - subject.e_step(one)[1]), max(1.0, abs(total))

    return compared(
        subject,
        map(apart, params),
        "log_joint adds up to the log-likelihood",
        "log2 or log10, a forgotten mixing weight, the largest in place of "
        "the sum",
        "they differ by {:.2g}",
    )


def compared(
    subject: Subject[Data, Params, Posterior],
    differences: Iterable[tuple[float, float]],
    name: str,
    mistakes: str,
    detail: str,
) -> Finding:
    """Return whether differences, each with its scale, are rounding."""
    if not hasattr(subject.model, "log_joint"):
        return Finding(name, UNKNOWN, None, mistakes, "needs a log_joint")
    found = list(differences)
    worst = max(apart for apart, _ in found)
    good = all(apart <= 1e-9 * scale for apart, scale in found)
    told = "" if good else detail.format(worst)
    return Finding(name, YES if good else NO, worst, mistakes, told)
