"""What is proposed for a claim that does not hold, each proposal tried out."""

import datetime as dt
from dataclasses import replace

import pytest

from assistant.errors import ReviewError
from assistant.review.edit import Words, check_bullet, newest, save_bullet
from assistant.review.history import compare, restore, sittings
from assistant.review.merge import join, merge
from assistant.review.repairs import apply_fixes, apply_repair, repairs
from assistant.settings import Settings
from assistant.store.database import Database
from assistant.types import Bullet, Citation, Issue, Masthead
from assistant.workspace import Workspace
from tests.samples import article

MET = "The defense ministers of Japan and the United States met in Tokyo on July 14."
BUDGET = "Japan plans to spend 43 trillion yen on defense over five years, its ministry said."
TALKS, MONEY = "https://wire.example/talks", "https://wire.example/money"


@pytest.fixture
def work(tmp_path):
    opened = Workspace(Settings(home=tmp_path, model="none"), Database.open(tmp_path / "a.sqlite3"))
    for name, text, url in (("talks", MET, TALKS), ("money", BUDGET, MONEY)):
        about = replace(article(name, f"{text}\n\nNothing else.", name), url=url, canonical_url=url)
        opened.retriever.index(replace(about, publisher=name.title()))
    yield opened
    opened.close()


def drafted(work, text, *links):
    """A checked bullet of one sentence; `links` are words of it and addresses."""
    citations = tuple(
        Citation(text.index(w), text.index(w) + len(w), url, None) for w, url in links
    )
    bullets = (Bullet("US, Japan ministers meet", text, citations),)
    issue = Issue(2, 14, dt.date(2023, 7, 28), bullets, Masthead("Digest"), writer="extractive")
    saved = work.issues.save(issue, "assistant")
    return check_bullet(work, saved.id, saved.bullets[0].id, "mika")


def offered(work, issue):
    return {r.kind: r for r in repairs(work, issue, issue.bullets[0].id, 1)}


def test_a_wrong_day_gets_the_sources_own(work):
    issue = drafted(work, MET.replace("14", "16"), ("met", TALKS))
    right = offered(work, issue)["replace"]
    assert (right.sentence, right.status) == (MET, "supported")
    bullet = issue.bullets[0]
    mended = apply_repair(work, issue.id, bullet.id, 1, 0, "mika", newest(work, bullet.id).number)
    assert mended.bullets[0].text == MET
    assert [c.url for c in mended.bullets[0].citations] == [TALKS]
    assert newest(work, bullet.id).note.startswith("Repair: Put “")


def test_another_word_gives_way_to_the_sources_own(work):
    issue = drafted(work, BUDGET.replace("spend", "save"), ("plans", MONEY))
    assert issue.bullets[0].claims[1].verdict.status == "unchecked"
    right = offered(work, issue)["replace"]
    assert (right.label, right.sentence) == ("Put “spend” for “save”", BUDGET)
    assert right.status == "supported"
    assert [c.url for c in right.words.citations] == [MONEY]


def test_what_was_only_planned_is_told_in_the_sources_words(work):
    issue = drafted(work, BUDGET.replace("plans to spend", "spent"), ("spent", MONEY))
    found = offered(work, issue)
    assert found.keys() == {"rewrite", "drop"}
    again = found["rewrite"]
    assert again.sentence == BUDGET.replace("43 trillion yen", "¥43 trillion")
    assert again.status == "supported"
    (link,) = again.words.citations  # its link went to the new words
    assert (again.sentence[link.start : link.end], link.url) == ("plans", MONEY)


def test_a_rewriting_has_the_sources_words_and_its_link(work):
    issue = drafted(work, "The ministers met in Kyoto for nine days on July 16.", ("met", TALKS))
    again = offered(work, issue)["rewrite"]
    assert again.status == "supported"
    assert again.sentence.startswith("The defense ministers of Japan")
    (link,) = again.words.citations
    assert (again.words.text[link.start : link.end], link.url) == ("met", TALKS)


def test_the_page_that_says_it_takes_the_place_of_the_one_that_does_not(work):
    issue = drafted(work, MET, ("met", MONEY))
    swapped = offered(work, issue)["swap"]
    assert swapped.label == "Link Talks instead"
    assert (swapped.words.citations[0].url, swapped.status) == (TALKS, "supported")


