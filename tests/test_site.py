"""The built site: what each page weighs, links to, carries and asks for."""

import gzip
import html
import json
import os
import re
import struct
import subprocess
import sys
from functools import cache
from pkgutil import iter_modules
from urllib.parse import unquote, urldefrag

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, build, without
from pages import in_order
from prepare import in_columns, write_all
from reference import anchors, linked_once

import em
import em.kallisto
import em.models

KB = 1000
# MkDocs with nothing of ours, nor of Material's.
PLAIN = """\
site_name: plain
docs_dir: prepared
use_directory_urls: false
theme: mkdocs
plugins: []
markdown_extensions: [abbr, admonition, attr_list, md_in_html, tables,
  pymdownx.arithmatex, pymdownx.highlight, pymdownx.superfences]
"""


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


@pytest.fixture
def page(name, site):
    return site.soup(name)


def zipped(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def test_two_builds_of_one_commit_are_byte_identical(site, tmp_path):
    assert build(tmp_path / "site", site.url).returncode == 0
    files = {path.relative_to(site.folder) for path in site.folder.rglob("*.*")}
    again = {
        path.relative_to(tmp_path / "site")
        for path in (tmp_path / "site").rglob("*.*")
    }
    assert files == again
    for path in sorted(files):
        assert (site.folder / path).read_bytes() == (
            tmp_path / "site" / path
        ).read_bytes(), path


def test_the_prepared_pages_make_a_site_without_any_of_our_machinery(
    site, tmp_path
):
    write_all(tmp_path / "prepared", site.url)
    (tmp_path / "mkdocs.yml").write_text(PLAIN, encoding="utf-8")
    made = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=tmp_path,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    for name in PAGES:
        text = (tmp_path / f"site/{name}.html").read_text(encoding="utf-8")
        plain = BeautifulSoup(text, "html.parser")
        ours = without(site.soup(name).article, ".doc-object")  # docstrings
        for what in (
            "figure",
            "svg",
            "h2",
            "details:not(.cite, .in-r)",
            "div.output",
        ):
            assert len(plain.select(f"[role=main] {what}")) == len(
                ours.select(what)
            ), (name, what)
        assert plain.h1.get_text().startswith(
            without(ours.h1, ".headerlink").get_text()
        )


def test_a_page_weighs_little(name, site):
    assert zipped(site.page(name).encode()) <= 80 * KB


def test_a_first_view_loads_little(page, name, site):
    loaded = [f"{name}.html", "search/search_index.json"]
    loaded += [tag["src"] for tag in page.select("script[src]")]
    loaded += [
        tag["href"]
        for tag in page.select("link[rel=stylesheet], link[rel=icon]")
    ]
    loaded += [tag["src"] for tag in page.select("img[src]")]
    loaded += json.loads(page.select_one("#__config").string)["search"].split()
    total = sum(
        zipped((site.folder / path).read_bytes()) for path in set(loaded)
    )
    assert total <= 350 * KB  # of which the search of all pages is a third


def test_the_search_reads_words_as_they_stand_on_the_page(page, name, site):
    index = json.loads(
        site.folder.joinpath("search/search_index.json").read_text()
    )
    text = " ".join(
        html.unescape(re.sub("<[^>]*>", "", one["text"]))
        for one in index["docs"]
        if one["location"].split("#")[0] == f"{name}.html"
    )
    # No two are run together, but for the letters of formulas.
    article = page.article
    there = [tag.get_text() for tag in article.select("math, code")]
    seen = re.findall(
        "[A-Za-z]{2,}", "\0".join([article.get_text("\0"), *there])
    )
    assert set(re.findall("[A-Za-z]{2,}", text)) - set(seen) == set()
    assert "Cite this page" not in text


def test_what_is_printed_in_columns_is_not_wrapped():
    assert in_columns("K    full  tied\n2   1.25  3.5\n")
    assert not in_columns("One line  with a gap.\nAnother without.\n")
    assert not in_columns("    an indented line\n    and another\n")


def test_nothing_is_asked_of_another_host(page, site):
    for tag in page.select(
        "script, link, img, iframe, source, video, audio, use"
    ):
        for attribute in ("src", "href", "srcset", "data"):
            address = tag.get(attribute, "")
            own = not re.match(r"(?:\w+:)?//", address) or address.startswith(
                site.url
            )
            assert own, tag
    assert "@import" not in str(page)


def test_style_sheets_and_scripts_ask_for_nothing_either(site):
    for path in [
        *site.folder.rglob("*.css"),
        *(ROOT / "docs/assets").glob("*.js"),
    ]:
        text = path.read_text("utf-8")
        assert not re.search(r"url\(['\"]?(?:https?:)?//", text), path
        assert "@import" not in text


@cache
def ids(site, name) -> set[str]:
    return {tag["id"] for tag in site.soup(name).select("[id]")}


def test_every_link_inside_the_site_leads_somewhere(page, name, site):
    for tag in page.select("a[href]"):
        address, anchor = urldefrag(tag["href"])
        if re.match(r"\w+:", address):
            continue
        target = unquote(address.partition("?")[0]) or f"{name}.html"
        assert (site.folder / target).is_file(), tag["href"]
        view = re.fullmatch(r"assets/live/(\w+)\.html", target)
        if view:  # the state of a figure: test_teach.py opens it
            assert not anchor or anchor.startswith(f"{view[1]}:")
        elif anchor and target.endswith(".html"):
            assert anchor in ids(site, target[:-5]), tag["href"]


def test_every_figure_says_what_is_to_be_seen(page):
    for figure in page.select("article figure"):
        assert len(figure.figcaption.get_text()) > 20
    for svg in page.select("article figure svg"):
        assert svg["role"] == "img"
        assert len(svg["aria-label"]) > 60
        assert "currentColor" in str(svg)
        assert "font-family" not in str(svg)
        assert "#010203" not in str(svg)
    for image in page.select("img"):
        assert image.get("alt")


def test_every_id_is_there_once(page):
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for use in page.select("article use"):
        assert use["href"].removeprefix("#") in ids


def test_formulas_are_mathml(page, name):
    text = without(page.article, "div.highlight, code")
    assert not re.search(r"\\[(\[]|\$|\\theta|arithmatex", str(text))
    if name in ("coins", "normals"):
        assert len(text.select("math")) > 5
        assert text.select("math[display=block]")


def test_a_page_describes_itself(page, site, name):
    assert 50 < len(page.select_one("meta[name=description]")["content"]) < 200
    assert page.select_one("link[rel=canonical]")["href"] in (
        f"{site.url}{name}.html",
        site.url,
        f"{site.url}index.html",
    )
    assert page.html["lang"] == "en"
    titles = page.title.get_text()
    assert "Expectation Maximisation" in titles


def test_previous_and_next(page, name):
    order = [f"{one}.html" for one in ordered()]
    here = order.index(f"{name}.html")
    before, after = (
        page.select_one("a.md-footer__link--prev"),
        page.select_one("a.md-footer__link--next"),
    )
    assert (before["href"] if before else None) == (
        order[here - 1] if here else None
    )
    assert (after["href"] if after else None) == (
        order[here + 1] if here + 1 < len(order) else None
    )


def ordered() -> list[str]:
    return [found["name"] for found in in_order()]


def test_the_first_page_names_every_other(site):
    first = site.soup("index").article
    cards = [card["href"] for card in first.select(".cards li a")]
    assert cards == [f"{name}.html" for name in ordered()[1:]]


def test_the_menu_has_four_sections_with_every_page_once(site):
    menu = site.soup("index").select_one("nav.md-nav--primary")
    sections = [
        label.get_text(strip=True)
        for label in menu.select(".md-nav__item--section > label")
    ]
    assert sections == ["Begin", "Understand", "Use", "Make"]
    links = [
        a["href"] for a in menu.select("a.md-nav__link") if "#" not in a["href"]
    ]
    assert list(dict.fromkeys(links)) == [f"{name}.html" for name in ordered()]


def test_a_notebook_is_valid_and_begins_by_installing(site):
    for path in site.folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        first, *rest = notebook.cells
        assert re.fullmatch(
            rf"# .*\n%pip install {re.escape(site.url)}em_tutorial-[\d.]+-py3-none-any.whl",
            first.source,
        )
        assert (site.folder / first.source.rsplit("/", 1)[1]).is_file()
        for cell in rest:
            assert not re.search(r"\[\[(install|questions)", cell.source)
            if cell.cell_type == "markdown":
                text = re.sub(r"(?s)```.*?```", "", cell.source)
                assert not re.search(r"\]\((?!https?:|#)", text)


def test_the_theme_and_the_sources_stay_out_of_the_site(site):
    kinds = {path.suffix for path in site.folder.rglob("*") if path.is_file()}
    assert not kinds & {".py", ".md", ".j2", ".yml", ".part"}
    published = {
        path.name for path in site.folder.iterdir() if path.suffix != ".html"
    }
    books = {
        f"{name}.ipynb" for name in PAGES if (ROOT / f"docs/{name}.py").exists()
    }
    keys = {path.name for path in site.folder.glob("*-key.ipynb")}
    assert len(keys) > 30
    assert {key.replace("-key", "") for key in keys} <= books
    wheels = {path.name for path in site.folder.glob("*.whl")}
    assert published == books | keys | wheels | {
        "assets",
        "data",
        "search",
        "share",
        "sitemap.xml",
        "sitemap.xml.gz",
    }
    assert len(wheels) == 1


def test_a_page_can_be_shared_with_a_picture(page, name, site):
    def meta(what):
        return page.select_one(f"meta[property='{what}'], meta[name='{what}']")[
            "content"
        ]

    assert meta("twitter:card") == "summary_large_image"
    assert meta("og:title")
    assert (
        meta("og:description")
        == page.select_one("meta[name=description]")["content"].strip()
    )
    assert (
        meta("og:image")
        == meta("twitter:image")
        == f"{site.url}share/{name}.png"
    )
    picture = (site.folder / f"share/{name}.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)


def test_the_sitemap_says_when_each_page_was_changed(site):
    text = (site.folder / "sitemap.xml").read_text(encoding="utf-8")
    days = dict(
        re.findall(r"<loc>(.*?)</loc>\s*<lastmod>(.*?)</lastmod>", text)
    )
    assert len(days) == len(PAGES)
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", day) for day in days.values())


def test_a_dead_address_leads_to_the_pages(site):
    lost = site.soup("404").article
    links = {a["href"].rpartition("/")[2] for a in lost.select("li a")}
    assert {f"{name}.html" for name in PAGES} - {"index.html"} <= links


def test_a_page_says_how_to_cite_it(page, name, site):
    cited = page.select_one("article details.cite")
    assert f"{site.url}" in cited.get_text()
    assert page.title.get_text().partition(" - ")[0] in cited.get_text()


def public_names() -> set[str]:
    """Give what a reader can ask for: names of `em`, and its rooms' modules."""
    rooms = (em.models, em.kallisto)
    modules = {
        f"{room.__name__}.{module.name}"
        for room in rooms
        for module in iter_modules(room.__path__)
    }
    return modules | {f"em.{name}" for name in em.__all__}


def test_the_reference_has_no_tips_and_alone_its_style(page, name, site):
    assert bool(page.select("link[href*=mkdocstrings]")) == (name == "api")
    if name == "api":
        assert not page.select("article a[title], article span[title]")
        assert all(a["aria-label"] for a in page.select("a.headerlink"))


def test_every_public_name_stands_in_the_reference(site):
    page = site.soup("api")
    places = anchors(ROOT / "docs")
    assert public_names() <= places.keys()
    for place in places.values():
        assert page.find(id=place), place
    text = page.find(id="em.fit").find_next("ul").get_text()
    assert "sample_weights" in text


def test_the_first_use_of_a_public_name_leads_to_the_reference(page, name):
    if name == "api":
        return
    first = linked_once("<p><code>em.fit</code></p>", {"em.fit": "em.fit"})
    assert first == '<p><a href="api.html#em.fit"><code>em.fit</code></a></p>'
    led = [link["href"] for link in page.select('a[href^="api.html#"]')]
    assert len(led) == len(set(led))
    for code in without(page.article, "h1, h2, h3, summary, figure, pre")(
        "code"
    ):
        called = code.get_text().partition("(")[0]
        if called in anchors(ROOT / "docs") and not code.find_parent("a"):
            assert f"api.html#{anchors(ROOT / 'docs')[called]}" in led
