"""A small page with blocks of code, made and served as the site's are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import material
import nbformat
from conftest import PAGES, ROOT, Quiet
from execute import read
from markdown import markdown
from playable import SOURCES, beside_blocks, head, playable
from prepare import Prepared
from wheel import wheel, wheel_name

THEME = Path(material.__file__).parent / "templates/assets/stylesheets"
SHEETS = [
    next(THEME.glob("main.*.css")),
    next(THEME.glob("palette.*.css")),
    SOURCES.parent / "site.css",
]
EXTENSIONS = ["md_in_html", "pymdownx.highlight", "pymdownx.superfences"]
OPTIONS = {"pymdownx.highlight": {"pygments_lang_class": True}}


BLOCK = "```python\n{}\n```\n\n"
CHOICES = """\
<div class="choices" markdown>
**Predict:** which *coin*? `x < 1`

<details markdown><summary>Coin A</summary>

Tempting, because.

</details>
<details class="right" markdown><summary>Coin B</summary>

Yes.

</details>
</div>

And on.
"""
CHANGE = """\
<div class="change" markdown>
**Predict:** what?

```diff
-x = 1
+x = 2
```

<details markdown><summary>See why</summary>

So.

</details>
</div>
"""
WRITTEN = [name for name in PAGES if (ROOT / f"docs/{name}.py").exists()]


def programs(name: str) -> list[str]:
    """Give the programs of a page."""
    return [
        cell.source
        for cell in read(ROOT / f"docs/{name}.py").cells
        if "program" in cell.metadata.get("tags", [])
    ]


class Open(Quiet):
    """Serves as jsDelivr does: whoever asks."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; give its address."""
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Open, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def article(text: str, *programs: str) -> str:
    """Give the HTML of a page's Markdown, as finish.py makes it."""
    content = markdown(text, extensions=EXTENSIONS, extension_configs=OPTIONS)
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": ["program"]})
        for source in programs
    ]
    return playable(content, Prepared({}, text, cells))


def write_page(
    folder: Path,
    text: str,
    *programs: str,
    base: str = "none/",
    site: str = "",
) -> Path:
    """Write a page, and what it asks for; give its file."""
    content = article(text, *programs)
    for name, part in {wheel_name(): wheel(), **beside_blocks()}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(part.encode() if isinstance(part, str) else part)
    style = (SOURCES / "python.css").read_bytes()
    (folder / "assets/python/python.css").write_bytes(style)
    sheets = "\n".join(sheet.read_text("utf-8") for sheet in SHEETS)
    (folder / "assets/site.css").write_text(sheets, encoding="utf-8")
    path = folder / "page.html"
    path.write_text(
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>T</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="stylesheet" href="assets/site.css">{head(content, base, site)}'
        '<body data-md-color-scheme="default" class="md-content">'
        f'<main class="md-typeset"><h1>Test</h1><article>{content}</article></main></body></html>',
        encoding="utf-8",
    )
    return path


def text(block: Any) -> str:
    """Give what stands in a block now."""
    return str(block.locator("code").evaluate("code => code.textContent"))


def caret(block: Any, line: int, column: int = 0) -> None:
    """Put the caret into a block, as a click does."""
    block.locator("code").evaluate(
        """(code, [line, column]) => {
            const lines = code.textContent.split("\\n").slice(0, line);
            code.dispatchEvent(new PointerEvent("pointerdown"));
            code.focus();
            const at = lines.join("\\n").length + (line > 0) + column;
            getSelection().setPosition(code.firstChild, at);
        }""",
        [line, column],
    )
