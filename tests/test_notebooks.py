"""Each page's notebook, as it is downloaded, run anew: it says what the page says."""

import ast
import asyncio
import json
import os
import shutil
import sysconfig
import venv
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from conftest import ROOT
from execute import foundation, kept, key, read
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from prepare import as_markdown, joined, printed
from reading import (
    EXECUTED,
    PASTE,
    SKELETON,
    file_of,
    fresh,
    outputs,
    own,
    programs,
    shown,
)

# Runs before a page's first cell. A warning is a failure. The reader runs what the
# page hides (it draws the figures) with what it shows; but here the blocks that are
# seen see no name that was given behind them, and find what they made as they left it.
BACKSTAGE = """
def part(seen):
    import pickle
    import warnings
    warnings.simplefilter("error")
    warnings.filterwarnings("default", module="ipykernel")
    shell = get_ipython()
    shell.disturbed = []
    names, ours = shell.user_ns, {*shell.user_ns}
    front, behind, left = {}, {}, {}

    def new():
        return [name for name in names if name not in ours and name[0] != "_"]

    def kept():
        found = {}
        for name, value in front.items():
            try:
                found[name] = pickle.dumps(value)
            except Exception:  # a module, a function of the page's own
                found[name] = id(value)
        return found

    def before(cell):
        if cell.raw_cell not in seen:
            return
        for name in new():
            value = names.pop(name)
            if name not in front or value is not front[name]:
                behind[name] = value
        names.update(front)
        now = kept()
        shell.disturbed += [name for name in left if now[name] != left[name]]

    def after(done):
        if done.info.raw_cell not in seen:
            return
        for name in new():
            if name not in front or names[name] is not front[name]:
                behind.pop(name, None)
                front[name] = names[name]
        left.update(kept())
        names.update(behind)

    shell.events.register("pre_run_cell", before)
    shell.events.register("post_run_cell", after)
"""
ASIDE = "import em; print(em.__file__); print(get_ipython().disturbed)"


class Home(NamedTuple):
    """An environment that has all but the package, and where it keeps it."""

    packages: Path
    kernels: Path


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    """Make an environment that has all that ours has, but for the package."""
    home = tmp_path_factory.mktemp("elsewhere")
    venv.create(home, symlinks=True)
    ours = Path(sysconfig.get_path("purelib"))
    theirs = Path(
        sysconfig.get_path(
            "purelib", "venv", {"base": str(home), "platbase": str(home)}
        )
    )
    for entry in ours.iterdir():
        if not entry.name.startswith(("em.", "em_tutorial", "__")):
            (theirs / entry.name).symlink_to(entry)
    made = Home(theirs, home / "kernels")
    kernel = made.kernels / "python3/kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(home / "bin/python"), "-m", "ipykernel_launcher"]
    argv += ["-f", "{connection_file}", "--log-level=40"]
    told = {"argv": argv, "display_name": "Python 3", "language": "python"}
    kernel.write_text(json.dumps(told), encoding="utf-8")
    return made


