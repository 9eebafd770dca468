"""What Python writes into a page, and what it weighs."""

import gzip
import json
import re

import numpy as np
import pytest
from figure_page import LIVE

from em.figures.drawing import draw, finish
from em.figures.live import VIEWS, live, served


def still():
    figure, axes = draw()
    axes.plot([0, 1], [0, 1])
    return finish(figure, "A line.", "A line.")


def test_a_live_figure_is_its_numbers_its_stills_and_its_words():
    made = live(
        "bells",
        still=[still(), still()],
        told="First and last.",
        caption="Drag & see.",
        x=np.array([1.5, 2]),
        means=[1, 9],
        members=[[0, 1], [0]],
        autoplay="once",
    )._repr_html_()
    state = re.search(r"<script type=\"application/json\">(.*)</script>", made)
    assert json.loads(state[1]) == {
        "x": [1.5, 2],
        "means": [1, 9],
        "members": [[0, 1], [0]],
        "autoplay": "once",
    }
    assert made.startswith('<figure class="live" data-view="bells">')
    assert made.count("<svg") == made.count('aria-label="A line."') == 2
    assert "First and last." in made
    assert "Drag &amp; see." in made
    assert not re.search(r"\n\s*\n", made)  # Markdown would cut it up there


def test_nothing_in_a_live_figure_can_end_its_script():
    made = live("coins", told="a", caption="b", word="</script>")._repr_html_()
    assert made.count("</script>") == 1


@pytest.mark.parametrize(
    ("view", "more", "message"),
    [
        ("bell", {"told": "a", "caption": "b"}, "expected one of"),
        ("bells", {"told": " ", "caption": "b"}, "told and caption"),
        ("bells", {"told": "a"}, "told and caption"),
        ("bells", {"told": "a", "caption": "b", "x": [np.nan]}, "x holds"),
        (
            "bells",
            {"told": "a", "caption": "b", "x": np.array([np.inf])},
            "x holds",
        ),
    ],
)
def test_what_is_no_live_figure_is_refused(view, more, message):
    with pytest.raises(ValueError, match=message):
        live(view, **more)


def test_all_scripts_together_are_small():
    sizes = {
        path.name: len(
            gzip.compress(served(path.read_text(encoding="utf-8")).encode(), 9)
        )
        for path in LIVE.glob("*.js")
    }
    # One that belongs to a single page is small of itself.
    assert sizes.pop("overlap.js") <= 1_550
    assert sum(sizes.values()) <= 21_000, sizes
    assert set(sizes) <= {f"{view}.js" for view in (*VIEWS, "engine", "play")}


def test_what_is_served_lacks_comments_and_indentation_and_nothing_else():
    source = 'a();\n  // why\n\n  b("// kept"); // kept\n\n//\nc();\n'
    assert served(source) == 'a();\nb("// kept"); // kept\nc();\n'


def test_scripts_are_classic_and_ask_no_other_host():
    for path in [*LIVE.glob("*.js"), *LIVE.glob("*.html"), *LIVE.glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("http://www.w3.org/", "")
        assert not re.search(r"https?:|^\s*(import|export) ", text, re.M), path
