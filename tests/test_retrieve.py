import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from samples import article

from assistant import retrieve
from assistant.errors import StoreError
from assistant.retrieve import Retriever, passages_of
from assistant.store import fulltext
from assistant.store.articles import Articles
from assistant.store.database import Database
from assistant.store.vectors import VectorIndex

JULY = dt.date(2023, 7, 13)


class AxisEmbedder:
    """Counts a few words, one axis each; the last axis keeps every vector from being zero."""

    name = "axes"
    dimensions = 4
    reads_japanese = False

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked.append(list(texts))
        counts = [
            [t.count("ship"), t.count("vessel") + t.count("ship"), t.count("missile"), 0.1]
            for t in texts
        ]
        vectors = np.array(counts, np.float32).reshape(-1, 4)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def open_retriever(tmp_path):
    opened = []

    def build():
        database = Database.open(tmp_path / "digest.sqlite3")
        vectors = VectorIndex(tmp_path / "vectors", "axes", 4)
        opened.extend([database, vectors])
        return Retriever(Articles(database), vectors, AxisEmbedder())

    yield build
    for service in opened:
        service.close()


@pytest.fixture
def retriever(open_retriever):
    return open_retriever()


def ids(hits):
    return [hit.article_id for hit in hits]


def held(retriever):
    return {passage.article_id for passage in retriever._vectors.passages()}


@pytest.mark.parametrize(
    ("count", "windows"),
    [
        (0, []),
        (1, [(0, 1)]),
        (2, [(0, 2)]),
        (3, [(0, 3)]),
        (4, [(0, 3), (2, 4)]),
        (6, [(0, 3), (2, 5), (4, 6)]),
        (7, [(0, 3), (2, 5), (4, 7)]),
    ],
)
def test_windows_of_three_sentences_share_one(count, windows):
    text = " ".join(f"Sentence number {chr(65 + i)} stands here." for i in range(count))
    length = len("Sentence number A stands here.")
    spans = [(p.start, p.end) for p in passages_of(article("a", text))]
    assert spans == [(i * (length + 1), j * (length + 1) - 1) for i, j in windows]


def test_a_hit_is_the_articles_own_text(retriever):
    one = article("a", "Rain fell.\n\nThe destroyer left Yokosuka. It sails for Guam.")
    retriever.index(one)
    retriever.index(article("b", "The cabinet met. Nothing was said."))
    best = retriever.search("destroyer in Yokosuka")[0]
    assert best.article_id == "a"
    assert best.quote == one.text[best.start : best.end]
    assert "destroyer left Yokosuka" in best.quote
    assert 0 < best.score <= 1


def test_vectors_find_what_the_words_miss(retriever):
    retriever.index(article("vector", "The vessel is big and grey."))
    retriever.index(article("words", "A ship was bought."))
    retriever.index(article("neither", "It rained all day."))
    assert ids(retriever.search("ship")) == ["words", "vector", "neither"]


def test_the_title_counts_for_more_than_the_text(retriever):
    retriever.index(article("text", "The budget was cut.", title="Talks"))
    retriever.index(article("title", "The talks were cut.", title="Budget"))
    retriever.index(article("none", "Nothing else happened."))
    assert ids(retriever.search("budget"))[:2] == ["title", "text"]


def test_reprints_are_both_found(retriever):
    text = "The missile fell into the sea off Hokkaido."
    retriever.index(article("a", text))
    retriever.index(article("b", text))
    assert sorted(ids(retriever.search("missile Hokkaido"))) == ["a", "b"]


@pytest.mark.parametrize("named", [10_000, 0], ids=["few passages", "many passages"])
def test_days_hold_for_words_and_vectors_and_undated_articles_are_out(
    retriever, monkeypatch, named
):
    monkeypatch.setattr(retrieve, "_NAMED", named)
    text = "The ship fired a missile."
    for name, day in [("12", 12), ("13", 13), ("14", 14), ("undated", None)]:
        retriever.index(article(name, text, published_on=day and JULY.replace(day=day)))
    search = retriever.search
    assert sorted(ids(search("missile"))) == ["12", "13", "14", "undated"]
    assert ids(search("missile", since=JULY, until=JULY)) == ["13"]
    assert sorted(ids(search("missile", since=JULY))) == ["13", "14"]
    assert sorted(ids(search("unrelated ship", until=JULY))) == ["12", "13"]
    assert search("missile", since=JULY.replace(month=9)) == []


