"""Shown = run = tested: what stands on a page runs, and gives what it says."""

import re
import subprocess
import sys
import tempfile
from importlib import import_module

import pytest
from conftest import PAGES, ROOT, without
from reading import (
    EXECUTED,
    PASTE,
    SKELETON,
    Shown,
    code,
    fresh,
    header,
    outputs,
    own,
    programs,
    run,
    shown,
    tagged,
)

import em


@pytest.fixture(params=PAGES)
def page(request, site):
    return site.soup(request.param).article


@pytest.fixture(
    params=[
        name
        for name in PAGES
        # The reference runs nothing: its numbers are those of the docstrings.
        if header(name).get("numbers") != "own" and name != "api"
    ]
)
def page_with_numbers_by_hand(request, site):
    """Give a page whose numbers the build does not fill in or look for itself."""
    return site.soup(request.param).article


@pytest.fixture(params=EXECUTED)
def executed(request, site):
    return site.soup(request.param).article


@pytest.mark.parametrize("name", EXECUTED)
def test_a_page_shows_each_function_that_its_source_asks_for(name, site):
    source = (ROOT / f"docs/{name}.py").read_text(encoding="utf-8")
    asked = re.findall(r"^em\.show\(([\w.]+)\)$", source, re.M)
    assert len(asked) == source.count("em.show(")
    found = shown(site.soup(name).article)
    assert [one.name for one in found] == [a.split(".")[-1] for a in asked]
    for one in found:
        function = getattr(import_module(one.module), one.name)
        assert one.source == em.show(function)


# Lets a module be imported as it is, but for the functions that a page shows of it:
# their sources are run in the module, in the package's place, before anybody else
# takes them from there. It leaves no name behind that a page could do with.
def pasted(functions: list[Shown], page: str) -> str:
    """Give a program: a page, with functions in the place of the package's."""
    shown = [tuple(one) for one in functions]
    return f"{PASTE}\npaste({shown!r})\ndel paste\n{page}"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("log_joint", "np.log(coins.weights)", "1"),
        ("posterior", "joint / evidence,", "joint,"),
        ("answer", "(sums.heads + sums.tails)", "sums.heads.sum()"),
        ("alternate", "held)", "{})"),
    ],
)
def test_a_function_that_was_shown_wrongly_would_be_noticed(
    name, right, wrong, site
):
    page = site.soup("labels").article
    (one,) = [one for one in shown(page) if one.name == name]
    assert right in one.source
    changed = one._replace(source=one.source.replace(right, wrong))
    assert fresh(pasted([changed], own(page))).stdout != outputs(page)


@pytest.mark.parametrize("name", ["labels", "sharing", "groups"])
def test_what_is_shown_of_a_model_is_short_and_nothing_but_the_idea(name, site):
    """At most 45 lines of the package, without a check or a trick for speed."""
    source = "".join(one.source for one in shown(site.soup(name).article))
    assert 20 < len(source.splitlines()) <= 45
    for word in ("raise", "refuse_", "out=", "np.errstate"):
        assert word not in source


def test_each_number_of_the_text_is_in_the_output_of_its_page(
    page_with_numbers_by_hand,
):
    """Numbers with two decimals or more: printed, drawn, or in the code above."""
    page = page_with_numbers_by_hand
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


WITHOUT_EXERCISES = ("api", "glossary", "licence", "questions", "teach")


def test_the_first_pages_are_of_that_kind():
    first_five = {"index", "coins", "normals", "surface", "why"}
    assert first_five <= set(SKELETON)


@pytest.mark.parametrize("name", SKELETON)
def test_a_page_opens_with_something_to_touch_before_any_code(name, site):
    page = site.soup(name).article
    first = page.select_one("figure, div.highlight, details, p.download, h2")
    assert first.name == "figure"
    assert "live" in first["class"] or "stepper" in first["class"]
    words = " ".join(p.get_text() for p in first.find_all_previous("p"))
    assert len(words.split()) < 70


@pytest.mark.parametrize("name", SKELETON)
def test_the_program_of_a_page_runs_in_an_empty_python(name):
    """It is short, needs NumPy only, and prints what it found."""
    for source in programs(name):
        lines = [line.strip() for line in source.splitlines()]
        assert sum(line[:1] not in ("", "#") for line in lines) <= 20
        assert "em" not in re.findall(r"^(?:import|from) (\w+)", source, re.M)
        assert run(source)


