"""The JSON of the contract: one function per record, so that its keys stand in one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assistant.publish.markdown import bullet_markdown
from assistant.style.links import LinkCounts, count_links
from assistant.types import Article, Bullet, Claim, Evidence, Finding, Hit, Issue, Story
from assistant.verify.claims import verdict_counts

Lookup = Callable[[str], Article]
# What evidence said when it was checked, where the article may have changed since.
Quotes = Mapping[Evidence, str]


def article(a: Article) -> dict[str, Any]:
    """An article with its whole text."""
    return {
        "id": a.id,
        "url": a.url,
        "canonical_url": a.canonical_url,
        "title": a.title,
        "publisher": a.publisher,
        "published_on": _day(a.published_on),
        "date_from": a.date_from,
        "language": a.language,
        "access": a.access,
        "origin": a.origin,
        "kind": a.kind,
        "authors": list(a.authors),
        "sha256": a.sha256,
        "fetched_at": a.fetched_at.isoformat(),
        "version": a.version,
        "duplicate_of": a.duplicate_of,
        "text": a.text,
    }


def hit(h: Hit, lookup: Lookup) -> dict[str, Any]:
    """A search hit with its exact quote."""
    found = lookup(h.article_id)
    return {
        "article_id": h.article_id,
        "url": found.url,
        "title": found.title,
        "published_on": _day(found.published_on),
        "score": round(h.score, 4),
        "start": h.start,
        "end": h.end,
        "quote": h.quote,
    }


def story(s: Story, lookup: Lookup) -> dict[str, Any]:
    """A candidate story with its articles."""
    members = [lookup(i) for i in s.article_ids]
    return {
        "id": s.id,
        "title": s.title,
        "articles": [{"article_id": a.id, "url": a.url, "title": a.title} for a in members],
        "score": s.score,
        "follows": s.follows,
        "why": s.why,
    }


def finding(f: Finding) -> dict[str, Any]:
    """A finding; `field` says whether its offsets are the headline's or the text's."""
    return {
        "code": f.code,
        "level": f.level,
        "message": f.message,
        "start": f.start,
        "end": f.end,
        "replacement": f.replacement,
        "field": f.field,
    }


def claim(c: Claim, lookup: Lookup, quotes: Quotes | None = None) -> dict[str, Any]:
    """A claim with its verdict and the verbatim evidence."""
    evidence = []
    for e in c.verdict.evidence:
        a = lookup(e.article_id)
        quote = quotes[e] if quotes is not None else a.text[e.start : e.end]
        evidence.append(
            {"article_id": a.id, "url": a.url, "start": e.start, "end": e.end, "quote": quote}
        )
    return {
        "field": c.field,
        "text": c.text,
        "start": c.start,
        "end": c.end,
        "verdict": c.verdict.status,
        "score": c.verdict.score,
        "stale": c.stale,
        "evidence": evidence,
        "findings": [finding(f) for f in c.verdict.findings],
    }


def bullet(b: Bullet, lookup: Lookup, quotes: Quotes | None = None) -> dict[str, Any]:
    """A bullet with claims, citations and style findings."""
    return {
        "id": b.id,
        "headline": b.headline,
        "text": b.text,
        "markdown": bullet_markdown(b),
        "story": {"id": b.story.id, "title": b.story.title} if b.story else None,
        "claims": [claim(c, lookup, quotes) for c in b.claims],
        "citations": [
            {
                "anchor": b.text[c.start : c.end],
                "start": c.start,
                "end": c.end,
                "url": c.url,
                "article_id": c.article_id,
            }
            for c in b.citations
        ],
        "findings": [finding(f) for f in b.findings],
    }


def issue(
    i: Issue, lookup: Lookup, quotes: Callable[[str], Quotes] | None = None
) -> dict[str, Any]:
    """A drafted issue; `quotes` gives those of a stored bullet by its id."""
    window = i.window
    return {
        "id": i.id,
        "volume": i.volume,
        "number": i.number,
        "date": i.date.isoformat(),
        "window": {"since": _day(window.since), "until": _day(window.until)} if window else None,
        "writer": i.writer,
        "model": i.model,
        "warnings": list(i.warnings),
        "bullets": [bullet(b, lookup, quotes and quotes(b.id)) for b in i.bullets],
        "usage": {
            "prompt_tokens": i.usage.prompt_tokens,
            "cached_tokens": i.usage.cached_tokens,
            "completion_tokens": i.usage.completion_tokens,
            "cost": i.usage.cost,
            "seconds": i.usage.seconds,
        },
    }


def imported(i: Issue) -> dict[str, Any]:
    """An issue as `import-issue` read it."""
    return {
        "id": i.id,
        "volume": i.volume,
        "number": i.number,
        "date": i.date.isoformat(),
        "headlines": [b.headline for b in i.bullets],
        "bullets": [
            {
                "headline": b.headline,
                "text": b.text,
                "markdown": bullet_markdown(b),
                "links": [{"anchor": b.text[c.start : c.end], "url": c.url} for c in b.citations],
            }
            for b in i.bullets
        ],
    }


def checked(bullets: Sequence[Bullet], lookup: Lookup) -> dict[str, Any]:
    """Checked bullets with their verdict counts."""
    return {
        "bullets": [bullet(b, lookup) for b in bullets],
        "verdicts": dict(verdict_counts(bullets)),
        "links": asdict(sum((count_links(b) for b in bullets), LinkCounts())),
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)
