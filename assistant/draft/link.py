"""Places the links of a bullet. Code writes every URL; a writer only names a word.

The anchor is the word that states the event: the main verb of the sentence (with
its noun where the verb alone is light, as in `took effect`), else an event noun.
A sentence that rests on the same article as the one before it continues that
sentence's link, since a page is linked once in a bullet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from assistant.nlp import Span, parse
from assistant.types import Article, Bullet, Citation, Written

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_LIGHT = frozenset("take hold have make give come go enter reach".split())
_REPORTING = frozenset("say tell state note add report".split())
_RANK_STOP = re.compile(r"\b(Brig|Lt|Maj|Gen|Adm|Col|Capt|Dep|Sec|Rep|Gov|Sen)\.(?= )")
_MAX_ANCHOR_WORDS = 2


def link(
    headline: str, written: Sequence[Written], articles: Mapping[str, Article]
) -> Bullet:
    """The bullet of `written`, each sentence linked to the articles of its evidence."""
    text = ""
    citations: list[Citation] = []
    linked: set[str] = set()
    for sentence in written:
        if text:
            text += " "
        taken: list[Span] = []
        for article_id in dict.fromkeys(e.article_id for e in sentence.evidence):
            url = articles[article_id].url
            if url is None or url in linked:
                continue
            anchor = choose_anchor(sentence.text, sentence.anchor, taken)
            if anchor is None:
                continue
            taken.append(anchor)
            linked.add(url)
            start, end = (len(text) + offset for offset in anchor)
            citations.append(Citation(start, end, url, article_id))
        text += sentence.text
    citations.sort(key=lambda c: c.start)
    return Bullet(headline, text, tuple(citations))


def choose_anchor(sentence: str, wanted: str | None, taken: Sequence[Span] = ()) -> Span | None:
    """Offsets of the anchor in `sentence`, None where no word can carry one.

    `wanted` is the writer's own choice; it is used when it stands in the sentence
    as one or two words and is a verb form or an event noun by the parse.
    """
    doc = parse(_RANK_STOP.sub(r"\1 ", sentence))  # the same length: offsets hold
    free = [t for t in doc if not any(t.idx < e and s < t.idx + len(t) for s, e in taken)]
    if wanted and len(wanted.split()) <= _MAX_ANCHOR_WORDS:
        match = re.search(rf"\b{re.escape(wanted)}\b", sentence)
        if match and any(
            t.pos_ in ("VERB", "NOUN") and match.start() <= t.idx < match.end() for t in free
        ):
            return match.span()
    verb = _event_verb(doc, free)
    if verb is None:
        noun = next((t for t in free if t.pos_ in ("NOUN", "PROPN")), None)
        return (noun.idx, noun.idx + len(noun)) if noun is not None else None
    return _with_noun(verb)


def _event_verb(doc: Doc, free: Sequence[Token]) -> Token | None:
    """The main verb, or what a reporting verb reports; else the first verb form."""
    for root in (s.root for s in doc.sents):
        verb: Token | None = root
        while verb is not None and verb.lemma_ in _REPORTING:
            verb = next((c for c in verb.children if c.dep_ in ("ccomp", "xcomp")), None)
        if verb is not None and _can_carry(verb) and verb in free:
            return verb
    return next((t for t in free if _can_carry(t) and t.lemma_ not in _REPORTING), None)


def _can_carry(token: Token) -> bool:
    """A verb form that is not half of a compound such as `US-led`."""
    before = token.doc.text[token.idx - 1 : token.idx]
    return token.pos_ == "VERB" and before != "-"


def _with_noun(verb: Token) -> Span:
    following = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else None
    if following is not None and following.head == verb:
        light = verb.lemma_ in _LIGHT and following.pos_ == "NOUN"
        if light or following.dep_ == "prt":
            return verb.idx, following.idx + len(following)
    return verb.idx, verb.idx + len(verb)
