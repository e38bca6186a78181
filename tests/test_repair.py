import datetime as dt
from dataclasses import replace

import pytest
from samples import article

from assistant.draft.link import link
from assistant.draft.repair import MAX_HEADLINES, MAX_ROUNDS, repair
from assistant.types import Evidence, Verdict, Written
from assistant.verify.claims import split_claims

DAY = dt.date(2023, 7, 20)
FACTS = ["They met in Tokyo.", "They signed a pact.", "Troops left Guam.", "Rain fell in Kobe."]
PAGE = article("a", " ".join(FACTS), "T", DAY, url="https://a.example/1")
ARTICLES = {"a": PAGE}


def evidence(n):
    start = PAGE.text.index(FACTS[n])
    return Evidence("a", start, start + len(FACTS[n]))


def written(*texts):
    return [Written(text, (evidence(n),)) for n, text in enumerate(texts)]


class Checker:
    """Supports what `fine` says, and records what it was asked."""

    def __init__(self, fine, bad="unsupported"):
        self.fine, self.bad, self.asked = fine, bad, []

    def __call__(self, bullet, known=()):
        self.asked.append(bullet)
        verdict = {True: Verdict("supported", 0.9), False: Verdict(self.bad, None)}
        told = {(c.field, c.start, c.text): c for c in known}
        claims = [
            told.get((c.field, c.start, c.text))
            or replace(c, verdict=verdict[bool(self.fine(c, bullet))])
            for c in split_claims(bullet)
        ]
        return replace(bullet, claims=tuple(claims))


def mend(sentences, check, headlines=(), headline="They meet in Tokyo"):
    bullet = check(link(headline, sentences, ARTICLES))
    return repair(bullet, sentences, lambda text: headlines, ARTICLES, 2023, check)


def test_what_is_supported_stays_as_it_is():
    check = Checker(lambda c, _: True)
    bullet = mend(written(*FACTS[:3]), check)
    assert bullet == check(link("They meet in Tokyo", written(*FACTS[:3]), ARTICLES))
    assert len(check.asked) == 2


@pytest.mark.parametrize("status", ["unsupported", "partial", "contradicted", "unchecked"])
def test_a_bad_sentence_is_written_again_from_its_evidence(status):
    check = Checker(lambda c, _: "dragon" not in c.text, status)
    bullet = mend(written(FACTS[0], "A dragon signed.", FACTS[2]), check)
    assert bullet.text == " ".join(FACTS[:3])
    assert all(c.verdict.status == "supported" for c in bullet.claims)


def test_what_cannot_be_mended_is_dropped_while_enough_remains():
    check = Checker(lambda c, _: "pact" not in c.text)
    bullet = mend(written(*FACTS), check)
    assert bullet.text == " ".join([FACTS[0], *FACTS[2:]])


def test_what_cannot_be_mended_nor_dropped_stays_flagged():
    check = Checker(lambda c, _: "pact" not in c.text)
    bullet = mend(written(*FACTS[:3]), check)
    assert "pact" in bullet.text
    assert [c.verdict.status for c in bullet.claims if "pact" in c.text] == ["unsupported"]


def test_the_next_headline_takes_the_place_of_a_bad_one():
    check = Checker(lambda c, _: c.field == "text" or c.text == "Good")
    bullet = mend(written(*FACTS[:3]), check, ["Bad", "Good", "Never asked"])
    assert bullet.headline == "Good"
    assert bullet.text == " ".join(FACTS[:3])


def test_the_last_headline_stays_flagged():
    bullet = mend(written(*FACTS[:3]), Checker(lambda c, _: c.field == "text"), ["Other"])
    assert bullet.headline == "Other"
    assert bullet.claims[0].verdict.status == "unsupported"


def test_a_headline_whose_sentence_was_dropped_gives_way_to_the_next():
    def fine(claim, bullet):
        if claim.field == "headline":
            return claim.text in bullet.text
        return "pact" not in claim.text

    check = Checker(fine)
    bullet = mend(written(*FACTS), check, ["Troops left Guam", "Never asked"], "They signed a pact")
    assert bullet.headline == "Troops left Guam"
    assert bullet.text == " ".join([FACTS[0], *FACTS[2:]])
    assert all(c.verdict.status == "supported" for c in bullet.claims)


def test_another_headline_leaves_the_sentences_as_they_were_judged():
    asked = []
    check = Checker(lambda c, _: asked.append(c.field) or c.field == "text")
    mend(written(*FACTS[:3]), check, ["One", "Two"])
    assert asked.count("headline") == 3
    assert asked.count("text") == len(FACTS[:3])


def test_rounds_have_an_end():
    check = Checker(lambda c, _: False)
    bullet = mend(written(*FACTS), check, ["One", "Two", "Three", "Four", "Five"])
    assert len(check.asked) <= MAX_ROUNDS + MAX_HEADLINES + 2
    assert bullet.headline == "Five"


def test_what_is_dropped_is_what_was_judged_wrong_once_names_are_shortened():
    who = "Secretary of State Antony J. Blinken"
    said = [
        f"{who} spoke.",
        f"{who} listened.",
        f"{who} left.",
        "They signed a pact.",
        "It rained.",
    ]
    page = article("p", " ".join([*said, *FACTS]), "T", DAY, url="https://a.example/2")
    starts = [page.text.index(text) for text in said]
    sentences = [
        Written(t, (Evidence("p", n, n + len(t)),)) for n, t in zip(starts, said, strict=True)
    ]
    check = Checker(lambda c, _: "pact" not in c.text)
    bullet = check(link("They meet in Tokyo", sentences, {"p": page}))
    mended = repair(bullet, sentences, lambda text: [], {"p": page}, 2023, check)
    assert mended.text.endswith("Blinken spoke. Blinken listened. Blinken left. It rained.")


def test_links_follow_the_mended_text():
    check = Checker(lambda c, _: "dragon" not in c.text)
    bullet = mend(written("A dragon came and met us all.", *FACTS[1:3]), check)
    (citation,) = bullet.citations
    assert bullet.text[citation.start : citation.end] == "met"
