"""How sure: against exact values, other people's likelihoods, and a bootstrap."""

from types import SimpleNamespace

import attrs
import numpy as np
import pytest
from rows import MIXTURES, OTHERS, named
from rows.kinds import PROBABILITIES, arrays
from rows.normal_hmm import ROW as NORMAL_HMM
from rows.poisson_hmm import ROW as HMM
from scipy.special import xlogy

import em
from em.model import with_values
from em.models import coins, gaussians, normals, poissons
from em.models.coins import Coins, Flips
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.models.poissons import Poissons

LONDON = np.loadtxt(em.data("london_deaths.csv"), delimiter=",", skiprows=1)


# Exact values: the second derivatives of the closed formulas.


def linkage_e(y, theta):
    """Of 125, how many are of the part θ/4 of 1/2 + θ/4 (Rao 1965)."""
    chances = [1 / 2 + theta / 4, (1 - theta) / 4, (1 - theta) / 4, theta / 4]
    return y[0] * theta / (2 + theta), float(xlogy(y, chances).sum())


LINKAGE = SimpleNamespace(
    e_step=linkage_e,
    m_step=lambda y, part: (part + y[3]) / (part + y[1] + y[2] + y[3]),
    expected_log_joint=lambda y, part, theta: float(
        (part + y[3]) * np.log(theta) + (y[1] + y[2]) * np.log(1 - theta)
    ),
    RANGES={"parameters": "probability"},
)


def test_linkage():
    y = np.array([125.0, 18, 20, 34])
    fit = em.fit(LINKAGE, y, np.array(0.5), tol=1e-12)
    found = em.standard_errors(LINKAGE, y, fit)
    assert fit.params == pytest.approx(0.6268214978709824, abs=1e-12)
    assert found.errors == pytest.approx(0.0514673492, rel=1e-5)
    assert found.rate == pytest.approx(0.132778734, rel=1e-5)
    slope = found.slopes[0, 0]
    assert found.complete[0, 0] / slope**2 == pytest.approx(435.317854, 1e-5)
    assert found.observed[0, 0] / slope**2 == pytest.approx(377.5169004, 1e-5)
    np.testing.assert_allclose(
        found.complete, found.observed + found.missing, rtol=1e-12
    )


@pytest.mark.parametrize("accelerate", [None, "anderson", "squarem"])
def test_london_deaths_whatever_the_way_there(accelerate):
    values, days = LONDON.T
    fit = em.fit(
        poissons,
        values,
        Poissons([1, 3]),
        sample_weights=days,
        accelerate=accelerate,
        max_iter=5000,
    )
    found = em.standard_errors(poissons, values, fit, sample_weights=days)
    np.testing.assert_allclose(found.errors.weights, 0.1946843, rtol=1e-4)
    np.testing.assert_allclose(
        found.errors.rates, [0.35002971, 0.25047827], rtol=1e-4
    )
    assert found.rate == pytest.approx(0.9956662, abs=1e-6)
    repeated = em.standard_errors(
        poissons, np.repeat(*LONDON.T.astype(int)), fit
    )
    np.testing.assert_allclose(repeated.covariance, found.covariance, rtol=1e-4)


def test_two_coins_have_the_published_rates():
    """The eigenvalues of EM's steps at the limit of Do & Batzoglou's coins."""
    flips = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
    fit = em.fit(coins, flips, Coins([0.6, 0.5]), fixed="weights", tol=1e-11)
    found = em.standard_errors(coins, flips, fit, fixed="weights")
    rates = np.sort(np.linalg.eigvals(found.rates).real)
    np.testing.assert_allclose(rates, [0.3779953, 0.4096907], rtol=1e-4)
    assert found.rate == pytest.approx(rates[-1], rel=1e-9)
    np.testing.assert_array_equal(found.errors.weights, 0)
    assert found.covariance.shape == (4, 4)


def test_the_rates_are_those_of_em_s_steps():
    """DM by running EM from nearby, in the coordinates of the parameters."""
    flips = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])
    fit = em.fit(coins, flips, Coins([0.6, 0.5]), fixed="weights", tol=1e-12)
    at, h = fit.params.theta, 1e-5

    def step(theta):
        r, _ = coins.e_step(flips, Coins(theta))
        return coins.m_step(flips, r).theta

    moved = [(step(at + e) - step(at - e)) / (2 * h) for e in h * np.eye(2)]
    found = em.standard_errors(coins, flips, fit, fixed="weights")
    slopes = found.slopes[:2]
    natural = slopes @ found.rates @ np.linalg.inv(slopes)
    np.testing.assert_allclose(natural, np.array(moved).T, rtol=1e-4, atol=1e-6)


