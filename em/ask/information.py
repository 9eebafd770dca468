"""Complete and missing information, by finite differences of Q(θ' | θ).

Its second derivative in θ' is the complete information (with the sign
changed); that in θ' and θ, the missing one (Oakes 1999). All of it adds up
over pieces of data, and over data and a prior.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic

import numpy as np

from em.ask.expectation import Expected, counted, q
from em.ask.undetermined import refuse
from em.door.prior import Prior
from em.model import Params, Posterior
from em.numbers.arrays import Array
from em.numbers.parameters import Parameters
from em.problem import Problem

MANY = 2**25  # so many numbers may tables of differences hold at a time


class Piece(Generic[Params]):
    """Data, or a prior: what is asked of it at θ, and a small move away."""

    def __init__(
        self, to: Parameters[Params], of: Problem[Params, Posterior] | Prior
    ):
        self.to, self.here = to, to.vector(to.like)
        self.q: Expected[Params]
        self.posterior: Callable[[Params], object]
        self.log_joint: Callable[[Params], Array] | None = None
        self.weights: Array | None = None
        if isinstance(of, Problem):
            offers, data = of.model, of.data
            if offers.log_joint is not None:
                self.weights = of.weights
                self.log_joint = partial(offers.log_joint, data)
            self.q = q(offers, data, self.weights)
            self.posterior = lambda params: offers.e_step(data, params)[0]
        else:
            density = of.log_density
            self.q = lambda _, params: float(density(params))
            self.posterior = lambda _: None
        self.given = self.posterior(to.like)
        self.top = self.q(self.given, to.like)

    def at(self, move: Array) -> Params:
        """Return the parameters after a move, (p,)."""
        return self.to.params(self.here + move)

    def height(self, given: object, params: Params) -> float:
        """Return Q, or NaN where the model has no answer."""
        try:
            return self.q(given, params)
        except (ValueError, ArithmeticError):
            return np.nan

    def cost(self, move: Array) -> float:
        """Return what a move takes off Q: the mean of both ways."""
        up, down = (
            self.height(self.given, self.at(way)) for way in (move, -move)
        )
        return self.top - (up + down) / 2

    def costs(self, moves: Array) -> tuple[Array, ...]:
        """Return Q, and what each move takes off it, (m,)."""
        return np.array(self.top), np.array(
            [self.cost(move) for move in moves.T]
        )

    def slopes(self, moves: Array) -> tuple[Callable[[object], Array], Array]:
        """Return the slope of Q, (m,), as a function of a posterior.

        And which moves touch which components, (m, k): two that touch none in
        common do to Q together what each does alone.
        """
        ways = [(self.at(move), self.at(-move)) for move in moves.T]
        if self.log_joint is None:
            return (
                lambda given: np.array(
                    [
                        (self.height(given, up) - self.height(given, down)) / 2
                        for up, down in ways
                    ]
                ),
                np.ones((len(ways), 1), bool),
            )
        table = np.array(
            [
                (self.log_joint(up) - self.log_joint(down)) / 2
                for up, down in ways
            ]
        )
        table[~np.isfinite(table)] = 0  # no component has the impossible
        flat = table.reshape(len(table), -1)
        touches: Array = np.any(table, axis=1)
        return lambda r: flat @ counted(r, self.weights).ravel(), touches

    def derivatives(self, moves: Array) -> tuple[Array, Array, Array]:
        """Return the slope of Q in θ', and complete and missing information.

        Shapes (m,), (m, m), (m, m), all in units of the moves.
        """
        m = moves.shape[1]
        slope, missing, touched = list[Array](), list[Array](), list[Array]()
        size = m * np.asarray(self.given).size if self.log_joint else 0
        for some in np.array_split(moves, size // MANY + 1, axis=1):
            of, touches = self.slopes(some)
            up, down = (
                [of(self.posterior(self.at(sign * move))) for move in moves.T]
                for sign in (1, -1)
            )
            slope.append(of(self.given))
            missing.append((np.array(up) - down) / 2)
            touched.append(touches)
        _, alone = self.costs(moves)
        complete, both = np.diag(2 * alone), np.concatenate(touched)
        for i, j in zip(*np.triu_indices(m, 1), strict=True):
            if (both[i] & both[j]).any():
                together = self.cost(moves[:, i] + moves[:, j])
                complete[i, j] = complete[j, i] = together - alone[i] - alone[j]
        return (
            np.concatenate(slope),
            complete,
            symmetric(np.concatenate(missing, axis=1)),
        )


def symmetric(matrix: Array) -> Array:
    """Return the mean of a matrix and its transpose."""
    mean: Array = (matrix + matrix.T) / 2
    return mean


def scaled(
    to: Parameters[Params],
    asked: Callable[..., Iterable[tuple[Array, ...]]],
    directions: Array,
) -> Array:
    """Return a small move in each direction that can be chosen, (p, m).

    Small enough for Q to be a parabola there, and so large that rounding does
    not show: it takes a hundred-millionth off Q. `asked` yields what each
    piece answers to a question by name.
    """
    here = np.abs(to.vector(to.like))
    sizes = [max(1.0, float(here[one != 0].max())) for one in directions.T]
    moves, left = 1e-4 * np.array(sizes) * directions, np.arange(len(sizes))
    for _ in range(20):
        top, fall = np.zeros(()), np.zeros(len(left))
        for one, costs in asked(Piece.costs, moves[:, left]):
            top, fall = top + one, fall + costs
        aim = 1e-8 * max(1.0, abs(float(top)))
        far = ~((aim / 2 < fall) & (fall < 2 * aim))
        left, fall = left[far], fall[far]
        if not left.size:
            break
        share = np.where(fall > 1e-3 * aim, aim / fall, 1e3)
        share[np.isnan(fall)] = 1e-2  # so far that there is no answer
        moves[:, left] *= np.sqrt(np.clip(share, 1e-4, 1e3))
    if left.size:
        refuse(to, moves[:, left[0]], "the data tell nothing of")
    return moves
