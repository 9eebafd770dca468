"""What every mixture shares: Bayes' rule, in log space."""

import numpy as np

from em.errors import CollapsedError


def share_out(log_joint: np.ndarray, what: str) -> tuple[np.ndarray, float]:
    r"""Share each observation out among the components.

    With `log_joint[i, k]` = log(π_k p(x_i | θ_k)), shape (n, k), give

    - the responsibilities r_ik = π_k p(x_i | θ_k) / Σ_j π_j p(x_i | θ_j), (n, k);
    - the log-likelihood Σ_i log Σ_k π_k p(x_i | θ_k).

    Each row is divided by about its largest entry first, so that probabilities far
    below the smallest float do not become 0/0 (Bishop 2006, eq. 9.13 and 9.14).
    `what` names an observation in the ValueError for one that no component can have
    made. The responsibilities take the place of `log_joint`, which saves memory.
    """
    largest = log_joint.max(axis=1, keepdims=True)
    if not np.isfinite(largest).all():
        row = int(np.argmin(np.isfinite(largest)))
        raise ValueError(f"{what} {row} is impossible under every component")
    # One less than the largest: the C library's exp is slow at exactly 0.
    scale = largest - 1
    log_joint -= scale
    joint = np.exp(log_joint, out=log_joint)
    evidence = joint.sum(axis=1, keepdims=True)
    joint /= evidence
    return joint, float((np.log(evidence) + scale).sum())


def sizes(responsibilities: np.ndarray) -> np.ndarray:
    """Give how many observations each component takes in all, shape (k,).

    Raises CollapsedError for a component that takes none.
    """
    totals: np.ndarray = responsibilities.sum(axis=0)
    if (totals < np.finfo(float).tiny).any():
        raise CollapsedError(
            int(totals.argmin()),
            "it takes no data. Start it nearer to the data, or use fewer components",
        )
    return totals
