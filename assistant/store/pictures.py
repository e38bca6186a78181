"""Keeps the picture at the top of an issue, in the database, so that one file holds all."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.store.tables import pictures
from assistant.types import Picture


def of_issue(connection: Connection, issue_id: str) -> Picture | None:
    """Return the picture of an issue."""
    row = connection.execute(
        select(pictures.c.media_type, pictures.c.data, pictures.c.alt).where(
            pictures.c.issue_id == issue_id
        )
    ).first()
    return None if row is None else Picture(*row)


def put(connection: Connection, issue_id: str, picture: Picture) -> None:
    """Give an issue a picture in place of the one that it had."""
    row = {"media_type": picture.media_type, "data": picture.data, "alt": picture.alt}
    connection.execute(
        upsert(pictures)
        .values(row | {"issue_id": issue_id})
        .on_conflict_do_update(index_elements=["issue_id"], set_=row)
    )


def remove(connection: Connection, issue_id: str) -> None:
    """Take the picture of an issue away."""
    connection.execute(delete(pictures).where(pictures.c.issue_id == issue_id))
