"""What several tests need: the site, built once, served, and a browser."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from copy import copy
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag

# Each core has a worker of its own: NumPy's libraries need no threads beside.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path.stem
    for path in (ROOT / "docs").iterdir()
    if path.suffix in (".py", ".md")
)
SERVED = pytest.StashKey[tuple[ThreadingHTTPServer, Path]]()
# The same engine each time: the first has no windows to draw, and takes half the time.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")
# BROWSER may name one of them; elsewhere it names others, which are not meant here.
CHOSEN = [name for name in BROWSERS if name == os.environ.get("BROWSER")]
CHROMIUM = next(filter(None, map(shutil.which, CHOSEN or BROWSERS)), None)
# Where tests/pyodide_mirror.py puts what the pages fetch when a reader presses Run.
PYODIDE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    / "em-pyodide-0.27.7"
)


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


def build(target: Path, url: str) -> subprocess.CompletedProcess[str]:
    """Build the site as `make site` does; give what came out."""
    return subprocess.run(
        [sys.executable, str(ROOT / "docs/site/build.py"), str(target)],
        env=os.environ | {"SITE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kept", help="keep the built site here, for the next run"
    )


def pytest_report_header() -> str:
    return f"browser: {CHROMIUM or 'none, whose tests are skipped'}"


def pytest_configure(config: pytest.Config) -> None:
    """Choose where the site will lie, and serve it from there, for all workers.

    The process that hands the tests out serves; whoever needs the site first builds.
    """
    if hasattr(config, "workerinput"):
        return
    kept = config.option.kept and Path(config.option.kept)
    home = kept or Path(tempfile.mkdtemp(prefix="em-site-"))
    home.mkdir(parents=True, exist_ok=True)
    handler = partial(Quiet, directory=str(home / "site"))
    # A site is built for its address: one that is kept is served there again.
    where = home / "port"
    port = int(where.read_text()) if where.exists() else 0
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    where.write_text(str(server.server_port))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config.stash[SERVED] = server, home


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """Tell a worker where the site lies."""
    server, home = node.config.stash[SERVED]
    node.workerinput["site"] = (str(home), server.server_port)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the site away."""
    if SERVED in config.stash:
        server, home = config.stash[SERVED]
        server.shutdown()
        server.server_close()
        if not config.option.kept:
            shutil.rmtree(home)


def built(config: pytest.Config) -> Site:
    """Build the site, once for all workers, for the address at which it is served."""
    if hasattr(config, "workerinput"):
        home, port = config.workerinput["site"]
    else:
        server, home = config.stash[SERVED]
        port = server.server_port
    folder, failed = Path(home) / "site", Path(home) / "failed"
    url = f"http://127.0.0.1:{port}/"
    with open(Path(home) / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists() and not failed.exists():
            made = build(folder, url)
            if made.returncode:
                failed.write_text(made.stdout + made.stderr, encoding="utf-8")
    assert not failed.exists(), failed.read_text(encoding="utf-8")
    return Site(folder, url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what needs the site last: it is being built meanwhile."""
    items.sort(key=needs_site)


def needs_site(item: pytest.Item) -> bool:
    return "site" in getattr(item, "fixturenames", ())


def build_ahead(config: pytest.Config) -> None:
    with suppress(AssertionError):  # whoever needs the site will be told
        built(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let a worker build the site beside its tests, if any will need it."""
    if hasattr(session.config, "workerinput") and any(
        map(needs_site, session.items)
    ):
        threading.Thread(
            target=build_ahead, args=[session.config], daemon=True
        ).start()


@pytest.fixture(scope="session")
def site(pytestconfig: pytest.Config) -> Site:
    return built(pytestconfig)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Give a real browser; without one, skip, or fail where one is required."""
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no Chromium, and REQUIRE_BROWSER is set")
        pytest.skip(
            "no Chromium: apt-get install chromium-headless-shell, then run again"
        )
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--js-flags=--single-threaded",  # the other tests use the cores
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """Give the folder with Pyodide; without it, skip, or fail where it is required."""
    from pyodide import checked, sums

    if not all(checked(PYODIDE / name) for name in sums()):
        if os.environ.get("REQUIRE_PYODIDE"):
            pytest.fail("no Pyodide, and REQUIRE_PYODIDE is set")
        pytest.skip("no Pyodide: run tests/pyodide_mirror.py, then run again")
    return PYODIDE


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use one worker more than there are cores: a browser lets its test wait."""
    return (os.cpu_count() or 1) + 1
