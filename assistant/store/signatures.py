"""Keeps who took a bullet from draft to reviewed to approved, and when.

The functions work inside a transaction that the caller holds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, insert, select

from assistant.store.tables import signatures

State = Literal["draft", "reviewed", "approved"]


@dataclass(frozen=True)
class Signature:
    """One step of one revision; `reason` is that of an override."""

    revision: int
    state: State
    who: str
    reason: str | None
    at: dt.datetime


_COLUMNS = (
    signatures.c.revision,
    signatures.c.state,
    signatures.c.who,
    signatures.c.reason,
    signatures.c.at,
)


def add(
    connection: Connection,
    bullet_id: str,
    revision: int,
    state: State,
    who: str,
    reason: str | None,
) -> None:
    """Take a revision of a bullet to a state."""
    connection.execute(
        insert(signatures).values(
            bullet_id=bullet_id,
            revision=revision,
            state=state,
            who=who,
            reason=reason,
            at=dt.datetime.now(dt.UTC),
        )
    )


def last(connection: Connection, bullet_id: str) -> Signature | None:
    """Return the last step of a bullet, whichever revision it was about."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(signatures.c.bullet_id == bullet_id)
        .order_by(signatures.c.id.desc())
        .limit(1)
    ).first()
    return None if row is None else Signature(*row)


def trail(connection: Connection, bullet_id: str) -> list[Signature]:
    """Return every step of a bullet, oldest first."""
    rows = connection.execute(
        select(*_COLUMNS).where(signatures.c.bullet_id == bullet_id).order_by(signatures.c.id)
    )
    return [Signature(*row) for row in rows]
