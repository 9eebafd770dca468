"""Blocks of code that run: each program in a real browser, with the real Python.

One page is kept, since Python takes seconds to come.
"""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from block_page import (
    BLOCK,
    WRITTEN,
    caret,
    programs,
    served,
    write_page,
)
from changes import CHANGE, outcome, with_change
from conftest import ROOT
from pyodide import address

WAIT = 120_000  # a busy machine boots slowly
RUN = """async ([block, source]) => {
    const code = block.querySelector("code");
    if (source !== null) {
        code.textContent = source;
        code.dispatchEvent(new Event("input"));
    }
    const run = block.querySelector("[name=run]");
    run.click();
    while (run.hidden)
        await new Promise((done) => setTimeout(done, 5));
    const output = block.nextElementSibling;
    return {
        printed: output.hidden ? "" : output.querySelector("code").textContent,
        failed: block.classList.contains("failed"),
        said: block.querySelector(".state").textContent,
        band: block.querySelector(".band")?.getAttribute("style"),
    };
}"""
# What the bar says, from the first press on.
WATCH = """
    window.states = [];
    const state = document.querySelector(".program .state");
    new MutationObserver(() => states.push(state.textContent))
        .observe(state, { childList: true });
"""


class Blocks:
    """A page whose blocks run."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.program = page.locator(".program").first
        self.asked: list[str] = []
        self.first: dict[str, Any] = {}

    def run(self, source: str | None = None, block: Any = None) -> dict:
        """Run a block, with this text if one is given; tell what came of it."""
        handle = (block or self.program).element_handle()
        return self.page.evaluate(RUN, [handle, source])

    def press(self, name: str) -> None:
        self.program.locator(f"[name={name}]").click()


@pytest.fixture(scope="session")
def begun(browser, pyodide, site):
    """Give the page on coins, with Pyodide's address answered by its mirror.

    Its program has run once: what that asked for, and what came of it, is kept.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with served(pyodide) as mirror:

        def there(route: Any) -> None:
            place = mirror + route.request.url.removeprefix(address())
            headers = {
                "location": place,
                "access-control-allow-origin": "*",
            }
            route.fulfill(status=302, headers=headers)

        context.route(f"{address()}**", there)
        page = context.new_page()
        page.goto(f"{site.url}coins.html", wait_until="networkidle")
        assert all(url.startswith(site.url) for url in asked)
        assert not any("python/worker" in url for url in asked)
        page.evaluate(WATCH)
        blocks, before = Blocks(page), len(asked)
        blocks.first = blocks.run()
        blocks.asked = [
            url for url in asked[before:] if not url.startswith(mirror)
        ]
        yield blocks
        context.close()


@pytest.fixture
def blocks(begun):
    """Give that page with each block as it was."""
    begun.page.evaluate(
        """() => {
            for (const one of document.querySelectorAll("[name=reset]"))
                if (!one.hidden) one.click();
        }"""
    )
    return begun


def changed(name: str) -> list[str]:
    """Give the programs of a page, with each of the changes that it proposes."""
    page = (ROOT / f"docs/{name}.py").read_text("utf-8")
    found, program = [], ""
    cells = re.split(r"^# %%(.*)\n", page, flags=re.M)[1:]
    for kind, source in zip(cells[::2], cells[1::2], strict=True):
        if '"program"' in kind:
            program = source.strip("\n")
        elif "[markdown]" in kind:
            words = re.sub("^# ?", "", source, flags=re.M)
            found += [
                with_change(program, change, name, 1)
                for change in CHANGE.findall(words)
            ]
    return found


def test_the_first_run_says_what_comes_and_asks_one_address_only(blocks, site):
    page = site.soup("coins")
    wanted = page.select_one(".program").find_next_sibling().code.get_text()
    assert blocks.first["printed"] == wanted
    assert not blocks.first["failed"]
    own = [url for url in blocks.asked if url.startswith(site.url)]
    assert [url.rpartition("/")[2] for url in own] == ["worker.js"]
    others = {url for url in blocks.asked if url not in own}
    assert others
    assert all(url.startswith((address(), "blob:")) for url in others)
    states = blocks.page.evaluate("states")
    assert "Python is coming, about 9 MB, once." in states
    assert any(re.search(r"once: \d\.\d MB", state) for state in states)
    assert "It runs." in states
    blocks.run()
    spoken = blocks.page.locator("body > [role=status]").last
    assert wanted.split("\n")[0] in spoken.text_content()


