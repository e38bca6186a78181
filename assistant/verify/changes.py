"""What a claim changed in the sentence that it copies: the layer for near-copies.

A draft stays close to its source, so most of its mistakes are a few words that stand
where the source has others: another figure, minister, place, `will` for `may`, `the
only` for `a`. The claim is laid beside the sentence (`align`), and each difference is
judged by the kind of its words; differences of ordinary words are left to the score and
the model, since they are as often a synonym as a mistake.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.nlp import parse
from assistant.types import Finding
from assistant.verify.align import SOME_DAY, Change, Word, align, words
from assistant.verify.change_kinds import CALENDAR, groups_of, is_vague_time, kind_of, names_body
from assistant.verify.claim_words import kinds
from assistant.verify.exchange import exchanged
from assistant.verify.quantities import Quantity, find_quantities
from assistant.verify.verbs import base

# Words of the claim that stand so near a word of the source count as said of the same.
_REACH = 3
# Where more words than these differ, the claim tells something anew.
_LONGEST_CHANGE = 8
# So many words put into a copied sentence, which the page has nowhere, are no synonym.
_INVENTED = 3
# Share of the words added to a copied sentence that no evidence has: else it joins two facts.
_NEW = 1 / 3
# What stands before a speaker.
_SPEAKER = re.compile(r"\baccording to(?: the| an?)?\s*$", re.I)
_FORMS_OF_BE = frozenset("be is are was were".split())
_PRONOUNS = frozenset("it they he she its their his her".split())
# Whom a pronoun means is told so many characters before it; where it is, so many find.
_ANTECEDENT = 250
_FINDING = 25
# Kinds of words that the source must have where the claim has them.
_NEEDED = frozenset(("negation", "weak", "scope", "undoing", "title", "lesser"))
# Codes of findings, where they are not the kind itself.
_CODES = {
    "weak": "strength",
    "saying": "attribution",
    "degree": "scope",
    "undoing": "action",
    "timing": "strength",
    "lesser": "title",
}


def check_changes(
    claim: str,
    issued: dt.date | None,
    sentences: Sequence[tuple[str, dt.date | None]],
    whole: str,
) -> list[Finding]:
    """Findings on `claim` where it departs from one of `sentences` in words that matter.

    `sentences` are (text, day of publication); `issued` is the day that the claim's own
    days are read by; `whole` is all that the cited articles say.
    """
    said = [(text, words(text, on)) for text, on in sentences]
    own = words(claim, issued)
    alignment = align(own, said)
    if alignment is None:
        return []
    passed_over = frozenset(w.key for change in alignment.changes for w in change.source)
    source = _Source([w for _, w in said], alignment.sentence, passed_over, whole)
    found = exchanged(own, alignment.words, claim)
    told = frozenset(w.key for change in alignment.changes for w in change.claim)
    for change in alignment.changes:
        if any(f.start < w.end and w.start < f.end for f in found for w in change.claim):
            continue
        judged = (
            _replaced(change, source, claim),
            _added(change, source, claim),
            _lost(change, told),
        )
        found += [f for f in judged if f is not None][:1]
    if found and found[0].code == "role":  # the other name in its place says no more
        return [found[0], *(f for f in found[1:] if f.code != "name")]
    return found


@dataclass(frozen=True)
class _Source:
    """The words of each evidence sentence, and the sentence that the claim copies.

    `passed_over` are the keys of its words that the claim has elsewhere or not at all.
    """

    sentences: Sequence[Sequence[Word]]
    copied: str
    passed_over: frozenset[str]
    whole: str

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(w.key for sentence in self.sentences for w in sentence)

    @cached_property
    def page(self) -> frozenset[str]:
        """Base forms of all words of the cited articles."""
        return frozenset(map(base, re.findall(r"[A-Za-z]+", self.whole)))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return find_quantities(self.copied)

    @cached_property
    def opens_with_name(self) -> bool:
        return parse(self.copied)[0].pos_ == "PROPN"


def _keys(some: Sequence[Word]) -> set[str]:
    return {w.key for w in some if w.is_content}


def _replaced(change: Change, source: _Source, claim: str) -> Finding | None:
    """Words that stand where the source has others of their kind, or none."""
    if len(change.source) > _LONGEST_CHANGE or len(change.claim) > _LONGEST_CHANGE:
        return None  # told anew, not exchanged
    there = {w.key for w in change.source}
    before = _told_before(change, source)
    for word in change.claim:
        kind = kind_of(word, change)
        if kind in ("name", "title") and word.key in before:
            continue
        code = _CODES.get(kind or "", kind or "")
        if kind == "name" and not _is_name(word, change, source, claim):
            continue
        if word.key in there or kind is None:
            continue
        if not _is_counted(word, change) and _said_near(word, kind, change, source):
            continue
        if kind in ("number", "unit") and _converted(word, source, claim):
            continue
        if kind in ("number", "date") and word.key in source.passed_over:
            continue  # moved within the sentence
        if (
            kind in ("number", "date")
            and is_vague_time(change.source)
            and re.search(rf"\b{re.escape(word.text)}\b", source.whole)
        ):
            continue  # `last year` by the year
        if kind in ("number", "date") and not any(map(_counts, change.source)):
            continue  # added, not exchanged: whether the page has it was looked up
        named = any(map(_names_somebody, change.source)) or names_body(word, change)
        if kind == "name" and not named:
            continue  # `the governments` and `the Prime Minister` by their names
        if kind in ("name", "title") and _spells_out(change):
            continue
        if not change.source:
            if kind in _NEEDED:
                return _finding(code, f"The source does not say “{word.text}” here.", [word])
            continue  # the layers of names, days and figures have looked for it
        instead = " ".join(w.text for w in change.source)
        message = f"The source says “{instead}” here, not “{_text(change.claim)}”."
        same = [w.text for w in change.source if kind_of(w, change) == kind]
        exact = len(same) == 1 and kind in ("number", "unit", "name", "title", "date")
        return _finding(code, message, [word], same[0] if exact else None)
    return None


def _told_before(change: Change, source: _Source) -> frozenset[str]:
    """The keys of what the page tells before a pronoun that the claim has a name for."""
    if not change.source or any(w.text.lower() not in _PRONOUNS for w in change.source):
        return frozenset()
    start = change.source[0].start
    place = source.whole.find(source.copied[start : start + _FINDING])
    told = source.whole[max(0, place - _ANTECEDENT) : max(0, place)]
    return frozenset(w.key for w in words(told, None))


def _is_name(word: Word, change: Change, source: _Source, claim: str) -> bool:
    """Not a short form in brackets, which the words before it spell, nor a plain opening word."""
    if claim[word.start - 1 : word.start] == "(":
        return False
    opens = word.start == 0 and not word.text.endswith("s")
    return word.start > 0 or (opens and bool(change.source) and source.opens_with_name)


def _spells_out(change: Change) -> bool:
    """Whether one side is the other's short form: `JASDF` for `Japan Air Self-Defense Force`."""
    sides = [[w.text for w in side] for side in (change.claim, change.source)]
    initials = ["".join(t[0] for t in texts if t[0].isupper()) for texts in sides]
    return any(
        len(initials[i]) > 1 and any(t.isupper() and initials[i] in t for t in sides[1 - i])
        for i in (0, 1)
    )


