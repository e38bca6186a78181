"""What a claim rests on, as an editor reads it: the sentences in their paragraphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.store.articles import Articles
from assistant.types import Article, Claim, Evidence
from assistant.workspace import Workspace


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; `marked` where it is evidence."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Source:
    """One article that a claim rests on, and the paragraphs that hold the evidence.

    `article` is None where it is no longer in the corpus. `changed` says that its text
    is another now: then the paragraphs are only the sentences as they were checked.
    """

    article_id: str
    article: Article | None
    changed: bool
    paragraphs: tuple[tuple[Piece, ...], ...]


def sources_of(workspace: Workspace, bullet_id: str, claim: Claim) -> list[Source]:
    """The sources of a stored claim, in the order of its evidence."""
    quotes = workspace.issues.quotes(bullet_id)
    by_article: dict[str, list[Evidence]] = {}
    for evidence in claim.verdict.evidence:
        by_article.setdefault(evidence.article_id, []).append(evidence)
    sources = []
    for article_id, pieces in by_article.items():
        article = _article(workspace.articles, article_id)
        text = article.text if article else ""
        same = all(text[e.start : e.end] == quotes[e] for e in pieces)
        paragraphs = (
            _paragraphs(text, sorted(pieces, key=lambda e: e.start))
            if same
            else tuple((Piece(quotes[e], True),) for e in pieces)
        )
        sources.append(Source(article_id, article, not same, paragraphs))
    return sources


def _article(articles: Articles, article_id: str) -> Article | None:
    return articles.get(article_id) if articles.texts([article_id]) else None


def _paragraphs(text: str, evidence: Sequence[Evidence]) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs of `text` that hold some `evidence`, which is in order of offset."""
    found: list[tuple[Piece, ...]] = []
    start = 0
    for paragraph in text.split("\n\n"):
        end = start + len(paragraph)
        inside = [e for e in evidence if e.start < end and start < e.end]
        pieces, done = [], start
        for e in inside:
            pieces.append(Piece(text[done : max(e.start, done)], False))
            pieces.append(Piece(text[max(e.start, done) : min(e.end, end)], True))
            done = max(done, min(e.end, end))
        if inside:
            pieces.append(Piece(text[done:end], False))
            found.append(tuple(piece for piece in pieces if piece.text))
        start = end + 2
    return tuple(found)
