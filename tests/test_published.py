"""Numbers that others published, found again by this package.

Iris (Fisher 1936) comes with scikit-learn. The thyroid data are those of the
UCI repository, "Thyroid Disease" (new-thyroid, Coomans 1983), CC BY 4.0, in
tests/published. Pearson's crabs and the velocities of galaxies are the
numbers of the papers, cited beside them.
"""

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris

import em
from em.models import gaussians, normals
from em.models.normals import Normals

IRIS = load_iris().data
SPECIES = np.repeat(np.arange(3), 50)
THYROID = np.loadtxt(
    Path(__file__).parent / "published" / "thyroid.csv",
    delimiter=",",
    skiprows=1,
    usecols=range(1, 6),
)
# Foreheads of 1,000 crabs of Naples, as a share of the length of the body:
# how many in each class of 0.004 (Weldon's, in Pearson 1894, the first mixture
# that was ever fitted), the first of them about 0.5805.
FOREHEADS = 0.5805 + 0.004 * np.arange(29)
CRABS = np.array(
    [
        1, 3, 5, 2, 7, 10, 13, 19, 20, 25, 40, 31, 60, 62, 54, 74, 84, 86, 96,
        85, 75, 47, 43, 24, 19, 9, 5, 0, 1,
    ]
)  # fmt: skip


def shared(labels):
    return np.eye(labels.max() + 1)[labels]


# mclust's tables for iris and two groups: Fraley & Raftery 2007, and any run
# of it. The type, how far the groups differ, and BIC, larger being better.
MCLUST = [
    ("tied", -688.0972),  # EEE
    ("full", -574.0178),  # VVV
    ("spherical", -1012.2352),  # VII
    ("diagonal", -857.5515),  # VVI
]


@pytest.mark.parametrize(("kind", "expected"), MCLUST)
def test_two_groups_of_iris_have_mclust_s_bic(kind, expected):
    options = {"covariance_type": kind}
    begin = gaussians.answer(
        gaussians.credited(IRIS, shared(np.minimum(SPECIES, 1))), **options
    )
    fit = em.fit(gaussians, IRIS, begin, max_iter=5000, **options)
    found = em.bic(gaussians, IRIS, fit, **options)
    assert -found == pytest.approx(expected, abs=6e-5)


def test_three_groups_of_thyroid_have_mclust_s_log_likelihood():
    """VVI, 3: −2303.0232 (mclust stops at 1e-5: ours is 0.0009 higher)."""
    diagnoses = np.loadtxt(
        Path(__file__).parent / "published" / "thyroid.csv",
        delimiter=",",
        skiprows=1,
        usecols=0,
        dtype=str,
    )
    _, labels = np.unique(diagnoses, return_inverse=True)
    options = {"covariance_type": "diagonal"}
    begin = gaussians.answer(
        gaussians.credited(THYROID, shared(labels)), **options
    )
    fit = em.fit(gaussians, THYROID, begin, max_iter=5000, **options)
    assert fit.log_likelihood == pytest.approx(-2303.0223, abs=6e-5)
    found = em.bic(gaussians, THYROID, fit, **options)
    assert -found == pytest.approx(-4777.9051, abs=1e-4)


def test_pearson_s_crabs_are_those_of_mixtools():
    """Two bells by hand, 1894; mixtools' normalmixEM on the repeated data."""
    assert CRABS.sum() == 1000
    fit = em.fit(
        normals,
        FOREHEADS,
        Normals([0.63, 0.655], [0.015, 0.015]),
        sample_weights=CRABS,
        tol=1e-11,
        max_iter=50_000,
    )
    found = fit.params
    np.testing.assert_allclose(found.weights[0], 0.432745, atol=1e-5)
    np.testing.assert_allclose(found.means, [0.630741, 0.653579], atol=1e-6)
    np.testing.assert_allclose(found.stds, [0.018311, 0.012619], atol=1e-6)


# Velocities of 82 galaxies in Corona Borealis, in 1,000 km/s (Postman, Huchra
# & Geller 1986, as in Roeder 1990; the 78th is 26.960 in the paper).
GALAXIES = np.loadtxt(Path(__file__).parent / "published" / "galaxies.csv")


@pytest.mark.parametrize(
    ("k", "expected"), [(1, 480.83), (2, 440.72), (3, 406.96)]
)
def test_galaxies_have_the_deviances_of_aitkin(k, expected):
    """−2 log L of k bells of their own widths (Aitkin 2001)."""
    means = [[20.8], [20, 21], [9.7, 21.4, 33]][k - 1]
    stds = [[1], [2, 8], [1, 1, 1]][k - 1]
    fit = em.fit(normals, GALAXIES, Normals(means, stds), max_iter=20_000)
    assert -2 * fit.log_likelihood == pytest.approx(expected, abs=6e-3)
