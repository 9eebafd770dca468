"""Scripts as the site gives them out: smaller, and doing the same.

Comments and spaces go, and names that mean something within a file alone become
short.
"""

import re
from collections.abc import Iterator
from itertools import count, product
from string import ascii_letters

from javascript import Script
from pygments.token import String

RESERVED = {"do", "if", "in", "of", "as"}


def served(source: str) -> str:
    """Return a script as the site gives it out."""
    script = Script(source)
    out = ""
    for text, kind in zip(shortened(script), script.kinds, strict=True):
        ends = out[-1:] + text[:1]
        if kind not in String and re.fullmatch(r"[\w$]{2}|\+\+|--|\d\.", ends):
            out += " "
        out += text
    return out + "\n"


def shortened(script: Script) -> list[str]:
    """Return the tokens, with short names for the local ones.

    Two of them can have one name if one is not used where the other is known.
    """
    known = script.bindings()
    places: dict[tuple[str, range], list[int]] = {}
    others = set(RESERVED)
    for i, text in enumerate(script.texts):
        scope = next((s for s in known.get(text, ()) if i in s), None)
        if script.roles[i] and scope:
            places.setdefault((text, scope), []).append(i)
        elif script.roles[i]:
            others.add(text)
    new: dict[int, str] = {}
    taken: dict[str, list[tuple[range, list[int]]]] = {}
    for (_, scope), used in sorted(
        places.items(), key=lambda item: (-len(item[1]), item[1])
    ):
        name = next(
            letters
            for letters in short()
            if letters not in others
            and not any(
                meet(used, there) and meet(theirs, scope)
                for there, theirs in taken.get(letters, ())
            )
        )
        taken.setdefault(name, []).append((scope, used))
        new |= dict.fromkeys(used, name)
    return [
        ""
        if idle(script, i)
        else f"{text}:{new[i]}"
        if i in new and script.roles[i] == "both"
        else new.get(i, text)
        for i, text in enumerate(script.texts)
    ]


def idle(script: Script, i: int) -> bool:
    """Return whether a token can go: a last comma or semicolon, (x) => to x =>."""
    if script.kinds[i] in String:
        return False
    text, after = script.text(i), script.text(i + 1)
    if text in ("(", ")"):
        i += 1 if text == "(" else -1
        around = script.text(i - 1) + script.text(i + 1) + script.text(i + 2)
        return bool(script.roles[i]) and around == "()=>"
    return text + after in (",}", ",]", ",)", ";}")


def meet(places: list[int], scope: range) -> bool:
    """Return whether one of these places is in a scope."""
    return any(place in scope for place in places)


def short() -> Iterator[str]:
    """Yield names, the shortest first."""
    for length in count(1):
        for letters in product(ascii_letters, repeat=length):
            yield "".join(letters)
