"""What a reader found in one source, before it becomes an `Article`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.types import Access, Kind


@dataclass(frozen=True)
class Page:
    """Text and metadata of one source; None where the source does not say.

    `blocks` are paragraphs, headings and table rows in reading order. `canonical` is
    the address that the page claims for itself, `url` the one it is known to have.
    `warnings` are sentences for the editor.
    """

    blocks: tuple[str, ...]
    title: str | None = None
    url: str | None = None
    canonical: str | None = None
    publisher: str | None = None
    published_on: dt.date | None = None
    date_from: str | None = None
    kind: Kind | None = None
    access: Access | None = None
    language: str | None = None
    authors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def overridden(self, fields: Mapping[str, Any], date_from: str) -> Page:
        """Copy with what an editor stated about it, which beats what was found."""
        page = replace(self, **fields)
        return replace(page, date_from=date_from) if "published_on" in fields else page

    def warned(self, *warnings: str) -> Page:
        """Copy with further warnings."""
        return replace(self, warnings=self.warnings + warnings)
