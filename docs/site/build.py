"""Build the site: whole, or not at all.

    python docs/site/build.py [FOLDER]

It is built beside the folder, and changes places with it when it is done. So a build
that fails or is interrupted leaves the last good site where it was.
"""

import os
import sys
import tempfile
from pathlib import Path
from subprocess import run

from wheel import BIRTH

ROOT = Path(__file__).resolve().parents[2]


def last_commit() -> str:
    """Return when the last commit was made, in seconds; 1980 where git cannot tell."""
    log = run(
        ["git", "log", "-1", "--format=%ct"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return log.stdout.strip() or BIRTH


def build(folder: Path) -> int:
    """Build the site into `folder`; return MkDocs' exit code."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=".site-"
    ) as place:
        new = Path(place) / "new"
        made = run(
            [
                sys.executable,
                "-m",
                "mkdocs",
                "build",
                "--strict",
                "-d",
                str(new),
            ],
            cwd=ROOT,
            env={
                "SOURCE_DATE_EPOCH": last_commit(),
                **os.environ,
                "NO_MKDOCS_2_WARNING": "1",
                "PYTHONPATH": str(ROOT),
            },
            check=False,
        )
        if made.returncode == 0:
            if folder.exists():
                folder.rename(Path(place) / "old")
            new.rename(folder)
        return made.returncode


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "site"))