# Another library's likelihood, in coordinates of its own: plain numbers, the
# last of each row of shares left out, matrices by their lower half.


SHARES = (*PROBABILITIES, "confusion")


def numbers(params, held=()):
    found = []
    for name, values in arrays(params).items():
        if name in held:
            continue
        if name in SHARES:
            found.append(values[..., :-1].ravel())
        elif name.startswith("covariance"):
            found.append(
                values[..., *np.tril_indices(values.shape[-1])].ravel()
            )
        else:
            found.append(values.ravel())
    return np.concatenate(found)


def with_numbers(like, row, held=()):
    values, first = {}, 0
    for name, old in arrays(like).items():
        if name in held:
            continue
        shape = old.shape
        if name in SHARES:
            shape = (*old.shape[:-1], old.shape[-1] - 1)
        elif name.startswith("covariance"):
            d = shape[-1]
            shape = (*shape[:-2], d * (d + 1) // 2)
        part = row[first : first + int(np.prod(shape))].reshape(shape)
        first += part.size
        if name in SHARES:
            part = np.append(
                part, 1 - part.sum(axis=-1, keepdims=True), axis=-1
            )
        elif name.startswith("covariance"):
            full = np.zeros(old.shape)
            i, j = np.tril_indices(d)
            full[..., i, j] = full[..., j, i] = part
            part = full
        values[name] = part
    return with_values(like, values)


def hessian(height, at):
    """Give second derivatives, by steps in proportion to what they curve."""
    sizes = np.full(len(at), 1e-4)
    top = height(at)
    for i, one in enumerate(np.eye(len(at))):
        for _ in range(20):
            fall = (
                top
                - (height(at + sizes[i] * one) + height(at - sizes[i] * one))
                / 2
            )
            if 1e-4 < fall < 4e-4:
                break
            sizes[i] *= np.sqrt(np.clip(2e-4 / max(fall, 1e-9), 1e-4, 1e4))
    steps = np.diag(sizes)
    found = np.empty(steps.shape)
    for i, a in enumerate(steps):
        for j, b in enumerate(steps[: i + 1]):
            found[i, j] = found[j, i] = (
                height(at + a + b)
                - height(at + a - b)
                - height(at - a + b)
                + height(at - a - b)
            ) / (4 * sizes[i] * sizes[j])
    return found


def mixture_height(row, data, params):
    logs = [
        row.log_density(data, slice(None), params, k)
        + np.log(params.weights[k])
        for k in range(3)
    ]
    return float(np.logaddexp.reduce(logs, axis=0).sum())


def pixels_height(row, x, params):
    """Sum over components of products over columns, all rows at once."""
    p = params.probabilities
    logs = [
        (x * np.log(one) + (1 - x) * np.log1p(-one)).sum(axis=1) for one in p
    ] + np.log(params.weights)[:, None]
    return float(np.logaddexp.reduce(logs, axis=0).sum())


def ratings_height(row, ratings, params):
    """Add each opinion to its item's, one by one."""
    votes = ratings.votes.tocoo()
    rater, label = np.divmod(votes.col, params.confusion.shape[2])
    logs = np.tile(np.log(params.weights)[:, None], votes.shape[0])
    opinions = votes.data * np.log(params.confusion[:, rater, label])
    for k, one in enumerate(opinions):
        np.add.at(logs[k], votes.row, one)
    return float(np.logaddexp.reduce(logs, axis=0).sum())


def chain_height(row, data, params):
    """Sum over all paths by multiplying matrices, scaled at every time."""
    logs = np.array(
        [row.log_density(data, slice(None), params, k) for k in range(3)]
    ).T
    state, total = params.initial, 0.0
    for t, densities in enumerate(np.exp(logs)):
        state = (state if t == 0 else state @ params.transitions) * densities
        total += np.log(state.sum())
        state = state / state.sum()
    return float(total)


def other_height(row, data, params):
    return row.log_likelihood(data, params)


HEIGHTS = {
    "em.models.bernoullis": pixels_height,
    "em.models.raters": ratings_height,
}
CASES = [
    *(
        (row, HEIGHTS.get(named(row), mixture_height), ())
        for row in MIXTURES
        if not named(row).endswith("_hmm")
    ),
    (HMM, chain_height, ("initial",)),
    (NORMAL_HMM, chain_height, ("initial",)),
    *((row, other_height, ()) for row in OTHERS),
]


@pytest.mark.parametrize(
    ("row", "height", "held"), CASES, ids=[named(case[0]) for case in CASES]
)
def test_the_errors_are_those_of_another_likelihood(row, height, held):
    # With fewer, some of their many probabilities end at the edge.
    many = row.model.__name__.endswith(("bernoullis", "raters"))
    n = 1_000 if many else 200
    data, _ = row.sample(row.truth, n, np.random.default_rng(3))
    fit = em.fit(
        row.model, data, row.start, tol=1e-10, max_iter=20_000, **row.options
    )
    found = em.standard_errors(row.model, data, fit, fixed=held)
    if "alpha" in arrays(fit.params):
        # Reads in all are what they are: only shares of them are estimated.
        alpha = fit.params.alpha
        whole = alpha.sum()

        def of_shares(first):
            rest = np.append(first, whole - first.sum())
            return height(row, data, type(fit.params)(rest))

        curve = hessian(of_shares, alpha[:-1])
        np.testing.assert_allclose(
            found.errors.alpha[:-1],
            np.sqrt(np.diag(np.linalg.inv(-curve))),
            rtol=1e-3,
        )
        return
    at = numbers(fit.params, held)
    curve = hessian(
        lambda one: height(row, data, with_numbers(fit.params, one, held)), at
    )
    expected = np.sqrt(np.diag(np.linalg.inv(-curve)))
    np.testing.assert_allclose(numbers(found.errors, held), expected, rtol=2e-3)
    for name in held:
        assert not arrays(found.errors)[name].any()
    assert 0 < found.rate < 1
    total = sum(values.size for values in arrays(fit.params).values())
    assert found.covariance.shape == (total, total)


def test_units_do_not_matter():
    x, _ = normals.sample(
        Normals([0, 4], [1, 1.5]), 300, np.random.default_rng(2)
    )
    plain = em.standard_errors(
        normals, x, em.fit(normals, x, Normals([0, 5], [1, 1]), tol=1e-10)
    )
    for unit in (1e-6, 1e6):
        y = unit * (x + 20)
        start = Normals(unit * np.array([20, 25]), unit * np.ones(2))
        fit = em.fit(normals, y, start, tol=1e-10)
        found = em.standard_errors(normals, y, fit)
        for name, size in (("means", unit), ("stds", unit), ("weights", 1)):
            np.testing.assert_allclose(
                arrays(found.errors)[name],
                size * arrays(plain.errors)[name],
                rtol=1e-3,
            )


def test_a_bootstrap_agrees():
    rng = np.random.default_rng(5)
    x, _ = normals.sample(Normals([0, 5], [1, 1.5]), 400, rng)
    fit = em.fit(normals, x, Normals([0, 5], [1, 1]))
    found = em.standard_errors(normals, x, fit).errors
    again = [
        em.fit(normals, normals.sample(fit.params, 400, rng)[0], fit.params)
        for _ in range(300)
    ]
    for name, errors in arrays(found).items():
        spread = np.std([arrays(one.params)[name] for one in again], axis=0)
        np.testing.assert_allclose(spread, errors, rtol=0.2)


# Where there are none.


def test_an_edge_has_no_standard_error():
    data, _ = HMM.sample(HMM.truth, 200, np.random.default_rng(3))
    fit = em.fit(HMM.model, data, HMM.start)
    with pytest.raises(
        em.NotDeterminedError, match=r"initial\[\d\] is .*fixed='initial'"
    ):
        em.standard_errors(HMM.model, data, fit)
    flips = Flips([0, 0, 0, 7, 8, 6], [9, 9, 9, 2, 1, 3])
    certain = em.fit(coins, flips, Coins([0.01, 0.7]))
    with pytest.raises(em.NotDeterminedError, match=r"theta\[0\] is"):
        em.standard_errors(coins, flips, certain)


def test_what_the_data_do_not_tell_apart_is_named():
    """Two coins for sequences of one flip: only their mean is determined."""
    flips = Flips([1, 1, 1, 0, 0], [0, 0, 0, 1, 1])
    fit = em.fit(coins, flips, Coins([0.7, 0.5]), fixed="weights")
    with pytest.raises(
        em.NotDeterminedError, match=r"tell apart.*theta\[0\], theta\[1\]"
    ):
        em.standard_errors(coins, flips, fit, fixed="weights")


def test_twins_are_a_saddle():
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 1, 50), rng.normal(5, 1, 50)])
    fit = em.fit(normals, x, Normals([2, 2], [2, 2]), fixed="weights")
    with pytest.raises(em.NotDeterminedError, match="no maximum: it rises"):
        em.standard_errors(normals, x, fit, fixed="weights")


