"""Fewer steps to the same place: EM's steps say where they lead, so jump.

EM is a map G: parameters in, better parameters out. Its limit is where
G(x) = x, and near it G is nearly linear: each step goes a fixed share of the
way. From a few steps one can tell where they would end. A jump that would
lower the likelihood is refused, and EM's own step is taken.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import numpy as np

from em.convergence import relative_change
from em.fits import Step
from em.model import Params, Posterior, with_values
from em.numbers.arrays import Array
from em.numbers.parameters import Parameters
from em.problem import Problem


class Anderson:
    """Mix the images of some points so that their residuals cancel best.

    (Anderson 1965; residuals are G(x) − x.) How far a jump may go, in lengths
    of EM's own step, is learnt from those that were refused.
    """

    memory = 4  # points, and so three differences

    def __init__(self) -> None:
        self.reach, self.length = 1000.0, 0.0

    def jump(self, points: Array, images: Array) -> Array | None:
        """Return where to, from (m, p) points, the latest last, or None."""
        if len(points) < 2:
            return None
        residuals = images - points
        own, changes = residuals[-1], np.diff(residuals, axis=0).T
        parts = np.linalg.lstsq(changes, own, rcond=1e-10)[0]
        leap = -parts @ np.diff(images, axis=0)
        if leap @ own < 0:  # away from a saddle, not back to it
            leap = -leap
        length = float(np.linalg.norm(leap) / np.linalg.norm(own))
        if not length > 0:
            return None
        self.length = min(length, self.reach)
        jump: Array = images[-1] + leap * min(1.0, self.reach / length)
        return jump

    def learn(self, accepted: bool) -> int:
        """Return how many points to keep, having learnt from a jump."""
        if accepted:
            self.reach = max(self.reach, 16 * self.length)
            return self.memory
        self.reach = self.length / 2
        return 1


class Squarem:
    """After every two of EM's steps, go to x − 2αr + α²v.

    r is the first step, v the change from it to the second, and α is
    −|r| / |v|. (Varadhan & Roland 2008, scheme S3.)
    """

    memory = 3  # the last jump; and, once EM has made a step from it, x and y

    def __init__(self) -> None:
        self.rest, self.refusals = 0, 0

    def jump(self, points: Array, images: Array) -> Array | None:
        """Return where to, or None before three points, or for no far jump."""
        if len(points) < 3:
            return None
        if self.rest:
            self.rest -= 1
            return None
        x, r = points[-2], images[-2] - points[-2]
        v = images[-1] - images[-2] - r
        alpha = -float(np.linalg.norm(r) / np.linalg.norm(v))
        jump: Array = x - 2 * alpha * r + alpha**2 * v
        return jump if alpha < -1 else None  # NaN: nor there

    def learn(self, accepted: bool) -> int:
        """Return that nothing is to be remembered: it begins anew.

        After each refusal in a row it rests for a while, twice as long.
        """
        self.refusals = 0 if accepted else self.refusals + 1
        self.rest = 2**self.refusals - 1
        return 0


SCHEMES: dict[str, type[Anderson | Squarem]] = {
    "anderson": Anderson,
    "squarem": Squarem,
}


def jumping(
    accelerate: str, tol: float, problem: Problem[Params, Posterior]
) -> Iterator[Step[Params, Posterior]]:
    """Yield steps, of EM's own and jumps, without end.

    Once EM's own steps change parameters by less than `tol`, no more jumps:
    whether it has converged is to be told by those.
    """
    scheme, seen = SCHEMES[accelerate](), list[tuple[Params, Params]]()
    step = problem.e_step(problem.start)
    for number in count():
        yield step
        own = problem.m_step(step.posterior, number)
        own = with_values(own, problem.held)
        tried = jump = None
        if relative_change(step.params, own) > tol:
            seen = [*seen[1 - scheme.memory :], (step.params, own)]
            jump = landing(scheme, problem, seen)
        if jump is not None:
            tried = attempt(problem, jump, step)
            kept = scheme.learn(tried is not None)
            seen = seen[max(0, len(seen) - kept) :]
        if tried is not None:
            step = tried
        else:
            step = problem.e_step(own, number + 1)
            step = replace(step, refused=int(jump is not None))


def landing(
    scheme: Anderson | Squarem,
    problem: Problem[Params, Posterior],
    seen: list[tuple[Params, Params]],
) -> Params | None:
    """Return where a scheme leads from the points seen and their images.

    What is at its edge (a share of next to 0, say) is left to EM.
    """
    to = Parameters(problem.model, seen[-1][1], problem.held)
    try:
        rows = np.array([[to.vector(one) for one in pair] for pair in seen])
        numbers = to.inside(rows).all(axis=(0, 1))
        with np.errstate(all="ignore"):
            found = scheme.jump(*rows[..., numbers].swapaxes(0, 1))
    except np.linalg.LinAlgError:  # a covariance is flat
        return None
    if found is None or not np.isfinite(found).all():
        return None
    vector = rows[-1, 1].copy()
    vector[numbers] = found
    with np.errstate(all="ignore"):
        return to.params(vector)


def attempt(
    problem: Problem[Params, Posterior],
    params: Params,
    before: Step[Params, Posterior],
) -> Step[Params, Posterior] | None:
    """Return the step there, unless it is lower than the one before, or none.

    A jump may lead so far that a likelihood is 0, or a component collapsed;
    it may lead beyond what the options allow.
    """
    try:
        with np.errstate(all="ignore"):
            params = problem.model.within(params, **problem.options)
            params = with_values(params, problem.held)
            problem.refuse_collapse(params, 0)
        step = problem.e_step(params)
    except (ValueError, ArithmeticError):
        return None
    return replace(step, jumped=True) if step.height >= before.height else None


def check_scheme(accelerate: object) -> None:
    """Raise ValueError for a scheme that does not exist."""
    if accelerate is not None and not (
        isinstance(accelerate, str) and accelerate in SCHEMES
    ):
        raise ValueError(
            f"accelerate is {accelerate!r}: expected None, 'anderson' or "
            "'squarem'"
        )
