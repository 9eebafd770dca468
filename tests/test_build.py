"""What must stop a build: each fault is made once, on a page of its own."""

import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from choices import check_choices
from conftest import ROOT
from execute import execute_all, foundation, key, read
from formulas import with_formulas
from links import dead_links
from markdown import markdown
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from pages import PageError, cards, in_order, menu
from prepare import as_markdown, joined, prepare, published
from remember import remembered
from sentences import filled

HEADER = """\
# ---
# title: Start
# order: 1
# question: What?
# description: A page to break.
# ---

# %% [markdown]
# # Start
#
"""
FIGURE = """
# %% tags=["hide"]
from em.figures.hero import hero
hero("Twenty steps.")
"""
DRAW = "\n# %%\nfrom em.figures.drawing import draw, finish\n"
CHANGE = """\
# <div class="change" markdown>
# **Predict:** what comes out?
#
# ```diff
# -a = {}
# +a = {}
#
# -    a = a * 2
# +    a = a * 3
# ```
#
# <details markdown><summary>See why</summary>
#
# {} It prints {{{{ changed.lines[0] if changed.lines else "nothing" : s }}}}.
#
# </details>
# </div>
"""
# Pages that run, each a kernel's second or two: all of them are run together.
RUNNING = {
    "sound": (
        "\n# %%\na, b, c = 1, 2, 3\nprint('x &amp; y', a <b >c, 1 < 2 & 3)\n"
        + FIGURE,
        "",
    ),
    "division": ("\n# %%\n1 / 0\n", "ZeroDivisionError"),
    "assertion": (
        '\n# %% tags=["hide"]\nassert 1 + 1 == 3\n',
        "AssertionError",
    ),
    "no-alt": (
        DRAW + 'finish(draw()[0], "", "A caption.")\n',
        "needs alternative text and a caption",
    ),
    "no-caption": (
        DRAW + 'finish(draw()[0], "What is to be seen.", " ")\n',
        "needs alternative text and a caption",
    ),
    "pyplot": (
        "\n# %%\nfrom matplotlib import pyplot\npyplot.plot([1, 2])\n"
        "pyplot.show()\n",
        "a cell shows what no page can",
    ),
    "plain-value": ("\n# %%\n1 + 1\n", "a cell shows what no page can: 2"),
    "warning": (
        "\n# %%\nimport warnings\nwarnings.warn('careful')\n",
        "a cell shows what no page can",
    ),
    "falling": (
        "\n# %%\nimport em\nfrom types import SimpleNamespace\n"
        "from em.models import coins\n"
        "def wrong(flips, r):\n"
        "    return coins.Coins([0.1, 0.2])\n"
        "bad = SimpleNamespace(**{**vars(coins), 'm_step': wrong})\n"
        "em.fit(bad, coins.Flips([5, 9], [5, 1]), coins.Coins([0.4, 0.9]))\n",
        "FellError",
    ),
    "slow": (
        "\n# %%\nimport time\nfor i in range(3):\n"
        "    print('line', i, flush=True)\n    time.sleep(0.4)\n",
        "",
    ),
    "value": (
        '\n# %%\nflips = 2586\nfell, who = -1234.5678, "A"\n\n# %% [markdown]\n'
        "# All {{ flips }} flips, {{ fell : .3f }} and {{ flips / 7 : .1f }};\n"
        "# `{{ flips }}` is code, and {{ who : s }} a word.\n\n# %%\nflips = 1\n",
        "",
    ),
    "changes": (
        '\n# %% tags=["program"]\na = 2\nprint(a)\n\nfor i in range(3):\n'
        "    a = a * 2\n\n# %% [markdown]\n# Before: {{ a }}.\n#\n"
        + CHANGE.format("2", "5", "It is {{ changed.a }}, not {{ a }}.")
        + "#\n# Between.\n#\n"
        + CHANGE.format("2", "np", "It says {{ changed.error : s }}.")
        + "#\n# After: {{ str({'changed', 'outcome'} & {*globals()}) : s }}.\n",
        "",
    ),
    "wrong-value": (
        "\n# %%\nflips = 66\n\n# %% [markdown]\n# All {{ flops : .3f }}.\n",
        "print(format(flops, ',.3f'))",
    ),
}


