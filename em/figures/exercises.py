"""Figures of the exercises: four logs, one of which is not of EM."""

import numpy as np

from em.figures.drawing import COLOURS, Drawing, draw, finish


def logs() -> dict[str, np.ndarray]:
    """Return four log-likelihoods, step by step."""
    steps = np.arange(41)
    plateau = -95 + 10 / (1 + np.exp((34 - steps) / 1.2))
    falls = -60 - 8 * np.exp(-steps / 2.5)
    falls[7:] -= falls[7] - falls[6] + 0.004
    return {
        "a": -40 - 20 * np.exp(-steps / 4),
        "b": plateau,
        "c": 12 - 14 * np.exp(-steps / 6),
        "d": falls,
    }


def four_logs() -> Drawing:
    """Draw them side by side, and say what changes where."""
    figure, axes = draw(2.6, 2, 2)
    for one, (name, heights) in zip(axes.flat, logs().items(), strict=True):
        one.plot(heights, color=COLOURS[1], linewidth=1.6)
        one.set_title(name, loc="left")
        one.set(xticks=[0, 20, 40])
    found = logs()
    alt = f"""Four curves over 40 steps. a rises and levels out near {found["a"][-1]:.0f}. b is
        level near {found["b"][0]:.0f} for some thirty steps, then rises by ten. c rises from
        {found["c"][0]:.0f} to {found["c"][-1]:.0f}. d rises, but from step 6 to step 7 it
        falls by 0.004."""
    caption = """The log-likelihood at each step, of four programs. In d, step 7 is lower than
        step 6 by 0.004, which is too little to see."""
    return finish(figure, alt, caption)
