"""From executed Markdown to a site: MkDocs' hook.

The pages come from prepare.py. Here they get what Markdown cannot say: formulas, and
beside them the package as a wheel and each page as a notebook.
"""

import re
from pathlib import Path
from subprocess import run
from typing import ClassVar

from beside import PLAY, beside
from content import check_pictures, dressed
from execute import foundation
from formulas import with_formulas
from glossary import explained_once
from in_r import in_r
from links import dead_links
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from moved import leading_on, moved
from pages import ROOT, PageError, menu
from playable import base, head, playable
from prepare import Prepared, cited, prepare
from reference import anchors, lightened, linked_once
from remember import remembered
from searching import widen
from styles import thin_out
from wheel import wheel_name

FIGURE = re.compile(r"^<figure\b.*?</figure>$", re.DOTALL | re.MULTILINE)
DOWNLOAD = (
    '<p class="download" data-search-exclude><a href="{name}.ipynb" download>'
    "Download this notebook</a> to run the page on your own computer, or the one "
    '<a href="{name}-key.ipynb" download>with solutions</a>.</p>'
)
CITE = (
    '<details class="cite" data-search-exclude><summary>Cite this page</summary>'
    "<p>The maintainers of Expectation Maximisation, until it clicks. “{title}”. "
    "In <cite>Expectation Maximisation, until it clicks</cite>, version {version}, "
    "{year}. {url}</p>{more}</details>"
)
MORE = (
    "<p>BibTeX, and what you may do with text, figures and code: "
    '<a href="licence.html">licence and citation</a>.</p>'
)
# A report that knows its page and version; page.js adds the section.
MISTAKE = (
    '<p class="mistake" data-search-exclude><a href="{repo}/issues/new?'
    'template=mistake.yml&amp;page={url}&amp;version={version}">'
    "Report a mistake on this page</a></p>"
)


# Where it stands, before it is shown: so nothing jumps.
START = (
    "<script>EM.start(document.currentScript.previousElementSibling)</script>"
)


LIVE = (
    '<link rel="stylesheet" href="assets/live/live.css">'
    f'<script src="{PLAY}"></script>'
)
VIEW = '<script src="assets/live/{name}.js"></script>'
REFERENCE_STYLE = '<link rel="stylesheet" href="assets/_mkdocstrings.css">'


class Build:
    """What one build knows: is it for a writer's eyes, which pages, which figures."""

    serving = False
    base = ""
    pages: ClassVar[dict[str, Prepared]] = {}
    figures: ClassVar[list[str]] = []
    dates: ClassVar[dict[str, str]] = {}
    places: ClassVar[dict[str, str]] = {}
    moved: ClassVar[dict[str, dict[str, str]]] = {}


def on_startup(command: str, dirty: bool) -> None:
    """Remember whether this build is being served to who writes it."""
    Build.serving = command == "serve"
    if Build.serving:
        Page.render = remembered(Page.render, lambda: Build.base)  # type: ignore[method-assign, assignment]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Run the pages, and make the menu."""
    try:
        Build.pages = prepare(
            config.site_url or "",
            Path(config.docs_dir),
            forgiving=Build.serving,
        )
        Build.moved = moved(Path(config.docs_dir))
    except PageError as error:
        raise PluginError(str(error)) from None
    if Build.serving:
        Build.base = foundation(ROOT)
    Build.figures = []
    Build.dates = dates(Path(config.docs_dir))
    Build.places = anchors(Path(config.docs_dir))
    config.nav = menu([page.header for page in Build.pages.values()])
    return config


