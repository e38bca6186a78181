import datetime as dt
from dataclasses import replace

import pytest
from samples import article
from sqlalchemy import text

from assistant.errors import StoreError
from assistant.retrieve import passages_of
from assistant.store.articles import Articles
from assistant.store.database import Database

JULY = dt.date(2023, 7, 13)


@pytest.fixture
def articles(tmp_path):
    with Database.open(tmp_path / "digest.sqlite3") as db:
        yield Articles(db)


def put(articles, one):
    return articles.put(one, passages_of(one))


def test_an_article_comes_back_as_it_went_in(articles):
    one = replace(
        article("a", "The allies met. 日米が協議した。", published_on=JULY),
        url="https://example.org/a?x=1",
        canonical_url="https://example.org/a",
        publisher="Example",
        date_from="byline",
        authors=("A. Writer", "記者"),
        duplicate_of="b",
    )
    assert put(articles, one) == "added"
    assert articles.get("a") == one
    assert articles.by_url("https://example.org/a?x=1") == one
    assert articles.by_url("https://example.org/a") == one
    assert articles.by_url("https://example.org/") is None


def test_the_same_article_again_changes_nothing(articles):
    one = article("a", "The allies met.")
    put(articles, one)
    later = replace(one, fetched_at=one.fetched_at + dt.timedelta(days=1), version=7)
    assert put(articles, later) == "unchanged"
    assert articles.get("a") == one


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(articles):
    one, two = article("a", "The allies met."), article("a", "The allies will meet.")
    put(articles, one)
    assert put(articles, two) == "updated"
    assert articles.get("a") == replace(two, version=2)
    assert articles.get_version("a", 1).text == "The allies met."
    assert [p.end for p in articles.passages("a")] == [len(two.text)]
    with pytest.raises(StoreError, match="no version 3"):
        articles.get_version("a", 3)


@pytest.mark.parametrize(
    "change",
    [{"title": "Better"}, {"published_on": JULY}, {"authors": ("A",)}, {"access": "teaser"}],
    ids=lambda change: next(iter(change)),
)
def test_changed_particulars_are_no_new_version(articles, change):
    one = article("a", "The allies met.")
    put(articles, one)
    assert put(articles, replace(one, **change)) == "updated"
    assert articles.get("a") == replace(one, **change)


def test_a_removed_article_is_hidden_but_its_text_stays(articles):
    put(articles, article("a", "The allies met."))
    articles.remove("a")
    assert (articles.count(), articles.list(), articles.passages()) == (0, [], [])
    assert articles.get_version("a", 1).text == "The allies met."
    with pytest.raises(StoreError, match=r"'a'.*digest list articles"):
        articles.get("a")
    with pytest.raises(StoreError, match=r"'a'.*digest list articles"):
        articles.remove("a")


def test_a_removed_article_can_come_back(articles):
    one = article("a", "The allies met.")
    put(articles, one)
    articles.remove("a")
    assert put(articles, one) == "added"
    assert articles.get("a") == one
    assert len(articles.passages("a")) == 1


def test_lists_are_by_day_then_id_and_undated_ones_only_unbounded(articles):
    for name, day in [("d", 13), ("b", 14), ("c", 13), ("a", None)]:
        put(articles, article(name, "Text.", published_on=day and JULY.replace(day=day)))
    assert [a.id for a in articles.list()] == ["c", "d", "b", "a"]
    assert [a.id for a in articles.list(since=JULY, until=JULY)] == ["c", "d"]
    assert [a.id for a in articles.list(since=JULY.replace(day=14))] == ["b"]
    assert [a.id for a in articles.list(until=JULY)] == ["c", "d"]


def test_a_failure_halfway_leaves_the_old_article_whole(articles):
    one = article("a", "The allies met. They agreed.")
    put(articles, one)
    before = articles.passages()

    def breaks():
        yield from before
        raise RuntimeError

    with pytest.raises(RuntimeError):
        articles.put(article("a", "Another text."), breaks())
    assert articles.get("a") == one
    assert articles.passages() == before
    with articles.database.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM passage_words")) == len(before)


def test_a_time_without_a_zone_is_refused(articles):
    naive = replace(article("a", "Text."), fetched_at=dt.datetime(2023, 7, 13))
    with pytest.raises(Exception, match="no time zone"):
        put(articles, naive)
    assert articles.count() == 0


def test_what_the_vectors_lack_is_remembered(articles):
    put(articles, article("a", "One."))
    put(articles, article("b", "Two."))
    articles.mark_embedded(articles.not_embedded())
    assert articles.not_embedded() == []
    put(articles, article("a", "One more."))
    articles.remove("b")
    lacking = articles.not_embedded()
    assert [name for name, _ in lacking] == ["a", "b"]
    put(articles, article("a", "Yet another."))
    articles.mark_embedded(lacking)
    assert [name for name, _ in articles.not_embedded()] == ["a"]
