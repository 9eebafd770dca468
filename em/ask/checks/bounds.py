"""The bound: does it touch, and does the M-step climb to its top?"""

from collections.abc import Callable

import numpy as np

from em.ask.checks.climbs import never_falls
from em.ask.checks.joint import no_q
from em.ask.checks.limits import GAIN, largest_gain, level
from em.ask.checks.report import NO, YES
from em.ask.checks.subject import NO_WAY, Subject
from em.ask.checks.table import Verdict, check, verdict
from em.ask.expectation import entropy, q
from em.model import Data, Params, Posterior


def height(
    subject: Subject[Data, Params, Posterior], given: object, log_l: bool
) -> Callable[[Params], float]:
    """Return Q, or by how much it exceeds log L: NaN where there is none."""
    expected = q(subject.model, subject.data)

    def of(params: Params) -> float:
        try:
            below = subject.log_likelihood(params) if log_l else 0.0
            return expected(given, params) - below
        except NO_WAY:
            return np.nan

    return of


@check(
    "The bound touches the log-likelihood, from below",
    "a posterior that is not that of the parameters: hard assignment, "
    "forgotten weights",
    no_q,
)
def touches(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the bound is the log-likelihood at θ, and below elsewhere.

    For a mixture F(r, θ) = Q(r, θ) − Σ r log r is the log-likelihood where r
    are the responsibilities (Neal & Hinton 1998). For any model Q rises from
    θ by no more than the log-likelihood does (Dempster, Laird & Rubin 1977).
    """
    worst, where = 0.0, ""
    points = subject.points[1:]
    for one in points:
        posterior, here = subject.e_step(one)
        excess = height(subject, posterior, log_l=True)
        over = excess(one)
        digits = 1e-9 * max(1.0, abs(here), abs(over + here))
        if subject.model.log_joint:
            apart = abs(over + entropy(np.asarray(posterior, float)))
            if apart > max(worst, digits):
                worst, where = apart, "they differ after the E-step"
        for other in points:
            above = excess(other) - over
            if above > max(worst, digits):
                worst, where = above, "it is above the log-likelihood"
        gain, name = largest_gain(subject, one, excess)
        if gain > worst:
            worst = gain
            where = f"a small move of `{name}` leads above"
    return verdict(worst, where and f"{where}, by {worst:.2g}")


@check(
    "m_step maximises the expected log-likelihood",
    "a formula of the M-step that is off (generalised EM raises it without "
    "maximising it: no mistake, if it ends where EM does)",
    no_q,
)
def maximises(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether the M-step's answer is the best, or at least better.

    Better is enough for the log-likelihood never to fall (generalised EM),
    if the limit is stationary.
    """
    worst, where, lower = 0.0, "", 0.0
    for one in subject.points[1:]:
        posterior, _ = subject.e_step(one)
        best = subject.m_step(posterior)
        expected = height(subject, posterior, log_l=False)
        gain, name = largest_gain(subject, best, expected)
        if gain > worst:
            worst, where = gain, name
        lost = expected(one) - expected(best)
        digits = GAIN + 100 * subject.noise(best, expected)
        lower = max(lower, lost if lost > digits else 0.0)
    if lower:
        detail = f"it makes it smaller, by {lower:.2g}"
        return Verdict(NO, max(worst, lower), detail)
    if not where:
        return Verdict(YES, worst)
    right = (level.finding(subject).passed, never_falls.finding(subject).passed)
    word = "generalised EM" if all(right) else NO
    return Verdict(word, worst, f"another `{where}` would gain {worst:.2g}")
