"""Names of a claim that its pages do not have, in any form that the lexicon knows."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.lexicon import JOINING, keys_of, known_names, lexicon, spelled_out, title_words
from assistant.nlp import parse
from assistant.style.acronyms import introduced
from assistant.terms import STOP_WORDS, stem
from assistant.types import Finding

_NAME = re.compile(r"\b[A-Z][\w’'-]*[A-Za-z]\w*|\b[A-Z]{2,}\b")
_SENTENCE_END = re.compile(r"[.!?:][\"”’)]*\s+$")
# What a sentence may open with that is no name, by its part of speech.
_OPENERS = frozenset(("ADP", "ADV", "AUX", "CCONJ", "DET", "PRON", "SCONJ", "NOUN", "VERB"))
_PLAIN = STOP_WORDS | frozenset(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec
    monday tuesday wednesday thursday friday saturday sunday mr ms mrs dr""".split()
)
_LONGEST_ACRONYM = 6
_OF_A_PLACE = ("n", "ns", "an", "ans", "ian", "ians", "ese", "i")
_SHORTEST_PLACE = 4


def unnamed(claim: str, pages: str) -> list[Finding]:
    """The names of `claim` that `pages`, all text of its pages, lack."""
    have, keys = _named(pages), keys_of(pages)
    found = []
    known = known_names(claim)
    for name in known:
        last = [form.split()[-1] for key in name.keys for form in lexicon().offices.get(key, ())]
        shown = claim[name.start : name.end]
        forms = (*(() if shown in ("US", "U.S", "UN", "U.N") else _forms(shown)), *last)
        if name.may_stand_for.isdisjoint(keys) and have.isdisjoint(forms):
            found.append(_finding("name", claim, name.start, name.end))
    for match in _NAME.finditer(claim):
        if any(n.start < match.end() and match.start() < n.end for n in known):
            continue
        words = re.findall(r"\b[A-Z]\w*", re.sub(r"['’]s\b", "", match[0]))
        missing = [w for w in words if w.lower() not in _PLAIN and have.isdisjoint(_forms(w))]
        if not missing or (match[0].isupper() and introduced(claim, match)):
            continue
        if _opens(claim, match.start()):
            continue  # a plain word has its capital from opening the sentence
        title = all(spelled_out(w) in title_words() for w in missing)
        found.append(_finding("title" if title else "name", claim, *match.span()))
    return sorted(found, key=lambda f: f.start)


def _finding(code: str, claim: str, start: int, end: int) -> Finding:
    shown = claim[start:end]
    message = (
        f"The source does not give the title {shown}."
        if code == "title"
        else f"{shown} is not named in the source."
    )
    return Finding(code, "error", message, start, end)


def _forms(word: str) -> list[str]:
    """How a page may have a word: its stem, and the place that its adjective is made from."""
    plain = spelled_out(word)
    places = [plain.removesuffix(e) for e in _OF_A_PLACE if plain.endswith(e)]
    return [plain, stem(plain), *(p for p in places if len(p) >= _SHORTEST_PLACE)]


def _opens(claim: str, start: int) -> bool:
    """Whether the plain word at `start` opens a sentence, and no name does."""
    if start == 0:
        return parse(claim)[0].pos_ != "PROPN"
    if not _SENTENCE_END.search(claim[:start]):
        return False
    return any(t.idx == start and t.pos_ in _OPENERS for t in parse(claim))


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _named(text: str) -> frozenset[str]:
    """What counts as named in `text`: its words, their stems, and initials of long names."""
    words = re.findall(r"[a-z]\w*", re.sub(r"['’]s\b", "", text).lower())
    known = set(words)
    # A short form counts as named where its words are: LNG is spelled by initials.
    initials = "".join(word[0] for word in words if word not in JOINING)
    lengths = range(2, _LONGEST_ACRONYM + 1)
    spelled = {initials[i : i + n] for n in lengths for i in range(len(initials) - n + 1)}
    return frozenset(known.union(spelled, map(stem, known), map(spelled_out, known)))
