import datetime as dt
from dataclasses import replace

import pytest
from samples import article
from sqlalchemy import text, update

from assistant.errors import StoreError
from assistant.store import audit, bullets, tables
from assistant.store.articles import Articles
from assistant.store.database import Database
from assistant.store.issues import Issues
from assistant.types import (
    Bullet,
    Citation,
    Claim,
    Evidence,
    Finding,
    Issue,
    Masthead,
    Story,
    Usage,
    Verdict,
    Window,
)

JULY = dt.date(2023, 7, 20)


@pytest.fixture
def database(tmp_path):
    with Database.open(tmp_path / "digest.sqlite3") as db:
        articles = Articles(db)
        articles.put(article("a", "The allies met in Jakarta on July 13."), [])
        articles.put(article("b", "They agreed to meet again."), [])
        yield db


@pytest.fixture
def issues(database):
    return Issues(database)


def story(name, score=0.5):
    return Story(name, "Jakarta", ("a", "b"), JULY, None, score, "2 reports", follows="vol-2-13-1")


SUPPORTED = Verdict(
    "supported",
    0.93,
    (Evidence("a", 0, 14), Evidence("b", 0, 11)),
    (Finding("date", "warning", "July 13 was a Thursday.", 3, 9, "Thursday"),),
)
BULLET = Bullet(
    headline="Allies meet in Jakarta",
    text="On July 13, the allies met in Jakarta.",
    citations=(Citation(23, 26, "https://example.org/a", "a"), Citation(0, 2, "#", None)),
    claims=(
        Claim("headline", "Allies meet in Jakarta", 0, 22, SUPPORTED),
        Claim("text", "the allies met", 12, 26, Verdict("unchecked", None), stale=True),
    ),
    findings=(Finding("long", "suggestion", "Shorten this.", 0, 5, None, "headline"),),
    story=story("story-1"),
)
OTHER = Bullet("Leaders talk", "Leaders talked.", story=story("story-2"))
DRAFT = Issue(
    volume=2,
    number=14,
    date=JULY,
    bullets=(BULLET, OTHER),
    masthead=Masthead("US-Japan Alliance Digest", "Image: DoD", "Write to us."),
    window=Window(JULY - dt.timedelta(days=17), JULY),
    writer="model",
    model="qwen",
    warnings=("Only two stories.",),
    usage=Usage(100, 50, 20, 0.001, 3.5),
)
PUBLISHED = Issue(2, 14, JULY, (Bullet("Allies meet in Jakarta", "They met."),), Masthead("Digest"))


def test_an_issue_comes_back_as_it_went_in(issues):
    saved = issues.save(DRAFT, "ann")
    assert saved.id == "vol-2-14"
    assert [bullet.id for bullet in saved.bullets] == ["vol-2-14-1", "vol-2-14-2"]
    assert issues.get("vol-2-14") == saved
    without_ids = tuple(replace(bullet, id="") for bullet in saved.bullets)
    assert replace(saved, id="", bullets=without_ids) == DRAFT
    assert issues.status("vol-2-14") == "draft"


def test_saving_again_unchanged_adds_no_revision(issues):
    saved = issues.save(DRAFT, "ann")
    assert issues.save(saved, "bob") == saved
    assert issues.save(DRAFT, "bob") == saved
    assert [r.author for r in issues.revisions("vol-2-14-1")] == ["ann"]


def test_an_edit_is_a_revision_and_the_first_wording_stays(issues):
    saved = issues.save(DRAFT, "ann")
    edited = replace(saved.bullets[0], text="On July 13, the allies met.")
    issues.save(replace(saved, bullets=(edited, saved.bullets[1])), "bob", note="shorter")
    first, second = issues.revisions("vol-2-14-1")
    assert (first.number, first.author, first.bullet) == (1, "ann", saved.bullets[0])
    assert (second.number, second.author, second.note) == (2, "bob", "shorter")
    assert second.bullet == edited
    assert len(issues.revisions("vol-2-14-2")) == 1


