"""The sample corpus goes through the real readers into the real store."""

import datetime as dt

import pytest

from assistant import resources
from assistant.ingest import Ingest
from assistant.retrieve import Retriever
from assistant.store.articles import Articles
from assistant.store.database import Database

NOW = dt.datetime(2023, 7, 28, 12, tzinfo=dt.UTC)
FURNITURE = ("cookie", "newsletter", "Sign up", "Read next", "You might also like", "](", "**")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The reports of two runs over the corpus, and the articles in the store, by file name."""
    with Database.open(tmp_path_factory.mktemp("home") / "digest.sqlite3") as database:
        articles = Articles(database)
        # Indexing writes only the database; vectors follow at the first search.
        ingest = Ingest(articles, Retriever(articles, None, None), None, now=lambda: NOW)
        reports = [ingest.run([str(resources.sample_corpus() / "articles")]) for _ in range(2)]
        stored = reports[0].added + reports[0].duplicates
        names = {e.source.rpartition("/")[2]: articles.get(e.article_id) for e in stored}
    return reports, names


def test_every_file_is_read_and_a_second_run_changes_nothing(corpus):
    (first, second), articles = corpus
    assert first.failed == second.failed == first.updated == []
    assert len(articles) == len(first.added) + len(first.duplicates) >= 40
    assert len(second.unchanged) == len(articles)
    assert not (second.added or second.updated or second.duplicates)


def test_the_reprint_leads_to_the_wire_story(corpus):
    (first, _), articles = corpus
    assert [e.source.rpartition("/")[2] for e in first.duplicates] == ["space-talks-reprint.html"]
    wire = articles["space-talks-wire.md"]
    assert articles["space-talks-reprint.html"].duplicate_of == wire.id
    assert wire.duplicate_of is None


def test_every_article_has_its_metadata(corpus):
    for name, article in corpus[1].items():
        assert article.canonical_url, name
        assert article.published_on, name
        assert article.language == ("ja" if name.endswith("-ja.md") else "en"), name
        assert article.kind != "other", name


def test_texts_hold_neither_furniture_nor_their_title(corpus):
    for name, article in corpus[1].items():
        found = [mark for mark in FURNITURE if mark.lower() in article.text.lower()]
        assert not found, (name, found)
        assert not article.text.startswith(article.title), name


@pytest.mark.parametrize(
    ("name", "kind", "access", "date_from", "day"),
    [
        ("mobility-guardian-wire.html", "wire", "open", "json-ld", 21),
        ("nato-partnership-press.html", "press", "paywalled", "meta", 13),
        ("chip-controls-teaser.md", "press", "teaser", "front matter", 24),
        ("green-itochu-official.docx", "official", "open", "text", 24),
        ("defense-white-paper-official.pdf", "official", "open", "text", 28),
        ("other-visitors.html", "official", "open", "meta", 19),
    ],
)
def test_metadata_found_in_pages(corpus, name, kind, access, date_from, day):
    article = corpus[1][name]
    assert (article.kind, article.access, article.date_from) == (kind, access, date_from)
    assert article.published_on == dt.date(2023, 7, day)


def test_the_pdf_reads_in_paragraphs(corpus):
    article = corpus[1]["defense-white-paper-official.pdf"]
    paragraphs = article.text.split("\n\n")
    assert article.publisher == "Japan Ministry of Defense (sample)"
    assert paragraphs[0].startswith("The Cabinet on Friday, July 28, 2023, approved")
    assert "1. Security environment" in paragraphs
