"""Every address that the site ever gave out still leads somewhere."""

import re

import pytest
from conftest import ROOT
from moved import leading_on, moved
from pages import PageError

# Pages and headings of earlier releases, none of which is ever taken off. (In the
# reference a heading is a name of the package, and goes when the name does.)
ADDRESSES = (ROOT / "tests/addresses.txt").read_text("utf-8").split()


def anchors(site, page: str) -> set[str]:
    return {tag["id"] for tag in site.soup(page).select("[id]")}


@pytest.mark.parametrize("page", sorted({a.split("#")[0] for a in ADDRESSES}))
def test_old_addresses_lead_on(site, page):
    there = anchors(site, page)
    away = moved().get(page, {})
    kept = [a.split("#")[1] for a in ADDRESSES if a.startswith(f"{page}#")]
    assert not [one for one in kept if one not in there and one not in away]


def test_what_has_moved_is_where_it_is_said_to_be(site):
    for page, places in moved().items():
        assert (site.folder / f"{page}.html").exists()
        for old, new in places.items():
            assert old not in anchors(site, page), f"{page}#{old} has not moved"
            target, _, anchor = new.partition(".html#")
            assert not anchor or anchor in anchors(site, target), new


def test_a_browser_is_led_on(tmp_path, browser):
    places = {"old": "new.html#there"}
    (tmp_path / "page.html").write_text(
        f"<!doctype html><head>{leading_on(places)}</head><h1 id='here'>Old</h1>"
    )
    (tmp_path / "new.html").write_text("<!doctype html><h1 id='there'>New</h1>")
    page = browser.new_page()
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#old")
    page.wait_for_url("**/new.html#there")
    page.goto(f"{(tmp_path / 'page.html').as_uri()}#here")
    page.evaluate("location.hash = 'old'")
    page.wait_for_url("**/new.html#there")
    page.close()


def test_an_entry_that_says_nothing_stops_the_build(tmp_path):
    (tmp_path / "moved.yml").write_text("coins.html: elsewhere.html\n")
    with pytest.raises(PageError, match=re.escape("coins.html: elsewhere")):
        moved(tmp_path)
