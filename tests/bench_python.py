"""How long a program takes in the browser: the first run, a second, the page's thread.

Run by `make bench`, on the site in `site/`, with the Pyodide of `make pyodide`: without
it there is nothing to measure. Files come from this machine, without a network's delay.
"""

import sys
import threading
import time
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from conftest import CHROMIUM, PYODIDE, ROOT, Quiet
from playwright.sync_api import Route, sync_playwright

sys.path.insert(0, str(ROOT / "docs" / "site"))
from pyodide import address, checked, sums

FIRST, SECOND, TASK = 12, 0.3, 100  # seconds, seconds, milliseconds
WATCH = """() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
        for (const task of list.getEntries())
            longest = Math.max(longest, task.duration);
    }).observe({ type: "longtask" });
}"""


class Open(Quiet):
    """Serves to other hosts' pages, too."""

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


def served(folder: Path) -> str:
    """Serve a folder until the end; give its address."""
    handler = partial(Open, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def seconds(page: Any) -> float:
    """Give how long the page's program runs."""
    run = page.locator(".program [name=run]")
    begin = time.perf_counter()
    run.click()
    run.wait_for(timeout=300_000)
    return time.perf_counter() - begin


def main() -> None:
    """Measure on the page on coins; fail where a bar is missed."""
    if not all(checked(PYODIDE / name) for name in sums()):
        sys.exit("no Pyodide: run make pyodide, then run again")
    mirror = served(PYODIDE)

    def there(route: Route) -> None:
        place = mirror + route.request.url.removeprefix(address())
        headers = {"location": place, "access-control-allow-origin": "*"}
        route.fulfill(status=302, headers=headers)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.route(f"{address()}**", there)
        page.goto(f"{served(ROOT / 'site')}coins.html")
        page.wait_for_load_state("networkidle")
        page.evaluate(WATCH)
        first = seconds(page)
        second = min(seconds(page) for _ in range(5))
        longest = page.evaluate("longest")
        browser.close()
    print(f"first run {first:.1f} s, second {second:.2f} s")
    print(f"longest task of the page's thread {longest:.0f} ms")
    if first > FIRST or second > SECOND or longest > TASK:
        sys.exit(1)


if __name__ == "__main__":
    main()
