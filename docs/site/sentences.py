"""Numbers in sentences: `{{ fit.log_likelihood : .3f }}` says what the page computed.

The expression is evaluated where it stands, with what the cells above have made. The
format is Python's; thousands get commas, and a minus is one. For words, write `: s`.
"""

import ast
import re
from collections.abc import Iterator

import nbformat
from pages import PageError

EXPRESSION = re.compile(r"\{\{ (.+?)(?: : ([^{}]+?))? \}\}", re.DOTALL)
CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


def expressions(text: str, page: str) -> list[tuple[str, str]]:
    """Return the expressions in a text and their formats; PageError for no Python."""
    found = EXPRESSION.findall(CODE.sub("", text))
    for expression, _ in found:
        try:
            ast.parse(expression, mode="eval")
        except SyntaxError:
            raise PageError(
                f"{page}: {{{{ {expression} }}}} is no expression"
            ) from None
    return [(" ".join(one.split()), with_commas(form)) for one, form in found]


def with_commas(form: str) -> str:
    """Return a format that puts commas between thousands, except for words."""
    if form.endswith("s") or "," in form:
        return form
    return re.sub(r"^([^\d.a-zA-Z%]*\d*)", r"\1,", form, count=1)


def evaluation(text: str, page: str) -> list[str]:
    """Return the lines of code that print a text's values, one a line."""
    return [
        f"print(format({expression}, {form!r}))"
        for expression, form in expressions(text, page)
    ]


def filled(text: str, values: list[str]) -> str:
    """Return the text with its values in place of the expressions."""
    left = iter(values)
    inside = [found.span() for found in CODE.finditer(text)]

    def value(found: re.Match[str]) -> str:
        if any(start <= found.start() < end for start, end in inside):
            return found[0]
        new = re.sub(r"^-(?=[\d.])", "−", next(left))
        # At the start of a line, "40." would be the number of an item in a list.
        begins = not text[: found.start()].split("\n")[-1].strip()
        return new + "\\" * (
            begins and new.isdigit() and text[found.end() :].startswith(".")
        )

    return EXPRESSION.sub(value, text)


def literal_numbers(text: str) -> Iterator[str]:
    """Yield the numbers of two digits or more that are written into a text by hand.

    Not those in code, formulas, expressions, addresses and links' targets.
    """
    left = CODE.sub(" ", text)
    left = EXPRESSION.sub(" ", left)
    left = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", " ", left, flags=re.DOTALL)
    left = re.sub(r"\]\([^)]*\)|<[^>]*>|https?://\S+|\bdoi \S+", " ", left)
    for number in re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?!\w)", left):
        plain = number.rstrip(",")
        if sum(letter.isdigit() for letter in plain) > 1:
            yield plain


def captions(code: str) -> str:
    """Return what hidden code says in sentences: its longer texts, but for their fields."""
    texts = [
        node.value
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return "\n".join(text for text in texts if len(text.split()) > 3)


def written_by_hand(
    book: nbformat.NotebookNode, allowed: list[str]
) -> list[str]:
    """Return the numbers on a page that neither come from its values nor are allowed."""
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    texts += [
        captions(cell.source)
        for cell in book.cells
        if cell.cell_type == "code" and "hide" in cell.metadata.get("tags", [])
    ]
    return [
        number
        for text in texts
        for number in literal_numbers(text)
        if number not in allowed
    ]
