"""Lists articles by what is known about them, a page at a time, without reading their texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from assistant.store.database import Database
from assistant.store.tables import article_versions, articles

_COLUMNS = (
    articles.c.id,
    article_versions.c.title,
    articles.c.publisher,
    articles.c.published_on,
    articles.c.kind,
    articles.c.access,
    articles.c.language,
    articles.c.origin,
    articles.c.url,
    articles.c.duplicate_of,
)


@dataclass(frozen=True)
class Listed:
    """An article in a list: all but its text."""

    id: str
    title: str
    publisher: str | None
    published_on: dt.date | None
    kind: str
    access: str
    language: str
    origin: str
    url: str | None
    duplicate_of: str | None


@dataclass(frozen=True)
class Filter:
    """Which articles; what is None does not matter."""

    since: dt.date | None = None
    until: dt.date | None = None
    publisher: str | None = None
    kind: str | None = None
    access: str | None = None
    language: str | None = None
    reprints: bool = True

    def clauses(self) -> list[ColumnElement[bool]]:
        """The filter as conditions on `articles`."""
        found: list[ColumnElement[bool]] = [articles.c.removed_at.is_(None)]
        for name in ("publisher", "kind", "access", "language"):
            if (wanted := getattr(self, name)) is not None:
                found.append(articles.c[name] == wanted)
        if self.since is not None:
            found.append(articles.c.published_on >= self.since)
        if self.until is not None:
            found.append(articles.c.published_on <= self.until)
        if not self.reprints:
            found.append(articles.c.duplicate_of.is_(None))
        return found


def browse(
    database: Database, wanted: Filter, offset: int = 0, limit: int = 100
) -> tuple[Sequence[Listed], int]:
    """A page of the articles that are `wanted`, newest first, and how many there are."""
    clauses = wanted.clauses()
    query = (
        _select()
        .where(*clauses)
        .order_by(articles.c.published_on.desc().nulls_last(), articles.c.id)
        .offset(offset)
        .limit(limit)
    )
    with database.read() as connection:
        total = connection.scalar(select(func.count()).select_from(articles).where(*clauses))
        return [Listed(*row) for row in connection.execute(query)], total or 0


def listed(
    database: Database, article_ids: Iterable[str], wanted: Filter | None = None
) -> Mapping[str, Listed]:
    """Those of these articles that there are and that are `wanted`, by id."""
    clauses = (wanted or Filter()).clauses()
    query = _select().where(articles.c.id.in_(list(article_ids)), *clauses)
    with database.read() as connection:
        return {row.id: Listed(*row) for row in connection.execute(query)}


def publishers(database: Database, most: int = 200) -> Sequence[str]:
    """The publishers with the most articles, by name."""
    query = (
        select(articles.c.publisher)
        .where(articles.c.removed_at.is_(None), articles.c.publisher.is_not(None))
        .group_by(articles.c.publisher)
        .order_by(func.count().desc())
        .limit(most)
    )
    with database.read() as connection:
        return sorted(name for name in connection.scalars(query) if name is not None)


def _select() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join_from(articles, article_versions)
        .where(articles.c.version == article_versions.c.version)
    )
