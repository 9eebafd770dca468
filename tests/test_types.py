"""Types that a checker uses: mypy on snippets, as a reader writes them."""

import subprocess
import sys

import pytest
from conftest import ROOT

TOP = """
from typing import NamedTuple
import numpy as np
from numpy.typing import NDArray
import em
from em.models import coins, gaussians, normals, poissons
from em.models.coins import Coins, Flips
from em.models.normals import Normals

x = np.zeros(3)
flips = Flips([1, 2], [2, 1])
start = Normals([0, 1], [1, 1])

class Own(NamedTuple):
    mean: NDArray[np.float64]

class Model:
    @staticmethod
    def e_step(data: list[float], own: Own) -> tuple[None, float]:
        return None, 0.0

    @staticmethod
    def m_step(data: list[float], posterior: None, floor: float = 0) -> Own:
        return Own(np.zeros(1))
"""

GOOD = {
    "em.fit(normals, x, start).params.means": "numpy.ndarray",
    "em.fit(normals, x, start).params": "em.models.normals.Normals",
    "em.fit(normals, x, start).posterior": "numpy.ndarray",
    "em.fit(normals, [1, 2], start, min_std=0.1).log_likelihood": "float",
    "em.fit(normals, x, start).steps[0].params.stds": "numpy.ndarray",
    "em.fit(coins, flips, Coins([0.5])).params.theta": "numpy.ndarray",
    "next(em.run(coins, flips, Coins([0.5]))).params": "em.models.coins.Coins",
    "em.best_of(normals, x, [start]).fit.params": "em.models.normals.Normals",
    "em.best_of(normals, x, [start]).fit.params.means": "numpy.ndarray",
    "em.best_of(normals, x, [start]).ends[0]": (
        "em.fits.Step[em.models.normals.Normals, "
    ),
    "em.fit(Model(), [1.0], Own(x)).params.mean": "numpy.ndarray",
    "em.fit(Model(), [1.0], Own(x), floor=1).posterior": "None",
    "em.lower_bound(coins, flips, [[1.0]], Coins([0.5]))": "float",
    "em.data('earthquakes.csv')": "pathlib",
}

# ("misc": no Params is that of both model and start.)
BAD = {
    "em.fit(3, None, 'x')": "arg-type",
    "em.fit(coins, flips, start)": "misc",
    "em.fit(normals, x, Coins([0.5]))": "misc",
    "em.fit(normals, x, 0.5)": "misc",
    "em.run(gaussians, [[1.0]], start)": "misc",
    "em.best_of(normals, x, [Coins([0.5])])": "misc",
    "em.fit(normals, x, start).params.means.no_such_thing": "attr-defined",
    "em.fit(normals, x, start).params.rates": "attr-defined",
    "em.fit(normals, x, start, tol='small')": "arg-type",
    "em.fit(normals, x, start).nothing": "attr-defined",
    "em.fit(np, x, start)": "arg-type",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Give what mypy says, line by line, of all snippets at once."""
    lines = [f"reveal_type({snippet})" for snippet in GOOD] + list(BAD)
    path = tmp_path_factory.mktemp("types") / "snippets.py"
    path.write_text(TOP + "\n".join(lines) + "\n", encoding="utf-8")
    # By the project's settings, so that what mypy knows of NumPy need not be found anew.
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", path],
        cwd=ROOT,
        env={"MYPYPATH": f"{ROOT}:{ROOT / 'docs/site'}"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    first = TOP.count("\n") + 1
    return {
        snippet: "\n".join(
            line for line in found if f"snippets.py:{first + i}:" in line
        )
        for i, snippet in enumerate([*GOOD, *BAD])
    }


@pytest.mark.parametrize(("snippet", "kind"), GOOD.items())
def test_a_type_checker_knows_what_comes_out(told, snippet, kind):
    assert f'note: Revealed type is "{kind}' in told[snippet]
    assert "error:" not in told[snippet]


@pytest.mark.parametrize(("snippet", "code"), BAD.items())
def test_a_type_checker_refuses_what_em_refuses(told, snippet, code):
    assert f"[{code}]" in told[snippet]
