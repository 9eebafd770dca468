"""Figures of how sure and how fast: overlap, sharp tops, ellipses, jumps."""

from collections.abc import Mapping, Sequence

import numpy as np

from em import Fit
from em.figures.drawing import INK, Drawing, draw, finish, style
from em.models.poissons import Poissons
from em.numbers.arrays import Array

# Ten upper quantiles of a bell of width 1, at probabilities 0.525, 0.575 …
QUANTILES = (0.063, 0.189, 0.319, 0.454, 0.598, 0.755, 0.935, 1.15, 1.44, 1.96)


def overlapping(apart: float) -> Array:
    """Give forty points: twenty quantiles of each of two bells so far apart."""
    z = np.array([sign * q for q in QUANTILES for sign in (-1, 1)])
    return np.concatenate([z - apart / 2, z + apart / 2])


def costs(
    apart: Array, steps: Array, missing: Array, errors: Array, caption: str
) -> Drawing:
    """Draw what two bells cost by how far they are apart: three curves."""
    figure, panels = draw(4.6, 3, 1, sharex=True)
    for axes, values, title in zip(
        panels,
        (steps, missing, errors),
        (
            "steps of EM",
            "fraction of information missing",
            "standard error of a mean",
        ),
        strict=True,
    ):
        axes.plot(apart, values, color=INK, marker="o", markersize=4)
        axes.set_title(title, loc="left")
    panels[0].set_yscale("log")
    panels[1].set_ylim(0, 1.05)
    panels[2].set_ylim(0, None)
    panels[2].set_xlabel("distance of the two means, in widths of a bell")
    alt = f"""Three curves over the distance of two bells, {apart[0]:g} to {apart[-1]:g} widths.
        All fall: steps of EM from {steps[0]:,.0f} to {steps[-1]:,.0f}, the fraction of
        information that is missing from {missing[0]:.3f} to {missing[-1]:.3f}, the standard
        error of a mean from {errors[0]:.2f} to {errors[-1]:.2f}."""
    return finish(figure, alt, caption)


def bends(
    theta: float, flips: Sequence[int], repeats: Sequence[Array], caption: str
) -> Drawing:
    """Draw how sharp log-likelihoods of a coin are, and how repeats spread.

    `repeats` are estimates, an array for each of the numbers of `flips`.
    """
    figure, (above, below) = draw(4.2, 2, 1, sharex=True)
    grid = np.linspace(0.3, 0.98, 137)
    slope = theta * np.log(grid / theta)
    slope = slope + (1 - theta) * np.log((1 - grid) / (1 - theta))
    for k, (n, found) in enumerate(zip(flips, repeats, strict=True)):
        look = {key: style(k)[key] for key in ("color", "linestyle")}
        above.plot(grid, n * slope, **look)
        at, counts = np.unique(found, return_counts=True)
        below.plot(at, counts / counts.max(), marker=".", **look)
        i = int(np.argmax(n * slope > -1.2))
        above.annotate(
            f"{n} flips",
            (grid[i], -1.2),
            (-5, 0),
            textcoords="offset points",
            ha="right",
        )
    above.set(ylim=(-4, 0.3), xlim=(0.3, 0.98))
    above.set_title("log-likelihood, below its top", loc="left")
    below.set_yticks([])
    below.set_title("how often a repeat gives it", loc="left")
    below.set_xlabel("θ")
    spread = " and ".join(f"{found.std():.3f}" for found in repeats)
    alt = f"""Above, two log-likelihoods over θ with their tops at {theta:g}, after {flips[0]} and
        {flips[1]} flips: the second falls faster. Below, estimates of many repeats, with
        standard deviations of {spread}: the second are closer together."""
    return finish(figure, alt, caption)


def ellipses(parts: Mapping[str, Array], caption: str) -> Drawing:
    """Draw information about two numbers, (2, 2) each, as ellipses.

    As far as √(uᵀ I u) in each direction u: there, squares add up.
    """
    figure, axes = draw(3.6)
    turn = np.linspace(0, 2 * np.pi, 121)
    circle = np.array([np.cos(turn), np.sin(turn)])
    told = []
    for k, (name, matrix) in enumerate(parts.items()):
        x, y = np.linalg.cholesky(matrix) @ circle
        axes.plot(x, y, **style(k))
        # Above the largest, below the next, within the last.
        i, up = ((30, 5), (90, -15), (30, -16))[k]
        axes.annotate(
            name, (x[i], y[i]), (0, up), textcoords="offset points", ha="center"
        )
        told.append(
            f"{name} {matrix[0, 0]:.1f}, {matrix[1, 1]:.1f}, across "
            f"{matrix[0, 1]:.1f}"
        )
    axes.set(aspect="equal", xlabel="√information about θA")
    axes.set_ylabel("√information about θB")
    alt = f"""Three ellipses around one centre, for the information about two coins: {"; ".join(told)}.
        The missing one is the smallest, and the observed one lies within the complete one."""
    return finish(figure, alt, caption)


def jumps(
    slow: Fit[Poissons, Array],
    fast: Fit[Poissons, Array],
    evaluations: Sequence[int],
    caption: str,
) -> list[Drawing]:
    """Draw how far EM and an accelerated run come, after so many E-steps each."""
    creeping = np.array([step.params.rates for step in slow.steps])
    jumping = np.array([step.params.rates for step in fast.steps])
    spent = np.array(fast.evaluations)
    end = jumping[-1]
    drawn = []
    for n in evaluations:
        figure, axes = draw(3.6)
        here = creeping[: n + 1]
        there = jumping[: np.searchsorted(spent, n + 1, side="right")]
        for k, (path, marker) in enumerate(((here, "."), (there, "s"))):
            axes.plot(*path.T, marker=marker, markersize=5, **style(k))
            axes.plot(*path[-1], marker, color=style(k)["color"], markersize=9)
        axes.plot(*end, "*", color=INK, markersize=12)
        axes.annotate(
            "highest", end, (-10, -4), textcoords="offset points", ha="right"
        )
        axes.set(xlim=(0.97, 1.44), ylim=(2.62, 3.04))
        axes.set(xlabel="rate of component A, deaths a day")
        axes.set_ylabel("rate of component B, deaths a day")
        alt = f"""The two rates of the London deaths after {n} steps. EM, red, is at
            ({here[-1, 0]:.3f}, {here[-1, 1]:.3f}); with jumps, blue, at
            ({there[-1, 0]:.3f}, {there[-1, 1]:.3f}). The highest point is at
            ({end[0]:.3f}, {end[1]:.3f})."""
        drawn.append(finish(figure, alt, caption))
    return drawn
