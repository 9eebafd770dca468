"""Random fits of every model, half of them at extreme scales.

`python tests/fuzz.py 100000` runs so many, over all models, and exits with an
error if one ends as none may: not finite, a fall, a warning of NumPy's, an
error that is not ours, input that has changed.
"""

import sys
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rows.kinds import arrays

import em
from em.kinds.ratings import Ratings
from em.kinds.read_classes import Classes
from em.models import (
    bernoullis,
    censored_regression,
    coins,
    deconvolution,
    gaussians,
    missing_normal,
    normal_hmm,
    normals,
    poisson_hmm,
    poissons,
    raters,
    transcripts,
)

PACKAGE = str(Path(em.__file__).parent)
STEPS = 25


# What goes in: a size, a scale, columns of numbers, weights.


def size(rng):
    """Give a number of observations, from 1 to 200, often very few."""
    return int(
        rng.choice([1, 2, 3, rng.integers(4, 30), rng.integers(30, 201)])
    )


def scale(rng):
    kind = rng.random()
    if kind < 0.45:
        return 1.0
    if kind < 0.75:
        return 10.0 ** rng.uniform(-8, 8)
    if kind < 0.9:
        return 10.0 ** rng.uniform(-100, 100)
    return 10.0 ** rng.uniform(-300, 99)


def outlier(rng, n):
    x = rng.normal(size=n)
    x[rng.integers(n)] *= 10 ** rng.uniform(0, 12)
    return x


COLUMNS = [
    lambda rng, n: rng.normal(size=n),
    lambda rng, n: rng.integers(-20, 20, n).astype(float),
    lambda rng, n: np.full(n, rng.normal()),
    lambda rng, n: rng.choice(rng.normal(size=3), n),
    lambda rng, n: rng.choice([0, 1e3, 1e6], n) + rng.normal(size=n),
    outlier,
    lambda rng, n: 10 ** rng.uniform(0, 14) + rng.normal(size=n),
    lambda rng, n: 10 ** rng.uniform(-8, 8, n),
    lambda rng, n: np.arange(n, dtype=float),
    lambda rng, n: rng.standard_cauchy(n),
    lambda rng, n: (np.arange(n) == rng.integers(n)).astype(float),
]


def column(rng, n):
    return COLUMNS[rng.integers(len(COLUMNS))](rng, n) * scale(rng)


def probabilities(rng, k):
    """Give k of them: equal, of any kind, with zeros, tiny ones, or one 1."""
    kind = rng.integers(9)
    if kind > 6 or k == 1:
        return np.full(k, 1 / k)
    if kind in (0, 1, 6):
        found = rng.dirichlet(np.ones(k))
    elif kind == 2:
        found = rng.dirichlet(np.full(k, 0.05))
    elif kind == 3:
        found = np.eye(k)[rng.integers(k)]
    elif kind == 4:
        found = rng.dirichlet(np.ones(k)) * (np.arange(k) > 0)
    else:
        found = rng.dirichlet(np.ones(k)) * 10 ** rng.uniform(-300, 0, k)
    if not found.sum() > 0:
        return np.full(k, 1 / k)
    return found / found.sum()


def components(rng):
    return int(rng.choice([1, 2, 2, 2, 3, 3, rng.integers(4, 26)]))


def centres(rng, x, k):
    """Give k starting values: of the data, far from them, or all alike."""
    kind = rng.integers(6)
    if kind in (0, 4, 5):
        return np.quantile(x, (np.arange(k) + 0.5) / k)
    if kind == 1:
        return rng.choice(x, k) + rng.normal(size=k) * (x.std() or 1)
    if kind == 2:
        return rng.normal(size=k) * scale(rng)
    return np.full(k, rng.choice(x))


def width(rng, x):
    """Give a width: about that of the data, or any other."""
    about = x.std() or np.abs(x).max() or 1.0
    wide = [about, about, about * 10 ** rng.uniform(-4, 4), scale(rng)]
    return max(float(wide[rng.integers(4)]), 1e-99)