@pytest.mark.parametrize("name", WRITTEN)
def test_each_program_prints_here_what_the_page_says(blocks, site, name):
    page = site.soup(name)
    for block in page.select(".program"):
        output = block.find_next_sibling()
        said = blocks.run(block.code.get_text())
        assert not said["failed"], said["printed"]
        assert said["printed"].strip() == output.code.get_text().strip()


@pytest.mark.parametrize("name", [name for name in WRITTEN if programs(name)])
def test_each_change_comes_to_what_it_comes_to_elsewhere(blocks, name):
    for source in changed(name):
        there = outcome(source)
        here = blocks.run(source)
        assert here["failed"] == bool(there.error)
        words = here["printed"]
        if there.error:
            assert words.strip().endswith(there.error)
            words = words.partition("Traceback")[0]
        printed = "".join(
            line
            for line in words.splitlines(keepends=True)
            if not line.startswith(("Warning", "Note"))
        )
        assert printed.strip() == there.printed.strip()


def test_what_nan_may_mean_is_said(blocks):
    said = blocks.run("import numpy as np\nprint('nan', np.nan)")
    assert said["printed"].startswith("nan nan\nNote: nan is no number")
    assert "Note" not in blocks.run("print('nano', 1)")["printed"]


def test_names_are_new_for_each_run(blocks):
    blocks.run("left = 1\nimport numpy as np\nnp.set_printoptions(precision=2)")
    said = blocks.run("left")
    assert "NameError: name 'left' is not defined" in said["printed"]
    assert blocks.run("import numpy as np\nprint(np.array([1 / 3]))")[
        "printed"
    ] == ("[0.33333333]\n")


def rounded(text: str) -> str:
    """Give a text whose numbers have 12 digits at the most.

    What prints all 17 may end otherwise in a browser, whose logarithms and sums are
    another library's. (No program does.)
    """
    return re.sub(
        r"\d+\.\d{12,}", lambda number: f"{float(number[0]):.12g}", text
    )


def test_a_block_runs_after_those_before_it(blocks, site):
    program, second, third = (
        blocks.page.locator(".plays").nth(number) for number in range(3)
    )
    # The second and the third stand in folds, with the solutions.
    blocks.page.evaluate(
        """() => document.querySelectorAll("article details:has(.plays)")
            .forEach((fold) => { fold.open = true; })"""
    )

    def as_told(block: Any) -> bool:
        number = 1 if block is second else 2
        here = site.soup("coins").select(".plays")[number]
        there = here.find_next_sibling().code.get_text()
        return rounded(blocks.run(None, block)["printed"]) == rounded(there)

    assert "program" in program.get_attribute("class")
    assert as_told(second)
    # The next goes on from there; and again, from the first.
    assert as_told(third)
    assert as_told(third)
    program.locator("code").evaluate(
        """code => {
            code.textContent = "1 / 0";
            code.dispatchEvent(new Event("input"));
        }"""
    )
    said = blocks.run(None, second)
    assert said["failed"]
    assert said["printed"].startswith("Block 1, further up, failed")
    assert program.locator(".band.wrong").is_visible()
    program.locator("[name=reset]").click()
    assert as_told(second)


def test_what_the_program_ended_with_comes_into_the_figure(blocks):
    show = blocks.program.locator("[name=show]")
    blocks.run()
    assert show.is_visible()
    blocks.program.locator("code").press_sequentially("#")
    assert not show.is_visible()
    blocks.press("reset")
    blocks.run()
    blocks.press("show")
    told = blocks.page.locator(
        "figure.live .told", has_text="From the program."
    )
    told.wait_for()
    assert re.search(r"θA 0\.796.*θB 0\.51", told.inner_text())
    stage = blocks.page.locator("figure.live .stage")
    assert stage.evaluate("one => one.getBoundingClientRect().top >= 0")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import pandas", "There is no pandas here, only NumPy"),
        ("open('my.csv')", "The program cannot see your files here"),
        ("x = c(5.1, 4.9)", "In Python a column is np.array"),
        ("size <- [5.1, 4.9]", "and <- is ="),
        (
            "import numpy as np\nnp.ones(3) + np.ones(2)",
            "Two arrays differ in length",
        ),
        ("[5.1, 4.9][:, None]", "Make it an array"),
        ("10 - [5, 9]", "Make it an array"),
        ("float('5,1')", "no names, units, commas or gaps"),
        ("x = [5.1, NA]", "no names, units, commas or gaps"),
        ("float('NA')", "no names, units, commas or gaps"),
    ],
)
def test_what_a_browser_cannot_do_is_said(blocks, source, words):
    said = blocks.run(source)
    assert said["failed"]
    assert words in said["printed"].splitlines()[-1]


