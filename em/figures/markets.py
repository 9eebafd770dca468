"""Figures of returns: each day in the colour of its state."""

import math

import numpy as np

import em
from em.figures.drawing import COLOURS, Drawing, draw, finish
from em.figures.live import Live, live
from em.models import normal_hmm
from em.models.normal_hmm import NormalHMM

GUESS = NormalHMM(
    [0.5, 0.5], [[0.95, 0.05], [0.1, 0.9]], means=[0, 0], stds=[0.5, 2.5]
)


def states(
    days: np.ndarray,
    x: np.ndarray,
    turbulent: np.ndarray,
    stds: np.ndarray,
    caption: str,
) -> Drawing:
    """Draw returns by their likelier state, over the probability of turbulence."""
    figure, (top, bottom) = draw(3.4, 2, 1, sharex=True, height_ratios=(3, 1))
    for k, mine in enumerate((turbulent < 0.5, turbulent >= 0.5)):
        top.vlines(days[mine], 0, x[mine], color=COLOURS[k], linewidth=0.5)
        for side in (-2, 2):
            top.axhline(
                side * stds[k],
                color=COLOURS[k],
                linewidth=1,
                linestyle="-" if k == 0 else "--",
            )
    top.set(ylabel="return, in per cent", ylim=(-10, 6))
    bottom.fill_between(days, turbulent, color=COLOURS[1], linewidth=0)
    bottom.set(ylim=(0, 1), yticks=[0, 1], ylabel="turbulent", xlabel="year")
    share = 100 * turbulent.mean()
    alt = f"""Above, {len(x)} daily returns between {x.min():.1f} and {x.max():.1f} per
        cent, with lines at two spreads of each state, {2 * stds[0]:.1f} and
        {2 * stds[1]:.1f}. Below, the probability of turbulence: near 0 for months, near 1
        for others; {share:.0f} per cent of the days in all."""
    return finish(figure, alt, caption)


def markets_live(days: np.ndarray, x: np.ndarray) -> Live:
    """Return the returns to play with, from a guess that is too far apart."""
    fit = em.fit(normal_hmm, x, GUESS)
    ends = (fit.steps[0], fit.steps[-1])
    first, last = (step.posterior.smoothed[:, 1] for step in ends)
    guess, found = (step.params.stds for step in ends)
    return live(
        "regimes",
        x=x.round(3),
        begin=[round(float(days[0]), 2)],
        stds=GUESS.stds,
        means=GUESS.means,
        stay=np.diag(GUESS.transitions),
        first=GUESS.initial,
        program={"std": "stds"},
        still=[
            states(days, x, first, guess, "The guess."),
            states(days, x, last, found, f"After {len(fit.steps) - 1} steps."),
        ],
        told=f"The guess, and {len(fit.steps) - 1} steps later: spreads of "
        f"{found[0]:.2f} and {found[1]:.2f} per cent.",
        caption="""Each line is one day of the DAX, up or down. Drag a spread, which is drawn at
            twice its size, or how many days a state lasts on average. Then share out and
            re-estimate. The hills are what the present guess says.""",
    )


def spreads(
    days: np.ndarray, x: np.ndarray, states: np.ndarray, rolling: np.ndarray
) -> Drawing:
    """Draw two forecasts of the spread over the returns that they were made for."""
    figure, axes = draw(2.6)
    axes.vlines(days, 0, np.abs(x), color="#888888", linewidth=0.4)
    axes.plot(days, states, color=COLOURS[1], linewidth=1.6)
    axes.plot(days, rolling, color=COLOURS[0], linewidth=1.6, linestyle="--")
    axes.set(
        ylabel="size of the return, and its forecast spread, in per cent",
        xlabel="year",
        ylim=(0, None),
        xticks=range(math.ceil(days[0]), math.ceil(days[-1])),
    )
    alt = f"""Grey lines, the sizes of {len(x)} returns. A solid line, the forecast of the two
        states, jumps up after large returns, and stays between {states.min():.2f} and
        {states.max():.2f}. A dashed line, the spread of the last sixty days, rises and
        falls slowly between {rolling.min():.2f} and {rolling.max():.2f}."""
    caption = """Solid, blue: the spread that the two states forecast for each day. Dashed, red:
        the spread of the sixty days before. Grey: how large the return was."""
    return finish(figure, alt, caption)
