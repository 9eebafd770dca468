"""What every mixture shares: Bayes' rule, in log space."""

import numpy as np

from em.errors import refuse_collapse


def share_out(log_joint: np.ndarray, what: str) -> tuple[np.ndarray, float]:
    """Share each observation out among the components.

    Takes log_joint[i, k] = log(π_k p(x_i | θ_k)), shape (n, k). Gives

    - the responsibilities, shape (n, k), each row adding up to 1:
      r_ik = π_k p(x_i | θ_k) / Σ_j π_j p(x_i | θ_j);
    - the log-likelihood Σ_i log Σ_k π_k p(x_i | θ_k).

    (Bishop 2006, eq. 9.13 and 9.14.) Raises ValueError for an observation
    that no component can have made; `what` is the word for it. To save
    memory, the responsibilities are written over `log_joint`.
    """
    scale = log_joint.max(axis=1, keepdims=True)
    if not np.isfinite(scale.min()):
        row = int(np.isfinite(scale).argmin())
        raise ValueError(f"{what} {row} is impossible under every component")
    # Scaled by the largest, so that no row is 0/0, however small its
    # probabilities are. (Less one, because the C library is slow at exp(0).)
    scale -= 1
    log_joint -= scale
    joint = np.exp(log_joint, out=log_joint)
    evidence = joint @ np.ones(joint.shape[1])  # the sum of each row
    joint /= evidence[:, None]
    return joint, float(sum_of_logs(evidence) + scale.sum())


def sum_of_logs(values: np.ndarray) -> float:
    """Give Σ log v_i, for values from 1 to a billion, shape (n,).

    One logarithm for the product of 32: logarithms are slow, products not.
    """
    first_of_32 = np.arange(0, len(values), 32)
    return float(np.log(np.multiply.reduceat(values, first_of_32)).sum())


def sizes(responsibilities: np.ndarray) -> np.ndarray:
    """Give how many observations each component takes in all, shape (k,).

    Raises CollapsedError for a component that takes none.
    """
    totals: np.ndarray = responsibilities.sum(axis=0)
    refuse_collapse(
        totals < np.finfo(float).tiny,
        "it takes no data. Start it nearer the data, or use fewer components",
    )
    return totals
