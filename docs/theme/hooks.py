"""From executed pages to a site: what MkDocs and mkdocs-jupyter do not do alone."""

import html
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import jupytext
import mkdocs_jupyter.config
import nbformat
import yaml
from flit_core import buildapi
from math_core import LatexError, LatexToMathML
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

HERE = Path(__file__).parent
PAGES = HERE.parent
DOWNLOAD = '<p class="download"><a href="{name}.ipynb" download>Download this notebook</a></p>'


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Order the pages by their headers, and use our notebook template."""
    mkdocs_jupyter.config.settings.templates_dir = str(HERE / "notebook")
    headers = {path.name: header(path) for path in sorted(page_files())}
    names = sorted(headers, key=lambda name: headers[name]["order"])
    config.nav = [{headers[name]["title"]: name} for name in names]
    return config


def page_files() -> list[Path]:
    """Give the pages' files."""
    return [*PAGES.glob("*.py"), *PAGES.glob("*.md")]


def header(path: Path) -> dict[str, Any]:
    """Give the header of a page: title, order, question, description."""
    lines = re.match(
        r"(?:# )?---\n(.*?)\n(?:# )?---\n", path.read_text(), re.DOTALL
    )
    found = (
        yaml.safe_load(re.sub("^# ?", "", lines[1], flags=re.M))
        if lines
        else {}
    )
    if missing := {"title", "order", "question", "description"} - set(found):
        raise PluginError(f"{path.name}: its header lacks {sorted(missing)}")
    return found


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what the build makes: the package as a wheel, the pages as notebooks."""
    name, content = wheel()
    files.append(File.generated(config, name, content=content))
    for path in PAGES.glob("*.py"):
        text = notebook(path, config)
        files.append(File.generated(config, f"{path.stem}.ipynb", content=text))
    return files


def wheel() -> tuple[str, bytes]:
    """Build the package; give the wheel's name and content, the same each time."""
    os.environ.setdefault(
        "SOURCE_DATE_EPOCH", "315532800"
    )  # zip knows 1980 onwards
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        try:
            os.chdir(PAGES.parent)
            name = buildapi.build_wheel(folder)
        finally:
            os.chdir(before)
        return name, (Path(folder) / name).read_bytes()


def install_line(config: MkDocsConfig) -> str:
    """Give the line that installs the package from this very site."""
    return f"pip install {config.site_url}{wheel()[0]}"


def notebook(path: Path, config: MkDocsConfig) -> str:
    """Give a page as a notebook whose first cell installs what the rest needs."""
    book = jupytext.read(path)
    cells = [cell for cell in book.cells if cell.cell_type != "raw"]
    cells.insert(0, nbformat.v4.new_code_cell(f"%{install_line(config)}"))
    for number, cell in enumerate(cells):
        cell.id = (
            f"cell-{number}"  # random by default: no two builds would agree
        )
        if cell.cell_type == "markdown":
            cell.source = fill_in(cell.source, config)
            cell.source = re.sub(
                r"\]\((\w+)\.(?:py|md)(#[\w-]+)?\)",
                rf"]({config.site_url}\1.html\2)",
                cell.source,
            ).replace("](data/", f"]({config.site_url}data/")
        elif "hide" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}
    book.cells = cells
    book.metadata = {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        }
    }
    return nbformat.writes(book) + "\n"


def fill_in(text: str, config: MkDocsConfig) -> str:
    """Replace what a page cannot know: its address, and what other pages there are."""
    questions = [
        (
            found["order"],
            f"| {found['question']} | [{found['title']}]({path.name}) |",
        )
        for path in page_files()
        if (found := header(path))["order"] > 1
    ]
    table = "\n".join(row for _, row in sorted(questions))
    return text.replace("[[install]]", install_line(config)).replace(
        "[[questions]]", f"| You ask | You read |\n| --- | --- |\n{table}"
    )


def on_pre_page(page: Page, config: MkDocsConfig, files: Files) -> Page:
    """Give the page its header as metadata: a notebook's is not read by MkDocs."""
    page.meta = header(Path(page.file.abs_src_path))
    return page


def on_page_content(
    content: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Render what the notebook template wrote as Markdown, and set the formulas."""
    name = page.file.src_uri
    if name.endswith(".py"):
        content = html.unescape(content)
        if unfit := re.search(
            r"<!-- not for the page: (.*?) -->", content, re.DOTALL
        ):
            raise PluginError(
                f"{name}: a cell shows what no page can: {unfit[1]}"
            )
        page.meta = header(Path(page.file.abs_src_path))
        page.markdown = fill_in(content, config)
        Page.render(page, config, files)
        first, heading, rest = page.content.partition("</h1>")
        content = first + heading + DOWNLOAD.format(name=Path(name).stem) + rest
    check_figures(content, name)
    content = re.sub(
        r'<div class="language-python highlight">.*?</pre>',
        lambda block: lighter(block[0]),
        content,
        flags=re.DOTALL,
    )
    return re.sub(
        r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>',
        lambda found: formula(found[2], found[1] == "div", name),
        content,
        flags=re.DOTALL,
    )


def lighter(block: str) -> str:
    """Make a block of code quick to show: three quarters of its elements are for words
    that have no colour of their own; and what is out of sight can wait, if its
    height is known.
    """
    block = re.sub(r'<span class="(?:n|o|p|w)">([^<]*)</span>', r"\1", block)
    lines = block.count("\n")
    return block.replace("<pre>", f'<pre style="--lines: {lines}">', 1)


def check_figures(content: str, name: str) -> None:
    """Stop the build at a picture that says nothing to who cannot see it."""
    for tag in re.findall(r"<img[^>]*>|<svg(?! xmlns)[^>]*>", content):
        if not re.search(r'(?:alt|aria-label)="[^"]+"', tag):
            raise PluginError(f"{name}: no alternative text in {tag[:200]}")


def formula(latex: str, block: bool, name: str) -> str:
    """Set a formula as MathML, or stop the build."""
    try:
        latex = html.unescape(latex)
        math = LatexToMathML().convert_with_local_state(
            latex, displaystyle=block
        )
    except LatexError as error:
        raise PluginError(
            f"{name}: cannot set the formula {latex}: {error}"
        ) from None
    return f'<div class="formula">{math}</div>' if block else math
