"""Do the tests pass every time? Run by `make steady`; see CONTRIBUTING.md.

Each test in a browser runs fifty times, in a random order, beside two loops that keep two
cores busy. With `--whole`, all tests run ten times, every second time beside the loops.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

TESTS = Path(__file__).parent


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep so many cores busy meanwhile."""
    running = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(loops)
    ]
    try:
        yield
    finally:
        for loop in running:
            loop.kill()
            loop.wait()


def once(seed: int, folder: Path, more: list[str]) -> tuple[int, list[str]]:
    """Run the tests once; give how many ran, and the names of those that failed."""
    report = folder / "report.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short"]
    command += ["-n", "auto", "--dist", "worksteal", f"--kept={folder}"]
    command += ["-p", "shuffled", "--seed", str(seed)]
    command += ["-o", "junit_family=xunit1", f"--junitxml={report}", *more]
    run = subprocess.run(
        command,
        cwd=TESTS.parent,
        env=os.environ | {"PYTHONPATH": f"{TESTS.parent}:{TESTS}"},
        capture_output=True,
        text=True,
        check=False,
    )
    cases = list(ET.parse(report).iter("testcase")) if report.exists() else []
    failed = [
        f"{case.get('file')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    ]
    if run.returncode:
        print(run.stdout[-20_000:], run.stderr[-2_000:])
    if run.returncode and not failed:
        failed = [f"the run as a whole: pytest ended with {run.returncode}"]
    return len(cases), failed


def main() -> None:
    # Whoever ends it ends the loops, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--whole", action="store_true", help="all tests")
    parser.add_argument("--times", type=int, help="50, or 10 of the whole")
    parser.add_argument(
        "--minutes", type=float, help="begin no run after these"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the first run")
    asked, more = parser.parse_known_args()
    times = asked.times or (10 if asked.whole else 50)
    if not asked.whole:
        more.append("--only-browser")
    begin, failed, done = monotonic(), Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="em-steady-") as folder:
        for number in range(times):
            since = monotonic()
            if asked.minutes and since - begin > 60 * asked.minutes:
                break
            loops = 0 if asked.whole and number % 2 else 2
            with busy(loops):
                ran, wrong = once(asked.seed + number, Path(folder), more)
            done += 1
            failed.update(wrong)
            print(
                f"run {done} of {times}, seed {asked.seed + number}, {loops} busy"
                f" loops: {ran} tests in {monotonic() - since:.0f} s,"
                f" {len(wrong)} failed",
                flush=True,
            )
    print(f"{done} of {times} runs")
    for name, count in failed.most_common():
        print(f"failed {count} of {done}: {name}")
    sys.exit(bool(failed) or not done)


if __name__ == "__main__":
    main()
