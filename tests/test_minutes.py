"""The minutes that a page states are those of the rule in CONTRIBUTING.md."""

import re

import pytest
from conftest import PAGES, without

STATED = re.compile(r"[Aa]bout\s+(\d+)\s+minutes")


def minutes(article) -> float:
    """Give how long a page takes to read and to try; its exercises are apart."""
    text = without(
        article,
        "details > :not(summary), .answers, .replies, div.highlight, figure, "
        "script, .cite, .download",
    ).get_text(" ")
    shown = [
        block.code.get_text()
        for block in article.select("div.language-python.highlight")
        if not block.find_parent("details")
    ]
    lines = [
        line for code in shown for line in code.splitlines() if line.strip()
    ]
    to_try = article.select(".choices, .change")
    return len(text.split()) / 200 + len(lines) / 10 + len(to_try)


@pytest.mark.parametrize("name", PAGES)
def test_the_minutes_that_a_page_states_are_those_of_the_rule(name, site):
    article = site.soup(name).article
    assert "MINUTES" not in article.get_text()
    if stated := STATED.search(article.get_text(" ")):
        assert abs(int(stated[1]) - minutes(article)) <= 5
