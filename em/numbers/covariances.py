"""Four types of covariance, a floor for them, and which are too flat."""

import numpy as np

from em.errors import CollapsedError
from em.numbers.arrays import Array

TYPES = ("full", "tied", "diagonal", "spherical")


def shaped(scatters: Array, sizes: Array, covariance_type: str) -> Array:
    """Return the likeliest covariances of a type, shape (k, d, d).

    "full": each group its own. "tied": one for all groups. "diagonal": no
    correlation. "spherical": as wide in every direction. (Celeux & Govaert
    1995.)
    """
    own: Array = scatters / sizes[:, None, None]
    if covariance_type == "full":
        return own
    if covariance_type == "tied":
        return np.broadcast_to(scatters.sum(axis=0) / sizes.sum(), own.shape)
    variances = np.diagonal(own, axis1=1, axis2=2)
    if covariance_type == "spherical":
        variances = variances.mean(axis=1, keepdims=True)
    return variances[:, :, None] * np.eye(own.shape[1])


def widened(covariances: Array, min_std: float) -> Array:
    """Return them at least `min_std` wide in every direction, (k, d, d).

    Each gets what its narrow directions lack, and no more: the likeliest
    covariance of those that are wide enough.
    """
    finite = np.isfinite(covariances).all(axis=(1, 2))  # not so: no data
    if min_std == 0 or not finite.any():
        return covariances
    wide = covariances.copy()
    wide[finite] += min_std**2 * lacking(covariances[finite], min_std)
    return wide


def lacking(covariances: Array, min_std: float) -> Array:
    """Return what it takes for no standard deviation below `min_std`.

    In units of its square, (k, d, d). Columns may differ in their units by
    many orders of magnitude, and the largest would drown the smallest
    eigenvalues λ. Those of (Σ + 1)⁻¹, which are 1/(λ + 1), are above 1/2 in
    just the directions that lack something, and have all their digits, if the
    columns are scaled to invert Σ + 1.
    """
    stds, correlations = scaled(covariances)
    scales = np.hypot(stds / min_std, 1)
    shares = stds / min_std / scales
    correlations *= shares[:, :, None] * shares[:, None, :]
    correlations += np.eye(stds.shape[1]) / scales[:, None, :] ** 2
    values, axes = np.linalg.eigh(correlations)
    roots = axes / np.sqrt(np.maximum(values, 1e-16))[:, None, :]
    roots = roots / scales[:, :, None]
    inverse, axes = np.linalg.eigh(roots @ roots.swapaxes(1, 2))
    lack = np.maximum(2 - 1 / np.maximum(inverse, 0.5), 0)
    least: Array = axes * lack[:, None, :] @ axes.swapaxes(1, 2)
    return least


def scaled(covariances: Array) -> tuple[Array, Array]:
    """Return standard deviations, (k, d), and correlations, (k, d, d)."""
    stds = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    units = np.where(stds > 0, stds, 1)
    return stds, covariances / units[:, :, None] / units[:, None, :]


def flat(covariances: Array, rounding: Array) -> Array:
    """Return which of them have no width but rounding some way, shape (k,).

    `rounding`, (d,), is how far the last digits of each column reach.
    """
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    wide: Array = np.all(variances > rounding**2, axis=1)  # NaN: no data
    thin = ~wide
    wide &= np.isfinite(covariances).all(axis=(1, 2))  # else, not for its width
    _, correlations = scaled(covariances[wide])
    thin[wide] = np.linalg.eigvalsh(correlations)[:, 0] < 1e-12
    return thin


def not_flat(covariances: Array, min_std: float) -> Array:
    """Return them, those without any width some way widened by the floor.

    Raises CollapsedError for the first of these, if there is no floor. What
    is no covariance at all is left as it is.
    """
    if covariances.shape[1] != covariances.shape[2]:
        return covariances
    with np.errstate(invalid="ignore"):
        stds, correlations = scaled(covariances)
    least = np.linalg.eigvalsh(correlations)[:, 0]
    thin = (np.abs(least) < 1e-12) & (stds >= 0).all(axis=1)
    if not thin.any():
        return covariances
    if min_std == 0:
        k = int(thin.argmax())
        why = " is not positive definite: expected some width in every "
        why += "direction"
        if not stds[k].all():
            column = int(stds[k].argmin())
            why = f"'s diagonal[{column}] is 0: expected a variance above 0"
        raise CollapsedError(k, f"covariances[{k}]{why}", 0)
    wide = covariances.copy()
    wide[thin] = widened(covariances[thin], min_std)
    return wide


def n_parameters(groups: int, columns: int, covariance_type: str) -> int:
    """Return how many numbers a fit chooses: the p of BIC and AIC."""
    matrix = columns * (columns + 1) // 2
    chosen = {
        "full": groups * matrix,
        "tied": matrix,
        "diagonal": groups * columns,
        "spherical": groups,
    }
    return chosen[covariance_type] + groups * columns + groups - 1
