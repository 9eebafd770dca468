"""Lighthouse on every page, as on a phone: a table, and failure below the bar.

What a machine makes of a page depends on the machine. So the bar for performance is a
stock page of the same theme, twenty paragraphs of text, measured in the same run.

The site is built and served here the way a web host would serve it: compressed,
and with leave to cache. Without that, Lighthouse would grade this server.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from conftest import PAGES, Quiet, build  # noqa: E402

# With windows: what a reader has.
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
BAR = {
    "performance": 0.0,  # set in each run
    "accessibility": 1.0,
    "best-practices": 1.0,
    "seo": 1.0,
}
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    " --disable-component-update --disable-sync --no-first-run"
)
BEHIND = 0.03  # how far a page may lie behind the stock page
# Another program's load makes a page slower, never faster: so the best counts.
TRIES = 3


class Host(Quiet):
    """Serve as a web host does: compressed, cached, connections kept open."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path))
        kind = self.guess_type(str(path))
        if not path.is_file() or not kind.startswith(
            ("text/", "application/j", "image/svg")
        ):
            return super().send_head()
        content = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        return BytesIO(content)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=31536000")
        super().end_headers()


def stock(folder: Path) -> None:
    """Build a page of the theme as it comes, with twenty paragraphs of text."""
    words = "A page of the theme as it comes has text and nothing else. "
    (folder / "docs").mkdir()
    text = "\n\n".join(["# A stock page", *[words * 8] * 20])
    (folder / "docs" / "index.md").write_text(text, encoding="utf-8")
    config = "site_name: Stock\nsite_url: http://127.0.0.1/\ntheme: material\n"
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=folder,
        check=True,
    )


def lighthouse(url: str) -> dict[str, Any]:
    """Give Lighthouse's report on a page, in its own words."""
    made = subprocess.run(
        [
            str(HERE / "node_modules/.bin/lighthouse"),
            url,
            "--quiet",
            "--output=json",
            "--no-enable-error-reporting",
            f"--chrome-flags={FLAGS}",
        ],
        env=os.environ | {"CHROME_PATH": CHROMIUM or ""},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(made.stdout)


def scores(report: dict[str, Any]) -> dict[str, float]:
    """Give the score in each category; 0 where Lighthouse could not tell."""
    return {name: report["categories"][name]["score"] or 0.0 for name in BAR}


def shortfalls(report: dict[str, Any]) -> list[str]:
    """Give what keeps a page below the bar: each audit, and where it failed."""
    lines = []
    for name, score in scores(report).items():
        if score >= BAR[name]:
            continue
        for part in report["categories"][name]["auditRefs"]:
            audit = report["audits"][part["id"]]
            if not part["weight"] or audit["score"] in (None, 1):
                continue
            found = audit.get("displayValue", "")
            lines.append(f"  {name}: {audit['title']} {found}".rstrip())
            lines += [
                f"    {item['node']['snippet']}"
                for item in audit.get("details", {}).get("items", [])
                if "node" in item
            ]
    return lines


def main() -> int:
    """Audit every page, or those named; give the exit code."""
    if CHROMIUM is None:
        print("no Chromium: apt-get install chromium, then run again")
        return 1
    failed = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Host, directory=folder)
        ) as server,
    ):
        url = f"http://127.0.0.1:{server.server_port}/"
        made = build(Path(folder), url)
        if made.returncode:
            print(made.stderr)
            return 1
        with tempfile.TemporaryDirectory() as other:
            stock(Path(other))
            shutil.copytree(Path(other) / "site", Path(folder) / "stock")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        plain = [lighthouse(f"{url}stock/index.html") for _ in range(TRIES)]
        best_of_stock = max(scores(one)["performance"] for one in plain)
        print(f"a stock page: {best_of_stock:.2f}")
        BAR["performance"] = best_of_stock - BEHIND
        print(f"{'page':12}", *BAR, "    bytes   shift")
        for page in sys.argv[1:] or PAGES:
            best: dict[str, Any] = {}
            for _ in range(TRIES):
                report = lighthouse(f"{url}{page}.html")
                if not best or min_gap(report) > min_gap(best):
                    best = report
                if min_gap(best) >= 0:
                    break
            print(row(page, best), flush=True)
            for line in shortfalls(best):
                print(line, flush=True)
            failed += min_gap(best) < 0
        server.shutdown()
    return int(failed > 0)


def min_gap(report: dict[str, Any]) -> float:
    """Give how far the worst score lies above its bar, or below it."""
    return min(score - BAR[name] for name, score in scores(report).items())


def row(page: str, report: dict[str, Any]) -> str:
    """Give a page's line of the table."""
    cells = [
        f"{score:{len(name)}.2f}" for name, score in scores(report).items()
    ]
    weight = report["audits"]["total-byte-weight"]["numericValue"]
    shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
    return " ".join([f"{page:12}", *cells, f"{weight:9,.0f}", f"{shift:7.3f}"])


if __name__ == "__main__":
    sys.exit(main())
