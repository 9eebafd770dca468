"""The files that kallisto 0.48 writes, read with an eye for faults."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from em.door import validation
from em.kinds.read_classes import Classes
from em.numbers.arrays import Array

Number = TypeVar("Number", int, float)
HEADER = ["target_id", "length", "eff_length", "est_counts", "tpm"]


@frozen(eq=False)
class Table:
    """An `abundance.tsv`: a name and four numbers for each transcript, (n,)."""

    names: list[str]
    length: Array
    eff_length: Array
    est_counts: Array
    tpm: Array


def read_abundance(path: str | Path) -> Table:
    """Return an `abundance.tsv` as `kallisto quant` writes it.

    Raises ValueError, with file and line, for a malformed line, a transcript
    that comes twice, a length below 1, a negative or infinite number.
    """
    numbers: dict[str, list[float]] = {}
    for line, (where, (name, *rest)) in enumerate(rows(path, 5)):
        if line == 0:
            if [name, *rest] != HEADER:
                raise ValueError(f"{where}: expected the header {HEADER}")
            continue
        if name in numbers:
            raise ValueError(f"{where}: transcript {name!r} comes twice")
        numbers[name] = [
            number(field, float, where, lowest)
            for field, lowest in zip(rest, (1, 1, 0, 0), strict=True)
        ]
    if not numbers:
        raise ValueError(f"{path}: no transcript in it")
    return Table(list(numbers), *np.array(list(numbers.values())).T)


def read_classes(
    ec: str | Path, counts: str | Path, lengths: ArrayLike
) -> Classes:
    """Return the classes that have reads, as `kallisto pseudo` writes them.

    `ec` has a line for each class, its number and its transcripts; `counts`
    its number and how many reads. Transcripts are numbered from 0, as in
    `lengths`. Raises ValueError, with file and line, for a malformed line, a
    transcript that `lengths` does not have or that comes twice, a class
    without transcripts or that comes twice, a negative count; and, with its
    number, for a class that is in one of the files only.
    """
    transcripts = len(validation.array(lengths, "lengths"))
    members = read_members(ec, transcripts)
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
    if lost := sorted(set(members) - set(reads)):
        raise ValueError(
            f"{counts}: class {lost[0]} is missing, which is in {ec}: is the "
            "file cut off?"
        )
    return Classes(
        [members[one] for one in seen], [reads[one] for one in seen], lengths
    )


def read_members(ec: str | Path, transcripts: int) -> dict[int, list[int]]:
    """Return the transcripts of each class; raises what `read_classes` does."""
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
    return members


def read_fragments(path: str | Path) -> Array:
    """Return a `flens.txt`: how many fragments have length 0, 1, 2 and so on.

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
    """Yield each line's place, "file:line", and its fields, split at tabs.

    Raises ValueError for a line that is no text, such as those of a file that
    is compressed, and for one with another number of fields.
    """
    with Path(path).open("rb") as file:
        for line, text in enumerate(file, start=1):
            try:
                split = text.decode("utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError:
                raise ValueError(
                    f"{path}:{line}: no plain text (UTF-8). Is the file "
                    "compressed, or in another encoding, such as UTF-16?"
                ) from None
            if len(split) != fields:
                raise ValueError(
                    f"{path}:{line}: {len(split)} fields, expected {fields}"
                )
            yield f"{path}:{line}", split


def number(
    text: str,
    kind: Callable[[str], Number],
    where: str,
    lowest: int,
    end: float = 1e100,
) -> Number:
    """Return a number in [lowest, end), or raise ValueError with its place."""
    try:
        value = kind(text)
    except ValueError:
        raise ValueError(f"{where}: {text[:40]!r} is not a number") from None
    if not lowest <= value < end:
        raise ValueError(
            f"{where}: {text[:40]} is not at least {lowest}, below {end:g}"
        )
    return value
