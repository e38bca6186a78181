"""Lays a claim beside the sentence that it copies, word by word in their normal forms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.dates import DateMention, find_dates
from assistant.lexicon import JOINING, known_names, same_word
from assistant.nlp import is_japanese
from assistant.quantities import Quantity, find_quantities
from assistant.terms import STOP_WORDS, base

# Share of a claim's words that one sentence must have, in order, for the claim to be its copy.
COPIED = 0.6
_WORD = re.compile(r"\d[\d,.]*\d|\d|[A-Za-z](?:[A-Za-z]|['’.](?=[A-Za-z]))*|[$¥€£%]")
_DAY = "@"
_MONEY = frozenset(("usd", "jpy", "eur", "gbp"))
_YEAR = re.compile(r"(?:19|20)\d\d")
# Shorter ones are the first letters of too many words.
_ACRONYM = re.compile(r"[A-Z]{3,6}")
# A name that is told by its initials has so many words at most.
_LONGEST_NAME = 7
# `Minister of Defense` is read as `Defense Minister`. A Minister of State is no State Minister.
_FIELD_LAST = re.compile(
    r"\b(Minister|Ministry|Secretary|Department)(?: of| for)(?: the)? "
    r"(Foreign(?= Affairs)|Defen[cs]e|Finance|Commerce|Justice|Energy|Trade"
    r"|(?<=Department of )State)(?: Affairs)?\b"
)


@dataclass(frozen=True)
class Word:
    """A word at `start:end`; `key` is its normal form."""

    key: str
    text: str
    start: int
    end: int

    @property
    def is_content(self) -> bool:
        """Whether it tells something by itself."""
        return self.key not in STOP_WORDS and self.text.lower() not in STOP_WORDS


@dataclass(frozen=True)
class Change:
    """Words of the claim where the sentence has others; either may be none."""

    claim: tuple[Word, ...]
    source: tuple[Word, ...]
    after: Word | None


@dataclass(frozen=True)
class Alignment:
    """Where a claim departs from `sentence`; `copied` is the share of its words that it has."""

    copied: float
    sentence: str
    changes: tuple[Change, ...]


def field_first(text: str) -> str:
    """`text` with `Defense Minister` for `Minister of Defense`."""
    return _FIELD_LAST.sub(r"\2 \1", text)


def align(
    claim: str, claimed_on: dt.date | None, sentences: Sequence[tuple[str, dt.date | None]]
) -> Alignment | None:
    """`claim` beside the one of `sentences`, (text, day of publication), that it copies most.

    None where it copies none, as Japanese does, which is not cut into words. Days are read
    against those of publication.
    """
    claimed = () if is_japanese(claim) else words(claim, claimed_on)
    best: Alignment | None = None
    for text, published_on in sentences if claimed else ():
        said = words(text, published_on)
        own, other = _by_initials(claimed, said), _by_initials(said, claimed)
        matcher = SequenceMatcher(
            None, [w.key for w in own], [w.key for w in other], autojunk=False
        )
        shared = sum(block.size for block in matcher.get_matching_blocks())
        copied = shared / len(own)
        if copied >= COPIED and (best is None or copied > best.copied):
            changes = tuple(
                Change(own[a:b], other[c:d], own[b] if b < len(own) else None)
                for tag, a, b, c, d in matcher.get_opcodes()
                if tag != "equal"
            )
            best = Alignment(copied, text, changes)
    return best


def _by_initials(some: Sequence[Word], others: Sequence[Word]) -> tuple[Word, ...]:
    """`some` with a run of words as one where a short form of either side stands for it.

    A short form in brackets after the words that it stands for is left out.
    """
    short = {w.text for w in (*some, *others) if _ACRONYM.fullmatch(w.text)}
    found: list[Word] = []
    i = 0
    while i < len(some):
        lengths = range(min(_LONGEST_NAME, len(some) - i), 1, -1)
        runs = (some[i : i + n] for n in lengths) if short else ()
        spelled = ((a, len(r)) for r in runs for a in sorted(short) if _spells(r, a))
        form, count = next(spelled, ("", 1))
        last = i + count - 1
        if form:
            explained = last + 1 < len(some) and some[last + 1].text == form
            last += explained
            found.append(Word(form.lower(), form, some[i].start, some[last].end))
        else:
            found.append(some[i])
        i = last + 1
    return tuple(found)


def _spells(run: Sequence[Word], short: str) -> bool:
    """Whether `short` is made of the first letters of `run`, and of others in it: `ICBM`."""
    if any(w.text.lower() in JOINING for w in (run[0], run[-1])):
        return False
    words = [w.text for w in run if w.text.lower() not in JOINING]
    firsts = "".join(word if word.isupper() else word[0] for word in words).upper()
    return (
        1 < len(firsts) <= len(short)
        and short[0] == firsts[0]
        and _in_order(firsts, short)
        and _in_order(short, "".join(words).upper())
    )


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return all(letter in rest for letter in letters)


@lru_cache(maxsize=512)  # a claim is laid beside the same sentences several times
def words(text: str, published_on: dt.date | None) -> tuple[Word, ...]:
    """The words of `text`; a day, a figure and a known name are one word each."""
    whole = [span for m in find_dates(text, published_on) for span in _day(m, text)]
    whole += [_figure(q) for q in find_quantities(text) if not _inside(q.start, whole)]
    whole += [
        (n.start, n.end, "|".join(sorted(n.keys)))
        for n in known_names(text)
        if not _inside(n.start, whole)
    ]
    found = [Word(key, text[a:b], a, b) for a, b, key in whole]
    for match in _WORD.finditer(text):
        if not _inside(match.start(), whole):
            key = same_word(match[0])
            found.append(Word(base(key) if key.isalpha() else key, match[0], *match.span()))
    return tuple(sorted(found, key=lambda w: w.start))


def _figure(quantity: Quantity) -> tuple[int, int, str]:
    """A number as one word; of money with its currency."""
    if quantity.unit in _MONEY:
        return quantity.start, quantity.end, f"{quantity.value:g} {quantity.unit}"
    return quantity.start, quantity.number_end, f"{quantity.value:g}"


def _inside(start: int, spans: Sequence[tuple[int, int, str]]) -> bool:
    return any(a <= start < b for a, b, _ in spans)


def _day(mention: DateMention, text: str) -> list[tuple[int, int, str]]:
    """A day as one word, and the year that it is told with as another."""
    key = _DAY + "|".join(sorted(f"{day.month}-{day.day}" for day in mention.days))
    year = _YEAR.search(text, mention.start, mention.end) if mention.has_year else None
    if year is None or year.start() == mention.start:
        return [(mention.start, mention.end, key)]
    return [(mention.start, year.start(), key), (*year.span(), year[0])]
