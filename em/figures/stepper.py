"""A figure that steps: a run of EM as frames, with a slider and a play button.

The page brings the frames, all drawn when it was built; `docs/assets/figures.js`
shows one at a time. Without JavaScript the first and the last frame are shown.
"""

import html
from collections.abc import Sequence
from typing import NamedTuple

from em.figures.drawing import Drawing


class Stepper(NamedTuple):
    """The frames, a line for each that tells its numbers, and a caption."""

    frames: Sequence[Drawing]
    told: Sequence[str]
    caption: str

    def _repr_html_(self) -> str:
        last = len(self.frames) - 1
        # Without our style sheet and script, as in a notebook: first and last frame.
        frames = "\n".join(
            f'<div class="frame" data-step="{number}"{hidden(0 < number < last)}>'
            f"{frame.svg(number, digits=1)}"
            f'<p class="told">{html.escape(line, quote=False)}</p></div>'
            for number, (frame, line) in enumerate(
                zip(self.frames, self.told, strict=True)
            )
        )
        controls = (
            f'<div class="controls"{hidden(True)}>'
            '<button type="button" class="back">Back</button>'
            '<button type="button" class="next">Next</button>'
            '<button type="button" class="play">Play</button>'
            f'<input type="range" min="0" max="{last}" value="0" step="1" '
            f'aria-label="Step, 0 to {last}" '
            f'aria-valuetext="{html.escape(self.told[0])}">'
            '<select aria-label="Speed"><option value="1400">slow</option>'
            '<option value="700" selected>normal</option>'
            '<option value="250">fast</option></select>'
            '<a class="link" href="#">Link to this step</a>'
            '<span class="hidden-words" role="status"></span></div>'
        )
        caption = html.escape(self.caption, quote=False)
        return (
            f'<figure class="stepper">\n{frames}\n{controls}\n'
            f"<figcaption>{caption}</figcaption></figure>"
        )


def hidden(is_hidden: bool) -> str:
    """Give the attribute that hides an element where there is no style sheet."""
    return ' style="display:none"' if is_hidden else ""


def stepper(
    frames: Sequence[Drawing], told: Sequence[str], caption: str
) -> Stepper:
    """Give a figure that steps through `frames`, with a line `told` for each.

    Draw the frames with the same limits, so that nothing but the run moves.
    Raises ValueError for fewer than two frames, for another number of lines,
    and for a line or a caption that is empty.
    """
    if len(frames) < 2:
        raise ValueError(f"{len(frames)} frames: expected two or more")
    if len(told) != len(frames):
        raise ValueError(f"{len(told)} lines for {len(frames)} frames")
    if not caption.strip() or not all(line.strip() for line in told):
        raise ValueError("each frame needs a line, and the figure a caption")
    return Stepper(frames, told, " ".join(caption.split()))