def test_what_the_data_tell_nothing_of_is_named():
    silent = SimpleNamespace(
        e_step=lambda x, p: (p["mean"], -((x - p["mean"]) ** 2).sum() / 2),
        m_step=lambda x, _: {"mean": x.mean(), "other": np.array(1.0)},
        expected_log_joint=lambda x, _, p: -((x - p["mean"]) ** 2).sum() / 2,
    )
    x = np.array([1.0, 2, 4])
    start = {"mean": np.array(0.0), "other": np.array(1.0)}
    fit = em.fit(silent, x, start)
    with pytest.raises(em.NotDeterminedError, match=r"tell nothing of other$"):
        em.standard_errors(silent, x, fit)
    found = em.standard_errors(silent, x, fit, fixed="other")
    assert found.errors["mean"] == pytest.approx(3**-0.5, rel=1e-6)


def test_a_fit_that_is_no_maximum_is_refused():
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 1, 50), rng.normal(5, 2, 50)])
    start = Normals([0, 5], [1, 1])
    with pytest.warns(em.NotConvergedWarning):
        early = em.fit(normals, x, start, max_iter=2)
    tied = em.fit(normals, x, start, equal_stds=True)
    floor = em.fit(normals, x, start, min_std=2.5)
    for fit in (early, tied, floor):
        with pytest.raises(
            em.NotDeterminedError, match=r"standard errors below|no maximum"
        ):
            em.standard_errors(normals, x, fit)
    faithful = np.loadtxt(
        em.data("old_faithful.csv"), delimiter=",", skiprows=1
    )
    groups = Gaussians([[2, 55], [4.5, 80]], [np.diag([1, 100])] * 2)
    one_shape = em.fit(gaussians, faithful, groups, covariance_type="tied")
    with pytest.raises(em.NotDeterminedError):
        em.standard_errors(gaussians, faithful, one_shape)


