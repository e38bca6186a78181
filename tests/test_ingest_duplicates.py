"""Reprints are found, two reports of one event are not taken for one."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from assistant.ingest.article import build_article
from assistant.ingest.duplicates import Reprints, containment, shingles
from assistant.ingest.reading import SUFFIXES, read_file

ARTICLES = Path(__file__).parents[1] / "corpus/articles"
NOW = dt.datetime(2023, 7, 28, tzinfo=dt.UTC)
JAPANESE = "政府は二十三日、先端半導体の製造装置など二十三品目を輸出管理の対象に加えた。"


class Shelf:
    def __init__(self, *articles):
        self.articles = articles
        self.asked = []

    def list(self, since=None, until=None):
        self.asked.append((since, until))
        return [a for a in self.articles if since <= a.published_on <= until]


@pytest.fixture(scope="module")
def wire():
    return build_article(read_file(ARTICLES / "space-talks-wire.md"), "file", NOW)[0]


def changed(article, text=None, days=0, name="copy"):
    return dataclasses.replace(
        article,
        id=name,
        text=text or article.text,
        published_on=article.published_on + dt.timedelta(days=days),
    )


def test_a_reprint_with_another_byline_and_no_last_paragraph_is_found(wire):
    paragraphs = wire.text.split("\n\n")
    text = "\n\n".join(["From wire reports", *paragraphs[:-1]])
    assert Reprints(Shelf(wire)).original_of(changed(wire, text)) == wire.id


def test_a_japanese_reprint_is_found(wire):
    first = changed(wire, JAPANESE * 3 + "中国は反発した。", name="first")
    copy = changed(wire, JAPANESE * 3, name="copy")
    assert Reprints(Shelf(first)).original_of(copy) == "first"


def test_different_reports_of_one_event_are_not_reprints():
    files = [p for p in sorted(ARTICLES.iterdir()) if p.suffix in SUFFIXES]
    texts = {p.name: shingles(build_article(read_file(p), "file", NOW)[0].text) for p in files}
    shares = {(a, b): containment(texts[a], texts[b]) for a in texts for b in texts if a < b}
    reprint = shares.pop(("space-talks-reprint.html", "space-talks-wire.md"))
    assert reprint > 0.9
    assert max(shares.values()) < 0.35


@pytest.mark.parametrize(("days", "found"), [(3, True), (-3, True), (4, False)])
def test_only_near_days_are_compared(wire, days, found):
    known = Reprints(Shelf())
    known.add(wire)
    assert (known.original_of(changed(wire, days=days)) is not None) is found


def test_an_excerpt_is_not_a_reprint(wire):
    excerpt = wire.text[: len(wire.text) // 3]
    assert Reprints(Shelf(wire)).original_of(changed(wire, excerpt)) is None


def test_an_article_is_no_reprint_of_itself_or_of_its_copies(wire):
    copy = dataclasses.replace(changed(wire), duplicate_of=wire.id)
    assert Reprints(Shelf(wire, copy)).original_of(wire) is None


def test_a_reprint_of_a_reprint_leads_to_the_original(wire):
    copy = dataclasses.replace(changed(wire, name="zzz"), duplicate_of=wire.id)
    assert Reprints(Shelf(copy)).original_of(changed(wire, name="third")) == wire.id


def test_a_new_text_of_an_article_replaces_the_old_one(wire):
    known = Reprints(Shelf())
    known.add(wire)
    known.add(dataclasses.replace(wire, text=JAPANESE * 5))
    assert known.original_of(changed(wire)) is None


def test_each_day_of_the_store_is_asked_for_once(wire):
    shelf = Shelf(wire)
    known = Reprints(shelf)
    for _ in range(3):
        known.original_of(changed(wire))
    assert len(shelf.asked) == 1
    known.original_of(changed(wire, days=1))
    assert shelf.asked[1] == (dt.date(2023, 7, 23), dt.date(2023, 7, 23))


def test_an_article_without_a_date_is_compared_with_what_was_read(wire):
    known = Reprints(Shelf())
    known.add(wire)
    undated = dataclasses.replace(wire, id="undated", published_on=None)
    assert known.original_of(undated) == wire.id


def test_a_very_short_text_is_compared_as_a_whole(wire):
    known = Reprints(Shelf())
    known.add(changed(wire, "Talks agreed.", name="a"))
    assert containment(shingles("Talks agreed."), shingles("talks AGREED")) == 1.0
    assert containment(shingles("Talks agreed."), shingles("Talks failed.")) == 0.0
