"""What the build says of blocks of code, choices and changes."""

import gzip
import shutil
import zipfile
from io import BytesIO

import pytest
from block_page import BLOCK, CHANGE, CHOICES, WRITTEN, article, programs
from bs4 import BeautifulSoup
from mkdocs.exceptions import PluginError
from playable import attrs_wheel, base, beside_blocks, brought_along
from pyodide import FILES, address, checked, fetch, sums

KB = 1024


def zipped(part: str | bytes) -> int:
    data = part.encode() if isinstance(part, str) else part
    return len(gzip.compress(data, 9))


def soup(*args: str) -> BeautifulSoup:
    return BeautifulSoup(article(*args), "html.parser")


def test_blocks_play_but_for_sources_and_what_no_browser_has():
    source = (
        '<details class="source" markdown><summary>em/x.py</summary>\n\n'
        f"{BLOCK.format('def f(): ...')}</details>\n\n"
    )
    page = soup(
        BLOCK.format("x = 1")
        + source
        + BLOCK.format("import dask\nfrom os import path")
        + BLOCK.format("if 1 < 2:\n    print('a & b')"),
        "if 1 < 2:\n    print('a & b')",
    )
    blocks = page.select(".language-python")
    assert [block["class"] for block in blocks] == [
        ["language-python", "highlight", "plays", "no-copy"],
        ["language-python", "highlight"],
        ["language-python", "highlight"],
        ["language-python", "highlight", "plays", "program", "no-copy"],
    ]
    (elsewhere,) = page.select(".elsewhere")
    assert elsewhere.code.get_text() == "dask"
    assert elsewhere.find_previous_sibling() == blocks[2]
    assert len(page.select(".unscripted")) == 1


def test_every_page_says_what_of_it_plays(site):
    for name in WRITTEN:
        page = site.soup(name)
        plays = [
            block.code.get_text().strip() for block in page.select(".program")
        ]
        assert plays == [source.strip() for source in programs(name)], name
        assert page.select("script[src='assets/python/python.js'][defer]")
        assert not page.select(".source .plays")
    assert not site.soup("glossary").select("script[src*='python.js']")


def test_choices_are_a_question_with_radio_buttons_and_replies():
    page = soup(CHOICES + CHOICES)
    first, second = page.select("fieldset")
    assert first.legend.get_text() == "Predict: which coin? x < 1"
    assert [label.get_text(strip=True) for label in first.select("label")] == [
        "Coin A",
        "Coin B",
    ]
    names = [
        {one["name"] for one in each.select("input")}
        for each in (first, second)
    ]
    assert len(names[0]) == len(names[1]) == 1
    assert names[0] != names[1]
    assert [fold.p.get_text() for fold in first.select("details")] == [
        "Tempting, because.",
        "Yes.",
    ]
    assert first.select_one("[role=status] .right")
    assert first.find_next_sibling("p").get_text() == "And on."


def test_a_change_has_a_button_after_its_diff():
    page = soup(BLOCK.format("x = 1") + CHANGE, "x = 1")
    (button,) = page.select(".change button")
    assert button.get_text() == "Make this change"
    assert button.find_previous("code").get_text() == "-x = 1\n+x = 2\n"


def test_the_wheel_of_attrs_is_the_same_each_time_and_can_be_imported():
    name, content = attrs_wheel()
    assert (name, content) == attrs_wheel()
    names = zipfile.ZipFile(BytesIO(content)).namelist()
    assert {"attr/__init__.py", "attrs/__init__.py"} <= set(names)
    assert any(name.endswith("METADATA") for name in names)
    assert not any("pycache" in name for name in names)


def test_the_script_is_small_and_what_it_asks_for_comes_later():
    parts = beside_blocks()
    assert zipped(parts["assets/python/python.js"]) <= 6 * KB
    assert "RUNNER" not in parts["assets/python/python.js"]


def test_pyodide_comes_from_its_address_or_with_the_site(pyodide, tmp_path):
    assert address() == "https://cdn.jsdelivr.net/pyodide/v0.27.7/full/"
    assert base(address()) == address()
    assert brought_along(address()) == {}
    assert base(str(pyodide)) == "assets/pyodide/"
    assert len(brought_along(str(pyodide))) == len(sums())
    shutil.copytree(pyodide, tmp_path / "broken")
    fetch(tmp_path / "broken")  # all is there: nothing is asked for
    (tmp_path / "broken/pyodide.js").write_text("// another")
    assert not checked(tmp_path / "broken/pyodide.js")
    with pytest.raises(PluginError, match=r"pyodide\.js is not the file"):
        brought_along(str(tmp_path / "broken"))


def test_the_list_has_the_size_of_each_file(pyodide):
    for row in (row for rows in FILES.values() for row in rows):
        content = (pyodide / row["name"]).read_bytes()
        assert len(content) == row["size"]
        if "zipped" in row:
            assert abs(zipped(content) / row["zipped"] - 1) < 0.02
        else:
            assert row["name"].endswith((".whl", ".zip"))
