"""Deblurring: against scikit-image, against brute force, and photons are kept."""

from itertools import islice, pairwise, product

import numpy as np
import pytest
from rows.deconvolution import matrix
from scipy.stats import poisson
from skimage.restoration import richardson_lucy

import em
from em.models import deconvolution
from em.models.deconvolution import Photograph, Scene

PSF = np.array([0.1, 0.7, 0.2])
# None of its symmetries: a flip or a transposition that is wrong would show.
SQUARE = np.array([[1, 2, 0], [0, 6, 5], [3, 0, 1], [0, 1, 0], [0, 0, 1]]) / 20


def picture(rng, shape=(24, 31), margin=0):
    light = rng.gamma(0.5, 60, shape)
    photo, _ = deconvolution.sample(Scene(light), SQUARE, rng)
    counts = np.pad(photo.counts, margin)
    return Photograph(counts, SQUARE), Scene(np.full(counts.shape, 0.5))


def steps(photo, scene, n):
    return islice(em.run(deconvolution, photo, scene), n + 1)


def test_each_step_is_that_of_scikit_image():
    """Where nothing is lost at the frame: theirs does not ask what is."""
    photo, start = picture(np.random.default_rng(1), margin=6)
    for number, step in enumerate(steps(photo, start, 12)):
        theirs = richardson_lucy(
            photo.counts, photo.psf, num_iter=number, clip=False
        )
        if number == 0:
            np.testing.assert_array_equal(theirs, step.params.light)
            continue
        np.testing.assert_allclose(
            step.params.light, theirs, rtol=1e-8, atol=1e-8
        )


def test_no_light_is_negative_and_what_is_seen_of_it_is_what_was_counted():
    rng = np.random.default_rng(2)
    photo, start = picture(rng)
    assert photo.seen.min() < 0.5  # something is lost at the frame
    for step in list(steps(photo, start, 60))[1:]:
        light = step.params.light
        assert light.min() >= 0
        assert (photo.seen * light).sum() == pytest.approx(
            photo.counts.sum(), rel=1e-12
        )


def test_in_a_dark_surrounding_all_light_is_what_was_counted():
    photo, start = picture(np.random.default_rng(3), margin=6)
    for step in list(steps(photo, start, 60))[1:]:
        assert step.params.light.min() >= 0
        assert step.params.light.sum() == pytest.approx(
            photo.counts.sum(), rel=1e-12
        )


def test_one_bright_pixel_in_the_dark_leaves_nothing_negative():
    """Rounding of Fourier transforms leaves −1e-10 or so beside 1e6."""
    counts = np.zeros((40, 40))
    counts[20, 20], counts[5, 7] = 1e6, 1
    photo = Photograph(counts, SQUARE)
    for step in steps(photo, Scene(np.ones((40, 40))), 200):
        assert step.params.light.min() >= 0
        assert np.isfinite(step.log_likelihood)


def test_a_blur_puts_light_where_the_psf_says():
    light = np.zeros((9, 9))
    light[4, 4] = 1
    found = deconvolution.blurred(light, SQUARE)
    np.testing.assert_allclose(found[2:7, 3:6], SQUARE, atol=1e-15)
    np.testing.assert_allclose(found.sum(), 1)
    assert found.min() >= 0


def test_a_line_of_12_pixels_by_sums_over_places():
    rng = np.random.default_rng(4)
    p = matrix(12, PSF)
    scene = Scene(rng.gamma(1, 10, 12))
    counts = rng.poisson(p @ scene.light)
    came, log_likelihood = deconvolution.e_step(Photograph(counts, PSF), scene)
    expected = np.zeros(12)
    for i, j in product(range(12), repeat=2):
        evidence = sum(scene.light[m] * p[i, m] for m in range(12))
        expected[j] += counts[i] * scene.light[j] * p[i, j] / evidence
    np.testing.assert_allclose(came, expected, rtol=1e-12, atol=1e-12)
    by_scipy = poisson.logpmf(counts, p @ scene.light).sum()
    assert log_likelihood == pytest.approx(by_scipy, rel=1e-12)
    found = deconvolution.m_step(Photograph(counts, PSF), came).light
    np.testing.assert_allclose(found, expected / p.sum(axis=0), rtol=1e-12)


def test_a_line_of_12_pixels_by_every_way_in_which_photons_came():
    """Three photons: enumerate the 12³ places that they can have come from."""
    p = matrix(12, PSF)
    light = np.random.default_rng(5).gamma(1, 1, 12)
    pixels = [3, 4, 9]
    counts = np.bincount(pixels, minlength=12)
    total, came = 0.0, np.zeros(12)
    for places in product(range(12), repeat=3):
        joint = np.prod(light[list(places)] * p[pixels, places])
        total += joint
        came += joint * np.bincount(places, minlength=12)
    found, log_likelihood = deconvolution.e_step(
        Photograph(counts, PSF), Scene(light)
    )
    np.testing.assert_allclose(found, came / total, rtol=1e-10, atol=1e-12)
    # Each of these photons is alone in its pixel: no factorials.
    by_hand = np.log(total) - (p @ light).sum()
    assert log_likelihood == pytest.approx(by_hand, rel=1e-12)


