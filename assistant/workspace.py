"""Opens the services of one home folder, in one place, and hands them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.errors import StoreError
from assistant.ingest import Ingest
from assistant.llm.calibration import calibration_of, is_calibrated
from assistant.llm.catalog import Catalog
from assistant.llm.chat import Chat, open_chat
from assistant.llm.embeddings import Embedder, open_embedder
from assistant.retrieve import Retriever
from assistant.settings import Settings
from assistant.store import fulltext
from assistant.store.articles import Articles
from assistant.store.calls import CallCache
from assistant.store.database import Database
from assistant.store.issues import Issues
from assistant.store.vectors import VectorIndex
from assistant.types import Article
from assistant.verify.verifier import Verifier

if TYPE_CHECKING:
    from assistant.ingest.web import Fetcher

# Articles of the corpus that a claim is looked up in, beyond those it cites.
_OTHER_SOURCES = 4


class Workspace:
    """The services over one home folder; what is heavy opens at first use."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings = settings
        self.database = database
        self.articles = Articles(database)
        self.issues = Issues(database)
        self.catalog = Catalog.load()

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model of the settings."""
        return open_embedder(self.settings.embedding, self.settings)

    @cached_property
    def vectors(self) -> VectorIndex:
        """The vector index."""
        return VectorIndex(self.settings.vectors, self.embedder.name, self.embedder.dimensions)

    @cached_property
    def retriever(self) -> Retriever:
        """Search over the articles."""
        return Retriever(self.articles, self.vectors, self.embedder)

    @cached_property
    def fetcher(self) -> Fetcher:
        """The bounded web fetcher."""
        from assistant.ingest.web import Fetcher

        return Fetcher()

    @cached_property
    def ingest(self) -> Ingest:
        """Reads sources into the store."""
        return Ingest(self.articles, self.retriever, self.fetcher)

    @cached_property
    def chat(self) -> Chat | None:
        """The chat model that the settings mean; None where there is none."""
        cache = CallCache(self.database) if self.settings.call_cache else None
        return open_chat(self.settings, self.catalog, cache)

    def verifier(self, chat: Chat | None) -> Verifier:
        """A claim checker over this corpus."""
        fitted = calibration_of(chat.entry if chat else None, self.settings.home)
        return Verifier(self.embedder, chat, self.find_articles, fitted)

    @property
    def uncalibrated(self) -> str | None:
        """The name of the model in use, where the checker is not fitted to its answers."""
        chat = self.chat
        calibrated = is_calibrated(chat.entry if chat else None, self.settings.home)
        return None if calibrated or chat is None else chat.name

    def find_articles(self, text: str) -> Sequence[Article]:
        """The few articles of the corpus nearest to `text`, by its words, best first."""
        try:
            fulltext.query_words(text)
        except StoreError:  # a dash or an emoji: nothing to find it by
            return []
        with self.database.read() as connection:
            found = fulltext.search(connection, text, _OTHER_SOURCES * 3)
        ids = list(dict.fromkeys(passage.article_id for passage, _ in found))
        return [self.articles.get(article_id) for article_id in ids[:_OTHER_SOURCES]]

    def close(self) -> None:
        """Stop the model's server and close the stores."""
        opened = self.__dict__
        if opened.get("chat") is not None:
            opened["chat"].close()
        if "vectors" in opened:
            opened["vectors"].close()
        self.database.close()


@contextmanager
def open_workspace(settings: Settings) -> Iterator[Workspace]:
    """The workspace of `settings.home`, created at first use and closed at the end."""
    workspace = Workspace(settings, Database.open(settings.database))
    try:
        yield workspace
    finally:
        workspace.close()
