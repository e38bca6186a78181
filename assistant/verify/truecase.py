"""Truecasing: a page without capitals gets those of its names, by which the layers tell a name.

Posts, captions and older collections of news have none. What is a name there the tagger says,
which learned from lower-cased text too. A word is a name throughout a page or nowhere on it,
and in a claim about it as on the page, so that the two can be compared word by word. Text with
capitals stays as it is, and so does what is quarantined.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.nlp import is_japanese, parse
from assistant.sources import usable_sentences
from assistant.types import Article

# A page of fewer words may well name nobody.
_FEWEST_WORDS = 30
# Of the words of a page; news has a capital within a sentence at every tenth or twentieth.
_FEW_CAPITALS = 0.01
# So many sentences of a page are tagged, at some 5 ms each; what they name counts for all of it.
_TAGGED = 80
# Where nothing begins with a capital, a paragraph may pass for a sentence; a parse of more
# characters takes too long.
_LONGEST = 1000
_NAMED = frozenset("PERSON ORG GPE NORP LOC FAC EVENT PRODUCT LAW".split())
_WORD = re.compile(r"[^\W\d_][\w'’]*")
# A capital that no sentence begins with.
_WITHIN = re.compile(r"(?<=[a-z0-9,;] )[\"'“‘(]?[A-Z]")


def truecase(claim: str, articles: Sequence[Article]) -> tuple[str, Sequence[Article]]:
    """Claim and articles with capitals, where no article has any; every offset stays as it was."""
    if is_japanese(claim) or not articles or not all(map(_is_bare, articles)):
        return claim, articles
    names: dict[str, bool] = {}
    for article in articles:
        for word, named in _names(article).items():
            names[word] = named or names.get(word, False)
    if not _WITHIN.search(claim):
        tagged = _tagged(claim) if len(claim) <= _LONGEST else frozenset()
        claim = _WORD.sub(
            lambda m: _capital(m[0]) if names.get(m[0].lower(), m.start() in tagged) else m[0],
            claim,
        )
    return claim, [_cased(article) for article in articles]


@lru_cache(maxsize=512)  # as many as `usable_sentences` keeps
def _is_bare(article: Article) -> bool:
    said = [sentence.text for sentence in usable_sentences(article)]
    words = sum(len(text.split()) for text in said)
    capitals = sum(len(_WITHIN.findall(text)) for text in said)
    return words >= _FEWEST_WORDS and capitals < _FEW_CAPITALS * words


@lru_cache(maxsize=64)
def _cased(article: Article) -> Article:
    names, text, done = _names(article), "", 0
    for sentence in usable_sentences(article):
        cased = _WORD.sub(
            lambda m: _capital(m[0]) if names.get(m[0].lower()) else m[0], sentence.text
        )
        text += article.text[done : sentence.start] + cased
        done = sentence.end
    return replace(article, text=text + article.text[done:])


@lru_cache(maxsize=64)
def _names(article: Article) -> Mapping[str, bool]:
    """Of each word of a page in small letters, whether it is mostly tagged as a name."""
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for stretch in _stretches([s.text for s in usable_sentences(article)[:_TAGGED]]):
        tagged = _tagged(stretch)
        for match in _WORD.finditer(stretch):
            seen[match[0].lower()] += 1
            named[match[0].lower()] += match.start() in tagged
    return {word: 2 * named[word] >= seen[word] for word in seen}


def _stretches(sentences: Sequence[str]) -> Iterator[str]:
    """The sentences, as many together as one parse may hold: that is twice as fast."""
    some: list[str] = []
    for sentence in sentences:
        if len(sentence) > _LONGEST:
            continue
        if sum(map(len, some)) + len(some) + len(sentence) > _LONGEST:
            yield " ".join(some)
            some = []
        some.append(sentence)
    if some:
        yield " ".join(some)


@lru_cache(maxsize=4096)
def _tagged(sentence: str) -> frozenset[int]:
    """Offsets of the words that the parse takes for names, or for part of one."""
    doc = parse(sentence, entities=True)
    named = {t.idx for e in doc.ents if e.label_ in _NAMED for t in e}
    return frozenset(t.idx for t in doc if not t.is_stop and (t.pos_ == "PROPN" or t.idx in named))


def _capital(word: str) -> str:
    """The word with a capital, where that is one letter, so that offsets stay."""
    first = word[0].upper()
    return first + word[1:] if len(first) == 1 else word
