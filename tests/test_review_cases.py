"""What an editor knows better than the check: kept as cases, with the pages as they were."""

import hashlib
import json
from dataclasses import replace

import pytest

from assistant.errors import ReviewError
from assistant.review.cases import (
    count,
    keep_override,
    keep_rejected,
    keep_verdict,
    take_back,
)
from assistant.review.edit import Words, check_bullet, newest, save_bullet
from assistant.review.evaluate import run_suite, runs
from assistant.review.signoff import sign
from assistant.settings import Settings
from assistant.store import audit
from assistant.workspace import open_workspace
from evals.corrections import corrections_file

ISSUE, FIRST = "vol-2-14", "vol-2-14-1"


@pytest.fixture
def work(sample_home, drafted):
    with open_workspace(Settings(home=sample_home, model="none")) as opened:
        opened.issues.save(drafted, "assistant")
        yield opened


def rows(work):
    text = corrections_file(work.settings).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def claim(work, number=1):
    return newest(work, FIRST).bullet.claims[number]


def edited(work, old, new):
    bullet = newest(work, FIRST).bullet
    words = Words(bullet.headline, bullet.text.replace(old, new), bullet.citations)
    save_bullet(work, ISSUE, FIRST, words, "mika", newest(work, FIRST).number)
    check_bullet(work, ISSUE, FIRST, "mika")


def test_a_claim_that_the_check_passed_is_kept_as_not_supported(work):
    text = claim(work).text
    (kept,) = keep_verdict(work, ISSUE, FIRST, 1, text, "mika")
    assert (kept.claim, kept.supported) == (text, False)
    (row,) = rows(work)
    page = work.articles.get(claim(work).verdict.evidence[0].article_id)
    assert (row["label"], row["meta"]["by"], row["source"]) == (0, "mika", page.text)
    assert any("Space Engagement Talks" in quote for quote in row["meta"]["evidence"])
    with work.database.read() as connection:
        last = audit.entries(connection)[-1]
    assert (last.who, last.what, last.detail["case"]) == ("mika", "test case kept", kept.id)


def test_a_claim_that_the_check_doubts_is_kept_as_supported(work):
    edited(work, "July 13, opening", "July 15, opening")
    text = claim(work).text
    (kept,) = keep_verdict(work, ISSUE, FIRST, 1, text, "mika")
    assert kept.supported
    assert rows(work)[0]["meta"]["reason"].startswith("The check said contradicted")
    assert (count(work).supported, count(work).unsupported) == (1, 0)
    assert take_back(work, [kept.id], "mika").supported == 0


def test_the_claims_of_an_override_are_kept_with_its_reason(work):
    edited(work, "July 13, opening", "July 15, opening")
    reason = "Both ministries confirmed the day"
    based_on = newest(work, FIRST).number
    sign(work, ISSUE, FIRST, "reviewed", "mika", based_on)
    with pytest.raises(ReviewError, match="not approved against"):
        keep_override(work, ISSUE, FIRST, "mika")
    sign(work, ISSUE, FIRST, "approved", "mika", based_on, reason)
    (kept,) = keep_override(work, ISSUE, FIRST, "ken")
    assert "July 15" in kept.claim and kept.supported
    assert [(r["meta"]["reason"], r["meta"]["by"]) for r in rows(work)] == [(reason, "ken")]


def test_a_rejected_sentence_is_kept_with_the_page_of_the_one_it_would_replace(work):
    old = claim(work)
    new = old.text.replace("July 13", "July 30")
    (kept,) = keep_rejected(
        work, ISSUE, FIRST, new, "mika", instead_of=old.text, instruction="shorter"
    )
    (row,) = rows(work)
    assert (kept.claim, row["claim"], row["label"]) == (new, new, 0)
    assert row["meta"]["reason"] == "Rejected when asked for: shorter"
    assert row["meta"]["articles"] == [old.verdict.evidence[0].article_id]


def test_a_rejected_new_sentence_is_held_against_its_own_page(work):
    url = newest(work, FIRST).bullet.citations[0].url
    keep_rejected(work, ISSUE, FIRST, "It rained.", "mika", url=url, instruction="add rain")
    assert rows(work)[0]["meta"]["urls"] == [url]


def test_what_has_no_page_or_no_verdict_is_no_case(work):
    text = claim(work).text
    with pytest.raises(ReviewError, match="reads differently"):
        keep_verdict(work, ISSUE, FIRST, 1, "Another sentence.", "mika")
    with pytest.raises(ReviewError, match="reads differently"):
        keep_rejected(work, ISSUE, FIRST, "X", "mika", instead_of="Gone.", instruction="x")
    with pytest.raises(ReviewError, match="no page of the corpus"):
        url = "https://nowhere.example/"
        keep_rejected(work, ISSUE, FIRST, "X", "mika", url=url, instruction="x")
    bullet = newest(work, FIRST).bullet
    save_bullet(work, ISSUE, FIRST, Words(bullet.headline, text), "mika", 1)
    with pytest.raises(ReviewError, match="no verdict yet"):
        keep_verdict(work, ISSUE, FIRST, 1, text, "mika")
    check_bullet(work, ISSUE, FIRST, "mika")
    with pytest.raises(ReviewError, match="links to no page"):
        keep_verdict(work, ISSUE, FIRST, 1, text, "mika")
    assert not corrections_file(work.settings).exists()


def test_a_page_that_changed_is_kept_as_the_sentences_that_were_checked(work):
    first = claim(work)
    article = work.articles.get(first.verdict.evidence[0].article_id)
    quotes = [article.text[e.start : e.end] for e in first.verdict.evidence]
    text = "The page was emptied."
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    work.articles.put(replace(article, text=text, sha256=sha256), [])
    keep_verdict(work, ISSUE, FIRST, 1, first.text, "mika")
    (row,) = rows(work)
    assert row["source"] == "\n\n".join(quotes) and row["meta"]["evidence"] == quotes


def test_the_checker_is_measured_on_what_was_kept(work):
    keep_verdict(work, ISSUE, FIRST, 1, claim(work).text, "mika")
    request = {"suite": "grounding", "kept": True}
    done = run_suite(work, request, "mika", lambda *_: None)
    assert done["metrics"]["right"]["value"] == 0.0
    assert [(run["kept"], run["rows"]) for run in runs(work)] == [(True, 1)]
