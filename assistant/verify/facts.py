"""Cuts a sentence into the facts that it joins, and says how each reads by itself.

`The ministers met in Tokyo and agreed to expand exercises.` tells two things, and a page
may support only one. The parse says where verbs are joined; a fact without a subject of
its own is read with the words before the first verb: `The ministers agreed to expand
exercises.`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.nlp import Token, is_japanese, parse
from assistant.terms import terms

# A part with fewer terms than this says too little to be checked by itself.
_FEWEST_TERMS = 3
# Parsing takes milliseconds; a sentence without any of these joins nothing.
_JOINT = re.compile(r"\b(?:and|but|or|yet|so)\b|,|;")
_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
_BARE = frozenset(("VB", "VBN"))
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "expl", "csubj"))
_HELPING = frozenset(("aux", "auxpass", "neg"))


@dataclass(frozen=True)
class Fact:
    """One thing that a sentence says.

    `start` and `end` are its own words in the sentence; the characters `0:lead` are what it
    takes from before them to be read alone.
    """

    start: int
    end: int
    lead: int = 0

    def read_in(self, sentence: str) -> str:
        """The fact as a sentence of its own."""
        lead = sentence[: self.lead].rstrip()
        return f"{lead} {sentence[self.start : self.end]}".lstrip()


def facts(sentence: str) -> list[Fact]:
    """The facts of one sentence, in order; the whole sentence where it joins none."""
    found = [Fact(0, len(sentence))]
    if not _JOINT.search(sentence) or is_japanese(sentence):
        return found
    roots = [t for t in parse(sentence) if t.head == t]
    if len(roots) == 1:
        for verb in [roots[0], *(c for c in roots[0].children if c.dep_ == "ccomp")]:
            for joined in _joined(verb):
                found = _cut(found, sentence, verb, joined)
    return found


def _joined(verb: Token) -> Iterator[Token]:
    """Verbs that `and`, `but` or a comma joins to `verb`, in order, each telling by itself."""
    last: Token | None = verb
    while last is not None:
        last = next(
            (c for c in last.children if c.dep_ == "conj" and c.pos_ in ("VERB", "AUX")), None
        )
        if last is not None and _tells(last, verb):
            yield last


def _tells(verb: Token, first: Token) -> bool:
    """Whether `verb` is finite, by itself or by the auxiliary of `first`."""
    if verb.tag_ in _FINITE or any(c.dep_ in _HELPING for c in verb.children):
        return True
    return verb.tag_ == first.tag_ and verb.tag_ in _BARE


def _cut(found: Sequence[Fact], sentence: str, verb: Token, joined: Token) -> list[Fact]:
    """The last fact in two, before the words of `joined`; uncut where one says too little."""
    doc = joined.doc
    own = [c.left_edge.i for c in joined.lefts if c.dep_ not in ("cc", "punct")]
    first = min([joined.i, *own])
    last = first - 1
    while last > 0 and (doc[last].dep_ == "cc" or doc[last].is_punct):
        last -= 1
    before = replace(found[-1], end=doc[last].idx + len(doc[last]))
    after = Fact(doc[first].idx, found[-1].end, _lead(verb, joined))
    if before.end <= before.start or any(
        len(terms(sentence[f.start : f.end])) < _FEWEST_TERMS for f in (before, after)
    ):
        return list(found)
    return [*found[:-1], before, after]


def _lead(verb: Token, joined: Token) -> int:
    """Where what stands before `verb` ends that `joined` needs to be read alone."""
    doc = verb.doc
    if any(c.dep_ in _SUBJECTS for c in joined.children):
        return 0 if verb.head == verb else doc[verb.left_edge.i].idx  # `... said` for `that ...`
    helped = any(c.dep_ in ("aux", "auxpass") for c in joined.children)
    if joined.tag_ in _BARE and not helped:
        return int(doc[verb.i].idx)  # with its `will` or `was`
    return int(doc[min([verb.i, *(c.i for c in verb.lefts if c.dep_ in _HELPING)])].idx)
