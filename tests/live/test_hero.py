"""The first page: its program ends where its figure does."""

import json

import jupytext
from conftest import ROOT
from figure_page import figure, opened, told


def test_the_program_of_the_first_page_ends_as_its_figure_does(
    browser, tmp_path, capsys
):
    book = jupytext.read(ROOT / "docs/index.py")
    (program,) = (
        cell.source
        for cell in book.cells
        if "program" in cell.metadata.get("tags", [])
    )
    names: dict[str, object] = {}
    exec(program, names)
    printed = "; ".join(capsys.readouterr().out.split("\n")[:2])
    state = {"x": list(names["x"]), "means": [1.1, 9], "stds": [2, 1.7]}
    state["mixing"] = "free"
    with opened(browser, tmp_path, figure("bells", json.dumps(state))) as page:
        for _ in range(71):
            for name in ("Share out", "Re-estimate"):
                page.get_by_role("button", name=name).press("Enter")
        page.get_by_role("button", name="Share out").press("Enter")
        assert f"Settled after 71 steps. {printed}." in told(page)
