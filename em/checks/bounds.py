"""The bound: does it touch, and does the M-step climb to its top?"""

import numpy as np

from em.checks.joint import expectation
from em.checks.limits import GAIN, largest_gain
from em.checks.moves import Move
from em.checks.report import NO, UNKNOWN, YES, Finding
from em.checks.subject import NO_WAY, Subject
from em.model import Data, Params, Posterior

NO_JOINT = "needs a log_joint, or an expected_log_joint"


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