def test_a_changed_date_holds_at_once(retriever):
    one = article("a", "The ship left.", published_on=JULY)
    retriever.index(one)
    assert ids(retriever.search("ship", until=JULY)) == ["a"]
    retriever.index(replace(one, published_on=JULY.replace(day=20)))
    assert retriever.search("ship", until=JULY) == []


@pytest.mark.parametrize("query", ["", "  ", "?!", "* : \" '"], ids=repr)
def test_a_query_without_a_word_is_refused(retriever, query):
    with pytest.raises(StoreError, match="type at least one word"):
        retriever.search(query)


@pytest.mark.parametrize(
    "query",
    [
        '"missile',
        "missile*",
        "NEAR(missile sea)",
        "missile AND NOT",
        "body: missile",
        "-missile^ {",
    ],
)
def test_search_syntax_is_harmless(retriever, query):
    retriever.index(article("a", "A missile fell."))
    retriever.index(article("b", "It rained."))
    assert ids(retriever.search(query))[0] == "a"


def test_a_query_of_stop_words_still_finds(retriever):
    retriever.index(article("a", "What has been will be again."))
    retriever.index(article("b", "Rain fell."))
    assert ids(retriever.search("what will be"))[0] == "a"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("exercises", "Both armies exercised together."),
        ("Kono", "Kōno spoke."),
        ("US forces", "U.S. troops arrived."),
        ("2023", "２０２３年に開催"),
        ("共同訓練", "陸上自衛隊は共同訓練を実施した。"),
        ("訓", "陸上自衛隊は共同訓練を実施した。"),
        ("South Korea", "韓国の外相が会談した。"),
        ("韓国の外相", "South Korea sent its minister."),
    ],
    ids=["stem", "macron", "points", "full-width", "pairs", "one sign", "to-ja", "from-ja"],
)
def test_words_meet_across_spellings(retriever, query, text):
    retriever.index(article("a", text))
    retriever.index(article("b", "Rain fell on the market. 市場に雨が降った。"))
    with retriever._articles.database.read() as connection:
        found = fulltext.search(connection, query, 10)
    assert [passage.article_id for passage, _ in found] == ["a"]


def test_the_score_says_how_much_of_the_query_was_found(retriever):
    for i in range(8):
        retriever.index(article(f"filler-{i}", f"Rain fell on day {i}."))
    retriever.index(article("a", "The destroyer left Yokosuka."))

    def score(query):
        with retriever._articles.database.read() as connection:
            return fulltext.search(connection, query, 1)[0][1]

    assert score("destroyer Yokosuka") > 0.4
    assert score("destroyer zeppelin ballet opera") < score("destroyer Yokosuka") / 2


@pytest.fixture
def ministries(retriever, monkeypatch):
    """Five passages with a common word, one with a rare one; returns a search by words."""
    monkeypatch.setattr(fulltext, "CANDIDATE_BUDGET", 3)
    for i in range(5):
        retriever.index(article(f"ministry-{i}", "The ministry spoke.", published_on=JULY))
    retriever.index(article("guam", "Guam was quiet.", published_on=JULY.replace(month=8)))

    def found(query, limit, **days):
        with retriever._articles.database.read() as connection:
            return [p.article_id for p, _ in fulltext.search(connection, query, limit, **days)]

    return found


def test_passages_with_a_rare_word_come_without_the_common_ones(ministries, monkeypatch):
    scored = []
    best = fulltext._best

    def counting(connection, frequency, *rest):
        scored.append(set(frequency))
        return best(connection, frequency, *rest)

    monkeypatch.setattr(fulltext, "_best", counting)
    assert ministries("Guam ministry", 1) == ["guam"]
    assert scored == [{"Guam"}]


def test_common_words_are_used_where_the_rare_ones_do_not_suffice(ministries):
    assert len(ministries("Guam ministry", 6)) == 6
    assert len(ministries("Guam ministry", 5, until=JULY)) == 5
    assert len(ministries("ministry", 5)) == 5


def test_a_removed_article_is_gone_from_both_indexes(retriever):
    retriever.index(article("a", "The ship left."))
    retriever.index(article("b", "The ship stayed."))
    assert sorted(ids(retriever.search("ship"))) == ["a", "b"]
    retriever._articles.remove("a")
    assert ids(retriever.search("ship")) == ["b"]
    assert held(retriever) == {"b"}