@pytest.fixture(scope="session")
def ran(tmp_path_factory):
    """Give each page's Markdown, or what stopped it."""
    home = tmp_path_factory.mktemp("running")
    books = {}
    for name, (page, _) in RUNNING.items():
        (home / f"{name}.py").write_text(HEADER + page, encoding="utf-8")
        books[name] = read(home / f"{name}.py")
    said = {}
    for name, result in execute_all(books, home / "cache").items():
        try:
            if isinstance(result, PageError):
                raise result
            said[name] = as_markdown(name, joined(books[name], result), {})
        except PageError as error:
            said[name] = error
    return said


@pytest.mark.parametrize("name", [name for name in RUNNING if RUNNING[name][1]])
def test_a_fault_stops_the_page_and_is_told_with_its_name(ran, name):
    assert isinstance(ran[name], PageError)
    assert name in str(ran[name])
    assert RUNNING[name][1] in str(ran[name])


def test_a_sound_page_shows_what_it_ran(ran):
    assert "print('x &amp; y', a <b >c, 1 < 2 & 3)" in ran["sound"]
    assert (
        "``` { .text .output .no-copy }\nx &amp; y False True\n```"
        in ran["sound"]
    )
    assert 'role="img" aria-label="Two bell curves' in ran["sound"]


def test_what_a_cell_prints_is_one_block_however_slowly_it_comes(ran):
    assert ran["slow"].count(".output") == 1
    assert "line 0\nline 1\nline 2\n```" in ran["slow"]


def test_numbers_in_sentences_are_the_pages_own_where_they_stand(ran):
    assert "All 2,586 flips, −1,234.568 and 369.4;" in ran["value"]
    assert "`{{ flips }}` is code, and A a word." in ran["value"]


def test_each_change_is_made_to_the_program_and_run_apart(ran):
    text = ran["changes"]
    assert "Before: 16." in text
    assert "It is 135, not 16. It prints 5." in text
    assert (
        "It says NameError: name 'np' is not defined. It prints nothing."
        in text
    )
    assert "After: set()." in text
    assert "def outcome" not in text
    assert text.count("```diff\n-a = 2\n+a = ") == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("-a = 2", "-a = 3", r"line 14: not in the program above: 'a = 3'"),
        ("-    a = a * 2", "-a = a * 2", "line 17: not in the program above"),
        (CHANGE[75:131].format(2, 5), "", "line 13: this diff changes nothing"),
        ("-a = 2\n# ", "", "line 14: lines to add need a line to replace"),
        ("+a = 5", "a = 5", "line 15: 'a = 5' begins with neither"),
        ("-a = 2", "-b = 0", "line 14: these lines are in the program more"),
        ("```diff", "```text", "line 10: a change needs a block of ```diff"),
        ("# </div>\n", "", "line 10: a change without an end"),
    ],
)
def test_a_change_that_cannot_be_made_is_told_with_its_line(
    tmp_path, old, new, message
):
    program = "b = 0\na = 2\nb = 0\nfor i in range(3):\n    a = a * 2\n"
    change = CHANGE.format("2", "5", "").replace(old, new)
    path = tmp_path / "page.py"
    path.write_text(
        f'# %% tags=["program"]\n{program}\n# %% [markdown]\n# Words.\n{change}'
    )
    with pytest.raises(PageError, match=f"page.py, {message}"):
        read(path)


