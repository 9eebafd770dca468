"""What stands on a page, as tests of pages and of notebooks read it."""

import re
import subprocess
import sys
import tempfile
from typing import NamedTuple

import yaml
from conftest import PAGES, ROOT
from execute import read

# Pages that run, and so have blocks to copy and a notebook to download.
EXECUTED = [name for name in PAGES if (ROOT / f"docs/{name}.py").exists()]


def header(name: str) -> dict[str, object]:
    """Give a page's header."""
    text = next((ROOT / "docs").glob(f"{name}.*")).read_text(encoding="utf-8")
    lines = re.match(r"(?:# )?---\n(.*?)\n(?:# )?---\n", text, re.DOTALL)
    return yaml.safe_load(re.sub("^# ?", "", lines[1], flags=re.M))


def tagged(name: str, tag: str) -> list[str]:
    """Give the code of a page's cells that have a tag."""
    return [
        cell.source
        for cell in read(ROOT / f"docs/{name}.py").cells
        if tag in cell.metadata.get("tags", [])
    ]


def programs(name: str) -> list[str]:
    """Give the programs of a page, which need nothing that stands before them."""
    return tagged(name, "program")


def code(block) -> str:
    return block.code.get_text()


def blocks(page, kind: str):
    """Give the page's blocks: of Python, or of output."""
    return page.select(f"div.{kind}.highlight")


class Shown(NamedTuple):
    """A function of the package that a page shows by its source."""

    module: str
    name: str
    source: str


def file_of(block) -> str | None:
    """Give the file of the package that a block of Python was taken from."""
    fold = block.find_parent("details", class_="source")
    return fold and fold.summary.get_text().partition(" in ")[2]


def shown(page) -> list[Shown]:
    """Give what a page shows of the package, under the name of a file."""
    found = []
    for block in blocks(page, "language-python"):
        if file := file_of(block):
            module = file.removesuffix(".py").replace("/", ".")
            name = re.search(r"^(?:def|class) (\w+)", code(block), re.M)[1]
            assert block.find_parent("details").summary.code.get_text() == name
            found.append(Shown(module, name, code(block)))
    return found


def own(page) -> str:
    """Give the page's own blocks of Python, one after the other."""
    return "\n".join(
        code(block)
        for block in blocks(page, "language-python")
        if not file_of(block)
    )


def outputs(page) -> str:
    return "".join(code(block) for block in blocks(page, "output"))


PASTE = """
def paste(shown):
    import sys
    from inspect import getsourcelines
    from importlib.machinery import PathFinder, SourceFileLoader

    class Loader(SourceFileLoader):
        def exec_module(self, module):
            super().exec_module(module)
            for home, name, source in shown:
                if home == module.__name__:
                    old = getattr(module, name)
                    # On the lines of the old one, so that its source is found.
                    above = "\\n" * (getsourcelines(old)[1] - 1)
                    exec(compile(above + source, module.__file__, "exec"), vars(module))
                    assert getattr(module, name) is not old

    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name in [home for home, _, _ in shown]:
                spec = PathFinder.find_spec(name, path)
                spec.loader = Loader(name, spec.origin)
                return spec

    sys.meta_path.insert(0, Finder)
"""


def fresh(
    source: str, warnings: str = "error"
) -> subprocess.CompletedProcess[str]:
    """Run source in a fresh Python that has the package; give what came out."""
    return subprocess.run(
        [sys.executable, "-W", warnings, "-"],
        input=source,
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def run(source: str) -> str:
    """Run source in a fresh Python; give what it prints."""
    done = fresh(source)
    assert done.returncode == 0, done.stderr
    return done.stdout


# Pages of the kind that lets the reader play, then calculate, then program.
SKELETON = [name for name in EXECUTED if programs(name)]
