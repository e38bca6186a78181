"""Writes an issue in the house's Markdown format, so that `read_issue` gives it back."""

from __future__ import annotations

import re

from assistant.dates import MONTH_NAMES
from assistant.errors import ExportError
from assistant.types import Bullet, Issue

_MARKS = re.compile(r"[\\`*_\[\]<$]|&(?=#?\w+;)")
_LEADING = re.compile(r"[#+\->~=]|\d{1,9}(?=[.)](?:\s|$))")


def to_markdown(issue: Issue) -> str:
    """The issue as one Markdown file, masthead to closing lines.

    Raises:
        ExportError: two links of a bullet overlap.
    """
    masthead = issue.masthead
    parts = ["\n\n\n", _escape(masthead.title), "", f"Vol: {issue.volume}.{issue.number}", ""]
    parts += [f"{MONTH_NAMES[issue.date.month - 1]} {issue.date.day}, {issue.date.year}", "\n\n"]
    if masthead.image_credit:
        parts += [f"Image Source: {masthead.image_credit}", ""]
    parts += ["Headlines:", ""]
    parts += [f"- {_line(_escape(bullet.headline))}".rstrip() for bullet in issue.bullets]
    parts += ["", "Details:", ""]
    parts += [f"- {bullet_markdown(bullet)}".rstrip() for bullet in issue.bullets]
    if masthead.boilerplate:
        parts += ["", masthead.boilerplate]
    return "\n".join(parts) + "\n"


def bullet_markdown(bullet: Bullet) -> str:
    """The detail's text on one line, links and escapes included.

    Line breaks become spaces; white space at the ends is dropped, as Markdown would.

    Raises:
        ExportError: two links overlap.
    """
    pieces: list[str] = []
    done = 0
    for citation in sorted(bullet.citations, key=lambda c: (c.start, c.end)):
        if citation.start < done:
            anchor = bullet.text[citation.start : citation.end]
            raise ExportError(f"Two links overlap at '{anchor}'; take one of them away.")
        before = _escape(bullet.text[done : citation.start])
        if before.endswith("!"):  # else `![` would open a picture
            before = before[:-1] + "\\!"
        anchor = _escape(bullet.text[citation.start : citation.end])
        pieces += [before, f"[{anchor}]({_destination(citation.url)})"]
        done = citation.end
    pieces.append(_escape(bullet.text[done:]))
    return _line("".join(pieces))


def _escape(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text)


def _line(markdown: str) -> str:
    """One line that opens no heading, list, quotation or fence of its own."""
    line = re.sub(r"[\r\n]", " ", markdown).strip()
    if leading := _LEADING.match(line):
        mark = leading[0]
        head = f"{mark}\\" if mark.isdigit() else f"\\{mark}"
        line = head + line[leading.end() :]
    return line


def _destination(url: str) -> str:
    url = url.replace("\r", "%0D").replace("\n", "%0A")
    url = re.sub(r"\\|&(?=#?\w+;)", r"\\\g<0>", url)
    if re.search(r"[\s\x00-\x20]", url):
        return "<" + re.sub(r"[<>]", r"\\\g<0>", url) + ">"
    return re.sub(r"[()<>]", r"\\\g<0>", url)