def test_what_has_no_joint_is_refused():
    own = SimpleNamespace(e_step=poissons.e_step, m_step=poissons.m_step)
    fit = em.fit(own, np.array([1.0, 2, 3, 9]), Poissons([1.0, 8]))
    with pytest.raises(TypeError, match=r"with a log_joint, .* or an expect"):
        em.standard_errors(own, np.array([1.0, 2, 3, 9]), fit)
    with pytest.raises(ValueError, match="all parameters are fixed"):
        em.standard_errors(
            poissons, [1.0, 2, 3, 9], fit, fixed=["rates", "weights"]
        )


# What looks like a top, and is none.


CHOLERA = np.repeat([0.0, 1, 2, 3, 4], [168, 32, 16, 6, 1])  # McKendrick 1926


def test_beside_an_edge_there_is_no_standard_error():
    """EM comes to a rate of 0 slowly; any small rate looks like a top."""
    fit = em.fit(poissons, CHOLERA, Poissons([0.1, 1]), max_iter=5000)
    assert 0 < fit.params.rates[0] < 1e-6
    with pytest.raises(
        em.NotDeterminedError,
        match=r"rates\[0\] is 1.52e-07, and might as well be 0: .*em.profile",
    ):
        em.standard_errors(poissons, CHOLERA, fit)
    few = [2, 4, 0, 0, 1, 3, 3, 5, 2]
    fit = em.fit(poissons, few, Poissons([1.1, 3.8]), tol=1e-9)
    with pytest.raises(em.NotDeterminedError, match=r"rates\[0\] .*be 0"):
        em.standard_errors(poissons, few, fit)


@pytest.mark.parametrize("rate", [1e-3, 1e-2, 3e-2])
def test_a_stop_on_the_way_to_an_edge_is_none_either(rate):
    """Held there, and all else at its best: the slope is not level."""

    def m_step(counts, r):
        found = poissons.m_step(counts, r)
        return Poissons([rate, found.rates[1]], found.weights)

    model = SimpleNamespace(**{**vars(poissons), "m_step": m_step})
    fit = em.fit(model, CHOLERA, Poissons([rate, 1]), max_iter=5000)
    with pytest.raises(em.NotDeterminedError, match=r"rates\[0\]"):
        em.standard_errors(poissons, CHOLERA, fit)


