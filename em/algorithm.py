"""The whole algorithm, once: E-step and M-step in turn, until they converge."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from em.convergence import check_rule, converged, last_change, refuse_fall
from em.door.admit import admit
from em.door.passes import Each, Map
from em.door.prior import Prior
from em.errors import NotConvergedWarning
from em.fits import Fit, Step
from em.further.acceleration import check_scheme, jumping
from em.model import Data, Model, Params, Posterior, with_values
from em.problem import Problem

Until = Callable[[list[Step[Params, Posterior]]], bool]


def alternate(
    problem: Problem[Params, Posterior],
) -> Iterator[Step[Params, Posterior]]:
    """Yield the step at the start, then one step after another, without end."""
    params = problem.start
    for number in count():
        step = problem.e_step(params, number)
        yield step
        params = problem.m_step(step.posterior, number)
        params = with_values(params, problem.held)


def run(
    model: Model[Data, Params, Posterior],
    data: object,  # what the model's `check` makes Data of
    start: Params,
    *,
    fixed: str | Iterable[str] = (),
    sample_weights: Each | None = None,
    labels: Each | None = None,
    prior: Prior | None = None,
    map: Map | None = None,
    **options: object,
) -> Iterator[Step[Params, Posterior]]:
    """Return an iterator over the steps of EM, from the start, without end.

    Takes what `fit` takes, and raises what `fit` raises, but for FellError.
    """
    return alternate(
        admit(
            model, data, start, options, fixed=fixed, prior=prior, map=map,
            sample_weights=sample_weights, labels=labels,
        )
    )  # fmt: skip


def fit(
    model: Model[Data, Params, Posterior],
    data: object,  # what the model's `check` makes Data of
    start: Params,
    *,
    tol: float = 1e-8,
    max_iter: int = 1_000,
    until: Until[Params, Posterior] | None = None,
    fixed: str | Iterable[str] = (),
    sample_weights: Each | None = None,
    labels: Each | None = None,
    prior: Prior | None = None,
    map: Map | None = None,
    accelerate: str | None = None,
    **options: object,
) -> Fit[Params, Posterior]:
    """Run until the parameters and the log-likelihood stop moving.

    Parameters
    ----------
    model
        A module such as `em.models.coins`, or anything else with an `e_step`
        and an `m_step`: see `em.Model`.
    data, start
        What the model takes.
    tol
        Stop after a step that raised the log-likelihood by no more than
        `tol`, moved no parameter by more than this share of the largest of
        its kind, and in which none that cannot be negative went on growing
        by more than this share of itself. It says that the steps have become
        small, not how far the limit is: with a rate of 0.99, a hundred times
        the last step.
    max_iter
        Warn, and return, after so many steps.
    until
        A rule of your own in place of `tol`, given all steps so far.
    fixed
        Names of parameters to leave as they are in `start`.
    sample_weights
        How often each observation counts, shape (n,), not below 0: once
        unless given. The same as repeating observations.
    labels
        For a mixture: which component made each observation, shape (n,),
        counted from 0, and -1 where that is unknown. What is climbed is then
        log p(data, known labels). (Of data in pieces, as of the weights, an
        array for each.)
    prior
        What to count beside the data, such as `coins.CoinsPrior`. EM
        climbs to the maximum of log-likelihood + log prior then (MAP): the
        heights of the steps never fall, and the rule is about them.
    map
        How to go through data in pieces, and the sign that `data` are pieces:
        Python's own `map`, that of an executor, or that of a cluster
        (`em.further.cluster.over(client)`). Pieces are a list of arrays, for
        instance, or a function that yields them; every step goes through them
        all. The posterior of each step is then what they add up to.
    accelerate
        "anderson" or "squarem": after each step of EM, or every two, try a
        jump to where they seem to lead. One that would lower the likelihood
        is refused. `Fit.evaluations` counts those, too.
    **options
        Passed to the model's `m_step`: `min_std=0.5`, for instance.

    Returns
    -------
    Fit
        Every step, and whether the last of them met the rule.

    Raises
    ------
    TypeError, ValueError
        For input that the model refuses.
    CollapsedError
        If a component has nothing left to be estimated from.
    FellError
        If the log-likelihood (+ log prior) falls by more than rounding.
    NotFiniteError
        If it, or a parameter, stops being a finite number.

    Warns
    -----
    NotConvergedWarning
        If `max_iter` steps are not enough.
    """
    check_rule(tol, max_iter)
    check_scheme(accelerate)
    problem = admit(
        model, data, start, options, fixed=fixed, prior=prior, map=map,
        sample_weights=sample_weights, labels=labels,
    )  # fmt: skip
    found = climb(problem, tol, max_iter, until, accelerate)
    if not found.converged:
        warnings.warn(
            f"not converged after {max_iter} steps: the last one changed a "
            f"parameter by {last_change(found.steps):.3g} of its size "
            f"(tol = {tol:.3g})",
            NotConvergedWarning,
            stacklevel=2,
        )
    return found


def climb(
    problem: Problem[Params, Posterior],
    tol: float,
    max_iter: int,
    until: Until[Params, Posterior] | None,
    accelerate: str | None,
) -> Fit[Params, Posterior]:
    """Return the fit, converged or not after so many steps."""
    done = until or (lambda steps: converged(steps, tol))
    steps_of = (
        alternate(problem)
        if accelerate is None
        else jumping(accelerate, tol, problem)
    )
    steps: list[Step[Params, Posterior]] = []
    for step in steps_of:
        # A start need not keep to the options, such as a floor; later steps do.
        if len(steps) > (1 if problem.options else 0):
            refuse_fall(len(steps), problem, steps[-1], step)
        if steps:
            steps[-1] = steps[-1].without_posterior(problem.e_step)
        steps.append(step)
        if len(steps) > 1 and done(steps):
            return Fit(steps, converged=True)
        if len(steps) > max_iter:
            break
    return Fit(steps, converged=False)
