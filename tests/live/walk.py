"""Hands that try everything on a figure, and addresses of any kind: what must not break it.

`test_walk.py` takes 300 acts and 300 addresses a figure, `make fuzz` more. A second
number is the seed:
`PYTHONPATH=docs/site:tests:tests/live .venv/bin/python tests/live/walk.py 3000 7`.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from conftest import CHROMIUM
from figure_page import VIEWS, figure, opened, settled
from playwright.sync_api import sync_playwright

# Random numbers that a seed repeats, and what is looked at after each frame.
COMMON = """
    let state = seed;
    function random() {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    const any = (list) => list[Math.floor(random() * list.length)];
    const figure = document.querySelector("figure.live"), done = [];
    const frame = () => new Promise(requestAnimationFrame);
    async function seen() {
        do await frame(); while (figure.dataset.asked !== figure.dataset.shown);
        // It names what it refuses.
        const html = figure.outerHTML.replace(/cannot be shown: [^<]*/, "");
        const wrong = html.match(/.{60}(NaN|Infinity|undefined).{20}/);
        if (wrong) throw new Error(`${wrong[0]} after ${done.slice(-8).join(", ")}`);
    }
"""
ACTS = (
    "async ([seed, acts]) => {"
    + COMMON
    + """
    const numbers = ["", "0", "1", "-3", "0.5", "2", "7", "99", "1e9", "-1e6", "1e-300", "x"];
    const rect = (node) => node.getBoundingClientRect();
    const point = (kind, node, x, y) => node.dispatchEvent(new PointerEvent(kind, {
        clientX: x, clientY: y, pointerId: 1, pointerType: "mouse", bubbles: true, cancelable: true }));
    const shown = (selector) => [...figure.querySelectorAll(selector)].filter((n) => n.checkVisibility());
    const kinds = {
        button() {
            const node = any(shown("button"));
            node.click();
            return node.textContent || node.getAttribute("aria-label");
        },
        step() {
            const [share, estimate] = shown(".bar button");
            for (const node of [share, estimate]) node.click();
            return "both steps";
        },
        key() {
            const node = any(shown("[role=slider]"));
            const key = any(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Delete", "Enter"]);
            const shiftKey = random() < 0.3;
            if (!node) return "";
            node.focus();
            node.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
            return `${key} on ${node.getAttribute("aria-label")}`;
        },
        type() {
            const node = any(shown("input:not([readonly])"));
            if (!node) return "";
            node.focus();
            node.value = node.type === "range" ? 3 * random() : any(numbers);
            for (const kind of ["input", "change"]) node.dispatchEvent(new Event(kind, { bubbles: true }));
            return `${node.value} in ${node.getAttribute("aria-label")}`;
        },
        choose() {
            const node = any(shown("select"));
            if (!node) return "";
            node.value = any([...node.options]).value;
            node.dispatchEvent(new Event("change", { bubbles: true }));
            return `${node.value} chosen`;
        },
        click() {
            const node = any(shown(".stage > svg")), { left, top, width, height } = rect(node ?? figure);
            const x = left + width * random(), y = top + height * random();
            if (!node) return "";
            point("pointerdown", node, x, y);
            node.dispatchEvent(new PointerEvent("click", { clientX: x, clientY: y, pointerType: "mouse", bubbles: true }));
            return `a click at ${Math.round(x)}, ${Math.round(y)}`;
        },
        drag() {
            const node = any(shown(".handle"));
            if (!node) return "";
            const { left, top } = rect(node), far = any([3, 40, 400, 4000]);
            node.setPointerCapture = () => {};
            point("pointerdown", node.querySelector(".reach"), left + 20, top + 20);
            for (let i = 0; i < 3; i++)
                point("pointermove", node, left + far * (random() - 0.5), top + far * (random() - 0.5));
            point("pointerup", node, left, top);
            return `${node.getAttribute("aria-label")} dragged`;
        },
    };
    figure.querySelector("details").open = true;
    for (let i = 0; i < acts; i++) {
        done.push(kinds[any(Object.keys(kinds))]());
        if (random() < 0.7) await seen(); // else the next comes before the frame
    }
    await seen();
    return done.length;
}"""
)
ADDRESSES = (
    "async ([seed, name, n]) => {"
    + COMMON
    + """
    const view = EM.views[name], own = { ...view.data, ...view.params };
    const values = [0, 1, 2, -1, 0.5, 1e-9, 1e308, -1e7, 9, 1000, 1.5, 0.3, 123456];
    const words = ["", "x", "NaN", "1e999", "[", "[[1,2],[3,4]]", "null", "constructor", "__proto__",
        "hard", "free", "%2C", "true", '"1"', "{}"];
    const list = (as) => Array.isArray(as[0])
        ? Array.from({ length: 1 + Math.floor(3 * random()) }, () => `[${list(as[0])}]`).join()
        : (random() < 0.5 ? as.map((v) => any([v, any(values)])) : Array.from({ length: Math.floor(6 * random()) }, () => any(values))).join();
    function part() {
        const key = any([...Object.keys(own), ...Object.keys(view.options), "at", any(words)]);
        const dice = random();
        return `${key}=${dice < 0.15 ? any(words) : Object.hasOwn(own, key) ? list(own[key]) : any(
            [...Object.keys(view.options[key]?.choices ?? {}), ...values])}`;
    }
    for (let i = 0; i < n; i++) {
        const text = Array.from({ length: 1 + Math.floor(2 * random()) }, part).join(";");
        done.push(text);
        const came = new Promise((go) => addEventListener("hashchange", go, { once: true }));
        const before = location.hash;
        location.hash = `${name}:${random() < 0.2 ? encodeURIComponent(text) : text}`;
        if (location.hash !== before) await came;
        await seen();
        for (const button of [...figure.querySelectorAll(".bar button")].slice(0, 2)) button.click();
        await seen();
    }
    return done.length;
}"""
)


def walk(browser: Any, folder: Path, view: str, acts: int, seed: int) -> None:
    """Lay hands on a figure so often, and give its page as many addresses."""
    for script, more in ((ACTS, [seed, acts]), (ADDRESSES, [seed, view, acts])):
        with opened(browser, folder, figure(view)) as page:
            assert page.evaluate(script, more) == acts
            settled(page)


def main() -> None:
    acts, seed = (int(one) for one in (*sys.argv[1:], 3000, 1)[:2])
    with (
        sync_playwright() as driver,
        tempfile.TemporaryDirectory() as folder,
    ):
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for view in VIEWS:
            print(f"{view}: {acts} acts and addresses, seed {seed}", flush=True)
            walk(browser, Path(folder), view, acts, seed)
        browser.close()


if __name__ == "__main__":
    main()
