"""What the words of a script are: which of them are names, and where each is known.

It reads the scripts of this site, which end their statements with semicolons and use
neither labels, classes, `eval` nor `with`.
"""

import re
from collections.abc import Iterator

from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment, Keyword, Operator, String, Whitespace

WORD = re.compile(r"[A-Za-z_$][\w$]*")
CLOSE = {")", "]", "}"}
# What stands before a brace that opens a block; any other opens an object.
BEFORE_BLOCK = {"", ")", "=>", "else", "try", "finally", "catch", ";", "{", "}"}
NO_PARAMETERS = {"if", "for", "while", "switch"}


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
            if not quoted and text in CLOSE:
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

    def scopes(self) -> list[range]:
        """Return the tokens of each block and each function, the shortest first."""
        closed = {start: i for i, start in enumerate(self.opened) if start >= 0}
        found = [range(len(self.texts))]
        for i, text in enumerate(self.texts):
            if self.kinds[i] in String:
                continue
            if text == "=>" or self.lists_parameters(i):
                last = i if text == ")" else i - 1
                start = last if self.opened[last] < 0 else self.opened[last]
                end = closed.get(i + 1) if self.text(i + 1) == "{" else None
                found.append(range(start, end or self.expression(i + 1)))
            elif (
                text == "{"
                and self.text(i - 1) in BEFORE_BLOCK - {"=>"}
                and not self.lists_parameters(i - 1)
            ):
                found.append(range(i, closed[i]))
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

    def bindings(self) -> dict[str, list[range]]:
        """Return for each local name where it is known, the shortest scope first."""
        scopes = self.scopes()
        found: dict[str, set[range]] = {}
        for i, text in enumerate(self.texts):
            if self.kinds[i] in String or not self.depth[i]:
                continue
            at, names = i, list[str]()
            if text in ("const", "let"):
                names = list(self.declared(i))
            elif text == "function" and self.text(i + 1) != "(":
                names = [self.text(i + 1)]
            elif text == "=>" and self.roles[i - 1]:
                at, names = i - 1, [self.text(i - 1)]
            elif text == ")" and (
                self.text(i + 1) == "=>" or self.lists_parameters(i)
            ):
                at = self.opened[i]
                names = list(self.bound(at + 1, i))
            scope = next(scope for scope in scopes if at in scope)
            for name in names:
                found.setdefault(name, set()).add(scope)
        return {name: sorted(known, key=len) for name, known in found.items()}
