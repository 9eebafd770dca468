"""Complete and missing information, by finite differences of Q(θ' | θ).

Q is the average of log p(x, z | θ') over what is hidden, z, given x and θ. Its
second derivative in θ' is the complete information (with the sign changed);
that in θ' and θ, the missing one (Oakes 1999).
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from em._admission import Guarded
from em._arrays import Array
from em._sample_weights import WeightedMixture
from em._undetermined import refuse
from em.coordinates import Coordinates
from em.model import Data, Params, Posterior


def expected(
    guarded: Guarded[Data, Params, Posterior], data: Data
) -> Callable[[Any, Params], float]:
    """Return Q: the average of log p(x, z | θ') over z, given a posterior."""
    model: Any = guarded.model
    weights = np.ones(1)
    if isinstance(model, WeightedMixture):
        weights, model = model.weights, model.model
    if hasattr(model, "log_joint"):

        def of_a_mixture(r: Array, params: Params) -> float:
            # A share of 0 adds 0, also where its logarithm is −∞.
            shares = weights[:, None] * r
            log_joint = model.log_joint(data, params)
            return float(np.where(shares > 0, shares * log_joint, 0).sum())

        return of_a_mixture
    if not hasattr(model, "expected_log_joint"):
        raise TypeError(
            f"the model is {getattr(model, '__name__', repr(model))}: expected "
            "one with a log_joint or an expected_log_joint"
        )
    return lambda posterior, params: float(
        model.expected_log_joint(data, posterior, params)
    )


def scaled(
    q: Callable[[Any, Params], float],
    guarded: Guarded[Data, Params, Posterior],
    data: Data,
    to: Coordinates[Params],
) -> Array:
    """Return a small move in each direction that can be chosen, (p, m).

    Small enough for Q to be a parabola there, and so large that rounding does
    not show: it takes a ten-millionth off Q.
    """
    here, moves = to.vector(to.like), to.directions()
    posterior, _ = guarded.e_step(data, to.like)
    top = q(posterior, to.like)
    aim = 1e-7 * max(1.0, abs(top))
    for i, direction in enumerate(moves.T):
        size = max(1.0, float(np.abs(here[direction != 0]).max()))
        column = 1e-4 * size * direction
        for _ in range(20):
            up, down = (
                q(posterior, to.params(here + sign * column))
                for sign in (1, -1)
            )
            fall = top - (up + down) / 2
            if aim / 2 < fall < 2 * aim:
                break
            share = aim / fall if fall > 1e-3 * aim else 1e3
            column = column * np.sqrt(np.clip(share, 1e-4, 1e3))
        else:
            refuse(to, column, "the data tell nothing of")
        moves[:, i] = column
    return moves


def derivatives(
    q: Callable[[Any, Params], float],
    guarded: Guarded[Data, Params, Posterior],
    data: Data,
    to: Coordinates[Params],
    moves: Array,
) -> tuple[Array, Array, Array]:
    """Return the slope of Q in θ', (m,), and complete and missing information.

    Each (m, m), and all in units of the moves.
    """
    here = to.vector(to.like)
    posterior, _ = guarded.e_step(data, to.like)

    def slope(given: Posterior, at: Array) -> Array:
        ups = [q(given, to.params(at + move)) for move in moves.T]
        downs = [q(given, to.params(at - move)) for move in moves.T]
        return (np.array(ups) - downs) / 2

    def change(sides: Callable[[Array], tuple[Posterior, Array]]) -> Array:
        rows = [(slope(*sides(m)) - slope(*sides(-m))) / 2 for m in moves.T]
        return symmetric(np.array(rows))

    complete = change(lambda move: (posterior, here - move))
    missing = change(
        lambda move: (guarded.e_step(data, to.params(here + move))[0], here)
    )
    return slope(posterior, here), complete, missing


def symmetric(matrix: Array) -> Array:
    """Return the mean of a matrix and its transpose."""
    mean: Array = (matrix + matrix.T) / 2
    return mean
