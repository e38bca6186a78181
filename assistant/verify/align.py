"""Lays a claim that copies its source beside the sentence that it copies, word by word."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.dates import DateMention, find_dates
from assistant.terms import STOP_WORDS
from assistant.verify.claim_words import claim_words, names_of_forms
from assistant.verify.offices import FIELD_LAST
from assistant.verify.quantities import find_quantities
from assistant.verify.verbs import base

# Share of a claim's words that one sentence must have, in order, for the claim to be its copy.
COPIED = 0.6
# A claim that has so much of a sentence copies it, too, whatever it adds.
_TAKEN = 0.8
_FEWEST = 5
_WORD = re.compile(r"\d[\d,.]*\d|\d|[A-Za-z](?:[A-Za-z]|['’.](?=[A-Za-z]))*|[$¥€£%]")
# A day that may be one of many is the same as any other; one day is `@7-18`, and `last Friday`,
# said on a Friday or the day after, `@7-14|7-21`.
SOME_DAY = "@"
_FEW_DAYS = 2
_LONGEST_NAME = 5  # words
_DASH = re.compile(r"\s[-–—]\s")


@dataclass(frozen=True)
class Word:
    """A word at `start:end`; `key` is what it is compared by."""

    key: str
    text: str
    start: int
    end: int

    @property
    def is_content(self) -> bool:
        """Whether it tells something by itself."""
        return self.key[0] != SOME_DAY and self.text.lower() not in STOP_WORDS


@dataclass(frozen=True)
class Change:
    """Words of the claim where the source has other words; either may be none.

    `before` and `after` are the words that stand around them, the same in both.
    """

    claim: tuple[Word, ...]
    source: tuple[Word, ...]
    before: Word | None
    after: Word | None


@lru_cache(maxsize=512)  # a claim is laid beside the same sentences several times
def words(text: str, published_on: dt.date | None) -> tuple[Word, ...]:
    """The words of `text`; a day or a number is one word, and names that mean the same are one.

    In the order of the text, but for those of offices (`_field_first`).
    """
    whole = [(m.start, m.end, _day_key(m)) for m in find_dates(text, published_on)]
    whole += [
        (q.start, q.number_end, f"{q.value:g}")
        for q in find_quantities(text)
        if not any(a <= q.start < b for a, b, _ in whole)
    ]
    found = [Word(key, text[a:b], a, b) for a, b, key in whole]
    for match in _WORD.finditer(text):
        if not any(a <= match.start() < b for a, b, _ in whole):
            found.append(Word(_key(match[0]), match[0], *match.span()))
    found.sort(key=lambda w: w.start)
    return tuple(_merged(_field_first(found, text), text))


def _day_key(mention: DateMention) -> str:
    days = sorted(f"{day.month}-{day.day}" for day in mention.days)
    return SOME_DAY + ("|".join(days) if len(days) <= _FEW_DAYS else "")


def _key(word: str) -> str:
    plain = re.sub(r"['’]s$", "", word).rstrip(".").lower()
    plain = claim_words().short.get(plain, plain)
    return same_names().get(plain) or base(plain)


def _field_first(found: Sequence[Word], text: str) -> list[Word]:
    """`found` with the words of `Minister of Defense` in the order of `Defense Minister`."""
    turned = list(found)
    for office in FIELD_LAST.finditer(text):
        parts = [w for w in turned if office.start() <= w.start < office.end()]
        at = turned.index(parts[0])
        turned[at : at + len(parts)] = [
            next(w for w in parts if w.start == office.start(n)) for n in (2, 1)
        ]
    return turned


def _merged(found: Sequence[Word], text: str) -> list[Word]:
    """Names of several words as one: `Republic of Korea`."""
    merged: list[Word] = []
    i = 0
    while i < len(found):
        opens = _spelled(found[i]) in _openings()
        for count in range(_LONGEST_NAME, 1, -1) if opens else ():
            run = found[i : i + count]
            spelled = " ".join(_spelled(w) for w in run)
            names = _same_phrases().get(re.sub(r"'s$", "", spelled), ())
            if len(run) == count and names:
                start, end = run[0].start, run[-1].end
                merged += [Word(name, text[start:end], start, end) for name in names]
                i += count
                break
        else:
            merged.append(found[i])
            i += 1
    return merged


def _spelled(word: Word) -> str:
    return word.text.lower().replace("’", "'")


@lru_cache(maxsize=1)
def same_names() -> Mapping[str, str]:
    """Each form of one word of a name, in lower case, and what it is compared as."""
    return {form: names[0] for form, names in names_of_forms().items() if " " not in form}


@lru_cache(maxsize=1)
def _openings() -> frozenset[str]:
    """The first words of names and phrases of several words."""
    return frozenset(form.split()[0] for form in _same_phrases() if " " in form)


@lru_cache(maxsize=1)
def _same_phrases() -> Mapping[str, Sequence[str]]:
    """Each form of a name, and each phrase that bounds a figure, with what it stands for."""
    bounds = claim_words().bounds.items()
    return {**names_of_forms(), **{form: [bound] for bound, forms in bounds for form in forms}}


@dataclass(frozen=True)
class Alignment:
    """The sentence that a claim copies, its words, and where the claim departs from it.

    `copied` is the share of the claim's words that it has in their order. A dateline that
    the claim leaves out is no part of it.
    """

    copied: float
    sentence: str
    words: tuple[Word, ...]
    changes: tuple[Change, ...]


def align(
    claim: Sequence[Word], sentences: Sequence[tuple[str, Sequence[Word]]]
) -> Alignment | None:
    """`claim` beside the sentence that it copies most; None where it copies none of them.

    So it is with a claim of no words, as Japanese ones are: they are not cut into words.
    """
    if not claim:
        return None
    best: Alignment | None = None
    most = 0
    for text, other in sentences:
        matcher = SequenceMatcher(
            None, [w.key for w in claim], [w.key for w in other], autojunk=False
        )
        shared = sum(block.size for block in matcher.get_matching_blocks())
        taken = shared >= max(_FEWEST, _TAKEN * len(other))
        if shared > most and (taken or shared >= COPIED * len(claim)):
            most = shared
            steps = [step[1:] for step in matcher.get_opcodes() if step[0] != "equal"]
            first = _after_dateline(text, other, steps[0]) if steps else 0
            if first:
                del steps[0]
            changes = tuple(_change(claim, other, *step) for step in steps)
            best = Alignment(shared / len(claim), text, tuple(other[first:]), changes)
    return best


def _after_dateline(text: str, other: Sequence[Word], step: tuple[int, int, int, int]) -> int:
    """The index of the first word after a dateline (`TOKYO, July 5 -`), if `step` leaves it out."""
    _, claimed, first, end = step
    left_out = claimed == 0 and first == 0 and 0 < end < len(other)
    return end if left_out and _DASH.search(text[other[end - 1].end : other[end].start]) else 0


def _change(claim: Sequence[Word], other: Sequence[Word], a: int, b: int, c: int, d: int) -> Change:
    before = claim[a - 1] if a else None
    after = claim[b] if b < len(claim) else None
    return Change(tuple(claim[a:b]), tuple(other[c:d]), before, after)
