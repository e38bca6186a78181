"""What a rule looks at: one field of a bullet, and the issue around it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from assistant.nlp import Span
from assistant.style.rules import words
from assistant.types import Bullet, Citation, Field, Window

_QUOTATION = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」")


@dataclass(frozen=True)
class IssueContext:
    """What rules ask about the issue that a bullet stands in; None: not known, not checked.

    `before` and `after` are the texts of the issue's earlier and later bullets.
    """

    date: dt.date | None = None
    window: Window | None = None
    known_urls: frozenset[str] | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class View:
    """One field of a bullet with its links."""

    field: Field
    text: str
    citations: tuple[Citation, ...]
    context: IssueContext

    @cached_property
    def exempt(self) -> list[Span]:
        """Quotations and names of publications: no rule on words looks into them."""
        return exempt_spans(self.text)

    def is_exempt(self, start: int, end: int) -> bool:
        """Whether a stretch touches a quotation or the name of a publication."""
        return any(start < right and left < end for left, right in self.exempt)


@dataclass(frozen=True)
class Spot:
    """Where a rule matched, what to show in its message, and what to put there."""

    start: int
    end: int
    shown: tuple[str, ...] = ()
    replacement: str | None = None


def views(bullet: Bullet, context: IssueContext) -> Iterator[View]:
    """The bullet's fields that hold anything."""
    if bullet.headline:
        yield View("headline", bullet.headline, (), context)
    if bullet.text:
        yield View("text", bullet.text, bullet.citations, context)


def exempt_spans(text: str) -> list[Span]:
    """Offsets of quotations and of names of publications in `text`."""
    found = [*_QUOTATION.finditer(text), *_publications().finditer(text)]
    return [match.span() for match in found]


@lru_cache(maxsize=1)
def _publications() -> re.Pattern[str]:
    names = sorted(words("publications"), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")


def is_placeholder(url: str) -> bool:
    """Whether a URL only holds a place (`#`), so that no rule on URLs applies to it."""
    return url.strip() in ("", "#")
