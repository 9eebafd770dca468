"""The package as a wheel that the site carries, and the line that installs it."""

import os
import tempfile
import tomllib
from pathlib import Path

from flit_core import buildapi
from pages import ROOT

BIRTH = "315532800"  # zip knows 1980 onwards


def wheel_name(root: Path = ROOT) -> str:
    """Return the name of the wheel's file."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    name = project["name"].replace("-", "_")
    return f"{name}-{project['version']}-py3-none-any.whl"


def install_line(url: str, root: Path = ROOT) -> str:
    """Return the line that installs the package from the site at `url`."""
    return f"pip install {url}{wheel_name(root)}"


def wheel(root: Path = ROOT) -> bytes:
    """Return the wheel, byte for byte the same for the same package."""
    before, epoch = Path.cwd(), os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = epoch or BIRTH
    with tempfile.TemporaryDirectory() as folder:
        try:
            os.chdir(root)
            name = buildapi.build_wheel(folder)
        finally:
            os.chdir(before)
            if epoch is None:  # else the sitemap would say that we live in 1980
                del os.environ["SOURCE_DATE_EPOCH"]
        assert name == wheel_name(root)
        return (Path(folder) / name).read_bytes()
