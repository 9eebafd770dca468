"""Figures of data in pieces: four envelopes, and one pass against many."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

import em
from em.figures.drawing import (
    INK,
    MARKERS,
    NAMES,
    Drawing,
    blend,
    draw,
    finish,
    plain,
    style,
    words,
)
from em.figures.live import Live, live
from em.figures.normals import bells, over
from em.models import normals
from em.models.normals import Normals


def reported(x: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return what an envelope reports, (k, 3): Σ r, Σ r x, Σ r x² of each."""
    sums: np.ndarray = shares.T @ np.stack([np.ones(len(x)), x, x * x], axis=1)
    return sums


def told(sums: np.ndarray) -> str:
    """Say three numbers a component."""
    return "; ".join(
        f"{NAMES[k]} {n:.2f}, {first:.1f}, {second:.1f}"
        for k, (n, first, second) in enumerate(sums)
    )


def lane(
    axes: Axes, x: np.ndarray, height: float, shares: np.ndarray | None
) -> None:
    """Draw an envelope's points, in the colours of their shares if these are known."""
    axes.axhline(height, color=INK, linewidth=0.5, alpha=0.35, zorder=0)
    colours = [INK] * len(x) if shares is None else blend(shares)
    owner = np.zeros(len(x), int) if shares is None else shares.argmax(axis=1)
    for k in np.unique(owner):
        mine = owner == k
        axes.scatter(
            x[mine],
            np.full(mine.sum(), height),
            c=[colours[i] for i in np.flatnonzero(mine)],
            marker=MARKERS[k],
            s=26,
            alpha=0.75,
            linewidth=0,
            clip_on=False,
        )


def write(axes: Axes, text: str, height: float, **look: Any) -> None:
    """Write words under a lane."""
    place = ("axes fraction", "data")
    words = axes.annotate(
        text, (0, height), xycoords=place, va="top", annotation_clip=False
    )
    words.set(in_layout=False, **look)


def frame(
    parts: Sequence[np.ndarray],
    now: Normals,
    shares: Sequence[np.ndarray] | None,
) -> Drawing:
    """Draw the bells above, the envelopes below, and what these report."""
    figure, (above, below) = draw(
        4.3, rows=2, height_ratios=[1, 2.3], sharex=True
    )
    x = np.concatenate(parts)
    bells(above, over(x), now)
    above.set_ylim(0, 0.27)
    plain(above, "left")
    above.spines["bottom"].set_visible(False)
    above.tick_params(bottom=False, labelbottom=False)
    for number, part in enumerate(parts):
        height = -2.0 * number
        mine = None if shares is None else shares[number]
        lane(below, part, height, mine)
        text = f"Envelope {number + 1}"
        if mine is not None:
            text = f"{number + 1}: {told(reported(part, mine))}"
        write(below, text, height - 0.5)
    if shares is not None:
        total = np.asarray(sum(map(reported, parts, shares)))
        write(below, f"Σ: {told(total)}", -8.0, weight="bold")
    below.set(ylim=(-9, 0.6), xlim=(over(x)[0], over(x)[-1]))
    plain(below, "left")
    seen = "not yet shared out" if shares is None else "in mixed colours"
    return finish(
        figure,
        f"Two bells, means {words(now.means)}, widths {words(now.stds)}. Below, "
        f"four envelopes of ten points each, {seen}.",
        "Four envelopes of ten points, each on its own line. What an envelope "
        "reports: for each bell Σ r, Σ r x and Σ r x².",
    )


def envelopes(x: np.ndarray, start: Normals, steps: int) -> Live:
    """Return a figure to play with: reports are made, then the bells move."""
    parts = [x[first::4] for first in range(4)]
    run = em.run(normals, x, start, fixed="weights")
    *_, last = islice(run, steps + 1)
    shares = [last.posterior[first::4] for first in range(4)]
    return live(
        "envelopes",
        x=x,
        means=start.means,
        stds=start.stds,
        still=[frame(parts, start, None), frame(parts, last.params, shares)],
        told=f"The guess; and after {steps} steps: means "
        f"{words(last.params.means)}, widths {words(last.params.stds)}.",
        caption="""Ten points in each of four envelopes. An envelope shares out its own
            points and reports three numbers a bell: Σ r, Σ r x and Σ r x². Only the
            totals, Σ, move the bells.""",
    )


class Curve(NamedTuple):
    """How well a fit does after so many observations were looked at."""

    name: str
    looked_at: np.ndarray
    log_likelihoods: np.ndarray  # of an observation, on average


def one_pass(curves: Sequence[Curve], best: float, caption: str) -> Drawing:
    """Draw log-likelihoods over observations looked at."""
    figure, axes = draw(2.9)
    for k, curve in enumerate(curves):
        axes.plot(
            curve.looked_at,
            curve.log_likelihoods,
            marker=MARKERS[k] if len(curve.looked_at) < 40 else "",
            markersize=4,
            label=curve.name,
            **style(k + 2),
        )
    axes.axhline(best, color=INK, linewidth=0.8, linestyle=":")
    low = min(curve.log_likelihoods.min() for curve in curves)
    axes.set(
        xscale="log",
        xlabel="observations looked at",
        ylabel="log-likelihood of an observation",
        ylim=(low - 0.1 * (best - low), best + 0.12 * (best - low)),
    )
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 0))
    ends = "; ".join(
        f"{curve.name}: {curve.log_likelihoods[-1]:.4f} after "
        f"{curve.looked_at[-1]:,.0f}"
        for curve in curves
    )
    return finish(
        figure,
        f"Average log-likelihood over observations looked at. {ends}. Dotted: "
        f"the limit of batch EM, {best:.4f}.",
        caption,
    )
