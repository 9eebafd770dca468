"""The search understands what readers call things, and how they spell."""

import pytest
from browsing import address, search, tab

# Which pages may come first.
FIRST = {
    "gaussian mixture": {"normals", "groups"},
    "gausian mixture": {"normals", "groups"},
    "gaussian mixture model": {"normals", "groups"},
    "GMM": {"normals", "groups"},
    "ELBO": {"why", "elbo"},
    "hidden Markov model": {"counts", "hmm"},
    "hiden markov": {"counts", "hmm"},
    "missing data": {"missing", "at_random"},
    "mising data": {"missing", "at_random"},
    "outlier": {"pitfalls"},
    "outliers": {"pitfalls"},
    "k-mens": {"kmeans"},
    "likelihood surface": {"surface"},
}
# One word in two spellings.
ALIKE = {
    "maximization": "maximisation",
    "maximize": "maximise",
    "initialization": "initialisation",
    "color": "colour",
    "resopnsibility": "responsibility",
}


def first(addresses: list[str]) -> str:
    return addresses[0].rpartition("/")[2].partition(".html")[0]


@pytest.mark.parametrize("on_disk", [False, True])
def test_the_page_that_treats_a_thing_comes_first(site, browser, on_disk):
    with tab(browser) as page:
        page.goto(address(site, "index", on_disk=on_disk))
        found = {words: first(search(page, words)) for words in FIRST}
    assert {w: name for w, name in found.items() if name not in FIRST[w]} == {}


@pytest.mark.parametrize("written", ALIKE)
def test_another_spelling_finds_the_same(site, browser, written):
    with tab(browser) as page:
        page.goto(address(site, "index"))
        found = search(page, written)
        assert found
        assert found == search(page, ALIKE[written])
