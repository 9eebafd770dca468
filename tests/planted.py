"""Mistakes planted in right models, and right ones that look like mistakes.

Run as a program, it examines every right model from fifty seeds and every mistake
from ten, and says what it saw (a few minutes).
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import attrs
import numpy as np
from rows import MODELS

from em import examine
from em.mixture import posterior
from em.models import (
    censored_regression,
    coins,
    gaussians,
    missing_normal,
    normals,
    poisson_hmm,
    transcripts,
)
from em.models.normals import Normals

FALLS = "The log-likelihood never falls"
GIVEN = "The log-likelihood is that of the parameters given"
SAME = "The same parameters lead to the same step"
OVERWRITES = "Nothing is overwritten"
KIND = "m_step returns parameters that could be a start"
COUNTS = "Every parameter changes the log-likelihood"
STAYS = "The limit stays where it is"
LEVEL = "At the limit, no small move raises it"
ROWS = "Each row of responsibilities sums to 1"
JOINT = "log_joint adds up to the log-likelihood"
TOUCHES = "The bound touches the log-likelihood, from below"
MAXIMISES = "m_step maximises the expected log-likelihood"
RECOVERS = "It finds the parameters that data are drawn from"


@attrs.frozen
class Case:
    """A model, what to examine it on, and which checks it fails."""

    model: Any
    data: Any
    start: Any
    fails: tuple[str, ...] = ()
    sample: Any = None
    detail: str = ""  # what the first of `fails` says
    options: dict[str, Any] = attrs.field(factory=dict)

    def examined(self, seed: int = 0) -> Any:
        return examine(
            self.model,
            self.data,
            self.start,
            sample=self.sample,
            seed=seed,
            **self.options,
        )


PLANTED: dict[str, Callable[[np.random.Generator], Case]] = {}
RIGHT: dict[str, Callable[[np.random.Generator], Case]] = {}


def planted(make: Callable[..., Case]) -> Callable[..., Case]:
    PLANTED[make.__name__] = make
    return make


def right(make: Callable[..., Case]) -> Callable[..., Case]:
    RIGHT[make.__name__] = make
    return make


def but(model: Any, **steps: Any) -> Any:
    """Give a model with some of its functions replaced."""
    return SimpleNamespace(**{**vars(model), **steps})


def alone(model: Any, **steps: Any) -> Any:
    """Give the two steps of a model and nothing else, some of them replaced."""
    own = {"e_step": model.e_step, "m_step": model.m_step}
    return SimpleNamespace(**{**own, **steps})


TRUTH = Normals([0, 3], [1, 1.5], [0.6, 0.4])
START = Normals([-1, 4], [1, 1])


def points(rng: np.random.Generator) -> Any:
    return normals.sample(TRUTH, 80, rng)[0]


def draw(params: Any, rng: np.random.Generator) -> Any:
    return normals.sample(params, 1000, rng)[0]


def bells(
    rng: np.random.Generator,
    *fails: str,
    m: Any = None,
    e: Any = None,
    bare: bool = True,
    **more: Any,
) -> Case:
    """Give the bells with another M-step, or another E-step."""
    steps = {"m_step": m or normals.m_step, "e_step": e or normals.e_step}
    make = alone if bare else but
    return Case(make(normals, **steps), points(rng), START, fails, **more)


# Wrong M-steps.


@planted
def variance_unweighted(rng):
    def m_step(x, r):
        found = normals.m_step(x, r)
        squares = (x[:, None] - found.means) ** 2
        return attrs.evolve(found, stds=np.sqrt(squares.mean(axis=0)))

    return bells(rng, LEVEL, m=m_step, detail="not stationary in `stds`")


def about_the_middle(x, r):
    squares = (x - x.mean()) ** 2 @ r / r.sum(axis=0)
    return attrs.evolve(normals.m_step(x, r), stds=np.sqrt(squares))


@planted
def variance_about_the_mean_of_all(rng):
    return bells(rng, FALLS, m=about_the_middle)


@planted
def variance_about_the_mean_of_all_with_a_bound(rng):
    return bells(rng, FALLS, MAXIMISES, m=about_the_middle, bare=False)


@planted
def variance_about_the_mean_of_all_weights_held(rng):
    """It climbs all the way, to a wrong end."""
    fixed = {"fixed": "weights"}
    return bells(rng, LEVEL, m=about_the_middle, options=fixed)


@planted
def variance_as_standard_deviation(rng):
    def m_step(x, r):
        found = normals.m_step(x, r)
        return attrs.evolve(found, stds=found.stds**2)

    return bells(rng, FALLS, m=m_step)


def stds_times(factor):
    def m_step(x, r):
        found = normals.m_step(x, r)
        return attrs.evolve(found, stds=factor * found.stds)

    return m_step


@planted
def stds_times_1_02(rng):
    return bells(rng, LEVEL, m=stds_times(1.02), detail="in `stds`")


@planted
def stds_times_0_98(rng):
    return bells(rng, LEVEL, m=stds_times(0.98), detail="in `stds`")


@planted
def stds_times_1_02_with_a_bound(rng):
    return bells(rng, LEVEL, MAXIMISES, m=stds_times(1.02), bare=False)


@planted
def stds_times_0_98_with_a_bound(rng):
    return bells(rng, LEVEL, MAXIMISES, m=stds_times(0.98), bare=False)


@planted
def one_less_in_the_covariance(rng):
    """Divide by the size less one, as for a sample's variance."""
    row = next(row for row in MODELS if row.model is gaussians)

    def m_step(x, r):
        found = gaussians.m_step(x, r)
        sizes = r.sum(axis=0)[:, None, None]
        return attrs.evolve(
            found, covariances=found.covariances * sizes / (sizes - 1)
        )

    x = gaussians.sample(row.truth, 90, rng)[0]
    return Case(
        alone(gaussians, m_step=m_step),
        x,
        row.start,
        (LEVEL,),
        detail="in `covariances`",
    )


