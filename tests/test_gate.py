import datetime as dt
import json
from dataclasses import replace

import pytest

from assistant.errors import ExportError
from assistant.review.blocked import Blocked
from assistant.review.gate import blockers, export
from assistant.store import audit
from assistant.store.database import Database
from assistant.types import Bullet, Claim, Finding, Issue, Masthead, Verdict

TEXT = "They met in Tokyo."


def claim(status="supported", stale=False, field="text", text=TEXT):
    score = None if status == "unchecked" else 0.9
    return Claim(field, text, 0, len(text), Verdict(status, score), stale)


def issue(*claims, findings=()):
    bullet = Bullet("They meet", TEXT, (), claims, findings)
    return Issue(2, 14, dt.date(2023, 7, 28), (bullet,), Masthead("Digest"), id="vol-2-14")


FINE = issue(claim("supported", field="headline", text="They meet"), claim())
BLOCKED = [
    *(
        pytest.param(issue(claim(), claim(status)), status, id=status)
        for status in ("partial", "unsupported", "contradicted", "unchecked")
    ),
    pytest.param(issue(claim(stale=True)), "stale", id="stale"),
    pytest.param(issue(), "unchecked", id="never checked"),
    pytest.param(
        issue(claim(), findings=(Finding("bare-url", "error", "A bare address.", 0, 4),)),
        "bare-url",
        id="style error",
    ),
    pytest.param(
        issue(claim("unsupported", field="headline", text="They meet")),
        "unsupported",
        id="headline",
    ),
]


@pytest.fixture
def database(tmp_path):
    with Database.open(tmp_path / "digest.sqlite3") as db:
        yield db


def log(database):
    with database.read() as connection:
        return [e for e in audit.entries(connection) if e.what == "issue exported"]


def test_what_is_supported_leaves(database, tmp_path):
    out = tmp_path / "out.md"
    assert blockers(FINE) == []
    assert export(FINE, "md", out, database, "aiko", None) == out
    assert TEXT in out.read_text(encoding="utf-8")
    (entry,) = log(database)
    assert entry.who == "aiko"
    assert (entry.detail["override"], entry.detail["blocking"]) == (None, [])


@pytest.mark.parametrize(("issue", "code"), BLOCKED)
def test_what_is_not_does_not(database, tmp_path, issue, code):
    out = tmp_path / "out.md"
    with pytest.raises(Blocked) as caught:
        export(issue, "md", out, database, "aiko", None)
    assert [b.finding.code for b in caught.value.blocking] == [code]
    assert not out.exists()
    assert log(database) == []
    rows = caught.value.rows()
    assert rows[0]["bullet"] == 1
    assert json.loads(json.dumps(rows)) == rows


@pytest.mark.parametrize(("issue", "code"), BLOCKED)
def test_an_override_is_logged_with_its_reason(database, tmp_path, issue, code):
    before = dt.datetime.now(dt.UTC)
    export(issue, "html", tmp_path / "out.html", database, "aiko", "The minister called.")
    (entry,) = log(database)
    assert entry.detail["override"] == "The minister called."
    assert len(entry.detail["blocking"]) == 1
    assert entry.at >= before
    assert (tmp_path / "out.html").exists()


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
@pytest.mark.parametrize("given", [FINE, issue(claim("unchecked"))], ids=["fine", "blocked"])
def test_an_override_needs_a_reason(database, tmp_path, reason, given):
    with pytest.raises(ExportError, match="needs a reason"):
        export(given, "md", tmp_path / "out.md", database, "aiko", reason)
    assert not (tmp_path / "out.md").exists()
    assert log(database) == []


def test_a_needless_override_is_not_logged_as_one(database, tmp_path):
    export(FINE, "md", tmp_path / "out.md", database, "aiko", "just in case")
    assert log(database)[0].detail["override"] is None


@pytest.mark.parametrize("level", ["warning", "suggestion"])
def test_lesser_findings_do_not_block(level):
    assert blockers(issue(claim(), findings=(Finding("x", level, "Hm.", 0, 1),))) == []


def test_every_reason_is_told_in_order():
    first = issue(claim("partial"), claim(stale=True))
    second = replace(first, bullets=(FINE.bullets[0], *first.bullets))
    found = blockers(second)
    assert [(b.bullet, b.finding.code) for b in found] == [(2, "partial"), (2, "stale")]


def test_a_stale_claim_blocks_though_it_was_supported():
    (blocker,) = blockers(issue(claim("supported", stale=True)))
    assert TEXT in blocker.finding.message


def test_nothing_is_logged_where_nothing_was_written(database, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError):
        export(FINE, "md", tmp_path / "file" / "out.md", database, "aiko", None)
    assert log(database) == []