def _is_counted(word: Word, change: Change) -> bool:
    """Whether `word` is the unit of a figure that the source gives in another one there."""
    figure = change.before is not None and change.before.key[0].isdigit()
    unit = word is change.claim[0] and word.key in kinds()["unit"]
    return figure and unit and bool(groups_of("unit", change))


def _counts(word: Word) -> bool:
    """Whether it is a figure or a day, or a word for one."""
    vague = any(word.key in kinds()[kind] for kind in ("degree", "scope", "unit"))
    return vague or word.key[0].isdigit() or word.key[0] == SOME_DAY or word.text in CALENDAR


def _names_somebody(word: Word) -> bool:
    return word.text[0].isupper() and word.is_content and word.key not in kinds()["title"]


def _said_near(word: Word, kind: str, change: Change, source: _Source) -> bool:
    """Whether a source sentence has `word` next to what stands beside it in the claim.

    The other words of a name or a title, which others share, do not tell whose it is.
    """
    beside = [w for w in (change.before, change.after, *change.claim) if w and w is not word]
    if kind == "title" or (kind == "name" and word.key not in source.passed_over):
        beside = [w for w in beside if not w.text[0].isupper() and w.key not in kinds()["title"]]
    around = {w.key for w in beside if w.is_content}
    for sentence in source.sentences:
        for i, other in enumerate(sentence):
            if other.key == word.key:
                near = sentence[max(0, i - _REACH) : i + _REACH + 1]
                if around & {w.key for w in near if w is not other}:
                    return True
    return False