def test_components_that_became_alike_have_no_weights_of_their_own():
    counts, start = [104, 103, 103], Poissons([70, 76], [0.07, 0.93])
    fit = em.fit(poissons, counts, start, tol=1e-9, accelerate="squarem")
    with pytest.raises(em.NotDeterminedError, match=r"weights\[0\]"):
        em.standard_errors(poissons, counts, fit)
    flips = Flips([10, 9, 7, 4, 5, 1], [1, 6, 8, 7, 5, 10])
    weights = np.array([0.064389, 0.570371, 0.261456, 0.103783])
    theta = [0.195903, 0.384463, 0.048673, 0.736091]
    start = Coins(theta, weights / weights.sum())
    fit = em.fit(coins, flips, start, tol=1e-9, accelerate="squarem")
    with pytest.raises(em.NotDeterminedError, match=r"(theta|weights)\["):
        em.standard_errors(coins, flips, fit)


def test_one_error_away_the_log_likelihood_is_that_of_the_parabola():
    """A spread of 20 points that a few share: no parabola, and said so."""
    row = next(row for row in MIXTURES if row.model is normals)
    x, _ = row.sample(row.truth, 20, np.random.default_rng(3))
    fit = em.fit(row.model, x, row.start, tol=1e-10, max_iter=9_000)
    with pytest.raises(
        em.NotDeterminedError, match=r"has fallen by -0.039, where 0.5 was exp"
    ):
        em.standard_errors(row.model, x, fit)


def test_no_error_of_numpy_s_comes_out():
    x = np.array([[0.01938], [-0.040413], [0.697735], [-0.127924], [4.503936]])
    start = Gaussians([x[2], x[1], x[2]], np.full((3, 1, 1), 3.4e-5))
    fit = em.fit(gaussians, x, start, covariance_type="tied")
    with pytest.raises(em.NotDeterminedError, match="tell nothing of cov"):
        em.standard_errors(gaussians, x, fit)
    fit = em.fit(normals, [2.0], Normals([0.9, 3.3], [1.8, 2.5]), min_std=0.07)
    with pytest.raises(em.NotDeterminedError):  # and no warning
        em.standard_errors(normals, [2.0], fit)


def test_where_nothing_is_left_to_choose_it_is_said():
    flips = Flips([5, 9], [5, 1])
    fit = em.fit(coins, flips, Coins([0.6]), fixed="theta")
    with pytest.raises(ValueError, match="can be one thing only"):
        em.standard_errors(coins, flips, fit, fixed="theta")


def test_nobody_is_told_to_hold_all_there_is():
    row = next(r for r in OTHERS if "alpha" in arrays(r.truth))
    data, _ = row.sample(row.truth, 40, np.random.default_rng(0))
    fit = em.fit(row.model, data, row.start)
    params = type(fit.params)(fit.params.alpha * [1, 1, 0])
    end = fit.steps[-1]
    edge = em.Fit([*fit.steps, em.Step(params, None, end.log_likelihood)], True)
    with pytest.raises(em.NotDeterminedError, match=r"alpha\[2\]") as told:
        em.standard_errors(row.model, data, edge)
    assert "fixed=" not in str(told.value)


# What the model says of its parameters, or does not.


def own(ranges):
    return SimpleNamespace(
        e_step=normals.e_step,
        m_step=normals.m_step,
        log_joint=normals.log_joint,
        RANGES=ranges,
    )


def two_groups():
    rng = np.random.default_rng(0)
    return np.r_[rng.normal(0, 1, 100), rng.normal(5, 2, 100)]


def test_without_ranges_shares_are_found_by_their_sum():
    x, start = two_groups(), Normals([0, 5], [1, 1])
    plain = em.standard_errors(normals, x, em.fit(normals, x, start))
    found = em.standard_errors(own({}), x, em.fit(own({}), x, start))
    np.testing.assert_allclose(
        np.sqrt(np.diag(found.covariance)),
        np.sqrt(np.diag(plain.covariance)),
        rtol=1e-5,
    )


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ({"weight": "shares"}, r"'weight': .*\(did you mean 'weights'\?\)"),
        ({"weights": "share"}, r"'share': .*\(did you mean 'shares'\?\)"),
        ({"weights": 3}, r"RANGES says 3: expected one of real, positive"),
    ],
)
def test_ranges_that_are_misspelt_are_named(ranges, words):
    x = two_groups()
    fit = em.fit(own(ranges), x, Normals([0, 5], [1, 1]))
    with pytest.raises(ValueError, match=words):
        em.standard_errors(own(ranges), x, fit)


