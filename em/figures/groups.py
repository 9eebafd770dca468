"""Figures of groups in the plane: ellipses, colours, criteria, climbs."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from em import Fit, Step
from em.figures.drawing import (
    COLOURS,
    MARKERS,
    NAMES,
    Drawing,
    blend,
    draw,
    finish,
    style,
    words,
)
from em.figures.normals import bells, name
from em.models.gaussians import Gaussians
from em.models.normals import Normals
from em.numbers.arrays import Array

LABELS = {"xlabel": "eruption, minutes", "ylabel": "waiting, minutes"}


def cloud(axes: Axes, x: np.ndarray, shares: np.ndarray) -> None:
    """Draw the points in mixed colours, each in the shape of its main group."""
    owner = shares.argmax(axis=1)
    for k in np.unique(owner):
        mine = owner == k
        axes.scatter(
            x[mine, 0],
            x[mine, 1],
            c=blend(shares[mine].round(2)),
            marker=MARKERS[k],
            s=13,
            alpha=0.6,
            linewidth=0,
        )


def ellipses(axes: Axes, gaussians: Gaussians) -> None:
    """Draw each group's ellipse, two standard deviations wide, and its letter.

    It holds 86 per cent of the group (1 − e⁻²).
    """
    turn = np.linspace(0, 2 * np.pi, 61)
    circle = 2 * np.array([np.cos(turn), np.sin(turn)])
    roots = np.linalg.cholesky(gaussians.covariances)
    for k, (mean, root) in enumerate(zip(gaussians.means, roots, strict=True)):
        axes.plot(*(mean[:, None] + root @ circle), **style(k))
        axes.text(
            mean[0], mean[1], NAMES[k], ha="center", va="center", weight="bold"
        )


def histogram(x: np.ndarray, normals: Normals, caption: str) -> Drawing:
    """Draw a histogram of one column under the bells of a fit."""
    figure, axes = draw(2.6)
    axes.hist(
        x, bins=range(40, 101, 3), density=True, color="#8888", rwidth=0.9
    )
    bells(axes, np.linspace(40, 100, 121), normals)
    name(axes, normals)
    axes.set(xlabel="waiting, minutes", ylabel="density", ylim=(0, 0.052))
    alt = f"""A histogram of {len(x)} waiting times with two humps, and a bell over each:
        means {words(normals.means)}, standard deviations {words(normals.stds)}."""
    return finish(figure, alt, caption)


def frames(
    x: np.ndarray, taken: Sequence[Step[Gaussians, Array]]
) -> list[Drawing]:
    """Draw each step by itself, all to one scale, for a figure that steps."""
    drawn = []
    for number, step in enumerate(taken):
        figure, axes = draw(3.2)
        cloud(axes, x, step.posterior)
        ellipses(axes, step.params)
        axes.set(xlim=(0.8, 5.9), ylim=(36, 104), **LABELS)
        alt = f"""Step {number}: points coloured by responsibility under an ellipse for
            each group. Mean eruptions {words(step.params.means[:, 0])}; mean waits
            {words(step.params.means[:, 1])}."""
        drawn.append(finish(figure, alt, f"Step {number}"))
    return drawn


def shapes(
    x: np.ndarray, fits: Mapping[str, Fit[Gaussians, Array]], caption: str
) -> Drawing:
    """Draw the same points under the ellipses of each shape."""
    figure, panels = draw(4.6, 2, 2, sharex=True, sharey=True)
    for axes, (shape, fit) in zip(panels.flat, fits.items(), strict=True):
        axes.scatter(x[:, 0], x[:, 1], color="#888888", s=4, linewidth=0)
        ellipses(axes, fit.params)
        axes.set(title=shape, xlim=(0.9, 5.8), ylim=(38, 102))
    for axes in panels[1]:
        axes.set(xlabel=LABELS["xlabel"])
    for axes in panels[:, 0]:
        axes.set(ylabel=LABELS["ylabel"])
    told = "; ".join(
        f"{shape}, log-likelihood {fit.log_likelihood:.2f}"
        for shape, fit in fits.items()
    )
    alt = f"""Four panels of the same points, each with two ellipses: {told}. Full: two
        slanted ellipses. Tied: two of one size and slant. Diagonal: upright ellipses.
        Spherical: circles, if the axes had one scale, that run out of the frame on both
        sides."""
    return finish(figure, alt, caption)


def criteria(
    scores: Mapping[str, Mapping[str, np.ndarray]], caption: str
) -> Drawing:
    """Draw each criterion over 1, 2 ... groups, a line for each shape."""
    figure, panels = draw(3.3, 1, len(scores), sharey=True)
    told = []
    for axes, (criterion, of_shape) in zip(panels, scores.items(), strict=True):
        lowest = min(values.min() for values in of_shape.values())
        for k, (shape, values) in enumerate(of_shape.items()):
            groups = np.arange(1, len(values) + 1)
            axes.plot(
                groups,
                values - lowest,
                marker=MARKERS[k],
                markersize=5,
                label=shape,
                **style(k),
            )
            best = int(values.argmin())
            told.append(
                f"{criterion}, {shape}: lowest {values[best]:.2f} at {best + 1} groups"
            )
        axes.set(title=f"{criterion} above its lowest", xlabel="groups")
        axes.set(xticks=groups, ylim=(-4, 100))
    lines, names = panels[0].get_legend_handles_labels()
    figure.legend(
        lines, names, loc="outside upper center", ncols=4, frameon=False
    )
    alt = f"""{len(scores)} panels of curves over the number of groups, one for each
        shape. {"; ".join(told)}."""
    return finish(figure, alt, caption)


def climbs(fit: Fit[Gaussians, Array], early: int, caption: str) -> Drawing:
    """Draw the log-likelihood over the steps, and where it was stopped early."""
    figure, axes = draw(2.9)
    climb = fit.log_likelihoods
    axes.plot(np.arange(1, len(climb)), climb[1:], **style(0))
    axes.plot([early], [climb[early]], MARKERS[0], color=COLOURS[0])
    axes.annotate(
        f"stopped:\nstep {early}, −{-climb[early]:.3f}",
        (early, climb[early]),
        (0, -32),
        textcoords="offset points",
        ha="center",
        fontsize=9.5,
    )
    axes.set(xscale="log", xlabel="step", ylabel="log-likelihood")
    axes.set(ylim=(-1149, -1121))
    top = fit.log_likelihood
    axes.text(len(climb), top + 0.9, f"settled: −{-top:.3f}", ha="right")
    axes.set_xticks([1, 10, 100, 1000], ["1", "10", "100", "1000"])
    alt = f"""The log-likelihood over the steps, one curve. It rises, stands nearly
        still, and rises again. Stopped after step {early} at {climb[early]:.3f}, settled
        after step {len(climb) - 1} at {climb[-1]:.3f}."""
    return finish(figure, alt, caption)
