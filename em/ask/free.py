"""What an option leaves free: of tied numbers one, of those at a floor none."""

from dataclasses import replace

import numpy as np

from em.door.passes import Pieces
from em.model import Params, Posterior, with_values
from em.numbers.arrays import Array
from em.numbers.parameters import Parameters
from em.problem import Problem

SMALL = 1e-3  # by so much, to see what moves


def free_directions(
    problem: Problem[Params, Posterior], to: Parameters[Params]
) -> Array:
    """Return what can be chosen freely, a column for each, (p, m).

    What options leave of it is where answers of the M-step move to if each
    observation counts a little more, or less. Raises TypeError where options
    bind and that cannot be seen.
    """
    every = to.directions()
    if not problem.options:
        return every
    posterior = problem.e_step(to.like).posterior
    bound, free = (
        to.row(replace(problem, options=options).m_step(posterior))
        for options in (problem.options, {})
    )
    if np.allclose(bound, free, rtol=1e-9, atol=0):
        return every
    if problem.model.log_joint is None or isinstance(problem.data, Pieces):
        raise TypeError(
            f"{', '.join(problem.options)} changes the answer: standard errors "
            "under such an option are for a mixture, and data in one piece"
        )
    rng = np.random.default_rng(0)
    r = np.asarray(posterior, float)

    def answer(change: Array) -> Array:
        found: Params = problem.model.m_step(
            problem.data, r * np.exp(change), **problem.options
        )
        free: Array = to.vector(with_values(found, problem.held))
        return free

    changes = SMALL * rng.standard_normal((len(every) + 5, *r.shape))
    moved = np.array([answer(one) - answer(-one) for one in changes])
    sizes = np.abs(moved).max(axis=0)
    sizes[sizes < 1e-10 * np.maximum(1, np.abs(to.vector(to.like)))] = 0
    _, much, axes = np.linalg.svd(moved / np.where(sizes > 0, sizes, np.inf))
    some: Array = axes[: int((much > 1e-5 * much[0]).sum())] * sizes
    return some.T