# Python's prompt before 3.13: a block ends with an empty line, and only there.
PROMPT = """
import code
import sys
console = code.InteractiveConsole()
for line in sys.stdin.read().splitlines():
    waits = console.push(line)
assert not waits, "the last block is still open"
"""


def at_the_prompt(source: str) -> subprocess.CompletedProcess[str]:
    """Paste source at the prompt, line by line; give what came out."""
    return subprocess.run(
        [sys.executable, "-c", PROMPT],
        input=source,
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


@pytest.mark.parametrize("name", SKELETON)
def test_the_program_of_a_page_pastes_at_the_prompt(name):
    """As the button copies it, it says there what it says as a file.

    After what the prompt may say itself: a 0 for `file.seek(0)`.
    """
    for source in programs(name):
        done = at_the_prompt(f"{source}\n\n")
        assert not done.stderr
        assert done.stdout.endswith(run(source))


@pytest.mark.parametrize(
    "source",
    [
        "for i in range(3):\n    print(i)\n\n",
        "def f():\n    x = 1\n\n    return x\n\n",
        "for i in range(3):\n    print(i)\nprint(i)\n",
        "for i in range(3):\n    print(i)",
        "1 / 0\n",
    ],
)
def test_what_does_not_paste_would_be_noticed(source):
    sound = source.endswith("(i)\n\n")
    assert bool(at_the_prompt(source).stderr) != sound


@pytest.mark.parametrize("name", SKELETON)
def test_three_changes_are_proposed_under_the_program_of_a_page(name, site):
    page = site.soup(name).article
    changes = page.select("div.change")
    assert len(changes) == 3
    for change in changes:
        assert change.select_one("div.language-diff").find_previous(
            "div", class_="language-python"
        )
        assert [fold.summary.get_text() for fold in change("details")] == [
            "See why"
        ]


def test_each_prediction_takes_an_answer(page):
    """By a choice, or by a change that is made and run; exercises are another thing."""
    for words in page.find_all("strong", string=re.compile(r"\bPredict\b")):
        assert words.find_parent(class_=["choices", "change"]), (
            words.parent.get_text()
        )
    for summary in page.find_all("summary", string="See why"):
        assert summary.find_parent("div", class_="change"), (
            summary.find_previous("p").get_text()
        )
    for choices in page.select(".choices"):
        assert choices.find("strong", string=re.compile("Predict"))


@pytest.mark.parametrize(
    "name", [name for name in EXECUTED if tagged(name, "alone")]
)
def test_a_block_that_is_there_to_copy_runs_alone(name, site):
    """With the package, but without what stands before it; and says the same."""
    there = outputs(site.soup(name).article)
    for source in tagged(name, "alone"):
        assert run(source) in there


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name not in WITHOUT_EXERCISES]
)
def test_a_page_opens_and_closes_as_promised(name, site):
    page = site.soup(name).article
    # The idea comes first: no list of aims does.
    first = page.find("p", class_=lambda c: c != "download")
    assert "you will be able to" not in first.text
    assert len(page.find_all("h1")) == 1
    headings = [heading.get_text() for heading in page.find_all("h2")]
    assert any(heading.startswith("Exercises") for heading in headings)
    summaries = [
        summary.get_text()
        for summary in page.select("details:not(.source, .cite) > summary")
        if not summary.find_parent(class_="choices")
    ]
    assert summaries.count("Solution") >= 2
    hints = {"A hint", "Another hint", "Show it in RShow it in Python"}
    assert set(summaries) <= {"Solution", "See why", "Go deeper", *hints}


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