EXERCISES = """\
from em.exercises import check, names, solution
from em.exercises.tasks import TASKS

print(check("weights", [0.5, 0.5]))
for name in names():
    assert check(name, solution(name)).right, name
    for wrong, words in TASKS[name].wrong_answers():
        assert check(name, wrong).words == words, name
print(len(names()), "marked")
"""


def test_exercises_mark_themselves_here_too(blocks):
    said = blocks.run(EXERCISES)
    assert not said["failed"], said
    first, last = said["printed"].splitlines()
    assert first.startswith("Not yet. They were the guess.")
    assert last == "12 marked"


def test_em_examine_runs(blocks):
    said = blocks.run(
        "import em\nfrom em.models import coins\n"
        "from em.models.coins import Coins, Flips\n"
        "flips = Flips([5, 9, 8, 4, 7], [5, 1, 2, 6, 3])\n"
        "print(em.examine(coins, flips, Coins([0.6, 0.5])))"
    )
    assert not said["failed"], said
    assert re.search(r"1\d checks made, 0 failed", said["printed"])


def test_what_is_counted_is_counted_as_on_other_machines(blocks):
    source = (
        "import numpy as np\n"
        "x = np.random.default_rng(1).binomial(3, 0.5, 9)\n"
        "print(np.bincount(x, minlength=4))"
    )
    assert blocks.run(source)["printed"] == outcome(source).printed


@pytest.mark.parametrize(
    "source",
    [
        "np.linalg.inv(np.zeros((2, 2)))",
        "np.linalg.solve(np.ones((2, 2)), np.ones(2))",
        "np.linalg.cholesky(-np.eye(2))",
        "print(np.linalg.inv(np.eye(2)), np.linalg.inv(np.full((1, 1), np.nan)))",
    ],
)
def test_a_matrix_is_refused_as_on_other_machines(blocks, source):
    there = outcome(f"import numpy as np\n{source}")
    said = blocks.run(f"import numpy as np\n{source}")
    assert said["failed"] == bool(there.error)
    printed = said["printed"].partition("Note")[0].strip()
    assert printed.endswith((there.error or there.printed).strip())


def test_the_value_of_a_last_line_is_shown_and_silence_is_said(blocks):
    assert blocks.run("x = 2\nx * 3")["printed"] == "6\n"
    assert blocks.run("None")["printed"] == "It ran, and printed nothing."
    assert blocks.run("print('a', end='')")["printed"] == "a"
    assert blocks.run("exit('bye')")["printed"] == "bye\n"


def test_a_traceback_has_the_reader_s_lines_and_marks_the_last(blocks):
    source = "def half(x):\n    return x / 0\n\nprint(1)\nhalf(2)\n"
    said = blocks.run(source)
    assert said["failed"]
    assert re.findall(r'File "(\w+)", line (\d)', said["printed"]) == [
        ("program", "5"),
        ("program", "2"),
    ]
    assert said["printed"].startswith("1\nTraceback")
    assert said["printed"].endswith("ZeroDivisionError: division by zero\n")
    assert said["band"] == "--from: 1; --lines: 1;"
    assert not Axe().run(blocks.page).response["violations"]
    # What is wrong in the package is told by the reader's own line.
    said = blocks.run("import numpy as np\n\nnp.zeros(2) + np.zeros(3)\n")
    assert re.findall(r'File "(.*)", line (\d+)', said["printed"]) == [
        ("program", "3")
    ]
    said = blocks.run("x = 1\nfor x in\n    3\n")
    assert said["printed"].endswith("SyntaxError: invalid syntax\n")
    assert said["band"] == "--from: 1; --lines: 1;"
    said = blocks.run("x = 1\n")
    assert said["band"] is None
    assert not said["failed"]


def test_warnings_and_questions_have_words_of_their_own(blocks):
    said = blocks.run("import warnings\nwarnings.warn('careful')\nprint(1)")
    assert said["printed"] == "Warning, line 2: careful (UserWarning)\n1\n"
    assert blocks.run("import warnings\nwarnings.warn('careful')")[
        "printed"
    ].startswith("Warning, line 2")
    said = blocks.run("name = input('Who? ')")
    assert "input() cannot wait for an answer here" in said["printed"]


