"""What Python writes into a page, and what it weighs."""

import gzip
import json
import re

import numpy as np
import pytest
from figure_page import LIVE
from scripts import served

from em.figures.drawing import draw, finish
from em.figures.live import VIEWS, live


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


def test_scripts_are_small():
    sizes = {
        path.stem: len(
            gzip.compress(served(path.read_text(encoding="utf-8")).encode(), 9)
        )
        for path in LIVE.glob("*.js")
    }
    assert set(sizes) == {*VIEWS, "engine", "play"}
    # What a page with one figure loads; and all views, with those to come.
    base = sizes["engine"] + sizes["play"]
    assert max(base + sizes[view] for view in VIEWS) <= 12_000, sizes
    assert sum(sizes.values()) <= 25_500, sizes


def test_what_is_served_is_smaller_and_shares_what_it_shares():
    source = (LIVE / "engine.js").read_text(encoding="utf-8")
    small = served(source)
    assert len(small) < 0.6 * len(source)
    assert "// " in source
    assert "// " not in small
    # What other files know by its name keeps it.
    small = served("{ const alone = EM.shared; EM.views = { alone }; }")
    assert re.fullmatch(
        r"\{const (\w+)=EM\.shared;EM\.views=\{alone:\1\}\}\s*", small
    )


def test_scripts_are_classic_and_ask_no_other_host():
    for path in [*LIVE.glob("*.js"), *LIVE.glob("*.html"), *LIVE.glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("http://www.w3.org/", "")
        assert not re.search(r"https?:|^\s*(import|export) ", text, re.M), path
