"""What sharing finds and what choosing finds, side by side."""

import numpy as np

from em.figures.drawing import Drawing, draw, finish, plain, words
from em.figures.normals import bells, dots, name, over
from em.models.normals import Normals, e_step


def hard_and_soft(
    x: np.ndarray, chosen: Normals, shared: Normals, caption: str
) -> Drawing:
    """Draw the bells of hard assignment, broad and pale, and those of EM."""
    figure, axes = draw(2.6)
    bells(axes, over(x)[::2], chosen, linewidth=5, alpha=0.3, linestyle="-")
    bells(axes, over(x)[::2], shared)
    name(axes, shared)
    dots(axes, x, e_step(x, shared)[0])
    axes.set(ylim=(0, None), xlabel="x")
    plain(axes, "left")
    alt = f"""Two pairs of bells over the points. EM, which shares: standard
        deviations {words(shared.stds, 3)}. Broad and pale, each point wholly
        to one bell: {words(chosen.stds, 3)}."""
    return finish(figure, alt, caption)
