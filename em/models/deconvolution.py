"""A blurred photograph: from which place did each photon come?"""

from functools import cached_property
from typing import Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike
from scipy.signal import fftconvolve
from scipy.special import gammaln, xlogy

from em.door import imagined, validation
from em.door.imagined import ZERO, less_one, log_power
from em.kinds.photographs import DIM, HARDLY, check_margin, check_psf
from em.numbers.adding import Adds
from em.numbers.arrays import Array, Seed, as_floats, floats, fractions, numbers

RANGES = {"light": "positive"}


def in_all(psf: ArrayLike) -> Array:
    """Return a copy; in single precision, divided by the sum of all."""
    if type(psf) is not np.ndarray:
        return floats(psf)
    return floats(fractions(psf.ravel()).reshape(psf.shape))


@frozen(eq=False)
class Photograph:
    """Photons counted, and where the lens spreads them.

    `counts` is a line, a picture or a volume of pixels; not below 0, and no
    whole numbers where a gain was divided out. `psf`, the point spread
    function, has as many dimensions, an odd number of pixels along each, and
    sums to 1: psf[middle + d] is the probability that a photon lands d pixels
    from where it came. What lands beyond the frame is lost. The scene reaches
    `margin` pixels beyond the frame on every side, and farther out it is
    dark: 0 for a star in a dark sky; up to half a psf where a scene goes on.
    """

    counts: Array = field(converter=floats, validator=numbers)
    psf: Array = field(converter=in_all, validator=numbers)
    margin: Array = field(default=ZERO, converter=floats, validator=numbers)

    @cached_property
    def seen(self) -> Array:
        """Return how probably a photon lands in the frame, from each place."""
        return spread_back(np.ones_like(self.counts), self)

    @cached_property
    def log_factorials(self) -> float:
        """Return Σ log y_i!, which no step changes."""
        return float(gammaln(self.counts + 1).sum())


@frozen(eq=False)
class Scene:
    """The light λ: mean photons sent by each place, shaped like the counts.

    (With a margin, longer by twice as much along each side.)
    """

    light: Array = field(converter=floats, validator=numbers)


@frozen(eq=False)
class Sums(Adds):
    """Photons from each place, and the probability that one is seen.

    They add up over photographs of one scene, too.
    """

    came: Array = field()
    seen: Array = field()

    @property
    def n(self) -> float:
        """How many photographs they are of, one after another: always one."""
        return 1.0


def blurred(light: Array, psf: Array) -> Array:
    """Return Σ_d light_{i−d} psf_d for each place i, shaped like the light.

    Rounding can leave −1e-17 where it is dark; none of it stays.
    """
    return np.maximum(fftconvolve(light, psf, mode="same"), DARK)


def expected_counts(light: Array, photo: Photograph) -> Array:
    """Return the mean of each pixel: the light, blurred, in the frame."""
    frame = (slice(int(photo.margin), -int(photo.margin) or None),) * light.ndim
    return blurred(light, photo.psf)[frame]


def spread_back(values: Array, photo: Photograph) -> Array:
    """Return Σ_i values_i psf_{i−j} for each place j of the scene."""
    around = np.pad(values, int(photo.margin))
    return blurred(around, np.flip(photo.psf))


def e_step(photo: Photograph, scene: Scene) -> tuple[Array, float]:
    """Return the photons expected from each place, and the log-likelihood.

    A photon in pixel i came from place j with probability λ_j psf_{i−j} /
    Σ_l λ_l psf_{i−l} (Richardson 1972; Lucy 1974; as an E-step: Shepp &
    Vardi 1982).
    """
    expected = expected_counts(scene.light, photo)
    came = scene.light * spread_back(photo.counts / expected, photo)
    return came, log_poisson(photo, expected)


def credited(photo: Photograph, came: Array) -> Sums:
    """Return the photons that came from each place, and how well it is seen."""
    return Sums(came, photo.seen)


def answer(sums: Sums) -> Scene:
    """Return the photons that came from each place, by how many are seen."""
    return Scene(sums.came / sums.seen)


def m_step(photo: Photograph, came: Array) -> Scene:
    """Return the best answer to what each place is given."""
    return answer(credited(photo, came))


