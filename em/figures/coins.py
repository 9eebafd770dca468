"""Figures of the coins: sequences, likelihoods, and how they are shared out."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from em import Step, run
from em.figures.drawing import (
    COLOURS,
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
from em.models import coins
from em.models.coins import Coins, Flips
from em.numbers.arrays import Array


def sequences(
    texts: Sequence[str], shares: np.ndarray, caption: str, labels: str = ""
) -> Drawing:
    """Draw sequences flip by flip: heads filled, tails hollow, in their coins' colours.

    `shares`, shape (n, k), gives the colour of each sequence; `labels` a letter each.
    """
    figure, axes = draw(height=0.32 * len(texts) + 0.35)
    for row, (text, colour) in enumerate(
        zip(texts, blend(shares), strict=True)
    ):
        heads = np.array([letter == "H" for letter in text])
        for filled, at in ((colour, heads), ("none", ~heads)):
            axes.scatter(
                np.flatnonzero(at),
                np.full(at.sum(), -row),
                s=26,
                facecolor=filled,
                edgecolor=colour,
                linewidth=1,
                marker=MARKERS[int(shares[row].argmax())] if labels else "o",
            )
        axes.text(
            -1.2, -row, labels[row : row + 1] or "?", ha="right", va="center"
        )
    axes.set(ylim=(-len(texts) + 0.5, 0.5), xlim=(-3, max(map(len, texts))))
    plain(axes, "left", "bottom")
    rows = "; ".join(
        f"{text.count('H')} heads and {text.count('T')} tails, "
        + (f"coin {labels[row]}" if labels else "coin unknown")
        for row, text in enumerate(texts)
    )
    alt = f"{len(texts)} rows of flips, heads filled and tails hollow: {rows}."
    return finish(figure, alt, caption)


def likelihoods(flips: Flips, caption: str) -> Drawing:
    """Draw the likelihood of each sequence (or pile of flips) over θ, peak at 1."""
    theta = np.linspace(0.001, 0.999, 200)
    log_likelihoods = coins.log_likelihoods(flips, Coins(theta))
    peaks = flips.heads / (flips.heads + flips.tails)
    figure, axes = draw()
    for k, curve in enumerate(log_likelihoods):
        axes.plot(theta, np.exp(curve - curve.max()), **style(k))
        axes.plot([peaks[k], peaks[k]], [0, 1], color=COLOURS[k], linewidth=0.8)
        axes.annotate(
            f"{NAMES[k]}: {peaks[k]:.3f}",
            (peaks[k], 1.03),
            ha="center",
            va="bottom",
        )
    axes.set(xlabel="θ, the chance of heads", ylim=(0, 1.2), xlim=(0, 1))
    axes.set(ylabel="likelihood / its peak", yticks=[0, 0.5, 1])
    alt = f"""One hump over theta from 0 to 1 for each coin, each scaled to a height of 1.
        The peaks stand at {words(peaks, 3)}."""
    return finish(figure, alt, caption)


def split(flips: Flips, responsibilities: np.ndarray, caption: str) -> Drawing:
    """Draw each sequence's heads and tails as bars, cut by responsibility."""
    figure, (left, right) = draw(
        0.34 * len(flips.heads) + 0.9, 1, 2, sharey=True
    )
    rows = -np.arange(len(flips.heads))
    for axes, counts, title in (
        (left, flips.heads, "heads"),
        (right, flips.tails, "tails"),
    ):
        begin = np.zeros(len(counts))
        for k, share in enumerate(responsibilities.T):
            pale = k % 2 == 1
            axes.barh(
                rows,
                share * counts,
                left=begin,
                height=0.66,
                facecolor=(COLOURS[k], 0.25 if pale else 1),
                edgecolor=COLOURS[k],
            )
            for row, part in enumerate(share * counts):
                if part > 0.12 * counts.max():
                    middle = (begin[row] + part / 2, -row)
                    place = {"ha": "center", "va": "center"}
                    ink = INK if pale else "white"
                    axes.text(*middle, f"{part:.1f}", **place, color=ink)
            begin += share * counts
        axes.set(title=title, xticks=[])
        plain(axes, "left", "bottom")
    for row, share in enumerate(responsibilities[:, 0]):
        left.text(-0.4, -row, f"{share:.2f} A", ha="right", va="center")
    rest = "; ".join(
        f"sequence {row + 1}: {share:.2f} to A, {1 - share:.2f} to B"
        for row, share in enumerate(responsibilities[:, 0])
    )
    alt = f"""Two columns of bars, heads and tails, a row for each sequence. Every bar is
        cut in two: A's share and B's share. {rest}."""
    return finish(figure, alt, caption)


