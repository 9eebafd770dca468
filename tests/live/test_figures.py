"""What Python writes into a page, and what it weighs."""

import gzip
import json
import re

import numpy as np
import pytest
from figure_page import LIVE
from scripts import bundle, served

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
        autoplay="two",
    )._repr_html_()
    state = re.search(r"<script type=\"application/json\">(.*)</script>", made)
    assert json.loads(state[1]) == {
        "x": [1.5, 2],
        "means": [1, 9],
        "members": [[0, 1], [0]],
        "autoplay": "two",
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
    names = {path.stem for path in LIVE.glob("*.js")}
    assert names == {*VIEWS, "engine", "play"}
    shared = bundle(LIVE, without=VIEWS)
    assert len(gzip.compress(shared.encode(), 9)) <= 10 * 1024
    for name in VIEWS:
        own = served((LIVE / f"{name}.js").read_text(encoding="utf-8"))
        assert len(gzip.compress(own.encode(), 9)) <= 3.25 * 1024, name


STRANGE = r"""
"use strict";
var EM = {};
// Why.
{
  const first = 1, second = [2, 3].map((value, i) => +value + +first - -i),
    { third, fourth: renamed = 4, ...others } = { third: 3, five: 5 };
  const said = `// first ${first}, ${second.map((v) => `<${v}  ${third}>`)} }`;
  const sign = /[/"'`]\/ first|}/g, words = "first;  } // 'second'"; // kept? no
  function nothing(_, { renamed } = {}, first = renamed) { return [first, _]; }
  let typed;
  for (const name in others) typed = typeof others[name];
  for (let i = 0, end = 2; i < end; i++) typed += i ? "a" : "b";
  try { nothing.first(); } catch (error) { typed += error.name; }
  // A parameter that is not used, under the names of its function's own; shadows.
  const unused = [4].map((_, idle) => { const own = 5, more = 6; return own * more; });
  const shadow = ((first, second = first) => [8].map((first) => first + second))(9);
  Object.assign(EM, {
    unused, shadow, first, second, said, words, typed, third,
    sign: said.replace(sign, "") + "/".length / 1 / 2,
    nothing: (x) => ({ first: nothing(x, { renamed: 7 }), x }),
    get renamed() { return renamed; },
  });
}
"""


def test_what_is_served_is_smaller_and_does_the_same(browser):
    small = served(STRANGE)
    assert len(small) < 0.7 * len(STRANGE)
    assert "Why." not in small
    assert "kept?" not in small
    page = browser.new_page()
    see = "JSON.stringify({...EM, renamed: EM.renamed, no: EM.nothing(8)})"
    before, after = (
        page.evaluate(f"(() => {{ {script}\nreturn {see}; }})()")
        for script in (STRANGE, small)
    )
    page.close()
    assert after == before
    assert json.loads(after)["no"] == {"first": [7, 8], "x": 8}


def test_names_that_other_files_know_stay_as_they_are():
    small = served("{ const alone = EM.shared; EM.views = { alone }; }")
    assert re.fullmatch(
        r"\{const (\w+)=EM\.shared;EM\.views=\{alone:\1\}\}\n", small
    )


def test_scripts_are_classic_and_ask_no_other_host():
    for path in [*LIVE.glob("*.js"), *LIVE.glob("*.html"), *LIVE.glob("*.css")]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("http://www.w3.org/", "")
        assert not re.search(r"https?:|^\s*(import|export) ", text, re.M), path
