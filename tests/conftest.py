"""What several tests need: the site, built once, served, and a browser."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from copy import copy
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path.stem
    for path in (ROOT / "docs").iterdir()
    if path.suffix in (".py", ".md")
)
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Site(NamedTuple):
    """A built site: where it lies, and the address that it was built for."""

    folder: Path
    url: str

    def page(self, name: str) -> str:
        return (self.folder / f"{name}.html").read_text(encoding="utf-8")

    def soup(self, name: str) -> BeautifulSoup:
        """Give a page to look through, but not to change: it is parsed once."""
        return parse(self.folder / f"{name}.html")


@cache
def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def without(page: Tag, selector: str) -> Tag:
    """Give a copy of a part of a page that lacks what `selector` selects."""
    left = copy(page)
    for tag in left.select(selector):
        tag.decompose()
    return left


def build(
    target: Path, url: str, source: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Build the site in `source` as `make site` does; give what came out."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "-d",
            str(target),
        ],
        cwd=source,
        env=os.environ
        | {
            "SITE_URL": url,
            "PYTHONPATH": str(source),
            "NO_MKDOCS_2_WARNING": "1",
            "SOURCE_DATE_EPOCH": "1000000000",
        },
        capture_output=True,
        text=True,
        check=False,
    )


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Build the site for the address at which it is then served."""
    folder = tmp_path_factory.mktemp("site")
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        made = build(folder, url)
        assert made.returncode == 0, made.stderr
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(folder, url)
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Give a real browser; without one, skip, or fail where one is required."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no Chromium, and REQUIRE_BROWSER is set")
        pytest.skip("no Chromium: apt-get install chromium, then run again")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield chromium
        chromium.close()
