"""A page's text, apart from what has a meaning of its own: headings, links, figures."""

import re
from collections.abc import Callable


def in_texts(
    content: str,
    tags: str,
    change: Callable[[str], str],
    elsewhere: Callable[[str], str] = str,
) -> str:
    """Return a page with its text changed, and in another way what is in the tags.

    `tags` are their names, as a regular expression: `h[1-6]|a`.
    """
    parts = re.split(rf"(<({tags})\b.*?</\2>)", content, flags=re.DOTALL)
    # `split` gives the text, what was split at, and its tag, in turn.
    return "".join(
        change(part) if number % 3 == 0 else elsewhere(part)
        for number, part in enumerate(parts)
        if number % 3 != 2
    )
