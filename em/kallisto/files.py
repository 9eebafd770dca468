"""The files that kallisto 0.48 writes, read with an eye for faults."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from em.read_classes import Classes

HEADER = ["target_id", "length", "eff_length", "est_counts", "tpm"]


class Table(NamedTuple):
    """An `abundance.tsv`: a name and four numbers for each transcript, (n,)."""

    names: list[str]
    length: np.ndarray
    eff_length: np.ndarray
    est_counts: np.ndarray
    tpm: np.ndarray


def read_abundance(path: str | Path) -> Table:
    """Read an `abundance.tsv`, as `kallisto quant` writes it.

    Raises ValueError, with file and line, for a malformed line, a length
    below 1, a negative or infinite number.
    """
    names, numbers = [], []
    for where, fields in rows(path, 5):
        name, *rest = fields
        if where.endswith(":1"):
            if fields != HEADER:
                raise ValueError(f"{where}: expected the header {HEADER}")
            continue
        names.append(name)
        numbers.append(
            [
                number(field, float, where, lowest)
                for field, lowest in zip(rest, (1, 1, 0, 0), strict=True)
            ]
        )
    if not names:
        raise ValueError(f"{path}: no transcript in it")
    return Table(names, *np.array(numbers).T)


def read_classes(ec: str | Path, counts: str | Path, lengths: Any) -> Classes:
    """Read the classes that have reads, as `kallisto pseudo` writes them.

    `ec` has a line for each class, its number and its transcripts; `counts`
    its number and how many reads. Transcripts are numbered from 0, as in
    `lengths`. Raises ValueError, with file and line, for a malformed line, a
    transcript that `lengths` does not have or that comes twice, a class
    without transcripts or that comes twice, a negative count.
    """
    transcripts = len(lengths)
    members: dict[int, list[int]] = {}
    for where, (name, listed) in rows(ec, 2):
        one = number(name, int, where, 0)
        if one in members:
            raise ValueError(f"{where}: class {one} comes twice")
        if not listed:
            raise ValueError(f"{where}: class {one} has no transcripts")
        members[one] = [
            number(field, int, where, 0, transcripts)
            for field in listed.split(",")
        ]
        if len(set(members[one])) < len(members[one]):
            raise ValueError(f"{where}: class {one} names a transcript twice")
    reads: dict[int, int] = {}
    for where, (name, count) in rows(counts, 2):
        one = number(name, int, where, 0)
        if one not in members:
            raise ValueError(f"{where}: class {one} is not in {ec}")
        if one in reads:
            raise ValueError(f"{where}: class {one} comes twice")
        reads[one] = number(count, int, where, 0)
    seen = [one for one, count in reads.items() if count > 0]
    if not seen:
        raise ValueError(f"{counts}: no class has any reads")
    return Classes(
        [members[one] for one in seen], [reads[one] for one in seen], lengths
    )


def read_fragments(path: str | Path) -> np.ndarray:
    """Read a `flens.txt`: how many fragments have length 0, 1, 2 and so on.

    Raises ValueError, with file and line, for what is no count.
    """
    counts = [
        number(field, int, where, 0)
        for where, (line,) in rows(path, 1)
        for field in line.split()
    ]
    if not any(counts):
        raise ValueError(f"{path}: no fragment has a length")
    return np.array(counts, dtype=float)


def rows(path: str | Path, fields: int) -> Iterator[tuple[str, list[str]]]:
    """Give each line's place, "file:line", and its fields, split at tabs.

    Raises ValueError for a line with another number of fields.
    """
    with Path(path).open(encoding="utf-8") as file:
        for line, text in enumerate(file, start=1):
            split = text.rstrip("\r\n").split("\t")
            if len(split) != fields:
                raise ValueError(
                    f"{path}:{line}: {len(split)} fields, expected {fields}"
                )
            yield f"{path}:{line}", split


def number(
    text: str,
    kind: Callable[[str], Any],
    where: str,
    lowest: int,
    end: float = np.inf,
) -> Any:
    """Give a number in [lowest, end), or a ValueError with its place."""
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(f"{where}: {text!r} is not a number") from None
    if not lowest <= value < end:
        upto = "" if end == np.inf else f", below {end:g}"
        raise ValueError(f"{where}: {text} is not at least {lowest}{upto}")
    return value