def counts(rng, n):
    kind = rng.integers(6)
    if kind == 0:
        return rng.poisson(10 ** rng.uniform(-2, 8), n).astype(float)
    if kind == 1:
        return rng.poisson(rng.choice([1, 20, 400], n)).astype(float)
    if kind == 2:
        return np.full(n, float(rng.integers(0, 9)))
    if kind == 3:
        return np.zeros(n)
    return np.minimum(np.floor(np.abs(column(rng, n))), 1e99)


# One adapter a model: data, a start, options of its M-step.


class Case(NamedTuple):
    data: Any
    start: Any
    options: dict[str, Any]


def some_coins(rng):
    n, k = size(rng), components(rng)
    heads, tails = (
        (np.abs(column(rng, n)), np.abs(column(rng, n)))
        if rng.random() < 0.4
        else (counts(rng, n), counts(rng, n))
    )
    theta = [
        rng.random(k),
        rng.choice([0, 1, 0.5, 1e-300, 1 - 1e-16], k),
        np.full(k, rng.random()),
        10 ** rng.uniform(-20, 0, k),
    ][rng.integers(4)]
    return Case(
        coins.Flips(heads, tails),
        coins.Coins(theta, probabilities(rng, k)),
        {},
    )


def floor(rng, x):
    return rng.choice([0.0, 0.0, width(rng, x)])


def some_normals(rng):
    x, k = column(rng, size(rng)), components(rng)
    stds = np.array([width(rng, x) for _ in range(k)])
    start = normals.Normals(centres(rng, x, k), stds, probabilities(rng, k))
    options = {"min_std": floor(rng, x), "equal_stds": rng.random() < 0.2}
    return Case(x, start, options)


def table(rng, n, d):
    """Give columns, often in one unit, sometimes one from the other."""
    columns = [column(rng, n) for _ in range(d)]
    if rng.random() < 0.4:
        columns = [COLUMNS[rng.integers(11)](rng, n) for _ in range(d)]
    if d > 1 and rng.random() < 0.1:
        columns[1] = 3 * columns[0]
    return np.column_stack(columns)


def covariance(rng, x):
    """Give a covariance in the units of a table, sometimes a slanted one."""
    d = x.shape[1]
    root = np.eye(d)
    if rng.random() < 0.5:
        root = root + np.tril(rng.normal(size=(d, d)), -1)
    unit = np.array([width(rng, one) for one in x.T])
    correlated = root @ root.T
    stds = np.sqrt(np.diag(correlated))
    return correlated / stds / stds[:, None] * unit * unit[:, None]


def some_gaussians(rng):
    k = min(components(rng), 8)
    x = table(rng, size(rng), int(rng.integers(1, 5)))
    means = np.column_stack([centres(rng, one, k) for one in x.T])
    matrices = np.array([covariance(rng, x) for _ in range(k)])
    options = {
        "covariance_type": rng.choice(
            ["full", "tied", "diagonal", "spherical"]
        ),
        "min_std": floor(rng, x[:, 0]),
    }
    return Case(
        x, gaussians.Gaussians(means, matrices, probabilities(rng, k)), options
    )


def rates(rng, x, k):
    return np.minimum(np.abs(centres(rng, x, k)), 1e99)


def some_poissons(rng):
    x, k = counts(rng, size(rng)), components(rng)
    start = poissons.Poissons(rates(rng, x, k), probabilities(rng, k))
    return Case(x, start, {})


def some_hmms(rng):
    x, k = counts(rng, max(2, size(rng))), min(components(rng), 8)
    start = poisson_hmm.PoissonHMM(
        probabilities(rng, k),
        [probabilities(rng, k) for _ in range(k)],
        rates(rng, x, k),
    )
    return Case(x, start, {})


def some_regimes(rng):
    x, k = column(rng, max(2, size(rng))), min(components(rng), 8)
    start = normal_hmm.NormalHMM(
        probabilities(rng, k),
        [probabilities(rng, k) for _ in range(k)],
        centres(rng, x, k),
        [width(rng, x) for _ in range(k)],
    )
    options = {"min_std": floor(rng, x), "equal_stds": rng.random() < 0.2}
    return Case(x, start, options)


