"""A trellis: days side by side, states below each other, and the sums along it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from em.figures.drawing import COLOURS, INK, Drawing, draw, finish, plain

GREY = "#808080"


def trellis(
    seen: Sequence[str], states: Sequence[str], sums: Sequence[np.ndarray]
) -> list[Drawing]:
    """Draw two states over some days, frame by frame: forward, backward, together.

    `sums` are the chances of what was seen, forward, backward, and the shares,
    each (n, 2).
    """
    chances, alpha, beta, shares = sums
    days = range(len(seen))
    frames = [frame(seen, states, chances, None, "chance of what was sold")]
    for day in days:
        known = np.where(np.arange(len(seen))[:, None] <= day, alpha, np.nan)
        into = day - 1 if day else None
        frames.append(frame(seen, states, known, into, "forward"))
    for day in reversed(days):
        known = np.where(np.arange(len(seen))[:, None] >= day, beta, np.nan)
        back = day if day < len(seen) - 1 else None
        frames.append(frame(seen, states, known, back, "backward"))
    frames.append(frame(seen, states, shares, None, "shares"))
    return frames


def frame(
    seen: Sequence[str],
    states: Sequence[str],
    values: np.ndarray,
    used: int | None,
    title: str,
) -> Drawing:
    """Draw values (n, 2) in the nodes, NaN for none; mark the moves after day `used`."""
    figure, axes = draw(2.7)
    for day in range(len(seen) - 1):
        for i in (0, 1):
            for j in (0, 1):
                move(axes, day, i, j, day == used)
    for day, pair in enumerate(values):
        for i, value in enumerate(pair):
            axes.scatter(
                [day],
                [-i],
                s=3000,
                facecolor="white",
                edgecolor=COLOURS[i],
                linewidth=2.2 if np.isfinite(value) else 1,
                zorder=3,
            )
            if np.isfinite(value):
                axes.text(
                    day, -i, say(value), ha="center", va="center", zorder=4
                )
        axes.text(day, -1.52, seen[day], ha="center", va="center")
    for i, name in enumerate(states):
        axes.text(-0.36, -i, name, ha="right", va="center")
    axes.set(xlim=(-0.8, len(seen) - 0.7), ylim=(-1.7, 0.42), title=title)
    plain(axes, "left", "bottom")
    told = "; ".join(
        f"{day}: "
        + ", ".join(
            f"{name} {say(value)}"
            for name, value in zip(states, pair, strict=True)
        )
        for day, pair in zip(seen, values, strict=True)
        if np.isfinite(pair).all()
    )
    alt = f"""Two rows of circles, {" and ".join(states)}, one column a day, and arrows from each
        circle to both of the next day. In the circles, {title}: {told}."""
    return finish(figure, alt, title)


def move(axes: Axes, day: int, i: int, j: int, used: bool) -> None:
    """Draw the move from state i to state j after a day, bold where it is used."""
    slant = (j - i) * 0.3  # the arrows leave and reach the edge of a circle
    axes.annotate(
        "",
        (day + 0.7, -j + slant),
        (day + 0.3, -i - slant),
        arrowprops={
            "arrowstyle": "->",
            "color": INK if used else GREY,
            "linewidth": 2.2 if used else 0.9,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )


def say(value: float) -> str:
    """Say a number with a digit or more, never as a power of ten."""
    digits = 3 if value >= 0.01 or value == 0 else 4 if value >= 0.001 else 5
    return f"{value:.{digits}f}"
