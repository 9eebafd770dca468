"""A hidden Markov model of counts: in which state was each year?"""

from typing import Any, NamedTuple

import numpy as np
from scipy.special import xlogy

from em import _validation, mixture
from em.densities import log_poisson
from em.errors import refuse_collapse
from em.hmm import forward_backward
from em.hmm.forward_backward import Shares


class _Markov(NamedTuple):
    initial: np.ndarray
    transitions: np.ndarray
    rates: np.ndarray


class Markov(_Markov):
    """The chain: initial chances δ, (k,), transitions Γ, (k, k), rates λ, (k,).

    transitions[i, j] is the chance that state j follows state i; `rates` are
    mean counts, not below 0. Raises ValueError for a value out of range, for
    chances that do not sum to 1, and for lengths that differ.
    """

    __slots__ = ()

    def __new__(cls, initial: Any, transitions: Any, rates: Any) -> "Markov":
        initial = _validation.chances(initial, "initial")
        rates = _validation.rates(rates)
        _validation.same_length(initial=initial, rates=rates)
        transitions = _validation.transitions(transitions, len(rates))
        return super().__new__(cls, initial, transitions, rates)


def check(counts: Any, markov: Any) -> tuple[np.ndarray, Markov]:
    """Refuse what is not a series of counts and Markov.

    Raises TypeError for another kind of thing, ValueError for a bad value.
    """
    _validation.kind(markov, Markov, "start")
    counts = _validation.counts(counts)
    if len(counts) < 2:
        raise ValueError("counts has 1 value: expected a series, two or more")
    return counts, Markov(*markov)


def e_step(counts: np.ndarray, markov: Markov) -> tuple[Shares, float]:
    """Share each time out among the states, and each move among pairs.

    Gives forward_backward.Shares, and the log-likelihood of `markov`. Raises ValueError
    for a count that is impossible in every state that can be reached.
    """
    return forward_backward.share_out(
        log_poisson(counts, markov.rates), markov.initial, markov.transitions
    )


def expected_log_joint(
    counts: np.ndarray, responsibilities: Shares, markov: Markov
) -> float:
    """Give the average of log p(path, counts) over all paths of the states."""
    states, moves = responsibilities
    log_chances = log_poisson(counts, markov.rates)
    # A share of 0 adds 0, also where its logarithm is −∞.
    average = (states * np.where(states > 0, log_chances, 0)).sum()
    average += xlogy(states[0], markov.initial).sum()
    return float(average + xlogy(moves, markov.transitions).sum())


def m_step(counts: np.ndarray, responsibilities: Shares) -> Markov:
    """Estimate each state from its share of every time and every move.

    (Baum, Petrie, Soules & Weiss 1970; Rabiner 1989, eq. 40.) Raises
    CollapsedError for a state that takes no data, or that is never left.
    """
    states, moves = responsibilities
    sizes = mixture.sizes(states)
    left = moves.sum(axis=1)
    refuse_collapse(
        left < np.finfo(float).tiny,
        "nothing follows it, so its transitions cannot be estimated. Start "
        "it nearer the data, or use fewer states",
    )
    return Markov(states[0], moves / left[:, None], counts @ states / sizes)


def viterbi(counts: Any, markov: Markov) -> np.ndarray:
    """Give the most probable path, shape (n,), states counted from 0.

    (Viterbi 1967; Rabiner 1989, eq. 32 to 35.) Raises what `e_step` raises.
    """
    counts, markov = check(counts, markov)
    with np.errstate(divide="ignore"):
        best, log_moves = np.log(markov.initial), np.log(markov.transitions)
    log_chances = log_poisson(counts, markov.rates)
    came_from = np.zeros(log_chances.shape, dtype=int)
    best = best + log_chances[0]
    for t in range(1, len(counts)):
        paths = best[:, None] + log_moves
        came_from[t] = paths.argmax(axis=0)
        best = paths.max(axis=0) + log_chances[t]
    if best.max() == -np.inf:  # share_out says which count is impossible
        forward_backward.share_out(
            log_chances, markov.initial, markov.transitions
        )
    path = np.empty(len(counts), dtype=int)
    path[-1] = best.argmax()
    for t in range(len(counts) - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path


def sample(
    markov: Markov, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a series of `n` counts, and its states; both of shape (n,)."""
    up_to = np.cumsum(markov.transitions, axis=1)[:, :-1]
    states = np.empty(n, dtype=int)
    states[:1] = rng.choice(len(markov.rates), p=markov.initial)
    for t, chance in enumerate(rng.random(n - 1), start=1):
        states[t] = (up_to[states[t - 1]] <= chance).sum()
    return rng.poisson(markov.rates[states]).astype(float), states
