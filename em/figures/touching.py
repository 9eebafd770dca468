"""The lower bound on the coins, along θA: below the log-likelihood, touching it."""

import numpy as np

from em.ask.bound import lower_bound
from em.figures.drawing import INK, Drawing, draw, finish
from em.models import coins
from em.models.coins import Coins, Flips


def touching(flips: Flips, at: Coins, caption: str) -> Drawing:
    """Draw both along the first coin's θ, the bound with the shares of `at`."""
    grid = np.linspace(0.02, 0.98, 97)
    share, height = coins.e_step(flips, at)
    there = [Coins([theta, *at.theta[1:]], at.weights) for theta in grid]
    curve = [coins.e_step(flips, params)[1] for params in there]
    below = [lower_bound(coins, flips, share, params) for params in there]
    top = grid[int(np.argmax(below))]
    figure, axes = draw(2.6)
    axes.plot(grid, curve, color=INK)
    axes.plot(grid, below, color="#2e9e6b", linestyle=(0, (5, 2)))
    axes.plot([at.theta[0]], [height], "o", color=INK)
    axes.set(ylim=(min(curve) - 8, max(curve) + 4), xlabel="θA")
    axes.set(title="log-likelihood (solid), bound (dashed)")
    alt = f"""A solid curve, the log-likelihood over the first coin's θ, and a
        dashed arch below it that touches it at {at.theta[0]:.2f}, where it is
        {height:.2f}, and has its top near {top:.2f}."""
    return finish(figure, alt, caption)
