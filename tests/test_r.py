"""The programs in R: run by R, and compared with those in Python to 1e-8.

Needs Debian's package r-base-core; without it the numbers are skipped.
"""

import os
import re
import shutil
import subprocess

import numpy as np
import pytest
from browsing import address, flawless
from bs4 import BeautifulSoup
from conftest import ROOT
from execute import read
from in_r import PROGRAMS, in_r
from playwright.sync_api import expect

import em

# What both end with; and what R has other data for.
ENDS = {
    "coins": ["theta", "log_likelihood"],
    "normals": ["mean", "std", "weight"],
    "groups": ["weight", "mean", "cov"],
    "hmm": ["rate", "move", "start"],
}


def in_python(name: str) -> str:
    """Give the program of a page."""
    cells = read(ROOT / "docs" / f"{name}.py").cells
    return next(
        cell.source
        for cell in cells
        if "program" in cell.metadata.get("tags", [])
    )


def same_data(name: str, source: str) -> str:
    """Give a program in Python the data of that in R."""
    if name == "normals":
        text = (PROGRAMS / "normals.R").read_text("utf-8")
        numbers = re.search(r"x <- c\((.*?)\n\)", text, re.DOTALL)[1]
        found = re.findall(r"\d+\.\d+", numbers)
        assert len(found) == 40
        x = f"x = np.array([{', '.join(found)}])"
        return re.sub(r"^x = .*$", x, source, flags=re.MULTILINE)
    if name == "groups":
        table = str(em.data("old_faithful.csv"))
        x = f"x = np.loadtxt({table!r}, delimiter=',', skiprows=1)"
        return re.sub(r"^x = .*$", x, source, flags=re.MULTILINE)
    return source


@pytest.fixture(scope="module")
def r():
    """Give R's own interpreter."""
    found = shutil.which("Rscript")
    if not found and os.environ.get("REQUIRE_R"):
        pytest.fail("no Rscript, and REQUIRE_R is set")
    if not found:
        pytest.skip("apt-get install r-base-core, then run again")
    return found


def test_every_program_in_r_is_compared():
    assert {path.stem for path in PROGRAMS.glob("*.R")} == ENDS.keys()


@pytest.mark.parametrize("name", ENDS)
def test_r_and_python_end_with_the_same_numbers(r, name):
    source = (PROGRAMS / f"{name}.R").read_text("utf-8")
    for end in ENDS[name]:
        # Row by row, as Python lists them.
        values = (
            "unlist(lapply(cov, t))"
            if end == "cov"
            else f"if (is.matrix({end})) t({end}) else {end}"
        )
        source += f'\ncat("\\n{end}:", sprintf("%.17g", {values}), "\\n")\n'
    run = subprocess.run(
        [r, "--vanilla", "-"],
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    names: dict[str, object] = {}
    exec(same_data(name, in_python(name)), names)
    for end in ENDS[name]:
        printed = re.search(rf"^{end}: (.*)$", run.stdout, re.MULTILINE)
        found = np.array(printed[1].split(), dtype=float)
        np.testing.assert_allclose(
            found, np.ravel(names[end]), rtol=1e-8, atol=1e-12
        )


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


@pytest.mark.parametrize("name", ["coins", "normals", "hmm"])
def test_r_prints_what_the_page_prints(r, site, name):
    """Its points are given to four digits, so the last of ours may differ."""
    path = PROGRAMS / f"{name}.R"
    printed = subprocess.run(
        [r, "--vanilla", path], capture_output=True, text=True, check=True
    ).stdout
    shown = site.soup(name).select_one(".program + .output").get_text()
    np.testing.assert_allclose(numbers(printed), numbers(shown), atol=2e-4)


def test_a_program_in_r_stands_above_that_in_python(site):
    for name in ENDS:
        [fold] = site.soup(name).select(".in-r")
        assert "program" in fold.find_next_sibling()["class"]
        text = (PROGRAMS / f"{name}.R").read_text("utf-8")
        assert fold.code.get_text().strip() == text.strip()


def test_one_for_a_page_without_a_program_is_refused(tmp_path):
    (tmp_path / "own.R").write_text("x <- 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="own has no program"):
        in_r("<p>Words.</p>", "own", tmp_path)
    page = '<div class="language-python highlight plays program">'
    made = BeautifulSoup(in_r(page, "own", tmp_path), "html.parser")
    assert made.details.code.get_text() == "x <- 1\n"
    assert in_r(page, "other", tmp_path) == page


def test_the_switch_is_remembered_and_what_changes_python_shows_it(
    site, browser
):
    with flawless(browser) as (page, _):
        page.goto(address(site, "coins"))
        program = page.locator(".program")
        shown, output = (
            page.locator(".in-r pre"),
            page.locator(".program + .output"),
        )
        expect(program).to_be_visible()
        expect(shown).to_be_hidden()
        page.get_by_text("Show it in R").click()
        expect(shown).to_be_visible()
        expect(program).to_be_hidden()
        expect(output).to_be_hidden()
        page.goto(address(site, "normals"))
        expect(page.locator(".in-r pre")).to_be_visible()
        page.locator(".make button").first.click()
        expect(program).to_be_in_viewport()
        expect(page.locator(".in-r pre")).to_be_hidden()
        page.locator(".in-r > summary").press("Enter")
        expect(program).to_be_hidden()
        page.get_by_role(
            "button", name="Put my numbers into the program"
        ).click()
        expect(program).to_be_in_viewport()
        page.goto(address(site, "hmm"))
        expect(page.locator(".program")).to_be_visible()


def test_the_switch_works_without_a_script(site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address(site, "hmm"))
    page.get_by_text("Show it in R").click()
    expect(page.locator(".in-r pre")).to_be_visible()
    expect(page.locator(".program")).to_be_hidden()
    page.get_by_text("Show it in Python").click()
    expect(page.locator(".program")).to_be_visible()
    context.close()
