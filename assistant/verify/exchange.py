"""Two names in each other's place: who did what to whom is turned around."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dates import MONTH_NAMES
from assistant.types import Finding
from assistant.verify.align import Word
from assistant.verify.claim_words import kinds

_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be) \w+(?:ed|en|ought|eld|et) by\b")
# What stands between two names of one list.
_LIST = re.compile(r"(?:\s|,|\band\b|\bor\b|\bthe\b|\b[A-Z]\w*\b)*")
_PLACING = frozenset("in at near on outside".split())
_POSSESSIVE = re.compile(r"['’]s$")
# A title stands so many words before its name, given names between them.
_REACH = 3


def exchanged(own: Sequence[Word], other: Sequence[Word], claim: str) -> list[Finding]:
    """A finding on the first of two names that `claim`, of the words `own`, has exchanged.

    `other` are the words of the sentence that it copies. Not where the claim turns the verb
    around too (`was hosted by`), where both names stand in one list, or where one is a place
    (`in Tokyo`), which may stand anywhere.
    """
    if _PASSIVE.search(claim):
        return []
    mine, theirs = _names(own), _names(other)
    shared = {w.key for w in mine} & {w.key for w in theirs}
    mine = [w for w in mine if w.key in shared]
    theirs = [w for w in theirs if w.key in shared]
    if sorted(w.key for w in mine) != sorted(w.key for w in theirs):
        return []
    for n, (word, instead) in enumerate(zip(mine, theirs, strict=True)):
        if word.key == instead.key:
            continue
        place = next(w for w in mine[n:] if w.key == instead.key)
        if _POSSESSIVE.search(instead.text) and not _POSSESSIVE.search(place.text):
            return []  # `the ministry of Japan` for `Japan's ministry`
        listed = _LIST.fullmatch(claim[word.end : place.start])
        if listed and not _POSSESSIVE.search(word.text) and not _bears(own, word):
            return []
        message = f"The source has “{instead.text}” here: who did it, and to whom?"
        return [Finding("role", "error", message, word.start, word.end)]
    return []


def _bears(own: Sequence[Word], name: Word) -> bool:
    """Whether a title stands before the name, its given names between them."""
    before = [w for w in own if w.end < name.start][-_REACH:]
    return any(w.key in kinds()["title"] for w in before)


def _names(some: Sequence[Word]) -> list[Word]:
    """Capitalised words but months, titles, and places that something happened in."""
    return [
        w
        for before, w in zip([None, *some], some, strict=False)
        if w.text[0].isupper()
        and w.is_content
        and w.text not in MONTH_NAMES
        and not any(w.key in kinds()[k] for k in ("title", "lesser"))
        and (
            before is None
            or before.text.lower() not in _PLACING
            or _POSSESSIVE.search(w.text) is not None
        )
    ]
