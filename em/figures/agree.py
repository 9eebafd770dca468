"""How far numbers are from published ones, in units of the last digit printed."""

import numpy as np

from em.figures.drawing import COLOURS, Drawing, draw, finish


def apart(names: list[str], units: np.ndarray, caption: str) -> Drawing:
    """Draw (here − published) / unit for each name; rounding explains ½."""
    figure, axes = draw(0.7 + 0.24 * len(names))
    rows = np.arange(len(names))[::-1]
    axes.axvspan(-0.5, 0.5, color=COLOURS[5], alpha=0.2, linewidth=0)
    axes.scatter(units, rows, s=24, color=COLOURS[0])
    axes.set(
        yticks=rows,
        yticklabels=names,
        xlim=(-2, 2),
        xlabel="units of the last printed digit",
    )
    inside = int((np.abs(units) <= 0.5).sum())
    alt = f"""A dot for each of {len(names)} published numbers: how far ours is from
        it. {inside} lie within half a unit of the last printed digit, which is what
        rounding explains."""
    return finish(figure, alt, caption)
