"""Figures of counts: a series by state, its histogram, what the order is worth."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import (
    COLOURS,
    INK,
    MARKERS,
    NAMES,
    Drawing,
    blend,
    draw,
    finish,
    style,
    words,
)
from em.models.poissons import Poissons
from em.numbers.densities import log_poisson

GREY = "#888888"


def dots(
    axes: Axes, years: np.ndarray, counts: np.ndarray, shares: np.ndarray
) -> None:
    """Draw the series, each year in the mixed colour of its shares (n, k)."""
    axes.plot(years, counts, color=GREY, linewidth=0.7)
    for k, mine in enumerate(shares.argmax(axis=1) == np.arange(3)[:, None]):
        axes.scatter(
            years[mine],
            counts[mine],
            c=blend(shares[mine]),
            marker=MARKERS[k],
            s=20,
            linewidth=0,
            zorder=3,
        )


def series(years: np.ndarray, counts: np.ndarray, caption: str) -> Drawing:
    """Draw a series of counts."""
    figure, axes = draw(2.4)
    axes.plot(years, counts, color=GREY, linewidth=0.8)
    axes.scatter(years, counts, s=14, c=INK, linewidth=0, zorder=3)
    axes.set(ylim=(0, None), xlabel="year", ylabel="earthquakes")
    high, low = counts.argmax(), counts.argmin()
    alt = f"""A line through {len(counts)} yearly counts, {years[0]} to {years[-1]}. It goes
        up and down in long waves, between {counts[low]:.0f} in {years[low]} and
        {counts[high]:.0f} in {years[high]}."""
    return finish(figure, alt, caption)


def histogram(
    counts: np.ndarray, one: float, poissons: Poissons, caption: str
) -> Drawing:
    """Draw how often each count occurs, under one Poisson and under a mixture."""
    figure, axes = draw(2.9)
    grid = np.arange(0, counts.max() + 6)
    edges = np.arange(-0.5, counts.max() + 6, 2)
    axes.hist(counts, edges, color=GREY, alpha=0.3)
    scale = 2 * len(counts)
    alone = np.exp(log_poisson(grid, np.array([one])))[:, 0]
    axes.plot(grid, scale * alone, color=GREY, linewidth=1.2)
    axes.annotate(
        "one rate",
        (one + 2, scale * alone.max() * 0.93),
        (6, 6),
        textcoords="offset points",
    )
    curves = np.exp(log_poisson(grid, poissons.rates)) * poissons.weights
    for k, curve in enumerate(curves.T):
        axes.plot(grid, scale * curve, **style(k))
        # Named where no other curve passes: at the outer flanks, under the middle.
        side = k - 1 if len(poissons.rates) == 3 else 0
        at = poissons.rates[k] + side * np.sqrt(poissons.rates[k])
        axes.annotate(
            NAMES[k],
            (at, scale * np.interp(at, grid, curve)),
            (9 * side, 0 if side else -10),
            textcoords="offset points",
            ha="center",
            va="bottom" if side else "top",
        )
    axes.plot(grid, scale * curves.sum(axis=1), color=INK, linewidth=2.2)
    axes.set(xlabel="earthquakes in a year", ylabel="years", ylim=(0, None))
    alt = f"""A histogram of the counts. A single Poisson at {one:.2f} is too narrow and too
        high for it. The sum of three, at rates {words(poissons.rates)} with mixing weights
        {words(poissons.weights)}, follows the bars."""
    return finish(figure, alt, caption)


def states(
    years: np.ndarray,
    counts: np.ndarray,
    shares: np.ndarray,
    rates: np.ndarray,
    caption: str,
    path: np.ndarray | None = None,
) -> Drawing:
    """Draw the series by state over the shares of each year; mark where a path differs."""
    best = shares.argmax(axis=1)
    figure, (top, bottom) = draw(4.2, 2, 1, sharex=True, height_ratios=(1.6, 1))
    dots(top, years, counts, shares)
    level = rates[best if path is None else path]
    top.step(years, level, where="mid", color=INK, linewidth=1.4)
    for k, rate in enumerate(rates):
        top.annotate(
            f"{NAMES[k]} {rate:.1f}",
            (1, rate),
            (3, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            color=COLOURS[k],
        )
    top.set(ylim=(0, None), ylabel="earthquakes")
    floor = np.zeros(len(years))
    for k, share in enumerate(shares.T):
        bottom.fill_between(
            years,
            floor,
            floor + share,
            step="mid",
            facecolor=COLOURS[k],
            alpha=0.45,
            linewidth=0,
        )
        first, last = longest(share > 0.7)
        if last - first > 4:
            bottom.text(
                (years[first] + years[last]) / 2,
                (floor + share / 2)[first : last + 1].mean(),
                NAMES[k],
                ha="center",
                va="center",
            )
        floor += share
    bottom.set(ylim=(0, 1), yticks=[0, 1], ylabel="shares", xlabel="year")
    changes = int((np.diff(best) != 0).sum())
    alt = f"""Above, the yearly counts coloured by their most probable state, of rates
        {words(rates)}; the state changes {changes} times. Below, the three states' shares
        of each year, stacked to 1: most years are nearly all one colour."""
    if path is not None:
        apart = years[best != path]
        for axes in (top, bottom):
            for year in apart:
                axes.axvline(year, color=GREY, linewidth=0.8, zorder=0)
        alt += f""" Upright lines mark the {len(apart)} years in which the most probable path
            is in another state: {", ".join(str(year) for year in apart)}."""
    return finish(figure, alt, caption)


def longest(true: np.ndarray) -> tuple[int, int]:
    """Give the first and the last place of the longest stretch of what is true."""
    edges = np.flatnonzero(np.diff(np.r_[0, true.astype(int), 0]))
    if not len(edges):
        return 0, 0
    stretches = edges.reshape(-1, 2)
    first, after = stretches[np.diff(stretches, axis=1).argmax()]
    return int(first), int(after) - 1


def criterion(bic: Mapping[str, Sequence[float]], caption: str) -> Drawing:
    """Draw BIC by the number of components, one line for each kind of model."""
    figure, axes = draw(2.6)
    told = []
    for k, (name, values) in enumerate(bic.items()):
        numbers = np.arange(1, len(values) + 1)
        axes.plot(numbers, values, marker=MARKERS[k], **style(k))
        axes.annotate(
            name,
            (numbers[-2], values[-2]),
            (0, 8),
            textcoords="offset points",
            ha="right",
        )
        listed = ", ".join(f"{value:.1f}" for value in values)
        told.append(f"{name}: {listed}, lowest at {np.argmin(values) + 1}")
    most = max(map(len, bic.values()))
    axes.set(xticks=range(1, most + 1), xlim=(0.8, most + 0.2))
    axes.set(xlabel="components, or states", ylabel="BIC (lower is better)")
    alt = f"BIC for 1 to {most} components or states. {'; '.join(told)}."
    return finish(figure, alt, caption)


def maxima(
    tops: Sequence[tuple[float, int, np.ndarray]], caption: str
) -> Drawing:
    """Draw the rates at each (log-likelihood, number of starts, rates)."""
    figure, axes = draw(0.42 * len(tops) + 0.8)
    for row, (_, _, rates) in enumerate(tops):
        for k, rate in enumerate(np.sort(rates)):
            axes.plot([rate], [-row], MARKERS[k], color=COLOURS[k])
    axes.set(
        yticks=-np.arange(len(tops)),
        yticklabels=[
            f"−{-top:.3f}, {n} start{'s' * (n > 1)}" for top, n, _ in tops
        ],
        ylim=(-len(tops) + 0.4, 0.6),
        xlabel="rates",
        xticks=(15, 20, 25, 30),
    )
    told = "; ".join(
        f"{n} at {top:.3f} with rates {words(np.sort(rates))}"
        for top, n, rates in tops
    )
    alt = f"A row of three rates for each log-likelihood that was reached: {told}."
    return finish(figure, alt, caption)