def test_a_new_verdict_is_no_new_revision_but_the_old_one_stays(issues, database):
    saved = issues.save(DRAFT, "ann")
    bullet = saved.bullets[0]
    checked = replace(bullet.claims[1], stale=False, verdict=Verdict("unsupported", 0.2))
    after = replace(bullet, claims=(bullet.claims[0], checked), findings=())
    issues.save(replace(saved, bullets=(after, saved.bullets[1])), "ann")
    assert issues.get("vol-2-14").bullets[0] == after
    assert len(issues.revisions("vol-2-14-1")) == 1
    with database.read() as connection:
        query = "SELECT status, checker FROM verdicts ORDER BY id"
        assert connection.execute(text(query)).all() == [
            ("supported", "qwen"),
            ("unchecked", "qwen"),
            ("unsupported", "qwen"),
        ]


def test_order_changes_and_bullets_leave_and_return(issues):
    saved = issues.save(DRAFT, "ann")
    one, two = saved.bullets
    issues.save(replace(saved, bullets=(two, one)), "ann")
    assert [b.id for b in issues.get("vol-2-14").bullets] == [two.id, one.id]
    issues.save(replace(saved, bullets=(two,)), "ann")
    assert [b.id for b in issues.get("vol-2-14").bullets] == [two.id]
    assert issues.revisions(one.id)[-1].bullet == one
    issues.save(replace(saved, bullets=(OTHER, BULLET)), "ann")
    assert issues.get("vol-2-14").bullets == (two, one)


def test_a_second_draft_continues_the_bullets_of_the_same_stories(issues):
    issues.save(DRAFT, "ann")
    again = replace(BULLET, headline="Ministers meet", claims=())
    new = Bullet("Fleet sails", "A fleet sailed.", story=story("story-3"))
    second = issues.save(replace(DRAFT, bullets=(new, again)), "ann")
    assert [bullet.id for bullet in second.bullets] == ["vol-2-14-3", "vol-2-14-1"]
    headlines = [r.bullet.headline for r in issues.revisions("vol-2-14-1")]
    assert headlines == ["Allies meet in Jakarta", "Ministers meet"]
    assert issues.revisions("vol-2-14-2")[-1].bullet.headline == "Leaders talk"


def test_an_unknown_bullet_id_is_refused(issues):
    stray = replace(OTHER, id="vol-9-9-1")
    with pytest.raises(StoreError, match=r"vol-2-14 has no bullet 'vol-9-9-1'"):
        issues.save(replace(DRAFT, bullets=(stray,)), "ann")
    assert issues.list() == []


def test_evidence_must_be_stored(issues):
    loose = Claim("text", "Leaders", 0, 7, Verdict("supported", 0.9, (Evidence("gone", 0, 4),)))
    with pytest.raises(StoreError, match=r"article 'gone'.*ingest"):
        issues.save(replace(DRAFT, bullets=(BULLET, replace(OTHER, claims=(loose,)))), "ann")
    assert issues.list() == []


def test_evidence_reads_as_it_did_when_it_was_checked(issues, database):
    saved = issues.save(DRAFT, "ann")
    articles = Articles(database)
    articles.put(article("a", "Nobody has met anywhere."), [])
    articles.remove("b")
    expected = {Evidence("a", 0, 14): "The allies met", Evidence("b", 0, 11): "They agreed"}
    assert issues.quotes("vol-2-14-1") == expected
    edited = replace(saved.bullets[0], text=saved.bullets[0].text + " ")
    issues.save(replace(saved, bullets=(edited, saved.bullets[1])), "ann")
    assert issues.quotes("vol-2-14-1") == expected


def test_evidence_checked_anew_is_of_the_newest_text(issues, database):
    saved = issues.save(DRAFT, "ann")
    Articles(database).put(article("a", "Nobody has met anywhere."), [])
    bullet = saved.bullets[0]
    verdict = Verdict("contradicted", 0.1, (Evidence("a", 0, 14),))
    claims = (replace(bullet.claims[0], verdict=verdict), bullet.claims[1])
    issues.save(replace(saved, bullets=(replace(bullet, claims=claims), OTHER)), "ann")
    assert issues.quotes("vol-2-14-1") == {Evidence("a", 0, 14): "Nobody has met"}


