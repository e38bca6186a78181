"""Words of a Japanese claim that its page does not have."""

from __future__ import annotations

import re

from assistant.types import Finding

_RUN = re.compile(r"[\u4e00-\u9fff々]{2,}|[\u30a1-\u30fa\u30fcー]{3,}")
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
