"""Each page's notebook, as it is downloaded, run anew: it says what the page says."""

import asyncio
import json
import os
import shutil
import sysconfig
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
from conftest import ROOT
from execute import foundation, kept, key, read
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from prepare import as_markdown, joined, printed
from test_pages import EXECUTED, PASTE, outputs, own, shown

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
    assert install.startswith(f"%pip install {site.url}")
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
    first, *downloaded = code(name, site.folder)
    assert first.source == install
    book = read(ROOT / f"docs/{name}.py")
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    # The values of sentences are no part of the notebook: the build computes them.
    assert [cell.source for cell in downloaded] == [
        cell.source for cell in cells if "values" not in str(cell.metadata)
    ]
    article = site.soup(name).article
    seen = [cell.source for cell in cells if not hidden(cell)]
    assert own(article) == "".join(f"{source}\n\n" for source in seen)[:-1]
    functions = [tuple(one) for one in shown(article)]
    begin = (
        f"{PASTE}\npaste({functions!r})\n{BACKSTAGE}\npart({seen!r})\n"
        "del paste, part"
    )
    sources = [begin, *(cell.source for cell in cells), ASIDE]
    _, *anew, aside = run(sources, home, tmp_path)
    where, disturbed = aside.outputs[0].text.splitlines()
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
