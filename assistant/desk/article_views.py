"""What the page is told of articles and stories, as JSON; offsets count UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict

from assistant.desk.offsets import to_units
from assistant.desk.views import Json
from assistant.review.evidence import Source
from assistant.review.sources import Found
from assistant.review.stories import Card
from assistant.types import Article

# A paragraph longer than this is shown in pieces, so that the browser lays out what it shows.
LONGEST = 4000


def source_view(source: Source, title: str) -> Json:
    """An article as evidence: about it, its paragraphs, and where the evidence stands."""
    article = source.article
    about = article_line(article) if article else {"id": source.article_id, "title": title}
    return {
        **about,
        "gone": article is None,
        "changed": source.changed,
        **text_view(source.text, source.marks),
    }


def article_line(article: Article) -> Json:
    """An article in a list."""
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "published_on": article.published_on and article.published_on.isoformat(),
        "kind": article.kind,
        "access": article.access,
        "language": article.language,
        "origin": article.origin,
        "url": article.url,
        "duplicate_of": article.duplicate_of,
    }


def listed_view(found: Found) -> Json:
    """An article in a list, with the passage that a search found."""
    line = asdict(found.article)
    day = found.article.published_on
    return line | {
        "published_on": day and day.isoformat(),
        "quote": found.quote,
        "start": found.span and found.span[0],
        "end": found.span and found.span[1],
    }


def text_view(text: str, marks: Sequence[tuple[int, int]]) -> Json:
    """A text in paragraphs, each with the stretches of it that are marked."""
    paragraphs = []
    for start, end, joined in _pieces(text):
        piece = text[start:end]
        inside = [
            [to_units(piece, max(a, start) - start), to_units(piece, min(b, end) - start)]
            for a, b in marks
            if a < end and start < b
        ]
        paragraphs.append({"text": piece, "marks": inside, "joined": joined})
    return {"paragraphs": paragraphs}


def _pieces(text: str) -> list[tuple[int, int, bool]]:
    """Start and end of each paragraph; `joined` where it continues the one before it."""
    found = []
    start = 0
    for match in re.finditer(r"\n{2,}|\Z", text):
        at = start
        while match.start() - at > LONGEST:
            space = text.rfind(" ", at + LONGEST // 2, at + LONGEST)
            cut = space + 1 if space > 0 else at + LONGEST
            found.append((at, cut, at > start))
            at = cut
        if match.start() > at:
            found.append((at, match.start(), at > start))
        start = match.end()
    return found


def card_view(card: Card) -> Json:
    """A story with what was decided about it."""
    story = card.story
    return {
        "id": story.id,
        "title": story.title,
        "articles": list(story.article_ids),
        "score": story.score,
        "why": story.why,
        "follows": story.follows,
        "mark": card.mark,
        "place": card.place,
    }
