"""What an examination says: a table, one row for each check."""

import html
import textwrap

from attrs import frozen

YES, NO, UNKNOWN, SADDLE = "yes", "NO", "not checked", "a saddle"


@frozen
class Finding:
    """One row: what was checked, what came out, what makes it fail.

    Attributes
    ----------
    check : str
        What should be so.
    verdict : str
        "yes", "NO" or "not checked"; for the M-step also "generalised EM",
        for the limit "a saddle".
    number : float or None
        How far off it is: what it measures is in `detail`.
    fails_for : str
        What kind of mistake makes it fail.
    detail : str
        What was found, or why it was not checked.
    """

    check: str
    verdict: str
    number: float | None
    fails_for: str
    detail: str = ""

    @property
    def passed(self) -> bool:
        return self.verdict != NO

    @property
    def figure(self) -> str:
        """The number, in two digits."""
        return "" if self.number is None else f"{self.number:.2g}"

    def __str__(self) -> str:
        lines = [f"{self.check:55} {self.verdict:14} {self.figure:>8}".rstrip()]
        if self.detail:
            lines += wrapped(f"{self.detail}.")
        return "\n".join([*lines, *wrapped(f"Fails for: {self.fails_for}.")])


def wrapped(text: str) -> list[str]:
    """Return the text in indented lines of 79 letters."""
    return textwrap.wrap(
        text, 79, initial_indent="    ", subsequent_indent="    "
    )


class Examination:
    """What `em.examine` found: prints as a table, and shows as one.

    Attributes
    ----------
    findings : list of Finding
    passed : bool
        Whether no check failed. (One that was not made has not failed.)
    failures : list of Finding
        The checks that failed.
    """

    def __init__(self, findings: list[Finding]):
        self.findings = findings

    @property
    def failures(self) -> list[Finding]:
        return [one for one in self.findings if not one.passed]

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def summary(self) -> str:
        """How many of the checks made have failed, in one sentence."""
        made = sum(one.verdict != UNKNOWN for one in self.findings)
        left = len(self.findings) - made
        told = f"{made} checks made, {len(self.failures)} failed"
        told += f" ({left} not made)." if left else "."
        saddle = any(one.verdict == SADDLE for one in self.findings)
        return told + (f" From your start: {SADDLE}." if saddle else "")

    def __str__(self) -> str:
        return "\n".join([*map(str, self.findings), self.summary])

    def __repr__(self) -> str:
        return f"<Examination: {self.summary}>"

    def _repr_html_(self) -> str:
        head = ("Check", "Verdict", "Number", "What makes it fail")
        rows = "\n".join(map(row_of, self.findings))
        return (
            f"<table>\n<caption>{self.summary}</caption>\n<thead><tr>"
            + "".join(f'<th scope="col">{name}</th>' for name in head)
            + f"</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
        )


def row_of(finding: Finding) -> str:
    """Return a finding as a row of an HTML table."""
    check, verdict, figure, detail, fails_for = map(
        html.escape,
        (
            finding.check,
            finding.verdict,
            finding.figure,
            finding.detail,
            finding.fails_for,
        ),
    )
    verdict = verdict if finding.passed else f"<strong>{verdict}</strong>"
    detail = f"<br><small>{detail}</small>" if detail else ""
    return (
        f'<tr><th scope="row">{check}{detail}</th><td>{verdict}</td>'
        f"<td>{figure}</td><td>{fails_for}</td></tr>"
    )
