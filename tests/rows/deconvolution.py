"""A blurred line of pixels, as the tests over all models need it."""

from typing import Any

import numpy as np
from scipy.stats import poisson

from em.models import deconvolution
from em.models.deconvolution import Photograph, Scene
from rows.kinds import Other, refused

PSF = np.array([0.1, 0.7, 0.2])


def matrix(n: int, psf: np.ndarray) -> np.ndarray:
    """Give p(pixel i | place j), (n, n), with no convolution in it."""
    middle = len(psf) // 2
    p = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if abs(i - j) <= middle:
                p[i, j] = psf[middle + i - j]
    return p


def log_likelihood(photo: Photograph, scene: Scene) -> float:
    means = matrix(len(photo.counts), photo.psf) @ scene.light
    return float(poisson.logpmf(photo.counts, means).sum())


def expected(photo: Photograph, came: Any, scene: Scene) -> float:
    seen = matrix(len(photo.counts), photo.psf).sum(axis=0)
    return float((came * np.log(scene.light) - seen * scene.light).sum())


def draw(truth: Scene, n: int, rng: Any) -> Any:
    """Draw a photograph of about n photons."""
    light = truth.light / truth.light.sum() * n
    return deconvolution.sample(Scene(light), PSF, rng)


def refused_data(words: str, counts: Any, psf: Any, error: type = ValueError):
    start = Scene(np.ones(np.shape(counts)))
    return (
        lambda: deconvolution.check(Photograph(counts, psf), start),
        error,
        words,
    )


def refused_start(words: str, light: Any, error: type = ValueError) -> Any:
    photo = Photograph([1, 2, 3], PSF)
    return refused(deconvolution, photo, Scene(light), error, words)


THIRDS = [0.3, 0.4, 0.3]


ROW = Other(
    deconvolution,
    Scene([300, 700, 600, 400]),
    Scene([1, 1, 1, 1]),
    draw,
    lambda rng: Scene(100 * rng.dirichlet(np.ones(4))),
    120.0,
    [
        refused_data(r"counts\[1\] is -1: expected a number", [1, -1], [1]),
        refused_data(r"counts\[0\] is -0.5: expected a nu", [-0.5, 1], [1]),
        refused_data(r"counts\[1\] is nan", [1, np.nan], [1]),
        refused_data(r"counts\[0\] is 1e\+200", [1e200], [1]),
        refused_data(r"counts are 0 throughout: expected some", [0, 0], [1]),
        refused_data(r"counts is empty", [], [1]),
        refused_data(r"counts: expected one dimension, got shape \(\)", 3, [1]),
        refused_data(
            r"counts: expected three, got shape",
            np.ones((1, 1, 1, 1)),
            np.ones((1, 1, 1, 1)),
        ),
        refused_data(r"psf: expected two dimensions, got sh", [[1, 2]], THIRDS),
        refused_data(r"psf has shape \(2,\): expected odd", [1, 2], [0.5, 0.5]),
        refused_data(r"psf sums to 0.9: expected 1", [1, 2], [0.3, 0.3, 0.3]),
        refused_data(
            r"psf\[0\] is -0.1: expected a probability",
            [1, 2],
            [-0.1, 1, 0.1],
        ),
        refused_data(r"psf\[2\] is inf", [1, 2], [0, 1, np.inf]),
        refused_data(
            r"seen\[1\] is .*: expected each place to be seen with a prob",
            [1, 2],
            [0, 0, 1],
        ),
        refused_data(  # where rounding would be divided by 1e-8
            r"seen\[1\] is 1.*e-08: expected each place to be seen",
            [1, 2],
            [0, 1e-8, 1 - 1e-8],
        ),
        (
            lambda: Photograph("ab", [1]),
            TypeError,
            r"counts: expected numbers",
        ),
        (
            lambda: Photograph([1, 2], None),
            TypeError,
            r"psf: expected numbers",
        ),
        (lambda: Scene("ab"), TypeError, r"light: expected numbers"),
        refused_start(r"light\[1\] is -1: expected a mean", [1, -1, 1]),
        refused_start(r"light\[0\] is nan", [np.nan, 1, 1]),
        refused_start(r"light\[2\] is 1e\+200", [1, 1, 1e200]),
        refused_start(r"light: expected one dimension", [[1, 1, 1]]),
        refused_start(
            r"light has shape \(2,\): expected \(3,\), that of the counts",
            [1, 1],
        ),
        refused_start(
            r"counts\[2\] is 3: expected 0, since no light is near", [1, 0, 0]
        ),
        refused_start(r"light is 0 throughout: expected some", [0, 0, 0]),
        refused(
            deconvolution,
            [1, 2, 3],
            Scene([1, 1, 1]),
            TypeError,
            r"data is a list .*: expected em.models.deconvolution.Photograph\(",
        ),
        refused(
            deconvolution,
            Photograph([1, 2, 3], PSF),
            [1, 1, 1],
            TypeError,
            r"start is a list .*: expected em.models.deconvolution.Scene\(lig",
        ),
        refused(
            deconvolution,
            Photograph([1, 2, 3], PSF),
            Scene([1, 1, 1]),
            TypeError,
            r"deconvolution takes no sample_weights",
            sample_weights=[1, 2, 1],
        ),
        refused(
            deconvolution,
            Photograph([1, 2, 3], PSF),
            Scene([1, 1, 1]),
            TypeError,
            r"min_std",
            min_std=1,
        ),
    ],
    log_likelihood,
    expected,
    lambda scene: np.log(scene.light),
    lambda free: Scene(np.exp(free)),
    {},
    repeated=None,  # a pixel has its place
)
PRIOR = deconvolution.ScenePrior(0.5, 0.1)
