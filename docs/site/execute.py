"""Run the pages' code: by mkdocs-jupyter, on all cores, and only what has changed.

What a page shows depends on its code, on the package, on its data and on the pins. A
hash of all that names the file that keeps a page once it has run; an edited sentence
runs nothing.
"""

import hashlib
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import cache
from importlib.metadata import version
from pathlib import Path

import jupytext
import mkdocs_jupyter.config
import nbformat
from changes import around, begins, is_change, parts, with_change
from jupyter_core.utils import ensure_event_loop
from mkdocs_jupyter.nbconvert2 import nb2html
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from pages import ROOT, PageError
from sentences import evaluation

TEMPLATE = Path(__file__).parent / "template"
PYTHON = {"display_name": "Python 3", "language": "python", "name": "python3"}
# A kernel has nothing to tidy up, and may take seconds to notice that it is to end.
NotebookClient.shutdown_kernel.default_value = "immediate"
# On a busy machine a kernel may take minutes to begin.
NotebookClient.startup_timeout.default_value = 600
# Nothing of the reader's own settings, and no word on how kernels talk to us.
KERNEL = "c.IPKernelApp.log_level = 40\nc.HistoryManager.enabled = False\n"


def read(path: Path) -> nbformat.NotebookNode:
    """Return a page as a notebook, with a cell for the values in each text."""
    return deepcopy(parsed(path, path.read_text(encoding="utf-8")))


@cache
def parsed(path: Path, text: str) -> nbformat.NotebookNode:
    """Return what `read` does; the same for the same text, as while writing."""
    book = jupytext.reads(text, path.suffix)
    lines = iter(begins(text))
    program = ""
    cells = []
    for cell in book.cells:
        if "program" in cell.metadata.get("tags", []):
            program = cell.source
        if cell.cell_type == "code":
            cells.append(cell)
        elif cell.cell_type == "markdown":
            for part in parts(cell.source):
                code = evaluation(part, path.name)
                if is_change(part):
                    new = with_change(program, part, path.name, next(lines))
                    begin, end = around(new)
                    code = [begin, *code, end]
                cells.append(nbformat.v4.new_markdown_cell(part))
                if code:
                    cells.append(values(code))
    for line in lines:
        raise PageError(f"{path.name}, line {line}: a change without an end")
    for number, cell in enumerate(cells):
        cell.id = (
            f"cell-{number}"  # random by default: no two builds would agree
        )
    book.cells = cells
    return book


def values(code: list[str]) -> nbformat.NotebookNode:
    """Return the cell that prints the values of the text above it."""
    return nbformat.v4.new_code_cell(
        "\n".join(code), metadata={"tags": ["values"]}
    )


def foundation(root: Path) -> str:
    """Return a hash of all that every page stands on."""
    files = [path for path in (root / "em").rglob("*") if path.is_file()]
    files += [root / "requirements-site.txt", Path(__file__)]
    digest = hashlib.sha256(sys.version.encode())
    for name in ("numpy", "scipy", "matplotlib"):
        digest.update(version(name).encode())
    for path in sorted(files):
        if path.exists() and "__pycache__" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def key(book: nbformat.NotebookNode, base: str) -> str:
    """Return the name under which a page is kept: its code, on that base."""
    code = [cell.source for cell in book.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join([base, *code]).encode()).hexdigest()[:20]


def execute_all(
    books: dict[str, nbformat.NotebookNode], cache: Path
) -> dict[str, nbformat.NotebookNode | PageError]:
    """Return each page with its outputs, or with what went wrong on it."""
    base = foundation(ROOT)
    profile = cache / "ipython/profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.py").write_text(KERNEL, encoding="utf-8")
    os.environ["IPYTHONDIR"] = str(cache / "ipython")
    # The package of this very tree, whatever else is installed.
    os.environ["PYTHONPATH"] = str(ROOT)
    # Every core has a page of its own: none needs threads, which would wait in turn.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    mkdocs_jupyter.config.settings.templates_dir = str(TEMPLATE)
    # Those that took long the last time go first.
    names = sorted(books, key=lambda name: -lasted(name, cache))
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        done = workers.map(
            lambda name: kept(name, books[name], cache, key(books[name], base)),
            names,
        )
        return dict(zip(names, done, strict=True))


def lasted(name: str, cache: Path) -> float:
    """Return how many seconds a page took when it last ran; many if it never did."""
    last = cache / f"{name}.seconds"
    return float(last.read_text()) if last.exists() else 1e9


def kept(
    name: str, book: nbformat.NotebookNode, cache: Path, key: str
) -> nbformat.NotebookNode | PageError:
    """Return a page that has run: from the cache, or by running it now."""
    path = cache / f"{name}-{key}.json"
    if not path.exists():
        begin = time.perf_counter()
        try:
            text = nbformat.writes(execute(book, cache / f"{name}.ipynb"))
        except CellExecutionError as error:
            trace = re.sub(r"\x1b\[[\d;]*m", "", str(error))
            return PageError(f"{name}: a cell failed\n{trace}")
        for old in cache.glob(f"{name}-*.json"):
            old.unlink(missing_ok=True)
        write(path, text)
        write(cache / f"{name}.seconds", f"{time.perf_counter() - begin:.2f}")
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)


def execute(book: nbformat.NotebookNode, path: Path) -> nbformat.NotebookNode:
    """Return a notebook with its outputs; CellExecutionError where a cell fails."""
    book.metadata = nbformat.from_dict({"kernelspec": PYTHON})
    write(path, nbformat.writes(book))
    try:
        page = nb2html(
            str(path), execute=True, kernel_name="python3", allow_errors=False
        )
    finally:
        ensure_event_loop().close()  # each thread gets one, and nobody closes it
    found = re.search("<pre>(.*?)</pre>", page, re.DOTALL)
    assert found, "the template writes one <pre>"
    return nbformat.reads(found[1], as_version=4)


def write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all, whoever else writes it now."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