def some_holes(rng):
    x = table(rng, max(3, size(rng)), int(rng.integers(1, 5)))
    holes = rng.random(x.shape) < rng.choice([0, 0.1, 0.3])
    mean = np.array([centres(rng, one, 1)[0] for one in x.T])
    start = missing_normal.Normal(mean, covariance(rng, x))
    return Case(np.where(holes, np.nan, x), start, {})


def some_lifetimes(rng):
    n = max(3, size(rng))
    x = column(rng, n)
    spread = 10 ** rng.uniform(-3, 2)
    hours = 10 ** np.clip(rng.normal(2, spread, n), -250, 250)
    failed = rng.random(n) < rng.choice([0.3, 0.7, 1])
    line = censored_regression.Line(
        [rng.normal(), rng.normal() / (np.abs(x).max() or 1)], spread
    )
    return Case(censored_regression.Lifetimes(x, hours, failed), line, {})


def some_transcripts(rng):
    n = int(rng.choice([1, 2, 3, rng.integers(4, 40)]))
    members = {
        tuple(sorted(rng.choice(n, rng.integers(1, min(n, 5) + 1), False)))
        for _ in range(size(rng))
    }
    lengths = 1 + np.abs(column(rng, n))
    alpha = np.abs(column(rng, n)) if rng.random() < 0.5 else np.ones(n)
    return Case(
        Classes(
            [[int(one) for one in row] for row in sorted(members)],
            counts(rng, len(members)),
            np.minimum(lengths, 1e99),
        ),
        transcripts.Abundances(alpha),
        {},
    )


def some_bernoullis(rng):
    n, d, k = size(rng), int(rng.integers(1, 9)), components(rng)
    x = (rng.random((n, d)) < rng.random(d)).astype(float)
    if rng.random() < 0.2:
        x[:] = x[0]
    p = [
        rng.random((k, d)),
        rng.choice([0, 1, 0.5, 1e-300, 1 - 1e-16], (k, d)),
        np.full((k, d), rng.random()),
        10 ** rng.uniform(-20, 0, (k, d)),
    ][rng.integers(4)]
    return Case(x, bernoullis.Bernoullis(p, probabilities(rng, k)), {})


def some_raters(rng):
    """Give ratings in which each item and each rater occurs, and a start."""
    n, j, labels = (int(rng.integers(1, most)) for most in (60, 6, 5))
    m = max(n, j) + int(rng.integers(0, 3 * n))
    items, by = np.arange(m) % n, rng.permutation(np.arange(m) % j)
    ratings = Ratings(items, by, rng.integers(0, labels, m), [n, j, labels])
    if rng.random() < 0.5:
        start = raters.m_step(ratings, raters.vote_shares(ratings))
        return Case(ratings, start, {})
    k = components(rng)
    confusion = [
        [probabilities(rng, labels) for _ in range(j)] for _ in range(k)
    ]
    return Case(ratings, raters.Raters(confusion, probabilities(rng, k)), {})


def some_photographs(rng):
    n = size(rng)
    psf = probabilities(rng, int(rng.choice([1, 1, 3, 5])))
    light = np.abs(column(rng, n)) if rng.random() < 0.5 else np.ones(n)
    return Case(
        deconvolution.Photograph(counts(rng, n), psf),
        deconvolution.Scene(light),
        {},
    )


FAMILIES: dict[Any, Callable[[np.random.Generator], Case]] = {
    coins: some_coins,
    normals: some_normals,
    gaussians: some_gaussians,
    poissons: some_poissons,
    poisson_hmm: some_hmms,
    normal_hmm: some_regimes,
    missing_normal: some_holes,
    censored_regression: some_lifetimes,
    transcripts: some_transcripts,
    bernoullis: some_bernoullis,
    raters: some_raters,
    deconvolution: some_photographs,
}


# What comes out.