def test_a_changed_text_replaces_its_vectors(retriever):
    retriever.index(article("a", "The ship left. It sailed. It was grey. It was big."))
    retriever.search("ship")
    retriever.index(article("a", "The missile fell."))
    (hit,) = retriever.search("missile")
    assert hit.quote == "The missile fell."
    assert len(retriever._vectors.passages()) == 1


def test_only_what_changed_is_embedded(retriever):
    retriever.index(article("a", "The ship left."))
    retriever.catch_up()
    retriever.index(article("a", "The ship left."))
    retriever.index(article("b", "The missile fell."))
    retriever.catch_up()
    retriever.catch_up()
    assert retriever._embedder.asked == [["The ship left."], ["The missile fell."]]


@pytest.mark.parametrize("killed_in", ["embed", "remove", "add", "mark"])
def test_a_kill_while_vectors_are_written_is_made_good(
    open_retriever, retriever, monkeypatch, killed_in
):
    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    retriever.index(article("old", "The vessel stayed."))
    retriever.catch_up()
    retriever.index(article("new", "The ship left."))
    retriever._articles.remove("old")
    owner, method = {
        "embed": (retriever._embedder, "embed"),
        "remove": (retriever._vectors, "remove"),
        "add": (retriever._vectors, "add"),
        "mark": (retriever._articles, "mark_embedded"),
    }[killed_in]
    monkeypatch.setattr(owner, method, kill)
    with pytest.raises(Killed):
        retriever.catch_up()
    again = open_retriever()
    assert ids(again.search("vessel")) == ["new"]
    assert held(again) == {"new"}
    assert again._articles.not_embedded() == []


def test_a_lost_vector_index_is_made_again(open_retriever, retriever):
    retriever.index(article("a", "The ship left."))
    retriever.index(article("b", "The missile fell."))
    retriever.catch_up()
    retriever._vectors.clear()
    again = open_retriever()
    again.search("ship")
    assert held(again) == {"a", "b"}


def test_vectors_of_unknown_articles_are_dropped(open_retriever, retriever):
    retriever.index(article("a", "The ship left."))
    stray = passages_of(article("stray", "The ship. It left. It sank. It rose."))
    retriever._vectors.add(stray, retriever._embedder.embed(["ship", "ship"]))
    again = open_retriever()
    assert ids(again.search("ship")) == ["a"]
    assert held(again) == {"a"}


def test_rebuilding_makes_everything_anew(retriever):
    retriever.index(article("a", "The ship left."))
    retriever.catch_up()
    before = retriever.search("ship")
    retriever.rebuild()
    assert retriever._embedder.asked.count(["The ship left."]) == 2
    assert retriever.search("ship") == before


def test_as_many_hits_as_asked_for(retriever):
    for i in range(60):
        retriever.index(article(f"a{i:02}", f"The ship {i} left."))
    assert len(retriever.search("ship", k=3)) == 3
    assert len(retriever.search("ship", k=55)) == 55


def _missile_reports(retriever):
    for i in range(6):
        retriever.index(article(f"en{i}", f"The missile left site {i}. Rain fell there all day."))
    retriever.index(replace(article("ja", "ミサイルが日本海に発射された。"), language="ja"))


def test_a_japanese_report_is_not_held_down_by_english_vectors(open_retriever):
    retriever = open_retriever()
    _missile_reports(retriever)
    assert ids(retriever.search("missile launched over the Sea of Japan"))[0] == "ja"
    assert "ja" not in ids(retriever.search("rain", k=20))


def test_vectors_that_read_japanese_have_their_say(open_retriever, monkeypatch):
    monkeypatch.setattr(AxisEmbedder, "reads_japanese", True)
    retriever = open_retriever()
    _missile_reports(retriever)
    assert "ja" in ids(retriever.search("rain", k=20))


def test_a_japanese_query_is_searched_by_its_words_alone(open_retriever, monkeypatch):
    monkeypatch.setattr(retrieve, "WORDS_SHARE", 0.0)
    retriever = open_retriever()
    retriever.index(article("a", "A missile was fired toward the sea."))
    retriever.index(article("b", "The weather was fine."))  # its vector is that of the query
    hits = retriever.search("ミサイルが発射された")
    assert hits[0].article_id == "a"
    assert hits[0].score > hits[-1].score or len(hits) == 1
