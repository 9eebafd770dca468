"""Figures of a blurred number plate: as it sharpens, and as its noise does."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import COLOURS, INK, Drawing, draw, finish, plain
from em.numbers.arrays import Array

# Enough greys for the eye, few enough for a small picture.
GREYS = 20

PLATE = """
####  #   #         #    ###  ##### #####
#     ## ##        ##   #   #     #     #
#     # # #         #   #   #    #     #
###   # # #         #    ####   #     #
#     #   #         #       #  #     #
#     #   #         #      #   #     #
####  #   #        ###   ##    #     #
"""


def plate(art: str = PLATE, size: int = 3) -> Array:
    """Return 1 where there is paper and 0.1 where there is ink, (height, width).

    Each letter of the art is a square of so many pixels.
    """
    rows = art.strip("\n").split("\n")
    width = max(len(row) for row in rows)
    ink = np.array([[letter == "#" for letter in r.ljust(width)] for r in rows])
    squares = np.kron(np.pad(ink, 3), np.ones((size, size)))
    light: Array = 1 - 0.9 * squares
    return light


def picture(axes: Axes, light: Array, white: float, title: str) -> None:
    """Draw a picture as it is, (height, width), from 0 to `white`."""
    greys = np.round((light / white).clip(0, 1) * (GREYS - 1)) / (GREYS - 1)
    axes.imshow(greys, cmap="gray", vmin=0, vmax=1, interpolation="none")
    axes.set_title(title)
    plain(axes, "left", "bottom")


def sharpening(
    photograph: Array, lights: Mapping[int, Array], white: float, caption: str
) -> list[Drawing]:
    """Draw one frame for the photograph, and one for each number of steps."""
    frames = []
    titles = {n: f"the light after {steps(n)}" for n in lights}
    shown = {"the photograph": photograph} | {
        titles[n]: light for n, light in lights.items()
    }
    for title, light in shown.items():
        figure, axes = draw(1.75)
        picture(axes, light, white, title)
        alt = f"""A number plate, {title}, in greys; the darkest pixel is
            {light.min() / white:.2f} of white, the brightest
            {light.max() / white:.2f}."""
        frames.append(finish(figure, alt, caption))
    return frames


def steps(number: int) -> str:
    """Return how many steps, in words."""
    return "1 step" if number == 1 else f"{number} steps"


def side_by_side(
    pictures: Mapping[str, Array], white: float, caption: str
) -> Drawing:
    """Draw pictures in two columns, each under its title."""
    figure, grid = draw(2.2, (len(pictures) + 1) // 2, 2)
    for axes, (title, light) in zip(grid.flat, pictures.items(), strict=True):
        picture(axes, light, white, title)
    alt = f"Pictures of a number plate: {'; '.join(pictures)}."
    return finish(figure, alt, caption)


def going_too_far(
    distances: Sequence[float], held_out: Sequence[float], caption: str
) -> Drawing:
    """Draw distance from the true plate, and fit to photons held back, by steps.

    Both start at step 1.
    """
    figure, (left, right) = draw(2.3, 1, 2)
    told = [
        turning(left, distances, int(np.argmin(distances)), 10),
        turning(right, held_out, int(np.argmax(held_out)), -18),
    ]
    left.set_title("distance from the true plate")
    right.set_title("log-likelihood of the other half")
    alt = f"""Two curves over the number of steps. The distance from the true plate is
        least at step {told[0]}, and grows from there. The log-likelihood of the photons held
        back is largest at step {told[1]}, and falls from there."""
    return finish(figure, alt, caption)


def turning(
    axes: Axes, heights: Sequence[float], best: int, offset: float
) -> int:
    """Draw a curve over steps from 1 on, and mark its best one; give that step."""
    axes.semilogx(np.arange(1, len(heights) + 1), heights, color=INK)
    axes.plot(best + 1, heights[best], "o", color=COLOURS[0])
    axes.annotate(
        f"step {best + 1}",
        (best + 1, heights[best]),
        (0, offset),
        textcoords="offset points",
        ha="center",
    )
    axes.set(xlabel="step")
    axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes.minorticks_off()
    axes.margins(y=0.15)
    return best + 1
