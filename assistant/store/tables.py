"""The tables of the database, as the newest migration leaves them.

What an editor made is only ever added to: article texts, revisions and verdicts
are rows that stay. `passages`, `passage_words` and the vector index are derived
from the articles and may be thrown away and built again.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData()


class Moment(TypeDecorator[dt.datetime]):
    """A point in time: aware in Python, UTC in the file (SQLite keeps no zone)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Drop the zone after converting to UTC; a time without one is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Put the zone back."""
        return None if value is None else value.replace(tzinfo=dt.UTC)


# One row a source. `edition` grows with every change of the row or its text, and
# `embedded_edition` says which of them the vector index holds: where the two differ,
# the index is behind (see `Articles.pending`).
articles = Table(
    "articles",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("url", Text),
    Column("canonical_url", Text),
    Column("publisher", Text),
    Column("published_on", Date),
    Column("date_from", Text),
    Column("language", String, nullable=False),
    Column("access", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("duplicate_of", String),
    Column("removed_at", Moment),
    Column("edition", Integer, nullable=False),
    Column("embedded_edition", Integer, nullable=False),
    Index("articles_url", "url"),
    Index("articles_behind", "id", sqlite_where=text("edition != embedded_edition")),
    Index("articles_canonical_url", "canonical_url"),
    Index("articles_published_on", "published_on"),
)

# Every text seen under an article's id: what a claim rested on stays readable.
article_versions = Table(
    "article_versions",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", String, nullable=False),
    Column("fetched_at", Moment, nullable=False),
)

# Windows of the newest text. The words of row n are row n of `passage_words`, an FTS5
# table that SQLAlchemy has no type for (see `fulltext.py`).
passages = Table(
    "passages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("passages_article", "article_id", "start", "end"),
)

issues = Table(
    "issues",
    metadata,
    Column("id", String, primary_key=True),
    Column("volume", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("date", Date, nullable=False),
    Column("status", String, nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("title", Text, nullable=False),
    Column("image_credit", Text),
    Column("boilerplate", Text),
    Column("writer", String, nullable=False),
    Column("model", String, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("usage", JSON, nullable=False),
    CheckConstraint("status IN ('draft', 'imported', 'sent')", name="issues_status"),
    Index("issues_date", "date"),
)

# `position` is the place in the issue, from 0; NULL once the bullet was taken out.
bullets = Table(
    "bullets",
    metadata,
    Column("id", String, primary_key=True),
    Column("issue_id", ForeignKey("issues.id"), nullable=False),
    Column("position", Integer),
    Index("bullets_issue", "issue_id"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bullet_id", ForeignKey("bullets.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("headline", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("citations", JSON, nullable=False),
    Column("story", JSON(none_as_null=True)),
    Column("findings", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("bullet_id", "number", name="revisions_number"),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision_id", ForeignKey("revisions.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("field", String, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("stale", Boolean, nullable=False),
    UniqueConstraint("revision_id", "position", name="claims_position"),
)

# A claim checked again gets another row; the last one counts. Each piece of evidence
# in the JSON names the version of the article that it was read from.
verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("claim_id", ForeignKey("claims.id"), nullable=False),
    Column("status", String, nullable=False),
    Column("score", Float),
    Column("evidence", JSON, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("checker", Text, nullable=False),
    Column("checked_at", Moment, nullable=False),
    CheckConstraint("(score IS NULL) = (status = 'unchecked')", name="verdicts_score"),
    Index("verdicts_claim", "claim_id"),
)

model_calls = Table(
    "model_calls",
    metadata,
    Column("key", String, primary_key=True),
    Column("model", Text, nullable=False),
    Column("request", JSON, nullable=False),
    Column("response", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# Append-only: triggers refuse updates and deletes.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", JSON, nullable=False),
)

# Those who may sign in. A password is kept as the hash of a salted, slow function.
users = Table(
    "users",
    metadata,
    Column("name", String, primary_key=True),
    Column("password", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# Who is signed in. The browser holds the token; here is only its SHA-256.
sessions = Table(
    "sessions",
    metadata,
    Column("token", String, primary_key=True),
    Column("user", ForeignKey("users.name"), nullable=False),
    Column("expires_at", Moment, nullable=False),
)

# What an editor told the others about a bullet.
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bullet_id", ForeignKey("bullets.id"), nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("settled_by", Text),
    Column("settled_at", Moment),
    Index("notes_bullet", "bullet_id"),
)

# Who took which revision of a bullet to which state. Only ever added to; the last row of
# a bullet counts while its revision is the newest.
signatures = Table(
    "signatures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("bullet_id", ForeignKey("bullets.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text),
    Column("at", Moment, nullable=False),
    CheckConstraint("state IN ('draft', 'reviewed', 'approved')", name="signatures_state"),
    Index("signatures_bullet", "bullet_id"),
)

# The picture at the top of an issue; the credit is with the issue.
pictures = Table(
    "pictures",
    metadata,
    Column("issue_id", ForeignKey("issues.id"), primary_key=True),
    Column("media_type", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("alt", Text, nullable=False),
)

# The stories of an issue as its editors arranged them: each change is another row.
boards = Table(
    "boards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", ForeignKey("issues.id"), nullable=False),
    Column("stories", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("boards_issue", "issue_id"),
)

# Rules of the house style that do not count in the desk's drafts.
switches = Table(
    "switches",
    metadata,
    Column("rule", String, primary_key=True),
    Column("who", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

# Work that takes longer than an answer: what was asked for, how far it is, what came of it.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("issue_id", String),
    Column("request", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("result", JSON(none_as_null=True)),
    Column("started_at", Moment, nullable=False),
    CheckConstraint(
        "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="jobs_state"
    ),
)
