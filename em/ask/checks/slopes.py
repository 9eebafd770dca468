"""Is it level here? Slopes by finite differences, in spite of rounding."""

from collections.abc import Callable

import numpy as np

FAR = 0.1  # no move is longer


def best_gain(
    height: Callable[[float], float], noise: float
) -> tuple[float, float]:
    """Return the most that a small move gains, and the move.

    `height(h)` is what a move by h leads to; NaN where it leads nowhere. The
    slope at 0 and the curvature tell where the top is, if it is not far; then
    we go and look. At a peak the slope is 0, and at a saddle, too.
    """
    here = height(0.0)
    h, bend = width(height, noise)
    if not np.isfinite(bend):
        return 0.0, 0.0
    # Where a curve is skewed, a slope measured from afar is no slope at all;
    # the last of the three is right for cubics (Richardson).
    wide, near, nearer = (
        (height(t) - height(-t)) / (2 * t) for t in (h, h / 8, h / 16)
    )
    slope = min(wide, near, (4 * nearer - near) / 3, key=abs)
    curvature = max(2 * bend / h**2, 0.0)
    far = min(abs(slope) / curvature, FAR) if curvature > 0 else FAR
    tried = [far * np.sign(slope) * part for part in (1.0, 0.3)]
    gains = [np.nan_to_num(height(t) - here, nan=0.0) for t in tried]
    promised = 2 * abs(slope) * far  # more than that is no slope's doing
    best = int(np.argmax(gains))
    return float(np.clip(gains[best], 0.0, promised)), float(tried[best])


def width(
    height: Callable[[float], float], noise: float
) -> tuple[float, float]:
    """Return how far to go for a slope, and how far the curve bends there.

    By far more than rounding, so that rounding does not show; by far less
    than 1, so that a log-likelihood is nearly a parabola. NaN if there is
    nothing on one of the sides, however near.
    """
    here, h, bend = height(0.0), 1e-3, np.nan
    aim = max(1e-4, 1e4 * noise)
    for _ in range(12):
        bend = here - (height(h) + height(-h)) / 2
        if not np.isfinite(bend):
            h /= 10
        elif abs(bend) > 3 * aim or (abs(bend) < aim / 30 and h < FAR):
            factor = np.sqrt(aim / max(abs(bend), aim * 1e-4))
            h = min(FAR, h * max(factor, 1e-3))
        else:
            break
    return h, bend