def outcome(model, seed: int) -> str:
    """Give how one fit ends; what may not be begins with an exclamation mark."""
    rng = np.random.default_rng([list(FAMILIES).index(model), seed])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", em.NotConvergedWarning)
        try:
            with np.errstate(all="ignore"):
                case = FAMILIES[model](rng)
        except (ValueError, TypeError) as error:  # of a class of data
            return f"data refused {ours(error)}"
        before = deepcopy(case)
        try:
            ended = told(model, case, rng)
        except Warning as warning:
            ended = f"! warning: {warning}"
        except em.CollapsedError:
            ended = "collapsed"
        except em.FellError as error:
            ended = f"! {error}"
        except em.NotFiniteError as error:
            # The last resort, for what even 1e308 is too small for.
            ended = "overflowed" if extreme(case) else f"! {error}"
        except (ValueError, TypeError) as error:
            ended = f"refused {ours(error)}"
        except Exception as error:
            ended = f"! {type(error).__name__}: {error}"
    if not unchanged(before, case):
        ended = "! input changed"
    return f"! {ended}" if "!" in ended else ended


def told(model, case: Case, rng) -> str:
    """Fit, and say what is wrong with the result, if anything is."""
    fixed = [
        name
        for name in getattr(model, "CAN_BE_FIXED", arrays(case.start))
        if rng.random() < 0.1
    ]
    fit = em.fit(
        model,
        case.data,
        case.start,
        max_iter=STEPS,
        tol=10 ** rng.uniform(-10, -2),
        fixed=fixed,
        sample_weights=some_weights(rng, model, case),
        **case.options,
    )
    for step in fit.steps:
        values = arrays(step.params).values()
        if not all(np.isfinite(value).all() for value in values):
            return "! parameters not finite"
        if not np.isfinite(step.log_likelihood):
            return "! log-likelihood not finite"
    weights = arrays(fit.params).get("weights")
    if weights is not None and abs(weights.sum() - 1) > 1e-9:
        return "! weights do not sum to 1"
    posterior = fit.posterior
    if isinstance(posterior, np.ndarray) and not np.isfinite(posterior).all():
        return "! posterior not finite"
    return "converged" if fit.converged else "still moving"


def some_weights(rng, model, case):
    """Give weights of observations now and then, where that has a meaning."""
    takes = hasattr(model, "log_joint") or hasattr(model, "weigh")
    if not takes or rng.random() < 0.8:
        return None
    n = everything(case)[-1].shape[0]
    weights = rng.choice([rng.exponential(size=n), rng.integers(0, 3, n)])
    weights[rng.integers(n)] += 1
    return weights


def ours(error: Exception) -> str:
    """Give a mark if an error was raised outside of the package."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    if last.filename.startswith(PACKAGE) or last.filename.startswith("<attrs"):
        return ""
    return f"! raw: {type(error).__name__}: {error}"


def extreme(case: Case) -> bool:
    """Say whether numbers of more than 50 digits, or so small, come in."""
    sizes = np.concatenate([np.abs(one).ravel() for one in everything(case)])
    sizes = sizes[sizes > 0]
    return bool(sizes.max() > 1e50 or sizes.min() < 1e-50)


def unchanged(before: Case, after: Case) -> bool:
    pairs = zip(everything(before), everything(after), strict=True)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def everything(case: Case) -> list[np.ndarray]:
    """Give all arrays of data and start."""
    found = list(arrays(case.start).values())
    if isinstance(case.data, np.ndarray):
        return [*found, case.data]
    for one in type(case.data).__attrs_attrs__:
        field = getattr(case.data, one.name)
        found.append(np.asarray(getattr(field, "indices", field)))
    return found


def tally(model, first: int, n: int) -> tuple[Counter[str], list[str]]:
    """Give how often each end came, and what may not be, with its seed."""
    ends, bad = Counter[str](), []
    for seed in range(first, first + n):
        end = outcome(model, seed)
        if end.startswith("!"):
            bad.append(f"{model.__name__} seed {seed}: {end}")
            end = "bad"
        ends[end.strip()] += 1
    return ends, bad


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 8_000
    failed = 0
    for model in FAMILIES:
        ends, bad = tally(model, 0, n // len(FAMILIES))
        print(f"{model.__name__}: {dict(ends)}", flush=True)
        for one in bad[:20]:
            print("  ", one)
        failed += len(bad)
    if failed:
        sys.exit(f"{failed} of {n} ended as none may")


if __name__ == "__main__":
    main()
