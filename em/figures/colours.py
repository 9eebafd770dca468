"""The colours of components, by day and by night."""

from functools import cache
from itertools import combinations

import numpy as np
from matplotlib.colors import to_hex, to_rgb

# Drawn in this ink, shown in the colour of the text around: light or dark.
INK = "#010203"
# A component keeps its colour through the whole site, and differs in more than that.
COLOURS = ("#c8323f", "#1f4fa8", "#1c7a50", "#96590b", "#7a45bd", "#66696f")
# The same on dark paper. (The site's style sheet has both, too.)
NIGHT = ("#ff7b85", "#a3c8ff", "#5fcf9c", "#e3ad55", "#c5a0ff", "#a3a7ad")
NAMES = "abcdef"
PAPER = "#ffffff"


@cache
def in_css(colour: str) -> str:
    """Return a colour as a style sheet has it: one that follows the page's mode."""
    if colour in (INK, "#000000"):
        return "currentColor"
    if colour == PAPER:
        return f"var(--em-paper,{PAPER})"
    if colour in COLOURS:
        return f"var(--em-{NAMES[COLOURS.index(colour)]},{colour})"
    return f"light-dark({colour},{at_night(colour)})"


def at_night(colour: str) -> str:
    """Return what a colour becomes on dark paper.

    A mixture of two components' colours is the same mixture of their colours by
    night; any other colour is mixed with white.
    """
    rgb = np.array(to_rgb(colour))
    day, night = (
        np.array([to_rgb(name) for name in names]) for names in (COLOURS, NIGHT)
    )
    for i, j in combinations(range(len(day)), 2):
        along = day[j] - day[i]
        share = ((rgb - day[i]) @ along / (along @ along)).clip(0, 1)
        if np.abs(day[i] + share * along - rgb).max() < 0.01:
            return named(night[i] + share * (night[j] - night[i]))
    return named(rgb + 0.4 * (1 - rgb))


def named(rgb: np.ndarray) -> str:
    """Return a colour, shape (3,), as in "#c8323f"."""
    red, green, blue = rgb.clip(0, 1)
    return to_hex((red, green, blue))
