"""No page is longer than a reader's patience: 1,200 words with the folds closed."""

import pytest
from conftest import PAGES

# Where one looks something up, and reads no further.
LOOKED_UP = {"api", "glossary", "licence", "questions", "resources"}
READ = [name for name in PAGES if name not in LOOKED_UP]

# What a reader sees with the folds closed: not code and what it prints, not the words
# on a figure's buttons, nor what stands at the foot of every page.
WORDS = """() => {
  const page = document.querySelector("article").cloneNode(true);
  for (const fold of page.querySelectorAll("details:not([open])"))
    fold.replaceChildren();
  for (const one of page.querySelectorAll(
    "pre, script, style, svg, math, figure .all, .download, .cite, .mistake, .headerlink"))
    one.remove();
  return page.textContent.split(/\\s+/).filter((word) => /[\\p{L}\\d]/u.test(word)).length;
}"""


@pytest.fixture(scope="module")
def desk(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield page
    page.close()


@pytest.mark.parametrize("name", READ)
def test_a_page_is_short(name, site, desk):
    desk.goto(f"{site.url}{name}.html")
    assert desk.evaluate(WORDS) <= 1200
