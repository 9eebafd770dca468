"""From pages to executed Markdown, which any generator of sites can take.

    python docs/site/prepare.py FOLDER
    python docs/site/prepare.py --only NAME

The first writes every page, with its outputs, and what pages need beside them; the
second runs one page, and prints it.
"""

import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import yaml
from choices import check_choices
from execute import execute_all, read
from glossary import abbreviations
from minutes import stated
from pages import DOCS, PageError, cards, in_order, page_files
from sentences import filled, written_by_hand
from wheel import install_line

# What of docs/ is published beside the pages; all else stays where it is.
PUBLISHED = {
    "assets": {
        ".css",
        ".js",
        ".svg",
        ".png",
        ".woff2",
        ".txt",
        ".html",
        ".ico",
    },
    "data": {".csv", ".tsv", ".txt", ".json", ".ec"},
}


class Prepared(NamedTuple):
    """A page: its header, its Markdown, and its cells with the values filled in."""

    header: dict[str, Any]
    markdown: str
    cells: list[nbformat.NotebookNode]


def prepare(
    url: str, docs: Path = DOCS, *, forgiving: bool = False, only: str = ""
) -> dict[str, Prepared]:
    """Return every page by name, in order, for a site at `url`; or one page only.

    Raises PageError for a page that is wrong; a forgiving build, as while writing,
    says so on that page instead.
    """
    headers = in_order(docs)
    paths = {
        path.stem: path for path in page_files(docs) if only in ("", path.stem)
    }
    books = {
        name: read(path) for name, path in paths.items() if path.suffix == ".py"
    }
    ran = execute_all(books, docs.parent / ".executed_cache")
    meanings = abbreviations(docs)
    prepared = {}
    for found in headers:
        name = found["name"]
        if name not in paths:
            continue
        try:
            if isinstance(executed := ran.get(name), PageError):
                raise executed
            if executed is None:
                text = body(paths[name])
                cells = [nbformat.v4.new_markdown_cell(text, id="cell-0")]
            else:
                cells = joined(books[name], executed)
            check_numbers(name, found, books.get(name))
            check_choices(paths[name])
            stated(cells)
            words = {
                "[[install]]": install_line(url),
                "[[cards]]": cards(headers),
                "[[site]]": url,
                **cited(docs.parent),
            }
            words["[[questions]]"] = words["[[cards]]"]
            markdown = as_markdown(name, cells, words)
            if name != "glossary":
                markdown += f"\n{meanings}\n"
        except PageError as error:
            if not forgiving:
                raise
            print(f"ERROR    -  {error}", file=sys.stderr)
            cells = []
            markdown = f"# {found['title']}\n\n``` {{ .text }}\n{error}\n```\n"
        prepared[name] = Prepared(found, markdown, cells)
    return prepared


def cited(root: Path) -> dict[str, str]:
    """Return the version and the year that a citation of this names."""
    file = root / "CITATION.cff"
    if not file.exists():
        return {}
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {
        "[[version]]": found["version"],
        "[[year]]": str(found["date-released"].year),
    }


def body(path: Path) -> str:
    """Return a Markdown page without its header."""
    return re.sub(
        r"\A---\n.*?\n---\n",
        "",
        path.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )


def joined(
    book: nbformat.NotebookNode, executed: nbformat.NotebookNode
) -> list[nbformat.NotebookNode]:
    """Return a page's cells as they are now, with the outputs of the code that ran."""
    ran = (cell for cell in executed.cells if cell.cell_type == "code")
    cells: list[nbformat.NotebookNode] = []
    for cell in book.cells:
        if cell.cell_type == "markdown":
            cells.append(nbformat.from_dict(dict(cell)))
        elif "values" in (done := next(ran)).metadata.get("tags", []):
            cells[-1].source = filled(
                cells[-1].source, printed(done).splitlines()
            )
        else:
            cells.append(nbformat.from_dict({**cell, "outputs": done.outputs}))
    return cells


