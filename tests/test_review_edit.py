"""Saving an editor's words and checking them again, over a real store."""

import datetime as dt
from dataclasses import replace

import pytest

from assistant.errors import ReviewError
from assistant.publish.inline import plain_line
from assistant.publish.markdown import bullet_markdown
from assistant.review.edit import (
    Conflict,
    Words,
    check_bullet,
    check_stale,
    linked_pages,
    newest,
    save_bullet,
)
from assistant.review.evidence import sources_of
from assistant.review.gate import blockers
from assistant.settings import Settings
from assistant.store import audit
from assistant.store.database import Database
from assistant.types import Bullet, Citation, Claim, Evidence, Issue, Masthead, Verdict
from assistant.workspace import Workspace
from tests.samples import article

MET = "The defense ministers of Japan and the United States met in Tokyo on July 14."
SHARED = "They agreed to share data from 12 radar sites."
TRADE = "Japan opened a trade office in Austin on July 20."
TALKS = "https://wire.example/talks"
OFFICE = "https://wire.example/office"
GOOD = 0.97


@pytest.fixture
def work(tmp_path):
    settings = Settings(home=tmp_path, model="none")
    opened = Workspace(settings, Database.open(settings.database))
    put(opened, "talks", f"{MET}\n\n{SHARED} No date was set.", TALKS)
    put(opened, "office", TRADE, OFFICE)
    yield opened
    opened.close()


def put(work, name, text, url):
    about = replace(article(name, text, name.title()), url=url, canonical_url=url)
    work.articles.put(about, [])


@pytest.fixture
def issue(work):
    """A draft of one checked bullet: a headline, a linked sentence, and one that continues it."""
    text = f"{MET} {SHARED} {TRADE}"
    met, traded = text.index("met"), text.index("opened")
    links = (
        Citation(met, met + 3, TALKS, "talks"),
        Citation(traded, traded + 6, OFFICE, "office"),
    )
    headline = "US, Japan ministers meet in Tokyo"
    claims = (
        claim("headline", headline, headline, Evidence("talks", 0, len(MET))),
        claim("text", MET, text, Evidence("talks", 0, len(MET))),
        claim("text", SHARED, text, Evidence("talks", len(MET) + 2, len(MET) + 2 + len(SHARED))),
        claim("text", TRADE, text, Evidence("office", 0, len(TRADE))),
    )
    bullets = (Bullet(headline, text, links, claims), Bullet("US opens office", TRADE))
    date = dt.date(2023, 7, 28)
    return work.issues.save(
        Issue(2, 14, date, bullets, Masthead("Digest"), writer="extractive"), "assistant"
    )


def claim(field, said, whole, evidence):
    start = whole.index(said)
    return Claim(field, said, start, start + len(said), Verdict("supported", GOOD, (evidence,)))


def edit(work, issue, old="", new="", headline=None, based_on=1, author="mika"):
    """Save the first bullet with `old` replaced by `new` in its Markdown."""
    bullet = issue.bullets[0]
    markdown = bullet_markdown(bullet)
    assert old in markdown
    head = bullet.headline if headline is None else headline
    text, links = plain_line(markdown.replace(old, new))
    words = Words(head, text, links)
    return save_bullet(work, issue.id, bullet.id, words, author, based_on).bullets[0]


def stale(bullet):
    return [c.text if c.field == "text" else "headline" for c in bullet.claims if c.stale]


def test_unchanged_text_makes_no_revision(work, issue):
    assert edit(work, issue) == issue.bullets[0]
    assert len(work.issues.revisions(issue.bullets[0].id)) == 1


def test_an_edit_is_a_revision_with_its_author_and_an_entry_in_the_log(work, issue):
    bullet = edit(work, issue, "12 radar", "14 radar")
    revision = newest(work, bullet.id)
    assert (revision.number, revision.author, revision.bullet) == (2, "mika", bullet)
    with work.database.read() as connection:
        last = audit.entries(connection)[-1]
    assert (last.who, last.what) == ("mika", "bullet edited")
    assert last.detail == {"issue": issue.id, "bullet": bullet.id}


def test_only_the_touched_claim_is_stale(work, issue):
    bullet = edit(work, issue, "12 radar", "14 radar")
    changed = SHARED.replace("12", "14")
    assert stale(bullet) == [changed]
    assert [c.verdict.score for c in bullet.claims] == [GOOD, GOOD, None, GOOD]
    assert [bullet.text[c.start : c.end] for c in bullet.claims[1:]] == [MET, changed, TRADE]


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        pytest.param(f" {SHARED}", "", ["headline"], id="sentence-removed"),
        pytest.param(f"[opened]({OFFICE})", "opened", ["headline", TRADE], id="link-removed"),
        pytest.param(
            TALKS, "https://x.example/", ["headline", MET, SHARED], id="page-of-two-sentences"
        ),
    ],
)
def test_what_depends_on_a_change_is_stale(work, issue, old, new, touched):
    assert stale(edit(work, issue, old, new)) == touched


