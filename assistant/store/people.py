"""Keeps who may sign in, and who is signed in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from assistant.store import audit
from assistant.store.database import Database
from assistant.store.tables import sessions, users


class People:
    """The users of one database and their sessions; passwords come here hashed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, name: str, password: str, by: str) -> None:
        """Add a user, or give one another password; who was signed in no longer is."""
        with self._database.write() as connection:
            now = dt.datetime.now(dt.UTC)
            connection.execute(
                upsert(users)
                .values(name=name, password=password, created_at=now)
                .on_conflict_do_update(index_elements=["name"], set_={"password": password})
            )
            connection.execute(delete(sessions).where(sessions.c.user == name))
            audit.record(connection, by, "user added", {"name": name})

    def any(self) -> bool:
        """Whether there is a user at all."""
        with self._database.read() as connection:
            return bool(connection.scalar(select(func.count()).select_from(users)))

    def names(self) -> list[str]:
        """All users, by name."""
        with self._database.read() as connection:
            return list(connection.scalars(select(users.c.name).order_by(users.c.name)))

    def password(self, name: str) -> str | None:
        """The hash of a user's password; None where there is no such user."""
        with self._database.read() as connection:
            return connection.scalar(select(users.c.password).where(users.c.name == name))

    def open_session(self, token: str, name: str, expires_at: dt.datetime) -> None:
        """Note that whoever holds the token of this hash is `name`; drop expired sessions."""
        with self._database.write() as connection:
            now = dt.datetime.now(dt.UTC)
            connection.execute(delete(sessions).where(sessions.c.expires_at < now))
            connection.execute(
                insert(sessions).values(token=token, user=name, expires_at=expires_at)
            )

    def close_session(self, token: str) -> None:
        """Forget a session."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.token == token))

    def user_of(self, token: str) -> str | None:
        """Who holds the token of this hash; None where it is unknown or expired."""
        query = select(sessions.c.user).where(
            sessions.c.token == token, sessions.c.expires_at > dt.datetime.now(dt.UTC)
        )
        with self._database.read() as connection:
            return connection.scalar(query)
