"""In which way a word of a claim may be wrong where its source has others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dates import MONTH_NAMES, WEEKDAY_NAMES
from assistant.verify.align import SOME_DAY, Change, Word
from assistant.verify.claim_words import claim_words, kinds, opposed

_YEAR = re.compile(r"(?:19|20)\d\d")
# The names of months and weekdays.
CALENDAR = frozenset((*MONTH_NAMES, *WEEKDAY_NAMES))
_VAGUE_TIMES = frozenset("last past this earlier later same in year month week decade".split())


def kind_of(word: Word, change: Change) -> str | None:
    """In which way `word` may be wrong where it stands; None where it says the same."""
    if word.key[0] == SOME_DAY:
        return "date" if _is_another_day(word, change) else None
    if _differs("saying", word, change):
        return "saying"
    for kind in ("negation", "weak", "scope", "undoing", "title", "lesser", "unit"):
        if word.key in kinds()[kind] and not groups_of(kind, change) & kinds()[kind][word.key]:
            return "name" if kind == "title" and names_body(word, change) else kind
    if _is_timing(word, change):
        return "timing"
    for kind in ("strength", "degree"):
        if _differs(kind, word, change):
            return kind
    if opposed(word.key, [w.key for w in change.source]):
        return "opposite"
    if word.key[0].isdigit():
        return "number"
    if word.text in CALENDAR and (word.text != "May" or change.before is not None):
        return None if any(word.text in w.text for w in change.source) else "date"
    return "name" if word.text[0].isupper() and word.is_content else None


def _is_another_day(word: Word, change: Change) -> bool:
    """Whether none of the days that `word` may be is one that the source may mean there."""
    said = [w.key[1:] for w in change.source if w.key[0] == SOME_DAY]
    if word.key == SOME_DAY or "" in said or not change.source:
        return False
    may_be = set(word.key[1:].split("|"))
    return may_be.isdisjoint(day for days in said for day in days.split("|"))


def _differs(kind: str, word: Word, change: Change) -> bool:
    """Whether the source has words of `kind` there, and none of a group of `word`."""
    groups, others = kinds()[kind].get(word.key), groups_of(kind, change)
    return bool(groups and others and not groups & others)


def groups_of(kind: str, change: Change) -> set[int]:
    """The groups of `kind` that the source's words there are of."""
    return {g for w in change.source for g in kinds()[kind].get(w.key, ())}


def names_body(word: Word, change: Change) -> bool:
    """Whether `word` is of the name of a body, `Foreign` of the `Foreign Ministry`."""
    after = change.after.text.lower() if change.after is not None else ""
    return word.text[0].isupper() and after in claim_words().bodies.split()


def _is_timing(word: Word, change: Change) -> bool:
    """Whether `word` alone is another bound of a day or a year: `in 2027` for `by 2027`."""
    if change.after is None or not _differs("timing", word, change):
        return False
    alone = len(change.claim) == 1 and len(change.source) == 1
    return alone and bool(change.after.key[0] == SOME_DAY or _YEAR.fullmatch(change.after.text))


def is_vague_time(some: Sequence[Word]) -> bool:
    """Whether these words tell a time without saying which: `last year`, `earlier this month`."""
    return bool(some) and all(w.text.lower() in _VAGUE_TIMES for w in some)
