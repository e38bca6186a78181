"""Opens the SQLite database, brings its schema up to date, and hands out transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from assistant.errors import StoreError

# The newest file in `migrations/versions`; a test keeps the two together. Comparing it
# with the stored revision spares every later start the import of Alembic.
HEAD = "0002"
_MIGRATIONS = Path(__file__).parent / "migrations"
# How long a writer waits for another process, or another thread, before it gives up.
BUSY_SECONDS = 10


class Database:
    """A database file at the newest schema. Usable from several threads."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        # SQLite lets one write, and whoever waits for another process looks again ever more
        # seldom; the threads of this one are woken.
        self._turn = threading.Lock()
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Database:
        """Open the file at `path`, creating or upgrading it where needed.

        Raises `StoreError` where the folder cannot be written, the file is no database or
        another program's, it is damaged, or a newer version of this program wrote it.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {path.parent} cannot be created ({error.strerror}); "
                "choose another one with --home."
            ) from error
        with _as_store_errors(path):
            _refuse_foreign(path)
        database = cls(_engine(path), path)
        try:
            if database._revision() != HEAD:
                database._upgrade()
        except BaseException:
            database.close()
            raise
        return database

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database throughout."""
        with _as_store_errors(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: on disk when the block ends, undone if it raises.

        It takes the write lock at once, so that what the block reads first cannot be
        changed by another process before it writes.
        """
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise StoreError(_explain(self.path, "locked"))
        try:
            with _as_store_errors(self.path), self._writer.begin() as connection:
                yield connection
        finally:
            self._turn.release()

    def close(self) -> None:
        """Release the file."""
        self._engine.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _revision(self) -> str | None:
        with self.read() as connection:
            known = connection.execute(
                text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            )
            if known.first() is None:
                return None
            stored: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return stored

    def _upgrade(self) -> None:
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        with self.write() as connection:
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreError(
                    f"{self.path} was written by a newer version of this program "
                    f"({error}); update the program, or choose another folder with --home."
                ) from error


def _refuse_foreign(path: Path) -> None:
    """Another program's database is not to be changed, not even in its journal mode."""
    if not path.is_file():
        return
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
        tables = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    if tables and "alembic_version" not in tables:
        raise StoreError(f"{path} belongs to another program; choose another folder with --home.")


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: sqlite3.Connection, record: Any) -> None:
        # The driver must not open transactions by itself: `_begin` does.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit survives a power cut, as what the screen calls saved must.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


@contextmanager
def _as_store_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise StoreError(_explain(path, str(getattr(error, "orig", error)))) from error


def _explain(path: Path, reason: str) -> str:
    """Turn SQLite's wording into a sentence that says what to do."""
    if "locked" in reason:
        return f"{path} is in use by another program; try again when that one is done."
    if "full" in reason:
        return f"The disk that holds {path} is full; free some space and do that again."
    if "readonly" in reason or "read-only" in reason or "unable to open" in reason:
        return f"{path} cannot be opened for writing; check the folder's permissions, or --home."
    if "not a database" in reason or "malformed" in reason:
        return f"{path} is damaged or no database; restore a backup, or choose another --home."
    return f"The database {path} refused that: {reason}."