def test_an_anchor_that_moves_inside_its_sentence_leaves_the_verdict(work, issue):
    moved = f"met in [Tokyo]({TALKS})"
    bullet = edit(work, issue, f"[met]({TALKS}) in Tokyo", moved)
    assert stale(bullet) == []
    first = bullet.citations[0]
    assert bullet.text[first.start : first.end] == "Tokyo"


def test_a_new_headline_leaves_the_text_checked(work, issue):
    assert stale(edit(work, issue, headline="  US, Japan\nministers talk ")) == ["headline"]
    assert newest(work, issue.bullets[0].id).bullet.headline == "US, Japan ministers talk"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (OFFICE, "office"),
        (f"{OFFICE}?utm_source=mail", "office"),
        ("https://x.example/", None),
        ("#", None),
    ],
)
def test_links_are_tied_to_the_corpus(work, issue, url, found):
    bullet = edit(work, issue, TALKS, url)
    assert (bullet.citations[0].url, bullet.citations[0].article_id) == (url, found)


def test_a_claim_is_held_against_the_pages_that_it_links_or_continues(work, issue):
    bullet = issue.bullets[0]
    at = bullet.text.index("Tokyo")
    more = replace(bullet, citations=(*bullet.citations, Citation(at, at + 5, OFFICE, None)))
    for linked, continued in ((bullet, ["talks"]), (more, ["talks", "office"])):
        pages = [[a.id for a in linked_pages(work, linked, c)] for c in linked.claims]
        assert pages == [["talks", "office"], continued, continued, ["office"]]


def test_escapes_are_read_as_the_text_that_they_stand_for(work, issue):
    bullet = edit(work, issue, "12 radar sites", r"radar sites for \$2 billion \[sic\]")
    assert "radar sites for $2 billion [sic]." in bullet.text
    assert bullet.text[bullet.citations[1].start : bullet.citations[1].end] == "opened"


def test_words_saved_meanwhile_are_a_conflict_and_nothing_is_lost(work, issue):
    theirs = edit(work, issue, "12 radar", "14 radar", author="ken")
    with pytest.raises(Conflict, match=r"ken saved revision 2 .* still on the screen") as caught:
        edit(work, issue, "12 radar", "16 radar", based_on=1)
    assert caught.value.theirs.bullet == theirs
    assert newest(work, theirs.id).bullet == theirs


def test_a_check_meanwhile_is_no_conflict(work, issue):
    second = issue.bullets[1]
    check_bullet(work, issue.id, second.id, "ken")
    assert newest(work, second.id).number == 2  # its claims are new
    words = Words(second.headline, "It opened.")
    saved = save_bullet(work, issue.id, second.id, words, "mika", 1)
    assert saved.bullets[1].text == "It opened."


@pytest.mark.parametrize(
    ("citations", "why"),
    [
        ([Citation(3, 6, "javascript:alert(1)", None)], "no web address"),
        ([Citation(3, 6, "/etc/passwd", None)], "no web address"),
        ([Citation(3, 3, TALKS, None)], "no words"),
        ([Citation(3, 99, TALKS, None)], "no words"),
        ([Citation(0, 6, TALKS, None), Citation(3, 9, OFFICE, None)], "overlaps"),
    ],
)
def test_a_link_that_a_bullet_cannot_keep_is_refused(work, issue, citations, why):
    bullet = issue.bullets[0]
    with pytest.raises(ReviewError, match=f"{why}.* nothing was saved"):
        words = Words("A", "It met today.", tuple(citations))
        save_bullet(work, issue.id, bullet.id, words, "mika", 1)
    assert newest(work, bullet.id).number == 1


def test_too_many_words_are_refused(work, issue):
    words = Words("A", "word " * 5000)
    with pytest.raises(ReviewError, match="at most 20,000"):
        save_bullet(work, issue.id, issue.bullets[0].id, words, "mika", 1)


def test_an_empty_bullet_is_kept_and_blocks(work, issue):
    bullet = issue.bullets[0]
    saved = save_bullet(work, issue.id, bullet.id, Words("", ""), "mika", 1)
    assert (saved.bullets[0].text, saved.bullets[0].claims) == ("", ())
    codes = [b.finding.code for b in blockers(saved) if b.bullet == 1]
    assert codes == ["no-headline", "no-text"]


