"""What is said of a bullet's links: each finding at its anchor."""

import datetime as dt
from dataclasses import asdict

import pytest
from fakes import ScriptedModel
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.style.links import LinkCounts, check_anchors, count_links
from assistant.types import Bullet, Citation
from assistant.verify.verifier import Verifier

DAY = dt.date(2023, 7, 21)
LEAD = "Japan's export controls on 23 types of chip-making equipment took effect on July 23."
FULL = article(
    "full",
    f"{LEAD} The ministry announced the rules on March 31.",
    "Chip rules start",
    DAY,
    url="https://wire.example/chips",
    publisher="Pacific Wire",
    kind="wire",
)
TEASER = article("teaser", LEAD, "Curbs", DAY, url="https://times.example/1", access="teaser")
DRILL = article(
    "drill",
    "About 3,000 airmen flew 70 aircraft in Guam.",
    "Drill",
    DAY,
    url="https://af.example/1",
)
OFFICIAL = article(
    "official", LEAD, "Ordinance", DAY, url="https://meti.example/1", kind="official"
)
PAGES = {a.id: a for a in (FULL, TEASER, DRILL, OFFICIAL)}


@pytest.fixture(scope="module")
def verifier():
    return Verifier(WordLlamaEmbedder())


def bullet(text, *links):
    """A bullet whose links are (anchor, article id)."""
    citations = []
    for anchor, name in links:
        start = text.index(anchor)
        citations.append(Citation(start, start + len(anchor), PAGES[name].url, name))
    return Bullet("", text, tuple(citations))


def findings(verifier, made, story=()):
    """(code, words that it stands on, replacement) of the findings on each claim."""
    checked = verifier.check_bullet(made, list(PAGES.values()), story)
    return [
        (f.code, c.text[f.start : f.end], f.replacement)
        for c in checked.claims
        for f in c.verdict.findings
    ]


def test_links_that_do_their_work_are_let_be(verifier):
    text = f"{LEAD} The ministry announced the rules on March 31."
    made = bullet(text, ("took effect", "official"), ("announced", "full"))
    assert findings(verifier, made) == []
    assert check_anchors(made) == []


def test_two_pages_that_both_say_it_are_let_be(verifier):
    assert findings(verifier, bullet(LEAD, ("controls", "official"), ("took effect", "full"))) == []


@pytest.mark.parametrize(
    ("official", "drill", "idle"),
    [(0.01, 0.01, []), (0.99, 0.99, []), (0.99, 0.01, ["flew"]), (0.01, 0.99, ["took effect"])],
    ids=["only together", "each", "not the second", "not the first"],
)
def test_of_pages_that_say_it_together_one_that_adds_nothing_is_idle(official, drill, idle):
    def answer(call):
        read = [name in call.messages[-1].content for name in ("Ordinance", "Drill")]
        return 0.99 if all(read) else official if read[0] else drill

    text = "Controls on equipment took effect while airmen flew aircraft in Guam."
    made = bullet(text, ("took effect", "official"), ("flew", "drill"))
    model = ScriptedModel([answer] * 3)
    found = findings(Verifier(WordLlamaEmbedder(), model), made)
    assert found == [("link-idle", words, None) for words in idle]


@pytest.mark.parametrize("idle", ["controls", "took effect"])
def test_a_link_whose_page_says_something_else_is_idle(verifier, idle):
    other = ({"controls", "took effect"} - {idle}).pop()
    made = bullet(LEAD, (idle, "drill"), (other, "full"))
    assert findings(verifier, made) == [("link-idle", idle, None)]


def test_the_same_page_under_two_addresses_is_not_idle(verifier):
    made = bullet(LEAD, ("controls", "full"), ("took effect", "full"))
    assert findings(verifier, made) == []


def test_a_wrong_article_of_the_story_is_shown_at_its_link(verifier):
    made = bullet(f"So far so good. {LEAD}", ("took effect", "drill"))
    found = findings(verifier, made, [DRILL, FULL])
    assert [f for f in found if f[0] == "wrong-source"] == [
        ("wrong-source", "took effect", FULL.url)
    ]


