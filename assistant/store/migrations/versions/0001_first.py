"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "articles",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("canonical_url", sa.Text),
        sa.Column("publisher", sa.Text),
        sa.Column("published_on", sa.Date),
        sa.Column("date_from", sa.Text),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("access", sa.String, nullable=False),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("duplicate_of", sa.String),
        sa.Column("removed_at", sa.DateTime),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("embedded_edition", sa.Integer, nullable=False),
    )
    op.create_index("articles_url", "articles", ["url"])
    op.create_index(
        "articles_behind",
        "articles",
        ["id"],
        sqlite_where=sa.text("edition != embedded_edition"),
    )
    op.create_index("articles_canonical_url", "articles", ["canonical_url"])
    op.create_index("articles_published_on", "articles", ["published_on"])
    op.create_table(
        "article_versions",
        sa.Column("article_id", sa.String, sa.ForeignKey("articles.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("fetched_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("article_id", sa.String, sa.ForeignKey("articles.id"), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
    )
    op.create_index("passages_article", "passages", ["article_id", "start", "end"])
    op.execute(
        "CREATE VIRTUAL TABLE passage_words USING fts5("
        "title, body, tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    op.create_table(
        "issues",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("volume", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("since", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("image_credit", sa.Text),
        sa.Column("boilerplate", sa.Text),
        sa.Column("writer", sa.String, nullable=False),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("usage", sa.JSON, nullable=False),
        sa.CheckConstraint("status IN ('draft', 'imported', 'sent')", name="issues_status"),
    )
    op.create_index("issues_date", "issues", ["date"])
    op.create_table(
        "bullets",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("issue_id", sa.String, sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("position", sa.Integer),
    )
    op.create_index("bullets_issue", "bullets", ["issue_id"])
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bullet_id", sa.String, sa.ForeignKey("bullets.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("headline", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("citations", sa.JSON, nullable=False),
        sa.Column("story", sa.JSON),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("bullet_id", "number", name="revisions_number"),
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision_id", sa.Integer, sa.ForeignKey("revisions.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("stale", sa.Boolean, nullable=False),
        sa.UniqueConstraint("revision_id", "position", name="claims_position"),
    )
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("claim_id", sa.Integer, sa.ForeignKey("claims.id"), nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("findings", sa.JSON, nullable=False),
        sa.Column("checker", sa.Text, nullable=False),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("(score IS NULL) = (status = 'unchecked')", name="verdicts_score"),
    )
    op.create_index("verdicts_claim", "verdicts", ["claim_id"])
    op.create_table(
        "model_calls",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("response", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_log_no_{change.lower()} BEFORE {change} ON audit_log "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )
