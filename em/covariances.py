"""Four shapes of covariances, and which covariances are too flat."""

import numpy as np


def shaped(scatters: np.ndarray, sizes: np.ndarray, shape: str) -> np.ndarray:
    """Give the likeliest covariances of a shape, (k, d, d).

    "full": each group its own. "tied": one for all groups. "diagonal": no
    correlation. "spherical": as wide in every direction. (Celeux & Govaert
    1995.) Raises ValueError for another word.
    """
    own: np.ndarray = scatters / sizes[:, None, None]
    if shape == "full":
        return own
    if shape == "tied":
        return np.broadcast_to(scatters.sum(0) / sizes.sum(), own.shape)
    variances = np.diagonal(own, axis1=1, axis2=2)
    if shape == "spherical":
        variances = variances.mean(axis=1, keepdims=True)
    elif shape != "diagonal":
        raise ValueError(
            f"shape is {shape!r}: expected full, tied, diagonal or spherical"
        )
    own[:] = variances[:, :, None] * np.eye(own.shape[1])
    return own


def widened(covariances: np.ndarray, min_std: float) -> np.ndarray:
    """Widen each group to `min_std` in the directions where it is narrower."""
    variances, axes = np.linalg.eigh(covariances)
    variances = np.maximum(variances, min_std**2)
    wide: np.ndarray = axes * variances[:, None, :] @ axes.swapaxes(1, 2)
    return wide


def flat(covariances: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Say which of them, (k, d, d), have no width but rounding some way, (k,).

    `largest`, (d,), is the largest number in each column of the data, of
    which rounding leaves 16 digits.
    """
    stds = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    none = stds <= 4 * np.spacing(largest)
    stds = np.where(none, 1, stds)
    correlations = covariances / (stds[:, :, None] * stds[:, None, :])
    thin: np.ndarray = np.linalg.eigvalsh(correlations)[:, 0] < 1e-12
    thin |= none.any(axis=1)
    return thin


def free_numbers(groups: int, columns: int, shape: str) -> int:
    """Count what a fit of a shape chooses: the p of BIC and AIC."""
    matrix = columns * (columns + 1) // 2
    chosen = {
        "full": groups * matrix,
        "tied": matrix,
        "diagonal": groups * columns,
        "spherical": groups,
    }
    return chosen[shape] + groups * columns + groups - 1
