"""Japanese pages: words of a Japanese claim that they lack, and where an English one is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from assistant.errors import ModelError
from assistant.lexicon import spelled_out, title_words
from assistant.llm.embeddings import MultilingualE5, Vectors
from assistant.nlp import japanese_names
from assistant.sources import Sentence
from assistant.terms import glossary
from assistant.types import Finding

_RUN = re.compile(r"[\u4e00-\u9fff々]{2,}|[\u30a1-\u30fa\u30fcー]{3,}")
_CAPITALS = re.compile(r"\b[A-Z][A-Za-z-]+")
_NUMERAL = re.compile(r"[一二三四五六七八九十百千万億兆年月日]+")
# Shorter pieces of a run stand in any page.
_FEWEST = 2


def missing_words(claim: str, page: str) -> list[Finding]:
    """Runs of kanji or katakana of which the page has no part of two signs or more.

    Japanese has no spaces and its names no capitals: such runs are what can be looked up.
    """
    return [
        Finding("name", "error", f"The page does not have “{claim[a:b]}”.", a, b)
        for run in _RUN.finditer(claim)
        for a, b in _uncovered(claim, run.start(), run.end(), page)
        if not _NUMERAL.fullmatch(claim[a:b])
    ]


def _uncovered(claim: str, start: int, end: int, page: str) -> list[tuple[int, int]]:
    """Stretches of `claim[start:end]` that no substring of the page covers, longest first."""
    found: list[tuple[int, int]] = []
    at = start
    while at < end:
        stop = next((e for e in range(end, at + _FEWEST - 1, -1) if claim[at:e] in page), None)
        if stop is not None:
            at = stop
        elif found and found[-1][1] == at:
            at += 1
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at + 1))
            at += 1
    return [(a, b) for a, b in found if b - a >= _FEWEST]


def nearest_sentences(claim: str, sentences: Sequence[Sentence], count: int) -> list[Sentence]:
    """Those nearest to a claim in another language, best first; none without such vectors."""
    model = _multilingual()
    if model is None or not sentences:
        return []
    near = _vectors(tuple(s.text for s in sentences)) @ model.question(claim)
    return [sentences[i] for i in np.argsort(-near, kind="stable")[:count]]


def names_found(claim: str, page: str) -> list[str]:
    """Words of names in an English claim that a Japanese page has, by glossary or reading.

    One that is not found may still be there: many names have more than one reading.
    """
    have = _names_on(page)
    names = (w for w in _CAPITALS.findall(claim) if spelled_out(w) not in title_words())
    return list(dict.fromkeys(w for w in names if _as_read(w) in have))


@lru_cache(maxsize=16)  # a page is asked for with each of the claims that cite it
def _names_on(page: str) -> frozenset[str]:
    glossed = (english for japanese, english in glossary().items() if japanese in page)
    named = (w for english in glossed for w in english.split() if w[0].isupper())
    return frozenset(map(_as_read, (*japanese_names(page), *named)))


def _as_read(name: str) -> str:
    """A name in small letters with long vowels written short, `toukyou` as `tokyo`."""
    short = re.sub(r"ou|oo|oh(?![aeiou])", "o", name.lower()).replace("uu", "u")
    return re.sub(r"n(?=[bmp])", "m", short)


@lru_cache(maxsize=16)
def _vectors(texts: tuple[str, ...]) -> Vectors:
    model = _multilingual()
    assert model is not None
    return model.texts(texts)


@lru_cache(maxsize=1)
def _multilingual() -> MultilingualE5 | None:
    try:
        return MultilingualE5()
    except ModelError:
        return None
