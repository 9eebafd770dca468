"""The rooms of the package: arrows between them run one way."""

import ast
import io
import re
import subprocess
import sys
import tokenize
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from conftest import ROOT

FILES = sorted((ROOT / "em").rglob("*.py"))


def module(path: Path) -> str:
    """Give the dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {module(path): path for path in FILES}


def imported(name: str) -> set[str]:
    """Give all that a module imports, anywhere in it, as dotted names."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {one if one in MODULES else node.module for one in whole}
    return found


USED = {name: imported(name) for name in MODULES}
MODELS = [name for name in MODULES if name.startswith("em.models.")]


def of(room: str, used: set[str]) -> set[str]:
    """Give what is in a room: a module of that name, or what is under it."""
    return {one for one in used if one == room or one.startswith(room + ".")}


# What a room must not know of.
CLOSED = {
    "em.models": [
        "em.models", "em.figures", "em.kallisto", "em.algorithm", "em.further",
        "em.ask", "em.source", "em.files", "em.problem",
    ],
    "em.numbers": [
        "em.models", "em.figures", "em.algorithm", "em.problem", "em.door",
        "em.ask", "em.further", "em.kinds",
    ],
    "em.problem": ["em.models", "em.algorithm", "em.door.pieces", "em.door.admit"],
    "em.door": ["em.models", "em.algorithm", "em.ask", "em.further"],
    "em.kinds": ["em.models", "em.algorithm", "em.ask", "em.further", "em.problem"],
    "em.ask": ["em.models", "em.further", "em.figures"],
    "em.hmm": ["em.models", "em.figures", "em.kallisto", "em.algorithm"],
    "em.kallisto": ["em.figures", "em.algorithm", "em.ask", "em.further"],
    "em.algorithm": ["em.models", "em.ask", "em.further.starts", "em.further.relatives"],
    "em.model": ["em.algorithm", "em.models", "em.mixture"],
    "em.mixture": ["em.algorithm", "em.models", "em.model"],
    "em.errors": ["em"],
    "em.numbers.arrays": ["em"],
}  # fmt: skip


# A chain whose states are normals has their M-step, which is written once.
STANDS_ON = {"em.models.normal_hmm": {"em.models.normals"}}


@pytest.mark.parametrize("room", CLOSED)
def test_a_room_knows_nothing_of_those_above_it(room):
    for name in of(room, set(MODULES)):
        for closed in CLOSED[room]:
            known = {name} | STANDS_ON.get(name, set())
            others = of(closed, USED[name]) - known
            assert not others, f"{name} imports {others}"


def test_there_are_models_and_each_is_told_by_its_two_steps():
    assert len(MODELS) >= 8
    for name in MODELS:
        text = MODULES[name].read_text("utf-8")
        assert "\ndef e_step(" in text, name
        assert "\ndef m_step(" in text, name


def test_only_the_figures_know_of_figures_and_of_matplotlib():
    there = of("em.figures", set(MODULES))
    assert any(of("matplotlib", USED[name]) for name in there)
    for name in set(MODULES) - there:
        for room in ("em.figures", "matplotlib"):
            assert not of(room, USED[name]), f"{name} imports {room}"


def test_what_all_models_share_knows_of_no_model():
    rooms = (
        "em.models", "em.figures", "em.kallisto", "em.further.relatives",
    )  # fmt: skip
    for name in MODULES:
        if not any(of(room, {name}) for room in rooms):
            assert not of("em.models", USED[name]), name


def test_arrows_never_run_in_a_circle():
    graph = {name: used & set(MODULES) - {"em"} for name, used in USED.items()}
    list(TopologicalSorter(graph).static_order())


def test_no_name_of_a_file_begins_with_an_underscore():
    for path in FILES:
        assert path.name == "__init__.py" or not path.name.startswith("_")


@pytest.mark.parametrize(
    "unwanted",
    [
        "matplotlib", "scipy", "attr", "em.models", "em.figures", "numpy.random",
        "dask", "distributed", "concurrent.futures",
    ],
)  # fmt: skip
def test_importing_em_leaves_alone_what_it_does_not_need(unwanted):
    """(numpy.random alone would take a third of the time.)"""
    code = f"import em, sys; assert {unwanted!r} not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_a_model_leaves_matplotlib_alone():
    code = (
        f"import {', '.join(MODELS)}, sys; "
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_any_is_rare():
    """A type checker sees nothing through it: at most 30 in all the code."""
    count = 0
    for name, path in MODULES.items():
        if of("em.figures", {name}):
            continue
        text = path.read_text("utf-8")
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        count += sum(
            token.type == tokenize.NAME and token.string == "Any"
            for token in tokens
        )
    assert 0 < count <= 30


def test_files_of_the_package_can_be_read_in_one_sitting():
    for path in FILES:
        assert len(path.read_text("utf-8").splitlines()) <= 250, path


def test_docstrings_say_what_comes_back():
    """(A property is told like an attribute.) The first word of each function's: Return, Yield, Draw, Raise, or so."""
    words = {"Return", "Yield", "Draw", "Raise", "Run", "Keep", "Print"}
    for name, path in MODULES.items():
        if of("em.figures", {name}):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                text = ast.get_docstring(node)
                of_class = [ast.unparse(one) for one in node.decorator_list]
                if text is not None and "property" not in of_class:
                    assert re.split(r"\W", text)[0] in words, (name, node.name)