def run(sources: list[str], home: Home, folder: Path) -> list[NotebookNode]:
    """Run cells in a notebook of that environment; give them with their outputs."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTHON", "JUPYTER", "PIP_"))
    }
    # As the build does: figures are drawn to the last digit.
    environment |= {"PIP_NO_INDEX": "1", "OPENBLAS_NUM_THREADS": "1"}
    specs = KernelSpecManager(kernel_dirs=[str(home.kernels)])
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells),
        km=AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs),
        resources={"metadata": {"path": str(folder)}},
    )
    # In a thread of its own: a browser may have a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(
            lambda: asyncio.run(
                client.async_execute(env=environment, cleanup_kc=True)
            )
        )
        return list(done.result().cells)


def code(name: str, folder: Path) -> list[NotebookNode]:
    """Give the cells of code in a page's notebook, as the link gives it."""
    book = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    return [cell for cell in book.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def installed(site, home, tmp_path_factory) -> Iterator[tuple[Home, str]]:
    """Install the package there by the first cell of a notebook; give that cell."""
    install = code("index", site.folder)[0].source
    assert f"\n%pip install {site.url}" in install
    without = "from importlib.util import find_spec; print(find_spec('em'))"
    folder = tmp_path_factory.mktemp("install")
    before, _, after = run([without, install, without], home, folder)
    assert before.outputs[0].text == "None\n"
    assert str(home.packages) in after.outputs[0].text
    yield home, install
    for place in home.packages.glob("em*"):
        shutil.rmtree(place)


def hidden(cell: NotebookNode) -> bool:
    return bool({"hide", "values"} & {*cell.metadata.get("tags", [])})


def test_what_is_seen_does_without_what_is_hidden(home, tmp_path):
    seen = ["x = [1]; y = 1", "print('z' in globals(), y)", "y = 2"]
    sources = [
        f"{BACKSTAGE}\npart({seen!r})",
        seen[0],
        "x.append(2); y = 3; z = 4",
        seen[1],
        "print(y, z)",
        seen[2],
        "print(y, get_ipython().disturbed)",
    ]
    cells = run(sources, home, tmp_path)
    told = [cell.outputs[0].text for cell in cells if cell.outputs]
    assert told == ["False 1\n", "3 4\n", "2 ['x']\n"]


@pytest.mark.parametrize("name", EXECUTED)
def test_a_notebook_says_what_its_page_says_without_our_package(
    site, name, tmp_path, installed
):
    """All that the page runs is run anew here, and shows the same to the last byte.

    With what the site published, but for the functions that the page shows: these
    are put in the package's place.
    """
    home, install = installed
    first, *downloaded = code(f"{name}-key", site.folder)
    assert first.source == install
    book = read(ROOT / f"docs/{name}.py")
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    article = site.soup(name).article
    seen = [cell.source for cell in cells if not hidden(cell)]
    assert [cell.source for cell in downloaded] == seen
    assert own(article) == "".join(f"{source}\n\n" for source in seen)[:-1]
    functions = [tuple(one) for one in shown(article)]
    begin = (
        f"{PASTE}\npaste({functions!r})\n{BACKSTAGE}\npart({seen!r})\n"
        "del paste, part"
    )
    sources = [begin, *(cell.source for cell in cells), ASIDE]
    _, *anew, aside = run(sources, home, tmp_path)
    where, disturbed = printed(aside).splitlines()
    assert where.startswith(str(home.packages))
    assert disturbed == "[]"
    for cell, done in zip(cells, anew, strict=True):
        done.metadata = cell.metadata
    said = [printed(cell).rstrip() for cell in anew if cell.source in seen]
    assert outputs(article) == "".join(f"{text}\n" for text in said if text)
    cache = ROOT / ".executed_cache"
    before = kept(name, book, cache, key(book, foundation(ROOT)))
    again = nbformat.v4.new_notebook(cells=anew)
    assert as_markdown(name, joined(book, again), {}) == as_markdown(
        name, joined(book, before), {}
    )


def words(name: str, folder: Path) -> str:
    """Give the texts of a page's notebook."""
    book = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    # A backslash keeps a number that ends a sentence from beginning a list.
    return " ".join("\n".join(texts).replace("\\.", ".").split())


def solutions(article: Tag) -> list[Tag]:
    """Give the solutions of a page's exercises."""
    return [
        fold
        for fold in article.find_all("details")
        if fold.summary.get_text() == "Solution"
    ]


@pytest.mark.parametrize("name", EXECUTED)
def test_a_notebook_has_an_empty_cell_for_each_exercise_and_a_key(name, site):
    """What solves it stands in the key alone."""
    article = site.soup(name).article
    plain, key = words(name, site.folder), words(f"{name}-key", site.folder)
    cells = [cell.source for cell in code(name, site.folder)]
    keys = [cell.source for cell in code(f"{name}-key", site.folder)]
    found = solutions(article)
    assert cells.count("") == len(found) >= 2
    assert "" not in keys
    assert "Solution" not in plain
    for solution in found:
        for block in solution.select("div.language-python"):
            if not file_of(block):
                assert block.get_text().strip() in keys
                assert block.get_text().strip() not in cells
        told = [
            " ".join(text.split())
            for paragraph in solution.find_all("p")
            for text in paragraph.find_all(string=True, recursive=False)
        ]
        for text in [text for text in told if len(text) > 20]:
            assert text in key
            assert text not in plain


@pytest.mark.parametrize("name", EXECUTED)
def test_a_notebook_has_nothing_behind_what_the_page_shows(name, site):
    """No check of ours, no figure's code: its pictures, and where it can be played."""
    article = site.soup(name).article
    cells = read(ROOT / f"docs/{name}.py").cells
    seen = [cell.source for cell in cells if not hidden(cell)]
    for book in (name, f"{name}-key"):
        sources = [cell.source for cell in code(book, site.folder)][1:]
        assert {*sources} - {""} <= {*seen}
        for ours in ("assert_allclose", "live(", "stepper(", "em.show"):
            assert ours not in "\n".join(sources)
        text = words(book, site.folder)
        assert "{{" not in text
        assert "markdown>" not in text
        assert "<div" not in text
    soup = BeautifulSoup(text, "html.parser")
    figures = article.select("figure")
    assert len(soup.select("figure")) == len(figures)
    for figure, there in zip(figures, soup.select("figure"), strict=True):
        described = [svg["aria-label"] for svg in figure.select("svg")]
        pictures = [image["alt"] for image in there("img")]
        assert there.figcaption.get_text() == figure.figcaption.get_text()
        if "still" in figure["class"]:
            assert pictures == described[:1]
        else:
            assert pictures == [described[0], described[-1]][: len(described)]
            assert there.a["href"] == f"{site.url}{name}.html"
        for image in there("img"):
            encoded = image["src"].removeprefix("data:image/svg+xml;base64,")
            ElementTree.fromstring(b64decode(encoded))


def tinkered(program: str) -> str:
    """Give a program with one number changed, the first that is no seed."""
    lines = program.splitlines(keepends=True)
    numbers = (
        (node.lineno - 1, node.col_offset, node.end_col_offset, node.value)
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and "random" not in lines[node.lineno - 1]
    )
    line, begin, end, value = min(numbers)
    new = value + 1 if isinstance(value, int) else 1.1 * value
    old = lines[line].encode()  # the offsets count bytes
    lines[line] = (old[:begin] + repr(new).encode() + old[end:]).decode()
    return "".join(lines)


def changed(name: str, folder: Path) -> list[str]:
    """Give the code of a page's notebook, with one number changed in its program."""
    cells = [cell.source for cell in code(name, folder)]
    program = programs(name)[0]
    cells[cells.index(program)] = tinkered(program)
    return cells


def test_one_number_is_changed_where_it_stands():
    program = "import random\nrandom.seed(3)\nθ = [0.5, 2]  # 7\n"
    assert tinkered(program) == program.replace("0.5", "0.55")


@pytest.mark.parametrize("name", SKELETON)
def test_a_notebook_runs_to_its_end_with_another_number(name, site):
    _, *cells = changed(name, site.folder)
    done = fresh("\n\n".join(cells), "ignore")
    assert not done.returncode, done.stderr


def test_so_it_does_in_jupyter(site, installed, tmp_path):
    home, _ = installed
    cells = run(changed("coins", site.folder), home, tmp_path)
    assert any(map(printed, cells))
