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

ROOT = Path(__file__).resolve().parents[2]


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
            env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
            check=False,
        )
        if made.returncode == 0:
            if folder.exists():
                folder.rename(Path(place) / "old")
            new.rename(folder)
        return made.returncode


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site")))
