"""Finds the passages that bear on a query, by their words and by their vectors.

The database is the truth and the vector index follows it. Indexing writes only the
database, which notes what the vectors still lack; the next search, or `catch_up`,
writes those. A process killed anywhere in between leaves nothing to mend by hand.
"""

from __future__ import annotations

import datetime as dt
import heapq
import threading
from collections.abc import Iterable, Mapping, Sequence, Set
from statistics import fmean

from assistant.llm.embeddings import Embedder
from assistant.nlp import is_japanese, sentences
from assistant.store import fulltext
from assistant.store.articles import Articles, Change
from assistant.store.vectors import Vector, VectorIndex
from assistant.types import Article, Hit, Passage

# A passage is so many sentences, and the next one begins with the last of the one before:
# enough to tell who and when, and a statement that runs over two sentences is whole in one.
SENTENCES = 3
OVERLAP = 1
# Share of the words in a passage's score; its vector has the rest. Measured on 1,709
# sentences of editors' summaries that look for the three reports they were written from,
# among 1,800 (AllSides clusters of the NeuS set): right report first, and share of the
# three reports within the first ten passages.
#   words alone (1.0)        0.720  0.703      reciprocal ranks, 0.8 to 0.2  0.722  0.712
#   0.9                      0.729  0.720      0.6                           0.727  0.709
#   0.8                      0.736  0.720      vectors alone (0.0)           0.627  0.622
# 0.8 against words alone: +0.016 (95 % interval 0.005 to 0.025) and +0.017 (0.010 to 0.023),
# clusters resampled; each half of the clusters prefers 0.8 or 0.7 by itself.
WORDS_SHARE = 0.8
# The default vectors are English, and their cosine with a Japanese text says nothing. So a Japanese
# query is searched by its words alone, and for an English one a Japanese passage counts as near as
# the English passages whose words score most like its own: so many of them.
# On the sample corpus 16 Japanese sentences find an English report of their story first for 0.62,
# among three for 0.94; with the cosine none and 0.75. 42 English sentences find the Japanese report
# among five for 0.43, among ten for 0.62; with its own cosine 0.26 and 0.40, by words alone 0.45
# and 0.62. (Two Japanese articles, so only a hint.)
_NEIGHBOURS = 5
# How deep each side is read before the two are put together.
_DEPTH = 50
# Up to so many passages of a window are named to the vector index.
_NAMED = 10_000
# Articles whose vectors are written, and noted as written, together.
_BATCH = 64


def passages_of(article: Article) -> list[Passage]:
    """Cut an article into windows of `SENTENCES`, each sharing `OVERLAP` with the one before."""
    spans = sentences(article.text)
    step = SENTENCES - OVERLAP
    return [
        Passage(article.id, spans[i][0], spans[min(i + SENTENCES, len(spans)) - 1][1])
        for i in range(0, max(len(spans) - OVERLAP, min(len(spans), 1)), step)
    ]