def test_a_sentence_that_continues_a_wrong_link_is_faulted_as_a_whole(verifier):
    text = f"About 3,000 airmen flew 70 aircraft in Guam. {LEAD}"
    found = findings(verifier, bullet(text, ("flew", "drill")), [FULL])
    assert ("wrong-source", LEAD, FULL.url) in found


@pytest.mark.parametrize(
    ("story", "replacement"),
    [([], None), ([DRILL], None), ([FULL], FULL.url), ([FULL, OFFICIAL], OFFICIAL.url)],
    ids=["alone", "story says other things", "a wire says it", "the official page comes first"],
)
def test_a_teaser_gives_way_to_an_open_page_that_says_the_same(verifier, story, replacement):
    made = bullet(LEAD, ("took effect", "teaser"))
    assert findings(verifier, made, story) == [("link-teaser", "took effect", replacement)]
    checked = verifier.check_bullet(made, list(PAGES.values()), story)
    assert [c.verdict.status for c in checked.claims] == ["supported"]
    (finding,) = checked.claims[0].verdict.findings
    assert finding.level == ("warning" if replacement else "suggestion")
    assert finding.message.endswith(".")


def test_a_teaser_beside_an_open_page_is_only_mentioned(verifier):
    made = bullet(LEAD, ("controls", "teaser"), ("took effect", "official"))
    assert findings(verifier, made, [FULL]) == [("link-teaser", "controls", None)]
    checked = verifier.check_bullet(made, list(PAGES.values()), [FULL])
    assert "other page linked here is open" in checked.claims[0].verdict.findings[0].message


def test_a_page_that_is_not_there_has_no_more_said_of_its_link(verifier):
    text, url = LEAD, "https://gone.example/1"
    at = text.index("took")
    made = Bullet("", text, (Citation(at, at + 4, url, None),))
    assert [code for code, _, _ in findings(verifier, made, [FULL])] == ["source-missing"]


@pytest.mark.parametrize(
    ("links", "code", "words"),
    [
        ([("Japan", "full")], "anchor-class", "Japan"),
        ([("controls", "full"), ("took effect", "full")], "duplicate-url", "took effect"),
        ([(LEAD[:-1], "full")], "anchor-clause", LEAD[:-1]),
    ],
)
def test_anchors_are_held_to_the_house_style(links, code, words):
    made = bullet(LEAD, *links)
    found = [(f.code, made.text[f.start : f.end]) for f in check_anchors(made)]
    assert (code, words) in found


def counted(verifier, made):
    return asdict(count_links(verifier.check_bullet(made, list(PAGES.values()))))


def test_links_and_sentences_are_counted(verifier):
    text = f"{LEAD} The ministry announced the rules on March 31. Rice prices rose."
    sound = bullet(text, ("took effect", "official"), ("announced", "full"))
    assert counted(verifier, sound) == {
        "sentences": 3,
        "covered": 3,
        "recalled": 2,
        "links": 2,
        "precise": 2,
        "anchored": 2,
        "twice": 0,
        "teasers": 0,
    }


@pytest.mark.parametrize(
    ("links", "changed"),
    [
        ([], {"covered": 0, "recalled": 0, "links": 0, "precise": 0, "anchored": 0}),
        ([("took effect", "drill")], {"recalled": 0, "precise": 0}),
        ([("Japan", "full")], {"anchored": 0}),
        ([("took effect", "teaser")], {"teasers": 1}),
        ([("controls", "full"), ("took effect", "full")], {"links": 2, "precise": 2, "twice": 1}),
        ([("controls", "drill"), ("took effect", "full")], {"links": 2}),
    ],
    ids=["no link", "wrong page", "on a name", "teaser", "twice", "idle"],
)
def test_each_fault_has_its_count(verifier, links, changed):
    one = {"sentences", "covered", "recalled", "links", "precise", "anchored"}
    expected = {**dict.fromkeys(one, 1), "twice": 0, "teasers": 0, **changed}
    assert counted(verifier, bullet(LEAD, *links)) == expected


def test_counts_add_up():
    assert LinkCounts(1, 2, 3, 4) + LinkCounts(1, 1, 1, 1) == LinkCounts(2, 3, 4, 5)
