"""Five reads to cut among three transcripts, to play with."""

import em
from em.figures import transcripts as draw
from em.figures.live import Live, live
from em.kinds.read_classes import Classes
from em.models import transcripts
from em.models.transcripts import Abundances

MEMBERS = [[0, 1, 2], [0, 1], [0, 2], [1, 2], [0]]  # 0 is red, 1 green, 2 blue


def reads_live() -> Live:
    """Return Pachter's five reads, from a third of each transcript."""
    five = Classes(members=MEMBERS, counts=[1] * 5, lengths=[1, 1, 1])
    fit = em.fit(transcripts, five, Abundances([1 / 3] * 3))
    red, green, blue = fit.params.alpha / fit.params.alpha.sum()
    return live(
        "reads",
        members=MEMBERS,
        counts=[1] * 5,
        lengths=[1, 1, 1],
        alpha=[1 / 3] * 3,
        program={"abundance": "alpha"},
        still=draw.sharing(
            five, [fit.steps[0], fit.steps[-1]], "The five reads."
        ),
        told=f"The guess, a third of each, and after {len(fit.steps) - 1} steps: "
        f"red {red:.4f}, green {green:.4f}, blue {blue:.4f}.",
        caption="""Each row is one read; dots mark a transcript that it does not fit.
            Drag the abundances, or press a cell to say that a read fits.""",
    )