@frozen(eq=False)
class ScenePrior:
    """Imaginary photons from each place, in so many imaginary photographs.

    Each is one number, or has the shape of the light.
    """

    photons: Array = field(default=ZERO, converter=floats, validator=numbers)
    photographs: Array = field(
        default=ZERO, converter=floats, validator=numbers
    )

    @classmethod
    def gamma(cls, shape: ArrayLike = 1, rate: ArrayLike = 0) -> Self:
        """Return λ_j ~ Gamma(shape, rate), a shape of 1 or more."""
        return cls(less_one(shape, "shape"), as_floats(rate, "rate"))

    def answer(self, sums: Sums) -> Scene:
        """Return the light from what was seen and what is imagined."""
        return answer(sums + Sums(self.photons, self.photographs))

    def log_density(self, scene: Scene) -> float:
        """Return log p(λ), up to a constant."""
        dark = float((self.photographs * scene.light).sum())
        return log_power(scene.light, self.photons) - dark

    def check(self, start: object) -> None:
        """Raise TypeError or ValueError where it is no prior of `start`."""
        shape = validation.kind(start, Scene, "start").light.shape
        imagined.check(self, 0, photons=shape, photographs=shape)


# What the two steps need not care about: what goes in, and what else is asked.
# Nothing collapses: a dark place is an answer like any other.

DARK = np.finfo(float).tiny


def log_poisson(photo: Photograph, expected: Array) -> float:
    """Return Σ log p(y_i | mean), of counts y with such means."""
    fit = photo.counts.ravel() @ np.log(expected).ravel()
    return float(fit - expected.sum() - photo.log_factorials)


def check(photo: object, scene: object) -> tuple[Photograph, Scene]:
    """Return both, or raise TypeError or ValueError for what is not that."""
    photo = validation.kind(photo, Photograph, "data")
    scene = validation.kind(scene, Scene, "start")
    light = scene.light
    dimensions = min(max(photo.counts.ndim, 1), 3)
    counts = validation.array(photo.counts, "counts", dimensions)
    photons = (counts >= 0) & (counts < 1e100)
    expected = "a number of photons, not below 0"
    validation.require(photons, counts, "counts", expected)
    if not counts.any():
        raise ValueError("counts are 0 throughout: expected some photons")
    check_psf(validation.array(photo.psf, "psf", dimensions))
    check_margin(photo.margin, photo.psf)
    validation.array(light, "light", dimensions)
    good = (light >= 0) & (light < 1e100)
    validation.require(good, light, "light", "a mean count, from 0 to 1e100")
    if not light.any():
        raise ValueError("light is 0 throughout: expected some light")
    if light.shape != photo.seen.shape:
        beyond = (
            f", and a margin of {int(photo.margin)}" if photo.margin else ""
        )
        raise ValueError(
            f"light has shape {light.shape}: expected {photo.seen.shape}, that "
            f"of the counts{beyond}"
        )
    reach = f"each place to be seen with a probability above {HARDLY}"
    validation.require(photo.seen > HARDLY, photo.seen, "seen", reach)
    lit = expected_counts(light, photo)
    possible = (counts == 0) | (lit > DIM * light.max())
    validation.require(possible, counts, "counts", "0, since no light is near")
    return photo, scene


def extent(photo: Photograph) -> Array:
    """Return Σ log y!, and the sum of all counts y, (2,)."""
    return np.array([photo.log_factorials, photo.counts.sum()])


def rounding(terms: Array) -> float:
    """Return what the last digits of the means may add up to.

    Beside log y! of a count of millions, what is left of both is small.
    """
    return float(64 * np.finfo(float).eps * terms.max())


def expected_log_joint(photo: Photograph, came: Array, scene: Scene) -> float:
    """Return the average of log p(photons, places), up to a constant."""
    return float((xlogy(came, scene.light) - photo.seen * scene.light).sum())


def sample(
    scene: Scene, psf: Array, rng: Seed, margin: int = 0
) -> tuple[Photograph, Array]:
    """Draw a photograph, and how many of its photons each place sent.

    Each place sends a Poisson number of photons to each pixel near it.
    """
    rng = np.random.default_rng(rng)
    shape, light = scene.light.shape, scene.light
    inner = np.ones([side - 2 * margin for side in shape])
    lost = [(side // 2 + margin,) * 2 for side in np.shape(psf)]
    frame = np.pad(inner, lost)
    landed, came = np.zeros(frame.shape), np.zeros(shape)
    for corner, probability in np.ndenumerate(psf):
        there = tuple(
            slice(begin, begin + n)
            for begin, n in zip(corner, shape, strict=True)
        )
        sent = rng.poisson(probability * light)
        landed[there] += sent
        came += sent * frame[there]
    counts = landed[frame == 1].reshape(inner.shape)
    return Photograph(counts, psf, margin), came