def test_a_sentence_without_a_link_gets_one(work):
    issue = drafted(work, MET)
    linked = offered(work, issue)["link"]
    (link,) = linked.words.citations
    assert (linked.words.text[link.start : link.end], link.url) == ("met", TALKS)


def test_a_dropped_sentence_leaves_no_gap(work):
    issue = drafted(work, f"{MET} It rained on Mars. {BUDGET}", ("met", TALKS), ("plans", MONEY))
    (drop,) = [r for r in repairs(work, issue, issue.bullets[0].id, 2) if r.kind == "drop"]
    assert drop.words.text == f"{MET} {BUDGET}"
    anchors = [drop.words.text[c.start : c.end] for c in drop.words.citations]
    assert anchors == ["met", "plans"]


def test_what_holds_is_left_alone(work):
    issue = drafted(work, MET, ("met", TALKS))
    assert offered(work, issue) == {}
    with pytest.raises(ReviewError, match="no longer proposed"):
        apply_repair(work, issue.id, issue.bullets[0].id, 1, 0, "mika", 2)
    with pytest.raises(ReviewError, match="gone"):
        repairs(work, issue, issue.bullets[0].id, 9)


def test_all_style_fixes_are_one_revision(work):
    issue = drafted(work, "The U.S. and the U.K. met on July 14th.", ("met", TALKS))
    bullet = issue.bullets[0]
    number = newest(work, bullet.id).number
    fixed = apply_fixes(work, issue.id, bullet.id, lambda f: True, "mika", number)
    assert fixed.bullets[0].text == "The US and the UK met on July 14."
    assert newest(work, bullet.id).number == number + 1
    with pytest.raises(ReviewError, match="gone"):
        apply_fixes(work, issue.id, bullet.id, lambda f: f.code == "none", "mika", number + 1)


def test_typing_is_one_sitting_and_every_save_is_kept(work):
    issue = drafted(work, MET, ("met", TALKS))
    bullet_id = issue.bullets[0].id
    start = newest(work, bullet_id).number
    for n in range(3):
        words = Words("US, Japan meet", f"{MET} More {n}.")
        save_bullet(work, issue.id, bullet_id, words, "ken", start + n)
    restore(work, issue.id, bullet_id, start + 1, "mika", start + 3)
    restored, typed, *_ = sittings(work, bullet_id)
    assert (restored.last.note, restored.last.text) == (
        f"Revision {start + 1} restored",
        f"{MET} More 0.",
    )
    assert (typed.last.author, typed.first, typed.saves) == ("ken", start + 1, 3)
    assert len(work.issues.revisions(bullet_id)) == start + 4


def test_a_comparison_is_by_words():
    assert compare("They met on July 13.", "They met on July 14, he said.") == [
        ("same", "They met on July "),
        ("old", "13"),
        ("new", "14, he said"),
        ("same", "."),
    ]


def words(*parts):
    return join([Words("", part) for part in parts])


def test_a_merge_takes_what_only_one_changed_and_asks_for_the_rest():
    base = words("One is here.", "Two is here.", "Three is here.")
    mine = words("One is mine.", "Two is here.", "Three is mine.")
    theirs = words("One is here.", "Two is theirs.", "Three is theirs.")
    pieces = merge(base, mine, theirs)[1:]
    assert [p.choice for p in pieces] == ["mine", "theirs", "both changed"]
    near = merge(base, words("One is mine.", "Two is here.", "Three is here."), base)[1:]
    assert [(p.choice, p.mine.text) for p in near] == [
        ("mine", "One is mine."),
        ("same", "Two is here. Three is here."),
    ]


def test_a_merge_keeps_links_of_either_side():
    link = (Citation(4, 6, TALKS, None),)
    mine = Words("Head", "One is here. Two is here.", link)
    theirs = Words("Head", "One is here. Two is there.")
    base = Words("Head", "One is here. Two is here.")
    pieces = merge(base, mine, theirs)
    assert [p.choice for p in pieces] == ["same", "mine", "theirs"]
    assert pieces[1].mine.citations == link
