"""What stands beside the pages: their files, the package, notebooks, pictures."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from notebooks import notebook
from playable import beside_blocks, brought_along
from prepare import Prepared, published
from scripts import bundle, served, views
from share import card, icon
from wheel import wheel, wheel_name

# What all figures that one can play share; each has a script of its own, too.
PLAY = "assets/live/live.js"
# Each page's notebook and its key, with the cells that they were made from.
made: dict[str, tuple[str, str, str]] = {}


def beside(config: MkDocsConfig, pages: dict[str, Prepared]) -> list[File]:
    """Return all that a site gives out beside its pages."""
    docs = Path(config.docs_dir)
    live = docs / "assets" / "live"
    names = views(live)
    contents: dict[str, str | bytes] = {
        PLAY: bundle(live, without=names),
        **{
            f"assets/live/{name}.js": served(
                (live / f"{name}.js").read_text(encoding="utf-8")
            )
            for name in names
        },
        wheel_name(): wheel(),
        "assets/icon-32.png": icon(32),
        "assets/apple-touch-icon.png": icon(180),
        **beside_blocks(),
    }
    for name, page in pages.items():
        header = page.header
        contents[f"share/{name}.png"] = card(
            header["title"], header["question"]
        )
        if any(cell.cell_type == "code" for cell in page.cells):
            contents[f"{name}.ipynb"], contents[f"{name}-key.ipynb"] = (
                notebooks_of(name, page, config.site_url or "")
            )
    return [
        *(as_served(config, path) for path in published(docs) if kept(path)),
        *(
            File.generated(config, name, content=content)
            for name, content in contents.items()
        ),
        *(
            File.generated(config, place, abs_src_path=str(path))
            for place, path in brought_along(config.extra["pyodide"]).items()
        ),
    ]


def kept(path: Path) -> bool:
    """Is a file given out as it is? Some scripts are so in one piece only."""
    return path.parent.name not in ("live", "python") or path.suffix != ".js"


def notebooks_of(name: str, page: Prepared, url: str) -> tuple[str, str]:
    """Return a page's notebook and its key; those made before, if no cell has changed."""
    state = repr([url, page.cells])
    if made.get(name, ("",))[0] != state:
        book, key = notebook(page, url), notebook(page, url, key=True)
        made[name] = state, book, key
    return made[name][1:]


def as_served(config: MkDocsConfig, path: Path) -> File:
    """Return a file as the site gives it out: a figure's own page asks for two scripts."""
    source = Path(config.docs_dir) / path
    if path.parent.name == "live" and path.suffix == ".html":
        content = re.sub(
            r'(?:<script defer src="\w+\.js"></script>\n)+',
            f'<script defer src="{Path(PLAY).name}"></script>\n'
            f'<script defer src="{path.stem}.js"></script>\n',
            source.read_text(encoding="utf-8"),
        )
        return File.generated(config, path.as_posix(), content=content)
    return File.generated(config, path.as_posix(), abs_src_path=str(source))
