import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from assistant.errors import StoreError
from assistant.store import database
from assistant.store.database import HEAD, Database
from assistant.store.tables import metadata


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "digest.sqlite3"


def test_a_commit_survives_a_power_cut(path):
    with Database.open(path) as db, db.read() as connection:
        pragmas = [
            connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]


def test_an_up_to_date_database_opens_without_alembic(path, monkeypatch):
    Database.open(path).close()
    monkeypatch.setitem(sys.modules, "alembic", None)
    Database.open(path).close()
    with pytest.raises(ImportError):
        Database.open(path.with_name("new.sqlite3"))


def test_head_is_the_newest_migration():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(database._MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_make_the_tables_that_the_code_expects(path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(name, kind, *_):
        return not (kind == "table" and name.startswith("passage_words"))

    with Database.open(path) as db, db.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": ours})
        assert compare_metadata(context, metadata) == []


def test_a_database_of_a_newer_program_is_refused_and_left_alone(path):
    Database.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer version of this program"):
        Database.open(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_refused(path):
    path.parent.mkdir()
    path.write_text("Dear colleagues, " * 200)
    with pytest.raises(StoreError, match="damaged or no database"):
        Database.open(path)


def test_a_damaged_database_is_refused(path):
    Database.open(path).close()
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 30] = os.urandom(4096 * 29)
    path.write_bytes(content)
    with (
        pytest.raises(StoreError, match="damaged or no database"),
        Database.open(path) as db,
        db.read() as connection,
    ):
        connection.execute(text("SELECT * FROM issues")).all()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StoreError, match=r"home cannot be created .*--home"):
        Database.open(tmp_path / "home" / "digest.sqlite3")


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        Database.open(tmp_path)


def test_a_full_disk_is_said_and_nothing_is_half_written(path):
    with Database.open(path) as db:
        with db.read() as connection:
            pages = connection.scalar(text("PRAGMA page_count"))
            connection.execute(text(f"PRAGMA max_page_count = {pages + 4}"))
        insert = text("INSERT INTO audit_log (at, who, what, detail) VALUES ('', '', :what, '')")
        with pytest.raises(StoreError, match="is full; free some space"), db.write() as connection:
            connection.execute(insert, {"what": "small"})
            connection.execute(insert, {"what": "x" * 100_000})
        with db.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM audit_log")) == 0


def test_what_raises_is_undone(path):
    with Database.open(path) as db:
        with pytest.raises(RuntimeError), db.write() as connection:
            connection.execute(text("DELETE FROM alembic_version"))
            raise RuntimeError
        with db.read() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD


def test_a_second_writer_is_told_to_wait_and_readers_are_not(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    with Database.open(path) as one, Database.open(path) as two, one.write():
        with two.read() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        with pytest.raises(StoreError, match="in use by another program"), two.write():
            pass


def test_a_thread_that_cannot_write_says_so_in_time(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    with (
        Database.open(path) as db,
        db.write(),
        ThreadPoolExecutor(1) as other,
        pytest.raises(StoreError, match="try again when that one is done"),
    ):
        other.submit(lambda: db.write().__enter__()).result()
    with Database.open(path) as db, db.write() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