@planted
def a_parameter_never_updated(rng):
    def m_step(x, r):
        return attrs.evolve(normals.m_step(x, r), stds=START.stds)

    return bells(rng, LEVEL, m=m_step, detail="not stationary in `stds`")


@planted
def weights_never_updated(rng):
    def m_step(x, r):
        return attrs.evolve(normals.m_step(x, r), weights=START.weights)

    return bells(
        rng, LEVEL, MAXIMISES, m=m_step, bare=False, detail="in `weights`"
    )


def swapped_weights(x, r):
    found = normals.m_step(x, r)
    return attrs.evolve(found, weights=found.weights[::-1])


@planted
def weights_swapped(rng):
    return bells(rng, LEVEL, m=swapped_weights)


@planted
def components_swapped(rng):
    """All of them: every second step is right."""

    def m_step(x, r):
        return normals.m_step(x, r[:, ::-1])

    return bells(rng, STAYS, m=m_step, detail="each step still changes")


@planted
def the_posterior_of_the_step_before(rng):
    old = []

    def m_step(x, r):
        old.append(r)
        return normals.m_step(x, old[max(0, len(old) - 2)])

    return bells(rng, SAME, m=m_step)


@planted
def mean_of_ratios(rng):
    """Each sequence counts alike, however long it is."""

    def m_step(flips, r):
        ratios = flips.heads / (flips.heads + flips.tails)
        found = coins.m_step(flips, r)
        return attrs.evolve(found, theta=ratios @ r / r.sum(axis=0))

    flips = coins.sample(
        coins.Coins([0.3, 0.7]), 40, rng.integers(2, 30, 40), rng
    )[0]
    start = coins.Coins([0.4, 0.6])
    model = alone(coins, m_step=m_step)
    return Case(model, flips, start, (LEVEL,), detail="in `theta`")


@planted
def the_spread_of_holes_forgotten(rng):
    def m_step(table, expected):
        none = np.zeros_like(expected.spread)
        return missing_normal.m_step(table, attrs.evolve(expected, spread=none))

    row = next(row for row in MODELS if row.model is missing_normal)
    return Case(
        alone(missing_normal, m_step=m_step),
        row.sample(row.truth, 60, rng)[0],
        row.start,
        (LEVEL,),
        detail="in `covariance`",
    )


@planted
def the_variance_of_lifetimes_forgotten(rng):
    """As in Schmee & Hahn 1979, who called it iterative least squares."""

    def m_step(lifetimes, moments):
        none = np.zeros_like(moments.variance)
        return censored_regression.m_step(
            lifetimes, attrs.evolve(moments, variance=none)
        )

    row = next(row for row in MODELS if row.model is censored_regression)
    return Case(
        but(censored_regression, m_step=m_step),
        row.sample(row.truth, 60, rng)[0],
        row.start,
        (LEVEL, MAXIMISES),
        detail="in `std`",
    )


