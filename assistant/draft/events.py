"""What a sentence tells of, so that a bullet tells no event twice and none without its day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assistant.dates import find_dates
from assistant.nlp import Doc, Token, parse

# Verbs that tell only with their object what was done.
_LIGHT = frozenset("be have do make take get give go come".split())
# Verbs that report what somebody says, by their lemmas.
_SAYING = frozenset(
    """say state tell note add report declare announce explain write mention remark confirm
    acknowledge admit deny reject dispute refute claim allege assert insist warn caution suggest
    hint imply""".split()
)


@dataclass(frozen=True)
class Event:
    """The act of a sentence: its verb, the nouns beside it, its own days.

    `past` where it was done, `news` where somebody did it or will: `Seoul criticized it`, but
    not `exporters need a license` nor `across the table sat Hayashi`.
    """

    verb: str
    nouns: frozenset[str]
    days: frozenset[dt.date]
    past: bool
    news: bool


def event_of(text: str, published_on: dt.date | None) -> Event | None:
    """The act that `text` tells; None where no verb tells one.

    Of what somebody said the act is that of the clause reported. Days are read against
    that of publication.
    """
    verb = next((t for t in parse(text) if t.head == t), None)
    while verb is not None and _says(verb) and (clauses := _children(verb, "ccomp")):
        verb = clauses[0]
    if verb is None or verb.pos_ != "VERB":
        return None
    subjects, objects = _children(verb, "nsubj", "nsubjpass"), _children(verb, "dobj")
    if _says(verb) or verb.lemma_ in _LIGHT:
        beside, days = objects, frozenset[dt.date]()
        if not objects:
            return None
    else:
        beside = [*subjects, *objects]
        own = (m for m in find_dates(text, published_on) if _verb_over(verb.doc, m.start) == verb)
        days = frozenset(day for m in own for day in m.days)
    nouns = frozenset(n.lemma_ for c in beside for n in (c, *c.conjuncts))
    forms = [verb, *_children(verb, "aux", "auxpass")]
    past = any(t.tag_ == "VBD" for t in forms)
    coming = any(t.lower_ in ("will", "would") for t in forms)
    news = (past or coming) and any(s.i < verb.i for s in subjects)
    return Event(verb.lemma_, nouns, days, past, news)


def same_event(one: Event, other: Event) -> bool:
    """Whether two sentences of one story tell one act: one verb, and one day or one noun.

    `The ministers met in Jakarta on July 14` and `Blinken met with Hayashi on July 14` do.
    """
    if (one.verb, one.past) != (other.verb, other.past):
        return False
    if one.days and other.days:
        return bool(one.days & other.days)
    return bool(one.nouns & other.nouns)


def _says(verb: Token) -> bool:
    return verb.lemma_ in _SAYING


def _children(verb: Token, *relations: str) -> list[Token]:
    return [c for c in verb.children if c.dep_ in relations]


def _verb_over(doc: Doc, at: int) -> Token:
    """The verb that the word at a character of the text belongs to."""
    token = next(t for t in doc if t.idx + len(t) > at)
    while token.head != token and token.pos_ != "VERB":
        token = token.head
    return token
