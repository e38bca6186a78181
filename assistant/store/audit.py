"""The log of who did what: entries are added, and never changed or deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from assistant.store.tables import audit_log


@dataclass(frozen=True)
class Entry:
    """One thing that somebody did; `detail` is JSON."""

    at: dt.datetime
    who: str
    what: str
    detail: Mapping[str, Any]


def record(connection: Connection, who: str, what: str, detail: Mapping[str, Any]) -> None:
    """Add an entry, in the transaction of the deed itself."""
    connection.execute(
        insert(audit_log).values(
            at=dt.datetime.now(dt.UTC), who=who, what=what, detail=dict(detail)
        )
    )


def entries(connection: Connection) -> list[Entry]:
    """Return everything logged, oldest first."""
    columns = (audit_log.c.at, audit_log.c.who, audit_log.c.what, audit_log.c.detail)
    return [Entry(*row) for row in connection.execute(select(*columns).order_by(audit_log.c.id))]