def not_divided(counts, chain):
    found = poisson_hmm.m_step(counts, chain)
    moves = chain.expected_transitions
    return attrs.evolve(found, transitions=moves / moves.sum())


def series(rng):
    row = next(row for row in MODELS if row.model is poisson_hmm)
    return row.sample(row.truth, 40, rng)[0], row.start


@planted
def transitions_not_normalised(rng):
    model = but(poisson_hmm, m_step=not_divided)
    return Case(model, *series(rng), (KIND,), detail="expected 1")


@planted
def transitions_not_normalised_and_no_check(rng):
    model = alone(poisson_hmm, m_step=not_divided)
    return Case(
        model, *series(rng), (LEVEL,), detail="rows sum to 1 in the start"
    )


class Alleles(NamedTuple):
    a: float
    b: float
    o: float


PEOPLE = np.array([186, 38, 13, 284])


def blood(twice: int = 2) -> Any:
    """Give the blood groups; wrong, if an AA has not two genes A."""

    def e_step(people, alleles):
        a, b, o = alleles
        pairs = np.array(
            [[a * a, 2 * a * o], [b * b, 2 * b * o], [2 * a * b, 0], [o * o, 0]]
        )
        groups = pairs.sum(axis=1)
        return (people / groups)[:, None] * pairs, people @ np.log(groups)

    def m_step(people, expected):
        (aa, ao), (bb, bo), (ab, _), (oo, _) = expected
        genes = np.array(
            [twice * aa + ao + ab, twice * bb + bo + ab, twice * oo + ao + bo]
        )
        return Alleles(*genes / genes.sum())

    return SimpleNamespace(e_step=e_step, m_step=m_step)


@planted
def genes_counted_once(rng):
    return Case(blood(1), PEOPLE, Alleles(0.3, 0.2, 0.5), (LEVEL,))


@planted
def another_shape(rng):
    def m_step(x, r):
        found = normals.m_step(x, r)
        return Normals(found.means, found.stds, found.weights[:, None])

    return bells(rng, KIND, m=m_step, detail="other names or shapes")


@planted
def not_a_number(rng):
    def m_step(x, r):
        found = normals.m_step(x, r)
        return attrs.evolve(found, stds=np.sqrt(-(found.stds**2)))

    return bells(rng, KIND, m=m_step, detail="finite numbers")


# Wrong E-steps.


def equal_weights(x, params):
    return normals.e_step(x, Normals(params.means, params.stds))


@planted
def weights_forgotten_in_the_e_step(rng):
    return bells(rng, COUNTS, e=equal_weights, detail="`weights` changes noth")


@planted
def weights_forgotten_with_a_bound(rng):
    return bells(rng, JOINT, TOUCHES, e=equal_weights, bare=False)


@planted
def weights_forgotten_in_the_posterior(rng):
    def e_step(x, params):
        return equal_weights(x, params)[0], normals.e_step(x, params)[1]

    return bells(rng, LEVEL, e=e_step)


def rows_as_they_are(x, params):
    log_joint = normals.log_joint(x, params)
    return np.exp(log_joint), normals.e_step(x, params)[1]


@planted
def rows_not_normalised(rng):
    return bells(rng, FALLS, e=rows_as_they_are)


@planted
def rows_not_normalised_with_a_bound(rng):
    return bells(rng, ROWS, FALLS, TOUCHES, e=rows_as_they_are, bare=False)


@planted
def columns_normalised(rng):
    def e_step(x, params):
        joint = np.exp(normals.log_joint(x, params))
        return joint / joint.sum(axis=0), normals.e_step(x, params)[1]

    return bells(rng, FALLS, e=e_step)


def hard(x, params):
    log_joint = normals.log_joint(x, params)
    labels = log_joint.argmax(axis=1)
    return np.eye(2)[labels], normals.e_step(x, params)[1]


@planted
def hard_assignment(rng):
    return bells(rng, LEVEL, e=hard)


@planted
def hard_assignment_with_a_bound(rng):
    return bells(rng, LEVEL, TOUCHES, e=hard, bare=False)


def hard_all_the_way(x, params):
    log_joint = normals.log_joint(x, params)
    return hard(x, params)[0], log_joint.max(axis=1).sum()


