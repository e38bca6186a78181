"""Keeps the passages' vectors in Chroma and finds the nearest ones.

Derived data: everything here can be made again from the articles. A record's id is
`article:start:end`, so that a search reads no metadata (at 100,000 passages 2 ms
instead of 7); the article's id is metadata only to delete by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from assistant.errors import StoreError
from assistant.types import Passage

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Vector = np.ndarray[tuple[int], np.dtype[np.float32]]

_COLLECTION = "passages"
# Up to so many named passages are compared one by one; the times cross about here (25 ms).
_EXACT = 1_000
# Articles looked up at once.
_NAMES = 100


class VectorIndex:
    """One embedding model's vectors, in the folder `path`; Chroma is loaded at first use."""

    def __init__(self, path: Path, model: str, dimensions: int) -> None:
        self.path = path
        self.model = model
        self.dimensions = dimensions
        self._client: Client | None = None
        self._opened: Collection | None = None

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Store one vector, of unit length, for each passage; none may be there already."""
        with self._errors():
            collection = self._collection()
            size = self._chroma().get_max_batch_size()
            for first in range(0, len(passages), size):
                batch = passages[first : first + size]
                collection.add(
                    ids=[_key(passage) for passage in batch],
                    embeddings=vectors[first : first + size],
                    metadatas=[{"article": passage.article_id} for passage in batch],
                )

    def remove(self, article_ids: Iterable[str]) -> None:
        """Take out what there is of these articles."""
        with self._errors():
            collection = self._collection()
            names = list(article_ids)
            for first in range(0, len(names), _NAMES):
                # Looking many up and deleting by id: a deletion by metadata takes 70 ms each.
                some: dict[Literal["$in", "$nin"], list[str | int | float | bool]] = {
                    "$in": [*names[first : first + _NAMES]]
                }
                keys = collection.get(where={"article": some}, include=[])["ids"]
                if keys:
                    collection.delete(ids=keys)

    def query(
        self, vector: Vector, k: int, among: Sequence[Passage] | None = None
    ) -> list[tuple[Passage, float]]:
        """Find the `k` nearest passages, with their cosines, nearest first.

        With `among`, only those are looked at; the ones without a vector are passed over.
        """
        keys = None if among is None else [_key(passage) for passage in among]
        with self._errors():
            collection = self._collection()
            if keys is not None and len(keys) <= _EXACT:
                return _compare(collection, vector, keys)[:k]
            from chromadb.errors import InternalError

            try:
                return _nearest(collection, vector, k, keys)
            except InternalError:
                if keys is None:
                    raise
                # Some are not there, and Chroma refuses a query that names one such.
                there = set(collection.get(ids=keys, include=[])["ids"])
                return _nearest(collection, vector, k, [key for key in keys if key in there])

    def passages(self) -> set[Passage]:
        """Every passage that has a vector."""
        with self._errors():
            return {_passage(key) for key in self._collection().get(include=[])["ids"]}

    def count(self) -> int:
        """How many vectors there are."""
        with self._errors():
            return self._collection().count()

    def clear(self) -> None:
        """Start again, empty, for this embedding model."""
        with self._errors():
            if self._named() is not None:
                self._chroma().delete_collection(_COLLECTION)
            self._opened = None
            self._collection()

    def close(self) -> None:
        """Release the files."""
        if self._client is not None:
            self._client.close()
            self._client = self._opened = None

    def _chroma(self) -> Client:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            # Its declared type lacks `close`.
            self._client = cast(
                "Client",
                chromadb.PersistentClient(self.path, settings=Settings(anonymized_telemetry=False)),
            )
        return self._client

    def _named(self) -> Collection | None:
        """Return the collection as it is stored, whichever model made it."""
        names = [collection.name for collection in self._chroma().list_collections()]
        if _COLLECTION not in names:
            return None
        return self._chroma().get_collection(_COLLECTION, embedding_function=None)

    def _collection(self) -> Collection:
        if self._opened is None:
            mine = {"model": self.model, "dimensions": self.dimensions}
            collection = self._named()
            if collection is None:
                collection = self._chroma().create_collection(
                    _COLLECTION,
                    metadata=mine,
                    configuration={"hnsw": {"space": "cosine"}},
                    embedding_function=None,
                )
            elif collection.metadata != mine:
                theirs = collection.metadata or {}
                raise StoreError(
                    f"The vector index was made with {theirs.get('model')} "
                    f"({theirs.get('dimensions')} dimensions), not with {self.model} "
                    f"({self.dimensions}); run `digest reindex`, or choose that model again."
                )
            self._opened = collection
        return self._opened

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Chroma raises many kinds, among them bare `ValueError` and Rust's own."""
        try:
            yield
        except StoreError:
            raise
        except Exception as error:
            raise StoreError(
                f"The vector index in {self.path} failed ({error}); run `digest reindex`, "
                "or delete that folder: it is made again from the articles."
            ) from error


def _nearest(
    collection: Collection, vector: Vector, k: int, keys: list[str] | None
) -> list[tuple[Passage, float]]:
    """Search the graph, among `keys` if given: naming them is quicker than metadata."""
    found = collection.query(query_embeddings=vector, n_results=k, include=["distances"], ids=keys)
    distances = found["distances"] or [[]]
    return [
        (_passage(key), 1.0 - distance)
        for key, distance in zip(found["ids"][0], distances[0], strict=True)
    ]


def _compare(
    collection: Collection, vector: Vector, keys: list[str]
) -> list[tuple[Passage, float]]:
    """Compare with each of a few vectors: the graph is slow to find a handful in itself."""
    if not keys:
        return []
    found = collection.get(ids=keys, include=["embeddings"])
    cosines = (np.asarray(found["embeddings"]).reshape(-1, len(vector)) @ vector).tolist()
    pairs = sorted(zip(cosines, found["ids"], strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [(_passage(key), cosine) for cosine, key in pairs]


def _key(passage: Passage) -> str:
    return f"{passage.article_id}:{passage.start}:{passage.end}"


def _passage(key: str) -> Passage:
    article_id, start, end = key.rsplit(":", 2)
    return Passage(article_id, int(start), int(end))
