"""Wrong direction: one word exchanged for its opposite, in the form that the place asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from assistant.nlp import Token
from evals.corrupt.edits import (
    Claim,
    Edit,
    Template,
    end_of,
    like,
    participle,
    past,
    subject_of,
    third_person,
)
from evals.corrupt.opposite_words import (
    ADJECTIVES,
    ADVERBS,
    BARRED,
    BEFORE_THAT,
    BEFORE_TO,
    DOUBLED,
    FITS,
    GRADUAL,
    INTRANSITIVE,
    IRREGULAR,
    LEFT,
    LEVEL,
    MEASURED,
    MOVING,
    NEVER_OF,
    NOUNS,
    ONLY_OF,
    PHRASES,
    PLACES,
    TRANSITIVE,
)

_DOUBTED = frozenset("no not never n't n’t neither nor without if whether unless".split())
_PASSED_ON = frozenset(("ccomp", "dative", "oprd", "prt", "xcomp"))


def _pairs(rows: Sequence[str]) -> Iterator[tuple[str, str]]:
    for row in rows:
        old, way, new = re.split("([/>])", row)
        yield old, new
        if way == "/":
            yield new, old


@lru_cache(maxsize=256)
def _forms(verb: str) -> Mapping[str, str]:
    """The verb for each of spaCy's tags."""
    if verb in IRREGULAR:
        told, done, going = IRREGULAR[verb]
    else:
        told, done = past(verb), participle(verb)
        going = DOUBLED.get(verb) or _going(verb, told)
    base = {"VB": verb, "VBP": verb, "VBZ": third_person(verb)}
    return base | {"VBD": told, "VBN": done, "VBG": going}


def _going(verb: str, told: str) -> str:
    """`closing` of `close`; `banning`, for it was `banned`."""
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return (told[:-2] if told == f"{verb}{verb[-1]}ed" else verb) + "ing"


@lru_cache(maxsize=16)
def _verbs(rows: tuple[str, ...]) -> Mapping[tuple[str, str], Sequence[tuple[str, str]]]:
    """A form and its tag, with the verb it is of and each opposite."""
    table: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for old, new in _pairs(rows):
        for tag, form in _forms(old).items():
            table.setdefault((form, tag), []).append((old, new))
    return table


@lru_cache(maxsize=16)
def _words(rows: tuple[str, ...]) -> Mapping[str, str]:
    """A word and its opposite; where it has several, the first."""
    table: dict[str, str] = {}
    for old, new in _pairs(rows):
        table.setdefault(old, new)
    return table


def _plural(noun: str) -> str:
    return {"maximum": "maximums", "minimum": "minimums"}.get(noun) or third_person(noun)


def _may_turn(claim: Claim, word: Token) -> bool:
    """Whether a word is no name, no part of a compound, and not denied or doubted."""
    start, end = word.idx, end_of(word)
    name = word.tag_ in ("NNP", "NNPS") or (
        word.text[0].isupper() and (start > 0 or claim.text[end : end + 2].strip().istitle())
    )
    hyphened = claim.text[max(start - 1, 0) : start] == "-" or claim.text[end : end + 1] == "-"
    return not name and not hyphened and claim.free(start, end) and not _doubted(word)


def _doubted(word: Token) -> bool:
    """Whether "not" or "if" governs a word: the opposite could be as true as the word."""
    above = [word, *word.ancestors]
    beside = [t for up in above for t in (up, *up.children)]
    deniers = [c for t in beside if t.dep_ in ("nsubj", "nsubjpass") for c in t.children]
    return any(t.lower_ in _DOUBTED for t in (*beside, *deniers))


def _turned(claim: Claim, word: Token, new: str, base: str) -> Iterator[Edit]:
    """The edit, unless the claim has the opposite too: "exports and imports"."""
    if not any(t.lower_ == new or t.lemma_.lower() == base for t in claim.doc):
        yield Edit(word.idx, end_of(word), like(word.text, new))


def _deed_done(claim: Claim) -> Iterator[Edit]:
    """`Strengthened the rules` as `weakened the rules`, active or passive."""
    table = _verbs(tuple(TRANSITIVE))
    for verb in claim.doc:
        found = table.get((verb.lower_, verb.tag_), ())
        thing = _object_of(verb) if found else None
        listed = verb.dep_ == "conj" and verb.head.pos_ not in ("VERB", "AUX")
        if thing is None or listed or not _may_turn(claim, verb):
            continue
        for old, new in found:
            if _fits_object(old, new, thing) and _fits_rest(verb, old):
                yield from _turned(claim, verb, _forms(new)[verb.tag_], new)


def _object_of(verb: Token) -> Token | None:
    """What the deed was done to: object, subject of a passive, or the noun it describes."""
    thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
    if thing is not None:
        return verb.head if thing.tag_ in ("WDT", "WP") and verb.dep_ == "relcl" else thing
    if verb.tag_ != "VBN":
        return None
    if verb.dep_ in ("acl", "amod"):
        return verb.head
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    return subject_of(verb) if passive else None


def _fits_object(old: str, new: str, thing: Token) -> bool:
    noun = thing.lemma_.lower()
    if old == "leave":
        return noun in LEFT[new]
    person = old in ("confirm", "promote", "suspend") and thing.ent_type_ == "PERSON"
    wanted = ONLY_OF.get(old, (noun,))
    return not person and noun in wanted and noun not in NEVER_OF.get(old, ())


def _fits_rest(verb: Token, old: str) -> bool:
    """Whether all else that hangs on a verb can hang on its opposite."""
    around = [*verb.children, *(g for c in verb.children if c.dep_ == "dobj" for g in c.children)]
    lead = {t.lower_ for t in around if t.dep_ in ("prep", "agent", "advmod", "prt")}
    told = any(c.dep_ in _PASSED_ON and c.i > verb.i for c in verb.children)
    behind = verb.doc.text[end_of(verb) :]
    level = old in GRADUAL and LEVEL.search(behind) is not None
    return not told and not level and not lead & BARRED.get(old, frozenset())