CHOICES = """\
# <div class="choices" markdown>
# **Predict:** heads or tails?
#
# <details markdown><summary>Heads</summary>
#
# Tempting.
#
# </details>
# <details class="right" markdown><summary>Tails</summary>
#
# Yes.
#
# </details>
# </div>
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (' class="right"', "", "line 11: expected one right answer"),
        ("<details markdown", '<details class="right" markdown', "one right"),
        ("<details markdown><summary>Heads", "Heads", "line 11: 1 answers"),
        ("# </div>", "# Left over.\n# </div>", "a question, then"),
        ("# **Predict:** heads or tails?\n", "", "a question, then"),
        ("# </div>\n", "", "choices that do not end with </div>"),
    ],
)
def test_choices_of_another_form_are_refused(tmp_path, old, new, message):
    (tmp_path / "page.py").write_text(HEADER + CHOICES)
    check_choices(tmp_path / "page.py")
    assert old in CHOICES
    (tmp_path / "page.py").write_text(HEADER + CHOICES.replace(old, new))
    with pytest.raises(PageError, match=f"page.py.*{message}"):
        check_choices(tmp_path / "page.py")


def test_a_number_that_ends_a_sentence_never_begins_a_list():
    text = "- It took\n  {{ n }}. Then {{ n }}.\n  {{ x }}. And"
    text = filled(text, ["40", "41", "0.5"])
    assert text == "- It took\n  40\\. Then 41.\n  0.5. And"
    assert "<ol" not in markdown(text)
    assert "40. Then 41." in markdown(text)


def test_an_edited_sentence_runs_nothing_and_changed_code_does(tmp_path):
    page = tmp_path / "page.py"
    keys = []
    for text, code in [("One", "1"), ("Two", "1"), ("Two", "2")]:
        page.write_text(
            f"{HEADER}# {text}\n\n# %%\nx = {code}\n", encoding="utf-8"
        )
        keys.append(key(read(page), "base"))
    assert keys[0] == keys[1] != keys[2]


class Page:
    """As much of MkDocs' page as its rendering touches."""

    _title_from_render, toc, present_anchor_ids = "Start", (), frozenset()

    def __init__(self, name: str, text: str) -> None:
        self.file, self.markdown = SimpleNamespace(src_uri=name), text


def test_while_writing_only_what_has_changed_is_rendered():
    rendered, base = [], ["one"]

    def render(page, config, files) -> None:
        rendered.append(page.markdown)
        page.content = f"<p>{page.markdown}</p>"

    once = remembered(render, lambda: base[0])

    def content(name: str, text: str) -> str:
        page = Page(name, text)
        once(page, None, None)
        return page.content

    assert content("a.md", "A") == content("a.md", "A") == "<p>A</p>"
    assert content("b.md", "A") == "<p>A</p>"
    assert rendered == ["A", "A"]  # of each page, once
    assert content("a.md", "B") == "<p>B</p>"
    assert content("a.md", "A") == "<p>A</p>"
    base[0] = "another package"
    assert content("a.md", "A") == "<p>A</p>"
    assert rendered == ["A", "A", "B", "A", "A"]


def test_a_page_that_is_read_again_is_a_notebook_of_its_own(tmp_path):
    path = tmp_path / "start.py"
    path.write_text(f"{HEADER}# Words.\n", encoding="utf-8")
    first = read(path)
    first.cells[0].source = "spoilt"
    assert "Words." in read(path).cells[0].source
    path.write_text(f"{HEADER}# Others.\n", encoding="utf-8")
    assert "Others." in read(path).cells[0].source


