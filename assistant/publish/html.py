"""Writes an issue as one web page that needs nothing but itself."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from assistant.dates import MONTH_NAMES
from assistant.publish.inline import plain_line
from assistant.types import Citation, Issue, Picture

_WEB = re.compile(r"https?://[^\s/]", re.I)
_BARE_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]", re.I)


class Piece(NamedTuple):
    """A stretch of text, linked if `url` is not None."""

    text: str
    url: str | None


def to_html(issue: Issue, picture: Picture | None = None) -> str:
    """The issue as a complete HTML page without scripts or anything remote.

    Only http and https URLs and the placeholder `#` become links; the text of any
    other link stays, without its link. `picture` is put into the page itself.
    """
    masthead = issue.masthead
    date = f"{MONTH_NAMES[issue.date.month - 1]} {issue.date.day}, {issue.date.year}"
    return _template().render(
        title=masthead.title,
        volume=f"{issue.volume}.{issue.number}",
        date=date,
        iso_date=issue.date.isoformat(),
        credit=_markdown_pieces(masthead.image_credit or ""),
        picture=picture and (_data_url(picture), picture.alt),
        closing=_markdown_pieces(masthead.boilerplate or ""),
        stories=[(b.headline, _pieces(b.text, b.citations)) for b in issue.bullets],
        description="; ".join(b.headline for b in issue.bullets if b.headline),
    )


def _data_url(picture: Picture) -> str:
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("issue.html")


def _markdown_pieces(markdown: str) -> list[Piece]:
    text, citations = plain_line(markdown)
    bare = [
        Citation(match.start(), match.end(), match[0], None)
        for match in _BARE_URL.finditer(text)
        if not any(c.start < match.end() and match.start() < c.end for c in citations)
    ]
    return _pieces(text, [*citations, *bare])


def _pieces(text: str, citations: Sequence[Citation]) -> list[Piece]:
    pieces: list[Piece] = []
    done = 0
    for citation in sorted(citations, key=lambda c: (c.start, c.end)):
        if citation.start < done or not _may_link(citation.url):
            continue
        pieces.append(Piece(text[done : citation.start], None))
        pieces.append(Piece(text[citation.start : citation.end], citation.url))
        done = citation.end
    pieces.append(Piece(text[done:], None))
    return [piece for piece in pieces if piece.text]


def _may_link(url: str) -> bool:
    return url == "#" or _WEB.match(url) is not None
