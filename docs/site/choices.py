"""Choices: a question, and two or three answers of which one is right.

They stand in `<div class="choices" markdown>`: first the question, then each answer as
a fold that says why it is tempting and wrong, or right. The right one has the class.
"""

import re
from pathlib import Path

from pages import PageError

CHOICES = re.compile(
    r'^<div class="choices" markdown>\n(.*?)^</div>$', re.DOTALL | re.MULTILINE
)
ANSWER = re.compile(
    r"<details( class=\"right\")? markdown><summary>.+?</summary>\n\n.+?</details>",
    re.DOTALL,
)


def check_choices(path: Path) -> None:
    """Raise PageError where a page has choices of another form."""
    text = re.sub("^# ?", "", path.read_text("utf-8"), flags=re.MULTILINE)
    found = list(CHOICES.finditer(text))
    begun = text.count('<div class="choices"')
    if len(found) != begun or "<div" in "".join(one[1] for one in found):
        raise PageError(f"{path.name}: choices that do not end with </div>")
    for choices in found:
        if why := wrong(choices[1]):
            line = text.count("\n", 0, choices.start()) + 1
            raise PageError(f"{path.name}, line {line}: {why}")


def wrong(choices: str) -> str:
    """Return what is wrong with choices; nothing if all is well."""
    question, *others = ANSWER.split(choices)
    answers = ANSWER.findall(choices)
    if not 2 <= len(answers) <= 3:
        return f"{len(answers)} answers: expected two or three"
    if sum(map(bool, answers)) != 1:
        return "expected one right answer"
    if not question.strip() or any(text.strip() for text in others[1::2]):
        return "choices are a question, then its answers"
    return ""
