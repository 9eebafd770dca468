"""Shown = run = tested: what stands on a page runs, and gives what it says."""

import re
import subprocess
import sys
import tempfile
from importlib import import_module

import pytest
from conftest import PAGES, ROOT, without

import em

EXECUTED = [name for name in PAGES if (ROOT / f"docs/{name}.py").exists()]


@pytest.fixture(params=PAGES)
def page(request, site):
    return site.soup(request.param).article


@pytest.fixture(params=EXECUTED)
def executed(request, site):
    return site.soup(request.param).article


def code(block) -> str:
    return block.code.get_text()


def blocks(page, kind: str):
    """Give the page's blocks: of Python, or of output."""
    return page.select(f"div.{kind}.highlight")


def outputs(page) -> str:
    return "".join(code(block) for block in blocks(page, "output"))


def run(source: str) -> str:
    """Run source in a fresh Python that has the package; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-"],
        input=source,
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_blocks_of_a_page_run_in_order_and_give_its_numbers(executed):
    source = "\n".join(
        code(block) for block in blocks(executed, "language-python")
    )
    assert outputs(executed)
    assert run(source) == outputs(executed)


def test_a_function_that_was_shown_does_what_the_package_does(executed):
    """Paste each shown function in the package's place, and run the page."""
    first, *rest = blocks(executed, "language-python")
    pasted = [code(first)]
    for block in rest:
        pasted.append(code(block))
        fold = block.find_parent("details", class_="source")
        if name := fold and fold.summary:
            module = name.get_text().removesuffix(".py").replace("/", ".")
            function = re.match(r"def (\w+)\(", code(block))[1]
            assert code(block) == em_show(module, function)
            pasted.append(
                f"import sys\nsys.modules['{module}'].{function} = {function}"
            )
            if function in em.__all__:
                pasted.append(f"em.{function} = {function}")
    assert run("\n".join(pasted)) == outputs(executed)


def em_show(module: str, function: str) -> str:
    return em.show(getattr(import_module(module), function))


def test_each_number_of_the_text_is_in_the_output_of_its_page(page):
    """Numbers with two decimals or more: printed, drawn, or in the code above."""
    seen = [code(block) for block in page.select("div.highlight")]
    seen += [
        svg["aria-label"] + svg.get_text(" ") for svg in page.select("svg")
    ]
    told = without(page, "div.highlight, svg, a, code, .told")
    known = set(re.findall(r"\d+\.\d+", " ".join(seen)))
    text = re.sub(r"doi \S+|Python 3\.\d+", "", told.get_text(" "))
    for number in re.findall(r"\d+\.\d{2,}", text):
        assert number in known or any(k.startswith(number) for k in known), (
            number
        )


@pytest.mark.parametrize("name", [name for name in PAGES if name != "glossary"])
def test_a_page_opens_and_closes_as_promised(name, site):
    page = site.soup(name).article
    assert (
        "you will be able to"
        in page.find("p", class_=lambda c: c != "download").text
    )
    assert len(page.find_all("h1")) == 1
    headings = [heading.get_text() for heading in page.find_all("h2")]
    assert any(heading.startswith("Exercises") for heading in headings)
    solutions = page.select("details:not(.source, .cite) > summary")
    assert len(solutions) >= 2
    assert all(summary.get_text() == "Solution" for summary in solutions)


def test_a_page_that_runs_can_be_downloaded_and_is_more_than_words(
    executed, site
):
    link = executed.select_one("p.download a")
    assert (site.folder / link["href"]).exists()
    assert executed.select("figure")
    headings = " ".join(
        heading.get_text() for heading in executed.find_all("h2")
    )
    assert "What could go wrong" in headings
    assert "Where to read on" in headings


def test_the_sentences_avoid_what_helps_nobody(page):
    text = without(page, "div.highlight").get_text(" ").lower()
    for word in (
        "simply",
        "obviously",
        "trivial",
        "of course",
        "straightforward",
    ):
        assert not re.search(rf"\b{word}", text), word
    for american in (
        "color ",
        "maximization algorithm to",
        "maximize",
        "neighbor",
    ):
        assert american not in text, american


# What the pages were asked to show, in their own output.
NAMED = {
    "coins": (
        "share·0.39394 share·0.75714 [0.75395974·0.39311164] -86.48103 -86.48288 "
        "[0.71·0.58] [0.8·0.52] 21.3H·8.6T·11.7H·8.4T [0.103·0.952·0.845·0.031·0.601]"
    ),
    "normals": (
        "[2.90959·6.83795] [0.85415·2.22736] -88.45253 28·of·40 2·lean·to·the·other"
    ),
    "surface": "0.58088 -92.48076 -86.48103 -86.48288 outside·[0,·1]",
    "why": (
        "0.6082474227 0.6243210504 0.6268214979 0.1328 -92.48076 -86.48103 "
        "to·12·digits:·True to·10·digits:·True 435.3179 377.5169"
    ),
    "pitfalls": (
        "170·spurious 3·collapsed 40·at·the·saddle component·0·collapsed "
        "2,586·steps 0.99567 1e-08 falls:·0 2·of·40·lean 187.8577 "
        "unweighted: swapped: from_the_middle:"
    ),
    "groups": (
        "[0.36085·0.63915] [54.6136·80.0903] [5.8691·5.8691] -1034.0018 -1130.26396 "
        "[0.35587·0.64413] 2.03639·54.47852 4.28966·79.96812 -1126.315928"
    ),
    "missing": (
        "-6.01925·4.31125·0.25918 4.18864·0.19634 -4.93051·3.74704·0.15324"
    ),
    "counts": (
        "[12.7361·19.7855·31.6298] -356.84894 [13.1338·19.7132·29.7097] -328.52748 "
        "-328.527 -329.095 -340.778"
    ),
    "recipe": "0.213591·0.050145·0.736264 521·people",
    "transcripts": (
        "0.4667·0.2667·0.2667 0.64039·0.17981·0.17981 est_counts:·14·of·14·equal "
        "tpm:·14·of·14·equal"
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_numbers_that_a_page_is_about_are_in_its_output(name, site):
    printed = " ".join(outputs(site.soup(name).article).split())
    for words in NAMED[name].split():
        assert words.replace("·", " ") in printed, words
