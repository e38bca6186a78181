"""Searches passages by their words: BM25 in SQLite's own full-text index (FTS5).

Latin words are folded and stemmed by FTS5's `porter unicode61`. Japanese has no
spaces, so its runs go in as overlapping pairs of characters, together with the
English of the glossary's words that occur in them: an English query then finds a
Japanese report, and the other way round.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, text

from assistant.errors import StoreError
from assistant.store.tables import passages
from assistant.terms import STOP_WORDS, glossary
from assistant.types import Article, Passage

# A word of the title counts as so many of the passage, see `retrieve.WORDS_SHARE`.
TITLE_WEIGHT = 2.0
# Scoring takes a few µs a passage, and a common word brings tens of thousands of them. So
# only passages with one of the query's rarest words are scored: words are taken, rarest
# first, until they bring this many. On 100,000 passages 150 sentences then found the same
# first passage, and 99.8 % of the same first ten, in 24 ms instead of 84 (median).
CANDIDATE_BUDGET = 5_000
# Words in more than this share of many passages are left out beside others: that takes the
# slowest twentieth of searches from 59 ms to 34, and the right report first from 0.720 of
# queries to 0.719 (`retrieve.WORDS_SHARE` has the set; a share of 0.1 would cost 0.016).
COMMON_SHARE = 0.2
_K1 = 1.2  # FTS5's own constant, fixed in its source

_BEST = f"""
    SELECT p.article_id, p.start, p."end", best.cost
    FROM (
        SELECT rowid AS row, bm25(passage_words, {TITLE_WEIGHT}, 1.0) AS cost
        FROM passage_words WHERE passage_words MATCH :words {{candidates}} {{window}}
        ORDER BY cost, rowid LIMIT :limit
    ) AS best JOIN passages AS p ON p.id = best.row
    ORDER BY best.cost, p.id
"""
# The plus keeps SQLite from running the full-text search once for every row inside.
_WITH_A_RARE_WORD = """
    AND +rowid IN (SELECT rowid FROM passage_words WHERE passage_words MATCH :rare)
"""
_IN_WINDOW = """
    AND +rowid IN (
        SELECT passages.id FROM articles JOIN passages ON passages.article_id = articles.id
        WHERE articles.published_on BETWEEN :since AND :until
    )