def test_a_sent_issue_is_closed(work, issue):
    with work.database.write() as connection:
        connection.exec_driver_sql("UPDATE issues SET status = 'sent'")
    with pytest.raises(ReviewError, match="sent"):
        edit(work, issue, "12 radar", "14 radar")
    with pytest.raises(ReviewError, match="sent"):
        check_bullet(work, issue.id, issue.bullets[0].id, "mika")
    assert newest(work, issue.bullets[0].id).number == 1


def test_a_bullet_of_another_issue_is_refused(work, issue):
    with pytest.raises(ReviewError, match="no bullet 'vol-9-9-1'"):
        save_bullet(work, issue.id, "vol-9-9-1", Words("A", "B."), "mika", 1)


def test_style_follows_the_words_and_reaches_other_bullets(work, issue):
    second = issue.bullets[1]
    short = f"{TRADE} The JASDF sent a team."
    words = Words(second.headline, short)
    before = save_bullet(work, issue.id, second.id, words, "mika", 1)
    assert "acronym-introduced" in {f.code for f in before.bullets[1].findings}
    revision = newest(work, second.id).number
    introduced = "The Japan Air Self-Defense Force (JASDF) joined. They agreed"
    edit(work, before, "They agreed", introduced)
    check_stale(work, issue.id, "mika")
    after = newest(work, second.id)
    assert "acronym-introduced" not in {f.code for f in after.bullet.findings}
    assert (after.number, after.author) == (revision, "mika")


def test_a_check_gives_stale_claims_their_verdict(work, issue):
    edit(work, issue, "12 radar", "14 radar")
    bullet = check_stale(work, issue.id, "mika").bullets[0]
    assert stale(bullet) == []
    assert [c.verdict.status for c in bullet.claims[1:]] == [
        "supported",
        "contradicted",
        "supported",
    ]
    assert newest(work, bullet.id).bullet == bullet
    with work.database.read() as connection:
        assert audit.entries(connection)[-1].what == "bullet checked"


def test_a_check_sees_an_article_that_came_later(work, issue):
    late = "https://wire.example/late"
    edit(work, issue, TALKS, late)
    assert check_stale(work, issue.id, "mika").bullets[0].claims[1].verdict.status == "unchecked"
    put(work, "late", MET, late)
    bullet = check_bullet(work, issue.id, issue.bullets[0].id, "mika").bullets[0]
    assert bullet.claims[1].verdict.status == "supported"
    assert bullet.citations[0].article_id == "late"


def test_after_an_edit_only_what_it_touched_is_checked(work, issue):
    edit(work, issue, "12 radar", "14 radar")
    put(
        work, "talks", f"{SHARED} Nothing else.", TALKS
    )  # would cost the first sentence its verdict
    after = check_bullet(work, issue.id, issue.bullets[0].id, "mika", touched_only=True).bullets[0]
    assert [c.verdict.score == GOOD for c in after.claims] == [False, True, False, True]
    assert stale(after) == []
    whole = check_bullet(work, issue.id, issue.bullets[0].id, "mika").bullets[0]
    assert whole.claims[1].verdict.status != "supported"


def test_nothing_stale_checks_nothing(work, issue):
    check_stale(work, issue.id, "mika")
    with work.database.read() as connection:
        assert audit.entries(connection)[-1].what == "issue saved"


def test_words_saved_during_a_check_win(work, issue, monkeypatch):
    class Slow:
        def check_bullet(self, bullet, articles, story, known, before_each):
            edit(work, issue, "12 radar", "14 radar", author="ken")
            return replace(bullet, claims=())

    monkeypatch.setattr(work, "verifier", lambda chat: Slow())
    with pytest.raises(ReviewError, match="ken saved revision 2"):
        check_bullet(work, issue.id, issue.bullets[0].id, "mika")
    assert stale(newest(work, issue.bullets[0].id).bullet) == [SHARED.replace("12", "14")]


def test_evidence_is_shown_in_its_paragraph(work, issue):
    bullet = issue.bullets[0]
    (source,) = sources_of(work, bullet.id, bullet.claims[2])
    assert source.article.title == "Talks" and not source.changed
    assert [source.text[a:b] for a, b in source.marks] == [SHARED]
    assert source.text == f"{MET}\n\n{SHARED} No date was set."


def test_evidence_outlives_its_article(work, issue):
    bullet = issue.bullets[0]
    put(work, "talks", "Something else.", TALKS)
    (changed,) = sources_of(work, bullet.id, bullet.claims[2])
    assert changed.changed and changed.text == SHARED and changed.marks == ((0, len(SHARED)),)
    work.articles.remove("talks")
    (gone,) = sources_of(work, bullet.id, bullet.claims[2])
    assert gone.article is None and gone.text == SHARED
