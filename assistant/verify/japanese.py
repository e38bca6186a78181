"""The layers for a Japanese claim on a Japanese page: words, plans told as done, negation.

Japanese has no spaces and its names no capitals, so the words compared are runs of kanji
and of katakana. A word that the page lacks counts against the claim, a synonym too: the
editor is told to read the page rather than assured of what nobody compared.
"""

from __future__ import annotations

import re

from assistant.types import Finding

_RUN = re.compile(r"[\u4e00-\u9fff々]{2,}|[\u30a1-\u30fa\u30fcー]{3,}")
_NUMERAL = re.compile(r"[一二三四五六七八九十百千万億兆年月日]+")
_PLAN = re.compile(
    r"計画|予定|方針|見通し|見込|検討|可能性|目指|意向|調整して|かもしれ|だろう|でしょう|たい考え"
)
_DONE = re.compile(r"た[。」]?$")
_NOT = re.compile(r"ない|なかった|なく|せず|ません|否定|拒否|中止|見送")
# Shorter pieces of a run stand in any page.
_FEWEST = 2


def check_words(claim: str, whole: str) -> list[Finding]:
    """Runs of kanji or katakana of which the page has no part of two signs or more."""
    return [
        Finding("name", "error", f"The page does not have “{claim[a:b]}”.", a, b)
        for run in _RUN.finditer(claim)
        for a, b in _uncovered(claim, run.start(), run.end(), whole)
        if not _NUMERAL.fullmatch(claim[a:b])
    ]


def _uncovered(claim: str, start: int, end: int, whole: str) -> list[tuple[int, int]]:
    """Stretches of `claim[start:end]` that no substring of the page covers, longest first."""
    found: list[tuple[int, int]] = []
    at = start
    while at < end:
        stop = next((e for e in range(end, at + _FEWEST - 1, -1) if claim[at:e] in whole), None)
        if stop is not None:
            at = stop
        elif found and found[-1][1] == at:
            at += 1
            found[-1] = (found[-1][0], at)
        else:
            found.append((at, at + 1))
            at += 1
    return [(a, b) for a, b in found if b - a >= _FEWEST]


def check_telling(claim: str, nearest: str) -> list[Finding]:
    """A plan of the nearest sentence told as done, or a `not` on one side alone."""
    found = []
    plan = _PLAN.search(nearest)
    if plan and _DONE.search(claim) and not _PLAN.search(claim):
        message = f"The page says “{plan[0]}”; the claim says that it was done."
        found.append(Finding("strength", "error", message, 0, len(claim)))
    denied, stated = _NOT.search(claim), _NOT.search(nearest)
    if denied and not stated:
        message = f"The page does not say “{denied[0]}” here."
        found.append(Finding("negation", "error", message, denied.start(), denied.end()))
    elif stated and not denied:
        message = f"The page says “{stated[0]}” here."
        found.append(Finding("negation", "error", message, 0, len(claim)))
    return found
