"""Reads the house's Markdown format, and any Markdown with links, into bullets."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from markdown_it.token import Token

from assistant.dates import MONTH_NAMES
from assistant.errors import IngestError
from assistant.publish.inline import lines_of, parser, plain, plain_line, references
from assistant.types import Bullet, Citation, Issue, Masthead

_LABEL = re.compile(r"[\s#*_]*(headlines|details)[\s:*_#]*", re.I)
_VOLUME = re.compile(
    r"\bvol(?:ume)?\b[.:\s]*(\d+)\s*(?:\.|,?\s*(?:no|issue|number)\b[.:]?)\s*(\d+)", re.I
)
_MONTH = rf"({'|'.join(MONTH_NAMES)})"
_DATES = (
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})\b", re.I),
    re.compile(rf"\b(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH}),?\s+(?P<year>\d{{4}})\b", re.I),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b"),
)
_CREDIT = re.compile(r"[\s*_]*(?:image|photo)(?:\s+(?:source|credit))?\s*:[\s*_]*(.*?)\s*", re.I)


@dataclass
class _Item:
    """One list item: its text, its links, and the line where it stands (from 1)."""

    line: int
    inlines: list[Token] = field(default_factory=list)

    def read(self) -> tuple[str, tuple[Citation, ...]]:
        return plain(self.inlines)


def read_issue(markdown: str, name: str) -> Issue:
    """Read an issue; headline i belongs to detail i, link offsets are into `Bullet.text`.

    A link in a headline, which the house forbids, stays visible in the headline
    as Markdown. `name` stands in error messages.

    Raises:
        IngestError: no volume, date, headlines or details, or unequal numbers of
            them; the message has the line and the reason.
    """
    lines = lines_of(markdown)
    labels = _labels(lines)
    if "headlines" not in labels:
        raise IngestError(f"{name}: no line says 'Headlines:'; an issue needs one above its list.")
    if "details" not in labels:
        raise IngestError(f"{name}: no line says 'Details:'; an issue needs one above its list.")
    top, middle = labels["headlines"], labels["details"]
    if middle < top:
        raise IngestError(f"{name}, line {middle + 1}: 'Details:' stands above 'Headlines:'.")
    title, volume, number, date, credit = _masthead(lines[:top], name)
    headlines, details, closing = _lists(lines, top, middle)
    if not headlines:
        raise IngestError(f"{name}, line {top + 1}: no headlines; start each one with '- '.")
    if len(headlines) != len(details):
        raise IngestError(
            f"{name}, line {middle + 1}: {_count(len(headlines), 'headline')} but "
            f"{_count(len(details), 'detail')}; each headline needs one detail, in the same order."
        )
    bullets = tuple(
        _bullet(headline, detail) for headline, detail in zip(headlines, details, strict=True)
    )
    return Issue(volume, number, date, bullets, Masthead(title, credit, closing))


def read_bullets(markdown: str) -> list[Bullet]:
    """Read the bullets of any Markdown.

    A file with a `Details:` list is read as an issue, whatever its masthead lacks;
    any other gives one bullet without a headline for each paragraph and list item.
    Headings, code, HTML comments, pictures and front matter are left out.
    """
    lines = lines_of(markdown)
    labels = _labels(lines)
    if labels.get("headlines", len(lines)) < labels.get("details", -1):
        headlines, details, _ = _lists(lines, labels["headlines"], labels["details"])
        if details:
            return [_bullet(*pair) for pair in zip_longest(headlines, details)]
    tokens = parser().parse("\n".join(lines))
    texts = [
        plain([inline])
        for opening, inline in zip(tokens, tokens[1:], strict=False)
        if opening.type == "paragraph_open"
    ]
    return [_trimmed("", text, citations) for text, citations in texts if text.strip()]


def _labels(lines: Sequence[str]) -> dict[str, int]:
    """Index of the first line that says no more than `Headlines:` or `Details:`."""
    found: dict[str, int] = {}
    for index, line in enumerate(lines):
        if match := _LABEL.fullmatch(line):
            found.setdefault(match[1].lower(), index)
    return found


def _masthead(lines: Sequence[str], name: str) -> tuple[str, int, int, dt.date, str | None]:
    title, credit = "", None
    volume: re.Match[str] | None = None
    date: dt.date | None = None
    for index, line in enumerate(lines):
        words = plain_line(line)[0].strip()
        if found := _VOLUME.search(words):
            volume = volume or found
        if day := _date(words, f"{name}, line {index + 1}"):
            date = date or day
        if found or day:
            continue
        if match := _CREDIT.fullmatch(line):
            credit = match[1] or None
        elif words and not title:
            title = words
    if volume is None:
        raise IngestError(
            f"{name}, line {len(lines) + 1}: no volume above the headlines; "
            "write it as 'Vol: 2.14' (year and number)."
        )
    if date is None:
        raise IngestError(
            f"{name}, line {len(lines) + 1}: no date above the headlines; "
            "write it as 'July 28, 2023'."
        )
    return title, int(volume[1]), int(volume[2]), date, credit


def _date(words: str, where: str) -> dt.date | None:
    for pattern in _DATES:
        if match := pattern.search(words):
            month = match["month"]
            number = int(month) if month.isdigit() else MONTH_NAMES.index(month.capitalize()) + 1
            try:
                return dt.date(int(match["year"]), number, int(match["day"]))
            except ValueError:
                raise IngestError(f"{where}: {match[0]} is not a day of the calendar.") from None
    return None


def _lists(
    lines: Sequence[str], top: int, middle: int
) -> tuple[list[_Item], list[_Item], str | None]:
    """Items under the two labels, and the Markdown below the last detail."""
    env = references(lines)
    headlines, _ = _items(lines[top + 1 : middle], top + 2, env)
    below = list(lines[middle + 1 :])
    for index, line in enumerate(below):
        # Without a blank line above it, the closing would continue the last detail.
        if re.match(r"[\"“*_]+[^\"”*_]*\bDigest[\"”*_]+ ", line):
            below.insert(index, "")
            break
    details, end = _items(below, middle + 2, env)
    return headlines, details, "\n".join(below[end:]).strip() or None


def _items(lines: Sequence[str], first: int, env: dict[str, Any]) -> tuple[list[_Item], int]:
    """Top-level list items of `lines`, and the index of the line after the last list.

    `first` is the number of the first line in the file.
    """
    items: list[_Item] = []
    end = 0
    depth = 0
    for token in parser().parse("\n".join(lines), env):
        if token.type.endswith("_list_open"):
            depth += 1
        elif token.type.endswith("_list_close"):
            depth -= 1
        elif token.type == "list_item_open" and token.map and depth == 1:
            items.append(_Item(first + token.map[0]))
            end = token.map[1]
        elif token.type == "inline" and depth:
            items[-1].inlines.append(token)
    return items, end


def _bullet(headline: _Item | None, detail: _Item | None) -> Bullet:
    text, citations = detail.read() if detail else ("", ())
    return _trimmed(_headline(headline) if headline else "", text, citations)


def _headline(item: _Item) -> str:
    text, links = item.read()
    for link in reversed(links):
        anchor = text[link.start : link.end]
        text = f"{text[: link.start]}[{anchor}]({link.url}){text[link.end :]}"
    return text.strip()


def _trimmed(headline: str, text: str, citations: Sequence[Citation]) -> Bullet:
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    moved = (
        Citation(
            min(max(citation.start - lead, 0), len(text)),
            min(max(citation.end - lead, 0), len(text)),
            citation.url,
            citation.article_id,
        )
        for citation in citations
    )
    return Bullet(headline, text, tuple(moved))


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