def check_numbers(
    name: str, found: dict[str, Any], book: nbformat.NotebookNode | None
) -> None:
    """Raise PageError where a page that promises `numbers: own` has others."""
    if found.get("numbers") == "own" and book is not None:
        allowed = [str(number) for number in found.get("allow", [])]
        if numbers := written_by_hand(book, allowed):
            raise PageError(
                f"{name}: numbers written by hand: {', '.join(numbers)} "
                "(compute them in {{ … }}, or list them under `allow`)"
            )


def as_markdown(
    name: str, cells: list[nbformat.NotebookNode], words: dict[str, str]
) -> str:
    """Return a page's cells as Markdown."""
    parts = [
        cell.source if cell.cell_type == "markdown" else shown(name, cell)
        for cell in cells
    ]
    text = re.sub(r"(\]\(\w+)\.py([#)])", r"\1.md\2", "\n\n".join(parts))
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return f"{text}\n"


def shown(name: str, cell: nbformat.NotebookNode) -> str:
    """Return a cell of code, unless it is hidden, and what came of it."""
    parts = []
    if "hide" not in cell.metadata.get("tags", []):
        parts.append(f"```python\n{cell.source}\n```")
    # What a cell prints comes in pieces, cut by the clock: one block holds them all.
    if text := printed(cell).rstrip():
        kind = ".text .output .no-copy" + " .columns" * in_columns(text)
        parts.append(f"``` {{ {kind} }}\n{text}\n```")
    for output in cell.outputs:
        data = output.get("data", {})
        if output.get("name") == "stdout":
            continue
        if "text/markdown" in data:
            parts.append(folded(data["text/markdown"]))
        elif "text/html" in data:
            parts.append(data["text/html"])
        else:
            what = output.get("text") or data.get("text/plain") or list(data)
            raise PageError(f"{name}: a cell shows what no page can: {what}")
    return "\n\n".join(parts)


def in_columns(text: str) -> bool:
    """Is it a table, two lines or more of which have wide gaps? It must not be wrapped."""
    return len(re.findall(r"\S {2,}\S.*$", text, re.MULTILINE)) > 1


def printed(cell: nbformat.NotebookNode) -> str:
    """Return all that a cell printed."""
    return "".join(
        output.text for output in cell.outputs if output.get("name") == "stdout"
    )


def folded(text: str) -> str:
    """Fold the package's source under its name and that of its file."""

    def fold(block: re.Match[str]) -> str:
        file, source = block.groups()
        name = re.findall(r"^(?:def|class) (\w+)", source, re.MULTILINE)[0]
        return (
            '<details class="source" data-search-exclude markdown>'
            f"<summary><code>{name}</code> in {file}</summary>"
            f"\n\n```python\n{source}```\n\n</details>"
        )

    return re.sub(
        r'^```python title="([^"]+)"\n(.*?)^```$',
        fold,
        text,
        flags=re.DOTALL | re.MULTILINE,
    )


def published(docs: Path = DOCS) -> list[Path]:
    """Return the files that stand beside the pages, relative to docs/."""
    return sorted(
        path.relative_to(docs)
        for folder, kinds in PUBLISHED.items()
        for path in (docs / folder).rglob("*")
        if path.is_file() and path.suffix in kinds and path.name[0] not in "._"
    )


def write_all(folder: Path, url: str, docs: Path = DOCS) -> None:
    """Write all pages as Markdown, and the files beside them, into a new folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as place:
        new = Path(place) / "new"
        new.mkdir()
        for name, page in prepare(url, docs).items():
            top = yaml.safe_dump(
                page.header, allow_unicode=True, sort_keys=False
            )
            text = f"---\n{top}---\n\n{page.markdown}"
            (new / f"{name}.md").write_text(text, encoding="utf-8")
        for path in published(docs):
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(docs / path, new / path)
        if folder.exists():
            folder.rename(Path(place) / "old")
        new.rename(folder)


def main(first: str, name: str = "") -> None:
    """Write all pages into a folder, or print the one that is asked for."""
    url = os.environ.get("SITE_URL", "http://127.0.0.1:8000/")
    if first == "--only":
        print(prepare(url, only=name)[name].markdown)
    else:
        write_all(Path(first).resolve(), url)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except PageError as error:
        sys.exit(str(error))
