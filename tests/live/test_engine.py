"""The figures' engine in a real browser, against the package: 200 inputs a model."""

import json

import numpy as np
import oracle
import pytest
from figure_page import opened

N = 200
SHAPES = ("full", "tied", "diagonal", "spherical")


@pytest.fixture(scope="module")
def engine(browser, tmp_path_factory):
    with opened(browser, tmp_path_factory.mktemp("engine")) as page:
        yield page


def js(engine, expression: str, inputs: list[dict]) -> list:
    """Give what an expression in `i` is for each of the inputs."""
    # As text: the driver takes long to hand over so many numbers one by one.
    found = engine.evaluate(
        f"(text) => JSON.stringify(JSON.parse(text).map((i) => ({expression})))",
        json.dumps(inputs),
    )
    return json.loads(found)


def same(found, expected) -> None:
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    size = max(1.0, np.abs(expected).max())
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * size)


def weights(rng, k):
    return rng.dirichlet(np.ones(k) * rng.choice([0.3, 1, 10])).tolist()


def shares(rng, n, k):
    return rng.dirichlet(np.ones(k), n).tolist()


def lines(rng):
    """Points on a line and bells, near and far, wide and narrow."""
    n, k = rng.integers(2, 60), rng.integers(1, 5)
    x = rng.normal(rng.normal(0, 50), 10 ** rng.uniform(-2, 2), n)
    p = {
        "means": rng.normal(x.mean(), 3 * x.std(), k).tolist(),
        "stds": (x.std() * 10 ** rng.uniform(-1.5, 1, k)).tolist(),
        "weights": weights(rng, k),
    }
    return {"x": x.tolist(), "p": p, "r": shares(rng, n, k)}


def flips(rng):
    n, k = rng.integers(1, 12), rng.integers(1, 5)
    rows = {
        "heads": rng.integers(0, 40, n).tolist(),
        "tails": rng.integers(1, 40, n).tolist(),
    }
    p = {"theta": rng.beta(0.7, 0.7, k).clip(1e-3, 0.999).tolist()}
    p["weights"] = weights(rng, k)
    return {"rows": rows, "p": p, "r": shares(rng, n, k)}


def planes(rng):
    n, k = rng.integers(4, 50), rng.integers(1, 7)
    x = rng.normal(0, 10 ** rng.uniform(-1, 1, 2), (n, 2)) + rng.normal(0, 5, 2)
    roots = rng.normal(0, x.std(axis=0)[:, None], (k, 2, 2))
    wide = np.diag(x.var(axis=0)) * 0.05
    p = {
        "means": rng.normal(x.mean(axis=0), x.std(axis=0), (k, 2)).tolist(),
        "covariances": (roots @ roots.swapaxes(1, 2) + wide).tolist(),
        "weights": weights(rng, k),
    }
    return {"x": x.tolist(), "p": p, "r": shares(rng, n, k)}


def read_classes(rng):
    n, c = rng.integers(1, 8), rng.integers(1, 10)
    members = [
        sorted(rng.choice(n, rng.integers(1, n + 1), replace=False).tolist())
        for _ in range(c)
    ]
    data = {
        "members": members,
        "counts": rng.integers(1, 1000, c).tolist(),
        "lengths": rng.uniform(1, 3000, n).tolist(),
    }
    return {"data": data, "alpha": rng.uniform(1e-6, 50, n).tolist()}


def drawn(make, seed):
    rng = np.random.default_rng(seed)
    return [make(rng) for _ in range(N)]


@pytest.mark.parametrize(
    ("make", "seed", "call", "e_step"),
    [
        (lines, 1, "normals.eStep(i.x, i.p", oracle.normals_e),
        (flips, 2, "coins.eStep(i.rows, i.p", oracle.coins_e),
        (planes, 3, "gaussians.eStep(i.x, i.p", oracle.gaussians_e),
    ],
)
def test_e_steps_of_mixtures(engine, make, seed, call, e_step):
    inputs = drawn(make, seed)
    soft = js(engine, f"EM.{call})", inputs)
    hard = js(engine, f"EM.{call}, true)", inputs)
    for one, s, h in zip(inputs, soft, hard, strict=True):
        r, height = e_step(one.get("x", one.get("rows")), one["p"])
        same(s["responsibilities"], r)
        same(s["logLikelihood"], height)
        same(h["responsibilities"], oracle.hard(r))
        same(h["logLikelihood"], height)


@pytest.mark.parametrize("floor", [0.0, 0.3])
def test_m_step_of_bells(engine, floor):
    inputs = drawn(lines, 4)
    found = js(
        engine, f"EM.normals.mStep(i.x, i.r, {{floor: {floor}}})", inputs
    )
    for one, p in zip(inputs, found, strict=True):
        for name, value in oracle.normals_m(one["x"], one["r"], floor).items():
            same(p[name], value)


