"""Keeps work that takes longer than an answer, so that it outlives the page and the server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, insert, select, update

from assistant.errors import StoreError
from assistant.store import audit
from assistant.store.database import Database
from assistant.store.tables import jobs

JobState = Literal["waiting", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class Job:
    """What was asked for, how far it is, and what came of it; `request` and `result` are JSON."""

    id: int
    kind: str
    issue_id: str | None
    request: Mapping[str, Any]
    author: str
    state: JobState
    done: int
    total: int
    step: str
    result: Mapping[str, Any] | None
    started_at: dt.datetime


class Jobs:
    """The jobs of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, issue_id: str | None, request: Mapping[str, Any], author: str) -> int:
        """Ask for something to be done; returns the job's id."""
        with self._database.write() as connection:
            job_id: int = connection.execute(
                insert(jobs)
                .values(
                    kind=kind,
                    issue_id=issue_id,
                    request=dict(request),
                    author=author,
                    state="waiting",
                    done=0,
                    total=0,
                    step="",
                    started_at=dt.datetime.now(dt.UTC),
                )
                .returning(jobs.c.id)
            ).scalar_one()
            audit.record(connection, author, f"{kind} asked for", {"job": job_id})
            return job_id

    def get(self, job_id: int) -> Job:
        """Return a job; `StoreError` where there is none."""
        found = self._all(select(jobs).where(jobs.c.id == job_id))
        if not found:
            raise StoreError("There is no such job; open the page again.")
        return found[0]

    def recent(self, limit: int = 20) -> Sequence[Job]:
        """Return the last jobs, newest first."""
        return self._all(select(jobs).order_by(jobs.c.id.desc()).limit(limit))

    def next_waiting(self) -> Job | None:
        """Return the oldest job that nobody has begun."""
        query = select(jobs).where(jobs.c.state == "waiting").order_by(jobs.c.id).limit(1)
        return next(iter(self._all(query)), None)

    def resume_broken(self) -> None:
        """Let what was running when the last server stopped wait again."""
        with self._database.write() as connection:
            connection.execute(
                update(jobs).where(jobs.c.state == "running").values(state="waiting")
            )

    def step(self, job_id: int, done: int, total: int, step: str) -> None:
        """Note how far a job is."""
        with self._database.write() as connection:
            connection.execute(
                update(jobs).where(jobs.c.id == job_id).values(done=done, total=total, step=step)
            )

    def move(
        self,
        job_id: int,
        state: JobState,
        step: str | None = None,
        result: Mapping[str, Any] | None = None,
    ) -> None:
        """Take a job to a state, with its last words and what came of it."""
        values: dict[str, Any] = {"state": state}
        if step is not None:
            values["step"] = step
        if result is not None:
            values["result"] = dict(result)
        with self._database.write() as connection:
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))

    def _all(self, query: Select[Any]) -> list[Job]:
        with self._database.read() as connection:
            return [Job(**row) for row in connection.execute(query).mappings()]
