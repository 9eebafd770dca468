"""The repository: its README is true, its pins are whole, its workflows tight."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import PAGES, ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def read(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        ROOT / name for name in listed.stdout.split() if (ROOT / name).is_file()
    ]


def paths_of(tree: str) -> set[str]:
    """Give the paths that a tree names: two more spaces are a folder deeper."""
    found, above = set(), [""]
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        if depth >= len(above):  # the words above go on
            continue
        first, *others = line.split()
        found.add(f"{above[depth]}{first}".rstrip("/"))
        above[depth + 1 :] = [f"{above[depth]}{first}"]
        # A line may be names and nothing else.
        if all(re.fullmatch(r"\w+\.py", name) for name in others):
            found |= {f"{above[depth]}{name}" for name in others}
    return found


def test_the_tree_in_the_readme_is_the_tree():
    tree = re.findall(r"```text\n(.*?)```", read("README.md"), re.DOTALL)[-1]
    named = paths_of(tree)
    for name in named:
        assert (ROOT / name).exists(), name
    there = {path.relative_to(ROOT) for path in tracked()}
    top = {path.parts[0] for path in there} - {".gitignore", ".github", ".ci"}
    assert top <= {name.split("/")[0] for name in named}
    package = {
        path.as_posix()
        for path in there
        if path.parts[0] == "em"
        and path.suffix in (".py", ".typed")
        and path.name != "__init__.py"
        and path.parts[1] != "figures"
    }
    assert len(package) > 60
    assert package <= named, package - named


def test_the_readme_names_every_page_and_only_real_commands():
    readme = read("README.md")
    for name in PAGES:
        assert f"`docs/{name}." in readme
    for command in re.findall(r"make (\w+)", readme):
        assert re.search(rf"^{command}:", read("Makefile"), re.MULTILINE) or (
            command == "site"
        )


def test_the_picture_in_the_readme_is_what_the_code_draws(tmp_path):
    from em.figures.hero import hero

    hero("Twenty steps of EM").save(tmp_path / "hero.svg")
    fresh = (tmp_path / "hero.svg").read_text("utf-8")
    kept = read("docs/assets/hero.svg")
    # Another processor may round a last digit the other way: compare as numbers.
    number = re.compile(r"-?\d+(?:\.\d+)?")
    mark = re.compile(r"m[0-9a-f]{5}-")
    assert mark.sub("", number.sub("0", fresh)) == mark.sub(
        "", number.sub("0", kept)
    )
    np.testing.assert_allclose(
        [float(found) for found in number.findall(fresh)],
        [float(found) for found in number.findall(kept)],
        atol=0.02,
    )


@pytest.mark.parametrize(
    "file",
    ["requirements.txt", "requirements-site.txt", "requirements-lowest.txt"],
)
def test_every_requirement_is_pinned_and_hashed(file):
    text = read(file)
    pins = re.findall(r"^\S+==\S+(?: ;.*)? \\$", text, re.MULTILINE)
    assert len(pins) > 20
    for block in re.split(r"\n(?=[a-z])", text)[1:]:
        assert "==" in block
        assert "--hash=sha256:" in block


def test_the_site_has_the_same_pins_as_the_tests():
    pins = [
        set(re.findall(r"^[\w.-]+==\S+", read(file), re.MULTILINE))
        for file in ("requirements-site.txt", "requirements.txt")
    ]
    assert pins[0] < pins[1]


def test_the_lowest_versions_that_are_allowed_are_those_that_are_tested():
    project = tomllib.loads(read("pyproject.toml"))
    allowed = project["project"]["dependencies"]
    lowest = project["dependency-groups"]["lowest"]
    pins = read("requirements-lowest.txt")
    assert len(allowed) == 4
    for name, version in (line.split(" >=") for line in allowed):
        assert f"{name} =={version}.*" in lowest
        assert re.search(rf"^{name}=={version}\.\d+ ", pins, re.MULTILINE)
    assert "make lowest" in read(".ci/run")
    assert "run: make lowest" in read(".github/workflows/check.yml")


def test_no_file_holds_an_address_of_a_registry_or_a_path_of_a_machine():
    words = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org"]
    words += ["npmjs" + ".com", "--index" + "-url", "find" + "-links"]
    words += ['"resolved": "http', "/root/", "/home/"]
    for path in tracked():
        text = path.read_text(encoding="utf-8", errors="ignore").lower()
        for word in words:
            assert word not in text or path == Path(__file__), (path, word)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_pinned_timed_and_hold_no_rights_at_the_top(path):
    text = path.read_text(encoding="utf-8")
    flow = yaml.safe_load(text)
    assert flow["permissions"] == {}
    for job in flow["jobs"].values():
        assert job["timeout-minutes"] <= 30
        assert job["permissions"]
        for step in job["steps"]:
            if "checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
    for used in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(
            r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", used
        )


def test_deployment_is_a_job_of_its_own_one_at_a_time_and_from_main():
    flow = yaml.safe_load(read(".github/workflows/publish.yml"))
    jobs = flow["jobs"]
    assert set(jobs) == {"test", "build", "deploy", "tell"}
    assert jobs["test"]["if"] == "github.ref == 'refs/heads/main'"
    assert jobs["build"]["needs"] == "test"
    assert jobs["deploy"]["needs"] == "build"
    assert "id-token" not in jobs["build"]["permissions"]
    assert flow["concurrency"] == {
        "group": "pages",
        "cancel-in-progress": False,
    }
    runs = [step.get("run") for step in jobs["deploy"]["steps"]]
    assert runs == [None]


def test_what_is_published_is_built_where_no_test_ran():
    flow = yaml.safe_load(read(".github/workflows/publish.yml"))
    runs = {
        name: [step.get("run", "") for step in job["steps"]]
        for name, job in flow["jobs"].items()
    }
    assert "make test" in runs["test"]
    assert "make test" not in runs["build"]
    assert "make site" in runs["build"]


def test_nothing_is_published_that_was_not_tested_with_all_there_is():
    for path in (
        ".github/workflows/publish.yml",
        ".github/workflows/check.yml",
    ):
        (job, *_) = yaml.safe_load(read(path))["jobs"].values()
        (test,) = [s for s in job["steps"] if s.get("run") == "make test"]
        for demanded in ("BROWSER", "KALLISTO", "PYODIDE"):
            assert test["env"][f"REQUIRE_{demanded}"] == "1"
        assert any(
            "kallisto-examples" in s.get("run", "") for s in job["steps"]
        )


def test_a_weekly_run_that_fails_is_told():
    flow = yaml.safe_load(read(".github/workflows/publish.yml"))
    tell = flow["jobs"]["tell"]
    assert tell["if"] == "failure() && github.event_name == 'schedule'"
    assert set(tell["needs"]) == {"test", "build", "deploy"}
    assert "schedule" in flow[True]  # YAML takes `on` for a truth value


def test_updates_come_grouped_for_all_that_is_pinned():
    updates = yaml.safe_load(read(".github/dependabot.yml"))["updates"]
    kinds = {update["package-ecosystem"] for update in updates}
    assert kinds == {"pip", "npm", "github-actions"}
    assert all(update["groups"] for update in updates)


def test_the_citation_names_this_version_and_no_invented_person():
    cited = yaml.safe_load(read("CITATION.cff"))
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert cited["version"] == project["version"]
    assert cited["license"] == [project["license"], "CC-BY-4.0"]
    assert [set(author) for author in cited["authors"]] == [{"name"}]


def test_every_data_set_has_its_source():
    sources = read("em/data/README.md")
    for path in (ROOT / "em/data").iterdir():
        assert path.name == "README.md" or f"`{path.name}" in sources


def test_the_lines_of_the_readme_print_what_it_says():
    code, said = re.search(
        r"```python\n(.*?)```\n\n```text\n(.*?)```",
        read("README.md"),
        re.DOTALL,
    ).groups()
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert made.stdout == said
