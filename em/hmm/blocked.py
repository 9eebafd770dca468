"""Forward and backward over all blocks of a long series at once."""

from math import isqrt

import numpy as np


def in_blocks(
    log_chances: np.ndarray, initial: np.ndarray, transitions: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float] | None:
    """Do what `forward_backward.in_logs` does, for all blocks of the series at once.

    Gives the shares of states, (n, k), and of moves, (k, k), and the
    log-likelihood; None where the chances leave the range of a float.
    """
    n = len(log_chances)
    # Less one, because the C library is slow at exp(0).
    peaks = log_chances.max(axis=1) - 1
    if not np.isfinite(peaks).all():
        return None
    seen = cut(log_chances.T, peaks)
    np.exp(seen, out=seen)
    begins, ends = borders(summaries(seen, transitions), initial)
    before, scales = forward(seen, transitions, begins)
    after = backward(seen, transitions, ends)
    joint = np.tensordot(transitions, after, 1)
    joint *= before
    evidence = joint.sum(axis=0)
    # What underflowed was below 1e-308: too little to be missed here. (Where
    # all of it underflowed, this is NaN.)
    if not evidence.min() > 1e-290:
        return None
    joint /= evidence
    before /= evidence
    # The last time, and those that fill up the last block, lead nowhere.
    before[:, n - 1 - scales.size :, -1] = 0
    moves = transitions * np.tensordot(before, after, ((1, 2), (1, 2)))
    log_likelihood = (np.log(scales).T.ravel()[:n] + peaks).sum()
    return uncut(joint, n), moves, float(log_likelihood)


def cut(log_chances: np.ndarray, peaks: np.ndarray) -> np.ndarray:
    """Lay the blocks of log_chances − peaks side by side.

    Takes shape (k, n), gives (k, length, blocks).

    The last one is filled up with times at which nothing was seen: log 1.
    """
    states, n = log_chances.shape
    length = isqrt(n // 4) + 1  # shorter is slower again: more borders
    filled = np.zeros((states, -(-n // length) * length))
    np.subtract(log_chances, peaks, out=filled[:, :n])
    blocks = filled.reshape(states, -1, length)
    return np.ascontiguousarray(blocks.transpose(0, 2, 1))


def uncut(blocks: np.ndarray, n: int) -> np.ndarray:
    """Give the series (n, k) that lies in blocks (k, length, blocks)."""
    series = blocks.transpose(0, 2, 1).reshape(len(blocks), -1)
    return series[:, :n].T


def summaries(seen: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """Give one matrix for each block, as good as the block, (blocks, k, k).

    Row i is, up to one factor for the block, the chance of the block's data
    and of each state after it, for a chain that enters the block in state i.
    """
    states, length, blocks = seen.shape
    shape = (states, states, blocks)
    chances = np.repeat(np.eye(states), blocks).reshape(shape)
    for t in range(length):
        scales = chances.sum(axis=(0, 1))
        chances *= (seen[:, t] / scales)[:, None]
        moved = transitions.T @ chances.reshape(states, -1)
        chances = moved.reshape(shape)
    return np.ascontiguousarray(chances.T)


def borders(
    matrices: np.ndarray, initial: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Walk over the blocks' matrices, both ways: what is known where they meet.

    Gives, for each block, p(its first state | data before the block) and,
    up to a factor, p(data after the block | first state after it): (k, blocks).
    """
    backwards = matrices[::-1].transpose(0, 2, 1)
    both = np.stack([matrices, backwards], axis=1)
    walks = np.ones((len(both), 2, 1, len(initial)))
    walks[0, 0] = initial
    for block in range(1, len(both)):
        state = walks[block - 1] @ both[block - 1]
        walks[block] = state / state.sum(axis=2, keepdims=True)
    return walks[:, 0, 0].T.copy(), walks[::-1, 1, 0].T.copy()


def forward(
    seen: np.ndarray, transitions: np.ndarray, begins: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give p(state t | data up to t), as `seen`, and what it was scaled by."""
    before, scales = np.empty(seen.shape), np.empty(seen.shape[1:])
    for t in range(seen.shape[1]):
        state = begins * seen[:, t]
        scales[t] = state.sum(axis=0)
        state /= scales[t]
        before[:, t] = state
        begins = transitions.T @ state
    return before, scales


def backward(
    seen: np.ndarray, transitions: np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """Give p(data after t | state t + 1), up to a factor, as `seen`."""
    after = np.empty(seen.shape)
    for t in reversed(range(seen.shape[1])):
        after[:, t] = ends
        state = (transitions @ ends) * seen[:, t]
        ends = state / state.sum(axis=0)
    return after
