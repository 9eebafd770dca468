"""The most probable path of a hidden chain."""

import numpy as np

from em.numbers.arrays import Array


def viterbi(log_densities: Array, initial: Array, transitions: Array) -> Array:
    """Return the most probable path, shape (n,), states counted from 0.

    (Viterbi 1967; Rabiner 1989, eq. 32 to 35)
    """
    n, log_transitions = len(log_densities), np.log(transitions)
    came_from = np.zeros(log_densities.shape, dtype=int)
    best = np.log(initial) + log_densities[0]
    for t in range(1, n):
        paths = best[:, None] + log_transitions
        came_from[t] = paths.argmax(axis=0)
        best = paths.max(axis=0) + log_densities[t]
    path = np.full(n, best.argmax())
    for t in range(n - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path
