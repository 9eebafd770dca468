"""How long the site takes: built cold, a page's code alone, shown after an edit.

Run by `make bench`, on a clone of the last commit, so that nothing is kept from before.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from subprocess import DEVNULL, Popen
from subprocess import run as call
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
SERVED_WITHIN = 3  # seconds, after a sentence was edited
PORT = 8123


def timed(*arguments: str, cwd: Path) -> float:
    """Run a program of Python's to its end; give the seconds it took."""
    begin = time.perf_counter()
    call(
        [sys.executable, *arguments],
        cwd=cwd,
        stdout=DEVNULL,
        stderr=DEVNULL,
        check=True,
        env=os.environ | {"PYTHONPATH": str(cwd), "MPLBACKEND": "agg"},
    )
    return time.perf_counter() - begin


def wait_for(words: str) -> float:
    """Ask for a page until it has some words; give the seconds that took."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < 600:
        try:
            with urlopen(f"http://127.0.0.1:{PORT}/coins.html") as answer:
                if words in answer.read().decode():
                    return time.perf_counter() - begin
        except URLError:
            pass
        time.sleep(0.05)
    sys.exit(f"coins.html never had {words!r}")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        call(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        cold = timed("docs/site/build.py", "site", cwd=clone)
        pages = sorted(clone.glob("docs/*.py"))
        code = [timed(str(page), cwd=clone) for page in pages]
        for page, seconds in zip(pages, code, strict=True):
            print(f"   {page.stem:12} {seconds:5.1f} s")
        print(f"code of all pages, one after the other {sum(code):5.1f} s")
        print(f"the whole site, built cold              {cold:5.1f} s")
        warm = timed("docs/site/build.py", "site", cwd=clone)
        print(f"built once more, nothing run            {warm:5.1f} s")

        server = Popen(
            [sys.executable, "docs/site/serve.py", str(PORT)],
            cwd=clone,
            stdout=DEVNULL,
            stderr=DEVNULL,
            env=os.environ | {"PYTHONPATH": str(clone)},
        )
        try:
            wait_for("<h1")
            time.sleep(2)
            replace(clone / "docs/coins.py", "## Try it", "## Try this")
            sentence = wait_for("Try this")
            print(f"a sentence edited, shown after          {sentence:5.1f} s")
            time.sleep(2)
            replace(clone / "docs/coins.py", "theta = ", "theta =  ")
            replace(clone / "docs/coins.py", "## Try this", "## Try that")
            cell = wait_for("Try that")
            print(f"a cell edited, shown after              {cell:5.1f} s")
        finally:
            server.terminate()
    if sentence > SERVED_WITHIN or cold > sum(code):
        sys.exit("a bar is missed: served within 3 s; cold within the code")


if __name__ == "__main__":
    main()
