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
# The menu's parts; and from which order on a page is in one, unless it says so.
SECTIONS = ["Begin", "Understand", "Use", "Make"]
BEGINNINGS = {"Begin": 0, "Understand": 10, "Use": 30, "Make": 80}
DOWNLOAD = '<p class="download"><a href="{name}.ipynb" download>Download this notebook</a></p>'


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Order the pages by their headers, and use our notebook template."""
    mkdocs_jupyter.config.settings.templates_dir = str(HERE / "notebook")
    first, *others = in_order()
    config.nav = [{first["title"]: first["file"]}]
    for section in SECTIONS:
        pages = [each for each in others if each["section"] == section]
        if pages:
            menu = [{each["title"]: each["file"]} for each in pages]
            config.nav.append({section: menu})
    return config


def in_order() -> list[dict[str, Any]]:
    """Give the headers of all pages, section by section, in their order."""
    return sorted(
        (header(path) for path in page_files()),
        key=lambda found: (
            SECTIONS.index(found["section"]),
            found["order"],
            found["title"],
        ),
    )


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
    before = [name for name in SECTIONS if BEGINNINGS[name] <= found["order"]]
    found.setdefault("section", before[-1])
    if found["section"] not in SECTIONS:
        raise PluginError(f"{path.name}: expected a section of {SECTIONS}")
    return found | {"file": path.name}


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
    return text.replace("[[install]]", install_line(config)).replace(
        "[[questions]]", cards()
    )


def cards() -> str:
    """Give all pages but the first as cards: what a reader asks, by section."""
    lines = ['<div class="cards" markdown>']
    section = ""
    for found in in_order()[1:]:
        if found["section"] != section:
            section = found["section"]
            lines.append(f"\n### {section}\n")
        lines.append(
            f"- [{found['title']}]({found['file']}) {found['question']}"
        )
    return "\n".join([*lines, "", "</div>"])


def folded(text: str) -> str:
    """Fold the package's source under the name of its file."""
    return re.sub(
        r'^```python title="(em/[^"]+)"\n(.*?)^```$',
        r'<details class="source" markdown><summary>\1</summary>\n\n'
        r"```python\n\2```\n\n</details>",
        text,
        flags=re.DOTALL | re.MULTILINE,
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
        page.markdown = folded(fill_in(content, config))
        Page.render(page, config, files)
        content = page.content + DOWNLOAD.format(name=Path(name).stem)
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
    if block:
        return f'<div class="formula">{math}</div>'
    return f'<span class="long">{math}</span>' if len(latex) > 24 else math