@pytest.mark.parametrize(
    "changed", ["em/a.py", "em/data/b.csv", "requirements-site.txt"]
)
def test_a_change_below_the_pages_runs_them_all_again(tmp_path, changed):
    for name in ("em/a.py", "em/data/b.csv", "requirements-site.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    before = foundation(tmp_path)
    assert foundation(tmp_path) == before
    (tmp_path / changed).write_text("after")
    assert foundation(tmp_path) != before


class Built:
    """A site of one page that runs nothing, and what was said while it was built."""

    def __init__(self, home: Path, caplog: pytest.LogCaptureFixture) -> None:
        self.docs, self.site, self.log = home / "docs", home / "site", caplog
        self.docs.mkdir()
        for name in published():
            # The figures' own pages lead back to pages that are not here.
            if name.parts[0] == "assets" and name.parts[1] != "live":
                (self.docs / name).parent.mkdir(parents=True, exist_ok=True)
                (self.docs / name).write_bytes(
                    (ROOT / "docs" / name).read_bytes()
                )

    def __call__(self, page: str) -> str:
        head = re.sub("^# ?", "", HEADER.split("\n# %%")[0], flags=re.M)
        (self.docs / "index.md").write_text(
            f"{head}\n# Start\n\n{page}\n", "utf-8"
        )
        config = load_config(
            str(ROOT / "mkdocs.yml"),
            docs_dir=str(self.docs),
            site_dir=str(self.site),
            site_url="http://127.0.0.1:8000/",
        )
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build(config)
        return (self.site / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def built(tmp_path, caplog):
    return Built(tmp_path, caplog)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("[dead](nowhere.md)", "nowhere.md"),
        ("[dead](index.md#nowhere)", "no such anchor"),
        ("[dead](#nowhere)", "no such anchor"),
        ('<a href="nowhere.html">dead</a>', "nowhere.html: no such file"),
        ('<a href="index.html#nowhere">dead</a>', "no such anchor"),
        ('<img src="assets/nowhere.png" alt="dead">', "no such file"),
        ("$\\notacommand$", "cannot set the formula"),
        ("$$\\frac{1}$$", "cannot set the formula"),
        ("An open $\\theta, never closed.", "a dollar without its partner"),
        ("A space: $ \\theta $.", "a dollar without its partner"),
        ("![](assets/favicon.svg)", "no alternative text"),
        ("<figure><svg></svg></figure>", "no alternative text"),
    ],
)
def test_a_fault_in_the_text_stops_the_build(built, page, message):
    with pytest.raises((Abort, SystemExit)) as stopped:
        built(page)
    assert message in built.log.text + str(stopped.value)


def test_a_sound_text_is_built_as_it_was_written(built):
    html = built(
        "Words, $\\theta < 1$, `$5`, &#36;5, and [a link](index.md#start)."
    )
    assert "<math><mi>θ</mi>" in html
    assert "<code>$5</code>, &#36;5" in html
    assert 'href="#start"' in html


def test_a_stray_file_is_not_published(built):
    (built.docs / "notes.txt").write_text("a stray thought")
    (built.docs / "assets/draft.docx").write_text("a draft")
    built("Words.")
    names = {path.name for path in built.site.rglob("*")}
    assert "index.html" in names
    assert not names & {"notes.txt", "draft.docx"}