@planted
def hard_assignment_and_its_own_likelihood(rng):
    return bells(rng, JOINT, e=hard_all_the_way, bare=False)


@planted
def hard_assignment_and_its_own_likelihood_alone(rng):
    """With nothing to compare it with, only drawn data tell."""
    case = bells(rng, RECOVERS, e=hard_all_the_way, sample=draw)
    return attrs.evolve(case, data=draw(TRUTH, rng))


@planted
def posterior_of_powers_of_two(rng):
    def e_step(x, params):
        r, _ = posterior(normals.log_joint(x, params) * np.log(2))
        return r, normals.e_step(x, params)[1]

    return bells(rng, FALLS, e=e_step)


@planted
def effective_length_forgotten(rng):
    """In all that the E-step does: it is right, for another model."""
    row = next(row for row in MODELS if row.model is transcripts)

    def e_step(classes, abundances):
        ones = np.ones_like(classes.lengths)
        return transcripts.e_step(
            attrs.evolve(classes, lengths=ones), abundances
        )

    return Case(
        but(transcripts, e_step=e_step),
        row.sample(row.truth, 2000, rng)[0],
        row.start,
        (RECOVERS,),
        lambda params, rng: row.sample(params, 2000, rng)[0],
    )


@planted
def effective_length_forgotten_in_the_shares(rng):
    row = next(row for row in MODELS if row.model is transcripts)

    def e_step(classes, abundances):
        ones = attrs.evolve(classes, lengths=np.ones_like(classes.lengths))
        reads, _ = transcripts.e_step(ones, abundances)
        return reads, transcripts.e_step(classes, abundances)[1]

    return Case(
        alone(transcripts, e_step=e_step),
        row.sample(row.truth, 2000, rng)[0],
        row.start,
        (LEVEL,),
        detail="in `alpha`",
    )


# Another log-likelihood.


@planted
def log_likelihood_of_the_step_before(rng):
    kept = [-np.inf]

    def e_step(x, params):
        r, now = normals.e_step(x, params)
        kept.append(now)
        return r, kept[-2]

    return bells(rng, GIVEN, e=e_step, detail="the parameters before")


@planted
def log_likelihood_in_bits(rng):
    def e_step(x, params):
        r, nats = normals.e_step(x, params)
        return r, nats / np.log(2)

    return bells(rng, JOINT, TOUCHES, e=e_step, bare=False)


@planted
def log_likelihood_without_the_weights(rng):
    def e_step(x, params):
        log_density = normals.log_density(x, params)
        total = np.logaddexp.reduce(log_density, axis=1).sum()
        return normals.e_step(x, params)[0], total

    return bells(rng, COUNTS, LEVEL, e=e_step)


@planted
def log_likelihood_of_the_filled_in_data(rng):
    def e_step(x, params):
        r, _ = normals.e_step(x, params)
        return r, (r * normals.log_joint(x, params)).sum()

    return bells(rng, LEVEL, e=e_step)


# Something overwritten.


@planted
def data_overwritten(rng):
    def m_step(x, r):
        found = normals.m_step(x, r)
        x -= found.means.mean()
        return found

    return bells(rng, OVERWRITES, m=m_step, detail="m_step overwrites the data")


class Plain(NamedTuple):
    means: Any
    stds: Any
    weights: Any


PLAIN = Plain(np.array([-1.0, 4]), np.array([1.0, 1]), np.array([0.5, 0.5]))


def plain_m_step(x, r):
    found = normals.m_step(x, r)
    return Plain(found.means.copy(), found.stds.copy(), found.weights.copy())


@planted
def parameters_overwritten(rng):
    def e_step(x, params):
        params.weights[:] /= params.weights.max()
        return normals.e_step(x, Normals(*params))

    model = SimpleNamespace(e_step=e_step, m_step=plain_m_step)
    return Case(
        model,
        points(rng),
        PLAIN,
        (OVERWRITES,),
        detail="e_step overwrites the parameters",
    )


@planted
def posterior_overwritten(rng):
    def m_step(x, r):
        r /= r.sum(axis=0)
        return normals.m_step(x, r * len(x))

    return bells(
        rng, OVERWRITES, m=m_step, detail="m_step overwrites the posterior"
    )


# Right, though it may not look like it.


@right
def about_the_old_mean(rng):
    """A conditional maximisation (Meng & Rubin 1993)."""
    return bells(rng, **old_mean())


