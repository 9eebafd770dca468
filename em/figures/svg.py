"""From matplotlib's SVG to one that a page can hold, small and fast to show."""

import hashlib
import html
import re
from itertools import groupby

from em.figures.colours import in_css
from em.figures.paths import dots, radius, short, steps

PEN = "; stroke-linecap: round; stroke-width: {:.2f}"


def slim(svg: str, alt: str, number: int, digits: int) -> str:
    """Make matplotlib's SVG fit to stand in a page.

    Its fonts, its size and its colours come from the page; names are unique
    among the figures of a page, or gone where nothing uses them; coordinates are short.
    """
    body = placed(gathered(svg[svg.index("<svg") :]), digits)
    # Its style sheet would be for the whole page, and slow each of its letters down.
    body = re.sub(
        r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>|<defs>\s*</defs>",
        "",
        body,
        flags=re.DOTALL,
    )
    view = re.search(r'viewBox="([^"]*)"', body)
    assert view, "matplotlib gives every figure a viewBox"
    # An id to drop from `wanted` as it is met: matplotlib defines some twice.
    wanted = set(re.findall(r'(?:url\(|href=")#([\w-]+)', body))
    # A letter first: some tools take no name that begins with a digit.
    mark = "m" + hashlib.sha256(f"{number}{body}".encode()).hexdigest()[:5]

    def named(found: re.Match[str]) -> str:
        if found[1] not in wanted:
            return ""
        wanted.remove(found[1])
        return f' id="{mark}-{found[1]}"'

    body = re.sub(r' id="([\w.-]+)"', named, body)
    body = re.sub(r'(url\(|xlink:href=")#', rf"\1#{mark}-", body)
    body = body.replace("xlink:href", "href")
    body = re.sub(
        r"(fill|stroke): (#[0-9a-f]{6})\b",
        lambda found: coloured(*found.groups()),
        body,
    )
    body = re.sub(
        r"font: (?:\w+ )?([\d.]+)px [^;\"]*", r"font-size: \1px", body
    )
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    body = re.sub(r"<[^<>]*>", lambda tag: shorten(tag[0], digits), body)
    body = unwrapped(body)
    width, height = view[1].split()[2:]
    opening = (
        f'<svg {view[0]} style="aspect-ratio: {width}/{height}" '
        'fill="currentColor" stroke-linejoin="round" role="img" '
        f'aria-label="{html.escape(alt)}">'
    )
    body = re.sub(r"<svg[^>]*>", lambda _: opening, body, count=1)
    # A blank line inside would end the HTML block for Markdown.
    return re.sub(r"\s*\n\s*", "\n", body).strip()


def coloured(what: str, colour: str) -> str:
    """Give a colour that follows the page's mode, for old browsers the plain one first."""
    named = in_css(colour)
    plain = f"{what}: {colour}; " if "light-dark" in named else ""
    return f"{plain}{what}: {named}"


def gathered(body: str) -> str:
    """Put neighbouring markers that are cut off by one frame into one group."""
    group = r'<g (clip-path="[^"]*")>\s*((?:<use [^>]*/>\s*)+)</g>\s*'

    def groups(run: re.Match[str]) -> str:
        runs = groupby(re.findall(group, run[0]), key=lambda found: found[0])
        return "".join(
            f"<g {clip}>{''.join(uses for _, uses in members)}</g>"
            for clip, members in runs
        )

    return re.sub(f"(?:{group})+", groups, body)


def placed(body: str, digits: int) -> str:
    """Draw each marker where it is used, and those that look alike in one path.

    Browsers need a hundred times longer for a `<use>`, a document in the document.
    """
    shapes = dict(re.findall(r'<path id="(\w+)" d="([^"]*)"', body))

    def paths(uses: re.Match[str]) -> str:
        alike: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for name, x, y, look in re.findall(
            r'href="#(\w+)" x="(.*?)" y="(.*?)" style="(.*?)"', uses[0]
        ):
            alike.setdefault((shapes[name], look), []).append((x, y))
        return "".join(
            drawn(shape, look, places, digits)
            for (shape, look), places in alike.items()
        )

    body = re.sub(r"(?:<use [^>]*/>\s*)+", paths, body)
    return re.sub(r'<path id="\w+"[^>]*/>', "", body)


def drawn(
    shape: str, look: str, places: list[tuple[str, str]], digits: int
) -> str:
    """Draw markers that look alike, as one.

    Those that are seen through one by one: where they overlap, each is to count.
    """
    r = 0.0 if "stroke" in look else radius(shape)
    if r:  # a disk is where a round pen of its width has been put down
        look = look.replace("fill", "stroke") + PEN.format(2 * r)
    if "opacity" not in look and r:
        return f'<path d="{dots(places, digits)}" style="{look}"/>'
    step = "h0" if r else steps(shape)
    each = [f"M{x} {y}{step}" for x, y in places]
    if "opacity" not in look:
        return f'<path d="{"".join(each)}" style="{look}"/>'
    apart = "".join(f'<path d="{path}"/>' for path in each)
    return f'<g style="{look}">{apart}</g>'


def unwrapped(body: str) -> str:
    """Take away groups that say nothing: half of all elements, for a browser."""
    empty: list[bool] = []

    def kept(tag: re.Match[str]) -> str:
        if tag[0] == "</g>":
            return "" if empty.pop() else tag[0]
        empty.append(tag[0] == "<g>")
        return "" if empty[-1] else tag[0]

    body = re.sub(r"<g\b[^<>]*/>", "", body)
    return re.sub(r"<g(?: [^<>]*)?>|</g>", kept, body)


def shorten(tag: str, digits: int) -> str:
    """Round the coordinates in a tag, and take the straight way from point to point."""

    def rounded(long: re.Match[str]) -> str:
        return f"{float(long[0]):.{digits}f}".rstrip("0").rstrip(".")

    tag = re.sub(
        r' d="([MLz\d\s.-]*)"',
        lambda path: f' d="{short(path[1], digits)}"',
        tag,
    )
    return re.sub(r"-?\d+\.\d{2,}", rounded, tag)
