"""Finds the article that another one reprints under a different address.

Texts are compared by their shingles, runs of `SHINGLE` words (characters in Japanese),
as in A. Broder, "On the resemblance and containment of documents" (1997). Shingles whose
hash is 0 modulo `SAMPLE` are indexed, and only articles that share one are compared.
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.types import Article

SHINGLE = 5
SAMPLE = 8
DAYS = 3  # apart, at most
SHARE = 0.7  # of the shorter text's shingles that a reprint has in common with the other
LENGTHS = 0.5  # shorter text to longer, at least

_TOKEN = re.compile(r"[぀-ヿ㐀-鿿]|[^\W぀-ヿ㐀-鿿]+")


class ArticleList(Protocol):
    """What is asked of the store."""

    def list(self, since: dt.date | None = None, until: dt.date | None = None) -> Sequence[Article]:
        """Articles published on the days from `since` to `until`, both included."""
        ...


def shingles(text: str) -> frozenset[int]:
    """Hashes of all runs of `SHINGLE` tokens; of the whole text where it is shorter."""
    tokens = _TOKEN.findall(text.lower())
    runs = zip(*(tokens[i:] for i in range(SHINGLE)), strict=False)
    hashed = frozenset(zlib.crc32(" ".join(run).encode()) for run in runs)
    return hashed or frozenset({zlib.crc32(" ".join(tokens).encode())})


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """Share of the smaller set that lies in the other, 0 to 1."""
    return len(one & other) / min(len(one), len(other))


class Reprints:
    """Texts met so far, loaded from the store a day at a time as they are asked for."""

    def __init__(self, articles: ArticleList) -> None:
        self._articles = articles
        self._known: dict[str, Article] = {}
        self._shingles: dict[str, frozenset[int]] = {}
        self._index: defaultdict[int, list[str]] = defaultdict(list)
        self._loaded: set[dt.date] = set()

    def original_of(self, article: Article) -> str | None:
        """Id of the first article with nearly the same text, within `DAYS` of the same date.

        Articles without a date are compared among those loaded in this run.
        """
        if article.published_on is not None:
            self._load(article.published_on)
        own = shingles(article.text)
        near = {i for h in own if h % SAMPLE == 0 for i in self._index.get(h, ())} - {article.id}
        best = [
            (containment(own, self._shingles[i]), i)
            for i in near
            if self._comparable(article, self._known[i], own, self._shingles[i])
        ]
        share, found = max(best, default=(0.0, ""))
        if share < SHARE:
            return None
        # A chain of reprints leads to one original; an article is never its own.
        original = self._known[found].duplicate_of or found
        return original if original != article.id else None

    def add(self, article: Article) -> None:
        """Make `article` known to later comparisons."""
        self._forget(article.id)
        own = shingles(article.text)
        self._known[article.id], self._shingles[article.id] = article, own
        for hashed in own:
            if hashed % SAMPLE == 0:
                self._index[hashed].append(article.id)

    def _forget(self, article_id: str) -> None:
        for hashed in self._shingles.pop(article_id, frozenset()):
            if hashed % SAMPLE == 0:
                self._index[hashed].remove(article_id)

    def _load(self, day: dt.date) -> None:
        days = {day + dt.timedelta(days=n) for n in range(-DAYS, DAYS + 1)} - self._loaded
        if days:
            self._loaded |= days
            stored: Iterable[Article] = self._articles.list(since=min(days), until=max(days))
            for article in stored:
                if article.id not in self._known:
                    self.add(article)

    @staticmethod
    def _comparable(
        one: Article, other: Article, own: frozenset[int], others: frozenset[int]
    ) -> bool:
        if min(len(own), len(others)) < LENGTHS * max(len(own), len(others)):
            return False
        if one.published_on is None or other.published_on is None:
            return True
        return abs(one.published_on - other.published_on) <= dt.timedelta(days=DAYS)