@right
def about_the_old_mean_with_a_bound(rng):
    return bells(rng, bare=False, **old_mean())


def old_mean():
    old = {}

    def e_step(x, params):
        old["means"] = params.means
        return normals.e_step(x, params)

    def m_step(x, r):
        squares = (x[:, None] - old["means"]) ** 2
        stds = np.sqrt((r * squares).sum(axis=0) / r.sum(axis=0))
        return attrs.evolve(normals.m_step(x, r), stds=stds)

    return {"e": e_step, "m": m_step}


@right
def half_way(rng):
    """Generalised EM: means go half as far, and widths are about those."""
    old = {}

    def e_step(x, params):
        old["means"] = params.means
        return normals.e_step(x, params)

    def m_step(x, r):
        new = normals.m_step(x, r)
        means = (new.means + old["means"]) / 2
        squares = (r * (x[:, None] - means) ** 2).sum(axis=0)
        stds = np.sqrt(squares / r.sum(axis=0))
        return Normals(means, stds, new.weights)

    return bells(rng, e=e_step, m=m_step, bare=False)


@right
def equal_stds(rng):
    return bells(rng, bare=False, options={"equal_stds": True})


@right
def weights_held(rng):
    return bells(rng, options={"fixed": "weights"})


def of_a_type(covariance_type):
    def case(rng):
        row = next(row for row in MODELS if row.model is gaussians)
        return Case(
            gaussians,
            row.sample(row.truth, 90, rng)[0],
            row.start,
            options={"covariance_type": covariance_type},
        )

    return case


RIGHT |= {
    f"covariances_{name}": of_a_type(name)
    for name in ("tied", "diagonal", "spherical")
}


@right
def blood_groups(rng):
    """Three parameters, one number each, that sum to 1."""
    return Case(blood(), PEOPLE, Alleles(0.3, 0.2, 0.5))


@right
def parameters_in_a_dict(rng):
    def e_step(x, params):
        return normals.e_step(x, Normals(**params))

    def m_step(x, r):
        return plain_m_step(x, r)._asdict()

    model = SimpleNamespace(e_step=e_step, m_step=m_step)
    return Case(model, points(rng), PLAIN._asdict())


@right
def parameters_in_one_number(rng):
    """Bulbs, some of which still burn: the mean lifetime is all there is."""
    hours = rng.exponential(1.5, 30)

    def e_step(hours, mean):
        burnt, burning = hours[hours < 2], np.sum(hours >= 2)
        log_likelihood = -len(burnt) * np.log(mean) - burnt.sum() / mean
        expected = burnt.sum() + burning * (2 + mean)
        return expected, log_likelihood - burning * 2 / mean

    def m_step(hours, expected):
        return np.array(expected / len(hours))

    model = SimpleNamespace(e_step=e_step, m_step=m_step)
    return Case(model, hours, np.array(1.0))


def of_ours(row, n=60):
    """Give a model of ours, on data from its truth, and some start."""

    def case(rng):
        return Case(
            row.model,
            row.sample(row.truth, n, rng)[0],
            row.start if rng.random() < 0.5 else row.anywhere(rng),
            sample=lambda params, rng: row.sample(params, n, rng)[0],
        )

    return case


OURS = {row.model.__name__: of_ours(row) for row in MODELS}


def main(seeds: int = 50, from_seed: int = 0) -> None:
    """Examine all of it from many seeds, and print what was seen."""
    for name, make in {**OURS, **RIGHT}.items():
        begin, alarms = time.process_time(), 0
        for seed in range(from_seed, from_seed + seeds):
            found = make(np.random.default_rng(seed)).examined(seed)
            alarms += not found.passed
            for one in found.failures:
                print(f"seed {seed}: {one}")
        seconds = (time.process_time() - begin) / seeds
        print(f"{name:50} {alarms} false alarms, {seconds:.2f} s", flush=True)
    few = max(1, seeds // 5)
    for name, make in PLANTED.items():
        caught, by = 0, Counter[str]()
        for seed in range(from_seed, from_seed + few):
            case = make(np.random.default_rng(seed))
            failed = [one.check for one in case.examined(seed).failures]
            caught += bool(failed)
            by.update(check for check in case.fails if check in failed)
        print(f"{name:50} caught {caught} of {few}, {dict(by)}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