def _event(claim: Claim) -> Iterator[Edit]:
    """`Exports rose` as `exports fell`, `the base opened` as `the base closed`."""
    table = _verbs(tuple(INTRANSITIVE))
    for verb in claim.doc:
        found = table.get((verb.lower_, verb.tag_), ())
        subject = subject_of(verb) if found else None
        helpers = {c.dep_ for c in verb.children}
        if subject is None or verb.pos_ != "VERB" or "auxpass" in helpers or "pcomp" in helpers:
            continue
        thing = next((c for c in verb.children if c.dep_ == "dobj"), None)
        amount = thing is not None and any(c.dep_ == "nummod" for c in thing.children)
        if thing is not None and not amount or not _may_turn(claim, verb):
            continue
        for old, new in found:
            if amount and old not in GRADUAL:
                continue
            if old in MOVING and subject.lemma_.lower() not in MEASURED:
                continue
            if _fits_rest(verb, old):
                yield from _turned(claim, verb, _forms(new)[verb.tag_], new)


def _intent(claim: Claim) -> Iterator[Edit]:
    """`Agreed to meet` as `refused to meet`."""
    yield from _led_on(claim, BEFORE_TO, "xcomp", "to")


def _belief(claim: Claim) -> Iterator[Edit]:
    """`Agreed that` as `disagreed that`."""
    yield from _led_on(claim, BEFORE_THAT, "ccomp", "that")


def _led_on(claim: Claim, rows: Sequence[str], dep: str, link: str) -> Iterator[Edit]:
    table = _verbs(tuple(rows))
    for verb in claim.doc:
        found = table.get((verb.lower_, verb.tag_), ())
        follows = verb.i + 1 < len(claim.doc) and verb.nbor().lower_ == link
        passive = any(c.dep_ == "auxpass" for c in verb.children)
        if found and follows and not passive and any(c.dep_ == dep for c in verb.children):
            for _, new in found if _may_turn(claim, verb) else ():
                yield from _turned(claim, verb, _forms(new)[verb.tag_], new)


def _arrival(claim: Claim) -> Iterator[Edit]:
    """`Arrived in Tokyo` as `departed from Tokyo`, and back."""
    for verb in claim.doc:
        lemma, after = verb.lemma_.lower(), verb.nbor() if verb.i + 1 < len(claim.doc) else None
        if after is None or verb.pos_ != "VERB" or not _may_turn(claim, verb):
            continue
        there = {"arrive": ("in", "at"), "depart": ("from",)}.get(lemma, ())
        place = any(c.pos_ == "PROPN" or c.lemma_ in PLACES for c in after.children)
        if after.lower_ in there and place and verb.tag_ in _forms(lemma):
            new, link = ("depart", "from") if lemma == "arrive" else ("arrive", "in")
            told = like(verb.text, _forms(new)[verb.tag_])
            yield Edit(verb.idx, end_of(after), f"{told} {link}")


def _quality(claim: Claim) -> Iterator[Edit]:
    """`The southern islands` as `the northern islands`, `stronger` as `weaker`."""
    table = _words(tuple(ADJECTIVES))
    for word in claim.doc:
        new = table.get(word.lower_)
        measured = any(c.dep_ == "npadvmod" for c in word.children)  # "200 meters long"
        describes = word.tag_ == "JJR" or word.tag_ == "JJ" and not measured or word.dep_ == "amod"
        if new and describes and _fits(claim, word) and _may_turn(claim, word):
            yield from _turned(claim, word, new, new)


def _thing(claim: Claim) -> Iterator[Edit]:
    """`Exports` as `imports`, `victory` as `defeat`."""
    table = _words(tuple(NOUNS))
    plurals = {_plural(old): _plural(new) for old, new in table.items()}
    for word in claim.doc:
        new = {"NN": table, "NNS": plurals}.get(word.tag_, {}).get(word.lower_)
        if new and _fits(claim, word) and _may_turn(claim, word):
            yield from _turned(claim, word, new, table.get(word.lemma_.lower(), new))


def _manner(claim: Claim) -> Iterator[Edit]:
    """`Publicly` as `privately`, `inside` as `outside`."""
    table = _words(tuple(ADVERBS))
    for word in claim.doc:
        new = table.get(word.lower_)
        if new and word.tag_ in ("RB", "IN") and _fits(claim, word) and _may_turn(claim, word):
            yield from _turned(claim, word, new, new)


def _fits(claim: Claim, word: Token) -> bool:
    pattern = FITS.get(word.lower_) or FITS.get(word.lemma_.lower())
    return pattern is None or pattern.match(claim.text, end_of(word)) is not None


def _phrase(claim: Claim) -> Iterator[Edit]:
    """`Long-range missiles` as `short-range missiles`, `support for` as `opposition to`."""
    both = [*PHRASES, *((new, old) for old, new in PHRASES)]
    for old, new in both:
        for match in re.finditer(rf"(?<![\w-])(?i:{re.escape(old)})(?![\w-])", claim.text):
            first = next((t for t in claim.doc if t.idx == match.start()), None)
            plain = match[0].islower() or match.start() == 0
            if first is None or not plain or _doubted(first) or new in claim.text.lower():
                continue
            if claim.free(*match.span()):
                yield Edit(*match.span(), like(match[0], new))


OPPOSITE: tuple[Template, ...] = (
    _deed_done,
    _event,
    _intent,
    _belief,
    _arrival,
    _quality,
    _thing,
    _manner,
    _phrase,
)
