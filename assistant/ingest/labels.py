"""Lines `Source:`, `Publisher:`, `Date:` and `Title:` at the head of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.ingest import frontmatter
from assistant.ingest.dates import stated_day
from assistant.ingest.text import line

_LINE = re.compile(r"\s*(source|url|publisher|date|published|title)\s*[:：]\s*(.*)", re.IGNORECASE)
_FIELDS = {
    "source": "url",
    "url": "url",
    "publisher": "publisher",
    "date": "published_on",
    "published": "published_on",
    "title": "title",
}
_HEAD_LINES = 8


def take_labels(lines: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Fields stated in the first lines, and the lines that remain.

    Raises:
        IngestError: the address in such a line is not one.

    """
    raw: dict[str, object] = {}
    rest: list[str] = []
    for number, each in enumerate(lines):
        found = _LINE.match(line(each)) if number < _HEAD_LINES else None
        name = _FIELDS[found[1].lower()] if found else ""
        # `Source: Ministry of Defense` under a figure is a sentence, not an address.
        value = found and (stated_day(found[2]) if name == "published_on" else found[2])
        # `Source: Ministry of Defense` under a figure is a sentence, not an address.
        if not value or name in raw or (name == "url" and "://" not in str(value)):
            rest.append(each)
        else:
            raw[name] = value
    return frontmatter.validated(raw)[0], rest
