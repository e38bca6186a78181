"""Keeps the answers of models, so that the same question is asked once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from assistant.store.database import Database
from assistant.store.tables import model_calls


class CallCache:
    """Answers by the digest of the whole question, in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the response kept under `key`, if there is one."""
        with self._database.read() as connection:
            kept: dict[str, Any] | None = connection.scalar(
                select(model_calls.c.response).where(model_calls.c.key == key)
            )
        return kept

    def put(self, key: str, request: dict[str, Any], response: dict[str, Any], model: str) -> None:
        """Keep `response` under `key`. The first answer stays: drafts must be repeatable."""
        with self._database.write() as connection:
            connection.execute(
                insert(model_calls)
                .values(
                    key=key,
                    model=model,
                    request=request,
                    response=response,
                    created_at=dt.datetime.now(dt.UTC),
                )
                .on_conflict_do_nothing()
            )
