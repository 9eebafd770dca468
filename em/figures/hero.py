"""The picture on the first page and in the README: two bells, twenty steps."""

import sys
from itertools import islice

import numpy as np

from em import run
from em.figures.drawing import Drawing
from em.figures.normals import twenty
from em.models import normals
from em.models.normals import Normals


def hero(caption: str) -> Drawing:
    """Draw twenty steps on the forty points of the tutorial.

    The points are those of the notebooks at github.com/ajcr/em-explanation,
    and so is the idea of the picture.
    """
    random = np.random.RandomState(110)  # the legacy generator defines them
    x = np.concatenate([random.normal(3, 0.8, 20), random.normal(7, 2, 20)])
    start = Normals([1.1, 9], [2, 1.7])
    steps = list(islice(run(normals, x, start, fixed="weights"), 21))
    return twenty(x, steps, caption)


if __name__ == "__main__":
    hero("Twenty steps of EM").save(sys.argv[1])