def _converted(word: Word, source: _Source, claim: str) -> bool:
    """Whether the figure at `word` is one of the source's in another unit."""
    own = [q for q in find_quantities(claim) if q.start < word.end and word.start < q.end]
    return any(q.unit and q.same_as(o) for q in own for o in source.quantities)


def _added(change: Change, source: _Source, claim: str) -> Finding | None:
    """A reason, an occasion or a speaker of whom the source has nothing, or words put in."""
    marks = {k for w in change.claim for k in ("cause", "saying") if w.key in kinds()[k]}
    told = [
        w
        for w in change.claim
        if w.is_content
        and not any(w.key in entries for entries in kinds().values())
        and not w.key[0].isdigit()
    ]
    new = [w for w in told if w.key not in source.keys]
    if not new or len(new) < _NEW * len(told):
        return None
    speaker = _SPEAKER.search(claim, 0, change.claim[0].start)
    more = len(new) > len(_keys(change.source))
    inside = change.after is not None and not change.source
    put_in = inside and sum(w.key not in source.page for w in new) >= _INVENTED
    if not speaker and not (more and (marks or put_in)):
        return None
    shown = claim[slice(*_span(change.claim))]
    code = "cause" if "cause" in marks else "attribution" if marks or speaker else "part"
    return _finding(code, f"The source does not say “{shown}”.", change.claim)


def _lost(change: Change, told: frozenset[str]) -> Finding | None:
    """A `not`, a `may` or a `vice` of the source that the claim leaves out.

    `told` are the words that the claim has elsewhere than its source.
    """
    if change.after is None or any(w.key in kinds()["strength"] for w in change.claim):
        return None
    for kind, code in (("negation", "negation"), ("weak", "strength"), ("lesser", "title")):
        if kind == "weak" and _is_to(change):
            continue
        if kind == "lesser" and not _is_office(change.after):
            continue
        # A longer stretch is a clause that the claim left out with all that it says.
        lost = [w for w in change.source if w.key in kinds()[kind] and w.key not in told]
        if len(change.source) <= _REACH and lost:
            message = f"The source says “{_text(change.source)}” here; the claim leaves it out."
            return _finding(code, message, change.claim or [change.after])
    return None


def _is_office(word: Word) -> bool:
    return word.text[0].isupper() or word.key in kinds()["title"]


def _is_to(change: Change) -> bool:
    """`Is to start` for `is due to start` says the same."""
    before, after = change.before, change.after
    around = before and after and before.key in _FORMS_OF_BE and after.key == "to"
    return bool(around and not change.claim)


def _text(some: Sequence[Word]) -> str:
    return " ".join(w.text for w in some)


def _finding(
    code: str, message: str, some: Sequence[Word], replacement: str | None = None
) -> Finding:
    return Finding(code, "error", message, *_span(some), replacement)


def _span(some: Sequence[Word]) -> tuple[int, int]:
    return min(w.start for w in some), max(w.end for w in some)
