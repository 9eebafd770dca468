"""What the figures' engine has to agree with: the package, and plain formulas.

One adapter for each call of the package, so that a change of its names is a
change of this file alone.
"""

from collections.abc import Callable
from typing import Any

import attrs
import numpy as np

import em
from em.kinds.read_classes import Classes
from em.models import coins, gaussians, normals, transcripts
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.models.transcripts import Abundances
from em.numbers.covariances import n_parameters


def arrays(params: Any) -> dict[str, np.ndarray]:
    return {name: np.asarray(v) for name, v in attrs.asdict(params).items()}


def hard(responsibilities: np.ndarray) -> np.ndarray:
    k = responsibilities.shape[1]
    return np.eye(k)[responsibilities.argmax(axis=1)]


def normals_e(x, p):
    return normals.e_step(np.array(x), Normals(**p))


def normals_m(x, r, floor=0.0):
    return arrays(normals.m_step(np.array(x), np.array(r), min_std=floor))


def coins_e(rows, p):
    return coins.e_step(Flips(**rows), Coins(**p))


def coins_m(rows, r):
    return arrays(coins.m_step(Flips(**rows), np.array(r)))


def coins_bound(rows, r, p):
    return em.lower_bound(coins, Flips(**rows), np.array(r), Coins(**p))


def coins_gradient(rows, p):
    r, _ = coins_e(rows, p)
    heads, tails = np.array(rows["heads"]) @ r, np.array(rows["tails"]) @ r
    theta = np.array(p["theta"])
    return heads / theta - tails / (1 - theta)


def gaussians_e(x, p):
    return gaussians.e_step(np.array(x), Gaussians(**p))


def gaussians_m(x, r, shape):
    return arrays(
        gaussians.m_step(np.array(x), np.array(r), covariance_type=shape)
    )


def bic(log_likelihood, k, n, shape):
    return n_parameters(k, 2, shape) * np.log(n) - 2 * log_likelihood


def kmeans_e(x, means):
    away = ((np.array(x)[:, None] - np.array(means)) ** 2).sum(axis=2)
    return np.eye(len(means))[away.argmin(axis=1)]


def kmeans_m(x, r):
    r = np.array(r)
    return r.T @ np.array(x) / r.sum(axis=0)[:, None]


def reads_e(classes, alpha):
    """Give the new abundances and the log-likelihood."""
    return transcripts.e_step(Classes(**classes), Abundances(alpha))


def reads_split(classes, alpha):
    per_place = np.array(alpha) / np.array(classes["lengths"])
    rows = [per_place[row] for row in classes["members"]]
    return [row / row.sum() for row in rows]


def steps(
    e_step: Callable[..., Any],
    m_step: Callable[..., Any],
    data: Any,
    start: dict[str, Any],
    n: int,
    held: tuple[str, ...] = ("weights",),
) -> tuple[list[dict[str, Any]], list[float]]:
    """Give the parameters and the log-likelihood of n steps, from the start."""
    params, heights = [start], []
    for _ in range(n):
        r, height = e_step(data, params[-1])
        heights.append(height)
        params.append(m_step(data, r) | {name: start[name] for name in held})
    return params, heights


CollapsedError = em.CollapsedError
