"""The built site: what each page weighs, links to, carries and asks for."""

import gzip
import json
import re
from urllib.parse import unquote, urldefrag

import nbformat
import pytest
from conftest import PAGES, ROOT, build, without

KB = 1000


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


@pytest.fixture
def page(name, site):
    return site.soup(name)


def zipped(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def test_two_builds_of_one_commit_are_byte_identical(site, tmp_path):
    assert build(tmp_path, site.url).returncode == 0
    files = {path.relative_to(site.folder) for path in site.folder.rglob("*.*")}
    again = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")}
    assert files == again
    for path in sorted(files):
        assert (site.folder / path).read_bytes() == (
            tmp_path / path
        ).read_bytes(), path


def test_a_page_weighs_little(name, site):
    steps = site.soup(name).select("figure.stepper")
    assert zipped(site.page(name).encode()) <= (150 if steps else 60) * KB


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
    assert total <= 300 * KB


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


def test_every_link_inside_the_site_leads_somewhere(page, name, site):
    for tag in page.select("a[href]"):
        address, anchor = urldefrag(tag["href"])
        if re.match(r"\w+:", address):
            continue
        target = unquote(address) or f"{name}.html"
        assert (site.folder / target).is_file(), tag["href"]
        if anchor and target.endswith(".html"):
            there = site.soup(target[:-5])
            assert there.find(id=anchor), tag["href"]


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
    def number(name: str) -> int:
        path = next((ROOT / "docs").glob(f"{name}.*"))
        return int(re.search(r"order: (\d+)", path.read_text("utf-8"))[1])

    return sorted(PAGES, key=number)


def test_the_first_page_names_every_other(site):
    first = site.soup("index").article
    rows = [row.a["href"] for row in first.select("table tbody tr")]
    assert rows == [f"{name}.html" for name in ordered()[1:]]


def test_a_notebook_is_valid_and_begins_by_installing(site):
    for path in site.folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        first, *rest = notebook.cells
        assert re.fullmatch(
            rf"%pip install {re.escape(site.url)}em_tutorial-[\d.]+-py3-none-any.whl",
            first.source,
        )
        assert (site.folder / first.source.rsplit("/", 1)[1]).is_file()
        for cell in rest:
            assert not re.search(r"\[\[(install|questions)", cell.source)
            assert not re.search(r"\]\((?!https?:|#)", cell.source)


def test_the_theme_and_the_sources_stay_out_of_the_site(site):
    names = {path.name for path in site.folder.rglob("*")}
    assert not names & {"hooks.py", "notebook.html.j2", "theme", "coins.py"}