def write_page(docs: Path, name: str, **changes: object) -> None:
    docs.mkdir(exist_ok=True)
    head = {
        "title": name,
        "order": 1,
        "question": "What?",
        "description": "A page.",
    }
    lines = [
        f"{key}: {value}" for key, value in (head | changes).items() if value
    ]
    text = "\n".join(["---", *lines, "---", "", f"# {name}", ""])
    (docs / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_header_that_lacks_something_is_refused(tmp_path):
    write_page(tmp_path / "docs", "one", question=None)
    with pytest.raises(
        PageError, match=r"one.md: its header lacks \['question'\]"
    ):
        in_order(tmp_path / "docs")


def test_two_pages_of_one_place_are_refused(tmp_path):
    write_page(tmp_path / "docs", "one")
    write_page(tmp_path / "docs", "two")
    with pytest.raises(
        PageError, match="one and two: two pages in one section"
    ):
        in_order(tmp_path / "docs")


def test_sections_come_from_the_header_or_from_the_order(tmp_path):
    docs = tmp_path / "docs"
    write_page(docs, "first")
    write_page(docs, "later", order=12)
    write_page(docs, "own", order=13, section="Make")
    headers = in_order(docs)
    assert menu(headers) == [
        {"first": "first.md"},
        {"Understand": [{"later": "later.md"}]},
        {"Make": [{"own": "own.md"}]},
    ]
    assert "### Make\n\n- [own](own.md) What?" in cards(headers)
    write_page(docs, "own", section="Elsewhere")
    with pytest.raises(PageError, match="its section is none of"):
        in_order(docs)


def test_a_page_that_promises_own_numbers_has_no_others(tmp_path):
    docs = tmp_path / "docs"
    docs.mkdir()
    text = (
        "# About 66 flips in $n = 88$, `99`, 7 times, since {{ 1900 + 8 }}.\n"
    )
    page = HEADER.replace("# ---\n\n", "# numbers: own\n# ---\n\n") + text
    (docs / "index.py").write_text(page, encoding="utf-8")
    with pytest.raises(
        PageError, match=r"index: numbers written by hand: 66 \("
    ):
        prepare("http://127.0.0.1:8000/", docs)
    allowed = page.replace("# numbers: own", "# numbers: own\n# allow: [66]")
    (docs / "index.py").write_text(allowed, encoding="utf-8")
    prepared = prepare("http://127.0.0.1:8000/", docs)["index"].markdown
    assert "About 66 flips" in prepared
    assert "since 1,908." in prepared
    caption = page.replace(" 66", "") + (
        '\n# %% tags=["hide"]\nx = 5\n'
        'told = f"These {x} are the 42 points that we saw."\n'
    )
    (docs / "index.py").write_text(caption, encoding="utf-8")
    with pytest.raises(PageError, match=r"by hand: 42 \("):
        prepare("http://127.0.0.1:8000/", docs)


def test_a_forgiving_build_says_on_the_page_what_is_wrong_with_it(
    tmp_path, capfd
):
    docs = tmp_path / "docs"
    docs.mkdir()
    page = HEADER + "\n# %%\n1 / 0\n"
    (docs / "index.py").write_text(page, encoding="utf-8")
    with pytest.raises(PageError, match="ZeroDivisionError"):
        prepare("http://127.0.0.1:8000/", docs)
    prepared = prepare("http://127.0.0.1:8000/", docs, forgiving=True)
    assert "ZeroDivisionError" in prepared["index"].markdown
    assert "index: a cell failed" in capfd.readouterr().err


def test_a_build_that_fails_leaves_the_last_good_site(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("the last good site")
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs/site/build.py"), str(site)],
        env={"PATH": "", "SITE_URL": "no address"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode != 0
    assert (site / "index.html").read_text() == "the last good site"
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_port_in_use_is_told_in_a_sentence(unused_socket):
    port = unused_socket.getsockname()[1]
    made = subprocess.run(
        [sys.executable, str(ROOT / "docs/site/serve.py"), str(port)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 1
    assert made.stderr == (
        f"Port {port} is in use: try make serve PORT={port + 1}\n"
    )


@pytest.fixture
def unused_socket():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield one


def test_links_from_raw_html_are_followed_too(tmp_path):
    (tmp_path / "a.html").write_text('<a id="x" href="b.html#y">b</a>')
    (tmp_path / "b.html").write_text('<a id="y" href="a.html#z">a</a>')
    assert dead_links(tmp_path) == ["b.html: a.html#z: no such anchor"]


def test_formulas_are_set_and_money_is_not_one():
    found = with_formulas(r'<span class="arithmatex">\(x\)</span>', "page")
    assert found == "<math><mi>x</mi></math>"
    with pytest.raises(PageError, match="page: a dollar"):
        with_formulas("<p>5 $</p>", "page")


def test_notebook_cells_have_names_that_stay(tmp_path):
    (tmp_path / "page.py").write_text(
        HEADER + "\n# %%\nx = 1\n", encoding="utf-8"
    )
    book = read(tmp_path / "page.py")
    assert [cell.id for cell in book.cells] == ["cell-0", "cell-1"]
    nbformat.validate(book)
