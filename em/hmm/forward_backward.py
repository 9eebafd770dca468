"""What every hidden Markov model shares: forward and backward along a chain."""

from typing import NamedTuple

import numpy as np

from em.hmm.blocked import in_blocks


class Shares(NamedTuple):
    """What the E-step says of a hidden chain, given the whole series.

    `states`, (n, k): the chance of each state at each time; rows sum to 1.
    `moves`, (k, k): how often a move from i to j is to be expected. They sum
    to n − 1.
    """

    states: np.ndarray
    moves: np.ndarray


def share_out(
    log_chances: np.ndarray, initial: np.ndarray, transitions: np.ndarray
) -> tuple[Shares, float]:
    """Share each time of a series out among the states.

    Takes log_chances[t, i] = log p(x_t | state i), shape (n, k), the chances
    of the first state, (k,), and of each next one, (k, k). Gives the shares
    and the log-likelihood (Rabiner 1989, section III). Raises ValueError for
    an observation that is impossible in every state that can be reached.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        if found := in_blocks(log_chances, initial, transitions):
            states, moves, log_likelihood = found
            return Shares(states, moves), log_likelihood
        return in_logs(log_chances, np.log(initial), np.log(transitions))


def in_logs(
    log_chances: np.ndarray, log_initial: np.ndarray, log_moves: np.ndarray
) -> tuple[Shares, float]:
    """Go forward and backward step by step, for chances of any size.

    `before` is log p(state t | data up to t), and `after`, up to a constant,
    log p(data after t | state t + 1); both (n, k).
    """
    before, after = np.zeros((2, *log_chances.shape))
    scales = np.zeros(len(log_chances))
    state = log_initial
    for t in range(len(log_chances)):
        state = state + log_chances[t]
        scales[t] = np.logaddexp.reduce(state)
        if scales[t] == -np.inf:
            raise ValueError(
                f"count {t} is impossible in every state that can be reached"
            )
        before[t] = state - scales[t]
        state = np.logaddexp.reduce(before[t][:, None] + log_moves, axis=0)
    for t in reversed(range(len(log_chances) - 1)):
        state = np.logaddexp.reduce(log_moves + after[t + 1], axis=1)
        after[t] = state + log_chances[t + 1]
        after[t] -= after[t].max()
    pairs = before[:, :, None] + log_moves + after[:, None, :]
    pairs -= np.logaddexp.reduce(pairs, axis=(1, 2), keepdims=True)
    pairs = np.exp(pairs)
    return Shares(pairs.sum(axis=2), pairs[:-1].sum(axis=0)), float(
        scales.sum()
    )
