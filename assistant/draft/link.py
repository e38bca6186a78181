"""Places the links of a bullet. Code writes every URL; a writer only names a word.

The anchor is the word that states the event: the main verb of the sentence (with
its noun where the verb alone is light, as in `took effect`), else an event noun.
A sentence that rests on the same article as the one before it continues that
sentence's link, since a page is linked once in a bullet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.nlp import Doc, Span, Token, parse
from assistant.stories import best_source
from assistant.style.grammar import anchor_class
from assistant.types import Article, Bullet, Citation, Written

Supports = Callable[[str, Article], bool]

_LIGHT = frozenset("take hold have make give come go enter reach".split())
_REPORTING = frozenset("say tell state note add report".split())
_RANK_STOP = re.compile(r"\b(Brig|Lt|Maj|Gen|Adm|Col|Capt|Dep|Sec|Rep|Gov|Sen)\.(?= )")
_MAX_ANCHOR_WORDS = 2


def link(headline: str, written: Sequence[Written], articles: Mapping[str, Article]) -> Bullet:
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


def add_sources(
    bullet: Bullet, articles: Sequence[Article], supports: Supports, fewest: int = 3
) -> Bullet:
    """`bullet` with further links until it has `fewest`, each to a page that supports its sentence.

    `articles` not linked yet are tried in the house's order; sentences without a
    link of their own come first. A reprint is no further source.
    """
    for article in sorted(articles, key=best_source):
        linked = {c.url for c in bullet.citations}
        if len(bullet.citations) >= fewest:
            break
        if article.url is None or article.url in linked or article.duplicate_of:
            continue
        spans = [(c.start, c.end) for c in bullet.claims if c.field == "text"]
        bare = [s for s in spans if not _inside(bullet, s)]
        for start, end in bare + [s for s in spans if s not in bare]:
            sentence = bullet.text[start:end]
            taken = [(c.start - start, c.end - start) for c in _inside(bullet, (start, end))]
            anchor = choose_anchor(sentence, None, taken)
            if anchor and anchor_class(sentence, *anchor) and supports(sentence, article):
                new = Citation(start + anchor[0], start + anchor[1], article.url, article.id)
                ordered = sorted((*bullet.citations, new), key=lambda c: c.start)
                bullet = replace(bullet, citations=tuple(ordered))
                break
    return bullet


def _inside(bullet: Bullet, span: Span) -> list[Citation]:
    return [c for c in bullet.citations if span[0] <= c.start < span[1]]


def choose_anchor(sentence: str, wanted: str | None, taken: Sequence[Span] = ()) -> Span | None:
    """Offsets of the anchor in `sentence`, None where no word can carry one.

    `wanted` is the writer's own choice; it is used when it stands in the sentence
    as one or two words and is a verb form or an event noun by the parse.
    """
    if wanted and len(wanted.split()) <= _MAX_ANCHOR_WORDS:
        match = re.search(rf"(?<![\w-]){re.escape(wanted)}(?![\w-])", sentence)
        clear = match and not any(match.start() < e and s < match.end() for s, e in taken)
        if match and clear and anchor_class(sentence, *match.span()):
            return match.span()
    doc = parse(_RANK_STOP.sub(r"\1 ", sentence))  # the same length: offsets hold
    free = [t for t in doc if not any(t.idx < e and s < t.idx + len(t) for s, e in taken)]
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
