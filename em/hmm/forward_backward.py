"""What every hidden Markov model shares: forward and backward along a chain."""

import numpy as np
from attrs import frozen

from em.hmm.blocked import in_blocks
from em.numbers.arrays import Array


@frozen(eq=False)
class ChainPosterior:
    """What a whole series says of the hidden chain behind it.

    `smoothed`, (n, k): the probability of each state at each time; rows sum
    to 1. `expected_transitions`, (k, k): how often a move from state i to
    state j is to be expected; they sum to n − 1.
    """

    smoothed: Array
    expected_transitions: Array


def forward(
    log_densities: Array, initial: Array, transitions: Array
) -> tuple[Array, Array]:
    """Return log p(state t | data up to t), (n, k), and each x_t's, (n,).

    The latter is log p(x_t | data before t): their sum is the log-likelihood.
    Predict the next state from the last; then weigh by what is seen there.
    (The filter; Rabiner 1989, eq. 19 to 21, scaled each time as in section V)
    """
    log_filtered = np.empty(log_densities.shape)
    log_evidence = np.empty(len(log_densities))
    log_transitions = np.log(transitions)
    log_predicted = np.log(initial)
    for t, log_density in enumerate(log_densities):
        log_joint = log_predicted + log_density
        log_evidence[t] = np.logaddexp.reduce(log_joint)
        log_filtered[t] = log_joint - log_evidence[t]
        moves = log_filtered[t][:, None] + log_transitions
        log_predicted = np.logaddexp.reduce(moves, axis=0)
    return log_filtered, log_evidence


def backward(log_filtered: Array, transitions: Array) -> tuple[Array, Array]:
    """Return p(state t | whole series), (n, k), and expected moves, (k, k).

    If state j follows, i came before it as probably as i was likely, times
    the probability to move from i to j. (The smoother; Kitagawa 1987)
    """
    smoothed = np.empty(log_filtered.shape)
    expected_transitions = np.zeros(transitions.shape)
    log_transitions = np.log(transitions)
    smoothed[-1] = normalised(log_filtered[-1])
    for t in reversed(range(len(smoothed) - 1)):
        came_from = normalised(log_filtered[t][:, None] + log_transitions)
        moves = came_from * smoothed[t + 1]
        smoothed[t] = moves.sum(axis=1)
        expected_transitions += moves
    return smoothed, expected_transitions


def normalised(logs: Array) -> Array:
    """Return exp(logs), each column divided by its sum.

    (Where all of a column are −∞: a column of zeros.)
    """
    largest = np.maximum(logs.max(axis=0), np.finfo(float).min)
    parts = np.exp(logs - largest)
    sums = parts.sum(axis=0)
    columns: Array = parts / np.where(sums > 0, sums, 1)
    return columns


# Speed, and what a float cannot hold.


def step_by_step(
    log_densities: Array, initial: Array, transitions: Array
) -> tuple[ChainPosterior, float]:
    """Return what `forward_backward` returns, for densities of any size.

    Where all states make an observation hardly ever, what tells one state
    from another is kept: each time is measured from its likeliest state.
    """
    peaks = log_densities.max(axis=1)
    relative = log_densities - peaks[:, None]
    log_filtered, log_evidence = forward(relative, initial, transitions)
    possible = np.isfinite(log_evidence)
    if not possible.all():
        raise ValueError(
            f"observation {possible.argmin()} is impossible in every state "
            "that can be reached"
        )
    posterior = ChainPosterior(*backward(log_filtered, transitions))
    return posterior, float((log_evidence + peaks).sum())


@np.errstate(all="ignore")  # log 0 is −∞, and what a float loses is looked for
def forward_backward(
    log_densities: Array, initial: Array, transitions: Array
) -> tuple[ChainPosterior, float]:
    """Return what a series says of its hidden states, and its log-likelihood.

    Parameters
    ----------
    log_densities
        log p(x_t | state k), shape (n, k).
    initial, transitions
        The probabilities of the first state, (k,), and of each next one,
        (k, k): transitions[i, j] is that of j after i.

    Returns
    -------
    ChainPosterior, float

    Raises
    ------
    ValueError
        For an observation that is impossible in every state that can be
        reached.
    """
    if found := in_blocks(log_densities, initial, transitions):
        smoothed, expected_transitions, log_likelihood = found
        return ChainPosterior(smoothed, expected_transitions), log_likelihood
    return step_by_step(log_densities, initial, transitions)