def test_names_begin_with_a_letter_and_formulas_pass_a_validator(page):
    for tag in page.select("[id]"):
        assert not tag["id"][0].isdigit(), tag
    assert not page.select("[scriptlevel]")


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
    "index": "mean·2.90,·width·0.84 mean·6.76,·width·2.27 -114.738 -89.205",
    "coins": (
        "1·[0.713·0.5813] end:·[0.7967·0.5197] 21.30·heads 0.449 "
        "0.45·and·0.55 0.71·and·0.58 0.80·and·0.52"
    ),
    "labels": (
        "0.75714·and·0.39394 [0.75395974·0.39311164] -86.48103 -86.48288 -92.48076"
    ),
    "normals": "[2.9009·6.7629] [0.8429·2.2686] [0.4842·0.5158] -88.4465",
    "sharing": (
        "[2.90959·6.83795] [0.85415·2.22736] -88.45253 24·of·40 2·lean·to·the·other"
    ),
    "surface": "0.58088 -92.48076 -86.48103 -86.48288",
    "gradients": "outside·[0,·1] [0.3931·0.754·] -86.48103 2,708",
    "why": "0.449 5.54 6.40 [-42.648·-37.335·-36.733·-35.426]",
    "elbo": "to·12·digits:·True to·10·digits:·True",
    "promises": (
        "0.6082474227 0.6243210504 0.6268214979 0.1328 -32.05177 -31.57020 "
        "435.3179 377.5169"
    ),
    "pitfalls": "2·points·lean far·point·1.0 -364.76",
    "starts": "170·end·on·a·spurious 3·collapse all·forty",
    "collapse": "component·0·collapsed 62.581",
    "stopping": "2,586·steps 1e-08:·2,624·steps off·by·1.0e-06 -1126.315928",
    "right": "falls:·0 unweighted: swapped: from_the_middle: generalised·EM",
    "certainty": (
        "435.3·-·missing·57.8·=·377.5 0.1328 0.0515 0.99567 0.195 do·not·tell·apart"
    ),
    "faster": "0.378·0.4097 575·steps 48·E-steps 230·times [0.3794,·0.0051]",
    "groups": (
        "[0.36085·0.63915] [54.6136·80.0903] [5.8691·5.8691] -1034.0018 -1130.26396 "
        "[0.35587·0.64413] 2.03639·54.47852 4.28966·79.96812"
    ),
    "howmany": "2314.30 2322.19 2367.56 2262.99 2293.14 is·0.10·wide",
    "missing": "[13.6961·10.4594] [[15.147,·13.5249],·[13.5249,·16.6574]]",
    "at_random": (
        "0.901·2.246 0.893·2.140 0.725·2.653 -29.9743 -30.0333 an·error"
    ),
    "censored": "-6.01925 4.31125 0.25918",
    "tobit": (
        "-6.01925·4.31125·0.25918 4.18864·0.19634 -4.93051·3.74704·0.15324"
    ),
    "counts": "[12.7361·19.7855·31.6298] -356.84894",
    "hmm": "[0.7986·3.9966] stay·[0.7315·0.7509] 0.56",
    "states": (
        "[13.1338·19.7132·29.7097] -328.52748 -328.527 -329.095 -340.778 "
        "707.12 708.46 702.45 699.11"
    ),
    "relatives": "[2.901·6.764] [2.979·7.482] [2.854·7.146]",
    "priors": "component·0·collapsed·at·step·3 [3.021·7.134] Four·fifths",
    "hard": "[2.9791·7.4821] [2.902·6.902] 34.882 34.819",
    "gibbs": "[3.14·7.27] bells·left:·2 falls·0·times 1.004",
    "scale": "means·[0.·6.]·stds·[1.·2.]",
    "cores": "from·a·CSV: the·same·answer:·True rows:·11 piece·1:·x[3]·is·nan",
    "online": "one·pass: batch·EM:",
    "recipe": "A·0.2136,·B·0.0501,·O·0.7363 w·0.5326,·rate·2.5243",
    "regressions": "-123.356",
    "derive": (
        "0.213591·0.050145·0.736264 521·people EM·2.175000 "
        "9·checks·made,·0·failed"
    ),
    "raters": "[0.4·0.422·0.112·0.067]·-192.8909 −191.569",
    "trust": "in·truth·correct:·0.81",
    "deblur": "[5.333·6.·5.333]",
    "speckles": "step·54 converged:·True step·0·-43120.3",
    "transcripts": "[0.4667·0.2667·0.2667] [0.6403·0.1799·0.1799]",
    "kallisto": "[37.5·37.5·25.·]",
    "abundance": (
        "0.64039·0.17981·0.17981 est_counts:·14·of·14·equal tpm:·14·of·14·equal"
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_numbers_that_a_page_is_about_are_in_its_output(name, site):
    page = site.soup(name).article
    printed = " ".join(f"{outputs(page)} {page.get_text()}".split())
    for words in NAMED[name].split():
        assert words.replace("·", " ") in printed, words
