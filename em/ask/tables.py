"""Numbers as a table, in a terminal and in a notebook."""

import html
from collections.abc import Sequence

import numpy as np

from em.numbers.parameters import Parameters

Rows = list[tuple[str, tuple[float | str, ...]]]
MOST = 40  # rows: of more, the first are shown


def rows_of(params: object, *others: object) -> Rows:
    """Return the name of each number of parameters, and the numbers."""
    to = Parameters(None, params)
    columns = np.array([to.row(one) for one in (params, *others)]).T
    return list(zip(to.names(), map(tuple, columns), strict=True))


def cell(value: float | str) -> str:
    """Return what stands in a table: a number in four digits, or words."""
    return value if isinstance(value, str) else f"{value:.4g}"


def text(head: Sequence[str], rows: Rows, title: str) -> str:
    """Return a table of plain letters."""
    wide = max(len(name) for name, _ in rows)
    lines = [title, " " * wide + "".join(f"{one:>12}" for one in head)]
    lines += [
        f"{name:{wide}}{''.join(f'{cell(one):>12}' for one in values)}".rstrip()
        for name, values in rows[:MOST]
    ]
    return "\n".join([*lines, *more_than(rows)])


def table(head: Sequence[str], rows: Rows, title: str) -> str:
    """Return a table of HTML."""
    heads = "".join(f'<th scope="col">{one}</th>' for one in ("", *head))
    body = "\n".join(
        f'<tr><th scope="row">{html.escape(name)}</th>'
        + "".join(f"<td>{cell(one)}</td>" for one in values)
        + "</tr>"
        for name, values in rows[:MOST]
    )
    title = "; ".join([title, *more_than(rows)])
    return (
        f"<table>\n<caption>{html.escape(title)}</caption>\n<thead><tr>{heads}"
        f"</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


def more_than(rows: Rows) -> list[str]:
    """Return how many rows are not shown, if any."""
    return [f"{len(rows) - MOST:,} more"] if len(rows) > MOST else []
