"""Keeps articles: every text seen under an id, and the passages of the newest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping, Select, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.errors import StoreError
from assistant.store import fulltext
from assistant.store.database import Database
from assistant.store.tables import article_versions, articles, passages
from assistant.types import Article, Passage

Change = Literal["added", "updated", "unchanged"]

# What is kept once an article; the other fields come with each version of its text.
_ABOUT = (
    "id",
    "url",
    "canonical_url",
    "publisher",
    "published_on",
    "date_from",
    "language",
    "access",
    "origin",
    "kind",
    "authors",
    "duplicate_of",
)
_OF_VERSION = ("version", "title", "text", "sha256", "fetched_at")
_ARTICLE = select(
    *(articles.c[name] for name in _ABOUT), *(article_versions.c[name] for name in _OF_VERSION)
).join_from(articles, article_versions)
_PRESENT = articles.c.removed_at.is_(None)
_NEWEST = _ARTICLE.where(articles.c.version == article_versions.c.version, _PRESENT)


class Articles:
    """The articles of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def put(self, article: Article, windows: Sequence[Passage]) -> Change:
        """Store an article and its passages in one transaction.

        A changed text becomes a new version; the old one stays. `article.version` is
        ignored, the store counts; a new `fetched_at` alone changes nothing. An article
        that was removed is back, and counts as added.
        """
        with self.database.write() as connection:
            stored = connection.execute(
                select(articles.c.version, articles.c.edition, articles.c.removed_at).where(
                    articles.c.id == article.id
                )
            ).first()
            if stored is None:
                _write(connection, article, version=1, edition=1)
                change: Change = "added"
            else:
                row = _version(connection, article.id, stored.version)
                present = stored.removed_at is None
                if present and _same(row, article):
                    return "unchanged"
                new_text = row.sha256 != article.sha256
                _write(
                    connection,
                    article,
                    version=stored.version + new_text,
                    edition=stored.edition + (new_text or not present),
                )
                change = "updated" if present else "added"
            fulltext.remove(connection, article.id)
            fulltext.add(connection, article, windows)
            return change

    def put_passages(self, article: Article, windows: Sequence[Passage]) -> None:
        """Cut a stored article anew: its passages and their words are made again."""
        with self.database.write() as connection:
            fulltext.remove(connection, article.id)
            fulltext.add(connection, article, windows)

    def get(self, article_id: str) -> Article:
        """Return the article with its newest text; `StoreError` if there is none."""
        found = self._first(_NEWEST.where(articles.c.id == article_id))
        if found is None:
            raise StoreError(
                f"There is no article {article_id!r}; `digest list articles` shows those there are."
            )
        return found

    def get_version(self, article_id: str, version: int) -> Article:
        """Return the article with the text it had as `version`, even if removed since."""
        with self.database.read() as connection:
            return _version(connection, article_id, version)

    def list(self, since: dt.date | None = None, until: dt.date | None = None) -> Sequence[Article]:
        """Articles by day, then id; days inclusive. Undated ones come last, and only unbounded."""
        query = _NEWEST.order_by(articles.c.published_on.nulls_last(), articles.c.id)
        if since is not None:
            query = query.where(articles.c.published_on >= since)
        if until is not None:
            query = query.where(articles.c.published_on <= until)
        with self.database.read() as connection:
            return [_article(row) for row in connection.execute(query).mappings()]

    def by_url(self, url: str) -> Article | None:
        """Find the article whose URL or canonical URL this is."""
        return self.by_urls([url]).get(url)

    def by_urls(self, urls: Iterable[str]) -> Mapping[str, Article]:
        """Return the articles that have one of these as URL or canonical URL, by that one.

        Of several with the same it is the first by id.
        """
        wanted = sorted(set(urls))
        query = _NEWEST.where(
            or_(articles.c.url.in_(wanted), articles.c.canonical_url.in_(wanted))
        ).order_by(articles.c.id)
        found: dict[str, Article] = {}
        with self.database.read() as connection:
            for article in map(_article, connection.execute(query).mappings()):
                for url in (article.url, article.canonical_url):
                    if url in wanted:
                        found.setdefault(url, article)
        return found

    def remove(self, article_id: str) -> None:
        """Hide an article from lists and searches; its texts stay for old evidence."""
        with self.database.write() as connection:
            hidden = connection.execute(
                update(articles)
                .where(articles.c.id == article_id, _PRESENT)
                .values(removed_at=dt.datetime.now(dt.UTC), edition=articles.c.edition + 1)
            )
            if not hidden.rowcount:
                raise StoreError(
                    f"There is no article {article_id!r} to remove; "
                    "`digest list articles` shows those there are."
                )
            fulltext.remove(connection, article_id)

    def count(self) -> int:
        """How many articles there are."""
        with self.database.read() as connection:
            return (
                connection.scalar(select(func.count()).select_from(articles).where(_PRESENT)) or 0
            )

    def texts(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the newest texts of those of these articles that there are."""
        query = (
            select(article_versions.c.text)
            .join_from(articles, article_versions)
            .where(articles.c.version == article_versions.c.version, _PRESENT)
        )
        found: dict[str, str] = {}
        with self.database.read() as connection:
            for article_id in article_ids:
                text = connection.scalar(query.where(articles.c.id == article_id))
                if text is not None:
                    found[article_id] = text
        return found

    def published(self, article_ids: Iterable[str]) -> Mapping[str, dt.date | None]:
        """Return the days on which these articles were published."""
        query = select(articles.c.published_on)
        with self.database.read() as connection:
            return {
                name: connection.scalar(query.where(articles.c.id == name)) for name in article_ids
            }

    def languages(self, article_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the languages of these articles."""
        query = select(articles.c.id, articles.c.language).where(articles.c.id.in_(article_ids))
        with self.database.read() as connection:
            return {row.id: row.language for row in connection.execute(query)}

    def passage_count(self, since: dt.date | None = None, until: dt.date | None = None) -> int:
        """How many passages there are, of articles published on these days if given."""
        with self.database.read() as connection:
            return connection.scalar(_within(since, until, func.count())) or 0

    def passages(self, article_id: str | None = None) -> Sequence[Passage]:
        """Return the passages of one article, or of all of them, in the order of the texts."""
        query = select(passages.c.article_id, passages.c.start, passages.c.end)
        if article_id is not None:
            query = query.where(passages.c.article_id == article_id)
        with self.database.read() as connection:
            return [Passage(*row) for row in connection.execute(query.order_by(passages.c.id))]

    def passages_between(self, since: dt.date | None, until: dt.date | None) -> Sequence[Passage]:
        """Return the passages of the articles published on these days, both inclusive."""
        columns = (passages.c.article_id, passages.c.start, passages.c.end)
        with self.database.read() as connection:
            return [Passage(*row) for row in connection.execute(_within(since, until, *columns))]

    def not_embedded(self) -> Sequence[tuple[str, int]]:
        """Id and edition of each article, removed ones too, that the vector index lacks."""
        with self.database.read() as connection:
            rows = connection.execute(
                select(articles.c.id, articles.c.edition)
                .where(articles.c.edition != articles.c.embedded_edition)
                .order_by(articles.c.id)
            )
            return [(row.id, row.edition) for row in rows]

    def mark_embedded(self, editions: Iterable[tuple[str, int]]) -> None:
        """Note that the vector index now holds these editions."""
        with self.database.write() as connection:
            for article_id, edition in editions:
                connection.execute(
                    update(articles)
                    .where(articles.c.id == article_id)
                    .values(embedded_edition=edition)
                )

    def mark_not_embedded(self, article_ids: Iterable[str] | None = None) -> None:
        """Note that the vector index lacks these articles, or every one."""
        statement = update(articles).values(embedded_edition=0)
        with self.database.write() as connection:
            if article_ids is None:
                connection.execute(statement)
                return
            for article_id in article_ids:
                connection.execute(statement.where(articles.c.id == article_id))

    def _first(self, query: Select[Any]) -> Article | None:
        with self.database.read() as connection:
            row = connection.execute(query.limit(1)).mappings().first()
        return None if row is None else _article(row)


def _within(since: dt.date | None, until: dt.date | None, *columns: Any) -> Select[Any]:
    """Select from the passages of the articles published on these days."""
    query = select(*columns).select_from(passages)
    if since is not None or until is not None:
        days = articles.c.published_on.between(since or dt.date.min, until or dt.date.max)
        query = query.join(articles).where(days)
    return query


def _version(connection: Connection, article_id: str, version: int) -> Article:
    row = (
        connection.execute(
            _ARTICLE.where(articles.c.id == article_id, article_versions.c.version == version)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise StoreError(f"There is no version {version} of an article {article_id!r}.")
    return _article(row)


def _article(row: RowMapping) -> Article:
    fields = {name: row[name] for name in (*_ABOUT, *_OF_VERSION)}
    return Article(**fields | {"authors": tuple(row["authors"])})


def _same(stored: Article, new: Article) -> bool:
    return stored == replace(new, version=stored.version, fetched_at=stored.fetched_at)


def _write(connection: Connection, article: Article, version: int, edition: int) -> None:
    about = {name: getattr(article, name) for name in _ABOUT} | {
        "authors": list(article.authors),
        "version": version,
        "edition": edition,
        "removed_at": None,
    }
    connection.execute(
        upsert(articles)
        .values(about | {"embedded_edition": 0})
        .on_conflict_do_update(index_elements=["id"], set_=about)
    )
    text = {"title": article.title, "text": article.text, "sha256": article.sha256}
    connection.execute(
        upsert(article_versions)
        .values(
            text | {"article_id": article.id, "version": version, "fetched_at": article.fetched_at}
        )
        # The same text under a better title.
        .on_conflict_do_update(index_elements=["article_id", "version"], set_=text)
    )
