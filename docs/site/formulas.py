"""Formulas, from what Markdown found between dollars to MathML; strict about both."""

import html
import re

from math_core import LatexError, LatexToMathML
from pages import PageError

FOUND = re.compile(
    r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL
)
WORDLESS = re.compile(r"<(pre|code|svg|math)\b.*?</\1>|<[^>]*>", re.DOTALL)


def with_formulas(content: str, page: str) -> str:
    """Return a page whose formulas are MathML.

    Raises PageError for a formula that cannot be set, and for a dollar left over.
    """
    content = FOUND.sub(
        lambda found: formula(found[2], found[1] == "div", page), content
    )
    if left := re.search(r".{0,40}\$.{0,40}", WORDLESS.sub("", content)):
        raise PageError(
            f"{page}: a dollar without its partner, or with a space inside, "
            f"near: {left[0].strip()} (for the money, write &#36;)"
        )
    return content


def formula(latex: str, block: bool, page: str) -> str:
    """Return a formula as MathML; PageError where that cannot be."""
    latex = html.unescape(latex)
    try:
        math = LatexToMathML().convert_with_local_state(
            latex, displaystyle=block
        )
    except LatexError as error:
        raise PageError(
            f"{page}: cannot set the formula {latex}: {error}"
        ) from None
    # No validator knows it there; nor is it needed, as a formula begins so.
    math = math.replace(' scriptlevel="0"', "")
    if block:
        # What may have to scroll can be reached by keys.
        reach = ' tabindex="0"' if len(latex) > 40 else ""
        return f'<div class="formula"{reach}>{math}</div>'
    # So may a long one in a line of text, on a narrow screen.
    long = f'<span class="long" tabindex="0">{math}</span>'
    return long if len(latex) > 24 else math
