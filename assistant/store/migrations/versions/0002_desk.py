"""What the desk keeps: users, sessions, notes, signatures, pictures, boards, switches, jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the desk's tables."""
    op.create_table(
        "users",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String, primary_key=True),
        sa.Column("user", sa.String, sa.ForeignKey("users.name"), nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bullet_id", sa.String, sa.ForeignKey("bullets.id"), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("settled_by", sa.Text),
        sa.Column("settled_at", sa.DateTime),
    )
    op.create_index("notes_bullet", "notes", ["bullet_id"])
    op.create_table(
        "signatures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("bullet_id", sa.String, sa.ForeignKey("bullets.id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.CheckConstraint("state IN ('draft', 'reviewed', 'approved')", name="signatures_state"),
    )
    op.create_index("signatures_bullet", "signatures", ["bullet_id"])
    op.create_table(
        "pictures",
        sa.Column("issue_id", sa.String, sa.ForeignKey("issues.id"), primary_key=True),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("alt", sa.Text, nullable=False),
    )
    op.create_table(
        "boards",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("issue_id", sa.String, sa.ForeignKey("issues.id"), nullable=False),
        sa.Column("stories", sa.JSON, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("boards_issue", "boards", ["issue_id"])
    op.create_table(
        "switches",
        sa.Column("rule", sa.String, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("issue_id", sa.String),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("result", sa.JSON),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="jobs_state"
        ),
    )
