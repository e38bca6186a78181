"""Keeps which rules of the house style the editors switched off."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.store import audit
from assistant.store.database import Database
from assistant.store.tables import switches


def switched_off(database: Database) -> dict[str, str]:
    """Codes of the rules that are off, each with who switched it off."""
    with database.read() as connection:
        rows = connection.execute(select(switches.c.rule, switches.c.who))
        return {row.rule: row.who for row in rows}


def switch(database: Database, rule: str, on: bool, who: str) -> None:
    """Switch a rule on or off."""
    with database.write() as connection:
        if on:
            connection.execute(delete(switches).where(switches.c.rule == rule))
        else:
            row = {"rule": rule, "who": who, "at": dt.datetime.now(dt.UTC)}
            connection.execute(
                upsert(switches).values(row).on_conflict_do_update(["rule"], set_=row)
            )
        state = "on" if on else "off"
        audit.record(connection, who, f"style rule switched {state}", {"rule": rule})
