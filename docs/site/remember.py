"""While pages are being written, what has not changed is not made again."""

from collections.abc import Callable
from typing import Any

MADE = ("content", "toc", "_title_from_render", "present_anchor_ids")
Render = Callable[[Any, Any, Any], None]


def remembered(render: Render, base: Callable[[], str]) -> Render:
    """Return MkDocs' `Page.render`, which takes back what it made of the same text.

    `base` says on what a page stands beside its text: the package, for its reference.
    """
    kept: dict[str, tuple[tuple[str, str], dict[str, Any]]] = {}

    def once(page: Any, config: Any, files: Any) -> None:
        name, state = page.file.src_uri, (page.markdown, base())
        if name not in kept or kept[name][0] != state:
            render(page, config, files)
            kept[name] = state, {made: getattr(page, made) for made in MADE}
        vars(page).update(kept[name][1])

    return once
