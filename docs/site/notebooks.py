"""A page as a notebook to download: what the page shows, and nothing behind it.

A figure is a picture there. Each exercise has an empty cell; its solution stands in a
second notebook, the key.
"""

import base64
import re
from collections.abc import Iterator

import nbformat
from execute import PYTHON
from prepare import Prepared, folded, printed
from wheel import install_line

SOLUTION = "<details markdown><summary>Solution</summary>"
# A fold that ends in the same text, or else the tags of one that is open over cells.
FOLD = re.compile(
    r"(<details[^>]*><summary>(?:(?!<details).)*?</details>"
    r"|<details[^>]*><summary>.*?</summary>|</details>)",
    re.DOTALL,
)
# On whatever paper, without a style sheet of ours: it brings its own.
ALONE = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"'
PAPER = "background: #fff; color: #1d2127; color-scheme: light"


def notebook(page: Prepared, url: str, *, key: bool = False) -> str:
    """Return a page as a notebook for a site at `url`; or its key, with solutions."""
    address = f"{url}{page.header['name']}.html"
    first = f"# The package of these pages, em, for the cells below\n%{install_line(url)}"
    cells = [nbformat.v4.new_code_cell(first)]
    for cell in with_exercises(page.cells, key):
        if cell.cell_type == "markdown":
            text = at(cell.source, url)
        elif "hide" in cell.metadata.get("tags", []):
            text = seen(cell, address)
        else:
            cells.append(nbformat.v4.new_code_cell(cell.source))
            continue
        if text.strip():
            cells.append(nbformat.v4.new_markdown_cell(text.strip()))
    for number, made in enumerate(cells):
        made.id = (
            f"cell-{number}"  # random by default: no two builds would agree
        )
    book = nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": PYTHON}
    )
    return str(nbformat.writes(book)) + "\n"


def with_exercises(
    cells: list[nbformat.NotebookNode], key: bool
) -> Iterator[nbformat.NotebookNode]:
    """Yield a page's cells, and an empty one in the place of each solution; the key has
    the solutions.
    """
    solving = False
    for cell in cells:
        if cell.cell_type == "code":
            if key or not solving:
                yield cell
            continue
        text = ""
        for part in FOLD.split(cell.source):
            solving = solving or part.startswith(SOLUTION)
            if key or not solving:
                text += unfolded(part)
            if solving and part.endswith("</details>"):
                solving = False
                if not key:
                    yield nbformat.v4.new_markdown_cell(text)
                    yield nbformat.v4.new_code_cell()
                    text = ""
        yield nbformat.v4.new_markdown_cell(text)


def unfolded(part: str) -> str:
    """Return a part of a text without folds that are open over several cells: these
    only the site has. A solution is open in the key.
    """
    whole = part.startswith("<details") and part.endswith("</details>")
    if whole and not part.startswith(SOLUTION):
        return re.sub("<details[^>]*>", "<details>", part)
    part = re.sub(r"<details[^>]*><summary>(.*?)</summary>", r"**\1**", part)
    return part.replace("</details>", "")


def seen(cell: nbformat.NotebookNode, address: str) -> str:
    """Return what a hidden cell shows on the page: pictures, the package's source."""
    texts = [f"```text\n{text}```" for text in [printed(cell)] if text]
    for output in cell.outputs:
        data = output.get("data", {})
        if "text/markdown" in data:
            texts.append(unfolded(folded(data["text/markdown"]).strip()))
        elif "text/html" in data:
            texts.append(figure(data["text/html"], address))
    return "\n\n".join(texts)


def figure(content: str, address: str) -> str:
    """Return a figure as pictures: of one that moves, the first and the last."""
    still = '<figure class="still"' in content
    drawn = re.findall(
        r"(<svg.*?</svg>)(<p.*?</p>)?", content.replace("\n", " ")
    )
    # A still one is drawn for two widths.
    shown = drawn[:1] if still else [*drawn[:1], *drawn[1:][-1:]]
    parts = [text for svg, told in shown for text in (picture(svg), told)]
    parts += re.findall(r"<p>.*?</p>(?=</div>\n<figcaption)", content)
    parts += re.findall("<figcaption>.*?</figcaption>", content, re.DOTALL)
    if not still:
        link = f'<a href="{address}">{address}</a>'
        parts.append(
            f"<p>Here it stands still. Press, drag and play it at {link}.</p>"
        )
    return "\n".join(["<figure>", *filter(None, parts), "</figure>"])


def picture(svg: str) -> str:
    """Return a figure's SVG as an image with its words, as a text can hold it."""
    alone = svg.replace("<svg ", f"<svg {ALONE} ", 1)
    alone = alone.replace('style="', f'style="{PAPER}; ', 1)
    encoded = base64.b64encode(alone.encode()).decode()
    (width,) = re.findall(r'viewBox="0 0 (\d+)', svg)
    words = re.findall('aria-label="(.*?)"', svg)[0]
    return (
        f'<img src="data:image/svg+xml;base64,{encoded}" width="{width}" '
        f'alt="{words}">'
    )


def at(source: str, url: str) -> str:
    """Return a text whose links lead to the site at `url`."""
    source = re.sub(
        r"\]\((\w+)\.(?:py|md)(#[\w-]+)?\)", rf"]({url}\1.html\2)", source
    )
    source = re.sub(
        r'(?ms)^<div class="only-here".*?^</div>\n?', "", source
    )  # what only a page on the site can do
    source = re.sub("^</?div.*>\n?", "", source, flags=re.MULTILINE)
    source = source.replace("](data/", f"]({url}data/")
    source = source.replace("[[install]]", install_line(url))
    pages = f"The other pages are at [{url}]({url})."
    return source.replace("[[questions]]", pages).replace("[[cards]]", pages)
