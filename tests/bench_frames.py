"""How long a frame takes while one drags, on a processor four times slower.

Run by `make bench`, on the pages of the site: each view where it first stands.
A frame's time is the main thread's work, from the first script until it is painted.
"""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from conftest import CHROMIUM, PAGES, build
from playwright.sync_api import sync_playwright

SLOWER, MOVES = 4, 120
MEDIAN, WORST = 16, 50  # milliseconds
WATCH = """
() => {
  const channel = new MessageChannel();
  window.frames_ = [];
  let begun = 0, moved = false;
  addEventListener("pointermove", () => {
    begun = begun || performance.now();
    moved = true;
  }, true);
  channel.port1.onmessage = () => {
    if (moved) frames_.push(performance.now() - begun);
    begun = 0;
    moved = false;
  };
  requestAnimationFrame(function frame() {
    requestAnimationFrame(frame);
    begun = begun || performance.now();
    channel.port2.postMessage(0);
  });
}
"""


def drag(page: Any, figure: Any) -> list[float]:
    """Drag the first handle to and fro; give the times of its frames."""
    figure.scroll_into_view_if_needed()
    handle = figure.locator(".handle .reach").first
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(WATCH)
    slow = page.context.new_cdp_session(page)
    page.mouse.move(x, y)
    page.mouse.down()
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for step in range(MOVES):
        away = 40 - abs(step % 80 - 40)
        page.mouse.move(x + away, y + away / 4)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    page.mouse.up()
    return [float(time) for time in page.evaluate("frames_")]


def main() -> None:
    missed = False
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        site = Path(folder) / "site"
        made = build(site, "https://example.org/")
        if made.returncode:
            sys.exit(made.stderr)
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        print(f"frames while dragging, processor {SLOWER} times slower")
        print("view       page         width frames  median   worst (ms)")
        for width in (390, 1280):
            seen = set()
            for name in PAGES:
                page = browser.new_page(
                    viewport={"width": width, "height": 800},
                )
                page.goto((site / f"{name}.html").as_uri())
                for figure in page.locator("figure.live").all():
                    view = figure.get_attribute("data-view")
                    if view in seen:
                        continue
                    seen.add(view)
                    times = drag(page, figure)
                    median, worst = statistics.median(times), max(times)
                    missed |= median > MEDIAN or worst > WORST
                    print(
                        f"{view:10} {name:12} {width:5} {len(times):6}"
                        f"  {median:6.1f}  {worst:6.1f}"
                    )
                page.close()
        browser.close()
    if missed:
        sys.exit(f"a bar is missed: median {MEDIAN}, worst {WORST}")


if __name__ == "__main__":
    main()
