"""A page as a notebook to download: it installs the package, then runs as it is."""

import re

import nbformat
from execute import PYTHON
from prepare import Prepared
from wheel import install_line


def notebook(page: Prepared, url: str) -> str:
    """Return a page as a notebook for a site at `url`; links lead back there."""
    cells = [nbformat.v4.new_code_cell(f"%{install_line(url)}")]
    folded = False
    for cell in page.cells:
        source = cell.source
        if cell.cell_type == "markdown":
            # A solution's code is hidden under its heading, until it is asked for.
            source, folded = solution(source, folded)
            made = nbformat.v4.new_markdown_cell(at(source, url))
        else:
            made = nbformat.v4.new_code_cell(source)
            if folded or "hide" in cell.metadata.get("tags", []):
                made.metadata["jupyter"] = {"source_hidden": True}
        if made.source.strip():
            cells.append(made)
    for number, made in enumerate(cells):
        made.id = (
            f"cell-{number}"  # random by default: no two builds would agree
        )
    book = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": PYTHON}
    )
    return str(nbformat.writes(book)) + "\n"


def solution(source: str, folded: bool) -> tuple[str, bool]:
    """Return a text without tags that only the site can fold over cells; and whether
    a solution is open at its end. What stands inside one text can stay folded.
    """
    whole = re.sub(
        r"<details markdown>(<summary>.*?</summary>)(.*?)</details>",
        r"<details>\1\2<¶details>",
        source,
        flags=re.DOTALL,
    )
    opens = whole.rfind("<details markdown>") > whole.rfind("</details>")
    closes = "</details>" in whole
    text = re.sub(
        r"<details markdown><summary>(.*?)</summary>",
        r"*\1 (unfold the cell)*",
        whole,
    ).replace("</details>", "")
    text = text.replace("<¶details>", "</details>").replace(
        "details markdown", "details"
    )
    return text, opens or (folded and not closes)


def at(source: str, url: str) -> str:
    """Return a text whose links lead to the site at `url`."""
    source = re.sub(
        r"\]\((\w+)\.(?:py|md)(#[\w-]+)?\)", rf"]({url}\1.html\2)", source
    )
    source = source.replace("](data/", f"]({url}data/")
    source = source.replace("[[install]]", install_line(url))
    pages = f"The other pages are at [{url}]({url})."
    return source.replace("[[questions]]", pages).replace("[[cards]]", pages)
