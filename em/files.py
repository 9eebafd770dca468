"""The data sets of the pages, which the package brings along."""

from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def data(name: str) -> Path:
    """Return the path of a data set, such as "old_faithful.csv".

    Raises ValueError for a name that is none of theirs.
    """
    names = sorted(
        one.relative_to(FOLDER).as_posix()
        for one in FOLDER.rglob("*.*")
        if one.name != "README.md"
    )
    if name not in names:
        raise ValueError(f"no data set {name!r}: expected one of {names}")
    return FOLDER / name
