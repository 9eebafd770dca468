"""A figure for any model: the log-likelihood, step by step."""

import numpy as np

from em.figures.drawing import INK, Drawing, draw, finish
from em.numbers.arrays import Array


def climbing(log_likelihoods: Array, caption: str) -> Drawing:
    """Draw the log-likelihood after each step, (steps,), from the start on."""
    steps = np.arange(len(log_likelihoods))
    figure, axes = draw(2.0)
    axes.plot(steps, log_likelihoods, marker="o", markersize=4, color=INK)
    for step, ha in ((0, "left"), (-1, "right")):
        axes.annotate(
            f"{log_likelihoods[step]:.3f}".replace("-", "−"),
            (steps[step], log_likelihoods[step]),
            (8 if ha == "left" else 0, 6 if ha == "left" else -14),
            textcoords="offset points",
            ha=ha,
        )
    axes.set(xlabel="step", title="log-likelihood", xticks=steps[::2])
    axes.margins(y=0.2)
    first, last = (f"{log_likelihoods[i]:.3f}" for i in (0, -1))
    alt = f"""A line that rises from {first} at step 0 to {last} at step
        {steps[-1]}, and never falls: steeply first, then less and less."""
    return finish(figure, alt, caption)
