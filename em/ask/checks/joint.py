"""What a `log_joint` has to agree with, by itself."""

import numpy as np

from em.ask.checks.subject import Subject
from em.ask.checks.table import Verdict, check, verdict
from em.model import Data, Params, Posterior
from em.numbers.arrays import Array


def no_joint(subject: Subject[Data, Params, Posterior]) -> str:
    """Return that a `log_joint` is lacking, if so."""
    return "" if subject.model.log_joint else "needs a log_joint"


def no_q(subject: Subject[Data, Params, Posterior]) -> str:
    """Return that Q is lacking, if so."""
    has = subject.model.expected_log_joint
    if has or not no_joint(subject):
        return ""
    return "needs a log_joint, or an expected_log_joint"


def joint(subject: Subject[Data, Params, Posterior], params: Params) -> Array:
    """Return log p(x_i, k), shape (n, k)."""
    assert subject.model.log_joint is not None
    with np.errstate(all="ignore"):
        found = subject.model.log_joint(subject.data, params)
    return np.asarray(found, float)


@check(
    "Each row of responsibilities sums to 1",
    "rows that are not divided by their sum",
    no_joint,
)
def shares(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether each row of responsibilities is one whole."""
    worst = 0.0
    for one in subject.points:
        r = np.asarray(subject.e_step(one)[0], float)
        off = float(np.abs(r.sum(axis=1) - 1).max())
        worst = max(worst, off, -float(r.min()))
    detail = f"a row is off by {worst:.2g}, or a share below 0"
    return verdict(worst, detail if not worst <= 1e-9 else "")


@check(
    "log_joint adds up to the log-likelihood",
    "log2 or log10, a forgotten mixing weight, the largest in place of the sum",
    no_joint,
)
def adds_up(subject: Subject[Data, Params, Posterior]) -> Verdict:
    """Return whether Σ_i log Σ_k exp log_joint[i, k] is the log-likelihood."""
    worst, good = 0.0, True
    for one in subject.points:
        total = np.logaddexp.reduce(joint(subject, one), axis=1).sum()
        apart = abs(total - subject.e_step(one)[1])
        worst = max(worst, float(apart))
        good &= bool(apart <= 1e-9 * max(1.0, abs(total)))
    return verdict(worst, "" if good else f"they differ by {worst:.2g}")