def frames(flips: Flips, taken: Sequence[Step[Coins, Array]]) -> list[Drawing]:
    """Draw each step by itself: where the coins stand, and who leans to which."""
    flipped = flips.heads + flips.tails
    share = flips.heads / flipped
    rows = -np.arange(len(share))
    drawn = []
    for number, step in enumerate(taken):
        figure, axes = draw(2.4)
        for k, theta in enumerate(step.params.theta):
            axes.axvline(theta, ymax=0.9, **style(k))
            axes.text(theta, 0.75, NAMES[k], ha="center", color=COLOURS[k])
        colours = blend(step.posterior)
        axes.scatter(
            share, rows, s=3 * flipped, c=colours, linewidth=0, zorder=3
        )
        for row, a in enumerate(step.posterior[:, 0]):
            axes.text(1.04, -row, f"{a:.2f} A", va="center")
        axes.set(xlim=(-0.03, 1.2), ylim=(rows[-1] - 0.6, 1.2))
        axes.set(xlabel="θ, and each sequence's share of heads")
        axes.set_xticks(np.linspace(0, 1, 6))
        plain(axes, "left")
        alt = f"""Step {number}: the coins stand at theta {words(step.params.theta, 3)}.
            Five dots, one for each sequence at its share of heads, coloured by
            responsibility; coin A's are
            {", ".join(f"{a:.2f}" for a in step.posterior[:, 0])}."""
        drawn.append(finish(figure, alt, f"Step {number}"))
    return drawn


def history(
    flips: Flips, start: Coins, steps: int, caption: str, **held: Any
) -> Drawing:
    """Draw θ and the responsibilities of the first coin over the steps."""
    taken = list(islice(run(coins, flips, start, **held), steps + 1))
    theta = np.array([step.params.theta for step in taken])
    shares = np.array([step.posterior[:, 0] for step in taken])
    figure, (top, bottom) = draw(4.2, 2, 1, sharex=True)
    for k, path in enumerate(theta.T):
        top.plot(path, marker=MARKERS[k], markersize=4, **style(k))
        top.text(
            steps + 0.2, path[-1], f"{NAMES[k]} {path[-1]:.3f}", va="center"
        )
    top.set(
        title="θ, the chance of heads",
        ylim=(-0.03, 1.03),
        xlim=(0, steps + 1.6),
    )
    ending: dict[float, list[str]] = {}  # sequences that end together
    for number, path in enumerate(shares.T, start=1):
        ends = np.column_stack([path[-1:], 1 - path[-1:]])
        bottom.plot(path, color=blend(ends)[0], marker=".", linewidth=1.2)
        level = round(float(path[-1]), 1)
        ending.setdefault(level, []).append(str(number))
    for level, numbers in ending.items():
        bottom.text(steps + 0.2, level, ", ".join(numbers), va="center")
    bottom.set(title="responsibility of A for each sequence", xlabel="step")
    bottom.set(ylim=(-0.05, 1.05))
    alt = f"""Two panels over steps 0 to {steps}. Above, theta moves from
        {words(theta[0])} to {words(theta[-1], 3)}. Below, the responsibility of A for each
        sequence, ending at {", ".join(f"{share:.2f}" for share in shares[-1])}."""
    return finish(figure, alt, caption)