def dates(docs: Path) -> dict[str, str]:
    """Return the day of each page's last change; nothing where git cannot tell."""
    log = run(
        ["git", "log", "--format=%cs", "--name-only", "--relative", "--", "."],
        cwd=docs,
        capture_output=True,
        text=True,
        check=False,
    )
    found: dict[str, str] = {}
    day = ""
    for line in log.stdout.splitlines():
        if re.fullmatch(r"\d{4}-\d\d-\d\d", line):
            day = line
        elif line:
            found.setdefault(Path(line).stem, day)
    return found


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Publish the pages, what they need, the package and the notebooks; no more."""
    theme = [file for file in files if file.src_dir != config.docs_dir]
    ours = [
        File.generated(config, f"{name}.md", content=page.markdown)
        for name, page in Build.pages.items()
    ]
    return Files([*theme, *ours, *beside(config, Build.pages)])


def on_page_markdown(
    markdown: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Give the page its header; take its figures out, until all else is done.

    Markdown, formulas and the search take seconds for what they need not look at.
    """
    name = Path(page.file.src_uri).stem
    page.meta = dict(Build.pages[name].header)
    page.update_date = Build.dates.get(name, page.update_date)

    def kept(figure: re.Match[str]) -> str:
        check_pictures(figure[0], name)
        Build.figures.append(figure[0])
        return f'<div id="figure-{len(Build.figures) - 1}-here"></div>'

    return FIGURE.sub(kept, markdown)


def on_page_content(
    content: str, page: Page, config: MkDocsConfig, files: Files
) -> str:
    """Set the formulas, and add the link to the notebook."""
    name = Path(page.file.src_uri).stem
    check_pictures(content, name)
    try:
        content = with_formulas(content, name)
    except PageError as error:
        raise PluginError(str(error)) from None
    content = dressed(content)
    content = explained_once(content)
    if name != "api":
        content = linked_once(content, Build.places)
    content = in_r(playable(content, Build.pages[name]), name)
    if files.get_file_from_path(f"{name}.ipynb"):
        content += DOWNLOAD.format(name=name)
    found = Build.pages[name].header
    said = {
        "url": page.canonical_url,
        "version": wheel_name().split("-")[1],
        "year": cited(ROOT)["[[year]]"],
    }
    more = MORE if "licence" in Build.pages else ""
    content += CITE.format(title=found["title"], more=more, **said)
    if config.repo_url:
        content += MISTAKE.format(repo=config.repo_url.rstrip("/"), **said)
    return parted(content)


def parted(content: str) -> str:
    """Part what follows the first figure that one can play: while that moves, a browser
    need not look through the rest of the page for what else has moved.
    """
    for place in re.finditer(r'<div id="figure-(\d+)-here"></div>', content):
        if Build.figures[int(place[1])].startswith('<figure class="live"'):
            before, after = content[: place.end()], content[place.end() :]
            return f'{before}<div class="rest">{after}</div>'
    return content


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put the figures back, and the scripts of those that one can play."""
    output = re.sub(
        r'<div id="figure-(\d+)-here"></div>',
        lambda place: Build.figures[int(place[1])],
        output,
    )
    output = re.sub(
        r'(<figure class="live".*?</figure>)',
        rf"\1{START}",
        output,
        flags=re.DOTALL,
    )
    if Path(page.file.src_uri).stem == "api":
        output = lightened(output)
    else:
        output = output.replace(REFERENCE_STYLE, "")
    names = sorted(
        {*re.findall(r'<figure class="live" data-view="(\w+)"', output)}
    )
    if names:
        scripts = "".join(VIEW.format(name=name) for name in names)
        output = output.replace("</head>", f"{LIVE}{scripts}</head>", 1)
    needed = head(output, base(config.extra["pyodide"]), config.site_url or "")
    output = output.replace("</head>", f"{needed}</head>", 1)
    if places := Build.moved.get(Path(page.file.src_uri).stem):
        output = output.replace("</head>", f"{leading_on(places)}</head>", 1)
    return output


def on_post_build(config: MkDocsConfig) -> None:
    """Let the search know more words, and make the theme's style sheet small.

    Stops at links that lead nowhere.
    """
    widen(Path(config.site_dir))
    if not Build.serving:
        thin_out(Path(config.site_dir))
    if (dead := dead_links(Path(config.site_dir))) and not Build.serving:
        raise PluginError("\n".join(["links that lead nowhere:", *dead]))