def test_eighty_three_numbers_cost_few_evaluations():
    """Of Q and log_joint: 8 p² = 55,112 would be one for each of four."""
    rng = np.random.default_rng(0)
    x = np.vstack([rng.normal(m, 1, (300, 6)) for m in (0, 4, 8)])
    start = gaussians.m_step(x, np.repeat(np.eye(3), 300, axis=0))
    fit, calls = em.fit(gaussians, x, start), [0]

    def log_joint(x, params):
        calls[0] += 1
        return gaussians.log_joint(x, params)

    model = SimpleNamespace(**{**vars(gaussians), "log_joint": log_joint})
    found = em.standard_errors(model, x, fit)
    assert found.complete.shape == (83, 83)
    assert calls[0] < 83**2


def test_nothing_is_changed():
    x = np.array([1.0, 2, 3, 9, 8, 2])
    fit = em.fit(poissons, x, Poissons([1.0, 8]))
    before = attrs.asdict(fit.params)
    em.standard_errors(poissons, x, fit)
    for name, values in attrs.asdict(fit.params).items():
        np.testing.assert_array_equal(values, before[name])


# Pieces, priors, labels, and options.


def same(found, expected, rtol=1e-6):
    for name in ("covariance", "observed", "complete"):
        one, other = getattr(found, name), getattr(expected, name)
        np.testing.assert_allclose(one, other, rtol, rtol * np.abs(other).max())


def test_pieces_say_what_the_whole_says():
    rng = np.random.default_rng(4)
    x, _ = normals.sample(Normals([0, 5], [1, 1.5]), 300, rng)
    weights = rng.integers(1, 4, 300).astype(float)
    fit = em.fit(normals, x, Normals([0, 5], [1, 1]), tol=1e-10)
    whole = em.standard_errors(normals, x, fit)
    # In order: the first pieces have next to nothing of the second bell.
    pieces = np.array_split(np.sort(x), 4)
    same(em.standard_errors(normals, pieces, fit, map=map), whole)
    start = Normals([0, 5], [1, 1])
    fit = em.fit(normals, x, start, sample_weights=weights, tol=1e-10)
    same(
        em.standard_errors(
            normals,
            np.array_split(x, 3),
            fit,
            map=map,
            sample_weights=np.array_split(weights, 3),
        ),
        em.standard_errors(normals, x, fit, sample_weights=weights),
    )


def test_several_series_have_standard_errors():
    rng = np.random.default_rng(6)
    several = [HMM.sample(HMM.truth, 200, rng)[0] for _ in range(3)]
    start = HMM.start
    fit = em.fit(HMM.model, several, start, map=map, tol=1e-10, max_iter=9_000)
    found = em.standard_errors(
        HMM.model, several, fit, map=map, fixed="initial"
    )
    held = ("initial",)

    def height(one):
        params = with_numbers(fit.params, one, held)
        return sum(chain_height(HMM, data, params) for data in several)

    curve = hessian(height, numbers(fit.params, held))
    np.testing.assert_allclose(
        numbers(found.errors, held),
        np.sqrt(np.diag(np.linalg.inv(-curve))),
        rtol=2e-3,
    )


def test_a_prior_counts_as_what_it_imagines():
    """Imagined flips and real ones tell the same."""
    rng = np.random.default_rng(5)
    flips, _ = coins.sample(Coins([0.3, 0.8]), 80, 10, rng)
    prior = coins.CoinsPrior(heads=20, tails=30)
    start = Coins([0.4, 0.7])
    fit = em.fit(coins, flips, start, prior=prior, fixed="weights", tol=1e-10)
    options = {"prior": prior, "fixed": "weights"}
    found = em.standard_errors(coins, flips, fit, **options)

    def height(theta):
        there = Coins(theta, fit.params.weights)
        return coins.e_step(flips, there)[1] + prior.log_density(there)

    curve = hessian(height, fit.params.theta)
    expected = np.sqrt(np.diag(np.linalg.inv(-curve)))
    np.testing.assert_allclose(found.errors.theta, expected, rtol=1e-4)
    with pytest.raises(em.NotDeterminedError, match="below a maximum"):
        em.standard_errors(coins, flips, fit, fixed="weights")


