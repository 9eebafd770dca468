"""Pieces on a cluster: the same answer, also when a worker is killed."""

import os
import signal
import time

import numpy as np
import pytest
from cutting import START, X, near, same
from distributed import Client, LocalCluster

import em
from em.further.cluster import over
from em.models import normals


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=50,
        ) as cluster,
        Client(cluster, timeout="20s") as client,
    ):
        client.wait_for_workers(2, timeout=30)
        yield client


def test_pieces_that_are_sent_add_up_the_same(client):
    pieces = np.array_split(X, 5)
    same(em.fit(normals, pieces, START, map=over(client)))


def test_pieces_that_lie_on_the_workers_stay_there(client):
    there = client.map(np.array, np.array_split(X, 6), pure=False)
    same(em.fit(normals, there, START, map=over(client)))


def test_a_failure_on_a_worker_is_raised_here_in_its_own_words(client):
    pieces = [X[:10], X[10:20], [1, 2, np.nan]]
    with pytest.raises(ValueError, match=r"^piece 2: x\[2\] is nan: expected"):
        em.fit(normals, pieces, START, map=over(client))


def test_a_worker_that_is_killed_changes_nothing(client):
    there = client.map(np.array, np.array_split(X, 6), pure=False)
    pids = list(client.run(os.getpid).values())
    steps = []
    for step in em.run(normals, there, START, map=over(client)):
        steps.append(step)
        if len(steps) == 3:
            os.kill(pids[0], signal.SIGKILL)
        if len(steps) == 8:
            break
    expected = em.run(normals, X, START)
    for one, two in zip(steps, expected, strict=False):
        near(one.params, two.params)
        assert one.log_likelihood == pytest.approx(
            two.log_likelihood, rel=1e-13
        )
    until = time.monotonic() + 30
    while pids[0] in client.run(os.getpid).values():
        assert time.monotonic() < until
    assert set(client.run(os.getpid).values()) != set(pids)
