"""Keeps how the editors of an issue arranged its stories; every arrangement stays.

The functions work inside a transaction that the caller holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from assistant.store.tables import boards


def newest(connection: Connection, issue_id: str) -> Sequence[Mapping[str, Any]] | None:
    """Return the stories of an issue as last arranged, as JSON; None where nobody did."""
    return connection.scalar(
        select(boards.c.stories)
        .where(boards.c.issue_id == issue_id)
        .order_by(boards.c.id.desc())
        .limit(1)
    )


def add(
    connection: Connection, issue_id: str, stories: Sequence[Mapping[str, Any]], author: str
) -> None:
    """Keep another arrangement."""
    connection.execute(
        insert(boards).values(
            issue_id=issue_id,
            stories=[dict(story) for story in stories],
            author=author,
            at=dt.datetime.now(dt.UTC),
        )
    )
