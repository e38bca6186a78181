"""Makes claims that copy their source, right and wrong, to fit the checker's weights on.

A writer that stays close to its source goes wrong by splicing: the subject of one
sentence before the verb of another, a name or figure from elsewhere on the page. Such
rows are made from the sentences of a page: shortened, they are supported; with one
splice, they are not. (Kryściński et al. 2020, "Evaluating the Factual Consistency of
Abstractive Text Summarization", made training rows so.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from assistant.nlp import Doc, Token, parse, sentences
from evals.rows import Row

_FEWEST_WORDS, _MOST_WORDS = 9, 44
_FROM_FIRST = 8
_MODIFIERS = frozenset("advcl relcl appos advmod amod npadvmod".split())
_NAMED = frozenset("PERSON ORG GPE NORP DATE".split())
_LONGEST_PHRASE = 8
Changes = dict[int, str]


def make_rows(pages: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[Row]:
    """For each (id, text) with enough sentences a supported and an unsupported row."""
    for name, text in pages:
        spans = [text[a:b] for a, b in sentences(text)]
        fit = [s for s in spans if _FEWEST_WORDS <= len(s.split()) <= _MOST_WORDS]
        docs = [parse(s, entities=True) for s in fit[:_FROM_FIRST]]
        order = list(range(len(docs)))
        chance.shuffle(order)
        for i in order:
            kept = _shortened(docs[i], chance)
            wrong = spliced(docs, i, kept, chance)
            if wrong:
                yield Row(f"{name}-right", text, _written(docs[i], kept, {}), 1, {})
                yield Row(f"{name}-wrong", text, wrong, 0, {})
                break


def _shortened(doc: Doc, chance: random.Random) -> set[int]:
    """Places of the words that stay when up to three modifiers go."""
    kept = {t.i for t in doc}
    loose = [t for t in doc if t.dep_ in _MODIFIERS or (t.dep_ == "prep" and t.head.i < t.i)]
    chance.shuffle(loose)
    for token in loose[: chance.randint(0, 3)]:
        rest = kept - {t.i for t in token.subtree}
        if len(rest) >= _FEWEST_WORDS and _root(doc).i in rest:
            kept = rest
    return kept


def _root(doc: Doc) -> Token:
    return next(t for t in doc if t.dep_ == "ROOT")


def _written(doc: Doc, kept: set[int], changes: Changes) -> str:
    """The kept words as a sentence; `changes` stand in for the word at their place."""
    pieces = [
        changes[t.i] + " " if t.i in changes else t.text_with_ws
        for t in doc
        if t.i in kept or t.i in changes
    ]
    text = re.sub(r"\s+", " ", "".join(pieces))
    text = re.sub(r"\s+([,.;:])", r"\1", text)
    text = re.sub(r"([,;])[,;.]+", r"\1", text).strip(" ,;:-—").rstrip(".") + "."
    return text[:1].upper() + text[1:]


def shortened(doc: Doc, chance: random.Random) -> str:
    """A sentence without some of its modifiers."""
    return _written(doc, _shortened(doc, chance), {})


def spliced(docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random) -> str | None:
    """The `kept` words of sentence `i` with one thing of another sentence, None where none fits."""
    ways = [_other_name, _other_subject, _other_figure, _other_ending, _exchanged, _denied]
    chance.shuffle(ways)
    for way in ways:
        if wrong := way(docs, i, kept, chance):
            return wrong
    return None


def _other_name(docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random) -> str | None:
    own = [e for e in docs[i].ents if e.label_ in _NAMED and all(t.i in kept for t in e)]
    chance.shuffle(own)
    for name in own:
        alike = [e.text for d in docs for e in d.ents if e.label_ == name.label_]
        others = sorted({a for a in alike if not _share_words(a, name.text)})
        if others:
            rest = kept - {t.i for t in name}
            return _written(docs[i], rest, {name[0].i: chance.choice(others)})
    return None


def _share_words(a: str, b: str) -> bool:
    return bool(set(a.lower().split()) & set(b.lower().split()))


def _other_subject(
    docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random
) -> str | None:
    own = _argument(docs[i], "nsubj")
    phrases = [_argument(d, "nsubj") for j, d in enumerate(docs) if j != i]
    others = [_text(p) for p in phrases if p and not _share_words(_text(p), _text(own))]
    if not own or not others:
        return None
    return _written(docs[i], kept - {t.i for t in own}, {own[0].i: chance.choice(others)})


def _argument(doc: Doc, relation: str) -> list[Token]:
    """The short phrase that stands in `relation` to the main verb, if there is one."""
    heads = [c for c in _root(doc).children if c.dep_ == relation and c.pos_ != "PRON"]
    phrase = list(heads[0].subtree) if heads else []
    return phrase if len(phrase) <= _LONGEST_PHRASE else []


def _text(phrase: Sequence[Token]) -> str:
    return "".join(t.text_with_ws for t in phrase).strip()


def _other_figure(docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random) -> str | None:
    own = [t for t in docs[i] if t.like_num and t.i in kept]
    figures = {t.text for d in docs for t in d if t.like_num}
    chance.shuffle(own)
    for token in own:
        alike = sorted(
            f
            for f in figures
            if f.lower() != token.text.lower() and f[0].isdigit() == token.text[0].isdigit()
        )
        if alike:
            return _written(docs[i], kept, {token.i: chance.choice(alike)})
    return None


def _other_ending(docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random) -> str | None:
    """The subject of this sentence before the predicate of another."""
    others = [d for j, d in enumerate(docs) if j != i and _argument(d, "nsubj")]
    if not others or not _argument(docs[i], "nsubj"):
        return None
    other = chance.choice(others)
    ending = {t.i for t in other if t.i >= _root(other).i}
    opening = _text([t for t in docs[i] if t.i < _root(docs[i]).i and t.i in kept])
    return _written(other, ending, {_root(other).i: f"{opening} {_root(other).text}"})


def _exchanged(docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random) -> str | None:
    """Subject and object of the main verb in each other's place."""
    subject, other = _argument(docs[i], "nsubj"), _argument(docs[i], "dobj")
    if not subject or not other:
        return None
    rest = kept - {t.i for t in [*subject, *other]}
    return _written(docs[i], rest, {subject[0].i: _text(other), other[0].i: _text(subject)})


def _denied(docs: Sequence[Doc], i: int, kept: set[int], chance: random.Random) -> str | None:
    children = list(_root(docs[i]).children)
    helping = [c for c in children if c.dep_ in ("aux", "auxpass") and c.i in kept]
    if not helping or any(c.dep_ == "neg" for c in children):
        return None
    return _written(docs[i], kept, {helping[-1].i: f"{helping[-1].text} not"})
