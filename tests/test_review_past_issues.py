"""Past issues brought in from the desk: shown first, each kept whole or not at all."""

from dataclasses import replace

import pytest

from assistant import resources
from assistant.errors import ReviewError
from assistant.review.past_issues import keep_past, read_past
from assistant.settings import Settings
from assistant.store import audit
from assistant.store.database import Database
from assistant.types import Bullet
from assistant.workspace import Workspace


@pytest.fixture
def work(tmp_path):
    opened = Workspace(Settings(home=tmp_path, model="none"), Database.open(tmp_path / "a.sqlite3"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def files():
    found = sorted((resources.sample_corpus() / "issues").glob("*.md"))
    return [(file.name, file.read_bytes()) for file in found]


def test_reading_shows_what_is_there_and_writes_nothing(work, files):
    reading = read_past(work, files)
    assert [(p.source, p.replaces) for p in reading.issues] == [(name, None) for name, _ in files]
    first = reading.issues[0].issue
    assert len(first.bullets) == 5 and all(b.headline and b.citations for b in first.bullets)
    assert reading.failed == () and work.issues.index() == []


def test_what_cannot_be_read_says_why_and_the_others_are_kept(work, files):
    bad = [
        ("notes.md", b"# Notes\n\nNo issue at all.\n"),
        ("C:\\old\\latin.md", b"Vol: 2.1\n\xe9"),
        ("large.md", b" " * 1_000_001),
        ("again.md", files[0][1]),
    ]
    reading = keep_past(work, [*files, *bad], "mika")
    assert len(reading.issues) == len(files) == len(work.issues.index())
    reasons = [
        "notes.md: no line says",
        "latin.md: This is in a wrong encoding",
        "large.md: The file has 1",
    ]
    for reason, said in zip(reading.failed, [*reasons, "again.md: this is issue"], strict=True):
        assert reason.startswith(said) and reason.endswith(".")
    with work.database.read() as connection:
        assert {entry.who for entry in audit.entries(connection)} == {"mika"}


def test_an_issue_that_is_there_already_gives_its_place_and_says_so(work, files):
    keep_past(work, files, "mika")
    assert {past.replaces for past in read_past(work, files).issues} == {"imported"}
    before = work.issues.list()
    keep_past(work, files, "mika")
    assert work.issues.list() == before


def test_a_draft_of_the_same_number_is_said_to_give_its_place(work, files):
    past = read_past(work, files[:1]).issues[0].issue
    bullet = Bullet("Typed here", "Nobody else has these words.")
    draft = work.issues.save(replace(past, writer="editor", bullets=(bullet,)), "ken")
    assert read_past(work, files[:1]).issues[0].replaces == "draft"
    keep_past(work, files[:1], "mika")
    assert work.issues.status(draft.id) == "imported"
    (revision,) = work.issues.revisions(draft.bullets[0].id)
    assert revision.bullet.text == bullet.text


def test_too_many_files_are_refused(work, files):
    with pytest.raises(ReviewError, match="200 files at once"):
        read_past(work, files[:1] * 201)
