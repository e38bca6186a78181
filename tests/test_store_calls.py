import pytest

from assistant.store.calls import CallCache
from assistant.store.database import Database


@pytest.fixture
def cache(tmp_path):
    with Database.open(tmp_path / "digest.sqlite3") as db:
        yield CallCache(db)


def test_an_answer_is_kept_under_its_key(cache):
    answer = {"text": "日米", "probability": 0.1, "none": None}
    cache.put("k1", {"messages": ["?"]}, answer, "qwen")
    assert cache.get("k1") == answer
    assert cache.get("k2") is None


def test_the_first_answer_stays(cache):
    cache.put("k", {}, {"n": 1}, "qwen")
    cache.put("k", {}, {"n": 2}, "qwen")
    assert cache.get("k") == {"n": 1}
