"""The words of the project as types: what each stage takes and returns.

Offsets count Unicode code points, end exclusive. Dates are days at the place
of the event. All of these are immutable; a stage returns new values.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

Access = Literal["open", "teaser", "paywalled"]
Origin = Literal["file", "web", "feed", "mail", "pasted"]
Kind = Literal["official", "wire", "press", "other"]
Field = Literal["headline", "text"]
Level = Literal["error", "warning", "suggestion"]
Status = Literal["supported", "partial", "unsupported", "contradicted", "unchecked"]


@dataclass(frozen=True)
class Article:
    """A source document. `text` is plain, paragraphs separated by a blank line.

    `id` is stable for one canonical URL (or one file, where there is no URL);
    `version` counts the texts seen under it, `sha256` is of `text`.
    """

    id: str
    url: str | None
    canonical_url: str | None
    title: str
    publisher: str | None
    published_on: dt.date | None
    date_from: str | None
    language: str
    access: Access
    origin: Origin
    kind: Kind
    text: str
    sha256: str
    fetched_at: dt.datetime
    authors: tuple[str, ...] = ()
    version: int = 1
    duplicate_of: str | None = None


@dataclass(frozen=True)
class Passage:
    """A window of sentences of one article."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Hit:
    """A passage that a search found; `quote` is `article.text[start:end]`."""

    article_id: str
    start: int
    end: int
    quote: str
    score: float


@dataclass(frozen=True)
class Story:
    """A cluster of articles about one event."""

    id: str
    title: str
    article_ids: tuple[str, ...]
    first_on: dt.date | None
    last_on: dt.date | None
    score: float
    why: str
    follows: str | None = None


@dataclass(frozen=True)
class Evidence:
    """A verbatim stretch of an article that a claim rests on."""

    article_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Plan:
    """The evidence chosen for a story, in the order in which it will be told.

    Evidence `n` of a prompt is `evidence[n - 1]`; `groups` holds the numbers
    that one sentence of the bullet should rest on.
    """

    story: Story
    evidence: tuple[Evidence, ...]
    groups: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Written:
    """One sentence of a draft, the evidence it rests on, and the word that carries its link."""

    text: str
    evidence: tuple[Evidence, ...]
    anchor: str | None = None


@dataclass(frozen=True)
class Finding:
    """Something a checker or a style rule saw, in words for the editor.

    `start` and `end` are offsets into the field of the bullet that `field` names.
    """

    code: str
    level: Level
    message: str
    start: int
    end: int
    replacement: str | None = None
    field: Field = "text"


@dataclass(frozen=True)
class Verdict:
    """What a check of one claim came to; `score` is its probability of support.

    `score` is None exactly where `status` is `unchecked`.
    """

    status: Status
    score: float | None
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One checkable statement of a bullet, with its verdict."""

    field: Field
    text: str
    start: int
    end: int
    verdict: Verdict
    stale: bool = False


@dataclass(frozen=True)
class Citation:
    """An anchor in a bullet's text and the page that it links to.

    `article_id` is None for a link whose page is not in the corpus.
    """

    start: int
    end: int
    url: str
    article_id: str | None


@dataclass(frozen=True)
class Bullet:
    """A headline and its detail: plain text, links kept apart as citations."""

    headline: str
    text: str
    citations: tuple[Citation, ...] = ()
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    story: Story | None = None
    id: str = ""


@dataclass(frozen=True)
class Window:
    """The days an issue covers, both included."""

    since: dt.date
    until: dt.date


@dataclass(frozen=True)
class Usage:
    """What model calls took, as the server reports it; cost in US dollars."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost + other.cost,
            self.seconds + other.seconds,
        )


@dataclass(frozen=True)
class Masthead:
    """What stands around the bullets: title, picture credit, closing lines (Markdown)."""

    title: str
    image_credit: str | None = None
    boilerplate: str | None = None


@dataclass(frozen=True)
class Picture:
    """The picture at the top of an issue; `alt` says what it shows to who cannot see it."""

    media_type: str
    data: bytes
    alt: str


@dataclass(frozen=True)
class Issue:
    """A numbered, dated set of bullets in order."""

    volume: int
    number: int
    date: dt.date
    bullets: tuple[Bullet, ...]
    masthead: Masthead
    window: Window | None = None
    writer: str = "imported"
    model: str = "none"
    warnings: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
    id: str = ""