def test_a_draft_never_takes_the_place_of_a_published_issue(issues):
    published = issues.save(PUBLISHED, "import")
    assert issues.status("vol-2-14") == "imported"
    draft = issues.save(DRAFT, "ann")
    assert draft.id == "vol-2-14-draft"
    assert issues.get("vol-2-14") == published
    assert issues.get("vol-2-14-draft") == draft
    assert issues.save(PUBLISHED, "import") == published


def test_the_published_issue_takes_the_place_of_its_draft(issues):
    issues.save(DRAFT, "ann")
    published = issues.save(PUBLISHED, "import")
    assert issues.list() == [published]
    assert issues.status("vol-2-14") == "imported"
    texts = [r.bullet.text for r in issues.revisions("vol-2-14-1")]
    assert texts == ["On July 13, the allies met in Jakarta.", "They met."]


@pytest.mark.parametrize("again", [DRAFT, PUBLISHED], ids=["draft", "import"])
def test_what_was_sent_is_not_changed(issues, database, again):
    sent = issues.save(DRAFT, "ann")
    with database.write() as connection:
        connection.execute(update(tables.issues).values(status="sent"))
    if again is PUBLISHED:
        with pytest.raises(StoreError, match="was sent"):
            issues.save(again, "bob")
    else:
        assert issues.save(again, "bob").id == "vol-2-14-draft"
    assert issues.get("vol-2-14") == sent


def test_issues_are_listed_by_date(issues):
    for number, day in [(14, 20), (12, 6), (13, 13)]:
        issues.save(replace(PUBLISHED, number=number, date=JULY.replace(day=day)), "import")
    assert [issue.number for issue in issues.list()] == [12, 13, 14]
    assert issues.last_before(JULY).number == 13
    assert issues.last_before(JULY.replace(day=6)) is None


def test_unknown_ids_are_named(issues):
    for read in (issues.get, issues.status):
        with pytest.raises(StoreError, match=r"'vol-1-1'.*digest list issues"):
            read("vol-1-1")
    for read in (issues.revisions, issues.quotes):
        with pytest.raises(StoreError, match="no bullet 'vol-1-1-1'"):
            read("vol-1-1-1")


def test_saving_is_logged_and_the_log_cannot_be_changed(issues, database):
    issues.save(DRAFT, "ann")
    with database.read() as connection:
        (entry,) = audit.entries(connection)
    assert (entry.who, entry.what) == ("ann", "issue saved")
    assert entry.detail == {"issue": "vol-2-14", "status": "draft"}
    assert abs(dt.datetime.now(dt.UTC) - entry.at) < dt.timedelta(minutes=1)
    for statement in ("DELETE FROM audit_log", "UPDATE audit_log SET who = 'eve'"):
        with pytest.raises(StoreError, match="append-only"), database.write() as connection:
            connection.execute(text(statement))


def test_reading_a_bullet_takes_no_longer_however_much_was_checked_beside_it(database, issues):
    other = replace(BULLET, headline="Allies meet in Tokyo", story=story("d"))
    saved = issues.save(replace(DRAFT, bullets=(BULLET, other)), "mika")
    read, beside = saved.bullets

    def steps():
        with database.read() as connection:
            taken = 0

            def count():
                nonlocal taken
                taken += 1

            driver = connection.connection.driver_connection
            driver.set_progress_handler(count, 1)
            bullets.newest(connection, read.id)
            driver.set_progress_handler(None, 1)
        return taken

    before = steps()
    for score in range(40):
        fresh = replace(SUPPORTED, score=score / 100)
        claims = tuple(replace(claim, verdict=fresh) for claim in beside.claims)
        with database.write() as connection:
            bullets.save(connection, replace(beside, claims=claims), "ken", "none")
    assert 0 < steps() < before * 1.2
