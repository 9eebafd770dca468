"""How many minutes a page takes: by one rule, so that no author has to guess."""

import re

import nbformat

WORDS, LINES = 200, 10  # a minute's reading; a minute's lines of code
FOLD = re.compile(r"<details\b.*?</details>", re.DOTALL)
CLOSING = "</details>"
NO_WORDS = re.compile(r"<[^>]+>|^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
TO_TRY = re.compile(r'<div class="(?:choices|change)"')


def stated(cells: list[nbformat.NotebookNode]) -> None:
    """Write the minutes of a page where it says MINUTES."""
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"\bMINUTES\b", lambda _: str(minutes(cells)), cell.source
            )


def minutes(cells: list[nbformat.NotebookNode]) -> int:
    """Return how long a page takes to read and to try, in fives.

    What is folded away, solutions above all, is not counted.
    """
    words = lines = tries = 0
    folded = False
    for cell in cells:
        if cell.cell_type == "markdown":
            tries += len(TO_TRY.findall(cell.source))
            # A solution is opened in one text, and closed in another.
            text = FOLD.sub(" ", cell.source)
            _, closed, after = text.partition(CLOSING)
            text = after if closed else "" if folded else text
            folded = (folded and not closed) or "<details" in text
            text = text.partition("<details")[0]
            words += len(NO_WORDS.sub(" ", text).split())
        elif not folded and "hide" not in cell.metadata.get("tags", []):
            lines += sum(1 for line in cell.source.splitlines() if line.strip())
    return max(5, 5 * round((words / WORDS + lines / LINES + tries) / 5))