def test_a_stack_of_pictures_is_a_volume():
    """Blurred within each layer only, they are as many pictures."""
    rng = np.random.default_rng(6)
    photos = [picture(rng)[0] for _ in range(3)]
    volume = Photograph([one.counts for one in photos], SQUARE[None])
    start = np.ones(volume.counts.shape)
    *_, whole = steps(volume, Scene(start), 5)
    for layer, photo in zip(whole.params.light, photos, strict=True):
        *_, alone = steps(photo, Scene(start[0]), 5)
        np.testing.assert_allclose(layer, alone.params.light, rtol=1e-9)


def test_the_sample_has_the_means_that_the_blur_gives():
    rng = np.random.default_rng(7)
    scene = Scene(rng.gamma(1, 2000, (6, 7)))
    photo, came = deconvolution.sample(scene, SQUARE, rng)
    means = deconvolution.blurred(scene.light, SQUARE)
    assert came.sum() == photo.counts.sum()
    for found, mean in (
        (photo.counts, means),
        (came, photo.seen * scene.light),
    ):
        z = (found - mean) / np.sqrt(mean)
        assert np.abs(z).max() < 4
        assert 0.6 < z.std() < 1.4


def test_a_run_goes_up_from_step_to_step():
    photo, start = picture(np.random.default_rng(8))
    heights = [step.log_likelihood for step in steps(photo, start, 100)]
    assert all(after >= before for before, after in pairwise(heights))


def test_a_right_model_is_found_right_and_a_wrong_one_wrong():
    rng = np.random.default_rng(9)
    scene = Scene([30, 70, 60, 40])
    photo, _ = deconvolution.sample(scene, PSF, rng)

    def draw(scene, rng):
        return deconvolution.sample(scene, PSF, rng)[0]

    found = em.examine(deconvolution, photo, Scene(np.ones(4)), sample=draw)
    assert found.passed, found

    class Unflipped:
        """A back-projection that forgets to turn the psf round."""

        check = staticmethod(deconvolution.check)
        m_step = staticmethod(deconvolution.m_step)

        @staticmethod
        def e_step(photo, scene):
            means = deconvolution.blurred(scene.light, photo.psf)
            back = deconvolution.blurred(photo.counts / means, photo.psf)
            _, log_likelihood = deconvolution.e_step(photo, scene)
            return scene.light * back, log_likelihood

    assert not em.examine(Unflipped, photo, Scene(np.ones(4))).passed


@pytest.mark.parametrize("margin", [1, 2])
def test_a_scene_larger_than_the_frame_by_its_whole_matrix(margin):
    rng = np.random.default_rng(5)
    psf = np.array([0.05, 0.1, 0.6, 0.2, 0.05])
    light = rng.gamma(2, 20, 9 + 2 * margin)
    photo, came = deconvolution.sample(Scene(light), psf, rng, margin)
    assert len(photo.counts) == 9
    assert came.sum() == photo.counts.sum()
    # A row for each pixel of the frame, a column for each place.
    p = matrix(len(light), psf)[margin:-margin]
    found, log_likelihood = deconvolution.e_step(photo, Scene(light))
    shares = p * light / (p @ light)[:, None]
    np.testing.assert_allclose(found, photo.counts @ shares, rtol=1e-10)
    assert log_likelihood == pytest.approx(
        poisson.logpmf(photo.counts, p @ light).sum(), rel=1e-12
    )
    step = deconvolution.m_step(photo, found)
    np.testing.assert_allclose(step.light, found / p.sum(axis=0), rtol=1e-10)
    em.fit(deconvolution, photo, Scene(light), max_iter=500, tol=1e-3)


def test_a_scene_that_goes_on_has_no_bright_rim_with_a_margin():
    """About 200 is attainable; a scene that ends at the frame makes 375."""
    rng = np.random.default_rng(1)
    counts, psf = rng.poisson(200, (60, 60)), np.full((7, 7), 1 / 49)

    def edge(margin):
        photo = Photograph(counts, psf, margin)
        start = Scene(np.full(photo.seen.shape, counts.mean()))
        *_, last = steps(photo, start, 10)
        frame = slice(margin, -margin or None)
        light = last.params.light[frame, frame]
        return np.r_[light[0], light[-1]].mean(), light[0, 0]

    rim, corner = edge(0)
    assert rim > 350
    assert corner > 600
    rim, corner = edge(3)
    assert rim == pytest.approx(194.5, abs=0.1)
    assert corner == pytest.approx(205.8, abs=0.1)


def test_counts_divided_by_a_gain_are_taken_as_they_are():
    photo, start = picture(np.random.default_rng(7), shape=(8, 9))
    by_gain = Photograph(photo.counts / 2.2, SQUARE)
    for one, other in zip(
        steps(photo, start, 5),
        steps(by_gain, Scene(start.light / 2.2), 5),
        strict=True,
    ):
        np.testing.assert_allclose(
            other.params.light, one.params.light / 2.2, rtol=1e-10
        )


@pytest.mark.parametrize("margin", [-1, 0.5, 3, np.nan])
def test_a_margin_is_a_number_of_pixels_within_half_the_psf(margin):
    photo = Photograph(np.ones((9, 9)), SQUARE, margin)
    with pytest.raises(ValueError, match=r"margin is .*: expected a"):
        deconvolution.check(photo, Scene(np.ones((9, 9))))


def test_a_scene_of_the_wrong_size_is_told_its_margin():
    photo = Photograph(np.ones((9, 9)), SQUARE, 2)
    with pytest.raises(
        ValueError, match=r"expected \(13, 13\), .* margin of 2"
    ):
        deconvolution.check(photo, Scene(np.ones((9, 9))))
