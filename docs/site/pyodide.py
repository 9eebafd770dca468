"""Pyodide's files: which they are, and whether these are they.

    python docs/site/pyodide.py FOLDER

fetches those that FOLDER does not have yet, and checks each sum.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).parent
# By what needs them: name, size, sum; and the size compressed, where servers do that.
FILES: dict[str, list[dict[str, str | int]]] = json.loads(
    (HERE / "pyodide.json").read_text("utf-8")
)


def sums() -> dict[str, str]:
    """Return the sum of each file, by its name."""
    return {
        str(row["name"]): str(row["sha256"])
        for rows in FILES.values()
        for row in rows
    }


def checked(path: Path) -> bool:
    """Is there, byte for byte, the file of that name in the list?"""
    return path.is_file() and is_listed(path.name, path.read_bytes())


def is_listed(name: str, content: bytes) -> bool:
    """Is it, byte for byte, the file of that name in the list?"""
    return hashlib.sha256(content).hexdigest() == sums()[name]


def address() -> str:
    """Return Pyodide's public address, the default in mkdocs.yml."""
    text = (HERE.parents[1] / "mkdocs.yml").read_text("utf-8")
    return str(re.findall(r'pyodide: !ENV \[PYODIDE, "(.*)"\]', text)[0])


def fetch(folder: Path) -> None:
    """Fetch what a folder lacks; stop at a file that is not the one listed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sums():
        if checked(folder / name):
            continue
        with urlopen(address() + name) as answer:
            content = answer.read()
        if not is_listed(name, content):
            sys.exit(f"{name} is not the file that was tested")
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