def test_m_step_bound_and_gradient_of_coins(engine):
    inputs = drawn(flips, 5)
    found = js(
        engine,
        "[EM.coins.mStep(i.rows, i.r), EM.coins.bound(i.rows, i.r, i.p),"
        " EM.coins.gradient(i.rows, i.p)]",
        inputs,
    )
    for one, (p, height, slope) in zip(inputs, found, strict=True):
        for name, value in oracle.coins_m(one["rows"], one["r"]).items():
            same(p[name], value)
        same(height, oracle.coins_bound(one["rows"], one["r"], one["p"]))
        same(slope, oracle.coins_gradient(one["rows"], one["p"]))


@pytest.mark.parametrize("shape", SHAPES)
def test_m_step_of_groups_in_the_plane(engine, shape):
    inputs = drawn(planes, 6)
    found = js(
        engine, f"EM.gaussians.mStep(i.x, i.r, {{shape: '{shape}'}})", inputs
    )
    for one, p in zip(inputs, found, strict=True):
        for name, value in oracle.gaussians_m(
            one["x"], one["r"], shape
        ).items():
            same(p[name], value)


@pytest.mark.parametrize("shape", SHAPES)
def test_bic(engine, shape):
    inputs = [{"ll": -123.4 * k, "k": k, "n": 10 + k} for k in range(1, 7)]
    found = js(engine, f"EM.gaussians.bic(i.ll, i.k, i.n, '{shape}')", inputs)
    same(found, [oracle.bic(i["ll"], i["k"], i["n"], shape) for i in inputs])


def test_kmeans(engine):
    inputs = drawn(planes, 7)
    found = js(engine, "EM.kmeans.eStep(i.x, i.p.means)", inputs)
    moved = js(engine, "EM.kmeans.mStep(i.x, i.r)", inputs)
    for one, e, m in zip(inputs, found, moved, strict=True):
        r = oracle.kmeans_e(one["x"], one["p"]["means"])
        same(e["responsibilities"], r)
        same(m, oracle.kmeans_m(one["x"], one["r"]))


def test_reads(engine):
    inputs = drawn(read_classes, 8)
    found = js(engine, "EM.reads.eStep(i.data, i.alpha)", inputs)
    for one, e in zip(inputs, found, strict=True):
        one["r"] = e["responsibilities"]
    moved = js(engine, "EM.reads.mStep(i.data, i.r)", inputs)
    for one, e, alpha in zip(inputs, found, moved, strict=True):
        new, height = oracle.reads_e(one["data"], one["alpha"])
        split = oracle.reads_split(one["data"], one["alpha"])
        same(alpha, new)
        same(e["logLikelihood"], height)
        for row, expected in zip(e["responsibilities"], split, strict=True):
            same(row, expected)


@pytest.mark.parametrize(
    "call",
    [
        # A bell on one point, one of a rounding's width; nothing for one bell; a coin without flips;
        # points on a line in the plane; a read whose transcripts are at 0.
        "EM.normals.mStep([1, 1, 5], [[1, 0], [1, 0], [0, 1]])",
        "EM.normals.mStep([0.1 + 0.2, 0.3], [[1], [1]])",
        "EM.normals.mStep([1, 2], [[1, 0], [1, 0]])",
        "EM.coins.mStep({heads: [0, 1], tails: [0, 1]}, [[1, 0], [0, 1]])",
        "EM.gaussians.mStep([[0, 0], [1, 1], [2, 2]], [[1], [1], [1]])",
        "EM.reads.eStep({members: [[0]], counts: [1], lengths: [1, 1]}, [0, 1])",
        "EM.coins.eStep({heads: [1], tails: [1]}, {theta: [0], weights: [1]})",
    ],
)
def test_what_has_nothing_left_is_said_not_computed(engine, call):
    said = engine.evaluate(
        f"() => {{ try {{ return JSON.stringify({call}) }}"
        " catch (error) { return error.message } }"
    )
    assert said
    assert not said.startswith(("{", "["))


def test_far_off_bells_underflow_nowhere(engine):
    [found] = js(
        engine,
        "EM.normals.eStep([0, 1000], {means: [0, 1], stds: [1, 1], weights: [.5, .5]})",
        [{}],
    )
    r, height = oracle.normals_e(
        [0, 1000], {"means": [0, 1], "stds": [1, 1], "weights": [0.5, 0.5]}
    )
    same(found["responsibilities"], r)
    same(found["logLikelihood"], height)
