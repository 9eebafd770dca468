"""The English of the pages: its measures, and words that are misspelt.

These bars help the ear, and do not replace it: see `english.py`.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PAGES, ROOT
from english import measured, prose, sentences

# It is made from docstrings: a name, a colon, what it is.
READ = [name for name in PAGES if name != "api"]
# Titles of what others wrote make long sentences.
REFERENCE = re.compile(r"\baddress\b|\(\w*,? ?(?:19|20)\d\d|, (?:19|20)\d\d")
# Where "one" is the number.
NUMBERS = {
    "at_random": 1, "cores": 1, "counts": 1, "derive": 1, "digits": 1,
    "forecast": 1, "kallisto": 2, "missing": 1, "pitfalls": 1, "relatives": 1,
    "right": 1, "states": 2, "trust": 1, "why": 1,
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_page_is_in_plain_english(name):
    found = measured(name)
    assert found.colons <= 3
    assert found.parentheses <= 2
    assert found.whole == []
    assert len(found.one) <= NUMBERS.get(name, 0), found.one
    assert found.avoid == []
    assert [one for one in found.long if not REFERENCE.search(one)] == []


def test_what_is_not_plain_is_noticed(tmp_path, monkeypatch):
    page = (
        "One must simply look: this is so. (A whole sentence.) "
        + "And it goes on " * 12
        + "until it ends.\n"
    )
    (tmp_path / "bad.md").write_text(page, encoding="utf-8")
    monkeypatch.setattr("english.DOCS", tmp_path)
    found = measured("bad")
    assert len(found.one) == len(found.whole) == len(found.long) == 1
    assert found.avoid == ["simply"]
    assert found.colons > 1
    assert len(sentences("One. Two.\n\n- three\n- four")) == 4


def test_code_and_formulas_are_no_sentences(tmp_path, monkeypatch):
    page = "Words.\n\n```r\nfit <- f(x)\n```\n\n$$ a : b $$\n\nAnd `a: b`.\n"
    (tmp_path / "code.md").write_text(page, encoding="utf-8")
    monkeypatch.setattr("english.DOCS", tmp_path)
    assert measured("code").words == 3
    assert measured("code").colons == 0


def said_by(program: str, *arguments: object) -> str:
    """Give what one of the tools finds; it fails where it finds something."""
    return subprocess.run(
        [sys.executable, "-m", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def misspelt(*places: Path) -> str:
    skipped = "*.csv,*.svg,*.json,*.js,*.css,*.woff2,data,assets"
    words = "fro,redner,noes"  # to and fro; a name; a vote
    return said_by(
        "codespell_lib",
        "--ignore-words-list",
        words,
        "--skip",
        skipped,
        *places,
    )


def test_no_word_is_misspelt(tmp_path):
    names = ("docs", "em", "README.md", "CONTRIBUTING.md")
    assert misspelt(*(ROOT / name for name in names)) == ""
    (tmp_path / "bad.md").write_text("It is teh same.", encoding="utf-8")
    assert "teh ==> the" in misspelt(tmp_path)


def worn(*pages: Path) -> list[tuple[str, str]]:
    """Give what proselint finds, but for quotes, which stand in code, and a heading
    whose first words the sentence below it has again. "For ever" is British.
    """
    found = json.loads(said_by("proselint", "check", "-o", "json", *pages))
    return [
        (Path(page).name, one["message"])
        for page, told in found["result"].items()
        for one in told.get("diagnostics", [])
        if not one["check_path"].startswith(("typography", "lexical_illusions"))
        and "for ever" not in one["message"]
    ]


def test_no_phrase_is_worn(tmp_path):
    pages = [tmp_path / f"{name}.md" for name in READ]
    for page in pages:
        page.write_text(prose(page.stem), encoding="utf-8")
    assert worn(*pages) == []
    pages[0].write_text("At the end of the day it is very good.", "utf-8")
    assert len(worn(pages[0])) >= 2
