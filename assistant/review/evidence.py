"""What a claim rests on, as an editor reads it: the articles, with the sentences marked."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.store.articles import Articles
from assistant.types import Article, Claim, Evidence
from assistant.workspace import Workspace

Span = tuple[int, int]


@dataclass(frozen=True)
class Source:
    """One article that a claim rests on: a text, and where in it the evidence stands.

    `article` is None where it is no longer in the corpus. `changed` says that its text
    is another now; then `text` is only the sentences as they were checked, a paragraph each.
    """

    article_id: str
    article: Article | None
    changed: bool
    text: str
    marks: tuple[Span, ...]


def sources_of(workspace: Workspace, bullet_id: str, claim: Claim) -> list[Source]:
    """The sources of a stored claim, in the order of its evidence."""
    quotes = workspace.issues.quotes(bullet_id)
    by_article: dict[str, list[Evidence]] = {}
    for evidence in claim.verdict.evidence:
        by_article.setdefault(evidence.article_id, []).append(evidence)
    sources = []
    for article_id, pieces in by_article.items():
        article = find_article(workspace.articles, article_id)
        text = article.text if article else ""
        if all(text[e.start : e.end] == quotes[e] for e in pieces):
            marks = tuple(sorted((e.start, e.end) for e in pieces))
            sources.append(Source(article_id, article, False, text, marks))
        else:
            said = [quotes[e] for e in pieces]
            sources.append(Source(article_id, article, True, "\n\n".join(said), _each(said)))
    return sources


def find_article(articles: Articles, article_id: str) -> Article | None:
    """The article, None where it was removed."""
    return articles.get(article_id) if articles.texts([article_id]) else None


def _each(paragraphs: list[str]) -> tuple[Span, ...]:
    """Where paragraphs stand that are joined by blank lines."""
    spans, start = [], 0
    for paragraph in paragraphs:
        spans.append((start, start + len(paragraph)))
        start += len(paragraph) + 2
    return tuple(spans)
