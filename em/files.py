"""The data sets of the pages, which the package brings along."""

from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def data(name: str) -> Path:
    """Give the path of a data set, such as "old_faithful.csv".

    Raises ValueError for a name that there is not.
    """
    path = FOLDER / name
    if not path.is_file():
        names = sorted(
            str(one.relative_to(FOLDER))
            for one in FOLDER.rglob("*.*")
            if one.name != "README.md"
        )
        raise ValueError(f"no data set {name!r}: expected one of {names}")
    return path