def test_figures_left_open_are_pictures_with_words(blocks):
    said = blocks.run(
        "import matplotlib.pyplot as plt\n"
        "plt.plot([1, 3, 2], label='heads')\nplt.title('A climb')\nplt.show()"
    )
    assert not said["failed"], said
    output = blocks.program.locator("xpath=following-sibling::*[1]")
    image = output.locator("img")
    assert image.get_attribute("alt") == "A figure: A climb, heads, 1 line."
    image.evaluate("one => one.decode()")
    assert image.evaluate("one => one.naturalWidth") > 400
    blocks.run("x = 1")
    assert output.locator("img").count() == 0


def test_two_that_are_pressed_in_a_row_queue(blocks):
    said = blocks.page.evaluate(
        """async () => {
            const [first, program] = document.querySelectorAll(".plays");
            const press = (block, name) =>
                block.querySelector(`[name=${name}]`).click();
            const runs = (block) => block.querySelector("[name=run]").hidden;
            const state = () => first.querySelector(".state").textContent;
            const said = [];
            press(program, "run");
            press(first, "run");
            said.push(state(), runs(program), runs(first));
            press(first, "stop");
            said.push(state(), runs(program), runs(first));
            press(first, "run");
            while (runs(first)) await new Promise((done) => setTimeout(done, 5));
            said.push(state().replace(/\\d+\\.\\d/, "?"), runs(program), runs(first));
            // Python itself is stopped: who waits for it does not start it.
            press(program, "run");
            press(first, "run");
            press(program, "stop");
            said.push(state(), runs(program), runs(first));
            return said;
        }"""
    )
    assert said == [
        *("It waits for its turn.", True, True),
        *("Taken back.", True, False),
        *("Ran in ? s.", False, False),
        *("Stopped, too.", False, False),
    ]


def test_a_figure_is_told_what_its_names_have_become(blocks):
    blocks.page.evaluate(
        """() => {
            document.addEventListener("em:ran",
                ({ detail }) => (window.became = detail.values));
            document.dispatchEvent(
                new CustomEvent("em:wants", { detail: { names: ["theta", "n", "x"] } }));
        }"""
    )
    blocks.run("import numpy as np\ntheta = np.array([0.5, 1])\nn = 'no'")
    assert blocks.page.evaluate("became") == {"theta": [0.5, 1]}


def test_an_endless_print_is_cut_and_the_page_goes_on(blocks):
    caret(blocks.program, 0)
    blocks.page.keyboard.press("Control+a")
    blocks.page.keyboard.insert_text(
        "n = 0\nwhile True:\n    n += 1\n    print(n)\n"
    )
    blocks.page.keyboard.press("Control+Enter")
    output = blocks.program.locator("xpath=following-sibling::*[1]")
    output.locator(".note", has_text="it is cut here").wait_for()
    lines = output.locator("code").inner_text().splitlines()
    assert lines[1999] == "2000"
    assert len(lines) == 2002
    assert not Axe().run(blocks.page).response["violations"]
    # By a key, as by the mouse: the focus went from Run to Stop.
    blocks.program.locator("[name=stop]").focus()
    blocks.page.keyboard.press("Enter")
    assert blocks.program.locator("[name=run]").is_visible()
    state = blocks.program.locator(".state").inner_text()
    assert state == "Stopped. The next run starts Python anew."
    assert blocks.page.evaluate("document.activeElement.name") == "run"
    assert blocks.run("print('again')")["printed"] == "again\n"


def test_from_a_disk_it_runs_while_there_is_a_network(
    browser, pyodide, tmp_path
):
    source = "print(6 * 7)"
    write_page(tmp_path, BLOCK.format(source), source)
    context = browser.new_context()
    context.set_default_timeout(WAIT)
    page = context.new_page()
    with served(tmp_path) as url, served(pyodide) as mirror:
        page.goto(
            write_page(
                tmp_path, BLOCK.format(source), source, base=mirror, site=url
            ).as_uri()
        )
        said = Blocks(page).run()
        assert said["printed"] == "42\n", said
    page.reload()
    said = Blocks(page).run()
    assert "could not be fetched" in said["said"]
    context.close()
