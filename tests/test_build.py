"""What must stop a build: each fault is made once, on a site of one page."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import ROOT, build

HEADER = """\
# ---
# title: Start
# order: 1
# question: What?
# description: A page to break.
# ---

# %% [markdown]
# # Start
#
"""
FIGURE = """
# %% tags=["hide"]
from em.figures.hero import hero
hero("Twenty steps.")
"""


@pytest.fixture
def one_page(tmp_path: Path):
    """Give a function that builds the site with one page, and how it went."""
    source = tmp_path / "source"
    for name in ("em", "docs/site", "docs/assets"):
        shutil.copytree(
            ROOT / name,
            source / name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    for name in ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)

    def made(page: str, header: str = HEADER):
        (source / "docs/index.py").write_text(header + page, encoding="utf-8")
        target = tmp_path / "site"
        result = build(target, "http://127.0.0.1:8000/", source)
        page = target / "index.html"
        result.html = page.read_text("utf-8") if page.exists() else ""
        return result

    made.source = source
    return made


def test_a_sound_page_is_built_as_it_was_written(one_page):
    made = one_page(
        "# Words, $\\theta < 1$, and [a link](index.py#start).\n"
        "\n# %%\na, b, c = 1, 2, 3\nprint('x &amp; y', a <b >c, 1 < 2 & 3)\n"
        + FIGURE
    )
    assert made.returncode == 0, made.stderr
    text = re.sub("<[^>]+>", "", made.html)
    assert "a &lt;b &gt;c, 1 &lt; 2 &amp; 3" in text
    assert "x &amp;amp; y" in text
    assert "<math><mi>θ</mi>" in made.html
    assert 'role="img" aria-label="Two bell curves' in made.html
    assert (
        'href="index.html#start"' in made.html or 'href="#start"' in made.html
    )


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("\n# %%\n1 / 0\n", "ZeroDivisionError"),
        ('\n# %% tags=["hide"]\nassert 1 + 1 == 3\n', "AssertionError"),
        ("# [dead](nowhere.py)\n", "nowhere.py"),
        ("# [dead](index.py#nowhere)\n", "no such anchor"),
        ("# $\\notacommand$\n", "cannot set the formula"),
        ("# $$\\frac{1}$$\n", "cannot set the formula"),
        ("# ![](assets/favicon.svg)\n", "no alternative text"),
        ("# <figure><svg></svg></figure>\n", "no alternative text"),
        (
            "\n# %%\nfrom em.figures.drawing import draw, finish\n"
            'finish(draw()[0], "", "A caption.")\n',
            "needs alternative text and a caption",
        ),
        (
            "\n# %%\nfrom em.figures.drawing import draw, finish\n"
            'finish(draw()[0], "What is to be seen.", " ")\n',
            "needs alternative text and a caption",
        ),
        (
            "\n# %%\nfrom matplotlib import pyplot\npyplot.plot([1, 2])\n"
            "pyplot.show()\n",
            "a cell shows what no page can",
        ),
        ("\n# %%\n1 + 1\n", "a cell shows what no page can"),
        (
            "\n# %%\nimport warnings\nwarnings.warn('careful')\n",
            "a cell shows what no page can",
        ),
        (
            "\n# %%\nimport em\nfrom types import SimpleNamespace\n"
            "from em import coins\n"
            "def wrong(flips, r):\n"
            "    return coins.Coins([0.1, 0.2])\n"
            "bad = SimpleNamespace(**{**vars(coins), 'm_step': wrong})\n"
            "em.fit(bad, coins.Flips([5, 9], [5, 1]), coins.Coins([0.4, 0.9]))\n",
            "FellError",
        ),
    ],
)
def test_a_fault_stops_the_build(one_page, page, message):
    made = one_page(page)
    assert made.returncode != 0
    assert message in made.stderr + made.stdout


def test_what_a_cell_prints_is_one_block_however_slowly_it_comes(one_page):
    made = one_page(
        "\n# %%\nimport time\nfor i in range(3):\n"
        "    print('line', i, flush=True)\n    time.sleep(0.4)\n"
    )
    assert made.returncode == 0, made.stderr
    assert made.html.count("output no-copy highlight") == 1
    assert "line 0\nline 1\nline 2\n" in re.sub("<[^>]+>", "", made.html)


def test_a_page_without_its_header_stops_the_build(one_page):
    made = one_page("", HEADER.replace("# question: What?\n", ""))
    assert made.returncode != 0
    assert "its header lacks ['question']" in made.stderr


def test_a_change_in_the_package_changes_the_figures_of_the_next_build(
    one_page,
):
    before = one_page(FIGURE)
    module = one_page.source / "em/models/normals.py"
    text = module.read_text("utf-8")
    module.write_text(text.replace("x @ resp", "0.9 * x @ resp"), "utf-8")
    after = one_page(FIGURE)
    figures = [
        re.search("<figure>.*?</figure>", made.html, re.DOTALL)
        for made in (before, after)
    ]
    assert all(figures)
    assert figures[0][0] != figures[1][0]
