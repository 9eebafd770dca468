"""Scripts as the site gives them out: smaller, and doing the same.

Comments and spaces go, and names that mean something within a file alone become
short. It is meant for the scripts of this site, which end their statements with
semicolons and use neither labels, classes, `eval` nor `with`.
"""

import re
from collections.abc import Iterator
from itertools import count, product
from string import ascii_letters

from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment, Keyword, Operator, String, Whitespace

WORD = re.compile(r"[A-Za-z_$][\w$]*")
CLOSE = {")": "(", "]": "[", "}": "{"}
# What stands before a brace that opens a block; any other opens an object.
BEFORE_BLOCK = {"", ")", "=>", "else", "try", "finally", "catch", ";", "{", "}"}
NO_PARAMETERS = {"if", "for", "while", "switch"}
RESERVED = {"do", "if", "in", "of", "as"}


class Script:
    """The tokens of a script, and what each name among them is."""

    def __init__(self, source: str) -> None:
        lexer = JavascriptLexer(stripnl=False, ensurenl=False)
        kept = [
            (kind, text)
            for kind, text in lexer.get_tokens(source)
            if text and kind not in Comment and kind not in Whitespace
        ]
        self.kinds = [kind for kind, _ in kept]
        # Nothing comes before the first and after the last.
        self.texts = [text for _, text in kept]
        self.inside: list[str] = []  # "(", "[", "object", "block" or ""
        self.opened: list[int] = []  # by a closing bracket: where it was opened
        self.depth: list[int] = []
        self.match()
        self.roles = [self.role(i) for i in range(len(self.texts))]

    def text(self, i: int) -> str:
        """Return a token; nothing before the first and after the last."""
        return self.texts[i] if 0 <= i < len(self.texts) else ""

    def match(self) -> None:
        """Find in what bracket each token stands."""
        stack: list[tuple[str, int]] = []
        for i, text in enumerate(self.texts):
            opened = -1
            quoted = self.kinds[i] in String and text not in ("${", "}")
            if not quoted and text in (*CLOSE, "}"):
                opened = stack.pop()[1]
            self.inside.append(stack[-1][0] if stack else "")
            self.depth.append(len(stack))
            self.opened.append(opened)
            if quoted:
                continue
            if text == "{":
                block = self.text(i - 1) in BEFORE_BLOCK
                stack.append(("block" if block else "object", i))
            elif text in ("(", "[", "${"):
                stack.append((text, i))

    def role(self, i: int) -> str:
        """Return what a token is: a name, a name that is also a key, or neither."""
        kind, before, after = self.kinds[i], self.text(i - 1), self.text(i + 1)
        if kind in String or not WORD.fullmatch(self.texts[i]):
            return ""
        if before == "." or before in ("get", "set"):
            return ""
        if self.inside[i] == "object" and before in ("{", ","):
            if after in (",", "}", "="):
                return "both"
            return "name" if before == "," and after == "=>" else ""
        fixed = kind in Keyword and kind not in Keyword.Reserved
        return "" if fixed or kind in Operator.Word else "name"

    def bound(self, start: int, end: int) -> Iterator[str]:
        """Yield the names that a pattern or a list of parameters binds."""
        for i in range(start, end):
            first = i == start or self.text(i - 1) in "([{,:..."
            last = i == end - 1 or self.text(i + 1) in ")]},="
            if self.roles[i] and first and last:
                yield self.texts[i]

    def end(self, start: int) -> int:
        """Return where the binding that starts here ends."""
        depth = self.depth[start]
        i = start + 1
        if WORD.fullmatch(self.texts[start]):
            return i
        while self.depth[i] > depth:
            i += 1
        return i + 1

    def declared(self, i: int) -> Iterator[str]:
        """Yield the names that a declaration declares, from its first word on."""
        i, depth = i + 1, self.depth[i]
        while True:
            stop = self.end(i)
            yield from self.bound(i, stop)
            ends = (",", ";", "of")
            while self.depth[stop] > depth or self.texts[stop] not in ends:
                stop += 1
            if self.text(stop) != ",":
                return
            i = stop + 1

    def local(self) -> set[str]:
        """Return the names that are declared within the file's outer block."""
        found: set[str] = set()
        for i, text in enumerate(self.texts):
            if self.kinds[i] in String or not self.depth[i]:
                continue
            if text in ("const", "let"):
                found.update(self.declared(i))
            elif text == "function" and self.text(i + 1) != "(":
                found.add(self.text(i + 1))
            elif text == "=>" and self.roles[i - 1]:
                found.add(self.text(i - 1))
            elif text == ")" and (
                self.text(i + 1) == "=>" or self.lists_parameters(i)
            ):
                found.update(self.bound(self.opened[i] + 1, i))
        return found

    def scopes(self) -> list[range]:
        """Return the tokens of each block and each function, the shortest first."""
        closed = {start: i for i, start in enumerate(self.opened) if start >= 0}
        found = [range(len(self.texts))]
        for i, text in enumerate(self.texts):
            if self.kinds[i] in String:
                continue
            if text == "{" and self.text(i - 1) in BEFORE_BLOCK:
                found.append(range(i, closed[i]))
            elif text == "=>" or self.lists_parameters(i):
                last = i if text == ")" else i - 1
                start = last if self.opened[last] < 0 else self.opened[last]
                end = closed.get(i + 1) if self.text(i + 1) == "{" else None
                found.append(range(start, end or self.expression(i + 1)))
        return sorted(found, key=len)

    def expression(self, start: int) -> int:
        """Return where the expression that starts here ends."""
        i = start
        while self.depth[i] > self.depth[start] or (
            self.texts[i] not in (",", ";")
            and self.depth[i] == self.depth[start]
        ):
            i += 1
        return i

    def lists_parameters(self, i: int) -> bool:
        """Return whether a bracket closes the parameters of a function or method."""
        if self.text(i) != ")" or self.text(i + 1) != "{":
            return False
        return self.text(self.opened[i] - 1) not in NO_PARAMETERS

    def shortened(self) -> list[str]:
        """Return the tokens, with short names for the local ones.

        Two names can become one if no block has both: that is, if one of them is
        not to be found in the smallest block that has all of the other.
        """
        local = self.local()
        places: dict[str, list[int]] = {}
        for i, role in enumerate(self.roles):
            if role:
                places.setdefault(self.texts[i], []).append(i)
        scopes = self.scopes()
        whole = {
            name: next(
                block
                for block in scopes
                if places[name][0] in block and places[name][-1] in block
            )
            for name in local
        }
        new: dict[str, str] = {}
        others = RESERVED | (places.keys() - local)
        taken: dict[str, list[str]] = {}
        for name in sorted(local, key=lambda name: (-len(places[name]), name)):
            new[name] = next(
                letters
                for letters in short()
                if letters not in others
                and not any(
                    self.meet(places[name], whole[other])
                    and self.meet(places[other], whole[name])
                    for other in taken.get(letters, ())
                )
            )
            taken.setdefault(new[name], []).append(name)
        return [
            ""
            if self.idle(i)
            else text
            if not role or text not in local
            else new[text]
            if role == "name"
            else f"{text}:{new[text]}"
            for i, (text, role) in enumerate(
                zip(self.texts, self.roles, strict=True)
            )
        ]

    def idle(self, i: int) -> bool:
        """Return whether a token can go: a last comma or semicolon, (x) => to x =>."""
        if self.kinds[i] in String:
            return False
        text, after = self.text(i), self.text(i + 1)
        if text in ("(", ")"):
            i += 1 if text == "(" else -1
            around = self.text(i - 1) + self.text(i + 1) + self.text(i + 2)
            return bool(self.roles[i]) and around == "()=>"
        return text + after in (",}", ",]", ",)", ";}")

    @staticmethod
    def meet(places: list[int], block: range) -> bool:
        """Return whether a block has one of these places."""
        return any(place in block for place in places)


def short() -> Iterator[str]:
    """Yield names, the shortest first."""
    for length in count(1):
        for letters in product(ascii_letters, repeat=length):
            yield "".join(letters)


def served(source: str) -> str:
    """Return a script as the site gives it out."""
    script = Script(source)
    out = ""
    for text, kind in zip(script.shortened(), script.kinds, strict=True):
        ends = out[-1:] + text[:1]
        if kind not in String and re.fullmatch(r"[\w$]{2}|\+\+|--|\d\.", ends):
            out += " "
        out += text
    return out + "\n"
