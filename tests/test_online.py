"""Online EM: one pass over a stream, against batch EM and what was published."""

from collections import deque
from itertools import islice

import numpy as np
import pytest
from rows import ADDING, named
from rows.kinds import arrays

import em
from em.models import coins, normals, poisson_hmm, poissons
from em.models.coins import Coins
from em.models.normals import Normals
from em.models.poissons import Poissons

TRUTH = Normals([0, 5], [1, 1.5], [0.4, 0.6])
START = Normals([1, 3], [2, 2])


def stream(lots, each, seed=0):
    rng = np.random.default_rng(seed)
    return (normals.sample(TRUTH, each, rng)[0] for _ in range(lots))


def last(passing):
    return deque(passing, maxlen=1)[0]


def off(found, expected):
    return max(
        float(np.abs(field - arrays(expected)[name]).max())
        for name, field in arrays(found).items()
    )


def test_on_a_long_stream_it_ends_where_batch_em_ends():
    x = np.concatenate(list(stream(2_000, 100)))
    batch = em.fit(normals, x, START)
    online = last(em.online(normals, stream(2_000, 100), START))
    assert online.observations == len(x)
    # The standard errors at this size are about 0.01: the same limit.
    assert off(online.params, batch.params) < 0.02
    assert off(online.params, TRUTH) < 0.03


def test_it_comes_nearer_as_the_stream_grows():
    passing = em.online(normals, stream(4_000, 50), START, power=0.7)
    away = [off(seen.params, TRUTH) for seen in passing]
    assert np.mean(away[3_500:]) < np.mean(away[150:200]) / 3


def test_with_power_1_it_is_the_plain_average_where_nothing_is_hidden():
    x = np.random.default_rng(3).normal(4, 2, 3_000)
    lots = np.split(x, 30)
    seen = last(em.online(normals, lots, Normals([0], [1]), power=1))
    assert seen.params.means[0] == pytest.approx(x.mean(), rel=1e-12)
    assert seen.params.stds[0] == pytest.approx(x.std(), rel=1e-12)


def test_a_bad_start_is_forgotten_sooner_with_a_smaller_power():
    """As published: t^−1 keeps what was made of the first lots for long."""
    ends = {
        power: off(
            last(
                em.online(normals, stream(2_000, 50), START, power=power)
            ).params,
            TRUTH,
        )
        for power in (0.6, 1)
    }
    assert ends[0.6] < 0.05 < 0.1 < ends[1]


def test_by_hand_for_two_lots():
    lots = [np.array([1.0, 3, 4]), np.array([0.0, 2])]
    start = Poissons([1, 4])
    first, second = em.online(poissons, lots, start, power=0.75, hold=1)
    given, height = poissons.e_step(lots[0], start)
    sums = poissons.credited(lots[0], given)
    assert first.log_likelihood == pytest.approx(height / 3)
    np.testing.assert_allclose(first.params.rates, sums.total / sums.sizes)
    given, _ = poissons.e_step(lots[1], first.params)
    more = poissons.credited(lots[1], given)
    rate = 2**-0.75
    counts = (1 - rate) * sums.total / 3 + rate * more.total / 2
    sizes = (1 - rate) * sums.sizes / 3 + rate * more.sizes / 2
    np.testing.assert_allclose(second.params.rates, counts / sizes)
    np.testing.assert_allclose(second.params.weights, sizes / sizes.sum())
    assert second.observations == 5


@pytest.mark.parametrize("row", ADDING, ids=named)
def test_every_model_that_adds_up_can_be_fitted_online(row):
    rng = np.random.default_rng(5)
    lots = [row.sample(row.truth, 300, rng)[0] for _ in range(5)]
    seen = list(em.online(row.model, lots, row.start, hold=0))
    assert len(seen) == 5
    assert all(np.isfinite(f).all() for f in arrays(seen[-1].params).values())
    before, after = (
        sum(row.model.e_step(lot, params)[1] for lot in lots)
        for params in (row.start, seen[-1].params)
    )
    assert after > before


def test_parameters_stay_at_the_start_until_enough_is_seen():
    seen = list(islice(em.online(normals, stream(9, 3), START, hold=9), 3))
    same = [np.array_equal(one.params.means, START.means) for one in seen]
    assert same == [True, True, False]


def test_what_cannot_be_is_refused():
    for power in (0.5, 1.1):
        with pytest.raises(ValueError, match=r"power is .* above 0.5, at most"):
            em.online(normals, [], START, power=power)
    with pytest.raises(TypeError, match=r"hold is float 2.0: expected a whole"):
        em.online(normals, [], START, hold=2.0)
    with pytest.raises(
        TypeError, match=r"the stream is a int 3: expected lots"
    ):
        em.online(normals, 3, START)
    with pytest.raises(TypeError, match=r"has no e_step"):
        em.online(em, [], START)
    with pytest.raises(ValueError, match=r"^piece 1: x\[0\] is nan"):
        list(em.online(normals, [[1, 2], [np.nan]], START))
    with pytest.raises(TypeError, match=r"^piece 0: the start is a"):
        list(em.online(normals, [[1, 2]], Coins([0.5])))
    with pytest.raises(
        em.CollapsedError, match=r"component 0 collapsed at ste"
    ):
        list(em.online(normals, [[1.0]], Normals([1], [1]), hold=0))
    with pytest.raises(ValueError, match=r"the log-likelihood|impossible"):
        list(em.online(coins, [coins.Flips([1], [0])], Coins([0.0])))
    truth = next(r for r in ADDING if r.model is poisson_hmm).truth
    with pytest.raises(ValueError, match=r"piece 0: counts has 1 value"):
        list(em.online(poisson_hmm, [[4]], truth))
