import numpy as np
import pytest

from assistant.errors import StoreError
from assistant.store import vectors
from assistant.store.vectors import VectorIndex
from assistant.types import Passage


@pytest.fixture
def index(tmp_path):
    index = VectorIndex(tmp_path / "vectors", "model-a", 4)
    yield index
    index.close()


def passages(article_id, count):
    return [Passage(article_id, 10 * i, 10 * i + 9) for i in range(count)]


def axes(*numbers):
    return np.eye(4, dtype=np.float32)[list(numbers)]


def test_the_nearest_come_first_with_their_cosines(index):
    one, two = passages("a", 2)
    (three,) = passages("b", 1)
    slanted = np.array([[0.8, 0.6, 0, 0]], np.float32)
    index.add([one, two, three], np.concatenate([axes(0, 1), slanted]))
    found = index.query(axes(0)[0], 2)
    assert [passage for passage, _ in found] == [one, three]
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.8], abs=1e-5)


def test_an_empty_index_finds_nothing(index):
    assert index.query(axes(0)[0], 5) == []
    assert index.count() == 0


@pytest.mark.parametrize("exact", [1_000, 0], ids=["one by one", "by the graph"])
def test_only_the_named_passages_are_looked_at(index, monkeypatch, exact):
    monkeypatch.setattr(vectors, "_EXACT", exact)
    one, two = passages("a", 2)
    index.add([one, two], axes(0, 1))
    assert [p for p, _ in index.query(axes(0)[0], 5, among=[two])] == [two]
    found = index.query(np.float32([0.6, 0.8, 0, 0]), 5, among=[*passages("gone", 1), one, two])
    assert [p for p, _ in found] == [two, one]
    assert [cosine for _, cosine in found] == pytest.approx([0.8, 0.6], abs=1e-5)


def test_naming_no_passage_finds_none(index):
    index.add(passages("a", 2), axes(0, 1))
    assert index.query(axes(0)[0], 5, among=[]) == []
    assert index.query(axes(0)[0], 5, among=passages("gone", 1)) == []


def test_an_article_is_removed_and_the_others_stay(index):
    index.add(passages("a", 3) + passages("b", 1), axes(0, 1, 2, 3))
    index.remove(["a", "never there"])
    assert index.passages() == set(passages("b", 1))
    assert index.count() == 1


def test_ids_with_colons_and_spaces_survive(index):
    odd = Passage("https://example.org: a/b:3:4", 0, 9)
    index.add([odd], axes(0))
    assert index.query(axes(0)[0], 1)[0][0] == odd
    index.remove([odd.article_id])
    assert index.count() == 0


def test_vectors_survive_closing(tmp_path):
    for expected in (0, 2):
        index = VectorIndex(tmp_path / "vectors", "model-a", 4)
        assert index.count() == expected
        if not expected:
            index.add(passages("a", 2), axes(0, 1))
        index.close()


@pytest.mark.parametrize(("model", "dimensions"), [("model-b", 4), ("model-a", 8)])
def test_another_models_vectors_are_refused_until_cleared(index, tmp_path, model, dimensions):
    index.add(passages("a", 1), axes(0))
    index.close()
    other = VectorIndex(tmp_path / "vectors", model, dimensions)
    with pytest.raises(
        StoreError,
        match=rf"made with model-a \(4 .*not with {model} \({dimensions}\).*digest reindex",
    ):
        other.query(np.ones(dimensions, np.float32), 1)
    other.clear()
    assert other.count() == 0
    other.add(passages("a", 1), np.ones((1, dimensions), np.float32))
    other.close()


def test_more_than_a_batch_is_added(index, monkeypatch):
    monkeypatch.setattr(index._chroma(), "get_max_batch_size", lambda: 2)
    index.add(passages("a", 4) + passages("b", 1), axes(0, 1, 2, 3, 0))
    assert index.count() == 5


def test_nothing_leaves_the_machine(index):
    assert index._chroma().get_settings().anonymized_telemetry is False


def test_a_damaged_folder_is_an_error_for_the_editor(tmp_path):
    folder = tmp_path / "vectors"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"no database" * 500)
    with pytest.raises(StoreError, match="digest reindex"):
        VectorIndex(folder, "model-a", 4).count()


def test_a_vector_of_the_wrong_length_is_an_error_for_the_editor(index):
    index.add(passages("a", 1), axes(0))
    with pytest.raises(StoreError, match="vector index"):
        index.query(np.ones(3, np.float32), 1)