class Retriever:
    """Indexes and searches the articles of one home folder. Usable from several threads."""

    def __init__(self, articles: Articles, vectors: VectorIndex, embedder: Embedder) -> None:
        self._articles = articles
        self._vectors = vectors
        self._embedder = embedder
        self._compared = False
        self._writing = threading.Lock()

    def index(self, article: Article) -> Change:
        """Store an article with its passages; its vectors follow at the next search."""
        return self._articles.put(article, passages_of(article))

    def search(
        self, query: str, k: int = 10, since: dt.date | None = None, until: dt.date | None = None
    ) -> list[Hit]:
        """Find the `k` best passages for `query`, best first.

        The score, from 0 to 1, is the weighted mean of how much of the query's words the
        passage has (see `fulltext.search`) and of the cosine of the two vectors; vectors
        that do not read Japanese have no say where it is involved. Days are inclusive;
        with either given, articles without a date are left out. Raises `StoreError` for
        a query without a word, `ModelError` where the embedder fails.
        """
        depth = max(k, _DEPTH)
        with self._articles.database.read() as connection:
            by_words = dict(fulltext.search(connection, query, depth, since, until))
        self.catch_up()
        if is_japanese(query) and not self._embedder.reads_japanese:
            scores = by_words
        else:
            cosines = self._cosines(query, by_words, depth, since, until)
            scores = {
                passage: WORDS_SHARE * by_words.get(passage, 0.0)
                + (1 - WORDS_SHARE) * max(cosine, 0.0)
                for passage, cosine in cosines.items()
            }
        best = sorted(scores, key=lambda p: (-scores[p], p.article_id, p.start))[:k]
        return self._hits((passage, scores[passage]) for passage in best)

    def catch_up(self) -> None:
        """Write the vectors that are missing and drop those of removed or changed texts.

        Besides the articles noted as changed, it compares once what the index holds with
        what it should hold: its folder may have been deleted, or be an old copy.
        """
        with self._writing:
            self._embed_changed()
            if not self._compared:
                if self._vectors.count() != self._articles.passage_count():
                    self._find_differences()
                    self._embed_changed()
                self._compared = True

    def rebuild(self) -> None:
        """Cut, index and embed every article anew, whichever model made the old vectors."""
        with self._writing:
            for article in self._articles.list():
                self._articles.put_passages(article, passages_of(article))
            self._vectors.clear()
            self._articles.mark_not_embedded()
            self._embed_changed()

    def _cosines(
        self,
        query: str,
        by_words: Mapping[Passage, float],
        depth: int,
        since: dt.date | None,
        until: dt.date | None,
    ) -> dict[Passage, float]:
        """Cosines of the nearest passages and, however far down, of what the words found."""
        vector = self._embedder.embed([query])[0]
        cosines = dict(self._nearest(vector, depth, since, until))
        unseen = [passage for passage in by_words if passage not in cosines]
        cosines.update(self._vectors.query(vector, len(unseen), unseen))
        if self._embedder.reads_japanese:
            return cosines
        languages = self._articles.languages(_articles_of(cosines))
        unread = {passage for passage in cosines if languages.get(passage.article_id) == "ja"}
        return _without_cosine(unread, by_words, cosines) if unread else cosines

    def _nearest(
        self, vector: Vector, depth: int, since: dt.date | None, until: dt.date | None
    ) -> list[tuple[Passage, float]]:
        """Find the nearest passages of the articles published on these days, if any are given."""
        if since is None and until is None:
            return self._vectors.query(vector, depth)
        within = self._articles.passage_count(since, until)
        if within <= _NAMED:
            return self._vectors.query(vector, depth, self._articles.passages_between(since, until))
        # Naming that many takes longer than reading as much deeper among all of them.
        deeper = 2 * depth * self._articles.passage_count() // within
        found = self._vectors.query(vector, deeper)
        days = self._articles.published(_articles_of(passage for passage, _ in found))
        return [
            (passage, cosine)
            for passage, cosine in found
            if (day := days.get(passage.article_id)) is not None
            and (since is None or day >= since)
            and (until is None or day <= until)
        ][:depth]

    def _embed_changed(self) -> None:
        behind = self._articles.not_embedded()
        for first in range(0, len(behind), _BATCH):
            self._embed(behind[first : first + _BATCH])

    def _embed(self, editions: Sequence[tuple[str, int]]) -> None:
        """Write the vectors of these articles; a removed one has no passages left."""
        ids = [article_id for article_id, _ in editions]
        passages = [passage for name in ids for passage in self._articles.passages(name)]
        hits = self._hits((passage, 0.0) for passage in passages)
        vectors = self._embedder.embed([hit.quote for hit in hits])
        self._vectors.remove(ids)
        self._vectors.add([Passage(hit.article_id, hit.start, hit.end) for hit in hits], vectors)
        self._articles.mark_embedded(editions)

    def _find_differences(self) -> None:
        """Mark the articles whose vectors are not as they should be; drop unknown ones."""
        there, wanted = self._vectors.passages(), set(self._articles.passages())
        self._vectors.remove(_articles_of(there) - _articles_of(wanted))
        self._articles.mark_not_embedded(_articles_of(there ^ wanted))

    def _hits(self, scored: Iterable[tuple[Passage, float]]) -> list[Hit]:
        """Read the quotes; a passage whose article was removed meanwhile is left out."""
        found = list(scored)
        texts = self._articles.texts(_articles_of(passage for passage, _ in found))
        return [
            Hit(p.article_id, p.start, p.end, texts[p.article_id][p.start : p.end], score)
            for p, score in found
            if p.article_id in texts
        ]


def _without_cosine(
    unread: Set[Passage], by_words: Mapping[Passage, float], cosines: Mapping[Passage, float]
) -> dict[Passage, float]:
    """The cosines, with those of `unread` passages estimated from others with as many words.

    What neither its words nor its vector speak for is left out.
    """
    read = {passage: cosine for passage, cosine in cosines.items() if passage not in unread}
    found = sorted(
        (by_words[passage], cosine) for passage, cosine in read.items() if passage in by_words
    )

    def estimate(words: float) -> float:
        alike = heapq.nsmallest(_NEIGHBOURS, found, key=lambda pair: abs(pair[0] - words))
        return fmean(cosine for _, cosine in alike) if alike else 0.0

    return read | {p: estimate(by_words[p]) for p in unread if p in by_words}


def _articles_of(passages: Iterable[Passage]) -> set[str]:
    return {passage.article_id for passage in passages}
