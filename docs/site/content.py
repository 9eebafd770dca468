"""What a page's HTML lacks when it comes from Markdown."""

import re

from mkdocs.exceptions import PluginError


def dressed(content: str) -> str:
    """Return a page with light code, tables in boxes, and outputs not searched."""
    content = re.sub(
        r'<div class="language-python highlight">.*?</pre>',
        lambda block: lighter(block[0]),
        content,
        flags=re.DOTALL,
    )
    # As the theme's script would wrap them, when they had been seen.
    content = re.sub(
        r"<table>.*?</table>", boxed_table, content, flags=re.DOTALL
    )
    # Keys must reach what scrolls; Material takes this back where nothing does.
    content = re.sub(
        r"(<pre\b[^>]*>(?:<span></span>)?<code)>", r'\1 tabindex="0">', content
    )
    # Or the search would read what stands before and after as one word.
    content = content.replace("<br>", " <br>")
    # What a program prints, and how a function is called, is not looked for.
    return re.sub(
        r'(<div class="language-[^"]* (?:output|doc-signature) [^"]*")',
        r"\1 data-search-exclude",
        content,
    )


def lighter(block: str) -> str:
    """Return a block of code that is quick to show: three quarters of its elements are
    for words that have no colour of their own; and what is out of sight can wait, if
    its height is known.
    """
    block = re.sub(r'<span class="(?:n|o|p|w)">([^<]*)</span>', r"\1", block)
    lines = block.count("\n")
    return block.replace("<pre>", f'<pre style="--lines: {lines}">', 1)


def boxed_table(table: re.Match[str]) -> str:
    """Return a table in a box, in which a wide one scrolls sideways."""
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
        f"{table[0]}</div></div>"
    )


def check_pictures(content: str, name: str) -> None:
    """Stop the build at a picture that says nothing to who cannot see it."""
    for tag in re.findall(r"<img[^>]*>|<svg(?! xmlns)[^>]*>", content):
        if not re.search(r'(?:alt|aria-label)="[^"]+"', tag):
            raise PluginError(f"{name}: no alternative text in {tag[:200]}")
