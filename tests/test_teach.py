"""The page for those who teach: each state that it links to is one."""

import re

import pytest
from browsing import address, flawless
from conftest import ROOT

LINKS = re.findall(
    r"\(assets/live/(\w+)\.html((?:\?theme=\w+)?#[^)]*)?\)",
    (ROOT / "docs/teach.md").read_text("utf-8"),
)


def test_there_are_states_to_open():
    assert len(LINKS) > 10
    assert sum(bool(state) for _, state in LINKS) >= 5


@pytest.mark.parametrize(("view", "state"), sorted(set(LINKS)))
def test_a_state_opens_and_plays(site, browser, view, state):
    with flawless(browser) as (page, _):
        page.goto(f"{address(site, f'assets/live/{view}')}{state}")
        told = page.locator(".told")
        guess = "Your guess." if state else "A guess."
        begins = "Re-estimated." if "at=" in state else guess
        assert told.inner_text().startswith(begins)
        page.get_by_role("button", name="Share out (E)").click()
        page.locator(".told", has_text="Shared out.").wait_for()
