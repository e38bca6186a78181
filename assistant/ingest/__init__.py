"""Brings articles in: from files, folders, the web and the clipboard into the store.

`Ingest.run` is the whole way: find the sources, read each into a `Page`, make an
`Article` of it, see whether it reprints another, and index it.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.errors import AssistantError, IngestError
from assistant.ingest.article import build_article
from assistant.ingest.duplicates import ArticleList, Reprints
from assistant.ingest.folder import article_files
from assistant.ingest.reading import Pasted, read_bytes, read_file, read_pasted
from assistant.types import Article

if TYPE_CHECKING:
    from assistant.ingest.web import Fetched

__all__ = ["Failure", "Ingest", "Pasted", "Report", "Stored"]

_LOG = logging.getLogger(__name__)
_RANK = {"official": 0, "wire": 1, "press": 2, "other": 3}


class Index(Protocol):
    """Stores an article with its passages and vectors, in one call."""

    def index(self, article: Article) -> Literal["added", "updated", "unchanged"]: ...


class Fetches(Protocol):
    """Gets a document from the web; `Fetcher` does."""

    def fetch(self, url: str) -> Fetched: ...


@dataclass(frozen=True)
class Stored:
    """Article that came of a source; `of` is the article that it reprints."""

    source: str
    article_id: str
    of: str | None = None


@dataclass(frozen=True)
class Failure:
    """Source of which nothing came, and why."""

    source: str
    reason: str


@dataclass
class Report:
    """What became of each source. A source stands in exactly one of the first five lists."""

    added: list[Stored] = field(default_factory=list)
    updated: list[Stored] = field(default_factory=list)
    unchanged: list[Stored] = field(default_factory=list)
    duplicates: list[Stored] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Report as `digest ingest --json` prints it; only duplicates have `of`."""
        report = asdict(self)
        for entry in report["added"] + report["updated"] + report["unchanged"]:
            del entry["of"]
        return report


class Ingest:
    """Reads sources and hands their articles to the index."""

    def __init__(
        self,
        articles: ArticleList,
        retriever: Index,
        fetch: Fetches,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._articles = articles
        self._retriever = retriever
        self._fetch = fetch
        self._now = now

    def run(
        self,
        sources: Iterable[str | Pasted],
        progress: Callable[[str], None] | None = None,
    ) -> Report:
        """Ingest paths of files and folders, addresses and pasted texts.

        A source that fails is reported and the others go on. The articles of a folder are
        stored oldest first, official before wire before press, so that an original comes
        before its reprints. `progress` is told each source once it was read.
        """
        report = Report()
        reprints = Reprints(self._articles)
        seen: dict[str, str] = {}
        for source in sources:
            read: list[tuple[str, Article]] = []
            for name, article in self._read(source, report):
                if progress is not None:
                    progress(name)
                if article is not None:
                    read.append((name, article))
            for name, article in sorted(read, key=_oldest_first):
                self._store(name, article, report, reprints, seen)
        return report

    def _read(self, source: str | Pasted, report: Report) -> Iterator[tuple[str, Article | None]]:
        """Name and article of everything that one source stands for; None where it failed."""
        path = None if isinstance(source, Pasted) or "://" in source else Path(source)
        if path is not None and path.is_dir():
            files = article_files(path, report.warnings.append)
            if not files:
                report.failed.append(Failure(str(path), "There is no article in this folder."))
            for file in files:
                yield str(file), self._attempt(str(file), file, report)
        else:
            name = "-" if isinstance(source, Pasted) else source
            yield name, self._attempt(name, path or source, report)

    def _attempt(self, name: str, source: str | Path | Pasted, report: Report) -> Article | None:
        try:
            article, warnings = self._article(source)
        except AssistantError as error:
            report.failed.append(Failure(name, str(error)))
        except Exception as error:  # a reader's own mistake must not cost the rest of the batch
            _LOG.exception("%s could not be read", name)
            reason = (
                f"Reading failed with {type(error).__name__}: paste the article's text instead."
            )
            report.failed.append(Failure(name, reason))
        else:
            report.warnings.extend(f"{name}: {warning}" for warning in warnings)
            return article
        return None

    def _article(self, source: str | Path | Pasted) -> tuple[Article, tuple[str, ...]]:
        now = self._now()
        if isinstance(source, Pasted):
            return build_article(read_pasted(source), "pasted", now)
        if isinstance(source, Path):
            if not source.exists():
                raise IngestError("There is no such file or folder.")
            return build_article(read_file(source), "file", now)
        fetched = self._fetch.fetch(source)
        page = read_bytes(fetched.data, fetched.media_type, fetched.charset)
        # What a fetched text says of its own address and rank is a claim, not an editor's word.
        page = replace(
            page,
            url=re.sub("#.*", "", fetched.url),
            canonical=page.canonical or page.url,
            kind=None,
        )
        return build_article(page, "web", now)

    def _store(
        self,
        name: str,
        article: Article,
        report: Report,
        reprints: Reprints,
        seen: dict[str, str],
    ) -> None:
        original = reprints.original_of(article)
        article = replace(article, duplicate_of=original)
        try:
            outcome = self._retriever.index(article)
        except AssistantError as error:
            report.failed.append(Failure(name, str(error)))
            return
        reprints.add(article)
        if outcome == "updated" and article.id in seen:
            report.warnings.append(
                f"{name}: has the address of {seen[article.id]}, which it replaced."
            )
        seen[article.id] = name
        entry = Stored(name, article.id, original)
        if outcome == "added" and original is not None:
            report.duplicates.append(entry)
        else:
            {"added": report.added, "updated": report.updated, "unchanged": report.unchanged}[
                outcome
            ].append(entry)


def _oldest_first(entry: tuple[str, Article]) -> tuple[dt.date, int, str]:
    name, article = entry
    return article.published_on or dt.date.max, _RANK[article.kind], name