def test_labels_that_are_known_make_it_surer():
    rng = np.random.default_rng(5)
    x, z = normals.sample(Normals([0, 2], [1, 1]), 200, rng)
    labels = np.where(np.arange(200) < 100, z, -1)
    start = Normals([0, 2], [1, 1])
    fit = em.fit(normals, x, start, labels=labels, tol=1e-10)
    found = em.standard_errors(normals, x, fit, labels=labels)
    known = np.eye(2)[z[:100]].astype(bool)

    def height(one):
        params = with_numbers(fit.params, one)
        logs = normals.log_joint(x, params)
        logs[:100][~known] = -np.inf
        return float(np.logaddexp.reduce(logs, axis=1).sum())

    curve = hessian(height, numbers(fit.params))
    np.testing.assert_allclose(
        numbers(found.errors),
        np.sqrt(np.diag(np.linalg.inv(-curve))),
        rtol=1e-4,
    )


def test_tied_numbers_are_known_together():
    x, start = two_groups(), Normals([0, 5], [1, 1])
    fit = em.fit(normals, x, start, equal_stds=True, tol=1e-10)
    found = em.standard_errors(normals, x, fit, equal_stds=True)

    def height(one):
        mean, weight, std = one[:2], one[2], one[3]
        weights = [weight, 1 - weight]
        return normals.e_step(x, Normals(mean, [std, std], weights))[1]

    params = fit.params
    at = np.array([*params.means, params.weights[0], params.stds[0]])
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(height, at))))
    np.testing.assert_allclose(found.errors.means, errors[:2], rtol=1e-4)
    np.testing.assert_allclose(found.errors.weights, errors[[2, 2]], rtol=1e-4)
    np.testing.assert_allclose(found.errors.stds, errors[[3, 3]], rtol=1e-4)


@pytest.mark.parametrize(
    ("kind", "free"),
    [("full", 11), ("diagonal", 9), ("spherical", 7), ("tied", 8)],
)
def test_a_shape_has_as_many_free_numbers_as_it_should(kind, free):
    rng = np.random.default_rng(3)
    x = np.vstack([rng.normal(0, 1, (80, 2)), rng.normal(4, 1, (80, 2))])
    start = Gaussians([[0, 0], [4, 4]], [np.eye(2)] * 2)
    options = {"covariance_type": kind}
    fit = em.fit(gaussians, x, start, **options, tol=1e-10)
    found = em.standard_errors(gaussians, x, fit, **options)
    assert found.complete.shape == (free, free)
    if kind in ("diagonal", "spherical"):
        assert not found.errors.covariances[:, 0, 1].any()
    if kind in ("tied", "spherical"):
        errors = found.errors.covariances
        np.testing.assert_allclose(
            errors[:, 0, 0],
            errors[:, 1, 1] if kind == "spherical" else errors[::-1, 0, 0],
            rtol=1e-6,
        )


def test_what_is_at_a_floor_is_held():
    x, start = two_groups(), Normals([0, 5], [1, 2])
    fit = em.fit(normals, x, start, min_std=1.2, tol=1e-10)
    assert fit.params.stds[0] == 1.2
    found = em.standard_errors(normals, x, fit, min_std=1.2)
    assert found.errors.stds[0] == 0 < found.errors.stds[1]

    def height(one):
        weights = [one[3], 1 - one[3]]
        return normals.e_step(x, Normals(one[:2], [1.2, one[2]], weights))[1]

    params = fit.params
    at = np.array([*params.means, params.stds[1], params.weights[0]])
    errors = np.sqrt(np.diag(np.linalg.inv(-hessian(height, at))))
    np.testing.assert_allclose(found.errors.means, errors[:2], rtol=1e-4)
    np.testing.assert_allclose(found.errors.stds[1], errors[2], rtol=1e-4)
    plain = em.fit(normals, x, start, min_std=1e-3, tol=1e-10)
    same(
        em.standard_errors(normals, x, plain, min_std=1e-3),
        em.standard_errors(normals, x, plain),
    )
    with pytest.raises(TypeError, match="min_std changes the answer"):
        em.standard_errors(
            normals, np.array_split(x, 2), fit, map=map, min_std=1.2
        )