"""
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々ー]+")
_WORD = re.compile(r"\w+")


def searchable(passage: str) -> str:
    """Prepare the words of `passage` as they go into the index.

    Full-width letters become plain ones, `U.S.` becomes `US`, Japanese becomes pairs.
    """
    folded = unicodedata.normalize("NFKC", passage)
    folded = _DOTTED.sub(lambda match: match[0].replace(".", ""), folded)
    if not _JAPANESE.search(folded):
        return folded
    english = (meaning for word, meaning in glossary().items() if word in folded)
    return " ".join([_JAPANESE.sub(_pairs, folded), *english])


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    pairs = [characters[i : i + 2] for i in range(len(characters) - 1)]
    return f" {' '.join(pairs or [characters])} "


def query_words(query: str) -> list[str]:
    """Return the words to look for: without stop words, unless there is nothing else.

    Raises `StoreError` where the query has no word at all.
    """
    words = list(dict.fromkeys(_WORD.findall(searchable(query))))
    if not words:
        raise StoreError("There is nothing to search for; type at least one word.")
    # The country is not the pronoun.
    telling = [word for word in words if word == "US" or word.lower() not in STOP_WORDS]
    return telling or words


def add(connection: Connection, article: Article, windows: Sequence[Passage]) -> None:
    """Store the passages of one article and index their words under its title."""
    title = searchable(article.title)
    for window in windows:
        row = connection.execute(
            insert(passages)
            .values(article_id=article.id, start=window.start, end=window.end)
            .returning(passages.c.id)
        ).scalar_one()
        connection.execute(
            text("INSERT INTO passage_words (rowid, title, body) VALUES (:id, :title, :body)"),
            {
                "id": row,
                "title": title,
                "body": searchable(article.text[window.start : window.end]),
            },
        )


def remove(connection: Connection, article_id: str) -> None:
    """Take out the passages of one article and their words."""
    of_article = passages.c.article_id == article_id
    rows = connection.scalars(select(passages.c.id).where(of_article)).all()
    for row in rows:
        connection.execute(text("DELETE FROM passage_words WHERE rowid = :id"), {"id": row})
    connection.execute(delete(passages).where(of_article))


def search(
    connection: Connection,
    query: str,
    limit: int,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> list[tuple[Passage, float]]:
    """Passages with the words of `query`, best first, with a score from 0 to 1.

    The score is BM25 over the most that any passage could reach for this query (each
    word found without end), so that it says how much of the query was found: a word
    that stands nowhere in the corpus lowers it. Days are inclusive; with either given,
    articles without a date are left out.
    """
    total = connection.scalar(text("SELECT count(*) FROM passages")) or 0
    frequency = {word: _passages_with(connection, word) for word in query_words(query)}
    present = {word for word, count in frequency.items() if count}
    if not present:
        return []
    days = (since, until)
    telling = _telling(frequency, total)
    rare = _rarest(telling)
    found = _best(connection, telling, rare, total, limit, days)
    if len(found) < limit and present - set(rare):  # what was left out for speed is needed
        found = _best(connection, frequency, [], total, limit, days)
    return found


def _best(
    connection: Connection,
    frequency: dict[str, int],
    rare: list[str],
    total: int,
    limit: int,
    days: tuple[dt.date | None, dt.date | None],
) -> list[tuple[Passage, float]]:
    """Score the passages with these words, only those with a rare one if there are any."""
    most = (_K1 + 1) * sum(_idf(count, total) for count in frequency.values())
    query = _BEST.format(
        candidates=_WITH_A_RARE_WORD if rare else "",
        window=_IN_WINDOW if any(days) else "",
    )
    rows = connection.execute(
        text(query),
        {
            "words": " OR ".join(map(_quoted, frequency)),
            "rare": " OR ".join(map(_quoted, rare)),
            "since": (days[0] or dt.date.min).isoformat(),
            "until": (days[1] or dt.date.max).isoformat(),
            "limit": limit,
        },
    )
    return [(Passage(row[0], row[1], row[2]), min(1.0, -row[3] / most)) for row in rows]


def _quoted(word: str) -> str:
    """`word` as an FTS5 string; a lone Japanese character finds the pairs it opens."""
    return f'"{word}"*' if len(word) == 1 and _JAPANESE.fullmatch(word) else f'"{word}"'


def _passages_with(connection: Connection, word: str) -> int:
    found: int = connection.execute(
        text("SELECT count(*) FROM passage_words WHERE passage_words MATCH :word"),
        {"word": _quoted(word)},
    ).scalar_one()
    return found


def _telling(frequency: dict[str, int], total: int) -> dict[str, int]:
    """Leave out the words that most passages of a large corpus share, if others remain."""
    limit = max(CANDIDATE_BUDGET, total * COMMON_SHARE)
    telling = {word: count for word, count in frequency.items() if count <= limit}
    return telling if any(telling.values()) else frequency


def _rarest(frequency: dict[str, int]) -> list[str]:
    """Choose the words that occur, rarest first, as the budget allows; at least one."""
    chosen: list[str] = []
    candidates = 0
    for word, count in sorted(frequency.items(), key=lambda item: (item[1], item[0])):
        candidates += count
        if chosen and candidates > CANDIDATE_BUDGET:
            break
        if count:
            chosen.append(word)
    return chosen


def _idf(count: int, total: int) -> float:
    """As FTS5 weighs a word; one in most passages counts for next to nothing."""
    return max(math.log((total - count + 0.5) / (count + 0.5)), 1e-6)
