"""Jensen's inequality: a chord of the logarithm lies below its curve."""

import numpy as np

from em.figures.drawing import COLOURS, INK, Drawing, draw, finish


def chord(ends: tuple[float, float], share: float, caption: str) -> Drawing:
    """Draw the logarithm, a chord between two values, and both at their average.

    `share` is the weight of the first of the two.
    """
    low, high = ends
    average = share * low + (1 - share) * high
    below = share * np.log(low) + (1 - share) * np.log(high)
    above = np.log(average)
    figure, axes = draw(2.9)
    grid = np.linspace(0.6 * low, 1.35 * high, 121)
    axes.plot(grid, np.log(grid), color=INK)
    axes.plot(ends, np.log(ends), "o-", color=COLOURS[2], linewidth=1.4)
    axes.plot([average] * 2, [below, above], color=INK, linestyle=(0, (2, 2)))
    axes.plot([average], [above], "o", color=INK)
    axes.plot([average], [below], "s", color=COLOURS[2])
    for height, text, shift in (
        (above, f"log of average, {above:.3f}", (-6, 9)),
        (below, f"average of logs, {below:.3f}", (9, -13)),
    ):
        axes.annotate(
            text,
            (average, height),
            shift,
            textcoords="offset points",
            ha="right" if shift[0] < 0 else "left",
        )
    axes.set(xlabel="value", ylabel="its logarithm")
    alt = f"""The curve of the logarithm, and a straight line from its point at {low:.4g}
        to that at {high:.4g}. Over their average, {average:.4g}, the line is at {below:.3f},
        the curve above it at {above:.3f}."""
    return finish(figure, alt, caption)
