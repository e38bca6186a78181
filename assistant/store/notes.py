"""Keeps the notes that editors leave each other on a bullet.

The functions work inside a transaction that the caller holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from assistant.errors import StoreError
from assistant.store.tables import notes


@dataclass(frozen=True)
class Note:
    """What an editor told the others; `settled_by` is None while it is open."""

    id: int
    bullet_id: str
    author: str
    text: str
    at: dt.datetime
    settled_by: str | None
    settled_at: dt.datetime | None


def of_bullet(connection: Connection, bullet_id: str) -> Sequence[Note]:
    """Return the notes on a bullet, oldest first, settled ones too."""
    rows = connection.execute(
        select(notes).where(notes.c.bullet_id == bullet_id).order_by(notes.c.id)
    )
    return [Note(*row) for row in rows]


def open_counts(connection: Connection, bullet_ids: Sequence[str]) -> dict[str, int]:
    """How many notes wait for an answer, for each bullet that has any."""
    query = (
        select(notes.c.bullet_id, func.count())
        .where(notes.c.bullet_id.in_(bullet_ids), notes.c.settled_at.is_(None))
        .group_by(notes.c.bullet_id)
    )
    return {bullet_id: count for bullet_id, count in connection.execute(query)}


def add(connection: Connection, bullet_id: str, author: str, text: str) -> None:
    """Leave a note on a bullet."""
    connection.execute(
        insert(notes).values(
            bullet_id=bullet_id, author=author, text=text, at=dt.datetime.now(dt.UTC)
        )
    )


def settle(connection: Connection, bullet_id: str, note_id: int, who: str) -> None:
    """Note that an open note was dealt with; `StoreError` where there is no such note."""
    settled = connection.execute(
        update(notes)
        .where(notes.c.id == note_id, notes.c.bullet_id == bullet_id, notes.c.settled_at.is_(None))
        .values(settled_by=who, settled_at=dt.datetime.now(dt.UTC))
    )
    if not settled.rowcount:
        raise StoreError("That note is gone or was settled already; open the bullet again.")
