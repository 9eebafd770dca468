"""Blocks of Python that run where they stand: what the build has to say of them.

The reader's browser does the rest, with the scripts in docs/assets/python. The list in
pyodide.json names each file of Pyodide's that it may fetch; nothing is run that is not,
byte for byte, what the tests ran.
"""

import hashlib
import html
import io
import json
import re
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from mkdocs.exceptions import PluginError
from pages import ROOT
from prepare import Prepared
from pyodide import FILES, checked, sums
from scripts import bundle, served
from wheel import wheel, wheel_name

SOURCES = ROOT / "docs" / "assets" / "python"
# Where a site that brings Pyodide along has it.
OWN = "assets/pyodide/"
BLOCK = re.compile(
    r'<div class="language-python highlight">(.*?)</pre></div>', re.DOTALL
)
SOURCE = re.compile(r'<details class="source".*?</details>', re.DOTALL)
IN_BROWSER = sys.stdlib_module_names | {
    "attr",
    "attrs",
    "em",
    "matplotlib",
    "numpy",
    "scipy",
}
HEAD = (
    '<link rel="stylesheet" href="assets/python/python.css">'
    '<script defer src="assets/python/python.js" data-base="{base}" '
    'data-site="{site}"></script>'
)
UNSCRIPTED = (
    '<p class="unscripted">With scripts switched on in your browser, '
    "you can change and run the blocks of code on this page.</p>"
)
# A page on a disk hands it to a worker as a text; elsewhere it begins by itself.
WORKER = (
    "function pythonWorker() {{\n{}\n}}\n"
    'if (typeof document === "undefined") pythonWorker();'
)


def playable(content: str, page: Prepared) -> str:
    """Return a page whose blocks of code and choices the script will find."""
    if any(cell.cell_type == "code" for cell in page.cells):
        content = with_blocks(content, page)
    return with_choices(with_changes(content))


def with_blocks(content: str, page: Prepared) -> str:
    """Return a page whose blocks of code are marked, and among them its programs."""
    programs = {
        cell.source.strip()
        for cell in page.cells
        if "program" in cell.metadata.get("tags", [])
    }
    sources = [found.span() for found in SOURCE.finditer(content)]

    def marked(block: re.Match[str]) -> str:
        if any(start < block.start() < end for start, end in sources):
            return block[0]
        text = html.unescape(re.sub("<[^>]*>", "", block[1]))
        if others := sorted(imported(text) - IN_BROWSER):
            return f"{block[0]}{elsewhere(others)}"
        kind = "plays program" if text.strip() in programs else "plays"
        return block[0].replace('highlight">', f'highlight {kind} no-copy">', 1)

    content = BLOCK.sub(marked, content)
    first = content.find('<div class="language-python highlight plays')
    if first >= 0:
        content = content[:first] + UNSCRIPTED + content[first:]
    return content


def imported(text: str) -> set[str]:
    """Return the packages that a block of code imports."""
    return set(re.findall(r"^ *(?:import|from) (\w+)", text, re.MULTILINE))


def elsewhere(packages: list[str]) -> str:
    """Return a sentence on why a block does not run in a browser."""
    names = " and ".join(f"<code>{name}</code>" for name in packages)
    return (
        f'<p class="elsewhere">This block needs {names}, which no browser has. '
        "It runs in the notebook of this page.</p>"
    )


def with_changes(content: str) -> str:
    """Return a page with a button under each change of a program."""
    return re.sub(
        r'(<div class="change">.*?<div class="language-diff highlight)'
        r'(">.*?</pre></div>)',
        r'\1 no-copy\2\n<p class="make"><button type="button">'
        "Make this change</button></p>",
        content,
        flags=re.DOTALL,
    )


def with_choices(content: str) -> str:
    """Return a page whose predictions with several answers can be answered.

    Without a script their answers stay folded; a style sheet chooses.
    """
    parts = re.split(r'<div class="choices">', content)
    made = [parts[0]]
    for number, part in enumerate(parts[1:], 1):
        end = closing(part)
        made += [choice(part[:end], number), part[end + len("</div>") :]]
    return "".join(made)


def closing(part: str) -> int:
    """Return where the division ends in which a part begins."""
    depth = 1
    for tag in re.finditer(r"<(/?)div\b", part):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.start()
    raise ValueError(f"a division is not closed: {part[:80]}")


def choice(inside: str, number: int) -> str:
    """Return one prediction: a question, its answers, and what is said to each."""
    question, rest = re.split(r"(?=<details\b)", inside, maxsplit=1)
    answers = re.findall(r"<summary>(.*?)</summary>", rest)
    asked = re.sub(r"</?p>", "", question.strip(), count=2)
    labels = "".join(
        f'<label><input type="radio" name="choice-{number}" autocomplete="off">'
        f" <span>{answer}</span></label>"
        for answer in answers
    )
    return (
        f'<fieldset class="choices"><legend>{asked}</legend>'
        f'<div class="answers">{labels}</div>'
        f'<div class="replies" role="status">{rest}</div></fieldset>'
    )


def head(content: str, base: str, site: str) -> str:
    """Return what a page of the site at this address needs in its head."""
    if not re.search(
        r'class="(?:language-python highlight plays|choices)', content
    ):
        return ""
    return HEAD.format(base=html.escape(base), site=html.escape(site))


def beside_blocks() -> dict[str, str | bytes]:
    """Return the scripts that pages with such blocks ask for, and what those need."""
    name, content = attrs_wheel()
    ours = [
        as_listed(wheel_name(), wheel()),
        as_listed(f"assets/python/{name}", content),
    ]
    before = {
        "FILES": FILES,
        "OURS": ours,
        "RUNNER": (SOURCES / "runner.py").read_text("utf-8"),
    }
    known = "".join(
        f"const {name} = {json.dumps(value)};\n"
        for name, value in before.items()
    )
    worker = (SOURCES / "worker.js").read_text("utf-8")
    return {
        "assets/python/python.js": bundle(
            SOURCES, ["texts", "editing", "queue"], without=["worker"]
        ),
        "assets/python/worker.js": served(WORKER.format(known + worker)),
        f"assets/python/{name}": content,
    }


def as_listed(path: str, content: bytes) -> dict[str, str | int]:
    """Return what the worker has to know of a wheel of the site's own."""
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def attrs_wheel() -> tuple[str, bytes]:
    """Return attrs, which `em` needs, as a wheel made of what is installed here.

    It is the same, byte for byte, for the same version. (Pyodide's own is too old.)
    """
    found = distribution("attrs")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(found.files or [], key=str):
            if path.suffix not in (".py", ".txt") and path.name != "METADATA":
                continue
            entry = zipfile.ZipInfo(path.as_posix())
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_binary())
    return f"attrs-{found.version}-py3-none-any.whl", made.getvalue()


def base(pyodide: str) -> str:
    """Return where a page finds Pyodide: at an address, or in the site itself."""
    return pyodide if "://" in pyodide else OWN


def brought_along(pyodide: str) -> dict[str, Path]:
    """Return Pyodide's files by their place in a site that brings them along.

    Raises PluginError where one is missing, or is not the file of the list.
    """
    if "://" in pyodide:
        return {}
    paths = [Path(pyodide).expanduser() / name for name in sums()]
    for path in paths:
        if not checked(path):
            raise PluginError(f"{path} is not the file that pyodide.json lists")
    return {OWN + path.name: path.resolve() for path in paths}
